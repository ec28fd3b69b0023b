"""Partitions: which lines are all the parts of a known total, and what tells a part apart from the same line elsewhere.

基本支出 is 人员经费 and 公用经费, 三公经费 is travel abroad, vehicles and receptions: the table `cn.labels.toml` names for each
total the parts it needs and those it may have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.naming import GRAND_TOTALS

_DEEPEST: Final = 8  # names under names: an unended chain of 其中 must not make each longer than the one before


@dataclass(frozen=True, slots=True)
class _Partition:
    total: frozenset[str]
    needs: frozenset[str]
    may: frozenset[str]


@lru_cache(maxsize=1)
def _partitions() -> tuple[_Partition, ...]:
    text = files("budgetaudit.model.data").joinpath("cn.labels.toml").read_text(encoding="utf-8")
    return tuple(
        _Partition(frozenset(entry["total"]), frozenset(entry["needs"]), frozenset(entry["may"]))
        for entry in tomllib.loads(text)["partition"]
    )


def within(total: Fact, label: str, known: bool) -> tuple[str, ...]:
    """The names that tell a member apart from the same line elsewhere.

    None below a total of the whole body, and none where the line is a known part of its total.
    """
    if total.label in GRAND_TOTALS or (total.generic and not total.within):
        return () if known else total.within or (total.label,)
    if any(total.label in entry.total and label in entry.needs | entry.may for entry in _partitions()):
        return total.within
    return (*total.within, total.label) if len(total.within) < _DEEPEST else total.within


def known_parts(total: str, labels: Sequence[str]) -> bool:
    """Whether the labels are all the known parts of a total, and nothing else."""
    return known_extent(total, labels) == len(labels)


def known_extent(total: str, labels: Sequence[str]) -> int | None:
    """How many of the labels are the known parts of a total, if all of those it needs are among them."""
    for partition in _partitions():
        if total not in partition.total:
            continue
        count = 0
        while count < len(labels) and labels[count] in partition.needs | partition.may:
            count += 1
        if partition.needs <= set(labels[:count]):
            return count
    return None


def stand_together(one: str, other: str) -> bool:
    """Whether two lines are parts that some total needs, side by side."""
    return one != other and any({one, other} <= entry.needs for entry in _partitions())
