"""Comments: notes at marked cells, in the old form that every spreadsheet program shows.

A note needs two parts, its text and a drawing of its box. Where a sheet has notes already, ours join them, and a cell that
has one keeps its words before ours. Source: ECMA-376 part 1, 18.7, and part 4, 19 (VML).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from budgetaudit.read.workbook.address import Place, place_of
from budgetaudit.show.workbook.package import Package
from budgetaudit.show.workbook.splice import Edit, Tag, ascii_of, escaped, inside, spliced, tags

_AUTHOR: Final = "budgetaudit"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPE: Final = re.compile(rb"_x0000_s(\d+)")
_PER_DRAWING: Final = 1024  # numbers of shapes that belong to one drawing
_WANTED: Final = frozenset({"comments", "authors", "author", "commentList", "comment", "text"})
_EMPTY_DRAWING: Final = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{}"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_BOX: Final = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202"'
    ' style="position:absolute;margin-left:60pt;margin-top:2pt;width:300pt;height:{height}pt;z-index:{layer};visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def add_comments(package: Package, sheet: str, notes: Mapping[Place, str], *, drawing: str | None) -> str | None:
    """Add notes to a sheet.

    Args:
        package: The workbook.
        sheet: The path of the sheet's part.
        notes: What to say at which cell.
        drawing: The id of the relation by which the sheet names its old drawing, if it has one.

    Returns:
        The id of a relation that the sheet must name as its old drawing; None if it names one already.
    """
    relations = package.relations(sheet)
    texts = next((relation.target for relation in relations.values() if relation.kind == "comments"), None)
    if texts is None:
        texts = package.free_path("xl/comments{}.xml")
        empty = f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList></comments>'
        package.add(texts, empty.encode(), _COMMENTS)
        package.relate(sheet, texts, "comments")
    boxless = _add_texts(package, texts, notes)
    boxes, named = (relations[drawing].target, None) if drawing in relations else (None, "")
    if boxes is None:
        boxes = package.free_path("xl/drawings/vmlDrawing{}.vml")
        number = re.sub(r"\D", "", boxes) or "1"
        package.add_drawing(boxes, _EMPTY_DRAWING.format(number).encode())
        named = package.relate(sheet, boxes, "vmlDrawing")
    _add_boxes(package, boxes, boxless, notes)
    return named


def _add_texts(package: Package, path: str, notes: Mapping[Place, str]) -> list[Place]:
    """Write the notes and return the cells that had none before."""
    data = package.part(path)
    found = tags(data, lambda tag, _: tag in _WANTED, name=package.name)
    by_name = {tag.name: tag for tag in found}
    authors, listed = by_name["authors"], by_name["commentList"]
    prefix = listed.prefix
    number = sum(1 for tag in found if authors.contains(tag))
    edits = [inside(authors, data, f"<{prefix}author>{_AUTHOR}</{prefix}author>")]
    existing = {place_of(tag.attributes.get("ref", "")): tag for tag in found if tag.name == "comment"}
    new: list[Place] = []
    written: list[str] = []
    for place, note in sorted(notes.items()):
        comment = existing.get(place)
        if comment is None:
            new.append(place)
            words = _run(prefix, note)
            written.append(
                f'<{prefix}comment ref="{place}" authorId="{number}"><{prefix}text>{words}</{prefix}text></{prefix}comment>'
            )
        else:
            edits.append(_appended(data, comment, found, _run(prefix, f"\n{note}")))
    edits.append(inside(listed, data, "".join(written)))
    package.put(path, spliced(data, edits))
    return new


def _run(prefix: str, note: str) -> str:
    return f'<{prefix}r><{prefix}t xml:space="preserve">{escaped(note)}</{prefix}t></{prefix}r>'


def _appended(data: bytes, comment: Tag, found: Iterable[Tag], run: str) -> Edit:
    text = next(tag for tag in found if tag.name == "text" and comment.contains(tag))
    return inside(text, data, run)


def _add_boxes(package: Package, path: str, places: Iterable[Place], notes: Mapping[Place, str]) -> None:
    """Draw the boxes; drawings are not always well-formed XML, so that nothing is asked of them but their end."""
    data = package.part(path)
    numbers = [int(number) for number in _SHAPE.findall(data)]
    first = max(numbers, default=int(re.sub(r"\D", "", path) or "1") * _PER_DRAWING) + 1
    boxes = "".join(_box(place, notes[place], first + count, count + 1) for count, place in enumerate(places))
    end = data.rfind(b"</xml>")
    end = len(data) if end < 0 else end
    package.put(path, data[:end] + ascii_of(boxes) + data[end:])


def _box(place: Place, note: str, number: int, layer: int) -> str:
    lines = sum(1 + len(line) // 40 for line in note.split("\n"))
    row, column = place
    anchor = f"{column + 1}, 15, {row}, 2, {column + 6}, 15, {row + lines + 1}, 4"
    return _BOX.format(number=number, height=15 * (lines + 1), layer=layer, anchor=anchor, row=row, column=column)
