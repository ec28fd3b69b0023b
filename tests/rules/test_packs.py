"""Packs: files read strictly, and the packs that come with the package, whose own examples run both ways."""

from __future__ import annotations

import pytest
from opencc import OpenCC

import budgetaudit as ba
from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.errors import RuleError
from budgetaudit.findings.kinds import KINDS
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label
from budgetaudit.money.characters import simplified
from budgetaudit.rules.pack import load_pack, packs_here, read_pack
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention, Scope
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.rules.write import format_equation, format_name
from budgetaudit.show.text import show_text

CN = load_pack("cn")
PACKS = {name: load_pack(name) for name in packs_here()}
BY_ID = {rule.id: rule for pack in PACKS.values() for rule in pack.rules}
TRADITIONAL = OpenCC("s2t")
CHINESE = [rule_id for rule_id in BY_ID if rule_id.startswith("cn")]

PACK = """
[pack]
name = "office"
version = "1"

[convention]
rounding = "truncate"
tolerance = "0.5"

[[rule]]
id = "office/income"
kind = "SUM001"
strength = "balance"
equation = "income = grants + fees + other"
optional = ["other"]
label = { zh_Hans = "收入构成", zh_Hant = "收入構成", en = "Income by source" }
reason = "The office has no other sources"
source = "Budget circular of the office, section 2"
when = "loans = 0"
least_parts = 2
status = "preview"

[rule.scope]
phase = ["actual"]
fund = ["all"]
table = ["01"]
first_year = 2018

[rule.convention]
ties = "even"

[[rule.example]]
figures = { income = "1204.50", grants = "900.25", "fees[2019]" = "304.25" }
verdict = "exact"
"""


# --- The packs that come with the package --------------------------------------------------------------------------------


def judged(rule, example):
    """The verdicts of one rule on the figures of an example, with its whole pack at work."""
    budget = Budget.from_records(rule.records(example))
    outcomes = evaluate_all(bind(RuleSet.load(rule.id.partition("/")[0]), budget).relations, budget)
    return [one.verdict for one in outcomes if rule.id in {one.relation.rule, *one.relation.also}]


def named(rule):
    """Every name of a rule's equation and conditions."""
    forms = (rule.equation, *rule.unless) if rule.when is None else (rule.equation, rule.when, *rule.unless)
    return [name for form in forms for name in form.names()]


@pytest.mark.parametrize("rule_id", BY_ID)
def test_every_example_of_a_pack_is_judged_as_it_says(rule_id):
    rule = BY_ID[rule_id]
    for example in rule.examples:
        assert judged(rule, example) == [example.verdict]


@pytest.mark.parametrize("rule_id", BY_ID)
def test_every_rule_has_an_example_that_holds_and_one_that_does_not(rule_id):
    rule = BY_ID[rule_id]
    verdicts = {example.verdict for example in rule.examples}
    assert verdicts & {"exact", "rounding"}
    # A condition that rounded figures never prove leaves what breaks the rule open.
    unproved = rule.when is not None and rule.when.op == "=" and len(list(rule.when.names())) > 2
    assert ("undecided" if unproved else "inconsistent") in verdicts


@pytest.mark.parametrize("rule_id", BY_ID)
def test_every_rule_says_what_it_is_and_why(rule_id):
    rule = BY_ID[rule_id]
    assert rule.kind in KINDS
    assert set(rule.label) == {"zh_Hans", "zh_Hant", "en"}
    assert simplified(rule.label["zh_Hant"]).translate(str.maketrans("「」", "“”")) == rule.label["zh_Hans"]
    assert TRADITIONAL.convert(rule.label["zh_Hant"]) == rule.label["zh_Hant"], "simplified characters are left"
    assert rule.reason.endswith(".")
    assert rule.source
    assert parse_equation(format_equation(rule.equation)) == rule.equation


def test_what_breaks_a_rule_is_said_in_every_language():
    for rule in BY_ID.values():
        example = next((example for example in rule.examples if example.verdict == "inconsistent"), None)
        if example is not None:
            report = ba.audit(rule.records(example), rules=rule.id.partition("/")[0])
            about = [
                one for one in report.findings if one.outcome and rule.id in {one.rule, *one.outcome.relation.also}
            ]
            assert about, rule.id
            for locale in ("en", "zh_Hans", "zh_Hant"):
                assert not {"{", "}"} & set(show_text(report, locale=locale)), rule.id


