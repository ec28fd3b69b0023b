"""Which rows belong together: where a unit begins, whether a file keeps units together, and rows by the hash of their unit.

Relations bind figures of one unit (an office in a year; an office in all its years where a rule reaches across years).
A file whose units stand in ascending order is read once: the last unit of a batch may go on in the next and is carried
over. Any other file is dealt into partitions by a hash of the unit's keys, the same on every machine and in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")
Table: TypeAlias = Any  # of pyarrow, which ships no types
Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


def unit_starts(table: Table, keys: Sequence[str]) -> Array:
    """The rows at which another unit begins, the first row included."""
    changes = np.zeros(table.num_rows, dtype=bool)
    if table.num_rows:
        changes[0] = True
    for key in keys:
        codes = _codes(table.column(key))
        changes[1:] |= codes[1:] != codes[:-1]
    return np.flatnonzero(changes)


def ascend(table: Table, keys: Sequence[str]) -> bool:
    """Whether units stand in strictly ascending order of their keys, so that none comes back.

    Args:
        table: One row per unit, as they come.
        keys: The columns that name a unit, the first weighing most.
    """
    undecided = np.ones(max(table.num_rows - 1, 0), dtype=bool)
    for key in keys:
        column = _plain(table.column(key))
        if column.null_count:
            return False
        before, after = column.slice(0, len(undecided)), column.slice(1)
        if (undecided & pc.greater(before, after).to_numpy(zero_copy_only=False)).any():
            return False
        undecided &= pc.equal(before, after).to_numpy(zero_copy_only=False)
    return not undecided.any()


def dealt(table: Table, keys: Sequence[str], partitions: int) -> list[Table]:
    """The rows of each partition; a unit is in one of them, whatever batch or file its rows come from."""
    mixed = np.zeros(table.num_rows, dtype=np.uint64)
    for key in keys:
        array = _array(table.column(key))
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        texts = [*array.dictionary.cast("string").to_pylist(), None]  # no key at all is the last one
        hashes = np.array([crc32(repr(text).encode()) for text in texts], dtype=np.uint64)
        codes = array.indices.fill_null(len(texts) - 1).to_numpy()
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[codes]
    number = ((mixed ^ (mixed >> np.uint64(29))) % np.uint64(partitions)).astype(np.int64)
    order = np.argsort(number, kind="stable")
    ends = np.searchsorted(number[order], np.arange(partitions + 1))
    sorted_rows = pc.take(table, order)
    return [sorted_rows.slice(start, end - start) for start, end in pairwise(ends)]


def _codes(column: Any) -> Array:
    """Numbers that differ where the values differ."""
    array = _array(column)
    if pa.types.is_integer(array.type) and not array.null_count:
        codes: Array = array.to_numpy()
        return codes
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode(null_encoding="encode")
    places: Array = array.indices.fill_null(-1).to_numpy()
    return places


def _array(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return (
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays(column.chunks)
        if column.num_chunks
        else pa.array([], column.type)
    )


def _plain(column: Any) -> Any:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
