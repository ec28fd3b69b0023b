"""Addresses: `B7` and `A1:C3` as rows and columns from 0, and back. Source: ECMA-376 part 1, 18.3.1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
_ADDRESS: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Place(NamedTuple):
    """Row and column, from 0."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{letters(self.column)}{self.row + 1}"


class Span(NamedTuple):
    """A range, from its upper left corner."""

    row: int
    column: int
    rows: int
    columns: int


@lru_cache(maxsize=LAST_COLUMN)
def letters(column: int) -> str:
    """The letters of a column, A for 0 and AA for 26; none beyond the last column of a sheet."""
    name, number = "", column + 1 if 0 <= column < LAST_COLUMN else 0
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@lru_cache(maxsize=LAST_COLUMN)
def column_of(name: str) -> int:
    """The column of its letters."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def place_of(address: str) -> Place | None:
    """The place of `B7` or `$B$7`; None for what is no address of a sheet."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    row, column = int(found[2]) - 1, column_of(found[1])
    return Place(row, column) if 0 <= row < LAST_ROW and column < LAST_COLUMN else None


def span_of(reference: str) -> Span | None:
    """The range of `A1:C3`, or of one cell."""
    first, _, last = reference.partition(":")
    start, end = place_of(first), place_of(last or first)
    if start is None or end is None:
        return None
    row, column = min(start.row, end.row), min(start.column, end.column)
    return Span(row, column, abs(end.row - start.row) + 1, abs(end.column - start.column) + 1)
