"""Likelihood of many gaps at once: how improbable each is under rounding, for relations weighed in arrays.

The law of a gap depends on little: how many parts hide digits, and the gap in steps. So the units of a relation fall into
few classes, each worked out once by the exact law of `likelihood`; only parts of mixed steps are worked out one by one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import numpy as np

from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.compare import Weighing
from budgetaudit.check.arrays.grid import ABSENT, THERE
from budgetaudit.check.arrays.linear import Column
from budgetaudit.check.arrays.weigh import Prepared, weighing_of
from budgetaudit.check.quantity import Quantity
from budgetaudit.explain.likelihood import is_modelled, p_value, rounding_p_value
from budgetaudit.money.interval import Interval
from budgetaudit.money.unit import Unit


def rounding_p_values(
    prepared: Prepared, units: Array, gaps: Array, unit: Unit, quantum: Fraction
) -> list[Fraction | None]:
    """The p-value of the gap of a relation in some units, as `likelihood` gives it for one outcome.

    Args:
        prepared: The relation.
        units: Units of its frame, all with the verdict `rounding`.
        gaps: Doubled, in quanta times the multiplier, as `gaps_and_bounds` gives them.
        unit: The unit of the total.
        quantum: One step of the whole numbers.
    """
    relation = prepared.relation
    if relation.form != "sum" or relation.constant is not None:
        return [None] * len(units)
    weighing = weighing_of(prepared, units, unit.scale)
    spoken_of = np.ones(len(units), bool)
    for located, column in zip(prepared.terms, weighing.columns, strict=True):
        if column.state is not None:
            spoken_of &= (column.state == THERE) | ((column.state == ABSENT) & located.term.optional)
    spoken_of &= _modelled(prepared, weighing, unit, quantum)
    keys = _classes(prepared, weighing, gaps)
    known: dict[tuple[object, ...], Fraction | None] = {}
    found: list[Fraction | None] = []
    for whole, key in zip(spoken_of.tolist(), keys, strict=True):
        if not whole:
            found.append(None)
            continue
        if key not in known:
            known[key] = _of_class(key, weighing, unit, quantum)
        found.append(known[key])
    return found


def _modelled(prepared: Prepared, weighing: Weighing, unit: Unit, quantum: Fraction) -> Array:
    """Where the model of the law speaks of the sum: enough parts, and nothing printed to the smallest currency unit."""
    number = np.zeros(weighing.size, np.int64)
    least = np.full(weighing.size, -1, object)
    target = np.zeros(weighing.size, object)
    for located, column in zip(prepared.terms, weighing.columns, strict=True):
        steps = _steps(column).astype(object)
        if located.term.role == "total":
            target = steps
            continue
        counts = (column.values != 0) & (steps > 0)
        number += counts
        least = np.where(counts & ((least < 0) | (steps < least)), steps, least)
    known: dict[tuple[int, int, int], bool] = {}
    found = np.zeros(weighing.size, bool)
    for place, key in enumerate(zip(number.tolist(), target.tolist(), least.tolist(), strict=True)):
        if key not in known:
            known[key] = is_modelled(key[0], key[1] * quantum, max(key[2], 0) * quantum, unit)
        found[place] = known[key]
    return found


def _classes(prepared: Prepared, weighing: Weighing, gaps: Array) -> list[tuple[object, ...]]:
    """What the law of every gap depends on: gap, step of the total, and value (if steps differ) and steps of the parts."""
    steps = [_steps(column) for column in weighing.columns]
    total = next(place for place, located in enumerate(prepared.terms) if located.term.role == "total")
    parts = [place for place in range(len(steps)) if place != total]
    counted = [np.where(weighing.columns[place].values != 0, np.abs(weighing.scale.weights[place]) * steps[place], 0) for place in parts]  # fmt: skip
    target = weighing.scale.multiplier * steps[total]
    alike = np.ones(len(gaps), bool)
    number = np.zeros(len(gaps), np.int64)
    for one in counted:
        number += one > 0
        alike &= (one == 0) | (one == target)
    weighed = sum((weighing.scale.weights[place] * weighing.columns[place].values.astype(object) for place in parts), np.zeros(len(gaps), object))  # fmt: skip
    rows = zip(*(one.tolist() for one in counted), strict=True) if counted else iter([()] * len(gaps))
    return [
        (gap, step, n) if same else (gap, step, tuple(sorted(one for one in row if one)), -whole)
        for gap, step, n, same, whole, row in zip(
            gaps.tolist(), target.tolist(), number.tolist(), alike.tolist(), weighed.tolist(), rows, strict=True
        )
    ]


def _steps(column: Column) -> Array:
    steps = np.broadcast_to(np.asarray(column.steps), column.values.shape)
    found: Array = steps if column.state is None else np.where(column.state == THERE, steps, 0)
    return found


def _of_class(key: tuple[object, ...], weighing: Weighing, unit: Unit, quantum: Fraction) -> Fraction | None:
    gap, step, *rest = key
    size = quantum / weighing.scale.multiplier
    assert isinstance(gap, int)
    assert isinstance(step, int)
    if len(rest) == 1:
        (number,) = rest
        assert isinstance(number, int)
        steps = Fraction(gap, 2 * step)
        return rounding_p_value(int(steps), number) if steps.denominator == 1 else Fraction(0)
    widths, whole = rest
    assert isinstance(whole, int)
    widths = cast("tuple[int, ...]", widths)
    first = _quantity(whole * size, widths[0] * size, unit)  # the sum of the parts decides, not each of them
    parts = [(Fraction(1), first), *((Fraction(1), _quantity(Fraction(0), width * size, unit)) for width in widths[1:])]
    target = _quantity(Fraction(0), step * size, unit)
    return p_value(Fraction(gap, 2) * size, target, parts)


def _quantity(value: Fraction, step: Fraction, unit: Unit) -> Quantity:
    return Quantity(value, Interval.point(value), step, unit)
