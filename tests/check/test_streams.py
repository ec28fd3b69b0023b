"""Facts in files: read in batches, weighed in parts of whole units, gone on with after a kill, and nothing counted twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.fs
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetaudit.check.files import FactFiles
from budgetaudit.check.journal import Journal
from budgetaudit.check.partition import ascend, dealt, unit_starts
from budgetaudit.check.stream import Part, run
from budgetaudit.errors import BudgetAuditError, UnreadableInput
from budgetaudit.progress import watched

KEYS = ["entity", "year"]
COLUMNS = [*KEYS, "item", "amount"]


def facts(units, *, items=3):
    """Rows of units named by pairs of entity and year, in that order."""
    rows = [(entity, year, f"i{item}", Decimal(f"{item}.50")) for entity, year in units for item in range(items)]
    names = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {name: [] for name in COLUMNS}
    types = {"entity": pa.string(), "year": pa.int32(), "item": pa.string(), "amount": pa.decimal128(10, 2)}
    return pa.table({name: pa.array(list(values), types[name]) for name, values in names.items()})


SORTED = [(f"e{entity:03}", year) for entity in range(40) for year in (2020, 2021)]


@dataclass
class Counting:
    """A weigher that counts the rows of every unit, and sees whether one comes in two parts."""

    seen: Counter = field(default_factory=Counter)
    parts: int = 0

    def __call__(self, rows):
        units = list(zip(*(rows.column(key).to_pylist() for key in KEYS), strict=True))
        self.seen.update(set(units))
        self.parts += 1
        items = frozenset(rows.column("item").to_pylist())
        outcome = pa.table({"unit": [f"{entity}-{year}" for entity, year in sorted(set(units))]})
        return Part({"rule": {"exact": len(units)}}, outcome, items)


def weigh(files, folder, *, part=20, resume=False, progress=None):
    weigher = Counting()
    journal = Journal.open(folder, {"files": files.names}, resume=resume)
    with watched(progress):
        return weigher, journal, run(files, KEYS, weigher, journal, part=part)


def outcomes(whole):
    return sorted(unit for path in whole.outcomes for unit in pq.read_table(path).column("unit").to_pylist())


def written(folder, table, kind, *, row_group=7):
    path = folder / f"facts.{kind}"
    if kind == "parquet":
        pq.write_table(table, path, row_group_size=row_group)
    elif kind == "arrow":
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=row_group)
    else:
        pa.csv.write_csv(table, path)
    return path


@pytest.mark.parametrize("kind", ["parquet", "arrow", "csv"])
@pytest.mark.parametrize("shuffled", [False, True])
def test_every_row_is_weighed_once_and_every_unit_in_one_part(tmp_path, kind, shuffled):
    table = facts(SORTED)
    if shuffled:
        table = table.take(pa.array([(7 * row) % table.num_rows for row in range(table.num_rows)]))
    files = FactFiles(written(tmp_path, table, kind), columns=COLUMNS)
    weigher, _, whole = weigh(files, tmp_path / "work")
    assert shuffled or set(weigher.seen.values()) == {
        1
    }  # else what was weighed before the order broke is weighed again
    assert weigher.parts > 5
    assert (whole.rows, whole.counts) == (240, {"rule": {"exact": 240}})
    assert outcomes(whole) == [f"{entity}-{year}" for entity, year in SORTED]
    assert whole.items == {"i0", "i1", "i2"}


def test_text_in_files_stays_text_so_that_printed_zeros_stay(tmp_path):
    (tmp_path / "facts.csv").write_text("entity,year,item,amount,note\nx,2020,a,677.40,1.5\n", encoding="utf-8")
    (batch,) = FactFiles(tmp_path / "facts.csv", columns=COLUMNS).batches()
    assert batch.to_pylist() == [{"entity": "x", "year": "2020", "item": "a", "amount": "677.40"}]


def test_batches_go_on_after_any_number_of_rows(tmp_path):
    for kind in ("parquet", "arrow", "csv"):
        files = FactFiles(written(tmp_path, facts(SORTED), kind), columns=["item", "entity"])
        everything = [row for batch in files.batches() for row in batch.to_pylist()]
        for skip in (0, 1, 7, 100, 239, 240):
            assert [row for batch in files.batches(skip=skip, rows=50) for row in batch.to_pylist()] == everything[
                skip:
            ]


def test_several_files_a_folder_and_a_filesystem_are_read_in_the_order_of_their_names(tmp_path):
    for number, units in enumerate((SORTED[:30], SORTED[30:])):
        (tmp_path / "facts").mkdir(exist_ok=True)
        pq.write_table(facts(units), tmp_path / "facts" / f"{number}.parquet")
    whole = facts(SORTED).column("entity").to_pylist()
    remote = pa.fs.SubTreeFileSystem(str(tmp_path), pa.fs.LocalFileSystem())
    for where, filesystem in (
        (tmp_path / "facts", None),
        ([tmp_path / "facts" / "0.parquet", str(tmp_path / "facts" / "1.parquet")], None),
        ((tmp_path / "facts").as_uri(), None),
        ("facts", remote),
    ):
        files = FactFiles(where, columns=COLUMNS, filesystem=filesystem)
        assert [entity for batch in files.batches() for entity in batch.column("entity").to_pylist()] == whole
        assert files.rows() == 240


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("nothing.parquet", "no such file"),
        ("text.txt", "not from .txt"),
        ("broken.parquet", "cannot read"),
        ("two", "not from .csv, .parquet"),
        ("facts.parquet", "no column 'amuont'; nearest: 'amount'"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, where, says):
    (tmp_path / "text.txt").write_text("x")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing more")
    pq.write_table(facts(SORTED[:1]), tmp_path / "facts.parquet")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "a.csv").write_text("a\n")
    pq.write_table(facts(SORTED[:1]), tmp_path / "two" / "b.parquet")
    with pytest.raises(UnreadableInput, match=says):
        FactFiles(tmp_path / where, columns=["amuont"])


class Stopped(Exception):
    pass


@pytest.mark.parametrize("shuffled", [False, True])
@settings(max_examples=15)
@given(data=st.data())
def test_a_run_stopped_anywhere_goes_on_and_counts_nothing_twice(tmp_path_factory, shuffled, data):
    folder = tmp_path_factory.mktemp("stopped")
    table = facts(SORTED[:20])
    if shuffled:
        table = table.take(pa.array(data.draw(st.permutations(range(table.num_rows)))))
    files = FactFiles(written(folder, table, "parquet"), columns=COLUMNS)
    stops = data.draw(st.lists(st.integers(1, 4), max_size=3))

    for stop in stops:
        steps = iter(range(stop))

        def until(_, steps=steps):
            if next(steps, None) is None:
                raise Stopped

        try:
            weigh(files, folder / "work", part=9, resume=True, progress=until)
        except Stopped:
            (folder / "work" / "part-000099.parquet.unfinished").write_bytes(b"half a file")
    _, _, whole = weigh(files, folder / "work", part=9, resume=True)
    assert whole.rows == table.num_rows
    assert whole.counts == {"rule": {"exact": table.num_rows}}
    assert outcomes(whole) == [f"{entity}-{year}" for entity, year in SORTED[:20]]


KILLED = """
import os, signal, sys, pathlib
from test_streams import *
folder = pathlib.Path(sys.argv[1])
parts = iter(range(4))
def until(_):
    if next(parts, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
weigh(FactFiles(folder / "facts.parquet", columns=COLUMNS), folder / "work", progress=until)
"""


def test_a_run_that_was_killed_goes_on_from_its_last_finished_part(tmp_path):
    written(tmp_path, facts(SORTED), "parquet")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=Path(__file__).parent,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    files = FactFiles(tmp_path / "facts.parquet", columns=COLUMNS)
    weigher, journal, whole = weigh(files, tmp_path / "work", resume=True)
    assert 0 < weigher.parts < len(journal.parts)
    assert whole.rows == 240
    assert outcomes(whole) == [f"{entity}-{year}" for entity, year in SORTED]


def test_a_journal_belongs_to_one_run(tmp_path):
    journal = Journal.open(tmp_path / "work", {"rules": ["a"]}, resume=False)
    journal.rows = 7
    journal.save()
    assert Journal.open(tmp_path / "work", {"rules": ["a"]}, resume=True).rows == 7
    with pytest.raises(BudgetAuditError, match="belongs to a run over other"):
        Journal.open(tmp_path / "work", {"rules": ["b"]}, resume=True)
    assert Journal.open(tmp_path / "work", {"rules": ["b"]}, resume=False).rows == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("not yours")
    with pytest.raises(BudgetAuditError, match="holds other things"):
        Journal.open(tmp_path / "mine", {}, resume=False)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([1, 2, None])), max_size=12))
def test_units_begin_where_a_key_changes(units):
    table = pa.table(
        {"e": pa.array([e for e, _ in units], pa.string()), "y": pa.array([y for _, y in units], pa.int8())}
    )
    starts = [row for row, unit in enumerate(units) if row == 0 or unit != units[row - 1]]
    assert unit_starts(table, ["e", "y"]).tolist() == starts
    assert unit_starts(table.set_column(0, "e", table.column("e").dictionary_encode()), ["e", "y"]).tolist() == starts


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_order_is_that_of_tuples(units):
    table = pa.table({"e": pa.array([e for e, _ in units], pa.int8()), "y": pa.array([y for _, y in units], pa.int8())})
    assert ascend(table, ["e", "y"]) == all(one < other for one, other in pairwise(units))


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "甲", ""]), st.integers(0, 5))), st.integers(1, 5))
def test_a_unit_is_dealt_to_one_partition_whatever_stands_beside_it(units, partitions):
    table = pa.table(
        {"e": pa.array([e for e, _ in units], pa.string()), "y": pa.array([y for _, y in units], pa.int8())}
    )
    whole = dealt(table, ["e", "y"], partitions)
    assert sum(part.num_rows for part in whole) == len(units)
    for row in range(table.num_rows):
        alone = dealt(table.slice(row, 1), ["e", "y"], partitions)
        (place,) = (number for number, part in enumerate(alone) if part.num_rows)
        assert table.slice(row, 1).to_pylist()[0] in whole[place].to_pylist()
