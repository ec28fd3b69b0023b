"""Rows: which line each row of a list is about, and which rows stand below which.

Codes make the hierarchy where they are printed (201, 20103, 2010301; in one cell, in three, or glued to the name). Without
them it is made by the column in which a name stands, by indentation, by list marks (一、 （一） 1.) and by 其中. A row without
a mark below a marked one stands below it; total rows belong to the level they close and have nothing below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from budgetaudit.model.classification import canonical_label, known_labels, parse_code
from budgetaudit.model.line import Code
from budgetaudit.money.characters import folded
from budgetaudit.read.table.columns import FUNDS, Panel
from budgetaudit.read.table.figures import figure_of
from budgetaudit.read.table.grid import Cell
from budgetaudit.read.table.layout import Row
from budgetaudit.read.text import LEVELS, MARK

_TOTAL: Final = re.compile(
    r"(?:合计|总计|小计|共计|总额)(?:\(.{0,12}\))?\Z|\A(?:sub-?|grand )?totals?\b|\btotal\Z", re.IGNORECASE
)
_BARE_TOTAL: Final = re.compile(
    r"(?:合计|总计|小计|共计|总额|本页小计|本级合计|(?:sub-?|grand )?totals?)(?:\(.{0,12}\))?", re.IGNORECASE
)
_SUBTOTAL: Final = re.compile(r"小计|sub-?total", re.IGNORECASE)
_OF_WHICH: Final = re.compile(r"\A(?:其中|其:|#|\*|of which)[:,]?", re.IGNORECASE)
_GLUED: Final = re.compile(r"\A([0-9]{3}(?:[0-9]{2}){0,2})[-—.\s]*(?=[\u3400-\u9fff])")
_OTHER_CODE: Final = re.compile(r"[0-9A-Z]+(?:[.\-][0-9A-Z]+)*")
_INDENT: Final = " \u3000\u00a0\t"
_UNMARKED: Final = 50  # the level of a row without a mark below a marked one


@dataclass(slots=True, eq=False)
class Entry:
    """One row of a list.

    Attributes:
        row: Its cells.
        printed, label: Its name as printed, and canonical; empty for a row that names nothing.
        groups: Canonical names of the merged cells to the left.
        code: Its code; None without one.
        level: Its depth; only comparable within one list.
        total: Whether it is a total; `bare` if its words say no more than that.
        of_which: Whether it says that it is only a part among others (其中).
        closed: Whether it stands behind a total, beside what the total adds: transfers, carry-over.
        parent: The row it stands below.
        label_cell: The cell that names it.
    """

    row: Row
    number: int
    printed: str = ""
    label: str = ""
    groups: tuple[str, ...] = ()
    code: Code | None = None
    level: tuple[int, int, int] = (0, 0, 0)
    total: bool = False
    bare: bool = False
    subtotal: bool = False
    of_which: bool = False
    marked: bool = False
    closed: bool = False
    parent: Entry | None = None
    children: list[Entry] = field(default_factory=list["Entry"])
    label_cell: Cell | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Labels of the rows above it, outermost first."""
        above: list[str] = []
        entry = self.parent
        while entry is not None:
            above.append(entry.label)
            entry = entry.parent
        return tuple(reversed(above))


def entries(panel: Panel, body: Sequence[Row]) -> list[Entry]:
    """The rows of a list in which something stands, with their places in its hierarchy."""
    found: list[Entry] = []
    for entry in _read(panel, body):
        before = found[-1] if found else None
        if before is not None and _is_rest_of(entry, before, panel):
            before.printed += entry.printed
            before.label = canonical_label(before.printed)
            before.total = before.total or _TOTAL.search(_plain(before.printed)) is not None
            continue
        found.append(entry)
    _connect(found)
    first = next((place for place, entry in enumerate(found) if entry.total and entry.parent is None), 0)
    for entry in found[first + 1 :] if first else ():
        entry.closed = True
    return found


