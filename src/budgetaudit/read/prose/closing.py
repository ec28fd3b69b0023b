"""Closing figures: totals and differences at the end of a sentence, found by what adds up.

合计, 收入总计, 收支相抵结余, 主要是A增加、B减少: such figures close what stands before them, and no word says exactly which
figures that is. Here the figures themselves decide: a stretch that adds up to what is printed is what was meant. A total
that fits nothing asserts nothing, and nobody is accused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from budgetaudit.model.statement import Statement, Term
from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.lists import adds_up, differs_by, known_parts
from budgetaudit.read.prose.state import State
from budgetaudit.read.prose.wholes import changes_add_up, decomposition

_SURPLUS: Final = re.compile(r"(?:结余|盈余|赤字|差额|余绌|差短|结转下年|缺口|结转|短绌|节余)(?:资金|支出|数)?\Z")


def sum_up(state: State, total: Fact) -> None:
    """The figures before a closing total that add up to it: all of them, or those that stand in no list."""
    before = [
        fact for fact in state.recent(40, passage=total.passage)
        if fact is not total and fact.amount.unit.kind == "money" and fact.phase == total.phase
        and fact.amount.unit.measures_like(total.amount.unit)
    ]  # fmt: skip
    for levels in (before, [level for level in before if not level.listed]):
        for first in range(len(levels) - 1):
            if adds_up(total, levels[first:]):
                state.statements.append(_split(total, levels[first:]))
                return


def sum_of_sentence(state: State) -> None:
    """问题36项，已整改29项，正在整改7项: later figures of a sentence that add up to its first."""
    by_unit: dict[object, list[Fact]] = {}
    for fact in state.recent(24, sentence=state.sentence.number):
        by_unit.setdefault(fact.amount.unit, []).append(fact)
    for first, *others in by_unit.values():
        if (
            len(others) > 1
            and first.amount.value
            and not any(fact.listed for fact in others)
            and adds_up(first, others)
        ):
            state.statements.append(_split(first, others))


def balance(state: State, surplus: Fact) -> None:
    """收支相抵，结余x: income less spending, where two figures before it differ by what is printed."""
    if not _SURPLUS.search(surplus.label):
        return
    before = [
        fact for fact in state.recent(40)
        if fact is not surplus and fact.section == surplus.section and fact.amount.unit.measures_like(surplus.amount.unit)
    ]  # fmt: skip
    for pair in _surplus_pairs(before):
        if differs_by(surplus, *pair):
            more, less = sorted(pair, key=lambda level: level.amount.exact_value, reverse=True)
            terms = (Term(surplus.id, "total"), Term(more.id, "part"), Term(less.id, "part", Fraction(-1)))
            state.statements.append(Statement("split", terms, source=surplus.number.source))
            return


def explain_change(state: State, *, ended: bool = False) -> None:
    """增加x，主要是A增加y、B减少z: changes that add up to the one before them, or are all its known parts.

    Args:
        state: What was read.
        ended: Whether the sentence is over, so that no further part can come.
    """
    last = state.last_fact
    if last is None:
        return
    changes = [fact for fact in state.ledger.facts[-24:] if fact.passage == last.passage and fact.measure == "change"]
    for first in range(len(changes) - 3, -1, -1):
        total, parts = changes[first], changes[first + 1 :]
        labels = [part.label for part in parts]
        if len(set(labels)) < len(labels) or total.label in labels:
            continue
        if changes_add_up(total, parts) or (ended and known_parts(total.label, labels)):
            state.statements.append(decomposition(total, parts))
            return


def _split(total: Fact, parts: Sequence[Fact]) -> Statement:
    terms = (Term(total.id, "total"), *(Term(part.id, "part") for part in parts))
    return Statement("split", terms, source=total.number.source)


def _surplus_pairs(levels: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Income and spending, and budget and outturn of one line, the latest first."""
    incomes = [level for level in levels if re.search("收入|岁入|财力", level.label)]
    spendings = [level for level in levels if re.search("支出|岁出", level.label)]
    for spending in reversed(spendings):
        yield from ((income, spending) for income in reversed(incomes))
        yield from (
            (budget, spending) for budget in reversed(spendings)
            if budget.phase in {"budget", "adjusted"} and spending.phase == "actual" and budget.same_line_as(spending)
        )  # fmt: skip
