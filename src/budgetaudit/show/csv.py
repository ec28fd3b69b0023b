"""CSV: one row per finding, its symptoms after it, for spreadsheets.

Spreadsheets run text that begins with = + - or @ as a formula, in full width too; such text gets an apostrophe in front.
Figures do not: -0.02 stays a number, with a decimal point in every language. The file starts with the signature by which
spreadsheets recognise UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from typing import Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.money.decimals import plain
from budgetaudit.show.messages import headline, kind_name
from budgetaudit.show.places import source_of
from budgetaudit.show.plain import printable

COLUMNS: Final = (
    "kind", "name", "severity", "verdict", "headline", "gap", "bound", "unit", "likelihood", "rule", "document", "place",
    "printed", "fingerprint", "symptom_of",
)  # fmt: skip
_SIGNATURE: Final = "\ufeff"
_ENDLESS_PLACES: Final = 12
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
_FORMULA_STARTS: Final = tuple("=+-@＝＋－＠")


def show_csv(report: Report, *, locale: str = "en") -> str:
    """The findings as CSV; the columns are `COLUMNS`, in this order, in every language."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    hanging = {symptom.fingerprint: symptom for symptom in report.symptoms}
    for finding in report.findings:
        writer.writerow(_row(finding, report.budget, locale, ""))
        for mark in finding.symptoms:
            writer.writerow(_row(hanging[mark], report.budget, locale, finding.fingerprint))
    return _SIGNATURE + target.getvalue()


def _row(finding: Finding, budget: Budget, locale: str, symptom_of: str) -> list[str]:
    outcome, source = finding.outcome, source_of(finding, budget)
    gap = None if outcome is None else outcome.gap
    bound = None if outcome is None else outcome.bound
    chance = None if outcome is None else outcome.likelihood.rounding
    return [
        finding.kind,
        _text(kind_name(finding, locale)),
        finding.severity,
        finding.verdict or "",
        _text(headline(finding, budget, locale)),
        _number(gap),
        _number(bound),
        "" if outcome is None else _text(outcome.unit.text),
        "" if chance is None else _text(f"{chance.numerator} in {chance.denominator}"),
        _text(finding.rule),
        _text(source.document if source else ""),
        _text(source.place if source else ""),
        _text(source.text if source else ""),
        _text(finding.fingerprint),
        _text(symptom_of),
    ]


def _number(value: Fraction | None) -> str:
    """A plain decimal; one that does not end is rounded to twelve places, because 1/3 would be read as a date."""
    return "" if value is None else f"{plain(value, endless_places=_ENDLESS_PLACES):f}"


def _text(text: str) -> str:
    text = printable(text)
    runs = text.lstrip().startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if runs else text
