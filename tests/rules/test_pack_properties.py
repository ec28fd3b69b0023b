"""What holds for every pack: sound budgets raise nothing, a wrong part of a sum is reported, and amounts have no favourite size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import load
from budgetaudit.rules.equation import Children
from budgetaudit.rules.pack import packs_here
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.testing import budgets

# Rates that are written in two ways, for increases and for cuts, cannot all have figures at once.
GENERATED = [name for name in packs_here() if name != "cn.performance"]
RULES = {rule.id: rule for name in packs_here() for rule in RuleSet.load(name)}
FEW = settings(max_examples=4)


def judged(rule, budget):
    pack = RuleSet.load(rule.id.partition("/")[0])
    outcomes = evaluate_all(bind(pack, budget).relations, budget)
    return [one.verdict for one in outcomes if rule.id in {one.relation.rule, *one.relation.also}]


def changed(budget, line_id, amount):
    """The same budget with another amount in one line."""
    lines = (one.model_copy(update={"amount": amount}) if one.id == line_id else one for one in budget.lines)
    return Budget(tuple(lines), budget.documents, budget.statements, budget.remarks, budget.unplaced)


@pytest.mark.parametrize("pack", GENERATED)
@FEW
@given(data=st.data())
def test_a_budget_behind_which_true_values_exist_is_never_wrong(pack, data):
    report = ba.audit(data.draw(budgets(pack)), rules=pack)
    assert not [finding for finding in report.findings if finding.verdict in {"inconsistent", "failed"}]


@pytest.mark.parametrize("pack", GENERATED)
@FEW
@given(data=st.data())
def test_a_wrong_part_of_a_sum_that_must_balance_is_reported(pack, data):
    budget = data.draw(budgets(pack))
    sums = [
        one
        for one in ba.audit(budget, rules=pack).outcomes
        if one.relation.form == "sum" and one.relation.strength == "balance" and one.verdict in {"exact", "rounding"}
        and one.relation.rule in RULES and RULES[one.relation.rule].when is None and any(term.role == "part" for term in one.relation.terms)
    ]  # fmt: skip
    if not sums:
        return
    outcome = data.draw(st.sampled_from(sums))
    part = data.draw(st.sampled_from([term for term in outcome.relation.terms if term.role == "part"]))
    amount = budget.line(part.line).amount
    beyond = int(2 * (outcome.bound or Fraction(0)) * outcome.unit.scale / amount.unit.scale) + 10
    wrong = replace(amount, value=amount.value + Decimal(beyond))
    report = ba.audit(changed(budget, part.line, wrong), rules=pack)
    (found,) = [
        one
        for one in report.outcomes
        if one.relation.rule == outcome.relation.rule and one.relation.terms == outcome.relation.terms
    ]
    # A list of a pack that no other list of its table supports may be a list of some codes only: it stays open if it is short.
    rolled_up = isinstance(RULES[outcome.relation.rule].equation.right, Children)
    assert found.verdict == "inconsistent" or (rolled_up and found.verdict == "undecided")
    assert any(
        outcome.relation.rule in {finding.rule, *finding.missing} or part.line in finding.lines
        for finding in report.findings
    )


def scaled(figure, factor):
    """A printed amount times a whole number; a ratio, a count and a dash as they are."""
    if figure.endswith("%") or not figure.strip("-").replace(".", "").isdigit():
        return figure
    return f"{Decimal(figure) * factor:f}"


@pytest.mark.parametrize("rule_id", [rule_id for rule_id in RULES if not rule_id.startswith("cn.performance")])
@settings(max_examples=1)
@given(factor=st.integers(2, 9999))
def test_what_holds_holds_for_larger_amounts(rule_id, factor):
    rule = RULES[rule_id]
    for example in rule.examples:
        if example.verdict == "exact":
            larger = replace(example, figures={name: scaled(text, factor) for name, text in example.figures.items()})
            assert judged(rule, Budget.from_records(rule.records(larger))) in (["exact"], ["rounding"])


# --- A whole final account -------------------------------------------------------------------------------------------------

ITEMS = [entry.code for entry in load("cn.function").entries if len(entry.code) == 3][:40]
LINES = {
    "人员经费": [("301", "01"), ("301", "02"), ("303", "05")],
    "公用经费": [("302", "01"), ("302", "11"), ("310", "02")],
}
ECONOMIC = {code for codes in LINES.values() for code in codes}


@st.composite
def final_accounts(draw):
    """The tables of a final account as facts, in ten thousand yuan: true amounts in cents, rolled up and rounded once."""
    spending = {}  # item, column and fund to cents
    for code in draw(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=6, unique=True)):
        for column in ("基本支出", "项目支出"):
            for fund in ("general", "government-fund"):
                spending[code, column, fund] = (
                    draw(st.integers(0, 10**9)) if fund == "general" or column == "项目支出" else 0
                )
    basic = sum(cents for (_, column, _), cents in spending.items() if column == "基本支出")
    cuts = sorted(draw(st.lists(st.integers(0, basic), min_size=5, max_size=5)))
    economic = dict(zip([code for codes in LINES.values() for code in codes], _pieces(cuts, basic), strict=True))
    other, opening = draw(st.integers(0, 10**8)), draw(st.integers(0, 10**8))

    facts: dict[tuple, int] = defaultdict(int)
    for (code, column, fund), cents in spending.items():
        for scope in (None, "appropriation", fund):
            for length in (1, 2, 3):
                facts["cn.function", code[:length], (), scope] += cents
                facts["cn.function", code[:length], (column,), scope] += cents
            facts[column, None, (), scope] += cents
            facts["本年支出合计", None, (), scope] += cents
    for code, cents in economic.items():
        for length in (1, 2):
            facts["cn.economic", code[:length], ("基本支出",), "general"] += cents
        facts[next(name for name, codes in LINES.items() if code in codes), None, (), "general"] += cents
    total = facts["本年支出合计", None, (), None]
    facts["财政拨款收入", None, (), None] = total
    facts["其他收入", None, (), None] = other
    facts["本年收入合计", None, (), None] = total + other
    facts["年初结转和结余", None, (), None] = opening
    facts["年末结转和结余", None, (), None] = opening + other
    facts["收入总计", None, (), None] = facts["支出总计", None, (), None] = total + other + opening
    return [
        {"label": label if code is None else "|".join(code), "code": code, "classification": label if code else None, "within": within,
         "fund": fund, "phase": "actual", "period": "2023", "entity": "办公室", "amount": _wan(cents), "unit": "万元"}
        for (label, code, within, fund), cents in facts.items()
    ]  # fmt: skip


def _pieces(cuts, whole):
    ends = [0, *cuts, whole]
    return [later - earlier for earlier, later in pairwise(ends)]


def _wan(cents):
    return f"{Decimal(cents).scaleb(-6).quantize(Decimal('0.01')):f}"


@settings(max_examples=6)
@given(final_accounts())
def test_a_sound_final_account_raises_nothing_but_rounding(records):
    report = ba.audit(records)
    assert {pack.name for pack in report.packs} == {"cn", "cn.final"}
    assert report.counts["inconsistent"] == report.counts["failed"] == 0
    assert sum(outcome.relation.rule.startswith("cn.final/") for outcome in report.outcomes) > 30


@settings(max_examples=6)
@given(final_accounts(), st.data())
def test_a_wrong_figure_of_a_final_account_is_reported(records, data):
    number = data.draw(st.integers(0, len(records) - 1))
    figure = Decimal(records[number]["amount"])
    records[number] = {**records[number], "amount": f"{figure + 1000:f}"}
    report = ba.audit(records)
    named = f"l{number + 1}"
    assert any(
        finding.severity in {"error", "warning"} and any(named in {term.line for term in outcome.relation.terms} for outcome in finding.outcomes)
        for finding in report.findings
    )  # fmt: skip
