"""Linting rule sets: rules that contradict each other, say nothing new, or can never apply.

All figures of the rules are taken to be of one slot and free; what follows from the rules alone is said exactly. Rules whose
scopes never meet do not contradict or imply each other. Several totals that are defined in a circle are fine for checking
and are not reported.

Source: M. van der Loo, E. de Jonge, Data validation infrastructure for R (2021), for what is worth saying of a rule set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Final, Literal

from budgetaudit.linear.hitting import Search
from budgetaudit.linear.minimal import Minimal, minimal_conflicts
from budgetaudit.linear.problem import Possibilities, Requirement
from budgetaudit.money.interval import Interval
from budgetaudit.rules.requirements import Demands, demands
from budgetaudit.rules.rule import Rule, Scope

LintCode = Literal["contradiction", "implied", "always-true", "unreachable", "always-applies", "fixed", "not-examined"]

_BAD: Final[frozenset[LintCode]] = frozenset({"contradiction", "unreachable"})


@dataclass(frozen=True, slots=True)
class LintNote:
    """One remark about a rule set.

    Attributes:
        code: `contradiction`: these rules exclude each other, and none of them can be left out of that. `implied`: the
            first rule follows from the others. `always-true`: the rule says nothing. `unreachable`: the condition of the
            first rule excludes itself, or the others exclude it. `always-applies`: its condition always holds under the
            others. `fixed`: the rules leave a figure one value. `not-examined`: a quotient or a roll-up.
        rules: The ids concerned.
        figure: The figure that is fixed.
        value: Its value.
    """

    code: LintCode
    rules: tuple[str, ...]
    figure: str = ""
    value: Fraction | None = None

    @property
    def bad(self) -> bool:
        """Whether the rule set cannot be used as it is; the other remarks are information."""
        return self.code in _BAD


@dataclass(frozen=True)
class Lint:
    """What a rule set says of itself.

    Attributes:
        notes: Remarks, contradictions first.
        bounds: Between which values the rules leave each figure, where they bound it; empty if they contradict each other.
        complete: Whether every contradiction and every way in which a rule is implied is listed; one of each always is.
    """

    notes: tuple[LintNote, ...]
    bounds: Mapping[str, Interval]
    complete: bool = True

    @property
    def ok(self) -> bool:
        """Whether no rules contradict each other and none can never apply."""
        return not any(note.bad for note in self.notes)

    def of(self, code: LintCode) -> tuple[LintNote, ...]:
        """The remarks of one sort."""
        return tuple(note for note in self.notes if note.code == code)

    @property
    def contradictions(self) -> tuple[frozenset[str], ...]:
        """Minimal sets of rules that exclude each other."""
        return tuple(frozenset(note.rules) for note in self.of("contradiction"))

    def contradicted_by(self, rule: str) -> tuple[frozenset[str], ...]:
        """Minimal sets of other rules that exclude a rule."""
        return tuple(found - {rule} for found in self.contradictions if rule in found and len(found) > 1)

    def implied_by(self, rule: str) -> tuple[frozenset[str], ...]:
        """Minimal sets of other rules from which a rule follows."""
        return tuple(frozenset(note.rules[1:]) for note in self.of("implied") if note.rules[0] == rule)

    @property
    def redundant(self) -> tuple[str, ...]:
        """Rules that follow from others, or from nothing."""
        notes = (*self.of("implied"), *self.of("always-true"))
        return tuple(dict.fromkeys(note.rules[0] for note in notes))


def lint(rules: Iterable[Rule]) -> Lint:
    """What follows from a set of rules alone."""
    return Linter(demands(rules)).lint()


class Linter:
    """Questions about one set of rules.

    Items of the problem are, for each rule: the rule itself, its opposite, its condition, the opposite of that. All but the
    rules are given up unless a question is about them.
    """

    def __init__(self, said: Demands) -> None:
        self._said = said
        self._count = len(said.rules)
        groups = (said.holds, said.fails, said.applies, said.spares)
        requirements = [
            Requirement(cases, frozenset({place * self._count + number}))
            for place, group in enumerate(groups)
            for number, cases in enumerate(group)
            if cases  # without a condition there is nothing that spares a rule
        ]
        self._possibilities = Possibilities(said.problem(requirements))
        self._asked = frozenset(range(self._count, 4 * self._count))

    def lint(self) -> Lint:
        """Everything there is to say."""
        notes = [*self._contradictions(), *self._conditions(), *self._implied()]
        bounds = {} if self.contradictions.sets else self.bounds()
        notes += [LintNote("fixed", (), name, interval.lo) for name, interval in bounds.items() if interval.is_point]
        notes += [LintNote("not-examined", (rule,)) for rule in self._said.unexamined]
        return Lint(tuple(notes), bounds, self._complete)

    @cached_property
    def contradictions(self) -> Minimal:
        """Minimal sets of rules that exclude each other."""
        return minimal_conflicts(range(self._count), self._possibilities.conflicts_without, without=self._asked)

    def implying(self, number: int) -> Minimal:
        """Minimal sets of other rules from which a rule follows, each with an answer of its own."""
        opposite = self._count + number
        others = [other for other in range(self._count) if other != number]
        found = minimal_conflicts(
            [*others, opposite], self._possibilities.conflicts_without, without=(self._asked - {opposite}) | {number}
        )
        return Minimal(tuple(one - {opposite} for one in found.sets if opposite in one), found.complete)

    def kept(self) -> tuple[Rule, ...]:
        """The rules without those that follow from the rest; of two that mean the same, the first."""
        kept = list(range(self._count))
        for number in reversed(range(self._count)):
            opposite = self._count + number
            rest = set(kept) - {number} | {opposite}
            if self._possibilities.conflicts_without(frozenset(range(4 * self._count)) - rest):
                kept.remove(number)
        return tuple(self._said.rules[number] for number in kept)

    def lightest_drop(self) -> tuple[frozenset[str], ...]:
        """The smallest sets of rules without which the rest is possible."""
        weights = [1] * self._count
        conflicts = self._possibilities.conflicts_without
        found = Search(weights, lambda dropped: conflicts(dropped | self._asked)).lightest()
        return tuple(frozenset(self._said.rules[number].id for number in one) for one in found.sets)

    def blocks(self) -> tuple[tuple[str, ...], ...]:
        """The rules that figures join, block by block, in the order given."""
        size = len(self._said.names)
        blocks: list[tuple[set[int], list[int]]] = []
        for number, (holds, when) in enumerate(zip(self._said.holds, self._said.applies, strict=True)):
            rows = {variable - size for case in (*holds, *when) for variable, _ in case}
            columns = {column for row in rows for column in self._said.rows[row]}
            joined = [block for block in blocks if not block[0].isdisjoint(columns)]
            blocks = [block for block in blocks if block not in joined]
            members = sorted([number, *(one for _, numbers in joined for one in numbers)])
            blocks.append((columns.union(*(known for known, _ in joined)), members))
        ordered = sorted(members for _, members in blocks)
        return tuple(self._ids(members) for members in ordered)

    def bounds(self) -> dict[str, Interval]:
        """Between which values the rules leave each figure, where they bound it."""
        columns = range(len(self._said.names))
        ranges = self._possibilities.ranges(self._asked, list(columns))
        return {
            self._said.labels[column]: interval
            for column, interval in zip(columns, ranges, strict=True)
            if interval is not None and (interval.lo is not None or interval.hi is not None)
        }

    @cached_property
    def _all_implied(self) -> tuple[Minimal, ...]:
        return tuple(self.implying(number) for number in range(self._count))

    @property
    def _complete(self) -> bool:
        return self.contradictions.complete and all(found.complete for found in self._all_implied)

    def _contradictions(self) -> Iterator[LintNote]:
        for found in self.contradictions.sets:
            if self._meet(found):
                yield LintNote("contradiction", self._ids(found))

    def _implied(self) -> Iterator[LintNote]:
        for number, implied in enumerate(self._all_implied):
            for found in implied.sets:
                if not found:
                    yield LintNote("always-true", self._ids([number]))
                elif self._meet({number, *found}):
                    yield LintNote("implied", (*self._ids([number]), *self._ids(found)))

    def _conditions(self) -> Iterator[LintNote]:
        """Conditions that never or always hold."""
        for number, rule in enumerate(self._said.rules):
            if rule.when is None:
                continue
            for code, place in _CONDITIONS:
                question = place * self._count + number
                others = [other for other in range(self._count) if other != number]
                found = minimal_conflicts(
                    [*others, question],
                    self._possibilities.conflicts_without,
                    without=(self._asked - {question}) | {number},
                )
                because = next((one - {question} for one in found.sets if question in one), None)
                if because is not None and self._meet({number, *because}):
                    yield LintNote(code, (*self._ids([number]), *self._ids(because)))

    def _ids(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(self._said.rules[number].id for number in sorted(numbers))

    def _meet(self, numbers: Iterable[int]) -> bool:
        """Whether there are figures to which all these rules apply."""
        scopes = [self._said.rules[number].scope for number in numbers]
        return all(_overlap(one, other) for one, other in combinations(scopes, 2))


_CONDITIONS: Final[tuple[tuple[LintCode, int], ...]] = (("unreachable", 2), ("always-applies", 3))


def _overlap(one: Scope, other: Scope) -> bool:
    (first, last), (begins, ends) = one.years, other.years
    return (
        (not one.phases or not other.phases or not set(one.phases).isdisjoint(other.phases))
        and (not one.funds or not other.funds or not set(one.funds).isdisjoint(other.funds))
        and (last is None or begins is None or begins <= last)
        and (first is None or ends is None or first <= ends)
    )
