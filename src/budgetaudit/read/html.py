"""HTML: pages with tables, read as a reader of the page sees them.

Scripts, styles and what is hidden are no part of the page. Text flows into lines as a browser breaks them, tables become
grids with every merged cell once, and tables that only arrange the page are read through. Entities are resolved by the
parser's own list; nothing is fetched and nothing expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final, TypeAlias

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.encoding import Decoded, decode
from budgetaudit.read.frame import FIGURE
from budgetaudit.read.layout import Layout
from budgetaudit.read.material import Material
from budgetaudit.read.spans import Box, laid_out, only_arranges

HtmlElement: TypeAlias = Any  # lxml ships no types

_MOST_BYTES: Final = 200_000_000
_UNSEEN: Final = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "audio",
        "video",
        "canvas",
        "map",
        "datalist",
        "select",
        "button",
        "nav",
        "textarea",
    ]
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "caption",
        "ul",
        "tr",
        "td",
        "th",
    ]
)
_META: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w:.-]{2,40})", re.IGNORECASE)
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_RAISED: Final = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_MARKS: Final = re.compile(r"[⁰¹²³⁴-⁹⁺⁻⁽⁾*＊※†‡]+\Z")
_NO_TEXT: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f]"
_BREAK: Final = "\n"


def read_html(data: bytes, *, name: str, encoding: str | None = None) -> Material:
    """The material of a page.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.
        encoding: Its encoding; otherwise what its bytes show or the page declares.

    Raises:
        UnreadableInput: lxml is not installed, the encoding is not clear, or the page is too large or nested too deep.
    """
    if len(data) > _MOST_BYTES:
        raise UnreadableInput(f"{name} is larger than {_MOST_BYTES // 1_000_000} MB", hint="split it")
    decoded = _decoded(data, name, encoding)
    page = Layout()
    root = _parsed(decoded.text, name)
    if root is not None:
        _Reader(page, name).read(root)
    return page.material(encoding=decoded.encoding)


def _decoded(data: bytes, name: str, encoding: str | None) -> Decoded:
    """The characters: as told, as the bytes show, else as the page declares if that fits all but a few of them."""
    if encoding is not None:
        return decode(data, encoding=encoding, name=name)
    declared = _DECLARED.match(data[:1024]) or _META.search(data[:8192])
    codec = declared[1].decode("ascii").lower() if declared else ""
    codec = _WIDER.get(codec, codec)
    try:
        found = decode(data, name=name)
    except UnreadableInput:
        if not codec or b"\0" in data:
            raise
    else:
        if found.encoding.startswith("utf") or not codec:
            return found
    try:
        text = data.decode(codec, errors="replace")
    except LookupError:
        return decode(data, name=name)
    if text.count("\ufffd") * 1000 > len(text):
        return decode(data, name=name)
    return Decoded(text, codec)


def _parsed(text: str, name: str) -> HtmlElement | None:
    """The tree of a page; None for one without anything in it."""
    try:
        etree, html = import_module("lxml.etree"), import_module("lxml.html")
    except ImportError as missing:
        raise UnreadableInput(f"reading {name} needs lxml", hint="pip install 'budgetaudit[html]'") from missing
    cleaned = re.sub(_NO_TEXT, " ", text)
    if not cleaned.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(cleaned.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing but comments
        return None
    except (etree.LxmlError, ValueError, AssertionError, RecursionError) as error:
        raise UnreadableInput(f"{name} cannot be read as HTML: {error}") from error
    if any("xcessive depth" in entry.message for entry in parser.error_log):  # the parser drops what is deeper
        raise UnreadableInput(f"{name} is nested deeper than any page", hint="save it from a browser")
    return root


class _Reader:
    """Walks a page in reading order and prints what it shows."""

    def __init__(self, page: Layout, name: str) -> None:
        self._page, self._name = page, name
        self._inline: list[str] = []

    def read(self, root: HtmlElement) -> None:
        self._walk(root)
        self._flush()

    def _walk(self, element: HtmlElement) -> None:
        """Print an element; the parser bounds how deep they nest."""
        tag = _tag(element)
        if tag is None or _is_unseen(element, tag):
            return
        if tag == "table" and self._is_printed_as_table(element):
            return
        block = tag in _BLOCKS
        if block:
            self._flush()
        if tag == "br":
            self._inline.append(_BREAK)
        elif tag == "sup":
            self._inline.append(_text_of(element))
        elif tag == "input":
            self._inline.append(_entered(element))
        else:
            self._inline.append(_flowing(element.text, kept=tag == "pre"))
            for child in element:
                self._walk(child)
                self._inline.append(_flowing(child.tail, kept=tag == "pre"))
        if block:
            self._flush()

    def _flush(self) -> None:
        """End the line."""
        text, self._inline = _tidied("".join(self._inline)), []
        self._page.line(text)

    def _is_printed_as_table(self, table: HtmlElement) -> bool:
        """Print a table of figures; one that only arranges the page is left to be walked through."""
        if table.get("role") in {"presentation", "none"} or _holds_tables(table):
            return False
        rows = [[_box(cell) for cell in row] for row in _rows(table)]
        if only_arranges(rows):
            return False
        self._flush()
        for caption in table.iterchildren("caption"):
            self._page.line(_text_of(caption))
        self._page.table(laid_out(rows, name=self._name))
        return True


def _tag(element: HtmlElement) -> str | None:
    """The name of an element, in lower case; None for comments and the like."""
    tag: Any = element.tag
    return tag.lower() if isinstance(tag, str) else None


def _is_unseen(element: HtmlElement, tag: str) -> bool:
    if tag in _UNSEEN or "hidden" in element.attrib:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def _flowing(text: str | None, *, kept: bool = False) -> str:
    """Text as a browser flows it: white space of the source is one space, unless the page keeps it."""
    if not text:
        return ""
    return text.replace("\r\n", "\n").replace("\t", " ") if kept else _SPACES.sub(" ", text)


def _tidied(text: str) -> str:
    """One or several lines without the spaces that a browser does not show; spaces without break are indentation."""
    lines = [_SPACES.sub(" ", line).strip(" ").replace("\xa0", " ").rstrip() for line in text.split(_BREAK)]
    return "\n".join(line for line in lines if line.strip())


def _holds_tables(table: HtmlElement) -> bool:
    """Whether a table is a frame around tables of more than one cell."""
    return any(len(list(_cells_within(inner))) > 1 for inner in table.iterdescendants("table"))


def _cells_within(table: HtmlElement) -> Iterator[HtmlElement]:
    yield from table.iterdescendants("td", "th")


def _rows(table: HtmlElement) -> list[list[HtmlElement]]:
    """The cells of each row as printed: head, body, foot, wherever the source has them."""
    head: list[HtmlElement] = []
    body: list[HtmlElement] = []
    foot: list[HtmlElement] = []
    for child in table:
        match _tag(child):
            case "tr":
                body.append(child)
            case "thead" if not head:
                head += child.iterchildren("tr")
            case "thead" | "tbody":
                body += child.iterchildren("tr")
            case "tfoot":
                foot += child.iterchildren("tr")
            case _:
                pass
    return [
        [cell for cell in row.iterchildren("td", "th") if not _is_unseen(cell, "td")]
        for row in (*head, *body, *foot)
        if not _is_unseen(row, "tr")
    ]


def _box(cell: HtmlElement) -> Box:
    text = _text_of(cell)
    without = _MARKS.sub("", text)
    shown = without if without != text and FIGURE.fullmatch(without.strip()) else text  # a footnote's mark is no digit
    rows = _span(cell, "rowspan")
    return Box(shown, _span(cell, "colspan") or 1, 65_534 if rows == 0 else rows)


def _span(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or "").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _text_of(element: HtmlElement) -> str:
    """The text of an element whatever is in it, with breaks where it has blocks; raised digits stay raised."""
    pieces: list[str] = []
    _gather(element, pieces)
    text = _tidied("".join(pieces))
    return text.translate(_RAISED) if _tag(element) == "sup" else text


def _gather(element: HtmlElement, pieces: list[str]) -> None:
    pieces.append(_flowing(element.text))
    for child in element:
        tag = _tag(child)
        if tag is not None and not _is_unseen(child, tag):
            if tag == "sup":
                pieces.append(_text_of(child))
            elif tag == "br":
                pieces.append(_BREAK)
            elif tag == "input":
                pieces.append(_entered(child))
            else:
                block = _BREAK if tag in _BLOCKS else ""
                pieces.append(block)
                _gather(child, pieces)
                pieces.append(block)
        pieces.append(_flowing(child.tail))


def _entered(field: HtmlElement) -> str:
    """What stands in a field of a form."""
    return _flowing(field.get("value")) if (field.get("type") or "text").lower() in {"text", "number"} else ""
