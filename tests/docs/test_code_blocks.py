"""Every example in README.md and docs/ runs, and prints what the page says.

`python` blocks of a page run one after the other in one namespace; `pycon` blocks are doctests in the same namespace;
`console` blocks hold commands after `$ ` and what they print; a block with the option `file=NAME` is first written to
that file. `sh` blocks are for setting up and are not run. All of it happens in a copy of the folder that a reader
would stand in, so that nothing is written into the checkout.
"""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fences import REWRITE, Fence, fences, rewrite

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if not {"_build", "kinds"} & set(page.parts)),
]
RUN = {"python", "pycon", "console"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples in it, as the reader of a page has before them."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(fence.language in RUN for fence in fences(page))],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_examples_of_page(page: Path, desk: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    changes = []
    for fence in fences(page):
        if "file" in fence.options:
            (desk / fence.options["file"]).write_text(fence.body, encoding="utf-8")
        if fence.language == "python":
            code = "\n" * fence.line + fence.body  # tracebacks name the line of the page
            exec(compile(code, str(page), "exec"), names)
        elif fence.language == "pycon":
            _run_doctest(fence, names)
        elif fence.language == "console":
            printed = "".join(f"$ {command}\n{_output(command)}" for command in _commands(fence))
            if REWRITE:
                changes.append((fence, printed))
            else:
                assert printed == fence.body, f"{page.name}:{fence.line}"
    rewrite(changes)


def _commands(fence: Fence) -> list[str]:
    return [line.removeprefix("$ ") for line in fence.body.splitlines() if line.startswith("$ ")]


def _output(command: str) -> str:
    """What a command prints to a person at an English terminal without colour."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTEST_"))}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, shell=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60
    )
    return done.stdout.decode()


def _run_doctest(fence: Fence, names: dict[str, object]) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    example = doctest.DocTestParser().get_doctest(fence.body, names, fence.heading, str(fence.page), fence.line)
    failures: list[str] = []
    results = doctest.DocTestRunner(optionflags=flags).run(example, out=failures.append, clear_globs=False)
    names.update(example.globs)
    assert not results.failed, "".join(failures)
