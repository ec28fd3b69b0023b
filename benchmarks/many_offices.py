"""Key figures of many offices, and lists that a text states about them."""

from __future__ import annotations

from decimal import Decimal

from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.statement import Statement, Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit_names import parse_unit

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


def many_offices(entities: int, statements: int) -> Budget:
    """Key figures of many offices in two phases, and lists that the text states about them."""
    unit, lines = parse_unit("万元"), list[BudgetLine]()
    for entity in range(entities):
        for phase in ("budget", "actual"):
            for label in LABELS:
                number = len(lines)
                identity = Identity(label=label, entity=f"office {entity}", period="2023", phase=phase)
                amount = Amount(Decimal(f"{number}.{number % 90 + 10}"), 2, unit)
                lines.append(BudgetLine(id=f"l{number}", label=label, identity=identity, amount=amount))
    stated: list[Statement] = []
    for number in range(statements):
        first = number * 7 % (len(lines) - 3)
        terms = [Term(f"l{first + place}", "part" if place else "total") for place in range(4)]
        stated.append(Statement("split", tuple(terms)))
    return Budget(tuple(lines), statements=tuple(stated))
