"""Documents: whatever holds a report leads to a budget or to a clear error, and every source points at its characters.

The property tests build a text of sentences of our own, mangle it the way published documents are mangled (full-width forms,
traditional characters, broken lines, page numbers, pinyin) and hold every place that the reader names against the text.
"""

from __future__ import annotations

import io
import os
import re
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.model.source import Source

TEXT = "2031年度支出合计12.50万元，其中：基本支出10.00万元，项目支出2.50万元。\n"
FIGURES = [("支出合计", "12.50"), ("基本支出", "10.00"), ("项目支出", "2.50")]
RECORDS = [{"label": label, "amount": amount} for label, amount in FIGURES]


def figures(budget: ba.Budget) -> list[tuple[str, str]]:
    return [(line.label, str(line.amount.value)) for line in budget if line.amount is not None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one document."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_bytes(TEXT.encode())
    return tmp_path


# --- what holds a report -------------------------------------------------------------------------------------------


class _PathOfBytes:
    def __fspath__(self) -> bytes:
        return b"report.txt"


@pytest.mark.parametrize("source", ["report.txt", "./report.txt", Path("report.txt"), _PathOfBytes()])
def test_a_path_is_read(source, folder):
    budget = ba.read(source)
    assert figures(budget) == FIGURES
    assert budget.documents[0].name == "report.txt"


@pytest.mark.parametrize(
    "name", ["report.md", "REPORT.TXT", "report.markdown", "report.text", "report", "决算，说明.txt", "支出 5万元"]
)
def test_prose_may_have_any_of_its_suffixes_or_none(name, folder):
    (folder / name).write_bytes(TEXT.encode())
    assert figures(ba.read(name)) == figures(ba.read(Path(name))) == FIGURES


@pytest.mark.parametrize("source", [TEXT, TEXT.strip(), TEXT.replace("\n", "\r\n"), f"\ufeff{TEXT}"])
def test_a_text_is_read(source):
    budget = ba.read(source)
    assert figures(budget) == FIGURES
    assert (budget.documents[0].name, budget.documents[0].encoding) == ("text", None)


@pytest.mark.parametrize("end", ["详见www.example.org", "详见报告.pdf", "数据来自ledger.xlsx", ".5", "第3.2", "."])
def test_a_sentence_that_ends_like_a_file_name_is_a_text(end):
    assert figures(ba.read(TEXT.strip() + end))[:3] == FIGURES


@pytest.mark.parametrize("hold", [bytes, bytearray, memoryview, io.BytesIO])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_bytes_are_read(hold, encoding):
    data = (TEXT * 3).encode(encoding)
    assert figures(ba.read(hold(data), encoding=encoding)) == FIGURES * 3


@pytest.mark.parametrize("source", [io.StringIO(TEXT), io.StringIO(TEXT, newline="")])
def test_a_text_stream_is_read(source):
    budget = ba.read(source)
    assert figures(budget) == FIGURES
    assert budget.documents[0].name == "stream"


@pytest.mark.parametrize("mode", ["r", "rb"])
def test_an_open_file_is_read_and_left_open(mode, folder):
    with open("report.txt", mode, encoding=None if mode == "rb" else "utf-8") as file:
        budget = ba.read(file)
        assert not file.closed
    assert figures(budget) == FIGURES
    assert (budget.documents[0].name, budget.documents[0].encoding) == ("report.txt", "utf-8")


@pytest.mark.parametrize(
    "source",
    [
        dict(FIGURES), RECORDS, tuple(RECORDS), pd.DataFrame(RECORDS), pl.DataFrame(RECORDS), pa.Table.from_pylist(RECORDS),
        pa.RecordBatch.from_pylist(RECORDS),
    ],
    ids=lambda source: f"{type(source).__module__}.{type(source).__name__}",
)  # fmt: skip
def test_figures_need_no_document(source):
    budget = ba.read(source)
    assert figures(budget) == FIGURES
    assert budget.documents == ()


def test_a_budget_is_returned_as_it_is():
    budget = ba.read(TEXT)
    assert ba.read(budget) is budget


# --- what does not -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("gone.txt", "cannot read gone.txt: No such file"), (Path("gone"), "cannot read gone: No such file"), ("报告.pdf", "cannot read 报告.pdf"),
        (Path("."), "is a folder. Hint: name the files in it"), (Path("a\0b.txt"), "cannot read a\0b.txt"),
        ("", "text is empty. Hint"), (" \n\u3000\t", "text is empty"), (b"", "bytes is empty"), (b"\r\n", "bytes is empty"), (io.BytesIO(), "stream is empty"),
        (io.StringIO("\n"), "stream is empty"), (b"\xef\xbb\xbf", "bytes is empty"), ("\ufeff\n", "text is empty"),
        (None, "NoneType is no document. Hint: pass a path"), (5, "int is no document"), (5.0, "float is no document"), (True, "bool is no document"), ({5}, "set is no document"),
        (object(), "object is no document"), ((record for record in RECORDS), "generator is no document"),
        (b"%PDF-1.7", "bytes is damaged or cut off"), (b"PK\x03\x04" + bytes(90), "bytes is a zip archive or an Office document"),
        (SimpleNamespace(read=lambda: None), "stream gave NoneType, not text or bytes"), (["支出5万元"], "expected a mapping, found str"),
        ({"total": object()}, "total"),
    ],
    ids=lambda value: re.sub(r" at 0x[0-9a-f]+", "", repr(value)),  # the same in every process of a parallel run
)  # fmt: skip
def test_what_is_no_document_is_refused_with_a_reason(source, says, folder):
    with pytest.raises(ba.BudgetAuditError) as error:
        ba.read(source)
    assert says in str(error.value)


