"""The law of gaps: sections 9 and 11 (7, 8) of the verdict semantics, every value there computed again.

The closed forms are compared with each other, with the general law for mixed steps, and with frequencies of drawn sums.
"""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from math import comb, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.explain.likelihood import (
    UniformErrors,
    cut_parts_probability,
    cut_total_probability,
    mixed_rounding_law,
    rounding_law,
    rounding_p_value,
    rounding_probability,
    truncation_law,
    truncation_probability,
)

F = Fraction

# n: denominator, then denominator · P(0), P(±1), P(±2), ... (section 9.2)
ROUNDING = {
    2: (8, [6, 1]),
    3: (6, [4, 1]),
    4: (384, [230, 76, 1]),
    5: (120, [66, 26, 1]),
    6: (46080, [23548, 10543, 722, 1]),
    7: (5040, [2416, 1191, 120, 1]),
    8: (10321920, [4675014, 2485288, 331612, 6552, 1]),
    9: (362880, [156190, 88234, 14608, 502, 1]),
    10: (3715891200, [1527092468, 906923282, 178300904, 9116141, 59038, 1]),
    11: (39916800, [15724248, 9738114, 2203488, 152637, 2036, 1]),
    12: (1961990553600, [743288515164, 477020564424, 121383780207, 10708911188, 237231970, 531428, 1]),
}
# n: n! · P(0), ..., P(n - 1) if digits are cut off (section 9.5)
TRUNCATION = {
    2: [1, 1],
    3: [1, 4, 1],
    4: [1, 11, 11, 1],
    5: [1, 26, 66, 26, 1],
    6: [1, 57, 302, 302, 57, 1],
    7: [1, 120, 1191, 2416, 1191, 120, 1],
    8: [1, 247, 4293, 15619, 15619, 4293, 247, 1],
    9: [1, 502, 14608, 88234, 156190, 88234, 14608, 502, 1],
    10: [1, 1013, 47840, 455192, 1310354, 1310354, 455192, 47840, 1013, 1],
    11: [1, 2036, 152637, 2203488, 9738114, 15724248, 9738114, 2203488, 152637, 2036, 1],
    12: [1, 4083, 478271, 10187685, 66318474, 162512286, 162512286, 66318474, 10187685, 478271, 4083, 1],
}
# (n, gap): everything cut over rounded, parts cut under a rounded total over rounded (section 9.6); None: not possible
RATIOS = {
    (2, 0): (F(2, 3), F(1, 6)), (2, 1): (F(4), F(6)),
    (3, 0): (F(1, 4), F(1, 32)), (3, 1): (F(4), F(23, 8)),
    (4, 0): (F(8, 115), F(1, 230)), (4, 1): (F(44, 19), F(1)), (4, 2): (F(176), F(230)),
    (5, 0): (F(1, 66), F(1, 2112)), (5, 1): (F(1), F(237, 832)), (5, 2): (F(66), F(841, 16)),
    (6, 0): (F(16, 5887), F(1, 23548)), (6, 1): (F(3648, 10543), F(722, 10543)),
    (6, 2): (F(9664, 361), F(10543, 722)), (6, 3): (F(19328), F(23548)),
    (7, 0): (F(1, 2416), F(1, 309248)), (7, 1): (F(40, 397), F(2179, 152448)),
    (7, 2): (F(397, 40), F(20219, 5120)), (7, 3): (F(2416), F(259723, 128)),
    (8, 0): (F(128, 2337507), F(1, 4675014)), (8, 1): (F(608, 23897), F(63, 23897)),
    (8, 2): (F(274752, 82903), F(1)), (8, 3): (F(499808, 819), F(23897, 63)),
}  # fmt: skip


@pytest.mark.parametrize("parts", ROUNDING)
def test_rounding_has_the_tabulated_law(parts: int) -> None:
    denominator, counts = ROUNDING[parts]
    assert [p * denominator for p in rounding_law(parts)] == counts


@pytest.mark.parametrize("parts", TRUNCATION)
def test_truncation_has_the_tabulated_law(parts: int) -> None:
    assert [p * factorial(parts) for p in truncation_law(parts)] == TRUNCATION[parts]


