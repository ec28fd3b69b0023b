"""Binary workbooks (.xls, .xlsb): their values, by python-calamine.

That library gives no number formats and no formulas. The formats of an .xls file are read beside it (`old_formats`); every
number of an .xlsb file is taken as it is stored, with the places of its column.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any, Final, TypeAlias

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.workbook.address import Place, Span
from budgetaudit.read.workbook.old_formats import OldSheet, old_formats
from budgetaudit.read.workbook.stored import MOST_CELLS, Kind, StoredCell, StoredSheet, StoredWorkbook, Style

Workbook: TypeAlias = Any
_VISIBLE: Final = "Visible"


def other_workbook(data: bytes, *, name: str) -> StoredWorkbook:
    """What an .xls or .xlsb file holds.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.

    Raises:
        UnreadableInput: python-calamine is not installed, or the file is damaged, locked or no workbook.
    """
    try:
        calamine = import_module("python_calamine")
    except ImportError as missing:
        raise UnreadableInput(
            f"reading {name} needs python-calamine", hint="pip install 'budgetaudit[excel]'"
        ) from missing
    sheets: list[StoredSheet] = []
    formats = old_formats(data)
    styles: dict[str | int, int] = {"General": 0}
    left = MOST_CELLS
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for entry in workbook.sheets_metadata:
            if not str(entry.typ).endswith("WorkSheet"):
                continue
            hidden = not str(entry.visible).endswith(_VISIBLE)
            sheet = StoredSheet(entry.name, hidden=hidden)
            if not hidden:
                source = workbook.get_sheet_by_name(entry.name)
                left -= source.total_height * source.total_width
                if left < 0:
                    raise UnreadableInput(
                        f"{name} has more than {MOST_CELLS:,} cells", hint="read it into a data frame"
                    )
                known = formats.get(entry.name, OldSheet())
                sheet.cells += _cells(source, known, styles)
                sheet.hidden_rows |= known.hidden_rows
                sheet.spans += _spans(source)
            sheets.append(sheet)
    except UnreadableInput:
        raise
    except calamine.PasswordError as locked:
        raise UnreadableInput(f"{name} is protected by a password", hint="save a copy without one") from locked
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":  # a panic of the library in Rust
            raise UnreadableInput(
                f"{name} is damaged or no workbook: {error}", hint="open it and save it as .xlsx"
            ) from error
        raise
    return StoredWorkbook(sheets, [Style(code, 0) for code in styles], since_1904=False)


def _cells(source: Workbook, known: OldSheet, styles: dict[str | int, int]) -> Iterator[StoredCell]:
    for row, values in enumerate(source.iter_rows()):
        for column, value in enumerate(values):
            match value:
                case bool():
                    yield StoredCell(row, column, "truth", str(value).upper(), None, 0)
                case int() | float():
                    style = styles.setdefault(known.formats.get(Place(row, column), "General"), len(styles))
                    yield StoredCell(row, column, "number", repr(value), None, style)
                case str() if value:
                    kind: Kind = (
                        "error" if value.startswith("#") and value.endswith(("!", "?", "#N/A", "#NULL")) else "text"
                    )
                    yield StoredCell(row, column, kind, value, None, 0)
                case datetime():
                    yield StoredCell(
                        row, column, "text", value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00"), None, 0
                    )
                case date() | time() | timedelta():
                    yield StoredCell(row, column, "text", str(value), None, 0)
                case _:
                    pass
    for place, error in known.errors.items():
        yield StoredCell(place.row, place.column, "error", error, None, 0)


def _spans(source: Workbook) -> Iterator[Span]:
    for (top, left), (bottom, right) in source.merged_cell_ranges or ():
        yield Span(top, left, bottom - top + 1, right - left + 1)
