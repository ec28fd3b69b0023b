"""Checks of official statistics: rules on records, sums over time and place, hierarchies with absent and empty items."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.money.amount import Amount
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import PackVersion, RuleSet

OPS = {"==": "=", "<=": "<=", "<": "<", ">=": ">=", ">": ">"}


def exact(value):
    """A figure of a record as the source means it: what is written is what it is."""
    return None if value is None else Amount(Decimal(str(value)), 0, precision="exact")


def equation(part):
    terms = " ".join(
        f"{'-' if Fraction(weight) < 0 else '+'} {abs(Decimal(str(weight)))} * {name}"
        for name, weight in part["coef"].items()
    )
    return parse_equation(f"{terms} {OPS[part['op']]} {part['const']}".lstrip("+ "))


def rules_of(rules, params):
    """Rules of a pack, so that a figure that a record does not have leaves them unbound."""
    made = []
    for rule in rules:
        said = rule.get("then", rule)
        tolerance = params.get("tolerance_equality" if said["op"] == "==" else "tolerance_inequality", 0)
        when = equation(rule["if"]) if "if" in rule else None
        convention = Convention(tolerance=str(tolerance))
        made.append(Rule(f"p/{rule['id']}", "SUM001", "logic", equation(said), convention=convention, when=when))
    return RuleSet(tuple(made), (PackVersion("p", "1"),))


def judged(rules, record, params):
    """The rules that a record violates, those that cannot be judged (of a pack, a rule over empty cells alone is unbound)."""
    ruleset = rules_of(rules, params)
    budget = Budget.from_dict({name: exact(value) for name, value in record.items()})
    bound = bind(ruleset, budget)
    outcomes = {outcome.relation.rule[2:]: outcome for outcome in evaluate_all(bound.relations, budget)}
    violated = sorted(name for name, outcome in outcomes.items() if outcome.verdict == "inconsistent")
    unknown = {name for name, outcome in outcomes.items() if outcome.verdict == "undecided"}
    unknown |= {rule.rule[2:] for rule in bound.unbound if _is_empty(ruleset, rule.rule, record)}
    assert not any(outcome.verdict == "failed" for outcome in outcomes.values()), outcomes
    return violated, sorted(unknown), outcomes


def _is_empty(ruleset, rule_id, record):
    (rule,) = (one for one in ruleset if one.id == rule_id)
    names = [name.label for name in rule.equation.names()]
    return bool(names) and all(name in record and record[name] is None for name in names)


def test_checks_of_records(read_cases):
    cases = [case for case in read_cases("stats.json")["cases"] if case["kind"] == "check"]
    assert len(cases) >= 9
    for case in cases:
        if case["id"] == "validate/conditional-eps-2":  # a tolerance inside a condition: see the next test
            continue
        for number, record in enumerate(case["records"]):
            violated, unknown, _ = judged(case["rules"], record, case.get("params", {}))
            assert violated == sorted(case["expected"]["violated"][number]), case["id"]
            assert unknown == sorted(case["expected"].get("unknown", [[]] * 99)[number]), case["id"]


def test_a_tolerance_does_not_make_a_condition_true(read_cases):
    (case,) = (one for one in read_cases("stats.json")["cases"] if one["id"] == "validate/conditional-eps-2")
    assert case["expected"]["violated"] == [["r1"]]  # what the source shows as a trap
    assert judged(case["rules"], case["records"][0], case["params"])[0] == []


def test_a_record_of_rounded_figures_is_explained_by_rounding(read_cases):
    (case,) = (one for one in read_cases("stats.json")["cases"] if one["id"] == "scholtus2008/intro-rounding")
    for record, explained in zip(case["records"], case["expected"]["explained_by_rounding"], strict=True):
        budget = Budget.from_dict({name: str(value) for name, value in record.items()})
        (outcome,) = evaluate_all(bind(RuleSet.from_equations("t = a + b"), budget).relations, budget)
        assert (outcome.verdict in {"exact", "rounding"}) == explained


def test_wholes_and_parts(read_cases):
    cases = [case for case in read_cases("stats.json")["cases"] if case["kind"] == "hierarchy"]
    assert len(cases) >= 3
    for case in cases:
        (rule,) = case["rules"]
        budget = Budget.from_records({"label": one["label"], "amount": exact(one["value"])} for one in case["records"])
        text = f'"{rule["whole"]}" = ' + " + ".join(f'"{part}"' for part in rule["parts"])
        for key, policy in (("holds", "required"), ("holds_missing_as_zero", "absent-is-zero")):
            if key not in case["expected"]:
                continue
            ruleset = RuleSet.from_equations([text])
            relations = bind(ruleset, budget, convention=Convention(missing=policy)).relations
            (outcome,) = evaluate_all(relations, budget)
            expected = {True: "exact", False: "inconsistent", None: "undecided"}[case["expected"][key][0]]
            assert outcome.verdict == expected, case["id"]
            if key == "holds" and "difference" in case["expected"]:
                assert outcome.gap == Fraction(str(case["expected"]["difference"][0]))


def test_business_records_under_three_rule_sets(read_cases):
    data = read_cases("sbs2000.json")
    compared = 0
    for case in data["cases"]:
        for name, rules in data["rule_sets"].items():
            violated, unknown, _ = judged(rules, case["values"], {})
            expected = case["check"][name]
            assert violated == sorted(expected["violated"]), (case["id"], name)
            assert unknown == sorted(expected["unknown"]), (case["id"], name)
            compared += 1
    assert compared >= 96


def test_regional_accounts_over_time_and_place(read_cases):
    """Quarters make the year, regions the country, exports less imports the balance; a year has only the regions it has."""
    data = read_cases("samplonia.json")
    years = sorted({period for _, period, _, _ in data["cases"] if "Q" not in period})
    found = Counter()
    by_label = {
        "quarters": lambda region, period, measure: (period, f"{region} {measure}"),
        "regions": lambda region, period, measure: (region, f"{period} {measure}"),
        "balance": lambda region, period, measure: (measure, f"{region} {period}"),
    }
    texts = {
        "quarters": [f'"{year}" = ' + " + ".join(f'"{year}Q{quarter}"' for quarter in range(1, 5)) for year in years],
        "regions": [f"{whole} = " + " + ".join(parts) for whole, parts in data["hierarchy"].items()],
        "balance": ["balance = export - import"],
    }
    for relation, key in by_label.items():
        records = []
        for region, period, measure, value in data["cases"]:
            label, entity = key(region, period, measure)
            records.append({"label": label, "entity": entity, "amount": exact(value)})
        budget = Budget.from_records(records)
        for outcome in evaluate_all(bind(RuleSet.from_equations(texts[relation]), budget).relations, budget):
            if outcome.relation.form != "tie":
                found[f"{relation}:{'holds' if outcome.verdict == 'exact' else outcome.verdict}"] += 1
    expected = Counter(data["counts"])
    for entry in data["not_holding"]:  # a whole that nobody reports is no target to weigh
        if any(because["state"] == "absent" and because["key"] == entry["whole"] for because in entry["because"]):
            expected[f"{entry['relation']}:undecided"] -= 1
    assert found == expected
    assert found.total() >= 749


# --- Hierarchies of SDMX/VTL: which absent items count as zero, which comparisons are open ---------------------------------------------


def hierarchy_rules(case):
    """One rule for each rule of the case, by id; absent items count as zero in the `_zero` modes, NULL ones never do."""
    zero = case["mode"].endswith("_zero")
    made = []
    for rule in case["rules"]:
        text = f"{rule['left']} {rule['op']} " + " ".join(f"{sign} {item}" for sign, item, *_ in rule["parts"])
        parsed = parse_equation(text.replace("= +", "=").replace("> +", ">"))
        items = tuple(name.label for name in parsed.names()) if zero else ()
        made.append(Rule(rule["id"], "SUM001", "logic", parsed, optional=items))
    return RuleSet(tuple(made))


def budget_of(case):
    """One entity for each value of all keys but the item, and one in which every item is named and empty."""
    table = case["input"]
    item = table["columns"].index(case["item"])
    value = table["columns"].index(table["measures"][0])
    records = [
        {
            "label": row[item],
            "amount": exact(row[value]),
            "entity": "/".join(cell for place, cell in enumerate(row) if place not in {item, value}),
        }
        for row in table["rows"]
    ]
    items = {name for rule in case["rules"] for name in (rule["left"], *(part[1] for part in rule["parts"]))}
    return Budget.from_records([*records, *({"label": name, "entity": "empty"} for name in sorted(items))])


def expected_rows(case):
    """Imbalance by rule and group, None where the comparison is NULL."""
    columns = case["expected"]["columns"]
    keys = [columns.index(key) for key in case["input"]["keys"] if key != case["item"]]
    rule, imbalance = columns.index("ruleid"), columns.index("imbalance")
    return {(row[rule], "/".join(row[key] for key in keys)): row[imbalance] for row in case["expected"]["rows"]}


@pytest.mark.parametrize("output", ["invalid", "all"])
def test_hierarchies_with_absent_and_empty_items(read_cases, output):
    cases = [
        case
        for case in read_cases("vtl.json")["cases"]
        if case["operator"] == "check_hierarchy"
        and "expected_error" not in case
        and case["output"].startswith(output)
        and not any(rule.get("when") for rule in case["rules"])
    ]
    compared = 0
    for case in cases:
        expected = expected_rows(case)
        budget = budget_of(case)
        ops = {rule["id"]: rule["op"] for rule in case["rules"]}
        for outcome in evaluate_all(bind(hierarchy_rules(case), budget).relations, budget):
            group = budget.line(outcome.relation.terms[0].line).identity.entity
            row = expected.get((outcome.relation.rule, group), "not listed")
            if case["mode"] == "non_zero" and outcome.computed == outcome.gap == 0:
                continue  # this mode lists no comparison of nothing with nothing
            compared += 1
            if outcome.verdict == "undecided":
                assert row in {None, "not listed"}, (case["id"], group)
            elif output == "invalid":
                assert (outcome.verdict == "inconsistent") == (row != "not listed"), (case["id"], group)
            if outcome.verdict == "inconsistent" and ops[outcome.relation.rule] == "=":
                assert Fraction(row) == outcome.gap, (case["id"], group)
    assert compared >= 20