@pytest.mark.parametrize(
    ("parts", "gap", "chance"),
    [
        (2, 1, 0.25), (3, 1, 0.333333), (4, 1, 0.401042), (4, 2, 0.005208), (5, 2, 0.016667), (6, 2, 0.031380),
        (6, 3, 4.340e-05), (8, 3, 0.001270), (8, 4, 1.938e-07), (10, 3, 0.004938), (12, 4, 2.424e-04), (12, 1, 0.621156),
    ],
)  # fmt: skip
def test_p_values_are_those_of_the_table(parts: int, gap: int, chance: float) -> None:
    assert float(rounding_p_value(gap, parts)) == pytest.approx(chance, rel=5e-4)


@pytest.mark.parametrize(("parts", "gap"), RATIOS)
def test_likelihood_ratios_are_those_of_the_table(parts: int, gap: int) -> None:
    rounded = rounding_probability(gap, parts)
    cut, cut_parts = truncation_probability(gap, parts), cut_parts_probability(gap, parts)
    assert (cut / rounded, cut_parts / rounded) == RATIOS[parts, gap]


@pytest.mark.parametrize("parts", range(2, 9))
def test_one_total_below_its_parts_refutes_truncation(parts: int) -> None:
    assert truncation_probability(-1, parts) == cut_parts_probability(-1, parts) == 0


@given(parts=st.integers(1, 24))
def test_probabilities_add_to_one_and_are_symmetric(parts: int) -> None:
    law = rounding_law(parts)
    assert law[0] + 2 * sum(law[1:]) == 1
    assert sum(truncation_law(parts)) == 1
    assert truncation_law(parts) == truncation_law(parts)[::-1]


@given(parts=st.integers(2, 24))
def test_the_variance_is_a_twelfth_of_the_parts_and_the_total(parts: int) -> None:
    law = rounding_law(parts)
    assert 2 * sum(k * k * p for k, p in enumerate(law)) == F(parts + 1, 12)
    cut = truncation_law(parts)
    mean = sum(k * p for k, p in enumerate(cut))
    assert mean == F(parts - 1, 2)
    assert sum((k - mean) ** 2 * p for k, p in enumerate(cut)) == F(parts + 1, 12)


@given(parts=st.integers(2, 12), gap=st.integers(-8, 8))
def test_recurrence_alternating_sum_and_general_law_agree(parts: int, gap: int) -> None:
    half = F(parts + 1, 2)
    spline = sum((-1) ** j * comb(parts + 1, j) * max(F(0), gap + half - j) ** parts for j in range(parts + 2))
    general = mixed_rounding_law(F(0), [F(1)] * parts, F(1)).get(F(gap), F(0))
    assert rounding_probability(gap, parts) == spline / factorial(parts) == general


