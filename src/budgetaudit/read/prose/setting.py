"""Setting: what a document and its headings say about all figures below them.

A title names the body, the year and the kind of document (a budget prints budgets, a final account outturns); a heading
names a fund, sometimes a year and a phase of its own, sometimes the line that the following figures belong to. Figures
inherit all of this unless their own sentence says otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from budgetaudit.model.line import Fund, Phase
from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import parse_unit
from budgetaudit.read.prose.naming import fund_of
from budgetaudit.read.prose.passage import Passage

YEAR: Final = re.compile(r"(?<![比较与同])(20[0-9]{2})(?:年|财年|[-—][0-9])")
_TITLE: Final = re.compile(r"预算|决算|绩效|自评|评价|执行|报告|说明|公开|收支|预决算")
_ACTUAL: Final = re.compile(r"决算|绩效|自评|评价|执行情况|运行情况|完成情况|收支情况|总结|审计")
_BUDGET: Final = re.compile(r"预算(?!执行|绩效|法)")
_OUTTURN_WORDS: Final = re.compile(r"决算|执行数|实际支出|累计|完成|实现|同比|执行情况")
_BUDGET_WORDS: Final = re.compile(r"(?<!公共)(?<!基金)(?<!经营)(?<!年初)(?<!财政)预算(?!执行|绩效|单位|法|内)")
_BODY_NAMED: Final = re.compile(
    r"(?:单位名称|部门名称|项目单位|预算单位|填报单位|部门|单位)[:|]+(?P<body>[^:|,。;(]{3,30}?)(?:\(|(?:金额)?单位:|[:|,。;]|\Z)"
)
_TITLE_BODY: Final = re.compile(
    r"\A(?:关于)?(?:(?P<before>[^,。;:0-9]{3,36}?)(?:\(本级\)|本级)?(?:关于)?20[0-9]{2}|20[0-9]{2}年?(?:度)?(?P<after>[^,。;:0-9]{3,36}?)"
    r"(?:部门|单位|整体|决算|预算|项目|财政|支出|绩效|收支))"
)
_ORGANISATION: Final = re.compile(
    r"(?:局|委|委员会|办|办公室|厅|院|校|学|中心|馆|所|站|队|会|部|政府|镇|乡|街道|公司|社|处|园|集团|台|党|团|本级|办事处|机关|管委会|区|县|市|省)\Z"
)
# A line of its own that names a body, as the reports of several bodies stand one after the other in one text.
_BODY_ALONE: Final = re.compile(
    r"(?!.*(?:说明|情况|收入|支出|预算|决算|经费|资金|项目|报告|公开|目录|附件|单位|部门|其中|概况))[\u4e00-\u9fff0-9A-Za-z]{2,30}"
    r"(?:局|委员会|办公室|厅|院|学校|[小中]学|幼儿园|中心|馆|所|站|大队|支队|政府|街道|公司|集团|办事处|管委会|联合会|协会)(?:\(本级\)|本级)?\Z"
)
_UNIT: Final = re.compile(r"(?:金额)?单位[:](?:人民币)?(?P<unit>[^,。;()|\s]{1,6})")
_OUTTURN_TOLD: Final = re.compile(r"预算(?:收支|收入|支出)?(?:执行|完成)(?:情况)?(?:说明)?\Z")
_PART: Final = re.compile(
    r"(?P<year>20[0-9]{2})年(?:度|[0-9月\-—至]*)?[^。;]{0,30}?(?:(?P<actual>预算执行|决算|收支执行|执行情况|完成情况)|(?P<budget>预算(?:草案|安排|编制|情况)?))"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for figures that say nothing else themselves.

    Attributes:
        bodies: Names of the reporting body, longest first; they stand before labels.
        year: The year reported on.
        phase: What amounts are where no word says: outturn in a final account, budget in a budget.
        fund: The fund scope of the section.
        unit: The unit declared for the document, for numbers that carry none.
        section: Number of the section, counted through the document.
    """

    entity: str | None = None
    bodies: tuple[str, ...] = ()
    year: str | None = None
    phase: Phase | None = None
    fund: Fund | None = None
    unit: Unit | None = None
    section: int = 0


def setting_of(passages: Sequence[Passage]) -> Setting:
    """What the title and the first lines of a document say about all of it."""
    head = [passage.folded for passage in passages[:40]]
    title = _title(head)
    body = _body(head, title)
    year = YEAR.search(title)
    bodies = (f"中共{body}", body, *_short_forms(body)) if body else ()
    declared = next((found["unit"] for line in head if (found := _UNIT.search(line))), None)
    return Setting(
        entity=body,
        bodies=bodies,
        year=year[1] if year else _most_named_year(passages),
        phase=_phase_of_title(title) or _phase_of_words(passages),
        unit=parse_unit(declared) if declared else None,
    )


def with_body(setting: Setting, body: str | None) -> Setting:
    """The setting with the body that the tables of a document name, if it says more than the title (上海市普陀区)."""
    if body is None or (setting.entity is not None and setting.entity not in body):
        return setting
    return replace(
        setting, entity=body, bodies=tuple(dict.fromkeys((f"中共{body}", body, *_short_forms(body), *setting.bodies)))
    )


