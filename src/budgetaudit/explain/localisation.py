"""What a localisation says: the sets of figures that may be wrong, what they should be, and why some figure must be.

Plain data; `localize` finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from budgetaudit.check.outcome import Outcome
from budgetaudit.model.budget import Budget
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that would have to be another one.

    Attributes:
        lines: Its equal prints, which change together.
        printed: What is printed.
        needed: The true values with which everything is possible, in the unit of `printed`; an end that is None is open.
            If several figures change their values may depend on each other: then not every choice goes with every other.
    """

    lines: tuple[str, ...]
    printed: Amount
    needed: Interval


@dataclass(frozen=True, slots=True)
class Explanation:
    """Figures whose change alone makes every relation of the block possible; no smaller set among them does.

    Attributes:
        changes: The figures, in the order of the document.
        weight: Their weight in all.
        restores: The relations that could not hold and that use one of them.
    """

    changes: tuple[Change, ...]
    weight: Fraction
    restores: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Relations added and subtracted: what they say together about the figures that are left.

    Σ weight · figure would have to be 0 up to what the prints hide; it misses by `gap`, and they reach `bound`.

    Attributes:
        relations: Each relation, and how often it is added (subtracted if below 0).
        figures: The figures that are left, by the ids of their lines, with their weights.
        gap: By how much the printed figures miss, above 0, in base units.
        bound: By how much they may.
    """

    relations: tuple[tuple[Outcome, Fraction], ...]
    figures: tuple[tuple[tuple[str, ...], Fraction], ...]
    gap: Fraction
    bound: Fraction


@dataclass(frozen=True, slots=True)
class Proof:
    """At least one of these figures is wrong, because of what the relations say together.

    Attributes:
        figures: The ids of the lines of each figure; none if the relations contradict each other without any print.
        combinations: What proves it: one combination of relations, or one for each case that has to be told apart.
    """

    figures: tuple[tuple[str, ...], ...]
    combinations: tuple[Combination, ...]


@dataclass(frozen=True, slots=True)
class LocalisedBlock:
    """One block of relations that cannot all hold.

    Attributes:
        outcomes: Every relation of the block.
        explanations: Sets of figures, the lightest first.
        least: No set of figures of less weight explains the block; proven.
        finished: Whether all explanations of the least weight were found, and proven to be so. If not, those that are
            given explain the block, and may be heavier than `least` or not be all there are.
        possible: Whether any set of figures that may change explains the block.
        proofs: Why the figures cannot all be right, shortest first.
    """

    outcomes: tuple[Outcome, ...]
    explanations: tuple[Explanation, ...]
    least: Fraction
    finished: bool
    possible: bool
    proofs: tuple[Proof, ...]

    @property
    def violated(self) -> tuple[Outcome, ...]:
        """The relations that cannot hold as printed; none where only several together cannot."""
        return tuple(outcome for outcome in self.outcomes if outcome.verdict == "inconsistent")


@dataclass(frozen=True)
class Localisation:
    """Which figures may be wrong, block by block.

    Attributes:
        blocks: The blocks of relations that cannot all hold as printed, in the order of the document.
        budget: The lines they are about.
    """

    blocks: tuple[LocalisedBlock, ...]
    budget: Budget = field(repr=False)
    renderer: Callable[[Localisation, str], str] | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return repr(self) if self.renderer is None else self.renderer(self, "text")

    @property
    def finished(self) -> bool:
        """Whether every block was brought to its end."""
        return all(block.finished for block in self.blocks)

    @cached_property
    def suspects(self) -> tuple[str, ...]:
        """The lines that stand in some explanation, in the order of the document."""
        return tuple(
            dict.fromkeys(
                line
                for block in self.blocks
                for explanation in block.explanations
                for change in explanation.changes
                for line in change.lines
            )
        )

    def about(self, outcome: Outcome) -> LocalisedBlock | None:
        """The block of a relation; None if that block is possible as printed."""
        return next((block for block in self.blocks if outcome in block.outcomes), None)
