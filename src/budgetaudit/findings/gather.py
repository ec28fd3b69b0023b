"""Gathering: from judged relations and remarks to findings, one per cause.

Every outcome that is not exact is considered. Notes about rounding in one section become one note; relations that cannot
be judged because a figure is printed twice, and relations that miss by the same amount because of the same figure, hang
below the finding of their cause. What is said of many rules in every document (a pack's rule found only some of its
figures) is counted in the report and raises no finding.

Order: the worst first, then the place in the document.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from budgetaudit.check.bind import UnboundRule
from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.causes import Diagnosis
from budgetaudit.explain.convention import Conventions
from budgetaudit.explain.situation import Situation
from budgetaudit.findings.collect import collect
from budgetaudit.findings.finding import SEVERITIES, Finding
from budgetaudit.findings.selection import EVERYTHING, Selection
from budgetaudit.findings.severity import is_unusual
from budgetaudit.findings.symptoms import Hanging, below_their_causes
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
    packs: Collection[str] = (),
    selection: Selection = EVERYTHING,
    extents: Sequence[int] = (),
) -> Gathered:
    """The findings of an audit.

    Args:
        budget: What was audited.
        outcomes: Every judged relation, in the order of the document, with its likelihood.
        unbound: Rules that found no figures; those of packs are counted and raise nothing.
        packs: Names of the packs that took part.
        selection: What the caller asked for.
        extents: How many lines each budget has that was audited by itself; see `Report`.
    """
    situation = Situation(outcomes, budget, extents)
    conventions = Conventions(situation)
    diagnosis = Diagnosis(situation, conventions)
    found = [finding for finding in collect(situation, conventions, unbound, packs) if _is_wanted(finding, selection)]
    explained = below_their_causes(found, situation, diagnosis)
    hanging = explained.below
    below: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.fingerprint in hanging:
            below.setdefault(hanging[finding.fingerprint], []).append(finding)
    roots = [finding for finding in found if finding.fingerprint not in hanging and _stands_alone(finding)]
    roots.sort(key=lambda finding: -SEVERITIES.index(finding.severity))  # stable: within a severity, by place
    return Gathered(
        tuple(_completed(finding, below.get(finding.fingerprint, ()), explained, diagnosis) for finding in roots),
        tuple(symptom for finding in roots for symptom in below.get(finding.fingerprint, ())),
    )


def _is_wanted(finding: Finding, selection: Selection) -> bool:
    root_kind = None if finding.outcome is None else finding.outcome.relation.kind
    return selection.reports(finding.rule, finding.kind, root_kind=root_kind)


def _stands_alone(finding: Finding) -> bool:
    """Whether a finding says something by itself: a relation undone by a figure says nothing that the figure does not."""
    return finding.verdict != "undecided" or finding.kind in {"SUM003", "SUM004"}


def _completed(finding: Finding, symptoms: Sequence[Finding], explained: Hanging, diagnosis: Diagnosis) -> Finding:
    """The finding with its symptoms, and with causes unless rounding is all there is to say."""
    outcome, causes = finding.outcome, explained.causes.get(finding.fingerprint, ())
    if outcome is not None and finding.fingerprint not in explained.causes and finding.kind != "CNV001":
        causes = (
            diagnosis.causes(outcome) if outcome.verdict in {"inconsistent", "undefined"} or is_unusual(outcome) else ()
        )
    return replace(finding, causes=causes, symptoms=tuple(symptom.fingerprint for symptom in symptoms))
