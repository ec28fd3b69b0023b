"""Layout: which rows of a grid are one table, which of them are its title, its head and its body.

One grid may hold several tables one below the other, each with a title row of its own; the rows before the head name the
table, the body that reports and the unit. The head goes on until the first row that can only be data: it prints a number,
a code, a numbered label or a total. Rows of column numbers (栏次 1 2 3) and heads repeated on a later page are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from budgetaudit.money.characters import folded
from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import parse_unit
from budgetaudit.read.table.figures import figure_of
from budgetaudit.read.table.grid import Cell, Grid

Row = tuple[Cell | None, ...]

_SHORT: Final = 4  # characters
_MOST_PLACES: Final = 4_000_000  # positions of a grid that are looked at
_TITLE: Final = re.compile(r"表(?:\([^()]*\)|[0-9]*)\Z")
_ENGLISH_TITLE: Final = re.compile(r"\b(?:statement|schedule|table|summary|account)\b", re.IGNORECASE)
_NUMBER_OF_TABLE: Final = re.compile(
    r"(?:(?:预算|财决|公开|附件?|表格?|table|schedule)*[0-9一二三四五六七八九十]{1,3}(?:[-—.][0-9]{1,2})?(?:表|\Z)|(?:公开|附)表[0-9一二三四五六七八九十\-—.]*)[::]?",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(r"单位:(?:人民币)?:?\(?([^\s,;:()]{1,8})")
_ENGLISH_UNIT: Final = re.compile(
    r"\(?(?:amounts? |expressed |figures? )?(?:in\s+)?((?:thousands?|millions?|billions?)(?:\s+of)?(?:\s+[A-Za-z$€£¥.]{1,12}){0,2}|[A-Za-z$€£¥]{1,5}'000)",
    re.IGNORECASE,
)
_DEPARTMENT: Final = re.compile(
    r"(?:编制部门|编制单位|填报单位|填报部门|预算单位|部门名称|单位名称|部门|预算部门|公开部门)(?:\(单位\))?(?:名称)?:\s*(?P<name>[^\s:]+)?"
)
_COLUMN_NUMBERS: Final = re.compile(r"栏次|行次|项次|序号")
_HEAD_ROWS: Final = 6
_HEAD: Final = re.compile(
    r"年初预算数?|全年预算数?|调整预算数?|预算数|决算数|全年执行数?|(?:预算)?执行数|实际执行数?|执行率(?:\(.*\))?|分值|权重|得分|自评得分|指标值|年度指标值|实际完成值|完成值|[一二三]级指标"
)
_HEAD_GROUP: Final = re.compile(
    r"项目|科目|收入|支出|金额|行次|栏次|合计|小计|单位|[类款项]|.{0,20}(?:名称|编码|代码)|.{2,30}(?:收入|支出|经费|费|预算|决算|数|情况|资金|拨款|结余)"
)
_MARKED: Final = re.compile(r"\(?[一二三四五六七八九十]{1,3}[、)]|\(?[0-9]{1,2}[、.)](?![0-9])|[①-⑳]")
_CODE: Final = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}(?![0-9.,])")
_TOTAL: Final = re.compile(r"(?:合计|总计|小计|共计|总额)\Z|\A(?:sub|grand )?total\b", re.IGNORECASE)
_EMPTY_NOTE: Final = re.compile(
    r"空表|无数据|无相关|本部门无|本单位无|没有.{0,30}(?:收入|支出|安排|数据)|无.{0,30}(?:收支|收入|支出|安排|项目|经费)"
)


@dataclass(frozen=True, slots=True)
class Area:
    """One table: what stands above it, its head and its body.

    Attributes:
        title: As printed; empty if nothing names it.
        unit: Declared beside the title.
        department: The body that the table says it is of.
        head, body: Rows of cells, one for every column; a merged cell stands in each of its places.
        empty: Whether a note says that the table holds nothing.
        grid: The grid it stands in.
        number: Of the grid in its document and of the table in its grid, from 1.
    """

    title: str
    unit: Unit | None
    department: str | None
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    empty: bool
    grid: Grid
    number: tuple[int, int]
    columns: int = field(default=0)


def areas(grid: Grid, number: int) -> Iterator[Area]:
    """The tables of a grid, from top to bottom."""
    before: list[str] = []
    rows: list[Row] = []
    above = list(grid.above)
    count = 0
    for row in _rows(grid):
        texts = _texts(row)
        if rows and _is_head_again(row, texts, rows):
            count += 1
            yield from _area(above + before, rows, grid, (number, count), ())
            rows = [row]
        elif _is_heading(row, texts, started=bool(rows)):
            if rows:
                count += 1
                yield from _area(above + before, rows, grid, (number, count), ())
                above, before, rows = [], [], []
            before += [line for text in texts for line in text.split("\n")]
        else:
            rows.append(row)
    if rows:
        yield from _area(above + before, rows, grid, (number, count + 1), grid.below)


def _rows(grid: Grid) -> Iterator[Row]:
    """The rows of a grid, every place filled with the cell that covers it."""
    columns = min(grid.columns, _MOST_PLACES)
    rows = min(grid.rows, _MOST_PLACES // max(columns, 1))
    places: dict[int, dict[int, Cell]] = {}
    left = _MOST_PLACES
    for cell in grid.cells:
        high = max(1, min(cell.row_span, rows - cell.row))
        wide = max(1, min(cell.column_span, columns - cell.column))
        if high * wide > left:
            high = wide = 1
        left -= high * wide
        for row in range(cell.row, cell.row + high):
            of_row = places.setdefault(row, {})
            for column in range(cell.column, cell.column + wide):
                of_row[column] = cell
    for row in range(rows):
        if held := places.get(row):
            yield tuple(held.get(column) for column in range(columns))


def _texts(row: Row) -> list[str]:
    """What the cells of a row say, each cell once, blank ones left out."""
    once = {id(cell): cell for cell in row if cell is not None}
    return [text for cell in once.values() if (text := cell.text.strip())]


def _is_heading(row: Row, texts: Sequence[str], *, started: bool) -> bool:
    """Whether a row stands above a table rather than in it: its title, its unit, the body that reports."""
    if not texts:
        return not started
    if any(figure_of(cell).amount is not None for cell in row):
        return False
    plain = ["".join(folded(text).split()) for text in texts]
    if any(_UNIT.search(text) or _DEPARTMENT.match(text) for text in plain):
        return len(texts) <= 3 and not any(text in {"金额", "合计", "项目"} for text in plain)
    if len(texts) > 1:
        return False
    if _MARKED.match(plain[0]) or _TOTAL.search(plain[0]):
        return False
    titled = _is_title(texts[0]) or _NUMBER_OF_TABLE.fullmatch(plain[0]) is not None
    wide = sum(cell is not None and cell.text.strip() != "" for cell in row)
    return titled or (not started and 2 * wide > len(row) > 2 and len({id(cell) for cell in row}) == 1)


def _is_head_again(row: Row, texts: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether other heads of columns begin further down: the second part of a form (年初预算数 … 得分, then 指标值 … 得分)."""
    plain = ["".join(folded(text).split()) for text in texts]
    if sum(_HEAD.fullmatch(text) is not None for text in plain) < 2:
        return False
    if any(figure_of(cell).amount is not None for cell in row):
        return False
    before = [set(_texts(one)) for one in rows[:_HEAD_ROWS]]
    return not any(set(texts) <= one for one in before) and any(len(one) > 1 for one in before) and not _in_head(rows)


