"""Severity: the whole table of strength, verdict, likelihood and completeness, and the cap of the kind."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from budgetaudit.check.outcome import VERDICTS, Likelihood, Outcome, Relation, Verdict
from budgetaudit.findings.finding import SEVERITIES
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.severity import UNUSUAL, is_unusual, severity
from budgetaudit.rules.rule import Convention, Strength

STRENGTHS: tuple[Strength, ...] = ("balance", "logic", "verify")


def outcome(
    verdict: Verdict,
    strength: Strength = "balance",
    *,
    form: str = "sum",
    chance: Fraction | None = None,
    **given: object,
) -> Outcome:
    relation = Relation("r", "SUM001", strength, form, (), Convention())  # type: ignore[arg-type]
    return Outcome(relation, verdict, likelihood=Likelihood(chance), **given)  # type: ignore[arg-type]


TABLE = [
    (outcome("inconsistent"), "error", "info"),
    (outcome("inconsistent", absent=("part",)), "warning", "info"),
    (outcome("inconsistent", complete=False), "warning", "info"),
    (outcome("inconsistent", form="order", complete=False), "error", "info"),  # an inequality needs no other part
    (outcome("rounding", chance=Fraction(1, 192)), "warning", "info"),
    (outcome("rounding", chance=Fraction(0)), "warning", "info"),
    (outcome("rounding", chance=Fraction(1, 100)), "info", "info"),
    (outcome("rounding", chance=Fraction(2, 5)), "info", "info"),
    (outcome("rounding"), "info", "info"),
    (outcome("undefined", reasons=("zero-base",)), "warning", "info"),
    (outcome("undefined", reasons=("negative-base",)), "info", "info"),
    (outcome("undecided", reasons=("missing-part",)), "info", "info"),
    (outcome("failed", reasons=("error",)), "warning", "warning"),
    (outcome("exact"), "info", "info"),
]


@pytest.mark.parametrize(("judged", "must", "explain"), TABLE)
def test_the_table(judged: Outcome, must: str, explain: str) -> None:
    from dataclasses import replace

    for strength, expected in (("balance", must), ("logic", must), ("verify", explain)):
        relation = replace(judged.relation, strength=strength)
        assert severity(replace(judged, relation=relation), "SUM001") == expected, strength


def test_nothing_is_more_severe_than_its_kind_allows() -> None:
    for code, verdict, strength in product(KINDS, VERDICTS, STRENGTHS):
        found = severity(outcome(verdict, strength), code)
        assert SEVERITIES.index(found) <= SEVERITIES.index(KINDS[code].worst)


def test_only_a_gap_that_rounding_explains_can_be_unusual() -> None:
    rare = UNUSUAL / 2
    assert [verdict for verdict in VERDICTS if is_unusual(outcome(verdict, chance=rare))] == ["rounding"]
    assert not is_unusual(outcome("rounding", chance=UNUSUAL))
    assert not is_unusual(outcome("rounding"))
