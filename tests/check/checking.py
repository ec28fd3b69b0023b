"""Checking: what several tests of the stage `check` put in and take out."""

from __future__ import annotations

from decimal import Decimal

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.money.amount import Amount
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import PackVersion, RuleSet


def row(label, amount, **identity):
    return {"label": label, "amount": amount, **identity}


def facts(**prints):
    """Lines by label; a list holds several prints of one fact, None a blank, `...` an unreadable cell."""
    lines = []
    for label, given in prints.items():
        for amount in given if isinstance(given, list) else [given]:
            state = "blank" if amount is None else "unreadable" if amount is ... else "printed"
            kept = amount if isinstance(amount, Amount) else None
            line_id, identity = f"{label}{len(lines)}", Identity(label=label)
            lines.append(BudgetLine(id=line_id, label=label, identity=identity, amount=kept, state=state))
    return Budget(tuple(lines))


def amount(text, places=None, precision="printed", unit=None):
    value = Decimal(text)
    exponent = -value.as_tuple().exponent if places is None else places
    return Amount(value, exponent, *(() if unit is None else (unit,)), precision=precision)


def rule(text, *, name="p/rule", **given):
    return Rule(name, "SUM001", "balance", parse_equation(text), **given)


def pack(*rules):
    """A rule set of rules that come from a pack named `p`."""
    return RuleSet(tuple(rules), (PackVersion("p", "1"),))


def run(ruleset, budget):
    return evaluate_all(bind(ruleset, budget).relations, budget)


def outcomes(budget, *equations, **convention):
    ruleset = RuleSet.from_equations(equations)
    return evaluate_all(bind(ruleset, budget, convention=Convention(**convention)).relations, budget)


def outcome_of(budget, equation, **convention):
    return next(one for one in outcomes(budget, equation, **convention) if one.relation.rule == "equation/1")


def verdicts(outcomes):
    return [outcome.verdict for outcome in outcomes]


def lines_of(outcome):
    return [(term.line, term.role, term.weight) for term in outcome.relation.terms]
