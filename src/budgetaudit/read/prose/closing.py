"""Closing: the ends of lists, and totals and differences at the end of a sentence, found by what adds up.

合计, 收入总计, 主要是A增加、B减少: such figures close what stands before them, and no word says exactly which
figures that is. Here the figures themselves decide: a stretch that adds up to what is printed is what was meant. A total
that fits nothing asserts nothing, and nobody is accused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from budgetaudit.model.line import Phase
from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.lists import Frame, adds_up, first_that_fits, parts_statement, settled
from budgetaudit.read.prose.partitions import known_parts, within
from budgetaudit.read.prose.state import State
from budgetaudit.read.prose.wholes import changes_add_up, decomposition

_REACH: Final = 40  # figures back that a total may close
# Of a paragraph's figures: how many are looked at, may be divided by name, may be parts; how many characters names share.
_LONG, _FIRST, _MOST, _TELLING = 120, 6, 12, 4
# 收入合计 is the income of the year, unless what was left over, transferred or lent is among its parts.
_OF_THE_YEAR: Final = {"本年收入合计": "收入总计", "本年支出合计": "支出总计"}
_NOT_OF_THE_YEAR: Final = re.compile(r"结转|结余|上解|转贷|还本|调[入出]|动用|稳定调节基金")


def close(state: State) -> Frame:
    """Close the innermost list: keep what it asserts, and give members it does not hold to the list around it."""
    frame = state.frames.pop()
    statements, rest = settled(frame, list(state.recent(60)), nested=bool(state.frames))
    state.statements += statements
    for said in statements:
        if said.complete and frame.total is not None and said.terms[0].line == frame.total.id:
            parts = {term.line for term in said.terms[1:]}
            _name_for_parts(state, frame.total, [fact for fact in frame.members if fact.id in parts])
    if rest and state.frames and frame.level is None:
        outer = state.frames[-1]
        outer.members += rest
        if outer.total is not None and frame.total is not None:
            for fact in rest:
                if fact.within == within(frame.total, fact.label, fact.known):
                    fact.within = within(outer.total, fact.label, fact.known)
    return frame


def close_all(state: State) -> None:
    """Close every list."""
    while state.frames:
        close(state)


def sum_up(state: State, total: Fact) -> None:
    """The figures before a closing total that add up to it: all of them, those that stand in no list, or those left over."""
    before = [
        fact for fact in state.recent(_REACH, passage=total.passage)
        if fact is not total and fact.amount.unit.kind == "money"
        and (fact.phase == total.phase or not (fact.phase_said and total.phase_said)) and fact.amount.unit.measures_like(total.amount.unit)
    ]  # fmt: skip
    beside = _left_over(state)
    for levels in (before, [level for level in before if not level.listed or level in beside]):
        first = first_that_fits(total, levels)
        if first is not None:
            if any(level in beside for level in levels):
                close_all(state)
            parts = levels[first:]
            _of_one_phase([total, *parts])
            _name_for_parts(state, total, parts)
            state.statements.append(parts_statement("split", total, parts, source=total.number.source))
            return


def _of_one_phase(facts: Sequence[Fact]) -> None:
    """收入完成a。加上转移性收入b，收入合计t: what adds up is of the phase that words say of one of them."""
    said: set[Phase | None] = {fact.phase for fact in facts if fact.phase_said}
    for fact in facts:
        if len(said) == 1 and not fact.phase_said:
            fact.phase = next(iter(said))


def _name_for_parts(state: State, total: Fact, parts: Sequence[Fact]) -> None:
    """收入合计 with a carry-over among its parts is no income of the year."""
    if total.label in _OF_THE_YEAR and any(_NOT_OF_THE_YEAR.search(part.label) for part in parts):
        state.ledger.rename(total, _OF_THE_YEAR[total.label])


def _left_over(state: State) -> list[Fact]:
    """收入a，加上收入b（其中：…），结转c: what the open list does not hold, because its first members are all of its parts."""
    frame = state.frames[-1] if state.frames else None
    if frame is None or frame.level is not None or frame.bracket or frame.waiting or len(frame.members) > _REACH:
        return []
    rest = settled(frame, nested=len(state.frames) > 1)[1]
    return rest if len(rest) < len(frame.members) else []


def sum_of_sentence(state: State) -> None:
    """问题36项，已整改29项，正在整改7项: later figures of a sentence that add up to its first."""
    _sum_of_first(state, state.recent(24, sentence=state.sentence.number))


def sum_of_paragraph(state: State, passage: int) -> None:
    """部门收入x。学费a；房租b: later figures of a paragraph, in sentences of their own, that add up to its first."""
    facts = [fact for fact in state.recent(24, passage=passage) if fact.measure == "amount"]
    members = {id(fact) for frame in state.frames for fact in frame.members}
    if len({fact.sentence for fact in facts}) > 1 and not any(id(fact) in members for fact in facts[1:]):
        _sum_of_first(state, facts, beside=facts[0].within)


def parts_by_name(state: State, passage: int) -> None:
    """资产总额t … 行政单位资产总额a … 事业单位资产总额b: the first figures whose names end like an earlier one that make it up."""
    levels = [fact for fact in state.recent(_LONG, passage=passage) if fact.measure == "amount" and not fact.is_base]
    printed = Counter(fact.label for fact in levels)
    for place, total in enumerate(levels[:_FIRST]):
        if len(total.label) < _TELLING or not total.value:
            continue
        named = [
            fact for fact in levels[place + 1 :]
            if fact.label.endswith(total.label[-_TELLING:]) and fact.label != total.label and printed[fact.label] == 1
            and fact.amount.unit.measures_like(total.amount.unit)
        ][:_MOST]  # fmt: skip
        made_up = next((size for size in range(2, len(named) + 1) if adds_up(total, named[:size])), 0)
        if made_up:
            said = parts_statement("split", total, named[:made_up], source=total.number.source)
            state.statements.append(said)


def _sum_of_first(state: State, facts: Iterable[Fact], *, beside: tuple[str, ...] = ()) -> None:
    """What adds up to the first of some figures; a list they stand in, as its first does, is not theirs."""
    by_unit: dict[object, list[Fact]] = {}
    for fact in facts:
        by_unit.setdefault(fact.amount.unit, []).append(fact)
    for first, *others in by_unit.values():
        if (
            len(others) > 1
            and first.amount.value
            and not any(fact.listed and fact.within != beside for fact in others)
            and adds_up(first, others)
        ):
            for fact in others:
                fact.within = within(first, fact.label, fact.known) if fact.listed else ()
            state.statements.append(parts_statement("split", first, others, source=first.number.source))


def explain_change(state: State, *, ended: bool = False) -> None:
    """增加x，主要是A增加y、B减少z: changes that add up to the one before them, or are all its known parts.

    Args:
        state: What was read.
        ended: Whether the sentence is over, so that no further part can come.
    """
    last = state.last_fact
    if last is None:
        return
    changes = [
        fact for fact in state.ledger.facts[-24:]
        if (fact.passage, fact.measure, fact.against) == (last.passage, "change", last.against)
        and fact.amount.unit.measures_like(last.amount.unit)
    ]  # fmt: skip
    for first in range(len(changes) - 3, -1, -1):
        total, parts = changes[first], changes[first + 1 :]
        labels = [part.label for part in parts]
        if len(set(labels)) < len(labels) or total.label in labels:
            continue
        if changes_add_up(total, parts) or (ended and known_parts(total.label, labels)):
            state.statements.append(decomposition(total, parts))
            return
