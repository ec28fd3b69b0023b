"""Localisation of many records under one rule set: what is worked out for one record serves all that follow.

For rules that compare sums of a few figures, the rows that figures must satisfy when others may be wrong are made once for
every set of others that is asked for; a record is then a few comparisons. Figures are exact as given, as in records of
official statistics; for prints that hide digits there is `Report.localize`.

Source: Fellegi and Holt (1976): the complete set of implied edits, made only as far as records ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Final, cast

from budgetaudit.errors import BudgetAuditError, RuleError, nearest
from budgetaudit.linear.hitting import Effort, Search
from budgetaudit.linear.implied import Row, implied_without, rows_of
from budgetaudit.linear.problem import Possibilities, Requirement
from budgetaudit.linear.simplex import Number
from budgetaudit.money.interval import Interval
from budgetaudit.rules.requirements import demands
from budgetaudit.rules.rule import Rule
from budgetaudit.rules.ruleset import RuleSet

_MOST_COLUMNS: Final = 12  # with more, sets of figures are searched and not listed


@dataclass(frozen=True, slots=True)
class Located:
    """What may be wrong in one record.

    Attributes:
        sets: The lightest sets of figures without which every rule is possible; one empty set if all is possible.
        weight: Their weight.
        finished: Whether these are proven to be all.
    """

    sets: tuple[frozenset[str], ...]
    weight: Fraction
    finished: bool = True


# Sets of columns of one weight, each with the rows that must hold without it.
_Level = tuple[Fraction, list[tuple[int, tuple[Row, ...]]]]


class Locator:
    """Finds wrong figures in records that share their rules.

    Args:
        rules: Rules that compare sums of figures: a `RuleSet`, rules, or equations as text.
        weights: How much a figure is trusted; None: it must not change; 1 for figures not named.

    Raises:
        RuleError: A rule is a quotient or a roll-up, or an equation is not well formed.
        BudgetAuditError: A weight is not above 0.

    >>> locator = Locator(["turnover = profit + cost", "profit <= 0.6 * turnover"])
    >>> found = locator.locate({"profit": 755, "cost": 125, "turnover": 200})
    >>> found.sets == (frozenset({"profit"}),)
    True
    """

    def __init__(
        self,
        rules: RuleSet | Iterable[Rule | str] | Mapping[str, str],
        *,
        weights: Mapping[str, int | Fraction | None] | None = None,
    ) -> None:
        said = demands(_listed(rules))
        if said.unexamined:
            raise RuleError(
                f"only rules that compare sums of figures can be used here, not {', '.join(said.unexamined)}"
            )
        self._said = said
        self.names = said.labels
        self._index = {name: number for number, name in enumerate(self.names)}
        given = dict(weights or {})
        for name, own in given.items():
            if own is not None and own <= 0:
                raise BudgetAuditError(f"the weight of {name!r} is {own}, and must be above 0")
        self._weights = [None if (own := given.get(name, 1)) is None else Fraction(own) for name in self.names]
        plain = all(len(cases) == 1 for cases in said.holds) and len(self.names) <= _MOST_COLUMNS
        size = len(self.names)
        self._rows: tuple[Row, ...] | None = None
        if plain:
            self._rows = tuple(
                row
                for (case,) in said.holds
                for variable, held in case
                for row in rows_of(said.rows[variable - size], held)
            )
        self._known: dict[int, tuple[Row, ...]] = {}
        self._levels: dict[tuple[int, int], list[_Level]] = {}

    def locate(self, record: Mapping[str, int | Decimal | Fraction | str | None]) -> Located:
        """The lightest sets of figures without which every rule is possible; figures of None, or not given, are free.

        Raises:
            BudgetAuditError: The record has a figure that no rule names, or one that is no exact number.
        """
        values = self._values(record)
        missing = sum(1 << column for column, value in enumerate(values) if value is None)
        if self._rows is None:
            return self._searched(values)
        known: list[Number] = [0 if value is None else value for value in values]
        violated = 0
        for number, row in enumerate(self._implied(missing)):
            if not row.holds(known):
                violated |= 1 << number
        if not violated:
            return _NOTHING_WRONG
        for weight, sets in self._candidates(missing, violated):
            found = [chosen for chosen, rows in sets if all(row.holds(known) for row in rows)]
            if found:
                return Located(tuple(self._named(chosen) for chosen in found), weight)
        return Located((), Fraction(0))

    def needed(
        self, record: Mapping[str, int | Decimal | Fraction | str | None], figures: Iterable[str]
    ) -> dict[str, Interval]:
        """The values that figures must have so that every rule is possible, the others staying; nothing if none will do.

        Raises:
            BudgetAuditError: As `locate`.
        """
        values = self._values(record)
        chosen = {self._column(name) for name in figures}
        possibilities = self._possibilities(values)
        ranges = possibilities.ranges(chosen, sorted(chosen))
        return {
            self.names[column]: interval
            for column, interval in zip(sorted(chosen), ranges, strict=True)
            if interval is not None
        }

    def _values(self, record: Mapping[str, int | Decimal | Fraction | str | None]) -> list[Number | None]:
        values: list[Number | None] = [None] * len(self.names)
        for name, value in record.items():
            column = self._index.get(name)
            if column is None:
                column = self._column(name)
            values[column] = value if type(value) is int else _exact(name, value)
        return values

    def _column(self, name: str) -> int:
        if name not in self._index:
            raise BudgetAuditError(f"no rule names {name!r}; {nearest(name, self.names)}")
        return self._index[name]

    def _implied(self, free: int) -> tuple[Row, ...]:
        """The rows that must hold when some columns may be anything."""
        if free not in self._known:
            assert self._rows is not None
            columns = [column for column in range(len(self.names)) if free >> column & 1]
            self._known[free] = implied_without(self._rows, columns)
        return self._known[free]

    def _candidates(self, missing: int, violated: int) -> Iterable[_Level]:
        """Sets that touch every violated row, by weight; worked out once for each pattern of violated rows."""
        key = missing, violated
        if key not in self._levels:
            touched = [
                sum(1 << column for column, _ in row.weights)
                for number, row in enumerate(self._implied(missing))
                if violated >> number & 1
            ]
            columns = [
                column
                for column, weight in enumerate(self._weights)
                if weight is not None and not missing >> column & 1
            ]
            by_weight: dict[Fraction, list[int]] = {}
            for size in range(1, len(columns) + 1):
                for chosen in combinations(columns, size):
                    mask = sum(1 << column for column in chosen)
                    if all(mask & one for one in touched):
                        weight = sum((own for column in chosen if (own := self._weights[column])), Fraction(0))
                        by_weight.setdefault(weight, []).append(mask)
            self._levels[key] = [(weight, [(mask, ()) for mask in by_weight[weight]]) for weight in sorted(by_weight)]
        levels = self._levels[key]
        for place, (weight, sets) in enumerate(levels):
            if sets and not sets[0][1]:
                levels[place] = weight, [(mask, self._implied(missing | mask)) for mask, _ in sets]
            yield levels[place]

    def _named(self, chosen: int) -> frozenset[str]:
        return frozenset(name for column, name in enumerate(self.names) if chosen >> column & 1)

    def _possibilities(self, values: Sequence[Number | None]) -> Possibilities:
        requirements = [Requirement(cases) for cases in self._said.holds]
        for column, value in enumerate(values):
            if value is not None:
                requirements.append(Requirement((((column, Interval.point(value)),),), frozenset({column})))
        return Possibilities(self._said.problem(requirements, start=(Fraction(value or 0) for value in values)))

    def _searched(self, values: Sequence[Number | None]) -> Located:
        whole = lcm(*(weight.denominator for weight in self._weights if weight is not None))
        weights = [None if weight is None else int(weight * whole) for weight in self._weights]
        found = Search(weights, self._possibilities(values).conflicts_without, Effort()).lightest()
        sets = tuple(frozenset(self.names[column] for column in chosen) for chosen in found.sets)
        return Located(sets, Fraction(found.least, whole), found.finished)


_NOTHING_WRONG: Final = Located((frozenset(),), Fraction(0))


def _listed(rules: RuleSet | Iterable[Rule | str] | Mapping[str, str]) -> Iterable[Rule]:
    """Rules as they are, equations numbered in the order given."""
    if isinstance(rules, RuleSet):
        return rules
    if isinstance(rules, (str, Mapping)):
        return RuleSet.from_equations(cast("Mapping[str, str]", rules))
    listed = list(rules)
    equations = RuleSet.from_equations([one for one in listed if isinstance(one, str)])
    return [*(one for one in listed if isinstance(one, Rule)), *equations]


def _exact(name: str, value: object) -> Number | None:
    if value is None:
        return None
    if isinstance(value, (int, Decimal, Fraction, str)):
        try:
            exact = Fraction(value)
        except (ValueError, OverflowError) as error:
            raise BudgetAuditError(f"{name}: {value!r} is no exact number") from error
        return exact.numerator if exact.denominator == 1 else exact
    raise BudgetAuditError(f"{name}: {value!r} is no exact number", hint='write "0.1", or Decimal("0.1")')
