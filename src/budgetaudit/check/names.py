"""Finding the figures that a rule names: by identity, never by equal numbers.

Figures of one binding share entity, period, phase and fund scope, except where a selector fixes or shifts one of them.
A `Slot` is one such combination; `Index.find` answers which fact a name means in a slot, or that none does, or that the
label alone cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label, parse_code
from budgetaudit.model.line import Identity
from budgetaudit.rules.equation import Name
from budgetaudit.rules.rule import Scope

ANY: Final = "*"
_LEVELS: Final = frozenset({"amount", "count", "score", "weight", "average"})


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a rule is applied; `ANY` for an axis that every name of the rule fixes for itself."""

    entity: str | None
    period: str | None
    phase: str | None
    fund: str | None

    def admits(self, scope: Scope) -> bool:
        """Whether a rule of that scope applies here; a figure of unknown phase or fund is not excluded."""
        first, last = scope.years
        year = int(self.period) if self.period is not None and self.period.isdecimal() else None
        return (
            (not scope.phases or self.phase in {None, ANY, *scope.phases})
            and (not scope.funds or self.fund in {None, ANY, *scope.funds})
            and (year is None or first is None or first <= year)
            and (year is None or last is None or year <= last)
        )


class Index:
    """The facts of a budget by canonical label."""

    def __init__(self, budget: Budget) -> None:
        self._by_label: dict[str, list[Identity]] = {}
        self._by_code: dict[tuple[str, ...], list[Identity]] = {}
        for identity in budget.by_identity:
            self._by_label.setdefault(canonical_label(identity.label), []).append(identity)
            if identity.code is not None:
                self._by_code.setdefault(identity.code, []).append(identity)

    @property
    def labels(self) -> Sequence[str]:
        """Every label, in the order of the document."""
        return tuple(self._by_label)

    def named(self, name: Name, *, ratio: bool = False) -> list[Identity]:
        """All facts a name may mean, whatever their slot."""
        chosen = dict(name.selectors)
        code = parse_code(chosen["code"]) if "code" in chosen else None
        found = self._by_code.get(code, []) if code is not None else self._by_label.get(canonical_label(name.label), [])
        return [identity for identity in found if _fits(identity, chosen, ratio=ratio)]

    def slots(self, names: Sequence[tuple[Name, bool]]) -> Iterator[Slot]:
        """Every slot in which some of the names have a figure, in the order of the document."""
        seen: dict[Slot, None] = {}
        for name, ratio in names:
            chosen = dict(name.selectors)
            for identity in self.named(name, ratio=ratio):
                seen.setdefault(_slot(identity, chosen))
        fewest = min((_open_axes(slot) for slot in seen), default=0)
        yield from (slot for slot in seen if _open_axes(slot) == fewest)

    def find(self, name: Name, slot: Slot, *, ratio: bool = False) -> Identity | None:
        """The fact a name means in a slot; None if there is none, or several that the label alone cannot tell apart."""
        chosen = dict(name.selectors)
        found = [
            identity
            for identity in self.named(name, ratio=ratio)
            if _agrees(_slot(identity, chosen), slot)
        ]  # fmt: skip
        if len(found) > 1:
            plain = [identity for identity in found if not identity.within and identity.table is None]
            found = plain or found
        return found[0] if len(found) == 1 else None


def _fits(identity: Identity, chosen: dict[str, str], *, ratio: bool) -> bool:
    if "measure" in chosen:
        if identity.measure != chosen["measure"]:
            return False
    elif not ratio and identity.measure not in _LEVELS:
        return False
    for axis in ("phase", "fund", "table", "against"):
        if axis in chosen and getattr(identity, axis) != chosen[axis]:
            return False
    if "within" in chosen and canonical_label(chosen["within"]) not in identity.within:
        return False
    period = chosen.get("period", "+0")
    return period[0] in "+-" or identity.period == period


def _slot(identity: Identity, chosen: dict[str, str]) -> Slot:
    """The slot from which a name with these selectors would reach this fact."""
    slot = Slot(identity.entity, identity.period, identity.phase, identity.fund)
    for axis in ("phase", "fund"):
        if axis in chosen:
            slot = replace(slot, **{axis: ANY})
    period = chosen.get("period", "+0")
    if period[0] not in "+-":
        return replace(slot, period=ANY)
    shift = int(period)
    if shift and slot.period is not None and slot.period.isdecimal():
        return replace(slot, period=str(int(slot.period) - shift))
    return slot


def _agrees(own: Slot, wanted: Slot) -> bool:
    return all(
        ANY in (mine, theirs) or mine == theirs
        for mine, theirs in (
            (own.entity, wanted.entity), (own.period, wanted.period), (own.phase, wanted.phase), (own.fund, wanted.fund),
        )
    )  # fmt: skip


def _open_axes(slot: Slot) -> int:
    return (slot.period, slot.phase, slot.fund).count(ANY)
