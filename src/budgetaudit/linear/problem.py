"""Requirements that may be given up: which of them exclude each other, and what is possible without some of them.

A problem has columns, rows (sums of columns) and requirements. A requirement says that some columns or rows lie in
intervals, in one of several cases, and stands only while all the items that hold it are kept. What an item is, is the
caller's business: a printed figure that may be wrong, a rule that may be dropped.

Source: for conflicts with cases, backjumping as in every solver of clauses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from budgetaudit.linear.elimination import Elimination
from budgetaudit.linear.simplex import Contradiction, Simplex, Value
from budgetaudit.money.interval import Interval

# Columns or rows (numbered after the columns) and where they lie.
Case: TypeAlias = tuple[tuple[int, Interval], ...]

_NOTHING: Final[frozenset[int]] = frozenset()


_SUPPOSED: Final = (-1, 0)  # stands for a requirement that is only supposed


@dataclass(frozen=True, slots=True)
class Requirement:
    """Some variables lie in intervals, in one of several cases, while every item in `held_by` is kept."""

    cases: tuple[Case, ...]
    held_by: frozenset[int] = _NOTHING


@dataclass(frozen=True, slots=True)
class Problem:
    """Columns, rows and requirements.

    Attributes:
        columns: How many columns there are.
        rows: Whole weights by column; row k is variable `columns + k`.
        requirements: What must hold.
        start: A value for each column to start from; the nearer to a solution, the sooner it is found.
    """

    columns: int
    rows: tuple[Mapping[int, int], ...]
    requirements: tuple[Requirement, ...]
    start: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One end of an interval in a proof: which requirement says it, in which case, and how often it counts."""

    requirement: int
    case: int
    variable: int
    upper: bool
    times: int


