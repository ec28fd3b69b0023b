"""The text of a document on the page of its report: what was read, marked, and linked with the findings both ways."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.show import document
from budgetaudit.show.html import show_page

REPORT = "青川县水利所2031年度部门决算说明\n\n2031年度支出合计12.50万元，其中：基本支出10.00万元，项目支出3.50万元。\n"
TABLE = """<!DOCTYPE html><h1>青川县水利所2031年度部门决算</h1><p>支出决算表</p><p>单位：万元</p><table>
<tr><th colspan=2>项目</th><th rowspan=2>本年支出合计</th><th rowspan=2>基本支出</th><th rowspan=2>项目支出</th></tr>
<tr><th>功能分类科目编码</th><th>科目名称</th></tr><tr><td colspan=2>合计</td><td>7.00</td><td>2.00</td><td>4.00</td></tr>
<tr><td>213</td><td>农林水支出</td><td>6.00</td><td>2.00</td><td>4.00</td></tr></table>"""
WORDS = st.sampled_from(
    [
        "支出合计",
        "基本支出",
        "12.50万元",
        "3万元",
        "，其中：",
        "增长5%",
        "（",
        "）",
        "\n",
        "<b>",
        "&amp;",
        '"',
        "\t",
        "'",
        "\x00",
    ]
)


class Page(HTMLParser):
    """What a page holds: ids, links, visible text, tables."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: set[str] = set()
        self.tags: Counter[str] = Counter()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags[tag] += 1
        if named.get("id"):
            self.ids[named["id"] or ""] += 1
        if tag == "a":
            self.links.add((named["href"] or "").removeprefix("#"))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        assert tag not in {"a", "mark", "td"}

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "section" in self.open and "sup" not in self.open:
            self.text += data


def page_of(source: object, **options: str) -> tuple[Page, ba.Report, str]:
    report = ba.audit(ba.read(source, **options))
    written = show_page(report)
    page = Page(written)
    assert page.links <= page.ids.keys()
    assert set(page.ids.values()) <= {1}
    assert page.tags["script"] == 0
    return page, report, written


def test_every_finding_leads_to_its_figures_and_every_figure_to_its_findings():
    page, report, written = page_of(REPORT)
    assert [finding.kind for finding in report.findings] == ["SUM001"]
    target, *parts = (report.budget.line(line_id).source for line_id in report.findings[0].lines)
    assert re.search(
        rf'<mark id="text-0-{target.start}" class="error"[^>]*>12.50</mark><sup><a href="#finding-1"', written
    )
    for part in parts:
        assert re.search(
            rf'<mark id="text-0-{part.start}" class="beside"[^>]*>{part.text}</mark><sup><a href="#finding-1"', written
        )
    assert {"finding-1", *(f"text-0-{one.start}" for one in (target, *parts))} <= page.links


def test_the_text_is_the_one_that_was_read():
    page, report, _ = page_of(REPORT)
    assert [line for line in REPORT.split("\n") if line] == [
        line
        for line in re.split("(?<=明)|(?<=。)", page.text.replace(report.budget.documents[0].name, "", 1))
        if line.strip()
    ]


def test_tables_are_tables_with_their_merged_cells():
    page, report, written = page_of(TABLE.encode(), name="page.html")
    assert [finding.severity for finding in report.findings] == ["error"]
    assert '<td colspan="2">项目</td><td rowspan="2">本年支出合计</td>' in written
    assert page.tags["table"] >= 1
    assert re.search(r'<td class="figure"><mark id="text-0-\d+" class="error"[^>]*>7.00</mark>', written)


def test_markup_in_a_document_is_text():
    _, _, written = page_of(
        "2031年度<script>alert(1)</script>支出合计12.50万元，其中：<b>基本支出</b>10.00万元，项目支出3.50万元。\n"
    )
    assert "<script" not in written
    assert "&lt;b&gt;" in written


def test_of_a_long_document_only_what_is_near_a_finding_is_shown(monkeypatch):
    monkeypatch.setattr(document, "_LONG", 100)
    page, _, _ = page_of("水利所管护灌溉渠道。\n" * 200 + REPORT + "尾声而已。\n" * 200)
    assert "Only lines near a finding are shown" in page.text
    assert "12.50" in page.text
    assert page.text.count("尾声") < 60
    assert page.text.count("管护") < 60


def test_notebooks_get_the_findings_without_the_text():
    assert "<section" not in (ba.audit(ba.read(REPORT))._repr_html_() or "")


@given(st.lists(WORDS, max_size=40).map("".join))
def test_any_document_gives_a_page_whose_links_lead_somewhere(text):
    page_of(f"2031年度{text}\n")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 5, 0), (3, 8, 2)], [(0, 3), (3, 8)]),
        ([(0, 9, 0), (3, 5, 2)], [(0, 3), (3, 5), (5, 9)]),
        ([(0, 5, 2), (3, 8, 0)], [(0, 5), (5, 8)]),
        ([(0, 5, 2), (0, 5, 0)], [(0, 5)]),
        ([(0, 5, 0), (0, 3, 2)], [(0, 3), (3, 5)]),
        ([(0, 2, 0), (4, 6, 0)], [(0, 2), (4, 6)]),
    ],
)
def test_where_marks_overlap_the_one_that_matters_more_is_shown(spans, expected):
    marks = [document._Mark(start, end, "", "error" if rank else None) for start, end, rank in spans]
    assert [(piece.start, piece.end) for piece in document._pieces(marks)] == expected
