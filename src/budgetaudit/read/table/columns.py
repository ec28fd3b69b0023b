"""Columns: what the heads of a table say about the figures below them.

A head is a path of cells from the outermost group down: “三公”经费 / 公务用车 / 小计 / 预算数. Each cell may name a line, or only
say which year, which phase, which measure or which unit; a head over all columns of figures repeats the title. Columns of
words, codes and row numbers are told apart by their heads and by what stands in them, and where words follow figures a
new panel begins: two or three lists side by side are tables of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import Fund, Measure, Phase
from budgetaudit.money.characters import folded
from budgetaudit.money.unit import PERCENT, Unit
from budgetaudit.money.unit_names import parse_unit
from budgetaudit.read.table.figures import figure_of
from budgetaudit.read.table.grid import Cell
from budgetaudit.read.table.layout import Area

Kind = Literal["words", "code", "rank", "figures", "nothing"]
Side = Literal["income", "spending"]

_WORDS: Final = re.compile(
    r".*(?:名称|备注|说明|内容|用途|方式|形式|大类|类别|类型|性质|指标|依据|原因|地址|时间|日期)|项目|科目|单位|部门|预算单位|预算科目|支出功能分类|items?|description|category|program(?:me)?|department|notes?|remarks?",
    re.IGNORECASE,
)
_ATTRIBUTES: Final = re.compile(r".*(?:方式|形式|性质|备注|说明|依据|原因|公式)")
_CODES: Final = re.compile(r".*(?:编码|代码|科目号)|[类款項项目节節]|codes?|account", re.IGNORECASE)
_RANKS: Final = re.compile(r"行次|序号|栏次|项次|编号|no\.?|#|rank", re.IGNORECASE)
YEAR_ALONE: Final = re.compile(r"((?:19|20)[0-9]{2})(?:年度?)?")
_YEARS: Final = re.compile(r"(?:会计|财政|预算)?年[度份]?|(?:fiscal )?years?", re.IGNORECASE)
_CODE_VALUE: Final = re.compile(r"[0-9]{2,3}(?:[0-9]{2}){0,2}|[A-Z]?[0-9]{1,3}(?:[.\-][0-9]{1,3}){1,4}")
_YEAR: Final = re.compile(r"((?:19|20)[0-9]{2})(?:年度?|财年|[-/—](?:[0-9]{2,4}))?(?!年)|\bFY ?((?:19|20)?[0-9]{2})\b")
_LAST_YEAR: Final = re.compile(r"上年度?(?!结)|去年|上一年度?|前一年|prior year|last year|previous year", re.IGNORECASE)
_THIS_YEAR: Final = re.compile(r"本年度?(?!收|支)|当年(?!收|支)|今年|current year|this year", re.IGNORECASE)
_GROWTH: Final = re.compile(
    r"(?:增[、/]?减|增长|增幅|升降|变动|变化|同比|比上年|较上年|比去年|change|growth|increase|variance)", re.IGNORECASE
)
_PERCENT: Final = re.compile(r"%|率|比例|百分比|幅度|占比|比重|percent|per cent", re.IGNORECASE)
# 2031年预算数比2030年执行数: what stands below compares two years.
_COMPARED: Final = re.compile(
    r"(?:19|20)[0-9]{2}年?度?.{0,10}(?:比|较)(?:(?:19|20)[0-9]{2}年|上年|去年)|(?:比|较)(?:上年|去年).{0,6}(?:增减|增长|变动)"
)
_SCORES: Final[tuple[tuple[Measure, re.Pattern[str]], ...]] = (
    ("score", re.compile(r"(?:自评|评价|实际|最终)?得分")), ("weight", re.compile(r"(?:指标)?(?:分值|权重|标准分|满分)(?:\([^()]*\))?")),
)  # fmt: skip
_SHARE: Final = re.compile(r"占比|比重|占.{0,12}(?:%|比例|百分比)|share", re.IGNORECASE)
_RATE: Final = re.compile(r"完成|执行率|进度|为.{0,8}预算数?的?%|预算数?的?%|比预算", re.IGNORECASE)
_PHASES: Final[tuple[tuple[Phase, re.Pattern[str]], ...]] = (
    ("adjusted", re.compile(r"(?:全年预算|调整预算|调整后预算|预算调整|修订预算|变更预算|revised budget|adjusted budget|final budget)数?", re.IGNORECASE)),
    ("actual", re.compile(r"(?:预算)?执行数|实际执行|执行情况|决算数?|实际(?:完成|支出|收入)?数|完成数|累计完成|actuals?|outturn|outcome", re.IGNORECASE)),
    ("budget", re.compile(r"(?:年初|原|当年|本年)?(?<!公共)(?<!基金)(?<!经营)(?<!财政专户)预算(?:安排|批复|申请)?数?(?!拨款|资金|财政|支出|收入|内|外|单位|稳定|科目)|original budget|approved budget|budget(?:ed)?|estimates?", re.IGNORECASE)),
)  # fmt: skip
_SLOT: Final = re.compile(
    r"(?:金额|数额|数|额|资金|amount|数值|小?计)?\(?\)?|(?:本年)?(?:收入|支出)?金额", re.IGNORECASE
)
_TOTALS: Final = re.compile(
    r"合计|总计|小计|共计|总额|金额合计|合计金额|合计数|年度总计|(?:sub-?|grand )?totals?|all funds|sum", re.IGNORECASE
)
_OF_WHICH: Final = re.compile(r"其中|#|of which", re.IGNORECASE)
_UNIT: Final = re.compile(r"\((?:单位:)?([^()]{1,10})\)")
FUNDS: Final[dict[str, Fund]] = {
    "一般公共预算财政拨款": "general", "一般公共预算": "general", "一般公共预算资金": "general", "一般公共预算拨款": "general",
    "一般公共预算财政拨款收入": "general", "一般公共预算财政拨款支出": "general", "公共财政预算": "general", "公共财政预算拨款": "general", "公共财政拨款": "general",
    "政府性基金预算财政拨款": "government-fund", "政府性基金预算": "government-fund", "政府性基金": "government-fund",
    "政府性基金预算财政拨款收入": "government-fund", "政府性基金预算财政拨款支出": "government-fund", "政府性基金预算拨款": "government-fund",
    "国有资本经营预算财政拨款": "state-capital", "国有资本经营预算": "state-capital", "国有资本经营": "state-capital",
    "国有资本经营预算财政拨款收入": "state-capital", "国有资本经营预算财政拨款支出": "state-capital", "国有资本经营预算拨款": "state-capital",
    "财政拨款": "appropriation", "财政拨款收入": "appropriation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures.

    Attributes:
        at: Its place in the rows.
        names: Canonical names of the path, outermost first, without totals, captions and words of phase and year.
        total: Whether its innermost head says that it is the total of its group.
        printed: Its heads as printed.
        year: A year that a head names; `shift` is -1 where it says last year.
        phase, measure, unit, fund: What the heads say.
    """

    at: int
    names: tuple[str, ...] = ()
    total: bool = False
    printed: str = ""
    year: str | None = None
    shift: int = 0
    phase: Phase | None = None
    measure: Measure = "amount"
    unit: Unit | None = None
    fund: Fund | None = None
    of_which: bool = False

    @property
    def signature(self) -> tuple[object, ...]:
        """What columns that add up across have in common."""
        return self.year, self.shift, self.phase, self.measure, self.unit


