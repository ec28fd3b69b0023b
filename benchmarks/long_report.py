"""A report of as many pages as wanted, with sentences of ours and figures that true amounts stand behind.

Amounts are drawn in fen (1/100 yuan), printed in 万元 with two places, and totals are printed from the true sums, so that
a long report holds exact sums and rounding gaps in the proportion that honest rounding gives.
"""

from __future__ import annotations

from random import Random

CHARACTERS_A_PAGE = 1100
OFFICES = ("档案馆", "气象站", "文化馆", "水利所", "农技中心", "交通站", "卫生院", "图书馆")


def long_report(pages: int, *, seed: int = 1) -> str:
    """At least that many pages of prose about one office after the other."""
    random = Random(seed)
    text = "青川县2023年度所属单位决算说明\n"
    number = 0
    while len(text) < pages * CHARACTERS_A_PAGE:
        number += 1
        text += _section(random, f"青川县第{number}{OFFICES[number % len(OFFICES)]}")
    return text


def _section(random: Random, office: str) -> str:
    staff, running, projects = (random.randrange(10**7, 10**9) for _ in range(3))
    basic = staff + running
    total = basic + projects
    goods = random.randrange(running // 2, running)
    grants = random.randrange(projects // 2)
    wages = staff * 9 // 10
    capital = total - wages - goods - grants
    last = total * random.randrange(80, 120) // 100
    cars, trips, guests = (random.randrange(10**5, 10**7) for _ in range(3))
    return f"""
{office}
2023年{office}支出合计{_w(total)}万元。按支出性质分，基本支出{_w(basic)}万元（其中：人员经费{_w(staff)}万元，\
公用经费{_w(running)}万元），项目支出{_w(projects)}万元。按经济分类分为：工资福利支出{_w(wages)}万元，商品和服务支出\
{_w(goods)}万元，对个人和家庭的补助{_w(grants)}万元，资本性支出{_w(capital)}万元。与上年的{_w(last)}万元相比，\
{"增加" if total >= last else "减少"}{_w(abs(total - last))}万元。
“三公”经费支出{_w(cars + trips + guests)}万元，其中：公务用车购置及运行维护费{_w(cars)}万元，因公出国（境）费{_w(trips)}万元，\
公务接待费{_w(guests)}万元。{office}本年完成窗口业务{random.randrange(100, 9999)}件，办结率{random.randrange(90, 100)}%。
"""


def _w(fen: int) -> str:
    """Fen printed in 万元 with two places, rounded half away from zero: integers only."""
    hundredths = (fen + 5_000) // 10_000
    return f"{hundredths // 100}.{hundredths % 100:02d}"
