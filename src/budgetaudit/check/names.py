"""Finding the figures that a rule names: by identity, never by equal numbers.

Figures of one binding share entity, period, phase and fund scope, except where a selector fixes or shifts one of them.
A `Slot` is one such combination; `Index.find` answers which facts a name can mean in a slot. More than one answer means
that label and place cannot tell them apart: such a figure is neither found nor absent.

Every name is looked up once per budget and kept by slot, so that binding costs as much as there are figures, not slots
times figures.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from budgetaudit.model.classification import canonical_label, parse_code
from budgetaudit.model.line import LEVELS, BudgetLine, Code, Identity
from budgetaudit.rules.equation import Axis, Name
from budgetaudit.rules.rule import Scope

ANY: Final = "*"
_EQUAL: Final[tuple[Axis, ...]] = ("phase", "fund", "table", "against")
_AXES: Final = ("entity", "period", "phase", "fund")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a rule is applied; `ANY` for an axis that every name of the rule fixes for itself."""

    entity: str | None
    period: str | None
    phase: str | None
    fund: str | None

    def admits(self, scope: Scope) -> bool:
        """Whether a rule of that scope applies here; a figure of unknown phase, fund or year is not excluded."""
        first, last = scope.years
        year = int(self.period) if self.period is not None and self.period.isdecimal() else None
        return (
            (not scope.phases or self.phase in {None, ANY, *scope.phases})
            and (not scope.funds or self.fund in {None, ANY, *scope.funds})
            and (year is None or first is None or first <= year)
            and (year is None or last is None or year <= last)
        )

    def fixed(self) -> tuple[str, ...]:
        """The axes on which this slot is one place."""
        return tuple(axis for axis in _AXES if getattr(self, axis) != ANY)

    def on(self, axes: Iterable[str]) -> Hashable:
        """Where the slot stands on these axes."""
        return tuple(getattr(self, axis) for axis in axes)


class Index:
    """Facts by canonical label and by code, each with the lines that print it."""

    def __init__(self, facts: Mapping[Identity, Sequence[BudgetLine]]) -> None:
        self._facts = facts
        self.identities = tuple(facts)
        self._reached: dict[tuple[Name, bool], list[tuple[Slot, Identity]]] = {}
        self._by_place: dict[tuple[Name, bool, tuple[str, ...]], dict[Hashable, list[Identity]]] = {}

    def of_tables(self, tables: Sequence[str]) -> Index:
        """Only the facts that these tables print, whatever else prints them; all facts if none is named."""
        if not tables:
            return self
        return Index({fact: lines for fact, lines in self._facts.items() if _stands_in(tables, fact, lines)})

    @cached_property
    def _by_label(self) -> dict[str, list[Identity]]:
        found: dict[str, list[Identity]] = {}
        for identity in self.identities:
            found.setdefault(canonical_label(identity.label), []).append(identity)
        return found

    @cached_property
    def _by_code(self) -> dict[Code, list[Identity]]:
        found: dict[Code, list[Identity]] = {}
        for identity in self.identities:
            if identity.code is not None:
                found.setdefault(identity.code, []).append(identity)
        return found

    @property
    def labels(self) -> Sequence[str]:
        """Every label, in the order of the document."""
        return tuple(self._by_label)

    def named(self, name: Name) -> Sequence[Identity]:
        """Every fact a name can mean, whatever its slot."""
        return tuple(identity for _, identity in self._places(name, ratio=False))

    def fitting(self, name: Name) -> Sequence[Identity]:
        """Every fact that the selectors of a name admit, whatever its label."""
        chosen = dict(name.selectors)
        return tuple(identity for identity in self.identities if _fits(identity, chosen, ratio=False))

    def has(self, name: Name, *, ratio: bool = False) -> bool:
        """Whether a name means any fact, in whatever slot."""
        return bool(self._places(name, ratio=ratio))

    def slots(self, names: Sequence[tuple[Name, bool]]) -> Iterator[Slot]:
        """Every slot in which some of the names have a figure, in the order of the document."""
        seen = dict.fromkeys(slot for name, ratio in names for slot, _ in self._places(name, ratio=ratio))
        most = max((len(slot.fixed()) for slot in seen), default=0)
        yield from (slot for slot in seen if len(slot.fixed()) == most)

    def find(
        self, name: Name, slot: Slot, *, ratio: bool = False, parents: frozenset[str] = frozenset()
    ) -> Sequence[Identity]:
        """The facts a name can mean in a slot: none, one, or several that cannot be told apart.

        A figure that stands by itself goes before those of a table or within another; among these, one that stands
        directly within a figure of the same rule (`parents`) goes first.
        """
        places = self._places(name, ratio=ratio)
        if not places:
            return ()
        axes = tuple(axis for axis in places[0][0].fixed() if getattr(slot, axis) != ANY)
        key = (name, ratio, axes)
        if key not in self._by_place:
            by_place: dict[Hashable, list[Identity]] = {}
            for own, identity in places:
                by_place.setdefault(own.on(axes), []).append(identity)
            self._by_place[key] = by_place
        found = self._by_place[key].get(slot.on(axes), [])
        if len(found) > 1:
            plain = [one for one in found if not one.within and one.table is None]
            near = [one for one in found if one.within and one.within[-1] in parents]
            found = plain or near or found
        return found

    def _places(self, name: Name, *, ratio: bool) -> list[tuple[Slot, Identity]]:
        """Every fact a name may mean, with the slot from which the name reaches it."""
        key = (name, ratio)
        if key not in self._reached:
            chosen = dict(name.selectors)
            named = (
                self._by_code.get(_code(chosen["code"]), [])
                if "code" in chosen
                else self._by_label.get(canonical_label(name.label), [])
            )
            fitting = (identity for identity in named if _fits(identity, chosen, ratio=ratio))
            reached = ((_slot(identity, chosen), identity) for identity in fitting)
            self._reached[key] = [(slot, identity) for slot, identity in reached if slot is not None]
        return self._reached[key]


def _code(text: str) -> Code:
    return parse_code(text) or tuple(text.split("."))


def _fits(identity: Identity, chosen: Mapping[Axis, str], *, ratio: bool) -> bool:
    if "measure" in chosen:
        if identity.measure != chosen["measure"]:
            return False
    elif not ratio and identity.measure not in LEVELS:
        return False
    for axis in _EQUAL:
        if axis in chosen and getattr(identity, axis) != chosen[axis]:
            return False
    if "within" in chosen and canonical_label(chosen["within"]) not in identity.within:
        return False
    period = chosen.get("period", "+0")
    return period[0] in "+-" or identity.period == period


def _slot(identity: Identity, chosen: Mapping[Axis, str]) -> Slot | None:
    """The slot from which a name with these selectors reaches this fact; None if its year cannot be counted from."""
    slot = Slot(identity.entity, identity.period, identity.phase, identity.fund)
    if "phase" in chosen:
        slot = replace(slot, phase=ANY)
    if "fund" in chosen:
        slot = replace(slot, fund=ANY)
    period = chosen.get("period", "+0")
    if period[0] not in "+-":
        return replace(slot, period=ANY)
    shift = int(period)
    if not shift:
        return slot
    if slot.period is None or not slot.period.isdecimal():
        return None
    return replace(slot, period=str(int(slot.period) - shift))


def _stands_in(tables: Sequence[str], fact: Identity, lines: Sequence[BudgetLine]) -> bool:
    return fact.table in tables or any(line.source is not None and line.source.table in tables for line in lines)
