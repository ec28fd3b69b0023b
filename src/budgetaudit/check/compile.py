"""Compiling: a rule set as whole numbers over figures, the one source of the array kernel, of SQL and of Spark.

A `CompiledRelation` says: Σ coefficient · figure op multiplier · constant. Every weight is multiplied out, so that all
coefficients are whole; `>` and `>=` are turned into `<` and `<=`. A figure is named by an item (label or code, measure,
table) and by where it stands, seen from the unit that is weighed (`At`): in another phase, another fund, a fixed year, or
some years on, so that opening(t + 1) = closing(t) is a relation like any other. Ratios keep their roles, because they are
compared by cross-multiplication: ratio · denominator against factor · numerator.

Nothing here knows numpy, SQL or figures. What can only be weighed by binding documents is refused by name, with the
reason, and never skipped.

What an engine does with it: a **unit** is one entity, period, phase and fund; in each unit it finds the terms' figures,
adds coefficient · figure, and compares twice the gap with Σ |coefficient| · step. `relation.free` are the axes on which a
unit stands for itself: where every figure is of one chosen phase, a unit has no phase of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Final, NamedTuple, TypeAlias

from budgetaudit.check.bind import form_of, is_optional, relation_constant, shown_name, written_sides
from budgetaudit.check.names import AXES, Index
from budgetaudit.check.outcome import Form
from budgetaudit.check.rollup import families
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import LEVELS, Code, Identity
from budgetaudit.model.statement import Op, Role
from budgetaudit.rules.equation import Axis, Children, Equation, Linear, Name, Quotient
from budgetaudit.rules.rule import PER, Convention, Rule
from budgetaudit.rules.ruleset import RuleSet

_Written: TypeAlias = tuple[Name, Role, Fraction]
_PLACES: Final[frozenset[Axis]] = frozenset({"phase", "fund", "period"})


@dataclass(frozen=True, slots=True)
class At:
    """Where a figure stands, seen from its unit: None and 0 mean there.

    Attributes:
        phase, fund: The one it is read from.
        period: The one year it is read from, whatever the unit's.
        shift: How many years on.
    """

    phase: str | None = None
    fund: str | None = None
    period: str | None = None
    shift: int = 0

    @property
    def free(self) -> frozenset[str]:
        """The axes on which the figure stands where its unit stands."""
        return _free_axes(self.phase is None, self.fund is None, self.period is None)


HERE: Final = At()


@cache
def _free_axes(phase: bool, fund: bool, period: bool) -> frozenset[str]:
    held = {"phase": not phase, "fund": not fund, "period": not period}
    return frozenset(axis for axis in AXES if not held.get(axis, False))


@dataclass(frozen=True, slots=True)
class CompiledTerm:
    """One figure of a relation.

    Attributes:
        role: As in `Term`: `total` and `part`, `left` and `right`, or the roles of a ratio.
        coefficient: For sums and orders signed, everything on one side; for ratios the multiplied-out weight.
        weight: As the rule writes it, on the side of its role.
        name: The item: its label and the selectors that are not places.
        at: Where it stands.
        label: What a message calls it.
        optional: Not printed means zero.
        items: Positions of the items that the name can mean, if items were given; a unit may print only one of those
            of the lowest rank, otherwise they cannot be told apart and the figure counts as not found.
        ranks: One rank per item: 0 stands alone, 1 stands within a figure of the rule, 2 stands elsewhere.
    """

    role: Role
    coefficient: int
    weight: Fraction
    name: Name
    at: At
    label: str
    optional: bool = False
    items: tuple[int, ...] = ()
    ranks: tuple[int, ...] = ()

    @property
    def adds(self) -> bool:
        """Whether it is an amount from 0 on that only adds to its side."""
        return self.weight > 0 and dict(self.name.selectors).get("measure", "amount") in LEVELS


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """When a relation applies: Σ weight · figure + constant on either side, figures that nobody prints counting as 0."""

    op: Op
    left: tuple[CompiledTerm, ...]
    right: tuple[CompiledTerm, ...]
    left_constant: Fraction
    right_constant: Fraction


@dataclass(frozen=True, slots=True)
class CompiledRelation:
    """One rule in whole numbers; of a roll-up, one per parent that has children.

    Attributes:
        rule: Where it comes from, with kind, strength, scope and `least_parts`.
        op: `=`, `<=` or `<`, after turning; `written` as the rule has it.
        multiplier: What all weights were multiplied with; the constant is not.
        constant: In units of the target: added to the parts of a sum, to the right side of an order as written.
        factor: Of a ratio, if its figures do not say: 100 where it is written in percent.
        free: The axes on which a unit of this relation stands for itself.
        rollup: Whether the parts are all codes below the total: one that is not printed is not missed.
        from_pack: Whether the rule comes from a pack: it may then find no figures, and missing amounts are not negative.
        unknown: Labels of a rule typed in that no item carries: the rule is `failed`.
    """

    rule: Rule
    form: Form
    op: Op
    written: Op
    terms: tuple[CompiledTerm, ...]
    multiplier: int
    constant: Fraction | None
    factor: Fraction
    convention: Convention
    free: frozenset[str]
    when: CompiledCondition | None = None
    unless: tuple[CompiledCondition, ...] = ()
    rollup: bool = False
    from_pack: bool = False
    unknown: tuple[str, ...] = ()

    def of(self, *roles: Role) -> tuple[CompiledTerm, ...]:
        """The terms of some roles, in the order written."""
        return tuple(term for term in self.terms if term.role in roles)

    @property
    def bare(self) -> bool:
        """Whether a sum compares one figure with a number."""
        return self.form == "sum" and not self.of("part") and not self.rollup


class TermRow(NamedTuple):
    """One row of the terms table, flat for engines that join: a relation's number, and a term of it."""

    relation: int
    rule: str
    form: Form
    op: Op
    role: Role
    coefficient: int
    label: str
    code: str | None
    measure: str | None
    table: str | None
    phase: str | None
    fund: str | None
    period: str | None
    shift: int
    optional: bool
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """A rule set in whole numbers.

    Attributes:
        relations: In the order of the rules.
        rules: Ids of all rules, also of roll-ups that found no parent.
        items: The items the names were looked up in; empty if none were given.
        tie: The convention by which several prints of one fact are held against each other.
        refused: Rules that could not be compiled, with the reason; never weighed, to be shown by who weighs the rest.
    """

    relations: tuple[CompiledRelation, ...]
    rules: tuple[str, ...]
    items: tuple[Identity, ...] = ()
    tie: Convention = field(default_factory=Convention)
    refused: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def terms(self) -> tuple[TermRow, ...]:
        """All terms as flat rows; `relation` counts through `relations`."""
        return tuple(_row(number, relation, term) for number, relation in enumerate(self.relations) for term in relation.terms)  # fmt: skip


