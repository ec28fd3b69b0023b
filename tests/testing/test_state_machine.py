"""The library against a model of plain Fractions, through whatever users do with budgets, in any order.

The machine builds, edits, joins, writes out, reads back and audits budgets. Its model is a dict of printed numbers; what an
audit must say is worked out by the slow oracle, and for sums also by hand.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import budgetaudit as ba
from budgetaudit.testing import amounts, budgets, rulesets
from budgetaudit.testing.oracle import judged

JUDGED = {
    "exact": "holds", "rounding": "holds", "inconsistent": "fails", "undefined": "fails", "failed": "fails",
    "undecided": "open",
}  # fmt: skip
MOST_LINES = 40


class Life(RuleBasedStateMachine):
    """One budget and its rules, and beside it what every line must print."""

    @initialize(ruleset=rulesets(most=3), data=st.data())
    def build(self, ruleset, data):
        self.rules = ruleset
        self.budget = data.draw(budgets(st.just(ruleset), places=data.draw(st.sampled_from([2, (0, 2)])), largest=99))
        self.model = {line.id: printed(line) for line in self.budget}
        self.sound = True

    # --- What users do --------------------------------------------------------------------------------------------

    @rule(data=st.data(), steps=st.integers(-3, 3))
    def edit(self, data, steps):
        line = data.draw(st.sampled_from(self.budget.lines))
        if line.amount is not None:
            step = Decimal(1).scaleb(-line.amount.places)
            amount = replace(line.amount, value=line.amount.value + steps * step)
            self._put(line.model_copy(update={"amount": amount}))

    @rule(data=st.data(), state=st.sampled_from(["blank", "dash", "unreadable"]))
    def lose(self, data, state):
        line = data.draw(st.sampled_from(self.budget.lines))
        self._put(line.model_copy(update={"amount": None, "state": state}))

    @rule(data=st.data())
    def print_again(self, data):
        line = data.draw(st.sampled_from(self.budget.lines))
        if line.amount is not None and len(self.budget) < MOST_LINES:
            again = data.draw(amounts(units=line.amount.unit, places=(0, 3), largest=99))
            more = line.model_copy(update={"id": f"{line.id}.{len(self.budget)}", "amount": again})
            self.budget = replace(self.budget, lines=(*self.budget.lines, more))
            self.model[more.id] = printed(more)
            self.sound = False

    @rule(data=st.data())
    def reorder(self, data):
        self.budget = replace(self.budget, lines=tuple(data.draw(st.permutations(self.budget.lines))))

    @rule()
    def write_and_read(self):
        self.budget = ba.Budget.from_json(self.budget.to_json())

    @rule()
    def pickle_and_unpickle(self):
        self.budget = pickle.loads(pickle.dumps(self.budget))

    @rule(data=st.data())
    @precondition(lambda self: len(self.budget) < MOST_LINES // 2)
    def join(self, data):
        """Another body reports beside the first; its figures are never compared with those."""
        other = data.draw(budgets(st.just(self.rules), largest=9))
        body = f"body {len(self.budget)}"
        lines = [
            line.model_copy(
                update={"identity": line.identity.model_copy(update={"entity": body}), "id": f"{body}/{line.id}"}
            )
            for line in other
        ]
        self.budget = ba.Budget.joined([self.budget, ba.Budget(tuple(lines))])
        self.model |= {line.id: printed(line) for line in lines}

    def _put(self, line):
        self.budget = replace(
            self.budget, lines=tuple(line if other.id == line.id else other for other in self.budget.lines)
        )
        self.model[line.id] = printed(line)
        self.sound = False

    # --- What must hold -------------------------------------------------------------------------------------------

    @invariant()
    def every_line_prints_what_it_must(self):
        assert {line.id: printed(line) for line in self.budget} == self.model

    @invariant()
    def the_audit_says_what_the_oracle_says(self):
        report = ba.audit(self.budget, rules=self.rules)
        assert sum(report.counts.values()) == len(report.outcomes)
        for outcome in report.outcomes:
            assert judged(outcome.relation, self.budget) == JUDGED[outcome.verdict], outcome
            self._compare_gap(outcome)
        if self.sound:
            assert not report.at_least("error")
        shown = json.loads(report.to_json())
        assert [one["verdict"] for one in shown["outcomes"]] == [outcome.verdict for outcome in report.outcomes]
        assert len(shown["findings"]) == len(report.findings)

    def _compare_gap(self, outcome):
        """The gap of a sum whose facts are printed once, from the model alone."""
        relation = outcome.relation
        lines = [term.line for term in relation.terms]
        if relation.form != "sum" or outcome.gap is None or outcome.absent or relation.constant:
            return
        if any(len(self.budget.prints(line)) > 1 for line in lines):
            return
        gap = Fraction(0)
        for term in relation.terms:
            gap += self.model[term.line] * (term.weight if term.role == "total" else -term.weight)
        assert outcome.gap == gap

    @invariant()
    def auditing_twice_gives_equal_reports(self):
        first, second = (ba.audit(self.budget, rules=self.rules) for _ in range(2))
        assert first == second
        assert first.to_json() == second.to_json()


def printed(line):
    return None if line.amount is None else Fraction(line.amount.value)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=max(8, settings.default.max_examples // 3), stateful_step_count=8)
