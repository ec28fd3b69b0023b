"""Which kind of finding an outcome raises, if it raises one at all.

Everything is counted in the report; a finding is what is worth a person's time. An exact relation raises none. A relation
that could not be decided raises one only where somebody claims it: the document that says "divided into", or a caller who
typed in an equation. That a pack's rule found two of its seven figures is true of every document.
"""

from __future__ import annotations

from fractions import Fraction

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.situation import Situation


def raised(outcome: Outcome, situation: Situation, *, from_pack: bool) -> str | None:
    """The code of the kind that an outcome raises; None if it is counted and not reported.

    Args:
        outcome: A judged relation.
        situation: Its surroundings.
        from_pack: Whether the relation comes from a rule of a pack, which applies to many documents.
    """
    claimed = bool(outcome.relation.stated) or not from_pack
    match outcome.verdict:
        case "exact":
            return None
        case "failed":
            return "RUL001" if "name-not-found" in outcome.reasons else "RUL002"
        case "rounding" | "inconsistent":
            return outcome.relation.kind
        case "undefined":
            return _undefined(outcome, situation)
        case "undecided":
            return _unreported(outcome) if claimed else None


def _undefined(outcome: Outcome, situation: Situation) -> str | None:
    """A ratio on a base of zero; one of nothing to nothing that is printed as 0 says what is meant."""
    if "zero-base" not in outcome.reasons:
        return outcome.relation.kind
    return None if _value(outcome, situation, "ratio") == 0 == _over(outcome, situation) else "RAT005"


def _over(outcome: Outcome, situation: Situation) -> Fraction:
    roles = {"numerator", "change"} if outcome.relation.form != "growth" else {"current"}
    return sum((_value(outcome, situation, role) for role in roles), Fraction(0))


def _value(outcome: Outcome, situation: Situation, role: str) -> Fraction:
    amounts = [
        (term.weight, situation.budget.line(term.line).amount) for term in outcome.relation.terms if term.role == role
    ]
    return sum((weight * amount.exact_value for weight, amount in amounts if amount is not None), Fraction(0))


def _unreported(outcome: Outcome) -> str | None:
    """A sum of which a part or the total is not reported, unless nothing need be missing."""
    if outcome.relation.form != "sum" or not outcome.relation.kind.startswith("SUM"):
        return None
    if outcome.reasons == ("missing-total",):
        return "SUM004"
    nothing_missing = outcome.implied is None or 0 in outcome.implied
    return "SUM003" if outcome.reasons == ("missing-part",) and not nothing_missing else None
