"""Distributed lists: A、B和C分别为x、y和z万元, as many names as numbers.

The names are cut where most of them are known lines, because 和 also stands inside names (商品和服务支出). Where the names
were given before (存、贷款余额分别增长12%、11%), the lines read last take the numbers in their order.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import Final

from budgetaudit.read.prose.facts import Subject
from budgetaudit.read.prose.levels import BOTH_SIDES
from budgetaudit.read.prose.naming import Naming
from budgetaudit.read.prose.passage import Passage
from budgetaudit.read.prose.rates import relate
from budgetaudit.read.prose.state import Place, State

_JOINED: Final = re.compile(r"[、,和及与]{1,2}(?:以及)?")
_DISTRIBUTED: Final = re.compile(r"分别|各(?:为|是|增|减|下降|上升|自|\Z)|依次")
_MOST_CUTS: Final = 12


def joined(passage: Passage, index: int) -> int:
    """How many numbers, from the one of that index on, follow each other with nothing but separators between."""
    run = 1
    for before, after in pairwise(passage.numbers[index:]):
        if not _JOINED.fullmatch(passage.folded[before.end : after.start]):
            break
        run += 1
    return run


def goes_on(state: State, passage: Passage, index: int) -> bool:
    """Whether a number continues a distributed list."""
    return bool(state.spread) and index > 0 and joined(passage, index - 1) > 1


def begin(state: State, place: Place) -> bool:
    """Start a distributed list at this number, if it is one."""
    state.spread = []
    passage, run = place.passage, joined(place.passage, place.index)
    if run == 1 or place.cue.role not in {"level", "change", "growth"}:
        return False
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
    if len(subjects) != run:
        return False
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
    text = passage.folded
    cuts = [found.span() for found in re.finditer(r"[、,]|[和及与]", text[start:end])]
    if not count - 1 <= len(cuts) <= _MOST_CUTS:
        return []
    best: list[tuple[int, int]] = []
    most = -1
    for chosen in combinations(cuts, count - 1):
        edges = [0, *(place for cut in chosen for place in cut), end - start]
        names = [(start + first, start + last) for first, last in zip(edges[::2], edges[1::2], strict=True)]
        known = sum(state.naming(passage, first, last).known for first, last in names)
        worth = 2 * known + sum(text[start + first] == "、" for first, _ in chosen)
        if worth > most and all(last > first for first, last in names):
            best, most = names, worth
    return best
