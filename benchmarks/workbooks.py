"""A workbook of many figures, for measuring: one table of twenty columns under a head, in cents."""

from __future__ import annotations

import io
from typing import Final

import xlsxwriter

_COLUMNS: Final = 20


def workbook_of_figures(figures: int) -> bytes:
    """An .xlsx file with that many numeric cells.

    Args:
        figures: How many, a multiple of twenty.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet, money = book.add_worksheet("figures"), book.add_format({"num_format": "#,##0.00"})
    sheet.write_row(0, 0, ["项目", *(f"金额{column}" for column in range(1, _COLUMNS + 1))])
    for row in range(1, figures // _COLUMNS + 1):
        sheet.write(row, 0, f"项目{row}")
        for column in range(1, _COLUMNS + 1):
            sheet.write_number(row, column, (row * 7_919 + column * 104_729) % 1_000_000 / 100, money)
    book.close()
    return file.getvalue()
