"""GitHub: findings as workflow commands, which the runner turns into annotations beside the lines of a file.

One command per finding (error, warning, notice), and the tally as a last notice, so that a clean run says what was
checked. Symptoms are left to their cause: GitHub shows ten annotations of a level per step.

Source: GitHub's documentation of workflow commands; values are escaped as its own toolkit does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from budgetaudit.findings.finding import Finding, Severity
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.messages import cause_sentences, headline, kind_name
from budgetaudit.show.places import source_of, where
from budgetaudit.show.plain import printable
from budgetaudit.show.tally import tally

_COMMANDS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def show_github(report: Report, *, locale: str = "en") -> str:
    """The report as workflow commands, one a line."""
    said = [_command(finding, report.budget, locale) for finding in report.findings]
    counted = [printable(line) for line in tally(report, locale)]
    return "".join(f"{line}\n" for line in [*said, f"::notice title=budgetaudit::{_data(counted)}"])


def _command(finding: Finding, budget: Budget, locale: str) -> str:
    source = source_of(finding, budget)
    properties = {"title": f"{finding.kind} {kind_name(finding, locale)}"}
    if source is not None:
        properties = {"file": source.document} | properties
        if source.line is not None and source.column is not None:
            end = source.column + max(len(source.text), 1) - 1
            place = {"line": source.line, "endLine": source.line, "col": source.column, "endColumn": end}
            properties |= {key: str(value) for key, value in place.items()}
    told = [headline(finding, budget, locale), "   ".join(where(finding, budget, locale))]
    told += cause_sentences(finding, budget, locale)
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(told)}"


def _data(lines: list[str]) -> str:
    return "%0A".join(printable(line).replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
