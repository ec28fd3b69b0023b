"""Finding the figures that a rule names: by identity, never by equal numbers.

Figures of one binding share entity, period, phase and fund scope, or what the rule says they share (`per`), except where
a selector fixes or shifts one of these. A `Slot` is one such combination; `Index.find` answers which facts a name can mean
in a slot. More than one answer means that label and place cannot tell them apart: such a figure is neither found nor absent,
unless the rule adds them all.

Every name is looked up once per budget and kept by slot, so that binding costs as much as there are figures, not slots
times figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from budgetaudit.model.classification import canonical_label, classified_as, cut_code
from budgetaudit.model.line import LEVELS, BudgetLine, Code, Identity
from budgetaudit.rules.equation import EACH, TOP, Axis, Name
from budgetaudit.rules.rule import PER, ROW, Rule, Scope

ANY: Final = "*"
_EQUAL: Final[tuple[Axis, ...]] = ("entity", "phase", "fund", "against")
_INSIDE: Final = frozenset({"within", "code", "classification", "table"})
AXES: Final = ("entity", "period", "phase", "fund")
_Named = Mapping[str, tuple[Name, ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a rule is applied; `ANY` for an axis that every name of the rule fixes for itself.

    `more` holds what else the figures share: the code that `each` stands for, and the caller's own columns.
    """

    entity: str | None
    period: str | None
    phase: str | None
    fund: str | None
    more: tuple[tuple[str, Hashable], ...] = ()

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
        plain = tuple(axis for axis in AXES if getattr(self, axis) != ANY)
        return (*plain, *(axis for axis, _ in self.more)) if self.more else plain

    def freed(self, axes: AbstractSet[str]) -> Slot:
        """The slot that is everywhere on these axes."""
        entity, period, phase, fund = (ANY if axis in axes else getattr(self, axis) for axis in AXES)
        return Slot(entity, period, phase, fund, self.more)

    def on(self, axes: Iterable[str]) -> Hashable:
        """Where the slot stands on these axes."""
        more = dict(self.more)
        return tuple(getattr(self, axis) if axis in AXES else more[axis] for axis in axes)


