"""Encodings are recognised or asked for, never guessed into other characters (`reference/pitfalls.md`, section 3).

All texts are our own. A file is read as the characters it was written with, or refused; which of the two may depend on its
length. The one thing that must not happen is a different text without an error.
"""

from __future__ import annotations

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError, UnreadableInput
from budgetaudit.read.encoding import decode

SIMPLIFIED = (
    "青川县交通站2031年度部门决算说明\n一、支出情况\n2031年度支出合计677.41万元，其中：基本支出246.79万元，占36.43%；项目支出430.62万元，占63.57%。"
    "与上年相比增加12.30万元，增长1.85%，主要原因是汛期以后道路养护的任务比往年重，请来的养路工人也多了十二名。\n二、其他说明\n"
    "本站共有车辆3辆，全年出车280次，没有购置新车。接待省里的检查组2批次，共用0.85万元，比年初预算少0.15万元。\n"
)
TRADITIONAL = (
    "青川縣交通站2031年度部門決算說明\n一、支出情況\n2031年度支出合計677.41萬元，其中：基本支出246.79萬元，佔36.43%；項目支出430.62萬元，佔63.57%。"
    "與上年相比增加12.30萬元，增長1.85%，主要原因是汛期以後道路養護的任務比往年重，請來的養路工人也多了十二名。\n二、其他說明\n"
    "本站共有車輛3輛，全年出車280次，沒有購置新車。接待省裡的檢查組2批次，共用0.85萬元，比年初預算少0.15萬元。\n"
)
MIXED = "一九九〇年以來，港島的預算與内地的预算写法不同：支出1,204.5億元，收入1,310.8億元，結餘106.3億元。"
KOREAN = (
    "2031년도 세출 결산액은 677.41억원이며, 이 가운데 인건비는 246.79억원, 사업비는 430.62억원이다. 전년보다 12.30억원이 늘어났다. "
    "주요 원인은 도로 유지 보수 사업이 넓어진 데 있다."
)
JAPANESE = (
    "令和十三年度の歳出決算額は六百七十七億円であり、そのうち人件費は二百四十六億円、事業費は四百三十億円である。前年度に比べて十二億円の"
    "増加となり、主な理由は道路の維持管理にかかる費用が増えたことによる。"
)
FRENCH = (
    "Le budget régional de 2031 : les dépenses légales de la région sont de 677,41 millions, dont 246,79 pour le personnel. Le règlement "
    "intégral, arrêté en séance, est joint à la présente légende. "
)
GERMAN = "Haushalt 2031: Ausgaben 677,41 Mio. Euro. Die Änderung gegenüber dem Vorjahr beträgt 12,30, vor allem für Straßen. "
RUSSIAN = (
    "Расходы бюджета за 2031 год составили 677,41 млн рублей, в том числе содержание персонала 246,79 млн рублей. "
)

IN_BOTH_SCRIPTS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030")


def read_or_refused(data: bytes) -> str | None:
    try:
        return decode(data).text
    except UnreadableInput:
        return None


# --- recognised ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [80, 100, 160, len(SIMPLIFIED), 40_000, 300_000])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((SIMPLIFIED, encoding) for encoding in (*IN_BOTH_SCRIPTS, "gbk", "gb2312")),
        *((TRADITIONAL, encoding) for encoding in (*IN_BOTH_SCRIPTS, "gbk", "big5", "big5hkscs", "cp950")),
    ],
    ids=lambda value: value if value.isascii() else value[2],
)
def test_prose_of_both_scripts_is_recognised(text, encoding, length):
    text = (text * (length // len(text) + 1))[:length]
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
        ("gbk", "gb18030"), ("big5", "big5hkscs"),
    ],
)  # fmt: skip
def test_the_encoding_found_is_told(encoding, called):
    assert decode(TRADITIONAL.encode(encoding)).encoding == called


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_a_byte_order_mark_speaks_for_itself_and_is_no_part_of_the_text(mark):
    encoding = {2: "utf-16", 4: "utf-32"}[len(mark)] + ("-le" if mark[0] == 0xFF else "-be")
    assert decode(mark + "支出5万元".encode(encoding)).text == "支出5万元"


def test_trap_a_utf_8_signature_does_not_reach_the_first_label():
    data = codecs.BOM_UTF8 + "支出5万元".encode()
    assert decode(data).text == decode(data, encoding="utf-8").text == "支出5万元"


@pytest.mark.parametrize(
    "text", ["支出5万元", "5", "", "a", "coût 5 EUR", "Größe 5", "расход 5", FRENCH, GERMAN, RUSSIAN]
)
def test_utf_8_needs_no_length(text):
    assert decode(text.encode()).text == text


def test_characters_of_hong_kong_beyond_big5_are_recognised():
    text = TRADITIONAL + "嘅嗰啲喺𨋢邨" + TRADITIONAL
    assert decode(text.encode("big5hkscs")).text == text


def test_numbers_do_not_hide_the_script():
    """A table of figures with few words: enough different characters say what the file is."""
    rows = "".join(f"第{n}行 一般公共预算支出\t{n * 37 % 1000}.{n % 100:02d}\t{n * 91 % 1000}.00\n" for n in range(60))
    for encoding in ("gb18030", "utf-16-le"):
        assert decode(rows.encode(encoding)).text == rows


# --- asked for or refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["支出5万元", "一元5", "全5一", "基本支出246.79元", "5項", "務5"])
def test_trap_a_short_file_is_asked_for_and_not_guessed(text, encoding):
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{encoding} has no such characters")
    with pytest.raises(UnreadableInput, match=r"encoding|binary"):
        decode(data)


