"""Data frames of three libraries become the same budget, and none of the libraries is imported for it."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.model.records import is_frame

COLUMNS = {
    "label": ["总计", "人员经费", "公用经费"],
    "amount": ["677.40", "(1,234.5)", None],
    "places": [2, 1, None],
    "period": [2031, 2031, 2031],
}
MAKERS = {
    "pandas": pd.DataFrame,
    "pandas-nullable": lambda columns: pd.DataFrame(columns).convert_dtypes(),
    "polars": pl.DataFrame,
    "polars-lazy": pl.LazyFrame,
    "pyarrow": pa.table,
}


@pytest.fixture(params=sorted(MAKERS))
def frame(request):
    return MAKERS[request.param]


def test_text_as_printed_comes_through_every_library(frame):
    budget = Budget.from_frame(frame(COLUMNS), unit="万元")
    assert budget == Budget.from_records(
        [
            {"label": "总计", "amount": "677.40", "places": 2, "period": 2031},
            {"label": "人员经费", "amount": "(1,234.5)", "places": 1, "period": 2031},
            {"label": "公用经费", "amount": None, "period": 2031},
        ],
        unit="万元",
    )
    assert [line.state for line in budget] == ["printed", "printed", "blank"]


def test_floats_of_a_frame_have_unknown_precision(frame):
    budget = Budget.from_frame(frame({"label": ["a", "b"], "amount": [677.41, None]}))
    first, second = budget
    assert first.amount is not None
    assert (first.amount.value, first.amount.precision) == (Decimal("677.41"), "unknown")
    assert (second.amount, second.state) == (None, "blank")


def test_whole_numbers_of_a_frame_have_no_places(frame):
    budget = Budget.from_frame(frame({"label": ["a"], "amount": [12345678901234567]}))
    [line] = budget
    assert line.amount is not None
    assert (line.amount.value, line.amount.places, line.amount.precision) == (12345678901234567, 0, "printed")


@pytest.mark.parametrize("make", [pl.DataFrame, pa.table], ids=["polars", "pyarrow"])
def test_trap_decimal_columns_have_one_scale(make):
    """[677.41, 0.005] becomes [677.410, 0.005]: the places of each figure come in a column of their own."""
    figures = {"label": ["a", "b"], "amount": [Decimal("677.41"), Decimal("0.005")]}
    assert [line.amount.places for line in Budget.from_frame(make(figures)) if line.amount] == [3, 3]
    placed = Budget.from_frame(make({**figures, "places": [2, 3]}))
    assert [line.amount.places for line in placed if line.amount] == [2, 3]
    assert not any(line.amount.has_excess_digits for line in placed if line.amount)


@pytest.mark.parametrize("figure", [np.float32(0.1), np.float64(0.1), np.float16(0.1)])
def test_narrow_floats_keep_their_own_shortest_text(figure):
    [line] = Budget.from_records([{"label": "a", "amount": figure}])
    assert line.amount is not None
    assert (line.amount.value, line.amount.precision) == (Decimal("0.1"), "unknown")


@pytest.mark.parametrize("figure", [np.int64(5), np.uint8(5)])
def test_whole_numbers_of_a_library_are_whole_numbers(figure):
    [line] = Budget.from_records([{"label": "a", "amount": figure, "places": np.int64(0), "period": np.int64(2031)}])
    assert line.amount is not None
    assert (line.amount.value, line.amount.places, line.amount.precision) == (5, 0, "printed")
    assert line.identity.period == "2031"


@pytest.mark.parametrize("gap", [pd.NA, pd.NaT, np.float32("nan"), float("nan")])
def test_every_library_has_its_own_gap(gap):
    [line] = Budget.from_records(
        [{"label": "a", "amount": gap, "places": gap, "unit": gap, "code": gap, "id": gap, "period": gap}]
    )
    assert (line.id, line.amount, line.state) == ("l1", None, "blank")


def test_columns_of_the_caller_are_mapped(frame):
    given = frame({"项目": ["人员经费"], "金额": ["5"], "备注": ["x"]})
    [line] = Budget.from_frame(given, columns={"label": "项目", "amount": "金额"})
    assert line.identity.label == "人员经费"


def test_frames_are_known_by_what_they_offer():
    assert all(is_frame(make({"label": ["x"]})) for name, make in MAKERS.items() if name != "polars-lazy")
    assert not any(is_frame(other) for other in ({"a": 1}, [1], "text", 5, None))


@pytest.mark.parametrize("other", [5, "text", object()])
def test_what_is_no_frame_is_refused(other):
    with pytest.raises(BudgetAuditError, match="no data frame"):
        Budget.from_frame(other)


def test_no_library_of_frames_is_imported():
    program = (
        "import sys; from budgetaudit.model.budget import Budget; Budget.from_dict({'x': '5'});"
        "sys.exit(bool({'numpy', 'pandas', 'polars', 'pyarrow', 'narwhals'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
