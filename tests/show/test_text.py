"""Text: three lines a finding, more on request, counts at the end, nothing that could steer a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

import budgetaudit as ba
from budgetaudit.check.outcome import VERDICTS
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget, Unplaced
from budgetaudit.model.source import Document, Source
from budgetaudit.money.amount import Amount
from budgetaudit.show.formats import render
from budgetaudit.show.language import LOCALES
from budgetaudit.show.text import excerpt

ESCAPE = "\x1b"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("verbose", [False, True])
def test_text_is_as_stored(locale: str, verbose: bool, county: Report, snapshot: Callable[[str, str], None]) -> None:
    name = f"county.{locale}.{'verbose.' if verbose else ''}txt"
    snapshot(name, render(county, "text", locale=locale, verbose=verbose))


def test_a_finding_takes_three_lines_and_the_counts_close(county: Report) -> None:
    blocks = render(county, "text").removesuffix("\n").split("\n\n")
    assert [len(block.splitlines()) for block in blocks[:-1]] == [3] * len(county.findings)
    first = blocks[-1].splitlines()[0]
    assert (
        first == "4 relations checked: 1 exact, 1 within rounding, 2 inconsistent, 0 undefined; 0 undecided, 1 failed"
    )


def test_a_place_can_be_jumped_to_and_shows_the_print(county: Report) -> None:
    (line,) = [line for line in render(county, "text").splitlines() if "mine/economic" in line]
    assert line == ('county-report.txt:10:12 "677.41"   parts at 10:89, 10:105, 10:123, 10:138   rule mine/economic')


def test_an_excerpt_marks_the_figure_where_it_stands(county: Report) -> None:
    (finding,) = [finding for finding in county.findings if finding.rule == "mine/economic"]
    source = county.budget.line(finding.lines[0]).source
    assert source is not None
    line, marker = excerpt(source, county.budget)
    assert line.startswith("  10 | 2017年部门整体支出677.41万元。")
    wide = re.search("677.41", line)
    assert wide is not None
    columns = sum(1 if character.isascii() or character == "…" else 2 for character in line[: wide.start()])
    assert marker.index("^") == columns
    assert marker.count("^") == 6


def test_excerpts_are_cut_and_say_so() -> None:
    text = "甲" * 100 + "1.00" + "乙" * 100 + "\n丙"
    document = Document("x.txt", text=text)
    line, _ = excerpt(Source("x.txt", 100, 104, "1.00", 1, 101), Budget((), (document,)))
    assert line == f"  1 | …{'甲' * 24}1.00{'乙' * 36}…"
    assert list(excerpt(Source("x.txt", 300, 304, "1.00", 1, 1), Budget((), (document,)))) == []
    assert list(excerpt(Source("other.txt", 100, 104, "1.00", 1, 1), Budget((), (document,)))) == []


def test_color_is_added_only_when_asked_for(county: Report) -> None:
    plain, painted = render(county, "text", verbose=True), render(county, "text", color=True, verbose=True)
    assert ESCAPE not in plain
    assert ESCAPE in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == plain


def test_nothing_found_never_stands_without_what_was_checked() -> None:
    report = ba.audit({"total": "9.00", "a": "4.00", "b": "5.00"}, rules=["total = a + b"])
    assert render(report, "text") == (
        "nothing to report\n\n"
        "1 relation checked: 1 exact, 0 within rounding, 0 inconsistent, 0 undefined; 0 undecided, 0 failed\n"
    )


def test_all_six_verdicts_are_counted_in_every_language(county: Report) -> None:
    for locale in LOCALES:
        closing = render(county, "text", locale=locale).rstrip("\n").rpartition("\n\n")[2]
        numbers = [int(number) for number in re.findall(r"\d+", closing.splitlines()[0])]
        assert numbers == [county.checked, *(county.counts[verdict] for verdict in VERDICTS)]


def test_reasons_of_the_undecided_are_counted() -> None:
    figures = {"total": "9.00", "a": "4.00", "b": "", "c": "5.00", "d": ""}
    report = ba.audit(figures, rules=["total = a + b", "total = c + d", "b = a + c"])
    assert "undecided because a part is not reported (2), the total is not reported (1)" in render(report, "text")


def test_unplaced_figures_and_rules_without_figures_are_counted() -> None:
    figure = Unplaced(Amount(Decimal("1.00"), 2), Source("x.txt", 0, 4, "1.00", 1, 1))
    budget = replace(Budget.from_dict({"基本支出": "9.00万元"}), unplaced=(figure,))
    report = ba.audit(budget, rules="cn")
    text = render(report, "text")
    version = report.packs[0].version
    assert f"{len(report.unbound)} rules found no figures to check (packs: cn {version})" in text
    assert "1 figure was read but not placed" in text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, None),
        ({"rounding": "truncate"}, "assumed: digits are cut off"),
        ({"rounding": "parts"}, "assumed: totals add up the rounded parts"),
        ({"tolerance": "0.05"}, "assumed: tolerance 0.05"),
    ],
)
def test_what_was_assumed_is_printed(options: dict[str, str], said: str | None) -> None:
    report = ba.audit({"total": "9.00", "a": "4.00", "b": "5.00"}, rules=["total = a + b"], **options)
    assumed = [line for line in render(report, "text").splitlines() if line.startswith("assumed")]
    assert assumed == ([] if said is None else [said])


def test_labels_cannot_steer_a_terminal(one_sum: Callable[..., Report]) -> None:
    report = one_sum(["to\x1b[31mtal", "a\u202eb", "c\nd"], ["9.00", "4.00", "4.00"], document="x\x07\u2028.txt")
    text = render(report, "text", verbose=True)
    assert not {"\x1b", "\x07", "\u202e", "\u2028"} & set(text)
    assert "to [31mtal is printed as" in text
    assert len(text.split("\n\n")[0].splitlines()) == 3 + len(report.findings[0].causes[:5]) + 1  # that they are equal


def test_the_same_report_gives_the_same_text(county: Report) -> None:
    assert render(county, "text", verbose=True) == render(county, "text", verbose=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_figures_not_placed_are_listed_with_their_places(locale: str) -> None:
    amount, source = Amount(Decimal("3.20"), 2), Source("table.txt", 20, 24, "3.20", 3, 5)
    budget = replace(
        ba.read("收入总计120万元，支出总计120万元。"), unplaced=(Unplaced(amount, source, "row of a table"),)
    )
    report = ba.audit(budget)
    listed = [
        line for line in render(report, "text", locale=locale, verbose=True).splitlines() if "table.txt:3:5" in line
    ]
    assert len(listed) == 1
    assert "3.20" in listed[0]
    assert "table.txt:3:5" not in render(report, "text", locale=locale)
