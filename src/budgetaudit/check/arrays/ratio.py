"""Ratios by cross-multiplication: nothing is divided, so nothing is rounded and nothing blows up near zero.

ratio = factor · over / base holds exactly if (ratio ± half a step) · base encloses factor · over; for growth over is
current - base. Where it does not, true values exist if some ratio within its print times some base within its print is
within the print of the other figure: each figure occurs once in that product, so its ends are those of the true values.
Bases whose print reaches zero, and conventions with open ends, are left to the scalar engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from budgetaudit.check.arrays.amounts import LARGEST
from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.compare import EXACT, INCONSISTENT, ROUNDING, code
from budgetaudit.check.arrays.linear import Column, Reach, linear
from budgetaudit.check.compile import CompiledRelation

LEFT_OVER = 255  # for the scalar engine
_UNDEFINED = code("undefined")


def ratio_verdicts(
    relation: CompiledRelation,
    columns: Sequence[Column],
    *,
    factor: Fraction,
    quantum: Fraction,
    scale: Fraction,
    peak: int,
) -> Array:
    """The verdict of every unit, or `LEFT_OVER`.

    Args:
        relation: A share or growth.
        columns: Its terms.
        factor: What the ratio is multiplied with before printing.
        quantum: One step of the whole numbers.
        scale: Of the unit of the ratio.
        peak: The largest figure.
    """
    convention = relation.convention
    two_factors = 2 * factor / quantum
    tolerance = 2 * Fraction(convention.tolerance) * scale / quantum
    more = lcm(two_factors.denominator, tolerance.denominator)
    times, widened = int(two_factors * more), int(tolerance * more)
    weight = sum(abs(term.coefficient) for term in relation.terms)
    steps = max((int(np.max(column.steps, initial=0)) for column in columns), default=0)
    size = 4 * (weight * (peak + steps) + 1)
    exactly = (size * more + abs(times) + widened) * size * 2 >= LARGEST or any(
        one.values.dtype == object for one in columns
    )

    def side(*roles: str) -> Reach:
        terms = [
            (term.coefficient, column)
            for term, column in zip(relation.terms, columns, strict=True)
            if term.role in roles
        ]
        return linear(terms, 0, convention, len(columns[0].values), exactly=exactly)

    ratio = side("ratio").scaled(more)
    if relation.form == "share":
        over, base, shift = side("numerator"), side("denominator"), 0
    elif relation.form == "growth":
        over, base, shift = side("current"), side("base"), times
    else:
        change, current = side("change"), side("current")
        over, base, shift = change, current.point.plus(change.point.scaled(-1)), 0
    return _verdicts(relation, ratio, over, base, times=times, shift=shift, widened=widened)


def _verdicts(
    relation: CompiledRelation, ratio: Reach, over: Reach, base: Reach, *, times: int, shift: int, widened: int
) -> Array:
    """Verdicts from doubled forms: ratio · base against times · over - shift · base."""
    convention = relation.convention
    absolute = convention.negative_base == "absolute" and relation.form != "share"
    sign = np.where(base.value < 0, -1, 1)
    product = times * over.value - shift * base.value
    if not absolute:
        product = product * sign
    size = base.value * sign
    low, high = ratio.low * size, ratio.high * size
    holds = ((low < product) | ((low == product) & ratio.low_in)) & (
        (product < high) | ((product == high) & ratio.high_in)
    )
    found: Array = np.where(holds, EXACT, LEFT_OVER).astype(np.uint8)
    closed = convention.rounding == "nearest" and convention.ties == "any"
    if closed and relation.form != "growth-from-change":
        plain = base.low > 0  # the base is surely positive
        meets = _meets(ratio, over, base, times=times, shift=shift, widened=widened)
        found = np.where(plain & (found != EXACT), np.where(meets, ROUNDING, INCONSISTENT), found).astype(np.uint8)
    found[(base.value == 0)] = _UNDEFINED
    if relation.form != "share" and convention.negative_base == "undefined":
        found[base.value < 0] = _UNDEFINED
    return found


def _meets(ratio: Reach, over: Reach, base: Reach, *, times: int, shift: int, widened: int) -> Array:
    """Whether a positive base within its print, times a ratio within its own, can be what it is compared with."""
    low, high = ratio.low - widened + shift, ratio.high + widened + shift
    least = low * np.where(low >= 0, base.low, base.high)
    most = high * np.where(high >= 0, base.high, base.low)
    found: Array = (most >= times * over.low) & (least <= times * over.high)
    return found
