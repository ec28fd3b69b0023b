"""Remarks on a workbook: what it shows beside its figures, one remark for each table and kind.

Numbers stored as text, decimals that the format hides, sums that leave out a row, formulas that were saved without a value,
figures in hidden rows, hidden sheets. None of it changes a figure; each may be why the printed ones do not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from budgetaudit.model.source import Source
from budgetaudit.model.statement import Remark
from budgetaudit.read.table.grid import Cell, Grid

NUMBER_AS_TEXT: Final = "CEL001"
HIDDEN_DECIMALS: Final = "CEL002"
OMITTED_ROW: Final = "CEL003"
NO_VALUE: Final = "CEL004"
HIDDEN_FIGURES: Final = "CEL005"
HIDDEN_SHEET: Final = "CEL006"


def source_of(cell: Cell, grid: Grid, document: str) -> Source:
    """Where a cell stands."""
    return Source(document, cell.start, cell.end, cell.text, sheet=grid.sheet, cell=cell.address)


def remark_on(code: str, concerned: Sequence[Cell], grid: Grid, document: str, **data: str) -> Remark:
    """A remark on some cells of a table, the first of them named.

    Args:
        code: The kind.
        concerned: The cells, at least one; the first that shows something stands for all.
        grid: Their table.
        document: The name of the document.
        data: What else the sentence says, by the names of its fields.
    """
    first = next((cell for cell in concerned if cell.text), concerned[0])
    fields = {"counted": str(len(concerned)), "cell": first.address, **data}
    return Remark(code, source_of(first, grid, document), data=tuple(fields.items()))
