"""Records: findings as flat rows for data frames and spreadsheets.

One row per finding with the columns people sort, filter and join by; everything else (all figures, all causes, intervals)
is in the JSON of the whole report. Rows are findings and not outcomes, because a table answers "what do I look at?"; how
many relations hold is in `Report.counts`. Numbers are exact Decimals; only quotients without an end are rounded, to ten
places, and beside every number stands the same number as exact text.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kinds import KINDS
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.decimals import plain, ratio

# What the columns hold, in the order of every table made of records.
TEXT: Final = "text"
DECIMAL: Final = "decimal"
WHOLE: Final = "whole number"
COLUMNS: Final = {
    "kind": TEXT, "name": TEXT, "severity": TEXT, "verdict": TEXT, "rule": TEXT, "label": TEXT,
    "reported": DECIMAL, "computed": DECIMAL, "gap": DECIMAL, "bound": DECIMAL, "unit": TEXT, "likelihood": TEXT,
    "missing": TEXT, "cause": TEXT, "correction": TEXT, "place": TEXT, "symptom_of": TEXT, "fingerprint": TEXT,
    "line": TEXT, "places": WHOLE, "printed": TEXT, "document": TEXT, "page": WHOLE, "sheet": TEXT, "cell": TEXT,
    "start": WHOLE, "end": WHOLE, "exact_reported": TEXT, "exact_computed": TEXT, "exact_gap": TEXT, "exact_bound": TEXT,
    "truncation": TEXT,
}  # fmt: skip
ENDLESS_PLACES: Final = 10


def finding_records(findings: Iterable[Finding], symptoms: Iterable[Finding], budget: Budget) -> list[dict[str, Any]]:
    """One record of `COLUMNS` per finding, its symptoms right after it with its fingerprint in `symptom_of`."""
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
    reported = None if target is None else _reported(target, outcome)
    computed = None if outcome is None else _computed(outcome, reported)
    gap = None if outcome is None else outcome.gap
    bound = None if outcome is None else outcome.bound
    unit = outcome.unit if outcome is not None else None if amount is None else amount.unit
    return {
        "kind": finding.kind,
        "name": KINDS[finding.kind].name,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "rule": finding.rule,
        "label": None if target is None else target.label,
        "reported": decimal(reported),
        "computed": decimal(computed),
        "gap": decimal(gap),
        "bound": decimal(bound),
        "unit": None if unit is None else str(unit),
        "likelihood": None if outcome is None else _exact(outcome.likelihood.rounding),
        "missing": ", ".join(finding.missing),
        "cause": finding.causes[0].code if finding.causes else None,
        "correction": None if best is None else f"{best.printed} → {best.proposed}",
        "place": None if source is None else source.place,
        "symptom_of": symptom_of,
        "fingerprint": finding.fingerprint,
        "line": None if target is None else target.id,
        "places": None if amount is None else amount.places,
        "printed": None if source is None else source.text,
        "document": None if source is None else source.document,
        "page": None if source is None else source.page,
        "sheet": None if source is None else source.sheet,
        "cell": None if source is None else source.cell,
        "start": None if source is None else source.start,
        "end": None if source is None else source.end,
        "exact_reported": _exact(reported),
        "exact_computed": _exact(computed),
        "exact_gap": _exact(gap),
        "exact_bound": _exact(bound),
        "truncation": None if outcome is None else _exact(outcome.likelihood.truncation),
    }


def _reported(target: BudgetLine, outcome: Outcome | None) -> Fraction | None:
    """The figure in the unit of the gap, with the sign it counts with: a rate of decline is printed without its minus."""
    if target.amount is None:
        return None
    if outcome is None:
        return Fraction(target.amount.value)
    ratios = (term.weight for term in outcome.relation.terms if term.line == target.id and term.role == "ratio")
    return next(ratios, Fraction(1)) * target.amount.exact_value / outcome.unit.scale


def _computed(outcome: Outcome, reported: Fraction | None) -> Fraction | None:
    """What the other figures give. The outcome of a limit or of a tie-out may have started from them instead."""
    if outcome.gap is not None and outcome.computed is not None and outcome.computed == reported:
        return outcome.computed + outcome.gap
    return outcome.computed


def decimal(value: Fraction | None) -> Decimal | None:
    """A rational as a Decimal: exact if its decimals end, else rounded to ten places."""
    return None if value is None else plain(value, endless_places=ENDLESS_PLACES)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else ratio(value)
