"""Tie-outs: several prints of one fact, held against each other, in arrays where all say the same in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.grid import THERE, Grid
from budgetaudit.check.bind import TIE_OUT
from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Outcome, Relation, Verdict
from budgetaudit.model.budget import Budget
from budgetaudit.model.statement import Term
from budgetaudit.rules.rule import Convention


@dataclass(frozen=True)
class Ties:
    """The verdicts of all tie-outs; outcomes of those that are not exact, each with its rows."""

    counts: Counter[Verdict]
    outcomes: tuple[tuple[Sequence[int], Outcome], ...]


def weigh_ties(grid: Grid, convention: Convention) -> Ties:
    """Judge every fact that several rows print, also of items that no rule names."""
    counts: Counter[Verdict] = Counter()
    outcomes: list[tuple[Sequence[int], Outcome]] = []
    for rows, alike in _several(grid):
        if alike:
            counts["exact"] += 1
            continue
        outcome = _tied(grid, rows, convention)
        if outcome is not None:
            counts[outcome.verdict] += 1
            if outcome.verdict != "exact":
                outcomes.append((rows, outcome))
    return Ties(counts, tuple(outcomes))


def _several(grid: Grid) -> Iterator[tuple[Sequence[int], bool]]:
    """The rows of every fact that several print, and whether they are plain figures that say the same."""
    for (place, unit), rows in grid.twins.items():
        state = grid.states[place]
        yield rows, state is None or int(state[unit]) == THERE
    facts = grid.facts
    if facts.item_codes is None or grid.cells is None or len(grid.used) == len(facts.items):
        return
    unused = np.flatnonzero(grid.cells.of_rows < 0)
    cells: Array = (
        facts.item_codes.codes[unused].astype(np.int64) * grid.keys.size + grid.keys.of_rows(0, facts.rows)[unused]
    )
    order = np.argsort(cells, kind="stable")
    starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
    lengths = np.diff(starts, append=len(order))
    for start, length in zip(starts[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
        yield unused[order[start : start + length]].tolist(), False


def _tied(grid: Grid, rows: Sequence[int], convention: Convention) -> Outcome | None:
    lines = [grid.facts.line(row) for row in rows]
    printed = [line for line in lines if line.amount is not None]
    if len(printed) < 2:
        return None
    terms = tuple(Term(line.id, "part" if place else "total") for place, line in enumerate(printed))
    return evaluate(Relation(TIE_OUT, "TIE001", "logic", "tie", terms, convention), Budget(tuple(lines)))
