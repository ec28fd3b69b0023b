"""Sheets: from stored cells to the tables that a workbook shows, and remarks on what it does not show.

The printed figure is what the format shows of the stored number. Numbers without a format have the places that the column
they stand in has: 677.4 beside 167.09 is 677.40.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from budgetaudit.model.source import Source
from budgetaudit.model.statement import Remark
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import NUMBER
from budgetaudit.progress import counted
from budgetaudit.read.frame import Rows, blocks, rows_of
from budgetaudit.read.layout import Layout
from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Cell, Grid
from budgetaudit.read.workbook import remarks as said
from budgetaudit.read.workbook.address import Place, Span
from budgetaudit.read.workbook.dates import shown_date
from budgetaudit.read.workbook.formulas import Omitted, omitted_figures
from budgetaudit.read.workbook.number_format import Shown, number_format
from budgetaudit.read.workbook.remarks import remark_on
from budgetaudit.read.workbook.stored import StoredCell, StoredSheet, StoredWorkbook, Style

_MOST_PLACES: Final = 6  # that a column of figures lends to its numbers without a format
_LARGEST: Final = 400  # digits; beyond any number a workbook holds
_SPACES: Final = re.compile(r"[ \t\r\n\x00-\x1f]*[\n\r][ \t\r\n\x00-\x1f]*|[\t\x00-\x08\x0b\x0c\x0e-\x1f]+")
_WRITTEN: Final = re.compile(r"[-−(（]?[¥￥]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[)）]?")
_PLAIN: Final = Style("General", 0)


def shown_workbook(stored: StoredWorkbook, *, name: str) -> Material:
    """The material of a workbook: its visible sheets, one after the other.

    Args:
        stored: What the file holds.
        name: What the document is called in sources.
    """
    page = Layout()
    remarks: list[Remark] = []
    for sheet in counted(stored.sheets, stage="reading", of="sheets", total=len(stored.sheets)):
        if sheet.hidden:
            remarks.append(Remark(said.HIDDEN_SHEET, Source(name, text=sheet.name, sheet=sheet.name)))
        else:
            page.part(sheet.name)
            remarks += _Sheet(sheet, stored, name).printed_on(page)
    return page.material(remarks=remarks)


class _Sheet:
    """One visible sheet; what is known of a cell is found by its address."""

    def __init__(self, sheet: StoredSheet, workbook: StoredWorkbook, name: str) -> None:
        self._sheet, self._workbook, self._name = sheet, workbook, name
        self._stored: dict[str, StoredCell] = {}
        self._shown: dict[str, Shown] = {}

    def printed_on(self, page: Layout) -> Iterator[Remark]:
        """Print the tables of the sheet and say what they do not show."""
        spans, covered = _merged(self._sheet.spans, self._sheet.cells)
        cells = [self._cell(cell, spans) for cell in self._sheet.cells if not covered or cell[:2] not in covered]
        grids = [
            grid
            for block in blocks(rows_of(cells))
            for grid in page.table(self._with_places(block), sheet=self._sheet.name)
        ]
        omitted = self._omitted()
        for grid in grids:
            yield from self._on_numbers(grid)
            for cell in grid.cells:
                if (one := omitted.get(cell.address)) is not None:
                    figures = ", ".join(str(place) for place in one.figures[:8])
                    yield remark_on(said.OMITTED_ROW, [cell], grid, self._name, detail=one.range, cells=figures)

    def _omitted(self) -> dict[str, Omitted]:
        """Sums that leave out figures, by the address of the sum."""
        formulas = {Place(cell.row, cell.column): cell.formula for cell in self._sheet.cells if cell.formula}
        if not formulas:
            return {}
        figures = frozenset(Place(*self._stored[address][:2]) for address in self._shown)
        return {str(one.total): one for one in omitted_figures(formulas, figures)}

    def _cell(self, cell: StoredCell, spans: Mapping[Place, Span]) -> Cell:
        place = Place(cell.row, cell.column)
        address = str(place)
        self._stored[address] = cell
        span = spans.get(place)
        rows, columns = (span.rows, span.columns) if span else (1, 1)
        text, amount, unreadable = self._content(cell, address)
        return Cell(cell.row, cell.column, text, rows, columns, address=address, amount=amount, unreadable=unreadable)

    def _content(self, cell: StoredCell, address: str) -> tuple[str, Amount | None, bool]:
        """What a cell prints, the number it holds, and whether it is no content at all."""
        styles = self._workbook.styles
        style = styles[cell.style] if cell.style < len(styles) else _PLAIN
        match cell.kind:
            case "number":
                shown = _number(cell.value, style, since_1904=self._workbook.since_1904)
                if shown is None:
                    return cell.value, None, True
                if shown.value is None:
                    return shown.text, None, False
                self._shown[address] = shown
                return shown.text, Amount(shown.value, shown.places, shown.unit), False
            case "text" | "truth":
                text = _SPACES.sub(lambda found: "\n" if "\n" in found[0] or "\r" in found[0] else " ", cell.value)
                return "  " * style.indent + text.rstrip() if text.strip() else "", None, False
            case "error":
                return cell.value, None, True
            case "none":
                return f"={cell.formula}" if cell.formula else "", None, cell.formula is not None

    def _with_places(self, block: Rows) -> Iterator[Cell]:
        """The cells of a table; numbers without a format take the places of their column."""
        places: defaultdict[int, int] = defaultdict(int)
        for row in block:
            for cell in row:
                if cell.amount is not None and cell.amount.unit == NUMBER:
                    shown = self._shown[cell.address]
                    if shown.free or shown.places <= _MOST_PLACES:
                        places[cell.column] = max(places[cell.column], shown.places)
        for row in block:
            for cell in row:
                if cell.amount is not None and self._shown[cell.address].free and cell.amount.unit == NUMBER:
                    yield replace(cell, amount=replace(cell.amount, places=places[cell.column]))
                else:
                    yield cell

    def _on_numbers(self, grid: Grid) -> Iterator[Remark]:
        found: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in grid.cells:
            stored, shown = self._stored[cell.address], self._shown.get(cell.address)
            if shown is not None and shown.hides:
                found[said.HIDDEN_DECIMALS].append(cell)
            if stored.kind == "none" and stored.formula is not None:
                found[said.NO_VALUE].append(cell)
            if shown is not None and self._is_hidden(stored):
                found[said.HIDDEN_FIGURES].append(cell)
        found[said.NUMBER_AS_TEXT] += self._numbers_as_text(grid)
        for code, cells in found.items():
            if cells:
                stored = self._stored[cells[0].address]
                data = {"detail": stored.value} if code == said.HIDDEN_DECIMALS else {}
                yield remark_on(code, cells, grid, self._name, **data)

    def _is_hidden(self, stored: StoredCell) -> bool:
        return stored.row in self._sheet.hidden_rows or any(
            first <= stored.column <= last for first, last in self._sheet.hidden_columns
        )

    def _numbers_as_text(self, grid: Grid) -> Iterator[Cell]:
        """Texts that are numbers, in a column of numbers: a code or a year stands among texts or above them."""
        first: dict[int, int] = {}
        for cell in grid.cells:
            if cell.amount is not None:
                first.setdefault(cell.column, cell.row)
        top = min(first.values(), default=0)
        for cell in grid.cells:
            if cell.amount is not None or self._stored[cell.address].kind != "text":
                continue
            text = cell.text.strip()
            if _WRITTEN.fullmatch(text) is None:
                continue
            if "." in text or "," in text or (cell.column in first and cell.row > max(top, first[cell.column])):
                yield cell


def _merged(spans: Iterable[Span], cells: Iterable[StoredCell]) -> tuple[dict[Place, Span], set[tuple[int, int]]]:
    """Merged ranges by their corner, and the filled cells that they cover."""
    corners: dict[Place, Span] = {}
    covered: set[tuple[int, int]] = set()
    by_row: defaultdict[int, list[int]] = defaultdict(list)
    for cell in cells:
        by_row[cell.row].append(cell.column)
    for span in spans:
        corner = Place(span.row, span.column)
        corners[corner] = span
        for row in range(span.row, span.row + span.rows) if span.rows <= len(by_row) else sorted(by_row):
            if span.row <= row < span.row + span.rows:
                columns = by_row.get(row, ())
                covered.update((row, at) for at in columns if span.column <= at < span.column + span.columns)
        covered.discard(corner)
    return corners, covered


def _number(value: str, style: Style, *, since_1904: bool) -> Shown | None:
    """What a stored number shows; None for what is no number."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST:
        return None
    shape = number_format(style.format)
    if shape.is_date:
        day = shown_date(number, shape.date_tokens, since_1904=since_1904)
        if day is not None:
            return Shown(day, None)
    return shape.shown(number)
