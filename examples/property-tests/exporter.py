"""A small exporter of budget tables, as many offices have one: amounts in yuan go in, tables in 万元 come out.

It has three bugs. Read it first and see whether you find them; `test_exporter.py` does, `mended.py` has none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

WAN = Decimal(10_000)
CENT = Decimal("0.01")
ROWS_PER_PAGE = 5


def shown(yuan: Decimal) -> Decimal:
    """An amount in 万元, with two places."""
    return (yuan / WAN).quantize(CENT, ROUND_HALF_UP)


def spending(ledger: Mapping[str, Decimal]) -> str:
    """Spending by kind, the total on top."""
    total = sum(ledger.values()) / WAN
    rows = [("total", total.quantize(Decimal("0.1"), ROUND_HALF_UP).quantize(CENT))]
    rows += [(kind, shown(amount)) for kind, amount in ledger.items()]
    return table(rows)


def departments(ledger: Mapping[str, Decimal]) -> str:
    """Spending by department, over as many pages as it takes; every page repeats the head of the table."""
    rows = [("all departments", shown(sum(ledger.values(), Decimal(0))))]
    for number, (department, amount) in enumerate(ledger.items(), 1):
        if number % ROWS_PER_PAGE == 0:
            rows.append((department, amount.quantize(CENT)))
        else:
            rows.append((department, shown(amount)))
    return table(rows)


def balance(ledger: Mapping[str, Decimal]) -> str:
    """What came in, what went out, and what is left."""
    left = ledger["income"] - ledger["spending"]
    rows = [(name, shown(ledger[name])) for name in ("income", "spending")]
    return table([*rows, ("left", abs(shown(left)))])


def table(rows: list[tuple[str, Decimal]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["line", "amount"])
    writer.writerows((name, f"{amount:f}") for name, amount in rows)
    return text.getvalue()
