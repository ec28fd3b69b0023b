"""Reports of any shape, for the tests of every format."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.explain.likelihood import likelihood
from budgetaudit.findings.report import Report, UsedPack
from budgetaudit.model.budget import Budget, Unplaced
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.source import Document, Source
from budgetaudit.model.statement import Remark, Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import Unit
from budgetaudit.rules.rule import Convention

ROLES = {
    "order": ("left", "right"), "share": ("ratio", "numerator", "denominator"), "growth": ("ratio", "current", "base"),
    "growth-from-change": ("ratio", "change", "current"), "count": ("total",),
}  # fmt: skip
KINDS_OF = {
    "sum": ("SUM001", "DIF001", "DIF002", "RAT004", "TIE002", "TIE003"), "order": ("ORD001", "ORD002", "SUM002", "TXT001"),
    "share": ("RAT001", "RAT003", "RAT006"), "growth": ("RAT002",), "growth-from-change": ("RAT002",), "tie": ("TIE001",),
    "count": ("CNT001",),
}  # fmt: skip
UNITS = [
    Unit(), Unit("money", "CNY", Fraction(10000), text="万元"), Unit("money", "CNY", Fraction(1), text="元"),
    Unit("money", "USD", Fraction(1000)), Unit("percent", text="%"), Unit("count", counter="辆", text="辆"),
    Unit("multiple", text="倍"), Unit("money", None, Fraction(1), text="<b>\x1b$"),
]  # fmt: skip
WORDS = st.text(max_size=12) | st.sampled_from(["<script>", "=1+1", "a|b", "\u202e", "]]>", "甲", ""])


@st.composite
def amounts(draw: st.DrawFn, units: st.SearchStrategy[Unit]) -> Amount:
    places = draw(st.integers(-2, 4))
    value = Decimal(draw(st.integers(-(10**20), 10**20) | st.integers(-1000, 1000)))
    precision = draw(st.sampled_from([*["printed"] * 8, "exact", "approximate", "unknown"]))
    return Amount(value.scaleb(-places), places, draw(units), precision)


@st.composite
def sources(draw: st.DrawFn, document: str) -> Source:
    start = draw(st.integers(0, 40))
    place = draw(st.sampled_from([{}, {"line": 1, "column": 2}, {"page": 3}, {"sheet": "表", "cell": "B7"}]))
    return Source(document, start, start + draw(st.integers(1, 5)), draw(WORDS), **place)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    document = Document(draw(WORDS), text=draw(WORDS) * 4)
    units = st.sampled_from([*[draw(st.sampled_from(UNITS))] * 60, *UNITS])  # most figures of a report have one unit
    lines = []
    for number in range(draw(st.integers(1, 7))):
        printed = draw(st.integers(0, 9)) > 0
        lines.append(
            BudgetLine(
                id=f"l{number}",
                label=draw(WORDS),
                identity=Identity(label=draw(st.sampled_from("abcdefghijklmnop"))),
                amount=draw(amounts(units)) if printed else None,
                state="printed" if printed else draw(st.sampled_from(["blank", "dash", "unreadable"])),
                source=draw(st.none() | sources(document.name)),
            )
        )
    remarks = draw(
        st.lists(st.builds(Remark, st.sampled_from(["TXT001", "TXT002", "TXT006"]), sources(document.name)), max_size=2)
    )
    unplaced = draw(st.lists(st.builds(Unplaced, amounts(units), sources(document.name), WORDS), max_size=2))
    return Budget(tuple(lines), (document,), remarks=tuple(remarks), unplaced=tuple(unplaced))


@st.composite
def relations(draw: st.DrawFn, budget: Budget) -> Relation:
    form = draw(st.sampled_from(sorted(KINDS_OF)))
    line = st.sampled_from([line.id for line in budget.lines])
    weight = st.sampled_from([Fraction(1), Fraction(-1), Fraction(3, 2)])
    if form in ROLES:
        terms = [Term(draw(line), role) for role in ROLES[form]]
    else:
        terms = [
            Term(draw(line), "total"),
            *(Term(draw(line), "part", draw(weight)) for _ in range(draw(st.integers(1, 4)))),
        ]
    return Relation(
        draw(st.sampled_from(["text/split", "mine/x", "cn/basic-spending"])),
        draw(st.sampled_from(KINDS_OF[form])),
        draw(st.sampled_from(["balance", "logic", "verify"])),
        form,
        tuple(terms),
        draw(
            st.sampled_from(
                [Convention(), Convention(rounding="truncate"), Convention(missing="open", tolerance="0.5")]
            )
        ),
        missing=draw(st.sampled_from([(), ("甲",), ("",)])) if form == "sum" else (),
        constant=Fraction(draw(st.integers(0, 9))) if form == "count" else None,
        op=draw(st.sampled_from(["<=", "<", ">=", ">", "="])) if form == "order" else "=",
        factor=draw(st.sampled_from([Fraction(100), Fraction(1)])),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    budget = draw(budgets())
    outcomes = [_judged(relation, budget) for relation in draw(st.lists(relations(budget), max_size=5))]
    return Report.of(budget, outcomes, packs=[UsedPack("cn", "1")])


def _judged(relation: Relation, budget: Budget) -> Outcome:
    outcome = evaluate(relation, budget)
    return replace(outcome, likelihood=likelihood(outcome, budget))
