"""Figures that are not printed: what the relations leave of them, and that nothing is filled in where they contradict."""

from __future__ import annotations

from fractions import Fraction

import pytest

import budgetaudit as ba
from budgetaudit.show.completions import completion_sentence
from budgetaudit.show.formats import render
from budgetaudit.show.language import LOCALES
from budgetaudit.show.localisation import show_localisation


def audited(rules, **figures):
    lines = [{"label": label, "amount": amount} for label, amount in figures.items()]
    return ba.audit(lines, rules=rules)


def implied(report):
    return {one.label: (str(one.value), one.determined) for one in report.completions}


def test_a_blank_follows_through_two_relations():
    report = audited(["t = a + b", "b = c + d"], t="100.00", a="40.00", b=None, c="10.00", d=None)
    assert implied(report) == {"b": ("60.00", False), "d": ("50.00", False)}
    assert [[one.relation.rule for one in found.because] for found in report.completions] == [
        ["equation/1"], ["equation/1", "equation/2"],
    ]  # fmt: skip


def test_a_choice_is_left_open():
    assert implied(audited(["t = a + b + c"], t="10", a="4", b=None, c=None)) == {}


def test_a_contradiction_implies_nothing():
    report = audited(["t = a + b", "t = c + d", "a = e + f"], t="10", a="4", b="50", c="3", d=None, e="1", f="9")
    assert implied(report) == {}


def test_a_contradiction_elsewhere_does_not_silence_a_relation():
    report = audited(
        ["t = a + b", "u = t + v", "w = x + y"], t="10", a="4", b="9", u="20", v=None, w="5", x="2", y=None
    )
    assert implied(report) == {"y": ("3", False)}


@pytest.mark.parametrize("locale", LOCALES)
def test_completions_and_localisations_are_told_in_every_language(locale):
    report = audited(["t = a + b", "u = c + d"], t="10", a="4", b="9", u="8.0", c="3.0", d=None)
    (completion,) = report.completions
    sentence = completion_sentence(completion, locale)
    assert "5.0" in sentence
    assert sentence in render(report, "text", locale=locale, verbose=True)
    assert "5.0" in render(report, "html", locale=locale)
    shown = show_localisation(report.localize(), report.budget, locale=locale)
    assert "equation/1" in shown
    assert ("weight" in shown) == (locale == "en")
    assert show_localisation(audited(["t = a"], t="1", a="1").localize(), report.budget, locale=locale)


def test_the_smallest_explanation_is_two_figures_across_a_table():
    figures = {"r1": "10", "r2": "26", "c1": "14", "c2": "22", "all": "36"}
    figures |= {"x11": "4", "x12": "9", "x21": "13", "x22": "16"}
    rules = ["r1 = x11 + x12", "r2 = x21 + x22", "c1 = x11 + x21", "c2 = x12 + x22", "all = r1 + r2", "all = c1 + c2"]
    report = ba.audit(figures, rules=rules)
    (block,) = report.localize(weights={}).blocks
    found = {
        frozenset(report.budget.line(change.lines[0]).label for change in one.changes) for one in block.explanations
    }
    assert frozenset({"x12", "x21"}) in found
    assert block.least == Fraction(2)
    assert all(proof.combinations for proof in block.proofs)