@pytest.mark.parametrize("suffix", [".parquet", ".zip", ".pptx", ".doc"])
@pytest.mark.parametrize("data", [TEXT.encode(), b"PK\x03\x04", bytes(range(256))])
def test_a_format_nobody_reads_is_refused_by_name_whatever_it_holds(suffix, data, folder):
    (folder / f"report{suffix}").write_bytes(data)
    with pytest.raises(ba.UnreadableInput, match=rf"report\{suffix} is a \{suffix} file.*Hint: read \.txt, "):
        ba.read(f"report{suffix}")


def test_a_stream_that_cannot_be_read_is_refused(folder):
    with open("report.txt", "ab") as file, pytest.raises(ba.UnreadableInput, match=r"cannot read report\.txt"):
        ba.read(file)
    with pytest.raises(ba.UnreadableInput, match=r"cannot read report\.txt"):
        ba.read(file)


def test_a_text_stream_in_another_encoding_is_refused(folder):
    (folder / "report.txt").write_bytes(TEXT.encode("gb18030"))
    with (
        open("report.txt", encoding="utf-8") as file,
        pytest.raises(ba.UnreadableInput, match=r"cannot read report\.txt"),
    ):
        ba.read(file)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_file_that_may_not_be_read_is_refused(folder):
    (folder / "report.txt").chmod(0)
    with pytest.raises(ba.UnreadableInput, match="Permission denied"):
        ba.read("report.txt")


# --- provenance ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_keeps_its_name_fingerprint_encoding_and_characters(encoding, folder):
    data = (TEXT * 4).encode(encoding)
    Path("report.txt").write_bytes(data)
    document = ba.read("report.txt").documents[0]
    assert (document.name, document.sha256, document.characters) == (
        "report.txt",
        sha256(data).hexdigest(),
        len(TEXT) * 4,
    )
    assert (document.encoding, document.text) == (encoding, TEXT * 4)


def test_a_text_has_the_fingerprint_of_its_file():
    assert ba.read(TEXT).documents[0].sha256 == ba.read(TEXT.encode()).documents[0].sha256


@pytest.mark.parametrize("source", [TEXT, TEXT.encode(), io.StringIO(TEXT), io.BytesIO(TEXT.encode())])
def test_a_name_given_is_the_name_in_every_source(source):
    budget = ba.read(source, name="决算2031")
    assert budget.documents[0].name == "决算2031"
    assert {line.source.document for line in budget if line.source} == {"决算2031"}
    assert all(statement.source is None or statement.source.document == "决算2031" for statement in budget.statements)


# --- places --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\f", "\v"])
def test_every_line_end_counts_once(end):
    budget = ba.read(f"决算说明{end}{end}支出合计５.0万元{end} 其中：基本支出4.0万元，项目支出1.0万元。{end}")
    places = [(line.source.line, line.source.column, line.source.text) for line in budget if line.source]
    assert places == [(3, 5, "５.0"), (4, 9, "4.0"), (4, 19, "1.0")]


