"""Binding: from rules and statements to relations between the lines of one budget.

A rule is applied in every slot (entity, period, phase, fund) where its target and enough of its parts are printed. What
the document states, what packs know and what is said twice about the same figures becomes one relation. A pack rule
that finds no figures is listed as unbound, never dropped; an equation typed in by the caller that names an unknown
figure becomes a relation that fails, with the nearest names.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal, assert_never

from budgetaudit.check.names import Index, Slot
from budgetaudit.check.outcome import Form, Relation
from budgetaudit.check.quantity import Quantity, quantity_of
from budgetaudit.check.stated import stated_relation
from budgetaudit.check.verdict import Figure, linear, weigh_order, weigh_sum
from budgetaudit.errors import nearest
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import Identity
from budgetaudit.model.statement import Role, Term
from budgetaudit.rules.equation import Children, Equation, Linear, Name, Quotient
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import RuleSet

TIE_OUT: Final = "tie-out"


@dataclass(frozen=True, slots=True)
class UnboundRule:
    """A rule that found nothing to weigh: which of its names no line carries (none: they never stand together)."""

    rule: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """All relations of a budget in order: what it states and what rules know, then tie-outs; and the rules that found none."""

    relations: tuple[Relation, ...]
    unbound: tuple[UnboundRule, ...] = ()


def bind(ruleset: RuleSet, budget: Budget, *, convention: Convention | None = None) -> Bound:
    """Bind rules and the document's statements to the lines of a budget.

    Args:
        convention: Replaces the conventions of all rules; by default each rule's own, and for statements the common one
            of the rules, or plain rounding to nearest.
    """
    index = Index(budget)
    packs = {name for name, _ in ruleset.packs}
    common = convention or next((rule.convention for rule in ruleset if rule.convention), None) or Convention()
    relations: list[Relation] = []
    unbound: list[UnboundRule] = []
    for rule in ruleset:
        weighed_by = convention or rule.convention or common
        absent = tuple(name.label for name in rule.equation.names() if not index.named(name, ratio=True))
        if absent and rule.id.partition("/")[0] not in packs and rule.equation.form != "rollup":
            hints = tuple(f"{label!r}; {nearest(label, index.labels)}" for label in dict.fromkeys(absent))
            found = [Relation(rule.id, rule.kind, rule.strength, "sum", (), weighed_by, unknown=hints)]
        else:
            found = list(_applied(rule, budget, index, weighed_by))
        if not found:
            unbound.append(UnboundRule(rule.id, tuple(dict.fromkeys(absent))))
        relations += found
    stated = (stated_relation(statement, budget, common) for statement in budget.statements)
    merged = _merged([*relations, *(relation for relation in stated if relation is not None)], budget)
    return Bound((*merged, *_tie_outs(budget, common)), tuple(unbound))


def _applied(rule: Rule, budget: Budget, index: Index, convention: Convention) -> Iterator[Relation]:
    equation = rule.equation
    if isinstance(equation.right, Children):
        yield from _rolled_up(rule, budget, convention)
        return
    names = [(name, place == 0 and isinstance(equation.right, Quotient)) for place, name in enumerate(equation.names())]
    for slot in index.slots(names):
        if not slot.admits(rule.scope):
            continue
        condition = _condition(rule.when, index, slot, budget, convention)
        if condition == "fails":
            continue
        sought = _Sought(rule, index, slot, budget)
        terms = _terms(equation, sought)
        if _enough(equation, terms, rule.least_parts):
            yield Relation(
                rule.id, rule.kind, rule.strength, _form(equation), tuple(terms), convention,
                missing=tuple(sought.missing), complete=True, constant=_constant(equation), op=equation.op,
                factor=Fraction(100 if equation.percent else 1), condition=condition,
            )  # fmt: skip


class _Sought:
    """Looks up the names of one rule in one slot and remembers which are missing."""

    def __init__(self, rule: Rule, index: Index, slot: Slot, budget: Budget) -> None:
        self.missing: list[str] = []
        self._rule, self._index, self._slot, self._budget = rule, index, slot, budget

    def terms(self, form: Linear, role: Role, *, sign: int = 1) -> list[Term]:
        found = []
        for weight, name in form.terms:
            identity = self._index.find(name, self._slot, ratio=role == "ratio")
            if identity is not None:
                found.append(Term(self._budget.by_identity[identity][0].id, role, sign * weight))
            elif name.label not in self._rule.optional:
                self.missing.append(name.label)
        return found


def _terms(equation: Equation, sought: _Sought) -> list[Term]:
    left, right = equation.left, equation.right
    if isinstance(right, Quotient):
        if equation.form == "growth":
            return sought.terms(left, "ratio") + _growth_terms(right, sought)
        return (
            sought.terms(left, "ratio")
            + sought.terms(right.numerator, "numerator")
            + sought.terms(right.denominator, "denominator")
        )
    assert isinstance(right, Linear)
    if equation.form == "order":
        return sought.terms(left, "left") + sought.terms(right, "right")
    (weight, target), *others = left.terms
    total = sought.terms(Linear(((Fraction(1), target),)), "total")
    return total + sought.terms(right.scaled(1 / weight), "part") + sought.terms(
        Linear(tuple(others)).scaled(1 / weight), "part", sign=-1
    )  # fmt: skip


def _growth_terms(quotient: Quotient, sought: _Sought) -> list[Term]:
    if len(quotient.numerator.terms) == 2:
        base = quotient.denominator.terms[0][1]
        current = next(name for weight, name in quotient.numerator.terms if name != base)
        return sought.terms(_single(current), "current") + sought.terms(_single(base), "base")
    change = quotient.numerator.terms[0][1]
    current = next(name for weight, name in quotient.denominator.terms if name != change)
    return sought.terms(_single(current), "current") + sought.terms(_single(change), "change")


def _single(name: Name) -> Linear:
    return Linear(((Fraction(1), name),))


def _form(equation: Equation) -> Form:
    match equation.form:
        case "sum" | "rollup":
            return "sum"
        case "order":
            return "order"
        case "share":
            return "share"
        case "growth":
            assert isinstance(equation.right, Quotient)
            return "growth" if len(equation.right.numerator.terms) == 2 else "growth-from-change"
        case _:
            assert_never(equation.form)


def _constant(equation: Equation) -> Fraction | None:
    if not isinstance(equation.right, Linear):
        return None
    if equation.form == "sum":
        weight = equation.left.terms[0][0]
        return (equation.right.constant - equation.left.constant) / weight or None
    return equation.right.constant - equation.left.constant or None


def _enough(equation: Equation, terms: Sequence[Term], least_parts: int) -> bool:
    """Whether a rule says something: the target is printed, and enough of what it is compared with."""
    roles = [term.role for term in terms]
    match equation.form:
        case "sum" | "rollup":
            return "total" in roles and roles.count("part") >= least_parts
        case "order":
            right = equation.right
            bare = isinstance(right, Linear) and not right.terms
            return "left" in roles and (bare or "right" in roles)
        case _:
            return len(set(roles)) == 3


def _condition(
    when: Equation | None, index: Index, slot: Slot, budget: Budget, convention: Convention
) -> Literal["holds", "open", "fails"]:
    """Weigh a rule's condition three-valued on intervals; figures that nobody prints count as zero."""
    if when is None:
        return "holds"
    assert isinstance(when.right, Linear)
    left, right = (_condition_side(side, index, slot, budget, convention) for side in (when.left, when.right))
    if when.op == "=":
        if left.interval.is_point and left.interval == right.interval:
            return "holds"
        return "open" if weigh_sum(left, right).verdict != "inconsistent" else "fails"
    opposite: Literal["<", "<=", ">", ">="] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[when.op]  # type: ignore[assignment]
    if weigh_order(left, when.op, right).verdict == "inconsistent":
        return "fails"
    return "holds" if weigh_order(left, opposite, right).verdict == "inconsistent" else "open"


