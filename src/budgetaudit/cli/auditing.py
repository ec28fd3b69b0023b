"""Auditing the documents that a command names: which belong together, several at a time, with a bar on a terminal.

Documents that name their office are audited together: the same fact in two of them has to be the same figure, closing
figures of one year are opening figures of the next, and a department is the sum of its units. A document that does not say
whose it is stays apart, so that figures of two offices are never compared because both are called "total". A document that
cannot be read is named on stderr and does not stop the others.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from budgetaudit.audit import audit
from budgetaudit.cli.bar import bar
from budgetaudit.cli.streams import say_on_stderr
from budgetaudit.errors import UnreadableInput
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.progress import counted, watched
from budgetaudit.read import read
from budgetaudit.read.same import joined_documents

# Formats whose readers look the document up by the path it was given as.
_BY_PATH: Final = frozenset({"sarif", "junit", "github"})
Given = TypeVar("Given")
Made = TypeVar("Made")


class Audited(NamedTuple):
    """The reports of the documents that could be read, apart or together, and how many documents could not."""

    reports: list[Report]
    unreadable: int


def audited(options: argparse.Namespace) -> Audited:
    """Read and audit the documents of a command; what cannot be read is said on stderr."""
    names: list[str] = options.files
    jobs = min(options.jobs or os.cpu_count() or 1, len(names))
    rules = {
        "rules": options.rules, "select": _codes(options.select), "ignore": _codes(options.ignore),
        "rounding": options.rounding,
    }  # fmt: skip
    by_path = getattr(options, "format", None) in _BY_PATH
    sources = [(name, sys.stdin.buffer.read() if name == "-" else None) for name in names]
    with bar() as watcher, ProcessPoolExecutor(jobs) if jobs > 1 else nullcontext() as pool, watched(watcher):
        work = partial(_read, encoding=options.encoding, by_path=by_path)
        found = list(_worked(work, sources, pool, stage_of_files=len(names) > 1))
        budgets = [budget for budget in found if isinstance(budget, Budget)]
        groups = _together(budgets, options.together)
        reports = list(_worked(partial(_audit, rules=rules), groups, pool, stage_of_files=False))
    for problem in found:
        if isinstance(problem, str):
            say_on_stderr(f"budgetaudit: {problem}")
    return Audited(reports, len(found) - len(budgets))


def added(reports: Sequence[Report]) -> Report:
    """The sum of reports, added in halves so that a long list is not gathered again for each of its documents."""
    if len(reports) == 1:
        return reports[0]
    half = len(reports) // 2
    return added(reports[:half]) + added(reports[half:])


def _worked(
    work: Callable[[Given], Made], given: Sequence[Given], pool: Executor | None, *, stage_of_files: bool
) -> Iterator[Made]:
    """The results in order, made here or by the processes of the pool."""
    made: Iterable[Made] = map(work, given) if pool is None else pool.map(work, given)
    if stage_of_files and pool is not None:  # the steps inside of another process are not heard here
        return counted(made, stage="reading", of="files", total=len(given))
    return iter(made)


def _read(source: tuple[str, bytes | None], *, encoding: str | None, by_path: bool) -> Budget | str:
    """The budget of a document, or why it cannot be read."""
    name, data = source
    try:
        if data is not None:
            return read(data, encoding=encoding, name="stdin")
        called = Path(name).as_posix() if by_path else None
        return read(Path(name), encoding=encoding, name=called)
    except UnreadableInput as error:
        return str(error)
    except OSError as error:
        return f"cannot read {name}: {error.strerror or error}"


def _audit(budget: Budget, *, rules: Mapping[str, Any]) -> Report:
    return audit(budget, **rules)


def _together(budgets: list[Budget], how: str) -> list[Budget]:
    """The budgets to audit: joined where they belong together, in the order of the first of them."""
    joinable = [budget for budget in budgets if how == "always" or (how == "auto" and _names_its_office(budget))]
    if len(joinable) < 2:
        return budgets
    joined = joined_documents(joinable)
    return [
        joined if budget is joinable[0] else budget
        for budget in budgets
        if budget is joinable[0] or budget not in joinable
    ]


def _names_its_office(budget: Budget) -> bool:
    return len(budget) > 0 and all(line.identity.entity for line in budget)


def _codes(given: list[str] | None) -> tuple[str, ...] | None:
    """`--select SUM,RAT --select cn/x` as one list of codes."""
    return None if given is None else tuple(code for codes in given for code in codes.split(",") if code)
