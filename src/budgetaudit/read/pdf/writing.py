"""Writing: pages one after the other become the text of the document, their tables grids in it.

A table that ends at the foot of a page goes on at the head of the next one if nothing stands between and both are equally
wide, unless the next begins with a title of its own. Its marks across are then those of all its pages together, so that
a column is one column however each page drew it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from budgetaudit.read.material import Material
from budgetaudit.read.pdf.characters import Line
from budgetaudit.read.pdf.page import Page
from budgetaudit.read.pdf.parts import PageTable
from budgetaudit.read.table.grid import Cell, Grid

_SAME_EDGE: Final = 15.0  # points by which pages may shift a table
_SAME_MARK: Final = 5.0
_TITLE: Final = re.compile(r"表\s*(?:\d*\s*|[（(][^（）()]*[）)]\s*)?(?:\n|部门|编制|单位|\Z)")
_ABOVE, _BELOW = 6, 3  # lines


@dataclass(slots=True)
class _Table:
    """A table on one page or on several: its parts, and the lines around it."""

    parts: list[tuple[int, PageTable]]
    above: tuple[str, ...]
    below: list[str] = field(default_factory=list[str])


def written(pages: Sequence[Page]) -> Material:
    """The text of a document and the grids in it."""
    chunks: list[str] = []
    grids: list[tuple[Grid, _Table]] = []
    starts: list[int] = []
    length = 0
    for item in _items(pages):
        if isinstance(item, int):
            starts.append(length)
            continue
        if isinstance(item, str):
            chunks.append(item + "\n")
            length += len(item) + 1
            continue
        text, grid, breaks = _grid(item, length)
        starts += breaks
        grids.append((grid, item))
        chunks.append(text + "\n")
        length += len(text) + 1
    return Material(
        "".join(chunks),
        tuple(replace(grid, below=tuple(table.below)) for grid, table in grids),
        tuple(starts),
    )


def _items(pages: Sequence[Page]) -> Iterator[int | str | _Table]:
    """Numbers of pages, lines and tables in reading order; a page that begins within a table is no item of its own."""
    before: list[str] = []
    open_table: _Table | None = None
    ended: _Table | None = None
    for page in pages:
        first = page.parts[0] if page.parts else None
        goes_on = open_table is not None and isinstance(first, PageTable) and _goes_on(open_table, first)
        if open_table is not None and not goes_on:
            yield open_table
            open_table = None
        if not goes_on:
            yield page.number
        for place, part in enumerate(page.parts):
            if isinstance(part, Line):
                if open_table is not None:
                    yield open_table
                    ended, open_table = open_table, None
                if ended is not None and len(ended.below) < _BELOW:
                    ended.below.append(part.text)
                before.append(part.text)
                yield part.text
            elif place == 0 and goes_on and open_table is not None:
                open_table.parts.append((page.number, part))
            else:
                if open_table is not None:
                    yield open_table
                open_table = ended = _Table([(page.number, part)], _nearest(before))
                before = []
    if open_table is not None:
        yield open_table


def _nearest(lines: Sequence[str]) -> tuple[str, ...]:
    """The short lines directly above a table."""
    found: list[str] = []
    for line in reversed(lines[-_ABOVE:]):
        if "。" in line or len(line) > 120:
            break
        found.append(line)
    return tuple(reversed(found))


def _goes_on(table: _Table, part: PageTable) -> bool:
    """Whether a table at the head of a page is the rest of the one at the foot of the page before."""
    last = table.parts[-1][1]
    if abs(last.box[0] - part.box[0]) > _SAME_EDGE or abs(last.box[2] - part.box[2]) > _SAME_EDGE:
        return False
    head = [cell.text for cell in part.cells if cell.row == 0 and cell.text]
    return not (len(head) == 1 and _TITLE.search(head[0]))


def _grid(table: _Table, start: int) -> tuple[str, Grid, list[int]]:
    """The text of a table, its grid, and where in the text its later pages begin."""
    marks = _common_marks([part.across for _, part in table.parts])
    cells: list[Cell] = []
    rows: list[str] = []
    breaks: list[int] = []
    length, row_before = start, 0
    for place, (page, part) in enumerate(table.parts):
        if place:
            breaks.append(length)
        of_row: dict[int, list[Cell]] = {}
        for cell in part.cells:
            first = _mark(marks, part.across[cell.column])
            after = max(first + 1, _mark(marks, part.across[cell.column + cell.columns]))
            row = row_before + cell.row
            of_row.setdefault(cell.row, []).append(
                Cell(row, first, cell.text, cell.rows, after - first, page=page, address=f"r{row + 1}c{first + 1}")
            )
        for number in range(part.rows):
            texts: list[str] = []
            at = length
            for placed in of_row.get(number, ()):
                cells.append(replace(placed, start=at, end=at + len(placed.text)))
                texts.append(placed.text)
                at += len(placed.text) + 1
            rows.append("\t".join(texts))
            length += len(rows[-1]) + 1
        row_before += part.rows
    text = "\n".join(rows)
    grid = Grid(
        tuple(cells),
        row_before,
        len(marks) - 1,
        table.above,
        page=table.parts[0][0],
        start=start,
        end=start + len(text),
    )
    return text, grid, breaks


def _common_marks(pages: Sequence[Sequence[float]]) -> list[float]:
    marks = list(pages[0])
    for across in pages[1:]:
        for place in across:
            at = bisect_left(marks, place)
            near = [mark for mark in marks[max(0, at - 1) : at + 1] if abs(mark - place) <= _SAME_MARK]
            if not near and at == 0 and marks[0] - place <= _SAME_EDGE:
                continue
            if not near and at == len(marks) and place - marks[-1] <= _SAME_EDGE:
                continue
            if not near:
                marks.insert(at, place)
    return marks


def _mark(marks: Sequence[float], place: float) -> int:
    return min(range(len(marks)), key=lambda number: abs(marks[number] - place))
