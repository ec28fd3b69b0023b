"""Entry point of Hypothesis: `st.from_type(Budget)` and its like work without an import.

Hypothesis calls `register` when it is imported, in every environment that has this package. Loading the types would cost
each of these a fifth of a second, so the strategies are offered under the name of the package and looked for when a type
of it is asked for; versions of Hypothesis that cannot wait get them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, cast

_PACKAGE: Final = "budgetaudit"


def register() -> None:
    """Offer strategies for the types of this package."""
    from hypothesis.strategies._internal import types

    waiting: dict[str, Callable[[type], Any]] | None = getattr(types, "_global_extra_lookup", None)
    if waiting is None:
        _register_types()
    else:
        waiting[_PACKAGE] = _strategy


def _strategy(asked: type) -> Any:
    """The strategy of a type of this package; None for all others."""
    if not str(getattr(asked, "__module__", "")).startswith(f"{_PACKAGE}."):
        return None
    from hypothesis import strategies as st

    _register_types()
    from hypothesis.strategies._internal import types

    getattr(types, "_global_extra_lookup", {}).pop(_PACKAGE, None)
    return cast("Any", st).from_type(asked)


def _register_types() -> None:
    """Register a strategy for every type that users hand about."""
    from hypothesis import strategies as st

    from budgetaudit.model.budget import Budget
    from budgetaudit.model.line import BudgetLine, Identity
    from budgetaudit.money.amount import Amount
    from budgetaudit.money.interval import Interval
    from budgetaudit.money.unit import Unit
    from budgetaudit.rules.rule import Rule
    from budgetaudit.rules.ruleset import RuleSet

    offered: dict[type, str] = {
        Amount: "amounts", Budget: "budgets", BudgetLine: "budget_lines", Identity: "identities", Interval: "intervals",
        Rule: "rules", RuleSet: "rulesets", Unit: "units",
    }  # fmt: skip
    testing = import_module("budgetaudit.testing")
    for kind, name in offered.items():
        st.register_type_strategy(kind, getattr(testing, name)())