def test_a_limit_that_is_a_number_is_named():
    rule = BY_ID["cn.final/spending-not-negative"]
    report = ba.audit(rule.records(rule.examples[1]), rules="cn.final")
    assert "beyond its limit of 0.00" in show_text(report, locale="en")


@pytest.mark.parametrize("rule_id", CHINESE)
def test_labels_of_the_chinese_packs_are_canonical(rule_id):
    for name in named(BY_ID[rule_id]):
        assert canonical_label(name.label) == name.label, format_name(name)
        for axis, value in name.selectors:
            if axis in {"within", "against"} and not value.isascii():
                assert canonical_label(value) == value


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_no_two_rules_of_a_pack_say_the_same(pack):
    normal = [(rule.equation.normal(), rule.when, rule.unless, rule.scope, rule.per, rule.each) for rule in pack.rules]
    assert len(set(normal)) == len(normal)
    for locale in ("zh_Hans", "en"):
        names = [rule.label[locale] for rule in pack.rules]
        assert len(set(names)) == len(names)


def test_the_pack_speaks_of_everything_a_department_reports():
    """Families of relations that the text of a budget, a final account or a performance report can show."""
    for part in ("by-nature", "by-economic-class", "personnel", "three-public", "operating-cost", "procurement", "vehicles",
                 "completion", "carry-over", "scores", "control-rate", "revenue", "adjusted-budget"):  # fmt: skip
        assert any(part in rule_id for rule_id in BY_ID), part


# --- Files -----------------------------------------------------------------------------------------------------------------


def test_everything_a_pack_says_is_read():
    pack = read_pack(PACK)
    (rule,) = pack.rules
    assert (pack.name, pack.version, rule.id, rule.kind, rule.strength) == (
        "office",
        "1",
        "office/income",
        "SUM001",
        "balance",
    )
    assert format_equation(rule.equation) == "income = grants + fees + other"
    assert rule.optional == ("other",)
    assert rule.when is not None
    assert format_equation(rule.when) == "loans = 0"
    assert rule.scope == Scope(("actual",), ("all",), ("01",), (2018, None))
    assert rule.convention == Convention(rounding="truncate", tolerance="0.5", ties="even")
    assert (rule.least_parts, rule.status) == (2, "preview")
    (example,) = rule.examples
    assert {format_name(name): figure for name, figure in example.figures.items()} == {
        "income": "1204.50", "grants": "900.25", "fees[2019]": "304.25"
    }  # fmt: skip


