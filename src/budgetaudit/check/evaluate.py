"""Evaluating: from a relation to its outcome, whatever the figures are like.

The order of reasons is fixed: a broken rule is `failed`, an input that cannot be used makes it `undecided`, a zero base
`undefined`; only then are figures compared. An exception inside one relation becomes its own `failed` outcome and never
touches another. All comparisons are made in base units; outcomes report in the unit of the target.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from budgetaudit.check.outcome import Outcome, Reason, Relation
from budgetaudit.check.quantity import Quantities, Quantity, Unusable
from budgetaudit.check.tie import weigh_tie
from budgetaudit.check.verdict import (
    Figure,
    Weighed,
    linear,
    weigh_growth_from_change,
    weigh_order,
    weigh_ratio,
    weigh_sum,
)
from budgetaudit.model.budget import Budget
from budgetaudit.model.statement import Role, Term
from budgetaudit.money.interval import Interval
from budgetaudit.money.unit import NUMBER, Unit

RATIOS = frozenset({"share", "growth", "growth-from-change"})
_GROWTH: tuple[Role, ...] = ("current", "base")
_SHARE: tuple[Role, ...] = ("numerator", "denominator")
_MISSING: tuple[Reason, ...] = ("missing-part", "missing-total")


def evaluate_all(relations: Iterable[Relation], budget: Budget) -> tuple[Outcome, ...]:
    """One outcome for every relation, in order."""
    quantities = Quantities(budget)
    return tuple(_judged(relation, quantities) for relation in relations)


def evaluate(relation: Relation, budget: Budget) -> Outcome:
    """Judge one relation; never raises: what goes wrong inside is a `failed` outcome with the reason in `detail`."""
    return _judged(relation, Quantities(budget))


def _judged(relation: Relation, quantities: Quantities) -> Outcome:
    try:
        outcome = _evaluate(relation, quantities)
    except Exception as error:  # noqa: BLE001 - law 4: a crash in one rule is counted and never stops the rest
        return Outcome(relation, "failed", reasons=("error",), detail=f"{type(error).__name__}: {error}")
    if relation.condition == "open" and outcome.verdict in {"rounding", "inconsistent"}:
        return replace(outcome, verdict="undecided", reasons=("condition-open",))
    return outcome


@dataclass(frozen=True, slots=True)
class _Input:
    """One usable term: the part it plays, its weight, its quantity."""

    role: Role
    weight: Fraction
    quantity: Quantity

    @property
    def figure(self) -> Figure:
        return Figure(self.quantity.value, self.quantity.interval)

    @property
    def weighted(self) -> Figure:
        """The figure as the relation counts it: a decrease of 5 is printed as 5 and counts as -5."""
        return Figure(self.weight * self.quantity.value, self.quantity.interval.scaled(self.weight))


def _evaluate(relation: Relation, quantities: Quantities) -> Outcome:
    if relation.unknown:
        return Outcome(relation, "failed", reasons=("name-not-found",), detail="; ".join(relation.unknown))
    if relation.broken:
        return Outcome(relation, "failed", reasons=("error",), detail=relation.broken)
    if relation.form == "tie":
        return weigh_tie(relation, quantities.budget)
    inputs: list[_Input] = []
    absent: list[str] = list(relation.missing)
    reasons: list[Reason] = []
    for term in _inputs_before_target(relation):
        quantity = quantities.of(term.line, relation.convention)
        if isinstance(quantity, Quantity):
            inputs.append(_Input(term.role, term.weight, quantity))
            continue
        if isinstance(quantity, Unusable):
            reasons += quantity.reasons
        elif (reason := _missed(term, relation)) is not None:
            reasons.append(reason)
        absent.append(quantities.budget.line(term.line).label)
    if relation.missing and relation.convention.missing == "required":
        reasons.append("missing-part")
    unit = _unit(relation, inputs)
    if _units_differ(relation, quantities.budget):
        reasons.append("units-differ")
    if reasons:
        return _unusable(relation, inputs, reasons, absent, unit)
    if absent and relation.convention.missing == "open" and relation.form == "sum":
        return _open_list(relation, inputs, absent, unit)
    outcome = _compared(relation, inputs, unit)
    return replace(outcome, absent=tuple(absent), complete=relation.complete and not absent)


def _inputs_before_target(relation: Relation) -> list[Term]:
    return sorted(relation.terms, key=lambda term: term.role in {"total", "ratio"})


def _missed(term: Term, relation: Relation) -> Reason | None:
    """Why a figure that nobody prints stops the comparison; None where its absence stands for zero, or means nothing."""
    if term.role == "total":
        return "missing-total"
    required = relation.convention.missing == "required" or relation.form in RATIOS
    return "missing-part" if required or (relation.form == "order" and term.role == "right") else None


def _compared(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    if inputs and all(entry.quantity.blank for entry in inputs):  # empty cells that make an empty cell show nothing
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",))
    match relation.form:
        case "sum":
            return _sum(relation, inputs, unit)
        case "order":
            return _order(relation, inputs, unit)
        case "count":
            return _count(relation, inputs, unit)
        case _:
            return _ratio(relation, inputs, unit)


def _sum(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    target, computed = _sides(relation, inputs, unit)
    bare = (
        relation.constant is not None and all(term.role == "total" for term in relation.terms) and not relation.missing
    )
    if not _of(inputs, "part") and not bare:
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",))
    if computed.value and any(entry.quantity.blank for entry in _of(inputs, "total")):
        outcome = Outcome(relation, "undecided", unit=unit, reasons=("missing-total",), complete=False)
        return _with_implied_total(outcome, relation, inputs, unit)
    return weighed_outcome(relation, weigh_sum(target, computed, tolerance=tolerance_of(relation, unit)), target, unit)


def _sides(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> tuple[Figure, Figure]:
    """The target and what the parts give; shares that add to 100 have the constant as their exact target.

    Where totals are computed from the printed parts, the parts count as exact.
    """
    constant = (relation.constant or Fraction(0)) * unit.scale
    parts = [(entry.weight, entry.figure) for entry in _of(inputs, "part")]
    totals = _of(inputs, "total")
    target = totals[0].figure if totals else Figure(constant, Interval.point(constant))
    computed = linear(parts, constant if totals else Fraction(0))
    if relation.convention.totals_from != "unrounded":
        computed = Figure(computed.value, Interval.point(computed.value))
    return target, computed


def _order(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    if not inputs:
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",))
    left = linear([(entry.weight, entry.figure) for entry in _of(inputs, "left")])
    constant = (relation.constant or Fraction(0)) * unit.scale
    right = linear([(entry.weight, entry.figure) for entry in _of(inputs, "right")], constant)
    tolerance = tolerance_of(relation, unit)
    if relation.op == "=":
        return weighed_outcome(relation, weigh_sum(left, right, tolerance=tolerance), left, unit)
    return weighed_outcome(relation, weigh_order(left, relation.op, right, tolerance=tolerance), left, unit)


def _count(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    if relation.constant is None:
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",))
    printed = _of(inputs, "total")[0].quantity.value
    target, counted = (Figure(value, Interval.point(value)) for value in (printed, relation.constant))
    if relation.op == "=":
        return weighed_outcome(relation, weigh_sum(target, counted), target, unit)
    return weighed_outcome(relation, weigh_order(target, relation.op, counted), target, unit)


def _ratio(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    (ratio,) = (entry.weighted for entry in _of(inputs, "ratio"))
    absolute = relation.convention.negative_base == "absolute" and relation.form != "share"
    tolerance = tolerance_of(relation, unit)
    if relation.form == "growth-from-change":
        (change,), (current,) = ([entry.weighted for entry in _of(inputs, role)] for role in ("change", "current"))
        refused = _refused_base(relation, current.value - change.value, unit)
        weighed = refused or weigh_growth_from_change(
            ratio, change, current, factor=relation.factor, absolute=absolute, tolerance=tolerance
        )
    else:
        is_growth = relation.form == "growth"
        over, below = (
            linear([(entry.weight, entry.figure) for entry in _of(inputs, role)])
            for role in (_GROWTH if is_growth else _SHARE)
        )
        weighed = _refused_base(relation, below.value, unit) or weigh_ratio(
            ratio, over, below, factor=relation.factor, less_one=is_growth, absolute=absolute, tolerance=tolerance
        )
    return weighed if isinstance(weighed, Outcome) else weighed_outcome(relation, weighed, ratio, unit)


def _refused_base(relation: Relation, base: Fraction, unit: Unit) -> Outcome | None:
    if base == 0:
        return Outcome(relation, "undefined", unit=unit, reasons=("zero-base",))
    if base < 0 and relation.form != "share" and relation.convention.negative_base == "undefined":
        return Outcome(relation, "undefined", unit=unit, reasons=("negative-base",))
    return None


def _unusable(
    relation: Relation, inputs: Sequence[_Input], reasons: Sequence[Reason], absent: Sequence[str], unit: Unit
) -> Outcome:
    """A broken rule first, then what is printed and cannot be used, inputs before the target, then what is not printed."""
    ordered = sorted(dict.fromkeys(reasons), key=lambda reason: (reason in _MISSING, reason == "missing-total"))
    if "units-differ" in ordered:
        ordered.sort(key=lambda reason: reason != "units-differ")
    outcome = Outcome(
        relation, "failed" if ordered[0] == "units-differ" else "undecided", unit=unit, reasons=tuple(ordered),
        absent=tuple(dict.fromkeys(absent)), complete=False,
    )  # fmt: skip
    if set(ordered) == {"missing-part"}:
        if relation.form == "order":
            return _certain_order(outcome, relation, inputs, unit)
        if relation.form == "sum" and _of(inputs, "total"):
            return _with_implied(outcome, relation, inputs, unit)
    if ordered == ["missing-total"] and relation.form == "sum" and _of(inputs, "part"):
        return _with_implied_total(outcome, relation, inputs, unit)
    return outcome


def _with_implied_total(outcome: Outcome, relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    """What a total that nobody prints would be: information, never a figure."""
    constant = (relation.constant or Fraction(0)) * unit.scale
    known = linear([(entry.weight, entry.figure) for entry in _of(inputs, "part")], constant)
    interval = known.interval.scaled(1 / unit.scale)
    return replace(outcome, implied=interval, computed=known.value / unit.scale, computed_interval=interval)


def _with_implied(outcome: Outcome, relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    """What the missing parts must amount to; if they are amounts from 0 on, and cannot be that small, the sum fails."""
    target, known = _sides(relation, inputs, unit)
    weighed = weigh_sum(target, known, tolerance=tolerance_of(relation, unit))
    too_much = weighed.verdict == "inconsistent" and weighed.gap < 0
    if too_much and relation.nonnegative and "part" in _incomplete(relation, inputs) and _all_positive(inputs):
        return replace(weighed_outcome(relation, weighed, target, unit), absent=outcome.absent, complete=False)
    scale = unit.scale
    return replace(
        outcome, implied=(target.interval - known.interval).scaled(1 / scale), gap=weighed.gap / scale,
        computed=known.value / scale, target_interval=target.interval.scaled(1 / scale),
        computed_interval=known.interval.scaled(1 / scale),
    )  # fmt: skip


def _certain_order(outcome: Outcome, relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    """An inequality that holds, or fails, whatever the missing amounts from 0 on are."""
    incomplete = _incomplete(relation, inputs)
    if not relation.nonnegative or not incomplete or relation.op == "=":
        return outcome
    weighed = _order(relation, inputs, unit)
    smaller: Role = "left" if relation.op in {"<", "<="} else "right"
    if weighed.verdict == ("inconsistent" if smaller in incomplete else "exact") and len(incomplete) == 1:
        return replace(weighed, absent=outcome.absent, complete=False)
    return outcome


def _incomplete(relation: Relation, inputs: Sequence[_Input]) -> frozenset[Role]:
    """The roles in which figures are missing; none if one of these could take away instead of adding."""
    blank: list[tuple[Role, Fraction]] = [(term.role, term.weight) for term in relation.terms]
    for entry in inputs:
        blank.remove((entry.role, entry.weight))
    if any(weight < 0 for _, weight in blank):
        return frozenset()
    return relation.missing_from.union(role for role, _ in blank)


def _open_list(relation: Relation, inputs: Sequence[_Input], absent: Sequence[str], unit: Unit) -> Outcome:
    """Only some parts are ever named: they may not exceed the total, if none is negative."""
    target, known = _sides(relation, inputs, unit)
    if not _of(inputs, "part") or not _all_positive(inputs):
        return Outcome(
            relation, "undecided", unit=unit, reasons=("nothing-to-compare",), absent=tuple(absent), complete=False
        )
    weighed = weigh_order(known, "<=", target, tolerance=tolerance_of(relation, unit))
    return replace(weighed_outcome(relation, weighed, target, unit), absent=tuple(absent), complete=False)


def tolerance_of(relation: Relation, unit: Unit) -> Fraction:
    """What the caller adds to every bound, in base units."""
    return Fraction(relation.convention.tolerance) * unit.scale


def weighed_outcome(relation: Relation, weighed: Weighed, target: Figure, unit: Unit) -> Outcome:
    """A comparison in base units as an outcome in the unit of its target."""
    scale = unit.scale
    return Outcome(
        relation,
        weighed.verdict,
        gap=weighed.gap / scale,
        bound=None if weighed.bound is None else weighed.bound / scale,
        unit=unit,
        computed=weighed.computed / scale,
        target_interval=target.interval.scaled(1 / scale),
        computed_interval=None if weighed.reach is None else weighed.reach.scaled(1 / scale),
        complete=relation.complete,
    )


def _of(inputs: Sequence[_Input], role: Role) -> list[_Input]:
    return [entry for entry in inputs if entry.role == role]


def _all_positive(inputs: Sequence[_Input]) -> bool:
    return all(entry.weight > 0 and entry.quantity.value >= 0 for entry in _of(inputs, "part"))


def _unit(relation: Relation, inputs: Sequence[_Input]) -> Unit:
    """The unit of the total, of the ratio, or of the side of an order that must be the larger; else of the first figure."""
    known = [entry for entry in inputs if not entry.quantity.blank]
    for role in ("total", "ratio", "left" if relation.op in {">", ">="} else "right"):
        for entry in known:
            if entry.role == role:
                return entry.quantity.unit
    return known[0].quantity.unit if known else NUMBER


def _units_differ(relation: Relation, budget: Budget) -> bool:
    """Whether figures that are added or compared count different things; the ratio itself may count anything but points."""
    amounts = [(term.role, budget.line(term.line).amount) for term in relation.terms]
    units = [(role, amount.unit) for role, amount in amounts if amount is not None]
    if relation.form in RATIOS and any(role == "ratio" and unit.kind == "points" for role, unit in units):
        return True
    if relation.form == "share" and relation.kind == "RAT006":
        return False  # an average divides money by a count
    compared = {unit for role, unit in units if role != "ratio"}
    if relation.form == "sum" and {(role, unit.kind) for role, unit in units} == {
        ("total", "points"),
        ("part", "percent"),
    }:
        return False  # percentage points are the difference of two percentages
    return any(not one.measures_like(other) for one, other in combinations(compared, 2))
