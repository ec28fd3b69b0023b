"""Severity: how loudly a verdict is said (law 3: verdict is not severity).

Four things decide: how strictly the rule must hold, the verdict, how probable the gap is under rounding, and whether
every part was reported. The kind caps the result, so that a remark about wording never outranks a sum.

| verdict | rule must balance or follow | rule must be explained (verify) |
|---|---|---|
| inconsistent, all parts reported | error | info |
| inconsistent, a part not reported | warning | info |
| rounding, likelihood below 1/100 | warning | info |
| rounding | info | info |
| undefined (a number on a zero base) | warning | info |
| undefined (negative base), undecided | info | info |
| failed | warning | warning |
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.findings.finding import SEVERITIES, Severity
from budgetaudit.findings.kinds import KINDS

UNUSUAL: Final = Fraction(1, 100)


def severity(outcome: Outcome, kind: str) -> Severity:
    """The severity of a finding of `kind` that rests on `outcome`.

    Args:
        outcome: A judged relation; one that is `exact` raises no finding and has the lowest severity.
        kind: Code of the finding, which may differ from the relation's (an unreported part of a `SUM001` is `SUM003`).
    """
    uncapped, worst = _uncapped(outcome), KINDS[kind].worst
    return uncapped if SEVERITIES.index(uncapped) < SEVERITIES.index(worst) else worst


def is_unusual(outcome: Outcome) -> bool:
    """Whether rounding explains the gap but would produce it in less than 1 % of such sums."""
    chance = outcome.likelihood.rounding
    return outcome.verdict == "rounding" and chance is not None and chance < UNUSUAL


def _uncapped(outcome: Outcome) -> Severity:
    if outcome.verdict == "failed":
        return "warning"
    if outcome.relation.strength == "verify":
        return "info"
    match outcome.verdict:
        case "inconsistent":
            return "warning" if _lacks_a_part(outcome) else "error"
        case "rounding":
            return "warning" if is_unusual(outcome) else "info"
        case "undefined":
            return "info" if "negative-base" in outcome.reasons else "warning"
        case "exact" | "undecided":
            return "info"


def _lacks_a_part(outcome: Outcome) -> bool:
    """Whether a sum misses a part; an inequality needs none of the others."""
    return outcome.relation.form == "sum" and (not outcome.complete or bool(outcome.absent))
