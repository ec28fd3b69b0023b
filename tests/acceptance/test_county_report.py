"""The case that named the project: a county's report whose four economic classes add up to 677.39 and not to 677.41.

What must be shown for it is held against two documents: the example in this repository and, where it lies beside the
checkout, the report it was taken from (mixed script, a page saved from the web). The same figures in another unit, another
script, another order, under another name or with a digit changed must give the corresponding results: nothing here is
special to the sample.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

import budgetaudit as ba
from budgetaudit.money.characters import folded
from budgetaudit.money.unit_names import parse_unit

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "county-report.txt"
SEEDS = sorted((ROOT / "../shared/seed").glob("*.txt"))

# label as printed (simplified), canonical label, value, phase
MONEY = [
    ("年度预算金额", None, "677.41", "budget"),
    ("部门整体支出", "本年支出合计", "677.41", "actual"),
    ("基本支出", "基本支出", "246.79", "actual"),
    ("人员经费", "人员经费", "179.17", "actual"),
    ("日常公用经费", "公用经费", "67.62", "actual"),
    ("工资福利支出", "工资福利支出", "167.09", "actual"),
    ("商品和服务支出", "商品和服务支出", "348.28", "actual"),
    ("对个人和家庭的补助", "对个人和家庭的补助", "16.48", "actual"),
    ("基本建设性支出", "资本性支出(基本建设)", "145.54", "actual"),
    ("三公经费", "三公经费", "4.9", "actual"),
]
CLASSES = ["167.09", "348.28", "16.48", "145.54"]


@dataclass(frozen=True)
class Audited:
    """A text, what was read of it and what was found."""

    text: str
    budget: ba.Budget
    report: ba.Report

    def weighed(self, form: str, left: str, *right: str) -> ba.Outcome:
        """The one outcome about these printed numbers: the total or left side first."""
        found = [
            outcome
            for outcome in self.report.outcomes
            if outcome.relation.form == form and self.printed(outcome) == [left, *sorted(right)]
        ]
        assert len(found) == 1, (
            f"{form} {left} {right}: {[(one.relation.rule, self.printed(one)) for one in self.report.outcomes]}"
        )
        return found[0]

    def printed(self, outcome: ba.Outcome) -> list[str]:
        """The numbers of an outcome as printed, half-width: the total or left side, then the others in order."""
        sides: tuple[list[str], list[str]] = ([], [])
        for term in outcome.relation.terms:
            sides[term.role not in {"total", "left"}].append(self.number(term.line))
        return [*sides[0], *sorted(sides[1])]

    def number(self, line_id: str) -> str:
        source = self.budget.line(line_id).source
        return "" if source is None else folded(source.text)

    def finding(self, outcome: ba.Outcome) -> ba.Finding:
        return next(finding for finding in self.report.findings if outcome in finding.outcomes)

    def corrections(self) -> set[tuple[str, str]]:
        """(printed, proposed) of every correction of every finding."""
        return {(folded(one.printed), one.proposed) for finding in self.report.findings for one in finding.corrections}


def audited(text: str) -> Audited:
    budget = ba.read(text)
    return Audited(text, budget, ba.audit(budget))


def example() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["example", *(pytest.param(path, id="seed") for path in SEEDS)])
def county(request: pytest.FixtureRequest) -> Audited:
    return audited(example() if request.param == "example" else request.param.read_text(encoding="utf-8"))


# --- what must be shown --------------------------------------------------------------------------------------------


def test_ten_money_figures_are_read_with_label_unit_year_phase_and_place(county):
    money = [line for line in county.budget if line.amount is not None and line.amount.unit.kind == "money"]
    read = [(re.sub('[“”"]', "", folded(line.label)), str(line.amount.value), line.identity.phase) for line in money]
    assert read == [(label, value, phase) for label, _, value, phase in MONEY]
    assert {line.identity.period for line in money} == {"2017"}
    assert {(line.amount.unit.currency, line.amount.unit.scale, folded(line.amount.unit.text)) for line in money} == {
        ("CNY", 10_000, "万元")
    }
    for line, (_, canonical, value, _) in zip(money, MONEY, strict=True):
        assert canonical is None or line.identity.label == canonical
        assert line.amount.places == len(value.split(".")[1])
        assert county.text[line.source.start : line.source.end] == line.source.text == value


def test_basic_spending_is_its_two_parts_exactly(county):
    outcome = county.weighed("sum", "246.79", "179.17", "67.62")
    assert (outcome.verdict, outcome.gap, outcome.bound) == ("exact", 0, Fraction(3, 200))


def test_the_economic_classes_miss_the_total_within_rounding_but_rarely(county):
    outcome = county.weighed("sum", "677.41", *CLASSES)
    assert (outcome.verdict, outcome.gap, outcome.bound) == ("rounding", Fraction(1, 50), Fraction(1, 40))
    assert (outcome.likelihood.rounding, outcome.likelihood.truncation) == (Fraction(1, 192), Fraction(11, 24))
    finding = county.finding(outcome)
    assert (finding.kind, finding.severity) == ("SUM001", "warning")
    causes = {cause.code: cause for cause in finding.causes}
    assert [(one.printed, one.proposed) for one in causes["digit-replaced"].corrections] == [("145.54", "145.56")]
    assert causes["digit-replaced"].corrections[0].breaks == ()


def test_the_split_by_nature_is_incomplete_and_no_error(county):
    outcome = county.weighed("sum", "677.41", "246.79")
    assert (outcome.verdict, outcome.reasons[0], outcome.relation.missing) == (
        "undecided",
        "missing-part",
        ("项目支出",),
    )
    assert outcome.implied is not None
    assert (outcome.implied.lo + outcome.implied.hi) / 2 == Fraction("430.62")
    finding = county.finding(outcome)
    assert (finding.kind, finding.severity, finding.missing) == ("SUM003", "info", ("项目支出",))


@pytest.mark.parametrize(
    ("part", "ceiling"),
    [("179.17", ["167.09", "16.48"]), ("67.62", ["348.28", "145.54"]), ("4.9", ["348.28", "145.54"])],
)
def test_personnel_office_costs_and_hospitality_lie_within_their_ceilings(part, ceiling, county):
    outcome = county.weighed("order", part, *ceiling)
    assert (outcome.verdict, outcome.relation.op) == ("exact", "<=")


def test_nine_fields_are_nine(county):
    outcome = county.weighed("count", "9")
    assert (outcome.verdict, outcome.relation.constant) == ("exact", 9)


def test_overspending_is_spoken_of_where_budget_and_outturn_are_equal(county):
    remark = next(finding for finding in county.report.findings if finding.kind == "TXT001")
    assert remark.severity == "info"
    assert [county.number(line) for line in remark.lines] == ["677.41", "677.41"]
    assert {county.budget.line(line).identity.phase for line in remark.lines} == {"budget", "actual"}


def test_nothing_else_is_above_info(county):
    assert [(one.kind, one.severity) for one in county.report.findings if one.severity != "info"] == [
        ("SUM001", "warning")
    ]
    assert (
        county.report.counts["inconsistent"] == county.report.counts["undefined"] == county.report.counts["failed"] == 0
    )


def test_no_relation_is_weighed_twice(county):
    relations = [
        (outcome.relation.form, *county.printed(outcome))
        for outcome in county.report.outcomes
        if outcome.verdict != "undecided"
    ]
    assert len(relations) == len(set(relations))


# --- the same figures told otherwise -------------------------------------------------------------------------------


def in_unit(text: str, unit: str) -> str:
    """The text with every amount in another unit, all its digits kept."""
    power = {"元": 4, "百元": 2, "千元": 1, "百万元": -2, "亿元": -4}[unit]
    return re.sub(r"([\d.]+)万元", lambda found: f"{Decimal(found[1]).scaleb(power):f}{unit}", text)


@pytest.mark.parametrize(("unit", "gap"), [("千元", "0.2"), ("百万元", "0.0002"), ("亿元", "0.000002")])
def test_another_unit_changes_no_verdict_and_no_likelihood(unit, gap):
    told = audited(in_unit(example(), unit))
    assert summary(told) == summary(audited(example()))
    outcome = next(
        outcome for outcome in told.report.outcomes if outcome.verdict == "rounding" and outcome.relation.form == "sum"
    )
    assert (outcome.gap, outcome.unit.scale) == (Fraction(gap), parse_unit(unit).scale)


def test_in_yuan_the_places_say_more_and_the_gap_is_one():
    """Printed in whole yuan, 200 yuan cannot be rounding."""
    told = audited(in_unit(example(), "元"))
    outcome = told.weighed("sum", "6774100", "1670900", "3482800", "164800", "1455400")
    assert (outcome.verdict, outcome.gap, outcome.bound) == ("inconsistent", 200, Fraction(5, 2))
    assert told.weighed("sum", "2467900", "1791700", "676200").verdict == "exact"
    assert ("1455400", "1455600") in told.corrections()


def summary(told: Audited) -> list[tuple[object, ...]]:
    """What an audit found, apart from the words: rules, verdicts, likelihoods, kinds and severities."""
    outcomes = [
        (one.relation.rule, one.verdict, one.likelihood.rounding, one.likelihood.truncation, one.reasons)
        for one in told.report.outcomes
    ]
    findings = [
        (one.kind, one.rule, one.severity, one.verdict, one.missing, [cause.code for cause in one.causes])
        for one in told.report.findings
    ]
    return sorted(outcomes, key=repr) + sorted(findings, key=repr)


TRADITIONAL = str.maketrans(
    "溪县务门体绩效评报况单称万级热线员许项质类为费资补构业户记险义医疗产证个开来电办结实际于预计时细备护没编说众",
    "谿縣務門體績效評報況單稱萬級熱線員許項質類為費資補構業戶記險義醫療產證個開來電辦結實際於預計時細備護沒編說眾",
)
FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
ASCII_MARKS = str.maketrans("，：；（）", ",:;()")


@pytest.mark.parametrize(
    "way",
    [TRADITIONAL, FULL_WIDTH, ASCII_MARKS, {**TRADITIONAL, **ASCII_MARKS}],
    ids=["traditional", "full-width", "ascii", "mixed"],
)
def test_another_script_changes_nothing(way):
    assert summary(audited(example().translate(way))) == summary(audited(example()))


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n", "\u2028"])
def test_other_line_ends_change_nothing(end):
    assert summary(audited(example().replace("\n", end))) == summary(audited(example()))


@pytest.mark.parametrize("width", [40, 63, 90])
def test_broken_lines_change_nothing(width):
    """A page breaks its lines anywhere, but not within a number."""
    lines = []
    for line in example().splitlines():
        rest = line
        while len(rest) > width:
            at = next(at for at in range(width, 0, -1) if not re.match(r"[\d.]{2}", rest[at - 1 : at + 1]))
            lines.append(rest[:at])
            rest = rest[at:]
        lines.append(rest)
    assert summary(audited("\n".join(lines))) == summary(audited(example()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_another_encoding_changes_nothing(encoding):
    told = ba.read(example().encode(encoding), name="text")
    assert told.lines == ba.read(example()).lines


@pytest.mark.parametrize(("year", "body", "county"), [("2019", "气象站", "云溪县"), ("2033", "公路养护中心", "青川县")])
def test_another_office_and_year_change_nothing(year, body, county):
    text = (
        example()
        .replace("2018", str(int(year) + 1))
        .replace("2017", year)
        .replace("政务服务中心", body)
        .replace("云溪县", county)
    )
    told = audited(text)
    assert summary(told) == summary(audited(example()))
    assert {line.identity.period for line in told.budget if line.identity.measure == "amount"} == {year}


SENTENCES = re.search(
    r"(2017年部门整体支出.*?。)(支出按性质.*?。)(支出按经济.*?。)(2017年“三公”.*?。)", example()
).groups()  # type: ignore[union-attr]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))), ids=str)
@pytest.mark.parametrize(
    "between", ["", "\n", "\n另外需要说明：\n"], ids=["one paragraph", "paragraphs", "words between"]
)
def test_the_order_of_sentences_changes_nothing(order, between):
    text = example().replace("".join(SENTENCES), between.join([SENTENCES[0], *(SENTENCES[place] for place in order)]))
    assert text != example() or (order, between) == ((1, 2, 3), "")
    assert summary(audited(text)) == summary(audited(example()))


def test_sums_that_are_exact_are_not_mentioned():
    told = audited(example().replace("145.54", "145.56"))
    outcome = told.weighed("sum", "677.41", "167.09", "348.28", "16.48", "145.56")
    assert (outcome.verdict, outcome.gap) == ("exact", 0)
    assert {finding.severity for finding in told.report.findings} == {"info"}


def test_the_callers_word_on_rounding_is_taken():
    budget = ba.read(example())
    cut = ba.audit(budget, rounding="truncate")
    assert {one.verdict for one in cut.outcomes if one.relation.rule == "cn/spending-by-economic-class"} == {"rounding"}
    made_to_add = ba.audit(budget, rounding="parts")
    assert {one.verdict for one in made_to_add.outcomes if one.relation.rule == "cn/spending-by-economic-class"} == {
        "inconsistent"
    }


# --- with a digit changed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "total"),
    [
        ("246.79", "246.97", "246.97"), ("246.79", "264.79", "264.79"), ("179.17", "197.17", "246.79"), ("179.17", "179.77", "246.79"), ("67.62", "67.26", "246.79"),
        ("67.62", "7.62", "246.79"), ("348.28", "384.28", "677.41"), ("16.48", "61.48", "677.41"), ("16.48", "16.38", "677.41"), ("145.54", "145.45", "677.41"),
        ("167.09", "167.90", "677.41"), ("支出677.41", "支出671.41", "671.41"), ("支出677.41", "支出667.41", "667.41"),
    ],
)  # fmt: skip
def test_a_planted_digit_error_is_found_and_its_repair_proposed(was, now, total):
    assert example().count(was) == 1
    told = audited(example().replace(was, now))
    errors = [finding for finding in told.report.findings if finding.severity == "error"]
    assert any(total in [told.number(line) for line in finding.lines] for finding in errors)
    number = now.removeprefix("支出")
    assert any(number in [told.number(line) for line in finding.lines] for finding in errors)
    repaired = was.removeprefix("支出")
    if total == "246.79" or number == total == now:
        assert (number, repaired) in told.corrections()


def test_a_count_that_is_wrong_is_found():
    told = audited(example().replace("9个方面", "8个方面"))
    assert told.weighed("count", "8").verdict == "inconsistent"
    assert told.finding(told.weighed("count", "8")).kind == "CNT001"


def test_a_ceiling_that_is_broken_is_found():
    """Personnel of basic spending above wages and grants of all spending, the sum being right."""
    text = example().replace("246.79", "256.79").replace("179.17", "189.17")
    told = audited(text)
    outcome = told.weighed("order", "189.17", "167.09", "16.48")
    assert outcome.verdict == "inconsistent"
    assert told.finding(outcome).kind.startswith("ORD")


def test_overspending_that_happened_is_not_remarked():
    text = example().replace("年度预算金额：677.41", "年度预算金额：670.41")
    told = audited(text)
    assert not [finding for finding in told.report.findings if finding.kind == "TXT001"]


# --- scaled at random ----------------------------------------------------------------------------------------------


def scaled(text: str, factor: int) -> str:
    """Every amount of the text times an integer, places kept."""
    return re.sub(r"([\d.]+)(?=万元)", lambda found: str(Decimal(found[1]) * factor), text)


@pytest.mark.parametrize("factor", [2, 3, 7, 10, 13, 1_000])
def test_figures_times_an_integer_give_the_corresponding_gap(factor: int):
    told = audited(scaled(example(), factor))
    outcome = told.weighed("sum", *(str(Decimal(number) * factor) for number in ("677.41", *CLASSES)))
    assert (outcome.gap, outcome.bound) == (Fraction(factor, 50), Fraction(1, 40))
    assert outcome.verdict == "inconsistent"
    assert (
        told.weighed("sum", *(str(Decimal(number) * factor) for number in ("246.79", "179.17", "67.62"))).verdict
        == "exact"
    )
