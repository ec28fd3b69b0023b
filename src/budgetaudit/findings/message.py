"""Messages: which sentence a finding is, and the typed values of its named fields.

A finding holds data; here its data get the names that the templates of its kind use. Values stay typed (a printed amount,
a computed number with its unit, a label as printed), so that a renderer can format them for its reader: `show` does that,
and nothing here makes text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias, Union

from budgetaudit.check.outcome import Outcome
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kind import Template
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.phrases import GAP_NOTES, MEASURES, NOT_CHECKED, OF_PERIOD, PHASES
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import Unit


@dataclass(frozen=True, slots=True)
class Measured:
    """A computed number: shown with at least `places` places, and with its unit if it has one."""

    value: Fraction
    places: int
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """Labels with their weights, for a side of several figures: goods + capital."""

    terms: tuple[tuple[Fraction, str], ...]


@dataclass(frozen=True)
class Message:
    """A template and its fields. A tuple is a list of labels, an `int` a count."""

    template: Template
    fields: Mapping[str, MessageField] = field(default_factory=lambda: _NO_FIELDS)


MessageField: TypeAlias = Union[str, int, Amount, Measured, Combination, tuple[str, ...], Message]  # noqa: UP007

_NO_FIELDS: Final[Mapping[str, MessageField]] = MappingProxyType({})
_ORDER_CASES: Final = {">": "above", ">=": "above", "<": "below", "<=": "below", "=": "equal"}


def message(finding: Finding, budget: Budget) -> Message:
    """The headline of a finding: the template of its kind that fits, with every field the template names.

    Args:
        finding: What to say.
        budget: The budget that holds its lines.
    """
    fields: dict[str, MessageField] = {**dict(finding.data), "rule": finding.rule, "missing": finding.missing}
    outcome = finding.outcome
    if finding.kind == "RND001":
        fields |= _cluster_fields(finding, budget)
    elif finding.kind == "CNV001":
        fields["sums"] = len(finding.outcomes)
    elif finding.kind == "RUL001":
        fields["nearest"] = _nearest_labels(finding.missing, budget)
    elif outcome is not None:
        fields |= _outcome_fields(outcome, budget)
    elif finding.lines:
        fields |= _side_fields("target", finding.lines[:1], budget)
    if finding.source is not None:
        fields["words"] = finding.source.text
    if finding.verdict == "undecided" and finding.kind not in {"SUM003", "SUM004"}:
        fields.setdefault("target", budget.line(finding.lines[0]).label)
        return Message(NOT_CHECKED, fields)
    return Message(KINDS[finding.kind].templates[_case(finding, fields)], fields)


def chance_in(chance: Fraction) -> tuple[int, int]:
    """A probability as people count, n of d: exact if both are small, else 1 of the nearest d, or n of 100.

    >>> chance_in(Fraction(1, 192)), chance_in(Fraction(11, 24)), chance_in(Fraction(841, 30000))
    ((1, 192), (11, 24), (1, 36))
    """
    if chance.numerator <= 1 or (chance.numerator <= 30 and chance.denominator <= 100):
        return chance.numerator, chance.denominator
    if chance < Fraction(1, 10):
        return 1, round(1 / chance)
    return round(chance * 100), 100


def _case(finding: Finding, fields: Mapping[str, MessageField]) -> str:
    """Which of the kind's templates the finding uses; a kind with one template has no choice."""
    outcome = finding.outcome
    match finding.kind:
        case "TXT001":
            return "remark" if outcome is None else _ORDER_CASES[outcome.relation.op]
        case "SUM003":
            return "named" if finding.missing else "unnamed"
        case "RAT002" | "RAT005" if outcome is not None and outcome.verdict == "undefined":
            return "undefined" if "base" in fields else "undefined_from_change"
        case "RAT002" if "base" not in fields:
            return "from_change"
        case "RUL001" if not finding.missing:
            return "rule_apart"
        case "RUL001":
            return "rule_nearest" if fields["nearest"] else "rule"
        case "RUL002" if outcome is not None and "units-differ" in outcome.reasons:
            return "units"
        case "RND001" if dict(finding.data).get("about") == "ratios":
            return "cluster_of_ratios"
        case _:
            pass
    return next(iter(KINDS[finding.kind].templates))