def _row(number: int, relation: CompiledRelation, term: CompiledTerm) -> TermRow:
    chosen, at = dict(term.name.selectors), term.at
    return TermRow(
        number, relation.rule.id, relation.form, relation.op, term.role, term.coefficient, canonical_label(term.name.label),
        chosen.get("code"), chosen.get("measure"), chosen.get("table"), at.phase, at.fund, at.period, at.shift,
        term.optional, term.items,
    )  # fmt: skip


def compile_rules(
    ruleset: RuleSet,
    items: Iterable[Identity] | None = None,
    *,
    convention: Convention | None = None,
    list_refused: bool = False,
) -> CompiledRules:
    """Compile a rule set, and look its names up in items if they are given.

    Args:
        ruleset: The rules.
        items: What figures there are: identities without entity, period, phase and fund. Roll-ups need them (those that
            are present, or the codes of a classification).
        convention: Replaces the conventions of all rules, as in `bind`.
        list_refused: Whether rules that cannot be compiled are listed in the result instead of raised.

    Raises:
        BudgetAuditError: Some rules cannot be compiled; the message names each with its reason.
    """
    kept = None if items is None else tuple(dict.fromkeys(items))
    packs = {name for name, _ in ruleset.packs}
    common = convention or next((rule.convention for rule in ruleset if rule.convention), None) or Convention()
    known = _Items(kept)
    relations: list[CompiledRelation] = []
    refused: dict[str, str] = {}
    for rule in ruleset:
        weighed_by = convention or rule.convention or common
        try:
            relations += _compiled(rule, weighed_by, known, from_pack=rule.id.partition("/")[0] in packs)
        except _Refused as reason:
            refused[rule.id] = str(reason)
    if refused and not list_refused:
        told = "; ".join(f"{rule_id} ({reason})" for rule_id, reason in refused.items())
        raise BudgetAuditError(
            f"{len(refused)} of {len(ruleset)} rules cannot be compiled: {told}",
            hint="leave them out with RuleSet.ignore, or use audit",
        )
    return CompiledRules(tuple(relations), tuple(rule.id for rule in ruleset), kept or (), common, refused)


class _Refused(Exception):
    """Why one rule cannot be compiled."""


