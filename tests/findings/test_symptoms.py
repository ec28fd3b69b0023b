"""One cause, one finding: what has the same cause hangs below it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba


def tree(report: ba.Report) -> dict[str, list[str]]:
    """The rules of findings, each with the rules of its symptoms."""
    return {finding.rule: [report.finding(mark).rule for mark in finding.symptoms] for finding in report.findings}


def test_relations_of_a_fact_printed_twice_hang_below_the_contradiction() -> None:
    records = [
        {"label": label, "amount": figure}
        for label, figure in [("t", "300.00"), ("a", "100.00"), ("t", "310.00"), ("b", "210.00"), ("u", "300.00")]
    ]
    report = ba.audit(records, rules={"sum": "t = a + b", "tie": "u = t"})
    assert tree(report) == {"tie-out": ["sum", "tie"]}
    assert [symptom.verdict for symptom in report.symptoms] == ["undecided", "undecided"]
    restored = {edit.proposed: sorted(edit.restores) for edit in report.findings[0].corrections}
    assert restored == {"310.00": ["sum", "tie-out"], "300.00": ["tie", "tie-out"]}


def test_relations_of_a_figure_with_excess_digits_hang_below_it() -> None:
    records: list[dict[str, Any]] = [
        {"label": "t", "amount": "12345", "places": -3}, {"label": "a", "amount": "7000", "places": -3},
        {"label": "b", "amount": "5000", "places": -3},
    ]  # fmt: skip
    report = ba.audit(records, rules={"sum": "t = a + b"})
    assert tree(report) == {"text/excess-digits": ["sum"]}


def test_a_wrong_total_is_one_finding_with_all_it_spoils_below() -> None:
    figures = {
        "t": "1763.26",
        "a": "1254.36",
        "b": "386.72",
        "c": "95.18",
        "u": "1000.00",
        "v": "736.26",
        "w": "2736.26",
    }
    report = ba.audit(figures, rules={"by-use": "t = a + b + c", "by-office": "t = u + v", "grand": "w = t + u"})
    assert tree(report) == {"by-use": ["by-office", "grand"]}
    best = report.findings[0].causes[0].corrections[0]
    assert (best.proposed, sorted(best.restores)) == ("1736.26", ["by-office", "by-use", "grand"])


def test_the_finding_is_the_one_about_the_figure_in_common() -> None:
    """A wrong subtotal spoils the total above it; the subtotal is what to look at, although it stands below."""
    figures = {"grand": "500.00", "other": "100.00", "sub": "410.00", "a": "150.00", "b": "250.00"}
    report = ba.audit(figures, rules={"above": "grand = other + sub", "below": "sub = a + b"})
    assert tree(report) == {"below": ["above"]}


def test_a_share_and_the_list_it_stands_in_are_one_finding() -> None:
    figures = {"p": "60.00%", "q": "50.00%", "a": "60.00", "b": "40.00", "w": "100.00"}
    report = ba.audit(figures, rules={"list": "100 = p + q", "first": "p% = a / w", "second": "q% = b / w"})
    assert tree(report) == {"second": ["list"]}


def test_relations_that_miss_by_different_amounts_are_two_findings() -> None:
    figures = {"t": "100.00", "a": "40.00", "b": "50.00", "u": "30.00", "v": "60.00", "w": "3.00"}
    report = ba.audit(figures, rules={"one": "t = a + b + w", "other": "t = u + v"})
    assert tree(report) == {"one": [], "other": []}


def test_a_relation_with_an_error_of_its_own_does_not_hide_the_cause_of_the_others() -> None:
    figures = {"t": "110.00", "a": "60.00", "b": "40.00", "c": "70.00", "d": "30.00", "e": "55.00", "f": "23.00"}
    report = ba.audit(figures, rules={"one": "t = a + b", "odd": "t = e + f", "two": "t = c + d"})
    assert tree(report) == {"one": ["two"], "odd": []}


def test_a_value_that_would_break_as_many_relations_as_it_restores_makes_no_common_cause() -> None:
    figures = {"t": "110.00", "a": "100.00", "b": "100.00", "c": "110.00", "d": "110.00"}
    report = ba.audit(figures, rules={"a": "t = a", "b": "t = b", "c": "t = c", "d": "t = d"})
    assert tree(report) == {"a": [], "b": []}


def test_mere_limits_have_no_common_cause() -> None:
    report = ba.audit({"x": "9.00", "a": "3.00", "b": "4.00"}, rules={"one": "x <= a", "other": "x <= b"})
    assert tree(report) == {"one": [], "other": []}


def test_what_was_not_asked_for_is_no_cause() -> None:
    records = [{"label": label, "amount": figure} for label, figure in [("t", "3.00"), ("t", "4.00"), ("a", "3.00")]]
    report = ba.audit(records, rules={"tie": "t = a"}, ignore=["TIE001"])
    assert (report.findings, report.counts["undecided"]) == ((), 1)


@given(
    parts=st.lists(st.integers(1_000, 10**7), min_size=2, max_size=5), copies=st.integers(1, 4),
    error=st.integers(100, 10**6),
)  # fmt: skip
def test_however_many_relations_one_figure_spoils_there_is_one_finding(
    parts: list[int], copies: int, error: int
) -> None:
    figures = {"t": f"{sum(parts) + error}"}
    rules = {}
    for copy in range(copies):
        names = [f"c{copy}p{place}" for place in range(len(parts))]
        figures |= {name: f"{part}" for name, part in zip(names, parts, strict=True)}
        rules[f"copy/{copy}"] = f"t = {' + '.join(names)}"
    report = ba.audit(figures, rules=rules)
    assert report.counts["inconsistent"] == copies
    assert tree(report) == {"copy/0": [f"copy/{copy}" for copy in range(1, copies)]}
    assert all(symptom.causes == () for symptom in report.symptoms)


def test_what_the_same_characters_say_of_two_lines_is_one_finding() -> None:
    text = "2031年度收入总计、支出总计各307.82万元。与上年相比，收、支总计各增加307.82万元，增长100.00%。"
    report = ba.audit(ba.read(text))
    (finding,) = (one for one in report.findings if one.kind == "RAT005")
    assert [symptom.kind for symptom in report.symptoms if symptom.fingerprint in finding.symptoms] == ["RAT005"]
    assert report.counts["undefined"] == 2
