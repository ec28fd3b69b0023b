"""JSON: a budget comes back equal to the last zero; any other text is a budget or an error of ours."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget, Unplaced
from budgetaudit.model.exchange import budget_to_dict
from budgetaudit.model.line import BudgetLine, Fund, Identity, Measure, Phase
from budgetaudit.model.source import Document, Source
from budgetaudit.model.statement import Op, Remark, Role, Says, Statement, Term
from budgetaudit.money.amount import Amount, Precision
from budgetaudit.money.unit import Unit, UnitKind

TEXT = st.text(max_size=8)
MAYBE_TEXT = st.none() | TEXT
MAYBE_COUNT = st.none() | st.integers(0, 10**6)
RATIONALS = st.builds(Fraction, st.integers(-(10**6), 10**6), st.integers(1, 10**6))

UNITS = st.builds(
    Unit,
    st.sampled_from(get_args(UnitKind)),
    MAYBE_TEXT,
    st.builds(Fraction, st.integers(1, 10**12), st.integers(1, 1000)),
    MAYBE_TEXT,
    TEXT,
)
AMOUNTS = st.builds(
    lambda digits, exponent, places, unit, precision: Amount(Decimal((int(digits < 0), tuple(map(int, str(abs(digits)))), exponent)), places, unit, precision),
    st.integers(-(10**30), 10**30), st.integers(-140, 0), st.integers(-9, 140), UNITS, st.sampled_from(get_args(Precision)),
)  # fmt: skip
SOURCES = st.builds(
    Source, TEXT, MAYBE_COUNT, MAYBE_COUNT, TEXT, MAYBE_COUNT, MAYBE_COUNT, MAYBE_COUNT, MAYBE_TEXT, MAYBE_TEXT
)
IDENTITIES = st.builds(
    Identity, label=TEXT, entity=MAYBE_TEXT, period=MAYBE_TEXT, phase=st.none() | st.sampled_from(get_args(Phase)), fund=st.none() | st.sampled_from(get_args(Fund)),
    measure=st.sampled_from(get_args(Measure)), classification=MAYBE_TEXT, code=st.none() | st.lists(TEXT, max_size=3).map(tuple),
    within=st.lists(TEXT, max_size=2).map(tuple), against=MAYBE_TEXT, table=MAYBE_TEXT,
)  # fmt: skip


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """Any budget that can be built, sources and statements included."""
    ids = draw(st.lists(TEXT, unique=True, max_size=4))
    lines = []
    for line_id in ids:
        state = draw(st.sampled_from(["printed", "stated-zero", "blank", "dash", "unreadable"]))
        amount = draw(AMOUNTS) if state in {"printed", "stated-zero"} else None
        lines.append(
            BudgetLine(id=line_id, label=draw(TEXT), identity=draw(IDENTITIES), amount=amount, state=state, source=draw(st.none() | SOURCES))
        )  # fmt: skip
    named = st.sampled_from(ids or [""])
    few = 3 if ids else 0
    terms = st.lists(st.builds(Term, named, st.sampled_from(get_args(Role)), RATIONALS), max_size=few).map(tuple)
    said = st.builds(
        Statement, st.sampled_from(get_args(Says)), terms, st.booleans(), st.none() | RATIONALS, st.sampled_from(get_args(Op)), st.none() | SOURCES
    )  # fmt: skip
    data = st.dictionaries(TEXT, TEXT, max_size=2).map(lambda fields: tuple(fields.items()))
    remark = st.builds(Remark, TEXT, SOURCES, st.lists(named, max_size=few).map(tuple), data)
    document = st.builds(Document, TEXT, TEXT, MAYBE_TEXT, st.integers(0, 10**6))
    return Budget(
        tuple(lines),
        tuple(draw(st.lists(document, max_size=2))),
        tuple(draw(st.lists(said, max_size=2))),
        tuple(draw(st.lists(remark, max_size=2))),
        tuple(draw(st.lists(st.builds(Unplaced, AMOUNTS, SOURCES, TEXT), max_size=2))),
    )


@given(budgets())
def test_a_budget_comes_back_equal_with_every_zero(budget):
    again = Budget.from_json(budget.to_json())
    assert again == budget
    for before, after in zip(budget, again, strict=True):
        if before.amount is not None:
            assert after.amount is not None
            assert after.amount.value.as_tuple()[:2] == before.amount.value.as_tuple()[:2]  # 677.40 keeps its zero
            assert after.amount.unit.text == before.amount.unit.text


@given(budgets())
def test_no_figure_is_a_json_number(budget):
    def numbers(value: object) -> list[object]:
        if isinstance(value, dict):
            inner = [
                one
                for key, one in value.items()
                if key not in {"places", "characters", "start", "end", "line", "column", "page"}
            ]
            return [number for one in inner for number in numbers(one)]
        if isinstance(value, list):
            return [number for one in value for number in numbers(one)]
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []

    written = json.loads(budget.to_json())
    for statement in written["statements"]:
        for term in statement["terms"]:
            assert isinstance(term["line"], str)
    assert numbers(written) == []


def shape() -> dict:
    return {
        "lines": [
            {
                "id": "l1", "label": "（一）人員經費", "value": "677.410", "places": 3, "unit": {"kind": "money", "currency": "CNY", "scale": "10000", "text": "万元"},
                "source": {"document": "a.txt", "start": 3, "end": 10},
            }
        ],
        "statements": [{"says": "split", "terms": [{"line": "l1", "role": "total"}]}],
    }  # fmt: skip


def test_another_program_may_leave_out_what_has_a_default():
    [line] = Budget.from_json(json.dumps(shape()))
    assert line.identity.label == "人员经费"
    assert line.amount is not None
    assert (str(line.amount.value), line.amount.places, line.amount.precision) == ("677.410", 3, "printed")
    assert (line.state, line.identity.measure) == ("printed", "amount")


def test_bytes_are_read_as_unicode():
    assert Budget.from_json(json.dumps(shape()).encode("utf-8")) == Budget.from_json(
        json.dumps(shape()).encode("utf-16")
    )


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("lines.0.value", 677.41, "677.41 is a bare JSON number.*Hint"),
        ("lines.0.value", 677, r"budget.lines\[0\].value: expected a string, found 677"),
        ("lines.0.value", float("nan"), "NaN is a bare JSON number"),
        ("lines.0.value", "NaN", "'NaN' is not a number"),
        ("lines.0.value", "1_000", "'1_000' is not a number"),
        ("lines.0.value", "１２３", "is not a number"),
        ("lines.0.value", "1e999999999", "is not a number"),
        ("lines.0.value", "1,234", "is not a number"),
        ("lines.0.value", None, r"budget.lines\[0\]: .*must have an amount"),
        ("lines.0.places", "2", "places: expected a whole number"),
        ("lines.0.places", True, "places: expected a whole number"),
        ("lines.0.places", 10**6, "no figure"),
        ("lines.0.precision", "rough", "precision: 'rough' is not known"),
        ("lines.0.unit", "万元", "unit: expected an object"),
        ("lines.0.unit.kind", "cash", "kind: 'cash' is not known"),
        ("lines.0.unit.scale", "0", "a scale is positive"),
        ("lines.0.unit.scale", "1/0", "is not a number"),
        ("lines.0.unit.scale", "1e99999999", "is not a number"),
        ("lines.0.phase", "plan", r"budget.lines\[0\]: phase: Input should be"),
        ("lines.0.within", "x", "within: expected a list"),
        ("lines.0.code", [1], "code: expected a list of strings"),
        ("lines.0.colour", "red", r"budget.lines\[0\]: the key 'colour' is not known"),
        ("lines.0.source.start", "3", "source.start: expected a whole number"),
        ("statements.0.says", "claims", "says: 'claims' is not known"),
        ("statements.0.complete", 1, "complete: expected true or false"),
        ("statements.0.op", "~", "op: '~' is not known"),
        ("statements.0.terms.0.role", "sum", "role: 'sum' is not known"),
        ("statements.0.terms.0.line", "l9", "no line has the id 'l9'"),
        ("statements.0.terms.0.weight", 1, "weight: expected a string"),
        ("remarks", {}, "remarks: expected a list"),
        ("extra", [], "the key 'extra' is not known"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_shape_is_refused_with_its_place(path, value, message):
    data = shape()
    *way, last = path.split(".")
    inner: dict = data
    for step in way:
        inner = inner[int(step)] if step.isdigit() else inner[step]  # type: ignore[index]
    inner[last] = value
    with pytest.raises(BudgetAuditError, match=message):
        Budget.from_json(json.dumps(data))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        '"x"',
        "[" * 100_000,
        "9" * 10_000,
        b"\xff\xfe\x00",
        b"{\xff}",
        '{"lines": [[]]}',
        '{"lines": [{}]}',
    ],
)
def test_what_is_no_budget_is_an_error_of_ours(text):
    with pytest.raises(BudgetAuditError):
        Budget.from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5) | st.sampled_from(["l1", "5.0", "total", "split", "money"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["lines", "documents", "statements", "remarks", "unplaced", "id", "label", "value", "unit", "kind", "terms", "line", "role", "source",
                         "document", "places", "scale", "code", "name", "data", "says", "constant"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["lines", "documents", "statements", "remarks", "unplaced"]), JSON))
def test_any_json_is_a_budget_or_an_error_of_ours(data):
    try:
        budget = Budget.from_json(json.dumps(data))
    except BudgetAuditError:
        return
    assert Budget.from_json(budget.to_json()) == budget


@given(st.text() | st.binary())
def test_any_text_is_a_budget_or_an_error_of_ours(text):
    try:
        budget = Budget.from_json(text)
    except BudgetAuditError:
        return
    assert isinstance(budget, Budget)


@given(budgets(), st.data())
def test_a_budget_with_one_damaged_field_is_read_or_refused(budget, data):
    written = budget_to_dict(budget)
    spots = [entry for entries in written.values() for entry in entries]
    if spots:
        entry = data.draw(st.sampled_from(spots))
        entry[data.draw(st.sampled_from(sorted(entry)))] = data.draw(JSON)
    try:
        Budget.from_json(json.dumps(written))
    except BudgetAuditError:
        return
