"""Budgets: frozen lines, ids that are unique, statements that name lines, prints of one fact found by identity."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget, Unplaced
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.source import Document, Source
from budgetaudit.model.statement import Remark, Statement, Term
from budgetaudit.money.amount import Amount


def line(line_id: str, label: str = "基本支出", value: str = "246.79", **identity: object) -> BudgetLine:
    return BudgetLine(
        id=line_id, label=label, identity=Identity(label=label, **identity), amount=Amount(Decimal(value), 2)
    )


# --- Lines ---------------------------------------------------------------------------------------------------------


def test_a_line_does_not_change():
    given_line = line("l1")
    with pytest.raises(ValidationError, match="frozen"):
        given_line.label = "项目支出"
    with pytest.raises(ValidationError, match="frozen"):
        given_line.identity.period = "2031"


def test_equal_lines_are_one_key():
    assert line("l1") == line("l1")
    assert len({line("l1"), line("l1"), line("l2")}) == 2
    assert hash(line("l1").identity) == hash(line("l2").identity)


@pytest.mark.parametrize("figure", [677.41, 677, True])
def test_a_bare_number_is_no_amount(figure):
    with pytest.raises(ValidationError, match="no printed places"):
        BudgetLine(id="l1", label="x", identity=Identity(label="x"), amount=figure)


@pytest.mark.parametrize("state", ["blank", "dash", "unreadable"])
def test_a_missing_figure_keeps_its_line_and_says_why(state):
    missing = BudgetLine(id="l1", label="x", identity=Identity(label="x"), state=state)
    assert missing.amount is None
    with pytest.raises(ValidationError, match="must not have an amount"):
        BudgetLine(id="l1", label="x", identity=Identity(label="x"), state=state, amount=Amount(Decimal(0), 0))


@pytest.mark.parametrize("state", ["printed", "stated-zero"])
def test_a_printed_figure_has_an_amount(state):
    with pytest.raises(ValidationError, match="must have an amount"):
        BudgetLine(id="l1", label="x", identity=Identity(label="x"), state=state)


@pytest.mark.parametrize("field", ["phase", "fund", "measure"])
def test_words_of_an_identity_are_those_of_the_domain(field):
    with pytest.raises(ValidationError, match=field):
        Identity(label="x", **{field: "something"})


def test_unknown_fields_are_refused():
    with pytest.raises(ValidationError, match="extra"):
        Identity(label="x", year="2031")


# --- Budgets -------------------------------------------------------------------------------------------------------


def test_line_ids_are_unique():
    with pytest.raises(BudgetAuditError, match="printed twice: l2"):
        Budget((line("l1"), line("l2"), line("l2", "项目支出")))


@pytest.mark.parametrize(
    "more",
    [
        {"statements": (Statement("split", (Term("l1", "total"), Term("l9", "part"))),)},
        {"remarks": (Remark("TXT001", Source("a.txt"), ("l9",)),)},
    ],
)
def test_statements_and_remarks_name_lines_that_are_there(more):
    with pytest.raises(BudgetAuditError, match="no line has the id 'l9'; nearest: 'l1'"):
        Budget((line("l1"),), **more)


def test_a_budget_does_not_change():
    budget = Budget((line("l1"),))
    with pytest.raises(FrozenInstanceError):
        budget.lines = ()
    with pytest.raises(TypeError):
        budget.by_label["x"] = ()


def test_lines_are_found_by_id_by_label_and_by_identity():
    first, second = line("l1", period="2031"), line("l2", period="2030")
    again = line("l3", value="246.8", period="2031")
    budget = Budget((first, second, again))
    assert budget.line("l2") is second
    assert budget.by_label["基本支出"] == (first, second, again)
    assert budget.prints("l3") == (first, again) == budget.by_identity[first.identity]
    assert (len(budget), list(budget)) == (3, [first, second, again])
    with pytest.raises(BudgetAuditError, match="no line has the id"):
        budget.line("l4")


def test_two_facts_are_told_apart_by_every_part_of_their_identity():
    parts = [
        {}, {"entity": "甲局"}, {"period": "2031"}, {"phase": "actual"}, {"fund": "general"}, {"measure": "change"},
        {"classification": "cn.economic"}, {"code": ("301",)}, {"within": ("支出总计",)}, {"against": "prior-year"}, {"table": "决01"},
    ]  # fmt: skip
    budget = Budget(tuple(line(f"l{number}", **part) for number, part in enumerate(parts)))
    assert len(budget.by_identity) == len(parts)


def test_the_repr_is_one_line_whatever_is_in_it():
    budget = Budget(tuple(line(f"l{number}") for number in range(500)), (Document("报告.txt"),))
    assert repr(budget) == "Budget(500 lines, 0 statements, 0 unplaced; 报告.txt)"
    assert repr(Budget(())) == "Budget(0 lines, 0 statements, 0 unplaced; no document)"


# --- Joining -------------------------------------------------------------------------------------------------------


def small(ids: str) -> Budget:
    lines = tuple(line(one) for one in ids)
    said = tuple(Statement("of-which", (Term(one, "total"), Term(one, "part", Fraction(-1)))) for one in ids)
    remarks = tuple(Remark("TXT001", Source("a.txt"), (one,)) for one in ids)
    return Budget(lines, (Document(ids),), said, remarks, (Unplaced(Amount(Decimal(1), 0), Source(ids)),))


def test_budgets_with_ids_of_their_own_are_joined_as_they_are():
    joined = Budget.joined([small("ab"), small("c")])
    assert [one.id for one in joined] == ["a", "b", "c"]
    assert [document.name for document in joined.documents] == ["ab", "c"]


def test_ids_that_collide_get_the_number_of_their_budget():
    joined = Budget.joined([small("ab"), small("bc")])
    assert [one.id for one in joined] == ["1:a", "1:b", "2:b", "2:c"]
    assert [term.line for said in joined.statements for term in said.terms] == [
        "1:a", "1:a", "1:b", "1:b", "2:b", "2:b", "2:c", "2:c",
    ]  # fmt: skip
    assert [remark.lines for remark in joined.remarks] == [("1:a",), ("1:b",), ("2:b",), ("2:c",)]


@given(st.lists(st.text("abc", max_size=3).map(lambda ids: "".join(sorted(set(ids)))), max_size=4))
def test_joining_loses_nothing(parts):
    budgets = [small(ids) for ids in parts]
    joined = Budget.joined(budgets)
    for field in ("lines", "documents", "statements", "remarks", "unplaced"):
        assert len(getattr(joined, field)) == sum(len(getattr(budget, field)) for budget in budgets)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (Source("a.txt", 3, 9, line=2, column=4), "a.txt:2:4"),
        (Source("a.xlsx", sheet="表1", cell="B7"), "a.xlsx!表1!B7"),
        (Source("a.pdf", page=3), "a.pdf p.3"),
        (Source("a.pdf", page=3, line=2, column=1), "a.pdf p.3:2:1"),
        (Source("a.txt"), "a.txt"),
    ],
)
def test_a_place_is_what_a_person_can_go_to(source, place):
    assert source.place == place
