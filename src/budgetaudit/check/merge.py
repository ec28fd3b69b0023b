"""Merging: what the document states and what rules know about the same figures becomes one relation.

Two relations are the same if they say the same of the same quantities, however they are written: `a = b + c`, `c = a - b`
and a list in the text whose parts are b and c. Rules come first and keep their name, kind and strength; every place where
the document says it is kept. A list in the text that names all parts of a rule and others besides, which the rule does not
know, replaces the rule's shorter list.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from budgetaudit.check.outcome import Relation
from budgetaudit.check.stated import STATED
from budgetaudit.model.budget import Budget
from budgetaudit.model.statement import Term

_Weights = dict[int, Fraction]


def merged(relations: Iterable[Relation], budget: Budget, *, packs: Collection[str] = ()) -> list[Relation]:
    """One relation for all that say the same, in the order of their first mention.

    Args:
        relations: Rules' relations first, then the document's.
        budget: What they are about.
        packs: Names of the packs whose rules may take further parts from the document's own lists; an equation typed in by
            the caller is weighed as it stands.
    """
    facts = _Facts(budget)
    everything = list(relations)
    lists = _stated_lists(everything, facts)
    by_key: dict[Hashable, list[Relation]] = {}
    for relation in everything:
        extendable = relation.rule.partition("/")[0] in packs
        completed = _completed(relation, lists, facts) if extendable else relation
        by_key.setdefault(facts.key(completed), []).append(completed)
    return [_one(alike) for alike in by_key.values()]


class _Facts:
    """The quantities of a budget by number, and what a relation says of them."""

    def __init__(self, budget: Budget) -> None:
        self._number: Mapping[str, int] = {
            line.id: number for number, lines in enumerate(budget.by_identity.values()) for line in lines
        }

    def of(self, term: Term) -> int:
        return self._number[term.line]

    def key(self, relation: Relation) -> Hashable:
        """Equal for relations that say the same of the same quantities."""
        if relation.unknown or relation.broken:
            return relation.rule
        if relation.form in {"sum", "order"}:
            return relation.form, *self._balanced(relation)
        return relation.form, relation.op, relation.constant, frozenset(
            (term.role, self.of(term), term.weight) for term in relation.terms
        )  # fmt: skip

    def _balanced(self, relation: Relation) -> tuple[str, Fraction, frozenset[tuple[int, Fraction]]]:
        """Σ weight · quantity op constant, everything on one side, the first quantity with weight 1."""
        weights: _Weights = {}
        has_total = False
        for term in relation.terms:
            has_total = has_total or term.role == "total"
            sign = 1 if term.role in {"total", "left"} else -1
            weights[self.of(term)] = weights.get(self.of(term), Fraction(0)) + sign * term.weight
        constant = relation.constant or Fraction(0)
        if relation.form == "sum" and not has_total:  # shares that add to the constant
            constant = -constant
        op = relation.op if relation.form == "order" else "="
        lead = weights[min(weights)] if weights and weights[min(weights)] else Fraction(1)
        scale = 1 / lead if op == "=" else 1 / abs(lead)
        if op in {">", ">="}:
            scale, op = -scale, "<" if op == ">" else "<="
        return op, constant * scale, frozenset((fact, weight * scale) for fact, weight in weights.items() if weight)


def _stated_lists(relations: Sequence[Relation], facts: _Facts) -> Mapping[int, list[Relation]]:
    """The complete lists of plain parts that the document states, by total."""
    lists: dict[int, list[Relation]] = {}
    for relation in relations:
        if _by_document(relation) and relation.complete and not relation.missing and _is_plain(relation):
            lists.setdefault(facts.of(_total(relation)), []).append(relation)
    return lists


def _by_document(relation: Relation) -> bool:
    return bool(relation.stated) or relation.rule.startswith(STATED)


def _is_plain(relation: Relation) -> bool:
    """A total with weight 1 and parts with weight 1."""
    roles = [term.role for term in relation.terms]
    return (
        relation.form == "sum"
        and roles.count("total") == 1
        and not relation.constant
        and all(term.weight == 1 for term in relation.terms)
    )


def _total(relation: Relation) -> Term:
    return next(term for term in relation.terms if term.role == "total")


def _parts(relation: Relation, facts: _Facts) -> dict[int, Term]:
    return {facts.of(term): term for term in relation.terms if term.role == "part"}


def _completed(relation: Relation, lists: Mapping[int, list[Relation]], facts: _Facts) -> Relation:
    """A rule's list with the further parts that the document itself names in a complete list of the same total."""
    if not _is_plain(relation):
        return relation
    own = _parts(relation, facts)
    for stated in lists.get(facts.of(_total(relation)), ()):
        named = _parts(stated, facts)
        if own.keys() < named.keys():
            further = tuple(term for fact, term in named.items() if fact not in own)
            return replace(relation, terms=relation.terms + further)
    return relation


def _one(alike: Sequence[Relation]) -> Relation:
    """The relation that several mean, with all places where the document states it."""
    if len(alike) == 1:
        return alike[0]
    stated = tuple(source for relation in alike for source in relation.stated)
    known, *others = (relation.rule for relation in alike)
    also = tuple(dict.fromkeys(rule for rule in others if rule != known and not rule.startswith(STATED)))
    return replace(reduce(_joined, alike), stated=stated, also=also)


def _joined(known: Relation, other: Relation) -> Relation:
    """The two as one: a list that the document calls complete is complete, and what it states needs no condition."""
    stated_complete = any(_by_document(relation) and relation.complete for relation in (known, other))
    complete = known.complete and not known.missing, other.complete and not other.missing
    settled = any(complete) if stated_complete else all(complete)
    missing = () if settled else known.missing or other.missing
    return replace(
        known,
        missing=missing,
        missing_from=(known.missing_from | other.missing_from) if missing else frozenset(),
        complete=known.complete or other.complete,
        condition="holds" if "holds" in {known.condition, other.condition} else "open",
        nonnegative=known.nonnegative or other.nonnegative,
    )
