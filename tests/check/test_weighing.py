"""The verdict functions against brute force.

The oracle knows no intervals. It knows how an office prints a number, tries true values on a fine grid, and looks whether
some of them print what is printed. For quotients, where a grid misses what lies between, the oracle moves open ends inwards
by a hair and looks at the corners of the region of true values, on which a quotient takes its least and largest value.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.check.verdict import Figure, linear, weigh_growth_from_change, weigh_order, weigh_ratio, weigh_sum
from budgetaudit.money.interval import Interval, printed_interval

HALF, HAIR = Fraction(1, 2), Fraction(1, 10**9)
GRID = 8
MODES = st.sampled_from(
    [("nearest", "any"), ("nearest", "away"), ("nearest", "even"), ("truncate", "any"), ("floor", "any")]
)


def prints(value, step, mode):
    """All numbers that an office may print for a true value."""
    rounding, ties = mode
    if step == 0:
        return {value}
    below = floor(value / step)
    fraction = value / step - below
    if fraction == 0 or rounding == "floor" or (rounding == "truncate" and value > 0):
        return {below * step}
    if rounding == "truncate":
        return {(below + 1) * step}
    if fraction != HALF:
        return {(below + (fraction > HALF)) * step}
    even = below + below % 2
    away = below + (value > 0)
    return {"any": {below * step, (below + 1) * step}, "even": {even * step}, "away": {away * step}}[ties]


def truths(printed, step, mode):
    """True values on the grid that may be printed so."""
    if step == 0:
        return {printed}
    near = (printed + step * Fraction(number, GRID) for number in range(-GRID, GRID + 1))
    return {value for value in near if printed in prints(value, step, mode)}


def figure(printed, step, mode):
    return Figure(printed, printed_interval(printed, step, rounding=mode[0], ties=mode[1]))


STEPS = st.sampled_from([Fraction(0), Fraction(1)])
PRINTED = st.integers(-3, 3).map(Fraction)
SIGNS = st.sampled_from([Fraction(1), Fraction(-1)])
PARTS = st.lists(st.tuples(SIGNS, PRINTED, STEPS), min_size=1, max_size=3)


@given(PARTS, st.integers(-4, 4), st.sampled_from([0, 1, 2]), MODES)
def test_a_sum_is_judged_as_trying_true_values_judges_it(parts, offset, total_step, mode):
    step = Fraction(total_step)
    printed = sum((weight * value for weight, value, _ in parts), Fraction(0))
    total = Fraction(floor((printed + offset) / step)) * step if step else printed + offset
    reachable = {Fraction(0)}
    for weight, value, part_step in parts:
        reachable = {sum_ + weight * true for sum_, true in product(reachable, truths(value, part_step, mode))}
    if total in prints(printed, step, mode):
        expected = "exact"
    else:
        expected = "rounding" if any(total in prints(true, step, mode) for true in reachable) else "inconsistent"
    computed = linear([(weight, figure(value, part_step, mode)) for weight, value, part_step in parts])
    weighed = weigh_sum(figure(total, step, mode), computed)
    assert weighed.verdict == expected
    assert weighed.gap == total - printed
    assert weighed.computed == printed


@given(PRINTED, STEPS, PRINTED, STEPS, MODES, st.sampled_from(["<", "<=", ">", ">="]))
def test_an_inequality_is_judged_as_trying_true_values_judges_it(left, left_step, right, right_step, mode, op):
    holds = {"<": Fraction.__lt__, "<=": Fraction.__le__, ">": Fraction.__gt__, ">=": Fraction.__ge__}[op]
    if holds(left, right):
        expected = "exact"
    else:
        pairs = product(truths(left, left_step, mode), truths(right, right_step, mode))
        expected = "rounding" if any(holds(low, high) for low, high in pairs) else "inconsistent"
    weighed = weigh_order(figure(left, left_step, mode), op, figure(right, right_step, mode))
    assert weighed.verdict == expected
    assert weighed.gap == (max(left - right, 0) if op[0] == "<" else max(right - left, 0))
    assert weighed.computed == right
    assert right in weighed.reach


# --- Quotients -------------------------------------------------------------------------------------------------------------


def closed(interval):
    """The ends of an interval, open ones moved inwards by a hair."""
    return interval.lo + (0 if interval.lo_in else HAIR), interval.hi - (0 if interval.hi_in else HAIR)


def quotients(x, y, top, below):
    """Least and largest top / below on either side of below = 0, for linear functions of a point of the box x × y."""
    corners = list(product(closed(x), closed(y)))
    square = [corners[0], corners[1], corners[3], corners[2]]
    for sign in (1, -1):
        side = clipped(square, lambda point, sign=sign: sign * below(*point) - HAIR**2)
        if side:
            values = [top(*point) / below(*point) for point in side]
            yield sign, min(values), max(values)


def clipped(polygon, inside):
    """The part of a convex polygon where a linear function is not negative."""
    kept = []
    for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        at_a, at_b = inside(a), inside(b)
        if at_a >= 0:
            kept.append(a)
        if (at_a < 0) != (at_b < 0):
            share = at_a / (at_a - at_b)
            kept.append(tuple(one + share * (other - one) for one, other in zip(a, b, strict=True)))
    return kept


def met(printed, sides, *, absolute):
    low, high = closed(printed)
    return any(
        low <= (-least if absolute and sign < 0 else most) and (-most if absolute and sign < 0 else least) <= high
        for sign, least, most in sides
    )


SMALL = st.integers(-6, 6).map(lambda number: Fraction(number, 2))
NOT_ZERO = st.builds(lambda size, sign: sign * Fraction(size, 2), st.integers(1, 6), st.sampled_from([1, -1]))
SIZES = st.sampled_from([Fraction(0), HALF, Fraction(1), Fraction(2)])
RATIOS = st.tuples(
    st.integers(-30, 30).map(lambda number: Fraction(number, 10)), st.sampled_from([Fraction(0), Fraction(1, 10), HALF])
)


@given(RATIOS, st.tuples(SMALL, SIZES), st.tuples(NOT_ZERO, SIZES), MODES, st.booleans(), st.booleans())
def test_a_quotient_is_judged_as_the_corners_of_true_values_judge_it(ratio, over, base, mode, less_one, absolute):
    printed, numerator, denominator = (figure(value, step, mode) for value, step in (ratio, over, base))
    shift = 1 if less_one else 0
    value = over[0] / base[0] - shift
    value = -value if absolute and base[0] < 0 else value
    sides = list(quotients(numerator.interval, denominator.interval, lambda a, b: a - shift * b, lambda _, b: b))
    if value in printed.interval:
        expected = "exact"
    else:
        expected = "rounding" if met(printed.interval, sides, absolute=absolute) else "inconsistent"
    weighed = weigh_ratio(printed, numerator, denominator, factor=Fraction(1), less_one=less_one, absolute=absolute)
    assert weighed.verdict == expected
    assert weighed.gap == ratio[0] - value
    if weighed.reach is None:
        assert 0 in Interval(denominator.interval.lo, denominator.interval.hi)
    else:
        ((sign, least, most),) = sides
        least, most = (-most, -least) if absolute and sign < 0 else (least, most)
        for end, found in zip(closed(weighed.reach), (least, most), strict=True):
            assert abs(end - found) <= 1000 * HAIR


@given(RATIOS, st.tuples(SMALL, SIZES), st.tuples(SMALL, SIZES), MODES, st.booleans())
def test_growth_from_a_printed_change_is_judged_as_the_corners_judge_it(ratio, change, current, mode, absolute):
    if change[0] == current[0]:
        current = (current[0] + 1, current[1])
    printed, delta, level = (figure(value, step, mode) for value, step in (ratio, change, current))
    base = current[0] - change[0]
    value = change[0] / (abs(base) if absolute else base)
    sides = list(quotients(delta.interval, level.interval, lambda d, _: d, lambda d, c: c - d))
    if value in printed.interval:
        expected = "exact"
    else:
        expected = "rounding" if met(printed.interval, sides, absolute=absolute) else "inconsistent"
    weighed = weigh_growth_from_change(printed, delta, level, factor=Fraction(1), absolute=absolute)
    assert weighed.verdict == expected
    assert weighed.gap == ratio[0] - value
    if weighed.reach is not None:
        ((sign, least, most),) = sides
        least, most = (-most, -least) if absolute and sign < 0 else (least, most)
        for end, found in zip(closed(weighed.reach), (least, most), strict=True):
            assert abs(end - found) <= 1000 * HAIR


@given(RATIOS, st.tuples(SMALL, SIZES), st.tuples(NOT_ZERO, SIZES), st.sampled_from([1, 100]))
def test_the_factor_is_a_matter_of_units(ratio, over, base, factor):
    mode = ("nearest", "any")
    printed, numerator, denominator = (figure(value, step, mode) for value, step in (ratio, over, base))
    scaled = Figure(printed.value * factor, printed.interval.scaled(factor))
    plain = weigh_ratio(printed, numerator, denominator, factor=Fraction(1))
    weighed = weigh_ratio(scaled, numerator, denominator, factor=Fraction(factor))
    assert (weighed.verdict, weighed.gap) == (plain.verdict, plain.gap * factor)
    assert weighed.bound == (None if plain.bound is None else plain.bound * factor)


# --- Bounds and tolerances -----------------------------------------------------------------------------------------------


@given(PARTS, st.integers(-8, 8), MODES)
def test_the_bound_is_the_largest_gap_that_rounding_explains(parts, gap, mode):
    computed = linear([(weight, figure(value, step, mode)) for weight, value, step in parts])
    weighed = weigh_sum(figure(computed.value + gap, Fraction(1), mode), computed)
    if weighed.verdict == "inconsistent":
        assert abs(gap) >= weighed.bound
    else:
        assert abs(gap) <= weighed.bound


@given(PARTS, st.integers(-8, 8), MODES, st.integers(0, 3).map(Fraction))
def test_a_tolerance_widens_every_bound_by_itself_and_makes_nothing_exact(parts, gap, mode, tolerance):
    computed = linear([(weight, figure(value, step, mode)) for weight, value, step in parts])
    total = figure(computed.value + gap, Fraction(1), mode)
    for weigh in (weigh_sum, lambda target, sum_, **given: weigh_order(target, "<=", sum_, **given)):
        plain, wide = weigh(total, computed), weigh(total, computed, tolerance=tolerance)
        assert wide.bound == plain.bound + tolerance
        assert (wide.verdict == "exact") == (plain.verdict == "exact")
        if plain.verdict != "inconsistent":
            assert wide.verdict == plain.verdict
        elif abs(wide.gap) < wide.bound:
            assert wide.verdict == "rounding"


def test_a_tolerance_on_a_ratio_is_in_points_of_the_ratio():
    amounts = Figure(Fraction(1), Interval.point(1)), Figure(Fraction(4), Interval.point(4))
    ratio = Figure(Fraction(27), Interval.point(27))
    assert weigh_ratio(ratio, *amounts, factor=Fraction(100)).verdict == "inconsistent"
    weighed = weigh_ratio(ratio, *amounts, factor=Fraction(100), tolerance=Fraction(2))
    assert (weighed.verdict, weighed.gap, weighed.bound) == ("rounding", 2, 2)
    change = weigh_growth_from_change(
        Figure(Fraction(35), Interval.point(35)), *amounts, factor=Fraction(100), tolerance=Fraction(2)
    )
    assert (change.verdict, change.bound) == ("rounding", 2)


# --- Worked cases ----------------------------------------------------------------------------------------------------------

NEAREST, CUT = ("nearest", "any"), ("truncate", "any")


def printed(text, places, mode=NEAREST):
    return figure(Fraction(text), Fraction(1, 10**places), mode)


def test_growth_that_dividing_the_prints_would_call_wrong():
    weighed = weigh_ratio(
        printed("24.00", 2), printed("0.47", 2), printed("0.38", 2), factor=Fraction(100), less_one=True
    )
    assert weighed.verdict == "rounding"
    assert round(weighed.gap, 2) == Fraction("0.32")
    assert round(weighed.bound, 2) == Fraction("2.99")
    assert (round(weighed.reach.lo, 2), round(weighed.reach.hi, 2)) == (Fraction("20.78"), Fraction("26.67"))
    change = weigh_growth_from_change(printed("24.00", 2), printed("0.09", 2), printed("0.47", 2), factor=Fraction(100))
    assert change.verdict == "rounding"


def test_open_and_closed_ends_follow_a_negative_weight():
    minus = linear([(Fraction(-1), printed("-2.1", 1, CUT))])
    assert weigh_sum(printed("2.2", 1, CUT), minus).verdict == "inconsistent"
    assert weigh_sum(printed("2.2", 1), linear([(Fraction(-1), printed("-2.1", 1))])).verdict == "rounding"


def test_a_touching_open_end_is_no_meeting_and_a_touching_closed_end_is_one():
    seven = Figure(Fraction(7), Interval.point(7))
    assert weigh_sum(printed("6", 0, CUT), seven).verdict == "inconsistent"
    ten = (Fraction(1), Figure(Fraction(10), Interval.point(10)))
    assert weigh_sum(printed("9.60", 2, CUT), linear([ten, (Fraction(-1), printed("0.4", 1, CUT))])).verdict == "exact"


def test_all_of_a_base_can_have_gone():
    """Growth of exactly -100 %: no current figure but 0 goes with it, and 0 stands behind 0.3 - 0.2."""
    gone = Figure(Fraction(-100), Interval.point(-100))
    current = linear([(Fraction(1), printed("0.3", 1)), (Fraction(-1), printed("0.2", 1))])
    for change, level, absolute, verdict in (
        ("-5.0", current, False, "rounding"),
        ("-5.0", printed("0.2", 1), False, "inconsistent"),
        ("5.0", current, False, "rounding"),  # from -5.0 to nothing, divided by -5.0
        ("5.0", current, True, "inconsistent"),
    ):
        weighed = weigh_growth_from_change(gone, printed(change, 1), level, factor=Fraction(100), absolute=absolute)
        assert weighed.verdict == verdict


def test_a_ratio_to_what_may_be_nothing_says_nothing():
    """Behind a base of 0.3 - 0.2 may stand no base at all: any growth is possible, and there is no bound to show."""
    base = linear([(Fraction(1), printed("0.3", 1)), (Fraction(-1), printed("0.2", 1))])
    weighed = weigh_ratio(printed("900", 0), printed("0.5", 1), base, factor=Fraction(100))
    assert (weighed.verdict, weighed.bound, weighed.reach) == ("rounding", None, None)
