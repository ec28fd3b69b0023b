"""Locating: which cell a term means in every unit of a frame, as a column ready to be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from budgetaudit.check.arrays.amounts import LARGEST
from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.grid import ABSENT, THERE, UNCLEAR, Grid
from budgetaudit.check.arrays.linear import Column
from budgetaudit.check.arrays.units import Frame, make_frame
from budgetaudit.check.compile import HERE, At, CompiledRelation, CompiledTerm
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.unit import Unit
from budgetaudit.rules.rule import Convention


@dataclass(frozen=True)
class Located:
    """One term in every unit of a frame.

    Attributes:
        values: Whole numbers; 0 where there is no plain figure.
        codes: How they were printed.
        state: As in a grid, and `UNCLEAR`; None if every unit has a plain figure.
        place: Which used item is meant, per unit or everywhere; -1 for none.
        where: In which unit of the grid; None: the same.
    """

    grid: Grid
    term: CompiledTerm
    values: Array
    codes: Array | int
    state: Array | None
    place: Array | int
    where: Array | None

    def column(self, convention: Convention) -> Column:
        """The values with the steps that a convention gives them."""
        table = self.grid.steps(convention)
        if isinstance(self.codes, int):
            return Column(self.values, table[self.codes] if table else 0, self.state)
        steps = np.array(table, object if max(table) >= LARGEST else np.int64)[self.codes]
        return Column(self.values, steps, self.state)

    @cached_property
    def has_figures(self) -> bool:
        """Whether anything stands in any unit."""
        return self.state is None or bool((self.state != ABSENT).any())

    def units(self) -> frozenset[Unit]:
        """The units its figures are in, as far as they are plain."""
        if isinstance(self.codes, int):
            return self.grid.print_units[self.codes] if self.grid.prints else frozenset()
        codes: list[int] = np.unique(self.codes).tolist()
        return frozenset(self.grid.prints[code].unit for code in codes)

    def rows(self, unit: int) -> tuple[int, Sequence[int]]:
        """The used item that is meant in a unit of the frame, and the rows that print it."""
        place = self.place if isinstance(self.place, int) else int(self.place[unit])
        at = unit if self.where is None else int(self.where[unit])
        if place < 0 or at < 0:
            return place, ()
        return place, self.grid.rows(place, at)

    def lines(self, unit: int) -> list[BudgetLine]:
        """What is printed for the term in a unit of the frame; of several items, what stands first in the table."""
        place, rows = self.rows(unit)
        if self.state is not None and self.state[unit] == UNCLEAR:
            at = unit if self.where is None else int(self.where[unit])
            printed = ((one, self.grid.rows(one, at)) for one in map(self.grid.used.index, self.term.items))
            place, rows = min((one for one in printed if one[1]), key=lambda one: min(one[1]))
        facts = self.grid.facts
        return [facts.line(row, None if facts.item_codes is not None else self.grid.used[place]) for row in rows]


class Locator:
    """Finds terms in a grid; what several relations share is worked out once."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._place = {item: place for place, item in enumerate(grid.used)}
        self._frames: dict[tuple[frozenset[str], tuple[int, ...]], Frame] = {}
        self._where: dict[tuple[int, At], Array | None] = {}

    def frame(self, relation: CompiledRelation, free: frozenset[str]) -> Frame:
        """The units of a relation."""
        shifts = tuple(sorted({term.at.shift for term in relation.terms}))
        key = free, shifts
        if key not in self._frames:
            self._frames[key] = make_frame(self.grid.keys, free, shifts)
        return self._frames[key]

    def located(self, term: CompiledTerm, frame: Frame) -> Located:
        """A term in every unit of a frame."""
        where: Array | None = None
        if frame.numbers is not None or term.at != HERE:
            key = id(frame), term.at
            if key not in self._where:
                self._where[key] = frame.where(term.at)
            where = self._where[key]
        places = [self._place[item] for item in term.items]
        if not places:
            nothing = np.zeros(frame.size, np.int64)
            return Located(self.grid, term, nothing, 0, np.full(frame.size, ABSENT, np.uint8), -1, where)
        if len(places) == 1:
            return Located(self.grid, term, *self._one(places[0], where), places[0], where)
        return self._of_several(term, places, where, frame.size)

    def _one(self, place: int, where: Array | None) -> tuple[Array, Array | int, Array | None]:
        grid = self.grid
        values, codes, state = grid.values[place], grid.codes[place], grid.states[place]
        if where is None:
            return values, codes, state
        safe = np.maximum(where, 0)
        gone = where < 0
        if not len(values):
            return np.zeros(len(where), np.int64), 0, np.full(len(where), ABSENT, np.uint8)
        moved = np.zeros(len(where), np.uint8) if state is None else state[safe]
        moved = np.where(gone, np.uint8(ABSENT), moved)
        taken = np.where(gone, 0, values[safe])
        return taken, codes if isinstance(codes, int) else codes[safe], moved if bool(moved.any()) else None

    def _of_several(self, term: CompiledTerm, places: Sequence[int], where: Array | None, size: int) -> Located:
        """The one of several items that a unit prints; of those that stand alone first."""
        parts = [self._one(place, where) for place in places]
        values = np.zeros(size, object if any(one[0].dtype == object for one in parts) else np.int64)
        codes, state = np.zeros(size, np.int32), np.full(size, ABSENT, np.uint8)
        chosen, rank = np.full(size, -1), np.full(size, 9)
        for place, own_rank, (own, own_codes, own_state) in zip(places, term.ranks, parts, strict=True):
            there = np.ones(size, bool) if own_state is None else own_state != ABSENT
            better, tied = there & (own_rank < rank), there & (own_rank == rank)
            values[better] = own[better]
            codes[better] = own_codes if isinstance(own_codes, int) else own_codes[better]
            state[better] = THERE if own_state is None else own_state[better]
            chosen[better], rank[better] = place, own_rank
            state[tied], values[tied] = UNCLEAR, 0
        return Located(self.grid, term, values, codes, state if bool(state.any()) else None, chosen, where)


def widest(located: Sequence[Located]) -> frozenset[str]:
    """The axes of the units that figures of a relation span, of those that are there."""
    nothing: frozenset[str] = frozenset()
    return max((one.term.at.free for one in located if one.has_figures), key=len, default=nothing)
