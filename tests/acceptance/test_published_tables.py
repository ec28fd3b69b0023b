"""Published documents with tables: every printed amount is bound, what it means is right, and nothing sound is accused.

The figures here were typed from the printed pages and counted with another PDF reader. The documents lie beside the
checkout; where they do not, these tests skip.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import budgetaudit as ba
from budgetaudit.model.budget import Budget
from budgetaudit.read.material import Material
from budgetaudit.read.pdf import read_pdf
from budgetaudit.read.whole import budget_of
from planted import planted

# Amounts that the tables print, and relations that are at least evaluated.
PRINTED = {
    "js-congress-office-2017": (162, 150), "js-cppcc-office-2019-tables": (154, 95), "js-high-court-2019": (216, 190),
    "js-party-office-2019-tables": (181, 95), "sh-district-office-budget-2025": (221, 350), "sh-party-department-final-2024": (205, 320),
}  # fmt: skip
# What a careful reader raises too: shares of a wrong whole; a share taken as the remainder, and rates on a base of nothing.
REAL = {"js-congress-office-2017": {"RAT004": 1}, "sh-party-department-final-2024": {"RAT001": 1, "RAT005": 5}}

# document, table, label, code, within, fund, value as printed
TYPED = [
    ("js-congress-office-2017", "income-expenditure", "本年收入合计", "", "", None, "13,649.07"),
    ("js-congress-office-2017", "income-expenditure", "社会保障和就业支出", "208", "", None, "1,608.51"),
    ("js-congress-office-2017", "appropriation-basic", "住房公积金", "303.11", "基本支出", "appropriation", "494.22"),
    ("js-congress-office-2017", "general-basic", "提租补贴", "303.12", "基本支出", "general", "1,018.01"),
    ("js-congress-office-2017", "general-spending", "人大会议", "201.01.04", "", "general", "1,305.25"),
    ("js-congress-office-2017", "operating", "机关运行经费", "", "", None, "5,619.31"),
    ("js-congress-office-2017", "operating", "商品和服务支出", "302", "机关运行经费", "general", "5,560.31"),
    ("js-congress-office-2017", "three-public", "三公经费", "", "", None, "833.60"),
    ("js-congress-office-2017", "three-public", "公务用车运行维护费", "", "", None, "183.60"),
    ("js-congress-office-2017", "three-public", "合计", "", "", None, "2,542.60"),
    ("js-congress-office-2017", "procurement", "政府采购预算", "", "", None, "2,247.85"),
    ("js-high-court-2019", "income-expenditure", "收入总计", "", "", None, "37,188.34"),
    ("js-high-court-2019", "income-expenditure", "公共安全支出", "204", "", None, "27,488.23"),
    ("js-high-court-2019", "income-expenditure", "单位预留机动经费", "", "", None, "5,011.40"),
    ("js-high-court-2019", "spending", "项目支出", "", "", None, "10,208.94"),
    ("js-high-court-2019", "appropriation-spending", "案件审判", "204.05.04", "", "appropriation", "1,599.11"),
    ("js-high-court-2019", "appropriation-basic", "基本支出", "", "", "appropriation", "21,968.00"),
    ("js-high-court-2019", "three-public", "三公经费", "", "", None, "513.75"),
    ("js-high-court-2019", "three-public", "会议费", "", "", None, "271.02"),
    ("js-high-court-2019", "three-public", "培训费", "", "", None, "1,597.25"),
    ("js-high-court-2019", "procurement", "政府采购服务预算", "", "", None, "3,059.87"),
    ("js-cppcc-office-2019-tables", "income-expenditure", "基本支出", "", "", None, "6,522.75"),
    ("js-cppcc-office-2019-tables", "appropriation", "基本支出", "", "", "appropriation", "6,442.75"),
    ("js-cppcc-office-2019-tables", "income", "其他收入", "", "", None, "80.00"),
    ("js-cppcc-office-2019-tables", "general-spending", "行政运行", "201.02.01", "", "general", "5,223.22"),
    ("js-party-office-2019-tables", "general-basic", "对个人和家庭的补助", "303", "基本支出", "general", "1,167.40"),
    ("js-party-office-2019-tables", "procurement", "政府采购预算", "", "", None, "1,422.50"),
    ("sh-district-office-budget-2025", "income-expenditure", "收入总计", "", "", None, "91,016,775.35"),
    ("sh-district-office-budget-2025", "income", "事业运行", "201.03.50", "财政拨款收入", None, "3,807,295.58"),
    ("sh-district-office-budget-2025", "spending", "行政运行", "201.03.01", "项目支出", None, "110,000.00"),
    ("sh-district-office-budget-2025", "general-spending", "购房补贴", "221.02.03", "", "general", "1,867,680.00"),
    ("sh-district-office-budget-2025", "general-basic", "人员经费", "", "", "general", "22,473,997.81"),
    ("sh-district-office-budget-2025", "general-basic", "公务接待费", "302.17", "公用经费", "general", "185,000.00"),
    ("sh-district-office-budget-2025", "three-public", "因公出国(境)费", "", "", None, "839.00"),
    ("sh-district-office-budget-2025", "three-public", "机关运行经费", "", "", None, "213.28"),
    ("sh-party-department-final-2024", "income-expenditure", "支出总计", "", "", None, "307.82"),
    ("sh-party-department-final-2024", "income", "住房公积金", "221.02.01", "财政拨款收入", None, "17.70"),
    ("sh-party-department-final-2024", "spending", "其他社会工作事务支出", "201.39.99", "项目支出", None, "202.24"),
    ("sh-party-department-final-2024", "appropriation", "住房保障支出", "221", "", "general", "29.42"),
    ("sh-party-department-final-2024", "general-spending", "项目支出", "", "", "general", "202.24"),
    ("sh-party-department-final-2024", "general-basic", "福利费", "302.29", "基本支出", "general", "1.48"),
    ("sh-party-department-final-2024", "general-basic", "公用经费", "", "", "general", "10.23"),
]  # fmt: skip


@cache
def _material(path: Path) -> Material:
    return read_pdf(path.read_bytes(), name=path.name)


@cache
def _budget(path: Path) -> Budget:
    return budget_of(_material(path), name=path.name)


def of_tables(budget: Budget) -> list[ba.BudgetLine]:
    return [line for line in budget if line.source and line.source.table and line.amount is not None]


@pytest.mark.parametrize("document", PRINTED)
def test_every_amount_that_tables_print_is_bound(shared, document):
    budget = _budget(shared / "corpus" / f"{document}.pdf")
    assert len(of_tables(budget)) == PRINTED[document][0]
    assert [figure for figure in budget.unplaced if figure.reason == "no label"] == []


@pytest.mark.parametrize(("document", "table", "label", "code", "within", "fund", "printed"), TYPED)
def test_what_a_cell_means(shared, document, table, label, code, within, fund, printed):
    found = [
        line
        for line in of_tables(_budget(shared / "corpus" / f"{document}.pdf"))
        if line.identity.label == label
        and ".".join(line.identity.code or ()) == code
        and ".".join(line.identity.within) == within
        and line.identity.fund == fund
        and line.source is not None
        and (line.source.table or "").endswith(f".{table}")
    ]
    assert [line.source.text for line in found if line.source] == [printed]


@pytest.mark.parametrize("document", PRINTED)
def test_sound_tables_are_checked_and_not_accused(shared, document):
    report = ba.audit(_budget(shared / "corpus" / f"{document}.pdf"))
    raised = Counter(finding.kind for finding in report.findings if finding.severity != "info")
    assert raised == REAL.get(document, {})
    assert report.checked >= PRINTED[document][1]


def test_a_blank_form_prints_no_amount_and_checks_nothing(shared):
    budget = _budget(shared / "corpus" / "sh-blank-final-form-2024.pdf")
    assert [line for line in budget if line.amount is not None and line.amount.unit.kind == "money"] == []
    assert ba.audit(budget).checked == 0


@pytest.mark.parametrize("document", PRINTED)
def test_a_changed_digit_in_a_table_is_reported(shared, document):
    """A few of each document; the benchmarks try hundreds."""
    material, name = _material(shared / "corpus" / f"{document}.pdf"), f"{document}.pdf"
    tried = list(planted(material, name=name, most=4, draw=random.Random(1)))
    assert len(tried) == 4
    assert all(one.reported for one in tried), [one for one in tried if not one.reported]
