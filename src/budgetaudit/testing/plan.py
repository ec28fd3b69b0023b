"""Plans: how to draw figures that satisfy rules, worked out once for a set of rules and drawn from many times.

The rules are bound to lines that print nothing yet, exactly as an audit binds them, so that whatever an audit would weigh
together is known here. Sums and inequalities become a linear system that is solved exactly (`linear`); ratios are
computed from the amounts they relate, except those that rules also add or compare: these are drawn first, and their
relation is then linear in the amounts. Amounts are from 0 on unless the rules leave no other way, bases of ratios are
never printed as 0.

A rule with a condition is either kept, so that it holds whether or not it applies, or its condition is made to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm
from typing import Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.testing.asked import Asked, Reader, at_least, is_counted
from budgetaudit.testing.facts import Setting, lines_of
from budgetaudit.testing.linear import Contradiction, Form, Number, System
from budgetaudit.testing.prints import printed

HIDDEN: Final = 4

Integer = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """True values by fact, in units of their lines, and the places they are printed with."""

    values: Mapping[int, Fraction]
    places: Mapping[int, int]


@dataclass(frozen=True)
class Plan:
    """Lines without figures, and how to draw them.

    Attributes:
        lines: The lines, one per fact, in the order of the rules.
        places: The fewest and the most decimal places that figures are printed with.
        hidden: Whether true values have digits that are not printed.
        convention: How they are rounded.
        blank_is_zero: Whether a rule reads a figure that is not printed as zero.
        falls: Whether amounts may be below 0.
    """

    lines: tuple[BudgetLine, ...]
    places: tuple[int, int]
    hidden: bool
    convention: Convention
    blank_is_zero: bool
    falls: bool
    asked: Asked
    entangled: frozenset[int]
    system: System | None
    largest: int

    @property
    def grain(self) -> int:
        """True values are whole numbers of 10^-grain, in units of their line, unless a rule divides them."""
        return self.places[1] + (HIDDEN if self.hidden else 0)

    def drawn(self, integer: Integer) -> Drawn:
        """True values and places of a budget that satisfies the rules; `integer` draws between two ends.

        Where nothing is hidden all figures have the same places, and true values are what is printed.
        """
        low, high = self.places
        common = low if low == high else None if self.hidden else integer(low, high)
        values = self._values(integer, common)
        if common is not None:
            return Drawn(values, dict.fromkeys(values, common))
        return Drawn(values, {fact: integer(low, high) for fact in range(len(self.lines))})

    def printed(self, drawn: Drawn) -> Budget:
        """The budget that prints what was drawn."""
        lines: list[BudgetLine] = []
        for fact, line in enumerate(self.lines):
            assert line.amount is not None
            unit = line.amount.unit
            places = 0 if unit.kind == "count" else drawn.places[fact]
            amount = printed(drawn.values[fact], places, unit, self.convention_of(fact))
            lines.append(BudgetLine(id=line.id, label=line.label, identity=line.identity, amount=amount))
        return Budget(tuple(lines))

    def _values(self, integer: Integer, places: int | None) -> dict[int, Fraction]:
        scale = Fraction(10) ** self.grain
        known = self._ratios_first(integer) if self.entangled else {}
        system = self.system or self._system(known)
        coarse = 1 if self.hidden or places is None else 10 ** (self.grain - places)
        values = system.drawn(self._drawer(system, integer, coarse))
        found = {fact: value / scale for fact, value in values.items()}
        for ratio in self.asked.ratios:
            if ratio.fact not in self.entangled:
                found[ratio.fact] = ratio.at(found) / self._scale(ratio.fact)
        return found | known

    def convention_of(self, fact: int) -> Convention:
        """How a fact is rounded: a ratio as its own rule says."""
        return self._conventions.get(fact, self.convention)

    @cached_property
    def _conventions(self) -> Mapping[int, Convention]:
        return {ratio.fact: ratio.convention for ratio in self.asked.ratios}

    def _scale(self, fact: int) -> Fraction:
        amount = self.lines[fact].amount
        assert amount is not None
        return amount.unit.scale

    def _ratios_first(self, integer: Integer) -> dict[int, Fraction]:
        """Values of the ratios that rules also add or compare."""
        one = Fraction(10) ** self.grain
        limits = [*_only(self.asked.limits, self.entangled), *(at_least(fact, 0) for fact in self.entangled)]
        system = System.of(sorted(self.entangled), _only(self.asked.equations, self.entangled), limits)

        def draw(_: int, low: Fraction | None, high: Fraction | None, now: Number) -> Number:
            return _Range(1, 1, 0, 100 * 10**self.grain).drawn(integer, low, high, now)

        return {fact: value / one for fact, value in system.drawn(draw).items()}

    def _system(self, known: Mapping[int, Fraction]) -> System:
        try:
            return _solved(self.lines, self.asked, self.grain, known)
        except Contradiction:
            raise _impossible() from None

    def _drawer(self, system: System, integer: Integer, coarse: int) -> Callable[..., Number]:
        steps = _steps(self.lines, system, self.grain, coarse, hidden=self.hidden)
        most, shown = self.largest * 10**self.grain, 10**HIDDEN if self.hidden else 1
        ranges = {fact: _Range(step, shown if step == 1 else 1, -most, most) for fact, step in steps.items()}

        def draw(fact: int, low: Fraction | None, high: Fraction | None, now: Number) -> Number:
            return ranges[fact].drawn(integer, low, high, now)

        return draw


def plan_of(
    rules: RuleSet,
    setting: Setting,
    *,
    chosen: Collection[str] | None = None,
    places: tuple[int, int] = (2, 2),
    hidden: bool = True,
    without: Collection[str] = (),
    failing: Collection[str] = (),
    negative: bool = False,
    largest: int = 10**6,
) -> Plan:
    """Work out how to draw budgets that satisfy some rules.

    Args:
        rules: What must hold.
        setting: What the lines share.
        chosen: Ids of the rules whose figures are printed; the others hold too, as far as they find figures. By default all.
        places: The fewest and the most decimal places.
        hidden: Whether true values may have more digits than are printed.
        without: Optional names that nobody prints.
        failing: Ids of rules whose condition is to fail, where that is possible.
        negative: Whether amounts may be below 0.
        largest: The largest amount, in units, where the rules do not ask for more.

    Raises:
        BudgetAuditError: No figures satisfy the rules together.
    """
    conventions = {rule.convention or Convention() for rule in rules}
    plain = {(one.rounding, one.ties) for one in conventions}
    exact = any(
        one.totals_from != "unrounded" or one.exact_below is not None or one.rounding == "nudged"
        for one in conventions
    )  # fmt: skip
    hidden = hidden and not exact and len(plain) <= 1  # what two conventions print differently has no hidden digits
    lines = lines_of([rule for rule in rules if chosen is None or rule.id in chosen], setting, without=without)
    budget = Budget(lines)
    grain = places[1] + (HIDDEN if hidden else 0)
    falls, asked, entangled, system = _chosen(rules, budget, grain, places[0], failing, negative=negative)
    convention = next(iter(conventions)) if len(plain) == 1 else Convention()
    zero = any(one.missing == "absent-is-zero" or one.blank == "zero" for one in conventions)
    return Plan(lines, places, hidden, convention, zero, falls, asked, entangled, system, largest)


def _chosen(
    rules: RuleSet, budget: Budget, grain: int, coarsest: int, failing: Collection[str], *, negative: bool
) -> tuple[bool, Asked, frozenset[int], System | None]:
    """Whether amounts fall below 0, and what the rules ask of the facts, one way or the other for each rule with a condition, so that it can be had."""
    reader = Reader(budget, grain, coarsest, rules.packs)
    rules = RuleSet(tuple(rule for rule in rules if reader.may_bind(rule)), rules.packs)
    conditional = [rule for rule in rules if rule.when is not None or rule.unless]
    asked = reader.asked([rule for rule in rules if rule.when is None and not rule.unless])
    for may_fall in (True,) if negative else (False, True):
        floors = Asked(limits=() if may_fall else reader.floors())
        try:
            return may_fall, *_with_conditions(asked.plus(floors), reader, conditional, failing)
        except Contradiction:
            continue
    raise _impossible()


def _with_conditions(
    asked: Asked, reader: Reader, conditional: Sequence[Rule], failing: Collection[str]
) -> tuple[Asked, frozenset[int], System | None]:
    found: tuple[Asked, frozenset[int], System | None] = (asked, *_system_of(asked, reader))
    for rule in conditional:
        ways = [reader.asked([replace(rule, when=None, unless=())]), *reader.not_applying(rule)]
        if rule.id in failing:
            ways.reverse()
        for way in ways:
            try:
                tried = found[0].plus(way)
                found = (tried, *_system_of(tried, reader))
                break
            except Contradiction:
                continue
        else:
            raise Contradiction
    return found


def _system_of(asked: Asked, reader: Reader) -> tuple[frozenset[int], System | None]:
    """The ratios to be drawn first, and the solved system where there are none."""
    ratios = [ratio.fact for ratio in asked.ratios]
    linear = {fact for form in (*asked.equations, *asked.limits) for fact in form.terms}
    entangled = frozenset(fact for fact in ratios if fact in linear or ratios.count(fact) > 1)
    return entangled, None if entangled else _solved(reader.budget.lines, asked, reader.grain, {})


def _solved(lines: Sequence[BudgetLine], asked: Asked, grain: int, known: Mapping[int, Fraction]) -> System:
    """The system of all facts but ratios; known ratios are numbers in it."""
    constants = {fact: Form({}, value * Fraction(10) ** grain) for fact, value in known.items()}
    fixed = [ratio.fixed(known[ratio.fact]) for ratio in asked.ratios if ratio.fact in known]
    ratios = {ratio.fact for ratio in asked.ratios}
    return System.of(
        [fact for fact in range(len(lines)) if fact not in ratios],
        [*(form.within(constants) for form in asked.equations), *fixed],
        [form.within(constants) for form in asked.limits],
    )


def _steps(lines: Sequence[BudgetLine], system: System, grain: int, coarse: int, *, hidden: bool) -> dict[int, int]:
    """Of which whole number each free fact must be a multiple, so that figures that hide nothing are printed exactly."""
    own = {fact: 10**grain if is_counted(line) else coarse for fact, line in enumerate(lines)}
    steps = {fact: own[fact] for fact in system.free}
    for fact, form in system.solved.items():
        if is_counted(lines[fact]) or not hidden:
            for free, weight in form.terms.items():
                steps[free] = lcm(steps[free], weight.denominator * own[fact])
    return steps


@dataclass(frozen=True, slots=True)
class _Range:
    """Whole multiples of a step, between ends that hold where the rules have none.

    What is printed and what is hidden of a value are drawn apart, so that either shrinks without the other.
    """

    step: int
    shown: int
    least: int
    most: int

    def drawn(self, integer: Integer, low: Fraction | None, high: Fraction | None, now: Number) -> Number:
        """A value between two bounds; the one there is where no multiple lies between them."""
        lowest = ceil(Fraction(low, self.step)) if low is not None else ceil(Fraction(min(self.least, now), self.step))
        roof = max(self.most // self.step, lowest)
        highest = roof if high is None else min(floor(Fraction(high, self.step)), roof)
        if lowest > highest:
            return now
        if self.shown == 1:
            return integer(lowest, highest) * self.step
        above = integer(lowest // self.shown, highest // self.shown) * self.shown
        rest = integer(max(lowest - above, 0), min(highest - above, self.shown - 1))
        return (above + rest) * self.step


def _only(forms: Iterable[Form], facts: Collection[int]) -> list[Form]:
    return [form for form in forms if form.terms.keys() <= set(facts) and form.terms]


def _impossible() -> BudgetAuditError:
    return BudgetAuditError(
        "no figures satisfy these rules together", hint="audit a budget by hand to see which rules exclude each other"
    )
