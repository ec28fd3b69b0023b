"""Pages: the lines of text and the tables of one page, in reading order.

Characters inside a ruled table belong to its cells, the others form the lines around it. A cell that holds nothing and is
too narrow for a character is padding of the drawing; marks between which nothing ever begins are dropped with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from budgetaudit.read.pdf.characters import Glyph, Line, glyphs_of, lines_of
from budgetaudit.read.pdf.parts import PageCell, PageTable
from budgetaudit.read.pdf.ruled import Area, Ruled, ruled_tables, rules_of
from budgetaudit.read.pdf.unruled import unruled_tables

_NARROW: Final = 9.0  # points: no character of a table stands in less, with its padding


@dataclass(slots=True)
class Page:
    """What a page shows: lines and tables by their place down the page."""

    number: int
    height: float
    parts: list[Line | PageTable] = field(default_factory=list["Line | PageTable"])
    characters: int = 0


def read_page(page: Any, number: int) -> Page:
    """What a page of pdfplumber shows."""
    glyphs = glyphs_of(page.chars, page.bbox)
    found: list[tuple[float, Line | PageTable]] = []
    for ruled in ruled_tables(*rules_of(page)):
        inside = [glyph for glyph in glyphs if _within(glyph, ruled.box)]
        table = _filled(ruled, inside)
        if table is None:
            continue
        inside_of = {id(glyph) for glyph in inside}
        glyphs = [glyph for glyph in glyphs if id(glyph) not in inside_of]
        found.append((table.box[1], table))
    lines = lines_of(glyphs)
    for table in () if found else unruled_tables(glyphs):
        lines = [line for line in lines if not table.box[1] <= (line.top + line.bottom) / 2 <= table.box[3]]
        found.append((table.box[1], table))
    found += [(line.top, line) for line in lines]
    found.sort(key=lambda part: part[0])
    return Page(number, float(page.height), [part for _, part in found], len(glyphs) or len(found))


def _within(glyph: Glyph, box: tuple[float, float, float, float]) -> bool:
    across, down = glyph.middle
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _filled(ruled: Ruled, glyphs: Sequence[Glyph]) -> PageTable | None:
    """A ruled table with its text; None for a frame around text, which is no table."""
    cell_at = {
        (row, column): number
        for number, area in enumerate(ruled.cells)
        for row in range(area.row, area.row + area.rows)
        for column in range(area.column, area.column + area.columns)
    }
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        across, down = glyph.middle
        row = min(max(bisect_right(ruled.down, down) - 1, 0), len(ruled.down) - 2)
        column = min(max(bisect_right(ruled.across, across) - 1, 0), len(ruled.across) - 2)
        held.setdefault(cell_at[row, column], []).append(glyph)
    kept = [
        (area, "\n".join(line.text for line in lines_of(held.get(number, ()))))
        for number, area in enumerate(ruled.cells)
        if number in held or not _is_padding(area, ruled)
    ]
    if len(kept) < 2 or sum(1 for _, text in kept if text) < 2:
        return None
    return _compact(kept, ruled)


def _is_padding(area: Area, ruled: Ruled) -> bool:
    wide = ruled.across[area.column + area.columns] - ruled.across[area.column]
    high = ruled.down[area.row + area.rows] - ruled.down[area.row]
    return wide < _NARROW or high < _NARROW / 2


def _compact(kept: Sequence[tuple[Area, str]], ruled: Ruled) -> PageTable:
    """Marks at which no cell begins are no marks; what remains is counted anew."""
    rows = sorted({area.row for area, _ in kept})
    columns = sorted({area.column for area, _ in kept})

    def count(marks: Sequence[int], first: int, after: int) -> int:
        return max(1, sum(first <= mark < after for mark in marks))

    cells = [
        PageCell(
            rows.index(area.row),
            columns.index(area.column),
            count(rows, area.row, area.row + area.rows),
            count(columns, area.column, area.column + area.columns),
            text,
        )
        for area, text in kept
    ]
    across = (*(ruled.across[column] for column in columns), ruled.across[-1])
    return PageTable(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), len(rows), across, ruled.box)
