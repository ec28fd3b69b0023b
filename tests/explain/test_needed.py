"""What a figure would have to be: exactly the values with which the evaluation calls the relation possible."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.evaluate import evaluate
from budgetaudit.explain.needed import needed
from budgetaudit.money.interval import Interval

EQUATIONS = [
    "a = b + c",
    "a = b - c",
    "2 * a = b + 3 * c",
    "a = b + c + 10",
    "a <= b + c",
    "a > b - 2 * c",
    "a% = b / c",
    "a = b / c",
    "a% = b / (b + c)",
    "a% = (b - c) / c",
    "a% = b / (c - b)",
]


def relation_of(figures: dict[str, Any], equation: str, **arguments: Any) -> tuple[ba.Relation, ba.Budget]:
    report = ba.audit(figures, rules=[equation], **arguments)
    (outcome,) = report.outcomes
    return outcome.relation, report.budget


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, str], str, str, str, Decimal]:
    """Figures, an equation, the suspected label, a rounding, and how far from an end of what is needed to probe."""
    figures = {}
    for label in "abc":
        places = draw(st.integers(0, 2))
        units = draw(st.integers(-2000, 2000) | st.integers(1, 99))
        figures[label] = f"{Decimal(units).scaleb(-places):.{places}f}"
    return (
        figures, draw(st.sampled_from(EQUATIONS)), draw(st.sampled_from("abc")),
        draw(st.sampled_from(["nearest", "truncate", "parts"])),
        draw(st.decimals("-3", "3", places=4)),
    )  # fmt: skip


@given(cases())
def test_a_value_is_needed_if_and_only_if_the_relation_is_possible_with_it(
    case: tuple[dict[str, str], str, str, str, Decimal],
) -> None:
    figures, equation, label, rounding, distance = case
    relation, budget = relation_of(figures, equation, rounding=rounding)
    (line,) = budget.by_label[label]
    wanted = needed(relation, line.identity, budget)
    if wanted is None:
        return
    for value in _probes(wanted, distance):
        verdict = evaluate(relation, _with(budget, line, value)).verdict
        if verdict != "undefined":  # a base of exactly zero has no ratio, whatever is needed
            assert (verdict in {"exact", "rounding"}) == (Fraction(value) in wanted), (value, str(wanted))


def _probes(wanted: Interval, distance: Decimal) -> list[Decimal]:
    """The ends, a hair on either side of them, and a place at some distance."""
    ends = [end for end in (wanted.lo, wanted.hi) if end is not None] or [Fraction(0)]
    hair = Decimal("1e-9")
    probes = []
    for end in ends:
        near = Decimal(round(end * 10**6)).scaleb(-6)
        exact = [near] if Fraction(near) == end else []
        probes += [*exact, near + distance, near + hair + Decimal("1e-6"), near - hair - Decimal("1e-6")]
    return probes


def _with(budget: ba.Budget, line: ba.BudgetLine, value: Decimal) -> ba.Budget:
    assert line.amount is not None
    known = ba.Amount(value, line.amount.places, line.amount.unit, "exact")
    changed = line.model_copy(update={"amount": known})
    return ba.Budget(tuple(changed if other.id == line.id else other for other in budget))


def test_the_seed_needs_a_part_two_units_larger() -> None:
    figures = {"total": "677.41", "a": "167.09", "b": "348.28", "c": "16.48", "d": "145.54"}
    relation, budget = relation_of(figures, "total = a + b + c + d")
    wanted = needed(relation, budget.by_label["d"][0].identity, budget)
    assert wanted == Interval(Fraction("145.54"), Fraction("145.58"))


def test_a_limit_leaves_a_ray() -> None:
    relation, budget = relation_of({"a": "3.00", "b": "2.00"}, "a <= b")
    assert needed(relation, budget.by_label["a"][0].identity, budget) == Interval(None, Fraction("2.005"))
    assert needed(relation, budget.by_label["b"][0].identity, budget) == Interval(Fraction("2.995"), None)


def test_a_tolerance_widens_what_is_needed() -> None:
    relation, budget = relation_of({"a": "3.00", "b": "2.00"}, "a = b", tolerance="0.1")
    assert needed(relation, budget.by_label["a"][0].identity, budget) == Interval(Fraction("1.895"), Fraction("2.105"))


@pytest.mark.parametrize(
    ("figures", "equation", "label"),
    [
        ({"a": "1.00", "b": "-"}, "a = b", "a"),  # the other figure is missing
        ({"a": "12.00%", "b": "5.00", "c": "0.00"}, "a% = b / c", "a"),  # the base reaches zero
        ({"a": "0.00%", "b": "5.00", "c": "7.00"}, "a% = b / c", "c"),  # any base, or none
    ],
)
def test_where_the_rest_says_nothing_nothing_is_needed(figures: dict[str, str], equation: str, label: str) -> None:
    relation, budget = relation_of(figures, equation)
    assert needed(relation, budget.by_label[label][0].identity, budget) is None
