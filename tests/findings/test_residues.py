"""Notes about rounding: gathered by statement, never silent, and never with a gap that rounding hardly produces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba


def document(gaps: dict[str, list[int]]) -> ba.Report:
    """Tables of sums of four parts, each missing by so many units of the last place."""
    records, rules = [], {}
    for table, units in gaps.items():
        for row, gap in enumerate(units):
            names = [f"{table}{row}{part}" for part in "abcd"]
            records.append({"label": f"{table}{row}", "amount": f"{100 + gap / 100:.2f}", "table": table})
            records += [{"label": name, "amount": "25.00", "table": table} for name in names]
            rules[f"{table}/{row}"] = f"{table}{row} = {' + '.join(names)}"
    return ba.audit(records, rules=rules)


def found(report: ba.Report) -> list[tuple[str, str, int]]:
    return [(finding.kind, finding.severity, len(finding.outcomes)) for finding in report.findings]


def test_notes_of_one_table_are_one_note() -> None:
    report = document({"t": [1, -1, 0, 1]})
    assert found(report) == [("RND001", "info", 3)]
    (note,) = report.findings
    assert (note.rule, note.verdict) == ("document/rounding-residues", "rounding")
    assert [report.budget.line(line_id).label for line_id in note.lines] == ["t0", "t1", "t3"]


def test_notes_of_two_tables_are_two() -> None:
    assert found(document({"t": [1, 1], "u": [1, -1, 1]})) == [("RND001", "info", 2), ("RND001", "info", 3)]


def test_a_single_note_stays_what_it_is() -> None:
    assert found(document({"t": [1], "u": [0, 1]})) == [("SUM001", "info", 1), ("SUM001", "info", 1)]


def test_a_gap_that_rounding_hardly_produces_stays_by_itself() -> None:
    report = document({"t": [1, 2, -1]})
    assert found(report) == [("SUM001", "warning", 1), ("RND001", "info", 2)]
    assert report.findings[0].rule == "t/1"


def test_a_gap_beyond_rounding_stays_by_itself() -> None:
    assert found(document({"t": [1, 50, 1]})) == [("SUM001", "error", 1), ("RND001", "info", 2)]


def test_ratios_are_gathered_apart_from_sums() -> None:
    figures = {
        "t": "1.01",
        "a": "0.47",
        "b": "0.53",
        "u": "1.01",
        "c": "0.38",
        "d": "0.62",
        "g": "24.00%",
        "h": "-15.00%",
    }
    rules = {"s1": "t = a + b", "s2": "u = c + d", "g1": "g% = (a - c) / c", "g2": "h% = (b - d) / d"}
    report = ba.audit(figures, rules=rules)
    assert [(finding.kind, dict(finding.data)["about"]) for finding in report.findings] == [
        ("RND001", "sums"), ("RND001", "ratios"),
    ]  # fmt: skip
    assert "2 ratios differ from their amounts" in str(report)
    assert "2 sums differ from their parts" in str(report)


@given(st.dictionaries(st.sampled_from("tuv"), st.lists(st.integers(-4, 4), max_size=6), max_size=3))
def test_every_gap_is_in_exactly_one_finding(gaps: dict[str, list[int]]) -> None:
    report = document(gaps)
    told = [
        outcome
        for finding in (*report.findings, *report.symptoms)
        for outcome in finding.outcomes
        if finding.kind != "CNV001"
    ]
    missing = [outcome for outcome in report.outcomes if outcome.verdict != "exact"]
    assert sorted(outcome.relation.rule for outcome in told) == sorted(outcome.relation.rule for outcome in missing)
    assert len({finding.fingerprint for finding in report.findings}) == len(report.findings)
