"""Documents: their text with the figures marked, for the page of a report; each finding leads to its figures and back.

The text stands as it was read: lines as lines, tables as tables with their merged cells. Every figure that was read is
underlined, those of findings have the colour of the worst of them and the numbers of all of them behind it. Of a long
document only the lines and rows around findings are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, NamedTuple

from budgetaudit.findings.finding import SEVERITIES, Finding, Severity
from budgetaudit.findings.kind import N_
from budgetaudit.findings.report import Report
from budgetaudit.model.source import Document, PrintedCell, PrintedTable, Source
from budgetaudit.show.language import say
from budgetaudit.show.messages import headline
from budgetaudit.show.places import source_of
from budgetaudit.show.plain import printable

_LONG: Final = 400_000  # characters; beyond, only what is near a finding is shown
_NEAR: Final = 2  # lines or rows around a finding
_HEAD_ROWS: Final = 3  # of a long table
_WIDEST: Final = 200  # columns that are kept under each other
STYLE: Final = (
    ".text{max-width:1120px;line-height:1.7;font-size:15px;margin-top:28px;border-top:1px solid rgba(128,128,128,.28)}"
    ".text h2{font-size:1.08em;margin:14px 0}.text p{margin:0;min-height:.7em;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".text table{border-collapse:collapse;margin:10px 0;font-size:.9em}.text .wide{overflow-x:auto}"
    ".text td{border:1px solid rgba(128,128,128,.4);padding:2px 8px;white-space:pre-wrap;vertical-align:top}"
    ".text td.figure{text-align:right;font-variant-numeric:tabular-nums}.text h3{font-size:.95em;margin:16px 0 4px;opacity:.72}.text mark{background:transparent;color:inherit;border-bottom:1px dotted #8b8b95}"
    ".text mark.error{background:rgba(220,38,38,.24)}.text mark.warning{background:rgba(217,119,6,.26)}"
    ".text mark.info{background:rgba(59,130,246,.22)}.text mark.beside{border-bottom:2px solid #d97706}"
    ".text sup a{text-decoration:none;padding:0 1px}:target{outline:2px solid #3b82f6;outline-offset:2px}a{color:inherit}"
)


@dataclass(slots=True)
class _Mark:
    """A figure in the text, or words that a remark is about."""

    start: int
    end: int
    anchor: str
    severity: Severity | None = None
    is_beside: bool = False
    findings: list[int] = field(default_factory=list[int])

    @property
    def rank(self) -> int:
        """What is shown where marks overlap."""
        if self.severity is not None:
            return 2 + SEVERITIES.index(self.severity)
        return 1 if self.is_beside else 0


class _Piece(NamedTuple):
    """A part of the text under one mark."""

    start: int
    end: int
    mark: _Mark


class Anchors:
    """Where findings stand on the page, and where their figures do.

    Args:
        report: The report of the page.
        shown: Its findings on the page, in order.
    """

    def __init__(self, report: Report, shown: Sequence[Finding]) -> None:
        self._documents = {
            document.name: number
            for number, document in enumerate(report.budget.documents)
            if document.text is not None
        }
        self.numbers: Mapping[str, int] = {finding.fingerprint: number for number, finding in enumerate(shown, 1)}

    def of_finding(self, finding: Finding) -> str:
        """The name of a finding's place."""
        return f"finding-{self.numbers[finding.fingerprint]}"

    def of_source(self, source: Source | None) -> str | None:
        """The name of a figure's place in a text on the page; None if it has none."""
        if source is None or source.start is None or source.end is None or source.start >= source.end:
            return None
        number = self._documents.get(source.document)
        return None if number is None else f"text-{number}-{source.start}"


def document_texts(report: Report, shown: Sequence[Finding], anchors: Anchors, locale: str) -> Iterator[str]:
    """The text of every document of a report whose text was kept, marked."""
    for document in report.budget.documents:
        if document.text is not None:
            marks = _marks(document, report, shown, anchors)
            yield _Text(document, document.text, marks, report, shown, locale).written()


def _marks(document: Document, report: Report, shown: Sequence[Finding], anchors: Anchors) -> list[_Mark]:
    found: dict[tuple[int, int], _Mark] = {}

    def at(source: Source | None) -> _Mark | None:
        anchor = anchors.of_source(source)
        if anchor is None or source is None or source.document != document.name:
            return None
        assert source.start is not None
        assert source.end is not None
        return found.setdefault((source.start, source.end), _Mark(source.start, source.end, anchor))

    for line in report.budget.lines:
        at(line.source)
    for number, finding in enumerate(shown, 1):
        target = at(source_of(finding, report.budget))
        if target is not None:
            target.findings.append(number)
            if target.severity is None or SEVERITIES.index(finding.severity) > SEVERITIES.index(target.severity):
                target.severity = finding.severity
        for line_id in finding.lines:
            mark = at(report.budget.line(line_id).source)
            if mark is not None and mark is not target:
                mark.is_beside = True
                mark.findings.append(number)
    return list(found.values())


