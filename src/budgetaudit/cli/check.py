"""`budgetaudit check`: audit documents, write the report, say by the exit code whether it is clean."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Final

from budgetaudit.cli.auditing import Audited, added, audited
from budgetaudit.cli.streams import say_on_stderr, write_file, write_result
from budgetaudit.findings.report import Report
from budgetaudit.show.formats import render, rendered

CLEAN: Final = 0
FINDINGS: Final = 1
FAILED: Final = 2


def run(options: argparse.Namespace) -> int:
    """Audit the documents named and return the exit code."""
    if options.amount is not None:
        from budgetaudit.cli.facts import run_facts

        return run_facts(options)
    done = audited(options)
    if done.reports:
        _write(added(done.reports), options)
    return verdict_on(done, options)


def verdict_on(done: Audited, options: argparse.Namespace) -> int:
    """The exit code; what was not checked is said on stderr, because silence must not look like a clean audit."""
    unchecked = [report for report in done.reports if report.checked == 0]
    for report in unchecked:
        _say_that_nothing_was_checked(report)
    if unchecked or done.unreadable:
        return FAILED
    fails = options.fail_on != "never" and any(report.at_least(options.fail_on) for report in done.reports)
    return FINDINGS if fails else CLEAN


def _colored(options: argparse.Namespace) -> bool:
    """Colour on a terminal only, and not where the environment declines it (https://no-color.org)."""
    if options.color != "auto":
        return bool(options.color == "always")
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return options.output is None and sys.stdout.isatty() and not plain


def _write(report: Report, options: argparse.Namespace) -> None:
    if options.output is None:
        text = render(report, options.format, locale=options.locale, color=_colored(options), verbose=options.verbose)
        write_result(text)
    else:
        content = rendered(
            report, options.format, locale=options.locale, color=_colored(options), verbose=options.verbose
        )
        write_file(options.output, content)


def _say_that_nothing_was_checked(report: Report) -> None:
    names = ", ".join(document.name for document in report.budget.documents) or "the input"
    counts = report.counts
    read = sum(line.amount is not None for line in report.budget)
    say_on_stderr(
        f"budgetaudit: nothing was checked in {names}: {read} figures read,"
        f" {counts['undecided']} relations undecided, {counts['failed']} failed,"
        f" {len(report.unbound)} rules found no figures"
    )
