"""Records of audits that tests made, for the report of a test run.

Nothing is kept unless somebody listens, so that a suite that asks for no report pays nothing. A record is text, because
workers of pytest-xdist send theirs to the process that writes the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from budgetaudit.findings.report import Report

# By name: the report as JSON, and its JUnit suites.
Record = dict[str, str]

_LISTENING: Final[list[dict[str, Record]]] = []
_CURRENT: Final[list[str]] = [""]


def listen() -> dict[str, Record]:
    """Keep records from now on, by name; the dict fills as audits are made."""
    records: dict[str, Record] = {}
    _LISTENING.append(records)
    return records


def stop(records: dict[str, Record]) -> None:
    """Keep no more records there."""
    _LISTENING[:] = [kept for kept in _LISTENING if kept is not records]


def running(test: str) -> None:
    """Say which test is running; audits without a name are called after it."""
    _CURRENT[0] = test


def record(name: str | None, report: Report) -> None:
    """Keep what an audit found, if somebody listens; the last of a name stays."""
    if not _LISTENING:
        return
    from xml.etree.ElementTree import tostring

    from budgetaudit.show.junit import report_suites

    called = name or _CURRENT[0] or "figures"
    suites = report_suites(report)
    for suite in suites:
        suite.set("name", called if len(suites) == 1 else f"{called} {suite.get('name')}")
    text = "".join(tostring(suite, encoding="unicode") for suite in suites)
    for records in _LISTENING:
        records[called] = {"json": report.to_json(), "junit": text}


def written(records: Mapping[str, Record], *, junit: bool) -> str:
    """All records as one file: JUnit XML, or a JSON object of reports by name."""
    ordered: Iterable[tuple[str, Record]] = sorted(records.items())
    if junit:
        from xml.etree.ElementTree import fromstring

        from budgetaudit.show.junit import junit_file

        whole = "".join(kept["junit"] for _, kept in ordered)
        return junit_file(list(fromstring(f"<all>{whole}</all>")))  # noqa: S314 - our own text
    import json

    reports = {name: json.loads(kept["json"]) for name, kept in ordered}
    return json.dumps({"schema": "budgetaudit/reports/1", "reports": reports}, ensure_ascii=False, indent=2) + "\n"