class _Text:
    """One document."""

    def __init__(
        self, document: Document, text: str, marks: list[_Mark], report: Report, shown: Sequence[Finding], locale: str,
    ) -> None:  # fmt: skip
        self._document, self._text, self._marks = document, text, marks
        self._pieces = _pieces(marks)
        self._ends = [piece.end for piece in self._pieces]
        self._titles = {number: headline(finding, report.budget, locale) for number, finding in enumerate(shown, 1)}
        self._anchored: set[str] = set()
        self._is_long = len(text) > _LONG
        self._places = sorted(mark.start for mark in marks if mark.findings)
        self._locale = locale

    def written(self) -> str:
        blocks = "".join(self._blocks())
        note = ""
        if self._is_long:
            said = say(N_("Only lines near a finding are shown: the document is long."), self._locale)
            note = f"<p><i>{escape(said)}</i></p>"
        return f'<section class="text"><h2>{escape(printable(self._document.name))}</h2>{note}{blocks}</section>\n'

    def _blocks(self) -> Iterator[str]:
        done, sheet = 0, None
        for table in self._document.tables:
            yield from self._lines(done, table.start)
            if table.sheet != sheet:
                sheet = table.sheet
                yield f"<h3>{escape(printable(sheet or ''))}</h3>"
            yield self._table(table)
            done = table.end
        yield from self._lines(done, len(self._text))

    def _lines(self, start: int, end: int) -> Iterator[str]:
        at, skipped = start, False
        while at < end:
            stop = self._text.find("\n", at, end)
            stop = end if stop < 0 else stop
            if self._is_long and not self._has_finding(at - 200, stop + 200):
                skipped = True
            elif self._text[at:stop].strip():
                yield f"{'<p>…</p>' if skipped else ''}<p>{self._marked(at, stop)}</p>"
                skipped = False
            at = stop + 1
        if skipped:
            yield "<p>…</p>"

    def _table(self, table: PrintedTable) -> str:
        wanted = self._wanted_rows(table)
        rows: dict[int, list[PrintedCell]] = {}
        for cell in table.cells:
            if wanted is None or cell.row in wanted:
                rows.setdefault(cell.row, []).append(cell)
        taken: dict[int, int] = {}  # column -> the first row in which it is free again
        body = "".join(f"<tr>{''.join(self._row(row, cells, taken))}</tr>" for row, cells in sorted(rows.items()))
        return f'<div class="wide"><table>{body}</table></div>\n' if body else ""

    def _row(self, row: int, cells: Sequence[PrintedCell], taken: dict[int, int]) -> Iterator[str]:
        """The cells of a row, with empty ones where the grid has none."""
        column = 0
        for cell in sorted(cells, key=lambda one: one.column):
            if cell.column < _WIDEST:
                yield "<td></td>" * sum(1 for at in range(column, cell.column) if taken.get(at, 0) <= row)
            spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 and not self._is_long else ""
            spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
            shown = ' class="figure"' if self._is_figure(cell) else ""
            yield f"<td{spans}{shown}>{self._marked(cell.start, cell.end)}</td>"
            column = cell.column + cell.column_span
            if not self._is_long:
                taken.update(dict.fromkeys(range(cell.column, min(column, _WIDEST)), row + cell.row_span))

    def _is_figure(self, cell: PrintedCell) -> bool:
        """Whether a cell is one figure and nothing else."""
        at = bisect_left(self._ends, cell.start + 1)
        return at < len(self._pieces) and self._pieces[at].start <= cell.start and cell.end <= self._pieces[at].end

    def _wanted_rows(self, table: PrintedTable) -> set[int] | None:
        """The rows of a long document that are shown; None for all."""
        if not self._is_long:
            return None
        with_findings = {
            cell.row for cell in table.cells if cell.start < cell.end and self._has_finding(cell.start, cell.end)
        }
        near = {row + shift for row in with_findings for shift in range(-_NEAR, _NEAR + 1)}
        return near | set(range(_HEAD_ROWS)) if near else set()

    def _has_finding(self, start: int, end: int) -> bool:
        at = bisect_left(self._places, start)
        return at < len(self._places) and self._places[at] < end

    def _marked(self, start: int, end: int) -> str:
        """The text between two places with its marks."""
        out: list[str] = []
        at = start
        index = bisect_left(self._ends, start + 1)
        while index < len(self._pieces) and self._pieces[index].start < end:
            piece = self._pieces[index]
            first, last = max(piece.start, at), min(piece.end, end)
            out += [self._escaped(at, first), self._piece(piece.mark, first, last)]
            at = last
            index += 1
        out.append(self._escaped(at, end))
        return "".join(out)

    def _piece(self, mark: _Mark, start: int, end: int) -> str:
        classes = mark.severity or ("beside" if mark.is_beside else "")
        anchor = "" if mark.anchor in self._anchored else f' id="{mark.anchor}"'
        self._anchored.add(mark.anchor)
        titled = f' title="{escape(self._titles[mark.findings[0]])}"' if mark.findings else ""
        shown = f' class="{classes}"' if classes else ""
        text = f"<mark{anchor}{shown}{titled}>{self._escaped(start, end)}</mark>"
        if end < mark.end or not mark.findings:
            return text
        links = " ".join(
            f'<a href="#finding-{number}" title="{escape(self._titles[number])}">{number}</a>'
            for number in mark.findings
        )
        return f"{text}<sup>{links}</sup>"

    def _escaped(self, start: int, end: int) -> str:
        return escape("\n".join(printable(line) for line in self._text[start:end].replace("\t", "  ").split("\n")))


def _pieces(marks: Sequence[_Mark]) -> list[_Piece]:
    """The marked parts of a text, none over another: where marks overlap, the one that matters more is shown."""
    pieces: list[_Piece] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.rank, one.end)):
        start = mark.start
        if pieces and start < pieces[-1].end:
            before = pieces[-1]
            if mark.rank > before.mark.rank:
                pieces[-1] = before._replace(end=start)
                if before.start == start:
                    pieces.pop()
                pieces.append(_Piece(start, mark.end, mark))
                if mark.end < before.end:
                    pieces.append(_Piece(mark.end, before.end, before.mark))
                continue
            start = before.end
        if start < mark.end:
            pieces.append(_Piece(start, mark.end, mark))
    return pieces
