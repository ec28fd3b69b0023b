"""Grids: every item in every unit as whole numbers, in whatever order the rows stood.

A unit is one entity, period, phase and fund. Each used item is a row of the grid, each unit a column; a cell holds the
figure in steps of one quantum, so that figures of all places and units can be added. A cell may be absent (no row), blank
(a row without a figure), or odd (a figure, or several, that only the scalar engine can weigh).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Final

import numpy as np

from budgetaudit.check.arrays.amounts import BLOCK, LARGEST, Amounts, peak_of
from budgetaudit.check.arrays.coded import Array, occurring
from budgetaudit.check.arrays.facts import Facts
from budgetaudit.check.arrays.units import Keys
from budgetaudit.check.quantity import hidden_step
from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import Unit
from budgetaudit.rules.rule import Convention

THERE: Final = 0
ABSENT: Final = 1
BLANK: Final = 2
ODD: Final = 3
UNCLEAR: Final = 4  # several items that cannot be told apart

_EMPTY: Final = -(2**63)
_MOST_CELLS: Final = 2**31


@dataclass(frozen=True)
class Print:
    """How a figure was printed: its places, its unit."""

    places: int
    unit: Unit

    def step(self, convention: Convention) -> Fraction:
        """What it hides, in base units."""
        return hidden_step(Amount(Decimal(0), self.places, self.unit), convention)


@dataclass
class Grid:
    """The cells of the used items.

    Attributes:
        used: Which items, as places in `facts.items`.
        values: One row of whole numbers per used item; 0 where there is no plain figure.
        states: One row per used item, or None where all its cells hold plain figures.
        prints: The different ways figures were printed.
        codes: Which of these each cell is, per used item: one number, or a row of numbers.
        quantum: What one step of the whole numbers is, in base units.
        twins: Cells that several rows print: places of the rows, by used item and unit.
    """

    facts: Facts
    keys: Keys
    used: tuple[int, ...]
    values: list[Array]
    states: list[Array | None]
    prints: tuple[Print, ...]
    codes: list[Array | int]
    quantum: Fraction
    peak: int
    twins: Mapping[tuple[int, int], Sequence[int]]
    cells: Cells | None  # of the rows of a long table
    _steps: dict[Convention, list[int]] = field(default_factory=dict[Convention, list[int]], repr=False)
    _first: Array | None = field(default=None, repr=False)  # of every cell the first row, once somebody asks

    @cached_property
    def print_units(self) -> tuple[frozenset[Unit], ...]:
        """The unit of every print, as a set of one."""
        return tuple(frozenset({one.unit}) for one in self.prints)

    def steps(self, convention: Convention) -> list[int]:
        """The step of every print in quanta; 0 where nothing is hidden."""
        known = self._steps.get(convention)
        if known is None:
            known = self._steps[convention] = [int(one.step(convention) / self.quantum) for one in self.prints]
        return known

    def first_rows(self, place: Array | int, units: Array) -> Array:
        """The first row that prints a used item in each of some units; -1 for none."""
        none = (np.asarray(place) < 0) | (units < 0)
        if self.cells is None:
            return np.where(none, -1, units)
        first = self._first
        if first is None:
            first = self._first = np.full(len(self.used) * self.keys.size, -1, np.int64)
            own = self.cells.of_rows
            kept = np.flatnonzero(own >= 0)[::-1]
            first[own[kept]] = kept
        return np.where(none, -1, first[np.where(none, 0, np.asarray(place) * self.keys.size + units)])

    def rows(self, place: int, unit: int) -> Sequence[int]:
        """The rows that print a used item in a unit."""
        row = int(self.first_rows(place, np.array([unit]))[0])
        return () if row < 0 else self.twins.get((place, unit), (row,))


def make_grid(facts: Facts, wanted: Sequence[int], keys: Keys) -> Grid:
    """The grid of some items.

    Raises:
        BudgetAuditError: It would need more memory than there are figures to justify.
    """
    prints, print_codes = _prints(facts)
    scale = max((one.scale for one in facts.figures), default=0)
    powers = [Fraction(one.unit.scale) / Fraction(10) ** scale for one in prints]
    steps = [one.unit.scale / Fraction(10) ** one.places for one in prints]
    quantum = _common([*powers, *steps])
    factors = [int(power / quantum) for power in powers]
    figures = [_scaled(one.digits, scale - one.scale, codes, factors) for one, codes in zip(facts.figures, print_codes, strict=True)]  # fmt: skip
    peaks = [
        given.peak if one is given.digits and given.peak is not None else peak_of(one)
        for given, one in zip(facts.figures, figures, strict=True)
    ]
    figures = [one.astype(object) if own >= LARGEST else one for one, own in zip(figures, peaks, strict=True)]
    peak = max(peaks, default=0)
    if max((int(step / quantum) for step in steps), default=0) >= LARGEST:
        peak = LARGEST  # no sum of steps can be proven
    if facts.item_codes is None:
        return _wide(facts, wanted, keys, figures, prints, print_codes, quantum, peak)
    return _long(facts, wanted, keys, figures[0], prints, print_codes[0], quantum, peak)


def _prints(facts: Facts) -> tuple[tuple[Print, ...], list[Array | int]]:
    """The different prints, and for every column of figures which of these its rows are."""
    units = facts.units
    found: dict[tuple[int, int], int] = {}
    codes: list[Array | int] = []
    for figures in facts.figures:
        if isinstance(figures.places, int) and len(units.values) == 1:
            codes.append(found.setdefault((figures.places, 0), len(found)))
            continue
        places = np.broadcast_to(np.asarray(figures.places, np.int64), (facts.rows,))
        lowest = int(places.min(initial=0))
        joint = (places - lowest) * len(units.values) + units.codes
        present = occurring(joint, (int(places.max(initial=0)) - lowest + 1) * len(units.values))
        turned = [
            found.setdefault((one // len(units.values) + lowest, one % len(units.values)), len(found))
            for one in present.tolist()
        ]
        small = np.uint8 if len(found) < 256 else np.int32
        codes.append(np.array(turned, small)[np.searchsorted(present, joint)])
    return tuple(Print(places, units.values[unit]) for places, unit in found), codes


def _common(sizes: Sequence[Fraction]) -> Fraction:
    """The largest number of which all are whole multiples."""
    bottom = lcm(*(size.denominator for size in sizes))
    return Fraction(gcd(*(int(size * bottom) for size in sizes)), bottom) if sizes else Fraction(1)


def _scaled(digits: Array, power: int, codes: Array | int, factors: Sequence[int]) -> Array:
    """Figures in quanta."""
    if isinstance(codes, int):
        factor = 10**power * (factors[codes] if factors else 1)
        if factor == 1:
            return digits
        whole: Array = (digits if max(peak_of(digits), 1) * factor < LARGEST else digits.astype(object)) * factor
        return whole
    table = [10**power * factor for factor in factors]
    if max(table) == 1:
        return digits
    if digits.dtype == object or max(peak_of(digits), 1) * max(table) >= LARGEST:
        digits, factors_of = digits.astype(object), np.array(table, object)
    else:
        factors_of = np.array(table, np.int64)
    product: Array = digits * factors_of[codes]
    return product


def _wide(
    facts: Facts, wanted: Sequence[int], keys: Keys, figures: Sequence[Array], prints: tuple[Print, ...],
    codes: Sequence[Array | int], quantum: Fraction, peak: int,
) -> Grid:  # fmt: skip
    used = tuple(wanted)
    values: list[Array] = []
    states: list[Array | None] = []
    for item in used:
        amounts, numbers = facts.figures[item], figures[item]
        state: Array | None = None
        if amounts.blank is not None or amounts.odd is not None:
            state = np.zeros(facts.rows, np.uint8)
            for mask, mark in ((amounts.odd, ODD), (amounts.blank, BLANK)):
                if mask is not None:
                    state[mask] = mark
            numbers = np.where(state == THERE, numbers, 0)
        values.append(numbers)
        states.append(state)
    chosen = [codes[item] for item in used]
    return Grid(facts, keys, used, values, states, prints, chosen, quantum, peak, {}, None)


def _long(
    facts: Facts, wanted: Sequence[int], keys: Keys, figures: Array, prints: tuple[Print, ...],
    codes: Array | int, quantum: Fraction, peak: int,
) -> Grid:  # fmt: skip
    used, size = tuple(wanted), keys.size
    if len(used) * size > _MOST_CELLS:
        raise BudgetAuditError(
            f"{len(used)} items in {size} units are too many cells for one array",
            hint="audit the entities in parts: counts and outcomes of parts add up",
        )
    cells = Cells(facts, keys, used)
    whole, amounts = len(used) * size, facts.figures[0]
    is_object = figures.dtype == object
    values = np.zeros(whole, object) if is_object else np.full(whole, _EMPTY, np.int64)
    present = np.zeros(whole, bool) if is_object else None
    special = [(mask, mark) for mask, mark in ((amounts.odd, ODD), (amounts.blank, BLANK)) if mask is not None]
    marks = np.zeros(whole, np.uint8) if special else None
    printed = None if isinstance(codes, int) else np.zeros(whole, codes.dtype)
    rows = 0
    for start in range(0, facts.rows, BLOCK):
        block = slice(start, start + BLOCK)
        there, kept = cells.block(start, min(start + BLOCK, facts.rows))
        rows += len(there)
        values[there] = figures[block][kept]
        if present is not None:
            present[there] = True
        if marks is not None:
            for mask, mark in special:
                marks[there[mask[block][kept]]] = mark
        if printed is not None and not isinstance(codes, int):
            printed[there] = codes[block][kept]
    table = values.reshape(len(used), size)
    states: list[Array | None] = [None] * len(used)
    filled = 0
    for place, row in enumerate(table):
        absent = ~present.reshape(len(used), size)[place] if present is not None else row == _EMPTY
        missing = int(np.count_nonzero(absent))
        filled += size - missing
        state = None if marks is None else marks.reshape(len(used), size)[place]
        if missing:
            state = absent.astype(np.uint8) if state is None else np.where(absent, np.uint8(ABSENT), state)
        if state is not None and bool(state.any()):
            states[place] = state
            row[state != THERE] = 0
    twins: dict[tuple[int, int], Sequence[int]] = {}
    if rows > filled:
        twins = _twins(cells, figures, codes, amounts, states, table)
    chosen: list[Array | int] = [codes] * len(used) if isinstance(codes, int) else []
    if printed is not None:
        chosen = [_alike(row, state) for row, state in zip(printed.reshape(len(used), size), states, strict=True)]
    return Grid(facts, keys, used, list(table), states, prints, chosen, quantum, peak, twins, cells)


class Cells:
    """In which cell of the grid the rows of a long table stand."""

    def __init__(self, facts: Facts, keys: Keys, used: Sequence[int]) -> None:
        assert facts.item_codes is not None
        self._items, self._keys, self._rows = facts.item_codes, keys, facts.rows
        self._place: Array | None = None
        if list(used) != list(range(len(facts.items))):
            self._place = np.full(len(facts.items), -1, np.int64)
            self._place[np.array(used, np.int64)] = np.arange(len(used))

    def block(self, start: int, stop: int) -> tuple[Array, Array | slice]:
        """The cells of some rows, and which of the rows have one: their items are used."""
        cells = self._items.block(start, stop)
        kept: Array | slice = slice(None)
        units = self._keys.of_rows(start, stop)
        if self._place is not None:
            cells = self._place[cells]
            if int(cells.min(initial=0)) < 0:
                kept = np.flatnonzero(cells >= 0)
                cells, units = cells[kept], units[kept]
        cells *= self._keys.size
        cells += units
        return cells, kept

    @cached_property
    def of_rows(self) -> Array:
        """The cell of every row, -1 for items that are not used."""
        whole = np.full(self._rows, -1, np.int64)
        for start in range(0, self._rows, BLOCK):
            found, kept = self.block(start, min(start + BLOCK, self._rows))
            whole[start : start + BLOCK][kept] = found
        return whole


def _alike(codes: Array, state: Array | None) -> Array | int:
    """The print of a row of cells, if all their figures have the same."""
    plain = codes if state is None else codes[state == THERE]
    first = int(plain[0]) if len(plain) else 0
    return first if bool((plain == first).all()) else codes


def _twins(
    cells: Cells, figures: Array, codes: Array | int, amounts: Amounts, states: list[Array | None], table: Array
) -> dict[tuple[int, int], Sequence[int]]:
    """The rows of every cell that several rows print; the cell is odd unless all say the same in the same way."""
    own, size = cells.of_rows, table.shape[1]
    kept = np.flatnonzero(own >= 0)
    counts = np.bincount(own[kept], minlength=table.size)
    several = kept[counts[own[kept]] > 1]
    order = several[np.argsort(own[several], kind="stable")]
    starts = np.flatnonzero(np.diff(own[order], prepend=-1))
    ends = [*starts[1:].tolist(), len(order)]
    first = np.repeat(order[starts], np.diff(starts, append=len(order)))
    same = figures[order] == figures[first]
    if not isinstance(codes, int):
        same &= codes[order] == codes[first]
    if amounts.blank is not None:
        same &= amounts.blank[order] == amounts.blank[first]
    if amounts.odd is not None:
        same &= ~(amounts.odd[order] | amounts.odd[first])
    alike = np.logical_and.reduceat(same.astype(bool), starts)
    contrary: list[int] = own[order[starts[~alike]]].tolist()
    for cell in contrary:
        place, unit = divmod(cell, size)
        state = states[place]
        if state is None:
            state = states[place] = np.zeros(size, np.uint8)
        state[unit], table[place, unit] = ODD, 0
    return {
        divmod(int(own[order[start]]), size): order[start:end].tolist()
        for start, end in zip(starts.tolist(), ends, strict=True)
    }
