"""Residues of rounding: many small notes that are one note.

Gaps of a unit are what honest rounding looks like. The notes about sums of one table, or of the text of one document, are
gathered in one finding, and so are those about ratios. A gap that rounding hardly ever produces is a warning and stays by
itself; so does a note that has no other beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.situation import document_of
from budgetaudit.findings.severity import is_unusual
from budgetaudit.model.budget import Budget

LEAST: int = 2

Statement = tuple[str, str, str]
_RATIOS = frozenset({"share", "growth", "growth-from-change"})


def residues(outcomes: Sequence[Outcome], budget: Budget) -> dict[Statement, tuple[Outcome, ...]]:
    """The outcomes to be gathered, by the statement they belong to: document, table, and whether sums or ratios."""
    gathered: dict[Statement, list[Outcome]] = {}
    for outcome in outcomes:
        form = outcome.relation.form
        if outcome.verdict != "rounding" or is_unusual(outcome) or not (form == "sum" or form in _RATIOS):
            continue
        table = budget.line(outcome.relation.terms[0].line).identity.table or ""
        statement = document_of(outcome, budget) or "", table, "sums" if form == "sum" else "ratios"
        gathered.setdefault(statement, []).append(outcome)
    return {statement: tuple(notes) for statement, notes in gathered.items() if len(notes) >= LEAST}
