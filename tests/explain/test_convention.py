"""The convention a document follows, from documents that were made to follow one."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.explain.convention import HYPOTHESES, PRIOR, Conventions
from budgetaudit.explain.situation import Situation


def audited(sums: list[tuple[int, list[int]]], **arguments: object) -> ba.Report:
    """A document of sums, each a total and its parts in hundredths."""
    records, rules = [], []
    for number, (total, parts) in enumerate(sums):
        labels = [f"s{number}p{place}" for place in range(len(parts))]
        records.append({"label": f"s{number}", "amount": f"{total / 100:.2f}"})
        records += [{"label": label, "amount": f"{part / 100:.2f}"} for label, part in zip(labels, parts, strict=True)]
        rules.append(f"s{number} = {' + '.join(labels)}")
    return ba.audit(records, rules=rules, **arguments)  # type: ignore[arg-type]


def shares(report: ba.Report) -> dict[str, Fraction]:
    conventions = Conventions(Situation(report.outcomes, report.budget))
    return dict(conventions.shares(None))


def planted(convention: str, sums: int, parts: int, *, seed: int = 2017) -> list[tuple[int, list[int]]]:
    """Sums of true amounts in thousandths of the last place, printed as the convention prints them."""
    draw = random.Random(seed)
    document = []
    for _ in range(sums):
        true = [draw.randrange(10**6, 10**8) for _ in range(parts)]
        cut = [amount // 1000 for amount in true]
        rounded = [(amount + 500) // 1000 for amount in true]
        match convention:
            case "rounded":
                document.append(((sum(true) + 500) // 1000, rounded))
            case "cut":
                document.append((sum(true) // 1000, cut))
            case "cut-parts":
                document.append(((sum(true) + 500) // 1000, cut))
            case _:
                document.append((sum(rounded), rounded))
    return document


@pytest.mark.parametrize("convention", HYPOTHESES)
@pytest.mark.parametrize("parts", [4, 5])
def test_the_planted_convention_is_recognised(convention: str, parts: int) -> None:
    report = audited(planted(convention, 24, parts))
    assert max(shares(report).items(), key=lambda entry: entry[1])[0] == convention
    assert shares(report)[convention] > Fraction(9, 10)  # type: ignore[literal-required]


@pytest.mark.parametrize("convention", HYPOTHESES)
def test_only_cut_digits_are_suggested(convention: str) -> None:
    report = audited(planted(convention, 24, 4))
    found = [finding for finding in report.findings if finding.kind == "CNV001"]
    assert len(found) == (1 if convention in {"cut", "cut-parts"} else 0)
    for finding in found:
        assert (finding.severity, finding.verdict) == ("info", None)
        assert dict(finding.data)["prior"] == str(PRIOR)
        assert dict(finding.data)["slip"] == "1/1000"
        assert {outcome.gap != 0 for outcome in finding.outcomes} == {True}


def test_the_suggestion_changes_no_verdict_and_goes_when_it_is_followed() -> None:
    sums = planted("cut", 24, 4, seed=3)
    report, followed = audited(sums), audited(sums, rounding="truncate")
    assert report.counts["inconsistent"] > 0  # a gap of three units is beyond rounding
    assert followed.counts["inconsistent"] == 0
    assert "CNV001" not in {finding.kind for finding in followed.findings}


def test_the_seed_and_its_second_sum_have_the_worked_shares() -> None:
    """117 to 1 for cut digits, 38 to 1 for cut parts: 74.9 %, 24.5 % and 0.6 % of the three."""
    report = audited([(67741, [16709, 34828, 1648, 14554]), (24679, [17917, 6762])])
    found = shares(report)
    three = sum(found[name] for name in ("rounded", "cut", "cut-parts"))
    for name, expected in [("cut", Fraction(176, 235)), ("cut-parts", Fraction(23, 94)), ("rounded", Fraction(3, 470))]:
        assert float(found[name] / three) == pytest.approx(float(expected), rel=2e-3)  # slips are allowed for
    assert "CNV001" not in {finding.kind for finding in report.findings}  # one gap decides nothing


def test_twenty_exact_sums_of_four_are_made_to_add() -> None:
    found = shares(audited([(10000, [1000, 2000, 3000, 4000])] * 20))
    assert 26_000 < found["made-to-add"] / found["rounded"] < 29_000


def test_one_total_below_its_parts_speaks_against_cut_digits_as_loudly_as_a_slip_is_rare() -> None:
    without = shares(audited([(10002, [1000, 2000, 3000, 4000])] * 2))
    below = shares(audited([(10002, [1000, 2000, 3000, 4000])] * 2 + [(9999, [1000, 2000, 3000, 4000])]))
    assert without["cut"] / without["rounded"] > 10_000
    assert below["cut"] / below["rounded"] < without["cut"] / without["rounded"] / 100_000


@given(st.lists(st.integers(-2, 3), max_size=6))
def test_shares_add_to_one_and_without_sums_are_the_prior(gaps: list[int]) -> None:
    found = shares(audited([(10000 + gap, [1000, 2000, 3000, 4000]) for gap in gaps]))
    assert sum(found.values()) == 1
    if not gaps:
        assert set(found.values()) == {PRIOR}


def test_a_sum_that_shares_a_figure_is_no_second_witness() -> None:
    figures = {"a": "10.00", "b": "20.00", "c": "30.00", "d": "40.00", "t": "100.02"}
    once = ba.audit(figures, rules=["t = a + b + c + d"])
    twice = ba.audit(figures | {"e": "10.00"}, rules=["t = a + b + c + d", "t = e + b + c + d"])
    assert shares(once) == shares(twice)
    assert "CNV001" not in {finding.kind for finding in twice.findings}


def test_sums_of_exact_figures_say_nothing() -> None:
    report = ba.audit({"t": "9人", "a": "4人", "b": "4人"}, rules=["t = a + b"])
    assert set(shares(report).values()) == {PRIOR}
