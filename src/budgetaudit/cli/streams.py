"""Standard streams that survive other systems: Chinese words on any console, readers that stop reading early.

What is piped or redirected is UTF-8 everywhere, as programs that read it expect; a console keeps its own encoding, and a
character it lacks is written as an escape instead of ending the run.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from budgetaudit.errors import BudgetAuditError


def utf8_streams() -> None:
    """Make stdout and stderr able to write every character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def say_on_stderr(text: str) -> None:
    """Talk to the person at the terminal, apart from the results."""
    print(text, file=sys.stderr)


def write_result(text: str) -> None:
    """Write to stdout; a reader such as `head` that closes the pipe early has all it wanted."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit fails once more


def write_file(path: str, content: bytes) -> None:
    """Write a result to a file.

    Raises:
        BudgetAuditError: It cannot be written there.
    """
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise BudgetAuditError(f"cannot write {path}: {error.strerror}") from error
