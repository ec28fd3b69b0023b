"""Records: findings as flat rows for data frames and spreadsheets.

One row per finding with the columns people sort and filter by; everything else (figures, causes, intervals) is in the
JSON of the whole report. Numbers are exact Decimals; only quotients without an end are rounded, to ten places.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kinds import KINDS
from budgetaudit.model.budget import Budget
from budgetaudit.money.decimals import plain

_ENDLESS_PLACES: Final = 10


def finding_records(findings: Iterable[Finding], symptoms: Iterable[Finding], budget: Budget) -> list[dict[str, Any]]:
    """One record per finding, its symptoms right after it with its fingerprint in `symptom_of`."""
    hanging = {symptom.fingerprint: symptom for symptom in symptoms}
    records: list[dict[str, Any]] = []
    for finding in findings:
        records.append(_record(finding, budget, None))
        records += [_record(hanging[mark], budget, finding.fingerprint) for mark in finding.symptoms]
    return records


def _record(finding: Finding, budget: Budget, symptom_of: str | None) -> dict[str, Any]:
    outcome = finding.outcome
    target = budget.line(finding.lines[0]) if finding.lines else None
    amount = None if target is None else target.amount
    source = finding.source or (None if target is None else target.source)
    best = finding.corrections[0] if finding.corrections else None
    return {
        "kind": finding.kind,
        "name": KINDS[finding.kind].name,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "rule": finding.rule,
        "label": None if target is None else target.label,
        "reported": None if amount is None else amount.value,
        "computed": None if outcome is None else decimal(outcome.computed),
        "gap": None if outcome is None else decimal(outcome.gap),
        "bound": None if outcome is None else decimal(outcome.bound),
        "unit": None if outcome is None else str(outcome.unit),
        "likelihood": None
        if outcome is None or outcome.likelihood.rounding is None
        else str(outcome.likelihood.rounding),
        "missing": ", ".join(finding.missing),
        "cause": finding.causes[0].code if finding.causes else None,
        "correction": None if best is None else f"{best.printed} → {best.proposed}",
        "place": None if source is None else source.place,
        "symptom_of": symptom_of,
        "fingerprint": finding.fingerprint,
    }


def decimal(value: Fraction | None) -> Decimal | None:
    """A rational as a Decimal: exact if its decimals end, else rounded to ten places."""
    return None if value is None else plain(value, endless_places=_ENDLESS_PLACES)
