"""Documents for tests of tables: lists of rows become material, as if a reader had found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from budgetaudit.model.budget import Budget
from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Cell, Grid
from budgetaudit.read.whole import budget_of

Text = str | tuple[str, int, int] | None


@dataclass(frozen=True)
class Table:
    """Rows of cells: a text, a text with the rows and columns it covers, or None where another cell covers the place."""

    rows: Sequence[Sequence[Text]]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()  # first row of every later page


def material_of(*parts: str | Table) -> Material:
    """Paragraphs and tables, one after the other."""
    text, grids = "", []
    for part in parts:
        if isinstance(part, str):
            text += part + "\n"
            continue
        for line in part.above:
            text += line + "\n"
        start, cells = len(text), []
        for row, values in enumerate(part.rows):
            page = 1 + sum(first <= row for first in part.pages)
            for column, value in enumerate(values):
                if value is None:
                    continue
                printed, high, wide = (value, 1, 1) if isinstance(value, str) else value
                at = len(text)
                text += printed
                cells.append(
                    Cell(
                        row,
                        column,
                        printed,
                        high,
                        wide,
                        at,
                        len(text),
                        page=page if part.pages else None,
                        address=f"r{row + 1}c{column + 1}",
                    )
                )
                text += "\t"
            text += "\n"
        columns = max((len(values) for values in part.rows), default=0)
        grids.append(Grid(tuple(cells), len(part.rows), columns, part.above, part.below, start=start, end=len(text)))
    return Material(text, tuple(grids))


def read_tables(*parts: str | Table, name: str = "made.pdf") -> Budget:
    """The budget of a made document."""
    return budget_of(material_of(*parts), name=name)
