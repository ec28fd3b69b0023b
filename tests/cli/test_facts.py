"""`budgetaudit check` over tables of facts: counts, outcomes, a page, exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Run = Callable[..., tuple[int, str, str]]
PACK = """
[pack]
name = "mine"
version = "1"
[[rule]]
id = "mine/total"
kind = "SUM001"
strength = "balance"
equation = "total = a + b"
reason = "the parts are all there are"
source = "made for this test"
label = { zh_Hans = "t", zh_Hant = "t", en = "t" }
"""
HOW = ("--rules", "mine.toml", "--keys", "office,year", "--item", "code", "--amount", "value")


@pytest.fixture
def table(desk: Path) -> Path:
    (desk / "mine.toml").write_text(PACK, encoding="utf-8")
    offices = {"<north>": ("9.00", "4.00", "5.00"), "south": ("9.01", "4.00", "5.00"), "west": ("8.00", "4.00", "5.00")}
    rows = [
        (office, 2020, item, value)
        for office, values in offices.items()
        for item, value in zip(("total", "a", "b"), values, strict=True)
    ]
    names = ("office", "year", "code", "value")
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), desk / "facts.parquet")
    return desk


def test_counts_are_printed_and_outcomes_written(table: Path, run: Run) -> None:
    code, out, _ = run("check", "facts.parquet", *HOW, "--output", "found.parquet", "--page", "page.html")
    assert code == 1
    assert out == (
        "3 relations checked: 1 exact, 1 within rounding, 1 inconsistent, 0 undefined; 0 undecided, 0 failed\n"
        "  mine/total  exact 1  rounding 1  inconsistent 1\n"
    )
    found = pq.read_table(table / "found.parquet").to_pylist()
    assert [(row["office"], row["verdict"], str(row["gap"])) for row in found] == [
        ("south", "rounding", "0.01"), ("west", "inconsistent", "-1.00"),
    ]  # fmt: skip
    page = (table / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "rounding explains 50.0 % of all gaps" in page
    assert "west" in page
    assert "<svg" in page
    assert not (table / "found.parquet.work").exists()


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("error", 1), ("info", 1)])
def test_the_exit_code_follows_the_level(table: Path, run: Run, level: str, code: int) -> None:
    assert run("check", "facts.parquet", *HOW, "--fail-on", level)[0] == code


def test_nothing_checked_is_2_and_said(table: Path, run: Run) -> None:
    pq.write_table(
        pa.table({"office": ["x"], "year": [2020], "code": ["other"], "value": ["1"]}), table / "facts.parquet"
    )
    code, _, err = run("check", "facts.parquet", *HOW, "--page", "page.html", "--locale", "zh_Hans")
    assert code == 2
    assert "nothing was checked: 1 rows read" in err
    assert (table / "page.html").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--amount", "value", "--item", "code"), "which rules a table of facts has to fulfil"),
        ((*HOW[:-1], "vlaue"), "no column 'vlaue'; nearest: 'value'"),
        ((*HOW, "--select", "SUM"), "all or none"),
        ((*HOW, "--resume"), "nothing is kept of a run without an output"),
    ],
)
def test_wrong_calls_are_said(table: Path, run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, _, err = run("check", "facts.parquet", *arguments)
    assert code == 2
    assert says in err
