"""An exact simplex: is there a point with every variable between its bounds, and if not, which bounds exclude it?

Variables are columns, which are free but for their bounds, and rows, each a sum of columns with whole weights, with bounds
of its own. The tableau keeps whole numbers (a row is `divisor · basic = Σ weight · nonbasic`), values are integers or
rationals, so nothing is ever rounded. Bounds may be open: values carry a part that is smaller than every number.

Bounds come and go between two questions; the point and the tableau stay, so that a question much like the last one costs a
few exchanges. An answer "no" carries multipliers whose sum of bounds contradicts itself (Farkas); `certificate` checks them
without knowing anything of this module.

Source: B. Dutertre, L. de Moura, A fast linear-arithmetic solver for DPLL(T), CAV 2006; Bland's rule against cycles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd
from time import monotonic
from typing import Final, NamedTuple, TypeAlias

Number: TypeAlias = int | Fraction
# A value with its part below every number: (3, -1) is just below 3.
Value: TypeAlias = tuple[Number, Number]

_PASSES: Final = 8  # of moving columns without any exchange
_WIDEST: Final = 12  # rows of a column that is moved so
_GREEDY: Final = 200  # exchanges by what is cheap, before Bland's rule takes over, which cannot cycle


class Held(NamedTuple):
    """One end of one variable, and how often it counts in a contradiction."""

    variable: int
    upper: bool
    times: int


# Ends that exclude each other: lower ends minus upper ends, each so often, is a form that is 0 whatever the columns are,
# and yet above 0 by what the ends say.
Contradiction: TypeAlias = tuple[Held, ...]


class OutOfTime(Exception):
    """The exchanges or the time that the caller allowed are used up."""


class Simplex:
    """Columns `0 … columns - 1`, then one variable for each row, all free at first.

    Args:
        columns: How many columns there are.
        rows: The weights of each row by column.
    """

    def __init__(self, columns: int, rows: Sequence[Mapping[int, int]]) -> None:
        size = columns + len(rows)
        self._lower: list[Value | None] = [None] * size
        self._upper: list[Value | None] = [None] * size
        self._values: list[Value] = [(0, 0)] * size
        self._rows: dict[int, dict[int, int]] = {}
        self._divisor: dict[int, int] = {}
        self._users: list[set[int]] = [set() for _ in range(size)]
        self._suspects: set[int] = set()
        self._crossed: set[int] = set()
        self.exchanges = 0
        self.limit: int | None = None
        self.deadline: float | None = None
        for number, row in enumerate(rows):
            basic = columns + number
            self._rows[basic] = {column: weight for column, weight in row.items() if weight}
            self._divisor[basic] = 1
            for column in self._rows[basic]:
                self._users[column].add(basic)

    def value(self, variable: int) -> Value:
        """The value of a variable at the present point."""
        return self._values[variable]

    def place(self, variable: int, value: Number) -> None:
        """Move a column that is not held by any row to a value to start from."""
        if variable not in self._rows:
            self._move(variable, (value, 0))

    def hold(self, variable: int, low: Value | None, high: Value | None) -> None:
        """Hold a variable between two values; an end that is open lies a part above or below its number."""
        self._lower[variable], self._upper[variable] = low, high
        if low is not None and high is not None and low > high:
            self._crossed.add(variable)
            return
        self._crossed.discard(variable)
        if variable in self._rows:
            self._suspects.add(variable)
            return
        value = self._values[variable]
        if low is not None and value < low:
            self._move(variable, low)
        elif high is not None and value > high:
            self._move(variable, high)

    def bounds(self, variable: int) -> tuple[Value | None, Value | None]:
        """Between which values a variable is held."""
        return self._lower[variable], self._upper[variable]

    def check(self) -> Contradiction | None:
        """Find a point within all bounds; None if there is one, and it is the present point.

        Raises:
            OutOfTime: More exchanges would be needed than `limit` allows.
        """
        if self._crossed:
            crossed = min(self._crossed)
            return Held(crossed, False, 1), Held(crossed, True, 1)
        self._settle()
        started = self.exchanges
        while (found := self._violated()) is not None:
            basic, rising = found
            row = self._rows[basic]
            candidates = [column for column, weight in row.items() if self._can_go(column, (weight > 0) == rising)]
            if not candidates:
                self._suspects.add(basic)
                ends = (Held(column, (weight > 0) == rising, abs(weight)) for column, weight in row.items())
                return (Held(basic, not rising, self._divisor[basic]), *ends)
            if self.exchanges - started > _GREEDY:
                entering = min(candidates)
            else:
                entering = min(candidates, key=lambda column: (len(self._users[column]), column))
            target = self._lower[basic] if rising else self._upper[basic]
            assert target is not None
            self._carry(basic, entering, target)
        return None

    def extreme(self, variable: int, *, highest: bool) -> Value | None:
        """The highest or lowest value of a variable within all bounds, None if there is no end; `check` must have found a point.

        Raises:
            OutOfTime: As `check`.
        """
        started = self.exchanges
        while True:
            if variable in self._rows:
                row, divisor = self._rows[variable], self._divisor[variable]
            else:
                row, divisor = {variable: 1}, 1
            useful = [column for column, weight in row.items() if self._can_go(column, (weight > 0) == highest)]
            if not useful:
                return self._values[variable]
            if self.exchanges - started > _GREEDY:
                column = min(useful)
            else:
                column = min(useful, key=lambda one: (len(self._users[one]), one))
            if not self._push(column, rising=(row[column] * divisor > 0) == highest):
                return None

    def point(self) -> tuple[Fraction, ...]:
        """The present point in plain numbers: small parts are given a size with which every bound still holds."""
        size = Fraction(1)
        for (number, part), low, high in zip(self._values, self._lower, self._upper, strict=True):
            if low is not None and number > low[0] and part < low[1]:
                size = min(size, Fraction(number - low[0]) / (low[1] - part))
            if high is not None and number < high[0] and part > high[1]:
                size = min(size, Fraction(high[0] - number) / (part - high[1]))
        return tuple(Fraction(number) + size * part for number, part in self._values)

    def _push(self, column: int, *, rising: bool) -> bool:
        """Move a nonbasic column as far as it goes; whether anything stops it."""
        own = self._upper[column] if rising else self._lower[column]
        room = None if own is None else _minus(own, self._values[column])
        stop: int | None = None
        for basic in sorted(self._users[column]):
            rate = Fraction(self._rows[basic][column], self._divisor[basic])
            end = self._upper[basic] if (rate > 0) == rising else self._lower[basic]
            if end is None:
                continue
            step = _scaled(_minus(end, self._values[basic]), 1 / rate)
            if room is None or (step < room if rising else step > room):
                room, stop = step, basic
        if room is None:
            return False
        if stop is None:
            self._move(column, _plus(self._values[column], room))
            self._count()
            return True
        end = self._upper[stop] if (self._rows[stop][column] > 0) == rising else self._lower[stop]
        assert end is not None
        self._carry(stop, column, end)
        return True

    def _settle(self) -> None:
        """Move nonbasic columns within their bounds as long as that lessens what is violated: cheap, and often enough."""
        for _ in range(_PASSES):
            moved = False
            for basic in sorted(self._suspects):
                if basic in self._rows and (missing := self._missing(basic, self._values[basic])):
                    moved = self._lessen(basic, missing) or moved
            if not moved:
                return

    def _lessen(self, basic: int, missing: Number) -> bool:
        """Move the columns of one violated row; `missing` is how far it must rise (above 0) or fall."""
        row, divisor, moved = self._rows[basic], self._divisor[basic], False
        for column, weight in row.items():
            low, high = self._lower[column], self._upper[column]
            if (low is not None and low == high) or len(self._users[column]) > _WIDEST:
                continue
            value = self._values[column]
            step = _within(low, value[0], high, _divided(missing * divisor, weight))
            if step and self._gains(column, step):
                self._move(column, (value[0] + step, 0))
                moved = True
                missing = self._missing(basic, self._values[basic])
                if not missing:
                    break
        return moved

    def _gains(self, column: int, step: Number) -> bool:
        """Whether less is violated in all when a column moves."""
        gain: Number = 0
        for basic in self._users[column]:
            value = self._values[basic]
            after = value[0] + _divided(step * self._rows[basic][column], self._divisor[basic])
            before, then = self._missing(basic, value), self._missing(basic, (after, value[1]))
            gain += (before if before > 0 else -before) - (then if then > 0 else -then)
        return gain > 0

    def _missing(self, basic: int, value: Value) -> Number:
        """How far a value lies below (above 0) or above (below 0) the bounds of a variable."""
        low, high = self._lower[basic], self._upper[basic]
        if low is not None and value[0] < low[0]:
            return low[0] - value[0]
        if high is not None and value[0] > high[0]:
            return high[0] - value[0]
        return 0

    def _violated(self) -> tuple[int, bool] | None:
        """The first basic variable outside its bounds, and whether it must rise."""
        while self._suspects:
            basic = min(self._suspects)
            if basic in self._rows:
                value, low, high = self._values[basic], self._lower[basic], self._upper[basic]
                if low is not None and value < low:
                    return basic, True
                if high is not None and value > high:
                    return basic, False
            self._suspects.discard(basic)
        return None

    def _can_go(self, column: int, up: bool) -> bool:
        end = self._upper[column] if up else self._lower[column]
        return end is None or (self._values[column] < end if up else self._values[column] > end)

    def _move(self, column: int, value: Value) -> None:
        """Give a nonbasic column another value, and every row that uses it."""
        step = _minus(value, self._values[column])
        if step == (0, 0):
            return
        self._values[column] = value
        for basic in self._users[column]:
            weight, divisor = self._rows[basic][column], self._divisor[basic]
            self._values[basic] = _plus(self._values[basic], _share(step, weight, divisor))
            self._suspects.add(basic)

    def _carry(self, basic: int, column: int, target: Value) -> None:
        """Bring a basic variable to a value by moving a nonbasic column, and exchange the two."""
        step = _share(_minus(target, self._values[basic]), self._divisor[basic], self._rows[basic][column])
        self._move(column, _plus(self._values[column], step))
        self._exchange(basic, column)
        self._suspects.add(column)

    def _count(self) -> None:
        self.exchanges += 1
        if self.limit is not None and self.exchanges > self.limit:
            raise OutOfTime
        if self.deadline is not None and monotonic() > self.deadline:
            raise OutOfTime

    def _exchange(self, basic: int, column: int) -> None:
        """Make a nonbasic column basic and a basic variable nonbasic; the point stays."""
        self._count()
        row, divisor = self._rows.pop(basic), self._divisor.pop(basic)
        lead = row.pop(column)
        sign = 1 if lead > 0 else -1
        new = {other: -sign * weight for other, weight in row.items()}
        new[basic] = sign * divisor
        lead = abs(lead)
        for other in row:
            self._users[other].discard(basic)
        users = self._users[column]
        users.discard(basic)
        for other_basic in users:
            self._substitute(other_basic, column, new, lead)
        users.clear()
        self._rows[column], self._divisor[column] = new, lead
        for other in new:
            self._users[other].add(column)

    def _substitute(self, basic: int, column: int, new: Mapping[int, int], lead: int) -> None:
        """Replace a column in a row by what it equals: `lead · column = Σ new`."""
        row = self._rows[basic]
        weight = row.pop(column)
        common = gcd(weight, lead)
        factor, weight = lead // common, weight // common
        if factor != 1:
            for other in row:
                row[other] *= factor
            self._divisor[basic] *= factor
        for other, amount in new.items():
            have = row.get(other)
            if have is None:
                row[other] = weight * amount
                self._users[other].add(basic)
            elif have == -weight * amount:
                del row[other]
                self._users[other].discard(basic)
            else:
                row[other] = have + weight * amount
        if self._divisor[basic] != 1 and (shared := gcd(self._divisor[basic], *row.values())) != 1:
            for other in row:
                row[other] //= shared
            self._divisor[basic] //= shared


def _within(low: Value | None, value: Number, high: Value | None, step: Number) -> Number:
    """A step cut to what the ends allow; half the way to an end that is open."""
    if low is not None and (value + step, 0) < low:
        return _divided(low[0] - value, 2) if low[1] else low[0] - value
    if high is not None and (value + step, 0) > high:
        return _divided(high[0] - value, 2) if high[1] else high[0] - value
    return step


def _plain(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


def _plus(one: Value, other: Value) -> Value:
    return one[0] + other[0], one[1] + other[1]


def _minus(one: Value, other: Value) -> Value:
    return one[0] - other[0], one[1] - other[1]


def _scaled(value: Value, factor: Fraction) -> Value:
    return _plain(Fraction(value[0] * factor)), _plain(Fraction(value[1] * factor))


def _share(value: Value, weight: int, divisor: int) -> Value:
    """Value · weight / divisor."""
    if divisor == 1:
        return value[0] * weight, value[1] * weight
    return _divided(value[0] * weight, divisor), _divided(value[1] * weight, divisor) if value[1] else 0


def _divided(number: Number, divisor: int) -> Number:
    if divisor == 1:
        return number
    if isinstance(number, int) and number % divisor == 0:
        return number // divisor
    return _plain(Fraction(number) / divisor)