class Index:
    """Facts by canonical label and by code, each with the lines that print it.

    Args:
        facts: The facts of a budget, in the order of the document.
        named: What else the labels of rules are printed as; with them, capital and small letters are the same.
        per: What the figures of one binding share.
        each: The labels that `each` stands for; all if empty.
        whole: Whether these are the facts of all tables.
    """

    def __init__(
        self,
        facts: Mapping[Identity, Sequence[BudgetLine]],
        named: _Named | None = None,
        per: Sequence[str] = PER,
        each: Sequence[str] = (),
        *,
        whole: bool = True,
    ) -> None:
        self._facts, self._names, self._per, self._each = facts, named or {}, tuple(per), frozenset(each)
        self._per_usual = self._per == PER
        self._whole = whole
        self.identities = tuple(facts)
        self._reached: dict[tuple[Name, bool], list[tuple[Slot, Identity]]] = {}
        self._by_place: dict[tuple[Name, bool, tuple[str, ...]], dict[Hashable, list[Identity]]] = {}
        self._views: dict[Hashable, Index] = {}

    def for_rule(self, rule: Rule) -> Index:
        """The index as a rule sees it: only facts that its tables print, by the names its pack knows, shared as it says."""
        tables = rule.scope.tables
        if not tables and not rule.names and rule.per == PER and not rule.each:
            return self
        key = (tables, rule.per, rule.each, id(rule.names) if rule.names else None)
        if key not in self._views:
            facts = self._facts
            if tables:
                facts = {fact: lines for fact, lines in facts.items() if _stands_in(tables, fact, lines)}
            self._views[key] = Index(facts, rule.names, rule.per, rule.each, whole=not tables)
        return self._views[key]

    @cached_property
    def _by_label(self) -> dict[str, list[Identity]]:
        found: dict[str, list[Identity]] = {}
        for identity in self.identities:
            found.setdefault(self._spelled(identity.label), []).append(identity)
        return found

    def _spelled(self, label: str) -> str:
        return canonical_label(label).casefold() if self._names else canonical_label(label)

    @cached_property
    def _by_code(self) -> dict[Code, list[Identity]]:
        found: dict[Code, list[Identity]] = {}
        for identity in self.identities:
            if identity.code is not None:
                found.setdefault(identity.code, []).append(identity)
        return found

    @cached_property
    def _by_column(self) -> dict[tuple[str, tuple[str, ...]], list[Identity]]:
        """Facts with a code, by classification and by the column they stand in."""
        found: dict[tuple[str, tuple[str, ...]], list[Identity]] = {}
        for identity in self.identities:
            if identity.code is not None:
                for name in classified_as(identity):
                    found.setdefault((name, identity.within[-1:]), []).append(identity)
        return found

    @property
    def labels(self) -> Sequence[str]:
        """Every label, in the order of the document."""
        return tuple(self._by_label)

    def tables_of(self, fact: Identity) -> frozenset[str | None]:
        """The tables that print a fact; None for what stands in no table."""
        return frozenset(
            fact.table if line.source is None or line.source.table is None else line.source.table
            for line in self._facts[fact]
        )

    def named(self, name: Name) -> Sequence[Identity]:
        """Every fact a name can mean, whatever its slot."""
        return self.meant(name)

    def meant(self, name: Name, *, ratio: bool = False) -> Sequence[Identity]:
        """Every fact a name can mean, whatever its slot; a ratio may be of any measure."""
        return tuple(identity for _, identity in self._places(name, ratio=ratio))

    def fitting(self, name: Name) -> Sequence[Identity]:
        """Every fact that the selectors of a name admit, whatever its label."""
        return tuple(identity for identity in self.identities if self._fits(identity, name, ratio=False))

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
        directly within a figure of the same rule (`parents`) goes first. A code in the column of another figure is that
        column's, and is only meant where the rule speaks of the column.
        """
        places = self._places(name, ratio=ratio)
        if not places:
            return ()
        given = slot.fixed()
        axes = tuple(axis for axis in places[0][0].fixed() if axis in given)
        key = (name, ratio, axes)
        if key not in self._by_place:
            by_place: dict[Hashable, list[Identity]] = {}
            for own, identity in places:
                by_place.setdefault(own.on(axes), []).append(identity)
            self._by_place[key] = by_place
        found = self._by_place[key].get(slot.on(axes), [])
        if name.is_any and name.label == TOP:
            return self._topmost([fact for fact in found if fact.table is None])
        if not name.every and self._whole and not any(axis in _INSIDE for axis, _ in name.selectors):
            found = [one for one in found if not (one.code and one.within and one.within[-1] not in parents)]
        if len(found) > 1 and not name.every:
            plain = [one for one in found if not one.within and one.table is None]
            near = [one for one in found if one.within and one.within[-1] in parents]
            found = plain or near or found
        return found

    def _topmost(self, found: Sequence[Identity]) -> Sequence[Identity]:
        """The facts of the table that prints most of these codes, without those that stand below another one."""
        printed = Counter(table for fact in found for table in self.tables_of(fact))
        if len(printed) > 1:
            fullest = max(printed, key=lambda table: printed[table])
            found = [fact for fact in found if fullest in self.tables_of(fact)]
        codes = {fact.code for fact in found}
        return [fact for fact in found if not any(above in codes for above in _above(fact.code or ()))]

    def _places(self, name: Name, *, ratio: bool) -> list[tuple[Slot, Identity]]:
        """Every fact a name may mean, with the slot from which the name reaches it."""
        key = (name, ratio)
        if key not in self._reached:
            fitting = (one for one in self._candidates(name) if self._fits(one, name, ratio=ratio))
            reached = ((self._slot(identity, name), identity) for identity in fitting)
            self._reached[key] = [(slot, identity) for slot, identity in reached if slot is not None]
        return self._reached[key]

    def _candidates(self, name: Name) -> Iterable[Identity]:
        """The facts of a name's label or code, or of what else its pack calls it."""
        if name.is_any:
            chosen = dict(name.selectors)
            if "classification" not in chosen:
                return self.identities
            column = (canonical_label(chosen["within"]),) if "within" in chosen else ()
            return self._by_column.get((chosen["classification"], column), [])
        code = dict(name.selectors).get("code")
        if code is not None and ".." in code:
            return [identity for identity in self.identities if _is_between(identity.code, code)]
        if code is not None:
            return self._by_code.get(cut_code(code, dict(name.selectors).get("classification")), [])
        found = list(self._by_label.get(self._spelled(name.label), ()))
        for other in self._names.get(name.label, ()):
            found += [one for one in self._candidates(other) if one not in found and self._fits(one, other, ratio=True)]
        return found

    def _fits(self, identity: Identity, name: Name, *, ratio: bool) -> bool:
        chosen = dict(name.selectors)
        if "measure" in chosen:
            if identity.measure != chosen["measure"]:
                return False
        elif not ratio and identity.measure not in LEVELS:
            return False
        for axis in _EQUAL:
            if axis in chosen and getattr(identity, axis) != chosen[axis]:
                return False
        if "classification" in chosen and chosen["classification"] not in classified_as(identity):
            return False
        if "table" in chosen and not _stands_in((chosen["table"],), identity, self._facts[identity]):
            return False
        if not _is_within(identity, name, chosen.get("within")):
            return False
        if self._each and name.is_any and canonical_label(identity.label) not in self._each:
            return False
        if "key" in chosen and not _has_keys(identity, name):
            return False
        period = chosen.get("period", "+0")
        return period[0] in "+-" or identity.period == period

    def _slot(self, identity: Identity, name: Name) -> Slot | None:
        """The slot from which a name reaches this fact; None if its year cannot be counted from."""
        chosen = dict(name.selectors)
        slot = Slot(identity.entity, identity.period, identity.phase, identity.fund, self._more(identity, name))
        free: set[str] = {axis for axis in ("entity", "phase", "fund") if axis in chosen}
        if not self._per_usual:
            free.update(axis for axis in AXES if axis not in self._per)
        period = chosen.get("period", "+0")
        if period[0] not in "+-" or "period" in free:
            free.add("period")
        elif int(period):
            if slot.period is None or not slot.period.isdecimal():
                return None
            slot = replace(slot, period=str(int(slot.period) - int(period)))
        return slot.freed(free) if free else slot

    def _more(self, identity: Identity, name: Name) -> tuple[tuple[str, Hashable], ...]:
        """What figures of one binding share beside the four axes."""
        more: list[tuple[str, Hashable]] = []
        if name.is_any and name.label == EACH:
            within = identity.within if identity.code is None else ()
            table = None if any(axis == "table" for axis, _ in name.selectors) else identity.table
            more.append((EACH, (identity.label, identity.code, within, table)))
        if not self._per_usual:
            keys = dict(identity.keys)
            fixed = {value.partition("=")[0] for axis, value in name.selectors if axis == "key"}
            columns = (axis.removeprefix("key.") for axis in self._per if axis.startswith("key.") and axis != ROW)
            more += [(f"key.{column}", keys.get(column)) for column in columns if column not in fixed]
            if ROW in self._per:
                more.append((ROW, identity.keys))
        return tuple(more)


