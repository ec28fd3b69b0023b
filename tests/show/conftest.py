"""What the tests of `show` share: the county's report, a finding for every sentence there is, and stored outputs.

`BUDGETAUDIT_REWRITE=1` stores what is shown now under `snapshots/`; read the diff before you believe it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import budgetaudit as ba
from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.explain.likelihood import likelihood
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.source import Document, Source
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.rules.rule import Convention

SNAPSHOTS = Path(__file__).parent / "snapshots"
Sample = tuple[Finding, Budget]


@pytest.fixture(scope="session")
def snapshot() -> Callable[[str, str], None]:
    """Compare a text with the stored one of that name, or store it."""

    def compare(name: str, text: str) -> None:
        stored = SNAPSHOTS / name
        if os.environ.get("BUDGETAUDIT_REWRITE"):
            stored.parent.mkdir(exist_ok=True)
            stored.write_bytes(text.encode())
        assert stored.read_bytes().decode() == text, f"{name}: BUDGETAUDIT_REWRITE=1 stores it anew"

    return compare


@pytest.fixture(scope="session")
def county(root: Path) -> Report:
    """The figures of the example report with their places in it, audited with four equations, one of them absurd."""
    text = (root / "examples" / "county-report.txt").read_text(encoding="utf-8")
    figures = {
        "部门整体支出": "677.41", "工资福利支出": "167.09", "商品和服务支出": "348.28", "对个人和家庭的补助": "16.48",
        "基本建设性支出": "145.54", "基本支出": "246.79", "人员经费": "179.17", "日常公用经费": "67.62",
    }  # fmt: skip
    typed = Budget.from_dict(figures, unit="万元")
    lines = tuple(line.model_copy(update={"source": _source(text, line.label, figures[line.label])}) for line in typed)
    document = Document("county-report.txt", "0" * 64, "utf-8", len(text), text)
    report = ba.audit(
        Budget(lines, (document,)),
        rules={
            "mine/economic": "部门整体支出 = 工资福利支出 + 商品和服务支出 + 对个人和家庭的补助 + 基本建设性支出",
            "mine/basic": "基本支出 = 人员经费 + 日常公用经费",
            "mine/absurd": "基本支出 = 人员经费 + 对个人和家庭的补助",
            "mine/within": "商品和服务支出 <= 人员经费",
            "mine/unknown": "基本支出 = 人员费用 + 日常公用经费",
        },
    )
    # How causes are found and ranked is tested elsewhere; what is stored here is how they are shown.
    findings = (replace(finding, causes=CAUSES.get(finding.rule, ())) for finding in report.findings)
    return replace(report, findings=tuple(findings))


def _cause(code: str, line: str, printed: str, proposed: str, *, restores: int = 1, breaks: int = 0) -> Cause:
    edit = Correction(
        line, printed, proposed, Decimal(proposed), ("mine/economic",) * restores, ("mine/basic",) * breaks
    )
    return Cause(code, (line,), (edit,), Fraction(1, 8))


CAUSES = {
    "mine/economic": (
        Cause("truncated-parts", ("l2", "l3", "l4", "l5"), score=Fraction(1, 2)),
        _cause("digit-replaced", "l5", "145.54", "145.56"),
    ),
    "mine/within": (
        _cause("decimal-shift", "l3", "348.28", "34.828", breaks=1),
        _cause("decimal-shift", "l7", "179.17", "1791.7", restores=2, breaks=2),
        Cause("another-figure", ("l2",), score=Fraction(1, 9), evidence=(("figure", "l2"), ("sign", "+"))),
        *(_cause("unit-mix-up", "l3", "348.28", f"0.{zeros}34828") for zeros in ("", "0", "00", "000")),
    ),
}


def _source(text: str, label: str, figure: str) -> Source:
    start = text.index(f"{label}{figure}") + len(label)
    line_start = text.rfind("\n", 0, start) + 1
    return Source(
        "county-report.txt", start, start + len(figure), figure, text.count("\n", 0, start) + 1, start - line_start + 1
    )


@pytest.fixture(scope="session")
def samples() -> Mapping[tuple[str, str], Sample]:
    """A finding for every sentence of every kind, by kind and case; `SUM001 differs 1` is its singular."""
    return dict(_samples())


SUM = Budget.from_dict(
    {"支出合计": "677.41万元", "工资福利支出": "167.09万元", "商品和服务支出": "348.28万元", "资本性支出": "145.54万元"}
)
BLANK = Budget.from_dict(
    {"工资福利支出": "", "甲": "167.09万元", "乙": "348.28万元", "丙": "145.54万元", "支出总计": ""}
)
PAIR = Budget.from_dict({"年末结转": "10.50万元", "年初结转": "10.05万元"})
RATIO = Budget.from_dict({"占比": "25.0%", "公用经费": "90.00万元", "基本支出": "300.00万元"})
GROWTH = Budget.from_dict({"增长率": "25.0%", "本年收入": "90.00万元", "上年收入": "80.00万元", "增加额": "12.00万元"})
NO_BASE = Budget.from_dict({"增长率": "25.0%", "本年收入": "90.00万元", "上年收入": "0.00万元", "增加额": "90.00万元"})
NEGATIVE = Budget.from_dict({"增长率": "25.0%", "本年收入": "9.00万元", "上年收入": "-8.00万元", "增加额": "17.00万元"})
AVERAGE = Budget.from_dict({"人均接待费": "130元", "接待费": "1.17万元", "接待人次": "97人次"})
SHARES = Budget.from_dict({"甲占比": "40.0%", "乙占比": "35.0%", "丙占比": "25.4%"})
COUNT = Budget.from_dict({"方面": "9个"})


def _samples() -> Iterator[tuple[tuple[str, str], Sample]]:
    for kind, case, budget, relation in _relations():
        yield (kind, case), _judged(kind, relation, budget)
    for kind in ("TXT001", "TXT002", "TXT003", "TXT004", "TXT005", "TXT006"):
        yield (kind, "remark"), (_remark(kind, "较上年减少-5.00万元"), SUM)
    for kind, words, data in (
        ("CEL001", "348.28", {}), ("CEL002", "167.09", {"detail": "167.0934"}),
        ("CEL003", "515.37", {"detail": "B2:B4", "cells": "B5"}), ("CEL004", "=SUM(B2:B4)", {}), ("CEL005", "20.00", {}),
        ("CEL006", "draft", {}),
    ):  # fmt: skip
        named = (("counted", "3"), ("cell", "B6"), *data.items())
        yield (kind, "remark"), (replace(_remark(kind, words), data=named), SUM)
    yield ("FIG001", "figure"), (_about(AVERAGE, "FIG001"), AVERAGE)
    yield ("FIG002", "figure"), (replace(_about(AVERAGE, "FIG002"), data=(("words", "1.234.5"),)), AVERAGE)
    missed = _outcome(_sum("SUM001", "l1", ["l2", "l3", "l4"]), SUM)
    for number, suffix in ((1, " 1"), (2, "")):
        yield ("CNV001", f"document{suffix}"), (_cluster("CNV001", missed, number), SUM)
        yield ("RND001", f"cluster{suffix}"), (_cluster("RND001", missed, number), SUM)
        ratio = _outcome(_ratio("RAT001", "share", numerator="l2", denominator="l3"), RATIO)
        clustered = replace(_cluster("RND001", ratio, number), data=(("about", "ratios"),))
        yield ("RND001", f"cluster_of_ratios{suffix}"), (clustered, RATIO)
    unbound = Finding("RUL001", "mine/x", "warning", None, "0" * 16, missing=("人员费用",))
    yield ("RUL001", "rule"), (unbound, SUM)
    yield ("RUL001", "rule_nearest"), (replace(unbound, missing=("工资福利支出费",)), SUM)
    yield ("RUL001", "rule_apart"), (replace(unbound, missing=()), SUM)
    broken = Outcome(_sum("SUM001", "l1", ["l2"]), "failed", reasons=("error",), detail="ZeroDivisionError: x")
    yield ("RUL002", "rule"), (_finding("RUL002", broken), SUM)
    yield ("RUL002", "units"), (_finding("RUL002", replace(broken, reasons=("units-differ",))), SUM)


def _relations() -> Iterator[tuple[str, str, Budget, Relation]]:
    parts = ["l2", "l3", "l4"]
    for number, suffix in ((1, " 1"), (3, "")):
        yield "SUM001", f"differs{suffix}", SUM, _sum("SUM001", "l1", parts[:number])
        yield "SUM003", f"unnamed{suffix}", SUM, replace(_sum("SUM003", "l1", parts[:number]), missing=("",))
        yield "SUM004", f"differs{suffix}", BLANK, _sum("SUM004", "l5", parts[:number])
        yield "DIF002", f"differs{suffix}", SUM, _sum("DIF002", "l1", parts[:number])
        small = _order("SUM002", "<=", parts[:number], ["l4"])
        yield "SUM002", f"differs{suffix}", SUM, small
    yield "SUM003", "named", SUM, replace(_sum("SUM003", "l1", parts), missing=("对个人和家庭的补助",))
    yield "DIF001", "differs", GROWTH, replace(
        _sum("DIF001", "l4", []),
        terms=(Term("l4", "total"), Term("l2", "part"), Term("l3", "part", Fraction(-1))),
    )  # fmt: skip
    yield "ORD001", "differs", PAIR, _order("ORD001", "<=", ["l1"], ["l2"])
    yield "ORD002", "differs", PAIR, _order("ORD002", "<=", ["l1"], ["l2"])
    yield "RAT001", "differs", RATIO, _ratio("RAT001", "share", numerator="l2", denominator="l3")
    yield "RAT003", "differs", RATIO, _ratio("RAT003", "share", numerator="l2", denominator="l3")
    for budget, case in ((GROWTH, ""), (NEGATIVE, "undefined")):
        yield "RAT002", case or "differs", budget, _ratio("RAT002", "growth", current="l2", base="l3")
        yield (
            "RAT002", f"{case}_from_change".removeprefix("_"), budget,
            _ratio("RAT002", "growth-from-change", change="l4", current="l2"),
        )  # fmt: skip
    yield "RAT004", "differs", SHARES, replace(
        _sum("RAT004", "l1", ["l1", "l2", "l3"]),
        terms=tuple(Term(line, "part") for line in ("l1", "l2", "l3")), constant=Fraction(100),
    )  # fmt: skip
    yield "RAT005", "undefined", NO_BASE, _ratio("RAT005", "growth", current="l2", base="l3")
    yield (
        "RAT005", "undefined_from_change", NO_BASE,
        _ratio("RAT005", "growth-from-change", change="l4", current="l2"),
    )  # fmt: skip
    average = _ratio("RAT006", "share", numerator="l2", denominator="l3")
    yield "RAT006", "differs", AVERAGE, replace(average, factor=Fraction(1))
    tie = Relation("tie-out", "TIE001", "logic", "tie", (Term("l1", "total"), Term("l2", "part")), Convention())
    yield "TIE001", "differs", PAIR, tie
    yield "TIE002", "differs", PAIR, _sum("TIE002", "l1", ["l2"])
    yield "TIE003", "differs", PAIR, _sum("TIE003", "l1", ["l2"])
    count = Relation("text/count", "CNT001", "logic", "count", (Term("l1", "total"),), Convention())
    for number, suffix in ((1, " 1"), (8, "")):
        yield "CNT001", f"differs{suffix}", COUNT, replace(count, constant=Fraction(number))
    for case, op, left, right in (("above", ">", "l2", "l1"), ("below", "<", "l1", "l2"), ("equal", "=", "l1", "l2")):
        yield "TXT001", case, PAIR, _order("TXT001", op, [left], [right])


def _sum(kind: str, total: str, parts: Sequence[str]) -> Relation:
    terms = (Term(total, "total"), *(Term(part, "part") for part in parts))
    return Relation("mine/x", kind, "balance", "sum", terms, Convention())


def _order(kind: str, op: str, left: Sequence[str], right: Sequence[str]) -> Relation:
    terms = (*(Term(line, "left") for line in left), *(Term(line, "right") for line in right))
    return Relation("mine/x", kind, "logic", "order", terms, Convention(), op=op)


def _ratio(kind: str, form: str, **roles: str) -> Relation:
    terms = (Term("l1", "ratio"), *(Term(line, role) for role, line in roles.items()))
    return Relation("mine/x", kind, "logic", form, terms, Convention())


def _outcome(relation: Relation, budget: Budget) -> Outcome:
    outcome = evaluate(relation, budget)
    return replace(outcome, likelihood=likelihood(outcome, budget))


def _judged(kind: str, relation: Relation, budget: Budget) -> Sample:
    return _finding(kind, _outcome(relation, budget)), budget


def _finding(kind: str, outcome: Outcome) -> Finding:
    relation = outcome.relation
    lines = tuple(term.line for term in relation.terms)
    missing = tuple(label for label in outcome.absent if label)
    return Finding(kind, relation.rule, KINDS[kind].worst, outcome.verdict, "0" * 16, (outcome,), lines, missing)


def _cluster(kind: str, outcome: Outcome, number: int) -> Finding:
    return Finding(kind, f"document/{KINDS[kind].name}", "info", None, "0" * 16, (outcome,) * number, ("l1",))


def _about(budget: Budget, kind: str) -> Finding:
    return Finding(kind, f"text/{KINDS[kind].name}", KINDS[kind].worst, None, "0" * 16, lines=(budget.lines[0].id,))


def _remark(kind: str, words: str) -> Finding:
    source = Source("report.txt", 5, 5 + len(words), words, 1, 6)
    return Finding(kind, f"text/{KINDS[kind].name}", KINDS[kind].worst, None, "0" * 16, source=source)


@pytest.fixture
def one_sum() -> Callable[..., Report]:
    """A report of one sum that misses, from labels and figures; the first is the total."""

    def audited(labels: Sequence[str], figures: Sequence[str], *, document: str = "") -> Report:
        lines = []
        for number, (label, figure) in enumerate(zip(labels, figures, strict=True), 1):
            (line,) = Budget.from_dict({"x": figure}).lines
            identity = line.identity.model_copy(update={"label": f"x{number}"})
            source = Source(document, 0, 1, figure, 1, number) if document else None
            lines.append(BudgetLine(id=f"l{number}", label=label, identity=identity, amount=line.amount, source=source))
        documents = (Document(document),) if document else ()
        terms = " + ".join(f"x{number}" for number in range(2, len(lines) + 1))
        return ba.audit(Budget(tuple(lines), documents), rules=[f"x1 = {terms}"])

    return audited


@pytest.fixture
def amount() -> Callable[..., Amount]:
    """An amount of so many places, without a unit."""
    return lambda value, places=None: Amount(
        Decimal(value), max(0, -int(Decimal(value).as_tuple().exponent)) if places is None else places
    )
