"""Causes and corrections: ranked hypotheses about a gap. Display only; nothing here changes a figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Correction:
    """A suggested edit of one figure: what is printed, what would close the gap, which rules it restores and breaks."""

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
    """

    code: str
    lines: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()
    score: Fraction = Fraction(0)
    evidence: tuple[tuple[str, str], ...] = ()
