"""Verdicts: does a printed target agree with what its inputs allow?

Every relation is written as target = f(inputs). From the printed values comes one number, from their intervals a set; the
target's print stands for an interval. If the number lies in it the figure is what anyone would recompute (`exact`); if
only the sets meet, true values exist behind the print (`rounding`); if they do not meet, none exist (`inconsistent`).

Pure functions of values and intervals: no lines, no rules, no words. Ratios are compared in solved form, where every
figure occurs once, so nothing is divided and nothing blows up near zero.

Source: XBRL Calculations 1.1 (REC 2023-02-22) for sums; section 3 to 6 of docs/explanation/verdicts.md for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from budgetaudit.check.outcome import Verdict
from budgetaudit.money.interval import Interval

_ONE = Interval.point(1)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A comparison: verdict, gap = reported minus computed, and the largest gap of that sign that rounding can produce.

    `computed` is what the printed inputs give, `reach` everything their intervals allow. For a ratio all are in its own
    unit (percentage points); None where the inputs' interval reaches a zero base.
    """

    verdict: Verdict
    gap: Fraction
    bound: Fraction | None
    computed: Fraction
    reach: Interval | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and the interval its print stands for."""

    value: Fraction
    interval: Interval


def linear(terms: Sequence[tuple[Fraction, Figure]], constant: Fraction = Fraction(0)) -> Figure:
    """Σ weight · figure + constant, as a value and an interval."""
    value, interval = constant, Interval.point(constant)
    for weight, figure in terms:
        value += weight * figure.value
        interval += figure.interval.scaled(weight)
    return Figure(value, interval)


def weigh_sum(target: Figure, computed: Figure, *, tolerance: Fraction = Fraction(0)) -> Weighed:
    """Compare a printed total with the sum of its parts (or any linear form); `tolerance` widens the total both ways."""
    gap = target.value - computed.value
    allowed = target.interval + Interval(-tolerance, tolerance)
    bound = _bound(gap, target, computed) + tolerance
    return Weighed(
        _verdict(computed.value in target.interval, allowed.overlaps(computed.interval)),
        gap, bound, computed.value, computed.interval,
    )  # fmt: skip


def weigh_order(left: Figure, op: Literal["<", "<=", ">", ">="], right: Figure) -> Weighed:
    """Compare two sides of an inequality; the gap is by how much the printed values miss it, 0 if they do not."""
    if op in {">", ">="}:
        mirrored = weigh_order(right, "<" if op == ">" else "<=", left)
        return Weighed(mirrored.verdict, mirrored.gap, mirrored.bound, left.value, left.interval)
    strict = op == "<"
    holds = left.value < right.value if strict else left.value <= right.value
    low, high = left.interval.lo, right.interval.hi
    reachable = low is None or high is None or low < high
    if not strict and low is not None and low == high:
        reachable = left.interval.lo_in and right.interval.hi_in
    bound = None if low is None or high is None else (left.value - low) + (high - right.value)
    return Weighed(
        _verdict(holds, reachable), max(left.value - right.value, Fraction(0)), bound, right.value, right.interval
    )


def weigh_ratio(ratio: Figure, over: Figure, base: Figure, *, factor: Fraction, less_one: bool = False) -> Weighed:
    """Compare ratio = factor · over / base, or with `less_one` growth = factor · (over / base - 1).

    `base` must not be printed as 0 (that is `undefined`, decided by the caller). Solved form: over = (ratio/factor [+ 1]) · base.
    """
    shift = Fraction(1 if less_one else 0)
    computed = factor * (over.value / base.value - shift)
    quotient = ratio.interval.scaled(1 / factor) + Interval.point(shift)
    possible = over.interval.intersection(quotient * base.interval)
    if possible is not None and possible.is_point and possible.lo == 0 and 0 not in quotient and 0 in base.interval:
        possible = None  # they meet only where the base itself is 0, and there no ratio exists
    reach = None
    if _excludes_zero(base.interval):
        reach = (over.interval / base.interval + Interval.point(-shift)).scaled(factor)
    return _weighed_ratio(ratio, computed, reach, met=possible is not None)


def weigh_growth_from_change(ratio: Figure, change: Figure, current: Figure, *, factor: Fraction) -> Weighed:
    """Compare growth = factor · change / (current - change), the base not being printed.

    Solved form: change = current · q / (1 + q), increasing in q on either side of q = -1; at q = -1 the current is 0.
    """
    base = current.value - change.value
    computed = factor * change.value / base
    growth = ratio.interval.scaled(1 / factor)
    met = (-1 in growth and 0 in current.interval) or any(
        change.interval.overlaps(current.interval * piece) for piece in _shares_of_current(growth)
    )
    reach = None
    if _excludes_zero(current.interval):
        share = change.interval / current.interval
        if share.hi is not None and share.hi < 1:
            low = None if share.lo is None else share.lo / (1 - share.lo)
            reach = Interval(low, share.hi / (1 - share.hi), share.lo_in, share.hi_in).scaled(factor)
    return _weighed_ratio(ratio, computed, reach, met=met)


def _shares_of_current(growth: Interval) -> list[Interval]:
    """q / (1 + q) over the part of `growth` above -1 and the part below it."""

    def image(end: Fraction | None, at_infinity: Fraction | None) -> Fraction | None:
        return at_infinity if end is None else end / (1 + end)

    minus_one = Fraction(-1)
    pieces = []
    above = growth.intersection(Interval(minus_one, None, lo_in=False))
    if above is not None:
        low = None if above.lo == minus_one else image(above.lo, None)
        pieces.append(Interval(low, image(above.hi, Fraction(1)), above.lo_in, above.hi_in))
    below = growth.intersection(Interval(None, minus_one, hi_in=False))
    if below is not None:
        high = None if below.hi == minus_one else image(below.hi, None)
        pieces.append(Interval(image(below.lo, Fraction(1)), high, below.lo_in, below.hi_in))
    return pieces


def _weighed_ratio(ratio: Figure, computed: Fraction, reach: Interval | None, *, met: bool) -> Weighed:
    gap = ratio.value - computed
    bound = None if reach is None else _bound(gap, ratio, Figure(computed, reach))
    return Weighed(_verdict(computed in ratio.interval, met), gap, bound, computed, reach)


def _verdict(exact: bool, met: bool) -> Verdict:
    return "exact" if exact else "rounding" if met else "inconsistent"


def _bound(gap: Fraction, target: Figure, computed: Figure) -> Fraction:
    """With I = [t - h⁻, t + h⁺] and C = [c - r⁻, c + r⁺]: r⁺ + h⁻ for a positive gap, r⁻ + h⁺ for a negative one."""
    target_ends, computed_ends = target.interval, computed.interval
    if None in (target_ends.lo, target_ends.hi, computed_ends.lo, computed_ends.hi):
        return Fraction(0)
    assert target_ends.lo is not None and target_ends.hi is not None
    assert computed_ends.lo is not None and computed_ends.hi is not None
    if gap >= 0:
        return (computed_ends.hi - computed.value) + (target.value - target_ends.lo)
    return (computed.value - computed_ends.lo) + (target_ends.hi - target.value)


def _excludes_zero(interval: Interval) -> bool:
    return (interval.lo is not None and interval.lo > 0) or (interval.hi is not None and interval.hi < 0)