def _read(panel: Panel, body: Sequence[Row]) -> Iterator[Entry]:
    code_before: tuple[str, ...] = ()
    lengths = _levels(panel, body)
    for number, row in enumerate(body):
        entry = Entry(row, number)
        codes = _code_cells(panel, row)
        if len(panel.codes) > 1 and any(codes):
            first = next(place for place, text in enumerate(codes) if text)
            printed = [text for text in codes[first:] if text]
            whole = first == 0 and len(printed) == 1  # 2130306 in one cell over 类 款 项
            code_before = _code(printed[0], ()) if whole else (*code_before[:first], *printed)
            entry.code = code_before
        elif codes and codes[0]:
            entry.code = _code(codes[0], lengths)
        _name(entry, panel, row)
        if entry.code is None and (glued := _GLUED.match(_plain(entry.printed))) and not panel.codes:
            entry.code = parse_code(glued[1])
            entry.label = canonical_label(_plain(entry.printed)[glued.end() :])
        if entry.label or entry.code or not panel.words or _has_figures(panel, row):
            yield entry


def is_total(cell: Cell | None) -> bool:
    """Whether a cell names a total: 合计, 公用经费合计."""
    return cell is not None and _TOTAL.search(_plain(cell.text)) is not None


def _plain(text: str) -> str:
    return "".join(folded(text).split())


def _code_cells(panel: Panel, row: Row) -> list[str]:
    """The texts of the columns of codes; words that stand there (合计 over the whole width) are none."""
    texts: list[str] = []
    for at in panel.codes:
        cell = row[at]
        text = _plain(cell.text) if cell is not None else ""
        merged = at > 0 and cell is not None and row[at - 1] is cell
        texts.append(text if not merged and _OTHER_CODE.fullmatch(text) and any(map(str.isdigit, text)) else "")
    return texts


def _levels(panel: Panel, body: Sequence[Row]) -> tuple[int, ...]:
    """The lengths of codes whose beginnings are codes of other rows: 001 and 001002; none where codes are cut 3 / 5 / 7."""
    if len(panel.codes) != 1:
        return ()
    codes = {text for row in body if (text := _code_cells(panel, row)[0]).isdecimal()}
    lengths = sorted({len(code) for code in codes})
    if len(lengths) < 2 or set(lengths) <= {3, 5, 7}:
        return ()
    nested = sum(any(code[:length] in codes for length in lengths if length < len(code)) for code in codes)
    return tuple(lengths) if 2 * nested > len(codes) else ()


def _code(text: str, lengths: Sequence[int]) -> Code:
    parsed = parse_code(text)
    if lengths and text.isdecimal():
        marks = [length for length in lengths if length < len(text)]
        return tuple(text[start:end] for start, end in zip([0, *marks], [*marks, len(text)], strict=True))
    if parsed is not None and "".join(parsed) == text:
        return parsed
    return tuple(re.split(r"[.\-]", text))


def _name(entry: Entry, panel: Panel, row: Row) -> None:
    """The name of a row: the innermost words, what stands to their left are its groups."""
    cells = list(_name_cells(panel, row, (*panel.codes, *panel.words))) or list(
        _name_cells(panel, row, panel.attributes)
    )
    if not cells:
        return
    if len(cells) > 1 and _BARE_TOTAL.fullmatch(_plain(cells[0][1].text)):
        cells = cells[:1]  # what stands beside 合计 is no name of its own
    names = [_joined(cell.text) for _, cell in cells]
    place, cell = cells[-1]
    entry.label_cell = cell
    entry.printed = names[-1]
    plain = _plain(entry.printed)
    entry.of_which = _OF_WHICH.match(plain) is not None
    entry.total = _TOTAL.search(plain) is not None
    entry.bare = _BARE_TOTAL.fullmatch(plain) is not None
    entry.subtotal = _SUBTOTAL.search(plain) is not None
    entry.label = canonical_label(_OF_WHICH.sub("", plain) if len(plain) > 3 else plain)
    if re.search(r"[A-Za-z]{2}", entry.printed):
        entry.label = (
            canonical_label(entry.printed) if entry.printed[:1] >= "\u3400" else " ".join(entry.printed.split())
        )
    entry.groups = tuple(canonical_label(name) for name in names[:-1])
    if entry.bare and entry.groups:  # 一般公共预算资金 | 小计
        entry.printed, entry.label, entry.groups = names[-2], entry.groups[-1], entry.groups[:-1]
        entry.total = entry.bare = entry.subtotal = False
        place = cells[-2][0]
    mark = MARK.match(folded(entry.printed))
    level = LEVELS.index(mark.lastgroup) + 1 if mark and mark.lastgroup and mark.end() < len(entry.printed) else 0
    indent = len(cell.text) - len(cell.text.lstrip(_INDENT))
    entry.marked = level > 0
    entry.level = (max(place, 0), indent, level)


