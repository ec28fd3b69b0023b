"""Roll-ups: parent code = sum of the codes one level below (law 9: hierarchy by code tuples, never by string prefix).

`parent = sum(children)` speaks of every printed code that has printed children; any other name on the left speaks of that
figure alone. Children stand in the same table, entity, period, phase and fund scope as their parent, and are of the same
measure; rates and averages never add up. A code that is printed under two labels cannot be told apart and counts as missing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Final

from budgetaudit.check.names import Index, Slot
from budgetaudit.check.outcome import Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import parent
from budgetaudit.model.line import Code, Identity
from budgetaudit.model.statement import Term
from budgetaudit.rules.equation import Name
from budgetaudit.rules.rule import Convention, Rule

_ANY_PARENT: Final = frozenset({"parent", "上级", "上級"})
_ADDITIVE: Final = frozenset({"amount", "change", "count", "score", "weight"})


def rolled_up(rule: Rule, budget: Budget, index: Index, convention: Convention) -> Iterator[Relation]:
    """One relation for every printed parent of which a child is printed, in the order of the document."""
    families: dict[Hashable, dict[Code, list[Identity]]] = {}
    for identity in index.identities:
        if identity.code is not None and (above := parent(identity.code)) is not None:
            family = families.setdefault(_family(identity, above), {})
            family.setdefault(identity.code, []).append(identity)
    for identity in _parents(rule.equation.left.terms[0][1], index):
        children = families.get(_family(identity, identity.code), {})
        slot = Slot(identity.entity, identity.period, identity.phase, identity.fund)
        if children and identity.measure in _ADDITIVE and slot.admits(rule.scope):
            terms = [Term(budget.by_identity[identity][0].id, "total")]
            terms += [Term(budget.by_identity[same[0]][0].id, "part") for same in children.values()]
            twice = tuple(budget.by_identity[same[1]][0].label for same in children.values() if len(same) > 1)
            yield Relation(rule.id, rule.kind, rule.strength, "sum", tuple(terms), convention, missing=twice)


def _parents(name: Name, index: Index) -> Iterator[Identity]:
    chosen = index.fitting(name) if name.label in _ANY_PARENT else index.named(name)
    yield from (identity for identity in chosen if identity.code is not None)


def _family(identity: Identity, code: Code | None) -> Hashable:
    return (
        identity.entity, identity.period, identity.phase, identity.fund, identity.measure, identity.classification,
        identity.against, identity.table, code,
    )  # fmt: skip
