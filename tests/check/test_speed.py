"""A long report binds and is judged in a fraction of a second, and twice the figures cost about twice the time."""

from __future__ import annotations

import time
from decimal import Decimal

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.statement import Statement, Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit_names import parse_unit
from budgetaudit.rules.ruleset import RuleSet

LABELS = [
    "本年支出合计",
    "基本支出",
    "项目支出",
    "人员经费",
    "公用经费",
    "工资福利支出",
    "商品和服务支出",
    "对个人和家庭的补助",
    "资本性支出",
    "三公经费",
    "公务接待费",
    "公务用车购置及运行维护费",
    "公务用车购置费",
    "公务用车运行维护费",
    "收入总计",
    "支出总计",
    "本年收入合计",
    "财政拨款收入",
    "其他收入",
    "年初结转和结余",
    "年末结转和结余",
    "机关运行经费",
    "政府采购支出总额",
    "政府采购货物支出",
    "政府采购服务支出",
]


def long_report(entities, statements):
    """Key figures of many offices in two phases, and lists that the text states about them."""
    unit, lines = parse_unit("万元"), []
    for entity in range(entities):
        for phase in ("budget", "actual"):
            for label in LABELS:
                number = len(lines)
                identity = Identity(label=label, entity=f"office {entity}", period="2023", phase=phase)
                amount = Amount(Decimal(f"{number}.{number % 90 + 10}"), 2, unit)
                lines.append(BudgetLine(id=f"l{number}", label=label, identity=identity, amount=amount))
    stated = []
    for number in range(statements):
        first = number * 7 % (len(lines) - 3)
        terms = [Term(f"l{first + place}", "part" if place else "total") for place in range(4)]
        stated.append(Statement("split", tuple(terms)))
    return Budget(tuple(lines), statements=tuple(stated))


def seconds(budget, rules):
    start = time.process_time()
    outcomes = evaluate_all(bind(rules, budget).relations, budget)
    return time.process_time() - start, len(outcomes)


def test_two_thousand_lines_and_fifteen_hundred_statements():
    rules, budget = RuleSet.load("cn"), long_report(40, 1500)
    assert len(budget) == 2000
    best = min(seconds(budget, rules) for _ in range(2))
    assert best[1] > 2000
    assert best[0] < 2.5  # 0.4 on the machine it was written on; shared machines vary


def test_time_grows_with_the_figures_not_with_their_square():
    rules = RuleSet.load("cn")
    small, large = (min(seconds(long_report(entities, 100), rules)[0] for _ in range(3)) for entities in (10, 40))
    assert large < 4 * small * 2.5
