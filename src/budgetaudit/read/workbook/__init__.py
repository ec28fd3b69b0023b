"""Workbooks: .xlsx, .xlsm and .ods as they are stored, .xls and .xlsb by their values."""

from __future__ import annotations

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.delimited import read_delimited
from budgetaudit.read.material import Material
from budgetaudit.read.office import Archive, refuse_encrypted
from budgetaudit.read.workbook.open_document import open_document
from budgetaudit.read.workbook.other import other_workbook
from budgetaudit.read.workbook.sheets import shown_workbook
from budgetaudit.read.workbook.stored import stored_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(data: bytes, *, name: str, encoding: str | None = None) -> Material:
    """The material of a workbook, whatever its suffix says: many files called .xls are text between tabs.

    Args:
        data: The bytes of the file.
        name: What it is called in errors and sources.
        encoding: Of a file that turns out to be text.

    Raises:
        UnreadableInput: The file is empty, damaged, behind a password, too large or no workbook, or its format needs a
            library that is not installed.
    """
    if not data:
        raise UnreadableInput(f"{name} is empty", hint="download it again")
    refuse_encrypted(data, name)
    if data.startswith(_OLE):
        return shown_workbook(other_workbook(data, name=name), name=name)
    if not data.startswith(b"PK"):
        return _text(data, name, encoding)
    archive = Archive(data, name)
    if "[Content_Types].xml" in archive and not any(path.lower().endswith("workbook.bin") for path in archive.paths):
        return shown_workbook(stored_workbook(archive), name=name)
    if "content.xml" in archive:
        return shown_workbook(open_document(data, name=name), name=name)
    return shown_workbook(other_workbook(data, name=name), name=name)


def _text(data: bytes, name: str, encoding: str | None) -> Material:
    start = data[:2_000].lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise UnreadableInput(f"{name} is a workbook of Excel 2003 in XML", hint="open it and save it as .xlsx")
    if b"\0" in data[:2_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInput(f"{name} is no workbook", hint="open it in its own program and save it as .xlsx")
    return read_delimited(data, name=name, encoding=encoding)
