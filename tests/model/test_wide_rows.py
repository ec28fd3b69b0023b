"""Wide rows: several figures in a row, told apart by columns of the caller's own."""

from __future__ import annotations

import pytest

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget

ROWS = [
    {"agency": "028", "account": "8007", "lot": "", "spent": "21000", "paid": None},
    {"agency": "028", "account": "8006", "lot": 3, "spent": "9000.50", "paid": "-"},
]


def test_every_column_that_names_nothing_is_a_figure():
    budget = Budget.from_rows(ROWS, entity=["agency", "account"], keys=["lot"], table="B", unit="USD")
    assert [(line.label, line.identity.entity, line.identity.keys, line.state) for line in budget] == [
        ("spent", "028 | 8007", (("lot", ""),), "printed"),
        ("paid", "028 | 8007", (("lot", ""),), "blank"),
        ("spent", "028 | 8006", (("lot", "3"),), "printed"),
        ("paid", "028 | 8006", (("lot", "3"),), "dash"),
    ]
    assert {line.identity.table for line in budget} == {"B"}
    assert Budget.from_json(budget.to_json()) == budget


def test_only_the_columns_asked_for_are_read():
    budget = Budget.from_rows(ROWS, entity=["account"], figures=["spent"])
    assert [line.label for line in budget] == ["spent", "spent"]
    assert all(line.identity.keys == () for line in budget)


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(BudgetAuditError, match=r"row 1 has no column 'accounts'; nearest: 'account'"):
        Budget.from_rows(ROWS, entity=["accounts"])
    with pytest.raises(BudgetAuditError, match="keys are columns and what stands in them"):
        Budget.from_records([{"label": "a", "amount": "1", "keys": ["lot"]}])
