"""JSON: the shape the design fixes, published as a schema, every figure an exact string."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import budgetaudit as ba
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.formats import render
from budgetaudit.show.json import report_schema

FINDING = {
    "fingerprint", "kind", "rule", "verdict", "severity", "gap", "bound", "figures", "missing", "causes", "symptoms",
}  # fmt: skip
OUTCOME = {"rule", "kind", "verdict", "gap", "bound", "likelihood", "complete", "figures"}
LINE = {
    "id", "label", "code", "value", "places", "unit", "entity", "period", "phase", "fund", "measure", "source",
}  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(report_schema())


@pytest.fixture
def printed_twice() -> Report:
    """A fact printed with two values, and a sum that cannot be judged because of it."""
    figures = [("a", "4.00"), ("a", "5.00"), ("total", "9.00"), ("b", "4.00")]
    records = [{"label": label, "amount": amount} for label, amount in figures]
    return ba.audit(records, rules=["total = a + b"])


def shown(report: Report) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(render(report, "json"))
    return data


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(report_schema())


def test_a_report_is_as_stored_and_valid(
    county: Report, snapshot: Callable[[str, str], None], validator: Draft202012Validator
) -> None:
    snapshot("county.json", render(county, "json"))
    validator.validate(shown(county))


def test_the_fields_that_the_design_fixes_are_there(county: Report) -> None:
    data = shown(county)
    assert data["schema"] == "budgetaudit/report/1"
    assert {"schema", "budget", "outcomes", "findings", "counts", "packs"} <= data.keys()
    assert all(line.keys() >= LINE for line in data["budget"]["lines"])
    assert all(outcome.keys() >= OUTCOME for outcome in data["outcomes"])
    assert all(finding.keys() >= FINDING for finding in data["findings"])
    (rare,) = [outcome for outcome in data["outcomes"] if outcome["rule"] == "mine/economic"]
    assert (rare["gap"], rare["bound"], rare["verdict"]) == ("0.02", "0.025", "rounding")
    assert rare["likelihood"] == {"rounding": "1/192", "truncation": "11/24"}
    assert rare["figures"][:2] == [
        {"line": "l1", "role": "total", "weight": "1"}, {"line": "l2", "role": "part", "weight": "-1"},
    ]  # fmt: skip
    line = data["budget"]["lines"][0]
    assert (line["value"], line["places"]) == ("677.41", 2)
    assert line["unit"] | {"counter": None} == {
        "kind": "money", "currency": "CNY", "scale": "10000", "counter": None, "text": "万元",
    }  # fmt: skip
    source = line["source"]
    assert county.budget.documents[0].text is not None
    assert county.budget.documents[0].text[source["start"] : source["end"]] == source["text"] == "677.41"
    edits = [
        (cause["code"], cause["from"], cause["to"])
        for finding in data["findings"]
        if finding["rule"] == "mine/economic"
        for cause in finding["causes"]
    ]
    assert ("digit-replaced", "145.54", "145.56") in edits


def test_weights_give_the_gap_of_a_sum(county: Report) -> None:
    data = shown(county)
    values = {line["id"]: Fraction(line["value"]) for line in data["budget"]["lines"]}
    sums = [outcome for outcome in data["outcomes"] if outcome["form"] == "sum" and outcome["gap"] is not None]
    assert len(sums) == 3
    for outcome in sums:
        total = sum(Fraction(figure["weight"]) * values[figure["line"]] for figure in outcome["figures"])
        assert total == Fraction(outcome["gap"])


def test_no_figure_is_a_json_number(county: Report) -> None:
    counts = {"places", "rank", "start", "end", "line", "column", "page", "characters", "outcomes", *county.counts}
    for path, value in _leaves(shown(county), ()):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert path[-1] in counts or path[-1] == "score", path


def _leaves(data: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value, path)
    else:
        yield path, data


def test_the_budget_in_a_report_is_the_budget(county: Report) -> None:
    assert Budget.from_json(json.dumps(shown(county)["budget"])) == county.budget


def test_findings_name_their_outcomes_and_their_symptoms(printed_twice: Report) -> None:
    data = shown(printed_twice)
    (root,) = [finding for finding in data["findings"] if finding["kind"] == "TIE001"]
    assert [data["outcomes"][number]["kind"] for number in root["outcomes"]] == ["TIE001"]
    assert root["symptoms"] == [symptom["fingerprint"] for symptom in data["symptoms"]]
    assert [symptom["rule"] for symptom in data["symptoms"]] == ["equation/1"]


def test_every_line_of_json_lines_stands_alone(printed_twice: Report, county: Report) -> None:
    records = [json.loads(line) for line in render(printed_twice, "jsonl").splitlines()]
    assert [record["symptom_of"] for record in records] == [None, records[0]["fingerprint"]]
    for record in [*records, *map(json.loads, render(county, "jsonl").splitlines())]:
        known = {line["id"] for line in record["budget"]["lines"]}
        assert {figure["line"] for figure in record["figures"]} <= known
        assert record.keys() >= FINDING


def test_json_is_the_same_in_every_language_and_every_time(county: Report) -> None:
    assert render(county, "json", locale="zh_Hant") == render(county, "json", locale="en") == county.to_json()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(schema="budgetaudit/report/2"),
        lambda data: data.pop("counts"),
        lambda data: data["counts"].pop("failed"),
        lambda data: data["budget"]["lines"][0].update(value=677.41),
        lambda data: data["budget"]["lines"][0].update(value="677.41 万元"),
        lambda data: data["budget"]["lines"][0].pop("source"),
        lambda data: data["outcomes"][0].update(verdict="fine"),
        lambda data: data["outcomes"][0].update(gap=0.02),
        lambda data: data["outcomes"][0]["likelihood"].update(rounding="1/0"),
        lambda data: data["outcomes"][-1]["figures"][0].update(role="sum"),
        lambda data: data["findings"][0].update(severity="fatal"),
        lambda data: data["findings"][0].update(kind="total-differs-from-parts"),
        lambda data: data["findings"][0]["causes"][0].update(score=2),
    ],
)
def test_the_schema_refuses_what_is_not_a_report(
    spoil: Callable[[dict[str, Any]], object], county: Report, validator: Draft202012Validator
) -> None:
    data = copy.deepcopy(shown(county))
    spoil(data)
    assert not validator.is_valid(data)


def test_fractions_without_an_end_are_written_as_fractions() -> None:
    report = ba.audit({"rate": "25.0%", "a": "1.00", "b": "3.00"}, rules=["rate% = a / b"])
    (outcome,) = shown(report)["outcomes"]
    assert (outcome["computed"], outcome["gap"]) == ("100/3", "-25/3")


def test_rules_that_say_the_same_and_columns_of_the_caller_are_in_the_document(validator: Draft202012Validator) -> None:
    rows = [{"account": "x", "lot": 2, "a": "3.00", "b": "1.00", "c": "2.00"}]
    budget = ba.Budget.from_rows(rows, entity=["account"], keys=["lot"])
    document = json.loads(ba.audit(budget, rules={"sum": "a = b + c", "difference": "c = a - b"}).to_json())
    validator.validate(document)
    (outcome,) = document["outcomes"]
    assert (outcome["rule"], outcome["also"]) == ("sum", ["difference"])
    assert [line["keys"] for line in document["budget"]["lines"]] == [{"lot": "2"}] * 3
