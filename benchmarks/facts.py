"""Facts of many offices with counts known beforehand: the data of the benchmarks of columns, files and clusters.

Every unit (an office in a year) reports 40 items under twelve relations of 67 terms: eight sums of 3 to 13 terms and four
inequalities. True values have four decimals and add up; what is printed has two, so that honest rounding leaves a residue in
most sums. Then one printed figure in a hundred is changed by one to a thousand units of the last place or more. What every
relation must come to is worked out here from the dense matrix, by other means than any engine measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED: Final = 20261125
PLACES: Final = 2
YEARS: Final = 10
_HIDDEN: Final = 100  # what a unit of the last place hides: two more decimals
_STAFF = tuple(f"s{n}" for n in range(1, 9))
_RUNNING = tuple(f"r{n}" for n in range(1, 13))
_PROJECT = tuple(f"p{n}" for n in range(1, 6))
_INCOME = ("appropriation", "fund", "aid", "other")
_VEHICLES = ("v1", "v2", "v3")
_LEAVES = (*_STAFF, *_RUNNING, *_PROJECT, *_INCOME, "opening", *_VEHICLES)
Parts: TypeAlias = tuple[tuple[int, str], ...]
_TOTALS: Final[Mapping[str, Parts]] = {
    "staff": tuple((1, part) for part in _STAFF),
    "running": tuple((1, part) for part in _RUNNING),
    "project": tuple((1, part) for part in _PROJECT),
    "basic": ((1, "staff"), (1, "running")),
    "total": ((1, "basic"), (1, "project")),
    "income": tuple((1, part) for part in _INCOME),
    "closing": ((1, "opening"), (1, "income"), (-1, "total")),
}
ITEMS: Final = (*_LEAVES, *_TOTALS)
_ACROSS = ("staff", "running", *_PROJECT)
_WITHIN: Final = {"running": (_RUNNING[:3], _VEHICLES), "staff": (_STAFF[:3],), "project": (_PROJECT[:3],)}

EQUATIONS: Final[Mapping[str, str]] = {
    **{
        name: f"{name} = "
        + " ".join(f"{'-' if weight < 0 else '+'} {part}" for weight, part in parts).removeprefix("+ ")
        for name, parts in _TOTALS.items()
    },
    "across": f"total = {' + '.join(_ACROSS)}",
    **{
        f"within-{whole}-{number}": f"{' + '.join(parts)} <= {whole}"
        for whole, lists in _WITHIN.items()
        for number, parts in enumerate(lists, 1)
    },
}

_PLACE = {item: place for place, item in enumerate(ITEMS)}
SCHEMA: Final = pa.schema(
    [
        ("entity", pa.int32()), ("year", pa.int16()), ("item", pa.string()),
        ("amount", pa.decimal128(18, PLACES)), ("places", pa.int8()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A block of units as a matrix units x items of printed integers (units of the last place), and its first unit."""

    first_unit: int
    printed: NDArray[np.int64]

    def columns(self, *, order: NDArray[np.int64] | None = None) -> pa.Table:
        """The long table: one row per figure, the rows of a unit together, or in the order given."""
        units, items = self.printed.shape
        rows = np.arange(units * items) if order is None else order
        unit = self.first_unit + rows // items
        names = pa.DictionaryArray.from_arrays(pa.array((rows % items).astype(np.int32)), pa.array(ITEMS))
        amount = self.printed.reshape(-1)[rows]
        return pa.Table.from_arrays(
            [
                pa.array((unit // YEARS).astype(np.int32)),
                pa.array((2000 + unit % YEARS).astype(np.int16)),
                names,
                _decimals(amount),
                pa.array(np.full(len(rows), PLACES, dtype=np.int8)),
            ],
            names=SCHEMA.names,
        )

    def wide(self) -> pa.Table:
        """One row per unit and one int64 column per item, in units of the last place."""
        unit = self.first_unit + np.arange(len(self.printed))
        keys = {"entity": pa.array(unit // YEARS), "year": pa.array(2000 + unit % YEARS)}
        return pa.table(keys | {item: pa.array(self.printed[:, place]) for place, item in enumerate(ITEMS)})

    def expected(self) -> dict[str, dict[str, int]]:
        """By rule: how many units are exact, how many rounding explains, how many are inconsistent."""
        return {rule: _counts(*relation, self.printed) for rule, relation in relations().items()}


def _decimals(amount: NDArray[np.int64]) -> pa.Array:
    """decimal128 from scaled integers: two little-endian words each, the higher one the sign."""
    words = np.empty((len(amount), 2), dtype=np.int64)
    words[:, 0] = amount
    words[:, 1] = amount >> 63
    return pa.Array.from_buffers(pa.decimal128(18, PLACES), len(amount), [None, pa.py_buffer(words)])


def relations() -> dict[str, tuple[str, Parts, str]]:
    """By rule: its sign, the parts with their weights, and the total or the larger side."""
    sums = {name: ("=", parts, name) for name, parts in _TOTALS.items()}
    across = {"across": ("=", tuple((1, part) for part in _ACROSS), "total")}
    orders = {
        f"within-{whole}-{number}": ("<=", tuple((1, part) for part in parts), whole)
        for whole, lists in _WITHIN.items()
        for number, parts in enumerate(lists, 1)
    }
    return sums | across | orders


def _counts(sign: str, parts: Parts, total: str, printed: NDArray[np.int64]) -> dict[str, int]:
    computed = sum(weight * printed[:, _PLACE[part]] for weight, part in parts)
    gap = printed[:, _PLACE[total]] - computed
    miss = np.abs(gap) if sign == "=" else np.maximum(-gap, 0)
    exact = int((miss == 0).sum())
    inconsistent = int((2 * miss > len(parts) + 1).sum())
    return {"exact": exact, "rounding": len(gap) - exact - inconsistent, "inconsistent": inconsistent}


def blocks(figures: int, *, error_rate: float = 0.01, block: int = 25_000) -> Iterator[Facts]:
    """Units of 40 figures in blocks, the same for the same number on every machine.

    Args:
        figures: How many figures there shall be at least.
        error_rate: The share of printed figures that are changed.
        block: Units in one block; the figures do not depend on how many blocks come before.
    """
    units = -(-figures // len(ITEMS))
    for number, first in enumerate(range(0, units, block)):
        yield _block(np.random.default_rng([SEED, number]), first, min(block, units - first), error_rate)


def _block(random: np.random.Generator, first: int, units: int, error_rate: float) -> Facts:
    true = np.zeros((units, len(ITEMS)), dtype=np.int64)
    true[:, : len(_LEAVES)] = random.integers(10_000, 10**9, size=(units, len(_LEAVES)))
    true[:, [_PLACE[item] for item in _VEHICLES]] //= 100  # so that they fit into running costs
    for total, parts in _TOTALS.items():
        true[:, _PLACE[total]] = sum(weight * true[:, _PLACE[part]] for weight, part in parts)
    printed = (true + _HIDDEN // 2) // _HIDDEN
    figures = printed.reshape(-1)
    wrong = random.choice(figures.size, size=round(error_rate * figures.size), replace=False)
    size = (10 ** random.uniform(0, 7, size=wrong.size)).astype(np.int64)
    figures[wrong] += size * random.choice((-1, 1), size=wrong.size)
    return Facts(first, printed)


def added(counts: Sequence[Mapping[str, Mapping[str, int]]]) -> dict[str, int]:
    """Counts of several blocks and of all rules, by verdict."""
    whole: dict[str, int] = {}
    for block in counts:
        for rule in block.values():
            for verdict, number in rule.items():
                whole[verdict] = whole.get(verdict, 0) + number
    return whole


def write(path: Path, figures: int, **options: Any) -> dict[str, int]:
    """Write the long table to one Parquet file, a row group per block; returns the counts to be found."""
    counts = []
    with pq.ParquetWriter(path, SCHEMA, use_dictionary=["item", "entity", "year"], compression="zstd") as writer:
        for block in blocks(figures, **options):
            writer.write_table(block.columns().cast(SCHEMA))
            counts.append(block.expected())
    return added(counts)
