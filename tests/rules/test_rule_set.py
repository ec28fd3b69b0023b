"""Rule sets: frozen, chosen from by id and kind, and never silently empty."""

from __future__ import annotations

import dataclasses

import pytest

from budgetaudit.errors import RuleError
from budgetaudit.model.budget import Budget
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet

SET = RuleSet.from_equations(
    {"office/income": "income = grants + fees", "office/rate": "rate% = a / b", "limit": "a <= b"}
)


def ids(ruleset):
    return [rule.id for rule in ruleset]


@pytest.mark.parametrize(
    ("text", "kind", "strength"),
    [
        ("a = b + c", "SUM001", "balance"),
        ("a = b", "TIE002", "balance"),
        ("a = 2 * b", "SUM001", "balance"),
        ("a = b + 1", "SUM001", "balance"),
        ("a <= b", "ORD001", "logic"),
        ("r% = a / b", "RAT001", "logic"),
        ("r = a / b", "RAT006", "logic"),
        ("g% = (a - b) / b", "RAT002", "logic"),
        ("parent = sum(children)", "SUM001", "balance"),
    ],
)
def test_equations_become_rules_of_the_kind_they_are(text, kind, strength):
    (rule,) = RuleSet.from_equations([text])
    assert (rule.id, rule.kind, rule.strength) == ("equation/1", kind, strength)
    assert rule.convention == Convention()


def test_one_equation_is_one_rule_however_it_is_given():
    assert RuleSet.from_equations("a = b + c") == RuleSet.from_equations(["a = b + c"])


def test_equations_that_are_wrong_are_named():
    with pytest.raises(RuleError, match="rule equation/2: column 5"):
        RuleSet.from_equations(["a = b", "a = "])
    with pytest.raises(RuleError, match="rule limit: an equation is text, not int"):
        RuleSet.from_equations({"limit": 3})


def test_a_rule_set_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SET.rules = ()
    assert ids(SET.select("SUM")) == ["office/income"]
    assert len(SET) == 3


@pytest.mark.parametrize(
    ("selectors", "chosen"),
    [
        (["SUM"], ["office/income"]),
        (["RAT001"], ["office/rate"]),
        (["office"], ["office/income", "office/rate"]),
        (["office/"], ["office/income", "office/rate"]),
        (["limit"], ["limit"]),
        (["limit", "office/income"], ["office/income", "limit"]),
        (["ORD", "ORD001", "limit"], ["limit"]),
    ],
)
def test_selecting_and_ignoring_are_opposites(selectors, chosen):
    assert ids(SET.select(*selectors)) == chosen
    assert ids(SET.ignore(*selectors)) == [rule_id for rule_id in ids(SET) if rule_id not in chosen]


@pytest.mark.parametrize("selector", ["", "SUMS", "office/incom", "offic", "limit/", "none"])
def test_a_selection_that_matches_nothing_is_an_error(selector):
    for choose in (SET.select, SET.ignore):
        with pytest.raises(RuleError, match="no rule matches"):
            choose("ORD", selector)
    with pytest.raises(RuleError, match="nearest: 'office/income'"):
        SET.select("office/incom")


def test_a_rule_is_found_by_its_id():
    assert SET.rule("limit").kind == "ORD001"
    with pytest.raises(RuleError, match="no rule is called 'limits'; nearest: 'limit'"):
        SET.rule("limits")


def test_sets_are_joined_unless_they_share_an_id():
    other = RuleSet.from_equations({"more": "c = d + e"})
    assert ids(SET | other) == [*ids(SET), "more"]
    with pytest.raises(RuleError, match="given twice: limit"):
        _ = other | SET | RuleSet.from_equations({"limit": "a < b"})


def test_packs_are_remembered_whatever_is_chosen():
    chosen = RuleSet.load("cn").select("cn/basic-spending") | SET
    assert [pack.name for pack in chosen.packs] == ["cn"]
    assert repr(SET) == "RuleSet(3 rules; no pack)"
    assert repr(chosen).startswith("RuleSet(4 rules; cn 2026")


@pytest.mark.parametrize(
    ("figures", "unit", "packs"),
    [
        ({"基本支出": "1.00"}, None, ["cn"]),
        ({"total": "1.00"}, "万元", ["cn"]),
        ({"total": "1.00"}, None, []),
        ({"total": "1.00"}, "USD", []),
        ({}, None, []),
    ],
)
def test_packs_fit_documents_in_yuan_or_with_their_labels(figures, unit, packs):
    fitting = RuleSet.fitting(Budget.from_dict(figures, unit=unit))
    assert [pack.name for pack in fitting.packs] == packs
