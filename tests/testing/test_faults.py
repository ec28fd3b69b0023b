"""Faults: each kind is planted, told truly, and reported unless the oracle proves that nothing can be seen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.bind import bind
from budgetaudit.testing import budgets, faulty, rulesets
from budgetaudit.testing.faults import KINDS
from budgetaudit.testing.oracle import judged

JUDGED = {
    "exact": "holds", "rounding": "holds", "inconsistent": "fails", "undefined": "fails", "failed": "fails",
    "undecided": "open",
}  # fmt: skip
RULES = ["total = wages + goods + capital", "wages <= total", "share% = wages / total", "left = total - goods"]
FEW = max(6, settings.default.max_examples // 10)  # of each of many
THOROUGH = settings(max_examples=1000, deadline=None, database=None, suppress_health_check=[*HealthCheck])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=FEW)
@given(data=st.data(), places=st.sampled_from([2, 0, (0, 3)]))
def test_every_fault_is_reported_unless_it_provably_leaves_all_relations_consistent(kind, data, places):
    drawn = data.draw(faulty(budgets(RULES, places=places), rules=RULES, kinds=[kind]))
    report = ba.audit(drawn.budget, rules=RULES)
    reported = {outcome.relation.rule for outcome in report.outcomes if JUDGED[outcome.verdict] == "fails"}
    assert reported == set(drawn.fault.breaks)
    assert drawn.fault.hidden == (not report.at_least("warning") or all_likely(report))
    assert not ba.audit(drawn.sound, rules=RULES).at_least("error")


def all_likely(report):
    """Whether every warning is only that rounding hardly ever leaves such a gap."""
    return all(finding.verdict == "rounding" for finding in report.at_least("warning"))


@given(rulesets(), st.data())
def test_faults_in_figures_of_any_rules_are_judged_alike_by_the_audit_and_the_oracle(ruleset, data):
    sound = budgets(st.just(ruleset), missing=1, prints=1, largest=50)
    drawn = data.draw(faulty(sound, rules=ruleset))
    for outcome in ba.audit(drawn.budget, rules=ruleset).outcomes:
        assert judged(outcome.relation, drawn.budget) == JUDGED[outcome.verdict]


@given(faulty(rules=RULES))
def test_a_fault_says_what_it_did(drawn):
    fault = drawn.fault
    assert fault.before != fault.after
    for line_id, before, after in zip(fault.lines, fault.before, fault.after, strict=True):
        assert drawn.sound.line(line_id).amount == before
        assert after in [line.amount for line in drawn.budget.prints(line_id)]
    others = [line for line in drawn.sound if line.id not in fault.lines]
    assert all(drawn.budget.line(line.id) == line for line in others)


@pytest.mark.parametrize("hidden", [True, False])
def test_some_faults_are_hidden_and_some_are_not(hidden):
    unshrunk = settings(THOROUGH, phases=[Phase.generate])
    find(faulty(rules=["wages <= total"]), lambda drawn: drawn.fault.hidden == hidden, settings=unshrunk)


def test_a_fault_shrinks_to_one_step_in_the_smallest_figures():
    rules = ["total = wages + goods"]
    found = find(faulty(rules=rules, kinds=["digit-replaced"]), lambda drawn: not drawn.fault.hidden, settings=THOROUGH)
    assert sum(line.amount.value for line in found.budget) <= 2


def test_kinds_are_known_by_name():
    with pytest.raises(ba.BudgetAuditError, match="nearest: 'sign-reversed'"):
        find(faulty(rules=RULES, kinds=["sign-reverse"]), lambda _: True)


@pytest.mark.parametrize(
    ("figures", "kind", "after"),
    [
        ({"t": "5.00", "a": "2.00", "b": "3.00"}, "omitted-part", {"3.00", "2.00"}),
        ({"t": "5.00", "a": "2.00", "b": "3.00"}, "counted-twice", {"7.00", "8.00"}),
        ({"t": "5.00", "a": "2.00", "b": "3.00"}, "sign-reversed", {"-5.00", "-2.00", "-3.00"}),
        ({"t": "12", "a": "12", "b": "0"}, "digits-transposed", {"21"}),
        ({"t": "1.20", "a": "1.20", "b": "0.00"}, "decimal-shift", {"0.12", "12.00"}),
    ],
)
def test_what_a_slip_makes_of_figures(figures, kind, after):
    budget = ba.Budget.from_dict(figures)
    seen = set()

    @settings(max_examples=60)
    @given(faulty(budget, rules=["t = a + b"], kinds=[kind]))
    def drawn(spoiled):
        seen.update(str(amount.value) for amount in spoiled.fault.after)

    drawn()
    assert seen == after


# --- The oracle -------------------------------------------------------------------------------------------------------

CONVENTIONS = [
    {}, {"rounding": "truncate"}, {"rounding": "floor"}, {"ties": "even"}, {"ties": "away"}, {"totals_from": "rounded"},
    {"totals_from": "adjusted"}, {"exact_below": "100"}, {"missing": "absent-is-zero"}, {"missing": "open"},
    {"tolerance": "0.01"}, {"negative_base": "absolute"}, {"negative_base": "signed"},
]  # fmt: skip


@pytest.mark.parametrize("convention", CONVENTIONS, ids=str)
@settings(max_examples=FEW)
@given(data=st.data())
def test_figures_near_consistency_are_judged_alike_under_every_convention(convention, data):
    given_rules = ["t = a + b - c", "a <= t + c", "s% = a / t", "g% = (a - b) / b", "k% = d[change] / (a - d[change])"]
    ruleset = ba.RuleSet.from_equations(given_rules, convention=ba.Convention(**convention))
    prints = 0 if "tolerance" in convention else 1  # what a tolerance allows two prints to differ has tests of its own
    negative = data.draw(st.booleans())
    budget = data.draw(budgets(ruleset, places=(-1, 2), missing=1, prints=prints, largest=9, negative=negative))
    lines = [nudged(line, data.draw(st.sampled_from([0, 0, 0, -1, 1, 2]))) for line in budget.lines]
    near = ba.Budget(tuple(lines))
    for outcome in ba.audit(near, rules=ruleset).outcomes:
        assert judged(outcome.relation, near) == JUDGED[outcome.verdict], outcome


def nudged(line, steps):
    amount = line.amount
    if amount is None:
        return line
    return line.model_copy(
        update={"amount": replace(amount, value=amount.value + steps * Decimal(1).scaleb(-amount.places))}
    )


def test_the_oracle_tells_open_ends_from_closed_ones():
    """Digits cut off: 6 stands for [6, 7), which 7 without hidden digits is not in; 9.60 and 10 - 0.4 meet in 9.60."""
    cut = ba.Convention(rounding="truncate")
    for figures, verdict in (
        ({"t": "6", "a": "7"}, "fails"),
        ({"t": "9.60", "a": "10", "b": "0.4"}, "holds"),
        ({"t": "2.2", "a": "2.1"}, "fails"),
    ):
        budget = ba.Budget.from_dict(figures)
        exact = [
            line.model_copy(update={"amount": replace(line.amount, precision="exact")}) if line.amount.value in {7, 10} else line
            for line in budget
        ]  # fmt: skip
        budget = ba.Budget(tuple(exact))
        equation = "t = a - b" if "b" in figures else "t = a"
        (relation,) = bind(ba.RuleSet.from_equations([equation], convention=cut), budget).relations
        assert judged(relation, budget) == verdict
