"""What a figure would have to be: the values of one figure that make a relation possible, all others staying.

Every other figure keeps the interval of its print; the suspected one is free. For a sum that is the rest of the equation,
for a ratio its solved form, in which each figure occurs once, so that the answer is exact. An inequality leaves a ray.

One figure in one relation only. Which values suit several relations is the intersection; sets of figures that are wrong
together are not sought here.

Source: Fellegi and Holt (1976), localisation; the closed form for a single figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from budgetaudit.check.outcome import Relation
from budgetaudit.check.quantity import Quantity, quantity_of
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import Identity
from budgetaudit.model.statement import Role
from budgetaudit.money.interval import Interval

_ZERO = Interval.point(0)


@dataclass(frozen=True, slots=True)
class Rest:
    """A relation without the suspected figure: what role and weight that one has, and the sums of the others by role."""

    role: Role
    weight: Fraction
    sums: dict[Role, Interval]
    scale: Fraction

    def of(self, role: Role) -> Interval:
        """What the other figures of a role add up to."""
        return self.sums.get(role, _ZERO)

    def solved(self, whole: Interval, *roles: Role) -> Interval:
        """The figure itself from what its side must amount to."""
        return (whole - self.of(roles[0] if roles else self.role)).scaled(1 / self.weight)


def needed(relation: Relation, fact: Identity, budget: Budget) -> Interval | None:
    """The true values of a fact with which the relation is possible, in base units (percent for a printed ratio).

    None where that says nothing: another figure of the relation cannot be used, the fact occurs twice in it, a base
    reaches zero, or the relation is a tie-out or a count.
    """
    rest = _rest(relation, fact, budget)
    if rest is None:
        return None
    match relation.form:
        case "sum":
            return needed_in_sum(relation, rest)
        case "order":
            return _in_order(relation, rest)
        case "share" | "growth":
            return _in_ratio(relation, rest)
        case "growth-from-change":
            return _in_growth_from_change(relation, rest)
        case "tie" | "count":
            return None


def _rest(relation: Relation, fact: Identity, budget: Budget) -> Rest | None:
    found: tuple[Role, Fraction] | None = None
    sums: dict[Role, Interval] = {}
    scale = Fraction(1)
    target: Role = "ratio" if relation.form not in {"sum", "order"} else "total"
    for term in relation.terms:
        prints = budget.prints(term.line)
        suspected = prints[0].identity == fact
        quantity = quantity_of(prints, relation.convention)
        if term.role == target and prints[0].amount is not None:
            scale = prints[0].amount.unit.scale
        if suspected:
            if found is not None or term.weight == 0:
                return None
            found = term.role, term.weight
        elif not isinstance(quantity, Quantity):
            return None
        else:
            exact = term.role == "part" and relation.convention.totals_from != "unrounded"
            interval = Interval.point(quantity.value) if exact else quantity.interval
            sums[term.role] = sums.get(term.role, _ZERO) + interval.scaled(term.weight)
    return None if found is None else Rest(*found, sums, scale)


def needed_in_sum(relation: Relation, rest: Rest) -> Interval | None:
    """The true values of a total or a part with which a sum is possible, from what its other figures add up to."""
    constant = Interval.point((relation.constant or Fraction(0)) * rest.scale)
    tolerance = Fraction(relation.convention.tolerance) * rest.scale
    slack = Interval(-tolerance, tolerance)
    if rest.role == "total":
        return rest.of("part") + constant + slack
    has_total = any(term.role == "total" for term in relation.terms)
    whole = rest.of("total") - constant if has_total else constant
    return rest.solved(whole + slack)


def _in_order(relation: Relation, rest: Rest) -> Interval | None:
    if relation.op == "=":
        return None
    constant = Interval.point((relation.constant or Fraction(0)) * rest.scale)
    other = rest.of("right") + constant if rest.role == "left" else rest.of("left") - constant
    below = (relation.op in {"<", "<="}) == (rest.role == "left")
    end, closed = (other.hi, other.hi_in) if below else (other.lo, other.lo_in)
    closed = closed and relation.op in {"<=", ">="}
    ray = Interval(None, end, hi_in=closed) if below else Interval(end, None, lo_in=closed)
    return rest.solved(ray)


def _in_ratio(relation: Relation, rest: Rest) -> Interval | None:
    """Solves over = (ratio / factor + shift) · base for one of the three."""
    over_role: Role = "current" if relation.form == "growth" else "numerator"
    base_role: Role = "base" if relation.form == "growth" else "denominator"
    shift = Interval.point(1 if relation.form == "growth" else 0)
    if rest.role == "ratio":
        over, base = rest.of(over_role), rest.of(base_role)
        return None if _reaches_zero(base) else (over / base - shift).scaled(relation.factor / rest.weight)
    quotient = rest.of("ratio").scaled(1 / relation.factor) + shift
    if rest.role == over_role:
        return rest.solved(quotient * rest.of(base_role))
    return None if _reaches_zero(quotient) else rest.solved(rest.of(over_role) / quotient)


def _in_growth_from_change(relation: Relation, rest: Rest) -> Interval | None:
    """Solves change = current · q / (1 + q), q the growth, for one of the three."""
    if rest.role == "ratio":
        current = rest.of("current")
        if _reaches_zero(current):
            return None
        part = rest.of("change") / current
        left = Interval.point(1) - part
        if _reaches_zero(left):
            return None
        return (Interval.point(1) / left - Interval.point(1)).scaled(relation.factor / rest.weight)
    growth = rest.of("ratio").scaled(1 / relation.factor)
    grown = growth + Interval.point(1)
    if _reaches_zero(grown):
        return None
    part = Interval.point(1) - Interval.point(1) / grown
    if rest.role == "change":
        return rest.solved(rest.of("current") * part)
    return None if _reaches_zero(part) else rest.solved(rest.of("change") / part)


def _reaches_zero(interval: Interval) -> bool:
    return (interval.lo is None or interval.lo <= 0) and (interval.hi is None or interval.hi >= 0)