# In each case that the requirements leave, ends that exclude each other.
Proof: TypeAlias = tuple[tuple[Step, ...], ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Items of which at least one must be given up, with the proof."""

    items: frozenset[int]
    proof: Proof


class Possibilities:
    """One problem, asked again and again with other items given up."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.simplex = Simplex(problem.columns, problem.rows)
        for column, value in enumerate(problem.start):
            self.simplex.place(column, value.numerator if value.denominator == 1 else value)
        size = problem.columns + len(problem.rows)
        self._active: list[dict[tuple[int, int], Interval]] = [{} for _ in range(size)]
        self._low: list[tuple[int, int] | None] = [None] * size
        self._high: list[tuple[int, int] | None] = [None] * size
        self._given_up: frozenset[int] = _NOTHING
        self._by_item: dict[int, list[int]] = {}
        for number, requirement in enumerate(problem.requirements):
            for item in requirement.held_by:
                self._by_item.setdefault(item, []).append(number)
        self._open = {number for number, one in enumerate(problem.requirements) if len(one.cases) > 1}
        self._implied = Elimination(problem.columns, problem.rows, self.simplex)
        self._point: tuple[Fraction, ...] | None = None
        self._free = set(range(problem.columns))
        self._touch(range(len(problem.requirements)))

    def conflicts_without(self, items: Collection[int]) -> list[Conflict]:
        """What still contradicts itself when these items are given up: at least one conflict, or none if all is possible.

        The point is `point()` then.

        Raises:
            OutOfTime: The limit of the simplex is reached.
        """
        self._give_up(frozenset(items))
        short = self._implied.contradictions(self._free, everywhere=not items)
        found = {conflict.items: conflict for one in short for conflict in (self._conflict(one),)}
        if found:
            return sorted(found.values(), key=lambda conflict: (len(conflict.items), sorted(conflict.items)))
        conflict = self._settle(_NOTHING)
        return [] if conflict is None else [conflict]

    def point(self) -> tuple[Fraction, ...]:
        """The values of the columns at the point that was found last."""
        return (self._point or self.simplex.point())[: self.problem.columns]

    def ranges(self, items: Collection[int], variables: Sequence[int]) -> list[Interval | None]:
        """Between which values each variable can lie without these items; None if nothing is possible.

        Where several cases are possible it is the interval around all of them.

        Raises:
            OutOfTime: The limit of the simplex is reached.
        """
        self._give_up(frozenset(items))
        found: list[Interval | None] = [None] * len(variables)
        for _ in self._settlements(_NOTHING):
            for place, variable in enumerate(variables):
                found[place] = _around(found[place], self._range(variable))
        return found

    def excluding(self, variable: int, interval: Interval) -> frozenset[int]:
        """The requirements that keep a variable in an interval, given the items that were given up last.

        Raises:
            OutOfTime: The limit of the simplex is reached.
        """
        numbers: set[int] = set()
        for outside in _outside(interval):
            self._active[variable][_SUPPOSED] = outside
            self._hold(variable)
            conflict = self._settle(_NOTHING)
            del self._active[variable][_SUPPOSED]
            self._hold(variable)
            if conflict is not None:
                numbers |= {step.requirement for steps in conflict.proof for step in steps}
        return frozenset(numbers - {_SUPPOSED[0]})

    def _range(self, variable: int) -> Interval:
        high = self.simplex.extreme(variable, highest=True)
        low = self.simplex.extreme(variable, highest=False)
        return Interval(
            None if low is None else Fraction(low[0]),
            None if high is None else Fraction(high[0]),
            low is not None and low[1] == 0,
            high is not None and high[1] == 0,
        )

    def _settlements(self, decided: frozenset[int]) -> Iterator[None]:
        """Every choice of cases that is possible, the simplex being held to it."""
        if self.simplex.check() is not None:
            return
        undecided = next((number for number in sorted(self._open - decided) if self._stands(number)), None)
        if undecided is None:
            yield
            return
        for case in range(len(self.problem.requirements[undecided].cases)):
            self._assume(undecided, case)
            yield from self._settlements(decided | {undecided})
            self._retract(undecided, case)

    def _settle(self, decided: frozenset[int]) -> Conflict | None:
        """Find a point in some choice of cases, or the conflict of them all."""
        contradiction = self.simplex.check()
        if contradiction is not None:
            return self._conflict(contradiction)
        undecided = next((number for number in sorted(self._open - decided) if self._misses(number)), None)
        if undecided is None:
            self._point = self._in_plain_numbers(decided) if self._open else None
            return None
        items = self.problem.requirements[undecided].held_by
        proof: Proof = ()
        for case in range(len(self.problem.requirements[undecided].cases)):
            self._assume(undecided, case)
            conflict = self._settle(decided | {undecided})
            if conflict is None:
                self._retract(undecided, case)
                return None
            self._retract(undecided, case)
            if not any(step.requirement == undecided for steps in conflict.proof for step in steps):
                return conflict
            items, proof = items | conflict.items, proof + conflict.proof
        return Conflict(items, proof)

    def _in_plain_numbers(self, decided: frozenset[int]) -> tuple[Fraction, ...]:
        """The present point, held to the cases it lies in while its small parts are given a size."""
        chosen = [
            (number, next(case for case in range(len(self._cases(number))) if self._lies_in(number, case)))
            for number in sorted(self._open - decided)
            if self._stands(number)
        ]
        for number, case in chosen:
            self._assume(number, case)
        point = self.simplex.point()
        for number, case in chosen:
            self._retract(number, case)
        return point

    def _cases(self, number: int) -> tuple[Case, ...]:
        return self.problem.requirements[number].cases

    def _lies_in(self, number: int, case: int) -> bool:
        held = self._cases(number)[case]
        return all(_lies_in(self.simplex.value(variable), interval) for variable, interval in held)

    def _misses(self, number: int) -> bool:
        """Whether a requirement stands and the present point lies in none of its cases."""
        return self._stands(number) and not any(self._lies_in(number, case) for case in range(len(self._cases(number))))

    def _stands(self, number: int) -> bool:
        return self._given_up.isdisjoint(self.problem.requirements[number].held_by)

    def _conflict(self, contradiction: Contradiction) -> Conflict:
        steps = tuple(self._steps(contradiction))
        said = {step.requirement for step in steps} - {_SUPPOSED[0]}
        return Conflict(_NOTHING.union(*(self.problem.requirements[one].held_by for one in said)), (steps,))

    def _steps(self, contradiction: Contradiction) -> Iterator[Step]:
        for variable, upper, times in contradiction:
            said_by = (self._high if upper else self._low)[variable]
            assert said_by is not None
            yield Step(*said_by, variable, upper, times)

    def _give_up(self, items: frozenset[int]) -> None:
        changed = items ^ self._given_up
        self._given_up = items
        self._touch({number for item in changed for number in self._by_item.get(item, ())})

    def _touch(self, numbers: Iterable[int]) -> None:
        """Let requirements of one case stand or fall as the items say."""
        for number in sorted(numbers):
            if number not in self._open:
                if self._stands(number):
                    self._assume(number, 0)
                else:
                    self._retract(number, 0)

    def _assume(self, number: int, case: int) -> None:
        for variable, interval in self.problem.requirements[number].cases[case]:
            self._active[variable][number, case] = interval
            self._hold(variable)

    def _retract(self, number: int, case: int) -> None:
        for variable, _ in self.problem.requirements[number].cases[case]:
            if self._active[variable].pop((number, case), None) is not None:
                self._hold(variable)

    def _hold(self, variable: int) -> None:
        """Hold a variable to the tightest of the intervals that stand, and remember which say so."""
        low: Value | None = None
        high: Value | None = None
        self._low[variable] = self._high[variable] = None
        for said_by, interval in self._active[variable].items():
            below, above = ends(interval)
            if below is not None and (low is None or below > low):
                low, self._low[variable] = below, said_by
            if above is not None and (high is None or above < high):
                high, self._high[variable] = above, said_by
        self.simplex.hold(variable, low, high)
        if variable < self.problem.columns:
            (self._free.add if low is None and high is None else self._free.discard)(variable)


def ends(interval: Interval) -> tuple[Value | None, Value | None]:
    """Both ends as values: an open one lies a small part inside."""
    lo, hi = interval.lo, interval.hi
    low = None if lo is None else (lo.numerator if lo.denominator == 1 else lo, 0 if interval.lo_in else 1)
    high = None if hi is None else (hi.numerator if hi.denominator == 1 else hi, 0 if interval.hi_in else -1)
    return low, high


def _outside(interval: Interval) -> Iterator[Interval]:
    """The values above and below an interval."""
    if interval.hi is not None:
        yield Interval(interval.hi, None, lo_in=not interval.hi_in)
    if interval.lo is not None:
        yield Interval(None, interval.lo, hi_in=not interval.lo_in)


def _lies_in(value: Value, interval: Interval) -> bool:
    low, high = ends(interval)
    return (low is None or value >= low) and (high is None or value <= high)


def _around(one: Interval | None, other: Interval) -> Interval:
    """The smallest interval around both."""
    if one is None:
        return other
    lo = None if one.lo is None or other.lo is None else min(one.lo, other.lo)
    hi = None if one.hi is None or other.hi is None else max(one.hi, other.hi)
    lo_in = any(part.lo == lo and part.lo_in for part in (one, other))
    hi_in = any(part.hi == hi and part.hi_in for part in (one, other))
    return Interval(lo, hi, lo_in, hi_in)
