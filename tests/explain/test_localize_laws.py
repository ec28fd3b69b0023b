"""Localisation of budgets with intervals, inequalities, shares and growth, against every subset tried by elimination."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.linear.conftest import eliminated

import budgetaudit as ba

RULES = {
    "sum": "t = a + b + c", "within": "a <= b + c", "share": "p% = a / t", "growth": "g% = (t - l) / l", "basic": "d = a + b",
}  # fmt: skip
USED = {"sum": "tabc", "within": "abc", "share": "pat", "growth": "gtl", "basic": "dab"}


@st.composite
def budgets(draw):
    """Figures of true amounts, printed to a place, a few of them changed, and some of the rules."""
    places = draw(st.integers(0, 2))
    true = {name: Fraction(draw(st.integers(100, 99_999)), 100) for name in "abcl"}
    true["a"] = min(true["a"], true["b"] + true["c"])
    true |= {"t": true["a"] + true["b"] + true["c"], "d": true["a"] + true["b"]}
    true |= {"p": 100 * true["a"] / true["t"], "g": 100 * (true["t"] - true["l"]) / true["l"]}
    rules = draw(st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=3, unique=True))
    names = sorted({name for rule in rules for name in USED[rule]})
    step = Decimal(1).scaleb(-places)
    printed = {
        name: (Decimal(value.numerator) / value.denominator).quantize(step, ROUND_HALF_UP)
        for name, value in true.items()
        if name in names
    }
    for name in draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
        printed[name] += draw(st.integers(1, 300)) * step
    weights = {name: draw(st.sampled_from([1, 1, 2, 3])) for name in names}
    return printed, places, rules, weights


def inequalities(printed, places, rules, given_up):
    """Everything that must hold when some prints are not believed, as weights and a constant that must not be above 0."""
    half = Fraction(1, 2 * 10**places)
    found = []

    def at_most(constant, *, strict=False, **weights):
        form = tuple(sorted((name, Fraction(weight)) for name, weight in weights.items() if weight))
        found.append((form, Fraction(constant), strict))

    def bounded(over, base, low, high):
        """low · base <= over <= high · base, for a base above 0."""
        at_most(0, strict=True, **{base: -1})
        at_most(0, **{over: -1, base: low})
        at_most(0, **{over: 1, base: -high})

    for name, value in printed.items():
        if name not in given_up and name not in "pg":
            at_most(-(Fraction(value) + half), **{name: 1})
            at_most(Fraction(value) - half, **{name: -1})
    for rule in rules:
        match rule:
            case "sum":
                at_most(0, t=1, a=-1, b=-1, c=-1)
                at_most(0, t=-1, a=1, b=1, c=1)
            case "basic":
                at_most(0, d=1, a=-1, b=-1)
                at_most(0, d=-1, a=1, b=1)
            case "within":
                at_most(0, a=1, b=-1, c=-1)
            case "share" if "p" not in given_up:
                share = Fraction(printed["p"])
                bounded("a", "t", (share - half) / 100, (share + half) / 100)
            case "growth" if "g" not in given_up:
                growth = Fraction(printed["g"])
                bounded("t", "l", 1 + (growth - half) / 100, 1 + (growth + half) / 100)
    return found


def explaining(printed, places, rules, weights):
    """All lightest sets, by trying every one."""
    names = sorted(printed)
    found = [
        (sum(weights[name] for name in chosen), frozenset(chosen))
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
        if eliminated(inequalities(printed, places, rules, chosen))
    ]
    least = min(weight for weight, _ in found)
    return least, {chosen for weight, chosen in found if weight == least}


@settings(max_examples=settings().max_examples // 2)
@given(budgets())
def test_all_lightest_explanations_of_a_budget(drawn):
    printed, places, rules, weights = drawn
    figures = {name: f"{value}%" if name in "pg" else str(value) for name, value in printed.items()}
    budget = ba.Budget.from_dict(figures)
    report = ba.audit(budget, rules={f"r/{rule}": RULES[rule] for rule in rules})
    by_line = {line.id: weights[line.label] for line in budget}
    found, weight = {frozenset[str]()}, Fraction(0)
    for block in report.localize(weights=by_line, time_limit=None).blocks:
        assert block.finished
        assert block.possible
        sets = [
            frozenset(budget.line(line).label for change in one.changes for line in change.lines)
            for one in block.explanations
        ]
        found = {known | one for known in found for one in sets}
        weight += block.least
    assert (weight, found) == explaining(printed, places, rules, weights)


@settings(max_examples=settings().max_examples // 2)
@given(budgets())
def test_the_values_needed_are_possible_and_end_where_they_end(drawn):
    printed, places, rules, weights = drawn
    figures = {name: f"{value}%" if name in "pg" else str(value) for name, value in printed.items()}
    budget = ba.Budget.from_dict(figures)
    report = ba.audit(budget, rules={f"r/{rule}": RULES[rule] for rule in rules})
    for block in report.localize(weights={line.id: weights[line.label] for line in budget}, time_limit=None).blocks:
        ids = {outcome.relation.rule for outcome in block.outcomes}
        own = [rule for rule in rules if f"r/{rule}" in ids]
        within = {name: value for name, value in printed.items() if any(name in USED[rule] for rule in own)}
        for explanation in block.explanations:
            names = [budget.line(change.lines[0]).label for change in explanation.changes]
            for name, change in zip(names, explanation.changes, strict=True):
                if name in "pg":
                    continue
                believed = inequalities(within, places, own, names)
                for end, closed, sign in (
                    (change.needed.lo, change.needed.lo_in, 1), (change.needed.hi, change.needed.hi_in, -1),
                ):  # fmt: skip
                    if end is None:
                        continue
                    beyond = (((name, Fraction(sign)),), -sign * end, True)
                    assert not eliminated([*believed, beyond])
                    there = [(((name, Fraction(way)),), -way * end, False) for way in (1, -1)]
                    assert eliminated([*believed, *there]) == closed
