"""HTML: a table of findings for notebooks, everything escaped, nothing that runs or is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import budgetaudit as ba
from budgetaudit.findings.report import Report
from budgetaudit.show.formats import render
from budgetaudit.show.html import MOST_FINDINGS, show_html, show_page
from budgetaudit.show.language import LOCALES
from budgetaudit.show.svg import HEIGHT, WIDTH

VOID = {"br", "meta"}
ELEMENTS = {
    "html", "head", "title", "meta", "body", "div", "span", "b", "br", "ul", "li", "details", "summary", "table", "tbody",
    "tr", "td", "svg", "g", "path", "rect", "circle", "text", "style", "section", "h2", "h3", "p", "mark", "sup", "a", "i",
}  # fmt: skip
HOSTILE = '<script>alert("1")</script>&amp;\x1b[31m\u202e"\'><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """Reads a page, refuses what is not balanced or not ours, and keeps its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.rows = 0
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "action"}
            assert name != "href" or (value or "").startswith("#")
            assert "url(" not in (value or "")
        self.rows += tag == "tr" and "table" not in self.open[:-2]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("locale", LOCALES)
def test_html_is_as_stored(locale: str, county: Report, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"county.{locale}.html", render(county, "html", locale=locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_html_is_balanced_and_says_what_text_says(locale: str, county: Report) -> None:
    page = Page(show_page(county, locale=locale))
    words = re.sub(r"\s+", " ", " ".join(page.texts))
    text = render(county, "text", locale=locale, verbose=True)
    for block in text.split("\n\n")[: len(county.findings)]:
        lines = block.splitlines()
        causes = [line.strip() for line in lines[3:] if " | " not in line]
        for sentence in (lines[1], *causes):
            assert sentence in words
    assert page.rows == len(county.findings)


def test_findings_come_worst_first(county: Report) -> None:
    html = show_html(county)
    places = [html.index(f"rule {finding.rule}") for finding in county.findings]
    assert places == sorted(places)
    assert [finding.severity for finding in county.findings] == ["error", "error", "warning", "warning"]


def test_each_gap_has_its_ruler(county: Report) -> None:
    gaps = [finding for finding in county.findings if finding.outcome is not None and finding.outcome.gap]
    assert show_html(county).count(f'viewBox="0 0 {WIDTH} {HEIGHT}"') == len(gaps) == 3


def test_a_suspected_figure_has_a_picture_of_what_its_relations_need() -> None:
    figures = {"t": "1763.26", "a": "1254.36", "b": "386.72", "c": "95.18", "d": "1000.00", "e": "736.26"}
    html = show_html(ba.audit(figures, rules={"first": "t = a + b + c", "second": "t = d + e"}))
    assert "<title>relations around t: 1,763.26 → 1,736.26</title>" in html
    picture = html[html.index("relations around t") :]
    assert [picture.count(f">{name}</text>") for name in ("first", "second", "1763.26", "1736.26")] == [1, 1, 1, 1]
    alone = show_html(ba.audit(figures, rules={"first": "t = a + b + c"}))
    assert "relations around" not in alone


def test_a_notebook_gets_no_style_sheet_and_no_names_that_another_cell_may_have(county: Report) -> None:
    assert not re.search("<style|<section| id=| class=| href=", show_html(county))


def test_everything_from_a_document_is_escaped(one_sum: Callable[..., Report]) -> None:
    report = one_sum([HOSTILE, f"a{HOSTILE}", "b"], ["9.00", "4.00", "4.00"], document=f"{HOSTILE}.txt")
    for html in (show_html(report), show_page(report)):
        page = Page(html)
        assert any('<script>alert("1")</script>&amp; [31m' in text for text in page.texts)
        assert not {"\x1b", "\u202e"} & set(html)


def test_a_long_report_is_cut_and_says_so(county: Report) -> None:
    many = replace(county, findings=county.findings * 20)
    html = show_html(many)
    assert Page(html).rows == MOST_FINDINGS
    assert "30 further findings are not shown" in html


def test_nothing_to_report_stands_with_the_counts() -> None:
    html = show_html(ba.audit({"total": "9.00", "a": "9.00"}, rules=["total = a"]))
    assert "nothing to report" in html
    assert "1 exact" in html


def test_a_notebook_gets_the_html_and_one_line_of_text(county: Report) -> None:
    bundle = county._repr_mimebundle_()
    assert bundle["text/html"] == county._repr_html_() == show_html(county)
    assert len(bundle["text/plain"].splitlines()) == 1
    assert "script" not in bundle["text/html"]


def test_locale_tags_are_understood(county: Report) -> None:
    assert show_html(county, locale="zh-TW") == show_html(county, locale="zh_Hant")
    with pytest.raises(ba.BudgetAuditError, match="no catalogue speaks 'de'"):
        show_html(county, locale="de")
