"""The laws of verdicts, on budgets whose true values exist.

Examples are constructed: the truth is drawn in the smallest unit, rolled up, and printed as an office prints it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.statement import Statement, Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import NUMBER, PERCENT, Unit
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet

RULES = RuleSet.from_equations({
    "sum": "t = a + b + c",
    "difference": "d = a - b",
    "order": "a + b <= t + m",
    "share": "s% = a / t",
    "growth": "g% = (a - b) / b",
    "change": "k% = d / (a - d)",
})  # fmt: skip
LABELS = ("t", "a", "b", "c", "d", "m")
MODES = ("nearest", "truncate", "floor")
PLACES = st.integers(-2, 3)


def printed(value, places, mode):
    """The number an office prints for a true value; halves go up or to even, as a draw decides."""
    step = Fraction(10) ** -places
    steps = value / step
    if mode == "nearest":
        whole = floor(steps + Fraction(1, 2))
    elif mode == "up-to-half":
        whole = ceil(steps - Fraction(1, 2))
    else:
        whole = floor(steps) if mode == "floor" or steps > 0 else ceil(steps)
    return whole * step


def amount(value, places, unit=NUMBER):
    """Exact up to 130 places, whatever the ambient context."""
    return Amount(Decimal(int(value * 10**130)).scaleb(-130, Context(prec=400)), places, unit)


def line(label, value, places, unit=NUMBER, *, mark="", **identity):
    return BudgetLine(
        id=f"{label}{mark}", label=label, identity=Identity(label=label, **identity), amount=amount(value, places, unit)
    )


@st.composite
def truths(draw):
    """True amounts in thousandths that obey every rule, bases that are printed as more than nothing."""
    a = Fraction(draw(st.integers(0, 10**6)), 1000)
    b = Fraction(draw(st.integers(10**6, 10**7)), 1000)
    c, m = (Fraction(draw(st.integers(0, 10**6)), 1000) for _ in range(2))
    return {"t": a + b + c, "a": a, "b": b, "c": c, "d": a - b, "m": m}


@st.composite
def budgets(draw, mode):
    """A budget printed by one mode, each figure with places of its own."""
    truth = draw(truths())
    lines = []
    for label in LABELS:
        places = draw(PLACES)
        lines.append(line(label, printed(truth[label], places, mode), places))
    ratios = {"s": truth["a"] / truth["t"], "g": truth["d"] / truth["b"], "k": truth["d"] / truth["b"]}
    for label, ratio in ratios.items():
        places = draw(st.integers(0, 3))
        lines.append(line(label, printed(100 * ratio, places, mode), places, PERCENT, measure="share"))
    return Budget(tuple(draw(st.permutations(lines))))


def judged(budget, rules=RULES, **convention):
    outcomes = evaluate_all(bind(rules, budget, convention=Convention(**convention)).relations, budget)
    return {outcome.relation.rule: outcome for outcome in outcomes}


def verdicts(budget, rules=RULES, **convention):
    return {rule: outcome.verdict for rule, outcome in judged(budget, rules, **convention).items()}


# --- 1: a budget whose true values exist is never inconsistent -----------------------------------------------------------------


@given(st.data(), st.sampled_from(MODES))
def test_what_was_printed_from_true_values_is_never_inconsistent(data, mode):
    found = verdicts(data.draw(budgets(mode)), rounding=mode, negative_base="signed")
    assert set(found) == set(ids())
    assert set(found.values()) <= {"exact", "rounding"}


@given(budgets("nearest") | budgets("up-to-half"))
def test_wherever_halves_go_the_default_convention_allows_it(budget):
    assert set(verdicts(budget, negative_base="signed").values()) <= {"exact", "rounding"}


@given(st.lists(st.integers(-(10**30), 10**30), min_size=2, max_size=5), st.integers(-5, 128), st.integers(0, 120))
def test_the_laws_hold_for_any_decimals_and_very_large_numbers(parts, places, shift):
    true_parts = [Fraction(part, 10**shift) for part in parts]
    figures = [sum(true_parts, Fraction(0)), *true_parts]
    names = ["t", *(f"p{number}" for number in range(len(parts)))]
    prints = [line(name, printed(value, places, "nearest"), places) for name, value in zip(names, figures, strict=True)]
    rules = RuleSet.from_equations({"sum": f"t = {' + '.join(names[1:])}"})
    outcome = judged(Budget(tuple(prints)), rules)["sum"]
    assert outcome.verdict in {"exact", "rounding"}
    assert outcome.bound == Fraction(len(parts) + 1, 2) / Fraction(10) ** places
    assert abs(outcome.gap) <= outcome.bound
    away = replace_amount(prints[0], outcome.computed + (len(parts) + 1) / Fraction(10) ** places, places)
    assert judged(Budget((away, *prints[1:])), rules)["sum"].verdict == "inconsistent"


def ids():
    return [rule.id for rule in RULES]


def replace_amount(printed_line, value, places):
    return printed_line.model_copy(update={"amount": amount(value, places, printed_line.amount.unit)})


# --- 2: exactness, scale and order -----------------------------------------------------------------------------------------------


@st.composite
def sums(draw):
    """A sum whose printed total may be anything near its parts."""
    places = draw(st.integers(-1, 2))
    step = Fraction(10) ** -places
    parts = draw(st.lists(st.integers(-50, 50), min_size=2, max_size=4))
    weights = draw(st.lists(st.sampled_from([1, -1]), min_size=len(parts), max_size=len(parts)))
    total = sum(weight * part for weight, part in zip(weights, parts, strict=True)) + draw(st.integers(-4, 4))
    names = [f"p{number}" for number in range(len(parts))]
    terms = [f"{'-' if weight < 0 else '+'} {name}" for weight, name in zip(weights, names, strict=True)]
    figures = {"t": total * step, **{name: part * step for name, part in zip(names, parts, strict=True)}}
    return figures, places, terms


def sum_verdict(figures, places, terms, *, unit=NUMBER, **convention):
    budget = Budget(tuple(line(label, value, places, unit) for label, value in figures.items()))
    (outcome,) = judged(budget, RuleSet.from_equations([f"t = {' '.join(terms)}"]), **convention).values()
    return outcome


@given(sums(), st.sampled_from(MODES))
def test_a_gap_of_zero_is_exact_and_exact_is_never_inconsistent(drawn, mode):
    outcome = sum_verdict(*drawn, rounding=mode)
    if outcome.gap == 0:
        assert outcome.verdict == "exact"
    if outcome.verdict == "exact":
        assert outcome.target_interval.overlaps(outcome.computed_interval)
    assert (outcome.verdict == "inconsistent") != outcome.target_interval.overlaps(outcome.computed_interval)


@given(sums(), st.integers(-6, 6), st.sampled_from(MODES))
def test_powers_of_ten_and_units_change_no_verdict(drawn, power, mode):
    figures, places, terms = drawn
    plain = sum_verdict(figures, places, terms, rounding=mode)
    factor = Fraction(10) ** power
    scaled = sum_verdict(
        {name: value * factor for name, value in figures.items()}, places - power, terms, rounding=mode
    )
    assert (scaled.verdict, scaled.gap, scaled.bound) == (plain.verdict, plain.gap * factor, plain.bound * factor)
    yuan = sum_verdict(figures, places, terms, unit=Unit("money", "CNY", Fraction(10**4)), rounding=mode)
    assert (yuan.verdict, yuan.gap, yuan.bound) == (plain.verdict, plain.gap, plain.bound)


@given(sums(), st.randoms(use_true_random=False), st.sampled_from(MODES))
def test_the_order_of_parts_and_lines_is_irrelevant(drawn, random, mode):
    figures, places, terms = drawn
    shuffled, items = random.sample(terms, len(terms)), random.sample(list(figures.items()), len(figures))
    one, other = (
        sum_verdict(figures, places, terms, rounding=mode),
        sum_verdict(dict(items), places, shuffled, rounding=mode),
    )
    assert (one.verdict, one.gap, one.bound) == (other.verdict, other.gap, other.bound)


# --- 3: refining ---------------------------------------------------------------------------------------------------------------------


@given(st.data(), st.integers(1, 3))
def test_a_finer_print_of_the_same_truth_never_rescues_what_is_inconsistent(data, more):
    truth = Fraction(data.draw(st.integers(0, 10**6)), 1000)
    places = data.draw(st.integers(0, 1))
    coarse = line("a", printed(truth, places, "nearest"), places)
    fine = line("a", printed(truth, places + more, "nearest"), places + more, mark="2")
    b = line("b", Fraction(5), 0)
    t = line("t", Fraction(round(truth) + 5 + data.draw(st.integers(-3, 3))), 0)
    rules = RuleSet.from_equations({"sum": "t = a + b"})
    before, after = judged(Budget((coarse, b, t)), rules), judged(Budget((coarse, fine, b, t)), rules)
    assert after["tie-out"].verdict == "exact"
    if before["sum"].verdict == "inconsistent":
        assert after["sum"].verdict == "inconsistent"
    if after["sum"].verdict == "rounding":
        assert before["sum"].verdict in {"exact", "rounding"}


# --- 4: signs ------------------------------------------------------------------------------------------------------------------------


@given(sums(), st.sampled_from(["nearest", "truncate"]))
def test_negating_every_figure_keeps_the_verdict(drawn, mode):
    figures, places, terms = drawn
    one = sum_verdict(figures, places, terms, rounding=mode)
    other = sum_verdict({name: -value for name, value in figures.items()}, places, terms, rounding=mode)
    assert (other.verdict, other.gap) == (one.verdict, -one.gap)
    if one.gap:
        assert other.bound == one.bound


def test_rounding_down_does_not_know_signs_alike():
    figures = {"t": Fraction(11), "a": Fraction(5), "b": Fraction(5)}
    assert sum_verdict(figures, 0, ["+ a", "+ b"], rounding="floor").verdict == "rounding"
    assert (
        sum_verdict({n: -v for n, v in figures.items()}, 0, ["+ a", "+ b"], rounding="floor").verdict == "inconsistent"
    )


# --- 6: the closed form -------------------------------------------------------------------------------------------------------------


@given(sums())
def test_the_closed_form_of_rounding_to_nearest(drawn):
    figures, places, terms = drawn
    outcome = sum_verdict(figures, places, terms)
    step = Fraction(10) ** -places
    assert outcome.bound == step * (len(terms) + 1) / 2
    assert (outcome.verdict != "inconsistent") == (abs(outcome.gap) <= outcome.bound)


@given(sums())
def test_the_closed_form_of_truncation(drawn):
    figures, places, terms = drawn
    outcome = sum_verdict(figures, places, terms, rounding="truncate")
    step = Fraction(10) ** -places
    signed = [figures[term[2:]] * (-1 if term[0] == "-" else 1) for term in terms]
    above, below = (step * sum(1 for value in signed if value * side >= 0) for side in (1, -1))
    total = figures["t"]
    reach_above = above if total > 0 else above + step
    reach_below = below if total < 0 else below + step
    above_open = outcome.gap < reach_above or outcome.gap == reach_above == 0
    below_open = outcome.gap > -reach_below or outcome.gap == reach_below == 0
    assert (outcome.verdict != "inconsistent") == (above_open and below_open)


# --- 9: what cannot be used decides nothing -----------------------------------------------------------------------------------------

BROKEN = st.sampled_from(["blank", "dash", "unreadable", "contradicted", "approximate", "unknown", "excess"])


@given(budgets("nearest"), st.sampled_from(LABELS), BROKEN)
def test_a_figure_that_cannot_be_used_is_never_judged(budget, label, how):
    lines = [broken(one, how) if one.label == label else [one] for one in budget.lines]
    spoiled = Budget(tuple(one for group in lines for one in group))
    outcomes = judged(spoiled, negative_base="signed")
    for rule in RULES:
        names = {name.label for name in rule.equation.names()}
        if label in names and rule.id in outcomes:
            assert outcomes[rule.id].verdict == "undecided"
            assert outcomes[rule.id].reasons
        elif rule.id in outcomes:
            assert outcomes[rule.id].verdict in {"exact", "rounding"}


def broken(one, how):
    if how in {"blank", "dash", "unreadable"}:
        return [one.model_copy(update={"amount": None, "state": how})]
    kept = one.amount
    if how == "contradicted":
        other = Amount(kept.value + Decimal(10) ** -kept.places, kept.places)
        return [one, one.model_copy(update={"id": f"{one.id}2", "amount": other})]
    if how == "excess":
        return [one.model_copy(update={"amount": Amount(kept.value + Decimal(10) ** (-kept.places - 1), kept.places)})]
    return [one.model_copy(update={"amount": Amount(kept.value, kept.places, precision=how)})]


# --- Joined budgets ---------------------------------------------------------------------------------------------------------------------


@st.composite
def documents(draw, entity):
    """A budget of one entity with a sum, a statement and a fact printed twice."""
    values = {label: Fraction(draw(st.integers(-999, 999)), 100) for label in "tabc"}
    lines = [line(label, value, 2, entity=entity) for label, value in values.items()]
    lines.append(line("a", printed(values["a"], 1, "nearest") + draw(st.integers(0, 1)), 1, entity=entity, mark="2"))
    stated = Statement("split", (Term("t", "total"), Term("b", "part"), Term("c", "part")))
    return Budget(tuple(draw(st.permutations(lines))), statements=(stated,))


@given(documents("A"), documents("B"), st.booleans())
def test_two_documents_joined_are_judged_like_each_alone(first, second, unknown):
    rules = (
        RuleSet.from_equations(["t = a + b + c", "a <= b", "c[2018] = a"])
        if unknown
        else RuleSet.from_equations(["t = a + b + c", "a <= b"])
    )
    joined = Budget.joined([first, second])
    together = [shape(outcome, joined) for outcome in evaluated(rules, joined)]
    apart = [shape(outcome, budget) for budget in (first, second) for outcome in evaluated(rules, budget)]
    # An equation that names what no document has fails once for each audit, not once for each document.
    failed = [one for one in apart if one[1] == "failed"]
    for one in failed[1:]:
        apart.remove(one)
    assert sorted(together, key=repr) == sorted(apart, key=repr)


def evaluated(rules, budget):
    return evaluate_all(bind(rules, budget).relations, budget)


def shape(outcome, budget):
    """An outcome without the ids of its lines."""
    terms = tuple(
        (budget.line(term.line).identity, budget.line(term.line).amount, term.role) for term in outcome.relation.terms
    )
    bare = replace(outcome.relation, terms=())
    return bare, outcome.verdict, terms, replace(outcome, relation=bare)


@given(budgets("nearest"))
def test_judging_twice_gives_equal_outcomes(budget):
    assert evaluated(RULES, budget) == evaluated(RULES, budget)
