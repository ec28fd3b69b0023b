"""Rules as requirements: what a set of rules demands of the figures it names, in exact linear terms.

Every name is a column, in the tables of its rule; figures of one slot (entity, period, phase, fund) are meant. A rule with a
condition holds in one of several cases: the condition fails, or the equation holds. Quotients and roll-ups are not linear in
named figures and are left out; `unexamined` names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, TypeAlias

from budgetaudit.linear.problem import Case, Problem, Requirement
from budgetaudit.model.classification import canonical_label
from budgetaudit.money.interval import Interval
from budgetaudit.rules.equation import Equation, Linear, Name
from budgetaudit.rules.rule import Rule

# A figure as rules name it: label, selectors, and the tables of the rule.
Named: TypeAlias = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]

_ZERO: Final = Fraction(0)
_TURNED: Final[Mapping[str, tuple[str, ...]]] = {
    "=": ("<", ">"), "<": (">=",), "<=": (">",), ">": ("<=",), ">=": ("<",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demands:
    """What rules demand.

    Attributes:
        rules: The rules that are linear, numbered as items of the problem.
        names: The figure of each column.
        labels: How each of them is called.
        rows: The rows of the problem.
        holds, fails: For each rule the cases in which it holds, and in which it does not.
        applies, spares: For each rule the cases in which its condition holds and fails; one empty case where it has none.
        unexamined: Ids of rules that are not linear.
    """

    rules: tuple[Rule, ...]
    names: tuple[Named, ...]
    labels: tuple[str, ...]
    rows: tuple[Mapping[int, int], ...]
    holds: tuple[tuple[Case, ...], ...]
    fails: tuple[tuple[Case, ...], ...]
    applies: tuple[tuple[Case, ...], ...]
    spares: tuple[tuple[Case, ...], ...]
    unexamined: tuple[str, ...]

    def problem(self, requirements: Iterable[Requirement], *, start: Iterable[Fraction] = ()) -> Problem:
        """A problem about the figures of the rules."""
        return Problem(len(self.names), self.rows, tuple(requirements), tuple(start))


def demands(rules: Iterable[Rule]) -> Demands:
    """What a set of rules demands of the figures it names."""
    builder = _Builder()
    linear: list[Rule] = []
    unexamined: list[str] = []
    for rule in rules:
        if isinstance(rule.equation.right, Linear) and (rule.when is None or isinstance(rule.when.right, Linear)):
            linear.append(rule)
        else:
            unexamined.append(rule.id)
    for rule in linear:
        for name in (*rule.equation.names(), *(rule.when.names() if rule.when else ())):
            builder.column(name, rule)
    holds: list[tuple[Case, ...]] = []
    fails: list[tuple[Case, ...]] = []
    applies: list[tuple[Case, ...]] = []
    spares: list[tuple[Case, ...]] = []
    for rule in linear:
        yes, no = builder.sides(rule.equation, rule)
        when, unless = builder.sides(rule.when, rule) if rule.when else (((),), ())
        holds.append((*unless, *yes))
        fails.append(tuple((*first, *second) for first in when for second in no))
        applies.append(when)
        spares.append(unless)
    names = tuple(builder.columns)
    return Demands(
        tuple(linear), names, tuple(builder.labels), builder.placed_rows(), builder.placed(holds), builder.placed(fails),
        builder.placed(applies), builder.placed(spares), tuple(unexamined),
    )  # fmt: skip


class _Builder:
    def __init__(self) -> None:
        self.columns: dict[Named, int] = {}
        self.labels: list[str] = []
        self.rows: list[dict[int, int]] = []

    def column(self, name: Name, rule: Rule) -> int:
        """The column of a name."""
        key = canonical_label(name.label), tuple(sorted(name.selectors)), rule.scope.tables
        if key not in self.columns:
            self.columns[key] = len(self.columns)
            self.labels.append(name.label + "".join(f"[{axis}={value}]" for axis, value in name.selectors))
        return self.columns[key]

    def sides(self, equation: Equation, rule: Rule) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        """The cases in which an equation holds and in which it does not; rows are numbered from -1 down."""
        assert isinstance(equation.right, Linear)
        whole = equation.left.plus(equation.right.scaled(Fraction(-1)))
        form: dict[int, Fraction] = {}
        for weight, name in whole.terms:
            column = self.column(name, rule)
            form[column] = form.get(column, _ZERO) + weight
        factor = lcm(*(weight.denominator for weight in form.values()))
        row = {column: int(weight * factor) for column, weight in form.items() if weight}
        if row not in self.rows:
            self.rows.append(row)
        variable = -1 - self.rows.index(row)
        end = -whole.constant * factor
        holds: Case = ((variable, _interval(equation.op, end)),)
        return (holds,), tuple(((variable, _interval(op, end)),) for op in _TURNED[equation.op])

    def placed(self, cases_of: Iterable[tuple[Case, ...]]) -> tuple[tuple[Case, ...], ...]:
        """Cases with rows numbered after the columns."""
        size = len(self.columns)
        return tuple(
            tuple(tuple((size - 1 - variable, interval) for variable, interval in case) for case in cases)
            for cases in cases_of
        )

    def placed_rows(self) -> tuple[Mapping[int, int], ...]:
        """All rows."""
        return tuple(self.rows)


def _interval(op: str, end: Fraction) -> Interval:
    match op:
        case "=":
            return Interval.point(end)
        case "<" | "<=":
            return Interval(None, end, hi_in=op == "<=")
        case _:
            return Interval(end, None, lo_in=op == ">=")
