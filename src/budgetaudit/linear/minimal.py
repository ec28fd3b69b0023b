"""Minimal conflicts: items that exclude each other, and of which none can be left out without making the rest possible.

Source: R. Reiter (1987): below a conflict, each of its items is left out in turn; every other minimal conflict lacks one of
them, and so is met on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple

from budgetaudit.linear.problem import Conflict

Conflicts = Callable[[frozenset[int]], Sequence[Conflict]]

MOST_TRIED: Final = 2000


class Minimal(NamedTuple):
    """Minimal conflicts, and whether they are all there are."""

    sets: tuple[frozenset[int], ...]
    complete: bool


def shrunk(items: Collection[int], everything: frozenset[int], conflicts_without: Conflicts) -> frozenset[int]:
    """A minimal conflict within a conflict, the first items left out first."""
    kept = frozenset(items)
    for item in sorted(kept):
        if item in kept and (found := conflicts_without(everything - (kept - {item}))):
            kept = found[0].items & kept
    return kept


def minimal_conflicts(
    items: Iterable[int], conflicts_without: Conflicts, *, without: Collection[int] = (), most: int = MOST_TRIED
) -> Minimal:
    """Every minimal conflict among some items.

    Args:
        items: The items.
        conflicts_without: What contradicts itself when items are given up.
        without: Further items, which are given up throughout.
        most: How many sets are tried at most.
    """
    dropped = frozenset(without)
    everything = frozenset(items) | dropped
    found: dict[frozenset[int], None] = {}
    waiting, seen = [frozenset[int]()], set[frozenset[int]]()
    while waiting:
        removed = waiting.pop()
        if removed in seen:
            continue
        if len(seen) >= most:
            return Minimal(tuple(found), complete=False)
        seen.add(removed)
        conflict = next((one for one in found if one.isdisjoint(removed)), None)
        if conflict is None:
            met = conflicts_without(removed | dropped)
            if not met:
                continue
            conflict = shrunk(met[0].items, everything, conflicts_without)
            found[conflict] = None
        waiting += [removed | {item} for item in sorted(conflict, reverse=True)]
    ordered = sorted(found, key=lambda one: (len(one), sorted(one)))
    return Minimal(tuple(ordered), complete=True)
