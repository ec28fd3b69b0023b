"""The three catalogues hold every sentence of the source, translated, with the fields the code fills in."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from opencc import OpenCC

from budgetaudit.check.outcome import VERDICTS, Reason
from budgetaudit.explain.priors import SHARES
from budgetaudit.findings.finding import SEVERITIES
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.phrases import GAP_NOTES
from budgetaudit.model.statement import Role
from budgetaudit.money.interval import Rounding, Ties
from budgetaudit.rules.rule import Strength, TotalsFrom
from budgetaudit.show import words
from budgetaudit.show.language import LOCALES, catalogue, environment_language, language

CHINESE = ("zh_Hans", "zh_Hant")
# Traditional characters that a conversion from simplified would change although they are the usual ones here.
USUAL = frozenset("占干")


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    """The script behind `make catalogues`."""
    spec = importlib.util.spec_from_file_location("catalogues", root / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(tool: ModuleType, locale: str) -> list[Any]:
    return [message for message in tool.read(tool.catalogue_file(locale)) if message.id]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_holds_the_sentences_of_the_source_and_no_others(locale: str, tool: ModuleType) -> None:
    sentences = {forms(message.id) for message in tool.extracted() if message.id}
    kept = tool.read(tool.catalogue_file(locale))
    assert {forms(message.id) for message in kept if message.id} == sentences
    assert not kept.obsolete
    assert not [message.id for message in kept if message.id and message.fuzzy]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_translated_with_the_same_fields(locale: str, tool: ModuleType) -> None:
    wrong = [
        message.id
        for message in entries(tool, locale)
        if not message.string
        or any(
            not form or not tool.placeholders(form) <= tool.placeholders("".join(forms(message.id)))
            for form in forms(message.string)
        )
        or tool.placeholders("".join(forms(message.string))) != tool.placeholders("".join(forms(message.id)))
    ]
    assert wrong == []


def test_english_repeats_the_source(tool: ModuleType) -> None:
    assert [forms(message.string) for message in entries(tool, "en")] == [
        forms(message.id) for message in entries(tool, "en")
    ]


def test_a_merge_forgets_what_is_gone_and_waits_for_what_is_new(tool: ModuleType) -> None:
    source, known = tool.Catalog(), tool.Catalog(locale="zh_Hans")
    source.add("kept {n}")
    source.add(("new", "news"))
    known.add("kept {n}", "留{n}", flags=["fuzzy"])
    known.add("gone", "去")
    merged = tool.merged(source, known, "zh_Hans")
    assert {message.id: message.string for message in merged if message.id} == {
        "kept {n}": "留{n}", ("new", "news"): ("", ""),
    }  # fmt: skip
    assert [message.id for message in tool.untranslated(merged)] == [("new", "news")]


@pytest.mark.parametrize("locale", CHINESE)
def test_chinese_sentences_have_full_width_punctuation_and_no_stray_spaces(locale: str, tool: ModuleType) -> None:
    for message in entries(tool, locale):
        for sentence in forms(message.string):
            words_only = re.sub(r"\{\w+\} \{\w+\}|--rounding truncate", "", sentence)
            assert not re.search(r"[,;:!?()\"']", words_only), sentence
            assert " " not in words_only, sentence


def test_each_script_keeps_to_its_characters(tool: ModuleType) -> None:
    to_simplified, to_traditional = OpenCC("t2s"), OpenCC("s2t")
    for message in entries(tool, "zh_Hans"):
        for sentence in forms(message.string):
            assert to_simplified.convert(sentence) == sentence
    for message in entries(tool, "zh_Hant"):
        for character in "".join(forms(message.string)):
            assert character in USUAL or to_traditional.convert(character) == character, message.string


def test_quotation_marks_are_those_of_the_script(tool: ModuleType) -> None:
    assert not any(set("「」") & set("".join(forms(message.string))) for message in entries(tool, "zh_Hans"))
    assert not any(set("“”") & set("".join(forms(message.string))) for message in entries(tool, "zh_Hant"))


def test_no_marked_sentence_escapes_the_extraction(tool: ModuleType, root: Path) -> None:
    extracted = {form for message in tool.extracted() for form in forms(message.id)}
    sources = sorted((root / "src" / "budgetaudit").rglob("*.py"))
    marked = {text for path in sources for text in _marked(ast.parse(path.read_text(encoding="utf-8")))}
    assert marked - extracted == set()
    assert len(marked) > 200


def _marked(tree: ast.AST) -> Iterator[str]:
    """The literal sentences given to a marking or saying function anywhere, inside f-strings too."""
    positions = {"N_": (0,), "NN_": (0, 1), "say": (0,), "say_count": (0, 1), "_kind": (1,)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in positions:
            for position in positions[node.func.id]:
                argument = node.args[position] if position < len(node.args) else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_is_the_kept_one(locale: str, tool: ModuleType) -> None:
    spoken = catalogue(locale)
    for message in entries(tool, locale):
        one, *other = forms(message.id)
        if other:
            assert spoken.ngettext(one, other[0], 2) == forms(message.string)[-1], "run make catalogues"
        else:
            assert spoken.gettext(one) == message.string, "run make catalogues"


@pytest.mark.parametrize("locale", CHINESE)
def test_everything_of_a_kind_is_said_in_chinese(locale: str) -> None:
    spoken = catalogue(locale)
    for kind in KINDS.values():
        for sentence in (kind.name, kind.summary, kind.note):
            assert spoken.gettext(sentence) != sentence
        for template in (*kind.templates.values(), *GAP_NOTES.values()):
            said = spoken.ngettext(template.one, template.other, 1) if template.other else spoken.gettext(template.one)
            assert said != template.one


def test_every_code_has_a_word() -> None:
    assert set(words.VERDICT_WORDS) == set(words.VERDICT_COUNTS) == set(VERDICTS)
    assert set(words.SEVERITY_WORDS) == set(SEVERITIES)
    assert set(words.REASON_WORDS) == set(get_args(Reason))
    assert set(words.ROLE_WORDS) == set(get_args(Role))
    assert set(words.STRENGTH_WORDS) == set(get_args(Strength))
    assert {*SHARES, "truncated-parts"} - {"counted-twice"} <= set(words.CAUSE_WORDS)
    values = {"totals_from": TotalsFrom, "rounding": Rounding, "ties": Ties}
    named = {f"{name}-{value}" for name, alias in values.items() for value in get_args(alias)[1:]}
    assert named | {"exact_below", "tolerance"} == set(words.CONVENTION_WORDS)


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("zh", "zh_Hans"), ("zh_CN.UTF-8", "zh_Hans"), ("zh-SG", "zh_Hans"), ("zh_Hans_HK", "zh_Hans"),
        ("zh_TW", "zh_Hant"), ("zh-HK", "zh_Hant"), ("zh_MO.Big5", "zh_Hant"), ("zh_Hant", "zh_Hant"),
        ("zh-hant-cn", "zh_Hant"), ("en_GB.UTF-8", "en"), ("EN", "en"), ("C.UTF-8", "en"), ("POSIX", "en"),
    ],
)  # fmt: skip
def test_locale_tags_find_their_catalogue(tag: str, locale: str) -> None:
    assert language(tag) == locale


def test_the_environment_is_asked_in_order_and_never_refused() -> None:
    assert environment_language({"LANG": "en_US", "LC_ALL": "zh_TW"}) == "zh_Hant"
    assert environment_language({"LANG": "zh_CN", "LC_MESSAGES": "en_US"}) == "en"
    assert environment_language({"LANG": "de_DE.UTF-8"}) == "en"
    assert environment_language({}) == "en"
