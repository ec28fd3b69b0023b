"""Folding: every character keeps its place, and only characters that mean the same become the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.money.characters import folded, half_width, simplified

CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
ANY = st.characters(codec="utf-8")
SURROGATES = st.characters(categories=["Cs"])


@given(st.text(st.one_of(ANY, CHINESE, SURROGATES)))
def test_folding_keeps_the_length(text):
    assert len(folded(text)) == len(half_width(text)) == len(simplified(text)) == len(text)


@given(st.text(st.one_of(ANY, CHINESE)), st.text(st.one_of(ANY, CHINESE)))
def test_half_width_looks_at_one_character_only(first, second):
    assert half_width(first + second) == half_width(first) + half_width(second)


@given(st.text(st.one_of(ANY, CHINESE)))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_left_alone(text):
    assert folded(text) == text


@pytest.mark.parametrize(
    ("printed", "matched"),
    [
        ("６７７．４１％", "677.41%"), ("（１，２３４）", "(1,234)"), ("￥５", "¥5"), ("－１２", "-12"), ("：；！？", ":;!?"), ("\u3000", " "),
        ("年度預算金額", "年度预算金额"), ("對個人和家庭的補助", "对个人和家庭的补助"), ("部門整體支出", "部门整体支出"),
    ],
)  # fmt: skip
def test_widths_and_scripts_that_mean_the_same(printed, matched):
    assert folded(printed) == matched


@pytest.mark.parametrize("text", ["于后干部采准台并", "㎡", "①", "㈠", "½", "…", "−", "△", "“三公”", "、。", "元"])
def test_what_means_itself_stays(text):
    """Mixed-script documents keep simplified characters; NFKC would change the signs, some of them in length."""
    assert folded(text) == text


def test_half_a_surrogate_pair_is_no_reason_to_fail():
    assert folded("支出\ud800５萬")[3:] == "5万"
