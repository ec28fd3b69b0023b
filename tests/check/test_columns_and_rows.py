"""Rules over tables: each row, all rows, the rows of a group, columns of the caller's own, and cells that are empty."""

from __future__ import annotations

import pytest

from budgetaudit.errors import RuleError
from budgetaudit.model.budget import Budget
from budgetaudit.rules.parse import parse_equation, parse_name
from budgetaudit.rules.rule import Convention, Scope
from checking import lines_of, pack, rule, run, verdicts

EACH = "each[classification=cn.function] = each[classification=cn.function, within=基本支出] + each[classification=cn.function, within=项目支出]"


def spending(code, total, basic, projects, **identity):
    """One row of a table of spending by function: the total, and its two columns."""
    row = {"label": f"code {code}", "code": code, **identity}
    columns = {(): total, ("基本支出",): basic, ("项目支出",): projects}
    return [{**row, "amount": amount, "within": within} for within, amount in columns.items()]


def judged(records, *equations, **given):
    budget = Budget.from_records(records)
    rules = [rule(text, name=f"p/{number}", **given) for number, text in enumerate(equations, 1)]
    return [outcome for outcome in run(pack(*rules), budget) if outcome.relation.rule != "tie-out"]


# --- Each row, and the top of a table ----------------------------------------------------------------------------------


def test_a_rule_of_each_row_is_applied_to_every_code():
    records = [*spending("201", "10.00", "7.00", "3.00"), *spending("20103", "9.00", "7.00", "3.00"), *spending("301", "1.00", "9.00", "9.00")]  # fmt: skip
    found = judged(records, EACH)
    assert [[line for line, _, _ in lines_of(one)] for one in found] == [["l1", "l2", "l3"], ["l4", "l5", "l6"]]
    assert verdicts(found) == ["exact", "inconsistent"]


def test_a_row_is_told_apart_by_everything_that_places_it():
    records = [*spending("201", "10.00", "7.00", "3.00", period="2022"), *spending("201", "8.00", "7.00", "3.00", period="2023")]  # fmt: skip
    assert verdicts(judged(records, EACH)) == ["exact", "inconsistent"]


def test_a_column_that_may_be_left_out_is_named_with_its_selectors():
    records = [line for line in spending("201", "10.00", "10.00", "0.00") if line["within"] != ("项目支出",)]
    assert verdicts(judged(records, EACH)) == ["undecided"]
    optional = ("each[classification=cn.function, within=项目支出]",)
    assert verdicts(judged(records, EACH, optional=optional)) == ["exact"]


def test_the_top_of_a_table_is_what_stands_below_no_other_printed_code():
    total = {"label": "total", "amount": "15.00"}
    rows = [("201", "10.00"), ("20103", "7.00"), ("2010301", "7.00"), ("20136", "3.00"), ("20805", "5.00"), ("2080502", "5.00"), ("301", "15.00")]  # fmt: skip
    records = [total, *({"label": code, "code": code, "amount": amount} for code, amount in rows)]
    (found,) = judged(records, "total = sum(top[classification=cn.function])")
    assert (found.verdict, [line for line, _, _ in lines_of(found)]) == ("exact", ["l1", "l2", "l6"])


def test_every_figure_of_a_name_is_added_where_they_cannot_be_told_apart():
    records = [
        {"label": "total", "amount": "6.00", "entity": "a"},
        *({"label": "item", "amount": amount, "entity": "a", "keys": {"lot": lot}} for lot, amount in enumerate(["1.00", "2.00", "3.00"])),
    ]  # fmt: skip
    assert verdicts(judged(records, "total = sum(item)")) == ["exact"]
    assert verdicts(judged(records, "total = item")) == []
    assert verdicts(judged(records, "total = sum(item[key.lot=1]) + sum(item[key.lot=2])")) == ["inconsistent"]


def test_two_sums_of_many_figures_are_compared_side_by_side():
    records = [
        {"label": label, "amount": amount, "keys": {"lot": lot}}
        for label, lot, amount in [("a", "1", "5.00"), ("a", "2", "1.00"), ("b", "1", "-2.00"), ("b", "3", "-4.00")]
    ]
    (found,) = judged(records, "sum(a) = -sum(b)")
    assert (found.relation.form, found.verdict, found.gap) == ("order", "exact", 0)
    (found,) = judged(records[:3], "sum(a) = -sum(b)")
    assert (found.verdict, found.gap) == ("inconsistent", 4)


