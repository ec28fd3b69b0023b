"""Records of one rule set: the rows made once for all, against every subset tried by elimination."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.linear.conftest import eliminated

import budgetaudit as ba

NAMES = "abcde"
OPS = {"=": (1, -1), "<=": (1,), "<": (1,), ">=": (-1,), ">": (-1,)}


@st.composite
def rules(draw):
    """A rule: weights by name, a sign and a constant."""
    weights = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([-2, -1, 1, 2]), min_size=1, max_size=4))
    return weights, draw(st.sampled_from(["=", "=", "<=", "<", ">=", ">"])), draw(st.integers(-4, 4))


def written(rule):
    weights, op, constant = rule
    left = " ".join(f"{'-' if weight < 0 else '+'} {abs(weight)} * {name}" for name, weight in weights.items())
    return f"{left.removeprefix('+ ')} {op} {constant}"


def possible(drawn, record, free):
    inequalities = []
    for weights, op, constant in drawn:
        for sign in OPS[op]:
            form = tuple(sorted((name, Fraction(sign * weight)) for name, weight in weights.items()))
            inequalities.append((form, Fraction(-sign * constant), op in "<>"))
    for name, value in record.items():
        if name not in free and value is not None:
            inequalities += [(((name, Fraction(sign)),), Fraction(-sign * value), False) for sign in (1, -1)]
    return eliminated(inequalities)


@given(
    st.lists(rules(), min_size=1, max_size=4),
    st.lists(st.dictionaries(st.sampled_from(NAMES), st.none() | st.integers(-5, 5)), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([1, 2, 3, None])),
)
def test_every_record_gets_all_its_lightest_sets(drawn, records, weights):
    named = {name for rule in drawn for name in rule[0]}
    weights = {name: weight for name, weight in weights.items() if name in named}
    locator = ba.Locator([written(rule) for rule in drawn], weights=weights)
    for given_figures in records:
        record = {name: value for name, value in given_figures.items() if name in named}
        printed = [name for name, value in record.items() if value is not None and weights.get(name, 1) is not None]
        found = [
            (sum(weights.get(name, 1) for name in chosen), frozenset(chosen))
            for size in range(len(printed) + 1)
            for chosen in combinations(printed, size)
            if possible(drawn, record, chosen)
        ]
        located = locator.locate(record)
        if not found:
            assert located.sets == ()
            continue
        least = min(weight for weight, _ in found)
        assert (located.weight, set(located.sets)) == (least, {chosen for weight, chosen in found if weight == least})


def test_what_a_record_may_hold():
    locator = ba.Locator(["t = a + b"])
    assert locator.locate({"t": "10.5", "a": Decimal("4.25"), "b": Fraction(25, 4)}).sets == (frozenset(),)
    assert locator.locate({"t": 10, "a": None}).sets == (frozenset(),)
    with pytest.raises(ba.BudgetAuditError, match="no rule names 'x'"):
        locator.locate({"x": 1})
    with pytest.raises(ba.BudgetAuditError, match="no exact number"):
        locator.locate({"t": 0.5})
    with pytest.raises(ba.BudgetAuditError, match="no exact number"):
        locator.locate({"t": "ten"})
    with pytest.raises(ba.RuleError, match="only rules that compare sums"):
        ba.Locator(["p% = a / b"])
    with pytest.raises(ba.BudgetAuditError, match="above 0"):
        ba.Locator(["t = a"], weights={"t": -1})
