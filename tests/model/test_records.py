"""Budgets from dicts and records: figures as printed, gaps as gaps, and complaints that name the record."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit_names import parse_unit


def only(figure: object, **more: object) -> Amount:
    [line] = Budget.from_records([{"label": "x", "amount": figure, **more}])
    assert line.amount is not None
    assert line.state == "printed"
    return line.amount


@pytest.mark.parametrize(
    ("figure", "value", "places", "precision"),
    [
        ("677.40", "677.40", 2, "printed"),
        ("(1,234.50)", "-1234.50", 2, "printed"),
        ("约500", "500", 0, "approximate"),
        (Decimal("677.40"), "677.40", 2, "printed"),
        (Decimal("1E+3"), "1E+3", 0, "printed"),
        (677, "677", 0, "printed"),
        (-3, "-3", 0, "printed"),
        (677.41, "677.41", 2, "unknown"),
        (0.1 + 0.2, "0.30000000000000004", 17, "unknown"),
        (677.0, "677.0", 1, "unknown"),
        (1e22, "1e22", 0, "unknown"),
    ],
)
def test_figures_keep_what_they_say(figure, value, places, precision):
    amount = only(figure)
    assert (amount.value, amount.places, amount.precision) == (Decimal(value), places, precision)


def test_an_amount_is_taken_as_it_is():
    amount = Amount(Decimal("28.5"), 1, precision="exact")
    assert only(amount) is amount


def test_places_of_their_own_settle_what_a_float_was_printed_with():
    amount = only(677.4, places=2)
    assert (amount.places, amount.precision) == (2, "printed")
    assert only("677.4", places=-3).places == -3
    assert only(677.4, places=2.0).places == only(677.4, places="2").places == 2
    assert only("约5", places=0).precision == "approximate"


@pytest.mark.parametrize("places", [True, 1.5, "two", "1e3", [2], 10**6])
def test_places_are_a_whole_number(places):
    with pytest.raises(BudgetAuditError, match="places is a whole number"):
        only("5", places=places)


@pytest.mark.parametrize(
    ("figure", "state"),
    [
        (None, "blank"), ("", "blank"), ("  ", "blank"), ("N/A", "blank"), ("nan", "blank"), (float("nan"), "blank"), (Decimal("NaN"), "blank"),
        ("-", "dash"), ("—", "dash"), ("/", "dash"), ("无", "dash"), ("不適用", "dash"),
    ],
)  # fmt: skip
def test_a_gap_is_a_line_without_amount(figure, state):
    [line] = Budget.from_dict({"x": figure})
    assert (line.amount, line.state) == (None, state)


def test_zero_is_a_figure_and_no_gap():
    assert only(0).value == only("0").value == 0


@pytest.mark.parametrize(
    "figure", ["about 5 people", "1,2345.67", True, [5], {"a": 1}, float("inf"), Decimal("Infinity"), "2 或 3"]
)
def test_what_cannot_be_read_is_an_error_that_names_its_label(figure):
    with pytest.raises(BudgetAuditError, match=r"record 1 \(人员经费\)"):
        Budget.from_dict({"人员经费": figure})


def test_units_of_a_figure_go_before_units_of_the_record_and_of_the_call():
    budget = Budget.from_records(
        [{"label": "a", "amount": "5元", "unit": "千元"}, {"label": "b", "amount": "5", "unit": "千元"}, {"label": "c", "amount": Decimal(5), "unit": None}],
        unit="万元",
    )  # fmt: skip
    assert [line.amount.unit for line in budget if line.amount] == [parse_unit(name) for name in ("元", "千元", "万元")]


@pytest.mark.parametrize("figure", ["5", 5])
def test_a_unit_must_be_one(figure):
    with pytest.raises(BudgetAuditError, match="'wan' is no unit"):
        Budget.from_records([{"label": "a", "amount": figure}], unit="wan")


def test_identity_fields_apply_to_all_lines_of_a_dict():
    budget = Budget.from_dict(
        {"（一）人員經費": "1", "其中：公用支出": "2"}, period=2031, phase="actual", entity="甲局"
    )
    assert [line.identity.label for line in budget] == ["人员经费", "公用经费"]
    assert [line.label for line in budget] == ["（一）人員經費", "其中：公用支出"]
    assert {(line.identity.period, line.identity.phase, line.identity.entity) for line in budget} == {
        ("2031", "actual", "甲局")
    }


def test_records_carry_identity_code_and_place_in_a_hierarchy():
    [line] = Budget.from_records(
        [
            {
                "id": 7,
                "label": "基本工资",
                "amount": "5",
                "code": 30101,
                "within": "人員經費",
                "classification": "cn.economic",
                "period": 2031.0,
            }
        ]
    )
    assert line.id == "7"
    assert line.identity.code == ("301", "01")
    assert line.identity.within == ("人员经费",)
    assert line.identity.period == "2031"


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("2010301", ("201", "03", "01")),
        ("201 03 01", ("201", "03", "01")),
        (("301", 1), ("301", "1")),
        ("C.1.2", ("C", "1", "2")),
        (301, ("301",)),
    ],
)
def test_codes_are_tuples(code, levels):
    [line] = Budget.from_records([{"label": "x", "amount": 1, "code": code}])
    assert line.identity.code == levels


def test_within_may_be_a_list_but_not_a_number():
    [line] = Budget.from_records([{"label": "x", "amount": 1, "within": ["支出总计", "基本支出"]}])
    assert line.identity.within == ("支出总计", "基本支出")
    with pytest.raises(BudgetAuditError, match="within is a label"):
        Budget.from_records([{"label": "x", "amount": 1, "within": 5}])


def test_columns_of_the_caller_are_mapped_and_others_not_read():
    rows = [{"项目": "人员经费", "金额": "5", "备注": object()}]
    [line] = Budget.from_records(rows, columns={"label": "项目", "amount": "金额"})
    assert line.identity.label == "人员经费"


@pytest.mark.parametrize(
    ("records", "columns", "message"),
    [
        ([{"label": "x", "amout": "1"}], None, "record 1: the column 'amout' is not known; nearest: 'amount'"),
        ([{"label": "x"}], {"label": "label", "amount": "金额"}, "record 1 has no column '金额'"),
        ([{"label": "x"}], {"lable": "label"}, "columns: 'lable' is not known; nearest: .*'label'"),
        ([{"label": "x", "amount": "1"}, {"amount": "1"}], None, "record 2 has no label"),
        ([{"label": "  ", "amount": "1"}], None, "record 1 has no label"),
        (["x"], None, "record 1: expected a mapping, found str"),
        ([{"label": "x", "amount": "1", "phase": "plan"}], None, r"record 1 \(x\): phase: Input should be"),
        ([{"label": "x", "amount": "1", "code": 1.5}], None, r"record 1 \(x\): a code is text"),
        ([{"label": "x", "amount": "1", "id": "a"}, {"label": "y", "amount": "1", "id": "a"}], None, "ids must be unique"),
    ],
)  # fmt: skip
def test_a_complaint_says_which_record_and_what_would_work(records, columns, message):
    with pytest.raises(BudgetAuditError, match=message):
        Budget.from_records(records, columns=columns)
