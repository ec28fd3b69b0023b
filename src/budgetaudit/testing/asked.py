"""What rules ask of the figures of a budget, as linear forms and ratios: the way from relations to a system.

Rules are bound to lines as an audit binds them. A sum is an equation, an inequality a limit, a list of which parts are
missing a limit too; a ratio keeps its base away from 0. What keeps a rule from applying is asked of its conditions.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
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
from budgetaudit.testing.linear import Contradiction, Form, Number

_RATIOS: Final = frozenset({"share", "growth", "growth-from-change"})
_OPS: Final = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_OF_RATIOS: Final = frozenset({"percent", "multiple"})


@dataclass(frozen=True, slots=True)
class Ratio:
    """ratio = factor · (over / below [- 1]), in base units."""

    fact: int
    over: Form
    below: Form
    factor: Fraction
    less_one: bool
    convention: Convention

    def at(self, values: Mapping[int, Number]) -> Fraction:
        """The ratio where every amount has a value."""
        return self.factor * (self.over.at(values) / self.below.at(values) - self.less_one)

    def fixed(self, value: Fraction) -> Form:
        """The same relation for a ratio that is known: over - (value / factor [+ 1]) · below = 0."""
        return self.over.plus(self.below, -(value / self.factor + self.less_one))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the relations of a budget ask of its facts."""

    equations: tuple[Form, ...] = ()
    limits: tuple[Form, ...] = ()
    ratios: tuple[Ratio, ...] = ()

    def plus(self, other: Asked) -> Asked:
        """What both ask."""
        return Asked(self.equations + other.equations, self.limits + other.limits, self.ratios + other.ratios)


class Reader:
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

    def asked(self, rules: Sequence[Rule]) -> Asked:
        """What rules ask, as an audit binds them; roll-ups as whole lists."""
        lists = [rule for rule in rules if isinstance(rule.equation.right, Children)]
        others = [rule for rule in rules if rule not in lists]
        relations = bind(RuleSet(tuple(others), self._packs), self.budget).relations
        relations += bind(RuleSet(tuple(lists)), self.budget).relations
        if broken := [relation for relation in relations if relation.broken]:
            raise BudgetAuditError(f"rule {broken[0].rule} cannot be bound: {broken[0].broken}")
        return _joined(self._of(relation) for relation in relations if not relation.unknown and relation.terms)

    def not_applying(self, rule: Rule) -> list[Asked]:
        """The ways to keep a rule from applying: its condition fails, or all its exemptions hold."""
        ways: list[Asked] = []
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
            at_least(number, 0)
            for number, line in enumerate(self.budget.lines)
            if line.identity.measure != "change" and line.amount is not None and line.amount.unit.kind not in _OF_RATIOS
        )

    def _condition(self, rule: Rule, condition: Equation) -> Asked:
        """What a condition asks; what it names and nobody prints is zero.

        Raises:
            Contradiction: Nothing it names is printed, and zeros do not fulfil it.
        """
        whole = condition.left.plus(_right(condition).scaled(Fraction(-1)))
        one_sided = Equation("order", Linear(whole.terms), condition.op, Linear((), -whole.constant))
        if not whole.terms:
            return Asked()
        plain = replace(rule, equation=one_sided, when=None, unless=(), optional=_labels(one_sided))
        asked = self.asked([plain])
        if asked == Asked() and not _OPS[condition.op](whole.constant, 0):
            raise Contradiction
        return asked

    def _of(self, relation: Relation) -> Asked:
        match relation.form:
            case "sum":
                total, parts = self._form(relation, "total"), self._form(relation, "part")
                gap = total.plus(parts, Fraction(-1)).plus(self._constant(relation, -1))
                if relation.missing and relation.convention.missing != "absent-is-zero":  # at least what is printed
                    return Asked(limits=(Form({}).plus(gap, Fraction(-1)),) if _only_adds(relation) else ())
                return Asked(equations=(gap,))
            case "order" if relation.missing_from & {"right" if relation.op in {"<", "<="} else "left"}:
                return Asked()
            case "order":
                left, right = self._form(relation, "left"), self._form(relation, "right")
                gap = left.plus(right, Fraction(-1)).plus(self._constant(relation, -1))
                if relation.op == "=":
                    return Asked(equations=(gap,))
                if relation.op in {">", ">="}:
                    gap = Form({}).plus(gap, Fraction(-1))
                strict = self._step(gap) if relation.op in {"<", ">"} else Fraction(0)
                return Asked(limits=(gap.plus(Form({}, strict)),))
            case form if form in _RATIOS and not relation.missing:
                return self._ratio(relation)
            case _:
                return Asked()

    def _ratio(self, relation: Relation) -> Asked:
        ratio = next(term for term in relation.terms if term.role == "ratio")
        if relation.form == "growth":
            over, below = self._form(relation, "current"), self._form(relation, "base")
        elif relation.form == "share":
            over, below = self._form(relation, "numerator"), self._form(relation, "denominator")
        else:  # the base is what the change leaves of the current figure
            over = self._form(relation, "change")
            below = self._form(relation, "current").plus(over, Fraction(-1))
        least = max((self._scale(fact) for fact in below.terms), default=Fraction(1)) * self._steps(2)
        return Asked(
            limits=(Form({}, least).plus(below, Fraction(-1)),),
            ratios=(
                Ratio(
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
        counted = any(is_counted(self.budget.lines[fact]) for fact in form.terms)
        scale = max((self._scale(fact) for fact in form.terms), default=Fraction(1))
        return scale * Fraction(10) ** self.grain if counted else scale * self._steps(1)

    def _steps(self, number: int) -> Fraction:
        """So many steps of the coarsest print, at least so many whole units."""
        return number * Fraction(10) ** (self.grain - min(self.coarsest, 0))


def _only_adds(relation: Relation) -> bool:
    open_list = relation.convention.missing == "open"
    return (relation.nonnegative or open_list) and all(term.weight > 0 for term in relation.terms)


def is_counted(line: BudgetLine) -> bool:
    """Whether a line counts whole things."""
    return line.amount is not None and line.amount.unit.kind == "count"


def at_least(fact: int, least: int) -> Form:
    """The limit that a fact is so much or more."""
    return Form({fact: Fraction(-1)}, Fraction(least))


def _joined(relations: Iterable[Asked]) -> Asked:
    found = Asked()
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
