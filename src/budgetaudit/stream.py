"""Auditing files of facts that are larger than memory, in parts of whole units; a run that was stopped goes on later."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from budgetaudit.audit import Rounding, Rules, conventions_of, gathered_rules
from budgetaudit.check.compile import CompiledRules, compile_rules
from budgetaudit.check.outcome import VERDICTS, Verdict
from budgetaudit.columns import column_layout, needs_arrays
from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.stream_report import StreamReport
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import Identity
from budgetaudit.money.unit import Unit
from budgetaudit.progress import Watcher, watched
from budgetaudit.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from budgetaudit.check.arrays.facts import Layout
    from budgetaudit.check.stream import Part, Whole

_WIDE: Final = 76  # digits of the decimals that outcomes of all parts fit into
_MOST_PLACES: Final = 38


def audit_stream(
    figures: Any,
    *,
    rules: Rules,
    amount: str,
    keys: Sequence[str] | Mapping[str, str] = (),
    item: str | None = None,
    code: str | None = None,
    measure: str | None = None,
    places: str | int | None = None,
    unit: str | Unit | None = None,
    rounding: Rounding | None = None,
    tolerance: str | int | Decimal = "0",
    list_refused: bool = False,
    output: str | Path | None = None,
    keep: Iterable[Verdict] = ("rounding", "inconsistent", "undefined", "undecided", "failed"),
    work: str | Path | None = None,
    resume: bool = False,
    progress: Watcher | None = None,
    filesystem: Any = None,
    part_rows: int | None = None,
) -> StreamReport:
    """Check long tables in files against rules, in bounded memory, verdict by verdict as `audit_columns` would.

    Files whose units stand in ascending order of their keys are read once. Others are first dealt into partitions, in the
    work folder; that takes as much disk as the columns read.

    Args:
        figures: A path, a folder or a URL (`s3://bucket/facts/`) of Parquet, Arrow IPC or CSV, several of these, or a pyarrow
            dataset. Amounts in CSV are text as printed.
        rules: As in `audit`.
        amount: The column of figures.
        keys: As in `audit_columns`.
        item: The column of labels.
        code: As in `audit_columns`.
        measure: As in `audit_columns`.
        places: As in `audit_columns`.
        unit: As in `audit_columns`.
        rounding: As in `audit`.
        tolerance: As in `audit`.
        list_refused: As in `audit_columns`.
        output: A Parquet file to be written with the outcomes to be kept, a path or a URL.
        keep: The verdicts of these; exact ones are only ever counted.
        work: A folder for what is done so far; by default the output's name with `.work`. It is removed at the end.
        resume: Go on with what the work folder holds, from the last finished part; nothing is counted twice.
        progress: Told after every part how far the run is.
        filesystem: The pyarrow filesystem that paths are on.
        part_rows: How many rows to weigh at a time, about (default: two million).

    Raises:
        UnreadableInput: A file is not there or damaged.
        BudgetAuditError: The call is wrong, as in `audit_columns`; or the work folder belongs to another run.

    Example:
        >>> import pyarrow as pa, pyarrow.dataset as ds
        >>> table = pa.table({"entity": ["A", "A", "A"], "item": ["total", "a", "b"], "amount": ["9", "4", "4"]})
        >>> audit_stream(ds.dataset(table), rules=["total = a + b"], keys=["entity"], item="item", amount="amount")
        StreamReport(3 rows; 1 rounding)
    """
    needs_arrays()
    from budgetaudit.check.files import FactFiles
    from budgetaudit.check.stream import PART, run

    convention = conventions_of(rounding, tolerance)
    given = gathered_rules(rules, Budget(()))
    chosen = RuleSet(tuple(replace(rule, convention=convention(rule.convention)) for rule in given), given.packs)
    key_columns = keys.values() if isinstance(keys, Mapping) else (keys,) if isinstance(keys, str) else keys
    named = [*key_columns, item, code, measure, amount, places if isinstance(places, str) else None]
    unit_column = isinstance(unit, str) and _is_column(figures, unit, filesystem)
    wanted = [name for name in (*named, unit if unit_column else None) if isinstance(name, str)]
    files = FactFiles(figures, columns=wanted, whole=[places] if isinstance(places, str) else [], filesystem=filesystem)
    layout = column_layout(
        wanted, keys=keys, item=item, amount=amount, code=code, measure=measure, places=places, unit=unit
    )
    kept = frozenset(keep if output is not None else ())
    weigh = partial(
        weigh_part, layout=layout, rules=chosen, keep=kept, list_refused=list_refused,
        convention=None if len(chosen) else convention(None),
    )  # fmt: skip
    run_id = {
        "version": version("budgetaudit"), "files": files.stamps, "columns": wanted, "layout": repr(layout), "keep": sorted(kept),
        "rules": sha256(repr((chosen.rules, chosen.packs, list_refused)).encode()).hexdigest(), "part": part_rows or PART,
    }  # fmt: skip
    with watched(progress), _journal(output, work, run_id, resume=resume) as journal:
        whole = run(files, unit_keys(layout, chosen), weigh, journal, part=part_rows or PART)
        compiled = compile_rules(
            chosen, [Identity.model_validate_json(text) for text in sorted(whole.items)], list_refused=list_refused
        )
        report = _report(whole, compiled, output)
        if output is not None:
            _write(output, whole, {rule for rule, counted in report.by_rule.items() if counted.get("failed")})
        return report


def unit_keys(layout: Layout, rules: RuleSet) -> tuple[str, ...]:
    """The key columns that all figures of a relation share: rules may reach other years, phases and funds."""
    compiled = compile_rules(rules, list_refused=True)
    crossed: set[str] = set()
    for relation in compiled.relations:
        conditions = (*relation.unless, *(() if relation.when is None else (relation.when,)))
        terms = (*relation.terms, *(term for one in conditions for term in (*one.left, *one.right)))
        for term in terms:
            at = term.at
            reached = {"period": at.shift or at.period, "phase": at.phase, "fund": at.fund}
            crossed.update(layout.axes[axis] for axis, other in reached.items() if other and axis in layout.axes)
    return tuple(key for key in layout.keys if key not in crossed)


def _is_column(figures: Any, name: str, filesystem: Any) -> bool:
    from budgetaudit.check.files import FactFiles

    return name in FactFiles(figures, columns=(), filesystem=filesystem).dataset.schema.names


def weigh_part(
    rows: Any, *, layout: Layout, rules: RuleSet, keep: frozenset[Verdict], list_refused: bool, convention: Any
) -> Part:
    """The counts of a part of whole units, and the outcomes to be kept.

    Raises:
        BudgetAuditError: A column cannot be read, or a rule cannot be compiled.
    """
    from budgetaudit.check.columns import weigh_columns
    from budgetaudit.check.stream import Part
    from budgetaudit.findings.outcome_table import outcome_table

    weighed = weigh_columns(rows, layout, rules, convention=convention, list_refused=list_refused, is_part=True)
    outcomes = outcome_table(weighed.keeping(keep))
    return Part(
        weighed.counts, _without_rows(outcomes), frozenset(one.model_dump_json() for one in weighed.facts.items)
    )


def _without_rows(outcomes: Any) -> Any:
    """The outcomes without the numbers of rows, which say nothing outside their part."""
    pa = import_module("pyarrow")
    place = outcomes.schema.get_field_index("figures")
    lists = outcomes.column(place).combine_chunks()
    values = lists.flatten()
    names = [field.name for field in values.type if field.name != "row"]
    figures = pa.StructArray.from_arrays([values.field(name) for name in names], names=names)
    offsets = lists.offsets
    return outcomes.set_column(place, "figures", pa.ListArray.from_arrays(offsets, figures))


@contextmanager
def _journal(
    output: str | Path | None, work: str | Path | None, run: Mapping[str, Any], *, resume: bool
) -> Generator[Any]:
    """The journal in its folder, which is removed when the run has ended well."""
    from budgetaudit.check.journal import Journal

    if work is None and output is not None and "://" not in str(output):
        work = Path(f"{output}.work")
    if work is None:
        if resume:
            raise BudgetAuditError("nothing is kept of a run without an output", hint="give work=..., a folder")
        with tempfile.TemporaryDirectory() as folder:
            yield Journal.open(Path(folder), run, resume=False)
        return
    journal = Journal.open(Path(work), run, resume=resume)
    yield journal
    journal.finish()


def failed_rules(rules: RuleSet, items: Iterable[Identity]) -> frozenset[str]:
    """Rules typed in that name what none of these items is called."""
    compiled = compile_rules(rules, items, list_refused=True)
    return frozenset(relation.rule.id for relation in compiled.relations if relation.unknown)


def _report(whole: Whole, compiled: CompiledRules, output: str | Path | None) -> StreamReport:
    """The sum of the parts; a rule that names what no item of any part is called has failed, once."""
    unknown = {relation.rule.id for relation in compiled.relations if relation.unknown}
    by_rule: dict[str, Mapping[Verdict, int]] = {
        rule: {verdict: counted[verdict] for verdict in VERDICTS if counted.get(verdict)}
        for rule, counted in whole.counts.items()
        if rule not in unknown and any(counted.values())
    }
    by_rule |= {rule: {"failed": 1} for rule in compiled.rules if rule in unknown}
    unbound = tuple(rule for rule in compiled.rules if rule not in by_rule and rule not in compiled.refused)
    return StreamReport(by_rule, unbound, compiled.refused, whole.rows, output)


def _write(output: str | Path, whole: Whole, failed: set[str]) -> None:
    """All parts' outcomes as one file, which gets its name when it is whole."""
    pa, pq, pc = (import_module(name) for name in ("pyarrow", "pyarrow.parquet", "pyarrow.compute"))
    schemas = [pq.read_schema(path) for path in whole.outcomes]
    schema = _joint([one for one in schemas if one is not None], pa)
    filesystem, path = pa.fs.FileSystem.from_uri(str(output)) if "://" in str(output) else (None, str(output))
    unfinished = path if filesystem is not None else f"{path}.unfinished"
    with pq.ParquetWriter(unfinished, schema, compression="zstd", filesystem=filesystem) as writer:
        for part in whole.outcomes:
            rows = pq.read_table(part)
            if failed and rows.num_rows:
                rows = rows.filter(pc.invert(pc.is_in(rows.column("rule"), pa.array(sorted(failed)))))
            if rows.num_rows:
                writer.write_table(rows.cast(schema))
        for rule in sorted(failed):
            row = {"rule": rule, "verdict": "failed", "reason": "name-not-found"}
            writer.write_table(pa.Table.from_pylist([row], schema=schema))
    if filesystem is None:
        Path(unfinished).replace(path)


def _joint(schemas: Sequence[Any], pa: Any) -> Any:
    """One schema for the outcomes of all parts: their decimals have as many places as the numbers of the part needed."""
    fields: list[Any] = []
    for place, own in enumerate(schemas[0] if schemas else pa.schema([])):
        field = own
        kinds = [schema.field(place).type for schema in schemas]
        if pa.types.is_decimal(field.type):
            digits = max(kind.precision - kind.scale for kind in kinds)
            scale = max(kind.scale for kind in kinds)
            wide = digits + scale > _MOST_PLACES and any(pa.types.is_decimal256(kind) for kind in kinds)
            kind = pa.decimal256(_WIDE, min(scale, _MOST_PLACES)) if wide else pa.decimal128(_MOST_PLACES, scale)
            field = field.with_type(kind)
        elif pa.types.is_dictionary(field.type):
            field = field.with_type(field.type.value_type)
        fields.append(field)
    return pa.schema(fields)
