"""Words: the short names of verdicts, severities, reasons, roles and causes, keyed by their codes.

English here, other languages in the catalogues. A code without a word is shown as the code itself, so that a cause
added elsewhere is never hidden for want of a translation; a test asks for a word for every code there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from budgetaudit.findings.kind import N_
from budgetaudit.show.language import say

VERDICT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "exact": N_("exact"),
        "rounding": N_("rounding"),
        "inconsistent": N_("inconsistent"),
        "undefined": N_("undefined"),
        "undecided": N_("undecided"),
        "failed": N_("failed"),
    }
)

# The same verdicts with a number before them.
VERDICT_COUNTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "exact": N_("{n} exact"),
        "rounding": N_("{n} within rounding"),
        "inconsistent": N_("{n} inconsistent"),
        "undefined": N_("{n} undefined"),
        "undecided": N_("{n} undecided"),
        "failed": N_("{n} failed"),
    }
)

SEVERITY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"error": N_("error"), "warning": N_("warning"), "info": N_("info")}
)

REASON_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing-part": N_("a part is not reported"),
        "missing-total": N_("the total is not reported"),
        "conflicting-figures": N_("a figure is printed twice, differently"),
        "unknown-precision": N_("the precision of a figure is unknown"),
        "approximate": N_("a figure is approximate"),
        "excess-digits": N_("a figure shows more digits than its precision"),
        "nothing-to-compare": N_("nothing to compare"),
        "condition-open": N_("its condition is open"),
        "negative-base": N_("the base is negative"),
        "zero-base": N_("the base is zero"),
        "units-differ": N_("the units differ"),
        "name-not-found": N_("a name is not found"),
        "error": N_("the rule broke"),
    }
)

UNPLACED_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no unit": N_("no unit"),
        "no name": N_("no name"),
        "range": N_("an end of a range"),
        "limit": N_("a limit"),
        "row of a table": N_("a row of a table"),
    }
)

CAUSE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "digit-replaced": N_("one digit replaced"),
        "digits-transposed": N_("two digits exchanged"),
        "lost-digit": N_("a digit lost"),
        "inserted-digit": N_("a digit too many"),
        "doubled-digit": N_("a digit doubled"),
        "decimal-shift": N_("the decimal point moved"),
        "sign-reversed": N_("the sign reversed"),
        "unit-mix-up": N_("another unit"),
        "omitted-part": N_("a part left out of the list"),
        "counted-twice-in-parts": N_("a part that the total does not contain"),
        "another-figure": N_("the gap equals another printed figure"),
        "omitted-part-in-total": N_("a part left out of the total"),
        "counted-twice-in-total": N_("a part that the total contains twice"),
        "parent-beside-children": N_("subtotals added beside their parts"),
        "another-figure-in-total": N_("another figure added to the total"),
        "separator-misread": N_("a separator misread"),
        "cumulative-value": N_("a value since the beginning of the series"),
        "value-of-another": N_("the value of another figure"),
        "parent-copied": N_("the total copied into a part"),
        "interchanged-pair": N_("two figures exchanged"),
        "figures-rotated": N_("figures rotated"),
        "row-shift": N_("figures moved by rows"),
        "opposite-pair": N_("an amount in the wrong part"),
        "unit-of-table": N_("a whole table in another unit"),
        "wrong-component": N_("another value, for no known reason"),
        "wrong-percent": N_("another percentage, for no known reason"),
        "growth-as-ratio": N_("growth printed as a ratio"),
        "percent-points": N_("percentage points printed as percent"),
        "template-residue": N_("a form left unfilled"),
        "truncated-parts": N_("digits cut off instead of rounded"),
        "rounding-residue": N_("rounding"),
        "other-print": N_("the value of the other print"),
        "truncated-percent": N_("a percentage cut off instead of rounded"),
        "plug-share": N_("one share taken as the remainder"),
        "wrong-denominator": N_("another denominator"),
        "wrong-denominator-word": N_("another word for the denominator"),
        "divided-by-current-year": N_("divided by the current year"),
        "ratio-as-growth": N_("a ratio printed as growth"),
        "fraction-as-percent": N_("a fraction printed as percent"),
        "zero-base": N_("a base of zero"),
        "forced-to-add": N_("one part adjusted so that the sum closes"),
    }
)

# Conventions other than the usual one, by property and value; `{value}` where the value is a number.
CONVENTION_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "totals_from-rounded": N_("totals add up the rounded parts"),
        "totals_from-adjusted": N_("parts are adjusted so that sums close"),
        "rounding-truncate": N_("digits are cut off"),
        "rounding-floor": N_("figures are rounded down"),
        "rounding-nudged": N_("figures are rounded up or down so that sums close"),
        "ties-away": N_("halves are rounded away from zero"),
        "ties-even": N_("halves are rounded to even"),
        "exact_below": N_("amounts in steps of {value} are exact"),
        "tolerance": N_("tolerance {value}"),
    }
)

STRENGTH_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"balance": N_("must balance"), "logic": N_("must follow"), "verify": N_("must be explained")}
)

ROLE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "total": N_("total"),
        "part": N_("part"),
        "left": N_("figure"),
        "right": N_("limit"),
        "ratio": N_("ratio"),
        "numerator": N_("numerator"),
        "denominator": N_("denominator"),
        "current": N_("current"),
        "base": N_("base"),
        "change": N_("change"),
    }
)

# What the two bars of a gap ruler show: the printed side, and what the other figures give.
RULER_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "sum": (N_("printed total"), N_("sum of parts")),
        "order": (N_("printed figure"), N_("its limit")),
        "tie": (N_("printed first"), N_("printed again")),
        "count": (N_("printed count"), N_("items listed")),
    }
)
RATIO_RULER: Final = (N_("printed ratio"), N_("from amounts"))


def word(code: str, words: Mapping[str, str], locale: str) -> str:
    """The word for a code in that language, or the code itself where none is known."""
    return say(words[code], locale) if code in words else code
