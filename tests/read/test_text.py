"""Text: paragraphs as they are read, each character with its place in the document."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.money.characters import folded
from budgetaudit.read.text import Paragraph, Text

LONGEST = 12_000


def paragraphs(text: str) -> list[Paragraph]:
    return list(Text("text", text).paragraphs())


def raws(text: str) -> list[str]:
    return [paragraph.raw for paragraph in paragraphs(text)]


# --- what is one paragraph -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一行一段。\n另一段。", ["一行一段。", "另一段。"]),
        ("\n\n  空行不算。  \n\n\u3000\u3000缩进也不算。\n", ["空行不算。", "缩进也不算。"]),
        ("水利所支出5万元，\n其中修渠3万元。", ["水利所支出5万元，其中修渠3万元。"]),
        ("水利所支出5万元、\r\n修渠3万元。", ["水利所支出5万元、修渠3万元。"]),
        ("修渠、清淤、植树支出5\n万元。", ["修渠、清淤、植树支出5万元。"]),
        ("今年修渠，支出增\n加5万元。", ["今年修渠，支出增加5万元。"]),
        ("修渠支出（\n东渠）5万元", ["修渠支出（东渠）5万元"]),
        ("修渠支出5万元\n，清淤3万元", ["修渠支出5万元，清淤3万元"]),
        ("修渠完成率98\n%。", ["修渠完成率98\n%。"]),
        ("单位名称\n水利所\n负责人", ["单位名称", "水利所", "负责人"]),
        ("修渠支出。\n清淤支出", ["修渠支出。", "清淤支出"]),
        ("修渠支出，\n一、清淤支出", ["修渠支出，", "一、清淤支出"]),
        ("修渠支出，\n（二）清淤支出，\n3.植树支出", ["修渠支出，", "（二）清淤支出，", "3.植树支出"]),
        ("修渠支出|\n清淤支出，\n|植树支出", ["修渠支出|", "清淤支出，", "|植树支出"]),
        ("一、概况…………3\n二、收支，", ["一、概况…………3", "二、收支，"]),
        ("概况.........3\n收支说明，\n支出说明", ["概况.........3", "收支说明，支出说明"]),
    ],
)  # fmt: skip
def test_lines_are_joined_where_the_sentence_goes_on(text, expected):
    assert raws(text) == expected


@pytest.mark.parametrize("width", [30, 38, 60])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\n\u3000"])
def test_a_page_that_breaks_its_lines_is_put_together_again(width, end):
    sentences = [
        "水利所负责全县的灌溉渠道以及两座水库的日常管护工作今年汛期比往年早了半个月所以抢修的任务也格外重一些"
    ] * 6
    broken = [
        end.join(sentence[at : at + width] for at in range(0, len(sentence), width)) + "。" for sentence in sentences
    ]
    assert raws("\n".join(broken)) == [f"{sentence}。" for sentence in sentences]


def test_the_halves_of_a_number_are_not_joined_here():
    """Where digits stand on both sides of a break it stays: the scanner decides."""
    assert raws("修渠、清淤共支出1,\n234.5万元。") == ["修渠、清淤共支出1,\n234.5万元。"]


@pytest.mark.parametrize(
    ("mark", "level"),
    [
        ("第一部分 ", 0), ("第十二章", 0), ("一、", 1), ("二十三、", 1), ("三.", 1), ("四：", 1), ("五，", 1), ("（一）", 2), ("(十二)", 2), ("（三）、", 2), ("1.", 3), ("12、", 3), ("3，", 3), ("４．", 3),
        ("（1）", 4), ("(12)", 4), ("3）", 4), ("①", 5), ("⑳", 5), (" \u3000一、", 1), ("\xa0（一）", 2),
    ],
)  # fmt: skip
def test_the_mark_of_a_list_says_how_deep_a_paragraph_stands(mark, level):
    (paragraph,) = paragraphs(f"{mark}修渠支出")
    assert paragraph.level == level
    assert paragraph.raw[paragraph.body :].strip() == "修渠支出"


@pytest.mark.parametrize(
    "text", ["修渠支出", "1.5万元", "2,000元", "一是修渠", "第一部门", "12年", "123、修渠", "(a)修渠", "五,3万元"]
)
def test_what_only_looks_like_a_mark_is_none(text):
    (paragraph,) = paragraphs(text)
    assert (paragraph.level, paragraph.body) == (None, 0)


def test_marks_within_a_line_begin_paragraphs_of_their_own():
    text = "项目支出5万元。（一）修渠3万元；（二）清淤2万元。1.东渠1.5万元。①石料"
    assert raws(text) == ["项目支出5万元。", "（一）修渠3万元；", "（二）清淤2万元。", "1.东渠1.5万元。", "①石料"]


# --- furniture -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["- 3 -", "—3—", "－ 12 －", "第3页", "第 3 页 共 18 页", "第3页/共18页", "3/18", " 3 / 18 "]
)
def test_page_numbers_between_the_halves_of_a_sentence_are_left_out(page):
    assert raws(f"修渠支出5万元，\n{page}\n其中东渠3万元。") == ["修渠支出5万元，其中东渠3万元。"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("修渠支出5", "万元。"), ("修渠，支出5万", "元。"), ("修渠，支出", "5万元。"), ("修渠，全年下降", "3%。")],
)
def test_a_bare_number_within_a_phrase_is_a_page_number(before, after):
    assert raws(f"{before}\n17\n{after}") == [before + after]


def test_bare_numbers_that_count_up_are_page_numbers():
    lines = [f"第{place}渠已经修好。" for place in "一二三四五六七八九十甲乙丙丁戊己"]
    pages = "\n".join("\n".join([*lines[first : first + 4], str(first // 4 + 1)]) for first in range(0, 16, 4))
    assert raws(pages) == lines


def test_bare_numbers_that_do_not_are_cells():
    assert raws("人数\n17\n车辆\n3\n面积\n250") == ["人数", "17", "车辆", "3", "面积", "250"]


def test_a_short_line_beside_every_page_number_is_a_running_head():
    pages = "".join(f"第{number}件事已经办完。\n青川县水利所决算\n- {number} -\n" for number in range(1, 6))
    assert raws(pages) == [f"第{number}件事已经办完。" for number in range(1, 6)]


@pytest.mark.parametrize("line", ["修渠支出5万元", "完成率98%", "面积2.5"])
def test_a_line_with_a_figure_is_no_running_head(line):
    """Law 4: nothing is dropped silently."""
    pages = "".join(f"- {number} -\n{line}\n" for number in range(1, 6))
    assert raws(pages) == [line] * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("财（cái）政（zhèng）支出5万元", "财政支出5万元"), ("財(cái)政(zheng)", "財政"), ("修渠，，清淤", "修渠，清淤"), ("修渠, 、清淤", "修渠 、清淤"), ("修渠，。", "修渠。"),
        ("修\u200b渠\ufeff支\xad出\u200e5\u2060万元", "修渠支出5万元"), ("渠(GDP)", "渠(GDP)"), ("渠（东）", "渠（东）"), ("5(a)", "5(a)"), ("1,000，2", "1,000，2"),
    ],
)  # fmt: skip
def test_pinyin_doubled_commas_and_marks_without_width_are_left_out(text, expected):
    assert raws(text) == [expected]


# --- length --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "end"),
    [
        ("修渠支出比往年重。", "。"),
        ("修渠支出比往年重；", "；"),
        ("修渠支出比往年重，", "，"),
        ("修渠、", "、"),
        ("修", "修"),
        ("9", "9"),
        ("5万元", "元"),
    ],
)
def test_an_overlong_paragraph_is_cut_at_the_end_of_a_sentence_if_it_has_any(unit, end):
    text = unit * (5 * LONGEST // len(unit))
    found = paragraphs(text)
    assert "".join(paragraph.raw for paragraph in found) == text
    assert all(len(paragraph.raw) <= LONGEST for paragraph in found)
    if unit != "5万元":
        assert all(paragraph.raw.endswith(end) for paragraph in found)


def test_a_paragraph_is_not_cut_without_need():
    assert len(paragraphs("修渠支出比往年重。" * (LONGEST // 9))) == 1


# --- places --------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "修渠支出", "5.20万元", "５．２０萬元", "，", "。", "；", "：", "、", "（", "）", "\n", "\r\n", "\r", "\u2028", " ", "\u3000", "\t", "一、", "（一）", "1.", "①", "第一部分", "|",
        "财（cái）政", "，，", "\u200b", "\ufeff", "- 3 -", "第3页", "17", "\n17\n", "……", "......", "%", "元", "水利所決算說明", "a", "(GDP)", "\x00", "\ud800", "𠮷",
    ]
)  # fmt: skip
DOCUMENTS = st.lists(PIECES, max_size=60).map("".join)


@given(DOCUMENTS | st.text())
def test_every_character_of_a_paragraph_knows_its_place(text):
    last = -1
    for paragraph in paragraphs(text):
        assert len(paragraph.raw) == len(paragraph.folded) == len(paragraph.places)
        assert paragraph.folded == folded(paragraph.raw)
        assert 0 <= paragraph.body <= len(paragraph.raw)
        assert (paragraph.level is None) == (paragraph.body == 0)
        for place, character in zip(paragraph.places, paragraph.raw, strict=True):
            assert last < place < len(text)
            assert text[place] == character or (character == "\n" and text[place].isspace())
            last = place


@given(DOCUMENTS)
def test_only_furniture_is_left_out(text):
    """What is missing from all paragraphs is white space, noise, or a line that is a page number or a head beside one."""
    read = {place for paragraph in paragraphs(text) for place in paragraph.places}
    for line in re.split(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text):
        start = text.index(line)
        missing = [at for at in range(start, start + len(line)) if at not in read and not line[at - start].isspace()]
        rest = "".join(text[at] for at in missing)
        noise = re.sub(r"[（(]\w+[)）]|[,，]|[\ufeff\u200b\x00]", "", rest)
        assert not noise or len(missing) >= len("".join(line.split())) or text.count(line) > 1, (
            f"{noise!r} of {line!r} is lost"
        )


@given(DOCUMENTS, st.integers(0, 400), st.integers(1, 400))
def test_the_source_of_a_span_is_the_text_there(text, start, length):
    document = Text("report.txt", text)
    end = min(start + length, len(text))
    if start < end:
        source = document.source(start, end)
        assert (source.document, source.text, source.start, source.end) == ("report.txt", text[start:end], start, end)
        assert source.line is not None
        lines = re.split(r"(?<=\r\n)|(?<=[\n\f\v\x85\u2028\u2029])|(?<=\r)(?!\n)", text)
        assert "".join(lines[: source.line - 1]) + lines[source.line - 1][: source.column - 1] == text[:start]


@given(DOCUMENTS)
def test_a_span_of_a_paragraph_covers_its_characters(text):
    for paragraph in paragraphs(text):
        start, end = paragraph.span(0, len(paragraph.raw))
        assert text[start] == paragraph.raw[0] or paragraph.raw[0] == "\n"
        assert text[end - 1] == paragraph.raw[-1] or paragraph.raw[-1] == "\n"


def test_a_label_broken_by_a_page_is_one_label():
    budget = ba.read("水利所决算说明\n2031年水利所按规定修渠，一般公共预算财政拨款支\n- 3 -\n出12.50万元。\n")
    assert [(line.identity.label, str(line.amount.value)) for line in budget if line.amount] == [
        ("一般公共预算财政拨款支出", "12.50")
    ]
