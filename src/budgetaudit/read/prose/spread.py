"""Distributed lists: A、B和C分别为x、y和z万元, as many names as numbers.

The names are cut where most of them are known lines, because 和 also stands inside names (商品和服务支出). Where the names
were given before (存、贷款余额分别增长12%、11%), the lines read last take the numbers in their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from budgetaudit.read.prose.facts import Subject
from budgetaudit.read.prose.levels import BOTH_SIDES
from budgetaudit.read.prose.naming import Naming
from budgetaudit.read.prose.passage import Passage
from budgetaudit.read.prose.rates import place_share, relate
from budgetaudit.read.prose.state import Place, State

_DISTRIBUTED: Final = re.compile(r"分别|各(?:为|是|增|减|下降|上升|自|\Z)|依次")
_BETWEEN: Final = re.compile("[、,和及与]")
_MOST_CUTS: Final = 12


def goes_on(state: State, passage: Passage, index: int) -> bool:
    """Whether a number continues a distributed list."""
    return bool(state.spread) and index > 0 and passage.runs[index - 1] > 1


def begin(state: State, place: Place) -> bool:
    """Start a distributed list at this number, if it is one."""
    state.spread = []
    passage, run = place.passage, place.passage.runs[place.index]
    if run == 1 or place.cue.role not in {"level", "change", "growth", "share"}:
        return False
    if place.cue.role == "share":
        return _take_over(state, place, _read_before(state, run))  # A、B分别为x和y，占总额的p和q
    marked = _DISTRIBUTED.search(passage.folded, place.start, place.number.start)
    if marked is None:
        return False
    is_level = place.cue.role == "level"
    subjects: list[Subject] = []
    for start, end in _names(state, passage, place.start, marked.start(), run):
        naming = state.naming(passage, start, end)
        if naming.label:
            subjects.append(state.subject(passage, naming) if is_level else state.known_subject(passage, naming))
    if len(subjects) != run:
        both = is_level and BOTH_SIDES.search(passage.folded, place.start, marked.start())
        subjects = state.sides() if both else state.subjects
    if len(subjects) != run and not is_level:
        subjects = _read_before(state, run)
    return len(subjects) == run and _take_over(state, place, subjects)


def _take_over(state: State, place: Place, subjects: Sequence[Subject]) -> bool:
    state.spread, state.spread_cue, state.subjects = list(subjects), place.cue, list(subjects)
    return True


def take(state: State, place: Place) -> None:
    """Give the number to the next line of the list."""
    subject, cue = state.spread.pop(0), state.spread_cue
    if cue.role == "level":
        fact = state.ledger.add(state.fact(place, subject, own=True))
        subject.facts.append(fact)
        state.join(place.passage, fact)
        return
    if cue.role == "share":
        state.subjects = [subject]
        place_share(state, place if place.cue.role == "share" else replace(place, cue=replace(cue, at=0)))
        return
    basis = state.sentence.basis
    fact = state.fact(
        place, subject, own=False, measure="growth" if cue.role == "growth" else "change", against=basis.against or "prior-year",
        sign=cue.sign,
    )  # fmt: skip
    relate(state, state.ledger.add(fact), subject, None)


def _read_before(state: State, count: int) -> list[Subject]:
    """The last lines of the sentence, or those of the list before it if it has just as many; else lines nobody knows."""
    levels = [fact for fact in state.recent(24, sentence=state.sentence.number) if fact.measure == "amount"]
    members = state.frames[-1].members if state.frames else []
    if len(levels) < count and len(members) == count:
        levels = members
    if len(levels) < count:
        return [Subject(naming=Naming(0, 0, "?")) for _ in range(count)]
    return [state.subject_of(fact) for fact in levels[-count:]]


def _names(state: State, passage: Passage, start: int, end: int, count: int) -> list[tuple[int, int]]:
    """A、B和C as `count` stretches: cut where most of them are names of known lines."""
    cuts = [found.start() for found in _BETWEEN.finditer(passage.folded, start, end)]
    if not count - 1 <= len(cuts) <= _MOST_CUTS:
        return []

    @cache
    def best(first: int, left: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """What the names from a place on are worth at best with so many cuts left, and these names; none if impossible."""
        if left == 0:
            known = state.naming(passage, first, end).known
            return (2 * known, ((first, end),)) if first < end else (-1, ())
        most: tuple[int, tuple[tuple[int, int], ...]] = (-1, ())
        for cut in cuts:
            if cut > first and (rest := best(cut + 1, left - 1))[1]:
                known = state.naming(passage, first, cut).known
                worth = 2 * known + (passage.folded[cut] == "、") + rest[0]
                if worth > most[0]:
                    most = worth, ((first, cut), *rest[1])
        return most

    return list(best(start, count - 1)[1])
