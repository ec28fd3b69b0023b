"""Acts that spoil several figures, and figures with a story: each is the first cause of invented tables that show it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import budgetaudit as ba

ROWS = {"a": ("1204.56", "311.07"), "b": ("873.21", "45.90"), "c": ("2310.98", "702.33"), "d": ("56.43", "18.25")}
FIGURES = {
    **{f"{row} basic": basic for row, (basic, _) in ROWS.items()},
    **{f"{row} project": project for row, (_, project) in ROWS.items()},
    "a": "1515.63", "b": "919.11", "c": "3013.31", "d": "74.68",
    "basic": "4445.18", "project": "1077.55", "total": "5522.73",
}  # fmt: skip
RULES = {
    **{f"across {row}": f'{row} = "{row} basic" + "{row} project"' for row in ROWS},
    "basic": 'basic = "a basic" + "b basic" + "c basic" + "d basic"',
    "project": 'project = "a project" + "b project" + "c project" + "d project"',
    "rows": f"total = {' + '.join(ROWS)}",
    "columns": "total = basic + project",
}


def best(figures: Mapping[str, str], rules: Mapping[str, str] = RULES) -> tuple[str, dict[str, str], ba.Report]:
    """The first cause of the only finding: its name, and what it would mend."""
    report = ba.audit(figures, rules=rules)
    (finding,) = report.findings
    cause = finding.causes[0]
    return cause.code, {report.budget.line(edit.line).label: edit.proposed for edit in cause.corrections}, report


def test_the_table_adds_up() -> None:
    assert ba.audit(FIGURES, rules=RULES).findings == ()


@pytest.mark.parametrize(
    ("code", "spoilt"),
    [
        ("interchanged-pair", {"a basic": "873.21", "b basic": "1204.56"}),
        ("interchanged-pair", {"c basic": "702.33", "c project": "2310.98"}),
        ("figures-rotated", {"a basic": "2310.98", "b basic": "1204.56", "c basic": "873.21"}),
        ("row-shift", {"a project": "0.00", "b project": "311.07", "c project": "45.90", "d project": "702.33"}),
        ("row-shift", {"a project": "45.90", "b project": "702.33", "c project": "18.25", "d project": "0.00"}),
        ("parent-copied", {"b basic": "4445.18"}),
        ("value-of-another", {"b basic": "45.90"}),
        ("sign-reversed", {"c project": "-702.33"}),
        ("unit-mix-up", {"b basic": "8732100.00"}),
        ("separator-misread", {"b basic": "87321"}),
        ("decimal-shift", {"b basic": "8732.10"}),
        ("decimal-shift", {"b basic": "87.32"}),
    ],
)
def test_an_act_is_one_finding_and_undone_as_a_whole(code: str, spoilt: dict[str, str]) -> None:
    named, edits, report = best(FIGURES | spoilt)
    assert (named, edits) == (code, {label: FIGURES[label] for label in spoilt})
    assert report.what_if(report.findings[0].causes[0]).counts["inconsistent"] == 0


def test_an_amount_in_the_wrong_part_may_stand_in_either_of_two_columns() -> None:
    report = ba.audit(FIGURES | {"a basic": "1004.56", "c basic": "2510.98"}, rules=RULES)
    (finding,) = report.findings
    equals = [
        (cause.code, {report.budget.line(edit.line).label: edit.proposed for edit in cause.corrections})
        for cause in finding.equals
    ]
    assert ("opposite-pair", {"a basic": "1204.56", "c basic": "2310.98"}) in equals
    assert ("opposite-pair", {"a": "1315.63", "c": "3213.31"}) in equals
    assert all(code == "opposite-pair" for code, _ in equals)


@pytest.mark.parametrize(
    ("code", "total"),
    [
        ("omitted-part", "1541.83"), ("counted-twice", "6163.99"), ("parent-beside-children", "7705.82"),
        ("another-figure", "5161.91"),
    ],
)  # fmt: skip
def test_a_total_added_up_otherwise(code: str, total: str) -> None:
    figures = {"total": total, "x": "2310.98", "x1": "1110.98", "x2": "1200.00", "y": "1541.93", "apart": "1309.00"}
    rules = {"total": "total = x + y", "x": "x = x1 + x2", "again": "again = total"}

    figures |= {"total": {"omitted-part": "1541.93", "counted-twice": "6163.89"}.get(code, total), "again": "3852.91"}

    named, edits, _ = best(figures, rules)
    assert (named, edits) == (code, {"total": "3852.91"})


def test_a_series_counted_from_its_beginning() -> None:
    figures = {"q1": "310.20", "q2": "655.10", "q3": "1001.45", "q4": "1502.99", "year": "1502.99"}
    named, edits, _ = best(figures, {"year": "year = q1 + q2 + q3 + q4"})
    assert (named, edits) == ("cumulative-value", {"q2": "344.90", "q3": "346.35", "q4": "501.54"})


def test_one_period_counted_from_the_beginning() -> None:
    figures = {"q1": "310.20", "q2": "344.90", "q3": "1001.45", "q4": "501.54", "year": "1502.99", "third": "346.35"}
    named, edits, _ = best(figures, {"year": "year = q1 + q2 + q3 + q4", "third": "third = q3"})
    assert (named, edits) == ("cumulative-value", {"q3": "346.35"})


def test_a_whole_table_in_another_unit() -> None:
    elsewhere = {"a there": "15156300.00", "b there": "9191100.00", "c there": "30133100.00", "d there": "746800.00"}
    ties = {f"tie {row}": f'"{row} there" = {row}' for row in ROWS}
    named, edits, report = best(FIGURES | elsewhere, RULES | ties)
    assert (named, edits) == ("unit-of-table", {f"{row} there": FIGURES[row] for row in ROWS})
    assert len(report.symptoms) == 3


def test_two_wrong_figures_of_one_sum_are_two_findings() -> None:
    report = ba.audit(FIGURES | {"a basic": "1204.65", "c basic": "2310.89"} | {"d basic": "46.43"}, rules=RULES)
    mended = [
        {report.budget.line(edit.line).label: edit.proposed for edit in finding.causes[0].corrections}
        for finding in report.findings
    ]
    assert {label: value for edits in mended for label, value in edits.items()} == {
        label: FIGURES[label] for label in ("a basic", "c basic", "d basic")
    }


def test_percentage_points_and_a_ratio_for_growth() -> None:
    points = best({"g": "3.40%", "now": "15.40%", "then": "12.00%"}, {"g": "g% = (now - then) / then"})
    assert points[:2] == ("percent-points", {"g": "28.33"})
    share = best({"s": "-12.00%", "a": "880.00", "b": "1000.00"}, {"s": "s% = a / b"})
    assert share[:2] == ("growth-as-ratio", {"s": "88.00"})


def test_a_ratio_to_nothing() -> None:
    (finding,) = ba.audit({"g": "100.00%", "now": "3.00", "then": "0.00"}, rules=["g% = (now - then) / then"]).findings
    assert [(cause.code, cause.lines) for cause in finding.causes] == [("zero-base", ("l3", "l1"))]