def _is_within(identity: Identity, name: Name, column: str | None) -> bool:
    """Whether a fact stands where a name says; of any code, directly in the column it says, or in none."""
    if column is None:
        return not name.is_any or not identity.within or identity.code is None
    if name.is_any:
        return identity.within[-1:] == (canonical_label(column),)
    return canonical_label(column) in identity.within


def _is_between(code: Code | None, run: str) -> bool:
    """Whether a code of one number lies in a run of numbers such as 1010..1067."""
    first, _, last = run.partition("..")
    return code is not None and len(code) == 1 and code[0].isdecimal() and int(first) <= int(code[0]) <= int(last)


def _above(code: Code) -> Iterator[Code]:
    """Every code above a code."""
    yield from (code[:length] for length in range(1, len(code)))


def _has_keys(identity: Identity, name: Name) -> bool:
    keys = {(column, wanted) for column, _, wanted in (pair.partition("=") for pair in _keys(name))}
    own = dict(identity.keys)
    return all(own.get(column, "") == wanted for column, wanted in keys)


def _keys(name: Name) -> Iterator[str]:
    return (value for axis, value in name.selectors if axis == "key")


def _stands_in(tables: Sequence[str], fact: Identity, lines: Sequence[BudgetLine]) -> bool:
    return fact.table in tables or any(line.source is not None and line.source.table in tables for line in lines)
