"""Markdown and CSV: nothing from a document is markup, calls anybody, or runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest

import budgetaudit as ba
from budgetaudit.findings.report import Report
from budgetaudit.show.csv import COLUMNS
from budgetaudit.show.formats import render
from budgetaudit.show.language import LOCALES
from budgetaudit.show.markdown import escaped


@pytest.mark.parametrize("locale", LOCALES)
def test_markdown_is_as_stored(locale: str, county: Report, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"county.{locale}.md", render(county, "md", locale=locale, verbose=True))


def test_markdown_is_one_table_and_the_tally(county: Report) -> None:
    lines = render(county, "md").splitlines()
    cells = [len(re.split(r"(?<!\\)\|", line)) for line in lines[: 2 + len(county.findings)]]
    assert set(cells) == {6}
    assert lines[2 + len(county.findings)] == ""
    assert lines[-1].startswith("- 4 relations checked: ")


def test_markdown_says_so_when_there_is_nothing_to_report() -> None:
    report = ba.audit({"total": "9.00", "a": "9.00"}, rules=["total = a"])
    assert render(report, "md").splitlines()[0] == "nothing to report"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"), ("`x` *y* _z_", r"\`x\` \*y\* \_z\_"), ("[a](b)", r"\[a\](b)"), ("<img src=x>", r"\<img src=x\>"),
        ("&lt;", r"\&lt;"), ("$x$", r"\$x\$"), ("~~x~~", r"\~\~x\~\~"), ("a\\b", r"a\\b"), ("two\nlines", "two lines"),
        ("@team", "@<!-- -->team"), ("#12", "#<!-- -->12"), ("\u202eabc", " abc"),
    ],
)  # fmt: skip
def test_markdown_shows_characters_and_not_markup(text: str, shown: str) -> None:
    assert escaped(text) == shown


def rows(report: Report, locale: str = "en") -> list[dict[str, str]]:
    text = render(report, "csv", locale=locale)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("locale", LOCALES)
def test_csv_is_as_stored(locale: str, county: Report, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"county.{locale}.csv", render(county, "csv", locale=locale))


def test_csv_has_a_row_for_each_finding_with_its_numbers(county: Report) -> None:
    found = rows(county)
    assert [row["kind"] for row in found] == [finding.kind for finding in county.findings]
    assert all(set(row) == set(COLUMNS) for row in found)
    (rare,) = [row for row in found if row["rule"] == "mine/economic"]
    assert (rare["gap"], rare["bound"], rare["unit"]) == ("0.02", "0.025", "万元")
    assert (rare["likelihood"], rare["place"], rare["printed"]) == ("1 in 192", "county-report.txt:10:12", "677.41")


def test_csv_lists_symptoms_after_their_cause() -> None:
    figures = [("a", "4.00"), ("a", "5.00"), ("total", "9.00"), ("b", "4.00")]
    report = ba.audit([{"label": label, "amount": amount} for label, amount in figures], rules=["total = a + b"])
    first, second = rows(report)
    assert (first["symptom_of"], second["symptom_of"]) == ("", first["fingerprint"])


@pytest.mark.parametrize("start", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "＝1+1", "＋1", "－1+1", "＠x", " =1"])
def test_csv_text_never_runs_as_a_formula(start: str, one_sum: Callable[..., Report]) -> None:
    report = one_sum([start, "a", "b"], ["9.00", "4.00", "4.00"], document=f"{start}.txt")
    (row,) = rows(report)
    for text in row.values():
        assert not text.lstrip().startswith(tuple("=+-@＝＋－＠\t\r")) or re.fullmatch(r"-?[\d.]+", text), text


def test_csv_numbers_stay_numbers() -> None:
    report = ba.audit({"total": "8.98", "a": "4.00", "b": "5.00"}, rules=["total = a + b"])
    (row,) = rows(report, "zh_Hans")
    assert (row["gap"], row["bound"]) == ("-0.02", "0.015")


def test_csv_rounds_only_what_has_no_end() -> None:
    report = ba.audit({"rate": "25.0%", "a": "1.00", "b": "3.00"}, rules=["rate% = a / b"])
    (row,) = rows(report)
    assert row["gap"] == "-8.333333333333"
