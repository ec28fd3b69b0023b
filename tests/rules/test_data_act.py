"""The DATA Act Broker's arithmetic, on its own sample files where they are there and on figures typed again from them."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.rules.ruleset import RuleSet

CASES = Path(__file__).parents[3] / "shared" / "cases" / "data-act"
ACCOUNT = (
    "allocation_transfer_agency", "agency_identifier", "beginning_period_of_availa", "ending_period_of_availabil",
    "availability_type_code", "main_account_code", "sub_account_code",
)  # fmt: skip
LONG_ACCOUNT = (
    "allocationtransferagencyidentifier", "agencyidentifier", "beginningperiodofavailability",
    "endingperiodofavailability", "availabilitytypecode", "mainaccountcode", "subaccountcode",
)  # fmt: skip
KEYS = (
    "program_activity_name", "program_activity_code", "program_activity_reporting_key", "prior_year_adjustment",
    "object_class", "by_direct_reimbursable_fun", "disaster_emergency_fund_code", "row",
)  # fmt: skip
NOT_FIGURES = {"flex_field_a", "flex_field_b", "nonexistent_column"}
RULES = RuleSet.load("us.data-act")
# All arithmetic rules of the Broker; the two that ask whether a balance is there at all are no equations.
BROKER = (
    *(f"A{number}" for number in (2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 14, 15, 18, 19, 22, 23, 24, 29, 34, 35)),
    *(f"B{number}" for number in ("3.1", "3.2", "4.1", "4.2", "5.1", "5.2", "6.1", "6.2", "7.1", "7.2", 13, 14, 15, 22, 25, 26)),
    *(f"C{number}" for number in ("3.1", "3.2", "4.1", "4.2", "5.1", "5.2", "6.1", "6.2", "7.1", "7.2", 18)),
    *("C20.1", "C20.2", "C21.1.1", "C21.1.2", "C21.2.1", "C21.2.2", "C23.1", "C23.2", "C23.3", "C23.4", "C26.1", "C26.2"),
    *("C27.1", "C27.2"),
)  # fmt: skip
NO_EQUATION = {"C27.1", "C27.2"}


def rows_of(name):
    with (CASES / "samples" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def accounts(rows):
    """File A."""
    account = ACCOUNT if ACCOUNT[0] in rows[0] else LONG_ACCOUNT
    figures = [column for column in rows[0] if column not in {*account, *NOT_FIGURES}]
    return Budget.from_rows(rows, entity=account, figures=figures, table="A", unit="USD")


def programmes(rows):
    """File B."""
    rows = [{**row, "row": str(number)} for number, row in enumerate(rows, 1)]
    figures = [column for column in rows[0] if column not in {*ACCOUNT, *KEYS, *NOT_FIGURES}]
    return Budget.from_rows(rows, entity=ACCOUNT, keys=KEYS, figures=figures, table="B", unit="USD")


def judged(budget, ruleset=RULES):
    """Verdict and gap by rule, in order."""
    found: dict[str, list] = {}
    for outcome in evaluate_all(bind(ruleset, budget).relations, budget):
        for rule in (outcome.relation.rule, *outcome.relation.also):
            found.setdefault(rule.partition("/")[2], []).append(outcome)
    return found


def test_every_rule_of_the_broker_is_a_rule_of_the_pack_or_no_equation():
    named = {rule.id.partition("/")[2] for rule in RULES}
    assert len(BROKER) == len(set(BROKER)) == 61
    assert {rule for rule in BROKER if rule not in named} == NO_EQUATION
    assert all(any(rule == one or rule.startswith(f"{one}.") for one in BROKER) for rule in named)


# --- Sample files ----------------------------------------------------------------------------------------------------------

needs_cases = pytest.mark.skipif(not CASES.exists(), reason="the sample files are not here")


def expected(*names):
    cases = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
    return [case for case in cases if case["file"] in names]


def agrees(outcome, case):
    """The Broker compares exactly: what differs for it is not exact, or within what the printed places hide."""
    if case["verdict"] == "not-compared":
        return outcome.verdict == "undecided" and "missing-part" in outcome.reasons
    return outcome.gap == Fraction(case["gap"]) and (outcome.verdict == "exact") == (case["verdict"] == "exact")


@needs_cases
@pytest.mark.parametrize(
    "name", ["appropValid.csv", "appropInvalidError.csv", "cross_file_A.csv", "invalid_cross_file_A.csv"]
)
def test_accounts_are_judged_as_the_broker_judges_them(name):
    cases = [case for case in expected(name) if case["rule"] in {"A2", "A3", "A4", "A24"}]
    by_row = [judged(accounts([row])) for row in rows_of(name)]  # an account may stand in a broken file twice
    assert cases
    for case in cases:
        (outcome,) = by_row[case["row"] - 1][case["rule"]]
        assert agrees(outcome, case), case


@needs_cases
@pytest.mark.parametrize("name", ["cross_file_B.csv", "invalid_cross_file_B.csv"])
def test_programmes_are_judged_as_the_broker_judges_them(name):
    found = judged(programmes(rows_of(name)))
    cases = expected(name)
    assert cases
    for case in cases:
        outcome = found[case["rule"]][case["row"] - 1]
        assert agrees(outcome, case), case


@needs_cases
@pytest.mark.parametrize(
    ("a", "b"), [("cross_file_A.csv", "cross_file_B.csv"), ("invalid_cross_file_A.csv", "invalid_cross_file_B.csv")]
)
def test_accounts_are_held_against_their_programmes(a, b):
    detail = programmes(rows_of(b))
    cases = [case for case in expected(a) if case["rule"] in {"A18", "A19", "A35"}]
    by_row = [judged(Budget.joined([accounts([row]), detail])) for row in rows_of(a)]
    assert cases
    for case in cases:
        (outcome,) = [
            one for one in by_row[case["row"] - 1][case["rule"]] if one.relation.terms[0].role == "total"
        ]  # fmt: skip
        assert agrees(outcome, case), case


@needs_cases
def test_the_ledger_is_judged_by_its_own_pack():
    rows = rows_of("sf_133.csv")
    account = ("ATA", "AID", "BPOA", "EPOA", "Availability,Type Code", "Main Account", "Sub Account")
    names = [" ".join(row[column].strip() or "-" for column in account) for row in rows]
    records = [
        {"label": "line", "code": row["Line Num"], "amount": row["Amount Summed"], "entity": name}
        for row, name in zip(rows, names, strict=True)
    ]
    found = judged(Budget.from_records(records), RuleSet.load("sf133"))
    for rule, cases in (("resources", "ledger-resources"), ("both-sides", "ledger-status")):
        given = [case for case in expected("sf_133.csv") if case["rule"] == cases]
        assert [outcome.gap for outcome in found[rule]] == [Fraction(case["gap"]) for case in given]
        # Amounts cut to ten digits: what differs stays within what the cut digits hide.
        assert {outcome.verdict for outcome in found[rule]} <= {"exact", "rounding"}


# --- Figures typed again ---------------------------------------------------------------------------------------------------

ROW = {
    "account": "28 | 8007", "budget_authority_unobligat_fyb": "3.03", "budget_authority_appropria_cpe": "1.01",
    "adjustments_to_unobligated_cpe": "5", "borrowing_authority_amount_cpe": "1.51", "contract_authority_amount_cpe": "2.02",
    "spending_authority_from_of_cpe": "0.51", "other_budgetary_resources_cpe": "4.04", "total_budgetary_resources_cpe": "13.08",
    "obligations_incurred_total_cpe": "8.08", "unobligated_balance_cpe": "5", "status_of_budgetary_resour_cpe": "13.08",
}  # fmt: skip


def verdicts(budget, *rules):
    found = judged(budget)
    return [[outcome.verdict for outcome in found.get(rule, [])] for rule in rules]


@pytest.mark.parametrize(
    ("column", "amount", "broken"),
    [
        (None, None, set()),
        ("budget_authority_appropria_cpe", "0.01", {"A2"}),
        ("other_budgetary_resources_cpe", "4.40", {"A2", "A3"}),
        ("total_budgetary_resources_cpe", "13.80", {"A2", "A24"}),
        ("status_of_budgetary_resour_cpe", "13.80", {"A4", "A24"}),
        ("unobligated_balance_cpe", "50", {"A4"}),
    ],
)
def test_a_wrong_figure_of_an_account_breaks_the_rules_it_takes_part_in(column, amount, broken):
    row = ROW if column is None else {**ROW, column: amount}
    budget = Budget.from_rows([row], entity=["account"], table="A", unit="USD")
    rules = ("A2", "A3", "A4", "A24")
    expected = [["inconsistent" if rule in broken else "exact"] for rule in rules]
    assert verdicts(budget, *rules) == expected


def test_an_account_ties_to_the_line_of_the_ledger_of_its_period():
    row = {**ROW, "year": "2024", "period": "6"}
    account = Budget.from_rows([row], entity=["account"], keys=["period"], figures=list(ROW)[1:], table="A", unit="USD", period="2024")  # fmt: skip
    lines = [
        {"label": "line", "code": code, "amount": amount, "unit": "USD", "entity": "28 | 8007", "period": year, "table": "sf133", "keys": {"period": month}}
        for code, amount, year, month in [
            ("1910", "13.08", "2024", "6"), ("1910", "99.00", "2024", "3"), ("2490", "3.03", "2023", "12"), ("2490", "5", "2024", "6"),
            ("1021", "4.00", "2024", "6"), ("1033", "1.00", "2024", "6"), ("1540", "2.00", "2024", "6"),
        ]
    ]  # fmt: skip
    budget = Budget.joined([account, Budget.from_records(lines)])
    assert verdicts(budget, "A6", "A34", "A15", "A12", "A9", "A22") == [
        ["exact"], ["exact"], ["exact"], ["exact"], ["inconsistent"], [],
    ]  # fmt: skip


def test_outlays_of_an_award_whose_four_amounts_are_zero_are_exempt():
    names = ("gross_outlay_amount_by_awa_cpe", "gross_outlays_undelivered_cpe", "gross_outlays_undelivered_fyb", "gross_outlays_delivered_or_cpe", "gross_outlays_delivered_or_fyb")  # fmt: skip
    rows = [
        dict(zip(("award", *names), row, strict=True))
        for row in [("1", "7.00", "0", "0", "0.00", ""), ("2", "7.00", "9.00", "2.00", "", "0"), ("3", "7.00", "9.00", "1.00", "", "0")]
    ]  # fmt: skip
    budget = Budget.from_rows(rows, keys=["award"], table="C", unit="USD")
    assert verdicts(budget, "C5.2") == [["exact", "inconsistent"]]


def test_awards_are_part_of_programmes_column_by_column():
    def row(table, activity, outlays, recovered):
        keys = {
            "object_class": "254",
            "by_direct_reimbursable_fun": "D",
            "prior_year_adjustment": "X",
            "activity": activity,
        }
        figures = {"ussgl490200_delivered_orde_cpe": outlays, "ussgl487100_downward_adjus_cpe": recovered}
        return Budget.from_rows([{"account": "x", **keys, **figures}], entity=["account"], keys=list(keys), table=table)

    programmes = [row("B", "1", "-2.00", "1.50"), row("B", "2", "-2.00", "1.50")]
    within = Budget.joined([row("C", "1", "-3.00", "1.00"), *programmes])
    assert verdicts(within, "C20.1", "C20.1.recoveries", "C20.2") == [["exact"], ["exact"], []]
    beyond = Budget.joined([row("C", "1", "-5.00", "4.00"), *programmes])
    assert verdicts(beyond, "C20.1", "C20.1.recoveries") == [["inconsistent"], ["inconsistent"]]


def test_an_award_is_compared_with_the_award_file_whatever_account_paid_it():
    def of(table, label, *rows):
        return [
            {"label": label, "amount": amount, "entity": entity, "table": table, "keys": {"piid": piid, "parent_award_id": "", "own_account": "yes"}}
            for entity, piid, amount in rows
        ]  # fmt: skip

    records = [
        *of("C", "transaction_obligated_amou", ("x", "p1", "-60.00"), ("y", "p1", "-40.00"), ("x", "p2", "-5.00"), ("x", "p3", "-8.00")),
        *of("D1", "federal_action_obligation", (None, "p1", "100.00"), (None, "p2", "6.00"), (None, "p4", "9.00")),
    ]  # fmt: skip
    assert verdicts(Budget.from_records(records), "C23.1") == [["exact", "inconsistent"]]
