"""HTML: what a page shows, in reading order, with its tables as grids."""

from __future__ import annotations

import pytest
from materials import holds_together, texts

import budgetaudit as ba
from budgetaudit.read.html import read_html
from budgetaudit.read.material import Material


def read(page: str, **options: str) -> Material:
    material = read_html(page.encode(options.pop("written", "utf-8")), name="page.html", **options)
    holds_together(material)
    return material


TABLE = """<table>
<tr><td colspan="3">2031年度收支决算总表</td></tr>
<tr><td>部门：青川县水利所</td><td></td><td>单位：万元</td></tr>
<tr><th rowspan=2>项目</th><th colspan="2">金额</th></tr><tr><th>上年</th><th>本年</th></tr>
<tr><td>&nbsp;&nbsp;修渠&amp;清淤</td><td>1,2<b>00</b>.50</td><td>7.00</td></tr>
<tr><td>合计</td><td>1,200.50</td><td>7.00</td></tr>
<tr><td colspan=3>注：本表反映本部门全年收支。</td></tr></table>"""


def test_text_flows_as_a_browser_breaks_it():
    page = "<body><h1>决算\n 说明</h1><p>支出<b>5</b>万元，<br>其中<i>修渠</i>3万元。<ul><li>甲<li>乙</ul><div>丙<p>丁</div>"
    assert read(page).text == "决算 说明\n支出5万元，\n其中修渠3万元。\n甲\n乙\n丙\n丁\n"


def test_scripts_styles_menus_and_what_is_hidden_are_no_text():
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><nav>菜单</nav><script>var x=5</script><p hidden>藏</p>"
        "<p style='Display: none'>藏</p><!-- 注 --><p>支出5万元</p><select><option>5</select></body>"
    )
    assert read(page).text == "支出5万元\n"


def test_entities_are_the_characters_they_name_and_raised_digits_stay_raised():
    assert (
        read("<p>A&amp;B &#20803; &yen;5 60m<sup>2</sup> 支出5.00<sup>1</sup>万元</p>").text
        == "A&B 元 ¥5 60m² 支出5.00¹万元\n"
    )


def test_merged_cells_stand_once_and_say_how_far_they_reach():
    material = read(TABLE)
    (grid,) = material.grids
    assert texts(grid) == [
        ["项目", "金额", ""],
        ["", "上年", "本年"],
        ["  修渠&清淤", "1,200.50", "7.00"],
        ["合计", "1,200.50", "7.00"],
    ]
    first, second = grid.at(1, 0), grid.at(0, 2)
    assert first is grid.at(0, 0)
    assert second is grid.at(0, 1)


def test_the_title_the_unit_and_the_notes_of_a_table_stand_around_it():
    (grid,) = read(f"<h2>第二部分</h2>{TABLE}<p>尾</p>").grids
    assert grid.above == ("第二部分", "2031年度收支决算总表", "部门：青川县水利所\t单位：万元")
    assert grid.below == ("注：本表反映本部门全年收支。", "尾")


def test_tables_that_a_spreadsheet_saved_as_one_are_several():
    blank = "<tr><td></td><td></td></tr>"
    rows = [
        f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (("项目", "金额"), ("甲", "1"), ("名称", "数量"), ("车", "2"))
    ]
    material = read(f"<table>{rows[0]}{rows[1]}{blank}<tr><td colspan=2>表二</td></tr>{rows[2]}{rows[3]}</table>")
    assert [texts(grid)[-1] for grid in material.grids] == [["甲", "1"], ["车", "2"]]
    assert material.grids[1].above == ("表二",)


def test_a_caption_stands_above_its_table():
    (grid,) = read("<table><caption>收支表</caption><tr><td>a<td>b<tr><td>1<td>2</table>").grids
    assert grid.above == ("收支表",)


@pytest.mark.parametrize(
    "frame",
    [
        "<table><tr><td>菜单</td><td>{}</td></tr><tr><td>a</td><td>b</td></tr></table>",
        "<table><tr><td>{}</td></tr></table>",
        "<table role=presentation><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>{}</td></tr></table>",
    ],
)
def test_tables_that_only_arrange_the_page_are_read_through(frame):
    material = read(frame.format(TABLE))
    assert len(material.grids) == 1
    assert "合计" in texts(material.grids[0])[-1]


def test_a_table_with_a_page_of_prose_in_it_is_prose():
    prose = "青川县水利所负责全县灌溉渠道的管护工作。" * 20
    material = read(f"<table><tr><td>导航</td><td>{prose}</td></tr><tr><td>页脚</td><td>联系我们</td></tr></table>")
    assert material.grids == ()
    assert prose in material.text


def test_head_and_foot_stand_where_a_browser_prints_them():
    page = (
        "<table><tfoot><tr><td>合计</td><td>3</td></tr></tfoot><tbody><tr><td>甲</td><td>3</td></tr></tbody>"
        "<thead><tr><th>项目</th><th>金额</th></tr></thead></table>"
    )
    (grid,) = read(page).grids
    assert texts(grid) == [["项目", "金额"], ["甲", "3"], ["合计", "3"]]


def test_a_mark_of_a_footnote_is_no_digit_of_the_figure():
    (grid,) = read(
        "<table><tr><th>项目<th>金额<tr><td>甲<sup>1</sup><td>12.50<sup>2</sup><tr><td>乙<td>3.00*</table>"
    ).grids
    assert texts(grid) == [["项目", "金额"], ["甲¹", "12.50"], ["乙", "3.00"]]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030"])
@pytest.mark.parametrize("text", ["青川县水利所支出合计12.50万元", "一元"])
def test_a_page_is_read_in_the_encoding_it_declares(declared, text):
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><p>{text}</p>'
    assert read(page, written="gb18030").text == f"{text}\n"


def test_what_the_bytes_show_goes_before_what_the_page_declares():
    text = "青川县水利所支出合计12.50万元"
    assert read(f'<meta charset="gb2312"><p>{text}</p>').text == f"{text}\n"
    assert read(f'<meta charset="utf-8"><p>{text}</p>', written="utf-16").text == f"{text}\n"


def test_a_page_without_a_declared_encoding_is_read_if_it_is_clear():
    with pytest.raises(ba.UnreadableInput, match="encoding"):
        read("<p>支出</p>", written="gb18030")
    assert read("<p>支出</p>", written="gb18030", encoding="gb18030").text == "支出\n"


@pytest.mark.parametrize("page", ["", " \n", "<!-- nothing -->", "<html></html>"])
def test_an_empty_page_is_empty(page):
    assert read(page).text == ""


def test_nesting_without_end_is_refused():
    with pytest.raises(ba.UnreadableInput, match="deeper"):
        read("<div>" * 50_000 + "5万元")


def test_spans_without_end_cover_no_more_than_the_table_has():
    (grid,) = read("<table><tr><td rowspan=65534 colspan=999>甲<td>1<tr><td>2<td>3<tr><td>4<td>5</table>").grids
    assert grid.rows == 3
    assert grid.columns <= 1_000
    with pytest.raises(ba.UnreadableInput, match="spans"):
        read("<table>" + "<tr><td rowspan=60000 colspan=900>1<td>2" * 6_000 + "</table>")


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]><p>&b;&f;</p>'
    assert "aaaa" not in read(bomb).text
