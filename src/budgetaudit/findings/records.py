"""Records: findings as flat rows for data frames and spreadsheets.

One row per finding with the columns people sort and filter by; everything else (figures, causes, intervals) is in the
JSON of the whole report. Numbers are exact Decimals; quotients without an end are cut after ten places, and said to be so
nowhere else than here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kinds import KINDS
from budgetaudit.model.budget import Budget

_PLACES: Final = 10


def finding_records(findings: Iterable[Finding], symptoms: Iterable[Finding], budget: Budget) -> list[dict[str, Any]]:
    """One record per finding, its symptoms right after it with its fingerprint in `symptom_of`."""
    hanging = {symptom.fingerprint: symptom for symptom in symptoms}
    records = []
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
        "likelihood": None if outcome is None or outcome.likelihood.rounding is None else str(outcome.likelihood.rounding),
        "missing": ", ".join(finding.missing),
        "cause": finding.causes[0].code if finding.causes else None,
        "correction": None if best is None else f"{best.printed} → {best.proposed}",
        "place": None if source is None else source.place,
        "symptom_of": symptom_of,
        "fingerprint": finding.fingerprint,
    }


def decimal(value: Fraction | None) -> Decimal | None:
    """A rational as a Decimal, cut after ten places; built from digits, so that no ambient context can round it.

    >>> decimal(Fraction(1, 50)), decimal(Fraction(-1, 3))
    (Decimal('0.02'), Decimal('-0.3333333333'))
    """
    if value is None:
        return None
    cut = abs(value.numerator) * 10**_PLACES // value.denominator
    whole, rest = divmod(cut, 10**_PLACES)
    digits = f"{Decimal(whole)}.{rest:0{_PLACES}d}".rstrip("0").rstrip(".")
    return Decimal(f"-{digits}" if value < 0 and cut else digits)
