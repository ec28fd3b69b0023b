"""Fingerprints: the same finding next year, with other figures, from another folder, has the same name."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba

RULES = {
    "sums/t": "t = a + b",
    "sums/u": "u = t + c",
    "limits/a": "a <= b",
    "rates/p": "p% = a / b",
}
LABELS = ["t", "u", "a", "b", "c", "p"]


def fingerprints(report: ba.Report) -> dict[tuple[str, str], str]:
    """By kind and rule, of findings and symptoms."""
    return {(finding.kind, finding.rule): finding.fingerprint for finding in (*report.findings, *report.symptoms)}


@st.composite
def figures(draw: st.DrawFn) -> dict[str, str]:
    amounts = {label: f"{draw(st.integers(1, 99_999)) / 100:.2f}" for label in LABELS}
    return amounts | {"p": f"{amounts['p']}%"}


@given(one=figures(), other=figures())
def test_other_values_leave_every_fingerprint_that_both_have(one: dict[str, str], other: dict[str, str]) -> None:
    first, second = (fingerprints(ba.audit(given, rules=RULES)) for given in (one, other))
    common = first.keys() & second.keys()
    assert {key: first[key] for key in common} == {key: second[key] for key in common}


@given(figures())
def test_fingerprints_are_distinct_short_and_repeatable(given_: dict[str, str]) -> None:
    report = ba.audit(given_, rules=RULES)
    marks = [finding.fingerprint for finding in (*report.findings, *report.symptoms)]
    assert len(set(marks)) == len(marks)
    assert all(re.fullmatch(r"[0-9a-f]{16}", mark) for mark in marks)
    again = ba.audit(given_, rules=RULES)
    assert marks == [finding.fingerprint for finding in (*again.findings, *again.symptoms)]
    assert [report.finding(mark).fingerprint for mark in marks] == marks


def test_they_are_known_across_versions() -> None:
    """Suppressions name fingerprints; a change here is a change of the interface."""
    (finding,) = ba.audit({"t": "9.00", "a": "4.00", "b": "4.00"}, rules={"sums/t": "t = a + b"}).findings
    assert finding.fingerprint == "c2243d13f5c4dba0"


def document(name: str, *, start: int = 0, figures: tuple[str, ...] = ("9.00", "4.00", "4.00")) -> ba.Budget:
    lines = []
    for number, (label, figure) in enumerate(zip("tab", figures, strict=True)):
        (line,) = ba.Budget.from_dict({label: figure})
        source = ba.Source(name, start + number * 10, start + number * 10 + 4, figure, 1, start + number * 10 + 1)
        lines.append(line.model_copy(update={"id": f"x{start}{number}", "source": source}))
    return ba.Budget(tuple(lines))


def test_path_offset_and_line_ids_do_not_matter() -> None:
    rules = {"sums/t": "t = a + b"}
    here = ba.audit(document("report.txt"), rules=rules)
    there = ba.audit(document("C:/old/report-2.txt", start=700, figures=("90.0", "1.00", "2.00")), rules=rules)
    assert fingerprints(here) == fingerprints(there)


def test_the_year_the_office_and_the_rule_do_matter() -> None:
    def mark(rule: str = "sums/t", **identity: str) -> str:
        budget = ba.Budget.from_dict({"t": "9.00", "a": "4.00", "b": "4.00"}, **identity)
        (finding,) = ba.audit(budget, rules={rule: "t = a + b"}).findings
        return finding.fingerprint

    marks = [mark(), mark(period="2019"), mark(period="2020"), mark(entity="office"), mark("sums/other")]
    assert len(set(marks)) == len(marks)


def test_equal_remarks_are_told_apart_by_their_order_and_not_by_their_numbers() -> None:
    from budgetaudit.model.statement import Remark

    def marks(*amounts: str) -> list[str]:
        sources = [
            ba.Source("r.txt", n * 20, n * 20 + 9, f"减少-{amount}万元", 1, n) for n, amount in enumerate(amounts)
        ]
        budget = ba.Budget((), remarks=tuple(Remark("TXT002", source) for source in sources))
        return [finding.fingerprint for finding in ba.audit(budget, rules=[]).findings]

    assert marks("5.00", "7.10") == marks("1,234", "0.3")
    assert len(set(marks("5.00", "5.00"))) == 2
