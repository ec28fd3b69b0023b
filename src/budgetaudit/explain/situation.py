"""Situation: the relations of an audit and what would become of them if a figure were printed otherwise.

Relations are indexed by the facts they use, so that supposing another value costs as many evaluations as there are
relations with that fact in them. Each is evaluated as the audit evaluated it, exactly and from the prints; nothing is
estimated, and nothing in the budget changes.

Where several budgets were audited each by itself and their reports added, a fact belongs to its budget: the totals of two
offices are two facts, even if their lines look alike.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple

from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.explain.likelihood import gap_probability
from budgetaudit.explain.needed import needed
from budgetaudit.explain.priors import INEXACT, UNEXPLAINED, UNEXPLAINED_LIMIT
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval

POSSIBLE: Final = frozenset({"exact", "rounding"})
# A table with thousands of relations is judged in linear time: of many prints alike a few stand for all (one that is
# supposed to be wrong leaves others that are not), and so do the first relations of a figure that is in dozens.
_FEW: Final = 3
_MOST: Final = 40
_NO_CHANGES: Final[Mapping[str, Amount]] = MappingProxyType({})


class Fact(NamedTuple):
    """A fact, and the number of the budget that reports it."""

    budget: int
    identity: Identity


@dataclass(frozen=True, slots=True)
class Consequence:
    """One relation before and after: how it was judged, how it would be, and how much more plausible that is."""

    before: Outcome
    after: Outcome
    weight: Fraction

    @property
    def restored(self) -> bool:
        """Whether a relation that could not hold, or that rounding hardly explains, would hold."""
        if self.before.verdict == "rounding":
            return self.after.verdict == "exact"
        return self.before.verdict != "exact" and self.after.verdict in POSSIBLE

    @property
    def broken(self) -> bool:
        """Whether a relation that holds, or that could not be judged, would fail."""
        if self.before.verdict in POSSIBLE:
            return self.after.verdict not in POSSIBLE
        return self.before.verdict != "inconsistent" and self.after.verdict == "inconsistent"


class Situation:
    """The judged relations of an audit, by the facts in them.

    Args:
        outcomes: Every relation that was judged.
        budget: Their lines.
        extents: How many lines each budget has that was audited by itself, in order; by default there is one.
    """

    def __init__(self, outcomes: Iterable[Outcome], budget: Budget, extents: Sequence[int] = ()) -> None:
        self.outcomes = tuple(outcomes)
        self.budget = budget
        numbers = [number for number, extent in enumerate(extents or (len(budget),)) for _ in range(extent)]
        self._facts = {line.id: Fact(number, line.identity) for number, line in zip(numbers, budget.lines, strict=True)}
        self._prints: dict[Fact, list[BudgetLine]] = {}
        for line in budget.lines:
            self._prints.setdefault(self._facts[line.id], []).append(line)
        self._telling = {fact: tuple(_telling(lines)) for fact, lines in self._prints.items()}
        self._needed: dict[tuple[int, Fact], Interval | None] = {}
        self._about: dict[Fact, list[Outcome]] = {}
        for outcome in self.outcomes:
            for fact in self.facts(outcome.relation):
                self._about.setdefault(fact, []).append(outcome)

    def fact(self, line_id: str) -> Fact:
        """The fact that a line reports."""
        return self._facts[line_id]

    def facts(self, relation: Relation) -> tuple[Fact, ...]:
        """Every fact in a relation, once, in order."""
        return tuple(dict.fromkeys(self._facts[term.line] for term in relation.terms))

    def prints(self, fact: Fact) -> Sequence[BudgetLine]:
        """Every line that reports a fact."""
        return self._prints[fact]

    def telling(self, fact: Fact) -> Sequence[BudgetLine]:
        """Its prints, of many alike only a few: enough to know its quantity."""
        return self._telling[fact]

    def about(self, fact: Fact) -> Sequence[Outcome]:
        """Every outcome in whose relation the fact takes part."""
        return self._about.get(fact, ())

    def excerpt(self, relation: Relation, changes: Mapping[str, Amount] = _NO_CHANGES) -> Budget:
        """The lines a relation speaks of, as they are printed or as some changes would have them.

        Of many prints alike there are only a few, those among them that the relation or the changes name.
        """
        lines = {line.id: line for fact in self.facts(relation) for line in self._telling[fact]}
        lines |= {term.line: self.budget.line(term.line) for term in relation.terms if term.line not in lines}
        facts = set(self.facts(relation))
        for line_id, amount in changes.items():
            if self._facts[line_id] in facts:
                lines[line_id] = self.budget.line(line_id).model_copy(update={"amount": amount})
        return Budget(tuple(lines.values()))

    def needed(self, outcome: Outcome, fact: Fact) -> Interval | None:
        """The values of a fact with which the relation of an outcome is possible; see the module `needed`."""
        key = id(outcome), fact
        if key not in self._needed:
            self._needed[key] = needed(outcome.relation, fact.identity, self.excerpt(outcome.relation))
        return self._needed[key]

    def supposing(self, changes: Mapping[str, Amount], *, because: Outcome) -> tuple[Consequence, ...]:
        """What would become of the relations that use one of these lines, if they were printed like this.

        Args:
            changes: What would be printed, by line.
            because: The relation that gave rise to the question; of very many others only the first are weighed.
        """
        facts = dict.fromkeys(self._facts[line_id] for line_id in changes)
        touched = {id(outcome): (outcome, fact) for fact in facts for outcome in self.about(fact)}
        if len(touched) > _MOST:
            touched = {id(because): touched[id(because)], **dict(islice(touched.items(), _MOST))}
        return tuple(self._supposed(outcome, fact, changes) for outcome, fact in touched.values())

    def _supposed(self, outcome: Outcome, fact: Fact, changes: Mapping[str, Amount]) -> Consequence:
        supposed = self.excerpt(outcome.relation, changes)
        after = evaluate(outcome.relation, supposed)
        values = self._values(outcome, fact)
        before = plausibility(outcome, self.excerpt(outcome.relation), values=values)
        return Consequence(outcome, after, plausibility(after, supposed, values=values) / before)

    def _values(self, outcome: Outcome, fact: Fact) -> Fraction:
        """How many values a fact might be printed with, as far as this relation can tell: many if it hardly bounds it."""
        wanted, amount = self.needed(outcome, fact), self._prints[fact][0].amount
        if wanted is None or wanted.lo is None or wanted.hi is None or amount is None:
            return Fraction(1)
        return max(Fraction(1), (wanted.hi - wanted.lo) / (Fraction(10) ** -amount.places * amount.unit.scale))

    def read_as(self, outcome: Outcome, relation: Relation) -> Consequence:
        """What would become of one outcome if its relation were meant otherwise."""
        supposed = self.excerpt(relation)
        after = evaluate(relation, supposed)
        before = plausibility(outcome, self.excerpt(outcome.relation))
        return Consequence(outcome, after, plausibility(after, supposed) / before)

    def worth(self, low: Fraction, high: Fraction, *, beside: BudgetLine) -> list[BudgetLine]:
        """The first print of every fact in the document of a line whose value lies between two, in base units.

        Signs do not count, zeros are left out.
        """
        return [line for _, line in self._by_value.get(_document(beside), ())[slice(*self._between(low, high, beside))]]

    def how_many_are_worth(self, low: Fraction, high: Fraction, *, beside: BudgetLine) -> int:
        """How many lines `worth` would give."""
        first, last = self._between(low, high, beside)
        return last - first

    def _between(self, low: Fraction, high: Fraction, beside: BudgetLine) -> tuple[int, int]:
        entries = self._by_value.get(_document(beside), ())
        first = bisect_left(entries, low, key=lambda entry: entry[0])
        return first, max(first, bisect_right(entries, high, key=lambda entry: entry[0]))

    @cached_property
    def _by_value(self) -> dict[str | None, list[tuple[Fraction, BudgetLine]]]:
        by_document: dict[str | None, list[tuple[Fraction, BudgetLine]]] = {}
        for lines in self._prints.values():
            first = lines[0]
            if first.amount is not None and first.amount.value:
                by_document.setdefault(_document(first), []).append((abs(first.amount.exact_value), first))
        for entries in by_document.values():
            entries.sort(key=lambda entry: entry[0])  # stable: equal ones stay in the order of the document
        return by_document


def plausibility(outcome: Outcome, budget: Budget, *, values: Fraction = Fraction(1)) -> Fraction:
    """How probable it is that an honest relation comes out like this; one that cannot be judged says nothing.

    Args:
        outcome: A relation as judged, or as it would be.
        budget: Its lines.
        values: Among how many values of the figure in question it would come out so; only for relations that have no law
            of their gap, because the law counts them.
    """
    if outcome.verdict == "inconsistent":
        return UNEXPLAINED_LIMIT if outcome.relation.form == "order" else UNEXPLAINED
    if outcome.verdict not in POSSIBLE:
        return Fraction(1)
    known = gap_probability(outcome, budget)
    if known is None:
        return (Fraction(1) if outcome.verdict == "exact" else INEXACT) / values
    return max(known, UNEXPLAINED)


def _telling(prints: Iterable[BudgetLine]) -> Iterator[BudgetLine]:
    """The first few prints of each kind."""
    seen: Counter[object] = Counter()
    for line in prints:
        kind = line.amount, line.state
        seen[kind] += 1
        if seen[kind] <= _FEW:
            yield line


def document_of(outcome: Outcome, budget: Budget) -> str | None:
    """The document in which a relation's first figure stands; None for figures that a caller typed in."""
    terms = outcome.relation.terms
    return _document(budget.line(terms[0].line)) if terms else None


def step_of(outcome: Outcome, budget: Budget) -> Fraction:
    """The last place of a relation's coarsest figure, in base units, also of figures that are declared exact."""
    amounts = [budget.line(term.line).amount for term in outcome.relation.terms]
    return max(
        (Fraction(10) ** -amount.places * amount.unit.scale for amount in amounts if amount), default=Fraction(1)
    )


def with_convention(relation: Relation, **properties: str) -> Relation:
    """The relation under another convention."""
    return replace(relation, convention=replace(relation.convention, **properties))  # type: ignore[arg-type]


def _document(line: BudgetLine) -> str | None:
    return None if line.source is None else line.source.document
