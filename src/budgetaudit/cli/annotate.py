"""`budgetaudit annotate`: give a workbook back with its findings in it."""

from __future__ import annotations

import argparse
from pathlib import Path

from budgetaudit.cli.auditing import audited
from budgetaudit.cli.check import verdict_on
from budgetaudit.cli.streams import say_on_stderr, write_file
from budgetaudit.errors import BudgetAuditError
from budgetaudit.show.workbook import annotated


def run(options: argparse.Namespace) -> int:
    """Audit the workbook, write it with its findings and return the exit code."""
    if options.book == "-":
        raise BudgetAuditError("standard input cannot be annotated", hint="name a file")
    book = Path(options.book)
    if _is_same(book, Path(options.output)):
        raise BudgetAuditError("the audited workbook is never overwritten", hint="name another file after -o")
    options.files = [options.book]
    done = audited(options)
    if done.reports:
        report = done.reports[0]
        write_file(options.output, annotated(book.read_bytes(), report, name=book.name, locale=options.locale))
        say_on_stderr(f"budgetaudit: {len(report.findings)} findings in {options.output}")
    return verdict_on(done, options)


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
