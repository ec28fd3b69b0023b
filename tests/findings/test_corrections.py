"""Corrections as a table, and the report as it would be with one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import budgetaudit as ba

FIGURES = {"t": "246.79", "a": "197.17", "b": "67.62", "u": "246.79"}
RULES = ["t = a + b", "u = t"]


def test_every_edit_of_every_cause_is_a_row() -> None:
    report = ba.audit(FIGURES, rules=RULES)
    rows = report.corrections
    assert len(rows) == sum(len(cause.corrections) for finding in report.findings for cause in finding.causes)
    first = rows[0]
    assert (first["cause"], first["label"], first["printed"], first["proposed"]) == (
        "digits-transposed", "a", "197.17", "179.17",
    )  # fmt: skip
    assert (first["number"], first["rank"], first["restores"], first["breaks"]) == (1, 1, 1, 0)
    assert first["value"] == Decimal("179.17")


def test_the_table_is_a_frame_for_those_who_have_one() -> None:
    rows = ba.audit(FIGURES, rules=RULES).corrections
    assert list(rows.to_frame().columns) == list(rows.columns)
    arrow = pa.table(rows)
    assert arrow.column("proposed").to_pylist() == [row["proposed"] for row in rows]
    assert pl.DataFrame(rows).height == len(pd.DataFrame.from_arrow(rows)) == len(rows)


def test_an_empty_table_has_its_columns() -> None:
    rows = ba.audit({"t": "3", "a": "3"}, rules=["t = a"]).corrections
    assert (len(rows), pa.table(rows).column_names) == (0, list(rows.columns))


def test_what_if_judges_again_and_changes_nothing() -> None:
    report = ba.audit(FIGURES, rules=RULES)
    before = report.to_json()
    best = report.findings[0].causes[0]
    mended = report.what_if(best)
    assert (mended.counts["exact"], mended.findings) == (2, ())
    assert mended == report.what_if(*best.corrections)
    assert mended == ba.audit(FIGURES | {"a": "179.17"}, rules=RULES)
    assert report.to_json() == before


def test_what_if_shows_what_a_correction_breaks() -> None:
    report = ba.audit(FIGURES, rules=RULES)
    breaking = next(cause for cause in report.findings[0].causes if cause.corrections[0].breaks)
    assert [finding.rule for finding in report.what_if(breaking).findings] == list(breaking.corrections[0].breaks)


def test_wrong_calls_are_refused() -> None:
    report = ba.audit(FIGURES, rules=RULES)
    edit = report.findings[0].corrections[0]
    with pytest.raises(ba.BudgetAuditError, match="two corrections"):
        report.what_if(edit, replace(edit, value=Decimal("1.00")))
    with pytest.raises(ba.BudgetAuditError, match="no line has the id"):
        report.what_if(replace(edit, line="x9"))
    with pytest.raises(ba.BudgetAuditError, match="corrects no figure"):
        report.what_if(replace(report.findings[0].causes[0], corrections=()))
