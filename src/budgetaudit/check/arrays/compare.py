"""Comparing: sums and inequalities whose figures are all usable, by the closed forms of the verdict semantics.

First the residual of every unit, one pass a term. Where it is 0 (or an inequality holds) the verdict is `exact` in every
way of rounding, because each printed value lies in its own interval; intervals are worked out for the other units only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.linear import Column, Reach, fits_split, is_safe, linear, reach_of, split_residual
from budgetaudit.check.compile import CompiledRelation
from budgetaudit.check.outcome import VERDICTS, Verdict

_BLOCK: Final = 1 << 15  # units that are weighed together, so that what lies between stays in the cache
EXACT: Final = VERDICTS.index("exact")
ROUNDING: Final = VERDICTS.index("rounding")
INCONSISTENT: Final = VERDICTS.index("inconsistent")


def code(verdict: Verdict) -> int:
    """The number of a verdict in arrays."""
    return VERDICTS.index(verdict)


@dataclass(frozen=True)
class Scale:
    """How a relation counts: coefficients and constants in whole quanta, everything multiplied by `multiplier`.

    `tolerance` is in quanta, times the multiplier.
    """

    multiplier: int
    weights: tuple[int, ...]
    constant: int
    tolerance: int


def scale_of(relation: CompiledRelation, unit_scale: Fraction, quantum: Fraction) -> Scale:
    """A relation in quanta, for figures whose unit has a scale."""
    if relation.constant is None and relation.convention.tolerance == "0":
        return Scale(relation.multiplier, tuple(term.coefficient for term in relation.terms), 0, 0)
    constant = (relation.constant or Fraction(0)) * relation.multiplier * unit_scale / quantum
    tolerance = Fraction(relation.convention.tolerance) * relation.multiplier * unit_scale / quantum
    more = lcm(constant.denominator, tolerance.denominator)
    turned = relation.form == "order" and relation.written in {">", ">="}
    return Scale(
        relation.multiplier * more,
        tuple(term.coefficient * more for term in relation.terms),
        int(constant * more) * (1 if turned else -1),
        int(tolerance * more),
    )


@dataclass(frozen=True)
class Weighing:
    """One relation with the columns of its terms, ready to be compared."""

    relation: CompiledRelation
    columns: tuple[Column, ...]
    scale: Scale
    peak: int

    def at(self, units: Array) -> Weighing:
        """The same in some units."""
        return Weighing(self.relation, tuple(column.at(units) for column in self.columns), self.scale, self.peak)

    @property
    def size(self) -> int:
        """How many units there are."""
        return len(self.columns[0].values)

    @property
    def safe(self) -> bool:
        """Whether int64 is proven to be enough."""
        steps = max(
            (one.steps if isinstance(one.steps, int) else int(one.steps.max(initial=0)) for one in self.columns),
            default=0,
        )
        return self.in_int64 and is_safe(
            self.scale.weights, self.peak, steps, abs(self.scale.constant) + self.scale.tolerance
        )

    @property
    def in_int64(self) -> bool:
        """Whether the figures are int64, and not Python's own integers."""
        return all(column.values.dtype != object for column in self.columns)

    def reaches(self, *, exactly: bool) -> tuple[Reach, Reach]:
        """The difference of both sides, and that of the printed target and the printed rest; for sums what decides."""
        convention, scale = self.relation.convention, self.scale
        terms = list(zip(scale.weights, self.columns, strict=True))
        whole = linear(terms, scale.constant, convention, self.size, exactly=exactly)
        if self.relation.form != "sum":
            return whole, whole.point
        place = next(place for place, term in enumerate(self.relation.terms) if term.role == "total")
        weight, column = terms.pop(place)
        target = reach_of(column.exact() if exactly else column, convention).scaled(weight)
        near = linear(terms, scale.constant, convention, self.size, exactly=exactly).point.plus(target)
        return (whole if self.relation.convention.totals_from == "unrounded" else near), near


def compared(weighing: Weighing) -> tuple[Array, Array]:
    """The units whose verdict is not `exact`, and their verdicts."""
    relation, scale = weighing.relation, weighing.scale
    safe = weighing.safe
    steps = [column.steps for column in weighing.columns]
    simple = (
        safe
        and relation.convention.rounding == "nearest"
        and relation.convention.ties == "any"
        and all(isinstance(step, int) for step in steps)
        and all(column.state is None for column in weighing.columns)
    )
    if simple:
        return _simply(weighing, [step for step in steps if isinstance(step, int)])
    units = _not_holding(weighing, safe=safe)
    verdicts = _weighed(weighing.at(units), exactly=not safe, tolerance=2 * scale.tolerance)
    kept = verdicts != EXACT
    return units[kept], verdicts[kept]


