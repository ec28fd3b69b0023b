"""Workbooks: the findings in a workbook of their own, or in the very workbook that was audited.

The audited workbook comes back as it was: formulas, stored values, charts and whatever other programs keep in it are the
same bytes. Marked cells get a fill and a note, and one sheet of findings is added at the end. No library that reads a
workbook and writes it anew can do that: such a library drops stored values and what it does not know.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.finding import SEVERITIES, Finding, Severity
from budgetaudit.findings.report import Report
from budgetaudit.model.source import Source
from budgetaudit.read.workbook.address import Place, place_of
from budgetaudit.show.language import language, say
from budgetaudit.show.messages import cause_sentence, cause_sentences, headline
from budgetaudit.show.places import source_of
from budgetaudit.show.workbook.comments import add_comments
from budgetaudit.show.workbook.findings_sheet import SHEET_TITLE, findings_sheet
from budgetaudit.show.workbook.package import Package
from budgetaudit.show.workbook.splice import (
    Edit,
    Tag,
    ascii_of,
    escaped,
    free_names,
    inside,
    tags,
    whole,
    with_attributes,
)
from budgetaudit.show.workbook.styles import Styles

_COLORS: Final[Mapping[Severity, str]] = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
_SUSPECT: Final = "FCE4D6"
_MOST_CAUSES: Final = 3  # whose suspects are marked
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# What comes after the old drawing in a sheet, in the order of the schema.
_AFTER_DRAWING: Final = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)


def annotated(data: bytes, report: Report, *, name: str, locale: str = "en") -> bytes:
    """The audited workbook with its findings in it.

    Args:
        data: The bytes of the .xlsx or .xlsm file.
        report: The report of auditing it.
        name: What the document is called in the report's sources.
        locale: Language of the notes and of the sheet of findings.

    Raises:
        BudgetAuditError: The file is of another format, damaged, or behind a password.
    """
    locale = language(locale)
    if not data.startswith(b"PK"):
        raise BudgetAuditError(f"{name} is no .xlsx or .xlsm file", hint="open it and save it as .xlsx")
    package = Package(data, name)
    with package.archive.guarded():
        _annotate(package, report, locale)
        return package.written()


def _annotate(package: Package, report: Report, locale: str) -> None:
    name = package.name
    main = package.archive.main_part
    if not main.lower().endswith(".xml") or b"workbook" not in package.part(main)[:2_000]:
        raise BudgetAuditError(f"{name} is no .xlsx or .xlsm file", hint="open it and save it as .xlsx")
    relations = package.relations(main)
    sheets = _sheets(package, main)
    where = next((relation.target for relation in relations.values() if relation.kind == "styles"), None)
    styles = None if where is None or where not in package.archive else Styles(package.part(where), name)
    for sheet, marks in _marks(report, name, locale).items():
        relation = relations.get(sheets.get(sheet, ""))
        if relation is not None:
            _mark(package, relation.target, marks, styles)
    _add_findings(package, main, report, locale, styles, sheets)
    if styles is not None and where is not None:
        package.put(where, styles.written())


def findings_workbook(report: Report, *, locale: str = "en") -> bytes:
    """A new workbook with the sheet of findings."""
    locale = language(locale)
    file = io.BytesIO()
    sheet = findings_sheet(report, locale=locale, bold=1, wrapped=2, is_here=lambda _: False)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for path, content in {
            **_NEW,
            "xl/workbook.xml": _new_workbook(locale),
            "xl/worksheets/sheet1.xml": sheet,
        }.items():
            target.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


class _Mark:
    """What is marked at one cell: the colour of the worst finding, and what they say."""

    def __init__(self) -> None:
        self.severity: Severity | None = None
        self.notes: list[str] = []

    def add(self, severity: Severity, note: str) -> None:
        if self.severity is None or SEVERITIES.index(severity) > SEVERITIES.index(self.severity):
            self.severity = severity
        self.suspect(note)

    def suspect(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    @property
    def color(self) -> str:
        return _SUSPECT if self.severity is None else _COLORS[self.severity]


def _marks(report: Report, name: str, locale: str) -> dict[str, dict[Place, _Mark]]:
    """Marks by sheet and cell: where a finding points, and the figures that its best causes suspect."""
    marks: defaultdict[str, defaultdict[Place, _Mark]] = defaultdict(lambda: defaultdict(_Mark))

    def at(source: Source | None) -> _Mark | None:
        if source is None or source.document != name or source.sheet is None or source.cell is None:
            return None
        place = place_of(source.cell)
        return None if place is None else marks[source.sheet][place]

    for finding in (*report.findings, *report.symptoms):
        if (mark := at(source_of(finding, report.budget))) is not None:
            mark.add(finding.severity, _note(finding, report, locale))
        for cause in finding.causes[:_MOST_CAUSES]:
            for correction in cause.corrections:
                suspect = at(report.budget.line(correction.line).source)
                if suspect is not None and suspect is not mark:
                    suspect.suspect(f"{finding.kind}  {cause_sentence(cause, finding, report.budget, locale)}")
    return {sheet: dict(places) for sheet, places in marks.items()}


def _note(finding: Finding, report: Report, locale: str) -> str:
    causes = [f"· {sentence}" for sentence in cause_sentences(finding, report.budget, locale)]
    return "\n".join([f"{finding.kind}  {headline(finding, report.budget, locale)}", *causes])


def _sheets(package: Package, main: str) -> dict[str, str]:
    """The relation of every sheet, by the sheet's name."""
    found = tags(package.part(main), lambda tag, _: tag == "sheet", name=package.name)
    return {
        tag.attributes.get("name", ""): next(
            (value for key, value in tag.attributes.items() if key.rpartition(":")[2] == "id"), ""
        )
        for tag in found
    }


