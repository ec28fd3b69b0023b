"""The command line as a process: streams, pipes, encodings, and how little it loads to say what it can do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Start = Callable[..., "subprocess.CompletedProcess[bytes]"]
HEAVY = (
    "pydantic",
    "babel",
    "opencc",
    "numpy",
    "pandas",
    "polars",
    "hypothesis",
    "budgetaudit.audit",
    "budgetaudit.model",
)


@pytest.mark.parametrize(("document", "code"), [("clean", 0), ("missed", 1), ("bare", 2), ("gone", 2)])
def test_exit_codes_and_streams(document: str, code: int, start: Start) -> None:
    done = start("check", f"{document}.txt")
    assert done.returncode == code
    assert bool(done.stdout) is (document != "gone")
    assert bool(done.stderr) is (code == 2)


def test_a_pipe_in_and_a_pipe_out(start: Start, desk: Path) -> None:
    done = start("check", "-", "--format", "json", input=(desk / "missed.txt").read_bytes())
    assert done.returncode == 1
    assert json.loads(done.stdout)["budget"]["documents"][0]["name"] == "stdin"


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "zh_CN.GB18030"}])
def test_what_is_piped_is_utf_8_everywhere(environment: dict[str, str], start: Start) -> None:
    done = start("check", "missed.txt", "--locale", "zh_Hans", env=environment)
    assert "支出合计列示为12.50万元" in done.stdout.decode()
    gone = start("check", "没有.txt", env=environment)
    assert "没有.txt" in gone.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="pipes break differently there")
def test_a_reader_that_stops_early_has_all_it_wanted(desk: Path) -> None:
    (desk / "long.txt").write_bytes((desk / "missed.txt").read_bytes() * 300)
    command = [sys.executable, "-m", "budgetaudit", "check", "long.txt", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        complaints = process.stderr.read()
    assert complaints == b""
    assert process.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="no pseudo terminals there")
def test_a_terminal_gets_color_and_a_pipe_does_not(start: Start, desk: Path) -> None:
    master, slave = os.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    command = [sys.executable, "-m", "budgetaudit", "check", "missed.txt"]
    subprocess.run(command, stdout=slave, env=environment, check=False, timeout=60)
    os.close(slave)
    assert b"\x1b[31m" in os.read(master, 65536)
    os.close(master)
    assert b"\x1b" not in start("check", "missed.txt").stdout


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"], ["check"]])
def test_help_loads_next_to_nothing(arguments: list[str], start: Start) -> None:
    code = f"""
import sys
from budgetaudit.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
heavy = [name for name in {HEAVY!r} if name in sys.modules]
sys.stderr.write("loaded: " + ",".join(heavy))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert done.stderr.decode().endswith("loaded: ")


@pytest.mark.skipif(os.name == "nt", reason="times of children are not counted there")
def test_help_takes_less_than_a_tenth_of_a_second_of_processor_time(start: Start) -> None:
    def cost() -> float:
        before = os.times()
        assert start("--help").returncode == 0
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(cost() for _ in range(3)) < 0.1


def test_the_installed_script_is_the_module(start: Start) -> None:
    script = Path(sys.executable).with_name("budgetaudit")
    done = subprocess.run([script, "--version"], capture_output=True, check=True, timeout=60)
    assert done.stdout == start("--version").stdout
    assert done.stdout.startswith(b"budgetaudit ")
