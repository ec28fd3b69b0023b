"""budgetaudit: does a published budget add up, and if not, why?

    >>> import budgetaudit as ba
    >>> report = ba.audit({"total": "9", "a": "4", "b": "4"}, rules=["total = a + b"])
    >>> report.counts["exact"], report.counts["rounding"], report.counts["inconsistent"]
    (0, 1, 0)

The names of `__all__` are the public interface. Each is loaded from its stage when it is first used, so that importing
the package costs next to nothing; nothing else happens here.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from budgetaudit.audit import audit
    from budgetaudit.check.outcome import Outcome, Relation
    from budgetaudit.columns import audit_columns
    from budgetaudit.errors import BudgetAuditError, InconsistentFigures, RuleError, UnreadableInput
    from budgetaudit.explain.cause import Cause, Correction
    from budgetaudit.explain.completion import Completion
    from budgetaudit.explain.localisation import Change, Explanation, Localisation, Proof
    from budgetaudit.explain.records import Located, Locator
    from budgetaudit.findings.column_report import ColumnReport
    from budgetaudit.findings.finding import Finding
    from budgetaudit.findings.report import Report
    from budgetaudit.findings.stream_report import StreamReport
    from budgetaudit.model.budget import Budget
    from budgetaudit.model.line import BudgetLine, Identity
    from budgetaudit.model.source import Source
    from budgetaudit.money.amount import Amount
    from budgetaudit.money.interval import Interval
    from budgetaudit.money.unit import Unit
    from budgetaudit.progress import Progress
    from budgetaudit.read import read
    from budgetaudit.rules.rule import Convention, Rule
    from budgetaudit.rules.ruleset import RuleSet
    from budgetaudit.sql import audit_sql
    from budgetaudit.stream import audit_stream

    __version__: str

__all__ = [
    "Amount",
    "Budget",
    "BudgetAuditError",
    "BudgetLine",
    "Cause",
    "Change",
    "ColumnReport",
    "Completion",
    "Convention",
    "Correction",
    "Explanation",
    "Finding",
    "Identity",
    "InconsistentFigures",
    "Interval",
    "Localisation",
    "Located",
    "Locator",
    "Outcome",
    "Progress",
    "Proof",
    "Relation",
    "Report",
    "Rule",
    "RuleError",
    "RuleSet",
    "Source",
    "StreamReport",
    "Unit",
    "UnreadableInput",
    "__version__",
    "audit",
    "audit_columns",
    "audit_sql",
    "audit_stream",
    "read",
]

_HOMES: Final = {
    "audit": "audit",
    "audit_columns": "columns",
    "audit_sql": "sql",
    "audit_stream": "stream",
    "read": "read",
    "Amount": "money.amount",
    "Budget": "model.budget",
    "BudgetAuditError": "errors",
    "BudgetLine": "model.line",
    "Cause": "explain.cause",
    "Change": "explain.localisation",
    "ColumnReport": "findings.column_report",
    "Completion": "explain.completion",
    "Convention": "rules.rule",
    "Correction": "explain.cause",
    "Explanation": "explain.localisation",
    "Finding": "findings.finding",
    "Identity": "model.line",
    "InconsistentFigures": "errors",
    "Interval": "money.interval",
    "Localisation": "explain.localisation",
    "Located": "explain.records",
    "Locator": "explain.records",
    "Outcome": "check.outcome",
    "Progress": "progress",
    "Proof": "explain.localisation",
    "Relation": "check.outcome",
    "Report": "findings.report",
    "Rule": "rules.rule",
    "RuleError": "errors",
    "RuleSet": "rules.ruleset",
    "Source": "model.source",
    "StreamReport": "findings.stream_report",
    "Unit": "money.unit",
    "UnreadableInput": "errors",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        found: Any = version("budgetaudit")
    elif name in _HOMES:
        found = getattr(import_module(f"budgetaudit.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module 'budgetaudit' has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps `budgetaudit.audit` and `budgetaudit.read` the functions, although modules are called so too.

    Importing a submodule makes it an attribute of its package, which would hide the function behind the module
    depending on who was imported first.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in {"audit", "read"} and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
