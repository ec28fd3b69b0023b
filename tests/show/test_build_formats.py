"""JUnit, SARIF and GitHub annotations: what machines that build read, well formed for any report."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

import budgetaudit as ba
from budgetaudit.findings.report import Report
from budgetaudit.show.formats import render
from budgetaudit.show.language import LOCALES
from showing import reports

# --- JUnit ------------------------------------------------------------------------------------------------------------


def junit(report: Report, **options: str) -> ET.Element:
    return ET.fromstring(render(report, "junit", **options))


def test_every_relation_is_a_case_so_that_passes_are_counted(county: Report) -> None:
    root = junit(county)
    (suite,) = root
    remarks = [finding for finding in county.findings if not finding.outcomes]
    assert int(suite.attrib["tests"]) == len(county.outcomes) + len(remarks) == len(suite)
    assert suite.attrib["name"] == "county-report.txt"
    passed = [case for case in suite if not list(case)]
    assert len(passed) == county.counts["exact"]


def test_errors_fail_warnings_pass_and_broken_rules_are_errors(county: Report) -> None:
    cases = {case.get("classname"): case for case in junit(county).iter("testcase")}
    assert cases["mine/absurd"].find("failure").get("type") == "SUM001"
    assert "基本支出" in cases["mine/absurd"].find("failure").get("message")
    assert cases["mine/economic"].find("failure") is None
    assert "rounding" in cases["mine/economic"].find("system-out").text
    assert cases["mine/unknown"].find("error") is not None


def test_what_is_not_decided_is_skipped_with_its_reason() -> None:
    report = ba.audit({"t": "3", "a": "1", "b": ""}, rules=["t = a + b"])
    (case,) = junit(report).iter("testcase")
    assert case.find("skipped").get("message") == "a part is not reported"
    assert junit(report).attrib["tests"] == "1"


# junit-10.xsd in short: element -> (attributes it must have, attributes it may have, children).
_TIMES = {"time"}
_JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, _TIMES, {"testcase"}),
    "testcase": ({"name", "classname"}, _TIMES, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
    "skipped": ({"message"}, set(), set()),
    "system-out": (set(), set(), set()),
}


def assert_junit(root: ET.Element) -> None:
    assert root.tag == "testsuites"
    for element in root.iter():
        must, may, children = _JUNIT[element.tag]
        assert must <= set(element.attrib) <= must | may
        assert {child.tag for child in element} <= children
        if element.tag == "testsuite":
            names = [(case.get("classname"), case.get("name")) for case in element]
            assert len(set(names)) == len(names)
            for counted, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(element.attrib[counted]) == len(list(element.iter(tag)))


# --- SARIF ------------------------------------------------------------------------------------------------------------


def _object(required: str = "", **properties: object) -> dict[str, object]:
    return {
        "type": "object", "required": required.split(), "properties": properties, "additionalProperties": False,
    }  # fmt: skip


def _list(items: object, **more: object) -> dict[str, object]:
    return {"type": "array", "items": items, **more}


_TEXT = {"type": "string"}
_NAME = {"type": "string", "minLength": 1}
_FROM_0, _FROM_1 = {"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_MESSAGE = _object("text", text=_NAME)
_ARTIFACT = _object("uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9._~/%-]+$"})
_REGION = _object(
    startLine=_FROM_1, startColumn=_FROM_1, endColumn=_FROM_1, charOffset=_FROM_0, charLength=_FROM_0,
    snippet=_object("text", text=_TEXT),
)  # fmt: skip
_LOCATION = {
    "physicalLocation": _object("artifactLocation", artifactLocation=_ARTIFACT, region=_REGION),
    "logicalLocations": _list(_object(name=_TEXT, fullyQualifiedName=_TEXT), minItems=1),
}
_REPLACEMENT = _object("deletedRegion", deletedRegion=_REGION, insertedContent=_object("text", text=_TEXT))
_FIX = _object(
    "artifactChanges", description=_MESSAGE,
    artifactChanges=_list(
        _object("artifactLocation replacements", artifactLocation=_ARTIFACT, replacements=_list(_REPLACEMENT, minItems=1)),
        minItems=1,
    ),
)  # fmt: skip
_RESULT = _object(
    "message", ruleId=_NAME, ruleIndex=_FROM_0, level=_LEVEL, message=_MESSAGE, properties={"type": "object"},
    partialFingerprints={"type": "object", "additionalProperties": _TEXT}, locations=_list(_object(**_LOCATION)),
    relatedLocations=_list(_object(id=_FROM_0, message=_MESSAGE, **_LOCATION)), fixes=_list(_FIX),
)  # fmt: skip
_RULE = _object(
    "id", id=_NAME, name=_TEXT, shortDescription=_MESSAGE, fullDescription=_MESSAGE,
    defaultConfiguration=_object(level=_LEVEL),
)  # fmt: skip
_DRIVER = _object(
    "name", name=_NAME, semanticVersion=_TEXT, rules=_list(_RULE, uniqueItems=True),
    language={"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z0-9]+)*$"},
)  # fmt: skip
_RUN = _object(
    "tool", tool=_object("driver", driver=_DRIVER), columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    artifacts=_list(
        _object(
            location=_ARTIFACT, hashes={"type": "object", "additionalProperties": _TEXT}, encoding=_TEXT,
        )
    ),
    results=_list(_RESULT), properties={"type": "object"},
)  # fmt: skip
# The part of the 2.1.0 schema that these logs use; every object closed, as in the published one.
SARIF = Draft202012Validator(
    _object("version runs", **{"$schema": _NAME}, version={"const": "2.1.0"}, runs=_list(_RUN, minItems=1))
)


def sarif(report: Report, **options: str) -> dict:
    return json.loads(render(report, "sarif", **options))["runs"][0]


def test_a_result_points_at_the_characters_of_its_figure(county: Report) -> None:
    run = sarif(county)
    result = next(one for one in run["results"] if one["properties"]["rule"] == "mine/economic")
    (location,) = result["locations"]
    region = location["physicalLocation"]["region"]
    text = county.budget.documents[0].text
    assert text[region["charOffset"] :][: region["charLength"]] == region["snippet"]["text"] == "677.41"
    assert text.split("\n")[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == "677.41"
    assert result["relatedLocations"][0]["message"]["text"] == "工资福利支出"
    assert result["level"] == "warning"
    assert result["properties"]["gap"] == "0.02"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "SUM001"
    assert county.finding(result["partialFingerprints"]["budgetaudit/v1"]).rule == "mine/economic"


def test_a_fix_replaces_the_printed_characters(county: Report) -> None:
    result = next(one for one in sarif(county)["results"] if one["properties"]["rule"] == "mine/economic")
    (fix,) = result["fixes"]  # truncation changes no figure
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    deleted = replacement["deletedRegion"]
    text = county.budget.documents[0].text
    assert text[deleted["charOffset"] :][: deleted["charLength"]] == "145.54"
    assert replacement["insertedContent"]["text"] == "145.56"


# --- GitHub -----------------------------------------------------------------------------------------------------------

_COMMAND = re.compile(r"::(error|warning|notice) ([a-zA-Z]+=[^:,]*(?:,[a-zA-Z]+=[^:,]*)*)::(.*)")


def test_annotations_name_file_line_and_columns(county: Report) -> None:
    lines = render(county, "github").splitlines()
    assert len(lines) == len(county.findings) + 1
    economic = next(line for line in lines if "mine/economic" in line)
    level, properties, said = _COMMAND.fullmatch(economic).groups()
    assert level == "warning"
    given = dict(pair.split("=") for pair in properties.split(","))
    assert given["file"] == "county-report.txt"
    assert int(given["endColumn"]) - int(given["col"]) + 1 == len("677.41")
    assert said.startswith("部门整体支出 is printed as 677.41")
    assert lines[-1].startswith("::notice title=budgetaudit::4 relations checked")


def test_percent_signs_and_separators_are_escaped() -> None:
    budget = ba.Budget.from_dict({"a:b,%0Ac": "1", "d": "3"})
    shown = render(ba.audit(budget, rules=['"a:b,%0Ac" = d']), "github")
    assert "%0Ac" not in shown
    assert "a:b,%250Ac" in shown


# --- Any report -------------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(reports())
@pytest.mark.parametrize("locale", LOCALES)
def test_any_report_is_well_formed_in_each(locale: str, report: Report) -> None:
    assert_junit(junit(report, locale=locale))
    SARIF.validate(json.loads(render(report, "sarif", locale=locale)))
    for line in render(report, "github", locale=locale).split("\n")[:-1]:
        assert _COMMAND.fullmatch(line), line
