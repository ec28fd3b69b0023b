"""What a workbook file holds: its sheets, and of every cell the stored value, the formula and the number format.

The parts of an .xlsx file are read as they are, one pass through each sheet, so that the characters of a number come from
the file and no float stands between. Source: ECMA-376 part 1, 18.2 to 18.8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple
from xml.etree.ElementTree import Element

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.office import Archive, attribute, local_name
from budgetaudit.read.workbook.address import Span, place_of, span_of
from budgetaudit.read.workbook.formulas import moved

Kind = Literal["number", "text", "truth", "error", "none"]
_KINDS: Final[Mapping[str, Kind]] = {
    "n": "number", "s": "text", "str": "text", "inlineStr": "text", "b": "truth", "e": "error", "d": "text",
}  # fmt: skip
MOST_CELLS: Final = 3_000_000
FINDINGS: Final = "budgetauditFindings"  # the name in code of a sheet that an audit added
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class StoredCell(NamedTuple):
    """One cell of a sheet, at its row and column from 0.

    `value` is the number or text as stored, empty where there is none; `formula` is without its equals sign.
    """

    row: int
    column: int
    kind: Kind
    value: str
    formula: str | None
    style: int


@dataclass
class StoredSheet:
    """One sheet as it is stored."""

    name: str
    hidden: bool = False
    cells: list[StoredCell] = field(default_factory=list[StoredCell])
    spans: list[Span] = field(default_factory=list[Span])
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


class Style(NamedTuple):
    """How a cell shows its number: a format code or the number of a built-in one, and how far it is indented."""

    format: str | int
    indent: int


@dataclass
class StoredWorkbook:
    """The sheets of a workbook and what they share."""

    sheets: list[StoredSheet]
    styles: Sequence[Style]
    since_1904: bool


def stored_workbook(archive: Archive) -> StoredWorkbook:
    """Read the parts of a workbook; of hidden sheets only that they are there.

    Raises:
        UnreadableInput: A part is damaged or missing, or the cells are more than a workbook of figures has.
    """
    main = archive.main_part
    root = archive.tree(main)
    if local_name(root.tag) != "workbook":
        raise UnreadableInput(f"{archive.name} is no workbook", hint="pass .xlsx, .xlsm, .xls, .xlsb or .ods")
    relations = archive.relations(main)
    parts = {relation.kind: relation.target for relation in relations.values()}
    texts = _shared_texts(archive, parts.get("sharedStrings"))
    styles = _styles(archive, parts.get("styles"))
    entries = [entry for holder in root if local_name(holder.tag) == "sheets" for entry in holder]
    all_hidden = all(_is_hidden(entry) for entry in entries)
    sheets: list[StoredSheet] = []
    budget = [MOST_CELLS]
    for entry in entries:
        relation = relations.get(attribute(entry, "id") or "")
        if relation is None or relation.kind != "worksheet":  # a sheet that is one chart
            continue
        sheet = StoredSheet(attribute(entry, "name") or "", hidden=_is_hidden(entry) and not all_hidden)
        if not sheet.hidden and _SheetReader(archive, sheet, texts, budget).read(relation.target) == FINDINGS:
            continue
        sheets.append(sheet)
    properties = next((entry for entry in root if local_name(entry.tag) == "workbookPr"), None)
    since_1904 = properties is not None and attribute(properties, "date1904") in {"1", "true"}
    return StoredWorkbook(sheets, styles, since_1904)


def _is_hidden(entry: Element) -> bool:
    return (attribute(entry, "state") or "visible") != "visible"


def _shared_texts(archive: Archive, path: str | None) -> list[str]:
    if path is None or path not in archive:
        return []
    return [_rich_text(entry) for entry in archive.tree(path) if local_name(entry.tag) == "si"]


def _rich_text(holder: Element) -> str:
    """The text of runs; phonetic guides beside them are not read."""
    pieces: list[str] = []
    for child in holder:
        tag = local_name(child.tag)
        if tag == "t":
            pieces.append(child.text or "")
        elif tag == "r":
            pieces += [run.text or "" for run in child if local_name(run.tag) == "t"]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _styles(archive: Archive, path: str | None) -> list[Style]:
    if path is None or path not in archive:
        return []
    codes: dict[int, str] = {}
    styles: list[Style] = []
    for group in archive.tree(path):
        tag = local_name(group.tag)
        if tag == "numFmts":
            codes = {_number(entry, "numFmtId"): attribute(entry, "formatCode") or "" for entry in group}
        elif tag == "cellXfs":
            for entry in group:
                number = _number(entry, "numFmtId")
                aligned = next((child for child in entry if local_name(child.tag) == "alignment"), None)
                indent = 0 if aligned is None else _number(aligned, "indent")
                styles.append(Style(codes.get(number, number), min(indent, 30)))
    return styles


def _number(entry: Element, name: str) -> int:
    return _whole(attribute(entry, name))


def _whole(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else 0


class _SheetReader:
    """One pass through the part of a sheet."""

    def __init__(self, archive: Archive, sheet: StoredSheet, texts: Sequence[str], left: list[int]) -> None:
        self._archive, self._sheet, self._texts, self._left = archive, sheet, texts, left
        self._row = self._column = -1
        self._kind: Kind = "none"
        self._coded = self._phonetic = False
        self._style = 0
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._shared: str | None = None
        self._text: list[str] | None = None  # what characters go to
        self._masters: dict[str, tuple[int, int, str]] = {}
        self._code_name = ""

    def read(self, path: str) -> str:
        """Read the cells of the sheet and return the name by which programs know it."""
        self._archive.parse(path, start=self._start, end=self._end, characters=self._characters)
        return self._code_name

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._start_cell(attributes)
            case "v":
                self._text = self._value
            case "f":
                self._formula = self._text = []
                self._shared = attributes.get("si") if attributes.get("t") == "shared" else None
            case "t" if self._kind == "text" and not self._coded and not self._phonetic:
                self._text = self._value
            case "row":
                self._start_row(attributes)
            case "rPh":
                self._phonetic = True
            case "sheetPr":
                self._code_name = attributes.get("codeName", "")
            case "mergeCell":
                span = span_of(attributes.get("ref", ""))
                if span is not None:
                    self._sheet.spans.append(span)
            case "col" if attributes.get("hidden") in {"1", "true"}:
                self._sheet.hidden_columns.append(
                    (_whole(attributes.get("min")) - 1, _whole(attributes.get("max")) - 1)
                )
            case _:
                pass

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = _whole(attributes.get("r"))
        self._row = given - 1 if given else self._row + 1
        self._column = -1
        if attributes.get("hidden") in {"1", "true"}:
            self._sheet.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = place_of(attributes.get("r", ""))
        self._row, self._column = place or (max(self._row, 0), self._column + 1)
        written = attributes.get("t", "n")
        self._kind, self._coded = _KINDS.get(written, "number"), written == "s"
        self._style = _whole(attributes.get("s"))
        self._value, self._formula, self._shared, self._text = [], None, None, None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "f" | "t":
                self._text = None
            case "rPh":
                self._phonetic = False
            case "c":
                self._end_cell()
            case _:
                pass

    def _end_cell(self) -> None:
        value = "".join(self._value)
        formula = None if self._formula is None else "".join(self._formula)
        if self._shared is not None:
            formula = self._shared_formula(self._shared, formula or "")
        if not value and formula is None:
            return
        self._left[0] -= 1
        if self._left[0] < 0:
            raise UnreadableInput(
                f"{self._archive.name} has more than {MOST_CELLS:,} filled cells", hint="read it into a data frame"
            )
        kind: Kind = self._kind if value else "none"
        if self._coded and value:
            place = _whole(value)
            value = self._texts[place] if value.isdigit() and place < len(self._texts) else ""
        elif kind == "text":
            value = _unescaped(value)
        self._sheet.cells.append(StoredCell(self._row, self._column, kind, value, formula, self._style))

    def _shared_formula(self, group: str, text: str) -> str:
        """A formula that several cells share, as it reads in this one."""
        if text:
            self._masters[group] = self._row, self._column, text
            return text
        row, column, master = self._masters.get(group, (self._row, self._column, ""))
        return moved(master, self._row - row, self._column - column)
