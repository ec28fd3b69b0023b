"""Typed tables: rows of running text whose cells are parted by bars or tabs, as pages and sheets leave them when copied.

Such a table has no other mark than that line after line is parted so, with figures in some of them. Whatever does not look
like that stays prose: a bar at the end of a line, or two columns of words, make no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, NamedTuple

from budgetaudit.read.frame import MOST_LINES, Rows, framed, grid_of, indented, is_figure, printed
from budgetaudit.read.table.grid import Cell, Grid

_PARTED: Final = ("|", "\t")
_LEAST_ROWS, _LEAST_MARKS = 3, 2
_LINE: Final = re.compile(r"[^\r\n]*+")
_MOST_CELLS: Final = 200  # in a row; a line of more is something else
_LONGEST_TITLE: Final = 60
_SENTENCE: Final = re.compile(r"[。；;]|[,，].*[,，]")


class _Line(NamedTuple):
    start: int
    text: str
    mark: str


def typed_tables(text: str) -> tuple[Grid, ...]:
    """The tables typed into a text, in its order; their cells have their places in it."""
    if not any(mark in text for mark in _PARTED):
        return ()
    lines = [_line(found.start(), found[0]) for found in _LINE.finditer(text) if found[0].strip()]
    return tuple(_tables(lines, text))


def _line(start: int, text: str) -> _Line:
    mark = next((mark for mark in _PARTED if _LEAST_MARKS <= text.strip(" ").count(mark) < _MOST_CELLS), "")
    return _Line(start, text, mark)


def _tables(lines: Sequence[_Line], text: str) -> Iterator[Grid]:
    done: list[_Line] = []
    for mark, run in groupby(lines, key=lambda line: line.mark):
        group = list(run)
        rows = [_cells(line, number) for number, line in enumerate(group)] if mark else []
        around = framed(_spread(rows))
        if len(around.table) >= _LEAST_ROWS and _prints_figures(around.table):
            titles = [line.text.strip() for line in _titles(done)] + [printed(row) for row in around.above]
            last = around.table[-1][-1]
            first = group[around.table[0][0].row]
            yield grid_of(indented(around.table, text), start=first.start, end=last.end, above=titles[-MOST_LINES:])
            done = []
        else:
            done += group


def _titles(lines: Sequence[_Line]) -> list[_Line]:
    """The lines right above a table that are no sentences: its title, number and unit."""
    found: list[_Line] = []
    for line in reversed(lines[-MOST_LINES:]):
        words = line.text.strip()
        if len(words) > _LONGEST_TITLE or _SENTENCE.search(words):
            break
        found.insert(0, line)
    return found


def _cells(line: _Line, row: int) -> list[Cell]:
    """The cells of a line; marks at its end part nothing, but a cell may be empty."""
    cells: list[Cell] = []
    at = line.text.find(line.mark) + 1 if line.text.lstrip(" ").startswith("|") else 0
    for column, piece in enumerate(line.text[at:].rstrip(f" {line.mark}").split(line.mark)):
        words = piece.strip()
        start = line.start + at + (piece.find(words) if words else 0)
        cells.append(Cell(row, column, words, start=start, end=start + len(words), address=f"r{row + 1}c{column + 1}"))
        at += len(piece) + 1
    return cells


def _spread(rows: Rows) -> Rows:
    """Heads over several lists side by side (收入 | 支出 over 项目 | 金额 | 项目 | 金额), moved to the left by the copying."""
    spread: Rows = []
    for number, row in enumerate(rows, 1):
        filled = [cell for cell in row if cell.text]
        lists = len(filled)
        width = _width_of_lists(rows[number], lists) if number < len(rows) else 0
        if width > 1 and [cell.column for cell in filled] == list(range(lists)):
            spread.append([replace(cell, column=width * cell.column, column_span=width) for cell in filled])
        else:
            spread.append(row)
    return spread


def _width_of_lists(row: Sequence[Cell], lists: int) -> int:
    """How many columns each of several lists has whose heads a row repeats; 0 if it repeats none."""
    heads = [cell.text for cell in row]
    width = len(heads) // lists if lists > 1 else 0
    return width if heads == heads[:width] * lists and len(set(heads[:width])) == width else 0


def _prints_figures(rows: Rows) -> bool:
    """Whether two rows name something and go on with figures, a code before the name or not, or heads name a last row."""
    telling = [
        row for row in rows
        if any(cell.text and not is_figure(cell) for cell in row[:2]) and any(is_figure(cell) for cell in row[1:])
    ]  # fmt: skip
    return len(telling) > 1 or _is_under_heads(rows)


def _is_under_heads(rows: Rows) -> bool:
    """Whether heads name every figure of a single row, as in the table of the three public expenses."""
    held = [[cell for cell in row if cell.text] for row in rows]
    heads = [row for row in held[:-1] if row and not any(is_figure(cell) for cell in row)]
    last = held[-1]
    named = {cell.column for row in heads for cell in row}
    return len(last) > 2 and all(is_figure(cell) and cell.column in named for cell in last)