class _Items:
    """The items, as each rule sees them."""

    def __init__(self, items: tuple[Identity, ...] | None) -> None:
        self.known = items is not None
        self.position = {item: place for place, item in enumerate(items or ())}
        self.index = Index(dict.fromkeys(items or (), ()))
        self._found: dict[tuple[int, Name, bool], _Found] = {}

    def found(self, name: Name, index: Index, *, ratio: bool) -> _Found:
        """What a name of a rule is and can mean, looked up once for all rules that see the same items."""
        key = id(index), name, ratio
        known = self._found.get(key)
        if known is None:
            plain, at = placed(name)
            meant = index.meant(plain, ratio=ratio)
            known = self._found[key] = _Found(plain, at, tuple(meant), tuple(self.position[item] for item in meant))
        return known


class _Found(NamedTuple):
    """A name without its places, these, and the items it can mean with their positions."""

    name: Name
    at: At
    items: tuple[Identity, ...]
    positions: tuple[int, ...]


def _compiled(rule: Rule, convention: Convention, items: _Items, *, from_pack: bool) -> list[CompiledRelation]:
    _refuse(rule)
    index = items.index.for_rule(rule)
    if isinstance(rule.equation.right, Children):
        return list(_rolled_up(rule, convention, items, index, from_pack=from_pack))
    look_up = _LookUp(rule, items, index)
    equation = rule.equation
    written = list(look_up.terms(equation))
    multiplier = lcm(*(weight.denominator for _, _, weight in written))
    turned = equation.form == "order" and equation.op in {">", ">="}
    signed = equation.form in {"sum", "order"}
    terms = tuple(
        look_up.term(name, role, weight, _coefficient(role, weight, multiplier, signed, turned))
        for name, role, weight in written
    )
    sought = items.known and not from_pack
    unknown = tuple(dict.fromkeys(term.label for term in terms if sought and not term.items and not term.optional))
    return [
        CompiledRelation(
            rule, form_of(equation), _turned(equation.op), equation.op, terms, multiplier, relation_constant(equation),
            Fraction(100 if equation.percent else 1), convention, _free(terms),
            None if rule.when is None else look_up.condition(rule.when), tuple(map(look_up.condition, rule.unless)),
            from_pack=from_pack, unknown=unknown,
        )
    ]  # fmt: skip


def _turned(op: Op) -> Op:
    return "<" if op == ">" else "<=" if op == ">=" else op


