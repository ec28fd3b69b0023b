"""Planted errors: one digit of one printed amount is changed before the tables are bound, and the audit has to say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import budgetaudit as ba
from budgetaudit.findings.report import Report
from budgetaudit.model.line import BudgetLine
from budgetaudit.read.material import Material
from budgetaudit.read.whole import budget_of

_SAY_LITTLE = "not-negative"  # rules that one changed digit cannot break


@dataclass(frozen=True)
class Planted:
    """One change: the figure as printed and as changed, and whether a new error or warning came of it."""

    label: str
    printed: str
    changed: str
    reported: bool


def planted(material: Material, *, name: str, most: int, draw: Random) -> Iterator[Planted]:
    """Changes to figures of tables that stand in some relation."""
    report = ba.audit(budget_of(material, name=name))
    known = {finding.fingerprint for finding in report.findings}
    lines = in_relations(report)
    for line in draw.sample(lines, min(most, len(lines))):
        assert line.source is not None
        changed = _changed(line.source.text, draw)
        after = ba.audit(budget_of(_with(material, line, changed), name=name))
        new = [finding for finding in after.findings if finding.fingerprint not in known and finding.severity != "info"]
        yield Planted(line.label, line.source.text, changed, bool(new))


def in_relations(report: Report) -> list[BudgetLine]:
    """The figures of tables, zeros aside, that some relation holds against others."""
    budget = report.budget
    held = {
        budget.line(term.line).identity
        for outcome in report.outcomes
        if outcome.verdict in {"exact", "rounding"} and _SAY_LITTLE not in outcome.relation.rule
        for term in outcome.relation.terms
    }
    return [
        line
        for line in budget
        if line.source and line.source.table and line.amount and line.amount.value and line.identity in held
    ]


def _changed(printed: str, draw: Random) -> str:
    """Another digit somewhere, the last place aside: rounding hides what happens there."""
    place = draw.choice([at for at, character in enumerate(printed[:-1]) if character.isdigit()])
    digits = [digit for digit in "123456789" + "0" * (place > 0) if digit != printed[place]]
    return printed[:place] + draw.choice(digits) + printed[place + 1 :]


def _with(material: Material, line: BudgetLine, changed: str) -> Material:
    assert line.source is not None
    grids = []
    for grid in material.grids:
        cells = tuple(
            replace(cell, text=changed) if (cell.start, cell.end) == (line.source.start, line.source.end) else cell
            for cell in grid.cells
        )
        grids.append(replace(grid, cells=cells))
    text = material.text[: line.source.start] + changed + material.text[line.source.end :]
    return replace(material, text=text, grids=tuple(grids))
