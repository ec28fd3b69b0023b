"""Tables: records of one shape that become a pandas or polars frame, an Arrow table, or stay what they are.

Neither library is required; whichever is installed makes the frame. `columns` makes the Arrow table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, overload

from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.records import WHOLE


@dataclass(frozen=True)
class Table(Sequence[Mapping[str, Any]]):
    """Records in order, and what their columns hold.

    It is a sequence of dicts, and takes part where libraries take Arrow: `polars.DataFrame(table)`,
    `pandas.DataFrame.from_arrow(table)`, `duckdb.sql("select * from table")`.
    """

    records: tuple[Mapping[str, Any], ...]
    columns: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        return self.records[place]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.records)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The records as dicts of their own."""
        return [dict(record) for record in self.records]

    def to_frame(self) -> Any:
        """The records as a pandas or polars frame, whichever is installed; no column holds floats.

        Raises:
            BudgetAuditError: Neither is.
        """
        records, names = self.to_dicts(), list(self.columns)
        if (pandas := _installed("pandas")) is not None:
            whole = {
                name: "Int64" for name, holds in self.columns.items() if holds == WHOLE
            }  # with gaps, int64 is float
            return pandas.DataFrame(records, columns=names).astype(whole)
        if (polars := _installed("polars")) is not None:
            return polars.DataFrame(records, schema=names, infer_schema_length=None)
        raise BudgetAuditError("a frame needs pandas or polars", hint="pip install pandas, or use to_dicts()")

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The records for every library that takes Arrow, as the PyCapsule protocol asks.

        Raises:
            BudgetAuditError: pyarrow is not installed.
        """
        from budgetaudit.findings.columns import arrow_table

        return arrow_table(self.records, self.columns).__arrow_c_stream__(requested_schema)


def _installed(library: str) -> Any:
    """The module of a library that is not ours to require, or None; what breaks inside it is not hidden."""
    try:
        return import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        return None
