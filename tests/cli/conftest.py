"""What the tests of the command line share: documents, and running it inside this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.cli import main

Run = Callable[..., tuple[int, str, str]]

CLEAN = "2023年度支出合计12.50万元，按支出性质分为：基本支出10.00万元，项目支出2.50万元。\n"
MISSED = "2023年度支出合计12.50万元，按支出性质分为：基本支出10.00万元，项目支出3.50万元。\n"
RARE = "2023年度支出合计677.41万元，按支出性质分为：基本支出167.09万元，项目支出348.28万元，经营支出16.48万元，上缴上级支出145.54万元。\n"
ROUNDED = "2023年度支出合计100.01万元，按支出性质分为：基本支出40.00万元，项目支出30.00万元，经营支出20.00万元，上缴上级支出10.00万元。\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents: one that adds up, one that does not, one that rounding explains rarely, one often."""
    for name, text in {
        "clean": CLEAN,
        "missed": MISSED,
        "rare": RARE,
        "rounded": ROUNDED,
        "bare": "没有数字。\n",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run(desk: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line inside this process: exit code, stdout, stderr."""

    def called(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 2
        out, err = capsys.readouterr()
        return code, out, err

    return called


@pytest.fixture
def start(desk: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """The command line as a process of its own, in English unless told otherwise."""

    def started(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
        environment = kept | dict(options.pop("env", {}))  # type: ignore[call-overload]
        command = [sys.executable, "-m", "budgetaudit", *arguments]
        return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60, **options)  # type: ignore[call-overload]

    return started
