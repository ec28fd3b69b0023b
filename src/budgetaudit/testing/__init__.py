"""Testing: budgets that satisfy rules, budgets that nearly do, and tests that say which figures do not add up.

    >>> from hypothesis import given
    >>> from budgetaudit.testing import assert_consistent, budgets
    >>> @given(budgets(["total = wages + goods"]))
    ... def test_export(budget):
    ...     assert_consistent(budget, rules=["total = wages + goods"])
    >>> test_export()

The names of `__all__` are the public interface, each loaded when it is first used: pytest loads the plugin of this package
at every start, whether a test needs it or not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from budgetaudit.testing.assertion import assert_consistent
    from budgetaudit.testing.consistent import budgets
    from budgetaudit.testing.documents import Written, documents, same_figures
    from budgetaudit.testing.faults import Fault, Faulty, faulty
    from budgetaudit.testing.systems import rules, rulesets
    from budgetaudit.testing.values import amounts, budget_lines, identities, intervals, labels, money_units, units

__all__ = [
    "Fault",
    "Faulty",
    "Written",
    "amounts",
    "assert_consistent",
    "budget_lines",
    "budgets",
    "documents",
    "faulty",
    "identities",
    "intervals",
    "labels",
    "money_units",
    "rules",
    "rulesets",
    "same_figures",
    "units",
]

_HOMES: Final = {
    "Fault": "faults",
    "Faulty": "faults",
    "Written": "documents",
    "documents": "documents",
    "same_figures": "documents",
    "faulty": "faults",
    "amounts": "values",
    "assert_consistent": "assertion",
    "budget_lines": "values",
    "budgets": "consistent",
    "identities": "values",
    "intervals": "values",
    "labels": "values",
    "money_units": "values",
    "rules": "systems",
    "rulesets": "systems",
    "units": "values",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'budgetaudit.testing' has no attribute {name!r}")
    found = getattr(import_module(f"budgetaudit.testing.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
