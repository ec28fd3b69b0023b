"""The example suite finds what is planted in its exporter, in the smallest figures, and passes once that is mended."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

BUGS = {
    "test_spending_adds_up": "total is printed as",
    "test_departments_add_up_on_every_page": "all departments is printed as",
    "test_what_is_left_has_its_sign": "left is printed as",
}


# Fewer examples than a user's run and no explanation of what they have in common: this test pays for every one of them.
QUICK = """
from hypothesis import Phase, settings
settings.register_profile("quick", max_examples=25, deadline=None, database=None, derandomize=True,
                          phases=[Phase.generate, Phase.shrink])
settings.load_profile("quick")
"""


@pytest.fixture
def suite(root, tmp_path):
    """A copy of the example, run in a process of its own as a user would run it."""
    folder = tmp_path / "suite"
    shutil.copytree(root / "examples" / "property-tests", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "conftest.py").write_text(QUICK)

    def run():
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HYPOTHESIS_"))
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "."], cwd=folder, env=environment,
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
        )  # fmt: skip

    return folder, run


def test_each_planted_bug_is_found_by_its_five_lines(suite):
    _, run = suite
    done = run()
    assert done.returncode == 1, done.stdout + done.stderr
    failed = set(re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE))
    assert failed == set(BUGS), done.stdout
    for said in BUGS.values():
        assert "AssertionError: 1 finding of severity error or above" in done.stdout
        assert said in done.stdout


def test_the_mended_exporter_passes(suite):
    folder, run = suite
    shutil.copy(folder / "mended.py", folder / "exporter.py")
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_test_has_five_lines_at_most(root):
    text = (root / "examples" / "property-tests" / "test_exporter.py").read_text(encoding="utf-8")
    bodies = re.findall(r"@given.*\n(?:.+\n)+", text)
    assert len(bodies) == len(BUGS)
    assert all(len(body.splitlines()) <= 5 for body in bodies)