def _in_head(rows: Sequence[Row]) -> bool:
    """Whether all rows so far are heads themselves."""
    return all(
        any(
            _HEAD.fullmatch("".join(folded(text).split())) or _HEAD_GROUP.fullmatch("".join(folded(text).split()))
            for text in _texts(row)
        )
        and not any(figure_of(cell).amount is not None for cell in row)
        for row in rows
    )


def _area(
    lines: Sequence[str], rows: Sequence[Row], grid: Grid, number: tuple[int, int], below: Sequence[str]
) -> Iterator[Area]:
    kept = _without_empty_columns(rows)
    end = _head_end(kept)
    head = tuple(kept[:end])
    heads = {tuple(_texts(row)) for row in head}
    body = tuple(row for row in kept[end:] if tuple(_texts(row)) not in heads and not _numbers_columns(row))
    # 类 款 项 beside 栏次, merged with the row of the total below: heads that reach into the body
    words = {
        id(cell) for row in kept if _numbers_columns(row) for cell in row if cell is not None and cell.row_span > 1
    }
    low = [tuple(cell if id(cell) in words else None for cell in row) for row in head if _numbers_columns(row)]
    head = _spread([row for row in (*head, *low) if not _numbers_columns(row) and _texts(row)])
    body = tuple(tuple(None if id(cell) in words else cell for cell in row) for row in body) if words else body
    if not body:
        return
    notes = "".join(below).replace(" ", "")
    yield Area(
        _title(lines), _unit(lines), _department(lines), head, body, _EMPTY_NOTE.search(folded(notes)) is not None,
        grid, number, len(kept[0]),
    )  # fmt: skip


def _without_empty_columns(rows: Sequence[Row]) -> list[Row]:
    """Only the columns at which some cell begins."""
    begins = sorted({
        column for row in rows for column, cell in enumerate(row)
        if cell is not None and (column == 0 or row[column - 1] is not cell)
    })  # fmt: skip
    return [tuple(row[column] for column in begins) for row in rows]


def _spread(head: Sequence[Row]) -> tuple[Row, ...]:
    """Heads of groups over all columns of their group, where nothing says which cells are merged.

    A group has a head below it in its first column too; a head with a blank below it is one column, high as the head.
    """
    spread = list(head[-1:])
    for row in reversed(head[:-1]):
        below, filled = spread[0], list(row)
        for at in range(1, len(row)):
            over = filled[at - 1]
            if over is None or not over.text.strip() or any(one is over for one in below):
                continue
            if is_blank(row[at]) and not is_blank(below[at]) and not is_blank(below[at - 1]):
                filled[at] = over
        spread.insert(0, tuple(filled))
    return tuple(spread)


