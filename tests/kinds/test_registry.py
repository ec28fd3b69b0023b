"""The table of kinds: codes, names and sentences that can be relied on."""

from __future__ import annotations

import re
from string import Formatter
from typing import get_args

import pytest

import budgetaudit as ba
from budgetaudit.findings.finding import SEVERITIES
from budgetaudit.findings.kind import Kind, Template, registry
from budgetaudit.findings.kinds import KINDS, kind_named
from budgetaudit.findings.phrases import GAP_NOTES, MEASURES
from budgetaudit.model.line import Measure

# The named fields of the table at the head of the module `kinds`; each label may have an amount beside it.
LABELS = {"target", "left", "right", "numerator", "denominator", "current", "base", "change"}
FIELDS = {
    *LABELS, *(f"{label}_amount" for label in LABELS), "computed", "parts", "gap_note", "gap", "bound", "often", "sums",
    "missing", "implied", "first_amount", "second_amount", "second_place", "counted", "words", "rule", "detail", "nearest",
    "notes", "cell", "cells",
}  # fmt: skip
TEMPLATES = [(code, case, template) for code, kind in KINDS.items() for case, template in kind.templates.items()]


def test_every_code_has_letters_and_three_digits_and_stands_under_itself() -> None:
    for code, kind in KINDS.items():
        assert kind.code == code
        assert re.fullmatch(r"[A-Z]{3}[0-9]{3}", code)
        assert kind.family == code[:3]


def test_every_name_is_a_slug_that_says_what_is_there() -> None:
    for kind in KINDS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", kind.name), kind.name
        assert not {"wrong", "should", "must", "invalid", "bad"} & set(kind.name.split("-")), kind.name


def test_every_kind_has_a_severity_a_summary_and_a_sentence() -> None:
    for kind in KINDS.values():
        assert kind.worst in SEVERITIES
        assert kind.summary
        assert kind.templates


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_answers_to_its_code_in_any_case_and_to_its_name(code: str) -> None:
    assert kind_named(code) is kind_named(code.lower()) is kind_named(KINDS[code].name) is KINDS[code]


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(ba.BudgetAuditError, match="SUM001"):
        kind_named("SUM0001")


@pytest.mark.parametrize(("code", "case", "template"), TEMPLATES, ids=[f"{code}-{case}" for code, case, _ in TEMPLATES])
def test_a_sentence_names_only_known_fields_and_blames_nobody(code: str, case: str, template: Template) -> None:
    for text in filter(None, (template.one, template.other)):
        assert {field for _, field, _, _ in Formatter().parse(text) if field} <= FIELDS
        assert not re.search(r"\b(wrong|should|error|mistake|incorrect|must)\b", text), text
    assert (template.count == "") == (template.other == "")
    assert template.count in FIELDS | {""}


def test_the_singular_may_leave_out_the_number_and_nothing_else() -> None:
    for _, _, template in TEMPLATES:
        if template.other:
            one, other = (
                {field for _, field, _, _ in Formatter().parse(text) if field}
                for text in (template.one, template.other)
            )
            assert one <= other <= one | {template.count}


def test_measures_are_named_after_the_figure_they_are_about() -> None:
    for measure, template in MEASURES.items():
        assert measure in get_args(Measure)
        assert "{label}" in template.one


def test_notes_about_a_gap_use_its_numbers_only() -> None:
    for template in GAP_NOTES.values():
        assert {field for _, field, _, _ in Formatter().parse(template.one) if field} <= {
            "gap",
            "bound",
            "often",
            "sums",
        }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"code": "AAA001", "name": "one-name"}, {"code": "AAA001", "name": "another-name"}),
        ({"code": "AAA001", "name": "one-name"}, {"code": "AAA002", "name": "one-name"}),
        ({"code": "AAA001", "name": "one-name"}, {"code": "AAA002", "name": "another-name", "aliases": ("AAA001",)}),
        (
            {"code": "AAA001", "name": "a-name", "aliases": ("A1",)},
            {"code": "AAA002", "name": "b-name", "aliases": ("A1",)},
        ),
    ],
)
def test_two_kinds_never_answer_to_one_word(one: dict[str, object], other: dict[str, object]) -> None:
    rest = {"summary": "", "note": "", "worst": "info", "templates": {"differs": Template("")}}
    with pytest.raises(ba.BudgetAuditError, match="two kinds answer"):
        registry([Kind(**rest, **one), Kind(**rest, **other)])  # type: ignore[arg-type]


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        KINDS["SUM001"] = KINDS["SUM002"]  # type: ignore[index]