def test_a_short_file_is_asked_for_with_the_likely_answer():
    with pytest.raises(UnreadableInput, match=r"report\.txt holds too little Chinese text.*encoding='gb18030'"):
        decode("基本支出246.79万元".encode("gb18030"), name="report.txt")


@pytest.mark.parametrize("turns", [1, 40])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KOREAN, "euc-kr"), (KOREAN, "cp949"), (KOREAN, "johab"), (KOREAN, "utf-16-le"), (KOREAN, "iso2022_kr"), (JAPANESE, "shift-jis"), (JAPANESE, "euc-jp"),
        (JAPANESE, "iso2022_jp"), (JAPANESE, "utf-16-le"), (FRENCH, "cp1252"), (FRENCH, "mac-roman"), (GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso8859-5"), ("Région légale, région du régime légal; ", "cp1252"),
    ],
)  # fmt: skip
def test_trap_other_languages_are_refused_however_many_decoders_take_them(text, encoding, turns):
    with pytest.raises(UnreadableInput):
        decode((text * turns).encode(encoding))


@given(st.binary(min_size=1).map(lambda data: b"\xff" + data))
def test_bytes_that_are_no_text_are_refused(data):
    assert data[:2] == b"\xff\xfe" or read_or_refused(data) is None


@pytest.mark.parametrize(
    ("first", "called"),
    [
        (b"%PDF-1.7\n", "PDF"), (b"PK\x03\x04\x14\x00", "Office"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"), (b"{\\rtf1", "RTF"), (b"\x89PNG\r\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"), (b"GIF89a", "image"), (b"\x1f\x8b\x08", "gzip"), (b"Rar!\x1a\x07", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", [None, "utf-8", "latin-1"])
def test_a_format_that_is_no_text_is_named(first, called, encoding):
    with pytest.raises(UnreadableInput, match=called):
        decode(first + bytes(range(256)) * 4, encoding=encoding, name="budget")


@pytest.mark.parametrize("data", [bytes(200), b"MZ\x90\x00\x03\x00\x00\x00" * 30, "支出5万元\0".encode(), b"\0"])
def test_binary_data_is_called_binary(data):
    with pytest.raises(UnreadableInput, match="binary"):
        decode(data)


def test_one_damaged_byte_is_told_and_not_patched():
    data = SIMPLIFIED.encode()
    with pytest.raises(UnreadableInput, match="not UTF-8"):
        decode(data[:40] + data[41:])


# --- the caller's word ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [*IN_BOTH_SCRIPTS, "gbk", "hz", "utf-7"])
def test_the_callers_word_is_taken_for_files_of_any_length(encoding):
    told = decode("支出5万元".encode(encoding), encoding=encoding)
    assert (told.text, told.encoding) == ("支出5万元", encoding)


def test_the_callers_word_is_taken_for_other_languages():
    assert decode(KOREAN.encode("euc-kr"), encoding="euc-kr").text == KOREAN
    assert decode(FRENCH.encode("cp1252"), encoding="cp1252").text == FRENCH


@pytest.mark.parametrize("encoding", ["gb 2312x", "", "klingon", "rot13", "hex", "zlib", "utf\0", "utf\ud800"])
def test_a_name_that_is_no_encoding_is_refused(encoding):
    with pytest.raises(BudgetAuditError):
        decode("支出5万元".encode(), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "big5", "utf-16"])
def test_bytes_that_are_not_valid_in_the_named_encoding_are_refused(encoding):
    with pytest.raises(UnreadableInput, match=f"not valid {encoding}"):
        decode("“基本支出”5万元".encode("gb18030") + b"\x80\x80", encoding=encoding)


# --- never other characters ----------------------------------------------------------------------------------------

ENCODINGS = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "big5", "big5hkscs"]
)


def encoded(text: str, encoding: str) -> bytes:
    """The bytes of a text, without the characters that the encoding does not have."""
    return text.encode(encoding, "ignore")


@given(st.text(sorted(set(SIMPLIFIED + TRADITIONAL + MIXED)), min_size=8).map("5".__add__), ENCODINGS)
def test_figures_among_words_of_reports_come_back_or_are_refused(text, encoding):
    data = encoded(text, encoding)
    assert read_or_refused(data) in {None, data.decode(encoding)}


@given(st.lists(st.sampled_from((SIMPLIFIED + TRADITIONAL + MIXED).split("，")), min_size=1).map("，".join), ENCODINGS)
def test_sentences_come_back_or_are_refused(text, encoding):
    data = encoded(text, encoding)
    assert read_or_refused(data) in {None, data.decode(encoding)}


@given(st.text(), ENCODINGS)
def test_any_text_comes_back_or_is_refused_unless_its_bytes_are_another_text_in_utf_8(text, encoding):
    """不在 in UTF-16 are the bytes of "\\rN(W": no reader can tell. Valid UTF-8 is taken at its word."""
    data = encoded(text, encoding)
    read = read_or_refused(data)
    if read not in {None, data.decode(encoding)}:
        assert read == data.decode("utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8")


@given(st.binary())
def test_any_bytes_are_read_or_refused(data):
    read = read_or_refused(data)
    assert read is None or isinstance(read, str)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the codec of escapes warns of what it does not know
@given(
    st.binary(),
    st.text() | st.sampled_from(["idna", "punycode", "undefined", "utf-7", "raw_unicode_escape", "charmap"]),
)
def test_any_named_encoding_is_honoured_or_refused(data, encoding):
    with suppress(BudgetAuditError):
        assert isinstance(decode(data, encoding=encoding).text, str)
