"""Sums with a few figures changed: the same outcome, probability and needed values as if they were judged as a whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.quantity import Quantity, quantity_of
from budgetaudit.explain.again import SumAgain
from budgetaudit.explain.likelihood import gap_probability
from budgetaudit.explain.needed import needed

EQUATIONS = [
    "a = b + c + d",
    "a = b - c + 2 * d",
    "a = b + c - b",
    "a = b + c + d + 10",
    "b + c + d = 100",
    "a = a - b",
]


@st.composite
def printed(draw: st.DrawFn) -> str:
    """A figure, near others so that sums hold or nearly do."""
    places = draw(st.integers(0, 2))
    return f"{Decimal(draw(st.integers(-3, 40) | st.integers(-2000, 2000))).scaleb(-places):.{places}f}万元"


@given(
    st.fixed_dictionaries(dict.fromkeys("abcd", printed())),
    st.sampled_from(EQUATIONS),
    st.sampled_from(["nearest", "truncate", "parts"]),
    st.dictionaries(st.sampled_from("abcd"), printed(), min_size=1),
)
def test_a_changed_sum_is_judged_as_if_it_stood_so(
    figures: dict[str, str], equation: str, rounding: Any, changes: dict[str, str]
) -> None:
    report = ba.audit(figures, rules=[equation], rounding=rounding)
    (outcome,) = report.outcomes
    relation = outcome.relation
    labels = tuple(report.budget.line(term.line).label for term in relation.terms)
    quantities = {label: quantity_of(report.budget.by_label[label], relation.convention) for label in labels}
    again = SumAgain[str].of(outcome, labels, quantities)
    if again is None:
        assert outcome.verdict not in {"exact", "rounding", "inconsistent"}
        return
    for label in quantities:
        (line,) = report.budget.by_label[label]
        total = next((term.line for term in relation.terms if term.role == "total"), None)
        amount = None if total is None else report.budget.line(total).amount
        scale = (amount.unit if amount is not None else ba.Unit()).scale
        assert again.needed(label, scale) == needed(relation, line.identity, report.budget)

    after = ba.audit({**figures, **changes}, rules=[equation], rounding=rounding).budget
    changed = {label: quantity_of(after.by_label[label], relation.convention) for label in changes if label in labels}
    found = again.with_changed(changed)
    assert found is not None
    whole = evaluate(relation, after)
    assert found[0] == whole
    if found[2]:
        assert found[1] == gap_probability(whole, after)


def test_a_change_that_makes_a_figure_unusable_or_of_another_unit_is_not_judged_so() -> None:
    report = ba.audit({"a": "5.0万元", "b": "2.0万元", "c": "3.0万元"}, rules=["a = b + c"])
    (outcome,) = report.outcomes
    labels = ("a", "b", "c")
    quantities = {label: quantity_of(report.budget.by_label[label], outcome.relation.convention) for label in labels}
    again = SumAgain[str].of(outcome, labels, quantities)
    assert again is not None
    assert again.with_changed({"b": None}) is None
    known = quantities["b"]
    assert isinstance(known, Quantity)
    assert again.with_changed({"b": replace(known, unit=ba.Unit())}) is None
    assert SumAgain[str].of(outcome, labels, {**quantities, "c": None}) is None
