"""Office archives: the parts of .xlsx and .docx files, read within bounds.

Both are zip archives of XML parts that name each other by relations. Files come from strangers: what unpacks to more than
any budget needs, declares a document type (the way to entity expansion) or nests without end is refused, and whatever else
is damaged ends in one clear error.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final, NamedTuple, cast
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers.expat import ExpatError, ParserCreate

from budgetaudit.errors import BudgetAuditError, UnreadableInput

_MOST_BYTES: Final = 400_000_000  # unpacked, all parts together; a workbook of a million figures takes a tenth
_DEEPEST: Final = 200
_CHUNK: Final = 1 << 18
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# Everything that zipfile and its decompressors raise on bytes that are no proper archive.
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError, IndexError,
    StopIteration,
)  # fmt: skip


class Relation(NamedTuple):
    """What a part refers to: the last word of the relation's type, and the path of the other part."""

    kind: str
    target: str


def is_encrypted(data: bytes) -> bool:
    """Whether the bytes are an Office document behind a password: an OLE file with the package inside."""
    return data.startswith(_OLE) and _ENCRYPTED in data


def refuse_encrypted(data: bytes, name: str) -> None:
    """Say that a document is behind a password.

    Raises:
        UnreadableInput: It is.
    """
    if is_encrypted(data):
        raise UnreadableInput(
            f"{name} is protected by a password", hint="open it with the password and save a copy without one"
        )


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace: two generations of the standard differ only there."""
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    found = element.get(name)
    if found is not None:
        return found
    return next((value for key, value in element.attrib.items() if local_name(key) == name), None)


class Archive:
    """The parts of one file.

    Args:
        data: The bytes of the archive.
        name: What the document is called in errors.

    Raises:
        UnreadableInput: The bytes are no archive, or one behind a password.
    """

    def __init__(self, data: bytes, name: str) -> None:
        refuse_encrypted(data, name)
        self.name = name
        self._left = _MOST_BYTES
        with self.guarded():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._infos = {info.filename.lower(): info for info in self._zip.infolist()}

    @contextmanager
    def guarded(self) -> Generator[None]:
        """Turn whatever a damaged archive or part raises into one clear error."""
        try:
            yield
        except BudgetAuditError:
            raise
        except RuntimeError as error:
            if "password" in str(error) or "encrypted" in str(error):
                raise UnreadableInput(
                    f"{self.name} is protected by a password", hint="save a copy without one"
                ) from error
            raise self._damaged(error) from error
        except (*_DAMAGE, ParseError, ExpatError, LookupError, UnicodeError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> UnreadableInput:
        return UnreadableInput(
            f"{self.name} is damaged or cut off: {error}", hint="download it again, or open it and save it anew"
        )

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._infos

    @property
    def paths(self) -> tuple[str, ...]:
        """The parts as the archive names them."""
        return tuple(info.filename for info in self._infos.values())

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece, as far as the bound allows.

        Raises:
            UnreadableInput: There is no such part, it is damaged, or the document unpacks to too much.
        """
        info = self._infos.get(path.lower())
        if info is None:
            raise UnreadableInput(f"{self.name} lacks its part {path}", hint="open it and save it anew")
        with self.guarded(), self._zip.open(info) as part:
            while piece := part.read(_CHUNK):
                self._left -= len(piece)
                if self._left < 0:
                    raise UnreadableInput(
                        f"{self.name} unpacks to more than {_MOST_BYTES // 1_000_000} MB",
                        hint="it is no ordinary document; split it if it is",
                    )
                yield piece

    def tree(self, path: str) -> Element:
        """A part as a tree of elements.

        Raises:
            UnreadableInput: It is missing, damaged, declares a document type or nests too deep.
        """
        parser = XMLParser(target=_Tree(self.name))  # noqa: S314 - the target refuses document types
        with self.guarded():
            for piece in self.chunks(path):
                parser.feed(piece)
            root: Element = cast("Any", parser).close()
        return root

    def parse(
        self,
        path: str,
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        characters: Callable[[str], None],
    ) -> None:
        """Go through a part in one pass, for parts that are too large for a tree.

        Args:
            path: The part.
            start: Told the name, with its prefix, and the attributes of every element that begins.
            end: Told the name of every element that ends.
            characters: Told the text between.

        Raises:
            UnreadableInput: The part is missing, damaged or declares a document type.
        """

        def doctype(*_: object) -> None:
            raise refused_doctype(self.name)

        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, doctype
        with self.guarded():
            for piece in self.chunks(path):
                parser.Parse(piece, False)
            parser.Parse(b"", True)

    def relations(self, path: str) -> Mapping[str, Relation]:
        """What a part (`""`: the archive) refers to, by id; parts outside of the archive are left out."""
        folder, _, file = path.rpartition("/")
        beside = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if beside not in self:
            return {}
        found: dict[str, Relation] = {}
        for entry in self.tree(beside):
            identity, target = attribute(entry, "Id"), attribute(entry, "Target")
            if identity and target and attribute(entry, "TargetMode") != "External":
                kind = (attribute(entry, "Type") or "").rpartition("/")[2]
                whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[identity] = Relation(kind, whole)
        return found

    @cached_property
    def main_part(self) -> str:
        """The part that holds the document.

        Raises:
            UnreadableInput: No part does.
        """
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise UnreadableInput(f"{self.name} is a zip archive and no Office document", hint="unpack it first")


class _Tree(TreeBuilder):
    """A tree that refuses document types, and nesting no document has."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._depth = name, 0

    def doctype(self, *_: object) -> None:
        raise refused_doctype(self._name)

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableInput(f"{self._name} is nested more than {_DEEPEST} elements deep")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        self._depth -= 1
        return super().end(tag)


def refused_doctype(name: str) -> UnreadableInput:
    """The error about a part that declares a document type: Office writes none, and entities expand without bound."""
    return UnreadableInput(f"{name} declares a document type, as no Office program writes it")
