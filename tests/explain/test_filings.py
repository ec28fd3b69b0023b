"""Causes against an exhaustive search: 108 sums of company filings that miss beyond rounding with no part absent.

The cases list every simple change that brings the gap within the bound. What changes one figure must be among our causes,
apart from changes that make a figure vanish within the bound: as "in another unit" they cannot be told from "should not
count". Skips where the cases do not lie beside the checkout.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import budgetaudit as ba

NOT_SOUGHT = {"sign-of-two-parts", "two-parts-should-not-count"}  # two figures at once


def test_every_change_of_one_figure_that_a_search_finds_is_among_the_causes(
    shared: Path, record_property: Callable[[str, object], None]
) -> None:
    sought: Counter[str] = Counter()
    missed, named = [], 0
    for case in json.loads((shared / "cases" / "sec-errors.json").read_text(encoding="utf-8"))["cases"]:
        report = _audited(case)
        (finding,) = report.findings
        assert finding.outcome is not None
        assert (finding.verdict, finding.severity) == ("inconsistent", "error")
        assert finding.outcome.gap == Fraction(case["gap"])
        assert finding.outcome.bound == Fraction(case["allowance"])
        named += any(not cause.code.startswith("wrong-") for cause in finding.causes)
        for change in case["causes"]:
            if _is_sought(change, case, finding.outcome):
                sought[change["cause"]] += 1
                if not any(_is_it(cause, change, case, report) for cause in finding.causes):
                    missed.append((case["id"], change))
    for kind, number in sought.items():
        record_property(kind, number)
    record_property("named", named)
    assert missed == []
    assert named >= 69  # of 108; of the others only figures can be named that would have to be others
    assert sought == {
        "sign-of-part": 34, "sign-of-total": 19, "part-should-not-count": 6, "one-digit-edit": 12, "few-units": 1,
    }  # fmt: skip


def _audited(case: dict[str, Any]) -> ba.Report:
    lines: list[ba.BudgetLine] = []
    terms = []
    for quantity in (case["total"], *case["parts"]):
        facts = [fact for fact in quantity["facts"] if fact["value"] is not None]  # nil counts as zero here
        for fact in facts:
            lines.append(
                ba.BudgetLine(
                    id=f"l{len(lines)}", label=quantity["name"], identity=ba.Identity(label=quantity["name"]),
                    amount=_amount(fact),
                )
            )  # fmt: skip
        if facts and "weight" in quantity:
            terms.append(f'{quantity["weight"]} * "{quantity["name"]}"')
    equation = f'"{case["total"]["name"]}" = {" + ".join(terms).replace("+ -", "- ")}'
    return ba.audit(ba.Budget(tuple(lines)), rules=[equation], ignore=["tie-out"])


def _amount(fact: dict[str, str]) -> ba.Amount:
    value, decimals = Decimal(fact["value"]), fact["decimals"]
    if decimals in {"INF", None}:
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        return ba.Amount(value, max(0, -exponent), precision="exact")
    return ba.Amount(value, int(decimals))


def _is_sought(change: dict[str, Any], case: dict[str, Any], outcome: ba.Outcome) -> bool:
    if change["cause"] in NOT_SOUGHT or (change["cause"] == "few-units" and "declared_exact" not in change):
        return False
    if change["cause"].startswith("scale-of"):
        figure = next(part for part in (*case["parts"], case["total"]) if part["name"] == _suspected(change, case))
        assert outcome.bound is not None
        return abs(Fraction(figure["facts"][0]["value"]) * Fraction(str(change["factor"]))) > outcome.bound
    return True


def _suspected(change: dict[str, Any], case: dict[str, Any]) -> str:
    name: str = change.get("part") or change.get("figure") or "(total)"
    return case["total"]["name"] if name == "(total)" else name


def _is_it(cause: ba.Cause, change: dict[str, Any], case: dict[str, Any], report: ba.Report) -> bool:
    """Whether a cause of ours is the change that the search found."""
    match change["cause"]:
        case "few-units":
            return cause.code == "rounding-residue"
        case "part-should-not-count" | "part-counted-too-little":
            where = "parts" if change["cause"] == "part-should-not-count" else "total"
            twice = cause.code == "counted-twice" and dict(cause.evidence)["in"] == where
            return twice and report.budget.line(cause.lines[0]).label == change["part"]
    (edit, *others) = cause.corrections or (None,)
    if edit is None or others or report.budget.line(edit.line).label != _suspected(change, case):
        return False
    printed = Decimal(edit.printed)
    match change["cause"]:
        case "sign-of-part" | "sign-of-total":
            return edit.value == -printed
        case "one-digit-edit":
            return edit.value == Decimal(str(change["needed"]))
    return Fraction(edit.value) == Fraction(printed) * Fraction(str(change["factor"]))
