"""Every sentence of every kind, in every language: rendered for a finding, and stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.message import message
from budgetaudit.model.budget import Budget
from budgetaudit.show.language import LOCALES
from budgetaudit.show.messages import headline

CASES = [
    (code, case)
    for code, kind in KINDS.items()
    for name, template in kind.templates.items()
    for case in ((name, f"{name} 1") if template.other else (name,))
]

Samples = Mapping[tuple[str, str], tuple[Finding, Budget]]


def test_there_is_a_finding_for_every_sentence(samples: Samples) -> None:
    assert sorted(samples) == sorted(CASES)


@pytest.mark.parametrize(("code", "case"), CASES, ids=" ".join)
def test_a_finding_chooses_its_sentence_and_fills_every_field(code: str, case: str, samples: Samples) -> None:
    finding, budget = samples[code, case]
    chosen = message(finding, budget)
    assert chosen.template is KINDS[code].templates[case.removesuffix(" 1")]
    named = set(re.findall(r"\{(\w+)\}", chosen.template.one + chosen.template.other))
    assert named <= chosen.fields.keys()
    if case.endswith(" 1"):
        assert chosen.fields[chosen.template.count] == 1
    for locale in LOCALES:
        sentence = headline(finding, budget, locale)
        assert not {"{", "}", "…", "\0"} & set(sentence)
        assert not sentence.endswith((".", "。", "!", "！", "?", "？"))
        assert "\n" not in sentence


def test_sentences_are_as_stored(samples: Samples, snapshot: Callable[[str, str], None]) -> None:
    lines = []
    for code, case in CASES:
        finding, budget = samples[code, case]
        lines += [f"{code} {case}", *(headline(finding, budget, locale) for locale in LOCALES), ""]
    snapshot("sentences.txt", "\n".join(lines))


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_chinese_sentences_have_chinese_punctuation(locale: str, samples: Samples) -> None:
    for finding, budget in samples.values():
        sentence = headline(finding, budget, locale)
        assert not re.search(
            r"[,;:!?()]", re.sub(r"ZeroDivisionError: x|\d,\d|=SUM\(.*?\)|[A-Z]\d:[A-Z]\d", "", sentence)
        ), sentence
        assert not re.search(r"\d [万萬元%个個人]", sentence), sentence