def _mark(package: Package, path: str, marks: Mapping[Place, _Mark], styles: Styles | None) -> None:
    data = package.part(path)
    wanted = {str(place): mark for place, mark in marks.items()}

    def is_wanted(tag: str, attributes: Mapping[str, str]) -> bool:
        if tag == "c":
            return attributes.get("r", "") in wanted
        return tag in _AFTER_DRAWING or tag in {"worksheet", "legacyDrawing", "drawing"}

    found = tags(data, is_wanted, name=package.name)
    root = found[-1]
    edits: list[Edit] = []
    for cell in found:
        if cell.name == "c" and styles is not None:
            style = whole(cell.attributes.get("s"))
            new = styles.filled(style, wanted[cell.attributes["r"]].color)
            opening = with_attributes(data[cell.start : cell.inner], {"s": str(new)})
            edits.append(Edit(cell.start, cell.inner, opening))
    named = next((tag for tag in found if tag.name == "legacyDrawing" and root.contains(tag)), None)
    drawing = (
        None
        if named is None
        else next((value for key, value in named.attributes.items() if key.rpartition(":")[2] == "id"), None)
    )
    notes = {place: "\n\n".join(mark.notes) for place, mark in marks.items()}
    relation = add_comments(package, path, notes, drawing=drawing)
    if relation is not None:
        edits.append(_legacy_drawing(root, found, relation))
    package.edit(path, edits)


def _legacy_drawing(root: Tag, found: list[Tag], relation: str) -> Edit:
    after = [tag.start for tag in found if tag.name in _AFTER_DRAWING and root.contains(tag)]
    place = min(after, default=root.close)
    text = f'<{root.prefix}legacyDrawing xmlns:ba="{_OFFICE}" ba:id="{relation}"/>'
    return Edit(place, place, ascii_of(text))


def _add_findings(
    package: Package, main: str, report: Report, locale: str, styles: Styles | None, sheets: Mapping[str, str]
) -> None:
    """Add the sheet of findings behind all others."""
    bold, wrapped = (0, 0) if styles is None else (styles.bold(), styles.wrapped())
    name = package.name
    sheet = findings_sheet(
        report, locale=locale, bold=bold, wrapped=wrapped,
        is_here=lambda source: source.document == name and source.sheet in sheets,
    )  # fmt: skip
    path = package.free_path("xl/worksheets/sheet{}.xml")
    package.add(path, sheet, _SHEET)
    relation = package.relate(main, path, "worksheet")
    data = package.part(main)
    found = tags(data, lambda tag, _: tag in {"sheets", "sheet"}, name=name)
    holder = found[-1]
    number = max((whole(tag.attributes.get("sheetId")) for tag in found), default=0) + 1
    title = say(SHEET_TITLE, locale)
    if title.lower() in {sheet.lower() for sheet in sheets}:
        title = next(free_names(sheets, f"{title} {{}}"))
    entry = (
        f'<{holder.prefix}sheet xmlns:ba="{_OFFICE}" name="{escaped(title)}" sheetId="{number}" ba:id="{relation}"/>'
    )
    package.edit(main, [inside(holder, data, entry)])


def _new_workbook(locale: str) -> bytes:
    title = escaped(say(SHEET_TITLE, locale))
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ).encode()


_NEW: Final[Mapping[str, bytes]] = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}"/><Override PartName="/xl/styles.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ).encode(),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ).encode(),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ).encode(),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode(),
}  # fmt: skip
