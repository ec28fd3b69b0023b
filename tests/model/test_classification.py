"""Labels and codes: one canonical name for many prints, hierarchies by tuples, names by year."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.classification import (
    CLASSIFICATIONS,
    canonical_label,
    classified_as,
    cut_code,
    known_labels,
    load,
    parent,
    parse_code,
)
from budgetaudit.model.line import Identity

# --- Labels --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("人员经费", "人员经费"), ("人員經費", "人员经费"), ("人員经費", "人员经费"), ("人员支出", "人员经费"), ("（一）日常公用經費：", "公用经费"), ("1．公用支出", "公用经费"),
        ("其中：公用经费", "公用经费"), ("①公用经费", "公用经费"), ("  公 用 经 费 ", "公用经费"), ("“三公”经费", "三公经费"), ("「三公」經費", "三公经费"), ("三公", "三公经费"),
        ("因公出国(境)费", "因公出国(境)费"), ("因公出國（境）費用", "因公出国(境)费"), ("公務用車購置及運行費", "公务用车购置及运行维护费"), ("對個人和家庭補助", "对个人和家庭的补助"),
        ("基本建設性支出", "资本性支出(基本建设)"), ("部門整體支出", "本年支出合计"), ("机关运行经费支出", "机关运行经费"), ("其中:其中:(1)人员经费", "人员经费"), ("行政运行（项）", "行政运行"),
        ("一、", "一"), ("total", "total"), ("", ""),
    ],
)  # fmt: skip
def test_prints_of_one_label(printed, canonical):
    assert canonical_label(printed) == canonical


@given(
    st.sampled_from(sorted(known_labels())),
    st.sampled_from(["", "（一）", "1、", "其中：", "①"]),
    st.sampled_from(["", "：", " "]),
)
def test_list_marks_and_colons_are_no_part_of_a_label(label, before, behind):
    assert canonical_label(before + label + behind) == canonical_label(label)


@given(st.sampled_from(sorted(known_labels())))
def test_a_canonical_label_is_its_own_canonical_label(label):
    assert canonical_label(canonical_label(label)) == canonical_label(label)


@given(st.text())
def test_any_text_has_a_canonical_label(text):
    label = canonical_label(text)
    assert canonical_label(label) == label or len(label) < len(text)


def test_full_width_and_mixed_script_are_one_label():
    assert canonical_label("ＧＤＰ（１）") == canonical_label("GDP(1)") == "GDP(1)"
    assert (
        len({canonical_label(print_) for print_ in ("商品和服务支出", "商品和服務支出", "商品服務支出", "商品和服务")})
        == 1
    )


def test_every_alias_leads_to_one_name_and_no_name_is_an_alias_of_another():
    import tomllib

    table = tomllib.loads(files("budgetaudit.model.data").joinpath("cn.labels.toml").read_text(encoding="utf-8"))[
        "aliases"
    ]
    aliases = [alias for others in table.values() for alias in others]
    assert len(aliases) == len(set(aliases))
    assert not set(aliases) & set(table)
    assert all(canonical_label(alias) == name for name, others in table.items() for alias in others)


# --- Codes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("2010301", ("201", "03", "01")), ("20103", ("201", "03")), ("301", ("301",)), ("201 03 01", ("201", "03", "01")), ("301|01", ("301", "01")),
        ("2070308群众体育", ("207", "03", "08")), ("３０１０１", ("301", "01")), (" 30101 基本工资", ("301", "01")), ("201.03", ("201", "03")),
        ("12", None), ("人员经费", None), ("", None), ("12345678", None), ("2031年", None),
    ],
)  # fmt: skip
def test_codes_as_printed(printed, code):
    assert parse_code(printed) == code


def test_hierarchy_is_by_tuples_and_never_by_prefix():
    assert parent(("201", "03", "01")) == ("201", "03")
    assert parent(("201",)) is None
    function = load("cn.function")
    assert ("201", "03") in function.children(("201",))
    assert all(len(child) == 2 for child in function.children(("201",)))
    assert ("201",) not in function.children(("20",))


@pytest.mark.parametrize("name", CLASSIFICATIONS)
def test_every_code_of_a_classification_has_a_parent_in_it_and_a_name(name):
    classification = load(name)
    codes = {entry.code for entry in classification.entries}
    assert len(codes) == len(classification.entries)
    for entry in classification.entries:
        assert parent(entry.code) is None or parent(entry.code) in codes
        assert entry.names
        assert all(code in codes for code in entry.now)


@pytest.mark.parametrize("name", CLASSIFICATIONS)
def test_years_of_names_follow_each_other(name):
    for entry in load(name).entries:
        for earlier, later in pairwise(entry.names):
            if earlier.last is not None and later.first is not None:  # a name without years was seen, not dated
                assert earlier.last <= later.first


@pytest.mark.parametrize(
    ("classification", "code", "year", "name"),
    [
        ("cn.economic", ("303", "11"), 2017, "住房公积金"), ("cn.economic", ("303", "11"), 2024, "代缴社会保险费"), ("cn.economic", ("301", "13"), None, "住房公积金"),
        ("cn.function", ("210",), 2018, "医疗卫生与计划生育支出"), ("cn.function", ("210",), 2024, "卫生健康支出"), ("cn.function", ("210",), None, "卫生健康支出"),
    ],
)  # fmt: skip
def test_the_name_of_a_code_depends_on_the_year(classification, code, year, name):
    assert load(classification).name_of(code, year) == name


def test_codes_are_found_by_name_and_year_and_names_need_not_be_unique():
    function, economic = load("cn.function"), load("cn.economic")
    assert len(function.codes_named("行政运行")) > 1
    assert ("303", "11") in economic.codes_named("住房公積金", 2017)
    assert economic.codes_named("住房公积金", 2024) == (("301", "13"),)
    assert economic.codes_named("没有这个科目") == ()


def test_unknown_names_and_codes_are_errors_that_offer_others():
    with pytest.raises(BudgetAuditError, match=r"no classification is called 'cn\.economy'; nearest: 'cn\.economic'"):
        load("cn.economy")
    with pytest.raises(BudgetAuditError, match=r"cn\.economic has no code '301 98'; nearest"):
        load("cn.economic").entry(("301", "98"))


def test_the_crosswalk_names_codes_that_exist():
    rows = json.loads(files("budgetaudit.model.data").joinpath("cn.crosswalk.json").read_text(encoding="utf-8"))["rows"]
    government, department = (
        {entry.code for entry in load(name).entries} for name in ("cn.economic-government", "cn.economic")
    )
    assert {tuple(row["government"]) for row in rows} <= government
    assert {tuple(code) for row in rows for code in row["department"]} <= department


@pytest.mark.parametrize(
    ("old", "new"), [("医疗卫生与计划生育支出", "卫生健康支出"), ("文化体育与传媒支出", "文化旅游体育与传媒支出")]
)
def test_in_the_year_of_a_change_of_names_both_are_printed(old, new):
    classes = load("cn.function")
    assert classes.codes_named(old, 2019) == classes.codes_named(new, 2019) != ()
    assert classes.codes_named(new, 2018) == classes.codes_named(old, 2020) == ()


def test_codes_are_cut_as_their_classification_prints_them():
    assert cut_code("1112", "gfsm2014") == ("1", "1", "1", "2")
    assert cut_code("01.3", "cofog") == cut_code("013", "cofog") == ("01", "3")
    assert cut_code("30101") == cut_code("301 01", "cn.economic") == ("301", "01")
    assert cut_code("7.2.1") == cut_code("7.2.1", "own") == ("7", "2", "1")
    assert cut_code("1910") == ("1910",)


def test_a_fact_that_says_no_classification_belongs_to_those_that_know_its_first_level():
    assert classified_as(Identity(label="x", code=("301", "01"))) == ("cn.economic",)
    assert classified_as(Identity(label="x", code=("301", "01"), classification="own")) == ("own",)
    assert classified_as(Identity(label="x", code=("zz",))) == classified_as(Identity(label="x")) == ()
