"""Number formats of old workbooks (.xls): which format each cell has, read from the records of the file.

python-calamine gives the values of such a file and not their formats; what a cell prints depends on both. Here only the
records about formats are read: the list of formats, the list of cell styles, and of every number its style. What cannot be
followed is left out, and its numbers count as numbers without a format. Source: MS-CFB 2.2-2.6, MS-XLS 2.4.126 (Format),
2.4.353 (XF), 2.4.28 (BoundSheet8), 2.4.180 (Number), 2.4.220 (RK), 2.4.175 (MulRk), 2.4.127 (Formula), 2.4.221 (Row).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from budgetaudit.read.workbook.address import Place

_SECTOR_END: Final = 0xFFFFFFFA  # marks above are no sectors
_SMALL: Final = 4096  # streams below lie in the small sectors of the root
_SHEET, _FORMAT, _XF, _ROW = 0x85, 0x41E, 0xE0, 0x208
_FORMULA, _ERROR, _MANY_CELLS = 0x06, 0x205, 0xBD
_ONE_CELL: Final = frozenset({0x203, 0x27E, _FORMULA})  # Number, RK, Formula
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BEGIN, _END = 0x809, 0x0A
_VERSION_8: Final = 0x600


@dataclass
class OldSheet:
    """The formats of a sheet's cells, its hidden rows, and what its cells say that hold an error."""

    formats: dict[Place, str | int] = field(default_factory=dict[Place, "str | int"])
    hidden_rows: set[int] = field(default_factory=set[int])
    errors: dict[Place, str] = field(default_factory=dict[Place, str])


def old_formats(data: bytes) -> dict[str, OldSheet]:
    """The formats of an .xls file, by the name of the sheet; empty where the file is another or damaged.

    Args:
        data: The bytes of the file.
    """
    try:
        return _formats(_stream(data))
    except (struct.error, IndexError, ValueError, KeyError):
        return {}


def _stream(data: bytes) -> bytes:
    """The stream of the workbook within the compound file."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small_size = 1 << struct.unpack_from("<H", data, 32)[0]
    if size not in {512, 4096} or small_size != 64:
        raise ValueError("no sectors of a compound file")
    directory_start, small_start, more_start = (struct.unpack_from("<I", data, at)[0] for at in (48, 60, 68))
    table_sectors = [one for one in struct.unpack_from("<109I", data, 76) if one < _SECTOR_END]
    for _ in range(len(data) // size):
        if more_start >= _SECTOR_END:
            break
        entries = struct.unpack_from(f"<{size // 4}I", data, (more_start + 1) * size)
        table_sectors += [one for one in entries[:-1] if one < _SECTOR_END]
        more_start = entries[-1]
    table: list[int] = []
    for sector in table_sectors:
        table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)

    def chain(start: int, following: list[int]) -> Iterator[int]:
        for _ in range(len(following)):  # a chain that bites its tail ends, too
            if start >= _SECTOR_END:
                return
            yield start
            start = following[start]

    def stored(start: int) -> bytes:
        return b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in chain(start, table))

    directory = stored(directory_start)
    listed = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for entry in listed:
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        if name in {"Workbook", "Book"}:
            start, length = struct.unpack_from("<II", entry, 116)
            if length >= _SMALL:
                return stored(start)[:length]
            small_table = [one[0] for one in struct.iter_unpack("<I", stored(small_start))]
            small = stored(struct.unpack_from("<I", listed[0], 116)[0])
            return b"".join(small[at * 64 : at * 64 + 64] for at in chain(start, small_table))[:length]
    raise ValueError("no workbook in the compound file")


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    """The records of a substream, from its beginning to its end."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _END:
            return
        at += 4 + length


def _formats(stream: bytes) -> dict[str, OldSheet]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    places: list[tuple[str, int]] = []
    for kind, record in _records(stream):
        if kind == _BEGIN and struct.unpack_from("<H", record)[0] != _VERSION_8:
            return {}
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", record)[0]] = _text(record, 2, wide=True)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", record, 2)[0])
        elif kind == _SHEET:
            places.append((_text(record, 6, wide=False), struct.unpack_from("<I", record)[0]))
    return {name: _sheet(stream, at, styles, codes) for name, at in places}


def _text(record: bytes, at: int, *, wide: bool) -> str:
    """A string of the file: its length in one byte or two, a byte that says how wide its characters are, the characters."""
    length = struct.unpack_from("<H" if wide else "<B", record, at)[0]
    at += 2 if wide else 1
    if record[at] & 1:
        return record[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return record[at + 1 : at + 1 + length].decode("latin-1")


def _sheet(stream: bytes, at: int, styles: list[int], codes: dict[int, str]) -> OldSheet:
    sheet = OldSheet()

    def note(row: int, column: int, style: int) -> None:
        if style < len(styles):
            number = styles[style]
            sheet.formats[Place(row, column)] = codes.get(number, number)

    for kind, record in _records(stream, at):
        if kind in _ONE_CELL and len(record) >= 6:
            note(*struct.unpack_from("<HHH", record))
            if kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
                sheet.errors[Place(*struct.unpack_from("<HH", record))] = _ERRORS.get(record[8], "#ERR")
        elif kind == _ERROR and len(record) >= 8 and record[7]:
            sheet.errors[Place(*struct.unpack_from("<HH", record))] = _ERRORS.get(record[6], "#ERR")
        elif kind == _MANY_CELLS and len(record) >= 12:
            row, column = struct.unpack_from("<HH", record)
            for index in range((len(record) - 6) // 6):
                note(row, column + index, struct.unpack_from("<H", record, 4 + 6 * index)[0])
        elif kind == _ROW and len(record) >= 14 and record[12] & 0x20:
            sheet.hidden_rows.add(struct.unpack_from("<H", record)[0])
    return sheet
