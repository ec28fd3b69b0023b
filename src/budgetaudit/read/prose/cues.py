"""Cues: what the words right before a number say it is.

增加 makes the next amount a change, 占…的 the next percentage a share, 完成预算的 a completion rate; without such a word an
amount is a level. Comparisons name what they compare with (上年, 年初预算, 2018年). Everything is matched on folded text
without white space, at the end of the clause, with patterns that cannot backtrack far.

A cue says nothing about which figure is meant; that is decided where the figures are (`reading`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from budgetaudit.model.line import Phase
from budgetaudit.money.unit import UnitKind

Role = Literal[
    "level",
    "change",
    "change of",
    "difference",
    "whole",
    "growth",
    "share",
    "rate",
    "from",
    "to",
    "named-ratio",
    "points",
    "multiple",
    "average",
]

_UP: Final = "增加|增长|增幅|增收|增支|增速|上升|提高|提升|上涨|扩大|超收|超支|超出|调增|净增|多支|多"
_DOWN: Final = (
    "负增长|减少|下降|降低|降幅|减幅|减支|减收|压减|压缩|缩减|节约|节减|节支|回落|下浮|短收|核减|调减|下调|减|降|少"
)
# What may stand between the word of change and the number.
_TAIL: Final = (
    r"(?:了|约|近|额|金|数|率|幅|度|比例|支出|收入|预算|经费|资金|安排|投入|拨款|为|达|到|共|合计|的|各|分别)*+"
)
_CHANGE: Final = re.compile(
    rf"(?:(?P<up>{_UP}|增|超)|(?P<down>{_DOWN}))(?:\((?:增|减|增加|减少|增长|下降|上升)\))?(?P<tail>{_TAIL})\Z"
)
_TO: Final = re.compile(rf"(?:{_UP}|{_DOWN}|增|调整|变更|变)(?:到|至|为)\Z")
_FROM: Final = re.compile(
    r"(?:由|从)(?P<what>(?:原来?|上年度?|去年|年初|批准|20[0-9]{2}年度?)?(?:的|预算|决算|执行|数|批复|同期)*)\Z"
)
_SHARE: Final = re.compile(
    r"(?:占(?:到|了)?(?P<whole>[^占]{0,48}?)[的之]?(?:比例|比重|份额|百分比|比)?(?:约|为|是|达|到)*+"
    r"|(?P<part>[^占]{0,30})(?:占比|比重|所占比例|占比例|比例)(?:约|为|是|达|到|例)*+)\Z"
)
_RATE_WORD: Final = re.compile(
    r"(?:预算|资金|支出|支付|拨付|到位|项目|总体|综合|全年|调整|年初|年度|收入|本年|实际|部门|单位|整体)*"
    r"(?:执行率|完成率|完成比例|执行进度|完成进度|支出进度|支付率|到位率|拨付率|使用率|支付进度|支出率|执行比例|实现率)(?:约|为|是|达|到)*+\Z"
)
_RATE_OF: Final = re.compile(
    r"(?:(?:完成了?|为|是|达到?|相当于|实现)(?P<base>[^完占达]{0,14}(?:预算|计划|任务|调整数|目标)[^完占达]{0,8}?)"
    r"|占(?P<of>(?:年初|全年|年度|调整后?|当年|本年|收入|支出)*(?:预算|计划|任务|目标|调整数)(?:数|额)?))(?:的|比例为?|任务的?)*\Z"
)
# 比上年的433万元减少2万元: the first number is the base itself.
_BASE: Final = re.compile(
    r"(?:比|较|与|同|同比)(?P<what>(?:(?:20[0-9]{2}|1[01][0-9])年(?:度)?|上年度?|去年|上一年度?|年初|全年)(?:同期|预算|决算|执行|累计|支出|实际|收入|岁入|岁出|完成|数)*)的?\Z"
)
# 完成年初预算数60999万元的40.4%: the amount is what the percentage after it is taken of.
_FOLLOWED_BY_CHANGE: Final = re.compile(r",?(?:增加|减少|增长|下降|上升|降低|增|减|多|少)")  # 比去年3.01万元少0.07万元
_WHOLE: Final = re.compile(
    r"(?:完成了?|占|为|是|达到?|相当于)(?P<what>[^完占]{0,30}?(?:预算|计划|任务|目标|支出|收入|总额|资金|经费)[^完占]{0,6}?)\Z"
)
# 主要原因是基本支出增加人员工资等3397.18万元: a change whose object stands behind the word.
_CHANGE_OF: Final = re.compile(
    r"(?:\A(?:本年度?|今年|当年)?|原因[^,。;]{0,30}?)(?:(?P<up>增加|追加|调增)|(?P<down>减少|压减|压缩|调减|核减))了?(?P<what>[^增减]{2,40})\Z"
)
_DIFFERENCE: Final = re.compile(r"(?:\A(?:两者)?差[值额距]|相差)(?:为|是)?\Z")
_AVERAGE: Final = re.compile(
    r"(?:人均|户均|平均每(?:批|人|辆|台|户|次|批次|人次)|每(?:批次|人次|辆)|单车|车均)[^,]{0,10}\Z"
)

YEAR_NAMED: Final = re.compile(
    r"(20[0-9]{2}|(?<![0-9])1[01][0-9](?=年度))年(?!以来|起)"
)  # 110年度: of the Republic of China
_YEAR: Final = r"(?:(?:20[0-9]{2}|1[01][0-9])年(?:度|末|底)?)"
_BASIS: Final = re.compile(
    rf"(?:比|较|与|同|和|跟|相比|对比)(?P<what>(?:{_YEAR}|上年度?|上一年度?|去年|前一年度?|往年|上期|年初|全年|调整后?|本年|当年|上月)?"
    r"(?:年初|年末|全年|调整后?|当年|同期)*(?:预算执行|决算|预算|执行|实际|完成|批复|计划|任务|安排|支出|收入|总额)*(?:数|额)?(?:同期|水平|口径)?)"
    r"(?:相比较?|比较|对比|来看|相比|比)?"
)
_SAME_PERIOD: Final = re.compile(r"同比|环比|比上|较上|可比口径|同口径")
_YEARLY: Final = re.compile(r"年均|年平均|平均每年")  # a rate over several years is no growth of one
_SCOPE_ADJUSTED: Final = re.compile(r"可比口径|同口径|自然口径|剔除|扣除|还原|按可比|环比")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a number is.

    Attributes:
        role: Level, change, growth, share, completion rate, ...
        sign: -1 where the words say less (减少, 下降), else 1.
        at: Where the words of the cue begin in the clause; what stands before them may name the figure.
        whole: Of a share: the words that name the whole; of a rate: the words that name its base; of growth: `average`
            where it is a yearly average, `change` where it says the change before it once more; of a change: `budget` where a budget was adjusted; of `change of`: its object.
    """

    role: Role
    sign: int = 1
    at: int = 0
    whole: str = ""


