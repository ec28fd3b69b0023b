"""Columns say what the scalar engine says, verdict by verdict and gap by gap."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention, Scope
from budgetaudit.rules.ruleset import RuleSet
from checking import pack, rule
from weighed_columns import Refused, agree

LABELS = ("t", "a", "b", "c", "d")


@st.composite
def amounts(draw):
    places = draw(st.integers(0, 3))
    whole = draw(st.integers(-30, 60) | st.integers(-(10**6), 10**6))
    text = f"{abs(whole):0{places + 1}d}"
    return ("-" if whole < 0 else "") + (f"{text[:-places]}.{text[-places:]}" if places else text)


CONVENTIONS = st.builds(
    Convention,
    totals_from=st.sampled_from(["unrounded", "rounded", "adjusted"]),
    rounding=st.sampled_from(["nearest", "truncate", "floor", "nudged"]),
    ties=st.sampled_from(["any", "away", "even"]),
    missing=st.sampled_from(["required", "absent-is-zero", "open"]),
    blank=st.sampled_from(["missing", "zero"]),
    negative_base=st.sampled_from(["undefined", "signed", "absolute"]),
    tolerance=st.sampled_from(["0", "0.05", "1"]),
)


@st.composite
def equations(draw):
    names = draw(st.permutations(LABELS))
    count = draw(st.integers(1, 4))
    signs = [draw(st.sampled_from(["+", "-", "+ 2*", "- 0.5*"])) for _ in range(count)]
    side = " ".join(f"{sign} {name}" for sign, name in zip(signs, names[1:], strict=False))
    side = side.removeprefix("+ ")
    kind = draw(st.sampled_from(["sum", "sum", "sum", "order", "share", "growth", "change", "year", "number"]))
    match kind:
        case "sum":
            return f"{names[0]} = {side}"
        case "order":
            return f"{names[0]} {draw(st.sampled_from(['<', '<=', '>', '>=']))} {side}"
        case "share":
            return f"{names[0]}% = {names[1]} / {names[2]}"
        case "growth":
            return f"{names[0]}% = ({names[1]} - {names[2]}) / {names[2]}"
        case "change":
            return f"{names[0]}% = {names[1]} / ({names[2]} - {names[1]})"
        case "year":
            return f"{names[0]} = {names[1]}[year{draw(st.sampled_from(['+1', '-1']))}] {draw(st.sampled_from(['', '+ ' + names[2]]))}"
        case _:
            return f"{names[0]} = {draw(st.integers(-5, 50))}"


@st.composite
def tables(draw):
    """Records of some entities and years: not every figure is there, some are blank, some are printed twice."""
    keys = [
        (entity, str(year))
        for entity in "xyz"[: draw(st.integers(1, 3))]
        for year in range(2020, 2020 + draw(st.integers(1, 3)))
    ]
    records = []
    for entity, period in keys:
        for label in LABELS:
            for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 1, 1, 2]))):
                figure = draw(st.none() | amounts()) if draw(st.integers(0, 9)) == 0 else draw(amounts())
                records.append({"label": label, "entity": entity, "period": period, "amount": figure})
    return draw(st.permutations(records)) or [{"label": "t", "entity": "x", "period": "2020", "amount": "1"}]


@st.composite
def pack_rules(draw):
    """Rules of a pack: figures that may be absent, conditions, exemptions, least parts, years and phases."""
    rules = []
    for number in range(draw(st.integers(1, 3))):
        text = draw(equations())
        conditions = st.sampled_from(["a > 0", "b = 0", "c <= d", "d >= 5", "a + b < 20", "t = 10", "a[year-1] > 0"])
        rules.append(rule(
            text, name=f"p/{number}", optional=tuple(draw(st.sets(st.sampled_from(LABELS), max_size=3))),
            when=draw(st.none() | conditions.map(parse_equation)),
            unless=tuple(map(parse_equation, draw(st.lists(conditions, max_size=2)))),
            least_parts=draw(st.integers(0, 2)), convention=draw(st.none() | CONVENTIONS),
            scope=Scope(years=draw(st.sampled_from([(None, None), (2021, None), (None, 2020)]))),
        ))  # fmt: skip
    return pack(*rules)


@given(tables(), pack_rules())
def test_columns_and_objects_agree_on_rules_of_packs(records, rules):
    agree(records, rules)


@st.composite
def placed_tables(draw):
    """Records of several phases, funds and units, some without any."""
    units = draw(st.sampled_from([("万元",), ("万元", "元"), ("万元", "%"), ("元", "人"), ("",), ("", "元")]))
    records = []
    for phase in draw(
        st.sampled_from([(None,), ("budget", "actual"), (None, "actual"), ("budget", "adjusted", "actual")])
    ):
        for fund in draw(st.sampled_from([(None,), ("general", "all"), (None, "general")])):
            for label in LABELS:
                if draw(st.integers(0, 5)):
                    unit = draw(st.sampled_from(units)) or None
                    records.append({
                        "label": label, "entity": draw(st.sampled_from("xy")), "period": draw(st.sampled_from(["2020", "2021", None])),
                        "phase": phase, "fund": fund, "unit": unit, "amount": draw(amounts()),
                    })  # fmt: skip
    return draw(st.permutations(records)) or [{"label": "t", "entity": "x", "amount": "1"}]


@st.composite
def placed_equations(draw):
    places = ["", "[budget]", "[actual]", "[general]", "[2020]", "[2021, actual]", "[budget, year+1]", "[budget, all]"]
    shared = draw(st.sampled_from(places))

    def name(label):
        return label + (shared if draw(st.booleans()) else draw(st.sampled_from(["", "", *places])))

    form = draw(
        st.sampled_from(["{} = {} + {}", "{} = {} - 0.5*{}", "{} <= {} + {}", "{}% = {} / {}", "{}% = ({} - {}) / {}"])
    )
    names = [name(label) for label in draw(st.permutations(LABELS))[:3]]
    return form.format(*names, names[2]) if form.count("{}") == 4 else form.format(*names)


@given(placed_tables(), st.lists(placed_equations(), min_size=1, max_size=3, unique=True), st.booleans(), CONVENTIONS)
def test_columns_and_objects_agree_on_phases_funds_and_units(records, texts, in_pack, convention):
    rules = pack(*(rule(text, name=f"p/{number}", convention=convention) for number, text in enumerate(texts)))
    if not in_pack:
        rules = RuleSet.from_equations(texts, convention=convention)
    with suppress(Refused):
        agree(records, rules)


CODES = ("301", "30101", "30102", "3010201", "302", "30201")


@st.composite
def coded_tables(draw):
    records = []
    for entity in "xyz"[: draw(st.integers(1, 3))]:
        for code in CODES:
            for label in draw(st.sampled_from([(), ("one",), ("one",), ("one",), ("one", "two")])):
                row = {"label": label + code, "code": code, "entity": entity, "amount": draw(amounts())}
                records += [row]
    return draw(st.permutations(records)) or [{"label": "one", "code": "301", "entity": "x", "amount": "1"}]


@given(
    coded_tables(),
    st.lists(
        st.sampled_from(
            [
                "parent = sum(children)",
                "one301 = sum(children)",
                "a[code=301] = b[code=30101] + c[code=30102]",
                "a[code=301] >= b[code=30101]",
            ]
        ),
        min_size=1,
        unique=True,
    ),
    CONVENTIONS,
)
def test_columns_and_objects_agree_on_codes_and_roll_ups(records, texts, convention):
    agree(records, RuleSet.from_equations(texts, convention=convention))


@given(tables(), st.lists(equations(), min_size=1, max_size=4, unique=True), CONVENTIONS)
def test_columns_and_objects_agree_on_any_rules_and_tables(records, equations, convention):
    agree(records, RuleSet.from_equations(equations, convention=convention))


def test_a_year_that_only_an_absent_figure_would_move_adds_no_units():
    records = [{"label": "c", "entity": "x", "period": "2021"}, {"label": "d", "entity": "x", "period": "2021"}]
    records = [{**record, "phase": "actual", "amount": "1"} for record in records] + [
        {"label": "c", "entity": "x", "period": "2020", "phase": "actual", "amount": "1"}
    ]
    rules = pack(rule("c[2021, actual] = d[2021, actual] - b[budget, year+1]", name="p/one"))
    assert agree(records, rules) == {"p/one": {"undecided": 1}}
