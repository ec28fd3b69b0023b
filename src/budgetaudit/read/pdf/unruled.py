"""Tables without rules: columns that only white space keeps apart.

Rows are the lines of the page. Pieces of lines that a wide gap separates stand in the same column if they overlap across
the page; a table is a run of lines in which numbers stand in at least one column of their own beside a column of words. A
page of sentences has no such run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from budgetaudit.read.pdf.characters import Glyph, Line, line_of, rows_of
from budgetaudit.read.pdf.parts import PageCell, PageTable

_GAP: Final = 1.6  # heights of a character: wider than any space between words
_FEWEST_ROWS: Final = 3
_NUMBER: Final = re.compile(r"[(（]?[-−–]?[¥$]?[0-9０-９][0-9０-９,，.．]*[%％)）]?|[-—–]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    left: float
    right: float

    @property
    def is_number(self) -> bool:
        return _NUMBER.fullmatch(self.text.replace(" ", "")) is not None


def unruled_tables(glyphs: Sequence[Glyph]) -> list[PageTable]:
    """The tables that gaps alone show on a page, from top to bottom."""
    rows = rows_of(glyphs)
    pieces = [_pieces(row) for row in rows]
    found: list[PageTable] = []
    for first, after in _runs(pieces):
        table = _table(pieces[first:after], [line_of(row) for row in rows[first:after]])
        if table is not None:
            found.append(table)
    return found


def _pieces(row: Sequence[Glyph]) -> list[_Piece]:
    """What wide gaps leave of a row."""
    pieces: list[list[Glyph]] = []
    for glyph in row:
        if pieces and glyph.left - pieces[-1][-1].right <= _GAP * glyph.size:
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
    return [_Piece(line_of(piece).text, piece[0].left, piece[-1].right) for piece in pieces]


def _runs(rows: Sequence[Sequence[_Piece]]) -> Iterator[tuple[int, int]]:
    """The runs of rows that are tables, with the heads of their columns; a row of words alone does not end one."""
    numbered = [
        number
        for number, row in enumerate(rows)
        if any(piece.is_number for piece in row[1:]) and not all(piece.is_number for piece in row)
    ]
    at = done = 0
    while at < len(numbered):
        end = at
        while end + 1 < len(numbered) and numbered[end + 1] - numbered[end] <= 2:
            end += 1
        figures = [piece.text for number in numbered[at : end + 1] for piece in rows[number][1:] if piece.is_number]
        printed = sum("." in text or "," in text for text in figures)  # page numbers of a table of contents are neither
        if end - at + 1 >= _FEWEST_ROWS and 3 * printed >= len(figures):
            first = numbered[at]
            while first > done and numbered[at] - first < 3 and len(rows[first - 1]) >= 2:
                first -= 1
            done = numbered[end] + 1
            yield first, done
        at = end + 1


def _table(rows: Sequence[Sequence[_Piece]], lines: Sequence[Line]) -> PageTable | None:
    spans: list[list[float]] = []
    for left, right in sorted((piece.left, piece.right) for row in rows if len(row) > 1 for piece in row):
        if spans and left < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    if len(spans) < 2:
        return None
    cells: dict[tuple[int, int], PageCell] = {}
    for number, row in enumerate(rows):
        for piece in row:
            middle = (piece.left + piece.right) / 2
            column = min(range(len(spans)), key=lambda one: abs((spans[one][0] + spans[one][1]) / 2 - middle))
            column = next((one for one, span in enumerate(spans) if span[0] <= middle <= span[1]), column)
            before = cells.get((number, column))
            text = f"{before.text} {piece.text}" if before else piece.text
            cells[number, column] = PageCell(number, column, 1, 1, text)
    for number in range(len(rows)):
        for column in range(len(spans)):
            cells.setdefault((number, column), PageCell(number, column, 1, 1, ""))
    across = (*(span[0] for span in spans), spans[-1][1])
    box = (spans[0][0], min(line.top for line in lines), spans[-1][1], max(line.bottom for line in lines))
    return PageTable(tuple(cells[place] for place in sorted(cells)), len(rows), across, box)
