"""Reports as tables: every library that takes Arrow gets the same rows, exact, with one schema, and no float anywhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.findings.records import COLUMNS

FIGURES = {
    "t": "1763.26万元", "a": "1254.36万元", "b": "386.72万元", "c": "95.18万元", "u": "1000.00万元", "v": "736.26万元",
    "rate": "25%", "base": "0.70万元", "now": "3.00万元",
}  # fmt: skip
RULES = {"one": "t = a + b + c", "two": "t = u + v", "growth": "rate% = (now - base) / base", "cap": "a <= b"}
EMPTY = ba.audit({"t": "9.00", "a": "9.00"}, rules=["t = a"])


@pytest.fixture(scope="module")
def report() -> ba.Report:
    return ba.audit(FIGURES, rules=RULES)


def _without_nan(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """pandas writes its own gaps for None, and floats for whole numbers with gaps."""
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in rows]


def _by_duckdb(report: ba.Report) -> list[dict[str, object]]:
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.sql("select * from report")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


# Every library that reads the capsule, and its rows as dicts of Python values.
READERS = {
    "pyarrow": lambda report: pa.table(report).to_pylist(),
    "polars": lambda report: pl.DataFrame(report).to_dicts(),
    "pandas": lambda report: _without_nan(pd.DataFrame.from_arrow(report).to_dict(orient="records")),
    "duckdb": _by_duckdb,
}


@pytest.mark.parametrize("library", READERS)
def test_every_library_reads_the_records_themselves(library: str, report: ba.Report) -> None:
    rows = READERS[library](report)
    assert len(rows) == len(report.to_dicts()) == 4
    for row, record in zip(rows, report.to_dicts(), strict=True):
        assert list(row) == list(record) == list(COLUMNS)
        for name, value in record.items():
            if isinstance(value, Decimal):
                assert isinstance(row[name], Decimal)
            assert row[name] == value, name


@pytest.mark.parametrize("library", READERS)
def test_a_report_without_findings_is_a_table_without_rows(library: str) -> None:
    assert EMPTY.findings == ()
    assert READERS[library](EMPTY) == []


def test_the_schema_is_the_same_for_every_report_and_has_no_float(report: ba.Report) -> None:
    expected = pa.schema(
        [
            (name, {"text": pa.string(), "decimal": pa.decimal128(38, 10), "whole number": pa.int64()}[holds])
            for name, holds in COLUMNS.items()
        ]
    )
    nothing = ba.audit({}, rules=[])
    for one in (report, EMPTY, nothing):
        assert pa.table(one).schema == expected
    assert pl.DataFrame(nothing).schema == pl.DataFrame(report).schema
    assert not any(pa.types.is_floating(kind) for kind in expected.types)


def test_a_reader_may_ask_for_other_types(report: ba.Report) -> None:
    wanted = pa.table(report).schema.set(0, pa.field("kind", pa.large_string()))
    capsule = report.__arrow_c_stream__(wanted.__arrow_c_schema__())
    table = pa.RecordBatchReader._import_from_c_capsule(capsule).read_all()
    assert table.schema.field("kind").type == pa.large_string()
    assert table.column("kind").to_pylist() == [record["kind"] for record in report.to_dicts()]


def test_a_growth_without_end_is_rounded_as_a_number_and_exact_as_text(report: ba.Report) -> None:
    (row,) = [row for row in pa.table(report).to_pylist() if row["rule"] == "growth"]
    assert (row["computed"], row["exact_computed"]) == (Decimal("328.5714285714"), "2300/7")
    assert (row["gap"], row["exact_gap"], row["unit"]) == (Decimal("-303.5714285714"), "-2125/7", "%")


def test_rows_say_where_the_figure_stands_in_whole_numbers() -> None:
    text = "基本支出9.00万元，其中：人员经费4.00万元，公用经费3.00万元。"
    rows = pa.table(ba.audit(ba.read(text.encode(), name="a.txt"))).to_pylist()
    row = next(row for row in rows if row["label"] == "基本支出")
    assert (row["document"], row["printed"], row["start"], row["end"]) == ("a.txt", "9.00", 4, 8)
    assert text[row["start"] : row["end"]] == row["printed"]
    assert (row["places"], row["page"], row["sheet"], row["cell"]) == (2, None, None, None)


@pytest.mark.parametrize(
    ("figures", "rule", "row"),
    [
        ({"a": "5.00", "b": "3.00"}, "a <= b", ("a", "5", "3", "2")),
        ({"a": "5.00", "b": "3.00"}, "b >= a", ("b", "3", "5", "2")),
        ({"a": "5.00", "b": "3.00"}, "a = b", ("a", "5", "3", "2")),
        ({"t": "9.00", "a": "4.00", "b": "3.00"}, "t = a + b", ("t", "9", "7", "2")),
        ({"r": "20%", "a": "5.00", "b": "10.00"}, "r% = a / b", ("r", "20", "50", "-30")),
    ],
)
def test_both_sides_of_a_relation_are_there(
    figures: Mapping[str, str], rule: str, row: tuple[str, str, str, str]
) -> None:
    (record,) = ba.audit(figures, rules=[rule]).to_dicts()
    assert (record["label"], *(f"{record[name]:f}" for name in ("reported", "computed", "gap"))) == row


def test_a_part_in_yuan_above_a_whole_in_wan_yuan_is_compared_in_one_unit() -> None:
    (record,) = ba.audit({"part": "50000元", "whole": "3.00万元"}, rules=["part <= whole"]).to_dicts()
    assert (record["unit"], record["reported"], record["computed"], record["gap"]) == ("万元", 5, 3, 2)


@given(
    total=st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**60), max_value=10**60),
    precision=st.integers(1, 60),
)
def test_a_number_of_any_size_is_exact_as_text_and_near_as_a_number_or_null(total: Decimal, precision: int) -> None:
    figures = {"t": f"{total:f}", "a": "1.00", "b": "1.00"}
    report = ba.audit(figures, rules=["t = a + b"])
    with localcontext() as context:
        context.prec = precision  # the caller's own
        rows = pa.table(report).to_pylist()
    for row in rows:
        assert Fraction(row["exact_reported"]) == Fraction(total)
        fits = abs(round(Fraction(total), 10)) < 10**28
        assert (row["reported"] is not None) == fits
        if fits:
            assert abs(Fraction(row["reported"]) - Fraction(total)) <= Fraction(1, 2 * 10**10)


def test_half_a_surrogate_pair_is_escaped() -> None:
    report = ba.audit({"t\ud800": "9.00", "a": "4.00"}, rules={"rule": '"t\ud800" = a'})
    (label,) = pa.table(report).column("label").to_pylist()
    assert label == r"t\ud800"


def test_a_frame_of_pandas_or_polars_has_whole_numbers_and_all_columns(
    report: ba.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in (report, EMPTY):
        frame = one.to_frame()
        assert list(frame) == list(COLUMNS)
        assert not any(pd.api.types.is_float_dtype(kind) for kind in frame.dtypes)
    monkeypatch.setitem(sys.modules, "pandas", None)
    for one in (report, EMPTY):
        frame = one.to_frame()
        assert isinstance(frame, pl.DataFrame)
        assert frame.columns == list(COLUMNS)
        assert not any(kind.is_float() for kind in frame.dtypes)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ba.BudgetAuditError, match="needs pandas or polars"):
        report.to_frame()


def test_without_pyarrow_the_extra_is_named(report: ba.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ba.BudgetAuditError, match=r"needs pyarrow\. Hint: pip install 'budgetaudit\[columns\]'"):
        report.__arrow_c_stream__()
