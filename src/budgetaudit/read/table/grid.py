"""Grids: the cells of one table as printed, whatever the format they come from.

Readers of PDF, HTML, workbooks, CSV, Markdown and Word all give grids; what the cells mean is decided later, in one place
for all of them. A merged cell stands once, at its upper left corner, and says how far it reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from budgetaudit.money.amount import Amount


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as printed.

    Attributes:
        row, column: Its upper left corner, counted from 0 in its grid.
        text: The characters as shown; empty for a blank cell.
        row_span, column_span: How many rows and columns it covers.
        start, end: Where its characters stand in the text of the material, in code points; equal for a blank cell.
        page: The page it stands on, from 1, where the format has pages.
        address: What a person can jump to: `B7` in a workbook, `r3c2` elsewhere.
        amount: The number that the format itself holds (a workbook's cell), with the places it shows; None where only
            characters are printed. Its unit is what the cell itself shows, a plain number mostly.
        unreadable: Whether the cell holds something that its format calls an error or that could not be decoded.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    start: int = 0
    end: int = 0
    page: int | None = None
    address: str = ""
    amount: Amount | None = None
    unreadable: bool = False


@dataclass(frozen=True)
class Grid:
    """The cells of one table, and what stands around it.

    Attributes:
        cells: Every cell once, row by row; positions that a merged cell covers have none of their own.
        rows, columns: The size of the grid.
        above: The printed lines directly above, nearest last: title, number, unit, preparer, in whatever order.
        below: The printed lines directly below, nearest first: notes.
        sheet: The sheet of a workbook.
        page: The page it begins on, from 1.
        start, end: The part of the material's text that it takes, in code points.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    sheet: str | None = None
    page: int | None = None
    start: int = 0
    end: int = 0

    @cached_property
    def _at(self) -> Mapping[tuple[int, int], Cell]:
        covered = {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        return MappingProxyType(covered)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers a position, merged ones included; None where there is none."""
        return self._at.get((row, column))
