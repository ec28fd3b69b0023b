"""Facts: a long or a wide table as codes and whole numbers, and any of its figures as a budget line.

A long table has a figure a row; a wide one a unit a row and an item a column, and says the same as the long table one
would unpivot it to. The four axes of a unit (entity, period, phase, fund) are columns the caller names; further key columns
are part of the entity. Everything else a column may say (code, measure, table, classification, against) tells items apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Final, cast

import numpy as np

from budgetaudit.check.arrays.amounts import Amounts, peak_of, read_amounts
from budgetaudit.check.arrays.coded import Array, Coded, Numbers, coded, column_of, combined, occurring, recoded
from budgetaudit.check.names import AXES
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.records import read_line
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.money.unit_names import parse_unit

pa: Any = import_module("pyarrow")

ITEM_COLUMNS: Final = ("label", "code", "measure", "classification", "against", "table")


@dataclass(frozen=True)
class Layout:
    """Which columns hold what.

    Attributes:
        axes: The column of each axis there is.
        keys: All key columns, in the caller's order; those that are no axis are part of the entity.
        item: Of a long table, the columns that tell items apart, by `ITEM_COLUMNS`.
        amount: Of a long table.
        wide: Of a wide table, the columns that hold items.
        places: A column, a number for all figures, or None where the figures say it themselves.
        unit: A column, or the unit of all figures.
    """

    axes: Mapping[str, str]
    keys: tuple[str, ...]
    item: Mapping[str, str] = field(default_factory=dict[str, str])
    amount: str | None = None
    wide: tuple[str, ...] = ()
    places: str | int | None = None
    unit: str | Unit = NUMBER


@dataclass(frozen=True)
class Facts:
    """A table as codes and numbers.

    Attributes:
        items: Identities without entity, period, phase and fund.
        item_codes: Of every row of a long table; None for a wide one.
        axes: Every axis as codes; one that no column holds has one value, None.
        figures: One column of figures, or of a wide table one per item.
        units: The unit of every row, or of all.
    """

    table: Any
    layout: Layout
    items: tuple[Identity, ...]
    item_codes: Coded | None
    axes: Mapping[str, Coded]
    figures: tuple[Amounts, ...]
    units: Coded
    rows: int

    def line(self, row: int, item: int | None = None) -> BudgetLine:
        """One figure as the scalar engine reads it; of a wide table, that of an item.

        Raises:
            BudgetAuditError: It cannot be read.
        """
        layout = self.layout
        record: dict[str, Any] = {axis: coding.at(row) for axis, coding in self.axes.items()}
        if item is None:
            record |= {name: self.table.column(column)[row].as_py() for name, column in layout.item.items()}
            record["label"] = label_of(record)
            column, mark = cast("str", layout.amount), f"r{row}"
        else:
            record["label"] = column = layout.wide[item]
            mark = f"r{row}.{item}"
        places = layout.places
        record["places"] = self.table.column(places)[row].as_py() if isinstance(places, str) else places
        record |= {"amount": self.table.column(column)[row].as_py(), "id": mark}
        return read_line(row, record, self.units.at(row))

    def lines_beside(self, row: int) -> Iterator[BudgetLine]:
        """All lines of the entity that a row belongs to."""
        coding = self.axes["entity"]
        rows = np.flatnonzero(coding.raw == coding.raw[row]).tolist()
        places = [None] if self.item_codes is not None else list(range(len(self.items)))
        yield from (self.line(one, item) for one in rows for item in places)

    def first_of_entities(self, rows: Array) -> list[int]:
        """One row of every entity that some rows belong to, in the order of the table."""
        ordered = np.unique(rows[rows >= 0])
        _, first = np.unique(self.axes["entity"].raw[ordered], return_index=True)
        return [int(row) for row in ordered[np.sort(first)].tolist()]


def label_of(record: Mapping[str, Any]) -> Any:
    """The label of an item; where a table has only codes, the code."""
    label = record.get("label")
    label = record.get("code") if label is None else label
    return str(label) if isinstance(label, int) else label


def read_facts(table: Any, layout: Layout) -> Facts:
    """Read a table as its layout says.

    Raises:
        BudgetAuditError: A column is not there, or what it holds is no figure, unit, phase or place.
    """
    rows = table.num_rows
    axes = {axis: _axis(axis, table, layout, rows) for axis in AXES}
    units = _units(table, layout, rows)
    places = _places(table, layout)
    unit = units.values[0] if len(units.values) == 1 else NUMBER
    if layout.amount is None:
        figures = tuple(_figures(table, name, places, unit) for name in layout.wide)
        items = tuple(_item({"label": name}) for name in layout.wide)
        if len(set(items)) < len(items):
            raise BudgetAuditError("two columns of a wide table are the same item", hint="unpivot it to a long table")
        return Facts(table, layout, items, None, axes, figures, units, rows)
    coding = _items(table, layout)
    figures = (read_amounts(column_of(table, layout.amount), places, unit),)
    return Facts(table, layout, tuple(coding.values), coding, axes, figures, units, rows)


def _figures(table: Any, name: str, places: Array | int | None, unit: Unit) -> Amounts:
    """One column of a wide table; how large its figures are is found while they are in the cache."""
    figures = read_amounts(column_of(table, name), places, unit)
    return replace(figures, peak=peak_of(figures.digits))


def _axis(axis: str, table: Any, layout: Layout, rows: int) -> Coded:
    more = [name for name in layout.keys if name not in layout.axes.values()] if axis == "entity" else []
    names = ([layout.axes[axis]] if axis in layout.axes else []) + more
    if not names and axis == "entity" and layout.wide and not layout.keys:
        return Coded(np.arange(rows), Numbers(0, rows))  # without keys every row is an entity of its own
    if not names:
        return Coded(np.zeros(rows, np.int8), (None,))
    coding = coded(column_of(table, names[0]))
    if more:
        joint = combined([coding, *(coded(column_of(table, name)) for name in names[1:])])
        coding = recoded(joint.codes, [" | ".join("" if one is None else str(one) for one in value) for value in joint.values])  # fmt: skip
    if axis in {"phase", "fund"}:
        present = occurring(coding.codes, len(coding.values)).tolist()
        for place in present:
            read_line(0, {"label": f"column {names[0]!r}", axis: coding.values[place]}, None)
    return coding


def _items(table: Any, layout: Layout) -> Coded:
    columns = [coded(column_of(table, layout.item[name])) for name in layout.item]
    whole = combined(columns) if len(columns) > 1 else columns[0]

    def read(value: Any) -> Identity:
        return _item(dict(zip(layout.item, value if len(columns) > 1 else (value,), strict=True)))

    if isinstance(whole.values, Numbers) or any(not _is_label(value) for value in whole.values):
        return whole.mapped(read)  # only of what occurs
    return recoded(whole.codes, [read(value) for value in whole.values])


def _is_label(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _item(record: Mapping[str, Any]) -> Identity:
    label = label_of(record)
    if not isinstance(label, str) or not label.strip():
        raise BudgetAuditError("a row has no item")
    return read_line(0, {**record, "label": label}, None).identity


def _places(table: Any, layout: Layout) -> Array | int | None:
    if not isinstance(layout.places, str):
        return layout.places
    column = column_of(table, layout.places)
    if not pa.types.is_integer(column.type) or column.null_count:
        raise BudgetAuditError(f"{layout.places!r} must hold whole numbers, one in every row, to be places")
    places: Array = column.to_numpy(zero_copy_only=False).astype(np.int64)
    if len(places) and bool((places == places[0]).all()):
        return int(places[0])
    if len(places) and (int(places.max()) > 1000 or int(places.min()) < -1000):
        raise BudgetAuditError(f"{layout.places!r} holds more than 1000 places")
    return places


def _units(table: Any, layout: Layout, rows: int) -> Coded:
    if isinstance(layout.unit, Unit):
        return Coded(np.zeros(rows, np.int8), (layout.unit,))
    coding = coded(column_of(table, layout.unit)).mapped(_unit)
    return coding if len(coding.values) > 1 else Coded(np.zeros(rows, np.int8), coding.values)


def _unit(text: Any) -> Unit:
    if text is None:
        return NUMBER
    found = parse_unit(text) if isinstance(text, str) else None
    if found is None:
        raise BudgetAuditError(f"{text!r} is no unit", hint="write 万元, yuan, USD, %, 辆")
    return found
