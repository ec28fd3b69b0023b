"""Strategies of rules: sets that some budget satisfies, built from figures that are already there.

Every rule defines a new figure by known ones or compares known ones in a way that always holds, so that the rules of a
set never exclude each other. Sums share figures, totals are parts of other totals, shares and growth rest on sums.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st

from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import RuleSet

_ROUNDINGS: Final = ("nearest", "truncate", "floor")
_PARTS: Final = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")


@st.composite
def rulesets(draw: st.DrawFn, *, least: int = 1, most: int = 5, rollups: bool = True) -> RuleSet:
    """Rule sets that some budget satisfies; the simplest is one sum of two figures.

    Args:
        draw: Given by Hypothesis.
        least: The fewest rules.
        most: The most rules.
        rollups: Whether rules over codes are among them.
    """
    written = _Written(draw)
    forms: list[Callable[[], str]] = [
        written.sum, written.difference, written.order, written.share, written.growth, written.change, written.shares,
        written.carried, written.scaled,
    ]  # fmt: skip
    texts = [written.sum()]
    texts += [draw(st.sampled_from(forms))() for _ in range(draw(st.integers(least - 1, most - 1)))]
    if rollups and draw(st.integers(0, 5)) == 5:
        texts.append("parent = sum(children)")
    convention = Convention(rounding=draw(st.sampled_from(_ROUNDINGS)))
    return RuleSet.from_equations(list(dict.fromkeys(texts)), convention=convention)


def rules() -> st.SearchStrategy[Rule]:
    """Single rules that some budget satisfies: sums, differences, inequalities, shares, growth, roll-ups."""
    return rulesets(most=2).map(lambda ruleset: ruleset.rules[-1])


class _Written:
    """Equations written one after the other over the names of the earlier ones."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._names = 0
        self._amounts: list[str] = []
        self._sums: dict[str, tuple[str, ...]] = {}

    def sum(self) -> str:
        """A new total of parts, some of them known."""
        parts = [self._new() for _ in range(self._draw(st.integers(2, 4)) - min(len(self._amounts), 1))]
        if self._amounts:
            known = st.lists(st.sampled_from(self._amounts), min_size=1, max_size=2, unique=True)
            parts += [name for name in self._draw(known) if name not in parts]
        total = self._new()
        self._sums[total] = tuple(parts)
        self._amounts += [name for name in (total, *parts) if name not in self._amounts]
        return f"{total} = {' + '.join(parts)}"

    def difference(self) -> str:
        """What a total leaves without one of its parts."""
        total, part = self._part()
        return f"{self._new()} = {total} - {part}"

    def order(self) -> str:
        """A part is not more than its total."""
        total, part = self._part()
        return self._draw(st.sampled_from([f"{part} <= {total}", f"{total} >= {part}"]))

    def share(self) -> str:
        """A part in percent of its total, or a multiple of it."""
        total, part = self._part()
        return f"{self._new()}{self._draw(st.sampled_from(['%', '']))} = {part} / {total}"

    def growth(self) -> str:
        """Growth against the year before."""
        name = self._draw(st.sampled_from(self._amounts))
        return f"{self._new()}% = ({name} - {name}[year-1]) / {name}[year-1]"

    def change(self) -> str:
        """Growth by the change that is printed."""
        name, change = self._draw(st.sampled_from(self._amounts)), f"{self._new()}[change]"
        return f"{self._new()}% = {change} / ({name} - {change})"

    def shares(self) -> str:
        """Weights of a list that make a hundred."""
        parts = [f"{self._new()}[weight]" for _ in range(self._draw(st.integers(2, 4)))]
        return f"100 = {' + '.join(parts)}"

    def carried(self) -> str:
        """What closes a year opens the next one."""
        name = self._draw(st.sampled_from(self._amounts))
        return f"{self._new()}[year+1] = {name}"

    def scaled(self) -> str:
        """A figure that counts several times."""
        name = self._draw(st.sampled_from(self._amounts))
        return f"{self._new()} = {self._draw(st.sampled_from(['2 * ', '0.5 * ', '-3 * ']))}{name} + {self._new()}"

    def _part(self) -> tuple[str, str]:
        total = self._draw(st.sampled_from([*self._sums]))
        return total, self._draw(st.sampled_from(self._sums[total]))

    def _new(self) -> str:
        name = _PARTS[self._names % len(_PARTS)] + str(self._names // len(_PARTS) or "")
        self._names += 1
        return name