@dataclass(frozen=True, slots=True)
class Panel:
    """One list of a table: its columns of words and codes, and its columns of figures.

    Attributes:
        words: Columns of names, those that only describe a row left out.
        attributes: Columns that describe (how it is bought); they name a row only where nothing else does.
        codes, columns: Columns of codes and of figures.
        side: The side of the account that its caption names.
    """

    words: tuple[int, ...]
    codes: tuple[int, ...]
    columns: tuple[Column, ...]
    side: Side | None = None
    attributes: tuple[int, ...] = ()


def panels(area: Area) -> list[Panel]:
    """The lists that stand side by side in a table, from left to right."""
    kinds = [_kind(area, column) for column in range(area.columns)]
    groups: list[list[int]] = []
    for at, kind in enumerate(kinds):
        opens = kind in {"words", "code"} and groups and any(kinds[one] == "figures" for one in groups[-1])
        if not groups or (opens and "figures" in kinds[at:]):
            groups.append([])
        groups[-1].append(at)
    found: list[Panel] = []
    for group in groups:
        figures = [at for at in group if kinds[at] == "figures"]
        if not figures:
            continue
        named = [at for at in group if kinds[at] == "words" and at < figures[0]]
        words = tuple(at for at in named if not _describes(area, at)) or tuple(named)
        codes = tuple(at for at in group if kinds[at] == "code" and at < figures[0])
        caption, columns = _columns(area, group, figures)
        attributes = tuple(at for at in named if at not in words)
        found.append(Panel(words, codes, tuple(columns), side_of(caption), attributes))
    return found


