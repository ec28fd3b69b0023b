"""Columns: the records of a report as an Arrow table, for every library that takes Arrow (the PyCapsule protocol).

The table has the columns and the order of `records.COLUMNS`, also when it is empty. No column is a float: numbers are
decimals of 38 digits, ten of them after the point, for sorting and adding; what does not fit is null there and stands, as
all of them do, as exact text in the columns `exact_...`. A column of decimals has one scale, so the places that were printed
have a column of their own.

pyarrow is loaded here, when somebody asks for a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any, Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.records import COLUMNS, DECIMAL, ENDLESS_PLACES, TEXT
from budgetaudit.money.decimals import rounded

_DIGITS: Final = 38  # of a decimal128; polars, duckdb and pandas read no wider one
_TOO_LARGE: Final = Decimal((0, (1,), _DIGITS - ENDLESS_PLACES))


def arrow_table(records: Sequence[Mapping[str, Any]], columns: Mapping[str, str] = COLUMNS) -> Any:
    """The records as a `pyarrow.Table` with these columns; by default those of findings.

    Raises:
        BudgetAuditError: pyarrow is not installed.
    """
    try:
        pyarrow = import_module("pyarrow")
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise BudgetAuditError("an Arrow table needs pyarrow", hint="pip install 'budgetaudit[columns]'") from error
    types = {TEXT: pyarrow.string(), DECIMAL: pyarrow.decimal128(_DIGITS, ENDLESS_PLACES)}
    schema = pyarrow.schema([(name, types.get(holds, pyarrow.int64())) for name, holds in columns.items()])
    cells = [[_cell(record[name], holds) for record in records] for name, holds in columns.items()]
    return pyarrow.table(cells, schema=schema)


def _cell(value: Any, holds: str) -> Any:
    if value is None:
        return None
    if holds == TEXT:
        return value.encode("utf-8", "backslashreplace").decode()  # a document may hold half a surrogate pair
    if holds == DECIMAL:
        fitted = rounded(Fraction(value), ENDLESS_PLACES)
        return fitted if fitted.copy_abs() < _TOO_LARGE else None  # abs() would round to the caller's context
    return value
