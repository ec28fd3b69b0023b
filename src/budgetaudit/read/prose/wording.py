"""Wording: what the words of a passage show without arithmetic, and comparisons made in words alone.

Words of a form that were left standing (增加（减少）), places for figures left empty (占 %), a direction said twice (减少-5), a
count beside the items it counts (…等9个方面). Each becomes a remark or a statement of its own; nothing here reads amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, Literal

from budgetaudit.model.statement import Remark, Statement, Term
from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.passage import Number, Passage

Op = Literal["<", "<=", "=", ">=", ">"]

_RESIDUE: Final = re.compile(
    r"(?:增加|减少|上升|下降|增长|降低|大于|小于|高于|低于)[(/](?:增加|减少|上升|下降|增长|降低|小于|大于|低于|高于|或持平)[)]?|大小于|(?<=[增减])[(][减增][)]"
)
_BLANK: Final = re.compile(
    r"(?<![X×*])[X×*]{2,}+(?=[.%万元]|年)|(?:占[^,。;0-9]{0,16}|增长|下降|上升|降低|完成(?:年初|全年)?预算的?)%|(?:增加|减少|支出|收入|预算为|决算为|共计|合计)(?:万元|亿元)(?=[,。;])|(?<![零负])(?:增长|下降|占比)(?:为)?(?=[,。;]主要)"
)
_COUNTED: Final = re.compile(
    r"(?P<others>等)?(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:个|大|项|类|种|家|条)(?P<noun>方面|领域|部门|单位|类别|板块|环节|行业|事项|部分|专项|科室|股室|机构|大类|项目)"
)
_LONGEST_ROW: Final = 400
_ITEMS_BEGIN: Final = re.compile(r".*(?:围绕|包括|涉及|涵盖|为|在|对|将|由|是|有|含|设|设有|下设|主要|分别)", re.DOTALL)
_COMPARED: Final = re.compile(
    r"(?P<less>小于|低于|少于|未达到|不足)|(?P<more>大于|高于|超过|超出|多于)|(?P<same>等于|持平|一致|相同|相等)"
)
_WITH_BUDGET: Final = re.compile(
    r"(?:决算数?|执行数|支出|完成数?|实际[^,。]{0,8})?(?:与|和|同|比|较)?(?P<word>小于|低于|少于|大于|高于|超过|超出|多于|等于)?(?P<what>年初预算|全年预算|调整预算|预算)(?:安排)?(?:数|额)?(?:相比)?(?:基本)?(?P<tail>持平|一致|相同|相等|无差异)?"
)
_OVERSPENT: Final = re.compile(r"超支|超预算|超出预算|高于预算|突破预算")
_NOT_OVERSPENT: Final = re.compile(r"(?:无|未|没有|不得|杜绝|防止|严控|避免|不存在|控制|严禁|不)[^,。;]{0,6}\Z")
_OPS: Final[dict[str, Op]] = {"less": "<", "more": ">", "same": "="}
_NUMERALS: Final = {character: value for value, character in enumerate("零一二三四五六七八九十")}


def remarks_on(passage: Passage) -> Iterator[Remark]:
    """Residue of a form and empty slots."""
    for pattern, code in ((_RESIDUE, "TXT003"), (_BLANK, "TXT004")):
        for found in pattern.finditer(passage.folded):
            yield Remark(code, passage.source(found.start(), found.end()))


def contradicted(fact: Fact, code: str, *others: Fact) -> Remark:
    """A remark about figures whose words are at odds: their direction (TXT001), a sign said twice (TXT002), a year (TXT006)."""
    return Remark(code, fact.said or fact.number.source, (fact.id, *(other.id for other in others)))


def comparison_in(words: str) -> tuple[str, Op] | None:
    """A comparison of outturn and budget made in words: (the budget's name, the relation)."""
    for found in _WITH_BUDGET.finditer(words):
        word = found["word"] or found["tail"]
        if word and (compared := _COMPARED.fullmatch(word)) is not None and compared.lastgroup:
            return found["what"], _OPS[compared.lastgroup]
    return None


def says_unchanged(words: str) -> bool:
    """Whether words say that something is as in the year before."""
    return bool(
        re.search(
            r"(?:上年|去年|20[0-9]{2}年)[^,。;]{0,12}(?<!基本)(?:持平|一致|相同|无变化|无增减|没有变化)|无增减变化|同比持平|零增长",
            words,
        )
    )


def words_compare(left: Fact, op: Op, right: Fact, passage: Passage, start: int, end: int) -> Statement:
    """Left op right, as the words between `start` and `end` say."""
    return Statement(
        "comparison", (Term(left.id, "left"), Term(right.id, "right")), op=op, source=passage.source(start, end)
    )


def overspending(passage: Passage) -> Iterator[tuple[int, int]]:
    """Where a passage says that more was spent than budgeted."""
    for found in _OVERSPENT.finditer(passage.folded):
        if not _NOT_OVERSPENT.search(passage.folded, max(0, found.start() - 12), found.start()):
            yield found.span()


def items_before(passage: Passage, number: Number) -> tuple[int, bool] | None:
    """How many items are listed right before a count of them (A、B、C等3个方面), and whether 等 leaves the list open."""
    text, begin = passage.folded, max(passage.body, number.start - _LONGEST_ROW)
    begin = max([begin, *(text.rfind(mark, begin, number.start) + 1 for mark in ",。;:!?|")])
    if "、" not in text[begin : number.start]:
        return None
    while (counted := _COUNTED.search(text, begin + 2, number.end + 8)) and counted.start("number") < number.start:
        begin = counted.end()  # an earlier count ends its own row
    if counted is None or counted.start("number") != number.start or "、" not in text[begin : counted.start()]:
        return None
    items = text[begin : counted.start()].split("、")
    first = _ITEMS_BEGIN.sub("", items[0]) or items[0]
    last = re.split(r"[和及与](?=[^和及与]{2,}\Z)", items[-1])
    return len([first, *items[1:-1], *last]), bool(counted["others"])


def count_statement(fact: Fact, items: int, *, is_open: bool) -> Statement:
    """A printed count and the number of items listed; 等 may stand for items that are not listed."""
    op: Op = ">=" if is_open else "="
    return Statement("count", (Term(fact.id, "total"),), constant=Fraction(items), op=op, source=fact.number.source)
