"""The sheet of findings: counts on top, one row a finding, each with a link to its cell.

Text is stored as text whatever it begins with, so that no label of a document becomes a formula; numbers are written with
their exact digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kind import N_
from budgetaudit.findings.report import Report
from budgetaudit.model.source import Source
from budgetaudit.money.decimals import plain
from budgetaudit.read.workbook.address import letters
from budgetaudit.read.workbook.stored import FINDINGS
from budgetaudit.show.language import say
from budgetaudit.show.messages import cause_sentences, headline, kind_name
from budgetaudit.show.places import source_of
from budgetaudit.show.plain import printable
from budgetaudit.show.tally import tally
from budgetaudit.show.words import SEVERITY_WORDS, VERDICT_WORDS, word
from budgetaudit.show.workbook.splice import escaped

SHEET_TITLE: Final = N_("Findings")
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD: Final = (
    N_("severity"), N_("verdict"), N_("kind"), N_("name"), N_("finding"), N_("place"), N_("printed"), N_("gap"), N_("bound"),
    N_("possible causes"), N_("rule"), N_("fingerprint"),
)  # fmt: skip
_WIDTHS: Final = (10, 14, 10, 26, 70, 24, 14, 12, 12, 60, 24, 18)
_ENDLESS_PLACES: Final = 12
_LONGEST: Final = 32_000  # characters that a cell can hold

_Value = str | Decimal | None


def findings_sheet(report: Report, *, locale: str, bold: int, wrapped: int, is_here: Callable[[Source], bool]) -> bytes:
    """The part of the sheet.

    Args:
        report: What was found.
        locale: Language of the words.
        bold: The number of the style for the head.
        wrapped: The number of the style for the findings.
        is_here: Whether a place is a cell of this workbook, to which a link leads.
    """
    above = tally(report, locale)
    rows: list[tuple[int, Sequence[_Value]]] = [(0, [line]) for line in above]
    rows += [(wrapped, []), (bold, [say(title, locale) for title in _HEAD])]
    links: list[str] = []
    head = len(rows)
    for finding in _in_order(report):
        rows.append((wrapped, list(_row(finding, report, locale))))
        source = source_of(finding, report.budget)
        if source is not None and source.sheet and source.cell and is_here(source):
            target = "'" + source.sheet.replace("'", "''") + f"'!{source.cell}"
            links.append(f'<hyperlink ref="F{len(rows)}" location="{escaped(target)}"/>')
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, 1)
    )
    body = "".join(_written(number, style, values) for number, (style, values) in enumerate(rows, 1))
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    filtered = f'<autoFilter ref="A{head}:{letters(len(_HEAD) - 1)}{max(len(rows), head)}"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        f'<sheetPr codeName="{FINDINGS}"/><sheetViews><sheetView'
        f' workbookViewId="0"><pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{body}</sheetData>{filtered}{linked}</worksheet>"
    ).encode()


def _in_order(report: Report) -> Iterator[Finding]:
    """Findings, each with those of the same cause below it."""
    hanging = {symptom.fingerprint: symptom for symptom in report.symptoms}
    for finding in report.findings:
        yield finding
        yield from (hanging[mark] for mark in finding.symptoms)


def _row(finding: Finding, report: Report, locale: str) -> Iterator[_Value]:
    outcome, source = finding.outcome, source_of(finding, report.budget)
    yield word(finding.severity, SEVERITY_WORDS, locale)
    yield None if finding.verdict is None else word(finding.verdict, VERDICT_WORDS, locale)
    yield finding.kind
    yield kind_name(finding, locale)
    yield headline(finding, report.budget, locale)
    yield None if source is None else printable(source.place)
    yield None if source is None else printable(source.text)
    yield None if outcome is None else _number(outcome.gap)
    yield None if outcome is None else _number(outcome.bound)
    yield "\n".join(cause_sentences(finding, report.budget, locale))
    yield finding.rule
    yield finding.fingerprint


def _number(value: Fraction | None) -> Decimal | None:
    return None if value is None else plain(value, endless_places=_ENDLESS_PLACES)


def _written(row: int, style: int, values: Sequence[_Value]) -> str:
    cells = "".join(
        _cell(f"{letters(column)}{row}", style, value) for column, value in enumerate(values) if value not in {None, ""}
    )
    return f'<row r="{row}">{cells}</row>'


def _cell(address: str, style: int, value: _Value) -> str:
    if isinstance(value, Decimal):
        return f'<c r="{address}" s="{style}"><v>{value:f}</v></c>'
    text = escaped((value or "")[:_LONGEST])
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
