"""Assertion: figures add up, or the test fails with what a report would say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from budgetaudit.audit import Rounding, Rules, audit
from budgetaudit.findings.finding import Severity
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.text import show_text
from budgetaudit.testing.recorded import record


def assert_consistent(
    figures: Any,
    rules: Rules | None = None,
    *,
    fail_on: Severity = "error",
    select: Iterable[str] | str | None = None,
    ignore: Iterable[str] | str | None = None,
    rounding: Rounding | None = None,
    unit: str | None = None,
    columns: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Report:
    """Assert that figures satisfy rules and what their document states; the report of a passed assertion is returned.

    Args:
        figures: A `Budget`, a path of a document, a data frame, records, or a dict of label to figure.
        rules: As `audit` takes them; by default the packs that fit.
        fail_on: The least severity of a finding that fails.
        select: Judge only these kinds and rules.
        ignore: Leave these kinds and rules out.
        rounding: How the figures were rounded: `nearest`, `truncate` or `parts`.
        unit: Unit of figures that carry none; not for documents.
        columns: Which columns of a frame or of records hold what.
        name: What the figures are called in the report of `--budgetaudit-report`.

    Raises:
        AssertionError: A finding is that severe, or nothing could be checked; the message is the report.
        BudgetAuditError: The document cannot be read or the call is wrong.

    >>> assert_consistent({"total": "3.00", "a": "1.00", "b": "2.00"}, ["total = a + b"])
    Report(no findings; 1 relations: 1 exact)
    """
    __tracebackhide__ = True
    report = _audited(
        figures, unit=unit, columns=columns, rules=rules, select=select, ignore=ignore, rounding=rounding
    )  # fmt: skip
    record(name, report)
    if (found := report.at_least(fail_on)) or not report.checked:
        counted = f"{len(found)} finding{'s' if len(found) > 1 else ''} of severity {fail_on} or above"
        what = counted if found else "nothing was checked"
        raise AssertionError(f"{what}\n\n{show_text(report, verbose=True)}")
    return report


def _audited(figures: Any, *, unit: str | None, columns: Mapping[str, str] | None, **options: Any) -> Report:
    if isinstance(figures, (str, os.PathLike)):
        from budgetaudit.read import read

        return audit(read(figures), **options)
    if isinstance(figures, Budget):
        return audit(figures, **options)
    return audit(figures, unit=unit, columns=columns, **options)
