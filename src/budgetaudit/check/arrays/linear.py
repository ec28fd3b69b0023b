"""Linear forms of columns: values, and how far the true values can lie from them, in whole half quanta.

For Σ c · figure the value is Σ c · print and the true values reach from `low` to `high`, an end counting where its flag is
set. The flags matter: a negative coefficient exchanges the ends of a figure together with their flags. Everything is one
array operation a term, on int64 where a bound in Python's own integers proves that no sum can leave it, else on Python's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from budgetaudit.check.arrays.amounts import LARGEST
from budgetaudit.check.arrays.coded import Array
from budgetaudit.rules.rule import Convention

Flags: TypeAlias = "Array | bool"

_LIMB: Final = 32
_MOST_WEIGHT: Final = 2**30


@dataclass(frozen=True)
class Column:
    """One figure of a relation in every unit: the cells' values and steps in quanta, and their states (None: all there).

    `steps` is one number where all cells were printed alike.
    """

    values: Array
    steps: Array | int
    state: Array | None

    def at(self, units: Array) -> Column:
        """The column in some units."""
        return Column(
            self.values[units],
            self.steps if isinstance(self.steps, int) else self.steps[units],
            None if self.state is None else self.state[units],
        )

    def exact(self) -> Column:
        """The column in Python's own integers."""
        steps = self.steps if isinstance(self.steps, int) else self.steps.astype(object)
        return Column(self.values.astype(object), steps, self.state)


@dataclass(frozen=True)
class Reach:
    """A linear form: its value, and the interval of the true values, all doubled."""

    value: Array
    low: Array
    high: Array
    low_in: Flags
    high_in: Flags

    def scaled(self, weight: int) -> Reach:
        """Every value times a whole number."""
        if weight >= 0:
            return Reach(self.value * weight, self.low * weight, self.high * weight, self.low_in, self.high_in)
        return Reach(self.value * weight, self.high * weight, self.low * weight, self.high_in, self.low_in)

    def plus(self, other: Reach) -> Reach:
        """The sum; an end is in only if both ends are."""
        return Reach(
            self.value + other.value, self.low + other.low, self.high + other.high,
            _both(self.low_in, other.low_in), _both(self.high_in, other.high_in),
        )  # fmt: skip

    @property
    def point(self) -> Reach:
        """The printed value alone, as if nothing were hidden."""
        return Reach(self.value, self.value, self.value, True, True)

    def below(self, bound: int, *, strictly: bool = False) -> Array:
        """Where some true value is at most (strictly: less than) a doubled bound."""
        found: Array = self.low < bound
        return found if strictly else found | ((self.low == bound) & self.low_in)

    def above(self, bound: int, *, strictly: bool = False) -> Array:
        """Where some true value is at least (strictly: more than) a doubled bound."""
        found: Array = self.high > bound
        return found if strictly else found | ((self.high == bound) & self.high_in)

    def around(self, tolerance: int) -> Array:
        """Where 0 lies within the true values, widened by a doubled tolerance."""
        return self.below(tolerance) & self.above(-tolerance)


def _both(one: Flags, other: Flags) -> Flags:
    if one is True:
        return other
    return one if other is True else np.logical_and(one, other)


def reach_of(column: Column, convention: Convention) -> Reach:
    """What the prints of one column stand for; cells without a plain figure are exactly 0."""
    value, steps, state = column.values * 2, column.steps, column.state
    if state is not None:
        large = column.values.dtype == object
        steps = np.where(state == 0, np.asarray(steps, object) if large else steps, 0)
    if isinstance(steps, int) and steps == 0:
        return Reach(value, value, value, True, True)
    hides: Any = steps != 0
    match convention.rounding:
        case "nearest":
            low_in, high_in = _ties(column.values, steps, convention)
            return Reach(value, value - steps, value + steps, low_in, high_in)
        case "nudged":
            open_ends = np.broadcast_to(np.logical_not(hides), value.shape)
            return Reach(value, value - 2 * steps, value + 2 * steps, open_ends, open_ends)
        case "floor":
            return Reach(value, value, value + 2 * steps, True, np.broadcast_to(np.logical_not(hides), value.shape))
        case "truncate":
            low = np.where(value > 0, value, value - 2 * steps)
            high = np.where(value < 0, value, value + 2 * steps)
            return Reach(value, low, high, (value > 0) | np.logical_not(hides), (value < 0) | np.logical_not(hides))


def _ties(values: Array, steps: Array | int, convention: Convention) -> tuple[Flags, Flags]:
    hides: Any = np.asarray(steps != 0)
    if convention.ties == "away":
        return (values > 0) | ~hides, (values < 0) | ~hides
    if convention.ties == "even":
        whole = np.where(hides, steps, 1)
        even = (values % (whole * 2) == 0) | ~hides
        return even, even
    return True, True


def linear(
    terms: Sequence[tuple[int, Column]], constant: int, convention: Convention, size: int, *, exactly: bool = False
) -> Reach:
    """Σ coefficient · column + constant (in quanta) over `size` units."""
    zero: Array = np.zeros(size, object if exactly else np.int64)
    whole = Reach(zero + 2 * constant, zero + 2 * constant, zero + 2 * constant, True, True)
    for coefficient, column in terms:
        whole = whole.plus(reach_of(column.exact() if exactly else column, convention).scaled(coefficient))
    return whole


def is_safe(weights: Sequence[int], peak: int, steps: int, more: int) -> bool:
    """Whether no sum of these can leave int64, in any order: proven in Python's integers.

    Args:
        weights: The coefficients.
        peak: The largest size of a figure, in quanta.
        steps: The largest step.
        more: The size of everything else that is added, in quanta.
    """
    weight = sum(map(abs, weights))
    return 2 * (weight * (peak + steps) + more) < LARGEST


def split_residual(terms: Sequence[tuple[int, Array]], constant: int) -> tuple[Array, Array]:
    """Σ coefficient · values + constant where int64 is too small: as high · 2^32 + low, 0 <= low < 2^32.

    Exact while Σ |coefficient| stays below 2^30 (`fits_split`).
    """
    mask = (1 << _LIMB) - 1
    high = np.full(len(terms[0][1]), constant >> _LIMB, np.int64)
    low = np.full(len(terms[0][1]), constant & mask, np.int64)
    for coefficient, values in terms:
        high += coefficient * (values >> _LIMB)
        low += coefficient * (values & mask)
    high += low >> _LIMB
    low &= mask
    return high, low


def fits_split(weights: Sequence[int], constant: int) -> bool:
    """Whether `split_residual` is exact for these coefficients."""
    return sum(map(abs, weights)) < _MOST_WEIGHT and abs(constant) < LARGEST << 30