def _title(head: Iterable[str]) -> str:
    """The first line that looks like a title: a year and a word for the kind of document, no sentence."""
    lines = [line for line in head if len(line) <= 80 and "。" not in line]
    return next((line for line in lines if YEAR.search(line) and _TITLE.search(line)), lines[0] if lines else "")


def _phase_of_title(title: str) -> Phase | None:
    if _ACTUAL.search(title):
        return "actual"
    return "budget" if _BUDGET.search(title) else None


def _phase_of_words(passages: Sequence[Passage]) -> Phase | None:
    """What a text without a telling title is about: outturns if it names them about as often as budgets."""
    actual = budget = 0
    for passage in passages:
        actual += len(_OUTTURN_WORDS.findall(passage.folded))
        budget += len(_BUDGET_WORDS.findall(passage.folded))
    if actual == budget == 0:
        return None
    return "actual" if 2 * actual >= budget else "budget"


def _body(head: Iterable[str], title: str) -> str | None:
    for line in head:
        if found := _BODY_NAMED.match(line):
            return body_name(found["body"])
    found = _TITLE_BODY.match(title)
    body = (found["before"] or found["after"]) if found else None
    body = (
        re.sub(
            r"\A(?:第[一二三四五六七八九十]{1,2}部分)?(?:附件[0-9]?|表[0-9]+)?[:【\[]?|[】\]]", "", body.strip("“”\"'")
        )
        if body
        else ""
    )
    return body_name(body) if _ORGANISATION.search(body) else None


def body_name(printed: str) -> str:
    """The name of a body without the words 中共, which committees of the party print or leave out."""
    return printed[2:] if printed.startswith("中共") and len(printed) > 5 else printed


def _short_forms(body: str) -> tuple[str, ...]:
    """A body is also called without the names of province, city and county in front of it."""
    forms = [body]
    while (found := re.match(r"[^省市县区州旗盟]{1,8}(?:省|市|县|区|自治州|州|旗|盟)(?=.{2,})", forms[-1])) is not None:
        forms.append(forms[-1][found.end() :])
    return tuple(form for form in forms[1:] if len(form) >= 3)


def _most_named_year(passages: Sequence[Passage]) -> str | None:
    named = Counter(found[1] for passage in passages for found in YEAR.finditer(passage.folded))
    return max(named, key=lambda year: (named[year], year)) if named else None


class Sections:
    """The setting as headings change it: each level of heading holds until one of the same or a higher level comes.

    A line that only names a body begins the report of that body, if its report follows: sentences, or the first of its
    sections. One among others that name bodies is a list of them.
    """

    def __init__(self, document: Setting) -> None:
        self._document = self._body = document
        self._announced: str | None = None
        self._open: list[tuple[int, Setting]] = []
        self._count = 0

    @property
    def current(self) -> Setting:
        """What holds here."""
        return self._open[-1][1] if self._open else self._body

    def sentences(self) -> None:
        """Sentences follow: a body just announced reports from here on."""
        body, self._announced = self._announced, None
        if body is None or body == self.current.entity:
            return
        own = body == self._document.entity or body in self._document.bodies
        bodies = self._document.bodies if own else (body, *_short_forms(body), *self._document.bodies)
        self._body = self._document if own else replace(self._document, entity=body, bodies=bodies)
        self._open = [
            (depth, replace(setting, entity=self._body.entity, bodies=bodies)) for depth, setting in self._open
        ]

    def heading(self, words: str, level: int | None, *, first: bool = False) -> None:
        """Take over what a heading says; a heading without a mark stands above all marked ones.

        Args:
            words: The heading without its mark.
            level: The level of its mark, if it has one.
            first: Whether its mark is the first of a row.
        """
        if not first:
            self._announced = words if level is None and _BODY_ALONE.match(words) else None
        depth = -1 if level is None else level
        while self._open and self._open[-1][0] >= depth:
            self._open.pop()
        above = self.current
        self._count += 1
        part = _PART.search(words)
        phase: Phase | None = above.phase
        if part is not None:
            phase = "actual" if part["actual"] else "budget"
        elif _OUTTURN_TOLD.search(words):
            phase = "actual"
        fund = fund_of(words)
        body = re.sub(r"\((?:部门|单位|本级)\)\Z", "", words)
        entity = (
            body
            if (level == 0 and body != words) or (level == 0 and _ORGANISATION.search(body) and len(body) > 5)
            else above.entity
        )
        self._open.append(
            (depth, replace(
                above, entity=entity, section=self._count, fund=fund or above.fund if depth > 0 else fund,
                year=part["year"] if part is not None else above.year, phase=phase,
            ))
        )  # fmt: skip


def is_heading(passage: Passage) -> bool:
    """Whether a passage is a heading: short, no figure, at most one sentence."""
    words = passage.folded.rstrip("。:|")
    if passage.numbers or not 0 < len(words) <= 60 or any(mark in words for mark in "。;,"):
        return False
    return passage.level is not None or not passage.folded.endswith("。")
