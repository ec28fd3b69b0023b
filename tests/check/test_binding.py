"""Binding: by identity, in slots; what is said twice is weighed once; what finds nothing is listed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from budgetaudit.check.bind import UnboundRule, bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.rules.pack import read_pack
from budgetaudit.rules.rule import Convention, Scope
from budgetaudit.rules.ruleset import PackVersion, RuleSet
from checking import lines_of, pack, row, rule, run, verdicts

# --- Slots -----------------------------------------------------------------------------------------------------------------


def test_figures_of_one_binding_share_entity_period_phase_and_fund(judge):
    records = [
        row(label, amount, entity=entity, period=period, phase=phase, fund=fund)
        for entity, period, phase, fund, figures in [
            ("A", "2018", "actual", None, ("3.00", "1.00", "2.00")),
            ("B", "2018", "actual", None, ("4.00", "1.00", "2.00")),
            ("A", "2019", "actual", None, ("5.00", "3.00", "2.00")),
            ("A", "2018", "budget", None, ("6.00", "3.00", "2.00")),
            ("A", "2018", "actual", "general", ("7.00", "5.00", "2.00")),
        ]
        for label, amount in zip(("t", "a", "b"), figures, strict=True)
    ]
    outcomes = judge(records, "t = a + b")
    assert verdicts(outcomes) == ["exact", "inconsistent", "exact", "inconsistent", "exact"]
    assert [line for line, _, _ in lines_of(outcomes[2])] == ["l7", "l8", "l9"]


def test_equal_labels_of_other_slots_are_not_the_missing_part(judge):
    records = [
        row("t", "3.00", phase="actual"), row("a", "1.00", phase="actual"), row("b", "2.00", phase="budget"),
        row("b", "2.00", phase="actual", fund="general"),
    ]  # fmt: skip
    (outcome,) = judge(records, "t = a + b")
    assert (outcome.verdict, outcome.absent) == ("undecided", ("b",))


def test_a_phase_is_selected_where_the_rule_says_so(judge):
    records = [
        row("x", "10.00", period=year, phase=phase)
        for year, phase in [("2018", "budget"), ("2018", "actual"), ("2019", "budget")]
    ]
    records[1]["amount"] = "12.00"
    outcomes = judge(records, "x[actual] <= x[budget]")
    assert verdicts(outcomes) == ["inconsistent"]
    assert lines_of(outcomes[0]) == [("l2", "left", 1), ("l1", "right", 1)]
    (mixed,) = judge([*records, row("y", "12.00", period="2018", phase="actual")], "y = x[actual]")
    assert (mixed.verdict, lines_of(mixed)) == ("exact", [("l4", "total", 1), ("l2", "part", 1)])


def test_funds_are_selected_and_added(judge):
    records = [
        row("x", amount, fund=fund)
        for fund, amount in (("appropriation", "9.00"), ("general", "7.00"), ("government-fund", "2.00"))
    ]
    (outcome,) = judge(records, "x[appropriation] = x[一般公共预算] + x[政府性基金]")
    assert (outcome.verdict, len(outcome.relation.terms)) == ("exact", 3)


def test_a_year_is_shifted_and_never_guessed(judge):
    records = [row(label, amount, period=year) for label, year, amount in
               [("closing", "2017", "1.00"), ("opening", "2018", "1.00"), ("closing", "2018", "2.00"), ("opening", "2019", "3.00")]]  # fmt: skip
    for equation in ("closing[year] = opening[year+1]", "opening = closing[year-1]", "opening[year] = closing[last]"):
        assert verdicts(judge(records, equation)) == ["exact", "inconsistent"]
    fixed = judge(records, "opening[2019] = closing[2018]")
    assert (verdicts(fixed), lines_of(fixed[0])) == (["inconsistent"], [("l4", "total", 1), ("l3", "part", 1)])
    unknown = [row("closing", "1.00"), row("opening", "2.00"), row("closing", "1.00", period="2018Q1")]
    budget = Budget.from_records(unknown)
    bound = bind(pack(rule("closing = opening[year+1]")), budget)
    assert (bound.relations, bound.unbound) == ((), (UnboundRule("p/rule", ("opening",)),))


def test_growth_compares_one_label_across_years(judge):
    records = [
        row("x", "10.00", period="2018"),
        row("x", "12.50", period="2019"),
        row("x", "25.00%", period="2019", measure="growth"),
    ]
    (outcome,) = judge(records, "x[growth]% = (x - x[year-1]) / x[year-1]")
    assert (outcome.verdict, outcome.gap) == ("exact", 0)
    assert lines_of(outcome) == [("l3", "ratio", 1), ("l2", "current", 1), ("l1", "base", 1)]


def test_a_ratio_is_never_taken_for_an_amount(judge):
    records = [
        row("t", "3.00"),
        row("a", "1.00"),
        row("a", "50.00%", measure="share"),
        row("b", "2.00"),
        row("b", "5.00", measure="change"),
    ]
    assert verdicts(judge(records, "t = a + b")) == ["exact"]
    assert verdicts(judge(records, "b[change] = t + b")) == ["exact"]


@pytest.mark.parametrize(
    ("scope", "applied"),
    [
        (Scope(phases=("actual",)), 2), (Scope(phases=("budget",)), 1), (Scope(funds=("general",)), 1),
        (Scope(years=(2019, None)), 0), (Scope(years=(None, 2018)), 2), (Scope(tables=("01",)), 0), (Scope(), 2),
    ],
)  # fmt: skip
def test_a_rule_applies_within_its_scope_and_where_nothing_is_known(scope, applied):
    records = [row(label, "1.00", period="2018", phase="actual", fund="all") for label in ("t", "a")]
    records += [row(label, "1.00") for label in ("t", "a")]
    years_unknown = scope.years == (2019, None)
    assert (
        len(bind(pack(rule("t = a", scope=scope)), Budget.from_records(records)).relations) == applied + years_unknown
    )


def test_a_rule_for_a_table_binds_only_there():
    records = [
        row("t", "1.00", table="01"),
        row("a", "1.00", table="01"),
        row("t", "9.00", table="02"),
        row("a", "1.00", table="02"),
    ]
    outcomes = run(pack(rule("t = a", scope=Scope(tables=("01",)))), Budget.from_records(records))
    assert verdicts(outcomes) == ["exact"]


def test_a_code_selects_whatever_the_label_says(judge):
    records = [row("t", "3.00"), row("Löhne", "1.00", code="301"), row("wages", "2.00", code="30101")]
    (outcome,) = judge(records, "t = a[301] + b[code=30101]")
    assert lines_of(outcome) == [("l1", "total", 1), ("l2", "part", 1), ("l3", "part", 1)]


# --- Figures that label and place cannot tell apart ------------------------------------------------------------------------


def test_a_figure_that_stands_alone_goes_before_those_of_tables_and_of_other_figures(judge):
    records = [row("t", "3.00"), row("a", "3.00"), row("a", "9.00", within=["t"]), row("a", "8.00", table="05")]
    (outcome,) = judge(records, "t = a")
    assert lines_of(outcome) == [("l1", "total", 1), ("l2", "part", 1)]


def test_a_figure_within_one_of_the_rule_goes_before_one_within_another(judge):
    records = [row("t", "3.00"), row("a", "3.00", within=["t"]), row("a", "9.00", within=["u"])]
    assert verdicts(judge(records, "t = a")) == ["exact"]
    (other,) = judge([*records, row("u", "9.00")], "u = a[within=u]")
    assert (other.verdict, lines_of(other)[1][0]) == ("exact", "l3")


def test_several_figures_for_one_name_are_neither_found_nor_absent():
    records = [row("t", "3.00"), row("b", "3.00"), row("a", "3.00", within=["u"]), row("a", "9.00", within=["v"])]
    budget = Budget.from_records(records)
    (outcome,) = run(pack(rule("t = a + b", optional=("a",))), budget)
    assert (outcome.verdict, outcome.absent) == ("undecided", ("a",))


# --- Rules that find nothing -----------------------------------------------------------------------------------------------


def test_rules_of_a_pack_that_find_nothing_are_listed():
    budget = Budget.from_dict({"t": "3.00", "a": "3.00", "d": "1.00"})
    ruleset = pack(
        rule("t = a + x", name="p/some"), rule("y = a + x", name="p/none"), rule("d = t + a", name="p/bound"),
        rule("x = a", name="p/no-target"),
    )  # fmt: skip
    bound = bind(ruleset, budget)
    assert [relation.rule for relation in bound.relations] == ["p/some", "p/bound"]
    assert bound.unbound == (UnboundRule("p/none", ("y", "x")), UnboundRule("p/no-target", ("x",)))


def test_figures_that_never_stand_together_are_listed_without_a_missing_name():
    budget = Budget.from_records([row("t", "1.00", period="2018"), row("a", "1.00", period="2019")])
    bound = bind(pack(rule("t = a")), budget)
    assert (bound.relations, bound.unbound) == ((), (UnboundRule("p/rule", ()),))


def test_an_unknown_name_fails_once_however_many_slots_there_are(judge):
    records = [
        row(label, "1.00", period=str(year)) for year in range(2010, 2020) for label in ("total", "wages", "goods")
    ]
    (outcome,) = judge(records, "total = wage + goods")
    assert (outcome.verdict, outcome.reasons) == ("failed", ("name-not-found",))
    assert (outcome.relation.unknown, outcome.detail) == (("wage",), "wage")
    assert outcome.relation.terms == ()


@pytest.mark.parametrize("optional", [("x",), ()])
def test_optional_figures_count_as_zero_where_nobody_prints_them(optional):
    budget = Budget.from_dict({"t": "3.00", "a": "3.00"})
    (outcome,) = run(pack(rule("t = a + x", optional=optional)), budget)
    assert (outcome.verdict, outcome.complete) == (("exact", True) if optional else ("undecided", False))


@pytest.mark.parametrize(("least", "bound"), [(1, 1), (2, 1), (3, 0)])
def test_a_rule_says_nothing_about_a_total_of_too_few_parts(least, bound):
    budget = Budget.from_dict({"t": "3.00", "a": "1.00", "b": "2.00"})
    assert len(bind(pack(rule("t = a + b + c", optional=("c",), least_parts=least)), budget).relations) == bound


def test_what_packs_know_of_amounts_and_a_caller_does_not(judge_one):
    figures = {"t": "3.00", "a": "5.00"}
    budget = Budget.from_dict({**figures, "x": ""})
    assert verdicts(run(pack(rule("t = a + x")), budget)) == ["inconsistent"]
    assert verdicts(run(pack(rule("t = a - x")), budget)) == ["undecided"]
    assert verdicts(run(pack(rule("a <= t + x")), budget)) == ["undecided"]
    assert verdicts(run(pack(rule("t <= a + x")), budget)) == ["exact"]
    assert judge_one({**figures, "x": ""}, "t = a + x").verdict == "undecided"


# --- Conventions of rules, packs and runs ------------------------------------------------------------------------------------


def test_each_rule_is_weighed_by_its_own_convention_and_a_run_may_replace_all():
    budget = Budget.from_dict({"t": "3.99", "a": "1.00", "b": "3.00"})
    (own,) = run(pack(rule("t = a + b", convention=Convention(rounding="truncate"))), budget)
    assert (own.verdict, own.relation.convention.rounding) == ("inconsistent", "truncate")
    ruleset = pack(rule("t = a + b", convention=Convention(rounding="truncate")))
    relations = bind(ruleset, budget, convention=Convention(rounding="nearest")).relations
    (replaced,) = evaluate_all(relations, budget)
    assert (replaced.verdict, replaced.relation.convention) == ("rounding", Convention())


def test_a_pack_of_ones_own_is_bound_like_any_other():
    text = """
    [pack]
    name = "own"
    version = "1"
    [[rule]]
    id = "own/all"
    kind = "SUM001"
    strength = "verify"
    equation = "全部 = 甲 + 乙"
    label = { zh_Hans = "甲", zh_Hant = "甲", en = "A" }
    reason = "r"
    source = "s"
    """
    loaded = read_pack(text)
    ruleset = RuleSet(loaded.rules, (PackVersion(loaded.name, loaded.version),))
    (outcome,) = run(ruleset, Budget.from_dict({"全部": "3.00", "（一）甲：": "1.00", "乙": "2.00"}, unit="万元"))
    assert (outcome.relation.rule, outcome.relation.strength, outcome.verdict) == ("own/all", "verify", "exact")
    assert bind(ruleset, Budget.from_dict({"别的": "1"})).unbound == (UnboundRule("own/all", ("全部", "甲", "乙")),)


def test_weights_of_a_binding_are_those_of_the_equation(judge_one):
    outcome = judge_one({"t": "1.0", "a": "3.0", "b": "0.5"}, "2 * t + b = a / 1.2")
    assert lines_of(outcome) == [("l2", "total", 1), ("l1", "part", Fraction(12, 5)), ("l3", "part", Fraction(6, 5))]
    assert outcome.verdict == "exact"
