"""Equations as text: what is written is read back, what is wrong is named by its column, and no text breaks the parser."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import RuleError
from budgetaudit.rules.equation import Children, Equation, Linear, Name, Quotient
from budgetaudit.rules.parse import parse_equation, parse_name
from budgetaudit.rules.write import format_equation, format_name

# --- Equations, constructed --------------------------------------------------------------------------------------------

# All characters are half width, and the closing mark ' is not among them: every label can be written in some quotes.
CHARACTERS = st.sampled_from(list('abz_019 .:+-*/%<>=≤()[]{},;|~^“”「」"基本支出国境年sum'))
LABELS = st.builds(
    lambda first, rest: first + rest, st.sampled_from(list("a基本_(+9")), st.text(CHARACTERS, max_size=8)
)
BARE_LABELS = st.sampled_from(["total", "基本支出", "人员经费", "a1", "sum", "year", "303"])
PERIODS = st.one_of(
    st.builds("{}{}".format, st.sampled_from("+-"), st.integers(1, 999)), st.integers(1900, 2099).map(str)
)
SELECTORS = st.fixed_dictionaries(
    {},
    optional={
        "phase": st.sampled_from(["budget", "adjusted", "actual"]),
        "fund": st.sampled_from(["all", "appropriation", "general", "government-fund", "state-capital", "other"]),
        "period": PERIODS,
        "measure": st.sampled_from(["amount", "change", "growth", "share", "rate", "score", "weight"]),
        "code": st.sampled_from(["301", "30112", "2010301", "A.1", "1010..1067"]),
        "entity": LABELS,
        "table": LABELS,
        "within": LABELS,
        "against": st.sampled_from(["prior-year", "initial-budget", "三公经费"]),
        "classification": st.sampled_from(["cn.function", "own"]),
    },
)
COLUMNS = st.dictionaries(
    st.from_regex(r"[a-z_]{1,6}", fullmatch=True), st.one_of(st.just(""), st.text("abX09 -.", max_size=5)), max_size=2
)
SELECTED = st.builds(
    lambda chosen, columns: tuple(
        sorted([*chosen.items(), *(("key", f"{column}={value}") for column, value in columns.items())])
    ),
    SELECTORS,
    COLUMNS,
)
SINGLE = st.builds(Name, st.one_of(LABELS, BARE_LABELS), SELECTED)
NAMES = st.builds(Name, st.one_of(LABELS, BARE_LABELS), SELECTED, st.booleans())
SIZES = st.one_of(
    st.just(Fraction(1)),
    st.integers(1, 10**30).map(Fraction),
    st.fractions(Fraction(1, 1000), 1000, max_denominator=1000),
)
WEIGHTS = st.builds(lambda size, sign: sign * size, SIZES, st.sampled_from([1, -1]))
CONSTANTS = st.one_of(st.just(Fraction(0)), WEIGHTS)


@st.composite
def linear(draw, *, least=0, most=4, names=NAMES):
    chosen = draw(st.lists(names, min_size=least, max_size=most, unique=True))
    return Linear(tuple((draw(WEIGHTS), name) for name in chosen), draw(CONSTANTS))


@st.composite
def equations(draw):
    form = draw(st.sampled_from(["sum", "order", "share", "growth", "change", "rollup"]))
    if form == "sum":
        return Equation("sum", draw(linear(least=1)), "=", draw(linear()))
    if form == "order":
        left, right = draw(st.tuples(linear(), linear(least=1)) | st.tuples(linear(least=1), linear()))
        return Equation("order", left, draw(st.sampled_from(["<", "<=", ">", ">="])), right)
    a, b, c = draw(st.lists(NAMES, min_size=3, max_size=3, unique=True))
    ratio = draw(SINGLE.filter(lambda name: name not in {a, b, c}))
    left, one = Linear(((Fraction(1), ratio),)), Fraction(1)
    percent = draw(st.booleans())
    if form == "share":
        over = draw(linear(names=st.sampled_from([a, b])))
        return Equation("share", left, "=", Quotient(over, Linear(((draw(WEIGHTS), c),), draw(CONSTANTS))), percent)
    if form == "rollup":
        return Equation("rollup", left, "=", Children())
    single, pair = Linear(((one, b),)), Linear(tuple(draw(st.permutations([(one, a), (-one, b)]))))
    quotient = Quotient(pair, single) if form == "growth" else Quotient(single, pair)
    return Equation("growth", left, "=", quotient, percent)


@given(equations())
def test_what_is_written_is_read_back_to_the_same_equation(equation):
    assert parse_equation(format_equation(equation)) == equation


@given(NAMES)
def test_a_name_with_its_selectors_is_read_back(name):
    assert parse_name(format_name(name)) == name


def test_a_label_that_closes_every_quotation_mark_is_refused_when_written():
    with pytest.raises(RuleError, match="every closing quotation mark"):
        format_name(Name("a\"b'c”d」"))


# --- The forms of the design page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "written"),
    [
        ("基本支出 = 人员经费 + 公用经费", "sum", "基本支出 = 人员经费 + 公用经费"),
        ("total = a + b - c", "sum", "total = a + b - c"),
        ("三公经费 <= 商品和服务支出", "order", "三公经费 <= 商品和服务支出"),
        ("rate% = actual / budget", "share", "rate% = actual / budget"),
        ("growth% = (this - last) / last", "growth", "growth% = (this - last) / last"),
        ("growth% = change / (this - change)", "growth", "growth% = change / (this - change)"),
        ("sum(children) = parent", "rollup", "parent = sum(children)"),
        ("a = sum(b)", "sum", "a = sum(b)"),
        ("a = -sum(b - 2 * c)", "sum", "a = -sum(b) + 2 * sum(c)"),
        (
            "each[classification=own] = sum(top[classification=own, within=x])",
            "sum",
            "each[classification=own] = sum(top[classification=own, within=x])",
        ),
        ('a[key.part=X, key.lot="1 b"] <= b', "order", 'a[key.lot="1 b", key.part=X] <= b'),
        ("closing[year] = opening[year+1]", "sum", "closing = opening[year+1]"),
        ("三公经费[budget, 一般公共预算] >= 三公经费[决算数]", "order", "三公经费[fund, phase] >= 三公经费[actual]"),
        ('"net income" = income − "cost (all)"', "sum", '"net income" = income - "cost (all)"'),
        ("总计＝甲＋乙×２", "sum", "总计 = 甲 + 2 * 乙"),
        ("甲≤乙÷4", "order", "甲 <= 0.25 * 乙"),
        ("a / b = r", "share", "r = a / b"),
        ("5 = a", "sum", "a = 5"),
        ("0 <= a", "order", "0 <= a"),
        ("a = b / 3", "sum", "a = (1 / 3) * b"),
        ("-a + 2 * (b - c) = 0.50", "sum", "-a + 2 * b - 2 * c = 0.5"),
        ("a + a = b - b + c", "sum", "2 * a = c"),
    ],
)
def test_forms_of_equations(text, form, written):
    equation = parse_equation(text)
    assert equation.form == form
    assert format_equation(equation).replace("[general, budget]", "[fund, phase]") == written


@pytest.mark.parametrize(
    "text",
    ["r = (a - b) / (2 * b)", "r = (2 * a - b) / b", "r = (a + b) / b", "r = (a - b - c) / b", "r = (a - b + 1) / b"],
)
def test_what_only_looks_like_growth_is_a_share(text):
    assert parse_equation(text).form == "share"


def test_percent_belongs_to_the_ratio():
    assert parse_equation("r% = a / b").percent
    assert parse_equation("ｒ％ = a / b").percent
    assert not parse_equation("r = a / b").percent


# --- The same relation, written differently ------------------------------------------------------------------------------


@given(linear(least=1), linear(), SIZES)
def test_turning_or_scaling_an_equation_keeps_its_normal_form(left, right, factor):
    normal = Equation("sum", left, "=", right).normal()
    assert Equation("sum", right, "=", left).normal() == normal
    assert Equation("sum", left.scaled(-factor), "=", right.scaled(-factor)).normal() == normal


@given(linear(least=1), linear(), SIZES, st.sampled_from([("<", ">"), ("<=", ">=")]))
def test_turning_an_inequality_keeps_its_normal_form(left, right, factor, ops):
    normal = Equation("order", left, ops[0], right).normal()
    assert Equation("order", right, ops[1], left).normal() == normal
    assert Equation("order", left.scaled(factor), ops[0], right.scaled(factor)).normal() == normal


def test_normal_forms_tell_apart_what_differs():
    texts = ["a = b + c", "a = b - c", "a <= b + c", "a < b + c", "a = b + c + 1", "a >= b + c", "a = b + c[budget]"]
    assert len({parse_equation(text).normal() for text in texts}) == len(texts)
    assert parse_equation("b + c = a").normal() == parse_equation("a = c + b").normal()
    quotient = parse_equation("r = a / b")
    assert quotient.normal() == quotient


# --- What is wrong, and where --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "a line name or a number, found the end"),
        ("total", 6, "expected '=', '<=', '<', '>=' or '>' after 'total'|found the end"),
        ("total = ", 9, "a line name or a number"),
        ("total = a b", 11, "the end of the equation after 'a', found 'b'"),
        ("total = a + + b", 13, "a line name or a number after '\\+', found '\\+'"),
        ("a = b = c", 7, "the end of the equation"),
        ("a = (b + c", 11, "'\\)'"),
        ("a = b)", 6, "the end of the equation"),
        ("a = b * c", 7, "products of figures are not linear"),
        ("a = b / 0", 7, "a divisor other than 0"),
        ("a = b + c / d", 9, "a quotient stands alone on its side"),
        ("a = b / c + d", 11, "nothing more on this side"),
        ("a = sum(3)", 9, "'children' or figures to add"),
        ("a = 「b", 5, "has no meaning here"),
        ('a = ""', 5, "a line name between the quotes"),
        ("a[buget] = b", 3, "nearest: 'budget'"),
        ("a[] = b", 2, "a selector is a phase"),
        ("a[budget, actual] = b", 11, "the phase is given twice, budget and actual"),
        ("a[year+1][year] = b", 11, "the period is given twice"),
        ("a[phase=later] = b", 3, "'phase=later' is none of these"),
        ("a[budget = b", 13, "'\\]'"),
    ],
)
def test_errors_name_the_column(text, column, says):
    with pytest.raises(RuleError, match=says) as caught:
        parse_equation(text)
    assert str(caught.value).startswith(f"column {column}:")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a% = b + c", "'%' marks the result of a division"),
        ("a% = sum(children)", "'%' marks the result of a division"),
        ("sum(a) = b / c", "a single figure on the other side"),
        ("sum(a) = sum(children)", "a single figure on the other side"),
        ("a = sum(b + 1)", "'children' or figures to add"),
        ("a = sum(b / c)", "'children' or figures to add"),
        ("r = a% / b", "'%' belongs to the result"),
        ("a / b = c / d", "only one side may be a quotient"),
        ("r <= a / b", "needs '='"),
        ("a + r = b / c", "a single figure on the other side"),
        ("1 = 2", "at least one named figure"),
        ("(" * 60 + "a" + ")" * 60 + " = b", "nested deeper than 50"),
        ("a = " + "9" * 5000, "at most 400 digits"),
        ("a = b" + " " * 20_000, "too long; the limit is 20000"),
        ("a = " + " + ".join(f"b / {number}" for number in range(3, 3000, 2)), "more than 400 digits"),
    ],
)
def test_equations_that_say_nothing_are_refused(text, says):
    with pytest.raises(RuleError, match=says):
        parse_equation(text)


@pytest.mark.parametrize("text", ["a + b", "2 * a", "a%", "a = b", "", "3"])
def test_a_name_alone_is_a_name_alone(text):
    with pytest.raises(RuleError):
        parse_name(text)


# --- Any text ------------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["a", "基本支出", "12.50", "＝", "=", "<=", "≥", "+", "-", "−", "*", "/", "%", "(", ")", "[", "】", ",", "sum", "children",
     "year", "+1", "budget", '"', "「", "」", "'", " ", "\n", "\x00", "￥", "①", "\ud800", "0", "9" * 30, "within=", "=="]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
def test_any_text_is_an_equation_or_a_rule_error(text):
    try:
        equation = parse_equation(text)
    except RuleError:
        return
    assert parse_equation(format_equation(equation)) == equation


@pytest.mark.parametrize(
    "piece",
    ["(", ")", '"', "「", "'“", "1", "1.", "a", "a+", "a=", "a[", "a[year]", "a,", "-", " ", "a%", "2*", "1/3+", "b/7+", "[[", "\u3000", "基"],
)  # fmt: skip
def test_a_million_hostile_characters_are_an_equation_or_refused(piece):
    longest = piece * (19_800 // len(piece))
    for text in (longest, "a = " + longest + "a", longest + "= a", piece * (1_000_000 // len(piece))):
        with contextlib.suppress(RuleError):
            parse_equation(text)
