"""Ruled tables: from the lines drawn on a page to the cells between them.

Lines are lines, the edges of outlined boxes, and boxes so thin that they are lines; filled boxes are shading and rule
nothing. Lines that touch belong to one table. Its ruler marks divide it into squares, squares without a line between them
are one cell, so that merged cells come out as what they are, however finely the rest is ruled.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

_THIN: Final = 3.0  # points: a box no thicker is a line
_SNAP: Final = 3.0  # lines closer than this are one
_SHORT: Final = 4.0
_MOST_RULES: Final = 20_000  # of a page; a page with more is a drawing
_MOST_NEAR: Final = 400  # lines that end at one height
_MOST_SQUARES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A line: where it stands (across for an upright one, down for a level one), and from where to where it goes."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Area:
    """A cell of a ruled table by the numbers of its marks: first row and column, and how many of each it covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: the places of its marks across and down, in points, and its cells."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    cells: tuple[Area, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return self.across[0], self.down[0], self.across[-1], self.down[-1]


def rules_of(page: Any) -> tuple[list[Rule], list[Rule]]:
    """The upright and the level lines that a page of pdfplumber draws inside its visible part."""
    left, top, right, bottom = page.bbox
    upright: list[Rule] = []
    level: list[Rule] = []

    def add(x0: float, y0: float, x1: float, y1: float) -> None:
        x0, x1, y0, y1 = max(x0, left), min(x1, right), max(y0, top), min(y1, bottom)
        if x1 - x0 <= _THIN and y1 - y0 > _SHORT:
            upright.append(Rule((x0 + x1) / 2, y0, y1))
        elif y1 - y0 <= _THIN and x1 - x0 > _SHORT:
            level.append(Rule((y0 + y1) / 2, x0, x1))

    for line in page.lines:
        add(line["x0"], line["top"], line["x1"], line["bottom"])
    for box in (*page.rects, *page.curves):  # a path of three lines may be one thin box
        x0, y0, x1, y1 = box["x0"], box["top"], box["x1"], box["bottom"]
        if min(x1 - x0, y1 - y0) <= _THIN:
            add(x0, y0, x1, y1)
        elif box.get("stroke"):
            for edge in ((x0, y0, x0, y1), (x1, y0, x1, y1), (x0, y0, x1, y0), (x0, y1, x1, y1)):
                add(*edge)
        if len(upright) + len(level) > _MOST_RULES:
            return [], []
    return upright, level


def ruled_tables(upright: Sequence[Rule], level: Sequence[Rule]) -> list[Ruled]:
    """The tables that lines rule, from top to bottom; a frame around one cell is none."""
    tables = [table for lines in _touching(upright, level) if (table := _table(*lines)) is not None]
    return sorted(tables, key=lambda table: (table.down[0], table.across[0]))


def _touching(upright: Sequence[Rule], level: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of lines that touch each other."""
    leaders = list(range(len(upright) + len(level)))

    def leader(of: int) -> int:
        while leaders[of] != of:
            leaders[of] = leaders[leaders[of]]
            of = leaders[of]
        return of

    order = sorted(range(len(upright)), key=lambda one: upright[one].at)
    places = [upright[one].at for one in order]
    for number, line in enumerate(level, len(upright)):
        first, after = bisect_left(places, line.start - _SNAP), bisect_left(places, line.end + _SNAP)
        for one in order[first:after]:
            if upright[one].start - _SNAP <= line.at <= upright[one].end + _SNAP:
                leaders[leader(one)] = leader(number)
    for offset, lines in ((0, upright), (len(upright), level)):
        for one, other in _in_line(lines):
            leaders[leader(offset + one)] = leader(offset + other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, line in enumerate((*upright, *level)):
        groups.setdefault(leader(number), ([], []))[number >= len(upright)].append(line)
    return [group for group in groups.values() if group[0] and group[1]]


def _in_line(lines: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    """Pairs of lines of which the second goes on where the first ends."""
    ends: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(round(line.end / _SNAP), []).append(number)
    for number, line in enumerate(lines):
        place = round(line.start / _SNAP)
        for before in (*ends.get(place - 1, ()), *ends.get(place, ()), *ends.get(place + 1, ()))[:_MOST_NEAR]:
            if abs(lines[before].at - line.at) <= _SNAP and before != number:
                yield before, number


def _table(upright: Sequence[Rule], level: Sequence[Rule]) -> Ruled | None:
    left, right = min(line.start for line in level), max(line.end for line in level)
    top, bottom = min(line.start for line in upright), max(line.end for line in upright)
    across = _marks([*(line.at for line in upright), left, right])
    down = _marks([*(line.at for line in level), top, bottom])
    rows, columns = len(down) - 1, len(across) - 1
    if rows < 1 or columns < 1 or rows * columns < 2 or rows * columns > _MOST_SQUARES:
        return None
    walls = _walls(upright, across, down, columns)  # right of a square
    floors = _walls(level, down, across, rows)  # below a square
    owner = _owners(rows, columns, walls, floors)
    return Ruled(tuple(across), tuple(down), tuple(_areas(owner, rows, columns)))


def _marks(places: Iterable[float]) -> list[float]:
    """Places a few points apart are one mark: the middle of the first and the last of them."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= _SNAP and place - groups[-1][0] <= 2 * _SNAP:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [(group[0] + group[-1]) / 2 for group in groups]


def _nearest(marks: Sequence[float], place: float) -> int:
    after = bisect_left(marks, place)
    if after == 0 or (after < len(marks) and marks[after] - place < place - marks[after - 1]):
        return after
    return after - 1


def _walls(lines: Sequence[Rule], own: Sequence[float], other: Sequence[float], most: int) -> set[tuple[int, int]]:
    """(mark - 1, square) for every square whose far side a line closes; squares are counted along the line."""
    walls: set[tuple[int, int]] = set()
    for line in lines:
        mark = _nearest(own, line.at)
        if 0 < mark < most:
            first, last = bisect_left(other, line.start - _SNAP), bisect_left(other, line.end + _SNAP)
            walls.update((mark - 1, square) for square in range(max(first, 0), min(last, len(other)) - 1))
    return walls


def _owners(rows: int, columns: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]) -> list[int]:
    """For every square the first square of the cell it belongs to."""
    owner = list(range(rows * columns))

    def find(of: int) -> int:
        while owner[of] != of:
            owner[of] = owner[owner[of]]
            of = owner[of]
        return of

    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and (column, row) not in walls:
                owner[find(here + 1)] = find(here)
            if row + 1 < rows and (row, column) not in floors:
                owner[find(here + columns)] = find(here)
    return [find(square) for square in range(rows * columns)]


def _areas(owner: Sequence[int], rows: int, columns: int) -> Iterable[Area]:
    """The cells: squares of one owner; a shape that is no rectangle is cut into rectangles, row by row."""
    taken: set[int] = set()
    for square in range(rows * columns):
        if square in taken:
            continue
        row, column = divmod(square, columns)
        mine = owner[square]
        wide = 1
        while column + wide < columns and owner[square + wide] == mine and square + wide not in taken:
            wide += 1
        high = 1
        while row + high < rows and all(
            owner[square + high * columns + step] == mine and square + high * columns + step not in taken
            for step in range(wide)
        ):
            high += 1
        taken.update(square + down * columns + step for down in range(high) for step in range(wide))
        yield Area(row, column, high, wide)
