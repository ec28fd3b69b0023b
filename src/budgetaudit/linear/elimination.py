"""Implied rows: rows added and subtracted so that no free column is left, and what their ends say then.

Where figures are given up, the rows that hold them are combined (whole numbers only) until the figures cancel; each row that
is left speaks of believed figures alone, and may contradict them. This finds short contradictions for a small price. That it
finds none proves nothing, because of intervals other combinations may fail: then the simplex decides.

Source: the elimination step of Fellegi and Holt (1976), made only where it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import gcd
from typing import TypeAlias

from budgetaudit.linear.simplex import Contradiction, Held, Number, Simplex, Value

_Row: TypeAlias = dict[int, int]


class Elimination:
    """The rows of a problem, combined for whatever columns are free.

    Args:
        columns: How many columns there are; row k is variable `columns + k` of the simplex.
        rows: The weights of each row by column.
        simplex: Knows between which ends every column and row is held.
    """

    def __init__(self, columns: int, rows: Sequence[Mapping[int, int]], simplex: Simplex) -> None:
        self._columns, self._rows, self._simplex = columns, rows, simplex
        self._users: list[list[int]] = [[] for _ in range(columns)]
        for number, row in enumerate(rows):
            for column in row:
                self._users[column].append(number)

    def contradictions(self, free: Iterable[int], *, everywhere: bool = False) -> Iterator[Contradiction]:
        """Contradictions between what is left when these columns are free; `everywhere` also in rows without them."""
        unknown = set(free)
        touched = {number for column in unknown for number in self._users[column]}
        if everywhere:
            for number in range(len(self._rows)):
                if number not in touched:
                    yield from self._tested({number: 1})
        held = [number for number in sorted(touched) if self._is_held(number)]
        left = [
            ({column: weight for column, weight in self._rows[number].items() if column in unknown}, {number: 1})
            for number in held
        ]
        for multipliers in _eliminated(left):
            yield from self._tested(multipliers)

    def _is_held(self, number: int) -> bool:
        return any(end is not None for end in self._simplex.bounds(self._columns + number))

    def _tested(self, multipliers: Mapping[int, int]) -> Iterator[Contradiction]:
        """Whether the ends contradict: Σ multiplier · row - Σ weight · column is 0."""
        form: _Row = {}
        for number, times in multipliers.items():
            for column, weight in self._rows[number].items():
                form[column] = form.get(column, 0) - times * weight
        form = {column: weight for column, weight in form.items() if weight}
        for number, times in multipliers.items():
            form[self._columns + number] = times
        for sign in (1, -1):
            if self._exceeds_zero(form, sign):
                yield tuple(Held(one, sign * times < 0, abs(times)) for one, times in form.items())
                return

    def _exceeds_zero(self, form: Mapping[int, int], sign: int) -> bool:
        """Whether sign · form is above 0 at all its ends."""
        number: Number = 0
        part: Number = 0
        bounds = self._simplex.bounds
        for variable, times in form.items():
            end: Value | None = bounds(variable)[0 if sign * times > 0 else 1]
            if end is None:
                return False
            number += times * end[0]
            part += times * end[1]
        return (sign * number, sign * part) > (0, 0)


def _eliminated(rows: list[tuple[_Row, _Row]]) -> Iterator[_Row]:
    """Multipliers of rows that leave no free column: the shortest rows are used up first."""
    while True:
        users: dict[int, list[int]] = {}
        for place, (free, _) in enumerate(rows):
            for column in free:
                users.setdefault(column, []).append(place)
        if not users:
            break
        column = min(users, key=lambda one: (len(users[one]), one))
        pivot = min(users[column], key=lambda place: (len(rows[place][1]), place))
        free, multipliers = rows[pivot]
        for place in users[column]:
            if place != pivot:
                rows[place] = _cancelled(column, rows[place], (free, multipliers))
        del rows[pivot]
    yield from (multipliers for _, multipliers in rows)


def _cancelled(column: int, row: tuple[_Row, _Row], pivot: tuple[_Row, _Row]) -> tuple[_Row, _Row]:
    ours, theirs = row[0][column], pivot[0][column]
    common = gcd(ours, theirs)
    up, down = theirs // common, ours // common
    return _combined(up, row[0], down, pivot[0]), _combined(up, row[1], down, pivot[1])


def _combined(up: int, row: _Row, down: int, pivot: _Row) -> _Row:
    """Up · row - down · pivot."""
    new = {key: up * weight for key, weight in row.items()}
    for key, weight in pivot.items():
        new[key] = new.get(key, 0) - down * weight
    return {key: weight for key, weight in new.items() if weight}
