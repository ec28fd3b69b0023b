"""Conditions of rules: certain, certainly not, or open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetaudit.model.budget import Budget
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention
from checking import amount, facts, pack, row, rule, run, verdicts


@pytest.mark.parametrize(
    ("condition", "printed", "sum_holds", "verdict"),
    [
        ("z = 0", None, False, "inconsistent"),  # nobody prints z: zero
        ("z = 0", "5.00", False, None),  # certainly not: the rule does not apply
        ("z = 0", "0.00", False, "undecided"),  # behind 0.00 may stand 0.004
        ("z = 0", "0.00", True, "exact"),  # open, and it holds anyway
        ("z < 0.01", "0.00", False, "inconsistent"),
        ("z > 0", "5.00", False, "inconsistent"),
        ("z > 0", None, False, None),
        ("z > 0", "0.00", False, "undecided"),
        ("z >= 0", "0.00", False, "undecided"),
        ("z >= 0", "0.01", False, "inconsistent"),
        ("z <= 0", "0.01", False, None),
        ("2 * z + y = 1", "0.50", False, "undecided"),
        ("z = y", None, False, "inconsistent"),
    ],
)  # fmt: skip
def test_conditions_are_certain_certainly_not_or_open(condition, printed, sum_holds, verdict):
    figures = {"t": "3.00万元", "a": "3.00万元" if sum_holds else "1.00万元"}
    if printed is not None:
        figures["z"] = f"{printed}万元"
    outcomes = run(pack(rule("t = a", when=parse_equation(condition))), Budget.from_dict(figures))
    assert verdicts(outcomes) == ([] if verdict is None else [verdict])
    if verdict == "undecided":
        assert outcomes[0].reasons == ("condition-open",)


def test_a_condition_on_a_figure_that_cannot_be_used_is_open():
    records = [row("t", "3.00"), row("a", "1.00"), row("z", "0"), row("z", "5")]
    outcomes = run(pack(rule("t = a", when=parse_equation("z = 0"))), Budget.from_records(records))
    assert outcomes[0].verdict == "undecided"


def test_a_tolerance_never_enters_a_condition():
    budget = Budget.from_records([row("x", "9", unit="辆"), row("y", "-1", unit="辆")])
    conditional = rule("y > 0", when=parse_equation("x = 10"))
    for tolerance in ("0", "2"):
        assert run(pack(replace(conditional, convention=Convention(tolerance=tolerance))), budget) == ()


def test_one_figure_that_cannot_be_used_leaves_a_condition_of_several_open():
    figures = {
        "t": amount("5"),
        "a": amount("2"),
        "b": amount("2"),
        "c": amount("1", precision="unknown"),
        "d": amount("1"),
    }
    conditional = rule("t = a + b", when=parse_equation("c + d > 0"))
    outcomes = [one for one in run(pack(conditional), facts(**figures)) if one.relation.rule == "p/rule"]
    assert [(one.verdict, one.reasons) for one in outcomes] == [("undecided", ("condition-open",))]