@given(parts=st.integers(2, 12), gap=st.integers(-3, 12))
def test_truncation_is_rounding_shifted_for_odd_numbers_and_cut_parts_for_even_ones(parts: int, gap: int) -> None:
    if parts % 2:
        assert truncation_probability(gap, parts) == rounding_probability(gap - (parts - 1) // 2, parts)
    else:
        assert cut_parts_probability(gap, parts) == rounding_probability(gap - parts // 2, parts)


@given(parts=st.integers(2, 9), negative=st.integers(0, 9))
def test_negative_parts_shift_the_law_of_truncation(parts: int, negative: int) -> None:
    negative = min(negative, parts)
    support = [gap for gap in range(-parts - 1, parts + 1) if truncation_probability(gap, parts, negative=negative)]
    assert support == list(range(-negative, parts - negative))
    assert sum(truncation_probability(gap, parts, negative=negative) for gap in support) == 1


@given(parts=st.integers(1, 9))
def test_rounded_parts_under_a_cut_total_have_a_law_as_well(parts: int) -> None:
    assert sum(cut_total_probability(gap, parts) for gap in range(-parts, parts + 1)) == 1
    assert sum(cut_parts_probability(gap, parts) for gap in range(parts + 2)) == 1


@given(parts=st.integers(2, 20))
def test_p_values_are_one_for_the_most_probable_gap_and_decrease(parts: int) -> None:
    values = [rounding_p_value(gap, parts) for gap in range(parts // 2 + 2)]
    assert values[0] == 1
    assert values == sorted(values, reverse=True)
    assert len(set(values[:-1])) == len(values) - 1
    assert values[-1] == 0


@given(
    st.lists(st.sampled_from([F(1), F(1, 10), F(1, 100), F(3, 2)]), min_size=1, max_size=6), st.integers(-9999, 9999)
)
def test_the_law_of_mixed_steps_is_a_law_on_the_grid_of_the_total(steps: list[F], hundredths: int) -> None:
    parts_sum = F(hundredths, 100)
    law = mixed_rounding_law(parts_sum, steps, F(1))
    assert sum(law.values()) == 1
    assert all((parts_sum + gap).denominator == 1 for gap in law)
    assert all(abs(gap) <= F(1, 2) + sum(steps) / 2 for gap in law)


@given(
    st.lists(st.sampled_from([F(1), F(1, 10), F(1, 100), F(2, 3)]), min_size=1, max_size=4),
    st.sampled_from([F(1), F(1, 10), F(1, 4)]),
    st.integers(-999, 999),
)
def test_cells_on_a_common_grid_and_the_alternating_sum_give_one_law(
    steps: list[F], total_step: F, hundredths: int
) -> None:
    parts_sum = F(hundredths, 100)
    errors = UniformErrors([step / 2 for step in steps])
    law = mixed_rounding_law(parts_sum, steps, total_step)
    for gap, chance in law.items():
        assert chance == errors.below(gap + total_step / 2) - errors.below(gap - total_step / 2)
    assert sum(law.values()) == 1


def test_steps_too_different_for_a_grid_have_a_law_as_well() -> None:
    law = mixed_rounding_law(F(0), [F(1, 10**6), F(1)], F(1))
    assert law == {F(-1): F(1, 8 * 10**6), F(0): 1 - F(1, 4 * 10**6), F(1): F(1, 8 * 10**6)}


def test_sixty_parts_of_three_kinds_of_places_have_a_law() -> None:
    """30 + 20 + 10 parts: 7161 terms at 1232 ends of cells, if each were summed by itself."""
    steps = [F(1, 100)] * 30 + [F(1, 10)] * 20 + [F(1)] * 10
    law = mixed_rounding_law(F(0), steps, F(1, 100))
    assert sum(law.values()) == 1
    assert law[F(7, 100)] == law[F(-7, 100)]


def test_errors_of_different_widths_have_the_law_of_the_example() -> None:
    law = mixed_rounding_law(F(0), [F(1, 100), F(1, 100), F(1, 10)], F(1, 100))
    inner, outer = [F(1, 10)] * 4, [F(47, 480), F(1, 20), F(1, 480)]
    assert [law.get(F(k, 100), F(0)) for k in range(7)] == [*inner, *outer]
    assert sum(law.values()) == 1


@pytest.mark.parametrize(
    ("parts_sum", "law"),
    [("7.49", {F("-0.49"): F(47, 48), F("0.51"): F(1, 48)}), ("7.22", {F("-0.22"): F(1)})],
)
def test_a_coarser_total_is_conditional_on_the_printed_sum(parts_sum: str, law: dict[F, F]) -> None:
    assert mixed_rounding_law(F(parts_sum), [F(1, 100)] * 3, F(1)) == law


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(-30, 30), st.integers(-30, 30))
def test_the_distribution_of_errors_grows_from_0_to_1(widths: list[int], a: int, b: int) -> None:
    errors = UniformErrors([F(width) for width in widths])
    low, high = sorted((F(a), F(b)))
    assert 0 <= errors.below(low) <= errors.below(high) <= 1
    assert errors.below(low) + errors.below(-low) == 1
    assert errors.below(errors.reach) == 1


@pytest.mark.parametrize(("parts", "cut"), [(4, False), (5, False), (4, True), (6, True)])
def test_drawn_sums_have_these_frequencies(parts: int, cut: bool) -> None:
    """Within four standard errors; the seed is fixed, so that a red build means a change."""
    draw = random.Random(20_17)
    trials = 4000
    counts: dict[int, int] = {}
    for _ in range(trials):
        true = [draw.randrange(10**6, 10**9) for _ in range(parts)]  # in thousandths of a step
        printed = [value // 1000 if cut else (value + 500) // 1000 for value in true]
        total = sum(true) // 1000 if cut else (sum(true) + 500) // 1000
        gap = total - sum(printed)
        counts[gap] = counts.get(gap, 0) + 1
    for gap in range(-2, parts):
        p = float(truncation_probability(gap, parts) if cut else rounding_probability(gap, parts))
        assert abs(counts.get(gap, 0) - trials * p) <= 4 * (trials * p * (1 - p)) ** 0.5 + 1


def test_a_sum_without_parts_has_no_law() -> None:
    for law in (rounding_law, truncation_law):
        with pytest.raises(ba.BudgetAuditError, match="without parts"):
            law(0)
    with pytest.raises(ba.BudgetAuditError, match="steps"):
        mixed_rounding_law(F(1), [F(1)], F(0))


SEED = {"total": "677.41", "wages": "167.09", "goods": "348.28", "subsidies": "16.48", "capital": "145.54"}
EQUATION = "total = wages + goods + subsidies + capital"


def _likelihood(figures: dict[str, str], equation: str, **arguments: object) -> tuple[F | None, F | None]:
    (outcome,) = ba.audit(figures, rules=[equation], **arguments).outcomes  # type: ignore[arg-type]
    return outcome.likelihood.rounding, outcome.likelihood.truncation


def test_the_county_report_has_1_in_192_and_11_in_24() -> None:
    assert _likelihood(SEED, EQUATION, unit="万元") == (F(1, 192), F(11, 24))
    assert _likelihood(SEED, EQUATION) == (F(1, 192), F(11, 24))


def test_an_exact_sum_of_two_is_as_likely_as_the_table_says() -> None:
    figures = {"basic": "246.79", "staff": "179.17", "office": "67.62"}
    assert _likelihood(figures, "basic = staff + office") == (F(1), F(1, 2))


def test_a_part_of_zero_carries_no_hidden_digits() -> None:
    assert _likelihood(SEED | {"abroad": "0.00"}, f"{EQUATION} + abroad") == (F(1, 192), F(11, 24))


def test_signs_do_not_matter_for_rounding_and_do_for_truncation() -> None:
    figures = {"net": "9.99", "a": "20.00", "b": "5.00", "c": "5.00"}
    assert _likelihood(figures, "net = a - b - c") == (F(1, 3), F(4, 6))


@pytest.mark.parametrize(
    ("figures", "equation"),
    [
        ({"total": "677.41元", "a": "600.00元", "b": "77.41元"}, "total = a + b"),  # printed to the smallest unit
        ({"total": "9人", "a": "4人", "b": "5人"}, "total = a + b"),  # counts
        ({"rate": "50.00%", "a": "1.00", "b": "2.00"}, "rate% = a / b"),  # a ratio
        ({"total": "10.00", "a": "5.00", "b": "4.00"}, "total = a + b"),  # no rounding does this
        ({"a": "1.00", "b": "1.01"}, "a = b"),  # a single part
        ({"a": "3.00", "b": "2.00"}, "a <= b"),
    ],
)
def test_where_no_digits_are_hidden_or_no_sum_is_made_there_is_no_likelihood(
    figures: dict[str, str], equation: str
) -> None:
    assert _likelihood(figures, equation) == (None, None)


def test_a_gap_on_the_touching_end_is_possible_and_has_likelihood_zero() -> None:
    figures = {"total": "10.02", "a": "4.00", "b": "5.00", "c": "1.00"}
    (outcome,) = ba.audit(figures, rules=["total = a + b + c"]).outcomes
    assert outcome.gap == outcome.bound
    assert (outcome.verdict, outcome.likelihood.rounding) == ("rounding", F(0))


@given(
    steps=st.lists(st.integers(0, 3), min_size=2, max_size=6),
    units=st.lists(st.integers(1, 10**6), min_size=6, max_size=6),
    error=st.integers(-3, 3),
)
def test_a_likelihood_is_a_probability_and_one_only_for_the_most_probable_gap(
    steps: list[int], units: list[int], error: int
) -> None:
    parts = {f"p{n}": f"{Decimal(units[n]).scaleb(-places):.{places}f}" for n, places in enumerate(steps)}
    total = sum(Decimal(figure) for figure in parts.values()).quantize(Decimal("0.01")) + error * Decimal("0.01")
    figures = {"total": f"{total:.2f}", **parts}
    outcome = ba.audit(figures, rules=[f"total = {' + '.join(parts)}"]).outcomes[0]
    chance = outcome.likelihood.rounding
    if outcome.verdict == "inconsistent":
        assert chance is None
    elif chance is not None:
        assert 0 <= chance <= 1
