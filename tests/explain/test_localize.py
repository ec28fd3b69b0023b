"""Localisation: which figures may be wrong together, what they should be, and the proof that one of them is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import budgetaudit as ba
from budgetaudit.explain.situation import Situation
from budgetaudit.model.statement import Statement, Term

TIED = {"total": "677.41", "a": "167.09", "b": "348.28", "c": "16.48", "d": "145.45", "basic": "515.37"}
TIED_RULES = ["total = a + b + c + d", "basic = a + b"]


def found(figures, rules, **options):
    """The sets of labels that explain everything, block by block."""
    report = ba.audit(figures, rules=rules)
    blocks = report.localize(**options).blocks
    return [
        {
            frozenset(report.budget.line(line).label for change in explanation.changes for line in change.lines)
            for explanation in block.explanations
        }
        for block in blocks
    ]


def test_a_relation_that_holds_speaks_for_its_figures():
    (block,) = ba.audit(TIED, rules=TIED_RULES).localize().blocks
    needed = {explanation.changes[0].lines: str(explanation.changes[0].needed) for explanation in block.explanations}
    assert needed == {
        ("l1",): "[135457/200, 135463/200]",
        ("l4",): "[663/40, 3321/200]",
        ("l5",): "[29109/200, 5823/40]",
    }
    assert block.finished
    assert block.possible
    assert block.least == 1
    (combination,) = block.proofs[0].combinations
    assert (combination.gap, combination.bound) == (Fraction(11, 100), Fraction(1, 40))


def test_what_rounding_explains_needs_no_explanation():
    assert (
        found({"t": "677.41", "a": "167.09", "b": "348.28", "c": "16.48", "d": "145.54"}, ["t = a + b + c + d"]) == []
    )


def test_relations_that_hold_one_by_one_may_fail_together():
    cells = {"a": "0", "b": "0", "c": "0", "d": "0", "row1": "1", "row2": "1", "all": "3"}
    rules = ["row1 = a + b", "row2 = c + d", "all = row1 + row2"]
    report = ba.audit(cells, rules=rules)
    assert report.counts["inconsistent"] == 0
    (block,) = report.localize().blocks
    assert block.violated == ()
    assert block.least == 1


def test_a_growth_rate_decides_between_part_and_total():
    figures = {"t": "150", "a": "60", "b": "40", "last year": "100", "growth%": "0.0%"}
    rules = ["t = a + b", '"growth%" = (t - "last year") / "last year"']
    assert found(figures, rules, weights={}) == [{frozenset({"t"})}]


@pytest.mark.parametrize(("kept", "suspects"), [("t", {"a", "b"}), ("a", {"t", "b"})])
def test_a_figure_that_must_not_change_is_no_suspect(kept, suspects):
    figures = {"t": "9", "a": "4", "b": "1"}
    ids = {"t": "l1", "a": "l2", "b": "l3"}
    assert found(figures, ["t = a + b"], weights={ids[kept]: None}) == [{frozenset({one}) for one in suspects}]


def test_weights_must_be_above_zero():
    report = ba.audit({"t": "9", "a": "4"}, rules=["t = a"])
    with pytest.raises(ba.BudgetAuditError, match="must be above 0"):
        report.localize(weights={"l1": 0})
    with pytest.raises(ba.BudgetAuditError, match="no line"):
        report.localize(weights={"l9": 1})


def test_without_effort_it_says_so():
    (block,) = ba.audit(TIED, rules=TIED_RULES).localize(tries=1).blocks
    assert not block.finished
    assert block.explanations == ()
    assert block.least <= 1


def test_a_decrease_printed_without_its_sign_is_no_contradiction():
    records = [("now", "90.00"), ("change", "10.00"), ("rate", "10.00%"), ("last", "100.00")]
    lines = [{"label": label, "amount": amount} for label, amount in records]
    minus = Fraction(-1)
    told = (
        Statement("growth", (Term("l3", "ratio", minus), Term("l1", "current"), Term("l2", "change", minus))),
        Statement("growth", (Term("l3", "ratio", minus), Term("l1", "current"), Term("l4", "base"))),
    )
    report = ba.audit(replace(ba.Budget.from_records(lines), statements=told), rules=[])
    assert report.counts["exact"] == len(report.outcomes) == 2
    assert report.localize().blocks == ()
    situation = Situation(report.outcomes, report.budget)
    for outcome in report.outcomes:
        needed = situation.needed(outcome, situation.fact("l3"))
        assert Fraction(10) in needed
        assert Fraction(-10) not in needed
