"""Causes and corrections: ranked hypotheses about a gap. Display only; nothing here changes a figure.

A `Hypothesis` is a cause before anybody has weighed it: what would have been printed, or how the relation would read,
if one slip had not happened. The modules `figures`, `sums`, `ratios` and `ties` propose hypotheses, `situation` works out
what each would restore and break, `causes` ranks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from budgetaudit.check.outcome import Relation
from budgetaudit.money.amount import Amount


@dataclass(frozen=True, slots=True)
class Correction:
    """A suggested edit of one figure: what is printed, what would close the gap, which rules it restores and breaks.

    `restores` and `breaks` name the rule of every relation concerned, once for each relation.
    """

    line: str
    printed: str
    proposed: str
    value: Decimal
    restores: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """One hypothesis.

    Attributes:
        code: Slug such as `digit-replaced`, `digits-transposed`, `truncated-parts`.
        lines: The figures concerned, the suspected one first.
        corrections: The edits that undo it; empty for causes that change no figure (truncation).
        score: Relative weight among the causes found, 0 to 1; not a probability.
        evidence: Named facts for the message: which figure the gap equals, how many rules agree.
        rank: 1 for the best. Causes of one rank cannot be told apart from these figures: their weights differ by less
            than the assumptions behind them are worth.
    """

    code: str
    lines: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()
    score: Fraction = Fraction(0)
    evidence: tuple[tuple[str, str], ...] = ()
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One slip that may have happened.

    Attributes:
        code: As in `Cause`.
        lines: As in `Cause`.
        chance: How often slips of this kind produce this very print: the share of the kind among slips, over the number
            of ways and of places in which one of its kind can happen.
        changes: What would be printed without the slip, by line; empty if no figure is wrong.
        instead: How the relation would read without the slip, where it is the relation that is meant otherwise.
        evidence: As in `Cause`.
    """

    code: str
    lines: tuple[str, ...]
    chance: Fraction
    changes: tuple[tuple[str, Amount], ...] = ()
    instead: Relation | None = None
    evidence: tuple[tuple[str, str], ...] = ()
