"""Cases with expected results that lie beside the checkout; where they do not, their tests skip."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.check.outcome import Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.rules.rule import Convention


@pytest.fixture(scope="session")
def read_cases(shared):
    """`read_cases("stats.json")`: the cases of one file; `.gz` holds one case a line."""

    def read(name):
        path = shared / "cases" / name
        if not path.is_file():
            pytest.skip(f"{name} does not lie beside this checkout")
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                return [json.loads(line) for line in lines]
        return json.loads(path.read_text(encoding="utf-8"))

    return read


def _amount(fact):
    if fact["value"] is None:
        return None
    value = Decimal(fact["value"])
    if fact.get("precision") == "0":
        return Amount(value, 0, precision="unknown")
    if fact["decimals"] in {None, "INF"}:
        return Amount(value, 0, precision="exact")
    return Amount(value, int(fact["decimals"]))


def _relation(binding, **convention):
    """A sum of facts as a relation and the budget it is about; absent and nil parts count as zero unless asked otherwise."""
    lines, terms = [], []
    for number, figure in enumerate([binding["total"], *binding["parts"]]):
        terms.append(Term(f"{number}.0", "part" if number else "total", Fraction(figure.get("weight", 1))))
        for place, fact in enumerate(figure["facts"]):
            amount = _amount(fact)
            state = "blank" if amount is None else "printed"
            identity = Identity(label=f"figure {number}")
            lines.append(
                BudgetLine(id=f"{number}.{place}", label=identity.label, identity=identity, amount=amount, state=state)
            )
    missing = tuple(figure["name"] for figure in binding.get("missing", ()))
    weighed_by = Convention(**{"missing": "absent-is-zero"} | convention)
    return Relation("case", "SUM001", "balance", "sum", tuple(terms), weighed_by, missing=missing), Budget(tuple(lines))


@pytest.fixture(scope="session")
def relation_of():
    """`relation_of(binding, rounding="truncate")`: a relation and its budget."""
    return _relation
