"""What the tests of checking share: figures and equations in, outcomes out."""

from __future__ import annotations

import pytest

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet


def _judged(figures, *equations, unit=None, **convention):
    """The outcomes of equations on figures by label, or on records, in order."""
    budget = (
        Budget.from_dict(figures, unit=unit) if isinstance(figures, dict) else Budget.from_records(figures, unit=unit)
    )
    ruleset = RuleSet.from_equations(equations, convention=Convention(**convention))
    return evaluate_all(bind(ruleset, budget, convention=Convention(**convention)).relations, budget)


@pytest.fixture(scope="session")
def judge():
    """`judge({"a": "1.0", ...}, "a = b + c", rounding="truncate")`: all outcomes."""
    return _judged


@pytest.fixture(scope="session")
def judge_one():
    """The one outcome there must be."""

    def one(figures, *equations, **convention):
        (outcome,) = _judged(figures, *equations, **convention)
        return outcome

    return one
