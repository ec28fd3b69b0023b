"""Sums of filings, of a conformance suite and at the edge of consistency: our verdicts are the expected ones."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest

from budgetaudit.check.evaluate import evaluate
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval

MODES = {"verdict_round": "nearest", "verdict_truncate": "truncate"}
REASONS = {
    "excess-digits": "excess-digits",
    "inconsistent-duplicates": "conflicting-figures",
    "unknown-precision": "unknown-precision",
}


def disagreements(bindings, relation_of):
    """Cases in which the verdict or its first reason is another than expected, and how many verdicts were compared."""
    wrong, compared = [], 0
    for name, binding, expected in bindings:
        for key, rounding in MODES.items():
            outcome = evaluate(*relation_of(binding, rounding=rounding))
            compared += 1
            reason = REASONS.get(expected[key.replace("verdict", "calc11")])
            if outcome.verdict != expected[key] or (reason is not None and outcome.reasons[0] != reason):
                wrong.append((name, rounding, expected[key], outcome.verdict, outcome.reasons))
    return wrong, compared


@pytest.mark.parametrize(("name", "least"), [("boundary.jsonl.gz", 2000), ("sec.jsonl.gz", 4154)])
def test_every_filed_or_generated_sum(read_cases, relation_of, name, least):
    cases = [(case["id"], case, case["expected"]) for case in read_cases(name)]
    wrong, compared = disagreements(cases, relation_of)
    assert wrong == []
    assert compared >= least


def test_every_worked_sum(read_cases, relation_of):
    cases = [case for case in read_cases("intervals.json")["cases"] if case["op"] == "sum"]
    wrong, compared = disagreements([(case["id"], case["binding"], case["expected"]) for case in cases], relation_of)
    assert wrong == []
    assert compared >= 46


def test_every_arithmetic_variation_of_the_conformance_suite(read_cases, relation_of):
    bindings = [
        (case["ids"][0], binding, binding["expected"])
        for case in read_cases("xbrl21.json")["cases"]
        for binding in case["bindings"]
        if "expected" in binding
    ]
    wrong, compared = disagreements(bindings, relation_of)
    assert wrong == []
    assert compared >= 92


def test_missing_and_nil_parts_are_undecided_if_they_are_required(read_cases, relation_of):
    bindings = [case for name in ("sec.jsonl.gz", "boundary.jsonl.gz") for case in read_cases(name)]
    incomplete = [case for case in bindings if case.get("missing") or any(_is_nil(part) for part in case["parts"])]
    assert len(incomplete) > 600
    for case in incomplete:
        assert evaluate(*relation_of(case, missing="required")).verdict == "undecided", case["id"]


def _is_nil(figure):
    return all(fact["value"] is None for fact in figure["facts"])


# --- XBRL 2.1: half to even, and nothing is checked where a figure is printed twice ----------------------------------------------


def is_valid(binding, relation_of):
    """Consistency by XBRL 2.1: figures are first rounded to the decimals they declare."""
    figures = [binding["total"], *binding["parts"]]
    if any(len(figure["facts"]) > 1 for figure in figures) or _is_nil(binding["total"]):
        return True
    if any(fact.get("precision") == "0" for figure in figures for fact in figure["facts"]):
        return False
    kept = {
        **binding,
        "total": _rounded(binding["total"]),
        "parts": [_rounded(part) for part in binding["parts"] if not _is_nil(part)],
    }
    return not kept["parts"] or evaluate(*relation_of(kept, ties="even")).verdict == "exact"


def _rounded(figure):
    return {**figure, "facts": [_rounded_fact(fact) for fact in figure["facts"]]}


def _rounded_fact(fact):
    if fact["decimals"] in {None, "INF"}:
        return fact
    step = Decimal(1).scaleb(-int(fact["decimals"]))
    value = Decimal(fact["value"]).quantize(step, ROUND_HALF_EVEN, Context(prec=200))
    return {**fact, "value": str(value)}


def test_exact_with_ties_to_even_is_consistency_by_xbrl_2_1(read_cases, relation_of):
    cases = [case for case in read_cases("xbrl21.json")["cases"] if case["kind"] == "arithmetic"]
    assert len(cases) >= 46
    for case in cases:
        valid = all(is_valid(binding, relation_of) for binding in case["bindings"])
        assert valid == (case["expected"]["xbrl21"] == "valid"), case["ids"]


# --- Operations on intervals -------------------------------------------------------------------------------------------------------


def _interval(ends):
    return None if ends is None else Interval(*(Fraction(end) for end in ends))


def test_operations_on_intervals(read_cases):
    cases = [case for case in read_cases("intervals.json")["cases"] if case["op"] != "sum"]
    assert len(cases) >= 30
    for case in cases:
        match case["op"]:
            case "from_fact":
                places = case["decimals"]
                amount = Amount(Decimal(case["value"]), int(places or 0), precision="printed" if places else "exact")
                assert amount.interval() == _interval(case["result"]), case["id"]
            case "intersection":
                one, other = (_interval(ends) for ends in case["intervals"])
                assert one.intersection(other) == _interval(case["result"]), case["id"]
            case "add":
                one, other = (_interval(ends) for ends in case["intervals"])
                assert one + other == _interval(case["result"]), case["id"]
            case "scale":
                scaled = _interval(case["interval"]).scaled(Fraction(case["weight"]))
                assert scaled == _interval(case["result"]), case["id"]
            case "excess_digits":
                amount = Amount(Decimal(case["value"]), int(case["decimals"]))
                assert amount.has_excess_digits == (case["result"] is not None), case["id"]
