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
from budgetaudit.check.quantity import Quantity, Unusable, hidden_step, quantity_of
from budgetaudit.check.verdict import Figure, Weighed, linear, weigh_growth_from_change, weigh_order, weigh_ratio, weigh_sum
from budgetaudit.model.budget import Budget
from budgetaudit.model.statement import Role
from budgetaudit.money.interval import Interval, printed_interval
from budgetaudit.money.unit import NUMBER, Unit

_REASON_ORDER: tuple[Reason, ...] = (
    "units-differ", "conflicting-figures", "unknown-precision", "approximate", "excess-digits", "missing-part", "missing-total",
)  # fmt: skip
_FAILURES: frozenset[Reason] = frozenset({"units-differ", "name-not-found", "error"})


def evaluate_all(relations: Iterable[Relation], budget: Budget) -> tuple[Outcome, ...]:
    """One outcome for every relation, in order."""
    return tuple(evaluate(relation, budget) for relation in relations)


def evaluate(relation: Relation, budget: Budget) -> Outcome:
    """Judge one relation; never raises: what goes wrong inside is a `failed` outcome with the reason in `detail`."""
    try:
        outcome = _evaluate(relation, budget)
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


def _evaluate(relation: Relation, budget: Budget) -> Outcome:
    if relation.unknown:
        return Outcome(relation, "failed", reasons=("name-not-found",), detail="; ".join(relation.unknown))
    if relation.form == "tie":
        return _tie(relation, budget)
    inputs: list[_Input] = []
    absent: list[str] = list(relation.missing)
    reasons: list[Reason] = []
    for term in relation.terms:
        quantity = quantity_of(budget.prints(term.line), relation.convention)
        if isinstance(quantity, Quantity):
            inputs.append(_Input(term.role, term.weight, quantity))
            continue
        if isinstance(quantity, Unusable):
            reasons += quantity.reasons
        elif term.role == "total":
            reasons.append("missing-total")
        absent.append(budget.line(term.line).label)
        if quantity is None and term.role != "total" and relation.convention.missing == "required":
            reasons.append("missing-part")
    if relation.missing and relation.convention.missing == "required":
        reasons.append("missing-part")
    unit = _unit(relation, inputs)
    if _units_differ(relation, inputs):
        reasons.append("units-differ")
    if reasons:
        return _unusable(relation, inputs, reasons, absent, unit)
    if absent and relation.convention.missing == "open" and relation.form == "sum":
        return _open_list(relation, inputs, absent, unit)
    outcome = _compared(relation, inputs, unit)
    return replace(outcome, absent=tuple(absent), complete=relation.complete and not absent)


