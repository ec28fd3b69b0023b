"""The page of relations is complete, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from budgetaudit.check.bind import TIE_OUT
from budgetaudit.check.stated import STATED
from budgetaudit.findings.kinds import KINDS
from budgetaudit.rules.ruleset import RuleSet

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cn-relations.md"
SAYS = {"split", "change", "decomposition", "growth", "share", "shares-total", "rate", "average", "limit"}
# Final accounts, ties, text, budgets, performance, governments: the numbers of the relations, which are not consecutive.
FAMILIES = {
    "F": (*range(1, 15), *range(20, 24), *range(30, 33), *range(40, 44), *range(50, 55), 60, 61),
    "X": range(1, 13), "T": range(1, 8), "B": range(1, 9), "P": range(1, 12), "G": range(1, 6),
}  # fmt: skip
RULES = {rule.id: rule for rule in RuleSet.load("cn", "cn.final", "cn.budget", "cn.performance")}
# What is not checked at all, and what lies behind it.
UNCHECKED = {"X11", "B06", "G04"}


def relations():
    rows = (line.split("|")[1:-1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| "))
    return {
        cells[0].strip(): (cells[1].strip(), re.findall(r"`([^`]+)`", cells[2]), cells[3].strip())
        for cells in rows
        if re.fullmatch(r" [FXTBPG][0-9]{2} ", cells[0])
    }


def test_every_relation_of_the_field_stands_on_the_page():
    expected = [f"{family}{number:02}" for family, numbers in FAMILIES.items() for number in numbers]
    assert list(relations()) == expected
    assert len(expected) == 75


def test_what_checks_a_relation_exists():
    stated = {STATED + what for what in SAYS}
    for relation, (what, checks, _) in relations().items():
        assert what, relation
        for check in checks:
            assert check in RULES or check in stated or check in KINDS or check == TIE_OUT, (relation, check)


def test_what_is_not_checked_has_a_reason():
    unchecked = {relation for relation, (_, checks, _) in relations().items() if not checks}
    assert unchecked == UNCHECKED
    assert all(len(relations()[relation][2]) > 40 for relation in unchecked)


def test_no_rule_for_chinese_budgets_stands_beside_the_page():
    """Rules of tables are named on the page, or are the same check of another column or of budgets."""
    named = {check for _, checks, _ in relations().values() for check in checks}
    beside = {
        rule_id for rule_id in RULES if rule_id not in named and rule_id.replace("cn.budget", "cn.final") not in named
    }
    columns = {"superior-units", "operating", "subordinate-units", "superior-grants", "institutions", "operating-income", "subordinate-income", "other-income"}  # fmt: skip
    expected = {f"{pack}/total-of-{column}" for pack in ("cn.final", "cn.budget") for column in columns}
    expected |= {
        f"{pack}/{part}-by-economic-class" for pack in ("cn.final", "cn.budget") for part in ("personnel", "office")
    }
    expected |= {"cn.budget/income-rows-by-fund", "cn.performance/scores-of-budget-rows", "cn.performance/scores-of-budget-not-negative"}  # fmt: skip
    expected |= {rule_id for rule_id in beside if rule_id.startswith("cn/")}
    assert beside == expected
    assert {rule_id for rule_id in beside if rule_id.startswith("cn/")} <= {
        "cn/spending-within-adjusted-budget", "cn/three-public-expenses-within-classes", "cn/carry-over-of-the-year",
        "cn/score-of-total", "cn/score-of-budget-execution", "cn/score-of-outputs", "cn/score-of-benefits", "cn/score-of-satisfaction",
    }  # fmt: skip
