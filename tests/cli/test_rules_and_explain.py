"""`budgetaudit rules` and `budgetaudit explain`: what is checked and what a finding means, without the documentation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.findings.kinds import KINDS
from budgetaudit.rules.pack import load_pack, packs_here
from budgetaudit.rules.parse import parse_equation
from budgetaudit.show.language import LOCALES, catalogue

Run = Callable[..., tuple[int, str, str]]
CN = load_pack("cn")
RULES = [rule for name in packs_here() for rule in load_pack(name).rules]


@pytest.mark.parametrize("locale", LOCALES)
def test_rules_are_listed_in_the_language_asked_for(locale: str, run: Run) -> None:
    code, out, err = run("rules", "--locale", locale)
    assert (code, err) == (0, "")
    assert out.startswith(f"cn {CN.version}")
    lines = out.splitlines()
    for rule in RULES:
        (heading,) = [line for line in lines if line.startswith(f"{rule.id}   ")]
        assert heading.startswith(f"{rule.id}   {rule.label[locale]}   {rule.kind}")
    if locale != "en":
        assert "rules" not in lines[0]


def test_rules_of_one_pack_or_one_rule(run: Run) -> None:
    assert "\n".join(run("rules", name)[1] for name in packs_here()) == run("rules")[1]
    code, out, _ = run("rules", "cn", "--rule", "cn/basic-spending")
    assert code == 0
    assert out == (
        f"cn {CN.version}, 1 rule\n\n"
        "cn/basic-spending   Basic spending by component   SUM001, must balance\n"
        "  基本支出 = 人员经费 + 公用经费\n"
        "  Basic spending is personnel spending plus office costs.\n"
        "  Final-account form 01 (2022), row 58 = 59 + 60\n"
    )


def test_rules_as_json_are_the_pack(run: Run) -> None:
    code, out, _ = run("rules", "--format", "json")
    packs = json.loads(out)["packs"]
    assert code == 0
    assert [pack["name"] for pack in packs] == list(packs_here())
    assert [rule["id"] for pack in packs for rule in pack["rules"]] == [rule.id for rule in RULES]
    pack = next(pack for pack in packs if pack["name"] == "cn")
    assert (pack["name"], pack["version"]) == ("cn", CN.version)
    assert [rule["id"] for rule in pack["rules"]] == [rule.id for rule in CN.rules]
    for listed, rule in zip(pack["rules"], CN.rules, strict=True):
        assert parse_equation(listed["equation"]) == rule.equation
        assert (listed["kind"], listed["strength"], listed["label"]) == (rule.kind, rule.strength, dict(rule.label))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cnn"], "no rule pack is called 'cnn'; nearest: 'cn'"),
        (["cn", "--rule", "cn/basic"], "no rule is called 'cn/basic'; nearest: 'cn/basic-"),
        (["gone.toml"], "cannot read the rule pack gone.toml: No such file or directory"),
        (["folder.toml"], "cannot read the rule pack folder.toml: Is a directory"),
    ],
)
def test_packs_and_rules_that_are_not_there(arguments: list[str], said: str, run: Run, desk: Path) -> None:
    (desk / "folder.toml").mkdir()
    code, out, err = run("rules", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"budgetaudit: {said}")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", KINDS)
def test_every_kind_is_explained_in_every_language(code: str, locale: str, run: Run) -> None:
    kind, spoken = KINDS[code], catalogue(locale)
    done, out, err = run("explain", code, "--locale", locale)
    assert (done, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith(f"{code} {spoken.gettext(kind.name)}")
    assert kind.name in lines[0]
    assert spoken.gettext(kind.summary) in lines
    assert spoken.gettext(kind.note) in lines
    assert not {"{", "}"} & set(out)
    listed = [
        line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in {rule.id for rule in RULES}
    ]
    assert listed == [rule.id for rule in RULES if rule.kind == code]
    assert sum(line.startswith("  ") for line in lines) - len(listed) == len(kind.templates)


def test_a_kind_answers_to_its_code_and_its_name(run: Run) -> None:
    page = run("explain", "SUM001")[1]
    assert run("explain", "sum001")[1] == run("explain", "total-differs-from-parts")[1] == page
    assert "  … is printed as … but its … parts add up to … (gap …, rounding reaches …)\n" in page


def test_kinds_that_are_not_there_come_with_the_nearest(run: Run) -> None:
    code, out, err = run("explain", "SUM0001")
    assert (code, out) == (2, "")
    assert err.startswith("budgetaudit: no kind is called 'SUM0001'; nearest: 'SUM001'")


def test_without_a_command_the_usage_is_shown(run: Run) -> None:
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "usage: budgetaudit" in err
    code, out, _ = run("--help")
    assert code == 0
    assert all(command in out for command in ("check", "rules", "explain"))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_pack_here_is_clean_or_says_why(locale: str, run: Run) -> None:
    code, out, err = run("rules", "--lint", "--locale", locale)
    assert (code, err) == (0, "")
    for name in packs_here():
        assert f"{name} {load_pack(name).version}" in out
    code, out, _ = run("rules", "--lint", "--format", "json")
    packs = json.loads(out)["packs"]
    assert code == 0
    assert all(pack["ok"] and pack["complete"] for pack in packs)
    assert not {note["code"] for pack in packs for note in pack["notes"]} & {
        "contradiction",
        "unreachable",
        "always-true",
    }


PACK = """
[pack]
name = "mine"
version = "1"

[[rule]]
id = "mine/one"
kind = "ORD001"
strength = "logic"
equation = "a >= 5"
label = { zh_Hans = "一", zh_Hant = "一", en = "One" }
reason = "Because."
source = "Here"

[[rule]]
id = "mine/two"
kind = "ORD001"
strength = "logic"
equation = "a + b <= 4"
label = { zh_Hans = "二", zh_Hant = "二", en = "Two" }
reason = "Because."
source = "Here"

[[rule]]
id = "mine/three"
kind = "ORD001"
strength = "logic"
equation = "b >= 0"
when = "a < 0"
label = { zh_Hans = "三", zh_Hant = "三", en = "Three" }
reason = "Because."
source = "Here"

[[rule]]
id = "mine/four"
kind = "ORD001"
strength = "logic"
equation = "b >= 0"
label = { zh_Hans = "四", zh_Hant = "四", en = "Four" }
reason = "Because."
source = "Here"
"""


def test_a_pack_that_contradicts_itself_fails_the_lint(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PACK, encoding="utf-8")
    code, out, _ = run("rules", str(path), "--lint")
    assert code == 1
    assert out.splitlines()[:4] == [
        "mine 1, 4 rules",
        "  mine/one, mine/two, mine/four exclude each other",
        "  the condition of mine/three can never hold beside mine/one",
        "  mine/three follows from mine/one",
    ]
    path.write_text(PACK.replace("mine/two", "mine/one"), encoding="utf-8")
    code, _, err = run("rules", str(path), "--lint")
    assert code == 2
    assert "rule id given twice: mine/one" in err