def test_a_run_of_numbers_is_a_run_of_codes():
    records = [
        {"label": f"line {code}", "code": code, "amount": amount}
        for code, amount in [("1000", "5.00"), ("1010", "1.00"), ("1033", "2.00"), ("1067", "4.00"), ("1068", "9.00"), ("1910", "12.00")]
    ]  # fmt: skip
    (found,) = judged(records, "total[code=1910] = opening[code=1000] + sum(change[code=1010..1067])")
    assert (found.verdict, len(found.relation.terms)) == ("exact", 5)
    with pytest.raises(RuleError, match=r"code=1010\.\.end' is none of these"):
        parse_equation("total = sum(change[code=1010..end])")


def test_codes_below_a_heading_of_things_that_do_not_add_up_are_no_roll_up():
    records = [
        {"label": code, "code": code, "amount": amount, "classification": "gfsm2014"}
        for code, amount in [("3", "10"), ("31", "60"), ("32", "25"), ("33", "75"), ("31", "60"), ("311", "60")]
    ]
    found = judged(records, "parent[classification=gfsm2014] = sum(children)")
    assert [[line for line, _, _ in lines_of(one)] for one in found] == [["l2", "l6"]]


# --- What figures of one binding share ----------------------------------------------------------------------------------


def rows(*given):
    """Rows of a caller's file: account, lot, kind, and two columns of figures."""
    return [
        {"label": label, "amount": amount, "entity": account, "keys": {"lot": lot, "kind": kind}, "table": table}
        for account, lot, kind, table, figures in given
        for label, amount in figures.items()
    ]


def test_figures_of_one_row_are_held_against_each_other():
    records = rows(
        ("x", "1", "D", "B", {"whole": "3.00", "part": "3.00"}),
        ("x", "2", "D", "B", {"whole": "4.00", "part": "3.00"}),
        ("y", "1", "R", "B", {"whole": "5.00", "part": "3.00"}),
    )
    per = ("entity", "period", "phase", "fund", "key.*")
    assert verdicts(judged(records, "whole = part", per=per)) == ["exact", "inconsistent", "inconsistent"]
    assert verdicts(judged(records, "whole[key.kind=D] = part[key.kind=D]", per=per)) == ["exact", "inconsistent"]


def test_a_group_of_rows_is_held_against_another_table():
    records = rows(
        ("x", "1", "D", "B", {"part": "3.00"}),
        ("x", "1", "R", "B", {"part": "4.00"}),
        ("x", "2", "D", "B", {"part": "5.00"}),
        ("x", "1", "", "ledger", {"2190": "7.00"}),
        ("x", "2", "", "ledger", {"2190": "6.00"}),
    )
    equation = '"2190"[table=ledger] = sum(part[table=B])'
    assert verdicts(judged(records, equation, per=("entity", "key.lot"))) == ["exact", "inconsistent"]
    assert verdicts(judged(records, equation, per=("key.lot",))) == ["exact", "inconsistent"]
    assert verdicts(judged(records, equation.replace("B]", "B, key.kind=D]"), per=("entity", "key.lot"))) == ["inconsistent"] * 2  # fmt: skip


def test_a_group_need_not_share_the_entity():
    records = rows(
        ("x", "1", "", "C", {"moved": "3.00"}), ("y", "1", "", "C", {"moved": "4.00"}), ("z", "1", "", "D", {"paid": "-7.00"})
    )  # fmt: skip
    assert verdicts(judged(records, "sum(moved) = -sum(paid)", per=("period", "key.lot"))) == ["exact"]
    assert verdicts(judged(records, "sum(moved) = -sum(paid)")) == []


def test_a_body_is_the_sum_of_its_units_less_what_they_pay_each_other():
    records = [
        {"label": label, "amount": amount, "entity": entity, "period": period}
        for entity, label, period, amount in [
            ("d", "spent", "2022", "8.00"), ("a", "spent", "2022", "6.00"), ("b", "spent", "2022", "3.00"), ("a", "paid", "2022", "1.00"),
            ("d", "spent", "2023", "9.00"), ("a", "spent", "2023", "6.00"), ("b", "spent", "2023", "3.00"), ("a", "paid", "2023", "1.00"),
        ]
    ]  # fmt: skip
    equation = "spent[entity=d] = spent[entity=a] + spent[entity=b] - paid[entity=a]"
    assert verdicts(judged(records, equation)) == ["exact", "inconsistent"]


def test_tables_of_a_rule_are_those_of_its_scope():
    records = rows(("x", "1", "", "A", {"a": "1.00", "b": "1.00"}), ("x", "1", "", "B", {"a": "2.00", "b": "1.00"}))
    assert verdicts(judged(records, "a = b", scope=Scope(tables=("B",)))) == ["inconsistent"]


