"""Splicing: changing a few characters of an XML part and leaving every other byte as it was.

A part that is parsed and written again is another file: prefixes, order, extensions of other programs get lost. Here the
parser only says where elements stand; new text is put between the bytes. Inserted text is ASCII with character references,
which reads the same in every encoding that Office writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.office import refused_doctype

_NAME_END: Final = re.compile(rb"[\s/>]")


class Tag(NamedTuple):
    """Where one element stands in a part.

    `start` is the place of its `<`, `inner` the place behind its start tag, `close` the place where its end tag begins,
    `end` the place behind it; of an element without content, the last three are equal.
    """

    name: str
    prefix: str
    attributes: Mapping[str, str]
    depth: int
    start: int
    inner: int
    close: int
    end: int

    def contains(self, other: Tag) -> bool:
        """Whether another element is a child of this one."""
        return other.depth == self.depth + 1 and self.start < other.start and other.end <= self.end


class Edit(NamedTuple):
    """Bytes to put in place of those from `start` to `end`."""

    start: int
    end: int
    text: bytes


def tags(data: bytes, wanted: Callable[[str, Mapping[str, str]], bool], *, name: str) -> list[Tag]:
    """The elements of a part that are wanted, in the order in which they end.

    Args:
        data: The bytes of the part.
        wanted: Told the local name and the attributes of an element, says whether to keep it.
        name: What the document is called in errors.

    Raises:
        UnreadableInput: The part is damaged, declares a document type, or is written in UTF-16.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInput(f"{name} has parts in UTF-16", hint="open it in a spreadsheet program and save it")
    found: list[Tag] = []
    stack: list[tuple[str, Mapping[str, str], int] | None] = []
    parser = ParserCreate()

    def start(full: str, attributes: dict[str, str]) -> None:
        local = full.rpartition(":")[2]
        stack.append((full, attributes, parser.CurrentByteIndex) if wanted(local, attributes) else None)

    def end(full: str) -> None:
        opened = stack.pop()
        if opened is None:
            return
        full, attributes, begin = opened
        prefix, _, local = full.rpartition(":")
        inner = _end_of_tag(data, begin)
        if data[inner - 2 : inner] == b"/>":
            close = stop = inner
        else:
            close = parser.CurrentByteIndex
            stop = data.index(b">", close) + 1
        found.append(Tag(local, f"{prefix}:" if prefix else "", attributes, len(stack), begin, inner, close, stop))

    def doctype(*_: object) -> None:
        raise refused_doctype(name)

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
    try:
        parser.Parse(data, True)
    except (ExpatError, LookupError, ValueError) as error:
        raise UnreadableInput(f"{name} is damaged: {error}") from error
    return found


def _end_of_tag(data: bytes, start: int) -> int:
    """The place behind the start tag at `start`; a `>` may stand in an attribute."""
    at, quote = start, b""
    while True:
        character = data[at : at + 1]
        if quote:
            quote = b"" if character == quote else quote
        elif character in {b'"', b"'"}:
            quote = character
        elif character == b">" or not character:
            return at + 1
        at += 1


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with all edits made; those at one place in the order given."""
    pieces: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda one: one.start):
        pieces += [data[done : edit.start], edit.text]
        done = edit.end
    return b"".join((*pieces, data[done:]))


def inside(tag: Tag, data: bytes, text: str) -> Edit:
    """Put text before the end of an element; one without content gets an end tag."""
    if tag.inner == tag.end:
        opening = data[tag.start : tag.inner]
        name = f"{tag.prefix}{tag.name}"
        return Edit(tag.start, tag.end, opening[:-2].rstrip() + b">" + ascii_of(text) + ascii_of(f"</{name}>"))
    return Edit(tag.close, tag.close, ascii_of(text))


def with_attributes(opening: bytes, changes: Mapping[str, str]) -> bytes:
    """A start tag with some attributes set."""
    for name, value in changes.items():
        written = ascii_of(f'{name}="{escaped(value)}"')
        pattern = re.compile(rb"(?<=\s)" + name.encode("ascii") + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
        if present := pattern.search(opening):
            opening = opening[: present.start()] + written + opening[present.end() :]
        else:
            at = _name_end(opening)
            opening = opening[:at] + b" " + written + opening[at:]
    return opening


def _name_end(opening: bytes) -> int:
    found = _NAME_END.search(opening, 1)
    return found.start() if found else len(opening) - 1


def whole(written: str | None) -> int:
    """A number of an attribute; 0 for what is none."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else 0


def ascii_of(text: str) -> bytes:
    """XML text with every other character as a reference."""
    return text.encode("ascii", "xmlcharrefreplace")


def escaped(text: str) -> str:
    """Text for an element or an attribute; characters that XML has no place for are spaces."""
    plain = "".join(character if _is_allowed(character) else " " for character in text)
    for character, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\n", "&#10;")):
        plain = plain.replace(character, reference)
    return plain


def _is_allowed(character: str) -> bool:
    return character in "\n\t" or (
        character >= " " and not "\ud800" <= character <= "\udfff" and character not in "\ufffe\uffff"
    )


def free_names(taken: Iterable[str], pattern: str) -> Iterator[str]:
    """Names by a pattern with `{}` for a number, counted up from 1, that are not taken, in any case."""
    used = {name.lower() for name in taken}
    number = 0
    while True:
        number += 1
        name = pattern.format(number)
        if name.lower() not in used:
            used.add(name.lower())
            yield name
