"""Compiling: rules as whole numbers over items; what cannot be compiled is refused by name."""

from __future__ import annotations

from fractions import Fraction

import pytest

from budgetaudit.check.compile import At, compile_rules
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.line import Identity
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.ruleset import RuleSet
from checking import pack, rule

ITEMS = [
    Identity(label="t"), Identity(label="a"), Identity(label="b"), Identity(label="class", code=("301",)),
    Identity(label="one", code=("301", "01")), Identity(label="two", code=("301", "02")),
    Identity(label="deep", code=("301", "02", "01")),
]  # fmt: skip


def compiled(*equations, items=ITEMS):
    return compile_rules(RuleSet.from_equations(equations), items)


def coefficients(relation):
    return {term.name.label: term.coefficient for term in relation.terms}


def test_weights_become_whole_and_the_constant_stays_as_written():
    (relation,) = compiled("t = 0.5*a + b/3 - 2").relations
    assert coefficients(relation) == {"t": 6, "a": -3, "b": -2}
    assert (relation.multiplier, relation.constant, relation.op) == (6, Fraction(-2), "=")


def test_larger_is_turned_into_smaller():
    (relation,) = compiled("a + b >= 2*t").relations
    assert coefficients(relation) == {"a": -1, "b": -1, "t": 2}
    assert (relation.op, relation.written) == ("<=", ">=")


def test_a_figure_of_another_year_or_phase_is_a_term_that_stands_elsewhere():
    (relation,) = compiled("a[actual] = b[actual, year+1]").relations
    assert [term.at for term in relation.terms] == [At(phase="actual"), At(phase="actual", shift=1)]
    assert relation.free == {"entity", "period", "fund"}


def test_a_ratio_keeps_its_roles():
    (relation,) = compiled("t% = (a - b) / b").relations
    assert [(term.role, term.coefficient) for term in relation.terms] == [("ratio", 1), ("current", 1), ("base", 1)]
    assert (relation.form, relation.factor) == ("growth", 100)


def test_a_roll_up_is_one_relation_for_every_parent_that_has_children():
    relations = compiled("parent = sum(children)").relations
    assert [coefficients(relation) for relation in relations] == [{"class": 1, "one": -1, "two": -1}, {"two": 1, "deep": -1}]  # fmt: skip
    assert all(term.optional for relation in relations for term in relation.of("part"))


def test_the_terms_table_holds_every_term_once():
    rules = compiled("t = a + b", "parent = sum(children)")
    assert [(row.relation, row.label, row.code, row.coefficient) for row in rules.terms] == [
        (0, "t", None, 1), (0, "a", None, -1), (0, "b", None, -1), (1, "class", "301", 1), (1, "one", "30101", -1),
        (1, "two", "30102", -1), (2, "two", "30102", 1), (2, "deep", "3010201", -1),
    ]  # fmt: skip


def test_a_name_that_no_item_carries_is_kept_for_the_verdict():
    assert compiled("t = a + nobody").relations[0].unknown == ("nobody",)
    assert compile_rules(pack(rule("t = a + nobody")), ITEMS).relations[0].unknown == ()


def test_what_cannot_be_compiled_is_refused_by_name_with_all_reasons_at_once():
    rules = pack(
        rule("t = a + b", name="p/fine"),
        rule("t[actual] = a[general]", name="p/no-common-unit"),
        rule("t = a", name="p/quotient", when=parse_equation("t% = a / b")),
    )
    with pytest.raises(BudgetAuditError, match=r"2 of 3 rules cannot be compiled: p/no-common-unit .*; p/quotient"):
        compile_rules(rules, ITEMS)
    assert compile_rules(rules, ITEMS, list_refused=True).refused.keys() == {"p/no-common-unit", "p/quotient"}
    with pytest.raises(BudgetAuditError, match=r"equation/1 \(sum\(children\) needs the items"):
        compile_rules(RuleSet.from_equations(["parent = sum(children)"]))


def test_the_terms_of_a_pack_need_no_items():
    compiled = compile_rules(RuleSet.load("cn"), list_refused=True)
    assert len(compiled.relations) + len(compiled.refused) == len(compiled.rules) == len(RuleSet.load("cn"))
