"""Reports: counts, levels, records, and the sum of two reports, which is the report of both documents."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.outcome import VERDICTS
from budgetaudit.findings.records import decimal

SEED = {"total": "677.41", "wages": "167.09", "goods": "348.28", "subsidies": "16.48", "capital": "145.54"}
CLASSES = "total = wages + goods + subsidies + capital"
RULES = {"office/sum": "t = a + b", "office/more": "u = t + c", "office/cap": "a <= b", "office/none": "x = y"}


@st.composite
def documents(draw: st.DrawFn, *, entity: str) -> ba.Budget:
    """A document of one office: some figures, one of them perhaps printed twice, some of them missing."""
    records: list[dict[str, Any]] = []
    for label in "tuabc":
        figure = draw(st.sampled_from(["9.00", "4.00", "5.00", "9.01", "13.00", "-", "1.90"]))
        records.append({"label": label, "amount": figure, "entity": entity})
    if draw(st.booleans()):
        records.append({"label": "t", "amount": draw(st.sampled_from(["9.00", "90.0"])), "entity": entity})
    named = draw(st.booleans())
    lines = ba.Budget.from_records(records).lines
    if not named:
        return ba.Budget(lines)
    placed = tuple(
        line.model_copy(update={"source": ba.Source(f"{entity}.txt", 9 * n, 9 * n + 4, "", 1, 9 * n + 1)})
        for n, line in enumerate(lines)
    )
    from budgetaudit.model.source import Document

    return ba.Budget(placed, documents=(Document(f"{entity}.txt"),))


@given(documents(entity="one"), documents(entity="two"))
def test_the_sum_of_two_reports_is_the_report_of_both_documents(one: ba.Budget, two: ba.Budget) -> None:
    added = ba.audit(one, rules=RULES) + ba.audit(two, rules=RULES)
    whole = ba.audit(ba.Budget.joined([one, two]), rules=RULES)
    assert added.outcomes == whole.outcomes
    assert added.findings == whole.findings
    assert added.symptoms == whole.symptoms
    assert added == whole
    assert str(added) == str(whole)


@given(documents(entity="one"), documents(entity="two"), documents(entity="three"))
def test_reports_add_up_in_any_order(one: ba.Budget, two: ba.Budget, three: ba.Budget) -> None:
    first, second, third = (ba.audit(budget, rules=RULES) for budget in (one, two, three))
    left, right = (first + second) + third, first + (second + third)
    whole = ba.audit(ba.Budget.joined([one, two, three]), rules=RULES)
    assert dict(left.counts) == dict(right.counts) == dict(whole.counts)
    kinds = [sorted(finding.kind for finding in report.findings) for report in (left, right, whole)]
    assert kinds[0] == kinds[1] == kinds[2]


@given(documents(entity="one"))
def test_auditing_twice_gives_equal_reports(budget: ba.Budget) -> None:
    assert ba.audit(budget, rules=RULES) == ba.audit(budget, rules=RULES)


def test_figures_of_two_documents_are_never_compared_when_reports_are_added() -> None:
    """Both offices call it "t"; nothing else says that they are two."""
    one = ba.audit({"t": "9.00", "a": "4.00", "b": "5.00"}, rules=["t = a + b"])
    two = ba.audit({"t": "7.00", "a": "3.00", "b": "5.00"}, rules=["t = a + b"])
    added = one + two
    assert (added.counts["exact"], added.counts["inconsistent"], added.counts["undecided"]) == (1, 1, 0)
    (finding,) = added.findings
    (alone,) = two.findings
    assert [(cause.code, cause.score) for cause in finding.causes] == [
        (cause.code, cause.score) for cause in alone.causes
    ]
    assert all(edit.line.startswith("2:") for edit in finding.corrections)
    again = added + one
    assert again.counts["exact"] == 2
    assert len(again.findings) == 1


def test_a_rule_is_unbound_only_where_neither_document_has_its_figures() -> None:
    one = ba.audit({"基本支出": "3.00", "人员经费": "1.00", "公用经费": "2.00"}, rules="cn")
    two = ba.audit({"三公经费": "3.00", "公务接待费": "3.00"}, rules="cn")
    added = one + two
    assert {rule.rule for rule in added.unbound} == {rule.rule for rule in one.unbound} & {
        rule.rule for rule in two.unbound
    }
    assert added.packs == one.packs


def test_a_report_adds_to_reports_only() -> None:
    with pytest.raises(TypeError):
        ba.audit(SEED, rules=[CLASSES]) + 1  # type: ignore[operator]


# --- counts and levels -----------------------------------------------------------------------------------------------


def test_all_six_verdicts_are_counted() -> None:
    figures = {"a": "1.00", "b": "1.01", "c": "5.00", "z": "0", "p": "5%", "m": "-", "n": "1人"}
    rules = ["a = 1", "b = a", "c = a", "p% = a / z", "c = a + m", "a = n"]
    report = ba.audit(figures, rules=rules)
    assert list(report.counts) == list(VERDICTS)
    assert set(report.counts.values()) == {1}
    assert report.checked == 4


def test_ok_needs_something_checked_and_nothing_above_a_note() -> None:
    assert ba.audit({"a": "1.00", "b": "1.00"}, rules=["a = b"]).ok
    assert ba.audit({"a": "1.00", "b": "1.01"}, rules=["a = b"]).ok  # a note
    assert not ba.audit({"a": "1.00", "b": "5.00"}, rules=["a = b"]).ok
    assert not ba.audit({"a": "1.00", "b": "-"}, rules=["a = b"]).ok  # nothing was checked
    assert not ba.audit({}, rules=[]).ok


def test_levels_include_what_is_worse() -> None:
    report = ba.audit(
        {"a": "1.00", "b": "1.01", "c": "5.00", "p": "5%", "z": "0"}, rules=["b = a", "c = a", "p% = a / z"]
    )
    assert [len(report.at_least(level)) for level in ("error", "warning", "info")] == [1, 2, 3]  # type: ignore[arg-type]
    with pytest.raises(ba.BudgetAuditError, match="info, warning, error"):
        report.at_least("fatal")  # type: ignore[arg-type]


def test_raise_for_counts_by_kind_and_refuses_an_audit_of_nothing() -> None:
    with pytest.raises(ba.InconsistentFigures, match="1 findings of severity error or above: 1 SUM001"):
        ba.audit({"t": "9", "a": "1", "b": "2"}, rules=["t = a + b"]).raise_for("error")
    ba.audit(SEED, rules=[CLASSES]).raise_for("error")
    with pytest.raises(ba.InconsistentFigures):
        ba.audit(SEED, rules=[CLASSES]).raise_for("warning")
    with pytest.raises(ba.BudgetAuditError, match="nothing was checked: 1 lines, 0 relations undecided"):
        ba.audit({"a": "1"}, rules=[]).raise_for()


def test_conventions_are_what_was_assumed() -> None:
    (convention,) = ba.audit(SEED, rules=[CLASSES], rounding="truncate").conventions
    assert convention.rounding == "truncate"


def test_an_unknown_fingerprint_is_refused() -> None:
    with pytest.raises(ba.BudgetAuditError, match="no finding has the fingerprint"):
        ba.audit(SEED, rules=[CLASSES]).finding("nothing")


# --- how it looks ----------------------------------------------------------------------------------------------------


def test_repr_is_one_line_and_str_is_the_text() -> None:
    report = ba.audit(SEED, rules=[CLASSES])
    assert repr(report) == "Report(1 warning; 1 relations: 1 rounding)"
    assert "677.41" in str(report)
    assert repr(ba.audit({}, rules=[])) == "Report(no findings; 0 relations: nothing was checked)"


def test_a_notebook_gets_html_and_everything_else_one_line() -> None:
    report = ba.audit(SEED, rules=[CLASSES])
    bundle = report._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == repr(report)
    assert bundle["text/html"].startswith("<div")
    assert "<svg" in bundle["text/html"]


def test_a_report_without_a_renderer_still_says_its_line() -> None:
    whole = ba.audit(SEED, rules=[CLASSES])
    bare = ba.Report.of(whole.budget, whole.outcomes)
    assert bare == whole
    assert str(bare) == repr(bare)
    assert bare._repr_mimebundle_() == {"text/plain": repr(bare)}
    with pytest.raises(ba.BudgetAuditError, match="without a renderer"):
        bare.to_json()


def test_json_holds_counts_and_findings() -> None:
    data = json.loads(ba.audit(SEED, rules=[CLASSES]).to_json())
    assert data["counts"]["rounding"] == 1
    (cause,) = [cause for cause in data["findings"][0]["causes"] if cause["code"] == "digit-replaced"]
    assert (cause["from"], cause["to"], cause["restores"], cause["breaks"]) == ("145.54", "145.56", ["equation/1"], [])


def test_records_are_flat_exact_and_have_symptoms_after_their_cause() -> None:
    figures = {"t": "1763.26", "a": "1254.36", "b": "386.72", "c": "95.18", "u": "1000.00", "v": "736.26"}
    report = ba.audit(figures, rules={"one": "t = a + b + c", "two": "t = u + v"})
    first, second = report.to_dicts()
    assert (first["rule"], first["gap"], first["bound"], first["reported"]) == (
        "one", Decimal(27), Decimal("0.02"), Decimal("1763.26"),
    )  # fmt: skip
    assert (first["cause"], first["correction"]) == ("digits-transposed", "1763.26 → 1736.26")
    assert (second["rule"], second["symptom_of"]) == ("two", first["fingerprint"])


def test_a_frame_has_a_row_for_every_record() -> None:
    pytest.importorskip("pandas")
    report = ba.audit(SEED, rules=[CLASSES])
    frame = report.to_frame()
    assert list(frame["kind"]) == ["SUM001"]
    assert frame["likelihood"][0] == "1/192"


@given(st.fractions())
def test_rationals_become_decimals_of_ten_places_or_all_of_them(value: Fraction) -> None:
    made = decimal(value)
    assert made is not None
    assert abs(value - Fraction(made)) <= Fraction(1, 2 * 10**10)


def test_reports_can_be_pickled() -> None:
    report = ba.audit(SEED, rules=[CLASSES])
    assert pickle.loads(pickle.dumps(report)) == report
