"""Naming: which line of a budget the words before a number name.

Words around a label are taken off from both ends: list marks and connecting words in front, verbs behind, the phase
(年初预算为, 支出决算为), the year, the body that reports (本部门, 全市). What remains is looked up among the known labels, with
the fund in front of it (一般公共预算财政拨款基本支出) as the scope of the figure; a path of classes (教育支出(类)普通教育(款))
becomes a name within its parents. A name nobody knows keeps its own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from budgetaudit.model.classification import canonical_label, known_labels
from budgetaudit.model.line import Fund, Phase

_LEADING: Final = re.compile(
    r"(?:[¥￥]|人民币|RMB|[大小]写(?=[:人¥￥]|\Z)|[,、:;。.+=“”\"'‘’「」『』《》\-—–·|]"
    r"|(?:20[0-9]{2}年?(?:度|末|底|初)?|[01]?[0-9]月(?:份|末|底)?|[0-9]{1,2}日)"
    r"|(?:截至|截止|截止到|至|到|本年度|本年(?!收|支)|当年(?!收|支)|今年|全年(?!预算|执行)|年度(?!预算)|上年度?(?!结)|去年|年末(?!结|滚)|年初(?!结|预算)|月末|底)"
    r"|安排(?!预算稳定)|审定|预计|录得|累计(?:完成|实现)?|完成|实现|加上(?!级|年(?!初|末)|解)|加(?=上级|上年(?!初|末)|上解)|再加|已经?(?=支|使|拨|到)|共(?!同|青)|全部"
    r"|其中主要是|其中包括|其中|其他主要|包括|包含|主要包括|主要用于|主要是|主要为|用于|含|即|由(?!于)|以及|及(?!其)|和(?!谐|平)|与|另外?|此外|还有|同时|并且?|且|则|共有|有|的"
    r"|按?(?:可比|同|自然)口径|同比|环比|[0-9]{2,3}年度|\((?:20[0-9]|2[0-9]{2})(?:类|款|项)\)|[2-5][0-9]{2,6}[-—]?(?=[\u4e00-\u9fff])"
    r"|[一二三四五六七八九十]是|(?:\([一二三四五六七八九十0-9]{1,2}\)|[0-9]{1,2}[.、](?![0-9])|[①-⑳])"
    r"|(?:我|本|该|各|全)(?:部门|单位|局|委|办|院|校|中心|馆|厅|处|站|所|镇|乡|街道|机关|系统|会|部|[县市府省区州](?!级))(?:的)?"
    r"|总预算案|预算案(?=岁)"
    r"|部门(?=基本|项目|收入|支出|预算)|单位(?=基本|项目|收入|支出)"
    r")"
)
_TRAILING: Final = re.compile(
    r"(?:[,、:;|“”\"'‘’「」『』]|为|是|有|达到|达|到|(?<![合总共累小统会审])计|共|合计为|约|近|了|的|仅|各|均|分别|安排|下达|完成|实现|列支|发生|核定|批复|(?<!行政)(?<!事业)(?<!工勤)(?<!机关)(?<!人员)(?<!参公)编制|已|实际|累计|使用|开支"
    r"|\[[0-9]{1,2}\]|[¹²³]|仍然?|拟|人民币|数据|情况|总体|继续|编列|规模编列|同比|环比|按?(?:可比|同|自然)口径|本年度?|上年度?|主要|相应|科目|总计为|支出了|投入|拨付|到位)\Z"
)
_PHASES: Final[tuple[tuple[Phase, re.Pattern[str]], ...]] = (
    ("adjusted", re.compile(r"(?:全年预算|修订预算|调整后?预算|预算调整|调整数)(?:数|额)?")),
    ("budget", re.compile(r"(?:年初|本年|当年|原来|原)?(?<!公共)(?<!基金)(?<!经营)(?<!财政)预算(?!执行|内|外|单位|编制|绩效|稳定|支出科目|项目)(?:收支|批复|安排)?(?:数|额)?(?:金额)?")),
    ("actual", re.compile(r"(?:预算)?执行数|(?:支出|收入)?决算(?!表)(?:数|额)?|实际(?:支出|完成|执行|支付|收入|发生|使用)(?:数|额)?|实际")),
)  # fmt: skip
_FUNDS: Final[tuple[tuple[Fund, re.Pattern[str]], ...]] = (
    ("government-fund", re.compile(r"政府性基金(?:预算)?(?:财政拨款|拨款)?")),
    ("state-capital", re.compile(r"国有资本经营(?:预算)?(?:财政拨款|拨款)?")),
    ("general", re.compile(r"(?:一般公共预算|公共财政预算|公共预算)(?:财政拨款|拨款)?")),
    ("appropriation", re.compile(r"财政拨款")),
)  # fmt: skip
_AREA: Final = re.compile(
    r"(?:全省|全市|全县|全区|全州|全旗|全盟|全师|全镇|全乡|全国|中央|省本级|市本级|县本级|区本级|州本级|盟本级|旗本级|镇本级|本级|省级|市级|县级|区级|州级|镇级|县\(市、区\)级?|县区级?|区县级?|市县级?|其他县区)"
)
_PATH: Final = re.compile(r"(?P<name>[^()]{2,40})\((?:[0-9]{2,3})?(?P<step>类|款|项)\)")
_QUOTED_PATH: Final = re.compile(
    r"[“\"‘'「]?(?P<path>[^“”\"'「」]{2,24}(?:[-—–－][^“”\"'「」\-—–－]{2,40}){1,2})[”\"’'」]?\Z"
)
_SLOTS: Final = re.compile(
    r"\A(?:全年|当年|本年|年初|年度|累计|支出|收入|预算|决算|执行数|预算数|决算数|数|额|金额|总额|合计|总计|共计|小计|资金|经费|计划|任务)?\Z"
)
# Totals of a whole body: what stands below one of them needs no other name than its own.
GRAND_TOTALS: Final = frozenset({
    "收入总计", "支出总计", "本年收入合计", "本年支出合计", "财政拨款收入", "财政拨款支出", "一般公共预算收入", "一般公共预算支出",
    "一般公共预算财政拨款支出", "一般公共预算财政拨款收入",
})  # fmt: skip
TOTALS: Final = frozenset({"合计", "总计", "共计", "小计", "合计支出", "两项合计", "三项合计", "以上合计", "各项合计"})
# Names that are the same words in many places and mean something else in each.
_GENERIC: Final = frozenset(
    [
        "支出",
        "收入",
        "资金",
        "金额",
        "总额",
        "经费",
        "预算",
        "决算",
        "合计",
        "总计",
        "小计",
        "共计",
        "预算资金",
        "财政资金",
        "项目资金",
        "资金总额",
        "项目",
        "投入",
        "余额",
        "限额",
        "专项资金",
        "补助",
        "拨款",
        "本级",
        "预算总额",
        "支出总额",
        "收入总额",
        "总支出",
        "总收入",
        "其他",
        "其他支出",
        "采购金额",
        "人员",
        "人次",
        "批次",
        "人",
        "次",
        "个",
        "得分",
        "分值",
        "满分",
    ]
)


# Labels that mean the same line whatever stands before them.
_SPECIFIC: Final = frozenset({
    "三公经费", "因公出国(境)费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费", "公务接待费", "国内接待费", "国(境)外接待费",
    "机关运行经费", "政府采购支出总额", "政府采购预算", "收入总计", "支出总计", "本年收入合计", "本年支出合计",
    "授予中小企业合同金额", "授予小微企业合同金额", "单位预留机动经费", "对个人和家庭的补助", "商品和服务支出", "工资福利支出",
})  # fmt: skip
# Ends of words in front of a label that leave its meaning alone.
_SAYS_NOTHING: Final = re.compile(
    r"(?:\A|.)(?:[的年度是为:拟]|单位|部门|局|委|办|办公室|院|校|中心|厅|处|公司|安排|使用|购买?|采购|财政拨款|拨款|公共预算|基金预算|经营预算|预算|决算|\(本级\)|本级|增加|减少|完成|实现)\Z"
)


@dataclass(frozen=True, slots=True)
class Naming:
    """What words name.

    Attributes:
        start, end: The label as printed, in the passage.
        label: Canonical label; empty if the words name no line.
        known: Whether the label tables know it.
        within: Canonical names of the classes it stands under.
        fund, phase, area: What the words say about scope, phase and territory.
    """

    start: int
    end: int
    label: str = ""
    known: bool = False
    within: tuple[str, ...] = ()
    fund: Fund | None = None
    phase: Phase | None = None
    area: str | None = None

    @property
    def generic(self) -> bool:
        """Whether the same words stand for other figures elsewhere."""
        return not self.label or (not self.within and self.label in _GENERIC)


def name_in(text: str, start: int, end: int, *, bodies: tuple[str, ...] = ()) -> Naming:
    """The line that a stretch of folded text without white space names.

    Args:
        text: The folded text of a passage.
        start: Where the stretch begins.
        end: Where it ends: at the number, or at its cue.
        bodies: Names of the reporting body, which stand before labels.
    """
    area = None
    done = bool(_DONE.match(text, start, end))
    while True:
        before = start, end
        start = _skip_front(text, start, end, bodies)
        if (found := _AREA.match(text, start, end)) and text[found.end() : end] not in _GENERIC:
            area, start = found[0], found.end()
        while start < end and (tail := _TRAILING.search(text, start, end)):
            done = done or tail[0] in {"完成", "实现", "执行", "累计"}
            whole = text[start : tail.start()] in {"收入", "支出"} and tail[0] in {"合计为", "总计为"}
            end = tail.end() - 1 if whole else tail.start()
        if (start, end) == before:
            break
    naming = _resolved(text[start:end], start, end, area)
    if start and _QUOTES.get(text[start - 1], "\0") in text[start:end]:
        naming = replace(naming, start=start - 1)  # “三公”经费
    return replace(naming, phase="actual") if done and naming.phase is None else naming


_QUOTES: Final = {"“": "”", "‘": "’", "「": "」", "『": "』"}
# 完成x, 累计实现x: an outturn.
_DONE: Final = re.compile(r"(?:[^,。]{0,12}?)(?:累计|完成|实现|已(?:经)?(?:支|使|拨|执|到|支付))")


def _skip_front(text: str, start: int, end: int, bodies: tuple[str, ...]) -> int:
    while start < end:
        body = next((body for body in bodies if text.startswith(body, start, end)), None)
        if body is not None:
            start += len(body)
            continue
        found = _LEADING.match(text, start, end)
        if found is None:
            return start
        start = found.end()
    return start


@lru_cache(maxsize=16384)
def _words(words: str) -> tuple[str, bool, tuple[str, ...], Fund | None, Phase | None]:
    """Canonical label, whether it is known, parents, fund and phase of a bare label."""
    path = _path(words)
    if path:
        *parents, last = path
        phase = _phase(words)[0]
        label = canonical_label(last)
        return label, label in known_labels(), tuple(canonical_label(name) for name in parents), _fund(words)[0], phase
    fund, without_fund = _fund(words)
    phase, without_phase = _phase(words)
    without_phase = _YEAR_WORDS.sub("", without_phase)
    for candidate in dict.fromkeys((words, without_phase)):
        if label := _known(candidate):
            return label, True, (), fund, phase
    of_fund = _YEAR_WORDS.sub("", _phase(without_fund)[1])
    if (label := _known(of_fund)) and label not in GRAND_TOTALS:
        return label, True, (), fund, phase
    if label := _known_at_end(without_phase):
        return label, True, (), fund, phase
    if _SLOTS.match(without_phase):
        label = "" if phase and without_phase in _ONLY_PHASE else canonical_label(words)
        return label, False, (), fund, phase
    return canonical_label(without_phase), False, (), fund, phase


_ONLY_PHASE: Final = frozenset({"", "支出", "数", "额", "金额", "全年", "当年", "本年", "年初", "年度", "累计"})
_YEAR_WORDS: Final = re.compile(r"(?:本年度?|上年度?|当年|20[0-9]{2}年度?)\Z")
_SUM_NOUN: Final = re.compile(r"(?:总额|总数|汇总数|汇总|共计|累计|总)\Z")
_TOTAL_NOUN: Final = re.compile(r"(?:总量|总计|合计|总支出|总收入|总)\Z")
# 一般公共预算财政拨款安排的出国费、车辆费、接待费(简称“三公”经费)支出合计
_THREE_PUBLIC: Final = re.compile(
    r"三公[”\"'’」]?经费[”\"'’」)]*(?:财政拨款|支出|预算|决算|执行|总|额|合计|数|安排|汇总)*\Z"
)


def _known(words: str) -> str:
    """The known label that words are, give or take the nouns that labels end in; empty if none."""
    if _THREE_PUBLIC.search(words):
        return "三公经费"
    bare = _SUM_NOUN.sub("", words).removesuffix("类")
    for form in (words, bare, f"{bare}支出", bare.removesuffix("支出"), bare.removesuffix("支出").removesuffix("用")):
        label = canonical_label(form)
        if label in known_labels() and not (label.endswith("收入") and words.endswith("支出")):
            return label
    label = canonical_label(_TOTAL_NOUN.sub("", words))
    return label if label in _SPECIFIC or label in {"财政拨款收入", "财政拨款支出"} else ""


def _known_at_end(words: str) -> str:
    """The longest known label at the end of words that only say who reports it, out of which money, or why."""
    for start in range(1, len(words) - 2):
        label = _known(words[start:])
        if label in GRAND_TOTALS and _fund(words[:start])[0] is not None:
            return ""
        if label and ((label in _SPECIFIC and label not in GRAND_TOTALS) or _SAYS_NOTHING.search(words, 0, start)):
            return label
    return ""


def _resolved(words: str, start: int, end: int, area: str | None) -> Naming:
    if not words or len(words) > 80:
        return Naming(start, end, area=area)
    label, known, within, fund, phase = _words(words)
    return Naming(start, end, label, known, within, fund, phase, area)


def _path(words: str) -> list[str]:
    """教育支出(类)普通教育(款)小学教育(项) or “教育支出-普通教育-小学教育” as its steps."""
    steps = [found["name"].strip("“”\"' ") for found in _PATH.finditer(words)]
    if steps:
        return steps
    quoted = _QUOTED_PATH.match(words)
    return re.split(r"[-—–－]", quoted["path"]) if quoted else []


def _phase(words: str) -> tuple[Phase | None, str]:
    """The phase that words name, and the words without it."""
    for phase, pattern in _PHASES:
        if pattern.search(words):
            return phase, pattern.sub("", words)
    return None, words


def _fund(words: str) -> tuple[Fund | None, str]:
    for fund, pattern in _FUNDS:
        if found := pattern.search(words):
            return fund, words[: found.start()] + words[found.end() :]
    return None, words


def side_of(label: str) -> Literal["income", "spending"] | None:
    """The side of the account a label stands on, if it ends in a word for one."""
    found = _SIDE.search(label)
    return None if found is None else "income" if found["side"] in {"收入", "岁入"} else "spending"


_SIDE: Final = re.compile(r"(?P<side>收入|岁入|支出|岁出)(?:合计|总计|总额|预算|决算|数|额)*\Z")


def fund_of(words: str) -> Fund | None:
    """The fund scope that words name: 一般公共预算财政拨款 is `general`."""
    return _fund(words)[0]


def phase_of(words: str) -> Phase | None:
    """The phase that words name: 支出决算 is `actual`."""
    return _phase(words)[0]
