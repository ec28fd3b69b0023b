"""Reading: from passages to facts and statements, one number after the other.

The state between two numbers is small: what the sentence is about (`Subject`), the lists that are open (`Frame`), and what
title and headings say (`Setting`). Punctuation and opening words before a number change the lists; the cue right before
it says what it is; the rest of the clause names it, or it belongs to what the sentence is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Final

from budgetaudit.model.budget import Unplaced
from budgetaudit.model.line import Measure, Phase
from budgetaudit.model.statement import Remark, Statement, Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import NUMBER, PERCENT, Unit
from budgetaudit.read.prose import comparisons as compared
from budgetaudit.read.prose.cues import Basis, Cue, base_phase, basis_of, cue_of
from budgetaudit.read.prose.facts import Fact, Ledger, Subject
from budgetaudit.read.prose.lists import Frame, adds_up, differs_by, front_opener, known_parts, listed_subject, opener, settled, within
from budgetaudit.read.prose.naming import TOTALS, Naming, name_in, phase_of
from budgetaudit.read.prose.passage import Clause, Number, Passage, until_punctuation
from budgetaudit.read.prose.setting import Sections, Setting, is_heading
from budgetaudit.read.prose.wholes import changes_add_up, decomposition, whole_statements
from budgetaudit.read.prose.wording import (
    comparison_in, compared as compared_in_words, contradicted, count_statement, items_before, overspending, remarks_on, says_unchanged,
)  # fmt: skip

_YEAR: Final = re.compile(r"(20[0-9]{2})年(?!以来|起)")
_LAST_YEAR: Final = re.compile(r"(?:(?<!加)上年(?!初|末)度?|去年|上一年度?)(?!结转|结余|同期|相比)")
_BALANCE: Final = re.compile(r"(?:结余|盈余|赤字|差额|余绌|差短|结转下年|缺口|结转|短绌|节余)(?:资金|支出|数)?\Z")
_CLOSERS: Final = re.compile(r"(?:合计|总计|总量|共计|总收入|总支出|财力|总额|总财力|总规模)\Z")
YUAN: Final = Unit("money", "CNY")
_LINE_NOUN: Final = re.compile(r"(?:费|支出|收入|经费|资金|金额|拨款|补助|补贴|税|债|余额|限额|投资|采购|工资|奖金|基金|款|收支|人数|数)\Z")
_WEIGHT: Final = re.compile(r"满分|分值|权重|总分值|标准分")
_BOTH: Final = re.compile(r"收[、,]?支(?=总|预|决|均|各)|收入[、,和及与]?(?:总计[、,和及与])?支出(?=预?算?总|决?算?总|总|合)")
_DISTRIBUTED: Final = re.compile(r"分别|各(?:为|是|增|减|下降|上升|自)|依次")
# Counter words that go with anything: what is counted follows them.
_GENERAL_COUNTERS: Final = frozenset({"个", "家", "项", "名", "条", "件", "所", "种", "类", "位"})
_NO_RELATION: Final = Basis()


@dataclass(slots=True)
class _Sentence:
    """What is known while one sentence is read."""

    number: int
    head: list[Subject] | None = None
    year: str | None = None
    basis: Basis = _NO_RELATION
    base: Fact | None = None
    whole: Fact | None = None
    changes: dict[int, Fact] | None = None
    growths: dict[int, Fact] | None = None


class Reading:
    """Reads the passages of one document in order."""

    def __init__(self, setting: Setting) -> None:
        self.ledger = Ledger()
        self.statements: list[Statement] = []
        self.remarks: list[Remark] = []
        self.unplaced: list[Unplaced] = []
        self._document = setting
        self._sections = Sections(setting)
        self._frames: list[Frame] = []
        self._subjects: list[Subject] = []
        self._heading: Naming | None = None
        self._heading_printed = ""
        self._outturns = 0
        self._overspent: list[tuple[Passage, int, int]] = []
        self._spread: list[Subject] = []
        self._spread_cue = Cue("level")
        self._counts: list[Subject] = []  # counts stand beside what the sentence is about
        self._sentences = 0
        self._sentence = _Sentence(0)

    @property
    def setting(self) -> Setting:
        """What holds where the reading stands."""
        return self._sections.current

    def read(self, passage: Passage) -> None:
        """Read one paragraph."""
        self.remarks += remarks_on(passage)
        self._overspent += [(passage, *span) for span in overspending(passage)]
        if not passage.numbers:
            self._without_numbers(passage)
            return
        if re.fullmatch(r"[0-9]{1,4}", passage.folded):  # a page number, or a cell that says nothing
            self.unplaced.append(Unplaced(passage.numbers[0].scanned.amount, passage.numbers[0].source, "no unit"))
            return
        self._begin(passage)
        at = passage.body
        for index, number in enumerate(passage.numbers):
            clauses = passage.clauses(at, number.start)
            self._move(passage, clauses)
            self._place(passage, number, clauses, index)
            at = number.end
        tail = passage.clauses(at, len(passage.folded))
        self._move(passage, tail)
        self._end(passage, tail)

    def finish(self) -> None:
        """Close what is still open."""
        while self._frames:
            self._close()
        self._weigh_overspending()
        self._settle_phases()
        self.statements += list(whole_statements(self.statements, self.ledger))
        self.statements = list({(said.says, said.terms, said.op): said for said in reversed(self.statements)}.values())[::-1]

    def _settle_phases(self) -> None:
        """Where words showed that unmarked figures are outturns, those of no phase are outturns too."""
        if self._outturns:
            for fact in self.ledger.facts:
                if not fact.phase_said and fact.phase in {None, self._document.phase}:
                    fact.phase = "actual"

    def _weigh_overspending(self) -> None:
        """超支: outturn and budget of the line it names, or of the whole where that line has no budget printed."""
        for passage, start, end in self._overspent:
            begin = max(passage.folded.rfind(mark, 0, start) for mark in ",。;:") + 1
            naming = name_in(passage.folded, begin, start, bodies=self._document.bodies)
            for label in dict.fromkeys((naming.label, "本年支出合计", "支出总计")):
                actual = next((fact for fact in self.ledger.levels(label) if fact.phase == "actual"), None)
                budget = actual and (
                    self.ledger.level_like(actual, period=actual.period, phase="adjusted")
                    or self.ledger.level_like(actual, period=actual.period, phase="budget")
                )
                if actual is not None and budget is not None:
                    self.statements.append(compared_in_words(actual, ">", budget, passage, start, end))
                    break

    # --- paragraphs -------------------------------------------------------------------------------------------------

    def _without_numbers(self, passage: Passage) -> None:
        words = passage.folded[passage.body :]
        if is_heading(passage):
            if self._frames and not self._frames[-1].waiting and (passage.level is None or passage.level <= (self._frames[0].level or 0)):
                while self._frames:
                    self._close()
            if not words.strip("|,、:"):
                return
            self._sections.heading(words, passage.level)
            naming = name_in(passage.folded, passage.body, len(passage.folded), bodies=self._document.bodies)
            self._heading = naming if naming.label else None
            self._heading_printed = passage.raw[naming.start : naming.end]
            self._subjects = []
        else:
            self._move(passage, passage.clauses(passage.body, len(passage.folded)))
            if self._frames and not self._frames[-1].waiting:
                self._close_unmarked()
        self._open_waiting(passage, passage.clauses(passage.body, len(passage.folded)))

    def _begin(self, passage: Passage) -> None:
        """Settle which lists of earlier paragraphs this one continues."""
        self._sum_of_sentence()
        self._new_sentence()
        self._first_sentence(passage)
        while self._frames and not self._continues(self._frames[-1], passage):
            self._close()
        top = self._frames[-1] if self._frames else None
        if top is not None and not top.waiting and top.level is not None and passage.level is not None and passage.level > top.level >= 0:
            if top.members:
                self._frames.append(Frame(top.members[-1], "marks", level=passage.level))
        elif top is not None and top.waiting:
            top.waiting = False
            top.level = -1 if passage.level is None else passage.level

    def _first_sentence(self, passage: Passage) -> None:
        """A first sentence that only names a line (教育支出(类)…(项)。) is a heading set in the text."""
        end = passage.folded.find("。", passage.body, min(passage.numbers[0].start, passage.body + 80))
        if end > 0 and not re.search("[,;:]", passage.folded[passage.body : end]):
            naming = name_in(passage.folded, passage.body, end, bodies=self._document.bodies)
            if naming.within or naming.known:
                self._heading, self._heading_printed = naming, passage.raw[naming.start : naming.end]
                self._subjects = []

    def _continues(self, frame: Frame, passage: Passage) -> bool:
        """Whether a list goes on with a paragraph, or over it: a paragraph without a mark may belong to the one before."""
        if frame.waiting:
            return True
        if frame.level is None:
            return False
        if passage.level is None:
            return True
        if passage.level == frame.level and passage.opens_a_row and frame.members:
            return False
        return passage.level >= frame.level >= 0

    def _open_frame(self, passage: Passage) -> Frame | None:
        """The innermost list whose members may stand in this paragraph."""
        frame = self._frames[-1] if self._frames else None
        if frame is None or frame.level is None or frame.level == -1:
            return frame
        return frame if passage.level is not None and passage.level >= frame.level else None

    def _end(self, passage: Passage, tail: Sequence[Clause]) -> None:
        """Close the lists of this paragraph's sentences; one that is still empty waits for the next paragraphs."""
        while self._frames and self._frames[-1].level is None and not self._frames[-1].waiting:
            frame = self._frames[-1]
            if not frame.members and not frame.bracket and _is_open_end(passage):
                frame.waiting = True
                break
            self._close()
        for frame in self._frames:
            if frame.level == -1 and frame.firm is None and passage.folded.endswith("。"):
                frame.firm = len(frame.members) or None
        self._heading = None

    def _open_waiting(self, passage: Passage, clauses: Sequence[Clause]) -> None:
        """A paragraph without figures may open a list for the next ones, of what was read last."""
        last = next((clause for clause in reversed(clauses) if clause.end > clause.start), None)
        if last is None or not _is_open_end(passage):
            return
        if style := opener(passage.text(last)):
            self._open(passage, last, style, passage.text(last))
            self._frames[-1].waiting = True

    def _close_unmarked(self) -> None:
        while self._frames and self._frames[-1].level in {None, -1}:
            self._close()

    # --- punctuation and opening words ------------------------------------------------------------------------------

    def _move(self, passage: Passage, clauses: Sequence[Clause]) -> None:
        """Follow punctuation and opening words up to the last clause, which names the number."""
        for place, clause in enumerate(clauses):
            words = passage.text(clause)
            last = place == len(clauses) - 1
            self._remember(words)
            if not last:
                self._compare_in_words(passage, clause, words)
            style = None if last else opener(words)
            if style and clause.mark in {":", ",", "(", ""}:
                self._open(passage, clause, style, words)
            elif last and (front := front_opener(words)):
                self._open(passage, replace(clause, end=clause.start + front), "within", words[:front])
            elif last and (style := _inner_opener(words)):
                self._open(passage, clause, style, words)
            elif clause.mark == ":" and place == 0 and clause.start > passage.body:
                self._list_after_colon(passage, clause, words)
            match clause.mark:
                case "(":
                    self._bracket(passage, clause)
                case ")":
                    self._unbracket()
                case "。":
                    self._stop()
                case ";":
                    self._semicolon()

    def _list_after_colon(self, passage: Passage, clause: Clause, words: str) -> None:
        """项目支出70万元：①…②…; 安排3个项目：…: figures after a colon may be the parts of the one before it."""
        last = self.ledger.facts[-1] if self.ledger.facts else None
        if last is None or last.passage != passage.number or not last.is_level:
            return
        counted = last if last.measure == "count" else None
        if words and counted is None:
            return
        total = self._last_level() if counted is None or not self._subjects else next(
            (subject.current for subject in self._subjects if subject.current is not counted), None
        )
        self._frames.append(Frame(total, "within", source=passage.source(clause.start - 1, clause.end), counted=counted))

    def _compare_in_words(self, passage: Passage, clause: Clause, words: str) -> None:
        """决算数小于预算数, 与上年持平: relations between figures already read, without a number of their own."""
        for subject in self._subjects[:1]:
            level = subject.current
            if level is None:
                return
            base = self._sentence.base
            if base is not None and re.match(r"(?:基本)?(?:持平|一致|相同|相等)", words) and base is not level:
                self.statements.append(compared_in_words(level, "=", base, passage, clause.start, clause.end))
            elif says_unchanged(words):
                level.unchanged = True
                base = compared.base_of(level, basis_of(words) or _NO_RELATION, self.ledger)
                if base is not None:
                    self.statements.append(compared_in_words(level, "=", base, passage, clause.start, clause.end))
            elif found := comparison_in(words):
                what, op = found
                actual = _outturn(subject, self.ledger)
                budget = None if actual is None else compared.budget_for(actual, what, self.ledger)
                if actual is not None and budget is not None and budget is not actual:
                    self.statements.append(compared_in_words(actual, op, budget, passage, clause.start, clause.end))

    def _remember(self, words: str) -> None:
        """Years and comparisons hold until the sentence ends."""
        basis = basis_of(words)
        if basis is not None:
            self._sentence.basis = basis
        plain = words if basis is None else words[: basis.start] + words[basis.end :]
        years = _YEAR.findall(plain)
        if years:
            self._sentence.year = years[-1]
        elif _LAST_YEAR.search(plain) and self.setting.year:
            self._sentence.year = str(int(self.setting.year) - 1)

    def _open(self, passage: Passage, clause: Clause, style: str, words: str) -> None:
        total = self._total_for(passage, clause, words)
        top = self._frames[-1] if self._frames else None
        if top is not None and not top.members and not top.bracket and top.firm is None and top.total is total and top.level is None:
            return
        if top is not None and top.bracket and not top.members and top.style == "bracket":
            top.style = "complete" if style == "complete" else "within"
            return
        source = passage.source(clause.start, clause.end) if clause.end > clause.start else None
        by_scheme = listed_subject(words) is not None
        self._frames.append(
            Frame(
                total, "complete" if style == "complete" else "within", source=source, by_scheme=by_scheme,
                others=self._other_prints(total), colon=clause.mark == ":",
            )
        )  # fmt: skip

    def _total_for(self, passage: Passage, clause: Clause, words: str) -> Fact | None:
        """What a list divides: the line its words name, else what the sentence is about."""
        subject = listed_subject(words)
        level = self._last_level()
        last = self.ledger.facts[-1] if self.ledger.facts else None
        if last is not None and last.measure == "count" and last.sentence == self._sentence.number:
            level = last  # 30批次(其中外事接待26批次)
        named = subject if subject is not None else re.split(r"其中|包括|由|构成|分别|主要|分为|具体|[之当]?中\Z", words)[0]
        naming = name_in(named, 0, len(named), bodies=self._document.bodies) if named else None
        if named.endswith(("收入", "支出")) and (naming is None or naming.generic):
            side = "收入总计" if named.endswith("收入") else "支出总计"
            found = next((fact for fact in self.ledger.levels(side) if fact.passage == passage.number), None)
            if found is not None:
                return found
        if self._frames and ((naming is None and subject is not None) or words.endswith("如下")):
            lingering = [frame for frame in self._frames if frame.firm is not None or words.endswith("如下")]
            if lingering:
                return lingering[0].total
        if naming is not None and naming.label and not naming.generic:
            found = next((fact for fact in self.ledger.levels(naming.label) if fact.section == self.setting.section), None)
            found = found or next(self.ledger.levels(naming.label), None)
            if found is not None:
                return found
        return level

    def _last_level(self) -> Fact | None:
        return next((subject.current for subject in self._subjects if subject.current is not None), None)

    def _other_prints(self, total: Fact | None) -> Sequence[Fact]:
        if total is None:
            return ()
        recent = [fact for fact in self.ledger.facts[-12:] if fact is not total and fact.is_level and fact.passage == total.passage]
        again = [
            fact for fact in recent if fact.same_line_as(total) and (not fact.is_base or fact.phase in {"budget", "adjusted"})
        ]  # fmt: skip
        counts = {fact.amount.unit: fact for fact in recent if fact.measure == "count" and fact.amount.unit != total.amount.unit}
        return (*again, *counts.values())

    def _bracket(self, passage: Passage, clause: Clause) -> None:
        """A bracket right behind a figure opens a list of it; any other only a level of brackets."""
        last = self.ledger.facts[-1] if self.ledger.facts else None
        behind = clause.end == clause.start and last is not None and last.passage == passage.number
        total = None if not behind else last if last is not None and last.measure == "count" else self._last_level()
        self._frames.append(Frame(total, "bracket", bracket=True))

    def _unbracket(self) -> None:
        if not any(frame.bracket for frame in self._frames):
            return
        while self._frames:
            frame = self._close()
            if frame.bracket:
                if frame.total is not None and frame.total.measure != "count":
                    self._subjects = [self._subject_of(frame.total)]
                return

    def _stop(self) -> None:
        """A sentence ends: the next one goes on about what this one began with.

        Its lists stay open to the end of the paragraph, because members are often sentences of their own; but what comes
        later is a member only if figures or known lines say so.
        """
        for frame in self._frames:
            if frame.level is None and not frame.waiting and frame.firm is None:
                frame.firm = len(frame.members) or None
        if self._sentence.head is not None:
            self._subjects = self._sentence.head
        self._sum_of_sentence()
        if self.ledger.facts:
            self._explain_change(self.ledger.facts[-1].passage, ended=True)
        self._new_sentence()

    def _semicolon(self) -> None:
        if self._frames:
            self._frames[-1].breaks.add(len(self._frames[-1].members))
        self._sentence.basis = _NO_RELATION

    def _new_sentence(self) -> None:
        self._sentences += 1
        self._sentence = _Sentence(self._sentences, changes={}, growths={})

    def _close(self) -> Frame:
        frame = self._frames.pop()
        candidates = self.ledger.facts[-60:]
        statements, rest = settled(
            frame, [fact for fact in candidates if fact.is_level and not fact.is_base], nested=bool(self._frames)
        )
        self.statements += statements
        if rest and self._frames and frame.level is None:
            outer = self._frames[-1]
            outer.members += rest
            for fact in rest:
                if outer.total is not None and frame.total is not None and fact.within == within(frame.total, fact.label, fact.known):
                    fact.within = within(outer.total, fact.label, fact.known)
        return frame

    # --- numbers ----------------------------------------------------------------------------------------------------

    def _place(self, passage: Passage, number: Number, clauses: Sequence[Clause], index: int) -> None:
        clause = clauses[-1]
        amount = self._with_unit(passage, number, index)
        if amount is None or number.scanned.kind == "range-part":
            self.unplaced.append(Unplaced(number.scanned.amount or Amount(0, 0), number.source, "range" if amount else "no unit"))
            return
        start = clause.start + front_opener(passage.text(clause))
        words = passage.folded[start : clause.end]
        if self._spread and re.fullmatch(r"[、,和及与以]{0,3}", passage.folded[passage.numbers[index - 1].end : number.start]):
            self._next_of_spread(passage, number, amount)
            return
        cue = self._cue(passage, number, amount, words)
        self._begin_spread(passage, index, start, start + cue.at, cue)
        if self._spread:
            self._next_of_spread(passage, number, amount)
            return
        match cue.role:
            case "difference":
                self._difference(passage, number, amount)
            case "whole":
                self._whole(passage, number, amount, cue)
            case "level" | "to" | "from":
                self._level(passage, number, amount, start, start + cue.at, cue, clauses)
            case "change" | "change of" | "growth" | "points":
                self._change(passage, number, amount, start, start + cue.at, cue, clauses)
            case "share":
                self._share(passage, number, amount, start, start + cue.at, cue, clauses)
            case "rate":
                self._rate(passage, number, amount, start, start + cue.at, cue, clauses)
            case _:
                self._other(passage, number, amount, start, start + cue.at, cue, clauses)

    def _begin_spread(self, passage: Passage, index: int, start: int, end: int, cue: Cue) -> None:
        """A、B和C分别为x、y和z: as many names as numbers follow each other."""
        self._spread = []
        run = 1
        for before, after in zip(passage.numbers[index:], passage.numbers[index + 1 :], strict=False):
            if not re.fullmatch(r"[、,和及与]{1,2}", passage.folded[before.end : after.start]):
                break
            run += 1
        if run == 1 or cue.role not in {"level", "change", "growth"}:
            return
        marked = _DISTRIBUTED.search(passage.folded, start, passage.numbers[index].start)
        if marked is None:
            return
        names = _listed_names(passage.folded, start, marked.start(), run, self._document.bodies)
        subjects = [self._known_subject(passage, naming) for first, last in names if (naming := self._naming(passage, first, last)).label]
        if cue.role == "level":
            subjects = [self._subject_named(passage, subject.naming) for subject in subjects if subject.naming is not None]
        if len(subjects) != run:
            both = _BOTH.search(passage.folded, start, marked.start()) if cue.role == "level" else None
            subjects = self._sides() if both else self._subjects
        if len(subjects) != run and cue.role != "level":
            subjects = self._subjects_before(run)  # 存、贷款余额分别增长: named before, in this order
        if len(subjects) == run:
            self._spread, self._spread_cue = list(subjects), cue
            self._subjects = list(subjects)

    def _subjects_before(self, count: int) -> list[Subject]:
        """The last lines of the sentence, or those of the list before it if it has just as many; else lines nobody knows."""
        levels = [fact for fact in self.ledger.facts[-24:] if fact.sentence == self._sentence.number and fact.measure == "amount"]
        members = self._frames[-1].members if self._frames else []
        if len(levels) < count and len(members) == count:
            levels = members
        if len(levels) < count:
            return [Subject(naming=Naming(0, 0, "?")) for _ in range(count)]
        return [self._subject_of(fact) for fact in levels[-count:]]

    def _sides(self) -> list[Subject]:
        return [Subject(naming=Naming(0, 0, label, known=True), printed=label) for label in ("收入总计", "支出总计")]

    def _naming(self, passage: Passage, start: int, end: int) -> Naming:
        return name_in(passage.folded, start, end, bodies=self._document.bodies)

    def _next_of_spread(self, passage: Passage, number: Number, amount: Amount) -> None:
        subject, cue = self._spread.pop(0), self._spread_cue
        if cue.role == "level":
            fact = self.ledger.add(self._fact(passage, number, amount, subject, subject.naming, phase=None, own=True))
            subject.facts.append(fact)
            self._join_list(passage, [fact])
            return
        measure: Measure = "growth" if cue.role == "growth" else "change"
        fact = self.ledger.add(
            self._fact(
                passage, number, amount, subject, None, phase=None, own=False, measure=measure,
                against=self._sentence.basis.against or "prior-year", sign=cue.sign,
            )
        )  # fmt: skip
        self._relate(fact, subject, self._sentence.basis, None)

    def _cue(self, passage: Passage, number: Number, amount: Amount, words: str) -> Cue:
        cue = cue_of(words, amount.unit.kind, following=passage.folded[number.end : number.end + 2])
        if amount.unit.kind == "percent" and self._sentence.whole is not None and re.fullmatch(r"的(?:比例|比重)?(?:为|是)?", words):
            return replace(cue, role="rate" if self._sentence.whole.is_base else "share")
        return cue

    def _with_unit(self, passage: Passage, number: Number, index: int) -> Amount | None:
        """The amount with the unit of its list (1.2、3.4和5万元) or of the document, if it carries none itself."""
        amount = number.scanned.amount
        assert amount is not None  # passages keep only numbers with a value
        if amount.unit.kind == "number" and amount.unit.scale > 1:  # 短收5645万: of the currency that the text speaks of
            money = next((fact.amount.unit for fact in reversed(self.ledger.facts[-20:]) if fact.amount.unit.kind == "money"), None)
            unit = amount.unit if money is None else Unit("money", money.currency, amount.unit.scale, text=amount.unit.text)
            return Amount(amount.value, amount.places, unit, amount.precision)
        if amount.unit != NUMBER:
            return amount
        for following in passage.numbers[index + 1 : index + 12]:
            between = passage.folded[number.end : following.start]
            if not re.fullmatch(r"[、,和及与]{1,2}(?:以及)?", between):
                break
            unit = following.scanned.amount.unit if following.scanned.amount else NUMBER
            if unit != NUMBER:
                return Amount(amount.value, amount.places, unit, amount.precision)
            number = following
        if self._document.unit is not None and amount.places > 0:
            return Amount(amount.value, amount.places, self._document.unit, amount.precision)
        lead = passage.folded[max(0, number.start - 24) : number.start]
        if self._sentence.whole is not None and lead.endswith("的"):
            return Amount(amount.value, amount.places, PERCENT, amount.precision)
        if amount.value == 0 and amount.places == 0 and self._naming(passage, max(0, number.start - 24), number.start).known:
            return Amount(amount.value, 0, self._document.unit or YUAN, "exact")  # 为0: nothing at all, of whatever unit
        return None

    def _level(
        self, passage: Passage, number: Number, amount: Amount, start: int, end: int, cue: Cue, clauses: Sequence[Clause]
    ) -> None:
        if amount.unit.kind == "count" and cue.role == "level":
            self._count(passage, number, amount, start, end)
            return
        naming, subjects = self._named(passage, start, end, clauses)
        closes = naming is not None and (naming.label in TOTALS or _closes(passage, naming, clauses))
        if naming is not None and naming.label in TOTALS:
            self._closing_total(passage, number, amount, naming)
            return
        own = naming is not None and bool(naming.label)
        phase: Phase | None = naming.phase if naming is not None else None
        facts = []
        for subject in subjects:
            fact = self._fact(passage, number, amount, subject, naming, phase=phase, own=own)
            if cue.role == "from":
                self._date_back(fact, subject, cue.whole)
                self._sentence.base = fact
            if cue.role == "to" and "调整" in passage.folded[start : number.start]:
                fact.phase, fact.phase_said = "adjusted", True
                if self._sentence.base is not None:
                    self._sentence.base.period, self._sentence.base.phase = fact.period, "budget"
            elif phase in {"budget", "adjusted"} and not own:
                self._outturns += _was_outturn(subject, fact)
            if own:
                subject.facts[:0] = [
                    other for other in self.ledger.facts[-20:]
                    if other.passage == fact.passage and other.is_level and other.same_line_as(fact) and other not in subject.facts
                ]  # fmt: skip
            subject.facts.append(fact)
            facts.append(self.ledger.add(fact))
        if closes and len(facts) == 1:
            self._sum_up(facts[0])
        self._balance(passage, facts)
        self._subjects = subjects
        if self._sentence.head is None and own:
            self._sentence.head = subjects
        if own or self._is_member_paragraph(passage) or self._continues_member(subjects):
            self._join_list(passage, facts)

    def _whole(self, passage: Passage, number: Number, amount: Amount, cue: Cue) -> None:
        """完成年初预算985万元的x%, 占公用经费50万元的x%: what the next percentage is taken of."""
        naming = name_in(cue.whole, 0, len(cue.whole), bodies=self._document.bodies)
        named = bool(naming.label) and not naming.generic
        subject = Subject(naming=naming, printed=naming.label) if named else next(iter(self._subjects), None)
        if subject is None:
            subject = Subject(naming=naming, printed=cue.whole)
        fact = self._fact(passage, number, amount, subject, subject.naming, phase=phase_of(cue.whole), own=False)
        fact.is_base = not named
        subject.facts.append(self.ledger.add(fact))
        self._sentence.whole = fact
        if fact.is_base and self._continues_member([subject]):
            self._frames[-1].members.append(fact)

    def _count(self, passage: Passage, number: Number, amount: Amount, start: int, end: int) -> None:
        """A count is of what its counter word goes with: 车辆1辆, 5个部门, 公务接待30批次."""
        naming = self._naming(passage, start, end)
        counter = amount.unit.counter or ""
        follows = until_punctuation(passage, number.end, most=12)
        thing = re.split(r"[和及与、(（]|[0-9]", follows)[0]
        if thing and counter in _GENERAL_COUNTERS:
            naming = Naming(number.end, number.end + len(thing), thing)
        elif not naming.label or naming.known or naming.label in _GENERAL_COUNTERS:
            topic = naming.label or next((subject.naming.label for subject in self._subjects if subject.naming), "")
            label = topic if counter == "辆" else f"{topic}{counter}"
            naming = replace(naming, label=label, known=False) if counter != "辆" else naming
        subject = self._subject_named(passage, naming)
        fact = self._fact(passage, number, amount, subject, naming, phase=naming.phase, own=True)
        if counter == "分":
            fact.measure = "weight" if _WEIGHT.search(passage.folded, start, end) else "score"
        subject.facts.append(self.ledger.add(fact))
        self._weigh_score(fact)
        if items := items_before(passage, number):
            self.statements.append(count_statement(fact, items[0], is_open=items[1]))
        self._counts = [subject]
        if self._sentence.head is None:
            self._subjects = self._sentence.head = [subject]
        if self._frames and any(
            total is not None and total.amount.unit.measures_like(amount.unit) for total in (self._frames[-1].total, *self._frames[-1].others)
        ):
            self._join_list(passage, [fact])

    def _weigh_score(self, score: Fact) -> None:
        """满分50分，得分49分: a score lies within its weight."""
        if score.measure != "score":
            return
        weight = next((fact for fact in reversed(self.ledger.facts[-8:]) if fact.measure == "weight" and fact.sentence == score.sentence), None)
        if weight is not None:
            terms = (Term(weight.id, "total"), Term(score.id, "part"))
            self.statements.append(Statement("of-which", terms, complete=False, source=score.number.source))

    def _date_back(self, fact: Fact, subject: Subject, words: str) -> None:
        """A base: of the year or phase its words name, else of the year before."""
        fact.is_base = True
        year = re.search(r"20[0-9]{2}", words)
        latest = subject.level.period if subject.level is not None else self.setting.year
        if "年初" in words or "全年" in words:
            fact.period, fact.phase = latest, "adjusted" if "全年" in words else "budget"
        else:
            fact.period = year[0] if year else _earlier(latest)
            fact.phase = base_phase(words, fact.phase)

    def _difference(self, passage: Passage, number: Number, amount: Amount) -> None:
        """决算x、预算y，差值z: the difference of the two levels read last, whichever is larger."""
        for subject in self._subjects[:1]:
            fact = self.ledger.add(
                self._fact(passage, number, amount, subject, None, phase=None, own=False, measure="change", against="initial-budget")
            )
            pair = [level for level in subject.facts[-2:] if level.amount.unit.measures_like(amount.unit)]
            if len(pair) == 2:
                more, less = sorted(pair, key=lambda level: level.amount.exact_value, reverse=True)
                fact.sign = 1 if more.phase == "actual" else -1
                terms = (Term(fact.id, "total"), Term(more.id, "part"), Term(less.id, "part", Fraction(-1)))
                self.statements.append(Statement("change", terms, source=number.source))

    def _named(
        self, passage: Passage, start: int, end: int, clauses: Sequence[Clause]
    ) -> tuple[Naming | None, list[Subject]]:
        """The name before a level and the subjects it stands for; without a name, what the sentence is about."""
        naming = name_in(passage.folded, start, end, bodies=self._document.bodies)
        if both := _BOTH.search(passage.folded, naming.start, naming.end) if naming.label else None:
            return naming, [
                Subject(naming=replace(naming, label=label, known=True), printed=passage.raw[naming.start : naming.end])
                for label in ("收入总计", "支出总计")
                if both
            ]
        if naming.label and not (naming.generic and naming.phase and self._subjects):
            return naming, [self._subject_named(passage, naming)]
        topic = self._subjects[0].naming if self._subjects else None
        if naming.area and not naming.label and topic is not None:
            of_area = replace(topic, area=naming.area, phase=naming.phase or topic.phase, start=naming.start, end=naming.end)
            return of_area, [Subject(naming=of_area, printed=naming.area)]
        frame = self._open_frame(passage)
        if frame is not None and frame.level is not None and number_is_first(passage, clauses) and not naming.phase:
            follows = until_punctuation(passage, passage.numbers[0].end)
            if follows:
                item = Naming(passage.numbers[0].end, passage.numbers[0].end + len(follows), follows)
                return item, [self._subject_named(passage, item)]
        for earlier in reversed(clauses[:-1]):
            if earlier.mark in {"。", ";"}:
                break
            before = name_in(passage.folded, earlier.start, earlier.end, bodies=self._document.bodies)
            if before.label and (before.known or before.within):
                found = replace(before, phase=naming.phase or before.phase)
                return found, [self._subject_named(passage, found)]
        if self._subjects:
            return replace(naming, label=""), self._subjects
        if self._heading is not None:
            found = replace(self._heading, phase=naming.phase or self._heading.phase)
            subject = Subject(naming=found, printed=self._heading_printed)
            return found, [subject]
        if naming.label:
            return naming, [self._subject_named(passage, naming)]
        follows = until_punctuation(passage, passage.numbers[0].end)
        return replace(naming, label=follows or "?"), [Subject(naming=replace(naming, label=follows or "?"), printed=follows)]

    def _subject_named(self, passage: Passage, naming: Naming) -> Subject:
        return Subject(naming=naming, printed=passage.raw[naming.start : naming.end])

    def _subject_of(self, fact: Fact) -> Subject:
        return Subject([fact], Naming(0, 0, fact.label, fact.known, fact.within, fact.fund, None, fact.entity), fact.printed)

    def _fact(
        self, passage: Passage, number: Number, amount: Amount, subject: Subject, naming: Naming | None, *,
        phase: Phase | None, own: bool, measure: Measure = "amount", against: str | None = None, sign: int = 1,
    ) -> Fact:  # fmt: skip
        name = subject.naming
        level = subject.level
        frame = self._open_frame(passage) if own else None
        frame = frame if frame is not None and frame.firm is None else None
        total = frame.total if frame is not None and frame.style != "bracket" else None
        setting = self.setting
        if amount.unit.kind == "count" and measure == "amount":
            measure = "count"
        fund = (name.fund if name else None) or (level.fund if level else None) or (total.fund if total else None) or setting.fund
        area = (name.area if name else None) or (level.entity if level else None) or (total.entity if total else None) or setting.entity
        default = (level.phase if level is not None and measure != "amount" else None) or (total.phase if total else None) or setting.phase
        said = phase or (name.phase if name else None)
        period = self._sentence.year or (level.period if level else None) or (total.period if total else None) or setting.year
        inside = name.within if name else ()
        if name is not None and not inside and total is not None and measure in {"amount", "count"}:
            inside = within(total, name.label, name.known)
        elif level is not None and not own:
            inside = level.within
        return Fact(
            id=self.ledger.next_id(), number=number, amount=amount, printed=subject.printed, label=name.label if name else "?",
            known=bool(name and (name.known or name.within)), generic=name is None or name.generic, measure=measure, entity=area,
            period=period, phase=said or default, fund=fund, within=inside, phase_said=said is not None, against=against, sign=sign,
            section=setting.section, sentence=self._sentence.number, period_said=self._sentence.year is not None, passage=passage.number, listed=frame is not None,
        )  # fmt: skip

    def _continues_member(self, subjects: Sequence[Subject]) -> bool:
        """Whether a figure without a name of its own is a further print of a listed line (预算数x，决算数y)."""
        return bool(self._frames) and any(fact in self._frames[-1].members for subject in subjects for fact in subject.facts)

    def _is_member_paragraph(self, passage: Passage) -> bool:
        frame = self._open_frame(passage)
        return frame is not None and frame.level is not None

    def _join_list(self, passage: Passage, facts: Sequence[Fact]) -> None:
        """The first named figure of a listed paragraph, and each named figure of a list in a sentence, is a member."""
        frame = self._open_frame(passage)
        if frame is None:
            return
        if frame.level is not None and any(
            member.passage == passage.number and not facts[0].same_line_as(member) for member in frame.members
        ):
            return
        if len(facts) == 1:
            frame.members.append(facts[0])

    def _closing_total(self, passage: Passage, number: Number, amount: Amount, naming: Naming) -> None:
        """A 万元、B 万元，合计 x: the total of the named figures before it; else a level of the subject."""
        subject = Subject(naming=naming, printed=passage.raw[naming.start : naming.end])
        fact = self.ledger.add(self._fact(passage, number, amount, subject, naming, phase=naming.phase, own=True))
        subject.facts.append(fact)
        self._sum_up(fact)
        self._subjects = [subject]

    def _levels_before(self, fact: Fact) -> list[Fact]:
        """The levels of its paragraph before it that could be added to it."""
        return [
            other for other in self.ledger.facts[-40:]
            if other is not fact and other.passage == fact.passage and other.is_level and not other.is_base
            and other.amount.unit.kind == "money" and other.amount.unit.measures_like(fact.amount.unit) and other.phase == fact.phase
        ]  # fmt: skip

    def _sum_up(self, fact: Fact) -> None:
        """The figures before a closing total that add up to it: all of them, or those that stand in no list."""
        before = self._levels_before(fact)
        for levels in (before, [level for level in before if not level.listed]):
            for first in range(len(levels) - 1):
                if adds_up(fact, levels[first:]):
                    terms = (Term(fact.id, "total"), *(Term(level.id, "part") for level in levels[first:]))
                    self.statements.append(Statement("split", terms, source=fact.number.source))
                    return

    def _balance(self, passage: Passage, facts: Sequence[Fact]) -> None:
        """收支相抵，结余x: income less spending, where two figures before it differ by what is printed."""
        for fact in facts[:1]:
            if not _BALANCE.search(fact.label):
                return
            before = [level for level in self.ledger.facts[-40:] if level.is_level and not level.is_base and level is not fact
                      and level.amount.unit.measures_like(fact.amount.unit) and level.section == fact.section]  # fmt: skip
            for more, less in _surplus_pairs(before):
                if differs_by(fact, more, less):
                    more, less = sorted((more, less), key=lambda level: level.amount.exact_value, reverse=True)
                    terms = (Term(fact.id, "total"), Term(more.id, "part"), Term(less.id, "part", Fraction(-1)))
                    self.statements.append(Statement("split", terms, source=fact.number.source))
                    return

    def _sum_of_sentence(self) -> None:
        """问题36项，已整改29项，正在整改7项: later figures of a sentence that add up to its first."""
        levels = [fact for fact in self.ledger.facts[-24:] if fact.sentence == self._sentence.number and fact.is_level and not fact.is_base]
        for unit in {fact.amount.unit for fact in levels}:
            first, *others = [fact for fact in levels if fact.amount.unit == unit]
            if len(others) > 1 and first.amount.value and not any(fact.listed for fact in others) and adds_up(first, others):
                terms = (Term(first.id, "total"), *(Term(fact.id, "part") for fact in others))
                self.statements.append(Statement("split", terms, source=first.number.source))

    # --- changes and ratios -----------------------------------------------------------------------------------------

    def _about(
        self, passage: Passage, start: int, end: int, clauses: Sequence[Clause]
    ) -> tuple[list[Subject], Phase | None, bool]:
        """The subjects a change or ratio is about: the line named before its cue, else what the sentence is about."""
        basis = basis_of(passage.folded[start:end])
        pieces = [(start, end)] if basis is None else [(start + basis.end, end), (start, start + basis.start)]
        for first, last in pieces:
            naming = name_in(passage.folded, first, last, bodies=self._document.bodies)
            if not naming.label or (naming.generic and not naming.known) or self._is_circumstance(naming):
                if naming.phase:
                    return self._subjects, naming.phase, False
                continue
            if _BOTH.search(passage.folded, naming.start, naming.end):
                return self._both_sides(naming), naming.phase, True
            return [self._known_subject(passage, naming)], naming.phase, True
        for clause in reversed(clauses[:-1]):
            words = passage.text(clause)
            if clause.mark in {"。", ";"} or "原因" in words or "由于" in words:
                break
            before = basis_of(words)
            last = clause.end if before is None else clause.start + before.start
            naming = name_in(passage.folded, clause.start, last, bodies=self._document.bodies)
            if naming.known:
                return [self._known_subject(passage, naming)], naming.phase, True
        return self._subjects or self._from_heading(), None, False

    def _is_circumstance(self, naming: Naming) -> bool:
        """Words before a change that name no line: 于年中采购设备后比上年增加."""
        named = naming.known or naming.within or next(self.ledger.levels(naming.label), None) is not None
        return not named and bool(self._subjects) and not _LINE_NOUN.search(naming.label)

    def _from_heading(self) -> list[Subject]:
        if self._heading is None:
            return []
        level = next(self.ledger.levels(self._heading.label), None)
        return [Subject([level] if level else [], self._heading, self._heading_printed)]

    def _both_sides(self, naming: Naming) -> list[Subject]:
        sides = []
        for label in ("收入总计", "支出总计"):
            level = next(self.ledger.levels(label), None)
            sides.append(Subject([level] if level else [], replace(naming, label=label, known=True), label))
        return sides

    def _known_subject(self, passage: Passage, naming: Naming) -> Subject:
        """The line of that name, with the level printed nearest before."""
        for subject in self._subjects:
            if subject.naming is not None and subject.naming.label == naming.label:
                return subject
        subject = self._subject_named(passage, naming)
        levels = [fact for fact in self.ledger.levels(naming.label) if not naming.within or fact.within == naming.within]
        near = levels if naming.known else [fact for fact in levels if fact.section == self.setting.section] or levels
        subject.facts = [fact for fact in near if fact.same_line_as(near[0])][::-1]
        return subject

    def _change(
        self, passage: Passage, number: Number, amount: Amount, start: int, end: int, cue: Cue, clauses: Sequence[Clause]
    ) -> None:
        subjects, phase, named = self._about(passage, start, end, clauses)
        if cue.role == "change of" and not named:
            thing = self._naming(passage, number.start - len(cue.whole), number.start)
            if thing.known:
                subjects, named = [self._known_subject(passage, thing)], True
        basis = self._sentence.basis
        own_basis = basis_of(passage.folded[start : number.start])
        measure: Measure = "growth" if cue.role == "growth" else "change"
        for subject in subjects or [Subject(naming=Naming(start, end, passage.folded[start:end] or "?"))]:
            fact = self._fact(
                passage, number, amount, subject, None, phase=None, own=False, measure=measure,
                against="initial-budget" if cue.whole == "budget" else basis.against or "prior-year", sign=cue.sign,
            )  # fmt: skip
            fact.comparable = own_basis is None or own_basis.comparable
            if amount.value < 0 and cue.sign < 0:
                fact.sign = 1  # 减少-5: the minus says once more what the word says
                self.remarks.append(contradicted(fact, "TXT002"))
            self.ledger.add(fact)
            if cue.role != "points" and cue.whole != "average":
                self._relate(fact, subject, basis, phase)
        if named:
            self._subjects = subjects
        self._explain_change(passage.number)

    def _explain_change(self, passage: int, *, ended: bool = False) -> None:
        """增加x，主要是A增加y、B减少z: changes that add up to the one before them, or are all its known parts."""
        changes = [fact for fact in self.ledger.facts[-24:] if fact.passage == passage and fact.measure == "change"]
        for first in range(len(changes) - 3, -1, -1):
            total, parts = changes[first], changes[first + 1 :]
            if len({part.label for part in parts}) == len(parts) and total.label not in {part.label for part in parts}:
                if changes_add_up(total, parts) or (ended and known_parts(total.label, [part.label for part in parts])):
                    self.statements.append(decomposition(total, parts))
                    return

    def _relate(self, fact: Fact, subject: Subject, basis: Basis, phase: Phase | None) -> None:
        """Relate a change or growth to its level, and to each other within the sentence."""
        current = _current(subject, phase, self.setting.year)
        if current is None:
            return
        fact.level_id, fact.period = current.id, current.period
        base = None if not basis.comparable else self._sentence.base if self._sentence.base in subject.facts else compared.base_of(current, basis, self.ledger)
        key = id(subject)
        assert self._sentence.changes is not None and self._sentence.growths is not None
        if basis.year is not None and basis.year == current.period and basis.against == "prior-year" and base is None:
            self.remarks.append(contradicted(fact, "TXT006", current))
        if fact.measure == "change":
            if fact.amount.unit.measures_like(current.amount.unit):
                self._sentence.changes[key] = fact
                self.statements += compared.change_statements(fact, current, base)
                growth = self._sentence.growths.pop(key, None)
                if growth is not None and growth.comparable and growth.against == fact.against:
                    self.statements.append(compared.growth_from_change(growth, fact, current))
            return
        change = self._sentence.changes.get(key)
        if change is not None and change.sign * change.amount.value * fact.sign * fact.amount.value < 0:
            self.remarks.append(contradicted(fact, "TXT001", change))
        if change is not None and (change.against != fact.against or (change.comparable and not fact.comparable)):
            return
        if change is not None:
            self.statements.append(compared.growth_from_change(fact, change, self._changed(fact, change, current)))
            if base is not None and base is self._sentence.base:
                self.statements += compared.growth_from_levels(fact, current, base)
            return
        levels = compared.growth_from_levels(fact, current, base)
        self.statements += levels
        if not levels:
            self._sentence.growths[key] = fact

    def _changed(self, growth: Fact, change: Fact, current: Fact) -> Fact:
        """What has changed: the line read last, or the total of its list where only that fits (其中A、B，同比增加x，增长p%)."""
        if change.amount.value == 0 or compared.growth_fits(growth, change, current):
            return current
        heads = [subject.current for subject in self._sentence.head or ()]
        totals = [frame.total for frame in reversed(self._frames)]
        for other in (*totals, *heads):
            if other is not None and other.amount.unit.measures_like(change.amount.unit) and compared.growth_fits(growth, change, other):
                for fact in (growth, change):
                    fact.label, fact.known, fact.within, fact.level_id = other.label, other.known, other.within, other.id
                return other
        return current

    def _share(
        self, passage: Passage, number: Number, amount: Amount, start: int, end: int, cue: Cue, clauses: Sequence[Clause]
    ) -> None:
        subjects, _, _ = self._about(passage, start, end, clauses)
        if not subjects:
            self._other(passage, number, amount, start, end, cue, clauses)
            return
        subject = subjects[0]
        parts = self._summed(passage.folded[max(0, end - 10) : end]) or [part for part in (subject.current,) if part is not None]
        fact = self.ledger.add(
            self._fact(passage, number, amount, subject, None, phase=None, own=False, measure="share", against=cue.whole or None)
        )
        whole, self._sentence.whole = self._sentence.whole, None
        totals = [
            total for frame in reversed(self._frames) if frame.level in {None, -1} or passage.level is not None
            for total in (frame.total, *frame.others) if total is not None and total not in parts
        ]  # fmt: skip
        if parts and whole is None:
            whole = (
                compared.whole_named(cue.whole, fact, parts[-1], self.ledger, totals, self._document.bodies)
                if cue.whole else self._whole_of_list(fact, parts[-1], totals)
            )  # fmt: skip
        if parts and whole is None and not cue.whole:
            whole = next(
                (level for level in reversed(self.ledger.facts[-40:])
                 if level.passage == passage.number and level.is_level and level not in parts and compared.ratio_fits(fact, parts[-1], level)
                 and level.amount.unit.measures_like(parts[-1].amount.unit)),
                None,
            )  # fmt: skip
        if parts and whole is not None:
            fact.against = whole.label
            self.statements.append(compared.share_statement(fact, parts, whole))
            if len(parts) == 1:
                for frame in self._frames:
                    if frame.total is whole:
                        frame.shares[parts[0].id] = fact

    def _whole_of_list(self, share: Fact, part: Fact, totals: Sequence[Fact]) -> Fact | None:
        """What 占10% is a share of: the total of the list; of several lists around it the innermost that fits."""
        fitting = next((total for total in totals if compared.ratio_fits(share, part, total)), None)
        if fitting is not None or not totals:
            return fitting
        outer = next((frame.total for frame in reversed(self._frames[:-1]) if frame.total is not None), None)
        after_semicolon = len(self._frames[-1].members) - 1 in self._frames[-1].breaks
        return outer if after_semicolon and outer is not None else totals[0]

    def _summed(self, words: str) -> list[Fact]:
        """两项合计占: the last members of the list, as many as the words count."""
        found = re.search(r"([两二三四五])项?(?:合计|共计|总计|相加|之和)[^,。;]{0,6}\Z", words)
        if found is None or not self._frames:
            return []
        count = "零一二三四五".find(found[1].replace("两", "二"))
        members = self._frames[-1].members[-count:]
        return list(members) if len(members) == count else []

    def _rate(
        self, passage: Passage, number: Number, amount: Amount, start: int, end: int, cue: Cue, clauses: Sequence[Clause]
    ) -> None:
        subjects, _, _ = self._about(passage, start, end, clauses)
        if not subjects:
            self._other(passage, number, amount, start, end, cue, clauses)
            return
        for subject in subjects[:1]:
            actual = _outturn(subject, self.ledger)
            budget = self._sentence.whole
            if budget is None or budget not in subject.facts:
                budget = None if actual is None else compared.budget_for(actual, cue.whole, self.ledger)
            self._sentence.whole = None
            against = "adjusted-budget" if budget is not None and budget.phase == "adjusted" else "initial-budget"
            fact = self._fact(passage, number, amount, subject, None, phase=None, own=False, measure="rate", against=against)
            self.ledger.add(fact)
            if actual is not None and budget is not None and actual is not budget:
                self.statements.append(compared.rate_statement(fact, actual, budget))

    def _other(
        self, passage: Passage, number: Number, amount: Amount, start: int, end: int, cue: Cue, clauses: Sequence[Clause]
    ) -> None:
        """A ratio with a name of its own (办结率100%), an average, a multiple: kept, related to nothing."""
        naming = self._naming(passage, start, number.start if cue.role == "average" else end)
        measure: Measure = "average" if cue.role == "average" else "rate" if amount.unit.kind == "percent" else "amount"
        for clause in reversed(clauses[:-1]):
            if naming.label or clause.mark in {"。", ";"}:
                break
            naming = self._naming(passage, clause.start, clause.end)
            measure = "share" if naming.known and amount.unit.kind == "percent" else measure
        if not naming.label and not self._subjects:
            self.unplaced.append(Unplaced(amount, number.source, "no name"))
            return
        subject = self._subject_named(passage, naming) if naming.label else self._subjects[0]
        fact = self.ledger.add(self._fact(passage, number, amount, subject, subject.naming, phase=None, own=True, measure=measure))
        if measure == "average":
            self._weigh_average(fact)

    def _weigh_average(self, average: Fact) -> None:
        """人员42人，经费77.70万元，人均1.85万元: the amount over the count, both of the sentence."""
        before = [fact for fact in self.ledger.facts[-12:] if fact.sentence == average.sentence and fact is not average]
        amount = next((fact for fact in reversed(before) if fact.measure == "amount" and fact.amount.unit.kind == "money"), None)
        count = next((fact for fact in reversed(before) if fact.measure == "count"), None)
        if amount is not None and count is not None:
            terms = (Term(average.id, "ratio"), Term(amount.id, "numerator"), Term(count.id, "denominator"))
            self.statements.append(Statement("average", terms, source=average.number.source))


