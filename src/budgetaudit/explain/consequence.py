"""Consequence: one relation before and after a supposed change, and how plausible either is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.likelihood import gap_probability
from budgetaudit.explain.priors import INEXACT, UNEXPLAINED, UNEXPLAINED_LIMIT
from budgetaudit.model.budget import Budget

POSSIBLE: Final = frozenset({"exact", "rounding"})


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


def plausibility(outcome: Outcome, budget: Budget) -> Fraction:
    """How probable it is that an honest relation comes out like this; one that cannot be judged says nothing."""
    return plausible(outcome, gap_probability(outcome, budget))


def plausible(outcome: Outcome, probability: Fraction | None) -> Fraction:
    """The same, given the probability of the gap."""
    if outcome.verdict == "inconsistent":
        return UNEXPLAINED_LIMIT if outcome.relation.form == "order" else UNEXPLAINED
    if outcome.verdict not in POSSIBLE:
        return Fraction(1)
    if probability is None:
        return Fraction(1) if outcome.verdict == "exact" else INEXACT
    return max(probability, UNEXPLAINED)
