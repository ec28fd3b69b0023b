"""Amounts in columns: every way in gives the figures that one record at a time gives, and what floats prove is exact."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.check.arrays.amounts import proven_digits
from budgetaudit.check.arrays.facts import Layout
from budgetaudit.check.arrays.linear import split_residual
from budgetaudit.errors import BudgetAuditError
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet
from weighed_columns import agree, by_columns, by_objects, long_table

RULES = RuleSet.from_equations(["t = a - 3*b", "a <= t", "b = 0.25*t + a"])


def rows(*figures):
    return [
        {"label": label, "entity": str(number // 3), "amount": figure}
        for number, (label, figure) in enumerate(zip("tab" * len(figures), figures, strict=False))
    ]


def printed(value, places):
    digits = f"{abs(value):0{places + 1}d}"
    return ("-" if value < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


LARGE = st.integers(-(10**34), 10**34) | st.sampled_from([2**62 - 1, 2**62, -(2**63), 2**63, 10**17])


HALVES = st.integers(-(2**62) + 1, 2**62 - 1)  # sums that leave int64, of figures that do not


@given(
    st.lists(LARGE, min_size=3, max_size=9) | st.lists(HALVES, min_size=3, max_size=9),
    st.integers(0, 18),
    st.integers(0, 3),
)
def test_any_size_and_any_places_against_a_fraction_oracle(values, places, near):
    first, second = (abs(value) // 8 for value in values[1:3])
    values = [*values[: len(values) // 3 * 3], first - 3 * second + near, first, second]  # one sum that nearly holds
    texts = [printed(value, places) for value in values]
    records = rows(*texts)
    agree(records, RULES)
    found, _ = by_columns(long_table(records), RuleSet.from_equations(["t = a - 3*b"]))
    expected = Counter()
    for start in range(0, len(records), 3):
        total, first, second = (Fraction(record["amount"]) for record in records[start : start + 3])
        gap, bound = total - first + 3 * second, Fraction(5, 2) / 10**places
        if abs(gap) > Fraction(1, 2) / 10**places:
            expected["equation/1", "rounding" if abs(gap) <= bound else "inconsistent", "", gap, bound] += 1
    assert found == expected


@given(st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=12), st.integers(0, 4), st.sampled_from(["decimal", "int", "float", "text"]), st.booleans())  # fmt: skip
def test_every_type_of_column_says_the_same(values, places, kind, blank):
    values = [
        None if blank and number % 5 == 4 else value for number, value in enumerate(values[: len(values) // 3 * 3])
    ]
    decimals = [None if value is None else Decimal(value).scaleb(-places) for value in values]
    records = [{**row, "places": places} for row in rows(*decimals)]
    match kind:
        case "int":
            records = [{**row, "amount": value, "places": 0} for row, value in zip(records, values, strict=True)]
        case "float":
            records = [{**row, "amount": None if row["amount"] is None else float(row["amount"])} for row in records]
        case "text":
            records = [{**row, "amount": None if row["amount"] is None else f"{row['amount']:f}"} for row in records]
        case _:
            pass
    agree(records, RULES)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=3, max_size=6), st.integers(0, 6))
def test_a_float_is_the_decimal_of_its_shortest_text_or_odd(numbers, places):
    agree([{**row, "places": places} for row in rows(*numbers)][: len(numbers) // 3 * 3], RULES)


@given(st.lists(st.floats(-1e16, 1e16, width=64), min_size=1), st.integers(0, 8))
def test_what_is_proven_of_a_float_is_its_shortest_decimal(numbers, places):
    digits, proven = proven_digits(np.array(numbers), places)
    for number, digit, sure in zip(numbers, digits.tolist(), proven.tolist(), strict=True):
        if sure:
            assert Fraction(repr(number)) == Fraction(digit, 10**places) or float(Fraction(digit, 10**places)) == number
        elif abs(number) < 2**52 / 10**places:
            assert (Fraction(repr(number)) * 10**places).denominator != 1


@given(st.lists(st.tuples(st.integers(-7, 7), HALVES), min_size=1, max_size=6), st.integers(-(2**70), 2**70))
def test_a_residual_in_two_halves_is_the_whole_one(terms, constant):
    high, low = split_residual([(weight, np.array([value])) for weight, value in terms], constant)
    assert int(high[0]) * 2**32 + int(low[0]) == sum(weight * value for weight, value in terms) + constant
    assert 0 <= int(low[0]) < 2**32


def test_floats_without_places_and_figures_that_are_none_are_refused():
    table = pa.table({"label": ["t"], "entity": ["x"], "amount": [1.5]})
    with pytest.raises(BudgetAuditError, match="how many places"):
        by_columns(table, RULES)
    with pytest.raises(BudgetAuditError, match="not finite"):
        by_columns(pa.table({"label": ["t"], "amount": [float("inf")], "places": [1]}), RULES)
    with pytest.raises(BudgetAuditError, match="holds no figures"):
        by_columns(pa.table({"label": ["t"], "amount": [True]}), RULES)


def wide_of(records):
    labels = list(dict.fromkeys(record["label"] for record in records))
    entities = list(dict.fromkeys(record["entity"] for record in records))
    cell = {(record["entity"], record["label"]): record["amount"] for record in records}
    return pa.table(
        {"entity": entities} | {label: [cell.get((entity, label)) for entity in entities] for label in labels}
    )


@given(
    st.lists(st.none() | st.integers(-(10**4), 10**4), min_size=3, max_size=15),
    st.sampled_from(["nearest", "truncate"]),
)
def test_a_wide_table_says_what_the_long_one_says(values, rounding):
    records = rows(*values)[: len(values) // 3 * 3]
    wide, convention = wide_of(records), Convention(rounding=rounding)
    if any(pa.types.is_null(column.type) for column in wide.columns):
        records = [{**record, "amount": record["amount"] or 0} for record in records]
        wide = wide_of(records)
    layout = Layout({"entity": "entity"}, ("entity",), wide=tuple(wide.column_names[1:]), places=0)
    assert by_columns(wide, RULES, layout, convention) == by_columns(long_table(records), RULES, convention=convention)
    assert by_columns(wide, RULES, layout, convention)[0] == by_objects(records, RULES, convention)[0]


@given(st.data())
def test_the_order_of_rows_the_coding_and_the_chunks_change_nothing(data):
    values = data.draw(st.lists(st.integers(-99, 99), min_size=9, max_size=30))
    records = rows(*map(str, values))
    table = long_table(records)
    expected = by_columns(table, RULES)
    shuffled = table.take(data.draw(st.permutations(range(len(records)))))
    assert by_columns(shuffled, RULES) == expected
    coded = shuffled.set_column(0, "label", shuffled["label"].dictionary_encode())
    cut = data.draw(st.integers(0, len(records)))
    assert by_columns(pa.concat_tables([coded.slice(0, cut), coded.slice(cut)]), RULES) == expected
    numbers = coded.set_column(1, "entity", shuffled["entity"].cast(pa.int32()))
    assert by_columns(numbers, RULES) == expected
    assert by_columns(shuffled.set_column(1, "entity", shuffled["entity"].cast(pa.float64())), RULES) == expected


@pytest.mark.parametrize("places", [-30, -3, 0, 19, 40])
def test_places_far_from_those_of_the_type(places):
    records = [
        {**row, "places": places}
        for row in rows(Decimal(0), Decimal(0), Decimal(0), Decimal(7000), Decimal(1000), Decimal(-2000))
    ]
    agree(records, RULES)
    column = pa.array([record["amount"] for record in records], pa.decimal128(38, 20))
    table = long_table(records)
    assert by_columns(table.set_column(2, "amount", column), RULES) == by_columns(table, RULES)


def test_decimals_of_every_width_and_offset_are_read():
    texts = ["10.00", "4.00", "2.00", "7.00", "1.00", "-2.00"]
    column = pa.array([Decimal(0), *map(Decimal, texts)], pa.decimal128(38, 2)).slice(1)
    table = long_table(rows(*texts)).set_column(2, "amount", column)
    expected = by_columns(long_table(rows(*texts)), RULES)
    assert by_columns(table, RULES) == expected
    assert by_columns(table.set_column(2, "amount", column.cast(pa.decimal256(60, 2))), RULES) == expected