def cue_of(clause: str, kind: UnitKind, *, following: str = "") -> Cue:
    """What the clause that ends at a number says about it.

    Args:
        clause: Folded text without white space, up to the number.
        kind: Kind of the number's unit.
        following: The characters right after the number.
    """
    match kind:
        case "percent":
            return _percent(clause)
        case "points":
            found = _CHANGE.search(clause)
            return Cue("points", -1 if found and found["down"] else 1, found.start() if found else len(clause))
        case "multiple":
            found = _CHANGE.search(clause)
            if found and found["up"]:
                return Cue("growth", 1, found.start())
            return Cue("multiple", at=len(clause))
        case _:
            pass
    if following.startswith(("的", "之")) and (found := _WHOLE.search(clause)):
        return Cue("whole", at=found.start(), whole=found["what"])
    return _amount(clause, following)


def _percent(clause: str) -> Cue:
    if clause in {"即", "即为", "幅度为"}:
        return Cue("growth", at=0, whole="change")
    if (found := _RATE_OF.search(clause)) and not re.search(r"(?:收入|支出)合计的?\Z", clause):
        return Cue("rate", at=found.start(), whole=found["base"] or found["of"])
    if found := _RATE_WORD.search(clause):
        return Cue("rate", at=found.start())
    if found := _SHARE.search(clause):
        whole = found["whole"] or ""
        return Cue(
            "share",
            at=found.start() if found["whole"] is not None or not found["part"] else found.end("part"),
            whole=whole,
        )
    if found := _CHANGE.search(clause):
        return Cue(
            "growth", -1 if found["down"] else 1, found.start(), whole="average" if _YEARLY.search(clause) else ""
        )
    return Cue("named-ratio", at=len(clause))


