"""`budgetaudit check` for tables of facts: counts on stdout, outcomes as Parquet, and a summary page.

A relation that rounding cannot explain, has no value or broke counts as an error; one that was not decided as a warning; a gap
that rounding explains as information.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from budgetaudit.check.outcome import VERDICTS, Verdict
from budgetaudit.cli.streams import say_on_stderr, write_file, write_result
from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.stream_report import StreamReport
from budgetaudit.progress import Progress
from budgetaudit.show.tally import verdict_line

_LEVELS: Final[dict[str, tuple[Verdict, ...]]] = {
    "never": (),
    "error": ("inconsistent", "undefined", "failed"),
    "warning": ("inconsistent", "undefined", "failed", "undecided"),
    "info": ("inconsistent", "undefined", "failed", "undecided", "rounding"),
}


def run_facts(options: argparse.Namespace) -> int:
    """Audit tables of facts and return the exit code: 0, 1, or 2 where nothing was checked."""
    from budgetaudit.stream import audit_stream

    if options.rules is None:
        raise BudgetAuditError("which rules a table of facts has to fulfil is not in it", hint="--rules PACK|PATH")
    if options.select or options.ignore:
        raise BudgetAuditError("rules of tables of facts are all or none", hint="name a pack with fewer rules")
    keys = [key for key in options.keys.split(",") if key]
    with _outcomes_at(options) as output:
        report = audit_stream(
            options.files[0] if len(options.files) == 1 else options.files,
            rules=options.rules, amount=options.amount, keys=_keys(keys), item=options.item, code=options.code,
            places=_number_or_name(options.places), unit=options.unit, rounding=options.rounding, output=output,
            resume=options.resume, progress=_say_how_far,
        )  # fmt: skip
        write_result("\n".join(_lines(report, options.locale)) + "\n")
        if options.page is not None:
            from budgetaudit.show.stream_page import show_stream_page

            page = show_stream_page(report, keys=[key.partition("=")[2] or key for key in keys], locale=options.locale)
            write_file(options.page, page.encode())
    if not report.checked:
        say_on_stderr(
            f"budgetaudit: nothing was checked: {report.rows} rows read, {report.counts['undecided']} relations undecided,"
            f" {report.counts['failed']} failed, {len(report.unbound)} rules found no figures"
        )
        return 2
    return int(any(report.counts[verdict] for verdict in _LEVELS[options.fail_on]))


def _keys(keys: list[str]) -> list[str] | dict[str, str]:
    """`entity,year`, or `entity=office,period=fy` where columns have other names."""
    if not any("=" in key for key in keys):
        return keys
    pairs = (key.partition("=") for key in keys)
    return {axis: column or axis for axis, _, column in pairs}


def _number_or_name(places: str | None) -> str | int | None:
    return int(places) if places is not None and places.lstrip("-").isdecimal() else places


@contextmanager
def _outcomes_at(options: argparse.Namespace) -> Generator[str | None]:
    """Where outcomes go: where the caller wants them, or, if only the page is wanted, nowhere in the end."""
    if options.output is not None or options.page is None:
        yield options.output
        return
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "outcomes.parquet")


def _say_how_far(step: Progress) -> None:
    of = "" if step.total is None else f" of {step.total:,}"
    say_on_stderr(f"budgetaudit: {step.stage}, {step.done:,}{of} {step.of}")


def _lines(report: StreamReport, locale: str) -> Iterator[str]:
    """The counts, and below them those of every rule that does not hold everywhere, worst first."""
    yield verdict_line(report.counts, report.checked, locale)
    broken = [one for one in report.ranked() if any(one[1].get(verdict) for verdict in VERDICTS if verdict != "exact")]
    width = max((len(rule) for rule, _ in broken), default=0)
    for rule, counted in broken:
        yield f"  {rule:<{width}}  " + "  ".join(
            f"{verdict} {counted[verdict]:,}" for verdict in VERDICTS if counted.get(verdict)
        )