def test_places_count_characters_and_not_bytes_or_code_units():
    text = "𠮷村支出合计5.0万元。"
    source = ba.read(text).lines[0].source
    assert source is not None
    assert (source.start, source.end, source.line, source.column) == (6, 9, 1, 7)
    assert source.place == "text:1:7"


@pytest.mark.parametrize("odd", ["\ud800", "\0", "\x1f", "\U000e0041", "\ufeff", "\u202e"])
def test_characters_that_are_no_text_do_not_move_places(odd):
    text = f"{odd}支出合计12.5{odd}万元，{odd}其中：{odd}基本支出5.0万元{odd}。"
    budget = ba.read(text)
    assert all(text[source.start : source.end] == source.text for source in sources(budget))
    found = [line.amount for line in budget] + [other.amount for other in budget.unplaced]
    assert sorted(str(amount.value) for amount in found if amount) == ["12.5", "5.0"]


def sources(budget: ba.Budget) -> list[Source]:
    """Every source that a budget names."""
    holders = (*budget.lines, *budget.unplaced, *budget.statements, *budget.remarks)
    return [holder.source for holder in holders if holder.source is not None]


SENTENCES = (
    "2031年度支出合计{}万元，其中：基本支出{}万元，项目支出{}万元。", "按经济分类：工资福利支出{}万元，商品和服务支出{}万元，资本性支出{}万元。",
    "基本支出{}万元（其中：人员经费{}万元，公用经费{}万元），比上年增加{}万元，增长{}%。", "公务接待费{}万元，占“三公”经费的{}%，完成年初预算的{}%。",
    "本年收入、支出分别为{}万元和{}万元。", "年末共有车辆{}辆，房屋{}平方米，人均公用经费{}元。", "其他收入{}，没有其他说明。", "预算数为{}万元，决算数为{}万元，决算数大于预算数。",
    "我们在道路、桥梁、隧道等{}个方面增加（减少）了投入。", "农村公路养护补助{}万元；水毁修复资金{}万元；", "基本支出出现超支，主要是燃料涨价以后运行费多支出{}万元。",
    "三、机关运行经费支出{}万元，比年初预算减少-{}万元，下降{}%。", "教育支出（类）普通教育（款）小学教育（项）年初预算为{}万元，支出决算为{}万元。",
)  # fmt: skip
TRADITIONAL = str.maketrans(
    "万亿体决业东为习乡书买云产亲仅从会传价众优关养农冲准减划务动劳区协单占卫历厅厕发变号员团围图国块处备复够头奖妇学实审宽对导将尔尽层岁币师帐带帮干并广库应开张归当录总惠战户执扩护报担拟拨择损换据摊收数无旧时显晓术机杂权条来极构枪标样桥检楼欢残毁气汇汉济测游满灾灭炼点烧热爱牵状独献环现电画疗监盘着码确离种称稳签类粮系纪级纳线练组细终经给统继绩维综缩网罚职联脑节荐药营补装观规视览计订认讨让训议记讲许设访证评识诉词译试话该详语误请读调谈负贡财责败货质贩贫购贯费资赋赔赛赞赶车转轮软轻载输边达过运还这进连违远选递通遗邮释里针钟钱铁银销锁锅错长门问间队阳阴阶际陆险随隐难雾韩页项顺须顾预领频题额风养马验鱼黄齐龙支",
    "萬億體決業東為習鄉書買雲產親僅從會傳價眾優關養農衝準減劃務動勞區協單佔衛歷廳廁發變號員團圍圖國塊處備復夠頭獎婦學實審寬對導將爾盡層歲幣師帳帶幫幹並廣庫應開張歸當錄總惠戰戶執擴護報擔擬撥擇損換據攤收數無舊時顯曉術機雜權條來極構槍標樣橋檢樓歡殘毀氣匯漢濟測遊滿災滅煉點燒熱愛牽狀獨獻環現電畫療監盤著碼確離種稱穩簽類糧系紀級納線練組細終經給統繼績維綜縮網罰職聯腦節薦藥營補裝觀規視覽計訂認討讓訓議記講許設訪證評識訴詞譯試話該詳語誤請讀調談負貢財責敗貨質販貧購貫費資賦賠賽贊趕車轉輪軟輕載輸邊達過運還這進連違遠選遞通遺郵釋裡針鐘錢鐵銀銷鎖鍋錯長門問間隊陽陰階際陸險隨隱難霧韓頁項順須顧預領頻題額風養馬驗魚黃齊龍支",
)  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789.,()%-", "０１２３４５６７８９．，（）％－")
DISTURBANCES = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\r",
        "\u2028",
        " ",
        "\u3000",
        "\n\n",
        "\t",
        "\u200b",
        "(cái)",
        "（zhèng）",
        "\n- 3 -\n",
        "\n第 12 页\n",
        "，，",
        "\f",
        "“",
        "\xa0",
        "\n4/18\n",
    ]
)
FIGURE = st.tuples(st.integers(0, 99_999), st.integers(0, 99)).map(lambda drawn: f"{drawn[0]}.{drawn[1]:02d}")


