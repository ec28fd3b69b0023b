"""Plans: how to draw figures that satisfy rules, worked out once for a set of rules and drawn from many times.

The rules are bound to lines that print nothing yet, exactly as an audit binds them, so that whatever an audit would weigh
together is known here. Sums and inequalities become a linear system that is solved exactly (`linear`); ratios are
computed from the amounts they relate, except those that rules also add or compare: these are drawn first, and their
relation is then linear in the amounts. Amounts are from 0 on unless the rules leave no other way, bases of ratios are
never printed as 0.

A rule with a condition is either kept, so that it holds whether or not it applies, or its condition is made to fail.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm
from typing import Final

from budgetaudit.check.bind import bind
from budgetaudit.check.outcome import Relation
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Role
from budgetaudit.rules.equation import Children, Equation, Linear
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import PackVersion, RuleSet
from budgetaudit.testing.facts import Setting, lines_of
from budgetaudit.testing.linear import Contradiction, Form, Number, System
from budgetaudit.testing.prints import printed

HIDDEN: Final = 4
_RATIOS: Final = frozenset({"share", "growth", "growth-from-change"})
_OPS: Final = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_OF_RATIOS: Final = frozenset({"percent", "multiple"})

Integer = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class _Ratio:
    """ratio = factor · (over / below [- 1]), in base units."""

    fact: int
    over: Form
    below: Form
    factor: Fraction
    less_one: bool
    convention: Convention

    def at(self, values: Mapping[int, Number]) -> Fraction:
        return self.factor * (self.over.at(values) / self.below.at(values) - self.less_one)

    def fixed(self, value: Fraction) -> Form:
        """The same relation for a ratio that is known: over - (value / factor [+ 1]) · below = 0."""
        return self.over.plus(self.below, -(value / self.factor + self.less_one))


@dataclass(frozen=True, slots=True)
class _Relations:
    """What the relations of a budget ask of its facts."""

    equations: tuple[Form, ...] = ()
    limits: tuple[Form, ...] = ()
    ratios: tuple[_Ratio, ...] = ()

    def plus(self, other: _Relations) -> _Relations:
        return _Relations(self.equations + other.equations, self.limits + other.limits, self.ratios + other.ratios)


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
    asked: _Relations
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
        limits = [*_only(self.asked.limits, self.entangled), *(_at_least(fact, 0) for fact in self.entangled)]
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
) -> tuple[bool, _Relations, frozenset[int], System | None]:
    """Whether amounts fall below 0, and what the rules ask of the facts, one way or the other for each rule with a condition, so that it can be had."""
    reader = _Reader(budget, grain, coarsest, rules.packs)
    rules = RuleSet(tuple(rule for rule in rules if reader.may_bind(rule)), rules.packs)
    conditional = [rule for rule in rules if rule.when is not None or rule.unless]
    asked = reader.asked([rule for rule in rules if rule.when is None and not rule.unless])
    for may_fall in (True,) if negative else (False, True):
        floors = _Relations(limits=() if may_fall else reader.floors())
        try:
            return may_fall, *_with_conditions(asked.plus(floors), reader, conditional, failing)
        except Contradiction:
            continue
    raise _impossible()


def _with_conditions(
    asked: _Relations, reader: _Reader, conditional: Sequence[Rule], failing: Collection[str]
) -> tuple[_Relations, frozenset[int], System | None]:
    found: tuple[_Relations, frozenset[int], System | None] = (asked, *_system_of(asked, reader))
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


def _system_of(asked: _Relations, reader: _Reader) -> tuple[frozenset[int], System | None]:
    """The ratios to be drawn first, and the solved system where there are none."""
    ratios = [ratio.fact for ratio in asked.ratios]
    linear = {fact for form in (*asked.equations, *asked.limits) for fact in form.terms}
    entangled = frozenset(fact for fact in ratios if fact in linear or ratios.count(fact) > 1)
    return entangled, None if entangled else _solved(reader.budget.lines, asked, reader.grain, {})


def _solved(lines: Sequence[BudgetLine], asked: _Relations, grain: int, known: Mapping[int, Fraction]) -> System:
    """The system of all facts but ratios; known ratios are numbers in it."""
    constants = {fact: Form({}, value * Fraction(10) ** grain) for fact, value in known.items()}
    fixed = [ratio.fixed(known[ratio.fact]) for ratio in asked.ratios if ratio.fact in known]
    ratios = {ratio.fact for ratio in asked.ratios}
    return System.of(
        [fact for fact in range(len(lines)) if fact not in ratios],
        [*(form.within(constants) for form in asked.equations), *fixed],
        [form.within(constants) for form in asked.limits],
    )


class _Reader:
    """From rules to what they ask of the facts of one budget; unknowns are in steps of 10^-grain of their unit."""

    def __init__(self, budget: Budget, grain: int, coarsest: int, packs: tuple[PackVersion, ...]) -> None:
        self.budget, self.grain, self.coarsest, self._packs = budget, grain, coarsest, packs
        self._number = {line.id: number for number, line in enumerate(budget.lines)}
        self._labels = frozenset(line.identity.label for line in budget.lines)

    def may_bind(self, rule: Rule) -> bool:
        """Whether a rule may find figures: a quick look before it is bound."""
        names = list(rule.equation.names())
        return (
            bool(rule.names)
            or isinstance(rule.equation.right, Children)
            or any(name.selectors or canonical_label(name.label) in self._labels for name in names)
        )

    def asked(self, rules: Sequence[Rule]) -> _Relations:
        """What rules ask, as an audit binds them; roll-ups as whole lists."""
        lists = [rule for rule in rules if isinstance(rule.equation.right, Children)]
        others = [rule for rule in rules if rule not in lists]
        relations = bind(RuleSet(tuple(others), self._packs), self.budget).relations
        relations += bind(RuleSet(tuple(lists)), self.budget).relations
        if broken := [relation for relation in relations if relation.broken]:
            raise BudgetAuditError(f"rule {broken[0].rule} cannot be bound: {broken[0].broken}")
        return _joined(self._of(relation) for relation in relations if not relation.unknown and relation.terms)

    def not_applying(self, rule: Rule) -> list[_Relations]:
        """The ways to keep a rule from applying: its condition fails, or all its exemptions hold."""
        ways: list[_Relations] = []
        for conditions in (*((other,) for other in _negations(rule.when)), rule.unless):
            try:
                if conditions:
                    ways.append(_joined(self._condition(rule, condition) for condition in conditions))
            except Contradiction:
                continue
        return ways

    def floors(self) -> tuple[Form, ...]:
        """Amounts are from 0 on; changes may be less, and ratios are what they are."""
        return tuple(
            _at_least(number, 0)
            for number, line in enumerate(self.budget.lines)
            if line.identity.measure != "change" and line.amount is not None and line.amount.unit.kind not in _OF_RATIOS
        )

    def _condition(self, rule: Rule, condition: Equation) -> _Relations:
        """What a condition asks; what it names and nobody prints is zero.

        Raises:
            Contradiction: Nothing it names is printed, and zeros do not fulfil it.
        """
        whole = condition.left.plus(_right(condition).scaled(Fraction(-1)))
        one_sided = Equation("order", Linear(whole.terms), condition.op, Linear((), -whole.constant))
        if not whole.terms:
            return _Relations()
        plain = replace(rule, equation=one_sided, when=None, unless=(), optional=_labels(one_sided))
        asked = self.asked([plain])
        if asked == _Relations() and not _OPS[condition.op](whole.constant, 0):
            raise Contradiction
        return asked

    def _of(self, relation: Relation) -> _Relations:
        match relation.form:
            case "sum":
                total, parts = self._form(relation, "total"), self._form(relation, "part")
                gap = total.plus(parts, Fraction(-1)).plus(self._constant(relation, -1))
                if relation.missing and relation.convention.missing != "absent-is-zero":  # at least what is printed
                    return _Relations(limits=(Form({}).plus(gap, Fraction(-1)),) if _only_adds(relation) else ())
                return _Relations(equations=(gap,))
            case "order" if relation.missing_from & {"right" if relation.op in {"<", "<="} else "left"}:
                return _Relations()
            case "order":
                left, right = self._form(relation, "left"), self._form(relation, "right")
                gap = left.plus(right, Fraction(-1)).plus(self._constant(relation, -1))
                if relation.op == "=":
                    return _Relations(equations=(gap,))
                if relation.op in {">", ">="}:
                    gap = Form({}).plus(gap, Fraction(-1))
                strict = self._step(gap) if relation.op in {"<", ">"} else Fraction(0)
                return _Relations(limits=(gap.plus(Form({}, strict)),))
            case form if form in _RATIOS and not relation.missing:
                return self._ratio(relation)
            case _:
                return _Relations()

    def _ratio(self, relation: Relation) -> _Relations:
        ratio = next(term for term in relation.terms if term.role == "ratio")
        if relation.form == "growth":
            over, below = self._form(relation, "current"), self._form(relation, "base")
        elif relation.form == "share":
            over, below = self._form(relation, "numerator"), self._form(relation, "denominator")
        else:  # the base is what the change leaves of the current figure
            over = self._form(relation, "change")
            below = self._form(relation, "current").plus(over, Fraction(-1))
        least = max((self._scale(fact) for fact in below.terms), default=Fraction(1)) * self._steps(2)
        return _Relations(
            limits=(Form({}, least).plus(below, Fraction(-1)),),
            ratios=(
                _Ratio(
                    self._number[ratio.line], over, below, relation.factor / ratio.weight, relation.form == "growth",
                    relation.convention,
                ),
            ),
        )  # fmt: skip

    def _form(self, relation: Relation, role: Role) -> Form:
        terms = [term for term in relation.terms if term.role == role]
        return Form.of(
            (self._number[term.line], (1 if role == "total" else term.weight) * self._scale(self._number[term.line]))
            for term in terms
        )

    def _constant(self, relation: Relation, sign: int) -> Form:
        """What a relation adds to its parts, in the unit of its first figure."""
        if relation.constant is None:
            return Form({})
        without_total = relation.form == "sum" and all(term.role != "total" for term in relation.terms)
        scale = self._scale(self._number[relation.terms[0].line])
        amount = relation.constant * scale * Fraction(10) ** self.grain
        return Form({}, -sign * amount if without_total else sign * amount)

    def _scale(self, fact: int) -> Fraction:
        amount = self.budget.lines[fact].amount
        assert amount is not None
        return amount.unit.scale

    def _step(self, form: Form) -> Fraction:
        """By how much a strict inequality must hold at least, so that figures without hidden digits show it."""
        counted = any(_is_counted(self.budget.lines[fact]) for fact in form.terms)
        scale = max((self._scale(fact) for fact in form.terms), default=Fraction(1))
        return scale * Fraction(10) ** self.grain if counted else scale * self._steps(1)

    def _steps(self, number: int) -> Fraction:
        """So many steps of the coarsest print, at least so many whole units."""
        return number * Fraction(10) ** (self.grain - min(self.coarsest, 0))


def _steps(lines: Sequence[BudgetLine], system: System, grain: int, coarse: int, *, hidden: bool) -> dict[int, int]:
    """Of which whole number each free fact must be a multiple, so that figures that hide nothing are printed exactly."""
    own = {fact: 10**grain if _is_counted(line) else coarse for fact, line in enumerate(lines)}
    steps = {fact: own[fact] for fact in system.free}
    for fact, form in system.solved.items():
        if _is_counted(lines[fact]) or not hidden:
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


def _only_adds(relation: Relation) -> bool:
    open_list = relation.convention.missing == "open"
    return (relation.nonnegative or open_list) and all(term.weight > 0 for term in relation.terms)


def _is_counted(line: BudgetLine) -> bool:
    return line.amount is not None and line.amount.unit.kind == "count"


def _at_least(fact: int, least: int) -> Form:
    return Form({fact: Fraction(-1)}, Fraction(least))


def _only(forms: Iterable[Form], facts: Collection[int]) -> list[Form]:
    return [form for form in forms if form.terms.keys() <= set(facts) and form.terms]


def _joined(relations: Iterable[_Relations]) -> _Relations:
    found = _Relations()
    for one in relations:
        found = found.plus(one)
    return found


def _right(condition: Equation) -> Linear:
    assert isinstance(condition.right, Linear)
    return condition.right


def _negations(condition: Equation | None) -> list[Equation]:
    """What holds where a condition does not: one of these."""
    if condition is None:
        return []
    opposite = {"<": (">=",), "<=": (">",), ">": ("<=",), ">=": ("<",), "=": (">", "<")}
    return [Equation("order", condition.left, op, condition.right) for op in opposite[condition.op]]  # type: ignore[arg-type]


def _labels(condition: Equation) -> tuple[str, ...]:
    return tuple(name.label for name in condition.names())


def _impossible() -> BudgetAuditError:
    return BudgetAuditError(
        "no figures satisfy these rules together", hint="audit a budget by hand to see which rules exclude each other"
    )
