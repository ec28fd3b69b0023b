"""Roll-ups: a code is the sum of the codes one level below, by code tuples."""

from __future__ import annotations

from checking import lines_of, row, verdicts


def coded(code, amount, **identity):
    return row(f"label {code}", amount, code=code, **identity)


def test_a_code_is_the_sum_of_the_codes_one_level_below(judge):
    records = [
        coded("201", "10.00"), coded("20103", "7.00"), coded("2010301", "4.00"), coded("2010302", "3.00"), coded("20136", "3.00"),
        coded("2011101", "2.00"), coded("208", "5.00"), coded("20805", "4.00"), coded("301", "1.00"),
    ]  # fmt: skip
    outcomes = judge(records, "parent = sum(children)")
    assert [(verdict, [line for line, _, _ in lines_of(one)]) for verdict, one in zip(verdicts(outcomes), outcomes, strict=True)] == [
        ("exact", ["l1", "l2", "l5"]), ("exact", ["l2", "l3", "l4"]), ("inconsistent", ["l7", "l8"]),
    ]  # fmt: skip


def test_codes_are_tuples_never_prefixes(judge):
    records = [
        row("x", "1.00", code=("1",)),
        row("y", "1.00", code=("1", "0")),
        row("z", "5.00", code=("10",)),
        row("w", "9.00", code=("10", "3")),
    ]
    outcomes = judge(records, "parent = sum(children)")
    assert [[line for line, _, _ in lines_of(one)] for one in outcomes] == [["l1", "l2"], ["l3", "l4"]]


def test_children_stand_where_their_parent_stands(judge):
    records = [
        coded("201", "4.00", period="2018", table="03"), coded("20103", "4.00", period="2018", table="03"),
        coded("20103", "9.00", period="2019", table="03"), coded("20103", "9.00", period="2018", table="05"),
        coded("20103", "9.00", period="2018", table="03", phase="budget"),
        coded("20103", "9.00%", period="2018", table="03", measure="share"),
    ]  # fmt: skip
    assert verdicts(judge(records, "parent = sum(children)")) == ["exact"]


def test_rates_and_averages_never_add_up(judge):
    for measure in ("growth", "share", "rate", "average"):
        assert (
            judge(
                [coded("201", "9%", measure=measure), coded("20103", "4%", measure=measure)], "parent = sum(children)"
            )
            == ()
        )
    changes = [coded("201", "9.00", measure="change"), coded("20103", "4.00", measure="change")]
    assert verdicts(judge(changes, "parent[change] = sum(children)")) == ["inconsistent"]


def test_a_roll_up_of_one_figure_and_of_one_phase(judge):
    records = [
        coded("201", "4.00", phase="actual"), coded("20103", "4.00", phase="actual"), coded("208", "4.00", phase="actual"),
        coded("20805", "4.00", phase="actual"), coded("201", "5.00", phase="budget"), coded("20103", "4.00", phase="budget"),
    ]  # fmt: skip
    assert [lines_of(one)[0][0] for one in judge(records, '"label 208" = sum(children)')] == ["l3"]
    assert verdicts(judge(records, "parent[actual] = sum(children)")) == ["exact", "exact"]
    assert verdicts(judge(records, "parent = sum(children)")) == ["exact", "exact", "inconsistent"]


def test_a_code_under_two_labels_counts_as_missing(judge):
    records = [coded("201", "4.00"), coded("20103", "4.00"), row("another name", "4.00", code="20103")]
    (outcome,) = judge(records, "parent = sum(children)")
    assert (outcome.verdict, outcome.absent) == ("undecided", ("another name",))
