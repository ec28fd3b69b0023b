"""The convention a document evidently follows: rounded, cut off, or made to add.

One sum says little about how an office rounds, all sums of a document may say a lot. Four hypotheses are compared on the
sums that share no figure with each other (section 9.7 of the verdict semantics):

| hypothesis | what it says of a gap |
|---|---|
| rounded | figures and totals are rounded to nearest from the same true values |
| cut | digits are cut off everywhere |
| cut-parts | parts are cut off, totals are rounded |
| made-to-add | figures were adjusted until every sum closes |

    weight = prior · Π [ (1 - slip) · P(gap | hypothesis) + slip · flat ]

with equal priors, a slip in one sum of a thousand, and any given gap in one slip of a thousand. These numbers are
assumptions; a finding that rests on them states them. What follows is a suggestion, and no verdict changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.likelihood import (
    cut_parts_probability,
    modelled_sum,
    rounding_probability,
    truncation_probability,
)
from budgetaudit.explain.priors import FLAT, SLIP
from budgetaudit.explain.situation import Fact, Situation, document_of
from budgetaudit.model.budget import Budget

Hypothesis = Literal["rounded", "cut", "cut-parts", "made-to-add"]
HYPOTHESES: Final[tuple[Hypothesis, ...]] = ("rounded", "cut", "cut-parts", "made-to-add")
PRIOR: Final = Fraction(1, len(HYPOTHESES))
DECISIVE: Final = Fraction(99, 100)
LEAST_GAPS: Final = 2
_MOST_WITNESSES: Final = 2000  # sums that are multiplied; a document has made itself clear long before
_LONGEST_ODDS: Final = Fraction(10**9)  # longer ones say no more


@dataclass(frozen=True, slots=True)
class Witness:
    """One sum, and how probable its gap is under each hypothesis; never 0, because slips are allowed for."""

    outcome: Outcome
    likelihood: Mapping[Hypothesis, Fraction]


class Conventions:
    """What the sums of each document say about its convention, taken together."""

    def __init__(self, situation: Situation) -> None:
        self._budget = situation.budget
        self._joint: dict[str | None, Mapping[Hypothesis, Fraction]] = {}
        self._odds: dict[str | None, Fraction] = {}
        self._own: dict[int, Mapping[Hypothesis, Fraction]] = {}
        self._witnesses: dict[str | None, list[Witness]] = {}
        for witness in _witnesses(situation):
            self._witnesses.setdefault(document_of(witness.outcome, self._budget), []).append(witness)

    @property
    def documents(self) -> Sequence[str | None]:
        """The documents that have sums to ask; None stands for figures without a document."""
        return tuple(self._witnesses)

    def shares(self, document: str | None, *, without: Outcome | None = None) -> Mapping[Hypothesis, Fraction]:
        """The weight of each hypothesis, adding to 1, by all sums of a document or all but one."""
        weights = dict(self._weights(document))
        for witness in self._weighed(document):
            if witness.outcome is without:
                for name in HYPOTHESES:
                    weights[name] /= witness.likelihood[name]
        whole = sum(weights.values(), Fraction(0))
        return {name: weight / whole for name, weight in weights.items()}

    def _weighed(self, document: str | None) -> Sequence[Witness]:
        return self._witnesses.get(document, ())[:_MOST_WITNESSES]

    def _weights(self, document: str | None) -> Mapping[Hypothesis, Fraction]:
        if document not in self._joint:
            weights: dict[Hypothesis, Fraction] = dict.fromkeys(HYPOTHESES, PRIOR)
            for witness in self._weighed(document):
                weights = {name: weight * witness.likelihood[name] for name, weight in weights.items()}
            self._joint[document] = weights
        return self._joint[document]

    def odds_of_truncation(self, *, without: Outcome) -> Fraction:
        """How much more the other sums of its document speak for digits cut off everywhere than for rounding."""
        document = document_of(without, self._budget)
        if document not in self._odds:
            weights = self._weights(document)
            self._odds[document] = _bounded(weights["cut"] / weights["rounded"])
            self._own |= {id(witness.outcome): witness.likelihood for witness in self._weighed(document)}
        own = self._own.get(id(without))
        return self._odds[document] * (own["rounded"] / own["cut"] if own is not None else 1)

    def truncated_sums(self, document: str | None) -> tuple[Outcome, ...]:
        """The sums that miss as cut digits make them, if the document decides for cut digits; empty if it does not.

        It decides if cut digits have at least 99 % of the weight and two or more sums miss.
        """
        missing = tuple(witness.outcome for witness in self._witnesses.get(document, ()) if witness.outcome.gap)
        if len(missing) < LEAST_GAPS:
            return ()
        shares = self.shares(document)
        return missing if shares["cut"] + shares["cut-parts"] >= DECISIVE else ()


def _bounded(odds: Fraction) -> Fraction:
    """Odds of a size to calculate with."""
    return max(1 / _LONGEST_ODDS, min(odds, _LONGEST_ODDS)).limit_denominator(10**30)


def _witnesses(situation: Situation) -> Iterator[Witness]:
    """The sums the model speaks of, rounded as usual, that share no fact with one before them."""
    used: set[Fact] = set()
    for outcome in situation.outcomes:
        convention = outcome.relation.convention
        if convention.rounding != "nearest" or convention.totals_from != "unrounded":
            continue
        likelihood = _likelihood(outcome, situation.excerpt(outcome.relation))
        facts = situation.facts(outcome.relation)
        if likelihood is not None and used.isdisjoint(facts):
            used.update(facts)
            yield Witness(outcome, likelihood)


def _likelihood(outcome: Outcome, budget: Budget) -> Mapping[Hypothesis, Fraction] | None:
    """For sums of positive figures with one step and weights of one; the laws of other sums differ."""
    if outcome.verdict not in {"exact", "rounding", "inconsistent"}:
        return None
    modelled = modelled_sum(outcome, budget)
    if modelled is None:
        return None
    gap, target, parts = modelled
    in_steps = gap / target.step
    alike = all(abs(weight) == 1 and part.step == target.step and part.value > 0 for weight, part in parts)
    if not alike or target.value <= 0 or in_steps.denominator != 1:
        return None
    size, number = int(in_steps), len(parts)
    negative = sum(1 for weight, _ in parts if weight < 0)
    laws: dict[Hypothesis, Fraction] = {
        "rounded": rounding_probability(size, number),
        "cut": truncation_probability(size, number, negative=negative),
        "cut-parts": cut_parts_probability(size + negative, number),
        "made-to-add": Fraction(1 if size == 0 else 0),
    }
    return {name: (1 - SLIP) * law + SLIP * FLAT for name, law in laws.items()}
