"""Intervals: the true values that a printed number can stand for.

A figure printed as 677.41 means "between 677.405 and 677.415". Whether the ends belong to it depends on how the office
rounded, so each end is open or closed, and every operation here keeps that straight: adding, weighting by a negative
number (the ends trade places) and asking whether two intervals meet.

Ends are exact rationals; None is "no end on this side". There is no float, no decimal context and no epsilon in this
module; a sum of a million figures is as exact as a sum of two. Units and labels live in `amount`; probabilities in
`explain.likelihood`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from budgetaudit.errors import BudgetAuditError

Rounding = Literal["nearest", "truncate", "floor", "nudged"]
Ties = Literal["any", "away", "even"]

_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """A non-empty set of rationals between two ends, each open or closed; an end of None is unbounded (and open).

    Raises:
        BudgetAuditError: The ends enclose nothing (use `intersection`, which answers None, to ask).
    """

    lo: Fraction | None
    hi: Fraction | None
    lo_in: bool = True
    hi_in: bool = True

    def __post_init__(self) -> None:
        if self.lo is None and self.lo_in:
            object.__setattr__(self, "lo_in", False)
        if self.hi is None and self.hi_in:
            object.__setattr__(self, "hi_in", False)
        if _encloses_nothing(self.lo, self.hi, self.lo_in, self.hi_in):
            raise BudgetAuditError(
                f"the interval {self} encloses no value", hint="the low end must not exceed the high end"
            )

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        """The interval of one value."""
        exact = Fraction(value)
        return cls(exact, exact)

    @property
    def is_point(self) -> bool:
        """Whether exactly one value is left."""
        return self.lo is not None and self.lo == self.hi

    def __contains__(self, value: Fraction | int) -> bool:
        above = self.lo is None or value > self.lo or (self.lo_in and value == self.lo)
        below = self.hi is None or value < self.hi or (self.hi_in and value == self.hi)
        return above and below

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            None if self.lo is None or other.lo is None else self.lo + other.lo,
            None if self.hi is None or other.hi is None else self.hi + other.hi,
            self.lo_in and other.lo_in,
            self.hi_in and other.hi_in,
        )

    def __neg__(self) -> Interval:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def scaled(self, weight: Fraction | int) -> Interval:
        """Every value times `weight`; a negative weight swaps the ends together with their open or closed state."""
        if weight == 0:
            return Interval.point(0)
        lo = None if self.lo is None else self.lo * weight
        hi = None if self.hi is None else self.hi * weight
        return Interval(lo, hi, self.lo_in, self.hi_in) if weight > 0 else Interval(hi, lo, self.hi_in, self.lo_in)

    def __mul__(self, other: Interval) -> Interval:
        """All products of a value of each (exact when no value occurs twice in the expression)."""
        return _hull(
            _product(a, a_in, b, b_in, a_high, b_high)
            for a, a_in, a_high in self._ends()
            for b, b_in, b_high in other._ends()
        )

    def __truediv__(self, other: Interval) -> Interval:
        """All quotients.

        Raises:
            BudgetAuditError: The closure of the divisor contains 0: there the quotient has no meaning (verdict `undefined`).
        """
        lo, hi = other.lo, other.hi
        if (lo is None or lo <= 0) and (hi is None or hi >= 0):
            raise BudgetAuditError(f"cannot divide by {other}: it reaches zero")
        reciprocal = Interval(
            Fraction(0) if hi is None else 1 / hi, Fraction(0) if lo is None else 1 / lo, other.hi_in, other.lo_in
        )
        return self * reciprocal

    def intersection(self, other: Interval) -> Interval | None:
        """The values in both, or None; where the ends touch they count only if both are closed."""
        lo, lo_in = _tighter(self.lo, self.lo_in, other.lo, other.lo_in, larger=True)
        hi, hi_in = _tighter(self.hi, self.hi_in, other.hi, other.hi_in, larger=False)
        return None if _encloses_nothing(lo, hi, lo_in, hi_in) else Interval(lo, hi, lo_in, hi_in)

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return self.intersection(other) is not None

    def __str__(self) -> str:
        low = "(-∞" if self.lo is None else f"{'[' if self.lo_in else '('}{self.lo}"
        high = "∞)" if self.hi is None else f"{self.hi}{']' if self.hi_in else ')'}"
        return f"{low}, {high}"

    def _ends(self) -> tuple[tuple[Fraction | None, bool, bool], tuple[Fraction | None, bool, bool]]:
        return (self.lo, self.lo_in, False), (self.hi, self.hi_in, True)


def printed_interval(value: Fraction, ulp: Fraction, *, rounding: Rounding = "nearest", ties: Ties = "any") -> Interval:
    """The true values behind a printed one: `value` printed in steps of `ulp` (0: no hidden digits).

    `ties` matters for `nearest` only: `any` keeps both ends, `away` and `even` keep the end that would be printed so.

    Raises:
        BudgetAuditError: `ulp` is negative.

    Source: XBRL Calculations 1.1 (2023-02-22) for `nearest` and `truncate`; OMB A-34 and XBRL 2.1 for ties to even.

    >>> str(printed_interval(Fraction("677.41"), Fraction("0.01")))
    '[135481/200, 135483/200]'
    >>> str(printed_interval(Fraction(-3), Fraction(1), rounding="truncate"))
    '(-4, -3]'
    """
    if ulp < 0:
        raise BudgetAuditError(f"a printed step must not be negative: {ulp}")
    if ulp == 0:
        return Interval.point(value)
    match rounding:
        case "nudged":
            return Interval(value - ulp, value + ulp, lo_in=False, hi_in=False)
        case "floor":
            return Interval(value, value + ulp, lo_in=True, hi_in=False)
        case "truncate":
            lo = value if value > 0 else value - ulp
            hi = value if value < 0 else value + ulp
            return Interval(lo, hi, lo_in=value > 0, hi_in=value < 0)
        case "nearest":
            lo_in, hi_in = _tie_ends(value, ulp, ties)
            return Interval(value - ulp * _HALF, value + ulp * _HALF, lo_in, hi_in)


def _tie_ends(value: Fraction, ulp: Fraction, ties: Ties) -> tuple[bool, bool]:
    if ties == "any":
        return True, True
    if ties == "away":
        return value > 0, value < 0
    even = (value / ulp).denominator == 1 and int(value / ulp) % 2 == 0
    return even, even


def _encloses_nothing(lo: Fraction | None, hi: Fraction | None, lo_in: bool, hi_in: bool) -> bool:
    if lo is None or hi is None:
        return False
    if lo is hi:
        return not (lo_in and hi_in)
    low, high = lo.numerator * hi.denominator, hi.numerator * lo.denominator  # comparing Fractions takes thrice as long
    return low > high or (low == high and not (lo_in and hi_in))


def _tighter(
    a: Fraction | None, a_in: bool, b: Fraction | None, b_in: bool, *, larger: bool
) -> tuple[Fraction | None, bool]:
    if a is None:
        return b, b_in
    if b is None:
        return a, a_in
    if a == b:
        return a, a_in and b_in
    return (a, a_in) if (a > b) == larger else (b, b_in)


# A corner of a product: its value (None with a sign: infinite), whether it is attained.
_Corner = tuple[Fraction | None, int, bool]


def _product(a: Fraction | None, a_in: bool, b: Fraction | None, b_in: bool, a_high: bool, b_high: bool) -> _Corner:
    """One corner of a product. A closed factor 0 attains the corner 0 whatever the other end is, even an infinite one."""
    if a is not None and b is not None:
        attained = (a_in and b_in) or (a == 0 and a_in) or (b == 0 and b_in)
        return a * b, 0, attained
    zero_in = (a == 0 and a_in) or (b == 0 and b_in)
    if a == 0 or b == 0:
        return Fraction(0), 0, zero_in
    sign = _side(a, a_high) * _side(b, b_high)
    return None, sign, False


def _side(end: Fraction | None, high: bool) -> int:
    if end is None:
        return 1 if high else -1
    return 1 if end > 0 else -1


def _hull(corners: Iterable[_Corner]) -> Interval:
    found = list(corners)
    finite = [(value, attained) for value, _, attained in found if value is not None]
    below = any(value is None and sign < 0 for value, sign, _ in found)
    above = any(value is None and sign > 0 for value, sign, _ in found)
    values = [value for value, _ in finite]
    lo = None if below or not values else min(values)
    hi = None if above or not values else max(values)
    return Interval(
        lo,
        hi,
        any(attained for value, attained in finite if value == lo),
        any(attained for value, attained in finite if value == hi),
    )
