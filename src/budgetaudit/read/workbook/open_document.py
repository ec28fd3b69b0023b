"""OpenDocument spreadsheets (.ods): what each cell holds, and the characters that it showed when it was saved.

Such a file keeps both, so that no format has to be taken apart: the format of a number is the one under which its stored
value gives the very characters that stand beside it. Source: OpenDocument 1.3 part 3, 9 and 19.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import takewhile
from typing import Final

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.office import Archive
from budgetaudit.read.workbook.address import LAST_COLUMN, LAST_ROW, Span
from budgetaudit.read.workbook.number_format import number_format
from budgetaudit.read.workbook.stored import MOST_CELLS, Kind, StoredCell, StoredSheet, StoredWorkbook, Style

_CONTENT: Final = "content.xml"
_NUMBERS: Final = frozenset({"float", "currency", "percentage"})
_SHOWN: Final = re.compile(r"(?P<before>[^\d.,%]*)(?P<whole>[\d,]*)(?P<decimals>\.\d+)?(?P<after>[^\d]*)")


def open_document(data: bytes, *, name: str) -> StoredWorkbook:
    """What an .ods file holds.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.

    Raises:
        UnreadableInput: It is damaged, behind a password, or has more cells than any workbook of figures.
    """
    archive = Archive(data, name)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in b"".join(archive.chunks("META-INF/manifest.xml")):
        raise UnreadableInput(f"{name} is protected by a password", hint="save a copy without one")
    return _Reader(archive).read()


@lru_cache(maxsize=4096)
def _format_of(shown: str, scaled: int) -> str:
    """A format that prints such characters: digits, grouping, decimals and the words around them as they stand."""
    found = _SHOWN.fullmatch(shown)
    if found is None:
        return "General"
    whole = "#,##0" if "," in found["whole"] else "0"
    decimals = "." + "0" * (len(found["decimals"]) - 1) if found["decimals"] else ""
    before, after = found["before"].lstrip("-−"), found["after"]
    percent = "%" if "%" in after else ""
    code = f"{_words(before)}{whole}{decimals}{',' * scaled}{percent}{_words(after.replace('%', ''))}"
    return f"{code};({code})" if before.startswith("(") else code


def _words(text: str) -> str:
    plain = text.replace('"', "").strip("()")
    return f'"{plain}"' if plain else ""


class _Reader:
    """One pass through the content of the file."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._sheets: list[StoredSheet] = []
        self._styles: dict[str, int] = {"General": 0}
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._left = MOST_CELLS
        self._row = self._column = 0
        self._repeated_rows = 1
        self._attributes: Mapping[str, str] | None = None  # of the cell that is open
        self._lines: list[str] = []
        self._notes = 0

    def read(self) -> StoredWorkbook:
        self._archive.parse(_CONTENT, start=self._start, end=self._end, characters=self._characters)
        if self._sheets and all(sheet.hidden for sheet in self._sheets):
            for sheet in self._sheets:
                sheet.hidden = False
        return StoredWorkbook(self._sheets, [Style(code, 0) for code in self._styles], since_1904=False)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "style:style":
                self._style = attributes.get("style:name", "")
            case "style:table-properties" if attributes.get("table:display") == "false":
                self._hidden_styles.add(self._style)
            case "table:table":
                hidden = attributes.get("table:style-name", "") in self._hidden_styles
                self._sheets.append(StoredSheet(attributes.get("table:name", ""), hidden=hidden))
                self._row = 0
            case "table:table-row":
                self._column = 0
                self._repeated_rows = _count(attributes.get("table:number-rows-repeated"), LAST_ROW)
                if attributes.get("table:visibility", "visible") != "visible" and self._sheets:
                    self._sheets[-1].hidden_rows.update(range(self._row, self._row + min(self._repeated_rows, 10_000)))
            case "table:table-cell" | "table:covered-table-cell":
                self._attributes, self._lines = attributes, []
            case "office:annotation" | "text:note":
                self._notes += 1
            case "text:p" if not self._notes:
                self._lines.append("")
            case "text:s" if self._lines and not self._notes:
                self._lines[-1] += " " * _count(attributes.get("text:c"), 100)
            case "text:tab" if self._lines and not self._notes:
                self._lines[-1] += " "
            case _:
                pass

    def _characters(self, text: str) -> None:
        if self._attributes is not None and self._lines and not self._notes:
            self._lines[-1] += text

    def _end(self, tag: str) -> None:
        match tag:
            case "office:annotation" | "text:note":
                self._notes -= 1
            case "table:table-cell" | "table:covered-table-cell" if self._attributes is not None:
                self._end_cell(self._attributes, covered=tag == "table:covered-table-cell")
                self._attributes = None
            case "table:table-row":
                self._end_row()
            case _:
                pass

    def _end_cell(self, attributes: Mapping[str, str], *, covered: bool) -> None:
        repeated = _count(attributes.get("table:number-columns-repeated"), LAST_COLUMN)
        shown = "\n".join(self._lines)
        formula = attributes.get("table:formula")
        if not covered and self._sheets and not self._sheets[-1].hidden and (shown.strip() or formula):
            sheet = self._sheets[-1]
            kind, value, style = self._content(attributes, shown)
            self._left -= repeated
            if self._left < 0:
                raise _too_many(self._archive.name)
            for column in range(self._column, self._column + repeated):
                written = None if formula is None else _in_plain_references(formula)
                sheet.cells.append(StoredCell(self._row, column, kind, value, written, style))
            rows = _count(attributes.get("table:number-rows-spanned"), LAST_ROW)
            columns = _count(attributes.get("table:number-columns-spanned"), LAST_COLUMN)
            if rows * columns > 1:
                sheet.spans.append(Span(self._row, self._column, rows, columns))
        self._column += repeated

    def _content(self, attributes: Mapping[str, str], shown: str) -> tuple[Kind, str, int]:
        kind = attributes.get("office:value-type", "")
        if attributes.get("calcext:value-type") == "error":
            return "error", shown, 0
        value = attributes.get("office:value", "")
        if kind in _NUMBERS and value:
            return "number", value, self._styles.setdefault(_matching_format(value, shown.strip()), len(self._styles))
        return ("text", shown, 0) if shown.strip() else ("none", "", 0)

    def _end_row(self) -> None:
        """Rows that repeat are the same row again; those without content only take room."""
        if self._sheets and self._repeated_rows > 1:
            last = list(takewhile(lambda cell: cell.row == self._row, reversed(self._sheets[-1].cells)))
            self._left -= len(last) * (self._repeated_rows - 1)
            if self._left < 0:
                raise _too_many(self._archive.name)
            for shift in range(1, self._repeated_rows if last else 1):
                self._sheets[-1].cells += [cell._replace(row=cell.row + shift) for cell in reversed(last)]
        self._row += self._repeated_rows


def _matching_format(value: str, shown: str) -> str:
    """The format under which a value gives the characters that stand beside it; General if none is found."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "General"
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return "General"
    if number_format("General").shown(number).text == shown:
        return "General"
    for scaled in (0, 1, 2):
        code = _format_of(shown, scaled)
        if number_format(code).shown(number).text == shown:
            return code
    return "General"


def _in_plain_references(formula: str) -> str:
    """`of:=SUM([.B2:.B9])` as `SUM(B2:B9)`."""
    return formula.partition("=")[2].replace("[.", "").replace(":.", ":").replace("]", "")


def _count(written: str | None, most: int) -> int:
    return (
        max(1, min(int(written), most))
        if written and written.isascii() and written.isdigit() and len(written) < 10
        else 1
    )


def _too_many(name: str) -> UnreadableInput:
    return UnreadableInput(f"{name} has more than {MOST_CELLS:,} filled cells", hint="read it into a data frame")