def _coefficient(role: Role, weight: Fraction, multiplier: int, signed: bool, turned: bool) -> int:
    whole = weight.numerator * (multiplier // weight.denominator)
    if signed and (role in {"part", "right"}) != turned:
        return -whole
    return whole if signed or role != "ratio" else int(weight)


def _free(terms: Sequence[CompiledTerm]) -> frozenset[str]:
    """The axes of a unit: those of the figure that fixes fewest places by itself, which must be those of all others."""
    widest = max((term.at.free for term in terms), key=len, default=frozenset(AXES))
    if any(not term.at.free <= widest for term in terms):
        raise _Refused("its figures choose phases, funds and years in ways that leave no common unit")
    return widest


class _LookUp:
    """The names of one rule, as terms."""

    def __init__(self, rule: Rule, items: _Items, index: Index) -> None:
        self._rule, self._items, self._index = rule, items, index
        self._parents = frozenset(canonical_label(name.label) for name in rule.equation.names())

    def terms(self, equation: Equation) -> Iterator[_Written]:
        """The figures of an equation, on the sides where they are compared."""
        right = equation.right
        if isinstance(right, Quotient):
            yield from self._form(equation.left, "ratio")
            if equation.form == "growth":
                yield from self._growth(right)
                return
            yield from self._form(right.numerator, "numerator")
            yield from self._form(right.denominator, "denominator")
            return
        left, linear = written_sides(equation)
        if equation.form == "order":
            yield from self._form(left, "left")
            yield from self._form(linear, "right")
            return
        (weight, target), *others = left.terms
        yield from self._form(Linear(((Fraction(1), target),)), "total")
        yield from self._form(linear.scaled(1 / weight), "part")
        yield from self._form(Linear(tuple(others)).scaled(-1 / weight), "part")

    def _growth(self, quotient: Quotient) -> Iterator[_Written]:
        from_levels = len(quotient.numerator.terms) == 2
        long, short = quotient.numerator, quotient.denominator
        if not from_levels:
            long, short = short, long
        repeated = short.terms[0][1]
        yield from self._form(Linear(tuple(term for term in long.terms if term[1] != repeated)), "current")
        yield from self._form(short, "base" if from_levels else "change")

    def _form(self, form: Linear, role: Role) -> Iterator[_Written]:
        return ((name, role, weight) for weight, name in form.terms)

    def term(self, name: Name, role: Role, weight: Fraction, coefficient: int = 0) -> CompiledTerm:
        """A figure, looked up in the items."""
        plain, at, found, positions = self._items.found(name, self._index, ratio=role == "ratio")
        return CompiledTerm(
            role, coefficient, weight, plain, at, shown_name(name), is_optional(name, self._rule), positions,
            tuple(map(self._rank, found)),
        )  # fmt: skip

    def _rank(self, item: Identity) -> int:
        if not item.within and item.table is None:
            return 0
        return 1 if item.within and item.within[-1] in self._parents else 2

    def condition(self, when: Equation) -> CompiledCondition:
        assert isinstance(when.right, Linear)
        left = tuple(self.term(*one) for one in self._form(when.left, "left"))
        right = tuple(self.term(*one) for one in self._form(when.right, "right"))
        return CompiledCondition(when.op, left, right, when.left.constant, when.right.constant)


def _refuse(rule: Rule) -> None:
    """Raise what stands against a rule whatever the items are.

    Raises:
        _Refused: Something does.
    """
    names = tuple(rule.equation.names())
    if rule.per != PER:
        raise _Refused("it says itself what its figures share")
    every_name = (*names, *(name for condition in _conditions(rule) for name in condition.names()))
    if any(axis == "entity" for name in every_name for axis, _ in name.selectors):
        raise _Refused("it compares bodies with each other")
    if any(name.is_any for name in names):
        raise _Refused("each code and top codes are looked up in tables")
    if any(name.every for name in names):
        raise _Refused("it adds every figure of a name")
    if any(isinstance(condition.right, Quotient) for condition in _conditions(rule)):
        raise _Refused("a condition compares sums of figures, without a quotient")
    if any(name.every or name.is_any for condition in _conditions(rule) for name in condition.names()):
        raise _Refused("its condition adds every figure of a name")


def _conditions(rule: Rule) -> tuple[Equation, ...]:
    return (*(() if rule.when is None else (rule.when,)), *rule.unless)


def placed(name: Name) -> tuple[Name, At]:
    """A name without the selectors that say where its figure stands, and these.

    >>> from budgetaudit.rules.parse import parse_name
    >>> placed(parse_name("closing[budget, year+1]"))[1]
    At(phase='budget', fund=None, period=None, shift=1)
    """
    if not name.selectors:
        return (Name(name.label) if name.every else name), HERE
    chosen = dict(name.selectors)
    period = chosen.get("period", "+0")
    shifted = period[0] in "+-"
    at = At(
        chosen.get("phase"), chosen.get("fund"), None if shifted else period, int(period) if shifted else 0
    )  # fmt: skip
    return Name(name.label, tuple(pair for pair in name.selectors if pair[0] not in _PLACES)), at


def _rolled_up(
    rule: Rule, convention: Convention, items: _Items, index: Index, *, from_pack: bool
) -> Iterator[CompiledRelation]:
    if not items.known:
        raise _Refused("sum(children) needs the items that are present, or the codes of a classification")
    if from_pack:
        raise _Refused("a pack's sum(children) asks each table whether it prints whole lists")
    parent_name, at = placed(rule.equation.left.terms[0][1])
    if at != HERE:
        raise _Refused("the parent of sum(children) is looked at in every phase, fund and year")
    for parent, children in families(parent_name, index):
        terms = [_exact(parent_name, parent, "total", (parent,), items)]
        terms += [_exact(parent_name, same[0], "part", same, items) for same in children.values()]
        yield CompiledRelation(
            rule, "sum", "=", "=", tuple(terms), 1, None, Fraction(1), convention, frozenset(AXES), rollup=True,
        )  # fmt: skip


def _exact(written: Name, item: Identity, role: Role, same: Sequence[Identity], items: _Items) -> CompiledTerm:
    selectors = tuple(pair for pair in written.selectors if pair[0] not in {"code", "measure", "table"})
    chosen: dict[Axis, str] = {"measure": item.measure, **dict(selectors)}
    if item.code is not None:
        chosen["code"] = code_text(item.code)
    if item.table is not None:
        chosen["table"] = item.table
    positions = tuple(items.position[one] for one in same)
    return CompiledTerm(
        role, 1 if role == "total" else -1, Fraction(1), Name(item.label, tuple(sorted(chosen.items()))), At(),
        item.label, role == "part", positions, (0,) * len(positions),
    )  # fmt: skip


def code_text(code: Code) -> str:
    """A code as selectors write it: the levels of a printed code together, any other with dots.

    >>> code_text(("301", "01")), code_text(("a", "b"))
    ('30101', 'a.b')
    """
    plain = (
        code[0].isdecimal() and len(code[0]) == 3 and all(len(level) == 2 and level.isdecimal() for level in code[1:])
    )
    return ("" if plain and len(code) <= 3 else ".").join(code)
