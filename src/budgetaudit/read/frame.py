"""Frames: what is printed around a table, told apart from the table itself.

In workbooks, CSV files and web pages the title, the unit and the notes of a table often stand in rows of their own. They
are not rows of the table: here they are taken off its top and its bottom, and a sheet is parted where another table begins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from unicodedata import east_asian_width

from budgetaudit.read.table.grid import Cell, Grid

MOST_LINES: Final = 8  # printed above or below a table
FIGURE: Final = re.compile(r"[-−－+(（△▲]?[ ]?[¥￥$€£]?[ ]?[0-9０-９][0-9０-９,，.． ]*[)）%％]?")
# What stands beside a title: who prepared the table, its number, its date, its unit.
_FURNITURE: Final = re.compile(
    r"\s*(?:[(（]?(?:金额|计量|货币)?单位|编制|填报|预算|部门|公开|附[表件]|表\s*\d|日期|[一-鿿]{0,6}[0-9０-９一二三四五六七八九十]{1,3}\s*表"
    r"|Unit|In (?:thousand|million|billion)|\(in |Table|Department|Agency|Prepared)",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(r"\s*(?:[*＊※†]|[(（\[]?\d[)）\]]|注|备注|说明|附注|Notes?\b|Sources?\b)", re.IGNORECASE)
_RULE: Final = re.compile(r":?--+:?|:-+:?|-+:")
_BLANKS: Final = " \u3000\u00a0"
_MARKS: Final = "*_`~"  # of Markdown, between blanks and a name
_MOST_BLANKS: Final = 60  # before a name; more set nothing further in
_LONG: Final = 24  # characters; a cell alone in the last row with more is a note

Rows = list[list[Cell]]


class Framed(NamedTuple):
    """Rows that print the title, rows of the table, rows that print notes."""

    above: Rows
    table: Rows
    below: Rows


def rows_of(cells: Iterable[Cell]) -> Rows:
    """Cells by row, each row from left to right; rows without a cell have none."""
    by_row: defaultdict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_row[cell.row].append(cell)
    return [sorted(by_row[row], key=lambda cell: cell.column) for row in sorted(by_row)]


def framed(rows: Rows) -> Framed:
    """The rows of a table apart from those around it; a table of one column is no table, only lines."""
    rows = [row for row in rows if not _is_rule(row)]
    first, last = 0, len(rows)
    while first < min(last, MOST_LINES) and _is_title(rows[first]):
        first += 1
    while last > first and _is_note(rows[last - 1]):
        last -= 1
    if all(len(_filled(row)) < 2 for row in rows[first:last]):
        return Framed(rows, [], [])
    return Framed(rows[:first], rows[first:last], rows[last:])


def printed(row: Sequence[Cell]) -> str:
    """A row outside of the table as one line."""
    return "\t".join(cell.text for cell in row if cell.text)


def grid_of(rows: Rows, *, start: int, end: int, above: Iterable[str] = (), below: Iterable[str] = ()) -> Grid:
    """The grid of some rows of a sheet or file, counted from its own upper left corner.

    Args:
        rows: The rows of the table, none empty, their cells with places in the text.
        start: Where the table begins in the text.
        end: Where it ends there.
        above: The lines above, nearest last.
        below: The lines below, nearest first.
    """
    top, left = corner(rows)
    cells = tuple(replace(cell, row=cell.row - top, column=cell.column - left) for row in rows for cell in row)
    return sized(cells, start=start, end=end, above=above, below=below)


def indented(rows: Rows, text: str, *, but: Container[int] = ()) -> Rows:
    """Rows whose cells of words begin with the blanks by which they stand further in than others of their column.

    Args:
        rows: The rows of a table, their cells without blanks around them.
        text: What they stand in, at their places.
        but: Columns that are set in the middle or to the right, in which blanks say nothing.
    """
    blanks: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)  # of each column, with the widths of words
    for row in rows:
        for cell in row:
            if cell.text and not is_figure(cell):
                blanks[cell.column].append((_blanks_before(cell, text), len(cell.text), sum(map(_width, cell.text))))
    usual = {
        column: min(before for before, _, _ in found)
        for column, found in blanks.items()
        if column not in but and not _end_alike(found)
    }
    return [
        [
            _set_in(cell, _blanks_before(cell, text) - usual[cell.column], text)
            if cell.text and cell.column in usual and not is_figure(cell)
            else cell
            for cell in row
        ]
        for row in rows
    ]


def _end_alike(widths: Sequence[tuple[int, int, int]]) -> bool:
    """Whether words behind blanks all end at one place, in characters or as shown, as where a column is set to the right."""
    return any(len({before + width for before, width in ends}) == 1 for ends in (
        [(before, length) for before, length, _ in widths], [(before, shown) for before, _, shown in widths]
    ))  # fmt: skip


def _width(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1


def _blanks_before(cell: Cell, text: str) -> int:
    before = text[max(0, cell.start - _MOST_BLANKS) : cell.start].rstrip(_MARKS)
    return len(before) - len(before.rstrip(_BLANKS))


def _set_in(cell: Cell, by: int, text: str) -> Cell:
    """A cell that begins so many blanks before its words; where marks stand between, its place stays that of the words."""
    blanks = text[cell.start - by : cell.start]
    if blanks.strip(_BLANKS):
        before = text[max(0, cell.start - _MOST_BLANKS) : cell.start].rstrip(_MARKS)
        return replace(cell, text=before[len(before) - by :] + cell.text)
    return replace(cell, text=blanks + cell.text, start=cell.start - by)


def corner(rows: Rows) -> tuple[int, int]:
    """Row and column of the upper left corner of some rows."""
    return rows[0][0].row, min(cell.column for row in rows for cell in row)


def sized(
    cells: tuple[Cell, ...],
    *,
    start: int,
    end: int,
    above: Iterable[str] = (),
    below: Iterable[str] = (),
    sheet: str | None = None,
) -> Grid:
    """The grid of cells that are counted from its corner already; the arguments are those of `grid_of`."""
    return Grid(
        cells,
        rows=max(cell.row + cell.row_span for cell in cells),
        columns=max(cell.column + cell.column_span for cell in cells),
        above=tuple(above),
        below=tuple(below),
        sheet=sheet,
        start=start,
        end=end,
    )


def blocks(rows: Rows) -> list[Rows]:
    """The rows of a sheet as tables: apart where blank rows are followed by the title and head of another table."""
    tables: list[Rows] = []
    bottom = 0
    for number, row in enumerate(rows):
        if not tables or (row[0].row > bottom and _begins_table(rows, number)):
            tables.append([])
        tables[-1].append(row)
        if _filled(row):
            bottom = max(cell.row + cell.row_span for cell in row)
    return tables


def is_figure(cell: Cell) -> bool:
    """Whether a cell shows a number and nothing else."""
    return cell.amount is not None or FIGURE.fullmatch(cell.text.strip()) is not None


def _begins_table(rows: Rows, at: int) -> bool:
    """Whether titles and a head of several words come before the next figure: not so where a table merely has a gap."""
    for row in rows[at : at + MOST_LINES]:
        filled = _filled(row)
        if any(is_figure(cell) for cell in filled):
            return False
        if len(filled) > 1 and not _is_furniture(filled):
            return True
    return False


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if cell.text]


def _is_rule(row: Sequence[Cell]) -> bool:
    """Whether a row only rules off the head (--- and ---:), as in Markdown that was pasted."""
    filled = _filled(row)
    return bool(filled) and all(_RULE.fullmatch(cell.text) for cell in filled)


def _is_title(row: Sequence[Cell]) -> bool:
    filled = _filled(row)
    if not filled or any(is_figure(cell) for cell in filled):
        return not filled
    return (len(filled) == 1 and filled[0].row_span == 1) or _is_furniture(filled)


def _is_furniture(filled: Sequence[Cell]) -> bool:
    """Words about a table: all of them, but for the first, which may be a name."""
    known = [_FURNITURE.match(cell.text) is not None for cell in filled]
    return len(filled) <= 4 and any(known) and all(known[1:])


def _is_note(row: Sequence[Cell]) -> bool:
    filled = _filled(row)
    if len(filled) != 1:
        return not filled
    cell = filled[0]
    return not is_figure(cell) and (
        len(cell.text) > _LONG or cell.column_span > 3 or _NOTE.match(cell.text) is not None
    )