def _condition_side(form: Linear, index: Index, slot: Slot, budget: Budget, convention: Convention) -> Figure:
    terms = []
    for weight, name in form.terms:
        identity = index.find(name, slot)
        quantity = quantity_of(budget.by_identity[identity], convention) if identity is not None else None
        if isinstance(quantity, Quantity):
            terms.append((weight, Figure(quantity.value, quantity.interval)))
    return linear(terms, form.constant)


def _rolled_up(rule: Rule, budget: Budget, convention: Convention) -> Iterator[Relation]:
    """parent = sum of children, for every printed parent: by code tuples, within one table, period, phase and fund."""
    families: dict[Identity, list[Identity]] = {}
    for identity in budget.by_identity:
        if identity.code is not None and len(identity.code) > 1:
            families.setdefault(_relative(identity, identity.code[:-1]), []).append(identity)
    for identity in budget.by_identity:
        children = families.get(_relative(identity, identity.code)) if identity.code is not None else None
        if children:
            terms = [Term(budget.by_identity[identity][0].id, "total")]
            terms += [Term(budget.by_identity[child][0].id, "part") for child in children]
            yield Relation(rule.id, rule.kind, rule.strength, "sum", tuple(terms), convention)


def _relative(identity: Identity, code: tuple[str, ...] | None) -> Identity:
    return identity.model_copy(update={"label": "", "within": (), "code": code})


def _merged(relations: Iterable[Relation], budget: Budget) -> list[Relation]:
    """One relation for all that say the same of the same quantities; rules come first and keep their name."""
    by_key: dict[Hashable, Relation] = {}
    for relation in relations:
        key = _key(relation, budget)
        known = by_key.get(key)
        by_key[key] = relation if known is None else _joined(known, relation)
    return list(by_key.values())


def _key(relation: Relation, budget: Budget) -> Hashable:
    if relation.unknown:
        return relation.rule
    figures = frozenset((term.role, budget.line(term.line).identity, term.weight) for term in relation.terms)
    return relation.form, relation.op, relation.constant, figures


def _joined(known: Relation, other: Relation) -> Relation:
    """The two as one: a list that either says is complete is complete, and all places that state it are kept."""
    stated_complete = any(relation.stated and relation.complete for relation in (known, other))
    complete = known.complete and not known.missing, other.complete and not other.missing
    settled = any(complete) if stated_complete else all(complete)
    missing = () if settled else known.missing or other.missing
    return replace(
        known, missing=missing, complete=known.complete or other.complete, stated=(*known.stated, *other.stated)
    )


def _tie_outs(budget: Budget, convention: Convention) -> Iterator[Relation]:
    """One relation for every fact that is printed more than once."""
    for lines in budget.by_identity.values():
        printed = [line for line in lines if line.amount is not None]
        if len(printed) > 1:
            terms = tuple(Term(line.id, "total" if place == 0 else "part") for place, line in enumerate(printed))
            yield Relation(TIE_OUT, "TIE001", "logic", "tie", terms, convention)
