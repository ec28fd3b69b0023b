"""Formulas: what the sums of a workbook add up, and which figure beside them they leave out.

Nothing is computed here. A sum over one range says which rows its author meant; a figure between the range and the cell of
the sum, or a range that is shorter than those of all its neighbours, is a row that was added later and forgotten.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from budgetaudit.read.workbook.address import LAST_ROW, Place, column_of, letters

_REFERENCE: Final = re.compile(r"(?<![A-Za-z0-9_.$!])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![A-Za-z0-9_(.])")
_SUM: Final = re.compile(r"\+?SUM\(\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})\)", re.IGNORECASE)
_LONGEST: Final = 8_192  # characters of a formula
_REACH: Final = 40  # rows between a range and its sum
_NEIGHBOURS: Final = 2  # ranges alike that make a third one remarkable


class Omitted(NamedTuple):
    """A sum, the range that it adds up, and the figures beside the range that it leaves out."""

    total: Place
    range: str
    figures: tuple[Place, ...]


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads in another cell: what is not fixed by `$` moves along.

    >>> moved("SUM(B2:B$9)", 1, 2)
    'SUM(D3:D$9)'
    """

    def shifted(found: re.Match[str]) -> str:
        fixed_column, name, fixed_row, number = found.groups()
        column = name if fixed_column else letters(column_of(name) + columns)
        row = int(number) + (0 if fixed_row else rows)
        if column == "" or not 1 <= row <= LAST_ROW:
            return "#REF!"
        return f"{fixed_column}{column}{fixed_row}{row}"

    pieces = re.split(r'("[^"]*"|\'[^\']*\')', formula[:_LONGEST])  # texts and names of sheets hold no references
    return "".join(piece if number % 2 else _REFERENCE.sub(shifted, piece) for number, piece in enumerate(pieces))


class _Sum(NamedTuple):
    total: Place
    first: Place
    last: Place

    @property
    def range(self) -> str:
        return f"{self.first}:{self.last}"


def omitted_figures(formulas: Mapping[Place, str], figures: frozenset[Place]) -> Iterator[Omitted]:
    """Sums of one range that leave out figures beside it.

    Args:
        formulas: The formulas of a sheet, without their equals signs.
        figures: Where numbers stand, typed or computed.
    """
    sums = [found for place, formula in formulas.items() if (found := _sum(place, formula)) is not None]
    seen: set[Place] = set()
    for found in sums:
        left_out = [place for place in _between(found) if place in figures]
        plain = [place for place in left_out if place not in formulas]
        if plain and len(left_out) == len(list(_between(found))):
            seen.add(found.total)
            yield Omitted(found.total, found.range, tuple(plain))
    for group in _side_by_side(sums):
        usual, times = Counter((one.first.row, one.last.row) for one in group).most_common(1)[0]
        for one in group:
            if times < _NEIGHBOURS or times * 2 <= len(group) or one.total in seen:
                continue
            rows = [*range(usual[0], one.first.row), *range(one.last.row + 1, usual[1] + 1)]
            missing = tuple(place for row in rows if (place := Place(row, one.first.column)) in figures)
            if missing and usual[0] <= one.first.row and one.last.row <= usual[1]:
                yield Omitted(one.total, one.range, missing)


def _sum(place: Place, formula: str) -> _Sum | None:
    """A formula that is the sum of one range in its own column or row, and nothing else."""
    found = _SUM.fullmatch(formula.strip())
    if found is None:
        return None
    first = Place(int(found[2]) - 1, column_of(found[1]))
    last = Place(int(found[4]) - 1, column_of(found[3]))
    if first.row > last.row or first.column > last.column:
        return None
    in_column = first.column == last.column == place.column and not first.row <= place.row <= last.row
    in_row = first.row == last.row == place.row and not first.column <= place.column <= last.column
    return _Sum(place, first, last) if (in_column or in_row) and first != last else None


def _between(one: _Sum) -> Iterator[Place]:
    """The cells between a range and its sum, if they are few."""
    if one.first.column == one.last.column:
        rows = (
            range(one.last.row + 1, one.total.row)
            if one.total.row > one.last.row
            else range(one.total.row + 1, one.first.row)
        )
        if len(rows) <= _REACH:
            yield from (Place(row, one.first.column) for row in rows)
    else:
        after = one.total.column > one.last.column
        columns = (
            range(one.last.column + 1, one.total.column) if after else range(one.total.column + 1, one.first.column)
        )
        if len(columns) <= _REACH:
            yield from (Place(one.first.row, column) for column in columns)


def _side_by_side(sums: Iterable[_Sum]) -> list[list[_Sum]]:
    """Sums down a column that stand in one row."""
    rows: defaultdict[int, list[_Sum]] = defaultdict(list)
    for one in sums:
        if one.first.column == one.last.column:
            rows[one.total.row].append(one)
    return [group for group in rows.values() if len(group) > _NEIGHBOURS]
