"""The final account of one department, twenty pages of sentences of ours, written from true amounts.

A department's year is drawn in fen (1/100 yuan). Every figure that the text prints, percentages too, is rounded from these
true amounts and never from another print, so that whatever a reader makes of it, nothing in it is inconsistent. Where
offices have several ways to say a thing, one is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PAGE = 1100  # characters
PAGES = 20

BODIES = (
    "青川县交通运输局",
    "云溪市水利局",
    "南屏区文化和旅游局",
    "石桥县农业农村局",
    "东山市档案馆",
    "北湖区市场监督管理局",
)
# class, group, items: names of the official classification
FUNCTIONS = (
    ("一般公共服务支出", "政府办公厅（室）及相关机构事务", ("行政运行", "一般行政管理事务", "机关服务", "事业运行")),
    ("一般公共服务支出", "市场监督管理事务", ("质量安全监管", "食品安全监管", "信息化建设")),
    ("文化旅游体育与传媒支出", "文化和旅游", ("图书馆", "群众文化", "文化活动")),
    (
        "社会保障和就业支出",
        "行政事业单位养老支出",
        ("行政单位离退休", "机关事业单位基本养老保险缴费支出", "机关事业单位职业年金缴费支出"),
    ),
    ("卫生健康支出", "行政事业单位医疗", ("行政单位医疗", "事业单位医疗", "公务员医疗补助")),
    ("节能环保支出", "污染防治", ("水体", "大气")),
    ("农林水支出", "水利", ("水利工程建设", "水利工程运行与维护", "防汛")),
    ("交通运输支出", "公路水路运输", ("公路建设", "公路养护", "公路运输管理")),
    ("住房保障支出", "住房改革支出", ("住房公积金", "购房补贴")),
)
PROJECTS = (
    "渠道清淤", "村道硬化", "馆藏整理", "河岸护坡", "站房维修", "标识更换", "数据备份", "应急演练", "苗木补植", "桥梁检测", "窗口改造", "设备更新", "志愿服务", "科普展览", "管网巡查",
    "农技培训",
)  # fmt: skip
WHY_MORE = (
    "汛期比往年早，抢修任务加重",
    "新增了两个镇的管护任务",
    "设备到了更换年限",
    "人员工资标准按规定调整",
    "上级追加了专项任务",
)
WHY_LESS = ("压缩了会议和出差", "部分工程转到下一年实施", "合并了几次培训", "两名同志调出", "按要求过紧日子")
FILLER = (
    "本部门认真落实各项规定，把日常管理做在前面，没有发生责任事故。",
    "各科室按照分工把任务排到月份，年中对进度较慢的事项逐件督办。",
    "群众反映较多的问题已经列入清单，由分管领导牵头办理。",
    "对外公开的内容经保密审查后发布，公众可以在门户网站查阅。",
    "与往年相同，资产由办公室统一登记，处置时按程序报批。",
    "项目验收由技术人员和村民代表一起参加，发现的问题当场记录。",
    "财务人员全年参加了业务培训，对票据的审核比往年更细。",
    "内部审计提出的建议均已采纳，有关制度也作了修订。",
)


@dataclass
class Line:
    """A line of the accounts in fen: outturn, budget, and the outturn of the year before."""

    name: str
    actual: int
    budget: int
    last: int
    parts: tuple[Line, ...] = ()

    @classmethod
    def total(cls, name: str, *parts: Line) -> Line:
        """The line that some others make up."""
        return cls(
            name,
            sum(part.actual for part in parts),
            sum(part.budget for part in parts),
            sum(part.last for part in parts),
            parts,
        )


def rounded(numerator: int, denominator: int) -> str:
    """A quotient with two places, half away from zero: integers only."""
    hundredths = (200 * numerator + denominator) // (2 * denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def w(fen: int) -> str:
    """Fen in 万元."""
    return rounded(fen, 1_000_000)


def p(part: int, whole: int) -> str:
    """A part in per cent of a whole."""
    return f"{rounded(100 * part, whole)}%"


class FinalAccount:
    """The year of a department, and the text that reports it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.body = self.random.choice(BODIES)
        self.year = self.random.choice([2021, 2022, 2023, 2024])
        self._spend()
        self._receive()
        self._hospitality()
        self.bought = [self._amount(10, 200) for _ in range(3)]
        self.vehicles = [self.random.randrange(1, 5) for _ in range(3)]
        self.projects = [(name, self._amount(5, 80)) for name in self._sample(PROJECTS, 9, 13)]
        self._paragraphs: list[str] = []
        self._write()
        self.text = "\n".join(self._paragraphs) + "\n"

    # --- the year --------------------------------------------------------------------------------------------------

    def _amount(self, low: int, high: int) -> int:
        """An amount between two in 万元, with digits that the print hides."""
        return self.random.randrange(low * 1_000_000 + 1, high * 1_000_000)

    def _line(self, name: str, actual: int, *, least_budget: int = 70) -> Line:
        def near(least: int) -> int:
            return actual * self.random.randrange(least, 130) // 100 + self.random.randrange(9_999)

        return Line(name, actual, near(least_budget), near(70))

    def _sample(self, names: tuple[str, ...], least: int, most: int) -> list[str]:
        return self.random.sample(names, self.random.randrange(least, most))

    def _spend(self) -> None:
        chosen = sorted(self.random.sample(FUNCTIONS, self.random.randrange(4, 7)), key=FUNCTIONS.index)
        self.items = [
            (kind, group, self._line(item, self._amount(20, 900)))
            for kind, group, items in chosen
            for item in self._sample(items, 2, len(items) + 1)
        ]
        kinds = list(dict.fromkeys(kind for kind, _, _ in self.items))
        by_kind = (Line.total(kind, *(item for name, _, item in self.items if name == kind)) for kind in kinds)
        self.general = Line.total("一般公共预算财政拨款支出", *by_kind)
        general = self.general.actual
        self.personnel = self._line("人员经费", general * self.random.randrange(35, 50) // 100 + self._amount(0, 1))
        self.public = self._line("公用经费", general * self.random.randrange(8, 15) // 100 + self._amount(0, 1))
        self.basic = Line.total("基本支出", self.personnel, self.public)
        not_appropriated = self._amount(30, 300)
        self.spending = general + not_appropriated
        self.opening = not_appropriated + self._amount(10, 200)

    def _receive(self) -> None:
        granted = Line("财政拨款收入", self.general.actual, self.general.budget, self.general.last)
        others = (self._line("事业收入", self._amount(20, 200)), self._line("其他收入", self._amount(5, 90)))
        self.income = Line.total("本年收入合计", granted, *others)
        self.grand = self.income.actual + self.opening
        self.closing = self.grand - self.spending
        self.grand_last = self.grand * self.random.randrange(80, 120) // 100 + self._amount(0, 1)

    def _hospitality(self) -> None:
        limit = self.public.actual // 12  # a small part of what goods and services cost
        names = ("因公出国（境）费", "公务用车购置费", "公务用车运行维护费", "公务接待费")
        abroad, purchase, running, reception = (
            self._line(name, self.random.randrange(limit // 3, limit), least_budget=101) for name in names
        )
        cars = Line.total("公务用车购置及运行维护费", purchase, running)
        self.hospitality = Line.total("“三公”经费", abroad, cars, reception)

    # --- words -----------------------------------------------------------------------------------------------------

    def _say(self, *ways: str) -> str:
        return self.random.choice(ways)

    def _add(self, *paragraphs: str) -> None:
        self._paragraphs += paragraphs

    def _filler(self, count: int) -> str:
        return "".join(self.random.sample(FILLER, count))

    def _why(self, now: int, before: int) -> str:
        return self.random.choice(WHY_MORE if now >= before else WHY_LESS)

    def _change(self, now: int, before: int) -> str:
        if now >= before:
            return f"增加{w(now - before)}万元，增长{p(now - before, before)}"
        return f"减少{w(before - now)}万元，{self._say('下降', '降低')}{p(before - now, before)}"

    def _against_last(self, line: Line) -> str:
        since = self._say(f"与{self.year - 1}年相比，", "比上年", "与上年相比，", f"比{self.year - 1}年")
        return f"{since}{self._change(line.actual, line.last)}，主要原因是{self._why(line.actual, line.last)}。"

    def _against_budget(self, line: Line) -> str:
        return f"年初预算为{w(line.budget)}万元，支出决算为{w(line.actual)}万元，完成年初预算的{p(line.actual, line.budget)}"

    def _shares(self, whole: Line, *, tail: str = "") -> str:
        return "；".join(
            f"{part.name}{tail}{w(part.actual)}万元，占{p(part.actual, whole.actual)}" for part in whole.parts
        )

    # --- sections --------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        self._add(
            f"{self.body}{self.year}年度部门决算说明",
            "第一部分 部门概况",
            "一、主要职责",
            self._filler(4),
            "二、机构设置",
        )
        self._add(f"{self.body}内设办公室、财务科、业务科和法规科，部门决算包括局本级决算。{self._filler(2)}")
        self._add(f"第二部分 {self.year}年度部门决算情况说明")
        self._write_totals()
        self._write_general()
        self._write_hospitality()
        self._write_others()
        self._write_performance()
        self._add("第三部分 名词解释")
        for mark, name in zip("一二三四", ("财政拨款收入", "基本支出", "项目支出", "机关运行经费"), strict=True):
            self._add(f"{mark}、{name}：{self._filler(2)}")
        while sum(map(len, self._paragraphs)) < PAGES * PAGE:
            self._add(self._filler(6))

    def _write_totals(self) -> None:
        year, total = self.year, self.spending
        change = self._change(self.grand, self.grand_last)
        self._add(
            "一、收入支出决算总体情况说明",
            f"{year}年度收、支总计{self._say('均为', '')}{w(self.grand)}万元。与{year - 1}年相比，收、支总计各{change}。主要原因是{self._why(self.grand, self.grand_last)}。{self._filler(2)}",
            f"收入总计{w(self.grand)}万元，包括本年收入合计{w(self.income.actual)}万元，年初结转和结余{w(self.opening)}万元。",
            f"支出总计{w(self.grand)}万元，包括本年支出合计{w(total)}万元，年末结转和结余{w(self.closing)}万元。",
            "二、收入决算情况说明",
            f"本年收入合计{w(self.income.actual)}万元，{self._say('其中：', '包括：')}{self._shares(self.income)}。{self._filler(1)}",
            "三、支出决算情况说明",
            f"本年支出合计{w(total)}万元，{self._say('其中：', '')}基本支出{w(self.basic.actual)}万元，占{p(self.basic.actual, total)}；"
            f"项目支出{w(total - self.basic.actual)}万元，占{p(total - self.basic.actual, total)}。{self._filler(1)}",
        )

    def _write_general(self) -> None:
        year, general = self.year, self.general
        self._add(
            "四、一般公共预算财政拨款支出决算情况说明",
            "（一）支出决算总体情况",
            f"{year}年度一般公共预算财政拨款支出{w(general.actual)}万元，占本年支出合计的{p(general.actual, self.spending)}。{self._against_last(general)}{self._filler(2)}",
            "（二）支出决算结构情况",
            f"{year}年度一般公共预算财政拨款支出{w(general.actual)}万元，主要用于以下方面：{self._shares(general, tail=self._say('（类）', ''))}。",
            "（三）支出决算具体情况",
            f"{year}年度一般公共预算财政拨款支出{self._against_budget(general)}。其中：",
        )
        for number, (kind, group, item) in enumerate(self.items, 1):
            compared = f"决算数{'大于' if item.actual >= item.budget else '小于'}预算数的"
            self._add(
                f"{number}.{kind}（类）{group}（款）{item.name}（项）。{self._against_budget(item)}。"
                f"{self._say(compared, '')}主要原因是{self._why(item.actual, item.budget)}。{self._filler(2)}"
            )
        self._add(
            "五、一般公共预算财政拨款基本支出决算情况说明",
            f"{year}年度一般公共预算财政拨款基本支出{w(self.basic.actual)}万元，其中：人员经费{w(self.personnel.actual)}万元，主要包括基本工资、津贴补贴、奖金、住房公积金；"
            f"公用经费{w(self.public.actual)}万元，主要包括办公费、水费、电费、差旅费。{self._filler(2)}",
        )

    def _write_hospitality(self) -> None:
        whole = self.hospitality
        abroad, cars, reception = whole.parts
        purchase, running = cars.parts
        self._add(
            "六、财政拨款“三公”经费支出决算情况说明",
            "（一）总体情况",
            f"{self.year}年度财政拨款“三公”经费支出{self._against_budget(whole)}。{self._against_last(whole)}",
            "（二）具体情况",
            f"{self.year}年度财政拨款“三公”经费支出决算中，{self._shares(whole, tail='支出决算')}。",
        )
        further = {
            abroad.name: "",
            cars.name: f"其中：公务用车购置费{w(purchase.actual)}万元，公务用车运行维护费{w(running.actual)}万元。年末公务用车保有量{self.random.randrange(2, 9)}辆。",
            reception.name: f"全年国内公务接待{self.random.randrange(10, 60)}批次，{self.random.randrange(100, 600)}人次。",
        }
        for number, line in enumerate(whole.parts, 1):
            self._add(
                f"{number}.{line.name}{self._against_budget(line)}。{self._against_last(line)}{further[line.name]}{self._filler(2)}"
            )

    def _write_others(self) -> None:
        total = sum(self.bought)
        small, micro = total * 7 // 10 + 3, total * 3 // 10 + 7
        goods, works, services = map(w, self.bought)
        messages, emergencies, rest = self.vehicles
        self._add(
            "七、其他重要事项说明",
            "（一）机关运行经费支出情况",
            f"{self.year}年度机关运行经费支出{w(self.public.actual)}万元，{self._against_last(self.public)}",
            "（二）政府采购支出情况",
            f"{self.year}年度政府采购支出总额{w(total)}万元，其中：政府采购货物支出{goods}万元、政府采购工程支出{works}万元、政府采购服务支出{services}万元。"
            f"授予中小企业合同金额{w(small)}万元，占政府采购支出总额的{p(small, total)}，其中：授予小微企业合同金额{w(micro)}万元，占政府采购支出总额的{p(micro, total)}。",
            "（三）国有资产占用情况",
            f"截至{self.year}年12月31日，本部门共有车辆{sum(self.vehicles)}辆，其中：机要通信用车{messages}辆、应急保障用车{emergencies}辆、其他用车{rest}辆。"
            f"单价100万元以上设备{self.random.randrange(1, 4)}台（套）。",
        )

    def _write_performance(self) -> None:
        total = sum(amount for _, amount in self.projects)
        self._add(
            "八、预算绩效情况说明",
            f"本部门对{self.year}年度{len(self.projects)}个项目开展了绩效自评，涉及资金{w(total)}万元。{self._filler(2)}",
        )
        for number, (name, amount) in enumerate(self.projects, 1):
            spent = amount * self.random.randrange(8_000, 10_000) // 10_000
            self._add(
                f"{number}.{name}项目。全年预算数为{w(amount)}万元，执行数为{w(spent)}万元，完成预算的{p(spent, amount)}。自评得分{self.random.randrange(85, 100)}分。{self._filler(3)}"
            )
