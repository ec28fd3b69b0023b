"""One relation in one unit, by the scalar engine: what arrays cannot weigh is weighed exactly as a single budget is.

The relation is built of the lines of its cells as `bind` builds it of a budget, and goes through the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from budgetaudit.check.arrays.grid import ABSENT, UNCLEAR
from budgetaudit.check.arrays.locate import Located
from budgetaudit.check.bind import FACTORS
from budgetaudit.check.compile import CompiledRelation
from budgetaudit.check.condition import Holding, weigh_conditions
from budgetaudit.check.outcome import Relation
from budgetaudit.check.quantity import Quantity, Unusable, quantity_of
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Role, Term
from budgetaudit.rules.equation import Name


@dataclass(frozen=True)
class Single:
    """A relation between the lines of one unit."""

    relation: Relation
    lines: tuple[BudgetLine, ...]


def single(
    relation: CompiledRelation, terms: Sequence[Located], conditions: Mapping[Name, Located], unit: int
) -> Single | None:
    """A relation in one unit of its frame; None where its condition fails."""
    rule, lines = relation.rule, dict[str, BudgetLine]()
    found: list[Term] = []
    missing: list[str] = []
    missing_from: set[Role] = set()
    only_adds = True
    factor = relation.factor
    for located in terms:
        term = located.term
        state = 0 if located.state is None else int(located.state[unit])
        if state in {ABSENT, UNCLEAR}:
            if state == UNCLEAR or not term.optional:
                missing.append(term.label)
                missing_from.add(term.role)
                only_adds = only_adds and term.adds
            if not (relation.rollup and state == UNCLEAR):
                continue
        own = located.lines(unit)
        lines |= {line.id: line for line in own}
        found.append(Term(own[0].id, term.role, term.weight))
        amount = own[0].amount
        if term.role == "ratio" and amount is not None:
            factor = FACTORS.get(amount.unit.kind, factor)
    holding = condition_in(relation, conditions, unit)
    if holding == "fails":
        return None
    bound = Relation(
        rule.id, rule.kind, rule.strength, relation.form, tuple(found), relation.convention, missing=tuple(missing),
        missing_from=frozenset() if relation.rollup else frozenset(missing_from), complete=True,
        constant=relation.constant, op=relation.written, factor=Fraction(factor) if not relation.rollup else Fraction(100),
        nonnegative=relation.from_pack and only_adds and not relation.rollup, condition=holding,
    )  # fmt: skip
    return Single(bound, tuple(lines.values()))


def condition_in(relation: CompiledRelation, conditions: Mapping[Name, Located], unit: int) -> Holding:
    """Whether the conditions of a relation hold in one unit."""

    def look_up(name: Name) -> Quantity | Unusable | None:
        located = conditions[name]
        state = 0 if located.state is None else int(located.state[unit])
        if state == ABSENT:
            return None
        if state == UNCLEAR:
            return Unusable(("conflicting-figures",))
        return quantity_of(located.lines(unit), relation.convention)

    return weigh_conditions(relation.rule.when, relation.rule.unless, look_up)
