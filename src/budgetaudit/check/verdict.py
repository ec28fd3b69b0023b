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

_POSITIVE = Interval(Fraction(0), None, lo_in=False)
_NEGATIVE = Interval(None, Fraction(0), hi_in=False)
_ABOVE_MINUS_ONE = Interval(Fraction(-1), None, lo_in=False)
_BELOW_MINUS_ONE = Interval(None, Fraction(-1), hi_in=False)


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
        interval += figure.interval if weight == 1 else figure.interval.scaled(weight)
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


def weigh_order(
    left: Figure, op: Literal["<", "<=", ">", ">="], right: Figure, *, tolerance: Fraction = Fraction(0)
) -> Weighed:
    """Compare two sides of an inequality; the gap is by how much the printed values miss it, 0 if they do not.

    `computed` and `reach` are those of the right side, whichever way the sign points.
    """
    if op in {">", ">="}:
        mirrored = weigh_order(right, "<" if op == ">" else "<=", left, tolerance=tolerance)
        return Weighed(mirrored.verdict, mirrored.gap, mirrored.bound, right.value, right.interval)
    strict = op == "<"
    holds = left.value < right.value if strict else left.value <= right.value
    allowed = right.interval + Interval(-tolerance, tolerance)
    low, high = left.interval.lo, allowed.hi
    reachable = low is None or high is None or low < high
    if not strict and low is not None and low == high:
        reachable = left.interval.lo_in and allowed.hi_in
    bound = None if low is None or high is None else (left.value - low) + (high - right.value)
    return Weighed(
        _verdict(holds, reachable), max(left.value - right.value, Fraction(0)), bound, right.value, right.interval
    )


def weigh_ratio(
    ratio: Figure,
    over: Figure,
    base: Figure,
    *,
    factor: Fraction,
    less_one: bool = False,
    absolute: bool = False,
    tolerance: Fraction = Fraction(0),
) -> Weighed:
    """Compare ratio = factor · over / base, or with `less_one` growth = factor · (over - base) / base.

    `base` must not be printed as 0 (that is `undefined`, decided by the caller). Solved form: over = (ratio/factor [+ 1]) ·
    base, for every base but 0; `absolute` divides by |base| instead, so that growth from a negative base has the sign of
    the change.
    """
    shift = Fraction(1 if less_one else 0)
    allowed = ratio.interval + Interval(-tolerance, tolerance)

    def meets(side: Interval) -> bool:
        quotient = allowed.scaled(_sign(side, absolute=absolute) / factor) + Interval.point(shift)
        return over.interval.overlaps(quotient * side)

    met = any(meets(side) for side in _either_side_of_zero(base.interval))
    turned = Fraction(-1 if absolute and base.value < 0 else 1)
    computed = turned * factor * (over.value / base.value - shift)
    reach = None
    if _excludes_zero(base.interval):
        reach = (over.interval / base.interval + Interval.point(-shift)).scaled(turned * factor)
    return _weighed_ratio(ratio, computed, reach, met=met, tolerance=tolerance)


def weigh_growth_from_change(
    ratio: Figure,
    change: Figure,
    current: Figure,
    *,
    factor: Fraction,
    absolute: bool = False,
    tolerance: Fraction = Fraction(0),
) -> Weighed:
    """Compare growth = factor · change / base, where base = current - change is not printed and not 0.

    Solved form: change = q · base and current = (1 + q) · base, so change = current · q / (1 + q), increasing in q on either
    side of q = -1; at q = -1 the current figure is 0. `absolute` divides by |base|.
    """
    base = current.value - change.value
    computed = factor * change.value / (abs(base) if absolute else base)
    allowed = (ratio.interval + Interval(-tolerance, tolerance)).scaled(1 / factor)
    met = any(
        _meets_with_base(side, allowed.scaled(_sign(side, absolute=absolute)), change.interval, current.interval)
        for side in (_POSITIVE, _NEGATIVE)
    )
    reach = _growth_reach(change.interval, current.interval, absolute=absolute)
    return _weighed_ratio(
        ratio, computed, None if reach is None else reach.scaled(factor), met=met, tolerance=tolerance
    )


def _meets_with_base(side: Interval, growth: Interval, change: Interval, current: Interval) -> bool:
    """Whether some base on one side of zero, with some growth, gives a change and a current figure in their intervals."""
    against = _NEGATIVE if side == _POSITIVE else _POSITIVE
    if -1 in growth and 0 in current and change.overlaps(against):
        return True
    for piece, sign_of_current in ((_ABOVE_MINUS_ONE, side), (_BELOW_MINUS_ONE, against)):
        rates, possible = growth.intersection(piece), current.intersection(sign_of_current)
        if rates is not None and possible is not None and change.overlaps(possible * _share_of_current(rates)):
            return True
    return False


def _growth_reach(change: Interval, current: Interval, *, absolute: bool) -> Interval | None:
    """All growth that change and current allow; None if their intervals reach a current figure or a base of 0."""
    if not _excludes_zero(current):
        return None
    share = change / current
    if share.hi is None or share.lo is None or share.lo <= 1 <= share.hi:
        return None
    growth = Interval(share.lo / (1 - share.lo), share.hi / (1 - share.hi), share.lo_in, share.hi_in)
    base_is_negative = (current.lo is not None and current.lo > 0) == (share.lo > 1)
    return -growth if absolute and base_is_negative else growth


def _share_of_current(growth: Interval) -> Interval:
    """The rates q as q / (1 + q), for rates that lie all above -1 or all below it."""

    def image(end: Fraction | None) -> Fraction | None:
        if end is None:
            return Fraction(1)
        return None if end == -1 else end / (1 + end)

    return Interval(image(growth.lo), image(growth.hi), growth.lo_in, growth.hi_in)


def _weighed_ratio(
    ratio: Figure, computed: Fraction, reach: Interval | None, *, met: bool, tolerance: Fraction
) -> Weighed:
    gap = ratio.value - computed
    bound = None if reach is None else _bound(gap, ratio, Figure(computed, reach)) + tolerance
    return Weighed(_verdict(computed in ratio.interval, met), gap, bound, computed, reach)


def _sign(side: Interval, *, absolute: bool) -> Fraction:
    return Fraction(-1 if absolute and side.hi is not None and side.hi <= 0 else 1)


def _either_side_of_zero(interval: Interval) -> list[Interval]:
    """The parts of an interval above and below 0, without 0 itself."""
    halves = (interval.intersection(_POSITIVE), interval.intersection(_NEGATIVE))
    return [half for half in halves if half is not None]


def _verdict(exact: bool, met: bool) -> Verdict:
    return "exact" if exact else "rounding" if met else "inconsistent"


def _bound(gap: Fraction, target: Figure, computed: Figure) -> Fraction:
    """With I = [t - h⁻, t + h⁺] and C = [c - r⁻, c + r⁺]: r⁺ + h⁻ for a positive gap, r⁻ + h⁺ for a negative one."""
    if gap >= 0:
        return _room(computed, computed.interval.hi) + _room(target, target.interval.lo)
    return _room(computed, computed.interval.lo) + _room(target, target.interval.hi)


def _room(figure: Figure, end: Fraction | None) -> Fraction:
    """From the value to an end of its interval; prints bound both."""
    return Fraction(0) if end is None else abs(figure.value - end)


def _excludes_zero(interval: Interval) -> bool:
    return (interval.lo is not None and interval.lo > 0) or (interval.hi is not None and interval.hi < 0)
