"""Weighing: every unit of one relation gets its verdict, by arrays where all is plain and by the scalar engine elsewhere.

First which units the relation exists in and which figures are missing there, by the states of the cells; then conditions;
then the comparison of what is left. The order of reasons is that of `evaluate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Final, get_args

import numpy as np

from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.compare import Scale, Weighing, code, compared, scale_of
from budgetaudit.check.arrays.grid import ABSENT, BLANK, ODD, THERE, UNCLEAR
from budgetaudit.check.arrays.linear import Column, Reach, is_safe, linear
from budgetaudit.check.arrays.locate import Located, Locator, widest
from budgetaudit.check.arrays.ratio import LEFT_OVER, ratio_verdicts
from budgetaudit.check.arrays.singly import condition_in
from budgetaudit.check.arrays.units import Frame
from budgetaudit.check.bind import FACTORS
from budgetaudit.check.compile import CompiledRelation
from budgetaudit.check.evaluate import RATIOS
from budgetaudit.check.outcome import VERDICTS, Reason, Verdict
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.statement import Role
from budgetaudit.money.unit import Unit
from budgetaudit.rules.equation import Equation, Linear, Name

REASONS: Final[tuple[str, ...]] = ("", *get_args(Reason))
_HOLDS, _OPEN, _FAILS = 0, 1, 2
_HOLDINGS: Final = {"holds": _HOLDS, "open": _OPEN, "fails": _FAILS}


def reason_code(reason: Reason) -> int:
    """The number of a reason in arrays."""
    return REASONS.index(reason)


@dataclass
class Prepared:
    """One relation over its frame: located terms, and the units in which it is taken out of the ordinary way."""

    relation: CompiledRelation
    frame: Frame
    terms: tuple[Located, ...]
    conditions: Mapping[Name, Located]
    unknown: tuple[str, ...] = ()
    merged: Array | None = None  # units in which another relation says the same


@dataclass
class Judged:
    """The verdicts of one relation.

    Attributes:
        counts: All verdicts, exact ones too.
        units: Units of the frame whose verdict is not exact, with verdict and first reason (0: none) by number.
        singly: Units left to the scalar engine; not counted yet.
    """

    counts: Counter[Verdict] = field(default_factory=Counter[Verdict])
    units: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    verdicts: Array = field(default_factory=lambda: np.zeros(0, np.uint8))
    reasons: Array = field(default_factory=lambda: np.zeros(0, np.uint8))
    singly: Array = field(default_factory=lambda: np.zeros(0, np.int64))


def prepare(relation: CompiledRelation, locator: Locator) -> Prepared:
    """Locate the terms of a relation.

    Raises:
        BudgetAuditError: Its figures stand in units that have nothing in common.
    """
    frame = locator.frame(relation, relation.free)
    terms = tuple(locator.located(term, frame) for term in relation.terms)
    free = widest(terms)
    if free != relation.free and free:
        if any(not one.term.at.free <= free for one in terms if one.has_figures):
            raise BudgetAuditError(f"rule {relation.rule.id}: its figures leave no common unit in this table")
        frame = locator.frame(relation, free)
        terms = tuple(locator.located(term, frame) for term in relation.terms)
    conditions: dict[Name, Located] = {}
    rule = relation.rule
    whens = [(rule.when, relation.when)] if relation.when is not None else []
    for written, compiled in (*whens, *zip(rule.unless, relation.unless, strict=True)):
        assert written is not None
        assert compiled is not None
        for name, term in zip(written.names(), (*compiled.left, *compiled.right), strict=True):
            if not term.at.free <= free and free:
                raise BudgetAuditError(f"rule {rule.id}: its condition looks beyond the units of its figures")
            conditions[name] = locator.located(term, frame)
    nowhere = () if relation.from_pack else tuple(
        one.term.label for one in terms if not one.has_figures and not one.term.optional
    )  # fmt: skip
    return Prepared(relation, frame, terms, conditions, tuple(dict.fromkeys((*relation.unknown, *nowhere))))


def weigh(prepared: Prepared) -> Judged:
    """The verdict of one relation in every unit."""
    relation, judged = prepared.relation, Judged()
    if not any(one.has_figures for one in prepared.terms):
        return judged
    if _units_differ(prepared):
        judged.singly = existing(prepared)
        return judged
    sorted_out = _sort_out(prepared)
    _record(judged, sorted_out.undecided, "undecided", sorted_out.reasons)
    judged.singly = sorted_out.singly
    scales = {unit.scale for unit in _units(prepared.terms)}
    needs_one_scale = relation.constant is not None or relation.convention.tolerance != "0"
    holding = sorted_out.holding
    for units in (sorted_out.plain, sorted_out.partly):
        if units is not None and not len(units):
            continue
        if needs_one_scale and len(scales) > 1:
            judged.singly = np.concatenate([judged.singly, _all(units, prepared.frame.size)])
            continue
        scale = next(iter(scales), Fraction(1))
        if relation.form in RATIOS:
            _weigh_ratio(prepared, units, scale, holding, judged)
        else:
            _weigh_linear(prepared, units, scale, holding, judged, partly=units is sorted_out.partly)
    return judged


def _all(units: Array | None, size: int) -> Array:
    return np.arange(size) if units is None else units


def _columns(prepared: Prepared, units: Array | None) -> tuple[Column, ...]:
    found = (one.column(prepared.relation.convention) for one in prepared.terms)
    return tuple(column if units is None else column.at(units) for column in found)


def weighing_of(prepared: Prepared, units: Array, scale: Fraction) -> Weighing:
    """A relation in some units, to be compared."""
    grid = prepared.terms[0].grid
    return Weighing(
        prepared.relation, _columns(prepared, units), scale_of(prepared.relation, scale, grid.quantum), grid.peak
    )


def _weigh_linear(
    prepared: Prepared, units: Array | None, scale: Fraction, holding: Array | None, judged: Judged, *, partly: bool
) -> None:
    relation, grid = prepared.relation, prepared.terms[0].grid
    in_quanta: Scale = scale_of(relation, scale, grid.quantum)
    columns = _columns(prepared, units)
    if not partly:
        columns = tuple(one if one.state is None else replace(one, state=None) for one in columns)
    whole = len(columns[0].values)
    found, verdicts = compared(Weighing(relation, columns, in_quanta, grid.peak))
    _settle(judged, _all(units, whole)[found] if units is not None else found, verdicts, whole, holding)


def _weigh_ratio(
    prepared: Prepared, units: Array | None, scale: Fraction, holding: Array | None, judged: Judged
) -> None:
    relation, grid = prepared.relation, prepared.terms[0].grid
    columns = _columns(prepared, units)
    printed = (unit for one in prepared.terms if one.term.role == "ratio" for unit in one.units())
    factors = {FACTORS.get(unit.kind, relation.factor) for unit in printed}
    where = _all(units, prepared.frame.size)
    if len(factors) != 1:
        judged.singly = np.concatenate([judged.singly, where])
        return
    verdicts = ratio_verdicts(
        relation, columns, factor=factors.pop(), quantum=grid.quantum, scale=scale, peak=grid.peak
    )
    left = verdicts == LEFT_OVER
    judged.singly = np.concatenate([judged.singly, where[left]])
    found = np.flatnonzero((verdicts != code("exact")) & ~left)
    reasons = np.zeros(len(found), np.uint8)
    undefined = verdicts[found] == code("undefined")
    base = _base(relation, columns, found)
    reasons[undefined & (base == 0)] = reason_code("zero-base")
    reasons[undefined & (base != 0)] = reason_code("negative-base")
    _settle(judged, where[found], verdicts[found], len(where) - int(left.sum()), holding, reasons)


def _base(relation: CompiledRelation, columns: Sequence[Column], units: Array) -> Array:
    """The printed base in some units, in quanta times the multiplier."""
    roles: dict[Role, int] = {"denominator": 1, "base": 1} if relation.form != "growth-from-change" else {"current": 1, "change": -1}  # fmt: skip
    base: Array = np.zeros(len(units), object)
    for term, column in zip(relation.terms, columns, strict=True):
        if term.role in roles:
            base = base + roles[term.role] * term.coefficient * column.values[units].astype(object)
    return base


_BY_FREQUENCY: Final = sorted(
    range(len(VERDICTS)), key=lambda number: VERDICTS[number] not in {"rounding", "inconsistent"}
)


def _settle(
    judged: Judged, units: Array, verdicts: Array, whole: int, holding: Array | None, reasons: Array | None = None
) -> None:
    """Count verdicts; where the condition is open, what is not exact stays undecided."""
    own = np.zeros(len(units), np.uint8) if reasons is None else reasons
    if holding is not None:
        doubtful = (holding[units] == _OPEN) & ((verdicts == code("rounding")) | (verdicts == code("inconsistent")))
        verdicts = np.where(doubtful, code("undecided"), verdicts).astype(np.uint8)
        own = np.where(doubtful, reason_code("condition-open"), own).astype(np.uint8)
    judged.counts["exact"] += whole - len(units)
    left = len(verdicts)
    for number in _BY_FREQUENCY:
        if left and (times := int(np.count_nonzero(verdicts == number))):
            judged.counts[VERDICTS[number]] += times
            left -= times
    if not len(judged.units):
        judged.units, judged.verdicts, judged.reasons = units, verdicts, own
        return
    judged.units = np.concatenate([judged.units, units])
    judged.verdicts = np.concatenate([judged.verdicts, verdicts])
    judged.reasons = np.concatenate([judged.reasons, own])


def _record(judged: Judged, units: Array, verdict: Verdict, reasons: Array) -> None:
    if len(units):
        judged.counts[verdict] += len(units)
        judged.units = np.concatenate([judged.units, units])
        judged.verdicts = np.concatenate([judged.verdicts, np.full(len(units), code(verdict), np.uint8)])
        judged.reasons = np.concatenate([judged.reasons, reasons])


@dataclass
class _Sorted:
    """The units of a relation by how they can be weighed; `plain` None means all of them."""

    plain: Array | None
    partly: Array
    undecided: Array
    reasons: Array
    singly: Array
    holding: Array | None


_NONE: Final = np.zeros(0, np.int64)


def existing(prepared: Prepared) -> Array:
    """The units in which a relation says something."""
    return np.flatnonzero(_applies(prepared, _holdings(prepared)) & _Lacks(prepared, prepared.frame.size).exists)


def _applies(prepared: Prepared, holding: Array | None) -> Array:
    """Where a rule is to be looked at: by its scope and its condition, and not said by another rule already."""
    frame = prepared.frame
    admitted = frame.admitted(prepared.relation.rule.scope)
    applies = np.ones(frame.size, bool) if admitted is None else admitted.copy()
    if prepared.merged is not None:
        applies[prepared.merged] = False
    if holding is not None:
        applies &= holding != _FAILS
    if not all(one.term.at.free == frame.free for one in prepared.terms):
        seen = np.zeros(frame.size, bool)
        for one in prepared.terms:
            if one.term.at.free == frame.free:
                seen |= _state(one, frame.size) != ABSENT
        applies &= seen
    return applies


def _sort_out(prepared: Prepared) -> _Sorted:
    relation, frame = prepared.relation, prepared.frame
    holding = _holdings(prepared)
    shared = len({item for term in relation.terms for item in term.items}) < sum(
        len(term.items) for term in relation.terms
    )
    plain_states = all(one.state is None for one in prepared.terms) and frame.numbers is None and not shared
    short = relation.form == "sum" and not relation.bare and len(relation.of("part")) < relation.rule.least_parts
    if (
        plain_states
        and not short
        and holding is None
        and prepared.merged is None
        and frame.admitted(relation.rule.scope) is None
    ):
        return _Sorted(None, _NONE, _NONE, np.zeros(0, np.uint8), _NONE, None)
    lacks = _Lacks(prepared, frame.size)
    exists = lacks.exists & _applies(prepared, holding)
    singly = exists & lacks.odd
    rest = exists & ~lacks.odd
    stopped, reasons = lacks.stopped()
    closer = rest & stopped & lacks.may_be_certain(prepared)
    open_list = rest & ~stopped & lacks.open_list
    undecided = np.flatnonzero(rest & stopped & ~closer)
    weighed = rest & ~stopped & ~open_list
    return _Sorted(
        np.flatnonzero(weighed & ~lacks.gaps), np.flatnonzero(weighed & lacks.gaps), undecided, reasons[undecided],
        np.flatnonzero(singly | closer | open_list), holding,
    )  # fmt: skip


def _state(located: Located, size: int) -> Array:
    return np.zeros(size, np.uint8) if located.state is None else located.state


def _one_figure(prepared: Prepared, size: int) -> Array:
    """Where several names found one and the same figure, which always equals itself."""
    first, several, same = np.full(size, -1), np.zeros(size, bool), np.ones(size, bool)
    for one in prepared.terms:
        state = _state(one, size)
        found = (state != ABSENT) & (state != UNCLEAR)
        where = np.arange(size) if one.where is None else one.where
        cell = np.asarray(one.place) * one.grid.keys.size + where
        same &= ~found | (first < 0) | (cell == first)
        several |= found & (first >= 0)
        first = np.where(found & (first < 0), cell, first)
    whole: Array = several & same
    return whole


class _Lacks:
    """What is missing in each unit of a relation, and what follows."""

    def __init__(self, prepared: Prepared, size: int) -> None:
        relation = prepared.relation
        self._relation, self._size = relation, size
        convention = relation.convention
        self.required = convention.missing == "required"
        none = np.zeros(size, bool)
        self.odd, self.gaps, lacking = none.copy(), none.copy(), none.copy()
        self._blank = {role: none.copy() for role in get_args(Role)}
        self._usable = {role: np.zeros(size, np.int32) for role in get_args(Role)}
        found = {role: np.zeros(size, np.int32) for role in get_args(Role)}
        self._adds = np.ones(size, bool)
        for one in prepared.terms:
            role, state = one.term.role, _state(one, size)
            unclear, absent, blank = state == UNCLEAR, state == ABSENT, state == BLANK
            self.odd |= state == ODD
            if convention.blank == "zero":
                self.odd |= blank
            if relation.rollup:
                self.odd |= unclear
            lost = unclear | (absent & (not one.term.optional))
            lacking |= lost
            if not one.term.adds:
                self._adds &= ~lost
            self.gaps |= state != THERE
            self._blank[role] |= blank
            self._usable[role] += (state == THERE) | (state == ODD)
            found[role] += ~absent if relation.rollup else ~(unclear | absent)
        self.lacking = lacking
        self.exists = self._enough(found)
        if relation.from_pack:  # empty cells that add up to an empty cell show nothing
            self.exists &= np.logical_or.reduce([count > 0 for count in self._usable.values()])
        items = Counter(item for term in relation.terms for item in term.items)
        if any(times > 1 for times in items.values()):
            self.exists &= ~_one_figure(prepared, size)

    def _enough(self, found: Mapping[Role, Array]) -> Array:
        relation = self._relation
        match relation.form:
            case "sum":
                parts = found["part"] >= relation.rule.least_parts
                if relation.rollup:
                    parts = found["part"] >= 1
                elif relation.bare:
                    parts = np.ones(self._size, bool)
                return (found["total"] > 0) & parts
            case "order":
                sides = [found[role] > 0 for role in ("left", "right") if relation.of(role)]
                whole: Array = np.logical_and.reduce(sides)
                return whole
            case _:
                roles: set[Role] = {term.role for term in relation.terms}
                every: Array = np.logical_and.reduce([found[role] > 0 for role in roles])
                return every

    def stopped(self) -> tuple[Array, Array]:
        """Where what is missing stands against a comparison, and the first reason."""
        relation, blank = self._relation, self._blank
        part = self.lacking & self.required
        match relation.form:
            case "sum":
                if self.required:
                    part = part | blank["part"]
                total = blank["total"]
                usable = self._usable["part"] > 0
                nothing = ~part & ~total & ~usable & (not relation.bare)
            case "order":
                part = part | blank["right"] | (blank["left"] & self.required)
                total = np.zeros(self._size, bool)
                nothing = ~part & (self._usable["left"] + self._usable["right"] == 0)
            case _:
                part = part | np.logical_or.reduce(list(blank.values()))
                total = nothing = np.zeros(self._size, bool)
        if self._open and relation.form == "sum":
            nothing = nothing & ~self.open_list
        reasons = np.where(
            part, reason_code("missing-part"),
            np.where(total, reason_code("missing-total"), reason_code("nothing-to-compare")),
        ).astype(np.uint8)  # fmt: skip
        return part | total | nothing, reasons

    @property
    def _open(self) -> bool:
        return self._relation.convention.missing == "open"

    @property
    def open_list(self) -> Array:
        """Where only some parts of a sum are named, so that they may not exceed the total."""
        if not self._open or self._relation.form != "sum":
            return np.zeros(self._size, bool)
        return self.lacking | self._blank["part"]

    def may_be_certain(self, prepared: Prepared) -> Array:
        """Where missing amounts from 0 on may leave no doubt all the same."""
        relation = self._relation
        none = np.zeros(self._size, bool)
        if not relation.from_pack or relation.rollup or relation.form in RATIOS:
            return none
        candidates = self._adds & ~self._blank["total"]
        if relation.form == "sum":
            terms = [(one.term.coefficient, one.values) for one in prepared.terms]
            peak = prepared.terms[0].grid.peak
            exactly = not is_safe([weight for weight, _ in terms], peak, 0, 0)
            residual = sum(
                (weight * (values.astype(object) if exactly else values) for weight, values in terms),
                np.zeros(self._size, object if exactly else np.int64),
            )
            if relation.constant is None:
                candidates = candidates & (residual < 0)
        return candidates


def _holdings(prepared: Prepared) -> Array | None:
    """Whether the conditions hold in every unit, as numbers; None where there are none."""
    relation, rule, size = prepared.relation, prepared.relation.rule, prepared.frame.size
    if rule.when is None and not rule.unless:
        return None
    located = prepared.conditions
    holding = np.zeros(size, np.uint8)
    if rule.when is not None:
        holding = _holding(rule.when, prepared, size)
    exempt = [_holding(condition, prepared, size) for condition in rule.unless]
    if exempt:
        fails = np.logical_or.reduce([one == _FAILS for one in exempt])
        doubtful = np.logical_or.reduce([one == _OPEN for one in exempt])
        spared = np.where(fails, holding, np.where(doubtful, _OPEN, _FAILS))
        holding = np.where(holding == _FAILS, _FAILS, spared).astype(np.uint8)
    scales = {unit.scale for one in located.values() for unit in one.units()}
    odd = np.full(size, len(scales) > 1)
    for one in located.values():
        if one.state is not None:
            odd |= one.state == ODD
            if relation.convention.blank == "zero":
                odd |= one.state == BLANK
    for unit in np.flatnonzero(odd).tolist():
        holding[unit] = _HOLDINGS[condition_in(relation, located, unit)]
    return holding


def _holding(condition: Equation, prepared: Prepared, size: int) -> Array:
    """One condition: holds, open or fails, as every reading of the prints has it."""
    left, right = condition.left, condition.right
    assert isinstance(right, Linear)
    weights = [weight for weight, _ in left.terms] + [-weight for weight, _ in right.terms]
    columns = [prepared.conditions[name] for _, name in (*left.terms, *right.terms)]
    scale = next((unit.scale for one in columns for unit in one.units()), Fraction(1))
    constant = (left.constant - right.constant) * scale / prepared.terms[0].grid.quantum
    more = lcm(constant.denominator, *(weight.denominator for weight in weights))
    whole: Reach = linear(
        [(int(weight * more), one.column(prepared.relation.convention)) for weight, one in zip(weights, columns, strict=True)],
        int(constant * more), prepared.relation.convention, size, exactly=True,
    )  # fmt: skip
    unclear = np.zeros(size, bool)
    for one in columns:
        if one.state is not None:
            unclear |= one.state == UNCLEAR
    if condition.op == "=":
        holds = (whole.low == 0) & (whole.high == 0)
        possible = whole.around(0)
    else:
        smaller = condition.op in {"<", "<="}
        strictly = condition.op in {"<", ">"}
        possible = whole.below(0, strictly=strictly) if smaller else whole.above(0, strictly=strictly)
        holds = ~(whole.above(0, strictly=not strictly) if smaller else whole.below(0, strictly=not strictly))
    found = np.where(holds, _HOLDS, np.where(possible, _OPEN, _FAILS))
    return np.where(unclear, _OPEN, found).astype(np.uint8)


def _units(terms: Iterable[Located]) -> set[Unit]:
    """The units that figures are in."""
    none: set[Unit] = set()
    return none.union(*(one.units() for one in terms))


def _units_differ(prepared: Prepared) -> bool:
    """Whether some figures may count different things: then the scalar engine says which."""
    relation, terms = prepared.relation, prepared.terms
    if relation.form in RATIOS:
        points = any(unit.kind == "points" for unit in _units(one for one in terms if one.term.role == "ratio"))
        if points or (relation.form == "share" and relation.rule.kind == "RAT006"):
            return points
    compared_units = _units(one for one in terms if one.term.role != "ratio")
    return any(not one.measures_like(other) for one, other in combinations(compared_units, 2))
