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
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Final, TypeAlias

from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.check.quantity import quantity_of
from budgetaudit.explain.again import SumAgain
from budgetaudit.explain.consequence import POSSIBLE, Consequence, plausibility, plausible
from budgetaudit.explain.likelihood import likelihood
from budgetaudit.explain.needed import needed
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import rounded
from budgetaudit.money.interval import Interval

# A table with thousands of relations is judged in linear time: of many prints alike a few stand for all (one that is
# supposed to be wrong leaves others that are not), and so do the first relations of a figure that is in dozens.
_FEW: Final = 3
_MOST: Final = 40
_MOST_FAILING: Final = 400
Edits: TypeAlias = tuple[tuple[str, Amount], ...]
_NO_CHANGES: Final[Mapping[str, Amount]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A fact, and the number of the budget that reports it; a situation has one object for each, which is quick to look up."""

    budget: int
    identity: Identity


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
        known: dict[tuple[int, Identity], Fact] = {}
        self._facts = {
            line.id: known.setdefault((number, line.identity), Fact(number, line.identity))
            for number, line in zip(numbers, budget.lines, strict=True)
        }
        self._places = {line.id: place for place, line in enumerate(budget.lines)}
        self._prints: dict[Fact, list[BudgetLine]] = {}
        for line in budget.lines:
            self._prints.setdefault(self._facts[line.id], []).append(line)
        self._telling = {fact: tuple(_telling(lines)) for fact, lines in self._prints.items()}
        self._needed: dict[tuple[int, Fact], Interval | None] = {}
        self._sums: dict[int, SumAgain[Fact] | None] = {}
        self._consequences: dict[tuple[int, Edits], Consequence] = {}
        self._assumed: Mapping[str, BudgetLine] = {}
        self._rejudged: Mapping[int, Outcome] = {}
        self._origin: Mapping[int, int] = {}
        self._plausible: dict[int, Fraction] = {}
        self._linked: dict[Fact, Mapping[Fact, None]] = {}
        self._kept: tuple[Outcome, ...] = ()  # outcomes are told apart by their identity, so none may go
        self._about: dict[Fact, list[Outcome]] = {}
        self._sets: dict[int, frozenset[Fact]] = {}
        self._facts_in: dict[int, tuple[Fact, ...]] = {}
        for outcome in self.outcomes:
            self._facts_in[id(outcome.relation)] = self.facts(outcome.relation)
            for fact in self.facts(outcome.relation):
                self._about.setdefault(fact, []).append(outcome)

    def fact(self, line_id: str) -> Fact:
        """The fact that a line reports."""
        return self._facts[line_id]

    def facts(self, relation: Relation) -> tuple[Fact, ...]:
        """Every fact in a relation, once, in order."""
        known = self._facts_in.get(id(relation))  # those of the audit are kept, so that no other has their number
        return tuple(dict.fromkeys(self._facts[term.line] for term in relation.terms)) if known is None else known

    def place(self, line_id: str) -> int:
        """Where a line stands in the order of the budget."""
        return self._places[line_id]

    def line(self, line_id: str) -> BudgetLine:
        """A line as it is printed, or as it is assumed to be."""
        return self._assumed.get(line_id) or self.budget.line(line_id)

    def now(self, outcome: Outcome) -> Outcome:
        """An outcome of the audit as it is under what is assumed."""
        return self._rejudged.get(id(outcome), outcome)

    def prints(self, fact: Fact) -> Sequence[BudgetLine]:
        """Every line that reports a fact."""
        return self._prints[fact]

    def telling(self, fact: Fact) -> Sequence[BudgetLine]:
        """Its prints, of many alike only a few: enough to know its quantity."""
        return self._telling[fact]

    def about(self, fact: Fact) -> Sequence[Outcome]:
        """Every outcome in whose relation the fact takes part."""
        return self._about.get(fact, ())

    @cached_property
    def fails_widely(self) -> bool:
        """Whether so many relations fail that the document was read or bound wrongly: then none explains another."""
        return sum(1 for outcome in self.outcomes if outcome.verdict == "inconsistent") > _MOST_FAILING

    def is_total(self, line: BudgetLine) -> bool:
        """Whether a line reports the total of a sum of two parts or more."""
        return self._facts[line.id] in self._totals

    @cached_property
    def _totals(self) -> frozenset[Fact]:
        sums = (outcome.relation for outcome in self.outcomes if outcome.relation.form == "sum")
        return frozenset(
            self._facts[term.line]
            for relation in sums
            if len(relation.terms) > 2
            for term in relation.terms
            if term.role == "total"
        )

    def linked(self, fact: Fact) -> Mapping[Fact, None]:
        """The amounts that sums which hold tie to a fact, directly or through others, itself included, in order."""
        if fact not in self._linked:
            found, waiting = {fact: None}, [fact]
            while waiting:
                for outcome in self.about(waiting.pop()):
                    if (
                        outcome.relation.form == "sum"
                        and outcome.relation.constant is None
                        and outcome.verdict in POSSIBLE
                    ):
                        new = [other for other in self.facts(outcome.relation) if other not in found]
                        found.update(dict.fromkeys(new))
                        waiting += new
            self._linked |= dict.fromkeys(found, found)
        return self._linked[fact]

    def failing(self) -> Iterator[Outcome]:
        """The outcomes that are inconsistent, as they are under what is assumed."""
        return (now for outcome in self.outcomes if (now := self.now(outcome)).verdict == "inconsistent")

    def assuming(self, changes: Mapping[str, Amount]) -> Situation:
        """The situation as it would be if some lines were printed otherwise; the relations that use them judged again."""
        other = copy(self)
        other._assumed = {**self._assumed, **{line_id: self._changed(line_id, to) for line_id, to in changes.items()}}
        facts = {self._facts[line_id] for line_id in changes}
        other._prints = {
            **self._prints, **{fact: [other._assumed.get(line.id, line) for line in self._prints[fact]] for fact in facts}
        }  # fmt: skip
        other._telling = {**self._telling, **{fact: tuple(_telling(other._prints[fact])) for fact in facts}}
        touched = {id(outcome): outcome for fact in facts for outcome in self.about(fact)}
        judged = {key: evaluate(outcome.relation, other.excerpt(outcome.relation)) for key, outcome in touched.items()}
        other._origin = {**self._origin, **{id(after): self._origin.get(key, key) for key, after in judged.items()}}
        other._rejudged = {**self._rejudged, **{self._origin.get(key, key): after for key, after in judged.items()}}
        concerned = {fact for outcome in touched.values() for fact in self.facts(outcome.relation)}
        other._about = {
            **self._about, **{fact: [judged.get(id(one), one) for one in self._about[fact]] for fact in concerned}
        }  # fmt: skip
        other._needed = {key: wanted for key, wanted in self._needed.items() if key[0] not in touched}
        other._sums = {key: kept for key, kept in self._sums.items() if key not in touched}
        other._consequences = {key: kept for key, kept in self._consequences.items() if key[0] not in touched}
        other._plausible = {key: kept for key, kept in self._plausible.items() if key not in touched}
        other._linked = {}
        other._kept = (*self._kept, *judged.values())
        return other

    def excerpt(self, relation: Relation, changes: Mapping[str, Amount] = _NO_CHANGES) -> Budget:
        """The lines a relation speaks of, as they are printed or as some changes would have them.

        Of many prints alike there are only a few, those among them that the relation or the changes name.
        """
        lines = {line.id: line for fact in self.facts(relation) for line in self._telling[fact]}
        lines |= {term.line: self.line(term.line) for term in relation.terms if term.line not in lines}
        facts = set(self.facts(relation))
        for line_id, amount in changes.items():
            if self._facts[line_id] in facts:
                lines[line_id] = self._changed(line_id, amount)
        return Budget(tuple(lines.values()))

    def _changed(self, line_id: str, amount: Amount) -> BudgetLine:
        return self.line(line_id).model_copy(update={"amount": amount})

    def needed(self, outcome: Outcome, fact: Fact) -> Interval | None:
        """The values of a fact with which the relation of an outcome is possible; see the module `needed`."""
        key = id(outcome), fact
        if key not in self._needed:
            again = self._again(outcome)
            self._needed[key] = (
                needed(outcome.relation, fact.identity, self.excerpt(outcome.relation))
                if again is None
                else again.needed(fact, self._scale_of_total(outcome.relation))
            )
        return self._needed[key]

    def wanted(self, outcome: Outcome, fact: Fact) -> Interval | None:
        """The values of a fact that a relation needs, narrowed by its other relations as far as they agree with it.

        None where the relation bounds it on one side only, or not at all. Relations that do not hold come first.
        """
        wanted = self.needed(outcome, fact)
        if wanted is None or wanted.lo is None or wanted.hi is None:
            return None
        others = [other for other in self.about(fact)[:_MOST] if other is not outcome]
        for other in sorted(others, key=lambda one: one.verdict in POSSIBLE):
            need = self.needed(other, fact)
            both = None if need is None else wanted.intersection(need)
            wanted = wanted if both is None else both
        return wanted

    def printing(self, fact: Fact, value: Fraction) -> tuple[tuple[str, Amount], ...]:
        """What every print of a fact would show if this were its value, in base units, each to its own places."""
        return tuple(
            (line.id, replace(line.amount, value=rounded(value / line.amount.unit.scale, line.amount.places)))
            for line in self._prints[fact]
            if line.amount is not None
        )

    def supposing(self, changes: Mapping[str, Amount], *, because: Outcome) -> tuple[Consequence, ...]:
        """What would become of the relations that use one of these lines, if they were printed like this.

        Args:
            changes: What would be printed, by line.
            because: The relation that gave rise to the question; of very many others only the first are weighed.
        """
        edits = self._edits(changes)
        touched = {id(outcome): outcome for fact in edits for outcome in self.about(fact)}
        if len(touched) > _MOST:
            touched = {id(because): touched[id(because)], **dict(islice(touched.items(), _MOST))}
        return tuple(self._supposed(outcome, edits) for outcome in touched.values())

    def restores(self, changes: Mapping[str, Amount], outcome: Outcome) -> bool:
        """Whether an outcome would be restored if some lines were printed otherwise."""
        edits = self._edits(changes)
        return not edits.keys().isdisjoint(self.facts(outcome.relation)) and self._supposed(outcome, edits).restored

    def _edits(self, changes: Mapping[str, Amount]) -> dict[Fact, Edits]:
        """Changes by the fact they concern."""
        edits: dict[Fact, Edits] = {}
        for edit in changes.items():
            fact = self._facts[edit[0]]
            edits[fact] = (*edits.get(fact, ()), edit)
        return edits

    def _supposed(self, outcome: Outcome, edits: Mapping[Fact, Edits]) -> Consequence:
        facts = self._members(outcome)
        here = {fact: some for fact, some in edits.items() if fact in facts}
        key = id(outcome), tuple(edit for some in here.values() for edit in some)
        if key not in self._consequences:
            self._consequences[key] = self._worked_out(outcome, here)
        return self._consequences[key]

    def _members(self, outcome: Outcome) -> frozenset[Fact]:
        number = id(outcome.relation)
        if number not in self._sets:
            self._sets[number] = frozenset(self.facts(outcome.relation))
        return self._sets[number]

    def _worked_out(self, outcome: Outcome, edits: Mapping[Fact, Edits]) -> Consequence:
        again = self._again(outcome)
        known = None if again is None else again.with_changed({
            fact: quantity_of(self._changed_prints(fact, outcome.relation, some), outcome.relation.convention)
            for fact, some in edits.items()
        })  # fmt: skip
        if known is not None and known[2]:
            after, probability, _ = known
            honest = plausible(after, probability)
        else:
            supposed = self.excerpt(outcome.relation, dict(edit for some in edits.values() for edit in some))
            after = evaluate(outcome.relation, supposed) if known is None else known[0]
            honest = plausibility(after, supposed)
        return Consequence(outcome, after, honest / self._plausibility(outcome))

    def _again(self, outcome: Outcome) -> SumAgain[Fact] | None:
        """A sum with what its figures add up to; None where it has to be judged as a whole."""
        key = id(outcome)
        if key not in self._sums:
            relation = outcome.relation
            found = None
            if relation.form == "sum" and len({fact.identity for fact in self.facts(relation)}) == len(
                self.facts(relation)
            ):
                quantities = {
                    fact: quantity_of(self._changed_prints(fact, relation), relation.convention)
                    for fact in self.facts(relation)
                }
                keys = tuple(self._facts[term.line] for term in relation.terms)
                found = SumAgain[Fact].of(outcome, keys, quantities)
            self._sums[key] = found
        return self._sums[key]

    def _changed_prints(self, fact: Fact, relation: Relation, edits: Edits = ()) -> Iterable[BudgetLine]:
        """The prints of one fact in the excerpt of a relation, in its order."""
        lines = {line.id: line for line in self._telling[fact]}
        if len(lines) < len(self._prints[fact]):
            named = (term.line for term in relation.terms if self._facts[term.line] is fact)
            lines |= {line_id: self.line(line_id) for line_id in named if line_id not in lines}
        lines |= {line_id: self._changed(line_id, amount) for line_id, amount in edits}
        return lines.values()

    def _scale_of_total(self, relation: Relation) -> Fraction:
        total = next((self._facts[term.line] for term in relation.terms if term.role == "total"), None)
        amount = None if total is None else next(iter(self._changed_prints(total, relation))).amount
        return Fraction(1) if amount is None else amount.unit.scale

    def _plausibility(self, outcome: Outcome) -> Fraction:
        """How plausible an outcome is as it stands, worked out once."""
        if id(outcome) not in self._plausible:
            self._plausible[id(outcome)] = plausibility(outcome, self.excerpt(outcome.relation))
        return self._plausible[id(outcome)]

    def read_as(self, outcome: Outcome, relation: Relation) -> Consequence:
        """What would become of one outcome if its relation were meant otherwise."""
        supposed = self.excerpt(relation)
        after = evaluate(relation, supposed)
        return Consequence(outcome, after, plausibility(after, supposed) / self._plausibility(outcome))

    def with_likelihood(self, outcome: Outcome) -> Outcome:
        """An outcome of this situation with the likelihood of its gap."""
        return replace(outcome, likelihood=likelihood(outcome, self.excerpt(outcome.relation)))

    def worth(self, low: Fraction, high: Fraction, *, beside: BudgetLine) -> list[BudgetLine]:
        """The first print of every fact in the document of a line whose value lies between two, in base units.

        Signs do not count, zeros are left out.
        """
        return [line for _, line in self._valued(beside)[slice(*self._between(low, high, beside))]]

    def how_many_are_worth(self, low: Fraction, high: Fraction, *, beside: BudgetLine) -> int:
        """How many lines `worth` would give."""
        first, last = self._between(low, high, beside)
        return last - first

    def _between(self, low: Fraction, high: Fraction, beside: BudgetLine) -> tuple[int, int]:
        entries = self._valued(beside)
        first = bisect_left(entries, low, key=lambda entry: entry[0])
        return first, max(first, bisect_right(entries, high, key=lambda entry: entry[0]))

    def _valued(self, beside: BudgetLine) -> Sequence[tuple[Fraction, BudgetLine]]:
        """The first prints of the facts of the same office in the document of a line, by size."""
        return self._by_value.get(self._surroundings(beside), ())

    def _surroundings(self, line: BudgetLine) -> tuple[int, str | None, str | None]:
        return self._facts[line.id].budget, _document(line), line.identity.entity

    @cached_property
    def _by_value(self) -> dict[tuple[int, str | None, str | None], list[tuple[Fraction, BudgetLine]]]:
        by_document: dict[tuple[int, str | None, str | None], list[tuple[Fraction, BudgetLine]]] = {}
        for lines in self._prints.values():
            first = lines[0]
            if first.amount is not None and first.amount.value:
                by_document.setdefault(self._surroundings(first), []).append((abs(first.amount.exact_value), first))
        for entries in by_document.values():
            entries.sort(key=lambda entry: entry[0])  # stable: equal ones stay in the order of the document
        return by_document


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
