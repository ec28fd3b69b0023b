"""Laws of intervals (sections 1 and 11.5 of the verdict rules): the algebra, the ends, and brute force on a grid."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval, Rounding, Ties, printed_interval

HALF = Fraction(1, 2)


def fractions(limit: int = 6) -> st.SearchStrategy[Fraction]:
    return st.builds(Fraction, st.integers(-limit, limit), st.integers(1, 3))


@st.composite
def intervals(draw: st.DrawFn, *, bounded: bool = True) -> Interval:
    """A low end, a width, and flags; a width of 0 is a point and has closed ends."""
    lo, width = draw(fractions()), draw(st.builds(Fraction, st.integers(0, 6), st.integers(1, 3)))
    lo_in, hi_in = (True, True) if width == 0 else draw(st.tuples(st.booleans(), st.booleans()))
    open_low = not bounded and draw(st.booleans())
    open_high = not bounded and draw(st.booleans())
    return Interval(None if open_low else lo, None if open_high else lo + width, lo_in, hi_in)


@st.composite
def members(draw: st.DrawFn, interval: Interval) -> Fraction:
    """A value of an interval: an end that belongs to it, or something inside."""
    lo, hi = interval.lo, interval.hi
    if lo is None and hi is None:
        return draw(fractions())
    if lo is None or hi is None:
        inner = lo + 1 if lo is not None else hi - 1 if hi is not None else Fraction(0)
    elif lo == hi:
        return lo
    else:
        inner = lo + (hi - lo) * Fraction(draw(st.integers(1, 9)), 10)
    ends = [end for end, belongs in ((lo, interval.lo_in), (hi, interval.hi_in)) if end is not None and belongs]
    return draw(st.sampled_from([inner, *ends]))


def grid(interval: Interval) -> list[Fraction]:
    """Many members of a bounded interval: sixths, and points close to open ends."""
    lo, hi = interval.lo, interval.hi
    assert lo is not None
    assert hi is not None
    steps = [lo + (hi - lo) * Fraction(step, 60) for step in range(61)]
    near = [lo + (hi - lo) * Fraction(1, 10**6), hi - (hi - lo) * Fraction(1, 10**6)]
    return [value for value in (*steps, *near) if value in interval]


def encloses_tightly(found: Interval, values: list[Fraction]) -> None:
    """Whether an interval holds all values, reaches its closed ends, and has open ends close to but not at a value."""
    assert all(value in found for value in values)
    for end, belongs, extreme in ((found.lo, found.lo_in, min(values)), (found.hi, found.hi_in, max(values))):
        assert end is not None
        if belongs:
            assert extreme == end
        else:
            assert extreme != end
            assert abs(extreme - end) < Fraction(1, 1000)


# --- Ends ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lo", "hi", "lo_in", "hi_in"), [(2, 1, True, True), (1, 1, True, False), (1, 1, False, True), (1, 1, False, False)]
)
def test_an_interval_that_encloses_nothing_is_refused(lo, hi, lo_in, hi_in):
    with pytest.raises(BudgetAuditError, match="encloses no value"):
        Interval(Fraction(lo), Fraction(hi), lo_in, hi_in)


def test_an_end_that_is_not_there_is_open():
    everything = Interval(None, None)
    assert not everything.lo_in
    assert not everything.hi_in
    assert Fraction(-(10**40)) in everything
    assert str(everything) == "(-∞, ∞)"


def test_only_closed_ends_belong_to_an_interval():
    half_open = Interval(Fraction(1), Fraction(2), lo_in=True, hi_in=False)
    assert Fraction(1) in half_open
    assert Fraction(2) not in half_open
    assert Fraction(2) - Fraction(1, 10**50) in half_open


def test_a_point_is_one_value():
    assert Interval.point(7).is_point
    assert not Interval(Fraction(7), Fraction(8)).is_point
    assert not Interval(None, None).is_point


# --- Algebra -------------------------------------------------------------------------------------------------------


@given(intervals(bounded=False), intervals(bounded=False))
def test_addition_commutes(a, b):
    assert a + b == b + a


@given(intervals(bounded=False), intervals(bounded=False), intervals(bounded=False))
def test_addition_associates(a, b, c):
    assert (a + b) + c == a + (b + c)


@given(intervals(bounded=False), intervals(bounded=False), fractions())
def test_a_weight_distributes_over_a_sum(a, b, weight):
    assert (a + b).scaled(weight) == a.scaled(weight) + b.scaled(weight)


@given(intervals(bounded=False), st.sampled_from([Fraction(-3), Fraction(-1, 2), Fraction(1, 3), Fraction(2)]))
def test_weights_are_undone_by_their_reciprocals(a, weight):
    assert a.scaled(weight).scaled(1 / weight) == a


@given(intervals(bounded=False))
def test_a_negative_weight_swaps_the_ends_with_their_flags(a):
    negated = -a
    assert (negated.lo, negated.lo_in) == (None if a.hi is None else -a.hi, a.hi_in)
    assert (negated.hi, negated.hi_in) == (None if a.lo is None else -a.lo, a.lo_in)


@given(intervals(bounded=False))
def test_weight_zero_leaves_nothing_but_zero(a):
    assert a.scaled(0) == Interval.point(0)


@given(intervals(bounded=False), intervals(bounded=False))
def test_subtraction_adds_the_negated(a, b):
    assert a - b == a + b.scaled(-1)


@given(intervals(bounded=False), intervals(bounded=False))
def test_multiplication_commutes(a, b):
    assert a * b == b * a


@given(intervals(bounded=False), fractions())
def test_multiplying_by_a_point_is_weighting(a, weight):
    assert a * Interval.point(weight) == a.scaled(weight)


@given(intervals(bounded=False), intervals(bounded=False))
def test_an_intersection_is_the_same_from_either_side(a, b):
    assert a.intersection(b) == b.intersection(a)
    assert a.overlaps(b) == (a.intersection(b) is not None)


@given(intervals(bounded=False), intervals(bounded=False), fractions(12))
def test_a_value_is_in_the_intersection_exactly_if_it_is_in_both(a, b, value):
    met = a.intersection(b)
    assert (met is not None and value in met) == (value in a and value in b)


@given(intervals(bounded=False))
def test_an_interval_meets_itself_in_itself(a):
    assert a.intersection(a) == a


# --- Members -------------------------------------------------------------------------------------------------------


@given(st.data(), intervals(bounded=False), intervals(bounded=False))
def test_results_hold_the_results_of_their_members(data, a, b):
    x, y = data.draw(members(a)), data.draw(members(b))
    assert x + y in a + b
    assert x - y in a - b
    assert x * y in a * b
    assert -x in -a


@given(intervals(), intervals())
def test_sum_and_product_are_tight_on_a_grid(a, b):
    encloses_tightly(a + b, [x + y for x, y in product(grid(a), grid(b))])
    encloses_tightly(a * b, [x * y for x, y in product(grid(a), grid(b))])


@given(intervals(), intervals(), st.sampled_from([1, -1]))
def test_a_quotient_is_tight_on_a_grid(a, shape, sign):
    assert shape.lo is not None
    divisor = (shape + Interval.point(1 - shape.lo)).scaled(sign)  # from 1 on, or down from -1
    encloses_tightly(a / divisor, [x / y for x, y in product(grid(a), grid(divisor))])


@pytest.mark.parametrize(
    "divisor",
    [
        Interval(Fraction(-1), Fraction(1)),
        Interval(Fraction(0), Fraction(1), lo_in=False),
        Interval(Fraction(-1), Fraction(0), hi_in=False),
        Interval.point(0),
        Interval(None, Fraction(1)),
        Interval(None, None),
    ],
)
def test_nothing_is_divided_by_an_interval_whose_closure_reaches_zero(divisor):
    with pytest.raises(BudgetAuditError, match="reaches zero"):
        Interval.point(1) / divisor


def test_dividing_by_an_unbounded_interval_comes_close_to_zero():
    assert Interval.point(6) / Interval(Fraction(2), None) == Interval(Fraction(0), Fraction(3), lo_in=False)
    assert Interval.point(6) / Interval(None, Fraction(-2)) == Interval(Fraction(-3), Fraction(0), hi_in=False)


def test_a_closed_zero_attains_the_product_zero_whatever_the_other_factor_is():
    zero_to_one = Interval(Fraction(0), Fraction(1))
    assert zero_to_one * Interval(Fraction(2), Fraction(3), lo_in=False, hi_in=False) == Interval(
        Fraction(0), Fraction(3), lo_in=True, hi_in=False
    )
    assert Interval.point(0) * Interval(None, None) == Interval.point(0)
    assert zero_to_one * Interval(Fraction(5), None) == Interval(Fraction(0), None)


# --- What a print stands for ---------------------------------------------------------------------------------------

STEP = Fraction(1, 10)


@pytest.mark.parametrize(
    ("rounding", "ties", "value", "shown"),
    [
        ("nearest", "any", "2.2", "[43/20, 9/4]"),
        ("nearest", "any", "-2.2", "[-9/4, -43/20]"),
        ("nearest", "any", "0", "[-1/20, 1/20]"),
        ("nearest", "away", "2.2", "[43/20, 9/4)"),
        ("nearest", "away", "-2.2", "(-9/4, -43/20]"),
        ("nearest", "away", "0.2", "[3/20, 1/4)"),
        ("nearest", "away", "0", "(-1/20, 1/20)"),
        ("nearest", "even", "2.2", "[43/20, 9/4]"),
        ("nearest", "even", "2.3", "(9/4, 47/20)"),
        ("nearest", "even", "-2.3", "(-47/20, -9/4)"),
        ("nearest", "even", "0", "[-1/20, 1/20]"),
        ("truncate", "any", "2.2", "[11/5, 23/10)"),
        ("truncate", "any", "-2.2", "(-23/10, -11/5]"),
        ("truncate", "any", "0", "(-1/10, 1/10)"),
        ("floor", "any", "2.2", "[11/5, 23/10)"),
        ("floor", "any", "-2.2", "[-11/5, -21/10)"),
        ("floor", "any", "0", "[0, 1/10)"),
        ("nudged", "any", "2.2", "(21/10, 23/10)"),
        ("nudged", "any", "0", "(-1/10, 1/10)"),
    ],
)
def test_each_mode_of_printing_has_its_interval(rounding: Rounding, ties: Ties, value, shown):
    assert str(printed_interval(Fraction(value), STEP, rounding=rounding, ties=ties)) == shown


@pytest.mark.parametrize("rounding", ["nearest", "truncate", "floor", "nudged"])
def test_a_figure_without_hidden_digits_is_a_point(rounding: Rounding):
    assert printed_interval(Fraction("2.2"), Fraction(0), rounding=rounding) == Interval.point(Fraction("2.2"))


def test_a_step_is_never_negative():
    with pytest.raises(BudgetAuditError, match="must not be negative"):
        printed_interval(Fraction(1), Fraction(-1))


def printed(true: Fraction, step: Fraction, rounding: Rounding) -> Fraction:
    """How an office prints a true value: an independent implementation in whole steps."""
    steps = true / step
    down = steps.numerator // steps.denominator
    if rounding == "floor":
        return down * step
    if rounding == "truncate":
        return (down if true >= 0 or steps == down else down + 1) * step
    rest = steps - down
    return (down + (rest > HALF or (rest == HALF and down % 2))) * step


@given(
    st.builds(Fraction, st.integers(-(10**9), 10**9), st.integers(1, 10**6)),
    st.integers(-4, 6).map(lambda places: Fraction(10) ** -places),
    st.sampled_from(["nearest", "truncate", "floor"]),
)
def test_a_true_value_lies_in_the_interval_of_its_print(true, step, rounding: Rounding):
    shown = printed(true, step, rounding)
    assert true in printed_interval(shown, step, rounding=rounding)
    if rounding == "nearest":
        assert true in printed_interval(shown, step, rounding=rounding, ties="even")


@given(st.integers(-999, 999), st.sampled_from(["nearest", "truncate", "floor"]), st.sampled_from(["any", "even"]))
def test_membership_agrees_with_printing_back_on_a_grid(units, rounding: Rounding, ties: Ties):
    """Every twentieth of a step: a member prints as the figure, and what prints as the figure is a member."""
    value, step = Fraction(units, 10), Fraction(1, 10)
    interval = printed_interval(value, step, rounding=rounding, ties=ties)
    for twentieth in range(-25, 26):
        true = value + step * Fraction(twentieth, 20)
        tie = rounding == "nearest" and abs(twentieth) == 10
        expected = True if tie and ties == "any" else printed(true, step, rounding) == value
        assert (true in interval) == expected


# --- Touching ends, the two errors that processors make (section 1) --------------------------------------------------


def test_truncated_ends_that_touch_do_not_meet_after_a_negative_weight():
    left = printed_interval(Fraction("2.2"), STEP, rounding="truncate")
    right = printed_interval(Fraction("-2.1"), STEP, rounding="truncate").scaled(-1)
    assert (str(left), str(right)) == ("[11/5, 23/10)", "[21/10, 11/5)")
    assert not left.overlaps(right)


def test_an_open_end_does_not_meet_an_exact_value():
    assert not printed_interval(Fraction(6), Fraction(1), rounding="truncate").overlaps(Interval.point(7))


def test_two_closed_ends_meet_in_one_value():
    total = printed_interval(Fraction("9.60"), Fraction("0.01"), rounding="truncate")
    rest = Interval.point(10) - printed_interval(Fraction("0.4"), STEP, rounding="truncate")
    assert total.intersection(rest) == Interval.point(Fraction("9.6"))


@pytest.mark.parametrize(
    ("a", "b", "met"),
    [((5, 15), (10, 25), (10, 15)), ((5, 15), (15, 25), (15, 15)), ((5, 15), (20, 25), None), ((5, 15), (1, 4), None)],
)
def test_closed_intervals_meet_as_in_calculations_1_1(a, b, met):
    found = Interval(*map(Fraction, a)).intersection(Interval(*map(Fraction, b)))
    assert found == (None if met is None else Interval(*map(Fraction, met)))


@pytest.mark.parametrize(("weight", "ends"), [(2, (10, 30)), (-2, (-30, -10))])
def test_weights_scale_as_in_calculations_1_1(weight, ends):
    assert Interval(Fraction(5), Fraction(15)).scaled(weight) == Interval(*map(Fraction, ends))


# --- The shared cases ----------------------------------------------------------------------------------------------


def ends(pair: list[str]) -> Interval:
    return Interval(Fraction(pair[0]), Fraction(pair[1]))


def test_unit_cases_of_interval_arithmetic(shared):
    cases = json.loads((shared / "cases" / "intervals.json").read_text(encoding="utf-8"))["cases"]
    seen = dict.fromkeys(("from_fact", "intersection", "add", "scale", "excess_digits"), 0)
    for case in cases:
        match case["op"]:
            case "from_fact":
                exact = case["decimals"] is None
                amount = Amount(
                    Decimal(case["value"]), int(case["decimals"] or 0), precision="exact" if exact else "printed"
                )
                found = amount.interval()
            case "intersection":
                first, second = map(ends, case["intervals"])
                found = first.intersection(second)
            case "add":
                first, second = map(ends, case["intervals"])
                found = first + second
            case "scale":
                found = ends(case["interval"]).scaled(Fraction(case["weight"]))
            case "excess_digits":
                amount = Amount(Decimal(case["value"]), int(case["decimals"]))
                assert amount.has_excess_digits == (case["result"] is not None), case["id"]
                seen["excess_digits"] += 1
                continue
            case _:  # sums are verdicts, tested with `check`
                continue
        seen[case["op"]] += 1
        assert found == (None if case["result"] is None else ends(case["result"])), case["id"]
    assert seen == {"from_fact": 3, "intersection": 4, "add": 1, "scale": 2, "excess_digits": 20}