# --- Exemptions, empty cells, other names -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ({"a": "5", "b": "0", "c": "0"}, []),
        ({"a": "5", "b": "5", "c": "0"}, ["exact"]),
        ({"a": "5", "b": "1", "c": "0"}, ["inconsistent"]),
        ({"a": "5.0", "b": "0.0", "c": "0.0"}, ["undecided"]),
    ],
)
def test_a_rule_does_not_apply_where_all_its_exemptions_hold(figures, verdict):
    exempt = tuple(map(parse_equation, ("b = 0", "c = 0")))
    convention = Convention(exact_below="1") if "." not in figures["a"] else Convention()
    unit = "美元"
    budget = Budget.from_dict(figures, unit=unit)
    found = run(pack(rule("a = b + c", unless=exempt, convention=convention)), budget)
    assert verdicts(found) == verdict


def test_an_empty_cell_says_nothing_unless_the_rule_says_zero():
    figures = {"total": "5.00", "a": "5.00", "b": None, "c": "-"}
    zero = Convention(blank="zero")
    budget = Budget.from_dict(figures)
    assert verdicts(run(pack(rule("total = a + b + c")), budget)) == ["undecided"]
    (outcome,) = run(pack(rule("total = a + b + c", convention=zero)), budget)
    assert (outcome.verdict, outcome.complete, outcome.absent) == ("exact", True, ())
    wrong = Budget.from_dict({**figures, "a": "4.00"})
    assert verdicts(run(pack(rule("total = a + b + c", convention=zero)), wrong)) == ["inconsistent"]


def test_an_empty_total_is_zero_only_where_its_parts_are():
    zero = Convention(blank="zero")
    sums = pack(rule("total = a + b", convention=zero))
    assert verdicts(run(sums, Budget.from_dict({"total": None, "a": "0.00", "b": None}))) == ["exact"]
    (outcome,) = run(sums, Budget.from_dict({"total": None, "a": "3.00", "b": None}))
    assert (outcome.verdict, outcome.reasons) == ("undecided", ("missing-total",))


def test_empty_beside_zero_is_zero_and_beside_another_figure_a_contradiction():
    zero = Convention(blank="zero")
    sums = pack(rule("total = a + b", convention=zero))
    records = [{"label": "total", "amount": "1.00"}, {"label": "a", "amount": "1.00"}]
    twice = [{"label": "b", "amount": None}, {"label": "b", "amount": "0.00"}]
    assert verdicts(run(sums, Budget.from_records([*records, *twice]))) == ["exact"]
    twice[1]["amount"] = "0.50"
    (outcome,) = run(sums, Budget.from_records([*records, *twice]))
    assert outcome.reasons == ("conflicting-figures",)


def test_a_pack_knows_what_else_its_figures_are_called():
    names = {
        "revenue": (parse_name('"Total revenue"'), parse_name("revenue[classification=gfsm2014, code=1]")),
        "taxes": (parse_name("taxes[classification=gfsm2014, code=11]"),),
    }
    named = rule("revenue = taxes + other", names=names)
    assert verdicts(run(pack(named), Budget.from_dict({"TOTAL REVENUE": "3", "Taxes": "2", "other": "1"}))) == ["exact"]
    records = [
        {"label": label, "amount": amount, "code": code, "classification": "gfsm2014"}
        for label, code, amount in [("recettes", "1", "3"), ("impôts", "11", "2")]
    ]
    records.append({"label": "Other", "amount": "5"})
    assert verdicts(run(pack(named), Budget.from_records(records))) == ["inconsistent"]
    assert verdicts(run(pack(rule("revenue = taxes + other")), Budget.from_dict({"Revenue": "3", "taxes": "2", "other": "1"}))) == []  # fmt: skip


# --- Two rules that say the same ----------------------------------------------------------------------------------------


def test_rules_that_say_the_same_are_one_outcome_that_names_both():
    budget = Budget.from_dict({"a": "3", "b": "1", "c": "2"})
    (outcome,) = run(pack(rule("a = b + c", name="p/sum"), rule("c = a - b", name="p/difference")), budget)
    assert (outcome.relation.rule, outcome.relation.also) == ("p/sum", ("p/difference",))


# --- Lists that may leave out children ----------------------------------------------------------------------------------


def test_children_are_all_children_where_the_table_shows_that_it_lists_all():
    def of(*amounts):
        codes = ("201", "20101", "20102", "208", "20801", "20802", "210", "21001")
        records = [{"label": code, "code": code, "amount": amount} for code, amount in zip(codes, amounts, strict=True)]
        return verdicts(judged(records, "parent[classification=cn.function] = sum(children)"))

    assert of("30", "10", "20", "90", "40", "50", "60", "60") == ["exact"] * 3
    assert of("30", "10", "20", "90", "40", "45", "60", "60") == ["exact", "inconsistent", "exact"]
    assert of("30", "10", "10", "90", "40", "40", "60", "60") == ["undecided"] * 3
    assert of("30", "10", "10", "90", "40", "60", "60", "60") == ["undecided", "inconsistent", "undecided"]
