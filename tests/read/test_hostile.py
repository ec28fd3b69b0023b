"""Hostile documents: any text, any bytes and long runs of anything sentences are made of give a budget or a clear error.

Nothing here is about what is read, only that reading ends, that an audit of the result never raises, and that both are the
same when done again. That their time grows with the length and not with its square, `benchmarks/` measures.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from hostile import RUNS

LONG = 5_000

# What sentences of budgets are made of, each with the words that make a reader open lists, look back or wait.
WORDS = [
    "支出", "基本支出", "项目支出", "人员经费", "公用经费", "“三公”经费", "公务接待费", "收入总计", "支出总计", "收、支总计", "教育支出（类）普通教育（款）", "甲", "乙", "全市", "市本级", "资金",
    "其中：", "其中", "包括：", "分别为", "由", "构成", "按性质分类为：", "主要是", "如下：", "合计", "共计", "结余", "差额", "两项合计", "占", "占总支出的", "占比", "完成预算的", "执行率", "比上年增加",
    "比年初预算减少", "增长", "下降", "同比", "与上年持平", "决算数大于预算数", "超支", "预算为", "决算数为", "年初预算", "由上年的", "增加到", "人均", "满分", "得分", "等3个方面", "增加（减少）", "XX",
    "2031年", "2030年", "上年", "第一部分", "一、", "（一）", "1.", "①", "\n", "\r\n", "\n- 3 -\n", "|", " ", "，", "。", "；", "：", "、", "和", "（", "）", "“", "”", "的", "元", "万元", "%",
    "5万元", "12.50万元", "3.2亿元", "0", "-5万元", "（5万元）", "负五万元", "5%", "100%", "1,234.56元", "1.2.3", "5-6万元", "约5万元", "三万元", "2辆", "9个", "40人", "5批次", "5个百分点", "2倍", "5",
]  # fmt: skip
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=60).map("".join)
REPEATED = st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join), st.integers(2, 60)).map(
    lambda drawn: drawn[0] * drawn[1]
)
NESTED = st.tuples(
    st.sampled_from(["支出5万元（", "其中：5万元（", "（", "其中：", "支出5万元，其中："]), st.integers(1, 80)
).map(lambda drawn: drawn[0] * drawn[1] + "）" * drawn[1])


def audited(document: object) -> tuple[ba.Budget, ba.Report] | None:
    """A document read and audited; None if it was refused with a clear error."""
    try:
        budget = ba.read(document)
    except ba.BudgetAuditError:
        return None
    return budget, ba.audit(budget)


def holds_together(budget: ba.Budget, report: ba.Report) -> None:
    """Every id names a line, every source lies in the text, every outcome has a verdict that is counted."""
    ids = {line.id for line in budget.lines}
    assert len(ids) == len(budget.lines)
    for holder in (*budget.statements, *(outcome.relation for outcome in report.outcomes)):
        assert {term.line for term in holder.terms} <= ids
    for finding in report.findings:
        assert set(finding.lines) <= ids
        assert finding.kind
    length = budget.documents[0].characters
    for holder in (*budget.lines, *budget.statements, *budget.remarks, *budget.unplaced):
        source = holder.source
        assert source is None or (source.start is not None and source.end is not None)
        assert source is None or 0 <= source.start < source.end <= length
    assert sum(report.counts.values()) == len(report.outcomes)


@given(st.text())
def test_any_text_is_read_and_audited_or_refused(text):
    if done := audited(text + "\n"):
        holds_together(*done)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_and_audited_or_refused(data):
    if done := audited(data):
        holds_together(*done)


@given(SENTENCES | REPEATED | NESTED)
def test_any_sentence_is_read_and_audited(text):
    if done := audited(f"{text}\n"):
        holds_together(*done)


@given(SENTENCES)
def test_any_sentence_is_read_and_audited_to_the_same_end(text):
    if done := audited(f"{text}\n"):
        assert done == audited(f"{text}\n")
        assert ba.audit(done[0]) == done[1]
        assert str(done[1]) == str(audited(f"{text}\n")[1])


@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_paragraphs_of_any_sentences_are_read_and_audited(lines):
    if done := audited("\n".join(["青川县水利所2031年度部门决算说明", *lines, ""])):
        holds_together(*done)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_long_runs_are_read_and_audited(run):
    if done := audited((run * LONG)[:LONG] + "\n"):
        holds_together(*done)


def test_hundreds_of_relations_about_one_total_are_audited():
    text = "支出500万元，其中：" + "".join(f"{place}号桥{place}万元，占{place % 90}%；" for place in range(1, 600))
    budget, report = audited(text) or pytest.fail("refused")
    assert len(budget.lines) > 1_000
    assert report.counts["inconsistent"] > 0
