"""Implied rows for a few columns: everything that rows say of some columns when the others may be anything.

For small systems all implied rows can be made once and kept: whether some columns can be set so that all rows hold is then a
handful of comparisons of whole numbers, however many records ask. Exact for points, not for intervals.

Source: Fourier and Motzkin; equalities first, because they multiply nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd
from typing import Literal, TypeAlias

from budgetaudit.linear.simplex import Number
from budgetaudit.money.interval import Interval

Sign: TypeAlias = Literal["=", "<=", "<"]


@dataclass(frozen=True, slots=True)
class Row:
    """Σ weight · column, in whole numbers, against an end."""

    weights: tuple[tuple[int, int], ...]
    sign: Sign
    end: Fraction

    def holds(self, values: Sequence[Number]) -> bool:
        """Whether it holds at these values of the columns; those it does not name are not looked at."""
        total: Number = 0
        for column, weight in self.weights:
            total += weight * values[column]
        if self.sign == "=":
            return total == self.end
        return total <= self.end if self.sign == "<=" else total < self.end

    def leaves(self, column: int, values: Sequence[Number]) -> Interval:
        """What it leaves of one of its columns, given the values of the others."""
        rest, own = self.end, 0
        for other, weight in self.weights:
            if other == column:
                own = weight
            else:
                rest -= weight * values[other]
        end = rest / own
        if self.sign == "=":
            return Interval.point(end)
        closed = self.sign == "<="
        return Interval(None, end, hi_in=closed) if own > 0 else Interval(end, None, lo_in=closed)


def rows_of(weights: Mapping[int, int], interval: Interval) -> tuple[Row, ...]:
    """Σ weight · column in an interval, as rows."""
    form = tuple(sorted((column, weight) for column, weight in weights.items() if weight))
    if interval.is_point and interval.lo is not None:
        return (_row(form, "=", interval.lo),)
    turned = tuple((column, -weight) for column, weight in form)
    found: list[Row] = []
    if interval.hi is not None:
        found.append(_row(form, "<=" if interval.hi_in else "<", interval.hi))
    if interval.lo is not None:
        found.append(_row(turned, "<=" if interval.lo_in else "<", -interval.lo))
    return tuple(found)


def implied_without(rows: Iterable[Row], columns: Iterable[int]) -> tuple[Row, ...]:
    """The rows that are left when columns may be anything: they hold if and only if these can be set so that all hold."""
    left = dict.fromkeys(rows)
    for column in sorted(columns):
        named = [row for row in left if _weight(row, column)]
        kept = dict.fromkeys(row for row in left if not _weight(row, column))
        equal = min((row for row in named if row.sign == "="), key=lambda row: len(row.weights), default=None)
        if equal is not None:
            made = [_cancelled(row, equal, column) for row in named if row is not equal]
        else:
            above = [row for row in named if _weight(row, column) > 0]
            below = [row for row in named if _weight(row, column) < 0]
            made = [_cancelled(one, other, column) for one, other in product(above, below)]
        left = kept | dict.fromkeys(row for row in made if row.weights or not row.holds(()))
    return _tightest(left)


def _tightest(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Of rows that differ in their ends alone, the one that says most."""
    best: dict[tuple[object, bool], Row] = {}
    for row in rows:
        key = row.weights, row.sign == "="
        known = best.get(key)
        if known is None or (row.sign != "=" and (row.end, row.sign != "<") < (known.end, known.sign != "<")):
            best[key] = row
        elif row.sign == "=" and row.end != known.end:
            best[row, True] = row  # two that exclude each other
    return tuple(best.values())


def _weight(row: Row, column: int) -> int:
    return next((weight for one, weight in row.weights if one == column), 0)


def _cancelled(row: Row, other: Row, column: int) -> Row:
    """Both rows added so that a column is gone; `other` is an equality, or has the opposite sign there."""
    ours, theirs = _weight(row, column), _weight(other, column)
    up, down = abs(theirs), abs(ours)
    if ours * theirs > 0:  # only an equality can be subtracted
        down = -down
    form: dict[int, int] = {}
    for factor, added in ((up, row), (down, other)):
        for one, weight in added.weights:
            form[one] = form.get(one, 0) + factor * weight
    sign: Sign = "=" if row.sign == other.sign == "=" else "<" if "<" in {row.sign, other.sign} else "<="
    weights = tuple(sorted((one, weight) for one, weight in form.items() if weight))
    return _row(weights, sign, up * row.end + down * other.end)


def _row(weights: tuple[tuple[int, int], ...], sign: Sign, end: Fraction) -> Row:
    """In lowest terms, so that rows that say the same are equal."""
    shared = gcd(*(weight for _, weight in weights)) or 1
    if sign == "=" and weights and weights[0][1] < 0:
        shared = -shared
    return Row(tuple((one, weight // shared) for one, weight in weights), sign, end / shared)
