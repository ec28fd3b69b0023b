"""The lightest sets of items without which everything else is possible.

A conflict is a set of items of which at least one must be given up; every answer hits all conflicts. Conflicts come from
the problem itself, one for every set that was tried in vain, and each cuts off that set and everything like it. The search
walks through the sets that hit what is known, lightest first; what it has excluded below a weight is proven, so that its
lower bound means something even when it is stopped.

Until the first answer is known, items that stand in the same conflicts speak for each other; after it each is tried, so that
no tie is missed. Weights are whole numbers here; the caller scales them.

Source: R. Reiter, A theory of diagnosis from first principles (1987), the hitting-set tree; E. Moreno-Centeno, R. Karp, The
implicit hitting set approach (2013). The bound is a dual solution of the covering problem, its slack the reduced cost by
which a branch is left out without looking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, NamedTuple

from budgetaudit.linear.problem import Conflict
from budgetaudit.linear.simplex import OutOfTime

# Weights are multiplied with this, so that shares of them stay whole; what is lost by rounding down only weakens a bound.
_SHARES: Final = 5040
_RATIOS: Final = (150, 400, 10**9)  # how much longer conflicts of one group may be, in percent
_MOST_LEARNT: Final = 1000  # conflicts of one try
_MOST_BOUNDING: Final = 40  # the shortest conflicts bound as well as all of them


@dataclass(frozen=True, slots=True)
class Lightest:
    """What a search found.

    Attributes:
        sets: Sets of items, lightest first, none within another.
        conflicts: Every conflict that was met: together they prove that nothing lighter will do.
        least: No set lighter than this will do.
        finished: Whether every set up to the weight asked for was found.
        possible: False if items that must be kept contradict each other, so that no set at all will do.
    """

    sets: tuple[frozenset[int], ...]
    conflicts: tuple[Conflict, ...]
    least: int
    finished: bool
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a search may cost: sets tried, a point in time, answers listed."""

    tries: int | None = None
    deadline: float | None = None
    most: int = 1000


class _Bounds(NamedTuple):
    """Weights, in shares, that every answer has at least; each with what one with a certain kind of item has more.

    A kind of item is which of the conflicts counted (`bits`) it stands in; `lightest` is the least weight of each kind.
    """

    bits: int
    lightest: dict[int, int]
    shared: tuple[tuple[int, dict[int, int]], ...]

    @property
    def total(self) -> int:
        """What every answer weighs at least."""
        return max(total for total, _ in self.shared)

    def with_item(self, standing: int, weight: int) -> int:
        """What every answer with an item of this kind and weight weighs at least."""
        kind = standing & self.bits
        return max(total + slack[kind] for total, slack in self.shared) + (weight - self.lightest[kind]) * _SHARES


class _Stopped(Exception):
    """The effort is spent, or as many answers are found as were asked for."""


