"""Filed and generated sums as one table and one pack of thousands of rules: columns come to the expected verdicts."""

from __future__ import annotations

import pyarrow as pa
import pytest

import budgetaudit as ba
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet


def expressible(case):
    """Whether all figures say their places: the others are exact or unknown, which a column of places cannot say."""
    facts = [fact for figure in (case["total"], *case["parts"]) for fact in figure["facts"]]
    return bool(case["parts"]) and all(fact["value"] is None or fact["decimals"] not in {None, "INF"} for fact in facts) and (
        not any(fact.get("precision") for fact in facts)
    )  # fmt: skip


@pytest.mark.parametrize("rounding", ["nearest", "truncate"])
@pytest.mark.parametrize(("name", "least"), [("boundary.jsonl.gz", 500), ("sec.jsonl.gz", 1800)])
def test_every_filed_or_generated_sum_in_columns(read_cases, name, least, rounding):
    cases = [case for case in read_cases(name) if expressible(case)]
    assert len(cases) > least
    fine = [case for case in cases if finest(case) > 20]  # one filing declares 128 places: numbers that no array holds
    assert wrong(fine, rounding) == []
    assert wrong([case for case in cases if finest(case) <= 20], rounding) == []


def finest(case):
    return max(int(fact["decimals"] or 0) for figure in (case["total"], *case["parts"]) for fact in figure["facts"])


def wrong(cases, rounding):
    """The cases that come to another verdict than the expected one."""
    if not cases:
        return []
    rows, equations = [], {}
    for number, case in enumerate(cases):
        labels = [f"n{number}f{place}" for place in range(1 + len(case["parts"]))]
        parts = " + ".join(f"{part['weight'].removeprefix('-')}*{label}" if not part["weight"].startswith("-") else f"0 - {part['weight'][1:]}*{label}" for part, label in zip(case["parts"], labels[1:], strict=True))  # fmt: skip
        equations[case["id"]] = f"{labels[0]} = {parts}"
        for label, figure in zip(labels, (case["total"], *case["parts"]), strict=True):
            rows += [
                {"item": label, "amount": fact["value"], "places": int(fact["decimals"] or 0)}
                for fact in figure["facts"]
            ]
    convention = Convention(missing="absent-is-zero", rounding=rounding)
    report = ba.audit_columns(
        pa.Table.from_pylist(rows), rules=RuleSet.from_equations(equations, convention=convention),
        item="item", amount="amount", places="places",
    )  # fmt: skip
    key = "verdict_round" if rounding == "nearest" else "verdict_truncate"
    return [case["id"] for case in cases if report.by_rule[case["id"]][case["expected"][key]] != 1]