def _amount(clause: str, following: str) -> Cue:
    if found := _AVERAGE.search(clause):
        return Cue("average", at=found.start())
    if found := _TO.search(clause):
        return Cue("to", at=found.start())
    if (found := _CHANGE.search(clause)) and not _is_name(clause, found):
        whole = "budget" if (found["up"] or found["down"]) in {"调增", "调减", "核减"} else ""
        return Cue("change", -1 if found["down"] else 1, found.start(), whole)
    if _FOLLOWED_BY_CHANGE.match(following) and (basis := basis_of(clause)) is not None and basis.words:
        return Cue("from", at=basis.start, whole=clause[basis.start :])
    if found := _CHANGE_OF.search(clause):
        return Cue(
            "change of", -1 if found["down"] else 1, found.start("down" if found["down"] else "up"), whole=found["what"]
        )
    if found := _FROM.search(clause):
        return Cue("from", at=found.start(), whole=found["what"])
    if found := _BASE.search(clause):
        return Cue("from", at=found.start(), whole=found["what"])
    if found := _DIFFERENCE.search(clause):
        return Cue("difference", at=found.start())
    return Cue("level", at=len(clause))


# Words that end like a change and are none: the name of a line, or what money is spent on.
_NAMES: Final = re.compile(
    r"(?:至少|不少|多少|较少|最多|许多|减税降|新增债券|新增债务|新增限额|新增资产|新增建设用地)\Z"
)


def _is_name(clause: str, found: re.Match[str]) -> bool:
    word = clause[: found.end("up") if found["up"] else found.end("down")]
    return bool(_NAMES.search(word))


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change, growth or rate is measured against.

    Attributes:
        against: `prior-year`, `initial-budget`, `adjusted-budget`, or None where nothing is named.
        year: The year named, as printed.
        words: The words that name it.
        comparable: False where the words say that scopes were adjusted, so that printed levels do not decide.
    """

    against: str | None = None
    year: str | None = None
    words: str = ""
    comparable: bool = True
    start: int = 0
    end: int = 0


def basis_of(text: str) -> Basis | None:
    """The last comparison that a stretch of folded text names; None if it names none."""
    comparable = not _SCOPE_ADJUSTED.search(text)
    for found in reversed(list(_BASIS.finditer(text))):
        what = found["what"]
        if what:
            year = re.search(r"20[0-9]{2}|1[01][0-9](?=年)", what)
            return Basis(_against(what), year[0] if year else None, what, comparable, found.start(), found.end())
    same_period = _SAME_PERIOD.search(text)
    return None if same_period is None else Basis("prior-year", None, "", comparable, *same_period.span())


def is_scope_adjusted(words: str) -> bool:
    """Whether words say that a figure is of an adjusted scope (同口径), so that its growth does not follow from levels."""
    return bool(_SCOPE_ADJUSTED.search(words))


def _against(what: str) -> str:
    if re.search(r"20[0-9]{2}|1[01][0-9]年|上年|上一年|去年|前一年|往年|同期|上期|上月", what):
        return "prior-year"
    if re.search(r"全年预算|调整", what):
        return "adjusted-budget"
    if re.search(r"预算|计划|任务|批复", what) and "执行" not in what:
        return "initial-budget"
    return "prior-year"


def base_phase(words: str, default: Phase | None) -> Phase | None:
    """The phase of the figure that a comparison names: 比2018年决算数 compares with an outturn."""
    if re.search(r"执行|决算|完成|实际", words):
        return "actual"
    if re.search(r"全年预算|调整", words):
        return "adjusted"
    if "预算" in words:
        return "budget"
    return default
