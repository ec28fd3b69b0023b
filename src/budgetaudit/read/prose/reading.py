"""Reading: from passages to facts and statements, one number after the other.

Before each number punctuation and opening words are followed (`structure`); the cue right before it says what it is
(`cues`), and it is placed as a level, a change or a ratio. When the document ends, what follows from all of it together
is added: wholes that its shares fill, the phase of figures that no word marked, and what its words claim without figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, takewhile
from typing import Final

from budgetaudit.model.budget import Unplaced
from budgetaudit.model.statement import Remark, Statement
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import NUMBER, PERCENT, Unit
from budgetaudit.read.prose import spread
from budgetaudit.read.prose.closing import close_all
from budgetaudit.read.prose.cues import Cue, cue_of
from budgetaudit.read.prose.levels import place_count, place_difference, place_level, place_whole
from budgetaudit.read.prose.lists import front_opener
from budgetaudit.read.prose.passage import Clause, Number, Passage
from budgetaudit.read.prose.rates import place_change, place_other, place_rate, place_share
from budgetaudit.read.prose.setting import Setting
from budgetaudit.read.prose.state import Place, State
from budgetaudit.read.prose.structure import enter, follow, leave, pass_by
from budgetaudit.read.prose.wholes import whole_statements
from budgetaudit.read.prose.wording import overspending, remarks_on, words_compare

_YUAN: Final = Unit("money", "CNY")
_OF_THE_WHOLE: Final = re.compile(r"[的之](?:比例|比重)?(?:为|是)?")
_BARE_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_CHANGES: Final = re.compile(r"(?:相比)?[,]?(?:增加|减少|下降|上升|增长|多|少)(?:了|为)?")
_NEAR: Final = 60  # figures back
_NAME_REACH: Final = 24
_LONGEST_RUN: Final = 60
_WHOLE_SPENDING: Final = ("本年支出合计", "支出总计")


class Reading:
    """Reads the passages of one document in order."""

    def __init__(self, setting: Setting) -> None:
        self.state = State(setting)
        self._overspent: list[tuple[Passage, int, int, str]] = []

    def read(self, passage: Passage) -> None:
        """Read one paragraph."""
        state = self.state
        state.remarks += remarks_on(passage)
        for limit in passage.limits:
            self._unplaced(limit, "limit")
        for start, end in passage.unreadable:
            naming = state.naming(passage, max(passage.body, start - _NAME_REACH), start)
            label = passage.raw[naming.start : naming.end] if naming.label else ""
            state.remarks.append(Remark("FIG002", passage.source(start, end), data=(("target", label or "?"),)))
        if not passage.numbers:
            self._overspent += [(passage, *span, "") for span in overspending(passage)]
            pass_by(state, passage)
            return
        if _BARE_NUMBER.fullmatch(passage.folded):  # a page number, or a cell that says nothing
            self._unplaced(passage.numbers[0], "no unit")
            return
        enter(state, passage)
        at = passage.body
        for index, number in enumerate(passage.numbers):
            clauses = passage.clauses(at, number.start)
            follow(state, passage, clauses)
            self._place(passage, index, clauses[-1].start + front_opener(passage.text(clauses[-1])), clauses)
            at = number.end
        follow(state, passage, passage.clauses(at, len(passage.folded)))
        for start, end in overspending(passage):
            here = takewhile(lambda fact: fact.passage == passage.number, reversed(state.ledger.facts))
            before = next((fact.label for fact in islice(here, _NEAR) if fact.number.end <= start), "")
            self._overspent.append((passage, start, end, before))
        leave(state, passage)

    def finish(self) -> None:
        """Close what is still open, and add what follows from the whole document."""
        state = self.state
        close_all(state)
        state.statements += self._overspending()
        if state.unmarked_outturns:
            for fact in state.ledger.facts:
                if not fact.phase_said and fact.phase in {None, state.document.phase}:
                    fact.phase = "actual"
        state.statements += list(whole_statements(state.statements, state.ledger))
        once = {(said.says, said.terms, said.op): said for said in reversed(state.statements)}
        state.statements = list(once.values())[::-1]

    def _place(self, passage: Passage, index: int, start: int, clauses: list[Clause]) -> None:
        state, number = self.state, passage.numbers[index]
        amount = self._amount(passage, index)
        if amount is None or number.scanned.kind == "range-part":
            self._unplaced(number, "range" if number.scanned.kind == "range-part" else "no unit")
            return
        cue = self._cue(passage, index, amount, passage.folded[start : number.start])
        place = Place(passage, number, index, amount, clauses, start, cue)
        if place.is_cell and passage.in_row(index):
            self._unplaced(number, "row of a table")
            return
        if spread.goes_on(state, passage, index) or spread.begin(state, place):
            spread.take(state, place)
            return
        match cue.role:
            case "level" if amount.unit.kind == "count":
                place_count(state, place)
            case "level" | "to" | "from":
                place_level(state, place)
            case "difference":
                place_difference(state, place)
            case "whole":
                place_whole(state, place)
            case "change" | "change of" | "growth" | "points":
                place_change(state, place)
            case "share":
                place_share(state, place)
            case "rate":
                place_rate(state, place)
            case _:
                place_other(state, place)

    def _cue(self, passage: Passage, index: int, amount: Amount, words: str) -> Cue:
        end, whole = passage.numbers[index].end, self.state.sentence.whole
        cue = cue_of(words, amount.unit.kind, following=passage.folded[end : end + 4])
        if amount.unit.kind == "percent" and whole is not None and _OF_THE_WHOLE.fullmatch(words):
            return replace(cue, role="rate" if whole.is_base else "share")
        if amount.unit.kind == "percent" and not words and self._goes_on_with_shares():
            return replace(cue, role="share")
        return cue

    def _goes_on_with_shares(self) -> bool:
        """Whether the last figure is in a list that printed shares before: 其中A x，占p%；B y，q%."""
        frame, last = self.state.frames[-1] if self.state.frames else None, self.state.last_fact
        return frame is not None and bool(frame.shares) and any(member is last for member in frame.members)

    def _amount(self, passage: Passage, index: int) -> Amount | None:
        """The amount with its unit; a bare number takes that of its list (1.2、3.4和5万元), of the document, or has none."""
        number = passage.numbers[index]
        amount = number.scanned.amount
        assert amount is not None  # passages keep only numbers with a value
        unit: Unit | None = amount.unit
        if amount.unit.kind == "number" and amount.unit.scale > 1:
            unit = self._with_currency(passage, number.start, amount.unit)
        elif amount.unit == NUMBER:
            unit = self._unit_of_list(passage, index) or self._unit_of_change(passage, index)
            unit = unit or self._unit_of_setting(passage, index, amount)
            if unit is not None and amount.value == 0 and amount.places == 0 and unit.kind == "money":
                return Amount(amount.value, 0, unit, "exact")  # 为0: nothing at all, of whatever unit
        return None if unit is None else Amount(amount.value, amount.places, unit, amount.precision)

    def _with_currency(self, passage: Passage, start: int, scale: Unit) -> Unit:
        """短收5645万: tens of thousands of the currency that the text speaks of; a bare number where it speaks of none."""
        money = [fact.amount.unit for fact in self.state.ledger.facts[-20:] if fact.amount.unit.kind == "money"]
        spoken = money[-1] if money else None
        if spoken is None and self.state.naming(passage, max(0, start - _NAME_REACH), start).known:
            spoken = _YUAN
        return scale if spoken is None else Unit("money", spoken.currency, scale.scale, text=scale.text)

    def _unit_of_list(self, passage: Passage, index: int) -> Unit | None:
        """The unit of the last number of a run; the numbers before it leave it out."""
        for following in passage.numbers[index + 1 : index + min(passage.runs[index], _LONGEST_RUN)]:
            amount = following.scanned.amount
            if amount is not None and amount.unit != NUMBER:
                return amount.unit
        return None

    def _unit_of_change(self, passage: Passage, index: int) -> Unit | None:
        """The unit of the change that is right behind its base: 相比上年的支出7171.97增加606.58万元."""
        number, following = passage.numbers[index], passage.numbers[index + 1 : index + 2]
        if not following or not _CHANGES.fullmatch(passage.folded, number.end, following[0].start):
            return None
        amount = following[0].scanned.amount
        return amount.unit if amount is not None and amount.unit.kind == "money" else None

    def _unit_of_setting(self, passage: Passage, index: int, amount: Amount) -> Unit | None:
        start = passage.numbers[index].start
        if self.state.document.unit is not None and amount.places > 0:
            return self.state.document.unit
        if self.state.sentence.whole is not None and passage.folded[start - 1 : start] in {"的", "之"}:
            return PERCENT
        named = amount.value == 0 and self.state.naming(passage, max(0, start - _NAME_REACH), start).known
        return (self.state.document.unit or _YUAN) if named and amount.places == 0 else None

    def _unplaced(self, number: Number, reason: str) -> None:
        amount = number.scanned.amount
        assert amount is not None
        self.state.unplaced.append(Unplaced(amount, number.source, reason))

    def _overspending(self) -> Iterator[Statement]:
        """超支: outturn and budget of the line it names, or of the whole where that line has no budget printed."""
        ledger = self.state.ledger
        for passage, start, end, before in self._overspent:
            begin = max(passage.folded.rfind(mark, 0, start) for mark in ",。;:") + 1
            named = self.state.naming(passage, begin, start).label
            for label in dict.fromkeys((named, *_WHOLE_SPENDING) if named or not before else (before,)):
                levels = list(ledger.levels(label))
                actual = next((fact for fact in levels if fact.phase == "actual"), None)
                actual = actual or next((fact for fact in levels if not fact.phase_said), None)
                if actual is None:
                    continue
                actual.phase = "actual"  # what is said to exceed a budget is no budget
                budget = ledger.level_like(actual, period=actual.period, phase="adjusted")
                budget = budget or ledger.level_like(actual, period=actual.period, phase="budget")
                if budget is not None:
                    yield words_compare(actual, ">", budget, passage, start, end)
                    break
