"""Columns say what the scalar engine says, verdict by verdict and gap by gap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet
from weighed_columns import agree

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


@given(tables(), st.lists(equations(), min_size=1, max_size=4, unique=True), CONVENTIONS)
def test_columns_and_objects_agree_on_any_rules_and_tables(records, equations, convention):
    agree(records, RuleSet.from_equations(equations, convention=convention))
