"""Systems: the relations of an audit as exact linear requirements on the true values behind the prints.

Every fact is a column. A print says in which interval the true value lies, a relation that a sum of columns is 0, or not
above 0; a printed ratio says between which multiples of its base a figure lies, which is linear as long as the print is
believed. Figures that nobody prints are columns that nothing holds. Facts that no relation joins do not touch each other,
so that every connected block is a system of its own.

What can be given up is a print, or several equal prints of one fact, which would all need the same slip. Different prints
of one fact can be given up one by one.

Source: sections 4 to 6 of docs/explanation/verdicts.md for what relations mean; Fellegi and Holt (1976) for the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, TypeAlias

from budgetaudit.check.outcome import Outcome, Reason, Relation
from budgetaudit.check.quantity import hidden_step
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.linear.problem import Problem, Requirement
from budgetaudit.model.statement import Role
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval, printed_interval
from budgetaudit.rules.rule import Convention

# What keeps a relation from being judged, and not from saying something about the figures that can be used.
_STILL_TELLS: Final[frozenset[Reason]] = frozenset(
    {"missing-part", "missing-total", "conflicting-figures", "unknown-precision", "approximate", "excess-digits"}
)
_ZERO: Final = Fraction(0)
_FROM_ZERO: Final = Interval(_ZERO, None)
_ABOVE_ZERO: Final = Interval(_ZERO, None, lo_in=False)
_BELOW_ZERO: Final = Interval(None, _ZERO, hi_in=False)

_Form: TypeAlias = dict[int, Fraction]
_Meaning: TypeAlias = Callable[[Amount], Interval]


@dataclass(frozen=True, slots=True)
class Figure:
    """What can be wrong: the equal prints of one fact."""

    fact: Fact
    lines: tuple[str, ...]
    amount: Amount


@dataclass(frozen=True, slots=True)
class System:
    """One block of relations and what they require.

    Attributes:
        outcomes: The relations that say something, in the order of the document.
        figures: The prints, numbered as the items of the problem.
        problem: What must hold; values are multiplied with `scale`.
        said_by: For each requirement of the problem the outcome it comes from, None for what a print says.
        columns: The column of each fact's true value.
        facts: The facts of each outcome.
        factors: What each row was multiplied with, so that its weights are whole.
        scale: What all values are multiplied with, so that they are whole.
    """

    outcomes: tuple[Outcome, ...]
    figures: tuple[Figure, ...]
    problem: Problem
    said_by: tuple[int | None, ...]
    columns: Mapping[Fact, int]
    facts: tuple[frozenset[Fact], ...]
    factors: tuple[int, ...]
    scale: int


def systems(situation: Situation, *, lacking: bool = False) -> Iterator[System]:
    """One system for each block of facts that relations join, in the order of the document.

    With `lacking` only of blocks in which a fact is not printed.
    """
    for block in _blocks(situation):
        facts = (fact for outcome in block for fact in situation.facts(outcome.relation))
        if not lacking or any(next(_figures(fact, situation), None) is None for fact in facts):
            yield _Builder(situation, block).system()


def tells(outcome: Outcome) -> bool:
    """Whether a relation says something about its figures, judged or not."""
    relation = outcome.relation
    if outcome.verdict == "undecided":
        return set(outcome.reasons) <= _STILL_TELLS and relation.condition == "holds" and len(relation.terms) > 0
    return outcome.verdict in {"exact", "rounding", "inconsistent"}


def _blocks(situation: Situation) -> list[list[Outcome]]:
    """Outcomes by connected component."""
    parent: dict[Fact, Fact] = {}

    def root(fact: Fact) -> Fact:
        while (above := parent.setdefault(fact, fact)) != fact:
            parent[fact] = parent[above]
            fact = above
        return fact

    telling = [outcome for outcome in situation.outcomes if tells(outcome)]
    for outcome in telling:
        first, *others = situation.facts(outcome.relation)
        for other in others:
            parent[root(other)] = root(first)
    blocks: dict[Fact, list[Outcome]] = {}
    for outcome in telling:
        blocks.setdefault(root(situation.facts(outcome.relation)[0]), []).append(outcome)
    return list(blocks.values())


class _Builder:
    """One block on its way to a system; values are rationals in base units until the end."""

    def __init__(self, situation: Situation, outcomes: Sequence[Outcome]) -> None:
        self._situation, self._outcomes = situation, tuple(outcomes)
        facts = dict.fromkeys(fact for outcome in outcomes for fact in situation.facts(outcome.relation))
        self._figures = [figure for fact in facts for figure in _figures(fact, situation)]
        self._of_fact: dict[Fact, list[int]] = {fact: [] for fact in facts}
        for number, figure in enumerate(self._figures):
            self._of_fact[figure.fact].append(number)
        self._columns: dict[Fact, int] = {}
        self._start: list[Fraction] = []
        self._rows: list[_Form] = []
        self._required: list[tuple[Requirement, int | None]] = []
        self._under: dict[tuple[Fact, object], int] = {}

    def system(self) -> System:
        """The finished system."""
        for number, outcome in enumerate(self._outcomes):
            self._relate(number, outcome)
        for fact in self._of_fact:
            self._steps_differ(fact)
        # Rows were numbered from -1 down, because columns still came after them.
        size = len(self._start)
        scale = self._scale()
        rows: list[dict[int, int]] = []
        factors: list[int] = []
        for form in self._rows:
            factor = lcm(*(weight.denominator for weight in form.values()))
            rows.append({column: int(weight * factor) for column, weight in form.items() if weight})
            factors.append(factor)

        def placed(variable: int, interval: Interval) -> tuple[int, Interval]:
            if variable >= 0:
                return variable, interval.scaled(scale)
            row = -1 - variable
            return size + row, interval.scaled(scale * factors[row])

        requirements = tuple(
            Requirement(tuple(tuple(placed(*held) for held in case) for case in one.cases), one.held_by)
            for one, _ in self._required
        )
        start = tuple(value * scale for value in self._start)
        said_by = tuple(number for _, number in self._required)
        problem = Problem(size, tuple(rows), requirements, start)
        facts = tuple(frozenset(self._situation.facts(outcome.relation)) for outcome in self._outcomes)
        return System(
            self._outcomes, tuple(self._figures), problem, said_by, self._columns, facts, tuple(factors), scale
        )

    def _scale(self) -> int:
        """What makes every value and every end of an interval of a column whole."""
        ends = (
            end
            for requirement, _ in self._required
            for case in requirement.cases
            for variable, interval in case
            if variable >= 0
            for end in (interval.lo, interval.hi)
            if end is not None and end.denominator < 10**9
        )
        return lcm(*(value.denominator for value in self._start), *(end.denominator for end in ends))

    # --- columns ---

    def _new_column(self, start: Fraction = _ZERO) -> int:
        self._start.append(start)
        return len(self._start) - 1

    def _column(self, fact: Fact, convention: Convention) -> int:
        """The column of a fact's true value, as a convention understands its prints."""
        key = fact, (convention.rounding, convention.ties, convention.exact_below, convention.totals_from == "adjusted")
        nudged = convention.totals_from == "adjusted" and len(self._of_fact[fact]) > 1
        return self._held_column(fact, key, lambda amount: _meant(amount, convention, nudged=nudged))

    def _print_column(self, fact: Fact) -> int:
        """The column of what is printed, where relations are about prints and not about what they stand for."""
        return self._held_column(fact, (fact, "print"), lambda amount: Interval.point(amount.exact_value))

    def _held_column(self, fact: Fact, key: tuple[Fact, object], meant: _Meaning) -> int:
        if key in self._under:
            return self._under[key]
        own = self._of_fact[fact]
        finest = min((self._figures[number].amount for number in own), key=lambda one: one.step, default=None)
        column = self._under[key] = self._new_column(finest.exact_value if finest is not None else _ZERO)
        for number in own:
            interval = meant(self._figures[number].amount)
            self._required.append((Requirement((((column, interval),),), frozenset({number})), None))
        first = self._columns.setdefault(fact, column)
        if first != column and finest is not None:  # two ways to understand one print are a step apart at most
            step = Fraction(10) ** -finest.places * finest.unit.scale
            self._require(None, {first: Fraction(1), column: Fraction(-1)}, Interval(-step, step))
        return column

    def _steps_differ(self, fact: Fact) -> None:
        """No single rounding prints one amount in two ways: prints with the same step contradict each other."""
        by_step: dict[Fraction, list[int]] = {}
        for number in self._of_fact[fact]:
            amount = self._figures[number].amount
            by_step.setdefault(Fraction(10) ** -amount.places * amount.unit.scale, []).append(number)
        convention = next((outcome.relation.convention for outcome in self._outcomes), Convention())
        if convention.totals_from == "adjusted" or convention.tolerance != "0":
            return
        for alike in by_step.values():
            if len(alike) > 1:
                column = self._new_column(self._figures[alike[0]].amount.exact_value)
                for number in alike:
                    point = Interval.point(self._figures[number].amount.exact_value)
                    self._required.append((Requirement((((column, point),),), frozenset({number})), None))

    # --- relations ---

    def _relate(self, number: int, outcome: Outcome) -> None:
        relation = outcome.relation
        match relation.form:
            case "sum":
                self._sum(number, relation)
            case "order":
                self._order(number, relation)
            case "count":
                self._count(number, relation)
            case "share" | "growth" | "growth-from-change":
                self._ratio(number, outcome)
            case "tie":
                for fact in self._situation.facts(relation):
                    self._column(fact, relation.convention)

    def _require(self, said_by: int | None, form: _Form, interval: Interval) -> None:
        self._required.append((Requirement((((self._row(form), interval),),)), said_by))

    def _row(self, form: _Form) -> int:
        """The variable of a form: a column if it is one, else a row."""
        left = {column: weight for column, weight in form.items() if weight}
        if len(left) == 1 and set(left.values()) == {1}:
            return next(iter(left))
        self._rows.append(left)
        return -len(self._rows)

    def _form(self, relation: Relation, *signs: tuple[Role, int], printed: frozenset[Role] = frozenset()) -> _Form:
        """Σ sign · weight · column over the terms of some roles; parts that count as zero are left out."""
        form: _Form = {}
        sign_of = dict(signs)
        for term in relation.terms:
            if term.role not in sign_of:
                continue
            fact = self._situation.fact(term.line)
            if self._counts_as_zero(relation, term.role, fact):
                continue
            column = self._print_column(fact) if term.role in printed else self._column(fact, relation.convention)
            form[column] = form.get(column, _ZERO) + sign_of[term.role] * term.weight
        return form

    def _counts_as_zero(self, relation: Relation, role: Role, fact: Fact) -> bool:
        absent = all(line.state in {"blank", "dash"} for line in self._situation.telling(fact))
        return absent and role in {"part", "left"} and relation.convention.missing == "absent-is-zero"

    def _sum(self, number: int, relation: Relation) -> None:
        convention = relation.convention
        printed: frozenset[Role] = frozenset() if convention.totals_from == "unrounded" else frozenset({"part"})
        has_total = any(term.role == "total" for term in relation.terms)
        scale = self._unit_scale(relation)
        constant = (relation.constant or _ZERO) * scale
        tolerance = Fraction(convention.tolerance) * scale
        form = self._form(relation, ("total", 1), ("part", -1 if has_total else 1), printed=printed)
        interval = Interval(constant - tolerance, constant + tolerance)
        if convention.missing == "open" and (relation.missing or self._lacks(relation)):
            if all(term.weight > 0 for term in relation.terms):
                known = {column: weight for column, weight in form.items() if weight > 0 or self._start[column] > 0}
                self._require(number, known, Interval(-tolerance, None))
            return
        if relation.missing and convention.missing == "required":
            if not relation.nonnegative or "part" not in relation.missing_from:
                return  # what is missing may be anything, so that the relation says nothing
            interval = Interval(interval.lo, None)
        self._require(number, form, interval)

    def _lacks(self, relation: Relation) -> bool:
        return any(not self._of_fact[self._situation.fact(term.line)] for term in relation.terms)

    def _order(self, number: int, relation: Relation) -> None:
        scale = self._unit_scale(relation)
        constant = (relation.constant or _ZERO) * scale
        tolerance = Fraction(relation.convention.tolerance) * scale
        form = self._form(relation, ("left", 1), ("right", -1))
        smaller: Role = "left" if relation.op in {"<", "<="} else "right"
        certain = relation.nonnegative and relation.missing_from == frozenset[Role]({smaller}) and relation.op != "="
        if relation.missing and relation.convention.missing == "required" and not certain:
            return
        match relation.op:
            case "=":
                interval = Interval(constant - tolerance, constant + tolerance)
            case "<" | "<=":
                interval = Interval(None, constant + tolerance, hi_in=relation.op == "<=")
            case ">" | ">=":
                interval = Interval(constant - tolerance, None, lo_in=relation.op == ">=")
        self._require(number, form, interval)

    def _count(self, number: int, relation: Relation) -> None:
        if relation.constant is None:
            return
        form = self._form(relation, ("total", 1), printed=frozenset({"total"}))
        intervals = {
            "=": Interval.point(relation.constant),
            "<=": Interval(None, relation.constant),
            "<": Interval(None, relation.constant, hi_in=False),
            ">=": Interval(relation.constant, None),
            ">": Interval(relation.constant, None, lo_in=False),
        }
        self._require(number, form, intervals[relation.op])

    # --- ratios ---

    def _ratio(self, number: int, outcome: Outcome) -> None:
        """Over = (ratio / factor + shift) · base, between the multiples that each print of the ratio allows."""
        relation = outcome.relation
        term = next(term for term in relation.terms if term.role == "ratio")
        fact = self._situation.fact(term.line)
        match relation.form:
            case "growth":
                over, base, shift = self._form(relation, ("current", 1)), self._form(relation, ("base", 1)), 1
            case "growth-from-change":
                over, base = self._form(relation, ("change", 1)), self._form(relation, ("current", 1), ("change", -1))
                shift = 0
            case _:
                over, base = self._form(relation, ("numerator", 1)), self._form(relation, ("denominator", 1))
                shift = 0
        column = self._column(fact, relation.convention)
        tolerance = Fraction(relation.convention.tolerance)
        below_zero = sum((weight * self._start[one] for one, weight in base.items()), _ZERO) < 0
        turned = below_zero and relation.convention.negative_base == "absolute" and relation.form != "share"
        for figure in self._of_fact[fact]:
            printed = _meant(self._figures[figure].amount, relation.convention) + Interval(-tolerance, tolerance)
            rate = printed.scaled((-1 if turned else 1) * term.weight / relation.factor) + Interval.point(shift)
            self._bounded(number, figure, over, base, rate, below_zero=below_zero)
        self._quotient(number, outcome, fact, column, tolerance)

    def _bounded(self, number: int, figure: int, over: _Form, base: _Form, rate: Interval, *, below_zero: bool) -> None:
        """Over lies between the ends of the rate times the base, which keeps the sign of its print."""
        assert rate.lo is not None
        assert rate.hi is not None
        low, high = Interval(_ZERO, None, rate.lo_in), Interval(None, _ZERO, hi_in=rate.hi_in)
        if below_zero:
            low, high = -low, -high
        held = [(self._row(base), _BELOW_ZERO if below_zero else _ABOVE_ZERO)]
        if rate.is_point:
            held.append((self._row(_minus(over, base, rate.lo)), Interval.point(0)))
        else:
            held += [(self._row(_minus(over, base, rate.lo)), low), (self._row(_minus(over, base, rate.hi)), high)]
        self._required.append((Requirement((tuple(held),), frozenset({figure})), number))

    def _quotient(self, number: int, outcome: Outcome, fact: Fact, column: int, tolerance: Fraction) -> None:
        """What the figures, as long as all are believed, make of the ratio."""
        allowed = self._situation.needed(outcome, fact)
        others = [one for one in self._situation.facts(outcome.relation) if one != fact]
        if allowed is not None and all(self._of_fact[one] for one in others):
            held_by = frozenset(figure for one in others for figure in self._of_fact[one])
            widened = allowed + Interval(-tolerance, tolerance)
            self._required.append((Requirement((((column, widened),),), held_by), number))

    def _unit_scale(self, relation: Relation) -> Fraction:
        """The scale of the unit in which a constant is written: that of the total, else of the larger side or the first."""
        wanted: tuple[Role, ...] = ("total", "left" if relation.op in {">", ">="} else "right")
        terms = sorted(relation.terms, key=lambda term: wanted.index(term.role) if term.role in wanted else len(wanted))
        for term in terms:
            amount = self._situation.budget.line(term.line).amount
            if amount is not None:
                return amount.unit.scale
        return Fraction(1)


def _figures(fact: Fact, situation: Situation) -> Iterator[Figure]:
    """The usable prints of a fact, equal ones as one."""
    alike: dict[Amount, list[str]] = {}
    for line in situation.prints(fact):
        amount = line.amount
        if amount is not None and amount.precision in {"printed", "exact"} and not amount.has_excess_digits:
            alike.setdefault(amount, []).append(line.id)
    for amount, lines in alike.items():
        yield Figure(fact, tuple(lines), amount)


def _meant(amount: Amount, convention: Convention, *, nudged: bool = False) -> Interval:
    """The true values behind a print."""
    rounding = "nudged" if nudged else convention.rounding
    return printed_interval(
        amount.exact_value, hidden_step(amount, convention), rounding=rounding, ties=convention.ties
    )


def _minus(one: _Form, other: _Form, times: Fraction) -> _Form:
    """One - times · other."""
    form = dict(one)
    for column, weight in other.items():
        form[column] = form.get(column, _ZERO) - times * weight
    return form
