"""Priors: how common slips are and of which kind, the assumptions behind every score.

One slip in a thousand figures that stand in a relation; a gap that nothing explains has any given value, in units of the
last place, once in a thousand. Among slips the kinds have the shares below, which mix two counts: 152 typing errors in
4,381 forms filled by hand (Scholtus 2009: nearly three of four replace a digit, one in ten each loses one or exchanges
two) and 216 sums of company filings that miss (a sign in nearly half, a part that should not count in one of twenty).

They order hypotheses and prove nothing; whoever has counts of an office's own earlier slips will know better.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

SLIP: Final = Fraction(1, 1000)
FLAT: Final = Fraction(1, 1000)
UNEXPLAINED: Final = SLIP * FLAT
UNEXPLAINED_LIMIT: Final = SLIP / 2  # beyond a limit lies half of everything: how far beyond says little

# How often a relation without a law of its own (a ratio, a sum of exact figures) is within rounding and not exact.
INEXACT: Final = Fraction(1, 4)

# Above this many expected hits, that another figure equals a gap is chance and no evidence.
CHANCE_HITS: Final = Fraction(1, 20)

_PER_MILLE: Final = {
    "digit-replaced": 220, "digits-transposed": 100, "lost-digit": 70, "inserted-digit": 50, "doubled-digit": 30,
    "decimal-shift": 60, "sign-reversed": 150, "unit-mix-up": 50, "omitted-part": 90, "counted-twice": 60,
    "another-figure": 40, "rounding-residue": 100, "other-print": 50, "separator-misread": 40,
    "parent-beside-children": 50, "cumulative-value": 40, "value-of-another": 60, "parent-copied": 100,
    "interchanged-pair": 40, "figures-rotated": 20, "row-shift": 30, "opposite-pair": 30, "unit-of-table": 20,
    "wrong-component": 50, "wrong-percent": 100, "growth-as-ratio": 50, "percent-points": 50, "zero-base": 200,
    "truncated-percent": 200, "plug-share": 100, "divided-by-current-year": 100, "ratio-as-growth": 50,
    "fraction-as-percent": 50, "wrong-denominator": 100, "wrong-denominator-word": 50,
}  # fmt: skip
SHARES: Final[Mapping[str, Fraction]] = MappingProxyType({code: Fraction(n, 1000) for code, n in _PER_MILLE.items()})


def chance(code: str, *, ways: int | Fraction = 1, places: int = 1) -> Fraction:
    """How often a slip of that kind happens just so: its share, over the ways it can go and the places it can hit."""
    return SLIP * SHARES[code] / (ways * places)
