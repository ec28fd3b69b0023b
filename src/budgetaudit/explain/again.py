"""Sums judged again and again with a few figures changed: what the other figures add up to is worked out once.

A hypothesis changes one figure of a sum, or a few, and there are hundreds of hypotheses about a sum of hundreds of parts.
So that each costs as much as the figures it changes, the parts are kept as one total: ends of intervals add up exactly, and
what was added can be taken away. The answers are those of `evaluate`, `needed` and `gap_probability`, which judge what is
not kept here: sums in which a figure is missing or cannot be used, and changes that make one so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from budgetaudit.check.evaluate import tolerance_of, weighed_outcome
from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.check.quantity import Quantity, Unusable
from budgetaudit.check.verdict import Figure, weigh_sum
from budgetaudit.explain.likelihood import equal_steps_probability, is_modelled
from budgetaudit.explain.needed import Rest, needed_in_sum
from budgetaudit.money.interval import Interval

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class _Parts:
    """Weighted parts added up: their value, the ends of their interval, and how many of the ends are open.

    `widths` counts the parts that hide digits, by weighted step and step.
    """

    value: Fraction
    lo: Fraction
    hi: Fraction
    open_lo: int
    open_hi: int
    widths: Counter[tuple[Fraction, Fraction]]

    def copy(self) -> _Parts:
        return _Parts(self.value, self.lo, self.hi, self.open_lo, self.open_hi, self.widths.copy())

    def add(self, weight: Fraction, quantity: Quantity, *, times: int = 1) -> None:
        """Add a part, or with -1 for `times` take it away again."""
        interval = quantity.interval if weight == 1 else quantity.interval.scaled(weight)
        assert interval.lo is not None
        assert interval.hi is not None
        self.value += times * weight * quantity.value
        self.lo += times * interval.lo
        self.hi += times * interval.hi
        self.open_lo += times * (not interval.lo_in)
        self.open_hi += times * (not interval.hi_in)
        if quantity.value != 0 and quantity.step > 0 and weight != 0:
            self.widths[abs(weight) * quantity.step, quantity.step] += times

    @property
    def interval(self) -> Interval:
        return Interval(self.lo, self.hi, self.open_lo == 0, self.open_hi == 0)


class SumAgain(Generic[Key]):
    """A judged sum all of whose figures are usable.

    Args:
        outcome: How it was judged.
        keys: What every term is a figure of, in the order of the terms.
        quantities: The figures.
    """

    def __init__(self, outcome: Outcome, keys: tuple[Key, ...], quantities: Mapping[Key, Quantity]) -> None:
        self._outcome, self._quantities = outcome, quantities
        self._relation: Relation = outcome.relation
        self._total: Key | None = None
        self._weights: dict[Key, list[Fraction]] = {}
        self._parts = _Parts(Fraction(0), Fraction(0), Fraction(0), 0, 0, Counter())
        for term, key in zip(self._relation.terms, keys, strict=True):
            if term.role == "total":
                self._total, self._total_weight = key, term.weight
            else:
                self._weights.setdefault(key, []).append(term.weight)
                self._parts.add(term.weight, quantities[key])

    @classmethod
    def of(
        cls, outcome: Outcome, keys: tuple[Key, ...], quantities: Mapping[Key, Quantity | Unusable | None]
    ) -> SumAgain[Key] | None:
        """The sum, or None where it has to be judged as a whole each time."""
        relation = outcome.relation
        roles = Counter(term.role for term in relation.terms)
        usable = {key: found for key, found in quantities.items() if isinstance(found, Quantity) and _is_bounded(found)}
        plain = (
            relation.form == "sum" and outcome.verdict in {"exact", "rounding", "inconsistent"} and not outcome.absent
            and not relation.missing and relation.condition != "open" and roles["total"] <= 1 <= roles["part"]
        )  # fmt: skip
        return cls(outcome, keys, usable) if plain and len(usable) == len(quantities) else None

    def with_changed(
        self, changed: Mapping[Key, Quantity | Unusable | None]
    ) -> tuple[Outcome, Fraction | None, bool] | None:
        """The outcome with other figures, the probability of its gap, and whether that is known here.

        None where a figure would no longer be usable, or in another unit.
        """
        parts = self._parts.copy()
        for key, new in changed.items():
            old = self._quantities[key]
            if not isinstance(new, Quantity) or not _is_bounded(new) or not _in_one_unit(old, new):
                return None
            for weight in self._weights.get(key, ()):
                parts.add(weight, old, times=-1)
                parts.add(weight, new)
        target = None if self._total is None else changed.get(self._total, self._quantities[self._total])
        assert target is None or isinstance(target, Quantity)
        outcome = self._judged(parts, target)
        probability, is_known = self._probability(outcome, parts, target)
        return outcome, probability, is_known

    def _judged(self, parts: _Parts, total: Quantity | None) -> Outcome:
        relation, unit = self._relation, self._outcome.unit
        constant = (relation.constant or Fraction(0)) * unit.scale
        target = Figure(constant, Interval.point(constant)) if total is None else Figure(total.value, total.interval)
        added = Fraction(0) if total is None else constant
        value = parts.value + added
        rounded = relation.convention.totals_from == "unrounded"
        interval = parts.interval + Interval.point(added) if rounded else Interval.point(value)
        weighed = weigh_sum(target, Figure(value, interval), tolerance=tolerance_of(relation, unit))
        return weighed_outcome(relation, weighed, target, unit)

    def _probability(self, outcome: Outcome, parts: _Parts, total: Quantity | None) -> tuple[Fraction | None, bool]:
        """As `gap_probability` gives it, and whether it is so simple that it is known from counts."""
        relation = self._relation
        if outcome.verdict == "inconsistent" or relation.constant is not None or not outcome.complete or total is None:
            return None, True
        widths = {width: count for width, count in parts.widths.items() if count}
        number = sum(widths.values())
        least = min((step for _, step in widths), default=Fraction(0))
        if not is_modelled(number, total.step, least, total.unit):
            return None, True
        if relation.convention.rounding == "truncate" or any(width != total.step for width, _ in widths):
            return None, False
        assert outcome.gap is not None
        return equal_steps_probability(outcome.gap * outcome.unit.scale, total.step, number), True

    def needed(self, key: Key, scale: Fraction) -> Interval | None:
        """The values of one figure with which the sum is possible.

        Args:
            key: The figure.
            scale: The scale of the first print of the total, 1 without a total.
        """
        weights = self._weights.get(key, [])
        if len(weights) + (key == self._total) != 1:
            return None
        weight = weights[0] if weights else self._total_weight
        if weight == 0:
            return None
        parts = self._parts.copy()
        if weights:
            parts.add(weight, self._quantities[key], times=-1)
        rounded = self._relation.convention.totals_from == "unrounded"
        rest = Rest("part" if weights else "total", weight, {}, scale)
        rest.sums["part"] = parts.interval if rounded else Interval.point(parts.value)
        if weights and self._total is not None:
            rest.sums["total"] = self._quantities[self._total].interval.scaled(self._total_weight)
        return needed_in_sum(self._relation, rest)


def _is_bounded(quantity: Quantity) -> bool:
    return not quantity.blank and quantity.interval.lo is not None and quantity.interval.hi is not None


def _in_one_unit(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit and one.unit.text == other.unit.text
