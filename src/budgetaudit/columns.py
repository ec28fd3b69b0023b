"""Auditing columns: millions of figures of many entities against one rule set, in arrays.

The same rules and the same verdicts as `audit`, for tables that are too large for objects. Nothing is sampled and nothing is
approximated: every relation of every unit is weighed and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from budgetaudit.audit import Rounding, Rules, audit, conventions_of, gathered_rules
from budgetaudit.check.names import AXES
from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.column_report import ColumnReport
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.money.unit_names import parse_unit
from budgetaudit.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from budgetaudit.check.arrays.facts import Layout

_SPELLINGS: Final = {"year": "period", "fiscal_year": "period"}


def audit_columns(
    figures: Any,
    *,
    rules: Rules,
    keys: Sequence[str] | Mapping[str, str] = (),
    item: str | Sequence[str] | None = None,
    amount: str | None = None,
    code: str | None = None,
    measure: str | None = None,
    places: str | int | None = None,
    unit: str | Unit | None = None,
    rounding: Rounding | None = None,
    tolerance: str | int | Decimal = "0",
    list_refused: bool = False,
) -> ColumnReport:
    """Check a long or a wide table of many entities against rules, verdict by verdict as `audit` would.

    A **long** table has a figure a row: give `item` (or `code`) and `amount`. A **wide** one has a unit a row and an item a
    column: leave `amount` out, and give the columns as `item`, or all columns but the keys are items. Rows stand in any order;
    the same key and item in several rows are several prints of one fact and must agree. An empty cell is a figure that is
    not reported, never zero.

    Args:
        figures: A pandas or polars frame, an Arrow table, a DuckDB relation, or anything else with the Arrow PyCapsule
            protocol. Amounts are whole numbers, decimals, text as printed, or floats with `places`.
        rules: As in `audit`.
        keys: The columns that tell units apart. Those called entity, period (or year), phase and fund are these; a mapping
            such as `{"entity": "office", "period": "fy"}` says which is which; all others are part of the entity.
        item: The column of labels; of a wide table the columns of figures.
        amount: The column of figures.
        code: The column of classification codes, for rules that speak of codes and for `sum(children)`.
        measure: The column that says what kind of figure it is (`amount`, `growth`, `share`, ...).
        places: With how many decimal places the figures were printed: one number, or a column. By default those of a decimal
            type or of the text; 0 for whole numbers.
        unit: A column of units, or the unit of all figures.
        rounding: As in `audit`.
        tolerance: As in `audit`.
        list_refused: List rules that cannot be weighed in columns in `ColumnReport.refused` instead of raising.

    Raises:
        BudgetAuditError: The call is wrong, a figure cannot be read, a rule cannot be weighed in columns (the message names
            all of them), or numpy and pyarrow are not installed.

    Example:
        >>> import pyarrow as pa
        >>> table = pa.table({"entity": ["A", "A", "A"], "item": ["total", "a", "b"], "amount": ["9", "4", "4"]})
        >>> report = audit_columns(table, rules=["total = a + b"], keys=["entity"], item="item", amount="amount")
        >>> report.counts["rounding"], str(report.outcomes["gap"][0])
        (1, '1')
    """
    needs_arrays()
    from budgetaudit.check.arrays.coded import arrow_table
    from budgetaudit.check.columns import weigh_columns

    table = arrow_table(figures)
    layout = column_layout(
        table.column_names, keys=keys, item=item, amount=amount, code=code, measure=measure, places=places, unit=unit
    )
    convention = conventions_of(rounding, tolerance)
    given = gathered_rules(rules, Budget(()))
    chosen = RuleSet(tuple(replace(rule, convention=convention(rule.convention)) for rule in given), given.packs)
    weighed = weigh_columns(
        table, layout, chosen, convention=None if len(chosen) else convention(None), list_refused=list_refused
    )

    def look(budget: Budget) -> Report:
        return audit(budget, rules=chosen)

    return ColumnReport(weighed, look, _render)


def needs_arrays() -> None:
    """Say which library is missing.

    Raises:
        BudgetAuditError: numpy or pyarrow is not installed.
    """
    for library in ("numpy", "pyarrow"):
        try:
            import_module(library)
        except ModuleNotFoundError as error:
            if error.name != library:
                raise
            raise BudgetAuditError(f"columns need {library}", hint="pip install 'budgetaudit[columns]'") from error


def column_layout(
    names: Sequence[str],
    *,
    keys: Sequence[str] | Mapping[str, str],
    item: str | Sequence[str] | None,
    amount: str | None,
    code: str | None,
    measure: str | None,
    places: str | int | None,
    unit: str | Unit | None,
) -> Layout:
    """Which columns hold what, from the arguments of `audit_columns`.

    Raises:
        BudgetAuditError: They do not fit together.
    """
    from budgetaudit.check.arrays.facts import Layout

    axes, columns = axes_of(keys)
    common: dict[str, Any] = {"places": places, "unit": unit_of(unit, names)}
    if amount is None:
        if code is not None or measure is not None:
            raise BudgetAuditError("a column of codes or measures belongs to a long table", hint="say amount, too")
        others = {*columns, *(one for one in (places, unit) if isinstance(one, str))}
        wide = tuple(name for name in names if name not in others) if item is None else (item,) if isinstance(item, str) else tuple(item)  # fmt: skip
        if not wide:
            raise BudgetAuditError(
                "no column of figures is left", hint="name them: item=[...], or amount=... of a long table"
            )
        return Layout(axes, columns, wide=wide, **common)
    given = {"label": item, "code": code, "measure": measure}
    items = {name: column for name, column in given.items() if isinstance(column, str)}
    if item is not None and not isinstance(item, str):
        raise BudgetAuditError("a long table has one column of items", hint='item="label"')
    if "label" not in items and "code" not in items:
        raise BudgetAuditError("a long table needs a column of items", hint='item="label", or code="code"')
    return Layout(axes, columns, items, amount, **common)


def axes_of(keys: Sequence[str] | Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The column of each axis, and all key columns.

    Raises:
        BudgetAuditError: Two columns are the same axis.
    """
    if isinstance(keys, Mapping):
        return {axis: column for axis, column in keys.items() if axis in AXES}, tuple(keys.values())
    columns = (keys,) if isinstance(keys, str) else tuple(keys)
    axes: dict[str, str] = {}
    for column in columns:
        axis = _SPELLINGS.get(column, column)
        if axis in AXES:
            if axis in axes:
                raise BudgetAuditError(
                    f"{axes[axis]!r} and {column!r} are both the {axis}", hint='keys={"period": "year"}'
                )
            axes[axis] = column
    return axes, columns


def unit_of(unit: str | Unit | None, names: Sequence[str]) -> str | Unit:
    """A unit, or the column that holds units.

    Raises:
        BudgetAuditError: It is neither.
    """
    if unit is None:
        return NUMBER
    if isinstance(unit, Unit) or unit in names:
        return unit
    found = parse_unit(unit)
    if found is None:
        raise BudgetAuditError(f"{unit!r} is no column and no unit", hint="write 万元, yuan, USD, %, 辆 or pass a Unit")
    return found


def _render(report: ColumnReport) -> str:
    from budgetaudit.show.column_html import show_column_html

    return show_column_html(report)
