"""Gathering: from judged relations and remarks to findings, one per cause.

Every outcome that is not exact is considered. Notes about rounding in one section become one note; relations that cannot
be judged because a figure is printed twice, and relations that miss by the same amount because of the same figure, hang
below the finding of their cause. What is said of many rules in every document (a pack's rule found only some of its
figures) is counted in the report and raises no finding.

Order: the worst first, then the place in the document.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from budgetaudit.check.bind import UnboundRule
from budgetaudit.check.outcome import Outcome
from budgetaudit.findings.finding import SEVERITIES, Finding
from budgetaudit.findings.fingerprint import fingerprint, subjects
from budgetaudit.findings.selection import EVERYTHING, Selection
from budgetaudit.findings.severity import severity
from budgetaudit.model.budget import Budget


@dataclass(frozen=True, slots=True)
class Gathered:
    """The findings to read, and those that hang below them."""

    findings: tuple[Finding, ...]
    symptoms: tuple[Finding, ...]


def gather(
    budget: Budget,
    outcomes: Sequence[Outcome],
    unbound: Sequence[UnboundRule] = (),
    *,
    packs: Set[str] = frozenset(),
    selection: Selection = EVERYTHING,
    extents: Sequence[int] = (),
) -> Gathered:
    """The findings of an audit."""
    about = subjects([outcome.relation for outcome in outcomes], budget)
    found = []
    for outcome, subject in zip(outcomes, about, strict=True):
        if outcome.verdict in {"rounding", "inconsistent"}:
            kind = outcome.relation.kind
            found.append(
                Finding(
                    kind,
                    outcome.relation.rule,
                    severity(outcome, kind),
                    outcome.verdict,
                    fingerprint(kind, subject),
                    (outcome,),
                    tuple(term.line for term in outcome.relation.terms),
                )
            )
    found.sort(key=lambda finding: -SEVERITIES.index(finding.severity))
    return Gathered(tuple(found), ())