def _surplus_pairs(levels: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Income and spending, and budget and outturn of one line, the latest first."""
    incomes = [level for level in levels if re.search("收入|岁入|财力", level.label)]
    spendings = [level for level in levels if re.search("支出|岁出", level.label)]
    for spending in reversed(spendings):
        yield from ((income, spending) for income in reversed(incomes))
        yield from (
            (budget, spending) for budget in reversed(spendings)
            if budget.phase in {"budget", "adjusted"} and spending.phase == "actual" and budget.same_line_as(spending)
        )  # fmt: skip


def number_is_first(passage: Passage, clauses: Sequence[Clause]) -> bool:
    """Whether nothing stands before the number in its paragraph."""
    return clauses[0].start == passage.body and not passage.folded[passage.body : clauses[-1].end].strip(":、.")


def _closes(passage: Passage, naming: Naming, clauses: Sequence[Clause]) -> bool:
    """Whether a name is that of a total that closes the figures before it."""
    words = passage.folded[naming.start : naming.end]
    if passage.folded[clauses[-1].start : clauses[-1].start + 1] == "=":
        return True
    return bool(_CLOSERS.search(words)) or any("相加" in passage.text(clause) for clause in clauses)


def _listed_names(text: str, start: int, end: int, count: int, bodies: tuple[str, ...]) -> list[tuple[int, int]]:
    """A、B和C as `count` stretches: cut where most of them are names of known lines."""
    cuts = [found.span() for found in re.finditer(r"[、,]|[和及与]", text[start:end])]
    if len(cuts) < count - 1 or len(cuts) > 12:
        return []
    best: list[tuple[int, int]] = []
    most = -1
    for chosen in combinations(cuts, count - 1):
        edges = [0, *(place for cut in chosen for place in cut), end - start]
        names = [(start + first, start + last) for first, last in zip(edges[::2], edges[1::2], strict=True)]
        known = sum(name_in(text, first, last, bodies=bodies).known for first, last in names)
        marks = sum(text[start + first] == "、" for first, _ in chosen)
        if 2 * known + marks > most and all(last > first for first, last in names):
            best, most = names, 2 * known + marks
    return best


def _is_open_end(passage: Passage) -> bool:
    return passage.folded.endswith((":", ",", "其中", "包括", "如下"))


def _inner_opener(words: str) -> str | None:
    """An opening word inside the clause that ends at the number: 由人员经费, 包括基本支出."""
    found = re.match(r"[^,。]{0,40}?(?:由|包括|分为|分别为|主要包括|其中)(?=[^,。]{2,})", words)
    return ("within" if re.search(r"其中|主要包括", found[0]) else "complete") if found else None


def _was_outturn(subject: Subject, budget: Fact) -> bool:
    """支出x万元，年初预算为y: what was taken for the budget for want of a word is the outturn."""
    level = subject.current
    if level is None or level.phase_said or level.period != budget.period or level.phase not in {None, budget.phase}:
        return False
    level.phase = "actual"
    return True


def _earlier(period: str | None) -> str | None:
    return str(int(period) - 1) if period is not None and period.isdecimal() else None


def _current(subject: Subject, phase: Phase | None, year: str | None) -> Fact | None:
    """The level that a change leads to: of the phase its words name, of the latest period; never a base."""
    levels = [fact for fact in subject.facts if not fact.is_base]
    levels = [fact for fact in levels if phase is None or fact.phase == phase] or levels
    latest = max((fact.period or "" for fact in levels), default="")
    return next((fact for fact in reversed(levels) if (fact.period or "") == latest), None)


def _outturn(subject: Subject, ledger: Ledger) -> Fact | None:
    actual = [fact for fact in subject.facts if fact.phase not in {"budget", "adjusted"} and not fact.is_base]
    if actual:
        return actual[-1]
    level = subject.current
    found = None if level is None else ledger.level_like(level, period=level.period, phase="actual")
    return found or level
