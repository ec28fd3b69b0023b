"""Localisation, imputation and rule sets of official statistics: every minimal answer of the published cases.

The figures of a few cases are typed in here, so that the suite says something where the case files do not lie beside the
checkout; the rest is read from there.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.cases.test_official_statistics import equation, exact

import budgetaudit as ba
from budgetaudit.explain.records import Locator
from budgetaudit.rules.lint import Linter, lint
from budgetaudit.rules.requirements import demands
from budgetaudit.rules.rule import Rule
from budgetaudit.rules.ruleset import RuleSet

# Errors planted in a balanced tree of zeros: figures, how many are -1, where, and the weight of the lightest explanation.
# The source counts what it planted; where that is more than needed, its answer is not minimal.
PLANTED = [
    (3, 1, "begin", 1), (3, 2, "end", 2), (7, 3, "begin", 3), (7, 5, "end", 5), (11, 5, "begin", 5), (21, 5, "end", 5),
    (41, 10, "begin", 10), (100, 3, "end", 3), (100, 10, "begin", 10),
    (11, 10, "begin", 6), (11, 10, "end", 7), (21, 10, "end", 9),
]  # fmt: skip

# A record of real retail accounts and its rules: which figures may be wrong under two sets of rules.
RETAIL = {"staff": 75, "turnover": None, "other": None, "total_rev": 1130, "total_costs": 18915, "profit": 20045}


def rules_of(rules):
    made = []
    for rule in rules:
        when = equation(rule["if"]) if "if" in rule else None
        made.append(Rule(rule["id"], "SUM001", "logic", equation(rule.get("then", rule)), when=when))
    return RuleSet(tuple(made))


def tree(size):
    """x[i] = x[2i] + x[2i+1]; the first is the largest and not below 0."""
    rules = [
        f"x{one} = " + " + ".join(f"x{part}" for part in (2 * one, 2 * one + 1) if part <= size)
        for one in range(1, size // 2 + 1)
    ]
    return [*rules, "x1 >= 0", *(f"x1 >= x{one}" for one in range(2, size + 1))]


def weights_of(params, number):
    given = params.get("weights", {})
    given = given[number] if isinstance(given, list) else given
    return {name: None if weight == "Inf" else Fraction(str(weight)) for name, weight in given.items()}


def as_sets(answers):
    return {frozenset(one) for one in answers}


@pytest.mark.parametrize(("size", "planted", "place", "least"), PLANTED)
def test_planted_errors_in_a_tree(size, planted, place, least):
    wrong = range(planted) if place == "begin" else range(size - planted, size)
    record = {f"x{one + 1}": -1 if one in wrong else 0 for one in range(size)}
    found = Locator(tree(size)).locate(record)
    assert found.finished
    assert found.weight == least
    assert all(len(one) == least for one in found.sets)
    if least == planted:
        assert frozenset(f"x{one + 1}" for one in wrong) in found.sets


def test_a_published_answer_that_is_not_minimal():
    """Ten of eleven figures were planted; six can be changed so that every rule holds, and the planted set holds them not."""
    record = {f"x{one}": -1 if one <= 10 else 0 for one in range(1, 12)}
    locator = Locator(tree(11))
    found = locator.locate(record)
    assert found.weight == 6
    for chosen in found.sets:
        assert len(locator.needed(record, chosen)) == 6  # there are values for all of them, so ten were never needed


def test_a_record_of_retail_accounts():
    rules = ["total_rev - profit = total_costs", "turnover + other = total_rev", "profit <= 0.6 * total_rev"]
    assert set(Locator(rules).locate({name: RETAIL[name] for name in RETAIL if name != "staff"}).sets) == as_sets(
        [["profit"], ["total_rev"]]
    )


@pytest.mark.parametrize(
    ("weights", "answer"),
    [
        ({"profit": 2, "cost": 2, "turnover": 1}, [["turnover"]]),
        ({"profit": 2, "cost": 1, "turnover": 2}, [["cost"]]),
        ({}, [["profit"], ["cost"], ["turnover"]]),
    ],
)
def test_weights_of_a_published_record(weights, answer):
    rules = ["profit + cost = turnover", "cost >= 0.6 * turnover", "cost >= 0", "profit >= 0"]
    record = {"profit": 55, "cost": 125, "turnover": 200}
    assert set(Locator(rules, weights=weights).locate(record).sets) == as_sets(answer)


def test_large_figures_are_located_like_small_ones():
    """A solver with a bound of ten million finds nothing here; the answer does not depend on the size."""
    for factor in (1, 10**6, 10**12):
        parts = {"t": 67741000, "a": 16709000, "b": 34828000, "c": 1648000, "d": 14554000}
        record = {name: value * factor for name, value in parts.items()}
        assert set(Locator(["t = a + b + c + d"]).locate(record).sets) == as_sets([["t"], ["a"], ["b"], ["c"], ["d"]])


def test_localisations_of_trees(read_cases):
    data = read_cases("localise.json")
    for case in data["cases"]:
        record = {f"x{number}": value for number, value in enumerate(case["record"], 1)}
        found = Locator(tree(case["n"])).locate(record)
        assert (found.weight, found.finished) == (case["min_weight"], True), case["id"]
        if "all_minimal" in case:
            assert set(found.sets) == as_sets([f"x{one}" for one in answer] for answer in case["all_minimal"]), case[
                "id"
            ]


def test_localisations_of_business_records(read_cases):
    data = read_cases("sbs2000.json")
    for name, rules in data["rule_sets"].items():
        locator = Locator(rules_of(rules))
        for case in data["cases"]:
            record = {figure: case["values"][figure] for figure in locator.names if figure in case["values"]}
            found, expected = locator.locate(record), case["localise"][name]
            assert found.weight == expected["min_weight"], (case["id"], name)
            assert set(found.sets) == as_sets(expected["all_minimal"]), (case["id"], name)


def test_reports_of_business_records_say_the_same(read_cases):
    """The same records audited as budgets: every print is exact, and missing figures are free."""
    data = read_cases("sbs2000.json")
    for name, rules in data["rule_sets"].items():
        ruleset = rules_of(rules)
        for case in data["cases"][::4]:
            budget = ba.Budget.from_dict({figure: exact(value) for figure, value in case["values"].items()})
            report = ba.audit(budget, rules=ruleset)
            found = {frozenset()}
            for block in report.localize(weights={}).blocks:
                sets = [
                    frozenset(budget.line(line).label for change in one.changes for line in change.lines)
                    for one in block.explanations
                ]
                found = {known | one for known in found for one in sets}
            assert found == as_sets(case["localise"][name]["all_minimal"]), (case["id"], name)


def test_localisations_of_other_packages(read_cases):
    cases = [case for case in read_cases("stats.json")["cases"] if case["kind"] == "localise"]
    assert len(cases) >= 14
    for case in cases:
        params, expected = case.get("params", {}), case["expected"]
        for number, record in enumerate(case["records"]):
            locator = Locator(rules_of(case["rules"]), weights=weights_of(params, number))
            found = locator.locate(record)
            assert found.weight == expected["min_weight"][number], case["id"]
            assert set(found.sets) == as_sets(expected["all_minimal"][number]), case["id"]


def test_rule_sets_of_other_packages(read_cases):
    cases = [case for case in read_cases("stats.json")["cases"] if case["kind"] == "ruleset"]
    assert len(cases) >= 15
    for case in cases:
        ruleset, expected = rules_of(case["rules"]), case["expected"]
        said, linter = ruleset.lint(), Linter(demands(ruleset))
        assert said.complete
        if "infeasible" in expected:
            assert bool(said.contradictions) == expected["infeasible"], case["id"]
        for rule, answer in expected.get("implied_by", {}).items():
            assert set(said.implied_by(rule)) == as_sets(answer), case["id"]
        for rule, answer in expected.get("contradicted_by", {}).items():
            assert set(said.contradicted_by(rule)) == as_sets(answer), case["id"]
        for rule, answer in expected.get("redundant", {}).items():
            assert (rule in said.redundant) == answer, case["id"]
        if "kept" in expected:
            assert [rule.id for rule in linter.kept()] == expected["kept"], case["id"]
        if "kept_count" in expected:
            assert len(linter.kept()) == expected["kept_count"], case["id"]
        for figure, (low, high) in expected.get("bounds", {}).items():
            held = said.bounds[figure]
            assert (held.lo, held.hi) == tuple(None if end is None else Fraction(str(end)) for end in (low, high))
        if "blocks" in expected:
            assert linter.blocks() == tuple(tuple(block) for block in expected["blocks"]), case["id"]


def test_what_rules_force(read_cases):
    """Missing figures that the rules determine; the reports say so, and nothing where the rules leave a choice."""
    cases = [
        case
        for case in read_cases("stats.json")["cases"]
        if case["kind"] == "impute" and "adapt" not in case.get("params", {})
    ]
    assert len(cases) >= 6
    for case in cases:
        ruleset = rules_of(case["rules"])
        for record, wanted in zip(case["records"], case["expected"]["completed"], strict=True):
            lines = [{"label": name, "amount": exact(value)} for name, value in record.items()]
            report = ba.audit(ba.Budget.from_records(lines), rules=ruleset)
            forced = {one.label: one.interval.lo for one in report.completions if one.interval.is_point}
            expected = {
                name: wanted[name] for name, value in record.items() if value is None and wanted[name] is not None
            }
            assert forced == {name: Fraction(str(value)) for name, value in expected.items()}, case["id"]


def test_lint_of_an_iterable_of_rules():
    assert lint(RuleSet.from_equations(["a >= 1", "a <= 0"])).contradictions == (
        frozenset({"equation/1", "equation/2"}),
    )


def test_what_the_national_accounts_of_samplonia_imply(read_cases):
    """All three relations together: the figures that were taken out, and which of two prints is the planted one."""
    data = read_cases("samplonia.json")
    rows = {(region, period, measure) for region, period, measure, _ in data["cases"]}
    planted = {tuple(fault["key"]): fault for fault in data["injected"]}
    records = [
        {"label": f"{region} {period} {measure}", "amount": exact(value)}
        for region, period, measure, value in data["cases"]
    ]
    records += [{"label": " ".join(key), "amount": None} for key in planted if key not in rows]
    rules = []
    for region, period, measure in sorted(rows | set(planted)):
        name = f'"{region} {period} {measure}"'
        if "Q" not in period:
            rules.append(f"{name} = " + " + ".join(f'"{region} {period}Q{one} {measure}"' for one in range(1, 5)))
        if parts := data["hierarchy"].get(region):
            rules.append(f"{name} = " + " + ".join(f'"{part} {period} {measure}"' for part in parts))
        if measure == "balance":
            rules.append(f'{name} = "{region} {period} export" - "{region} {period} import"')
    report = ba.audit(ba.Budget.from_records(records), rules=rules)
    assert len(report.outcomes) >= 749
    implied = {one.label: one.interval.lo for one in report.completions if one.interval.is_point}
    assert implied == {" ".join(key): fault["true"] for key, fault in planted.items() if "true" in fault}
    (block,) = report.localize(weights={}).blocks
    assert block.finished
    assert block.least == 1
    labels = {report.budget.line(one.changes[0].lines[0]).label for one in block.explanations}
    assert labels == {" ".join(key) for key, fault in planted.items() if fault["state"] == "duplicate"}
    (explanation,) = block.explanations
    (change,) = explanation.changes
    believed = [line for line in report.budget.prints(change.lines[0]) if line.id not in change.lines]
    assert change.needed.lo == believed[0].amount.exact_value
