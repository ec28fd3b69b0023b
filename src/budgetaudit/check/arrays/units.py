"""Units: one entity, period, phase and fund each, as whole numbers; and the frames in which relations look at them.

A unit is a number in mixed radix, entity first. If nearly all combinations occur the number itself is the place in the
grid; otherwise the numbers that occur are kept in order and looked up. A `Frame` is all units of one relation: where every
figure of a relation is of one chosen phase, its units have no phase of their own, and where figures are of the next year,
units begin a year before the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Final

import numpy as np

from budgetaudit.check.arrays.coded import Array, Coded, occurring
from budgetaudit.check.arrays.facts import Facts
from budgetaudit.check.compile import HERE, At
from budgetaudit.check.names import AXES
from budgetaudit.errors import BudgetAuditError
from budgetaudit.rules.rule import Scope

_SPARSE: Final = 4


@dataclass(frozen=True)
class Keys:
    """The units of a table.

    Attributes:
        values: Of every axis; periods also those that only a shift reaches.
        numbers: The numbers of the units; None where they are their own places.
        axes: Of every row; empty where each row of a wide table is a unit.
        order: The units by number, if they do not stand in that order.
    """

    values: Mapping[str, Sequence[Any]]
    numbers: Array | None
    size: int
    axes: Mapping[str, Coded]
    order: Array | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """How many values every axis has."""
        return {axis: len(self.values[axis]) for axis in AXES}

    def all_numbers(self) -> Array:
        """The number of every unit."""
        return np.arange(self.size) if self.numbers is None else self.numbers

    def digit(self, numbers: Array, axis: str) -> Array:
        """Where units stand on one axis."""
        weight, size = self.weight(axis), len(self.values[axis])
        digits: Array = numbers // weight % size
        return digits

    def weight(self, axis: str) -> int:
        """By how much the number of a unit grows with one step on an axis."""
        weight = 1
        for later in AXES[AXES.index(axis) + 1 :]:
            weight *= len(self.values[later])
        return weight

    def of_rows(self, start: int, stop: int) -> Array:
        """The units of some rows of a long table."""
        numbers = row_numbers(self.axes, self.values, start, stop)
        return numbers if self.numbers is None else self._place(numbers)

    @cached_property
    def _table(self) -> Array | None:
        """The unit of every number, if there are not too many numbers."""
        total = prod(len(self.values[axis]) for axis in AXES)
        if self.numbers is None or total > max(8 * self.size, 1 << 24):
            return None
        table = np.zeros(total, np.int64)
        table[self.numbers] = np.arange(self.size)
        return table

    def _place(self, numbers: Array) -> Array:
        assert self.numbers is not None
        found: Array = np.searchsorted(self.numbers, numbers) if self._table is None else self._table[numbers]
        return found

    def find(self, numbers: Array) -> Array:
        """The units of some numbers, -1 where there is none."""
        if self.numbers is None:
            return np.where((numbers >= 0) & (numbers < self.size), numbers, -1)
        if not len(self.numbers):
            return np.full(len(numbers), -1)
        places = np.searchsorted(self.numbers, numbers, sorter=self.order)
        places[places == len(self.numbers)] = 0
        if self.order is not None:
            places = self.order[places]
        return np.where(self.numbers[places] == numbers, places, -1)


def make_keys(facts: Facts, shifts: Iterable[int]) -> Keys:
    """The units of a table, with periods that rules reach from one year to another.

    Raises:
        BudgetAuditError: There are more combinations of keys than can be counted.
    """
    values = {axis: facts.axes[axis].values for axis in AXES}
    if moved := sorted(set(shifts) - {0}):
        values["period"] = _with_moved(facts.axes["period"], moved)
    total = prod(max(len(values[axis]), 1) for axis in AXES)
    if total >= 2**62:
        raise BudgetAuditError("the keys have too many combinations to be counted")
    if facts.item_codes is None:
        return _wide_keys(values, total, row_numbers(facts.axes, values, 0, facts.rows))
    if not moved and total <= _SPARSE * max(facts.rows // max(len(facts.items), 1), 256):
        return Keys(values, None, total, facts.axes)
    present = occurring(row_numbers(facts.axes, values, 0, facts.rows), total)
    return Keys(values, None if len(present) == total else present, len(present), facts.axes)


def _wide_keys(values: Mapping[str, Sequence[Any]], total: int, numbers: Array) -> Keys:
    """The units of a wide table are its rows, in whatever order."""
    if len(occurring(numbers, total)) < len(numbers):
        raise BudgetAuditError(
            "the same keys stand in several rows of a wide table",
            hint="unpivot it to a long table, or name a further key column",
        )
    order = None if bool((numbers[1:] > numbers[:-1]).all()) else np.argsort(numbers)
    return Keys(values, numbers, len(numbers), {}, order)


def row_numbers(axes: Mapping[str, Coded], values: Mapping[str, Sequence[Any]], start: int, stop: int) -> Array:
    """The numbers of the units of some rows; axes of one value take no part."""
    numbers: Array | None = None
    for axis in AXES:
        size = len(values[axis])
        if size <= 1:
            continue
        if numbers is None:
            numbers = axes[axis].block(start, stop)
            continue
        numbers *= size
        numbers += axes[axis].raw[start:stop]
        if axes[axis].low:
            numbers -= axes[axis].low
    return np.zeros(stop - start, np.int64) if numbers is None else numbers


def _with_moved(period: Coded, shifts: Sequence[int]) -> list[Any]:
    """The periods, and those from which a name of another year reaches one."""
    values = list(period.values)
    known = set(values)
    for value in [period.values[place] for place in occurring(period.codes, len(period.values)).tolist()]:
        for shift in shifts:
            if isinstance(value, str) and value.isdecimal() and (moved := str(int(value) - shift)) not in known:
                known.add(moved)
                values.append(moved)
    return values


@dataclass(frozen=True)
class Frame:
    """The units of one relation, as numbers in which axes that are not free are 0."""

    keys: Keys
    free: frozenset[str]
    numbers: Array | None  # None: exactly the units of the grid
    size: int

    def where(self, at: At) -> Array | None:
        """For every unit of the frame the unit of the grid in which a figure stands (-1: none); None: the same."""
        if self.numbers is None and at == HERE:
            return None
        keys = self.keys
        numbers = keys.all_numbers() if self.numbers is None else self.numbers
        wrong = np.zeros(len(numbers), bool)
        moved = numbers
        for axis, chosen in (("phase", at.phase), ("fund", at.fund), ("period", at.period)):
            if chosen is None:
                continue
            place = _place(keys.values[axis], chosen)
            if place is None:
                return np.full(len(numbers), -1)
            moved = moved + (place - keys.digit(moved, axis)) * keys.weight(axis)
        if at.shift:
            turned = _shifted(keys.values["period"], at.shift)
            digits = keys.digit(moved, "period")
            target = turned[digits]
            wrong = target < 0
            moved = moved + (np.where(wrong, 0, target) - digits) * keys.weight("period")
        found = keys.find(moved)
        found[wrong] = -1
        return found

    def admitted(self, scope: Scope) -> Array | None:
        """The units to which a rule applies; None: all. A figure of unknown phase, fund or year is not excluded."""
        masks = [
            self._fits("phase", lambda phase: phase is None or phase in scope.phases) if scope.phases else None,
            self._fits("fund", lambda fund: fund is None or fund in scope.funds) if scope.funds else None,
            self._fits("period", lambda period: _in_years(period, scope)) if scope.years != (None, None) else None,
        ]
        found = [mask for mask in masks if mask is not None and not bool(mask.all())]
        return np.logical_and.reduce(found) if found else None

    def _fits(self, axis: str, test: Callable[[Any], bool]) -> Array | None:
        if axis not in self.free:
            return None
        numbers = self.keys.all_numbers() if self.numbers is None else self.numbers
        fits = np.array([test(value) for value in self.keys.values[axis]], bool)
        mask: Array = fits[self.keys.digit(numbers, axis)]
        return mask


def make_frame(keys: Keys, free: frozenset[str], shifts: Sequence[int]) -> Frame:
    """All units from which figures of the free axes are reached, with these shifts."""
    if free == frozenset(AXES) and not any(shifts):
        return Frame(keys, free, None, keys.size)
    numbers = keys.all_numbers()
    for axis in AXES:
        if axis not in free:
            numbers = numbers - keys.digit(numbers, axis) * keys.weight(axis)
    bases = [numbers]
    for shift in shifts:
        if shift and "period" in free:
            digits = keys.digit(numbers, "period")
            target = _shifted(keys.values["period"], -shift)[digits]
            there = target >= 0
            bases.append(numbers[there] + (target[there] - digits[there]) * keys.weight("period"))
    whole = np.unique(np.concatenate(bases))
    return Frame(keys, free, whole, len(whole))


def _shifted(values: Sequence[Any], shift: int) -> Array:
    """For every period the place of the one so many years on, -1 where there is none."""
    place = {value: number for number, value in enumerate(values)}
    return np.array(
        [
            place.get(str(int(value) + shift), -1) if isinstance(value, str) and value.isdecimal() else -1
            for value in values
        ],
        np.int64,
    )


def _place(values: Sequence[Any], wanted: str) -> int | None:
    return next((number for number, value in enumerate(values) if value == wanted), None)


def _in_years(value: Any, scope: Scope) -> bool:
    first, last = scope.years
    if not isinstance(value, str) or not value.isdecimal():
        return True
    year = int(value)
    return (first is None or first <= year) and (last is None or year <= last)
