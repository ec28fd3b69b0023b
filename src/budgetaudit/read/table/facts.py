"""Facts: what a row and a column together report, as the identity of a budget line.

The total row under a named column reports that column's line (基本支出), a named row under a total column reports the row's
line, and a named row under a named column reports the row within the column (2013101 within 基本支出). Columns that name a
fund narrow the scope instead. Identities are those of the text: the same fact in a table and in a sentence is one fact.
Where the meaning of a table is not known its title keeps its figures apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from budgetaudit.model.classification import canonical_label, known_labels, load
from budgetaudit.model.line import Code, Identity
from budgetaudit.read.prose.facts import LAST_YEAR, ONE_SCOPE
from budgetaudit.read.prose.setting import Setting
from budgetaudit.read.table.columns import YEAR_ALONE, Column, Panel, Side
from budgetaudit.read.table.forms import TableForm
from budgetaudit.read.table.rows import Entry

_TWO_SIDED: Final = frozenset({"income-expenditure", "appropriation", "general-income-expenditure"})
_OF_THE_YEAR: Final = frozenset({"本年支出合计", "本年收入合计"})
_LIST_TOPICS: Final = frozenset(
    {"procurement", "projects", "general-projects", "performance", "services-bought", "assets", "transfers", "debt"}
)
_BY_FIRST_DIGIT: Final[Mapping[str, str]] = MappingProxyType(
    {"2": "cn.function", "3": "cn.economic", "5": "cn.economic-government"}
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for all figures of a table: its form, its key or title, and what the document says.

    Attributes:
        name: What `Source.table` says: the key of the form, else the title, else a number.
        year: The year that the title names, else that of the document.
    """

    form: TableForm
    name: str
    setting: Setting
    entity: str | None
    year: str | None

    @property
    def topic(self) -> str:
        """The topic of the form; empty where the title is not known."""
        return self.form.key.rpartition(".")[2]

    @property
    def two_sided(self) -> bool:
        """Whether the table sets income against spending."""
        return self.topic in _TWO_SIDED


