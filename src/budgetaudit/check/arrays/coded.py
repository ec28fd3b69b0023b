"""Columns as codes: whatever a column holds, whole numbers that count through its different values.

Strings and anything else are coded by Arrow's dictionary, columns that have one keep it, and whole numbers of a narrow
range are their own codes. Values are read as `Budget.from_records` reads them: 2017 and 2017.0 are "2017", blank texts are
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.model.records import is_blank

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

_NARROW = 4  # times as many values as rows, and a few


@dataclass(frozen=True)
class Coded:
    """A column as codes into its values; no two values are equal, and some may not occur.

    Attributes:
        raw: The codes, `low` more than what they count from.
        values: By code.
    """

    raw: Array
    values: Sequence[Any]
    low: int = 0

    @cached_property
    def codes(self) -> Array:
        """The code of every row."""
        return self.raw if not self.low else self.raw.astype(np.int64) - self.low

    def block(self, start: int, stop: int) -> Array:
        """The codes of some rows, as an array of one's own."""
        found: Array = self.raw[start:stop].astype(np.int64)
        if self.low:
            found -= self.low
        return found

    def at(self, row: int) -> Any:
        """The value of one row."""
        return self.values[int(self.raw[row]) - self.low]

    def mapped(self, read: Callable[[Any], Hashable]) -> Coded:
        """The column with every value that occurs read anew; values that become equal share a code."""
        present = occurring(self.codes, len(self.values))
        read_values = [read(self.values[place]) for place in present.tolist()]
        if len(present) == len(self.values):
            return recoded(self.codes, read_values)
        place = np.full(len(self.values), -1, np.int64)
        place[present] = np.arange(len(present))
        return recoded(place[self.codes], read_values)


class Numbers(Sequence[str]):
    """Whole numbers as text, made when asked for."""

    def __init__(self, low: int, size: int) -> None:
        self._low, self._size = low, size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < self._size:
            raise IndexError(place)  # where an iteration ends
        return str(self._low + place)


def recoded(codes: Array, values: Sequence[Hashable]) -> Coded:
    """Codes into values of which some may be equal, as codes into different values."""
    place: dict[Hashable, int] = {}
    turned = np.array([place.setdefault(value, len(place)) for value in values], dtype=np.int64)
    if len(place) == len(values):
        return Coded(codes, tuple(values))
    return Coded(turned[codes], tuple(place))


def arrow_table(frame: Any) -> Any:
    """Any frame as an Arrow table.

    Raises:
        BudgetAuditError: It is no frame with the Arrow PyCapsule protocol, nor columns by name.
    """
    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "collect") and not hasattr(frame, "__arrow_c_stream__"):  # a lazy frame of polars
        frame = frame.collect()
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if hasattr(frame, "__arrow_c_stream__") or isinstance(frame, Mapping):
        return pa.table(frame)
    if hasattr(frame, "iterrows"):  # pandas before 2.2
        return pa.Table.from_pandas(frame, preserve_index=False)
    raise BudgetAuditError(
        f"{type(frame).__name__} is no frame that Arrow can read",
        hint="give a pandas, polars or pyarrow table, a DuckDB relation, or a dict of columns",
    )


def column_of(table: Any, name: str) -> Any:
    """One column in one piece.

    Raises:
        BudgetAuditError: The table has no such column.
    """
    place = table.schema.get_field_index(name)
    if place < 0 and name not in table.column_names:
        raise BudgetAuditError(f"no column is called {name!r}; {nearest(name, table.column_names)}")
    column = table.column(name if place < 0 else place)
    if column.num_chunks == 1:
        return column.chunk(0)
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def whole_numbers(column: Any) -> Array:
    """A column of whole numbers without gaps as an array, without copying where it can be."""
    found: Array = column.to_numpy(zero_copy_only=False)
    return found


def coded(column: Any) -> Coded:
    """A column as codes."""
    if pa.types.is_dictionary(column.type):
        values, indices = column.dictionary.to_pylist(), column.indices
    elif pa.types.is_integer(column.type) and (narrow := _narrow(column)) is not None:
        return narrow
    elif pa.types.is_null(column.type):
        return Coded(np.zeros(len(column), dtype=np.int8), (None,))
    else:
        encoded = pc.dictionary_encode(column)
        values, indices = encoded.dictionary.to_pylist(), encoded.indices
    if indices.null_count:
        values, indices = [*values, None], pc.fill_null(indices.cast(pa.int64()), len(values))
    return recoded(whole_numbers(indices), [_plain(value) for value in values])


def _narrow(column: Any) -> Coded | None:
    """Whole numbers of a narrow range: the number itself, counted from the smallest."""
    if column.null_count or not len(column):
        return None
    numbers = whole_numbers(column)
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > _NARROW * len(numbers) + 1000 or high >= 2**62:
        return None
    return Coded(numbers, Numbers(low, high - low + 1), low)


def _plain(value: Any) -> Any:
    """A value as `Budget.from_records` takes it: text, whole numbers as text, None for nothing."""
    if is_blank(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def combined(columns: Sequence[Coded]) -> Coded:
    """Several columns as one whose values are tuples, of those that occur together."""
    first, *others = columns
    present = occurring(first.codes, len(first.values))
    codes = np.searchsorted(present, first.codes)
    values: list[tuple[Any, ...]] = [(first.values[place],) for place in present.tolist()]
    for other in others:
        joint = codes.astype(np.int64) * len(other.values) + other.codes
        present = occurring(joint, len(values) * len(other.values))
        codes = np.searchsorted(present, joint)
        values = [
            (*values[place // len(other.values)], other.values[place % len(other.values)]) for place in present.tolist()
        ]
    return Coded(codes, tuple(values))


def occurring(codes: Array, size: int) -> Array:
    """The codes below `size` that occur, in order."""
    if size <= max(8 * len(codes), 1 << 20):
        seen = np.zeros(size, dtype=bool)
        seen[codes] = True
        return np.flatnonzero(seen)
    return np.unique(codes)
