"""Words around the sentences: how often, what would close a gap and at what cost, what hangs below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Relation
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.message import chance_in
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.statement import Term
from budgetaudit.rules.rule import Convention
from budgetaudit.show.messages import cause_sentence, cause_sentences, headline, symptoms_sentence
from budgetaudit.show.places import where
from budgetaudit.show.words import CAUSE_WORDS

Samples = Mapping[tuple[str, str], tuple[Finding, Budget]]


def sentence(figures: dict[str, str], rule: str, locale: str = "en", **options: str) -> str:
    report = ba.audit(figures, rules=[rule], **options)
    return headline(report.findings[0], report.budget, locale)


@given(st.builds(lambda n, rest: Fraction(n, n + rest), st.integers(1, 10**6), st.integers(1, 10**9)))
def test_a_chance_is_told_in_numbers_people_count_with(chance: Fraction) -> None:
    often, of = chance_in(chance)
    assert 0 < often <= of
    told = Fraction(often, of)
    if told != chance:
        assert abs(1 / told - 1 / chance) <= Fraction(1, 2) if often == 1 else abs(told - chance) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("chance", "told"),
    [((1, 192), (1, 192)), ((11, 24), (11, 24)), ((2, 5), (2, 5)), ((77, 192), (40, 100)), ((841, 30000), (1, 36))],
)
def test_chances_worth_knowing(chance: tuple[int, int], told: tuple[int, int]) -> None:
    assert chance_in(Fraction(*chance)) == told


@pytest.mark.parametrize(
    ("figures", "note"),
    [
        ({"t": "677.41", "a": "167.09", "b": "348.28", "c": "16.48", "d": "145.54"}, "once in 192 such sums"),
        ({"t": "100.01", "a": "40.00", "b": "30.00", "c": "20.00", "d": "10.00"}, "in 40 of 100 such sums"),
    ],
)
def test_rounding_gaps_say_how_often_they_happen(figures: dict[str, str], note: str) -> None:
    assert sentence(figures, "t = a + b + c + d").endswith(f"rounding reaches 0.025, {note})")


def test_a_gap_at_the_very_bound_is_said_to_be_there() -> None:
    said = sentence({"t": "3.02", "a": "1.00", "b": "1.00", "c": "1.00"}, "t = a + b + c")
    assert said.endswith("its 3 parts add up to 3.00 (gap 0.02, exactly as far as rounding reaches)")


def test_a_computed_number_never_reads_like_the_printed_one_it_contradicts() -> None:
    figures = {"rate": "5.23%", "a": "522967", "b": "9999999"}
    said = sentence(figures, "rate% = a / b", rounding="truncate")
    assert said.startswith("rate is printed as 5.23% but a at 522,967 of b at 9,999,999 is ≈5.2297% (gap")


def test_a_gap_is_never_shown_as_zero() -> None:
    assert "(gap 0.005," in sentence({"t": "0.995", "a": "0.500", "b": "0.490"}, "t = a + b")


def test_a_side_of_several_figures_is_written_as_they_are_combined() -> None:
    figures = {"goods": "5.00", "capital": "3.00", "grants": "2.00", "x": "1.00"}
    assert sentence(figures, "goods + capital - grants <= x").startswith(
        "goods + capital - grants is printed as 6.00, more than the 1.00 of x"
    )


def test_an_order_written_the_other_way_round_says_the_same() -> None:
    figures = {"whole": "5.00", "part": "7.00"}
    assert sentence(figures, "whole >= part") == sentence(figures, "part <= whole")


def test_gaps_in_another_unit_than_the_figure_before_them_carry_it() -> None:
    said = sentence({"a": "5000元", "b": "0.40万元"}, "a <= b")
    assert "5,000 元" in said
    assert "(gap 0.1 万元, rounding reaches" in said


def test_latin_labels_stand_apart_from_their_amounts_in_chinese() -> None:
    figures = {"rate": "24.5%", "actual": "90", "budget": "120"}
    said = sentence(figures, "rate% = actual / budget", "zh_Hans")
    assert "但actual 90占budget 120的75.0%" in said


def test_a_field_that_is_not_there_shows_as_a_gap_and_not_as_a_crash(samples: Samples) -> None:
    finding, budget = samples["SUM001", "differs"]
    assert finding.outcome is not None
    bare = replace(finding, outcomes=(replace(finding.outcome, computed=None),))
    assert "add up to … (gap" in headline(bare, budget, "en")


@pytest.fixture
def seed() -> Report:
    return ba.audit(
        {"total": "677.41", "wages": "167.09", "goods": "348.28", "subsidies": "16.48", "capital": "145.54"},
        rules=["total = wages + goods + subsidies + capital"],
    )


def cause(code: str, *lines: str, to: str = "", restores: int = 1, breaks: int = 0, **evidence: str) -> Cause:
    edit = Correction(lines[0], "145.54", to, Decimal(to), ("r",) * restores, ("x",) * breaks) if to else None
    return Cause(code, lines, () if edit is None else (edit,), evidence=tuple(evidence.items()))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (cause("digit-replaced", "l5", to="145.56"), "one digit replaced: capital 145.54 → 145.56 would close the gap; it breaks nothing else"),
        (cause("digit-replaced", "l5", to="145.56", breaks=1), "… → 145.56 would close the gap; it breaks 1 other relation"),
        (cause("digit-replaced", "l5", to="145.56", restores=3, breaks=2), "…; it restores 3 relations, it breaks 2 other relations"),
        (cause("omitted-part", "l4", figure="l4"), "a part left out of the list: subsidies 16.48"),
        (cause("counted-twice", "l4", **{"in": "parts"}), "a part that the total does not contain: subsidies 16.48"),
        (cause("counted-twice", "l4", **{"in": "total"}), "a part that the total contains twice: subsidies 16.48"),
        (cause("truncated-parts", "l2", "l3"), "digits cut off instead of rounded: such a gap in 11 of 24 sums"),
        (cause("zero-base"), "a base of zero"),
        (cause("of-next-year", "l4"), "of-next-year: subsidies 16.48"),
    ],
)  # fmt: skip
def test_causes_say_what_may_have_happened_and_what_undoing_it_does(found: Cause, said: str, seed: Report) -> None:
    shown = cause_sentence(found, seed.findings[0], seed.budget, "en")
    assert shown.endswith(said.removeprefix("…"))


def test_edits_of_several_prints_of_one_fact_are_said_once(seed: Report) -> None:
    (edit,) = cause("digit-replaced", "l5", to="145.56").corrections
    twice = replace(cause("digit-replaced", "l5", "l5"), corrections=(edit, edit))
    assert cause_sentence(twice, seed.findings[0], seed.budget, "en").count("→") == 1


def test_causes_beyond_the_fifth_are_counted(seed: Report) -> None:
    causes = tuple(replace(cause(code, "l5"), rank=rank) for rank, code in enumerate(list(CAUSE_WORDS)[:7], 1))
    many = replace(seed.findings[0], causes=causes)
    said = cause_sentences(many, seed.budget, "en")
    assert len(said) == 6
    assert said[-1] == "2 further causes are possible"


def test_causes_of_the_first_rank_cannot_be_told_apart(seed: Report) -> None:
    two = replace(seed.findings[0], causes=(cause("digit-replaced", "l5"), cause("lost-digit", "l4")))
    assert cause_sentences(two, seed.budget, "en")[-1] == (
        "the first 2 explanations cannot be told apart from these figures"
    )
    assert cause_sentences(two, seed.budget, "zh_Hans")[-1] == "前2种解释仅凭这些数字无法区分"


def test_symptoms_are_counted(seed: Report) -> None:
    root = replace(seed.findings[0], symptoms=("1", "2", "3", "4"))
    assert symptoms_sentence(root, "en") == "4 further findings have the same cause"
    assert symptoms_sentence(root, "zh_Hans") == "另有4条发现出于同一原因"
    assert symptoms_sentence(replace(root, symptoms=("1",)), "en") == "1 further finding has the same cause"


def test_figures_without_a_place_are_named(seed: Report) -> None:
    assert where(seed.findings[0], seed.budget, "en") == [
        "total, wages, goods, subsidies, capital", "rule equation/1",
    ]  # fmt: skip


def test_long_lists_of_places_are_cut_and_counted() -> None:
    names = [f"p{number:02}" for number in range(20)]
    report = ba.audit({"total": "1.00"} | dict.fromkeys(names, "1.00"), rules=[f"total = {' + '.join(names)}"])
    labels, _ = where(report.findings[0], report.budget, "en")
    assert labels.startswith("total, p00, p01")
    assert labels.endswith("… +13")


def test_a_change_without_a_name_of_its_own_is_named_for_its_figure() -> None:
    records = [
        {"label": "支出", "amount": "90.00", "period": "2023"},
        {"label": "支出", "amount": "80.00", "period": "2022"},
        {"label": "支出", "amount": "25.0%", "period": "2023", "measure": "growth"},
    ]
    budget = Budget.from_records(records, unit="万元")
    terms = (Term("l3", "ratio"), Term("l1", "current"), Term("l2", "base"))
    relation = Relation("text/growth", "RAT002", "logic", "growth", terms, Convention())
    outcome = evaluate(relation, budget)
    finding = Finding("RAT002", relation.rule, "error", outcome.verdict, "0" * 16, (outcome,), ("l3", "l1", "l2"))
    assert headline(finding, budget, "en").startswith(
        "the growth of 支出 is printed as 25.0% but 支出 (2023) at 90.00 万元 after 支出 (2022) at 80.00 万元 is growth of"
    )
    assert headline(finding, budget, "zh_Hans").startswith(
        "支出的增长率列示为25.0%，但支出（2023）90.00万元较支出（2022）80.00万元的增长率为"
    )


def test_figures_of_one_label_are_told_apart_by_their_phase() -> None:
    records = [
        {"label": "支出", "amount": "90.00", "phase": "actual"},
        {"label": "支出", "amount": "80.00", "phase": "budget"},
    ]
    budget = Budget.from_records(records, unit="万元")
    relation = Relation(
        "text/comparison", "TXT001", "verify", "order", (Term("l1", "left"), Term("l2", "right")), Convention(), op="<"
    )
    finding = Finding(
        "TXT001", relation.rule, "info", "inconsistent", "0" * 16, (evaluate(relation, budget),), ("l1", "l2")
    )
    assert headline(finding, budget, "en").startswith("the text puts 支出 (actual) below 支出 (budget);")
    assert headline(finding, budget, "zh_Hant").startswith("文中稱支出（決算）低於支出（預算），")


def test_a_relation_that_a_figure_makes_unusable_says_so() -> None:
    figures = [("a", "4.00"), ("a", "5.00"), ("total", "9.00"), ("b", "4.00")]
    records = [{"label": label, "amount": amount} for label, amount in figures]
    report = ba.audit(records, rules=["total = a + b"])
    (symptom,) = report.symptoms
    assert headline(symptom, report.budget, "en") == (
        "total was not checked by rule equation/1, because this figure cannot be used"
    )
