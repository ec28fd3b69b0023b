"""A slow oracle: do true values exist behind the prints of a relation?

It answers from first principles and shares no code with the stages it tests: each print is two inequalities between
rationals, a relation is further ones, and Fourier-Motzkin elimination decides whether any point satisfies them all, open
ends included. It is meant for comparing, with a handful of figures at a time.

Source: G. B. Dantzig, B. C. Eaves, Fourier-Motzkin elimination and its dual, J. Combinatorial Theory A 14 (1973); the
inequalities are those of docs/explanation/verdicts.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Final, Literal

from budgetaudit.check.outcome import Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.rules.rule import Convention

Judgement = Literal["holds", "fails", "open"]
_RATIOS: Final = frozenset({"share", "growth", "growth-from-change"})


@dataclass(frozen=True, slots=True)
class Limit:
    """Σ weight · unknown + constant is at most 0, or with `strict` below 0."""

    weights: Mapping[Hashable, Fraction]
    constant: Fraction
    strict: bool = False


def judged(relation: Relation, budget: Budget) -> Judgement:
    """Whether true values exist behind a relation (`holds`), none do (`fails`), or the prints do not say (`open`).

    A ratio to a base that is printed as 0, or below 0 where its rule gives that no meaning, fails: no print of it is right.
    """
    if relation.unknown or relation.broken:
        return "fails"
    if relation.form == "tie":
        return _tie(relation, budget)
    if relation.form == "count":
        return _count(relation, budget)
    facts: dict[Term, tuple[Amount, ...] | None] = {}
    for term in relation.terms:
        prints = budget.prints(term.line)
        if not _usable(prints, relation.convention):
            return "open"
        facts[term] = tuple(dict.fromkeys(line.amount for line in prints if line.amount is not None)) or None
    if relation.form in _RATIOS:
        return "open" if None in facts.values() else _ratio(relation, facts)
    return _linear(relation, facts)


def satisfiable(limits: Iterable[Limit]) -> bool:
    """Whether some rationals satisfy every limit, by eliminating one unknown after the other."""
    left = set(map(_plain, limits))
    while unknowns := {unknown for weights, _, _ in left for unknown, _ in weights}:
        chosen = min(unknowns, key=lambda unknown: _products(unknown, left))
        left = _without(chosen, left)
    return all(constant < 0 or (constant == 0 and not strict) for _, constant, strict in left)


# The same in whole numbers without a common divisor: weights by unknown, constant, strict.
_Plain = tuple[frozenset[tuple[Hashable, int]], int, bool]


def _plain(limit: Limit) -> _Plain:
    whole = lcm(limit.constant.denominator, *(weight.denominator for weight in limit.weights.values()))
    weights = {unknown: int(weight * whole) for unknown, weight in limit.weights.items() if weight}
    return _reduced(weights, int(limit.constant * whole), limit.strict)


def _reduced(weights: Mapping[Hashable, int], constant: int, strict: bool) -> _Plain:
    common = gcd(constant, *weights.values()) or 1
    return (
        frozenset((unknown, weight // common) for unknown, weight in weights.items() if weight), constant // common, strict,
    )  # fmt: skip


def _products(unknown: Hashable, limits: Iterable[_Plain]) -> int:
    signs = [weight > 0 for weights, _, _ in limits for name, weight in weights if name == unknown]
    return signs.count(True) * signs.count(False)


def _without(unknown: Hashable, limits: Iterable[_Plain]) -> set[_Plain]:
    """What the limits say of all other unknowns: every upper end of this one is above every lower end."""
    kept: set[_Plain] = set()
    upper: list[tuple[dict[Hashable, int], int, bool]] = []
    lower: list[tuple[dict[Hashable, int], int, bool]] = []
    for limit in limits:
        weights = dict(limit[0])
        if unknown not in weights:
            kept.add(limit)
        else:
            (upper if weights[unknown] > 0 else lower).append((weights, limit[1], limit[2]))
    for above, above_constant, above_open in upper:
        for below, below_constant, below_open in lower:
            over, under = above[unknown], -below[unknown]
            weights = {name: under * weight for name, weight in above.items()}
            for name, weight in below.items():
                weights[name] = weights.get(name, 0) + over * weight
            kept.add(_reduced(weights, under * above_constant + over * below_constant, above_open or below_open))
    return kept


def print_limits(unknown: Hashable, amount: Amount, convention: Convention) -> list[Limit]:
    """What one print says of the true value, in base units."""
    value = Fraction(amount.value) * amount.unit.scale
    step = _step(amount, convention)
    half = step / 2
    below, above, below_open, above_open = half, half, False, False
    if not step:
        below = above = Fraction(0)
    elif convention.rounding == "nearest":
        if convention.ties == "away":
            below_open, above_open = value <= 0, value >= 0
        elif convention.ties == "even":
            below_open = above_open = (value / step) % 2 != 0
    elif convention.rounding == "nudged":
        below = above = step
        below_open = above_open = True
    elif convention.rounding == "floor":
        below, above, above_open = Fraction(0), step, True
    else:  # digits cut off: the true value is farther from zero, if it is not the print
        below, above = (step if value <= 0 else Fraction(0)), (step if value >= 0 else Fraction(0))
        below_open, above_open = below > 0, above > 0
    return [
        Limit({unknown: Fraction(1)}, -value - above, above_open),
        Limit({unknown: Fraction(-1)}, value - below, below_open),
    ]


def _step(amount: Amount, convention: Convention) -> Fraction:
    if amount.precision == "exact" or amount.unit.kind == "count":
        return Fraction(0)
    step = amount.unit.scale / Fraction(10) ** amount.places
    below = convention.exact_below
    return Fraction(0) if below is not None and amount.unit.kind == "money" and step <= Fraction(below) else step


def _usable(prints: Sequence[BudgetLine], convention: Convention) -> bool:
    """Whether the prints of a fact can be compared at all."""
    amounts = {line.amount for line in prints if line.amount is not None}
    blank = any(line.amount is None for line in prints)
    if any(line.state == "unreadable" for line in prints) or (
        blank and amounts and not (convention.blank == "zero" and not any(amount.value for amount in amounts))
    ):
        return False
    for amount in amounts:
        digits = Fraction(amount.value) * Fraction(10) ** amount.places
        if amount.precision in {"unknown", "approximate"} or (amount.precision != "exact" and digits.denominator != 1):
            return False
    return not amounts or (_agree(amounts, convention) and len({amount.unit.kind for amount in amounts}) == 1)


def _agree(amounts: Iterable[Amount], convention: Convention) -> bool:
    """Whether one true value is behind all prints."""
    return satisfiable(_fact_limits("x", list(amounts), convention))


def _fact_limits(unknown: Hashable, amounts: Sequence[Amount], convention: Convention) -> list[Limit]:
    """What all prints of a fact say of its true value.

    Different prints with one step have none in common, unless the document nudges figures so that its columns add.
    """
    limits = [limit for amount in amounts for limit in print_limits(unknown, amount, convention)]
    values: dict[Fraction, Fraction] = {}
    for amount in amounts:
        value = Fraction(amount.value) * amount.unit.scale
        if values.setdefault(_step(amount, convention), value) != value:
            limits.append(Limit({}, Fraction(1)))
    if convention.totals_from == "adjusted" and len(amounts) > 1 and not satisfiable(limits):
        nudged = replace(convention, rounding="nudged")
        return [limit for amount in amounts for limit in print_limits(unknown, amount, nudged)]
    return limits


def _tie(relation: Relation, budget: Budget) -> Judgement:
    amounts = [amount for term in relation.terms if (amount := budget.line(term.line).amount) is not None]
    if len(amounts) < 2 or not all(_usable((budget.line(term.line),), relation.convention) for term in relation.terms):
        return "open"
    return "holds" if _agree(amounts, relation.convention) else "fails"


def _count(relation: Relation, budget: Budget) -> Judgement:
    amount = budget.line(relation.terms[0].line).amount
    if amount is None or relation.constant is None:
        return "open"
    counted = Fraction(amount.value) - relation.constant
    return "holds" if counted == 0 else "fails"


def _linear(relation: Relation, facts: Mapping[Term, tuple[Amount, ...] | None]) -> Judgement:
    """Sums and inequalities: target - parts, or left - right."""
    convention, roles = relation.convention, {"total": 1, "left": 1, "part": -1, "right": -1}
    weights: dict[Hashable, Fraction] = {}
    limits: list[Limit] = []
    missing = [(role, Fraction(1)) for role in relation.missing_from]
    live = False
    for term, amounts in facts.items():
        weight = Fraction(1) if term.role == "total" else term.weight
        if amounts is None:
            if convention.blank == "zero":
                continue
            if term.role == "total" or (term.role == "right" and convention.missing != "required"):
                return "open"
            missing.append((term.role, weight))
            continue
        live = live or term.role != "total"
        unknown = (term, "true")
        weights[unknown] = roles[term.role] * weight
        parts_are_exact = relation.form == "sum" and term.role == "part" and convention.totals_from != "unrounded"
        if parts_are_exact:
            finest = min(amounts, key=lambda amount: _step(amount, convention))
            limits += print_limits(unknown, replace(finest, precision="exact"), convention)
        else:
            limits += _fact_limits(unknown, amounts, convention)
    if not live and (missing or relation.constant is None):
        return "open"
    if missing and convention.missing == "required":
        if not relation.nonnegative or any(weight < 0 for _, weight in missing):
            return "open"
        for role, weight in missing:
            weights["missing", role] = roles[role] * weight
            limits.append(Limit({("missing", role): Fraction(-1)}, Fraction(0)))
    elif missing and convention.missing == "open" and relation.form == "sum":
        parts = [(term.weight, amounts[0].value) for term, amounts in facts.items() if term.role == "part" and amounts]
        if not parts or any(weight < 0 or value < 0 for weight, value in parts):
            return "open"
        weights["missing", "part"] = Fraction(-1)
        limits.append(Limit({("missing", "part"): Fraction(-1)}, Fraction(0)))
    limits += _relation_limits(relation, weights, _unit_scale(facts))
    holds = satisfiable(limits)
    return "open" if holds and missing and convention.missing == "required" else "holds" if holds else "fails"


def _unit_scale(facts: Mapping[Term, tuple[Amount, ...] | None]) -> Fraction:
    """The scale of what constants and tolerances are in: the unit of the total, or of the larger side."""
    order = ["total", "right", "left", "part"]
    printed = [(order.index(term.role), amounts[0]) for term, amounts in facts.items() if amounts]
    return min(printed, key=lambda one: one[0])[1].unit.scale if printed else Fraction(1)


def _relation_limits(relation: Relation, weights: dict[Hashable, Fraction], scale: Fraction) -> list[Limit]:
    constant = -(relation.constant or Fraction(0)) * scale
    if relation.form == "sum" and all(term.role != "total" for term in relation.terms):
        constant = -constant
    slack = Fraction(relation.convention.tolerance) * scale
    opposite = {unknown: -weight for unknown, weight in weights.items()}
    at_most = Limit(weights, constant - slack, relation.op == "<")
    at_least = Limit(opposite, -constant - slack, relation.op == ">")
    if relation.form == "sum" or relation.op == "=":
        return [at_most, at_least]
    return [at_most] if relation.op in {"<", "<="} else [at_least]


def _ratio(relation: Relation, facts: Mapping[Term, tuple[Amount, ...] | None]) -> Judgement:
    """Ratio = factor · over / below [- 1], solved so that the ratio's two ends give linear limits for either sign."""
    convention = relation.convention
    over: dict[Hashable, Fraction] = {}
    below: dict[Hashable, Fraction] = {}
    limits: list[Limit] = []
    printed_below = Fraction(0)
    ratios: list[Amount] = []
    turned = Fraction(1)
    for term, amounts in facts.items():
        assert amounts is not None
        if term.role == "ratio":
            ratios, turned = list(amounts), term.weight
            continue
        finest = min(amounts, key=lambda amount: _step(amount, convention))
        value = Fraction(finest.value) * finest.unit.scale
        for target, sign in _sides(term, relation.form, over, below):
            target[term] = target.get(term, Fraction(0)) + sign * term.weight
            if target is below:
                printed_below += sign * term.weight * value
        limits += _fact_limits(term, amounts, convention)
    growth = relation.form != "share"
    if printed_below == 0 or (growth and printed_below < 0 and convention.negative_base == "undefined"):
        return "fails"
    less_one = Fraction(relation.form == "growth")
    tolerance = Fraction(convention.tolerance) * ratios[0].unit.scale
    ends = _fact_limits("q", ratios, convention)
    high, high_open = min((-end.constant, not end.strict) for end in ends if end.weights["q"] > 0)
    low, low_open = max((end.constant, end.strict) for end in ends if end.weights["q"] < 0)
    high, high_open, low = high + tolerance, not high_open, low - tolerance
    for sign in (1, -1):
        by = turned * (-1 if sign < 0 and growth and convention.negative_base == "absolute" else 1)
        (least, least_open), (most, most_open) = sorted(
            [(low * by, low_open), (high * by, high_open)], key=lambda end: end[0]
        )  # fmt: skip
        sided = [Limit({term: -sign * weight for term, weight in below.items()}, Fraction(0), strict=True)]
        # sign · (over - (q / factor + less_one) · below) is at most 0 for the largest q, at least 0 for the smallest
        sided.append(_difference(over, below, most / relation.factor + less_one, sign, most_open))
        sided.append(_difference(over, below, least / relation.factor + less_one, -sign, least_open))
        if satisfiable([*limits, *sided]):
            return "holds"
    return "fails"


def _sides(
    term: Term, form: str, over: dict[Hashable, Fraction], below: dict[Hashable, Fraction]
) -> list[tuple[dict[Hashable, Fraction], int]]:
    """Where a figure stands in over / below; a base that is not printed is the current figure less its change."""
    if form == "growth-from-change":
        return [(over, 1), (below, -1)] if term.role == "change" else [(below, 1)]
    return [(over, 1)] if term.role in {"numerator", "current"} else [(below, 1)]


def _difference(
    over: Mapping[Hashable, Fraction], below: Mapping[Hashable, Fraction], quotient: Fraction, sign: int, strict: bool
) -> Limit:
    weights = {unknown: sign * weight for unknown, weight in over.items()}
    for unknown, weight in below.items():
        weights[unknown] = weights.get(unknown, Fraction(0)) - sign * quotient * weight
    return Limit(weights, Fraction(0), strict)
