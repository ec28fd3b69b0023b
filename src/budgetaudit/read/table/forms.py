"""Forms: which published table a title names, and what the figures of that table have in common.

Offices number their tables as they like, so a table is known by the words of its title: a *family* (final account, budget)
and a *topic* (spending, income, the three public expenses, ...), both rows of `model/data/cn.tables.toml`. A title that
no row knows keeps its table apart: its figures are tied to nothing but each other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from budgetaudit.model.line import Fund, Phase
from budgetaudit.money.characters import folded

_DROPPED: Final = re.compile(r"[\s\u3000“”\"'‘’「」『』《》()\[\]【】]")
# The body and the year before what the table is about: a body may be called 政府采购中心 itself.
_OF_WHOM: Final = re.compile(r"\A.{0,40}20[0-9]{2}年?度?(?:部门|单位)?(?=.{3,}表)")
_FAMILIES: Final[dict[str, Phase]] = {"final": "actual", "budget": "budget"}


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a title says about a table.

    Attributes:
        key: Such as `cn.final.spending`; empty where no row knows the title.
        phase: What its amounts are where no column head says more.
        fund: The fund scope of its amounts; None for all funds.
        total: The label of a total row.
        within: Canonical labels under which its rows stand.
    """

    key: str = ""
    phase: Phase | None = None
    fund: Fund | None = None
    total: str | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Topic:
    key: str
    groups: tuple[tuple[str, ...], ...]
    without: tuple[str, ...]
    form: TableForm

    def fits(self, title: str) -> bool:
        return all(any(word in title for word in group) for group in self.groups) and not any(
            word in title for word in self.without
        )


def form_of(title: str, phase: Phase | None = None) -> TableForm:
    """The form of a table.

    Args:
        title: Its title as printed.
        phase: What the amounts of the document are, for titles that do not say it.

    >>> form_of("一般公共预算财政拨款支出决算表").key, form_of("支出预算总表").key
    ('cn.final.general-spending', 'cn.budget.spending')
    """
    plain = _OF_WHOM.sub("", plain_title(title))
    topics, families = _tables()
    topic = next((topic for topic in topics if topic.fits(plain)), None)
    family = next((name for name, words in families if any(word in plain for word in words)), None)
    if family is None:
        family = next((name for name, means in _FAMILIES.items() if means == phase), None)
    own = _FAMILIES[family] if family is not None else phase
    if topic is None or family is None:
        return TableForm(phase=own)
    known = topic.form
    return TableForm(f"cn.{family}.{topic.key}", own, known.fund, known.total, known.within)


def plain_title(title: str) -> str:
    """A title for matching: simplified, half-width, without white space, quotation marks and brackets."""
    return _DROPPED.sub("", folded(title))


@lru_cache(maxsize=1)
def _tables() -> tuple[Sequence[_Topic], Sequence[tuple[str, tuple[str, ...]]]]:
    text = files("budgetaudit.model.data").joinpath("cn.tables.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    topics = tuple(
        _Topic(
            row["key"],
            (*((word,) for word in row.get("all", ())), *(tuple(group) for group in row.get("any", ()))),
            tuple(row.get("without", ())),
            TableForm(fund=row.get("fund"), total=row.get("total"), within=tuple(row.get("within", ()))),
        )
        for row in table["topic"]
    )
    return topics, tuple((row["name"], tuple(row["words"])) for row in table["family"])
