"""PDF: the text and the tables of a document with a text layer.

pdfplumber gives the characters and the lines of a page; what belongs together is decided here by where it stands. Pages
are read one after the other and let go, so that memory follows the longest page, not the document.

There is no recognition of characters in pictures: a scanned page has nothing to read, and a document of nothing else is
refused.
"""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from budgetaudit.errors import UnreadableInput
from budgetaudit.progress import counted
from budgetaudit.read.material import Material
from budgetaudit.read.pdf.furniture import without_furniture
from budgetaudit.read.pdf.page import Page, read_page
from budgetaudit.read.pdf.writing import written

_MOST_PAGES: Final = 5_000


def read_pdf(data: bytes, *, name: str, encoding: str | None = None) -> Material:  # noqa: ARG001 - a reader takes it
    """The material of a PDF document.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.
        encoding: Not used: a PDF says itself what its characters are.

    Raises:
        UnreadableInput: pdfplumber is not installed; the bytes are no whole PDF; it needs a password; it holds pictures of
            pages and no text.
    """
    try:
        import pdfplumber
    except ImportError:
        raise UnreadableInput(f"reading {name} needs pdfplumber", hint="pip install 'budgetaudit[pdf]'") from None
    if not data.strip():
        raise UnreadableInput(f"{name} is empty", hint="pass a PDF document")
    pages, pictures = _pages(pdfplumber, data, name)
    if not any(page.parts for page in pages):
        if pictures:
            raise UnreadableInput(
                f"{name} holds {pictures} pictures of pages and no text",
                hint="have its characters recognised (OCR) first",
            )
        raise UnreadableInput(f"{name} holds no text", hint="pass a PDF with a text layer")
    without_furniture(pages)
    return written(pages)


def _pages(pdfplumber: Any, data: bytes, name: str) -> tuple[list[Page], int]:
    """The pages of a document, and how many pictures they show."""
    pages: list[Page] = []
    pictures = 0
    with _guarded(name, data):
        listed: list[Any] = pdfplumber.open(io.BytesIO(data)).pages  # of bytes in memory nothing is left to be closed
    if len(listed) > _MOST_PAGES:
        raise UnreadableInput(f"{name} has {len(listed)} pages", hint=f"pass at most {_MOST_PAGES} pages")
    for number, page in enumerate(counted(listed, stage="reading", of="pages", total=len(listed)), 1):
        with _guarded(name, data):
            pages.append(read_page(page, number))
            pictures += len(page.images)
            page.close()  # lets its characters go
    return pages, pictures


@contextmanager
def _guarded(name: str, data: bytes) -> Generator[None]:
    """Turn whatever a damaged document raises into one clear error; what a watcher of the progress raises is none."""
    try:
        yield
    except UnreadableInput:
        raise
    except RecursionError as error:
        raise UnreadableInput(f"{name} is nested too deeply to be read", hint="save it anew as PDF") from error
    except Exception as error:
        raise _refusal(name, data, error) from error


def _refusal(name: str, data: bytes, error: Exception) -> UnreadableInput:
    causes = {type(one).__name__ for one in (error, error.__cause__, error.__context__, *error.args) if one is not None}
    if any("Password" in cause or "Encryption" in cause for cause in causes):
        return UnreadableInput(f"{name} is protected by a password", hint="save it without a password")
    if not data[:1024].lstrip().startswith(b"%PDF-"):
        return UnreadableInput(f"{name} is no PDF document", hint="its first bytes are not %PDF-")
    return UnreadableInput(
        f"{name} is damaged or cut off ({type(error).__name__})", hint="fetch it again, or save it anew as PDF"
    )
