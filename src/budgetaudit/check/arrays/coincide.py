"""Relations that say the same of the same figures: one of them is kept, as `merge` keeps one in a single budget.

Two rules written alike are one relation in every unit, and the second is left out. Two rules that share some figures are
one relation where no other figure of either is printed; such units are found by the states of the cells and put through
`merged` itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd

import numpy as np

from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.grid import ABSENT, UNCLEAR
from budgetaudit.check.arrays.locate import Located
from budgetaudit.check.arrays.weigh import Prepared, existing
from budgetaudit.check.compile import CompiledRelation, CompiledTerm

_Node = tuple[int, int]  # a relation's number, a unit of its frame
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Coincidences:
    """Relations that are left out everywhere, and groups of relations in units that are one relation there."""

    left_out: frozenset[int]
    groups: tuple[tuple[_Node, ...], ...]


def coincidences(prepared: Sequence[Prepared]) -> Coincidences:
    """What coincides among relations; groups stand in the order of the rules."""
    left_out: set[int] = set()
    edges: list[tuple[_Node, _Node]] = []
    for first, second in _candidates(prepared):
        if first in left_out or second in left_out:
            continue
        one, other = prepared[first], prepared[second]
        if _alike(one.relation, other.relation) or _alike_here(one, other):
            left_out.add(second)
            continue
        edges += (((first, here), (second, there)) for here, there in _meetings(one, other))
    return Coincidences(frozenset(left_out), tuple(_groups(edges)))


def _candidates(prepared: Sequence[Prepared]) -> list[tuple[int, int]]:
    """Pairs that share a total and a figure of either (orders: of both sides) in the same proportion."""
    shared: dict[Hashable, list[int]] = {}
    for number, one in enumerate(prepared):
        if one.unknown:
            continue
        for key in set(_keys(one.relation)):
            shared.setdefault(key, []).append(number)
    pairs = {pair for numbers in shared.values() if len(numbers) > 1 for pair in combinations(numbers, 2)}
    return sorted(pairs)


def _keys(relation: CompiledRelation) -> Iterator[Hashable]:
    form = relation.form
    leads = relation.of("total") if form == "sum" else relation.of("left") if form == "order" else relation.of("ratio")
    others = [term for term in relation.terms if term.role != leads[0].role] if leads else relation.terms
    if form not in {"sum", "order"}:
        yield from ((form, item) for term in leads for item in term.items)
        return
    if not leads or not others or (form == "sum" and relation.rule.least_parts == 0):
        yield from ((form, relation.op, item) for term in leads or others for item in term.items)
    for lead in leads:
        for term in others:
            for one in lead.items:
                for other in term.items:
                    mine, theirs = lead.coefficient, term.coefficient
                    common = gcd(mine, theirs) if (mine if other < one else theirs) > 0 else -gcd(mine, theirs)
                    ratio = (mine // common, theirs // common)
                    if one < other:
                        yield form, relation.op, one, other, ratio
                    else:
                        yield form, relation.op, other, one, ratio[::-1] if other < one else None


def _alike(one: CompiledRelation, other: CompiledRelation) -> bool:
    """Whether two rules are one relation wherever they apply, and apply in the same places."""
    same = (
        one.form == other.form and one.op == other.op and one.rule.scope == other.rule.scope and one.free == other.free
        and one.rule.when == other.rule.when and one.rule.unless == other.rule.unless and one.rollup == other.rollup
        and one.rule.least_parts == other.rule.least_parts and one.from_pack == other.from_pack
    )  # fmt: skip
    totals = ([term.items for term in relation.of("total")] for relation in (one, other))
    return same and _normal(one) == _normal(other) and next(totals) == next(totals)


def _alike_here(one: Prepared, other: Prepared) -> bool:
    """Whether two rules are one relation because nothing that either could miss is missing anywhere."""
    mine, theirs = one.relation, other.relation
    return (
        mine.form == theirs.form and mine.op == theirs.op and one.frame is other.frame
        and mine.rule.scope == theirs.rule.scope and not (mine.when or theirs.when or mine.unless or theirs.unless)
        and all(located.state is None for located in (*one.terms, *other.terms))
        and min(len(side.of("part")) - side.rule.least_parts for side in (mine, theirs)) >= 0
        and _normal(mine, optional=False) == _normal(theirs, optional=False)
    )  # fmt: skip


def _normal(relation: CompiledRelation, *, optional: bool = True) -> Hashable:
    """What a relation says, whatever it was multiplied with; counted from its earliest year."""
    first = min((term.at.shift for term in relation.terms), default=0)
    linear = relation.form in {"sum", "order"}
    facts = sorted(
        (
            (_fact(term, first), "" if linear else term.role, term.coefficient, optional and term.optional)
            for term in relation.terms
        ),
        key=repr,
    )
    lead = facts[0][2] if facts else 1
    scale = Fraction(1, lead if relation.op == "=" else abs(lead)) if linear else Fraction(1)
    constant = (relation.constant or Fraction(0)) * relation.multiplier
    turned = relation.form == "order" and relation.written in {">", ">="}
    return tuple((fact, role, weight * scale, droppable) for fact, role, weight, droppable in facts), (
        constant * scale * (-1 if turned else 1)
    )  # fmt: skip


def _fact(term: CompiledTerm, first: int) -> Hashable:
    at = term.at
    return term.items, term.ranks, at.phase, at.fund, at.period, at.shift - first


def _meetings(one: Prepared, other: Prepared) -> Iterator[_Node]:
    """The units of both in which the same figures are found."""
    here, there = existing(one), existing(other)
    if not len(here) or not len(there):
        return
    if one.frame is other.frame:
        if _always_differ(one, other):
            return
        both = np.intersect1d(here, there, assume_unique=True)
        same = _marks(one, both) == _marks(other, both)
        yield from ((unit, unit) for unit in both[same].tolist())
        return
    marks, others = _marks(one, here), _marks(other, there)
    _, mine, theirs = np.intersect1d(marks, others, return_indices=True)
    yield from zip(here[mine].tolist(), there[theirs].tolist(), strict=True)


def _always_differ(one: Prepared, other: Prepared) -> bool:
    """Whether a figure that is printed everywhere belongs to one relation only, or to both in different proportion."""
    mine, theirs = ({(item, located.term.at): located for located in side.terms for item in located.term.items} for side in (one, other))  # fmt: skip
    for own, others in ((one, theirs), (other, mine)):
        for located in own.terms:
            known = any((item, located.term.at) in others for item in located.term.items)
            if located.state is None and not known:
                return True
    if one.relation.form not in {"sum", "order"}:
        return False
    ratios = {
        Fraction(mine[key].term.coefficient, theirs[key].term.coefficient)
        for key in mine.keys() & theirs.keys()
        if mine[key].state is None
        and theirs[key].state is None
        and len(mine[key].term.items) == len(theirs[key].term.items) == 1
    }
    return len(ratios) > 1


def _marks(prepared: Prepared, units: Array) -> Array:
    """A number for the set of cells that a relation finds in each unit; equal for equal sets."""
    total = np.zeros(len(units), np.uint64)
    for located in prepared.terms:
        total += _mark(located, units)
    return total


def _mark(located: Located, units: Array) -> Array:
    size = located.grid.keys.size
    place = located.place if isinstance(located.place, int) else located.place[units]
    where = units if located.where is None else located.where[units]
    cell = (np.asarray(place, np.int64) * size + where + 1).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (cell ^ (cell >> np.uint64(31))) * _MIX
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX
    if located.state is None:
        return mixed
    state = located.state[units]
    found: Array = np.where((state == ABSENT) | (state == UNCLEAR), np.uint64(0), mixed)
    return found


def _groups(edges: Sequence[tuple[_Node, _Node]]) -> Iterator[tuple[_Node, ...]]:
    """Nodes joined by edges."""
    parent: dict[_Node, _Node] = {}

    def root(node: _Node) -> _Node:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for one, other in edges:
        parent[root(other)] = root(one)
    groups: dict[_Node, list[_Node]] = {}
    for node in sorted(parent):
        groups.setdefault(root(node), []).append(node)
    yield from map(tuple, groups.values())
