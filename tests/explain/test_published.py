"""Causes in published documents: what went wrong in ten budgets and accounts, as people worked it out.

The cases hold the figures and relations of real documents with their diagnosis. What is a single slip must be among our
causes with the right value; what no single slip explains must not be explained by one.
Skips where the cases do not lie beside the checkout.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import budgetaudit as ba


@pytest.fixture(scope="module")
def instances(shared: Path) -> dict[str, dict[str, Any]]:
    cases = json.loads((shared / "cases" / "cn-instances.json").read_text(encoding="utf-8"))
    return {instance["id"]: instance for instance in cases["instances"]}


@pytest.mark.parametrize(
    ("instance", "relation", "cause", "figure", "right"),
    [
        ("seed-county-service-centre-2017", "r3", "digit-replaced", "capital", "145.56"),
        ("guangxi-unit-budget-2022", "r4", "truncated-percent", "s_subsidies", "6.46"),
        ("guangxi-unit-budget-2025", "r7", "truncated-percent", "s210", "4.05"),
        ("guangxi-unit-budget-2025", "r8", "plug-share", "s221", "6.89"),
        ("guangxi-unit-budget-2025", "r9", "truncated-percent", "g207", "-6.01"),
        ("guangxi-unit-budget-2025", "r10", "divided-by-current-year", "g208", "16.87"),
        ("yunnan-unit-budget-2018-b", "r4", "fraction-as-percent", "g_sangong", "-2.17"),
        ("shanghai-party-department-final-2024", "r10", "plug-share", "p221", "9.56"),
        ("shanghai-justice-bureau-budget-2026", "r1", "inserted-digit", "base_a", "3269.3"),
    ],
)
def test_the_slip_is_among_the_causes_with_the_right_value(
    instances: dict[str, dict[str, Any]], instance: str, relation: str, cause: str, figure: str, right: str
) -> None:
    report = _audited(instances[instance])
    edits = [
        (found.code, _key(edit.line, report), edit.proposed)
        for found in _finding(relation, report).causes
        for edit in found.corrections
    ]
    assert (cause, figure, right) in edits


def test_shares_of_another_total_are_one_finding_that_names_that_total(instances: dict[str, dict[str, Any]]) -> None:
    report = _audited(instances["jiangsu-provincial-office-budget-2017"])
    root = _finding("r3", report)
    assert sorted(report.finding(mark).rule for mark in root.symptoms) == ["r4", "r5", "r9"]
    assert (root.causes[0].code, _key(root.causes[0].lines[-1], report)) == ("wrong-denominator", "all")
    assert {_key(edit.line, report): edit.proposed for edit in root.causes[0].corrections} == {
        "s_abroad": "26.69", "s_vehicles": "22.02", "s_reception": "51.28",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("instance", "relation", "parts"),
    [
        ("shanghai-party-department-final-2024", "r16", {"proc_reserved", "proc_other"}),
        ("shanghai-subdistrict-final-2025", "r1", {"c30299"}),  # the class total slid into the last row
    ],
)
def test_a_part_entered_twice_is_named(
    instances: dict[str, dict[str, Any]], instance: str, relation: str, parts: set[str]
) -> None:
    report = _audited(instances[instance])
    causes = _finding(relation, report).causes
    assert {_key(found.lines[0], report) for found in causes if found.code == "counted-twice"} == parts


def test_a_wrong_component_is_one_finding_with_both_relations_it_spoils(instances: dict[str, dict[str, Any]]) -> None:
    """75,800 of goods fits neither the sum nor the growth; both want 154,844, and no slip of the pen leads there."""
    report = _audited(instances["guangxi-unit-budget-2022"])
    root = _finding("r1", report)
    assert [report.finding(mark).rule for mark in root.symptoms] == ["r8"]
    assert [(cause.code, edit.proposed) for cause in root.causes[:1] for edit in cause.corrections] == [
        ("wrong-component", "154844")
    ]


def test_a_column_that_moved_up_is_one_finding_with_the_limits_it_spoils(instances: dict[str, dict[str, Any]]) -> None:
    """A cell was dropped above 30213, the class total slid into the last row, two lines exceed their limits."""
    instance = instances["shanghai-subdistrict-final-2025"]
    rules = [relation for relation in instance["relations"] if "rule" in relation]  # the others are remarks
    report = _audited({**instance, "relations": rules})
    root = _finding("r1", report)
    assert [report.finding(mark).rule for mark in root.symptoms] == ["r4", "r5"]
    right = {_key(edit.line, report): edit.proposed for edit in root.causes[0].corrections}
    assert root.causes[0].code == "row-shift"
    assert {figure: right[figure] for figure in ("c30212", "c30217", "c30231", "c30299")} == {
        "c30212": "0.00", "c30217": "0.30", "c30231": "19.56", "c30299": "20.81",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("instance", "relation", "figure", "right"),
    [
        ("guangxi-unit-budget-2022", "r4", "s_subsidies", "6.46"),
        ("guangxi-unit-budget-2025", "r10", "g208", "16.87"),
        ("guangxi-unit-budget-2025", "r9", "g207", "-6.01"),
        ("guangxi-unit-budget-2025", "r7", "s210", "4.05"),
        ("guangxi-unit-budget-2025", "r8", "s221", "6.89"),
        ("yunnan-unit-budget-2018-b", "r4", "g_sangong", "-2.17"),
        ("shanghai-finance-bureau-final-2024", "r16", "p201", "71.65"),
        ("shanghai-party-department-final-2024", "r10", "p221", "9.56"),
        ("shanghai-justice-bureau-budget-2026", "r1", "base_a", "3269.3"),
    ],
)
def test_the_true_figure_and_value_come_first(
    instances: dict[str, dict[str, Any]], instance: str, relation: str, figure: str, right: str
) -> None:
    report = _audited(instances[instance])
    (edit,) = _finding(relation, report).causes[0].corrections
    assert (_key(edit.line, report), edit.proposed) == (figure, right)


def test_a_wrong_share_and_its_list_are_one_finding(instances: dict[str, dict[str, Any]]) -> None:
    report = _audited(instances["shanghai-finance-bureau-final-2024"])
    assert [report.finding(mark).rule for mark in _finding("r16", report).symptoms] == ["r20"]


def test_growth_votes_for_one_of_two_prints(instances: dict[str, dict[str, Any]]) -> None:
    figures = {figure["key"]: figure for figure in instances["shanghai-justice-bureau-budget-2026"]["figures"]}
    records = [
        {"label": label, "amount": figures[key]["value"] + figures[key]["unit"]}
        for label, key in [("now", "now_b1"), ("now", "now_b2"), ("base", "base_b"), ("growth", "g_b")]
    ]
    report = ba.audit(records, rules={"growth": "growth% = (now - base) / base"})
    (finding,) = report.findings
    assert (finding.kind, [report.finding(mark).rule for mark in finding.symptoms]) == ("TIE001", ["growth"])
    (best, *_) = finding.corrections
    assert (best.proposed, best.breaks) == ("208.8", ())
    assert "growth" in best.restores


def _audited(instance: dict[str, Any]) -> ba.Report:
    """All relations of a document as rules of the same ids; decreases are printed without a sign and get one here."""
    records = [_record(figure["key"], figure, "") for figure in instance["figures"]]
    figures = {figure["key"]: figure for figure in instance["figures"]}
    rules: dict[str, str] = {}
    signed: set[str] = set()
    for relation in instance["relations"]:
        equation, negative = _equation(relation)
        rules |= {relation["id"]: equation} if equation else {}
        signed |= set(negative)
    records += [_record(f"minus-{key}", figures[key], "-") for key in sorted(signed)]
    return ba.audit([record for record in records if record["amount"] is not None], rules=rules)


def _record(label: str, figure: dict[str, Any], sign: str) -> dict[str, Any]:
    value = figure["value"]
    return {"label": label, "amount": None if value is None else f"{sign}{value}{figure['unit']}"}


def _equation(relation: dict[str, Any]) -> tuple[str, list[str]]:
    """The relation as text, and the figures that it wants with a minus sign."""

    def linear(keys: list[str]) -> str:
        text = " + ".join(f'"{key.removeprefix("-")}"' if key[0] != "-" else f'-"{key[1:]}"' for key in keys)
        return text.replace("+ -", "- ")

    match relation["kind"]:
        case "sum" | "difference":
            return f'"{relation["total"]}" = {linear(relation["components"])}', []
        case "within":
            parts = relation.get("parts") or [relation["part"]]
            return f"{linear(parts)} <= {linear(relation['whole'])}", []
        case "share" | "rate":
            return f'"{relation["stated"]}"% = "{relation["numerator"]}" / "{relation["denominator"]}"', []
        case "shares-to-100":
            return f"{linear(relation['components'])} = 100", []
        case "growth":
            return (
                f'"{relation["stated"]}"% = ("{relation["current"]}" - "{relation["base"]}") / "{relation["base"]}"',
                [],
            )
        case "growth-from-change" if relation.get("direction") == "decrease":
            stated, change = relation["stated"], relation["change"]
            return f'"minus-{stated}"% = "minus-{change}" / ("{relation["current"]}" - "minus-{change}")', [
                stated,
                change,
            ]
        case "growth-from-change":
            change = relation["change"]
            return f'"{relation["stated"]}"% = "{change}" / ("{relation["current"]}" - "{change}")', []
    return "", []


def _finding(rule: str, report: ba.Report) -> ba.Finding:
    return next(finding for finding in report.findings if finding.rule == rule)


def _key(line_id: str, report: ba.Report) -> str:
    return report.budget.line(line_id).label.removeprefix("minus-")
