"""The pytest plugin: budget files as tests, one per rule, and a report of all audits of a run.

pytest loads this module at every start, in every project of an environment: it imports nothing of the library until a
file is collected, a fixture is asked for or a report is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from budgetaudit.findings.report import Report
    from budgetaudit.testing.cases import Case

_ENDING: Final = ".audit.toml"
_SETTINGS: Final = pytest.StashKey[Mapping[str, Any]]()
_RECORDS: Final = pytest.StashKey[dict[str, dict[str, str]]]()
_OUTPUT: Final = "budgetaudit_records"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option."""
    group = parser.getgroup("budgetaudit")
    group.addoption(
        "--budgetaudit-report",
        metavar="PATH",
        help="write all audits of this run to PATH: JUnit if it ends in .xml, else JSON",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read `[tool.budgetaudit]`, and listen to audits if a report is wanted."""
    config.addinivalue_line("markers", "budgetaudit: a rule of a budget file, collected by budgetaudit")
    config.stash[_SETTINGS] = _settings(config.rootpath)
    if config.getoption("--budgetaudit-report"):
        from budgetaudit.testing.recorded import listen

        config.stash[_RECORDS] = listen()
        config.pluginmanager.register(_Reporting(config), "budgetaudit-reporting")


def _settings(root: Path) -> Mapping[str, Any]:
    """What pyproject.toml says of budget files; it is parsed only where it names the table."""
    path = root / "pyproject.toml"
    if not path.is_file() or "[tool.budgetaudit]" not in (text := path.read_text(encoding="utf-8", errors="replace")):
        return {}
    import tomllib

    try:
        settings: dict[str, Any] = tomllib.loads(text)["tool"]["budgetaudit"]
    except tomllib.TOMLDecodeError as error:
        raise pytest.UsageError(f"pyproject.toml: {error}") from error
    known = {"files", "rules", "rounding", "fail-on", "select", "ignore"}
    if unknown := settings.keys() - known:
        raise pytest.UsageError(
            f"[tool.budgetaudit] of pyproject.toml: not known: {', '.join(sorted(unknown))} (known: {', '.join(sorted(known))})"
        )
    return settings


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Cases by their ending, budget files by the patterns of `[tool.budgetaudit]`."""
    if file_path.name.endswith(_ENDING):
        return cast("CaseFile", _made(CaseFile, parent, path=file_path))
    patterns: Any = parent.config.stash[_SETTINGS].get("files", ())
    if patterns and file_path.is_relative_to(parent.config.rootpath):
        relative = file_path.relative_to(parent.config.rootpath).as_posix()
        if any(fnmatch(relative, pattern) for pattern in patterns):
            return cast("CaseFile", _made(CaseFile, parent, path=file_path))
    return None


def _made(node: Any, parent: pytest.Collector, **given: Any) -> Any:
    """A node of pytest, whose own constructor is not typed."""
    return node.from_parent(parent, **given)


class CaseFile(pytest.File):
    """A case, or a listed budget file: one test for each of its rules."""

    def collect(self) -> Iterator[pytest.Item]:
        """Audit the document and give a test for each rule.

        Raises:
            CollectError: The document cannot be read or the case is not well formed.
        """
        from budgetaudit.errors import BudgetAuditError
        from budgetaudit.testing.cases import listed_case, read_case

        try:
            if self.path.name.endswith(_ENDING):
                case = read_case(self.path)
            else:
                root = self.config.rootpath
                case = listed_case(self.path, self.config.stash[_SETTINGS], root)
            rules = case.rule_ids
        except BudgetAuditError as error:
            raise self.CollectError(str(error)) from error
        if not case.report.checked or any(expected.rule is None for expected in case.expected):
            yield _made(RuleItem, self, name="expectations", case=case, rule=None)
        for rule in rules:
            yield _made(RuleItem, self, name=rule, case=case, rule=rule)


class RuleItem(pytest.Item):
    """One rule of one document."""

    def __init__(self, *, case: Case, rule: str | None, **kwargs: Any) -> None:
        cast("Any", super()).__init__(**kwargs)
        self.case, self.rule = case, rule
        self.add_marker("budgetaudit")

    def runtest(self) -> None:
        """Fail if a finding of the rule is not expected, or an expected one is not there."""
        from budgetaudit.testing.recorded import record

        record(self.path.name, self.case.report)
        told = [f"expected and not found: {expected}" for expected in self.case.missing(self.rule)]
        if self.rule is None:
            if not self.case.report.checked:
                told.append("nothing was checked")
        else:
            told += _told(self.case, self.rule)
        if told:
            raise _Wrong("\n\n".join(told))
        outcomes = self.case.outcomes(self.rule) if self.rule is not None else []
        if outcomes and all(outcome.verdict == "undecided" for outcome in outcomes):
            pytest.skip(f"undecided: {outcomes[0].reasons[0]}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What a report says, without a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, _Wrong) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the test stands."""
        return self.path, None, f"{self.path.name}: {self.name}"


class _Wrong(Exception):
    """A rule is not as expected; the message is for a person."""


def _told(case: Case, rule: str) -> list[str]:
    from budgetaudit.show.text import show_finding

    return [
        "\n".join(show_finding(finding, case.report.budget, verbose=True)) for finding in case.unexpected(rule)
    ]  # fmt: skip


class _Reporting:
    """Writes the report when the run ends; workers of pytest-xdist hand theirs to the process that started them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._records = config.stash[_RECORDS]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Audits of a test are called after it."""
        from budgetaudit.testing.recorded import running

        running(item.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker recorded."""
        self._records.update(getattr(node, "workeroutput", {}).get(_OUTPUT, {}))

    def pytest_sessionfinish(self) -> None:
        """Write the file, or hand the records over."""
        from budgetaudit.testing.recorded import stop, written

        stop(self._records)
        handed: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if handed is not None:
            handed[_OUTPUT] = dict(self._records)
            return
        path = Path(str(self._config.getoption("--budgetaudit-report")))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(self._records, junit=path.suffix == ".xml"), encoding="utf-8")


@pytest.fixture
def assert_consistent() -> Callable[..., Report]:
    """`budgetaudit.testing.assert_consistent`, without an import."""
    from budgetaudit.testing import assert_consistent

    return assert_consistent


@pytest.fixture
def audit_case() -> Callable[[str | Path], Report]:
    """The report of an `*.audit.toml` file, for tests that look closer than its expectations."""
    from budgetaudit.testing.cases import read_case

    return lambda path: read_case(Path(path)).report