@st.composite
def mangled(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text and the spans of its figures; nothing is put into a figure itself."""
    text, spans = "", []
    for sentence in draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8)):
        for place, plain in enumerate(sentence.split("{}")):
            if place:
                figure = draw(FIGURE)
                spans.append((len(text), len(text) + len(figure)))
                text += figure.translate(FULL_WIDTH) if draw(st.booleans()) else figure
            way = draw(st.sampled_from(["plain", "traditional", "wide"]))
            words = plain.translate(TRADITIONAL if way == "traditional" else FULL_WIDTH if way == "wide" else {})
            at = draw(st.integers(1, len(words) - 1)) if len(words) > 1 else 0
            if at and draw(st.booleans()) and not words[at - 1 : at + 1].isdigit():
                text += words[:at] + draw(DISTURBANCES) + words[at:]
            else:
                text += words
        text += draw(st.sampled_from(["", "", "\n", "\r\n"]))
    return text, spans


@given(mangled())
def test_every_source_points_at_its_characters(drawn):
    text, _ = drawn
    ends = [
        place
        for place, character in enumerate(text)
        if character in "\n\r\f\v\x85\u2028\u2029" and text[place : place + 2] != "\r\n"
    ]
    for source in sources(ba.read(text)):
        assert text[source.start : source.end] == source.text != ""
        before = [end for end in ends if end < source.start]
        assert (source.line, source.column) == (len(before) + 1, source.start - (before[-1] + 1 if before else 0) + 1)


@given(mangled())
def test_every_figure_is_read_or_listed_and_none_is_made_up(drawn):
    """Law 4: nothing is dropped silently. A figure is one line, two where income and spending share it, or unplaced."""
    text, spans = drawn
    budget = ba.read(text)
    held = [holder for holder in (*budget.lines, *budget.unplaced) if holder.source is not None]
    for start, end in spans:
        found = [holder for holder in held if holder.source.start <= start and end <= holder.source.end]
        assert found, f"{text[start:end]} is lost"
        assert all(
            abs(holder.amount.value) == ba.read(f"支出合计{text[start:end]}万元").lines[0].amount.value
            for holder in found
        )
    for holder in held:
        if any(character.isdigit() for character in holder.source.text):
            assert any(start < holder.source.end and holder.source.start < end for start, end in spans), (
                f"{holder} is made up"
            )


@given(mangled())
def test_lines_stand_in_the_order_of_the_document(drawn):
    starts = [line.source.start for line in ba.read(drawn[0]) if line.source]
    assert starts == sorted(starts)


@given(mangled())
def test_reading_twice_gives_equal_budgets_and_auditing_twice_equal_reports(drawn):
    first, second = ba.read(drawn[0]), ba.read(drawn[0])
    assert first == second
    assert ba.audit(first) == ba.audit(second)


def test_a_limit_is_listed_and_one_inside_a_name_belongs_to_it() -> None:
    bounded = ba.read("公务接待费不超过50万元。支出合计12.50万元。")
    assert [(str(one.amount.value), one.reason) for one in bounded.unplaced] == [("50", "limit")]
    named = ba.read("单价50万元以上通用设备3台，单价100万元（含）以上专用设备2台。")
    assert not named.unplaced
    assert [line.label for line in named] == ["单价50万元以上通用设备", "单价100万元（含）以上专用设备"]
