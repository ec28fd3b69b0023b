"""Streams: facts larger than memory, weighed part by part, so that a run can be stopped at any moment and go on later.

Where units stand in ascending order, the rows are read once: a part ends where a unit ends, and the unit that the batch does
not finish is carried into the next one. Otherwise the rows are first dealt into partitions by the hash of their unit, in
files of the work folder, and each partition is a part. Parts are weighed by whatever function the caller gives (the arrays
of `columns`), and their counts and outcomes added: units are independent, so the sum is that of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from budgetaudit.check.files import BATCH, FactFiles
from budgetaudit.check.journal import Journal
from budgetaudit.check.outcome import Verdict
from budgetaudit.check.partition import Table, ascend, dealt, unit_starts
from budgetaudit.progress import Progress, tell

pa: Any = import_module("pyarrow")
pq: Any = import_module("pyarrow.parquet")

PART: Final = 1 << 21  # rows that are weighed at a time, about
UNKNOWN_PARTITIONS: Final = 64  # where nobody knows how many rows there are
_MOST_PARTITIONS: Final = 4096


@dataclass(frozen=True, slots=True)
class Part:
    """What a part came to.

    Attributes:
        counts: By rule and verdict.
        outcomes: A row for every outcome that is not exact.
        items: The texts of all items that occurred.
    """

    counts: Mapping[str, Mapping[Verdict, int]]
    outcomes: Table
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Whole:
    """All parts of a run: counts by rule and verdict, rows, items, and the files of their outcomes, in order."""

    counts: Mapping[str, Mapping[Verdict, int]]
    rows: int
    items: frozenset[str]
    outcomes: tuple[Path, ...]


def run(
    files: FactFiles,
    keys: Sequence[str],
    weigh: Callable[[Table], Part],
    journal: Journal,
    *,
    part: int = PART,
) -> Whole:
    """Weigh all facts of some files, from where the journal ends; a watcher is told of every part.

    Args:
        files: The facts.
        keys: The columns that name a unit.
        weigh: Weighs the rows of whole units.
        journal: What is done already; every part is written into it when it is done.
        part: How many rows to weigh at a time, about; a unit is never cut.
    """
    work = _Run(files, tuple(keys), weigh, journal, part)
    if journal.stage == "grouped" and not work.read_once():
        journal.turn("spill")
    if journal.stage == "spill":
        work.deal()
    if journal.stage == "partitions":
        work.weigh_partitions()
    return work.whole()


class _Run:
    def __init__(
        self, files: FactFiles, keys: tuple[str, ...], weigh: Callable[[Table], Part], journal: Journal,
        part: int,
    ) -> None:  # fmt: skip
        self._files, self._keys, self._weigh, self._journal = files, keys, weigh, journal
        self._part, self._total = part, files.rows()

    def read_once(self) -> bool:
        """Weigh the rows as they come; False as soon as a unit does not stand in order."""
        orders = [list(order) for order in permutations(self._keys)]
        last: Table | None = None
        for rows in self._parts():
            heads = rows.select(self._keys).take(unit_starts(rows, self._keys))
            if last is not None:
                heads = _together([last, heads])
            orders = [order for order in orders if ascend(heads, order)]
            if not orders:
                return False
            last = heads.slice(heads.num_rows - 1)
            self._done(self._weigh(rows), rows.num_rows)
            tell(Progress("auditing", self._journal.rows, self._total, "rows"))
        return True

    def _parts(self) -> Iterator[Table]:
        """Rows of whole units, as long as units do not come back."""
        held: list[Table] = []
        number = 0
        for batch in self._files.batches(skip=self._journal.rows, rows=min(BATCH, self._part)):
            held.append(pa.Table.from_batches([batch]))
            number += batch.num_rows
            if number < self._part:
                continue
            rows = _together(held)
            cut = int(unit_starts(rows, self._keys)[-1])
            held, number = [rows.slice(cut)], rows.num_rows - cut
            if cut:
                yield rows.slice(0, cut)
        if number:
            yield _together(held)

    def deal(self) -> None:
        """Write every row into the partition of its unit."""
        journal = self._journal
        known = -(-self._total // self._part) if self._total is not None else UNKNOWN_PARTITIONS
        partitions = min(max(known, 1), _MOST_PARTITIONS)
        held: list[Table] = []
        number = 0

        def spill() -> None:
            for partition, rows in enumerate(dealt(_together(held), self._keys, partitions)):
                if rows.num_rows:
                    journal.put(f"rows-{partition:04}-{journal.rows:012}.parquet", partial(pq.write_table, rows))
            journal.rows += number
            journal.save()
            tell(Progress("reading", journal.rows, self._total, "rows"))

        for batch in self._files.batches(skip=journal.rows, rows=min(BATCH, self._part)):
            held.append(pa.Table.from_batches([batch]))
            number += batch.num_rows
            if number >= self._part:
                spill()
                held, number = [], 0
        if number:
            spill()
        journal.turn("partitions")

    def weigh_partitions(self) -> None:
        """Weigh every partition that is not done."""
        found: dict[str, list[Path]] = {}
        for path in sorted(self._journal.folder.glob("rows-*.parquet")):
            found.setdefault(path.name[5:9], []).append(path)
        done = {part["partition"] for part in self._journal.parts}
        for partition, paths in found.items():
            if partition not in done:
                rows = _together([pq.read_table(path) for path in paths])
                self._done(self._weigh(rows), rows.num_rows, partition=partition)
                tell(Progress("auditing", self._journal.rows, self._total, "rows"))

    def _done(self, part: Part, rows: int, **more: Any) -> None:
        """Write a part down: its outcomes first, then the journal that names them."""
        journal = self._journal
        name = f"part-{len(journal.parts):06}.parquet"
        journal.put(name, partial(pq.write_table, part.outcomes, compression="zstd"))
        counts = {rule: dict(counted) for rule, counted in part.counts.items()}
        journal.parts.append({"outcomes": name, "rows": rows, "counts": counts, **more})
        journal.items |= part.items
        journal.rows += rows
        journal.save()

    def whole(self) -> Whole:
        """The sum of all parts."""
        counts: dict[str, dict[Verdict, int]] = {}
        for part in self._journal.parts:
            for rule, counted in part["counts"].items():
                own = counts.setdefault(rule, {})
                for verdict, number in counted.items():
                    own[verdict] = own.get(verdict, 0) + number
        paths = tuple(self._journal.folder / part["outcomes"] for part in self._journal.parts)
        return Whole(counts, self._journal.rows, frozenset(self._journal.items), paths)


def _together(tables: Sequence[Table]) -> Table:
    return tables[0] if len(tables) == 1 else pa.concat_tables(tables)
