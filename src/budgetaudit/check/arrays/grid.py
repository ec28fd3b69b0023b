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
from math import gcd, lcm
from typing import Any, Final

import numpy as np

from budgetaudit.check.arrays.amounts import LARGEST
from budgetaudit.check.arrays.coded import Array, occurring
from budgetaudit.check.arrays.facts import Facts, used_rows
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
    cells: Array | None  # of every row of a long table, its cell or -1
    _first: Array | None = field(default=None, repr=False)  # of every cell the first row, once somebody asks

    def steps(self, convention: Convention) -> list[int]:
        """The step of every print in quanta; 0 where nothing is hidden."""
        return [int(one.step(convention) / self.quantum) for one in self.prints]

    def rows(self, place: int, units: Array) -> list[Sequence[int]]:
        """The rows that print a used item in some units."""
        if self.cells is None:
            return [(unit,) for unit in units.tolist()]
        first = self._first
        if first is None:
            first = self._first = np.full(len(self.used) * self.keys.size, -1, np.int64)
            kept = np.flatnonzero(self.cells >= 0)[::-1]
            first[self.cells[kept]] = kept
        found = first[place * self.keys.size + units]
        return [self.twins.get((place, unit), (row,)) if row >= 0 else () for unit, row in zip(units.tolist(), found.tolist(), strict=True)]  # fmt: skip


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
    peak = max((_peak(one) for one in figures), default=0)
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
        whole: Array = (digits if _peak(digits) * factor < LARGEST else digits.astype(object)) * factor
        return whole
    table = [10**power * factor for factor in factors]
    if max(table) == 1:
        return digits
    if digits.dtype == object or _peak(digits) * max(table) >= LARGEST:
        digits, factors_of = digits.astype(object), np.array(table, object)
    else:
        factors_of = np.array(table, np.int64)
    product: Array = digits * factors_of[codes]
    return product


def _peak(numbers: Array) -> int:
    return max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))


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
    kept, own = used_rows(facts, used)
    amounts, units = facts.figures[0], keys.unit_of_row
    assert units is not None

    def of(column: Array) -> Array:
        return column if kept is None else column[kept]

    cells = own.astype(np.int64)
    cells *= size
    cells += of(units)
    numbers, whole = of(figures), len(used) * size
    values, marks, filled = _scattered(cells, numbers, whole)
    for mask, mark in ((amounts.odd, ODD), (amounts.blank, BLANK)):
        if mask is not None:
            marks = np.zeros(whole, np.uint8) if marks is None else marks
            there = cells[of(mask)]
            marks[there], values[there] = mark, 0
    printed = None if isinstance(codes, int) else of(codes)
    twins: dict[tuple[int, int], Sequence[int]] = {}
    if len(numbers) > filled:
        marks = np.zeros(whole, np.uint8) if marks is None else marks
        twins = _twins(cells, kept, size, values, marks, numbers, printed, amounts)
    states: list[Array | None] = [None] * len(used)
    if marks is not None:
        states = [row if bool(row.any()) else None for row in marks.reshape(len(used), size)]
    chosen: list[Array | int] = [codes] * len(used) if isinstance(codes, int) else []
    if printed is not None:
        table = np.zeros(whole, printed.dtype)
        table[cells] = printed
        chosen = [_alike(row, state) for row, state in zip(table.reshape(len(used), size), states, strict=True)]
    where = cells
    if kept is not None:
        where = np.full(facts.rows, -1, np.int64)
        where[kept] = cells
    return Grid(facts, keys, used, list(values.reshape(len(used), size)), states, prints, chosen, quantum, peak, twins, where)  # fmt: skip


def _scattered(cells: Array, numbers: Array, whole: int) -> tuple[Array, Array | None, int]:
    """The cells, marks of those that are absent (None if none is), and how many are not."""
    if numbers.dtype == object:
        values, empty = np.zeros(whole, object), np.ones(whole, bool)
        values[cells] = numbers
        empty[cells] = False
    else:
        values = np.full(whole, _EMPTY, np.int64)
        values[cells] = numbers
        empty = values == _EMPTY
    missing = int(np.count_nonzero(empty))
    if not missing:
        return values, None, whole
    values[empty] = 0
    return values, empty.view(np.uint8), whole - missing  # ABSENT is 1


def _alike(codes: Array, state: Array | None) -> Array | int:
    """The print of a row of cells, if all their figures have the same."""
    plain = codes if state is None else codes[state == THERE]
    first = int(plain[0]) if len(plain) else 0
    return first if bool((plain == first).all()) else codes


def _twins(
    cells: Array, kept: Array | None, size: int, values: Array, marks: Array, numbers: Array, codes: Array | None,
    amounts: Any,
) -> dict[tuple[int, int], Sequence[int]]:  # fmt: skip
    """The rows of every cell that several rows print; the cell is odd unless all say the same in the same way."""
    counts = np.bincount(cells, minlength=len(values))
    several = np.flatnonzero(counts[cells] > 1)
    order = several[np.argsort(cells[several], kind="stable")]
    starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
    rows = order if kept is None else kept[order]
    same = np.ones(len(order), bool)
    first = np.repeat(order[starts], np.diff(starts, append=len(order)))
    same &= numbers[order] == numbers[first]
    if codes is not None:
        same &= codes[order] == codes[first]
    for mask in (amounts.blank, amounts.odd):
        if mask is not None:
            own = mask if kept is None else mask[kept]
            same &= own[order] == own[first]
    alike = np.logical_and.reduceat(same, starts) if len(starts) else np.zeros(0, bool)
    ends = [*starts[1:].tolist(), len(order)]
    contrary = cells[order[starts[~alike]]]
    marks[contrary], values[contrary] = ODD, 0
    return {
        divmod(int(cells[order[start]]), size): rows[start:end].tolist() for start, end in zip(starts.tolist(), ends, strict=True)
    }  # fmt: skip
