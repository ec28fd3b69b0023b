"""Spans: rows of cells that reach over others, as HTML and Word write them, laid out into the cells of a grid.

A merged cell takes the first place that is free in its row and reaches right and down; it stands once. Tables that only
arrange a page (a menu beside the text, a frame around a table) are told from tables of figures by what they hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.table.grid import Cell

MOST_COLUMNS: Final = 1_000
_MOST_COVERED: Final = 4_000_000  # positions of one table
_PROSE: Final = 200  # characters of one cell that make a table of few cells an arrangement
_SENTENCE: Final = frozenset("。；;！？")


@dataclass(frozen=True, slots=True)
class Box:
    """One cell before it has its place: its text and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


def laid_out(rows: Sequence[Sequence[Box]], *, name: str) -> list[Cell]:
    """The cells of a table, each at its place.

    Args:
        rows: The boxes of each row, from left to right.
        name: What the document is called in errors.

    Raises:
        UnreadableInput: Its spans cover more than any table has.

    >>> [(cell.text, cell.row, cell.column) for cell in laid_out([[Box("a", rows=2), Box("b")], [Box("c")]], name="x")]
    [('a', 0, 0), ('b', 0, 1), ('c', 1, 1)]
    """
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # column -> the first row in which it is free again
    covered = 0
    for row, boxes in enumerate(rows):
        column = 0
        for box in boxes:
            while taken.get(column, 0) > row:
                column += 1
            if column >= MOST_COLUMNS:
                break
            wide = max(1, min(box.columns, MOST_COLUMNS - column))
            tall = max(1, min(box.rows, len(rows) - row))
            covered += wide * tall
            if covered > _MOST_COVERED:
                raise UnreadableInput(f"a table of {name} spans more cells than any table has")
            cells.append(Cell(row, column, box.text, tall, wide, address=f"r{row + 1}c{column + 1}"))
            taken.update(dict.fromkeys(range(column, column + wide), row + tall))
            column += wide
    return cells


def only_arranges(rows: Sequence[Sequence[Box]]) -> bool:
    """Whether a table has no figures side by side: one row, one column, or a few cells with sentences in them."""
    filled = [[box for box in row if box.text.strip()] for row in rows]
    if sum(1 for row in filled if row) < 2 or max((len(row) for row in filled), default=0) < 2:
        return True
    return sum(map(len, filled)) <= 8 and any(_is_prose(box.text) for row in filled for box in row)


def _is_prose(text: str) -> bool:
    return len(text) > _PROSE and not _SENTENCE.isdisjoint(text)
