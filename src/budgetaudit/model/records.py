"""Budgets from Python data: a dict, records, a data frame.

Text is read as it is printed ("677.41万元", "(1,234.50)", "-" for a dash). Decimals keep their digits. Whole numbers are
printed to zero places. Floats are taken by their shortest text and marked "precision unknown", because nothing in them says
which digits were printed (law 1). Frames are read by duck typing: pandas, polars and pyarrow each offer one of the methods
tried here, so none of them is imported; any other frame goes through narwhals if the extra `frames` is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from math import isnan
from typing import Any, Final, cast

from pydantic import ValidationError

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label, cut_code
from budgetaudit.model.line import BudgetLine, Identity, State, refusal
from budgetaudit.money.amount import Amount
from budgetaudit.money.scan import parse_amount
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.money.unit_names import parse_unit

Figure = str | int | float | Decimal | Amount | None

_BLANKS: Final = frozenset({"", "nat", "nan", "none", "null", "n/a", "na", "<na>"})
_DASHES: Final = frozenset({"-", "—", "——", "–", "--", "/", "无", "無", "不适用", "不適用"})
_FLOAT: Final = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,4}")
_IDENTITY: Final = ("entity", "period", "phase", "fund", "measure", "classification", "against", "table")
_COLUMNS: Final = ("label", "amount", "value", "places", "unit", "code", "within", "keys", "id", *_IDENTITY)


def budget_from_mapping(figures: Mapping[str, Figure], *, unit: str | Unit | None = None, **identity: Any) -> Budget:
    """A budget of label to figure: `{"total": "677.41", "wages": "167.09"}`.

    Args:
        figures: Text as printed, Decimal, int, Amount; float with unknown precision; None, "" or "-" for what is missing.
        unit: The unit of figures that carry none themselves.
        identity: What all lines share: `entity`, `period`, `phase`, `fund`, ...

    Raises:
        BudgetAuditError: A figure cannot be read; the message names its label.
    """
    return budget_from_records(
        ({"label": label, "amount": figure, **identity} for label, figure in figures.items()), unit=unit
    )


def budget_from_records(
    records: Iterable[Mapping[str, Any]],
    *,
    columns: Mapping[str, str] | None = None,
    unit: str | Unit | None = None,
) -> Budget:
    """A budget of one record per line.

    Args:
        records: Mappings with `label` and `amount` (or `value`), and any of `places`, `unit`, `code`, `within`, `id`,
            `keys`, `entity`, `period`, `phase`, `fund`, `measure`, `classification`, `against`, `table`.
        columns: Which of the caller's columns hold these: `{"label": "项目", "amount": "金额"}`; others are not read then.
        unit: The unit of figures that carry none themselves.

    Raises:
        BudgetAuditError: A column is not known or a figure cannot be read; the message names the record.
    """
    lines = [read_line(number, _renamed(number, record, columns), unit) for number, record in enumerate(records, 1)]
    return Budget(tuple(lines))


def budget_from_rows(
    rows: Iterable[Mapping[str, Any]],
    *,
    entity: Sequence[str] = (),
    keys: Sequence[str] = (),
    figures: Sequence[str] | None = None,
    unit: str | Unit | None = None,
    **identity: Any,
) -> Budget:
    """A budget of wide rows, as ledgers keep them: several figures in a row, the column names as labels.

    Args:
        rows: One mapping a row.
        entity: Columns that together name the account a row belongs to; several are joined by " | ".
        keys: Further columns that tell the rows of one account apart; rules reach them as `key.column`.
        figures: The columns that hold figures; by default all others.
        unit: The unit of figures that carry none themselves.
        identity: What all lines share: `table`, `period`, `phase`, ...

    Raises:
        BudgetAuditError: A column is not there or a figure cannot be read; the message names the row.
    """
    records: list[dict[str, Any]] = []
    for number, row in enumerate(rows, 1):
        for column in (*entity, *keys, *(figures or ())):
            if column not in row:
                raise BudgetAuditError(f"row {number} has no column {column!r}; {nearest(column, map(str, row))}")
        account = " | ".join("" if is_blank(row[column]) else str(_text(row[column])) for column in entity)
        shared = {**identity, "keys": {column: row[column] for column in keys}}
        if entity:
            shared["entity"] = account
        chosen = [column for column in row if column not in {*entity, *keys}] if figures is None else figures
        records += ({"label": column, "amount": row[column], **shared} for column in chosen)
    return budget_from_records(records, unit=unit)


def budget_from_frame(
    frame: Any, *, columns: Mapping[str, str] | None = None, unit: str | Unit | None = None
) -> Budget:
    """A budget of one row per line, from pandas, polars, pyarrow, or what narwhals can read.

    Decimal columns have one scale: give a `places` column, or text, where figures were printed with different places.

    Raises:
        BudgetAuditError: As `budget_from_records`, or the object is no data frame.
    """
    return budget_from_records(frame_records(frame), columns=columns, unit=unit)


def is_frame(source: object) -> bool:
    """Whether an object looks like a data frame."""
    return hasattr(source, "__dataframe__") or hasattr(source, "__arrow_c_stream__") or hasattr(source, "to_pylist")


def frame_records(frame: Any) -> list[dict[str, Any]]:
    """The rows of a data frame as dicts, without importing its library.

    Raises:
        BudgetAuditError: The object is no data frame that can be read here.
    """
    if hasattr(frame, "to_pylist") and hasattr(frame, "column_names"):  # pyarrow
        return list(frame.to_pylist())
    if hasattr(frame, "to_dicts"):  # polars
        return list(frame.to_dicts())
    if hasattr(frame, "collect"):  # polars, lazy
        return frame_records(frame.collect())
    if hasattr(frame, "to_dict") and hasattr(frame, "iterrows"):  # pandas
        return list(frame.to_dict(orient="records"))
    try:
        narwhals = import_module("narwhals")
    except ImportError:
        raise BudgetAuditError(
            f"{type(frame).__name__} is no data frame this version reads by itself",
            hint='pip install "budgetaudit[frames]"',
        ) from None
    try:
        return list(narwhals.from_native(frame, eager_only=True).rows(named=True))
    except TypeError as error:
        raise BudgetAuditError(f"{type(frame).__name__} is no data frame: {error}") from error


def _renamed(number: int, record: Mapping[str, Any], columns: Mapping[str, str] | None) -> dict[str, Any]:
    if not isinstance(cast("object", record), Mapping):
        raise BudgetAuditError(f"record {number}: expected a mapping, found {type(record).__name__}")
    if columns is None:
        for column in record:
            if column not in _COLUMNS:
                raise BudgetAuditError(
                    f"record {number}: the column {column!r} is not known; {nearest(str(column), _COLUMNS)}",
                    hint='say what your columns hold: columns={"label": "项目", "amount": "金额"}',
                )
        return dict(record)
    for ours, theirs in columns.items():
        if ours not in _COLUMNS:
            raise BudgetAuditError(f"columns: {ours!r} is not known; {nearest(ours, _COLUMNS)}")
        if theirs not in record:
            raise BudgetAuditError(f"record {number} has no column {theirs!r}; {nearest(theirs, map(str, record))}")
    return {ours: record[theirs] for ours, theirs in columns.items()}


def read_line(number: int, record: Mapping[str, Any], unit: str | Unit | None) -> BudgetLine:
    """One record as a line, its columns named as `budget_from_records` names them.

    Raises:
        BudgetAuditError: It has no label, or something in it cannot be read.
    """
    label = record.get("label")
    if not isinstance(label, str) or not label.strip():
        raise BudgetAuditError(f"record {number} has no label")
    place = f"record {number} ({label})"
    given = {column: value for column, value in record.items() if not is_blank(value)}
    figure = given.get("amount") if "amount" in record else given.get("value")
    amount, state = _figure(figure, given.get("unit", unit), given.get("places"), place)
    try:
        identity = Identity(
            label=canonical_label(label),
            code=_code(given["code"], given.get("classification"), place) if "code" in given else None,
            within=_within(given.get("within", ()), place),
            keys=_keys(given.get("keys", {}), place),
            **{field: _text(given[field]) for field in _IDENTITY if field in given},
        )
        return BudgetLine(
            id=str(_text(given.get("id", f"l{number}"))), label=label, identity=identity, amount=amount, state=state
        )
    except ValidationError as error:
        raise refusal(place, error) from error


def _figure(figure: Any, unit: str | Unit | None, places: Any, place: str) -> tuple[Amount | None, State]:
    if figure is None:
        return None, "blank"
    if isinstance(figure, Amount):
        return figure, "printed"
    if isinstance(figure, str):
        if figure.strip() in _DASHES:
            return None, "dash"
        try:
            return _placed(parse_amount(figure, unit=unit), places, place), "printed"
        except BudgetAuditError as error:
            raise BudgetAuditError(f"{place}: {error.message}", hint=error.hint) from error
    given = parse_unit(unit) if isinstance(unit, str) else unit
    if isinstance(unit, str) and given is None:
        raise BudgetAuditError(f"{place}: {unit!r} is no unit", hint="write 万元, yuan, USD, %, 辆 or pass a Unit")
    return _placed(_number(figure, given or NUMBER, place), places, place), "printed"


def _number(figure: Any, unit: Unit, place: str) -> Amount:
    if isinstance(figure, bool):
        raise BudgetAuditError(f"{place}: {figure} is no figure")
    if hasattr(figure, "__index__"):  # an int, or a whole number of a frame's library
        return Amount(Decimal(int(figure)), 0, unit)
    if isinstance(figure, Decimal):
        value = figure
    elif hasattr(figure, "__float__"):  # a float of any width: its own shortest text, 0.1 and not 0.10000000149
        value = Decimal(str(figure) if _FLOAT.fullmatch(str(figure)) else repr(float(figure)))
    else:
        raise BudgetAuditError(f"{place}: a figure is text, Decimal, int or Amount, not {type(figure).__name__}")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise BudgetAuditError(f"{place}: {figure} is not finite")
    known = isinstance(figure, Decimal)
    return Amount(value, max(-exponent, 0), unit, "printed" if known else "unknown")


def _placed(amount: Amount, places: Any, place: str) -> Amount:
    """The amount with the places a `places` column names; they also settle the precision of a float."""
    if places is None:
        return amount
    whole = _text(places)
    if not _WHOLE.fullmatch(whole if isinstance(whole, str) else ""):
        raise BudgetAuditError(f"{place}: places is a whole number, not {places!r}")
    precision = "printed" if amount.precision == "unknown" else amount.precision
    return Amount(amount.value, int(whole), amount.unit, precision)


def is_blank(value: Any) -> bool:
    """Whether a value is no value: None, NaN, NaT, NA and the empty texts that tables use for nothing."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip().lower() in _BLANKS
    if isinstance(value, Decimal):
        return value.is_nan()
    kind = type(value).__name__  # numpy and pandas are not imported to be asked
    return isnan(value) if kind.startswith("float") else kind in {"NAType", "NaTType"}


def _code(code: Any, classification: Any, place: str) -> tuple[str, ...]:
    written = _text(code)
    if isinstance(written, str):
        return cut_code(written, classification)
    if hasattr(code, "__iter__"):
        return tuple(str(_text(level)) for level in code)
    raise BudgetAuditError(f"{place}: a code is text such as '2010301' or a tuple of levels, not {code!r}")


def _within(within: Any, place: str) -> tuple[str, ...]:
    labels: list[Any] = [within] if isinstance(within, str) or not hasattr(within, "__iter__") else [*within]
    if not all(isinstance(label, str) for label in labels):
        raise BudgetAuditError(f"{place}: within is a label or a list of labels, not {within!r}")
    return tuple(map(canonical_label, labels))


def _keys(keys: Any, place: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(keys, Mapping):
        raise BudgetAuditError(f"{place}: keys are columns and what stands in them, not {keys!r}")
    columns = cast("Mapping[str, Any]", keys).items()
    return tuple((column, "" if is_blank(value) else str(_text(value))) for column, value in columns)


def _text(value: Any) -> Any:
    """Whole numbers as text, also those that a column with gaps made floats: 2017.0 is 2017."""
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return str(int(value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else value