def _outcome_fields(outcome: Outcome, budget: Budget) -> dict[str, MessageField]:
    """The figures of a relation by the part they play, and what was computed from them."""
    sides = _sides(outcome)
    fields: dict[str, MessageField] = {"detail": outcome.detail}
    for side, terms in sides.items():
        fields |= _side_fields(side, [term.line for term in terms], budget, [term.weight for term in terms])
        if len(terms) == 1:
            fields[side] = _called(terms[0], outcome, budget)
    target = _first_amount(sides.get("target", sides.get("left", outcome.relation.terms[:1])), budget)
    places, unit = _scale_of(outcome, target)
    fields["parts"] = len(sides.get("parts", ()))
    if "parts_amount" in fields and (outcome.relation.kind == "SUM002" or outcome.reasons == ("missing-total",)):
        fields["computed"] = fields["parts_amount"]
    elif outcome.computed is not None:
        fields["computed"] = Measured(outcome.computed, places, unit)
    if outcome.relation.form == "tie":
        fields |= _tie_fields(outcome, budget)
    if outcome.relation.constant is not None:
        if outcome.relation.form == "count":
            fields["counted"] = int(outcome.relation.constant)
        fields.setdefault("right_amount", Measured(outcome.relation.constant, places, unit))
    implied = _implied(outcome)
    if implied is not None:
        fields["implied"] = Measured(implied, places, unit)
    if outcome.gap is not None:
        fields |= _gap_fields(outcome, target)
    return fields


def _scale_of(outcome: Outcome, target: Amount | None) -> tuple[int, Unit]:
    """The places and the unit of numbers computed by an outcome: those of the target as printed, if it has that unit."""
    return (target.places, target.unit) if target is not None and target.unit == outcome.unit else (0, outcome.unit)


def _sides(outcome: Outcome) -> dict[str, tuple[Term, ...]]:
    """The terms of a relation under the names that the templates of its kind use."""
    by_role: dict[str, tuple[Term, ...]] = {}
    for term in outcome.relation.terms:
        by_role[term.role] = (*by_role.get(term.role, ()), term)
    kind = outcome.relation.kind
    parts = by_role.pop("part", ())
    named = {{"total": "target", "ratio": "target"}.get(role, role): terms for role, terms in by_role.items()}
    if kind == "DIF001" and parts:
        named["current"] = tuple(term for term in parts if term.weight > 0)
        named["base"] = tuple(term for term in parts if term.weight < 0)
    elif kind in {"TIE002", "TIE003", "ORD001", "ORD002", "TXT001"} and "target" in named:
        named = {"left": named["target"], "right": parts}
    elif kind == "ORD001" and outcome.relation.op in {">", ">="} and "right" in named:
        named = {"left": named["right"], "right": named.get("left", ())}
    elif kind == "SUM002" and "left" in named and "right" in named:
        upward = outcome.relation.op in {">", ">="}
        named = {"target": named["left" if upward else "right"], "parts": named["right" if upward else "left"]}
    elif parts:
        named["parts"] = parts
    if "denominator" in named:
        named.setdefault("base", named["denominator"])
    return {name: terms for name, terms in named.items() if terms}


def _side_fields(
    side: str, line_ids: Sequence[str], budget: Budget, weights: Sequence[Fraction] = (Fraction(1),)
) -> dict[str, MessageField]:
    lines = [budget.line(line_id) for line_id in line_ids]
    amounts = [line.amount for line in lines]
    if len(lines) == 1:
        single: dict[str, MessageField] = {side: lines[0].label}
        if amounts[0] is not None:
            single[f"{side}_amount"] = amounts[0]
        return single
    fields: dict[str, MessageField] = {
        side: Combination(tuple((weight, line.label) for weight, line in zip(weights, lines, strict=True)))
    }
    printed = [amount for amount in amounts if amount is not None]
    if printed:
        unit = printed[0].unit
        weighted = [w * amount.exact_value for w, amount in zip(weights, amounts, strict=True) if amount is not None]
        base = sum(weighted, Fraction(0))
        fields[f"{side}_amount"] = Measured(base / unit.scale, max(amount.places for amount in printed), unit)
    return fields