@dataclass
class Search:
    """The search for sets of items.

    Args:
        weights: The weight of each item, above 0; None for one that must be kept.
        conflicts_without: What still contradicts itself when these items are given up; nothing if the rest is possible.
        effort: How much it may cost.
    """

    weights: Sequence[int | None]
    conflicts_without: Callable[[frozenset[int]], Sequence[Conflict]]
    effort: Effort = field(default_factory=Effort)

    def __post_init__(self) -> None:
        self._conflicts: list[Conflict] = []
        self._masks: list[int] = []
        self._members: list[tuple[int, ...]] = []
        self._standing = [0] * len(self.weights)  # in which conflicts an item stands, one bit for each
        self._sets: dict[int, int] = {}
        self._tried = 0
        self._next: int | None = None

    def lightest(self, *, beyond: int = 0) -> Lightest:
        """All lightest sets, and those heavier by at most `beyond` that hold no smaller answer."""
        kept = sum(1 << item for item, weight in enumerate(self.weights) if weight is None)
        least = 0
        try:
            while not self._walk(0, 0, kept, least, every=False):
                if self._next is None:
                    return self._found(least, finished=True, possible=False)
                least, self._next = self._next, None
            limit: int | None = least
            while limit is not None and limit <= least + beyond:
                self._next = None
                self._walk(0, 0, kept, limit, every=True)
                limit = self._next
        except (_Stopped, OutOfTime):
            return self._found(least, finished=False)
        return self._found(least, finished=True)

    def _found(self, least: int, *, finished: bool, possible: bool = True) -> Lightest:
        ordered = sorted(self._sets.items(), key=lambda entry: (entry[1], _items(entry[0])))
        irreducible = [mask for mask, _ in ordered if not self._holds_smaller(mask)]
        sets = tuple(frozenset(_items(mask)) for mask in irreducible)
        return Lightest(sets, tuple(self._conflicts), least, finished, possible)

    def _holds_smaller(self, mask: int) -> bool:
        return any(other != mask and other & mask == other for other in self._sets)

    def _walk(self, chosen: int, weight: int, forbidden: int, limit: int, *, every: bool) -> bool:
        """Visit every set that holds the chosen items, none of the forbidden ones, and weighs at most the limit.

        Without `every`, items that nothing known tells apart are visited once, and the first answer ends the walk (True).
        """
        while True:
            unhit = [number for number, mask in enumerate(self._masks) if not mask & chosen]
            if not unhit:
                if chosen in self._sets or self._holds_smaller(chosen):
                    return not every
                conflicts = self._try(chosen, weight)
                if not conflicts:
                    return not every
                for conflict in conflicts[:_MOST_LEARNT]:
                    self._learn(conflict)
                continue
            branch = min(unhit, key=lambda number: (self._masks[number] & ~forbidden).bit_count())
            open_items = self._masks[branch] & ~forbidden
            if not open_items:
                return False  # every item of a conflict is forbidden
            bounds = self._bounds(unhit, forbidden)
            if self._too_heavy(weight * _SHARES + bounds.total, limit):
                return False
            heavy = 0
            for item in _items(open_items):
                needed = bounds.with_item(self._standing[item], self._weight(item))
                if self._too_heavy(weight * _SHARES + needed, limit):
                    heavy |= 1 << item
            forbidden |= heavy
            if not (open_items := open_items & ~heavy):
                return False
            unhit_bits = sum(1 << number for number in unhit)
            item = max(_items(open_items), key=lambda one: (self._standing[one] & unhit_bits).bit_count())
            own = self.weights[item]
            assert own is not None
            if self._walk(chosen | 1 << item, weight + own, forbidden, limit, every=every):
                return True
            forbidden |= 1 << item if every else self._alike(item, open_items)

    def _alike(self, item: int, among: int) -> int:
        """The items that stand in the same conflicts and are no lighter."""
        standing, own = self._standing[item], self._weight(item)
        return sum(1 << one for one in _items(among) if self._standing[one] == standing and self._weight(one) >= own)

    def _too_heavy(self, shares: int, limit: int) -> bool:
        """Whether a weight, in shares, exceeds the limit; remembers the least weight that does."""
        needed = -(-shares // _SHARES)
        if needed <= limit:
            return False
        self._next = needed if self._next is None else min(self._next, needed)
        return True

    def _try(self, chosen: int, weight: int) -> Sequence[Conflict]:
        self._tried += 1
        tries, deadline = self.effort.tries, self.effort.deadline
        if (tries is not None and self._tried > tries) or (deadline is not None and monotonic() > deadline):
            raise _Stopped
        conflicts = self.conflicts_without(frozenset(_items(chosen)))
        if not conflicts:
            self._sets[chosen] = weight
            if len(self._sets) >= self.effort.most:
                raise _Stopped
        return conflicts

    def _learn(self, conflict: Conflict) -> None:
        bit = 1 << len(self._conflicts)
        self._conflicts.append(conflict)
        self._masks.append(sum(1 << item for item in conflict.items))
        for item in conflict.items:
            self._standing[item] |= bit

    def _bounds(self, unhit: Sequence[int], forbidden: int) -> _Bounds:
        """Weights below which no set hits all of these conflicts, from several ways to share the weights of items.

        Items that stand in the same ones are counted as one, the lightest of them.
        """
        chosen = sorted(unhit, key=lambda number: (self._masks[number] & ~forbidden).bit_count())[:_MOST_BOUNDING]
        bits = sum(1 << number for number in chosen)
        union = 0
        for number in chosen:
            union |= self._masks[number]
        lightest: dict[int, int] = {}
        for item in _items(union & ~forbidden):
            standing, own = self._standing[item] & bits, self._weight(item)
            if own < lightest.get(standing, own + 1):
                lightest[standing] = own
        listed = [[standing for standing in lightest if standing >> number & 1] for number in chosen]
        sizes = [(self._masks[number] & ~forbidden).bit_count() for number in chosen]
        groupings: list[list[list[list[int]]]] = []
        for ratio in _RATIOS:
            grouping = _by_length(listed, sizes, ratio)
            if not groupings or len(grouping) != len(groupings[-1]):
                groupings.append(grouping)
        return _Bounds(bits, lightest, tuple(_shared(grouping, lightest) for grouping in groupings))

    def _weight(self, item: int) -> int:
        weight = self.weights[item]
        assert weight is not None
        return weight


def _shared(groups: Sequence[list[list[int]]], lightest: dict[int, int]) -> tuple[int, dict[int, int]]:
    """Weights of items shared among the conflicts they stand in, those of each group first: a sum, and what is left over."""
    slack = {kind: weight * _SHARES for kind, weight in lightest.items()}
    total = 0
    for group in groups:
        degree = Counter(kind for kinds in group for kind in kinds)
        shares = [min((slack[kind] // degree[kind] for kind in kinds), default=0) for kinds in group]
        for kinds, share in zip(group, shares, strict=True):
            total += share
            for kind in kinds:
                slack[kind] -= share
        for kinds in group:
            rest = min((slack[kind] for kind in kinds), default=0)
            if rest:
                total += rest
                for kind in kinds:
                    slack[kind] -= rest
    return total, slack


def _by_length(ordered: Sequence[list[int]], sizes: Sequence[int], ratio: int) -> list[list[list[int]]]:
    """Conflicts of much the same size together: the short ones bound best, and should not share with the long ones."""
    groups: list[list[list[int]]] = []
    first = 0
    for kinds, size in zip(ordered, sizes, strict=True):
        if not groups or 100 * size > ratio * first:
            groups.append([])
            first = size
        groups[-1].append(kinds)
    return groups


def _items(mask: int) -> list[int]:
    """The items of a mask, in order."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
