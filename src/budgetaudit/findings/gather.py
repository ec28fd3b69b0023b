"""Gathering: from judged relations and remarks to findings, one per cause.

Every outcome that is not exact is considered. Notes about rounding in one section become one note; relations that cannot
be judged because a figure is printed twice, and relations that miss by the same amount because of the same figure, hang
below the finding of their cause. What is said of many rules in every document (a pack's rule found only some of its
figures) is counted in the report and raises no finding.

Order: the worst first, then the place in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.causes import Diagnosis
from budgetaudit.explain.convention import truncated_sums
from budgetaudit.findings.finding import SEVERITIES, Finding
from budgetaudit.findings.fingerprint import Subject, about_lines, fingerprint, subjects
from budgetaudit.findings.severity import is_unusual, severity
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.symptoms import below_their_causes
from budgetaudit.model.budget import Budget
from budgetaudit.model.source import Source


@dataclass(frozen=True, slots=True)
class Gathered:
    """The findings to read, and those that hang below them."""

    findings: tuple[Finding, ...]
    symptoms: tuple[Finding, ...]
