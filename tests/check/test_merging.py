"""What the document states, what rules know and what is said twice about the same figures is one outcome."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from budgetaudit.model.budget import Budget
from budgetaudit.model.source import Source
from budgetaudit.model.statement import Statement, Term
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet
from checking import pack, row, rule, run, verdicts


def stated(says, terms, **given):
    return Statement(says, tuple(Term(*term) for term in terms), source=Source("d", 0, 9), **given)


BUDGET = Budget.from_dict({"t": "6.00", "a": "1.00", "b": "2.00", "c": "3.00"})
SPLIT = stated("split", [("l1", "total"), ("l2", "part"), ("l3", "part"), ("l4", "part")])


@pytest.mark.parametrize(
    "text", ["t = a + b + c", "a + b + c = t", "a = t - b - c", "2 * t = 2 * a + 2 * c + 2 * b", "t - a - b - c = 0"]
)
def test_what_the_document_states_and_a_rule_knows_is_one_outcome(text):
    budget = replace(BUDGET, statements=(SPLIT,))
    for ruleset in (RuleSet.from_equations({"mine": text}), pack(rule(text, name="p/known"))):
        (outcome,) = run(ruleset, budget)
        assert (outcome.verdict, outcome.relation.stated) == ("exact", (SPLIT.source,))
        assert outcome.relation.rule in {"mine", "p/known"}
        assert outcome.relation.strength == "balance"


@pytest.mark.parametrize("text", ["t = a + b", "t = a + b + 2 * c", "t <= a + b + c", "t = a + b + c + 1"])
def test_what_is_not_the_same_stays_apart(text):
    budget = replace(BUDGET, statements=(SPLIT,))
    assert len(run(RuleSet.from_equations([text]), budget)) == 2


@pytest.mark.parametrize("text", ["a + b <= t", "t >= a + b", "t - b >= a", "0 >= a + b - t"])
def test_inequalities_are_one_however_they_are_turned(text):
    listed = stated("of-which", [("l1", "total"), ("l2", "part"), ("l3", "part")], complete=False)
    (outcome,) = run(RuleSet.from_equations([text]), replace(BUDGET, statements=(listed,)))
    assert (outcome.verdict, outcome.relation.rule, len(outcome.relation.stated)) == ("exact", "equation/1", 1)


def test_a_statement_made_twice_is_one_outcome_with_both_places():
    again = replace(SPLIT, source=Source("d", 50, 60))
    (outcome,) = run(RuleSet(), replace(BUDGET, statements=(SPLIT, again)))
    assert outcome.relation.rule == "text/split"
    assert outcome.relation.stated == (SPLIT.source, again.source)


def test_a_list_that_the_text_calls_complete_settles_what_a_rule_misses():
    budget = replace(BUDGET, statements=(SPLIT,))
    (settled,) = run(pack(rule("t = a + b + c + x")), budget)
    assert (settled.verdict, settled.complete, settled.relation.rule) == ("exact", True, "p/rule")
    (open_,) = run(pack(rule("t = a + b + c + x")), BUDGET)
    assert (open_.verdict, open_.absent) == ("undecided", ("x",))
    incomplete = replace(SPLIT, complete=False)
    (still_open,) = run(pack(rule("t = a + b + c + x")), replace(BUDGET, statements=(incomplete,)))
    assert still_open.verdict == "undecided"


def test_a_pack_takes_the_parts_it_does_not_know_from_the_documents_own_list():
    budget = replace(BUDGET, statements=(SPLIT,))
    (outcome,) = run(pack(rule("t = a + b")), budget)
    assert (outcome.verdict, outcome.relation.rule, outcome.complete) == ("exact", "p/rule", True)
    assert len(outcome.relation.terms) == 4
    typed_in = run(RuleSet.from_equations(["t = a + b"]), budget)
    assert verdicts(typed_in) == ["inconsistent", "exact"]
    within = replace(SPLIT, says="of-which", complete=False)
    assert verdicts(run(pack(rule("t = a + b")), replace(BUDGET, statements=(within,)))) == ["inconsistent", "exact"]


def test_another_list_of_the_same_total_adds_nothing_to_a_rule():
    budget = replace(BUDGET, statements=(stated("split", [("l1", "total"), ("l2", "part"), ("l3", "part")]),))
    outcomes = run(pack(rule("t = a + c")), budget)
    assert [len(outcome.relation.terms) for outcome in outcomes] == [3, 3]
    assert verdicts(outcomes) == ["inconsistent", "inconsistent"]


def test_shares_of_one_whole_and_an_equation_that_adds_them_are_one():
    budget = Budget.from_dict({"a": "60.0%", "b": "40.0%"})
    shares = stated("shares-total", [("l1", "part"), ("l2", "part")], constant=Fraction(100))
    (outcome,) = run(RuleSet.from_equations(["a + b = 100"]), replace(budget, statements=(shares,)))
    assert (outcome.verdict, len(outcome.relation.stated)) == ("exact", 1)


def test_a_condition_does_not_bind_what_the_document_states():
    budget = replace(
        Budget.from_dict({"t": "6.00", "a": "1.00", "b": "2.00", "c": "4.00", "z": "0.00"}), statements=(SPLIT,)
    )
    conditional = rule("t = a + b + c", when=parse_equation("z = 0"))
    assert verdicts(run(pack(conditional), replace(budget, statements=()))) == ["undecided"]
    (outcome,) = run(pack(conditional), budget)
    assert (outcome.verdict, outcome.relation.rule) == ("inconsistent", "p/rule")


@pytest.mark.parametrize("says", ["split", "decomposition"])
def test_a_list_that_names_one_part_stays_open(says):
    measure = {} if says == "split" else {"measure": "change"}
    budget = Budget.from_records([row("t", "1.00", **measure), row("a", "2.00", **measure)])
    one = stated(says, [("l1", "total"), ("l2", "part")], complete=False)
    (outcome,) = run(RuleSet(), replace(budget, statements=(one,)))
    # A part above its whole is wrong among amounts; among changes the rest may be negative.
    assert outcome.verdict == ("inconsistent" if says == "split" else "undecided")


def test_a_list_with_a_negative_part_says_nothing_of_its_rest():
    budget = Budget.from_dict({"t": "1.00", "a": "-1.00", "b": "3.00"})
    listed = stated("of-which", [("l1", "total"), ("l2", "part"), ("l3", "part")], complete=False)
    assert run(RuleSet(), replace(budget, statements=(listed,))) == ()


def test_tie_outs_come_after_all_other_relations():
    records = [row("a", "1.00"), row("t", "1.00"), row("a", "1.0")]
    outcomes = run(RuleSet.from_equations(["t = a"]), Budget.from_records(records))
    assert [(outcome.relation.rule, outcome.verdict) for outcome in outcomes] == [
        ("equation/1", "exact"),
        ("tie-out", "exact"),
    ]


def test_statements_follow_the_convention_of_the_rules():
    budget = replace(BUDGET, statements=(SPLIT,))
    ruleset = pack(rule("x = y", convention=Convention(rounding="truncate")))
    assert run(ruleset, budget)[0].relation.convention == Convention(rounding="truncate")
    assert run(RuleSet(), budget)[0].relation.convention == Convention()
