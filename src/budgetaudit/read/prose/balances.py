"""Balances: what is left over at the end is what came in less what went out.

收支相抵，结余x closes two totals; 上年结余a，收入b，支出c，年末结余d rolls a balance forward. Which of the figures before it a
surplus closes is said by no word, so the figures decide: only what fits is asserted. A missing transfer or loan would make
any other equation wrong, and nobody is accused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.lists import adds_up, differs_by, parts_statement
from budgetaudit.read.prose.naming import side_of
from budgetaudit.read.prose.passage import Clause, Passage
from budgetaudit.read.prose.state import State
from budgetaudit.read.prose.wording import words_compare

_OPENING: Final = re.compile(r"(?:年初|上年度?|期初|去年)(?:末|底|滚存|累计)*(?:结转和结余|结余|结转)(?:资金|数)?\Z")
_SURPLUS: Final = re.compile(r"(?:结余|盈余|赤字|差额|余绌|差短|结转下年|缺口|结转|短绌|节余)(?:资金|支出|数)?\Z")
_TOTAL: Final = re.compile(r"总计|总收入|总支出|总财力|总量")  # income and spending have sections of their own
_EVEN: Final = re.compile(
    r"收支(?:总体|基本|预算|实现|保持)*(?:平衡|相等)|(?:收支|两者|轧抵)相抵,?(?:后)?(?:实现)?(?:收支)?平衡"
)
_COMES_IN: Final = re.compile(r"收入|岁入|补助|调入|转贷|财力|动用")
_GOES_OUT: Final = re.compile(r"支出|岁出|上解|调出|还本|安排预算稳定调节基金|补充")


def balance(state: State, surplus: Fact) -> None:
    """Relate a surplus to the two totals, or to the flows since the last surplus, that it fits."""
    if _OPENING.search(surplus.label) or not _SURPLUS.search(surplus.label):
        return
    before = [
        fact for fact in state.recent(40)
        if fact is not surplus and fact.amount.unit.measures_like(surplus.amount.unit)
        and (fact.section == surplus.section or _TOTAL.search(fact.label))
    ]  # fmt: skip
    for pair in _pairs(before):
        if differs_by(surplus, *pair):
            more, less = sorted(pair, key=lambda level: level.value, reverse=True)
            _assert(state, surplus, (more, less), (1, -1))
            surplus.fund = surplus.fund or more.fund  # of the account whose sides it balances
            return
    _roll_forward(state, surplus, [fact for fact in before if fact.passage >= surplus.passage - 1])


def even(state: State, passage: Passage, clause: Clause) -> None:
    """收支平衡: the income and the spending printed last that are equal, totals with what was carried over included."""
    if not _EVEN.search(passage.text(clause)):
        return
    levels = [fact for fact in state.recent(40) if fact.amount.unit.kind == "money" and not fact.is_base]
    incomes, spendings = ([fact for fact in levels if side_of(fact.label) == side] for side in ("income", "spending"))
    for spending in reversed(spendings):
        for income in reversed(incomes):
            if income.value == spending.value and (income.period, income.phase) == (spending.period, spending.phase):
                said = words_compare(income, "=", spending, passage, clause.start, clause.end)
                state.statements.append(said)
                return


def _roll_forward(state: State, surplus: Fact, flows: Sequence[Fact]) -> None:
    """上年结余a，收入b，支出c，年末结余d: d = a + b - c, over the longest run of flows before it that fits."""
    signs = [_sign(flow) for flow in flows]
    for first in range(len(flows) - 1):
        run, weights = flows[first:], signs[first:]
        if {1, -1} <= set(weights) and 0 not in weights and adds_up(surplus, run, weights):
            _assert(state, surplus, run, weights)
            return


def _sign(flow: Fact) -> int:
    if _OPENING.search(flow.label) or side_of(flow.label) == "income":
        return 1
    if side_of(flow.label) == "spending":
        return -1
    return 1 if _COMES_IN.search(flow.label) else -1 if _GOES_OUT.search(flow.label) else 0


def _assert(state: State, surplus: Fact, flows: Sequence[Fact], weights: Sequence[int]) -> None:
    state.statements.append(parts_statement("split", surplus, flows, weights=weights, source=surplus.number.source))


def _pairs(levels: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Income and spending, and budget and outturn of one line, the latest first."""
    incomes = [level for level in levels if re.search("收入|岁入|财力", level.label)]
    spendings = [level for level in levels if re.search("支出|岁出", level.label)]
    for spending in reversed(spendings):
        yield from ((income, spending) for income in reversed(incomes))
        yield from ((budget, spending) for budget in reversed(spendings) if _is_budget_of(budget, spending))


def _is_budget_of(budget: Fact, spending: Fact) -> bool:
    named_alike = budget.same_line_as(spending) or budget.label.endswith(spending.label)
    return named_alike and budget.phase in {"budget", "adjusted"} and spending.phase == "actual"
