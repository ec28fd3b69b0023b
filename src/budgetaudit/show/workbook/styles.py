"""Styles: the look of a marked cell is the look it had, with another fill.

A cell names its style by number; the styles of a workbook are a list. A mark adds a copy of the cell's own style with a
coloured fill to the end of the list, so that number format, font and border stay and no other cell changes.
"""

from __future__ import annotations

from typing import Final

from budgetaudit.show.workbook.splice import Edit, Tag, inside, spliced, tags, with_attributes

_WANTED: Final = frozenset({"fills", "fill", "fonts", "font", "cellXfs", "xf"})
_MOST: Final = 60_000  # styles that spreadsheet programs accept


class Styles:
    """The styles of a workbook, to which more are added.

    Args:
        data: The part `styles.xml`.
        name: What the document is called in errors.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        found = tags(data, lambda tag, _: tag in _WANTED, name=name)
        self._groups = {tag.name: tag for tag in found if tag.name in {"fills", "fonts", "cellXfs"}}
        self._own = {group: [tag for tag in found if holder.contains(tag)] for group, holder in self._groups.items()}
        self._added: dict[str, list[str]] = {group: [] for group in self._groups}
        self._known: dict[tuple[int, str], int] = {}

    def filled(self, style: int, color: str) -> int:
        """The number of a style like this one with a fill of that colour; the style itself where none can be added.

        Args:
            style: The number of the cell's style.
            color: Red, green and blue in hexadecimal.
        """
        styles = self._own.get("cellXfs", [])
        if (style, color) not in self._known:
            if "fills" not in self._groups or style >= len(styles) or self._count("cellXfs") >= _MOST:
                return style
            fills = self._groups["fills"].prefix
            fill = self._add(
                "fills",
                f'<{fills}fill><{fills}patternFill patternType="solid"><{fills}fgColor rgb="FF{color}"/>'
                f'<{fills}bgColor indexed="64"/></{fills}patternFill></{fills}fill>',
            )
            self._known[style, color] = self._add("cellXfs", self._like(styles[style], fill))
        return self._known[style, color]

    def bold(self) -> int:
        """The number of a style with bold letters that wrap."""
        if not {"fonts", "cellXfs"} <= self._groups.keys():
            return 0
        prefix = self._groups["fonts"].prefix
        font = self._add("fonts", f'<{prefix}font><{prefix}b/><{prefix}sz val="11"/></{prefix}font>')
        return self._add("cellXfs", self._plain(font))

    def wrapped(self) -> int:
        """The number of a plain style whose text wraps and stands at the top of its cell."""
        return self._add("cellXfs", self._plain(0)) if "cellXfs" in self._groups else 0

    def written(self) -> bytes:
        """The part with what was added."""
        edits: list[Edit] = []
        for group, added in self._added.items():
            if not added:
                continue
            holder = self._groups[group]
            if holder.inner == holder.end:  # without content; a workbook has one style at least
                edits.append(inside(holder, self._data, "".join(added)))
                continue
            opening = self._data[holder.start : holder.inner]
            counted = with_attributes(opening, {"count": str(self._count(group))})
            edits += [Edit(holder.start, holder.inner, counted), inside(holder, self._data, "".join(added))]
        return spliced(self._data, edits)

    def _count(self, group: str) -> int:
        return len(self._own[group]) + len(self._added[group])

    def _add(self, group: str, text: str) -> int:
        self._added[group].append(text)
        return self._count(group) - 1

    def _like(self, style: Tag, fill: int) -> str:
        opening = with_attributes(self._data[style.start : style.inner], {"fillId": str(fill), "applyFill": "1"})
        return (opening + self._data[style.inner : style.end]).decode("utf-8", "replace")

    def _plain(self, font: int) -> str:
        prefix = self._groups["cellXfs"].prefix
        return (
            f'<{prefix}xf numFmtId="0" fontId="{font}" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
            f'<{prefix}alignment vertical="top" wrapText="1"/></{prefix}xf>'
        )