def identity_of(
    entry: Entry, column: Column, panel: Panel, around: Surroundings, *, last_total: bool
) -> Identity | None:
    """Which fact a figure reports; None if neither its row nor its column names anything.

    Args:
        entry: The row; one without a label where the table has no column of words.
        column: The column.
        panel: The list in which both stand.
        around: The table.
        last_total: Whether the row is the last total of its list.
    """
    side = panel.side or _side_of_topic(around.topic)
    names = [_renamed(name, column.names[place - 1] if place else "", side) for place, name in enumerate(column.names)]
    fund = around.form.fund
    if column.fund is not None and side != "income":
        fund, names = column.fund, names[:-1]
    own = names
    if names and (names[-1] == around.form.total or (around.two_sided and names[-1] in _OF_THE_YEAR)):
        names = names[:-1]  # under a column of totals a row reports its own line
    year = YEAR_ALONE.fullmatch(entry.label) if own and entry.code is None else None
    meaning = None if year else _row(entry, around, side, last_total=last_total)
    if meaning is None:  # a year, a total, or no row at all: the column names the figure
        meaning = _of_column(own, entry, column, panel, around)
    elif names:
        meaning = replace(meaning, within=tuple(names) if meaning.code else (*meaning.within, *names))
    if meaning is None:
        return None
    one_scope = meaning.label in ONE_SCOPE and meaning.code is None
    return Identity(
        label=meaning.label, entity=around.entity, period=year[1] if year else _period(column, around), phase=column.phase or around.form.phase,
        fund=None if one_scope else fund, measure=column.measure, classification=meaning.classification,
        code=meaning.code, within=meaning.within, against=_against(column),
        table=around.name if meaning.apart or not around.form.key else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What words name: a label, what it stands within, its code, and whether only its table keeps it apart."""

    label: str
    within: tuple[str, ...] = ()
    apart: bool = False
    code: Code | None = None
    classification: str | None = None


def _of_column(names: list[str], entry: Entry, column: Column, panel: Panel, around: Surroundings) -> _Meaning | None:
    if names:
        apart = names[-1] not in _known()
        within = around.form.within if _is_economic(names[-1]) else tuple(names[:-1]) if apart else ()
        return _Meaning(names[-1], within, apart)
    total = None if _is_part(around.form.total, panel) else around.form.total
    if total is not None:
        return _Meaning(total)
    return _Meaning("合计", apart=True) if entry.total or column.total else None


def _row(entry: Entry, around: Surroundings, side: Side | None, *, last_total: bool) -> _Meaning | None:
    """What a row names; None for a total that only its column can name, and for a row without words."""
    if entry.code is not None:
        label = entry.label or ".".join(entry.code)
        classification = _classification(entry.code)
        return _Meaning(label, around.form.within, classification is None, entry.code, classification)
    if not entry.label:
        return None
    label = _renamed(entry.label, entry.path[-1] if entry.path else "", side)
    if (of_topic := _renamed(label, around.topic, None)) != label and entry.parent is None:
        return _Meaning(of_topic)
    if entry.total:
        known = _total(entry, around, side, last_total=last_total)
        if known is not None:
            return _Meaning(known)
        if entry.bare:
            return None
    if (
        side == "spending"
        and not entry.closed
        and around.form.key
        and (named := _function_class(label, around.year)) is not None
    ):
        return _Meaning(named[0], around.form.within, False, named[1], "cn.function")
    known_here = label in _known() and around.topic not in _LIST_TOPICS
    if known_here and not entry.of_which and not _repeats(label, entry):
        return _Meaning(label, around.form.within if _is_economic(label) else ())
    groups = tuple(dict.fromkeys(name for name in (*entry.groups, *entry.path) if name))
    return _Meaning(label, groups, not known_here)


def _is_part(total: str | None, panel: Panel) -> bool:
    """Whether what the form calls its total is one column among others: 三公经费 beside 会议费 and 培训费."""
    return any(column.names[:1] == (total,) for column in panel.columns) and any(
        column.total and not column.names for column in panel.columns
    )


def _repeats(label: str, entry: Entry) -> bool:
    """Whether a row repeats the name of one above it: 年初财政拨款结转和结余, 其中 一般公共预算财政拨款."""
    return label in entry.path or any("结转" in above for above in entry.path)


def _total(entry: Entry, around: Surroundings, side: Side | None, *, last_total: bool) -> str | None:
    """What a total row is called: the grand total of its side, what the form says, or what its own words say."""
    if around.two_sided and side is not None and (last_total or not entry.bare):
        grand = "收入总计" if side == "income" else "支出总计"
        if last_total and (entry.bare or entry.label in {"本年收入合计", "本年支出合计", grand}):
            return grand
        return entry.label if not entry.bare else None
    if entry.bare:
        return None
    if around.topic in {"income", "general-income"} and entry.label in {"收入总计", "本年收入合计"}:
        return entry.label
    return entry.label if entry.label in _known() and around.topic not in _LIST_TOPICS else None


def _is_classified(entry: Entry) -> bool:
    return entry.code is not None and _classification(entry.code) is not None


def is_in_known_form(entry: Entry, around: Surroundings) -> bool:
    """Whether a row is of a kind that tables of known form consist of, so that its total counts it."""
    return bool(around.form.key) and (
        _is_classified(entry) or entry.total or entry.marked or entry.label in _known() or not entry.label
    )


def _side_of_topic(topic: str) -> Side | None:
    if topic in {"income", "general-income"}:
        return "income"
    return "spending" if topic in {"spending", "general-spending", "appropriation-spending"} else None


def _period(column: Column, around: Surroundings) -> str | None:
    if column.year is not None:
        return column.year
    if not column.shift:
        return around.year
    return str(int(around.year) + column.shift) if around.year and around.year.isdecimal() else LAST_YEAR


def _against(column: Column) -> str | None:
    return {"change": "prior-year", "growth": "prior-year", "rate": "initial-budget", "share": "合计"}.get(
        column.measure
    )


def _classification(code: Code) -> str | None:
    return _BY_FIRST_DIGIT.get(code[0][:1]) if len(code[0]) == 3 and code[0].isdigit() else None


@lru_cache(maxsize=4096)
def _function_class(label: str, year: str | None) -> tuple[str, Code] | None:
    """The class of the functional classification that a name stands for, in tables that print no codes."""
    given = int(year) if year and year.isdecimal() else None
    for when in dict.fromkeys((given, None)):  # offices print new names early and old ones late
        for name in (label, f"{label}支出"):
            classes = [code for code in load("cn.function").codes_named(name, when) if len(code) == 1]
            if len(classes) == 1:
                return name, classes[0]
    return None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Labels that mean the same line in every table of one scope."""
    return known_labels() | frozenset(canonical_label(label) for label in _data()["known"])


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("budgetaudit.model.data").joinpath("cn.tables.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
def _is_economic(label: str) -> bool:
    """Whether a name is one of the economic classification: it says what was bought, and nothing about which spending."""
    return bool(load("cn.economic").codes_named(label))


def _renamed(label: str, above: str, side: Side | None) -> str:
    """The name a label has in its place: 购置费 below 公务用车 is that of official cars."""
    for of, changes in _renames():
        if (of in {"", above} or of == side) and label in changes:
            return changes[label]
    return label


@lru_cache(maxsize=1)
def _renames() -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple(
        (row["below"], MappingProxyType({canonical_label(short): name for short, name in row["names"].items()}))
        for row in _data()["rename"]
    )