def _simply(weighing: Weighing, steps: Sequence[int]) -> tuple[Array, Array]:
    """Closed forms: the bound of a relation is one number, wherever its figures were printed alike."""
    relation, scale = weighing.relation, weighing.scale
    is_sum, strictly = relation.form == "sum", relation.op == "<"
    weighted = [abs(weight) * step for weight, step in zip(scale.weights, steps, strict=True)]
    target = sum(one for term, one in zip(relation.terms, weighted, strict=True) if term.role == "total")
    rounded_parts = is_sum and relation.convention.totals_from != "unrounded"
    far = (target if rounded_parts else sum(weighted)) + 2 * scale.tolerance
    near, most = (
        (target // 2, far // 2) if is_sum else (-1 if strictly else 0, (far - 1) // 2 if strictly else far // 2)
    )
    size = weighing.size
    found: list[Array] = [] if size else [np.zeros(0, np.int64)]
    within: list[Array] = [] if size else [np.zeros(0, bool)]
    buffer = np.empty(min(size, _BLOCK), np.int64)
    for start in range(0, size, _BLOCK):
        missed = _residual(weighing, slice(start, start + _BLOCK), buffer[: size - start])
        if is_sum:
            np.abs(missed, out=missed)
        units = np.flatnonzero(missed > near)
        within.append(missed[units] <= most)
        units += start
        found.append(units)
    units, fits = (one[0] if len(one) == 1 else np.concatenate(one) for one in (found, within))
    return units, np.where(fits, np.uint8(ROUNDING), np.uint8(INCONSISTENT))


def _residual(weighing: Weighing, block: slice = slice(None), buffer: Array | None = None) -> Array:
    """Σ weight · values + constant over some units, in one buffer: the one given, or one of its own."""
    terms = [(weight, one.values[block]) for weight, one in zip(weighing.scale.weights, weighing.columns, strict=True)]
    (weight, first), *others = terms
    if weight == 1 and others and abs(others[0][0]) == 1:  # the first pass adds two terms
        (other, second), *others = others
        whole: Array = (np.add if other == 1 else np.subtract)(first, second, out=buffer)
    else:
        whole = np.multiply(first, weight, out=buffer)
    for weight, values in others:
        if weight == 1:
            whole += values
        elif weight == -1:
            whole -= values
        else:
            whole += values * weight
    if weighing.scale.constant:
        whole += weighing.scale.constant
    return whole


def _not_holding(weighing: Weighing, *, safe: bool) -> Array:
    """The units whose printed figures do not fit exactly; those that need a closer look."""
    scale, relation = weighing.scale, weighing.relation
    if safe or not weighing.in_int64 or not fits_split(scale.weights, scale.constant):
        if not safe:
            weighing = Weighing(relation, tuple(column.exact() for column in weighing.columns), scale, weighing.peak)
        residual = _residual(weighing)
        missed = residual != 0 if relation.form == "sum" else residual >= 0 if relation.op == "<" else residual > 0
        return np.flatnonzero(missed)
    terms = [(weight, column.values) for weight, column in zip(scale.weights, weighing.columns, strict=True)]
    high, low = split_residual(terms, scale.constant)
    if relation.form == "sum":
        return np.flatnonzero((high != 0) | (low != 0))
    missed = high >= 0 if relation.op == "<" else (high > 0) | ((high == 0) & (low > 0))
    return np.flatnonzero(missed)


def _weighed(weighing: Weighing, *, exactly: bool, tolerance: int) -> Array:
    """The verdicts, by intervals."""
    whole, near = weighing.reaches(exactly=exactly)
    if weighing.relation.form == "sum":
        holds, meets = near.around(0), whole.around(tolerance)
    else:
        strictly = weighing.relation.op == "<"
        holds = whole.value < 0 if strictly else whole.value <= 0
        meets = whole.below(tolerance, strictly=strictly)
    found: Array = np.where(holds, EXACT, np.where(meets, ROUNDING, INCONSISTENT)).astype(np.uint8)
    return found


def gaps_and_bounds(weighing: Weighing) -> tuple[Array, Array, Array]:
    """Doubled gap, bound and computed side of every unit, times the multiplier, in quanta; for inequalities gap from 0.

    The gap is what is reported less what is computed; the bound is the largest gap of that sign that rounding can make.
    """
    exactly = not weighing.safe
    relation, scale = weighing.relation, weighing.scale
    whole, _ = weighing.reaches(exactly=exactly)
    place = _target_side(relation)
    terms = [(weight, column) for weight, column, term in zip(scale.weights, weighing.columns, relation.terms, strict=True) if term.role in place]  # fmt: skip
    sides = linear(terms, 0, relation.convention, weighing.size, exactly=exactly)
    computed = sides.value - whole.value
    if relation.form == "sum":
        room = np.where(whole.value >= 0, whole.value - whole.low, whole.high - whole.value) + 2 * scale.tolerance
        return whole.value, room, computed
    turned = relation.written in {">", ">="}
    right = [(-weight if not turned else weight, column) for weight, column, term in zip(scale.weights, weighing.columns, relation.terms, strict=True) if term.role == "right"]  # fmt: skip
    shown = linear(right, -scale.constant if not turned else scale.constant, relation.convention, weighing.size, exactly=exactly)  # fmt: skip
    gap = np.maximum(whole.value, 0)
    return gap, whole.value - whole.low + 2 * scale.tolerance, shown.value


def _target_side(relation: CompiledRelation) -> frozenset[str]:
    return frozenset({"total"}) if relation.form == "sum" else frozenset({"left"})
