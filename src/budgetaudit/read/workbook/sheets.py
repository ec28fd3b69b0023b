"""Sheets: from stored cells to the tables that a workbook shows, and remarks on what it does not show.

The printed figure is what the format shows of the stored number. Numbers without a format have the places that the column
they stand in has: 677.4 beside 167.09 is 677.40.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
from budgetaudit.read.workbook.address import Place, Span, column_of
from budgetaudit.read.workbook.dates import shown_date
from budgetaudit.read.workbook.formulas import omitted_figures
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
    """One visible sheet."""

    def __init__(self, sheet: StoredSheet, workbook: StoredWorkbook, name: str) -> None:
        self._sheet, self._workbook, self._name = sheet, workbook, name
        self._stored = {Place(cell.row, cell.column): cell for cell in sheet.cells}
        self._spans, self._covered = _merged(sheet.spans, self._stored)
        self._shown: dict[Place, Shown] = {}

    def printed_on(self, page: Layout) -> Iterator[Remark]:
        """Print the tables of the sheet and say what they do not show."""
        cells = (self._cell(cell, place) for place, cell in self._stored.items() if place not in self._covered)
        grids: list[Grid] = []
        for block in blocks(rows_of(cells)):
            grids += page.table(self._with_places(block), sheet=self._sheet.name)
        formulas = {place: cell.formula for place, cell in self._stored.items() if cell.formula}
        omitted = list(omitted_figures(formulas, frozenset(self._shown)))
        for grid in grids:
            top, left = _corner(grid)
            by_place = {Place(cell.row + top, cell.column + left): cell for cell in grid.cells}
            yield from self._on_numbers(grid, by_place)
            for one in omitted:
                if one.total in by_place:
                    figures = ", ".join(str(place) for place in one.figures[:8])
                    total = [by_place[one.total]]
                    yield remark_on(said.OMITTED_ROW, total, grid, self._name, detail=one.range, cells=figures)

    def _cell(self, cell: StoredCell, place: Place) -> Cell:
        span = self._spans.get(place)
        rows, columns = (span.rows, span.columns) if span else (1, 1)
        text, amount, unreadable = self._content(cell, place)
        return Cell(
            place.row, place.column, text, rows, columns, address=str(place), amount=amount, unreadable=unreadable
        )

    def _content(self, cell: StoredCell, place: Place) -> tuple[str, Amount | None, bool]:
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
                self._shown[place] = shown
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
        open_cells: set[Place] = set()
        for row in block:
            for cell in row:
                if cell.amount is not None and cell.amount.unit == NUMBER:
                    place = Place(cell.row, cell.column)
                    shown = self._shown[place]
                    if shown.free or shown.places <= _MOST_PLACES:
                        places[cell.column] = max(places[cell.column], shown.places)
                    if shown.free:
                        open_cells.add(place)
        for row in block:
            for cell in row:
                if cell.amount is not None and Place(cell.row, cell.column) in open_cells:
                    yield replace(cell, amount=replace(cell.amount, places=places[cell.column]))
                else:
                    yield cell

    def _on_numbers(self, grid: Grid, by_place: dict[Place, Cell]) -> Iterator[Remark]:
        hiding = [cell for place, cell in by_place.items() if place in self._shown and self._shown[place].hides]
        if hiding:
            stored = next(cell.value for place, cell in self._stored.items() if by_place.get(place) is hiding[0])
            yield remark_on(said.HIDDEN_DECIMALS, hiding, grid, self._name, detail=stored)
        if as_text := list(self._numbers_as_text(grid, by_place)):
            yield remark_on(said.NUMBER_AS_TEXT, as_text, grid, self._name)
        empty = [cell for place, cell in by_place.items() if self._has_no_value(place)]
        if empty:
            yield remark_on(said.NO_VALUE, empty, grid, self._name)
        hidden = [cell for place, cell in by_place.items() if cell.amount is not None and self._is_hidden(place)]
        if hidden:
            yield remark_on(said.HIDDEN_FIGURES, hidden, grid, self._name)

    def _has_no_value(self, place: Place) -> bool:
        stored = self._stored.get(place)
        return stored is not None and stored.kind == "none" and stored.formula is not None

    def _is_hidden(self, place: Place) -> bool:
        return place.row in self._sheet.hidden_rows or any(
            first <= place.column <= last for first, last in self._sheet.hidden_columns
        )

    def _numbers_as_text(self, grid: Grid, by_place: dict[Place, Cell]) -> Iterator[Cell]:
        """Texts that are numbers, in a column of numbers: a code or a year stands among texts or above them."""
        first: dict[int, int] = {}
        for cell in grid.cells:
            if cell.amount is not None:
                first.setdefault(cell.column, cell.row)
        top = min(first.values(), default=0)
        for place, cell in by_place.items():
            text = cell.text.strip()
            if not text or self._stored[place].kind != "text" or not _WRITTEN.fullmatch(text):
                continue
            exact = "." in text or "," in text
            if exact or (cell.column in first and cell.row > max(top, first[cell.column])):
                yield cell


def _corner(grid: Grid) -> tuple[int, int]:
    """Where the corner of a grid stands on its sheet."""
    cell = grid.cells[0]
    name = cell.address.rstrip("0123456789")
    return int(cell.address[len(name) :]) - 1 - cell.row, column_of(name) - cell.column


def _merged(spans: Iterable[Span], stored: dict[Place, StoredCell]) -> tuple[dict[Place, Span], set[Place]]:
    """Merged ranges by their corner, and the filled cells that they cover."""
    corners: dict[Place, Span] = {}
    covered: set[Place] = set()
    by_row: defaultdict[int, list[int]] = defaultdict(list)
    for place in stored:
        by_row[place.row].append(place.column)
    for span in spans:
        corner = Place(span.row, span.column)
        if corner in stored:
            corners[corner] = span
        for row in range(span.row, span.row + span.rows) if span.rows <= len(by_row) else sorted(by_row):
            if span.row <= row < span.row + span.rows:
                columns = by_row.get(row, ())
                covered.update(Place(row, at) for at in columns if span.column <= at < span.column + span.columns)
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
