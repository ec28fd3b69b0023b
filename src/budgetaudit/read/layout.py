"""Layout: lines and tables, one after the other, become the text of a document with grids in it.

Readers of HTML, workbooks and Word find lines and tables; here they are written into one text, cells apart by tabs and
rows by line breaks, so that every cell has its place there. What is printed around a table stands as lines before and
behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from budgetaudit.model.statement import Remark
from budgetaudit.read.frame import MOST_LINES, Rows, blocks, corner, framed, printed, rows_of, sized
from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Cell, Grid

_WIDEST: Final = 512  # columns whose gaps are kept in the text


@dataclass
class _Open:
    """A grid whose lines below are still to come."""

    grid: Grid
    below: list[str] = field(default_factory=list[str])


class Layout:
    """The text of a document as it grows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._lines: list[str] = []  # since the last table
        self._grids: list[_Open] = []
        self._is_apart = False  # whether the last table is on another sheet

    def part(self, name: str) -> None:
        """Begin another sheet: what is printed on it stands neither below nor above tables of the one before.

        Args:
            name: What the sheet is called; a table on it that prints no title has that one.
        """
        self._lines, self._is_apart = [name] if name.strip() else [], True

    def line(self, text: str) -> None:
        """Print one line, or several that hang together; a blank one is left out."""
        if not text.strip():
            return
        self._write(f"{text}\n")
        for part in text.split("\n"):
            if part.strip():
                self._lines = [*self._lines[1 - MOST_LINES :], part.strip()]
                if self._grids and not self._is_apart and len(self._grids[-1].below) < MOST_LINES:
                    self._grids[-1].below.append(part.strip())

    def table(self, cells: Iterable[Cell], *, sheet: str | None = None) -> tuple[Grid, ...]:
        """Print a table, or several with blank rows between: their titles as lines, the tables themselves, their notes as lines.

        Args:
            cells: Every cell once, at the rows and columns where it stands; in any order.
            sheet: The sheet of a workbook.

        Returns:
            The grids with the places of their cells; none if there is nothing but lines.
        """
        grids: list[Grid] = []
        for block in blocks(rows_of(cells)):
            around = framed(block)
            for row in around.above:
                self.line(printed(row))
            if around.table:
                grids.append(self._grid(around.table, sheet))
            for row in around.below:
                self.line(printed(row))
        return tuple(grids)

    def material(self, *, encoding: str | None = None, remarks: Sequence[Remark] = ()) -> Material:
        """The document, when everything is printed."""
        grids = tuple(replace(opened.grid, below=tuple(opened.below)) for opened in self._grids)
        return Material("".join(self._parts), grids, encoding=encoding, remarks=tuple(remarks))

    def _grid(self, rows: Rows, sheet: str | None) -> Grid:
        start = self._length
        top, left = corner(rows)
        written: list[Cell] = []
        for row in rows:
            if written:
                self._write("\n")
            column = left
            for cell in row:
                self._write("\t" * (cell.column - column if cell.column - left < _WIDEST else cell.column > column))
                begin = self._length
                self._write(cell.text)
                written.append(
                    Cell(  # `replace` takes twice as long, and a workbook has many cells
                        cell.row - top, cell.column - left, cell.text, cell.row_span, cell.column_span,
                        begin, self._length, cell.page, cell.address, cell.amount, cell.unreadable,
                    )
                )  # fmt: skip
                column = cell.column
        grid = sized(tuple(written), start=start, end=self._length, above=self._lines, sheet=sheet)
        self._write("\n")
        self._lines = []
        self._grids.append(_Open(grid))
        self._is_apart = False
        return grid

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
