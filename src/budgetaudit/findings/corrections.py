"""Corrections: every suggested edit of a report as rows of a table, and what would be printed with some of them.

Rows follow the findings, and in each the causes, best first; the edits of one cause belong together and share its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.records import DECIMAL, TEXT, WHOLE, decimal
from budgetaudit.findings.tables import Table
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import ratio

COLUMNS: Final = {
    "fingerprint": TEXT, "kind": TEXT, "rule": TEXT, "number": WHOLE, "rank": WHOLE, "cause": TEXT, "score": DECIMAL,
    "line": TEXT, "label": TEXT, "printed": TEXT, "proposed": TEXT, "value": DECIMAL, "unit": TEXT,
    "restores": WHOLE, "breaks": WHOLE, "rules_restored": TEXT, "rules_broken": TEXT, "place": TEXT, "document": TEXT,
    "exact_score": TEXT,
}  # fmt: skip


def corrections_table(findings: Iterable[Finding], budget: Budget) -> Table:
    """One row for every edit of every cause of these findings."""
    return Table(tuple(_records(findings, budget)), COLUMNS)


def _records(findings: Iterable[Finding], budget: Budget) -> Iterator[Mapping[str, Any]]:
    for finding in findings:
        for number, cause in enumerate(finding.causes, 1):
            for edit in cause.corrections:
                yield _record(finding, number, cause, edit, budget.line(edit.line))


def _record(finding: Finding, number: int, cause: Cause, edit: Correction, line: BudgetLine) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "kind": finding.kind,
        "rule": finding.rule,
        "number": number,
        "rank": cause.rank,
        "cause": cause.code,
        "score": decimal(cause.score),
        "line": edit.line,
        "label": line.label,
        "printed": edit.printed,
        "proposed": edit.proposed,
        "value": edit.value,
        "unit": None if line.amount is None else str(line.amount.unit),
        "restores": len(edit.restores),
        "breaks": len(edit.breaks),
        "rules_restored": ", ".join(edit.restores),
        "rules_broken": ", ".join(edit.breaks),
        "place": None if line.source is None else line.source.place,
        "document": None if line.source is None else line.source.document,
        "exact_score": ratio(cause.score),
    }


def amounts_with(changes: Iterable[Correction | Cause], budget: Budget) -> dict[str, Amount]:
    """What would be printed with some corrections, by line, each figure to the places of its proposal.

    Raises:
        BudgetAuditError: A cause has no corrections, a line does not exist, or two corrections differ about one line.
    """
    edits: dict[str, Correction] = {}
    for change in changes:
        if isinstance(change, Cause) and not change.corrections:
            raise BudgetAuditError(f"{change.code} corrects no figure", hint="give a cause that has corrections")
        for edit in change.corrections if isinstance(change, Cause) else (change,):
            if edits.setdefault(edit.line, edit).value != edit.value:
                raise BudgetAuditError(
                    f"two corrections of line {edit.line}: {edits[edit.line].proposed}, {edit.proposed}"
                )
    return {line_id: _amount(budget.line(line_id), edit) for line_id, edit in edits.items()}


def _amount(line: BudgetLine, edit: Correction) -> Amount:
    if line.amount is None:
        raise BudgetAuditError(f"line {line.id} prints no figure that could be corrected")
    exponent = edit.value.as_tuple().exponent
    assert isinstance(exponent, int)  # a correction is finite
    return replace(line.amount, value=edit.value, places=-exponent)
