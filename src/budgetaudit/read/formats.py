"""Formats: which reader gets a document, by what it is called and by what its first bytes are.

A reader is one row here and one function `(data, *, name, encoding) -> Material`, imported when the first document of its
format comes. Bytes that say themselves what they are go before a suffix: a page saved as `.xls` is read as the page it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final, Protocol, cast

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.material import Material

# Suffix -> module and function; several suffixes may share a reader.
_READERS: Final[Mapping[str, str]] = MappingProxyType({
    "": "plain:read_plain", ".txt": "plain:read_plain", ".text": "plain:read_plain",
    ".md": "markdown:read_markdown", ".markdown": "markdown:read_markdown",
    ".html": "html:read_html", ".htm": "html:read_html", ".docx": "docx:read_docx",
    ".csv": "delimited:read_delimited", ".tsv": "delimited:read_delimited",
    ".xlsx": "workbook:read_workbook", ".xlsm": "workbook:read_workbook", ".xls": "workbook:read_workbook",
    ".xlsb": "workbook:read_workbook", ".ods": "workbook:read_workbook",
    ".pdf": "pdf:read_pdf",
})  # fmt: skip
_TEXTS: Final = frozenset({".txt", ".text", ".md", ".markdown", ".csv", ".tsv"})
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_PARTS: Final = (("xl/", ".xlsx"), ("word/", ".docx"), ("ppt/", ".pptx"))  # how the names in an Office archive begin
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."


class Reader(Protocol):
    """What reads the bytes of one format; it raises `UnreadableInput` for what it cannot read, and nothing else."""

    def __call__(self, data: bytes, *, name: str, encoding: str | None = None) -> Material:
        """The text and the grids of a document."""
        ...


def reader_for(data: bytes, *, name: str, suffix: str) -> Reader:
    """The reader of a document.

    Args:
        data: Its bytes.
        name: What it is called in errors.
        suffix: The end of its name, lower case, with the dot; empty where there is none.

    Raises:
        UnreadableInput: Nothing here reads its format.
    """
    shown = _shown_by(data)
    if shown is not None and shown in _READERS and not (shown == ".html" and suffix in _TEXTS):
        return _load(_READERS[shown])
    if suffix not in _READERS:
        readable = ", ".join(known for known in _READERS if known)
        raise UnreadableInput(
            f"{name} is a {suffix} file, which this version does not read",
            hint=f"read {readable}, or pass a data frame",
        )
    return _load(_READERS[suffix])


def _load(target: str) -> Reader:
    module, _, function = target.partition(":")
    return cast("Reader", getattr(import_module(f"budgetaudit.read.{module}"), function))


def _shown_by(data: bytes) -> str | None:
    """The suffix of the format that the bytes themselves show; None for text, and for what is not known."""
    if data[:64].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ".xls"  # or a workbook behind a password, which its reader says
    return ".html" if _HTML.match(data[:4096]) else None


def _archive(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace")
                return ".ods" if kind == f"{_OPEN_DOCUMENT}spreadsheet" else None
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return None
    if any(name.startswith("xl/") and name.endswith("workbook.bin") for name in names):
        return ".xlsb"
    return next((suffix for start, suffix in _PARTS if any(name.startswith(start) for name in names)), None)