def _name_cells(panel: Panel, row: Row, columns: Sequence[int]) -> Iterator[tuple[int, Cell]]:
    """The cells with the words of a row, each with the depth of its column."""
    before: Cell | None = None
    for at in columns:
        cell = row[at]
        if cell is None or cell is before or not cell.text.strip() or figure_of(cell).state == "dash":
            continue
        if at in panel.codes and _OTHER_CODE.fullmatch(_plain(cell.text)) and any(map(str.isdigit, cell.text)):
            continue
        before = cell
        yield (0 if at in panel.codes else [*panel.words, *panel.attributes].index(at)), cell


def _joined(text: str) -> str:
    """A name without line breaks; words of Latin letters keep a space between them."""
    lines = [line.strip() for line in text.strip().split("\n")]
    joined = lines[0]
    for line in lines[1:]:
        joined += (
            " " if joined[-1:].isascii() and joined[-1:].isalpha() and line[:1].isalpha() and line[:1].isascii() else ""
        ) + line
    return joined


def _has_figures(panel: Panel, row: Row) -> bool:
    return any(figure_of(row[column.at]).amount is not None for column in panel.columns)


def _is_rest_of(entry: Entry, before: Entry, panel: Panel) -> bool:
    """Whether a row holds the end of the name of the row before, which the end of the page cut off."""
    if not entry.printed or entry.code or not before.printed or _has_figures(panel, entry.row):
        return False
    cell, last = entry.label_cell, before.label_cell
    if cell is None or last is None or entry.label in known_labels():
        return False
    if canonical_label(before.printed + entry.printed) in known_labels():
        return before.label not in known_labels()
    return cell.page is not None and cell.page != last.page and not entry.marked and before.marked


def _connect(found: Sequence[Entry]) -> None:
    """Give every row the row it stands below."""
    by_code = {entry.code: entry for entry in reversed(found) if entry.code}
    open_rows: list[tuple[tuple[int, ...], Entry]] = []
    marked_before = False
    whole: Entry | None = None  # what a row that says "of which" belongs to
    for entry in found:
        if entry.code is not None:
            above = entry.code[:-1]
            while above and above not in by_code:
                above = above[:-1]
            if above and by_code[above] is not entry:
                _put_below(entry, by_code[above])
            continue
        if entry.total:
            while open_rows and open_rows[-1][0][:2] >= entry.level[:2]:
                open_rows.pop()
            if entry.level[:2] == (0, 0):
                open_rows.clear()
            marked_before, whole = False, None
            continue
        if not entry.label:
            continue
        place, indent, mark = entry.level
        level = (place, indent, mark if mark or not marked_before else _UNMARKED)
        marked_before = marked_before or mark > 0
        while open_rows and open_rows[-1][0] >= level:
            open_rows.pop()
        if open_rows and (entry.of_which or open_rows[-1][0] < level):
            _put_below(entry, open_rows[-1][1])
        inside = entry.of_which or (whole is not None and "结转" in whole.label and entry.label in FUNDS)
        if inside and entry.parent is None and whole is not None:
            _put_below(entry, whole)
        whole = whole if inside else entry
        open_rows.append((level, entry))


def _put_below(entry: Entry, above: Entry) -> None:
    entry.parent = above
    above.children.append(entry)
