"""`budgetaudit check`: audit documents, write the report, say by the exit code whether it is clean.

Every document is read and audited on its own and the reports are added, so that figures of two offices are never
compared because both are called "total". A document that cannot be read is named on stderr and does not stop the others.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from budgetaudit.audit import audit
from budgetaudit.cli.streams import say_on_stderr, write_result
from budgetaudit.errors import BudgetAuditError, UnreadableInput
from budgetaudit.findings.report import Report
from budgetaudit.read import read
from budgetaudit.show.formats import render

CLEAN: Final = 0
FINDINGS: Final = 1
FAILED: Final = 2
# Formats whose readers look the document up by the path it was given as.
_BY_PATH: Final = frozenset({"sarif", "junit", "github"})


def run(options: argparse.Namespace) -> int:
    """Audit the documents named and return the exit code."""
    reports = [report for name in options.files if (report := _audited(name, options)) is not None]
    if not reports:
        return FAILED
    whole = _added(reports)
    text = render(whole, options.format, locale=options.locale, color=_colored(options), verbose=options.verbose)
    _write(text, options)
    unchecked = [report for report in reports if report.checked == 0]
    for report in unchecked:
        _say_that_nothing_was_checked(report)
    if unchecked or len(reports) < len(options.files):
        return FAILED
    return FINDINGS if options.fail_on != "never" and whole.at_least(options.fail_on) else CLEAN


def _audited(name: str, options: argparse.Namespace) -> Report | None:
    try:
        if name == "-":
            budget = read(sys.stdin.buffer.read(), encoding=options.encoding, name="stdin")
        else:
            called = Path(name).as_posix() if options.format in _BY_PATH else None
            budget = read(Path(name), encoding=options.encoding, name=called)
    except (UnreadableInput, OSError) as error:
        say_on_stderr(f"budgetaudit: {_reason(name, error)}")
        return None
    return audit(
        budget,
        rules=options.rules,
        select=_codes(options.select),
        ignore=_codes(options.ignore),
        rounding=options.rounding,
    )


def _added(reports: Sequence[Report]) -> Report:
    """The sum of reports, added in halves so that a long list is not gathered again for each of its documents."""
    if len(reports) == 1:
        return reports[0]
    half = len(reports) // 2
    return _added(reports[:half]) + _added(reports[half:])


def _codes(given: list[str] | None) -> tuple[str, ...] | None:
    """`--select SUM,RAT --select cn/x` as one list of codes."""
    return None if given is None else tuple(code for codes in given for code in codes.split(",") if code)


def _reason(name: str, error: Exception) -> str:
    return f"cannot read {name}: {error.strerror or error}" if isinstance(error, OSError) else str(error)


def _colored(options: argparse.Namespace) -> bool:
    """Colour on a terminal only, and not where the environment declines it (https://no-color.org)."""
    if options.color != "auto":
        return bool(options.color == "always")
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return options.output is None and sys.stdout.isatty() and not plain


def _write(text: str, options: argparse.Namespace) -> None:
    if options.output is None:
        write_result(text)
        return
    try:
        Path(options.output).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise BudgetAuditError(f"cannot write {options.output}: {error.strerror}") from error


def _say_that_nothing_was_checked(report: Report) -> None:
    """Silence must not look like a clean audit."""
    names = ", ".join(document.name for document in report.budget.documents) or "the input"
    counts = report.counts
    read = sum(line.amount is not None for line in report.budget)
    say_on_stderr(
        f"budgetaudit: nothing was checked in {names}: {read} figures read,"
        f" {counts['undecided']} relations undecided, {counts['failed']} failed,"
        f" {len(report.unbound)} rules found no figures"
    )
