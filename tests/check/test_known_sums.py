"""Sums whose verdict others have published or got wrong, typed in as facts: they must hold without the case files.

From filings of US companies, the XBRL conformance suite, the requirements of Calculations 1.1, the guidance of EBA and DQC,
inputs on which a processor in use fails, and the document that named this project. Verdicts for rounding to nearest (ties
either way) and for truncation towards zero; absent parts count as zero.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.rules.rule import Convention

EXACT, ROUNDING, WRONG, OPEN = "exact", "rounding", "inconsistent", "undecided"


def judged(total, parts, **convention):
    """A sum of prints "value@decimals"; several in one text are prints of one quantity, "nil" has no value, "@*" is exact."""
    lines, terms = [], []
    for number, figure in enumerate([total, *parts]):
        weight, prints = (1, figure) if isinstance(figure, str) else figure
        terms.append(Term(f"{number}.0", "part" if number else "total", Fraction(weight)))
        for place, text in enumerate(prints.split()):
            amount = _amount(text)
            lines.append(
                BudgetLine(
                    id=f"{number}.{place}", label=str(number), identity=Identity(label=str(number)), amount=amount,
                    state="blank" if amount is None else "printed",
                )
            )  # fmt: skip
    relation = Relation(
        "r", "SUM001", "balance", "sum", tuple(terms), Convention(**{"missing": "absent-is-zero"} | convention)
    )
    return evaluate(relation, Budget(tuple(lines)))


def _amount(text):
    if text == "nil":
        return None
    value, _, places = text.partition("@")
    if places == "?":
        return Amount(Decimal(value), 0, precision="unknown")
    return Amount(Decimal(value), 0, precision="exact") if places == "*" else Amount(Decimal(value), int(places))


@pytest.mark.parametrize(
    ("total", "parts", "nearest", "truncated"),
    [
        # The document that named the project, and the sum below it that closes.
        ("677.41@2", ["167.09@2", "348.28@2", "16.48@2", "145.54@2"], ROUNDING, ROUNDING),
        ("246.79@2", ["179.17@2", "67.62@2"], EXACT, EXACT),
        # Requirements of Calculations 1.1: the same figures in millions and in thousands.
        ("58000000@-6", ["12000000@-6", "45000000@-6"], ROUNDING, ROUNDING),
        ("57582000@-3", ["12141000@-3", "45441000@-3"], EXACT, EXACT),
        # EBA: a figure that contradicts its own precision.
        ("12300@-3", ["11900@-3"], OPEN, OPEN),
        # DQC: coarse totals, coarse parts, and the tolerance they would grant.
        ("550000@-3", ["550345@0"], EXACT, EXACT),
        ("550000@0", ["550345@0"], WRONG, WRONG),
        ("550000000@-6", ["551000000@-6"], ROUNDING, WRONG),
        ("550000000@-5", ["551000000@-3"], WRONG, WRONG),
        ("-266000@-3", ["118000@-3", "75000@-3", "56000@-3", "17000@-3"], WRONG, WRONG),
        # Filings: a sum that rounding explains and truncation does not; one that either explains.
        ("794400000@-5", ["210900000@-5", "341200000@-5", "61200000@-5", "181300000@-5"], ROUNDING, WRONG),
        ("230184@0", ["6565@0", "20889@0", "36979@0", "165750@0"], ROUNDING, ROUNDING),
        # Conformance suite: exact figures, a weight of 1.01, nil and absent parts, nil beside a value.
        ("1.001@*", ["1@*", "0.001@*"], EXACT, EXACT),
        ("1.02@2", [("1.01", "1@2")], ROUNDING, ROUNDING),
        ("2@0", ["1@0", "nil"], ROUNDING, WRONG),
        ("0@*", ["1@* 1@*", "2@*"], WRONG, WRONG),
        ("nil 0@*", ["1@*", "2@*"], OPEN, OPEN),
        ("-5000@0", [("-1", "5000@0")], EXACT, EXACT),
        ("1234@-2", ["0@0", "1234@0"], OPEN, OPEN),
        ("10@0", ["5@0", "5@?"], OPEN, OPEN),
        ("nil", ["4091428@0", ("-1", "4091428@0")], OPEN, OPEN),
        ("496328@0", [("-1", "nil"), ("-1", "nil")], OPEN, OPEN),
        # Ends of intervals: open ones do not touch, and change sides under a negative weight.
        ("2.2@1", [("-1", "-2.1@1")], ROUNDING, WRONG),
        ("6@0", ["7@*"], WRONG, WRONG),
        ("9.60@2", [("-1", "0.4@1"), "10@*"], EXACT, EXACT),
        ("-7.59@2", ["1@*", ("-0.5", "17@0"), ("-1", "0.1@2")], ROUNDING, WRONG),
        ("-43.9@1", [("-2", "22@0")], ROUNDING, WRONG),
        ("13@0", [("-2", "0@*"), ("-0.5", "-8@0"), ("0.5", "0@*"), "10@*"], WRONG, WRONG),
        # Several prints of one quantity.
        ("25.1@1", ["1.1@1 1.1@2", ("-0.5", "-28@0 -28@1"), "10@0"], EXACT, EXACT),
        ("13.6@1", [("0.5", "28@0 -25@0")], OPEN, OPEN),
        # More digits than a fixed context holds.
        ("1000@25", ["1000@25"], EXACT, EXACT),
        ("0@128", ["31712@*"], WRONG, WRONG),
    ],
)  # fmt: skip
def test_known_sums(total, parts, nearest, truncated):
    assert judged(total, parts).verdict == nearest
    assert judged(total, parts, rounding="truncate").verdict == truncated


def test_a_nil_part_is_missing_where_parts_are_required():
    outcome = judged("2@0", ["1@0", "nil"], missing="required")
    assert (outcome.verdict, outcome.reasons) == (OPEN, ("missing-part",))


@pytest.mark.parametrize(("total", "verdict"), [("-26@0", EXACT), ("-27@0", WRONG), ("-26.5@1", EXACT)])
def test_halves_go_to_even_where_the_convention_says_so(total, verdict):
    assert judged(total, ["-20@*", "-6.5@*"], ties="even").verdict == verdict
