"""Auditing figures in the engine they live in: a DuckDB relation or a Spark frame comes in, one of outcomes goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from budgetaudit.audit import Rounding, Rules, conventions_of, gathered_rules
from budgetaudit.check.outcome import VERDICTS, Verdict
from budgetaudit.check.sql import Duplicates, FactColumns, write_plan
from budgetaudit.columns import axes_of, unit_of
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import Identity
from budgetaudit.model.records import read_line
from budgetaudit.money.unit import Unit
from budgetaudit.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from budgetaudit.check.arrays.facts import Layout

_ENGINES: Final = {"duckdb": ("duck", "sql"), "pyspark": ("spark", "spark")}


def audit_sql(
    figures: Any,
    *,
    rules: Rules,
    amount: str,
    keys: Sequence[str] | Mapping[str, str] = (),
    item: str | None = None,
    code: str | None = None,
    places: str | int | None = None,
    unit: str | Unit | None = None,
    rounding: Rounding | None = None,
    tolerance: str | int | Decimal = "0",
    duplicates: Duplicates = "intersect",
    explained: bool = False,
) -> Any:
    """Check a long table in DuckDB or Spark against rules, as one join-aggregate that the engine runs.

    The verdicts are those of `audit_columns`, rule by rule: where two rules come to the same relation each has its own
    outcome. The result has one row per outcome, exact ones too, with the columns `rule`, the keys, `verdict`, `reason`, `gap`
    and `bound` (whole numbers; divided by `per_unit` they are in the unit of the amounts; null for ratios) and
    `missing` (how many terms were not reported). It is not run before somebody looks at it.

    Args:
        figures: A DuckDB relation, or a Spark frame of a session with `spark.sql.ansi.enabled`. Amounts are whole numbers
            or decimals.
        rules: As in `audit`.
        amount: The column of figures.
        keys: As in `audit_columns`.
        item: The column of labels.
        code: The column of classification codes, in place of labels.
        places: With how many decimal places the figures were printed: one number, or a column; by default those of the type.
        unit: The unit of all figures.
        rounding: As in `audit`.
        tolerance: As in `audit`; only with `duplicates="refuse"`.
        duplicates: `intersect` weighs several rows of one fact together, as several prints of it. `refuse` says that there
            are none, which is several times faster; the query fails if there are.
        explained: Spark only: the arrays of `audit_columns` in the executors, on partitions of whole units. One row for every
            outcome that is not exact, with its figures and how probable its gap is; slower, and nothing is refused that
            `audit_columns` takes. The executors need the extra `columns`.

    Raises:
        BudgetAuditError: The call is wrong; a rule cannot be said in SQL (the message names all of them); a sum could leave
            38 digits; Spark would go on after an overflow; or a library is missing.

    Example:
        >>> import duckdb
        >>> with duckdb.connect() as connection:
        ...     figures = connection.sql('''
        ...         select * from (values ('A', 'total', 9), ('A', 'a', 4), ('A', 'b', 4)) as t(entity, item, amount)''')
        ...     found = audit_sql(figures, rules=["total = a + b"], keys=["entity"], item="item", amount="amount")
        ...     found.project("entity, verdict, gap / per_unit as gap").fetchall()
        [('A', 'rounding', 1.0)]
    """
    engine = _engine(figures)
    if explained and engine.DIALECT.name != "spark":
        raise BudgetAuditError("only Spark weighs with explanations", hint="audit_columns takes DuckDB relations, too")
    axes, key_columns = axes_of(keys)
    others = {f"key_{number}": key for number, key in enumerate(key_columns) if key not in axes.values()}
    given = _text_column(item, code)
    columns = FactColumns({**axes, **others}, given, amount, places, _one_unit(unit))
    convention = conventions_of(rounding, tolerance)
    known = gathered_rules(rules, Budget(()))
    chosen = RuleSet(tuple(replace(rule, convention=convention(rule.convention)) for rule in known), known.packs)

    def identify(text: str) -> Identity:
        return read_line(0, {"label": text, **({} if code is None else {"code": text})}, None).identity

    decimals = engine.decimals_of(figures, columns)
    if explained:
        from budgetaudit.check.arrays.facts import Layout

        layout = Layout(
            axes, key_columns, {"label" if code is None else "code": given}, amount, places=places, unit=columns.unit
        )
        items = [identify(text) for text in engine.ask(figures, columns, decimals).items]
        return _explained(figures, layout, chosen, items, columns)
    plan = write_plan(
        chosen, columns, decimals, engine.ask(figures, columns, decimals), engine.DIALECT, identify=identify,
        duplicates=duplicates, convention=None if len(chosen) else convention(None),
    )  # fmt: skip
    return engine.outcomes(figures, plan)


def _explained(frame: Any, layout: Layout, rules: RuleSet, items: list[Identity], columns: FactColumns) -> Any:
    """Outcomes that are not exact, weighed in arrays by the executors, whole units at a time."""
    from budgetaudit.check.arrow_frames import mapped
    from budgetaudit.stream import failed_rules, unit_keys

    failed = failed_rules(rules, items)
    kept = RuleSet(tuple(rule for rule in rules if rule.id not in failed), rules.packs)
    types = dict(frame.dtypes)
    named = {name: types[name] for name in layout.keys}
    return mapped(
        frame.select(*(f"`{name}`" for name in dict.fromkeys((*layout.keys, *columns.names)))), unit_keys(layout, kept), named,
        partial(explained_part, layout=layout, rules=kept), failed,
    )  # fmt: skip


def explained_part(rows: Any, *, layout: Layout, rules: RuleSet) -> Any:
    """The outcomes of a part that are not exact, as Arrow."""
    from budgetaudit.stream import weigh_part

    keep: frozenset[Verdict] = frozenset(VERDICTS) - {"exact"}
    return weigh_part(rows, layout=layout, rules=rules, keep=keep, list_refused=False, convention=None).outcomes


def _engine(figures: Any) -> Any:
    """The adapter of the library that a relation or frame comes from."""
    for kind in type(figures).__mro__:
        library = kind.__module__.partition(".")[0].lstrip("_")
        if library in _ENGINES:
            module, extra = _ENGINES[library]
            for needed in ("pyarrow", *(("sqlglot",) if library == "pyspark" else ())):
                _need(needed, extra)
            return import_module(f"budgetaudit.check.{module}")
    raise BudgetAuditError(
        f"audit_sql takes a DuckDB relation or a Spark frame, not {type(figures).__name__}",
        hint="audit_columns takes frames and tables, audit_stream files",
    )


def _need(library: str, extra: str) -> None:
    try:
        import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise BudgetAuditError(f"audit_sql needs {library}", hint=f"pip install 'budgetaudit[{extra}]'") from error


def _text_column(item: str | None, code: str | None) -> str:
    if (item is None) == (code is None):
        raise BudgetAuditError("figures are named by one column", hint='item="label", or code="code"')
    return item if item is not None else str(code)


def _one_unit(unit: str | Unit | None) -> Unit:
    found = unit_of(unit, ())
    if not isinstance(found, Unit) or found.kind not in {"money", "number", "count"}:
        raise BudgetAuditError("all figures have one unit of money, or none", hint='unit="万元"')
    return found
