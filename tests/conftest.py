"""What every test shares: Hypothesis profiles and the reference material that lies beside the checkout, if it does.

`dev` is for the desk, `ci` is derandomised so that a red build means a change and not a lucky draw, `deep` searches at
random and remembers what it found: run it before a release (`make deep`). No profile has a deadline: a shared machine
varies by a factor of three, and speed is the business of `benchmarks/`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("deep", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(  # quick and the same every time: a mutant either fails or does not
    "mutants", max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of cases, corpus and reference pages beside the checkout; tests that want it skip where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared reference material does not lie beside this checkout")
    return folder
