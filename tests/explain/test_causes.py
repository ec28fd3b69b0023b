"""Causes: a fault planted in a true sum is among the causes found, with its figure, its value and its consequences."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.explain.causes import MOST_CAUSES

CENT = Decimal("0.01")


def money(units: int) -> str:
    return f"{Decimal(units).scaleb(-2):.2f}"


def causes(figures: Mapping[str, str] | list[dict[str, str]], *rules: str, **arguments: Any) -> tuple[ba.Cause, ...]:
    """The causes of the first finding."""
    return ba.audit(figures, rules=list(rules), **arguments).findings[0].causes


def named(found: tuple[ba.Cause, ...]) -> tuple[ba.Cause, ...]:
    """The causes that say what happened; the others only say which value would do."""
    return tuple(cause for cause in found if not cause.code.startswith("wrong-"))


def edits(found: tuple[ba.Cause, ...]) -> list[tuple[str, str, str]]:
    return [(cause.code, edit.printed, edit.proposed) for cause in found for edit in cause.corrections]


SUM = "total = a + b + c"


@st.composite
def true_sums(draw: st.DrawFn) -> dict[str, int]:
    """Three parts of five to seven digits and their total, in units of the last place."""
    parts = {label: draw(st.integers(10_000, 9_999_999)) for label in "abc"}
    return {"total": sum(parts.values()), **parts}


def _spoil(units: int, code: str, place: int, other: int) -> int:
    """One slip in a figure, at least two digits before its end, so that rounding never explains it."""
    digits = str(units)
    place = 1 + place % (len(digits) - 3)
    here = digits[place]
    digit = str((int(here) + 1 + other % 8) % 10)
    match code:
        case "digit-replaced":
            return int(digits[:place] + digit + digits[place + 1 :])
        case "digits-transposed":
            digits = digits[:place] + here + digit + digits[place + 2 :]  # the true figure has unequal neighbours here
            return int(digits[:place] + digit + here + digits[place + 2 :])
        case "lost-digit":
            return int(digits[:place] + digits[place + 1 :])
        case "inserted-digit":
            return int(digits[:place] + digit + digits[place:])
        case _:
            return int(digits[:place] + here + digits[place:])


@given(
    true=true_sums(), label=st.sampled_from(["total", "a", "b", "c"]), place=st.integers(0, 9), other=st.integers(0, 9),
    code=st.sampled_from(["digit-replaced", "lost-digit", "inserted-digit", "doubled-digit"]),
)  # fmt: skip
def test_a_slip_among_the_digits_is_found_with_its_true_value(
    true: dict[str, int], label: str, place: int, other: int, code: str
) -> None:
    printed = true | {label: _spoil(true[label], code, place, other)}
    found = causes({name: money(units) for name, units in printed.items()}, SUM)
    assert (money(printed[label]), Decimal(money(true[label]))) in {(old, Decimal(new)) for _, old, new in edits(found)}


@given(true=true_sums(), label=st.sampled_from(["a", "b", "c"]), place=st.integers(1, 4), apart=st.integers(1, 9))
def test_exchanged_neighbours_are_found(true: dict[str, int], label: str, place: int, apart: int) -> None:
    digits = str(true[label])
    place %= len(digits) - 1
    place = max(place, 1)
    second = str((int(digits[place]) + apart) % 10)
    whole = (
        int(digits[:place] + digits[place] + second + digits[place + 2 :]) if place + 1 < len(digits) else true[label]
    )
    swapped = str(whole)[:place] + str(whole)[place + 1] + str(whole)[place] + str(whole)[place + 2 :]
    parts = {name: true[name] for name in "abc"} | {label: whole}
    figures = {"total": money(sum(parts.values())), **{name: money(units) for name, units in parts.items()}}
    found = causes(figures | {label: money(int(swapped))}, SUM)
    assert ("digits-transposed", money(int(swapped)), money(whole)) in edits(found)


@given(true=true_sums(), label=st.sampled_from(["total", "a", "b", "c"]))
def test_a_reversed_sign_is_found(true: dict[str, int], label: str) -> None:
    printed = true | {label: -true[label]}
    found = causes({name: money(units) for name, units in printed.items()}, SUM)
    assert ("sign-reversed", money(-true[label]), money(true[label])) in edits(found)


@given(true=true_sums(), label=st.sampled_from(["total", "a", "b", "c"]), power=st.sampled_from([1, 2, 3, 4, 8]))
def test_a_moved_point_and_another_unit_are_found(true: dict[str, int], label: str, power: int) -> None:
    printed = true | {label: true[label] * 10**power}
    found = causes({name: money(units) for name, units in printed.items()}, SUM)
    code = "decimal-shift" if power < 3 else "unit-mix-up"
    assert (code, money(printed[label])) in {(code, old) for code, old, _ in edits(found)}
    assert Decimal(money(true[label])) in {edit.value for cause in found for edit in cause.corrections}


@given(true=true_sums(), omitted=st.integers(20_000_000, 99_999_999))
def test_a_part_that_the_list_leaves_out_is_found_where_it_is_printed(true: dict[str, int], omitted: int) -> None:
    figures = {
        name: money(units) for name, units in (true | {"total": true["total"] + omitted, "other": omitted}).items()
    }
    report = ba.audit(figures, rules=[SUM])
    line = report.budget.by_label["other"][0].id
    assert ("omitted-part", (line,)) in [(cause.code, cause.lines) for cause in report.findings[0].causes]


@given(true=true_sums(), label=st.sampled_from(["a", "b", "c"]), in_total=st.booleans())
def test_a_part_that_counts_twice_is_found(true: dict[str, int], label: str, in_total: bool) -> None:
    total = true["total"] + (true[label] if in_total else -true[label])
    report = ba.audit({name: money(units) for name, units in (true | {"total": total}).items()}, rules=[SUM])
    line = report.budget.by_label[label][0].id
    twice = [cause for cause in report.findings[0].causes if cause.code == "counted-twice" and cause.lines == (line,)]
    assert [dict(cause.evidence)["in"] for cause in twice] == ["total" if in_total else "parts"]
    assert not twice[0].corrections


def test_a_gap_that_equals_a_figure_of_another_year_is_pointed_out() -> None:
    records = [
        {"label": label, "amount": figure, "period": period}
        for period, label, figure in [
            ("2020", "total", "9431.55"), ("2020", "a", "5210.30"), ("2020", "b", "3000.00"), ("2019", "rest", "1221.25"),
        ]
    ]  # fmt: skip
    report = ba.audit(records, rules=["total = a + b"])
    assert [
        (cause.code, cause.lines, [edit.proposed for edit in cause.corrections])
        for cause in named(report.findings[0].causes)
    ] == [("another-figure", ("l4",), []), ("another-figure", ("l1",), ["8210.30"])]


def test_that_a_short_gap_equals_one_of_many_figures_is_no_evidence() -> None:
    many = {f"x{n}": money(n) for n in range(11, 90)}
    figures = {"total": "50.50", "a": "30.00", "b": "20.00", **many}
    assert not {"omitted-part", "another-figure"} & {cause.code for cause in causes(figures, "total = a + b")}


@given(st.lists(st.tuples(st.integers(10_000, 9_999_999), st.integers(900, 999)), min_size=4, max_size=6))
def test_cut_digits_are_a_cause_where_they_leave_more_than_rounding_does(parts: list[tuple[int, int]]) -> None:
    figures = {f"p{n}": money(units) for n, (units, _) in enumerate(parts)}
    carried = sum(thousandths for _, thousandths in parts) // 1000
    figures["total"] = money(sum(units for units, _ in parts) + carried)
    found = causes(figures, f"total = {' + '.join(name for name in figures if name != 'total')}")
    assert "truncated-parts" in {cause.code for cause in found}


# --- the sum that names the project ----------------------------------------------------------------------------------

SEED = {"total": "677.41", "wages": "167.09", "goods": "348.28", "subsidies": "16.48", "capital": "145.54"}
CLASSES = "total = wages + goods + subsidies + capital"


def test_the_seed_has_one_digit_and_cut_digits_as_causes_and_nothing_else() -> None:
    (finding,) = ba.audit(SEED, rules=[CLASSES]).findings
    cut, digit = finding.causes
    assert (cut.code, cut.corrections) == ("truncated-parts", ())
    assert digit.code == "digit-replaced"
    (edit,) = digit.corrections
    assert (edit.line, edit.printed, edit.proposed, edit.value) == ("l5", "145.54", "145.56", Decimal("145.56"))
    assert (edit.restores, edit.breaks) == (("equation/1",), ())
    assert finding.outcome is not None
    assert finding.outcome.likelihood.truncation == Fraction(11, 24)


@pytest.mark.parametrize(
    ("figures", "rule", "expected"),
    [
        # the only change of one character
        (
            {"t": "1763.26", "a": "1254.36", "b": "386.72", "c": "95.18"}, "t = a + b + c",
            [("digits-transposed", "1763.26", "1736.26")],
        ),
        ({"a": "412", "b": "286", "d": "144"}, "d = a - b", [("digits-transposed", "286", "268")]),
        ({"t": "583.27", "a": "2541.63", "b": "2541.64"}, "t = a + b", [("lost-digit", "583.27", "5083.27")]),
    ],
)  # fmt: skip
def test_worked_examples(figures: dict[str, str], rule: str, expected: list[tuple[str, str, str]]) -> None:
    assert edits(named(causes(figures, rule))) == expected


def test_two_digits_away_nothing_is_named_and_any_figure_may_be_wrong() -> None:
    (finding,) = ba.audit({"a": "412", "b": "268", "d": "171"}, rules=["d = a - b"]).findings
    assert edits(finding.causes) == [
        ("wrong-component", "171", "144"), ("wrong-component", "412", "439"), ("wrong-component", "268", "241"),
    ]  # fmt: skip
    assert finding.equals == finding.causes


def test_the_rounding_guard_keeps_small_gaps_from_being_typing_errors() -> None:
    """A tool in use turned a profit of 174 into 175 because of a gap of one unit."""
    (finding,) = ba.audit(
        {"profit": "174", "turnover": "988", "costs": "813"}, rules=["profit = turnover - costs"]
    ).findings
    assert (finding.severity, finding.causes) == ("info", ())


def test_the_same_figures_times_a_million_have_the_same_causes() -> None:
    """Solvers with a fixed big M find nothing in large figures."""
    figures = {"t": "67741000", "a": "16709000", "b": "34828000", "c": "1648000", "d": "14554000"}
    rule = "t = a + b + c + d"
    large = {label: f"{figure}000000" for label, figure in figures.items()}
    small_edits, large_edits = edits(causes(figures, rule)), edits(causes(large, rule))
    assert ("digit-replaced", "14554000", "14556000") in small_edits
    assert ("digit-replaced", "14554000000000", "14556000000000") in large_edits


def test_decimals_are_compared_in_units_of_the_last_place() -> None:
    """A package in use finds nothing in figures with decimals, because it compares whole numbers."""
    assert ("digit-replaced", "123.4", "132.4") not in edits(
        causes({"t": "123.4", "a": "45.3", "b": "87.1"}, "t = a + b")
    )
    assert ("digits-transposed", "123.4", "132.4") in edits(
        causes({"t": "123.4", "a": "45.3", "b": "87.1"}, "t = a + b")
    )


# --- several relations -----------------------------------------------------------------------------------------------


@given(true=true_sums(), rest=st.integers(10_000, 9_999_999), place=st.integers(0, 9), other=st.integers(0, 9))
def test_a_figure_in_two_missed_relations_is_the_first_cause(
    true: dict[str, int], rest: int, place: int, other: int
) -> None:
    printed = true | {
        "d": rest,
        "grand": true["total"] + rest,
        "total": _spoil(true["total"], "digit-replaced", place, other),
    }
    figures = {name: money(units) for name, units in printed.items()}
    report = ba.audit(figures, rules={"sub": SUM, "grand": "grand = total + d"})
    (finding,) = report.findings
    assert (finding.rule, len(report.symptoms)) == ("sub", 1)
    best = finding.causes[0]
    assert [(edit.printed, edit.proposed) for edit in best.corrections] == [(figures["total"], money(true["total"]))]
    assert sorted(best.corrections[0].restores) == ["grand", "sub"]
    assert best.corrections[0].breaks == ()


def test_what_a_correction_breaks_is_shown_and_never_stands_above_one_that_breaks_nothing() -> None:
    figures = {"t": "1763.26", "a": "1254.36", "b": "386.72", "c": "95.18", "u": "1763.26"}
    found = causes(figures, "t = a + b + c", "u = t")
    assert [(edit.proposed, edit.restores, edit.breaks) for cause in named(found) for edit in cause.corrections] == [
        ("1736.26", ("equation/1",), ("equation/2",))
    ]
    assert [bool(edit.breaks) for cause in found for edit in cause.corrections] == [False, False, False, True]
    many = {"t": "246.79", "a": "197.17", "b": "67.62", "u": "246.79"}
    edit_breaks = [edit.breaks for cause in named(causes(many, "t = a + b", "u = t")) for edit in cause.corrections]
    assert edit_breaks == [(), ("equation/2",)]


def test_consequences_are_those_of_the_audit_with_the_corrected_figure() -> None:
    figures = {"t": "246.79", "a": "197.17", "b": "67.62", "u": "246.79"}
    rules = ["t = a + b", "u = t"]
    labels = {line.id: line.label for line in ba.Budget.from_dict(figures)}
    for cause in causes(figures, *rules):
        (edit,) = cause.corrections
        after = ba.audit(figures | {labels[edit.line]: edit.proposed}, rules=rules)
        holds = {outcome.relation.rule: outcome.verdict in {"exact", "rounding"} for outcome in after.outcomes}
        assert all(holds[rule] for rule in edit.restores)
        assert not any(holds[rule] for rule in edit.breaks)


def test_a_fact_printed_twice_alike_would_need_the_slip_twice() -> None:
    once = [
        {"label": label, "amount": figure} for label, figure in {"t": "246.79", "a": "197.17", "b": "67.62"}.items()
    ]
    found = named(causes([*once, {"label": "t", "amount": "246.79"}], "t = a + b"))
    assert [[edit.proposed for edit in cause.corrections] for cause in found] == [["179.17"], ["264.79", "264.79"]]
    assert found[0].score > 500 * found[1].score


# --- ratios ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "rule", "code", "proposed"),
    [
        ({"p": "6.45%", "a": "645.64", "b": "10000.00"}, "p% = a / b", "truncated-percent", "6.46"),
        ({"g": "13.41%", "b": "19.56", "c": "22.59"}, "g% = (b - c) / c", "sign-reversed", "-13.41"),
        ({"g": "15.51%", "c": "134.70", "b": "113.80"}, "g% = (c - b) / b", "divided-by-current-year", "18.37"),
        ({"g": "720.42%", "c": "864.50", "b": "120.00"}, "g% = (c - b) / b", "ratio-as-growth", "620.42"),
        ({"g": "0.02%", "c": "2.70", "b": "2.76"}, "g% = (b - c) / b", "fraction-as-percent", "2.17"),
        ({"p": "0.60%", "a": "6.20", "b": "103.40"}, "p% = a / b", "decimal-shift", "6.00"),
        ({"g": "25.00%", "d": "50.00", "c": "200.00"}, "g% = d / (c - d)", "divided-by-current-year", "33.33"),
    ],
)
def test_wrong_percentages_are_named(figures: dict[str, str], rule: str, code: str, proposed: str) -> None:
    found = causes(figures, rule)
    assert proposed in [edit.proposed for cause in found if cause.code == code for edit in cause.corrections]
    assert code in {cause.code for cause in found[:3]}


@given(base=st.integers(10_000, 10**7), current=st.integers(10_000, 10**7))
def test_a_growth_rate_that_follows_has_no_causes(base: int, current: int) -> None:
    rate = Fraction(100 * (current - base), base)
    shown = f"{Decimal(round(rate * 100)).scaleb(-2):.2f}%"
    report = ba.audit({"g": shown, "c": money(current), "b": money(base)}, rules=["g% = (c - b) / b"])
    assert all(not finding.causes for finding in report.findings)
    assert report.counts["inconsistent"] == 0


def test_a_share_taken_as_the_remainder_is_named_by_the_list_that_adds_to_100() -> None:
    """A list in print: 4.0451 was cut to 4.04, and 6.8927 became 6.90 so that the list adds up."""
    records: list[dict[str, Any]] = [{"label": "whole", "amount": "10000.00"}]
    amounts = {
        "a": ("7833.14", "78.33%"),
        "b": ("1073.08", "10.73%"),
        "c": ("404.51", "4.04%"),
        "d": ("689.27", "6.90%"),
    }
    rules: dict[str, str] = {}
    for label, (amount, share) in amounts.items():
        records += [
            {"label": label, "amount": amount},
            {"label": f"{label}-share", "amount": share, "measure": "share"},
        ]
        rules[f"share/{label}"] = f'"{label}-share"% = {label} / whole'
    from budgetaudit.model.statement import Statement, Term

    figures = ba.Budget.from_records(records)
    shares = [line for line in figures if line.identity.measure == "share"]
    list_ = Statement("shares-total", tuple(Term(line.id, "part") for line in shares), constant=Fraction(100))
    report = ba.audit(ba.Budget(figures.lines, statements=(list_,)), rules=rules)
    named = {finding.rule: {cause.code for cause in finding.causes} for finding in report.findings}
    assert named.keys() == {"share/c", "share/d"}
    assert "truncated-percent" in named["share/c"]
    assert "plug-share" in named["share/d"]


def test_a_share_of_another_printed_total_is_named_with_that_total() -> None:
    figures = {"p": "8.75%", "a": "222.48", "whole": "833.66", "all": "2542.60", "other": "71.20"}
    report = ba.audit(figures, rules=["p% = a / whole"])
    found = {cause.code: cause for cause in report.findings[0].causes}
    cause = found["wrong-denominator"]
    assert [report.budget.line(line).label for line in cause.lines] == ["p", "all"]
    assert [(edit.printed, edit.proposed) for edit in cause.corrections] == [("8.75", "26.69")]


# --- ranking ---------------------------------------------------------------------------------------------------------


@given(true=true_sums(), label=st.sampled_from(["total", "a"]), place=st.integers(0, 9), other=st.integers(0, 9))
def test_scores_are_shares_in_order_and_few(true: dict[str, int], label: str, place: int, other: int) -> None:
    printed = true | {label: _spoil(true[label], "digit-replaced", place, other)}
    found = causes({name: money(units) for name, units in printed.items()}, SUM)
    assert len(found) <= MOST_CAUSES
    assert all(0 < cause.score < 1 for cause in found)
    assert sum(cause.score for cause in found) < 1
    keys = [(any(edit.breaks for edit in cause.corrections), -cause.score) for cause in found]
    assert keys == sorted(keys)
    assert len({(edit.line, edit.value) for cause in found for edit in cause.corrections}) == len(edits(found))


@pytest.mark.parametrize(("witnesses", "first", "first_three"), [(False, 0.35, 0.8), (True, 0.97, 0.99)])
def test_how_often_the_planted_slip_is_ranked_first(witnesses: bool, first: float, first_three: float) -> None:
    """One sum alone knows several answers; a second relation that shares the figure mostly knows one."""
    draw = random.Random(20_17)
    codes = ["digit-replaced", "lost-digit", "inserted-digit", "doubled-digit"]
    ranks = []
    for _ in range(100):
        true = {label: draw.randrange(10_000, 9_999_999) for label in "abc"}
        true["total"] = sum(true.values())
        label = draw.choice(["total", "a", "b", "c"])
        printed = true | {label: _spoil(true[label], draw.choice(codes), draw.randrange(9), draw.randrange(9))}
        figures = {name: money(units) for name, units in printed.items()}
        rules = [SUM]
        if witnesses:
            figures |= {f"{name}-again": money(units) for name, units in true.items()}
            rules += [f'"{name}-again" = {name}' for name in true]
        found = edits(ba.audit(figures, rules=rules).findings[0].causes)
        edit = (figures[label], money(true[label]))
        ranks.append(next((rank for rank, (_, *made) in enumerate(found) if tuple(made) == edit), 99))
    assert sum(rank == 0 for rank in ranks) >= 100 * first
    assert sum(rank < 3 for rank in ranks) >= 100 * first_three