def _called(term: Term, outcome: Outcome, budget: Budget) -> str | Message:
    """What a figure is called: its label, with as much as it takes to tell it from others of that label beside it.

    A change or a ratio without a name of its own is called after its figure: "the growth of spending".
    """
    line = budget.line(term.line)
    beside = [budget.line(other.line).identity for other in outcome.relation.terms if other.line != term.line]
    alike = [other for other in beside if other.label == line.identity.label]
    of_changes = outcome.relation.kind == "DIF002"
    if (alike or of_changes) and line.identity.measure in MEASURES:
        return Message(MEASURES[line.identity.measure], {"label": line.label})
    period, phase = line.identity.period, line.identity.phase
    if period is not None and any(other.measure == line.identity.measure and other.period != period for other in alike):
        return Message(OF_PERIOD, {"label": line.label, "period": period})
    if phase is not None and any(other.measure == line.identity.measure and other.phase != phase for other in alike):
        return Message(PHASES[phase], {"label": line.label})
    return line.label


def _tie_fields(outcome: Outcome, budget: Budget) -> dict[str, MessageField]:
    """The first print, and the first later one that differs from it."""
    first, *others = [budget.line(term.line) for term in outcome.relation.terms]
    second = next((line for line in others if _value(line) != _value(first)), others[0] if others else first)
    fields: dict[str, MessageField] = {"target": first.label}
    if first.amount is not None and second.amount is not None:
        fields |= {"first_amount": first.amount, "second_amount": second.amount}
    if second.source is not None:
        fields["second_place"] = second.source.place
    return fields


def _value(line: BudgetLine) -> Fraction | None:
    return None if line.amount is None else line.amount.exact_value


def _gap_fields(outcome: Outcome, target: Amount | None) -> dict[str, MessageField]:
    """The gap, with its unit only where it is not the unit of the target beside it."""
    assert outcome.gap is not None
    places, unit = _scale_of(outcome, target)
    named = None if target is None or target.unit == outcome.unit else unit
    fields: dict[str, MessageField] = {"gap": Measured(abs(outcome.gap), places, named)}
    case = "gap"
    if outcome.bound:
        case = "bound"
        fields["bound"] = Measured(outcome.bound, places, named)
        chance = outcome.likelihood.rounding if outcome.verdict == "rounding" else None
        if chance == 0:
            case = "limit"
        elif chance is not None and chance < 1:
            fields["often"], fields["sums"] = chance_in(chance)
            case = "seldom" if fields["often"] == 1 else "often"
    return fields | {"gap_note": Message(GAP_NOTES[case], dict(fields))}


def _implied(outcome: Outcome) -> Fraction | None:
    """What the printed figures leave for the missing ones: the gap where there is one, else the middle of the interval."""
    if outcome.gap is not None:
        return outcome.gap
    implied = outcome.implied
    return None if implied is None or implied.lo is None or implied.hi is None else (implied.lo + implied.hi) / 2


def _cluster_fields(finding: Finding, budget: Budget) -> dict[str, MessageField]:
    largest = max(finding.outcomes, key=lambda outcome: abs(outcome.gap or Fraction(0)) * outcome.unit.scale)
    places, unit = _scale_of(largest, _first_amount(largest.relation.terms[:1], budget))
    named = None if unit.kind == "percent" else unit  # gaps of percentages are percentage points
    return {"notes": len(finding.outcomes), "gap": Measured(abs(largest.gap or Fraction(0)), places, named)}


def _nearest_labels(missing: Sequence[str], budget: Budget) -> tuple[str, ...]:
    labels = list(dict.fromkeys(line.label for line in budget.lines))
    close = [match for name in missing for match in get_close_matches(name, labels, n=1, cutoff=0.5)]
    return tuple(dict.fromkeys(close))


def _first_amount(terms: Sequence[Term], budget: Budget) -> Amount | None:
    return budget.line(terms[0].line).amount if terms else None
