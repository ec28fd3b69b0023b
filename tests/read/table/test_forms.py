"""Titles: which published table they name, whatever its number, its script and its punctuation."""

from __future__ import annotations

import pytest

from budgetaudit.read.table.forms import form_of


@pytest.mark.parametrize(
    ("title", "key", "fund"),
    [
        ("收入支出决算总表", "cn.final.income-expenditure", None), ("收入決算表", "cn.final.income", None),
        ("2031年度支出决算表", "cn.final.spending", None), ("财政拨款收入支出决算总表", "cn.final.appropriation", "appropriation"),
        ("一般公共预算财政拨款支出决算表", "cn.final.general-spending", "general"),
        ("一般公共预算财政拨款基本支出决算表", "cn.final.general-basic", "general"),
        ("财政拨款“三公”经费支出决算表", "cn.final.three-public", None),
        ("政府性基金预算财政拨款收入支出决算表", "cn.final.government-fund", "government-fund"),
        ("国有资本经营预算财政拨款支出决算表", "cn.final.state-capital", "state-capital"),
        ("收支预算总表", "cn.budget.income-expenditure", None), ("2031年部门财务收支预算总表", "cn.budget.income-expenditure", None),
        ("收入预算总表", "cn.budget.income", None), ("支出预算总表", "cn.budget.spending", None),
        ("财政拨款收支预算总表", "cn.budget.appropriation", "appropriation"),
        ("财政拨款支出预算表（功能科目）", "cn.budget.appropriation-spending", "appropriation"),
        ("财政拨款基本支出预算表（经济科目）", "cn.budget.appropriation-basic", "appropriation"),
        ("一般公共预算支出功能分类预算表", "cn.budget.general-spending", "general"),
        ("部门一般公共预算基本支出部门预算经济分类预算表", "cn.budget.general-basic", "general"),
        ("“三公”经费、会议费、培训费支出预算表", "cn.budget.three-public", None),
        ("部门“三公”经费和机关运行经费预算表", "cn.budget.three-public", None),
        ("一般公共预算机关运行经费支出预算表", "cn.budget.operating", "general"), ("2031年政府采购预算表", "cn.budget.procurement", None),
        ("某市政府采购中心2031年部门支出预算总表", "cn.budget.spending", None), ("一般公共预算财政拨款项目支出决算表", "cn.final.general-projects", "general"),
        ("2031年一般公共预算“三公”经费支出预算表", "cn.budget.three-public", None), ("一般公共预算财政拨款基本支出决算明细表", "cn.final.general-basic", "general"),
        ("财政拨款政府性基金支出预算表", "cn.budget.government-fund", "government-fund"),
    ],
)  # fmt: skip
def test_a_title_names_its_table(title, key, fund):
    form = form_of(title)
    assert (form.key, form.fund) == (key, fund)


def test_a_title_without_a_kind_takes_that_of_the_document():
    assert form_of("收支总表", "budget").key == "cn.budget.income-expenditure"
    assert form_of("收支总表", "actual").key == "cn.final.income-expenditure"
    assert form_of("收支总表").key == ""


@pytest.mark.parametrize("title", ["", "Statement of revenue", "单位人员情况", "目录"])
def test_other_titles_have_no_key(title):
    assert form_of(title, "actual").key == ""