def side_of(words: str) -> Side | None:
    """The side of the account that words name; None where they name both or none."""
    income = "收入" in words or "来源" in words or "岁入" in words or "revenue" in words.lower()
    spending = "支出" in words or "岁出" in words or "expenditure" in words.lower()
    return None if income == spending else "income" if income else "spending"


def _heads(area: Area, at: int) -> list[Cell]:
    """The head cells above a column, outermost first, each once."""
    once: dict[int, Cell] = {}
    for row in area.head:
        cell = row[at]
        if cell is not None and cell.text.strip():
            once[id(cell)] = cell
    return list(once.values())


def _describes(area: Area, at: int) -> bool:
    heads = _heads(area, at)
    return bool(heads) and _ATTRIBUTES.fullmatch(_plain(heads[-1].text)) is not None


def _plain(text: str) -> str:
    return "".join(folded(text).split()) if not re.search(r"[A-Za-z]{2}", text) else " ".join(folded(text).split())


def _kind(area: Area, at: int) -> Kind:
    heads = [_plain(cell.text) for cell in _heads(area, at)]
    last = heads[-1] if heads else ""
    numbers = words = codes = years = 0
    ranks: list[int] = []
    for row in area.body:
        cell = row[at]
        if cell is None or not cell.text.strip() or (at and row[at - 1] is cell):
            continue
        if figure_of(cell).state is None:
            words += 1
            continue
        numbers += 1
        plain = "".join(folded(cell.text).split())
        codes += _CODE_VALUE.fullmatch(plain) is not None
        years += YEAR_ALONE.fullmatch(plain) is not None
        if plain.isdecimal() and len(plain) <= 4:
            ranks.append(int(plain))
    if _YEARS.fullmatch(last) and numbers and years == numbers:
        return "words"  # 2030, 2031: each names its row
    if _RANKS.fullmatch(last) or (
        not last and len(ranks) > 2 and ranks == list(range(ranks[0], ranks[0] + len(ranks))) and len(ranks) == numbers
    ):
        return "rank"
    if _CODES.fullmatch(last) or (any("编码" in head for head in heads) and codes >= words):
        return "code" if numbers or not words else "words"
    if codes and codes == numbers and not _says_amount(last) and _is_before_words(area, at):
        return "code"
    if _WORDS.fullmatch(last):
        return "words" if words or not numbers else "figures"
    if numbers or words:
        return "figures" if numbers > words else "words" if words else "nothing"
    if not last:
        return "nothing"
    return "figures"


def _says_amount(head: str) -> bool:
    return re.search(r"数\Z|额|金|元|合计|支出|收入|经费|费\Z|人\Z|%", head) is not None


def _is_before_words(area: Area, at: int) -> bool:
    """Whether the column to the right of this one holds words."""
    if at + 1 >= area.columns:
        return False
    cells = [row[at + 1] for row in area.body]
    held = [cell for cell in cells if cell is not None and cell.text.strip()]
    return bool(held) and 2 * sum(figure_of(cell).state is None for cell in held) > len(held)


