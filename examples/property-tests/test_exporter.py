"""Five lines for each table: figures that add up go in, and what comes out has to add up too."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import exporter
from hypothesis import given

from budgetaudit import Budget, Unit
from budgetaudit.testing import assert_consistent, budgets

KINDS = ["total = wages + goods + capital"]
DEPARTMENTS = ['"all departments" = ' + " + ".join(f"d{number}" for number in range(1, 9))]
BALANCE = ["left = income - spending"]


def ledgers(rules, **options):
    """Amounts in yuan and cents that satisfy rules, by name."""
    return budgets(rules, units=Unit("money", "CNY"), unrounded=False, largest=10**8, **options).map(by_name)


def by_name(budget: Budget) -> dict[str, Decimal]:
    """What an accounting system would hand over."""
    return {line.label: line.amount.value for line in budget}


def figures(table: str) -> dict[str, str]:
    """What a reader of the exported table sees."""
    return {row["line"]: row["amount"] for row in csv.DictReader(io.StringIO(table))}


@given(ledgers(KINDS))
def test_spending_adds_up(ledger):
    del ledger["total"]
    assert_consistent(figures(exporter.spending(ledger)), KINDS, unit="万元")


@given(ledgers(DEPARTMENTS))
def test_departments_add_up_on_every_page(ledger):
    del ledger["all departments"]
    assert_consistent(figures(exporter.departments(ledger)), DEPARTMENTS, unit="万元")


@given(ledgers(BALANCE, negative=True))
def test_what_is_left_has_its_sign(ledger):
    del ledger["left"]
    assert_consistent(figures(exporter.balance(ledger)), BALANCE, unit="万元")
