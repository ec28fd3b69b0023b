"""Relations of real Chinese documents, with the verdict a careful reader gives them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import PERCENT
from budgetaudit.money.unit_names import parse_unit
from budgetaudit.rules.rule import Convention

FALLS = {"decrease"}


def budget_of(instance, *, negated=()):
    """The figures of a document; those that a text prints as a fall carry a minus sign."""
    lines = []
    for figure in instance["figures"]:
        unit = PERCENT if figure["unit"] == "%" else parse_unit(figure["unit"])
        value = Decimal(figure["value"]) * (-1 if figure["key"] in negated else 1)
        amount = Amount(value, figure["places"], unit)
        lines.append(
            BudgetLine(id=figure["key"], label=figure["key"], identity=Identity(label=figure["key"]), amount=amount)
        )
    return Budget(tuple(lines))


def terms_of(kind, stated):
    """The terms of a relation and its form, as `check` writes them."""
    if kind in {"sum", "difference"}:
        parts = [(key.lstrip("-"), "part", -1 if key.startswith("-") else 1) for key in stated["components"]]
        return "sum", [(stated["total"], "total", 1), *parts]
    if kind == "tie-out":
        return "sum", [(stated["total"], "total", 1), *((key, "part", 1) for key in stated["components"])]
    if kind == "within":
        parts = stated["parts"] if "parts" in stated else [stated["part"]]
        return "order", [*((key, "left", 1) for key in parts), *((key, "right", 1) for key in stated["whole"])]
    if kind == "shares-to-100":
        return "sum", [(key, "part", 1) for key in stated["components"]]
    if kind in {"share", "rate"}:
        return "share", [
            (stated["stated"], "ratio", 1),
            (stated["numerator"], "numerator", 1),
            (stated["denominator"], "denominator", 1),
        ]
    if kind == "growth":
        return "growth", [
            (stated["stated"], "ratio", 1),
            (stated["current"], "current", 1),
            (stated["base"], "base", 1),
        ]
    change = [(stated["stated"], "ratio", 1), (stated["current"], "current", 1), (stated["change"], "change", 1)]
    return "growth-from-change", change


def test_relations_of_published_documents(read_cases):
    compared = 0
    for instance in read_cases("cn-instances.json")["instances"]:
        for stated in instance["relations"]:
            kind = stated["kind"]
            form, terms = terms_of(kind, stated)
            falls = {stated["stated"], stated["change"]} if stated.get("direction") in FALLS else ()
            relation = Relation(
                "r", "SUM001", "logic", form, tuple(Term(key, role, Fraction(weight)) for key, role, weight in terms),
                Convention(), constant=Fraction(100) if kind == "shares-to-100" else None,
                op="<=" if form == "order" else "=",
            )  # fmt: skip
            outcome = evaluate(relation, budget_of(instance, negated=falls))
            assert outcome.verdict == stated["verdict"], (instance["id"], stated, outcome)
            if (
                stated.get("gap") is not None
                and kind in {"sum", "difference", "shares-to-100"}
                and stated.get("gap_unit") == str(outcome.unit)
            ):
                sign = -1 if kind == "shares-to-100" else 1  # there the target is 100
                assert outcome.gap == sign * Fraction(stated["gap"]), (instance["id"], stated)
                assert outcome.bound == Fraction(stated["envelope"]), (instance["id"], stated)
            compared += 1
    assert compared >= 121
