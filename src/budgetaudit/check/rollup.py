"""Roll-ups: parent code = sum of the codes one level below (law 9: hierarchy by code tuples, never by string prefix).

`parent = sum(children)` speaks of every printed code that has printed children; any other name on the left speaks of that
figure alone. Children stand in the same entity, period, phase and fund scope as their parent, in the same column of the same
rows, and are of the same measure; rates and averages never add up. A code that is printed under two labels cannot be told
apart, unless the table of the parent prints only one of them, and counts as missing.

Not every table lists all codes of a level. An equation that a caller writes is weighed as it stands; a rule of a pack takes
a list as whole where the table shows that it prints whole lists: of its parents on that level at least as many are the sum
of their children as are not. Elsewhere the children may not exceed their parent, and what is not printed stays open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.check.names import Index, Slot
from budgetaudit.check.outcome import Relation
from budgetaudit.check.stated import UNNAMED
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import adds_up, parent
from budgetaudit.model.line import Code, Identity
from budgetaudit.model.statement import Term
from budgetaudit.rules.equation import Name
from budgetaudit.rules.rule import Convention, Rule

_ANY_PARENT: Final = frozenset({"parent", "上级", "上級"})
_ADDITIVE: Final = frozenset({"amount", "change", "count", "score", "weight"})


def rolled_up(
    rule: Rule, budget: Budget, index: Index, convention: Convention, *, incomplete: bool = False
) -> Iterator[Relation]:
    """One relation for every printed parent of which a child is printed, in the order of the document.

    Args:
        rule: A rule of the form `rollup`.
        budget: The lines.
        index: Its facts, as the rule sees them.
        convention: How the figures were rounded.
        incomplete: Whether tables may leave out children, so that a whole list has to be shown as one.
    """
    found = list(_families(rule, budget, index, convention))
    whole = _whole_levels(found, budget) if incomplete else set[Hashable]()
    for level, relation in found:
        if incomplete and level not in whole:
            missing = relation.missing or (UNNAMED,)
            yield replace(relation, missing=missing, missing_from=frozenset({"part"}), nonnegative=True, complete=False)
        else:
            yield relation


def _families(rule: Rule, budget: Budget, index: Index, convention: Convention) -> Iterator[tuple[Hashable, Relation]]:
    """Every parent with its children, and the level of the table in which they stand."""
    for identity, children in families(rule.equation.left.terms[0][1], index):
        slot = Slot(identity.entity, identity.period, identity.phase, identity.fund)
        if slot.admits(rule.scope):
            chosen = [_of_table(same, identity, index) for same in children.values()]
            terms = [Term(budget.by_identity[identity][0].id, "total")]
            terms += [Term(budget.by_identity[same[0]][0].id, "part") for same in chosen]
            twice = tuple(budget.by_identity[same[1]][0].label for same in chosen if len(same) > 1)
            level = (
                identity.entity, identity.period, identity.classification, len(identity.code or ()),
                index.tables_of(chosen[0][0]),
            )  # fmt: skip
            yield level, Relation(rule.id, rule.kind, rule.strength, "sum", tuple(terms), convention, missing=twice)


def families(name: Name, index: Index) -> Iterator[tuple[Identity, dict[Code, list[Identity]]]]:
    """Every parent that a name means, with the figures one level below by code: several where a code has two labels."""
    below: dict[Hashable, dict[Code, list[Identity]]] = {}
    for identity in index.identities:
        if identity.code is not None and (above := parent(identity.code)) is not None:
            family = below.setdefault(_family(identity, above), {})
            family.setdefault(identity.code, []).append(identity)
    for identity in _parents(name, index):
        children = below.get(_family(identity, identity.code), {})
        if children and identity.measure in _ADDITIVE:
            yield identity, children


def _whole_levels(found: Sequence[tuple[Hashable, Relation]], budget: Budget) -> set[Hashable]:
    """The levels of tables on which at least as many parents are the sum of their children as are not."""
    holding: Counter[Hashable] = Counter()
    failing: Counter[Hashable] = Counter()
    outcomes = evaluate_all([relation for _, relation in found], budget)
    for (level, _), outcome in zip(found, outcomes, strict=True):
        holding[level] += outcome.verdict in {"exact", "rounding"} and bool(outcome.computed)
        failing[level] += outcome.verdict == "inconsistent"
    return {level for level in holding if holding[level] and holding[level] >= failing[level]}


def _of_table(same: list[Identity], above: Identity, index: Index) -> list[Identity]:
    """The facts of one code that the table of its parent prints, if these are fewer."""
    if len(same) == 1:
        return same
    tables = index.tables_of(above)
    return [one for one in same if tables & index.tables_of(one)] or same


def _parents(name: Name, index: Index) -> Iterator[Identity]:
    chosen = index.fitting(name) if name.label in _ANY_PARENT else index.named(name)
    yield from (identity for identity in chosen if identity.code is not None and adds_up(identity))


def _family(identity: Identity, code: Code | None) -> Hashable:
    return (
        identity.entity, identity.period, identity.phase, identity.fund, identity.measure, identity.classification,
        identity.against, identity.table, identity.within, identity.keys, code,
    )  # fmt: skip