def _columns(area: Area, group: Sequence[int], figures: Sequence[int]) -> tuple[str, list[Column]]:
    """The caption of a panel and what its columns of figures are."""
    beside = next((at for at in group if at not in figures), None)
    captions = [
        cell
        for cell in _heads(area, figures[0])
        if all(any(cell is row[at] for row in area.head) for at in figures)
        and (len(figures) > 1 or (beside is not None and any(cell is row[beside] for row in area.head)))
    ]
    beyond = [at for at in (group[0] - 1, group[-1] + 1) if 0 <= at < area.columns]
    over_all = _column(0, [cell.text for cell in captions])
    columns: list[Column] = []
    for at in figures:
        own_heads = [cell for cell in _heads(area, at) if not any(cell is caption for caption in captions)]
        heads = [cell.text for cell in own_heads if not any(_is_over(area, cell, other) for other in beyond)]
        own = _column(at, heads)
        columns.append(
            replace(
                own, year=own.year or over_all.year, shift=own.shift or over_all.shift,
                phase=own.phase or over_all.phase, unit=own.unit or over_all.unit,
            )
        )  # fmt: skip
    return " ".join(_plain(cell.text) for cell in captions), columns


def _is_over(area: Area, head: Cell, at: int) -> bool:
    """Whether a head stands over a column: over one of another list it is no head of this one."""
    return any(head is row[at] for row in area.head)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one head says: a name, that it is a total, or only which figures stand below it."""

    name: str = ""
    total: bool = False
    year: str | None = None
    shift: int = 0
    phase: Phase | None = None
    measure: Measure | None = None
    unit: Unit | None = None


def _column(at: int, heads: Sequence[str]) -> Column:
    """What the heads of a column say together, the innermost last."""
    said = [_said(_plain(head)) for head in heads]
    names = tuple(one.name for one in said if one.name)
    inner = next((one for one in reversed(said) if one.name or one.total), None)
    measures: list[Measure | None] = [one.measure for one in said]
    phases: list[Phase | None] = [one.phase for one in said]
    measure: Measure = _last(measures) or "amount"
    unit = PERCENT if measure in {"growth", "share", "rate"} else _last([one.unit for one in said])
    return Column(
        at, names, inner is not None and inner.total, heads[-1].replace("\n", "").strip() if heads else "",
        _last([one.year for one in said]), next((one.shift for one in said if one.shift), 0), _last(phases),
        measure, unit, FUNDS.get(names[-1]) if names else None, any(_OF_WHICH.match(_plain(head)) for head in heads),
    )  # fmt: skip


_T = TypeVar("_T")


def _last(found: Sequence[_T | None]) -> _T | None:
    return next((one for one in reversed(found) if one is not None), None)


def _said(head: str) -> _Said:
    text, unit = _unit_in(head)
    measure = _measure(text, unit)
    if measure is not None:
        return _Said(measure=measure, unit=unit)
    year: str | None = None
    if found := _YEAR.search(text):
        year = found[1] or (f"20{found[2]}" if len(found[2]) == 2 else found[2])
        text = text[: found.start()] + text[found.end() :]
    shift = 0
    phase: Phase | None = None
    for pattern, step in ((_LAST_YEAR, -1), (_THIS_YEAR, 0)):
        if found := pattern.search(text):
            shift, text = step, text[: found.start()] + text[found.end() :]
            break
    for one, pattern in _PHASES:
        if found := pattern.search(text):
            phase, text = one, text[: found.start()] + text[found.end() :]
            break
    text = text.strip(" :.、的")
    total = _TOTALS.fullmatch(text) is not None
    name = "" if total or _SLOT.fullmatch(text) else canonical_label(text)
    return _Said(name, total, year, shift, phase, None, unit)


def _measure(text: str, unit: Unit | None) -> Measure | None:
    """Which measure a head names that is no amount: 增减额, 增减%, 占比, 完成预算的%."""
    for measure, pattern in _SCORES:
        if pattern.fullmatch(text):
            return measure
    if _COMPARED.search(text):
        return "growth" if "%" in text else "change"
    percent = unit == PERCENT or _PERCENT.search(text) is not None
    if _GROWTH.search(text) and not _RATE.search(text):
        return "growth" if percent else "change"
    if _SHARE.search(text):
        return "share"
    return "rate" if percent and _RATE.search(text) else None


def _unit_in(text: str) -> tuple[str, Unit | None]:
    """A head without the unit in its brackets, and the unit: 金额（万元）."""
    found = _UNIT.search(text)
    if found is None:
        return text, None
    unit = PERCENT if found[1] == "%" else parse_unit(found[1])
    if unit is None or unit.kind == "number":
        return text, None
    return text[: found.start()] + text[found.end() :], unit
