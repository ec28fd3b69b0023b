"""Workbooks written for tests: the rows of a sheet as text, and the file that a spreadsheet program would save of them."""

from __future__ import annotations

import io
import re

import xlsxwriter

_FORMULA = re.compile(r"(=\S+)(?: (.+))?")
_HIDDEN = "(hidden) "


def workbook_of(rows: str, *, hidden_sheet: str | None = None) -> bytes:
    """An .xlsx file of one sheet.

    Args:
        rows: One row a line, cells apart by `|`. A number is a number, `167.0934 as 0.00` one with a format, `'348.28` text,
            `=SUM(B2:B3) 5` a formula with its stored value (or without); `(hidden)` before a row hides it.
        hidden_sheet: The name of a second sheet, which is hidden.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Sheet")
    formats = {}
    for row, line in enumerate(rows.strip("\n").splitlines()):
        if line.startswith(_HIDDEN):
            sheet.set_row(row, options={"hidden": True})
        for column, written in enumerate(line.removeprefix(_HIDDEN).split("|")):
            text, _, code = (part.strip() for part in written.partition(" as "))
            style = formats.setdefault(code, book.add_format({"num_format": code})) if code else None
            formula = _FORMULA.fullmatch(text)
            if formula is not None:
                sheet.write_formula(row, column, formula[1], style, _value(formula[2] or ""))
            elif text.startswith("'"):
                sheet.write_string(row, column, text[1:], style)
            elif text:
                sheet.write(row, column, _value(text), style)
    if hidden_sheet is not None:
        draft = book.add_worksheet(hidden_sheet)
        draft.write(0, 0, 5)
        draft.hide()
    book.close()
    return file.getvalue()


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