def _compared(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
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
    target, parts = _sides(relation, inputs, unit)
    if not _of(inputs, "part"):
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",))
    computed = linear(parts, (relation.constant or Fraction(0)) * unit.scale if _of(inputs, "total") else Fraction(0))
    convention = relation.convention
    if convention.totals_from != "unrounded":
        computed = Figure(computed.value, Interval.point(computed.value))
    tolerance = Fraction(convention.tolerance) * unit.scale
    return _weighed(relation, weigh_sum(target, computed, tolerance=tolerance), target, unit)


def _sides(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> tuple[Figure, list[tuple[Fraction, Figure]]]:
    """The target and the parts; shares that add to 100 have the constant as their exact target."""
    parts = [(entry.weight, entry.figure) for entry in _of(inputs, "part")]
    totals = _of(inputs, "total")
    if totals:
        return totals[0].figure, parts
    constant = (relation.constant or Fraction(0)) * unit.scale
    return Figure(constant, Interval.point(constant)), parts


def _order(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    constant = (relation.constant or Fraction(0)) * unit.scale
    left = linear([(entry.weight, entry.figure) for entry in _of(inputs, "left")])
    right = linear([(entry.weight, entry.figure) for entry in _of(inputs, "right")], constant)
    if not _of(inputs, "left"):
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",))
    if relation.op == "=":
        return _weighed(relation, weigh_sum(left, right), left, unit)
    return _weighed(relation, weigh_order(left, relation.op, right), left, unit)


def _count(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    printed, listed = _of(inputs, "total")[0].figure, relation.constant or Fraction(0)
    target = Figure(printed.value, Interval.point(printed.value))
    counted = Figure(listed, Interval.point(listed))
    if relation.op in {"<", "<=", ">", ">="}:
        return _weighed(relation, weigh_order(target, relation.op, counted), target, unit)  # type: ignore[arg-type]
    return _weighed(relation, weigh_sum(target, counted), target, unit)


def _ratio(relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    (ratio,) = (entry.figure for entry in _of(inputs, "ratio"))
    convention = relation.convention
    if relation.form == "growth-from-change":
        (change,), (current,) = (_of(inputs, role) for role in ("change", "current"))
        base = current.quantity.value - change.quantity.value
        if (reason := _refused_base(relation, base)) is not None:
            return reason
        weighed = weigh_growth_from_change(ratio, change.figure, current.figure, factor=relation.factor)
        return _weighed(relation, weighed, ratio, unit)
    over_role, base_role = ("current", "base") if relation.form == "growth" else ("numerator", "denominator")
    over = linear([(entry.weight, entry.figure) for entry in _of(inputs, over_role)])  # type: ignore[arg-type]
    below = linear([(entry.weight, entry.figure) for entry in _of(inputs, base_role)])  # type: ignore[arg-type]
    if (reason := _refused_base(relation, below.value)) is not None:
        return reason
    if below.value < 0 and convention.negative_base == "absolute" and relation.form == "growth":
        # (c - b) / |b| = -(c/b - 1): compare the mirrored ratio
        ratio = Figure(-ratio.value, -ratio.interval)
    weighed = weigh_ratio(ratio, over, below, factor=relation.factor, less_one=relation.form == "growth")
    return _weighed(relation, weighed, ratio, unit)


def _refused_base(relation: Relation, base: Fraction) -> Outcome | None:
    if base == 0:
        return Outcome(relation, "undefined", reasons=("zero-base",))
    negative = base < 0 and relation.form != "share" and relation.convention.negative_base == "undefined"
    return Outcome(relation, "undefined", reasons=("negative-base",)) if negative else None


def _tie(relation: Relation, budget: Budget) -> Outcome:
    """All prints of one fact: exact if the finest, rounded, gives every other; otherwise they contradict each other."""
    convention = relation.convention
    amounts = [amount for term in relation.terms if (amount := budget.line(term.line).amount) is not None]
    unit = amounts[0].unit
    reasons: list[Reason] = []
    if any(not one.unit.measures_like(other.unit) for one, other in combinations(amounts, 2)):
        reasons.append("units-differ")
    if any(amount.precision == "unknown" for amount in amounts):
        reasons.append("unknown-precision")
    if any(amount.precision == "approximate" for amount in amounts):
        reasons.append("approximate")
    if reasons:
        return _unusable(relation, (), reasons, [], unit)
    finest = min(amounts, key=lambda amount: hidden_step(amount, convention))
    value = finest.exact_value
    others = [
        (amount, printed_interval(
            amount.exact_value, hidden_step(amount, convention), rounding=convention.rounding, ties=convention.ties
        ))
        for amount in amounts
    ]  # fmt: skip
    same_step_differs = any(
        hidden_step(amount, convention) == hidden_step(finest, convention) and amount.exact_value != value for amount in amounts
    )
    worst = max(amounts, key=lambda amount: abs(amount.exact_value - value))
    holds = not same_step_differs and all(value in interval for _, interval in others)
    meets = not same_step_differs and _common([interval for _, interval in others]) is not None
    gap = worst.exact_value - value
    bound = Fraction(0) if same_step_differs else (hidden_step(worst, convention) + hidden_step(finest, convention)) / 2
    verdict = "exact" if holds else "rounding" if meets else "inconsistent"
    scale = unit.scale
    return Outcome(
        relation, verdict, gap=gap / scale, bound=bound / scale, unit=unit, computed=value / scale,
        target_interval=others[0][1].scaled(1 / scale),
    )  # fmt: skip


def _common(intervals: Sequence[Interval]) -> Interval | None:
    common: Interval | None = intervals[0]
    for interval in intervals[1:]:
        common = common.intersection(interval) if common is not None else None
    return common


def _unusable(
    relation: Relation, inputs: Sequence[_Input], reasons: Sequence[Reason], absent: Sequence[str], unit: Unit
) -> Outcome:
    ordered = tuple(reason for reason in _REASON_ORDER if reason in reasons)
    verdict = "failed" if ordered[0] in _FAILURES else "undecided"
    outcome = Outcome(
        relation, verdict, unit=unit, reasons=ordered, absent=tuple(dict.fromkeys(absent)), complete=False
    )
    if relation.form != "sum" or not set(ordered) <= {"missing-part"} or not _of(inputs, "total"):
        return outcome
    return _with_implied(outcome, relation, inputs, unit)


def _with_implied(outcome: Outcome, relation: Relation, inputs: Sequence[_Input], unit: Unit) -> Outcome:
    """What the missing parts must amount to; if that is impossible for amounts that are never negative, the sum fails."""
    target, parts = _sides(relation, inputs, unit)
    known = linear(parts, (relation.constant or Fraction(0)) * unit.scale)
    implied = target.interval - known.interval
    if parts and _all_positive(inputs) and implied.hi is not None and (implied.hi < 0 or (implied.hi == 0 and not implied.hi_in)):
        weighed = weigh_sum(target, known)
        return replace(_weighed(relation, weighed, target, unit), absent=outcome.absent, complete=False)
    scale = unit.scale
    return replace(
        outcome, implied=implied.scaled(1 / scale), gap=(target.value - known.value) / scale, computed=known.value / scale,
        target_interval=target.interval.scaled(1 / scale), computed_interval=known.interval.scaled(1 / scale),
    )  # fmt: skip


def _open_list(relation: Relation, inputs: Sequence[_Input], absent: Sequence[str], unit: Unit) -> Outcome:
    """Only some parts are ever named: they may not exceed the total, if none is negative."""
    target, parts = _sides(relation, inputs, unit)
    if not parts or not _all_positive(inputs):
        return Outcome(relation, "undecided", unit=unit, reasons=("nothing-to-compare",), absent=tuple(absent), complete=False)
    outcome = _weighed(relation, weigh_order(linear(parts), "<=", target), target, unit)
    return replace(outcome, absent=tuple(absent), complete=False)


def _weighed(relation: Relation, weighed: Weighed, target: Figure, unit: Unit) -> Outcome:
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
    return all(entry.weight > 0 and entry.quantity.value >= 0 for entry in inputs)


def _unit(relation: Relation, inputs: Sequence[_Input]) -> Unit:
    """The unit of the target: the total, the ratio, or the left side; else of the first figure."""
    for role in ("total", "ratio", "right"):
        for entry in inputs:
            if entry.role == role:
                return entry.quantity.unit
    return inputs[0].quantity.unit if inputs else NUMBER


def _units_differ(relation: Relation, inputs: Sequence[_Input]) -> bool:
    """Whether figures that are added or compared count different things; the ratio itself may count anything but money."""
    compared = [entry for entry in inputs if entry.role != "ratio"]
    ratio = [entry for entry in inputs if entry.role == "ratio"]
    if relation.form in {"growth", "growth-from-change", "share"} and any(
        entry.quantity.unit.kind == "points" for entry in ratio
    ):
        return True
    if relation.form == "share" and relation.kind == "RAT006":
        return False  # an average divides money by a count
    return any(not compared[0].quantity.unit.measures_like(entry.quantity.unit) for entry in compared)