def is_blank(cell: Cell | None) -> bool:
    """Whether a place of a grid says nothing."""
    return cell is None or not cell.text.strip()


def _head_end(rows: Sequence[Row]) -> int:
    """Where the body begins: the first row that can only be data."""
    for number, row in enumerate(rows):
        if _numbers_columns(row) or (_is_years(row) and _goes_on_with_heads(rows, number)):
            continue
        if any(figure_of(cell).amount is not None for cell in row):
            return number
        begins = [cell for column, cell in enumerate(row) if cell is not None and row.index(cell) == column]
        own = [cell for cell in begins if cell.text.strip() and (number == 0 or cell not in rows[number - 1])]
        if not own:
            if number and not _texts(row):
                return number
            continue
        first = "".join(folded(own[0].text).split())
        if _MARKED.match(first) or _CODE.match(first):
            return number
        if _TOTAL.search(first) and len(own) == 1 and number:
            return number
        if number > 0 and len(own) == 1 and own[0] is row[0] and own[0].row_span == 1 and len(row) > 2:
            return number
    return len(rows)


def _numbers_columns(row: Row) -> bool:
    """栏次 1 2 3 4: a row that counts the columns."""
    texts = _texts(row)
    plain = ["".join(folded(text).split()) for text in texts]
    numbers = [int(text) for text in plain if text.isdecimal() and len(text) <= 3]
    # 类 款 项 栏次 1 2 3: behind the heads of the codes, which are merged with the row below
    named = bool(plain) and (_COLUMN_NUMBERS.fullmatch(plain[0]) is not None or "栏次" in plain)
    if len(numbers) < 2 - named or numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] > 3:
        return False
    return named or len(numbers) == len(plain) or (len(numbers) > 2 and len(plain) - len(numbers) <= 2)


def _goes_on_with_heads(rows: Sequence[Row], number: int) -> bool:
    """Whether a row of years can be a head: below heads it may name nothing itself, as rows of figures like 1900 do."""
    if number == 0 or all(len(set(_texts(row))) < 2 for row in rows[:number]):
        return True
    first = rows[number][0]
    return first is None or not first.text.strip() or first is rows[number - 1][0]


def _is_years(row: Row) -> bool:
    plain = ["".join(text.split()) for text in _texts(row)]
    years = [text for text in plain if re.fullmatch(r"(?:19|20)[0-9]{2}", text)]
    return len(years) >= 1 and len(years) >= len(plain) - 1 and len(set(years)) == len(years)


def _title(lines: Sequence[str]) -> str:
    """The line that names the table: the last one that calls itself a table, else the last one that names nothing else."""
    named: list[str] = []
    for line in (" ".join(folded(line).split()) for line in lines if line.strip()):
        if named and len(line) <= _SHORT and line.endswith("表"):  # the end of a title that the edge of the page broke
            named[-1] += line
        else:
            named.append(line)
    named = [line for line in named if not _says_setting("".join(line.split())) and not _ENGLISH_UNIT.fullmatch(line)]
    titles = [line for line in named if _is_title(line)]
    if titles:
        return titles[-1]
    return named[-1] if named and len(named[-1]) <= 60 else ""


def _is_title(line: str) -> bool:
    """Whether a line calls itself a table, before the unit and the body that may stand behind its title."""
    plain = "".join(line.split())
    cuts = [found.start() for pattern in (_UNIT, _DEPARTMENT) if (found := pattern.search(plain))]
    bare = plain[: min(cuts, default=len(plain))] or plain
    return _TITLE.search(bare) is not None or _ENGLISH_TITLE.search(line) is not None


def _says_setting(plain: str) -> bool:
    begins = _UNIT.match(plain) or _DEPARTMENT.match(plain) or _NUMBER_OF_TABLE.fullmatch(plain)
    return bool(begins) or plain.startswith("注")


def _unit(lines: Sequence[str]) -> Unit | None:
    plain = "".join("".join(folded(line).split()) + " " for line in lines)
    found = None
    for match in _UNIT.finditer(plain):
        words = match[1]
        if words in {"万", "千", "百万", "亿"} and "元" in plain[match.end() :]:  # 单位：万 over 元
            words += "元"
        unit = parse_unit(words)
        if unit is not None and unit.kind == "number":
            unit = parse_unit(f"{words}元")
        found = unit or found
    if found is None:
        for match in _ENGLISH_UNIT.finditer(" ".join(lines)):
            found = parse_unit(match[1]) or found
    return found


def _department(lines: Sequence[str]) -> str | None:
    for line in lines:
        plain = folded(line).strip()
        if (found := _DEPARTMENT.match(plain)) and found["name"] and not found["name"].startswith("单位"):
            return found["name"]
    return None
