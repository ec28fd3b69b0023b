"""Gathering: what becomes a finding, what is only counted, what comes first."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import budgetaudit as ba
from budgetaudit.model.statement import Remark, Statement, Term


def kinds(report: ba.Report) -> list[tuple[str, str, str | None]]:
    return [(finding.kind, finding.severity, finding.verdict) for finding in report.findings]


def stated(figures: dict[str, str], *statements: Statement, remarks: tuple[Remark, ...] = ()) -> ba.Budget:
    return ba.Budget(ba.Budget.from_dict(figures).lines, statements=statements, remarks=remarks)


def split(*line_ids: str, complete: bool = True) -> Statement:
    total, *parts = line_ids
    terms = (Term(total, "total"), *(Term(part, "part") for part in parts))
    return Statement("split", terms, complete=complete, source=ba.Source("report.txt", 0, 4, "分类为：", 1, 1))


# --- relations -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "rule", "expected"),
    [
        ({"t": "9.00", "a": "4.00", "b": "5.00"}, "t = a + b", []),
        ({"t": "9.50", "a": "4.00", "b": "5.00"}, "t = a + b", [("SUM001", "error", "inconsistent")]),
        ({"t": "9.01", "a": "4.00", "b": "5.00"}, "t = a + b", [("SUM001", "info", "rounding")]),
        ({"a": "4.00", "b": "5.00"}, "a = b", [("TIE002", "error", "inconsistent")]),
        ({"a": "6.00", "b": "5.00"}, "a <= b", [("ORD001", "error", "inconsistent")]),
        ({"p": "50.00%", "a": "6.00", "b": "10.00"}, "p% = a / b", [("RAT001", "error", "inconsistent")]),
        ({"p": "10.00%", "a": "6.00", "b": "5.00"}, "p% = (a - b) / b", [("RAT002", "error", "inconsistent")]),
        ({"p": "100.00%", "a": "6.00", "b": "0.00"}, "p% = (a - b) / b", [("RAT005", "warning", "undefined")]),
        ({"p": "100.00%", "a": "6.00", "b": "6.00"}, "p% = b / (a - b)", [("RAT005", "warning", "undefined")]),
        ({"p": "0.00%", "a": "0.00", "b": "0.00"}, "p% = (a - b) / b", []),  # nothing on nothing, printed as 0
        ({"p": "0.00%", "a": "6.00", "b": "0.00"}, "p% = (a - b) / b", [("RAT005", "warning", "undefined")]),
        ({"p": "20.00%", "a": "-4.00", "b": "-5.00"}, "p% = (a - b) / b", [("RAT002", "info", "undefined")]),
        ({"t": "-", "a": "4.00", "b": "5.00"}, "t = a + b", [("SUM004", "info", "undecided")]),
        ({"t": "9.00", "a": "4.00", "b": "-"}, "t = a + b", [("SUM003", "info", "undecided")]),
        ({"t": "4.00", "a": "4.00", "b": "-"}, "t = a + b", []),  # nothing need be missing
        ({"t": "9.00", "a": "4.00", "b": "5人"}, "t = a + b", [("RUL002", "warning", "failed")]),
        ({"t": "9.00", "a": "4.00"}, "t = a + b", [("RUL001", "warning", "failed")]),
        ({"t": "约9.00", "a": "4.00", "b": "5.00"}, "t = a + b", []),  # counted as undecided
    ],
)
def test_which_finding_a_relation_raises(
    figures: dict[str, str], rule: str, expected: list[tuple[str, str, str | None]]
) -> None:
    report = ba.audit(figures, rules=[rule])
    assert kinds(report) == expected
    assert len(report.outcomes) == 1


def test_an_incomplete_list_of_the_document_is_a_note_with_what_is_missing() -> None:
    (finding,) = ba.audit(stated({"t": "677.41", "a": "246.79"}, split("l1", "l2", complete=False)), rules=[]).findings
    assert (finding.kind, finding.severity, finding.rule, finding.missing) == ("SUM003", "info", "text/split", ())
    assert finding.outcome is not None
    assert finding.outcome.gap == Fraction("430.62")


def test_a_packs_rule_that_found_some_of_its_figures_is_counted_and_not_reported() -> None:
    report = ba.audit({"三公经费": "4.90", "公务接待费": "1.50"}, rules="cn", unit="万元")
    assert report.counts["undecided"] == 1
    assert report.findings == ()
    assert report.unbound


def test_a_packs_rule_that_the_document_states_is_reported() -> None:
    budget = ba.Budget.from_dict({"本年支出合计": "677.41", "基本支出": "246.79"}, unit="万元")
    stating = ba.Budget(budget.lines, statements=(split("l1", "l2", complete=False),))
    (finding,) = ba.audit(stating, rules="cn", select=["cn/spending-by-nature"]).findings
    assert (finding.kind, finding.rule, finding.missing) == ("SUM003", "cn/spending-by-nature", ("项目支出",))


def test_a_rule_of_ones_own_whose_figures_never_meet_is_reported() -> None:
    records = [{"label": "a", "amount": "1", "period": "2019"}, {"label": "b", "amount": "1", "period": "2020"}]
    report = ba.audit(records, rules={"mine/tie": "a = b"})
    (finding,) = report.findings
    assert (finding.kind, finding.rule, finding.missing, finding.outcomes) == ("RUL001", "mine/tie", (), ())
    assert str(report)  # it has a sentence


def test_a_rule_that_must_only_be_explained_is_a_note() -> None:
    compared = Statement("comparison", (Term("l1", "left"), Term("l2", "right")), op=">")
    (finding,) = ba.audit(stated({"actual": "677.41", "budget": "677.41"}, compared), rules=[]).findings
    assert (finding.kind, finding.severity, finding.verdict) == ("TXT001", "info", "rounding")


def test_the_figure_a_finding_is_about_comes_first() -> None:
    of_which = Statement("of-which", (Term("l1", "part"), Term("l2", "part"), Term("l3", "total")))
    (finding,) = ba.audit(stated({"a": "3.00", "b": "4.00", "t": "5.00"}, of_which), rules=[]).findings
    assert (finding.kind, finding.severity, finding.lines) == ("SUM002", "error", ("l3", "l1", "l2"))


# --- figures and words -----------------------------------------------------------------------------------------------


def test_digits_beyond_the_precision_are_a_finding_whether_or_not_a_relation_uses_them() -> None:
    records: list[dict[str, Any]] = [{"label": "t", "amount": "12345", "places": -3}, {"label": "a", "amount": "1"}]
    (finding,) = ba.audit(records, rules=[]).findings
    assert (finding.kind, finding.severity, finding.lines) == ("FIG001", "warning", ("l1",))


def test_an_unreadable_figure_is_a_finding_once() -> None:
    source = ba.Source("report.txt", 3, 10, "1.234.5", 1, 4)
    line = ba.BudgetLine(id="l1", label="t", identity=ba.Identity(label="t"), state="unreadable", source=source)
    alone = ba.audit(ba.Budget((line,)), rules=[])
    remarked = ba.audit(ba.Budget((line,), remarks=(Remark("FIG002", source, ("l1",)),)), rules=[])
    for report in (alone, remarked):
        (finding,) = report.findings
        assert (finding.kind, finding.severity) == ("FIG002", "info")
        assert "1.234.5" in str(report)


@pytest.mark.parametrize("code", ["TXT001", "TXT002", "TXT003", "TXT004", "TXT005", "TXT006"])
def test_a_remark_becomes_the_finding_of_its_kind(code: str) -> None:
    source = ba.Source("report.txt", 3, 12, "减少-5.00万元", 1, 4)
    report = ba.audit(stated({"t": "9.00"}, remarks=(Remark(code, source, ("l1",)),)), rules=[])
    (finding,) = report.findings
    assert (finding.kind, finding.source, finding.lines, finding.verdict) == (code, source, ("l1",), None)
    assert "减少-5.00万元" in str(report)


# --- order -----------------------------------------------------------------------------------------------------------


def test_the_worst_come_first_and_then_the_place_in_the_document() -> None:
    figures = {"a": "1.00", "b": "1.01", "c": "1.00", "d": "5.00", "e": "6.00", "p": "9%", "z": "0"}
    rules = {"late": "e = c", "rate": "p% = a / z", "early": "d = a", "note": "b = a"}
    report = ba.audit(figures, rules=rules)
    assert [(finding.rule, finding.severity) for finding in report.findings] == [
        ("early", "error"), ("late", "error"), ("rate", "warning"), ("note", "info"),
    ]  # fmt: skip


def test_remarks_stand_among_the_figures_by_their_offset() -> None:
    def line(number: int, start: int, figure: str) -> ba.BudgetLine:
        (plain,) = ba.Budget.from_dict({f"x{number}": figure})
        source = ba.Source("report.txt", start, start + 4, figure, 1, start + 1)
        return plain.model_copy(update={"id": f"l{number}", "source": source})

    lines = (line(1, 10, "1.00"), line(2, 50, "2.01"), line(3, 90, "2.00"))
    words = ba.Source("report.txt", 30, 40, "增加（减少）", 1, 31)
    far = ba.Source("report.txt", 99, 105, "XX万元", 1, 100)
    budget = ba.Budget(lines, remarks=(Remark("TXT004", far), Remark("TXT003", words)))
    report = ba.audit(budget, rules={"tie": "x2 = x3"})
    assert [finding.kind for finding in report.findings] == ["TXT003", "TIE002", "TXT004"]


def test_what_stands_nowhere_comes_last_within_its_severity() -> None:
    figures = {"a": "1", "b": "1人"}
    report = ba.audit(figures, rules={"unknown": "a = nobody", "units": "a = b"})
    assert [finding.rule for finding in report.findings] == ["units", "unknown"]
