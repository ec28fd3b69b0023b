"""A small exporter of budget tables, as many offices have one: amounts in yuan go in, tables in 万元 come out.

This is `exporter.py` without its three bugs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

WAN = Decimal(10_000)
CENT = Decimal("0.01")


def shown(yuan: Decimal) -> Decimal:
    """An amount in 万元, with two places."""
    return (yuan / WAN).quantize(CENT, ROUND_HALF_UP)


def spending(ledger: Mapping[str, Decimal]) -> str:
    """Spending by kind, the total on top."""
    rows = [("total", shown(sum(ledger.values(), Decimal(0))))]
    rows += [(kind, shown(amount)) for kind, amount in ledger.items()]
    return table(rows)


def departments(ledger: Mapping[str, Decimal]) -> str:
    """Spending by department."""
    rows = [("all departments", shown(sum(ledger.values(), Decimal(0))))]
    rows += [(department, shown(amount)) for department, amount in ledger.items()]
    return table(rows)


def balance(ledger: Mapping[str, Decimal]) -> str:
    """What came in, what went out, and what is left."""
    left = ledger["income"] - ledger["spending"]
    rows = [(name, shown(ledger[name])) for name in ("income", "spending")]
    return table([*rows, ("left", shown(left))])


def table(rows: list[tuple[str, Decimal]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["line", "amount"])
    writer.writerows((name, f"{amount:f}") for name, amount in rows)
    return text.getvalue()
