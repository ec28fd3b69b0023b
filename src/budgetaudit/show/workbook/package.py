"""The package of a workbook while it is annotated: parts that change, parts that come new, and all others as they were."""

from __future__ import annotations

import copy
import io
import posixpath
import zipfile
from typing import Final

from budgetaudit.read.office import Archive, Relation
from budgetaudit.show.workbook.splice import Edit, escaped, free_names, inside, spliced, tags

_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "[Content_Types].xml"


class Package:
    """One workbook file, changed part by part.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.

    Raises:
        UnreadableInput: It is no Office file, damaged, or behind a password.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data = data
        self.archive = Archive(data, name)
        self._paths = {path.lower(): path for path in self.archive.paths}
        self._changed: dict[str, bytes] = {}
        self._relation_ids: dict[str, set[str]] = {}

    def part(self, path: str) -> bytes:
        """A part as it is by now."""
        known = self._paths.get(path.lower(), path)
        return self._changed[known] if known in self._changed else b"".join(self.archive.chunks(known))

    def put(self, path: str, content: bytes) -> None:
        """Change a part, or add one."""
        known = self._paths.setdefault(path.lower(), path)
        self._changed[known] = content

    def free_path(self, pattern: str) -> str:
        """A path that no part has, by a pattern with `{}` for a number."""
        return next(free_names(self._paths.values(), pattern))

    def add(self, path: str, content: bytes, content_type: str) -> None:
        """Add a part and say what it is."""
        self.put(path, content)
        self._declare(f'Override PartName="/{escaped(path)}" ContentType="{escaped(content_type)}"')

    def add_drawing(self, path: str, content: bytes) -> None:
        """Add a drawing of comments; what it is goes by the end of its name."""
        self.put(path, content)
        types = self.part(_TYPES)
        known = tags(types, lambda tag, _: tag == "Default", name=self.name)
        if not any(entry.attributes.get("Extension", "").lower() == "vml" for entry in known):
            self._declare(
                'Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"'
            )

    def _declare(self, entry: str) -> None:
        types = self.part(_TYPES)
        (root,) = tags(types, lambda tag, _: tag == "Types", name=self.name)
        self.put(_TYPES, spliced(types, [inside(root, types, f"<{root.prefix}{entry}/>")]))

    def relations(self, path: str) -> dict[str, Relation]:
        """What a part of the file as it came refers to."""
        return dict(self.archive.relations(path))

    def relate(self, path: str, target: str, kind: str) -> str:
        """Let a part refer to another and return the id of the relation."""
        folder, _, file = path.rpartition("/")
        beside = f"{folder}/_rels/{file}.rels"
        exists = beside.lower() in self._paths
        content = self.part(beside) if exists else f'<Relationships xmlns="{_RELATIONS}"></Relationships>'.encode()
        entries = tags(content, lambda tag, _: tag in {"Relationship", "Relationships"}, name=self.name)
        root = entries[-1]
        identity = next(free_names((entry.attributes.get("Id", "") for entry in entries), "rId{}"))
        relative = posixpath.relpath(target, folder)
        entry = f'<{root.prefix}Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="{escaped(relative)}"/>'
        self.put(beside, spliced(content, [inside(root, content, entry)]))
        return identity

    def edit(self, path: str, edits: list[Edit]) -> None:
        """Make edits in a part."""
        self.put(path, spliced(self.part(path), edits))

    def written(self) -> bytes:
        """The file: parts that did not change are the same bytes, in the same order."""
        file = io.BytesIO()
        left = dict(self._changed)
        with (
            self.archive.guarded(),
            zipfile.ZipFile(io.BytesIO(self._data)) as source,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for info in source.infolist():
                content = left.pop(info.filename, None)
                kept = copy.copy(info)
                target.writestr(kept, source.read(info) if content is None else content, info.compress_type)
            for path, content in left.items():
                target.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        return file.getvalue()
