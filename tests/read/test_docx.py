"""Word: paragraphs and tables of a .docx file."""

from __future__ import annotations

import pytest
from materials import archive_of, holds_together, paragraph, texts, word_of, word_table

import budgetaudit as ba
from budgetaudit.read.docx import read_docx
from budgetaudit.read.material import Material


def read(body: str) -> Material:
    material = read_docx(word_of(body), name="report.docx")
    holds_together(material)
    return material


def test_merged_cells_stand_once():
    table = word_table(["v 项目", "2>金额"], ["^", "上年", "本年"], ["修渠", "1.00", "2.00"], ["合计", "1.00", "2.00"])
    material = read(paragraph("2031年度支出决算表") + paragraph("单位：万元") + table + paragraph("尾"))
    (grid,) = material.grids
    assert texts(grid) == [
        ["项目", "金额", ""],
        ["", "上年", "本年"],
        ["修渠", "1.00", "2.00"],
        ["合计", "1.00", "2.00"],
    ]
    assert grid.at(1, 0) is grid.at(0, 0)
    assert grid.above == ("2031年度支出决算表", "单位：万元")
    assert grid.below == ("尾",)


def test_runs_breaks_and_tabs_are_the_characters_they_print():
    runs = "<w:p><w:r><w:t>支出5</w:t></w:r><w:r><w:t>万元</w:t><w:br/><w:t>其中</w:t><w:tab/><w:t>3</w:t><w:noBreakHyphen/></w:r></w:p>"
    assert read(runs).text == "支出5万元\n其中 3-\n"


def test_deleted_and_hidden_text_is_not_printed_and_raised_digits_stay_raised():
    body = (
        "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read(body).text == "新¹\n"


def test_a_table_around_a_table_is_read_through():
    inner = word_table(["项目", "金额"], ["修渠", "1.00"])
    body = f"<w:tbl><w:tr><w:tc>{paragraph('说明')}{inner}</w:tc></w:tr></w:tbl>"
    material = read(body)
    assert [texts(grid) for grid in material.grids] == [[["项目", "金额"], ["修渠", "1.00"]]]
    assert material.text.startswith("说明\n")


def test_paragraphs_in_content_controls_are_read():
    assert read(f"<w:sdt><w:sdtContent>{paragraph('支出5万元')}</w:sdtContent></w:sdt>").text == "支出5万元\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (word_of("")[:-40], "damaged"),
        (word_of("<w:p>"), "damaged"),
        (word_of("<w:p>" * 300 + "</w:p>" * 300), "deep"),
        (archive_of({"readme.txt": "x"}), "no Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (archive_of({"_rels/.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "document type"),
        (b"", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_clear_error(data, says):
    with pytest.raises(ba.UnreadableInput, match=says):
        read_docx(data, name="report.docx")