def test_a_pack_is_loaded_by_path_and_by_name(tmp_path):
    path = tmp_path / "office.toml"
    path.write_text(PACK, encoding="utf-8")
    assert load_pack(path) == load_pack(str(path)) == read_pack(PACK)
    assert "cn" in packs_here()
    assert [tuple(pack) for pack in RuleSet.load("cn", path).packs] == [("cn", CN.version), ("office", "1")]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('reason = "The office', 'reasons = "The office', "the key 'reasons' is not known; nearest: 'reason'"),
        ("[convention]\n", "[conventions]\n", "the key 'conventions' is not known; nearest: 'convention'"),
        ('version = "1"', 'versions = "1"', "pack: the key 'versions' is not known"),
        ('version = "1"', "", "pack: missing version"),
        ('version = "1"', "version = 1", "expected text in quotes, not 1"),
        ('source = "Budget circular of the office, section 2"', "", "rule office/income: missing source"),
        ('strength = "balance"', 'strength = "strong"', "'strong' is not one of balance, logic, verify"),
        ('rounding = "truncate"', 'rounding = "up"', "'up' is not one of nearest, truncate, floor"),
        ('rounding = "truncate"', 'roundings = "truncate"', "nearest: 'rounding'"),
        ('tolerance = "0.5"', "tolerance = 0.5", "expected text in quotes, not Decimal"),
        ('tolerance = "0.5"', 'tolerance = "half"', "expected a number from 0 on in quotes"),
        ('tolerance = "0.5"', 'tolerance = "-1"', "expected a number from 0 on in quotes"),
        ("least_parts = 2", "least_parts = -1", "expected a whole number from 0, not -1"),
        ("least_parts = 2", "least_parts = true", "expected a whole number from 0, not True"),
        ("least_parts = 2", "least_parts = 2.0", "expected a whole number from 0"),
        ('status = "preview"', 'status = "on trial"', "is not one of stable, preview"),
        ('optional = ["other"]', 'optional = ["others"]', "the equation does not name 'others'; nearest: 'other'"),
        ('optional = ["other"]', 'optional = "other"', "expected a list of texts"),
        ('phase = ["actual"]', 'phase = ["final"]', "'final' is not one of budget, adjusted, actual"),
        ('phase = ["actual"]', 'phase = "actual"', "expected a list of texts"),
        ("first_year = 2018", 'first_year = "2018"', "expected a whole number from 1, not '2018'"),
        ("first_year = 2018", "years = [2018, 2020]", "the key 'years' is not known"),
        ('when = "loans = 0"', 'when = "loans = "', "when: column 9: expected a line name"),
        ('when = "loans = 0"', 'when = "rate = loans / income"', "without a quotient"),
        ('equation = "income =', 'equation = "income ==', None),
        ('equation = "income =', 'equation = "income + = ', "rule office/income: column 10: expected a line name"),
        ('equation = "income = grants + fees + other"', "equation = 3", "expected text in quotes"),
        ('zh_Hant = "收入構成", ', "", "label: missing zh_Hant"),
        ('en = "Income by source"', 'en = "Income by source", de = "Einnahmen"', "the key 'de' is not known"),
        ('en = "Income by source"', 'en = ""', "expected text in quotes, not ''"),
        ('id = "office/income"', 'id = "income"', "ids of this pack begin with its name: office/income"),
        ('id = "office/income"', "id = 3", "rule 3: id: expected text"),
        ('income = "1204.50"', "income = 1204.50", "figures are in quotes, so that printed zeros survive"),
        ('income = "1204.50"', 'incomes = "1204.50"', "the rule does not name 'incomes'; nearest: 'income'"),
        ('income = "1204.50"', '"income +" = "1204.50"', "'income \\+': column 9"),
        ('verdict = "exact"', 'verdict = "good"', "is not one of exact, rounding"),
        ('verdict = "exact"', "", "example: missing verdict"),
        ("figures = {", "figures = 3 #", "figures is a table"),
        ("[[rule.example]]", "[rule.example]", r"each one as a table of its own, \[\[rule.example\]\]"),
        ("[[rule]]", "[rule]", r"each one as a table of its own, \[\[rule\]\]"),
        ("[rule.convention]", "[rule.conventions]", "the key 'conventions' is not known"),
        ("[pack]", "[pack", "office.toml is not TOML"),
    ],
)  # fmt: skip
def test_what_a_pack_gets_wrong_is_named(old, new, says):
    assert old in PACK
    text = PACK.replace(old, new)
    if says is None:
        assert read_pack(text).rules
        return
    with pytest.raises(RuleError, match=says) as caught:
        read_pack(text, where="office.toml")
    assert str(caught.value).startswith("office.toml")


def test_an_id_stands_once_in_a_pack():
    rule = PACK[PACK.index("[[rule]]") :]
    with pytest.raises(RuleError, match="rule id given twice: office/income"):
        read_pack(PACK + rule)


@pytest.mark.parametrize(
    "text", ["", "rule = 3", "pack = 3\nrule = []", "[pack]\nname = 'a'\nversion = '1'", "rule = [3]"]
)
def test_a_file_that_is_no_pack_is_refused(text):
    with pytest.raises(RuleError):
        read_pack(text)


def test_a_rule_that_is_no_table_is_refused():
    with pytest.raises(RuleError, match="expected a table"):
        read_pack("rule = [3]\n[pack]\nname = 'a'\nversion = '1'\n")


def test_a_pack_that_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(RuleError, match="cannot read the rule pack"):
        load_pack(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(RuleError, match=r"is not UTF-8 \(byte 8\)"):
        load_pack(tmp_path / "latin.toml")
    with pytest.raises(RuleError, match="no rule pack is called 'cm'; nearest: 'cn'"):
        load_pack("cm")
