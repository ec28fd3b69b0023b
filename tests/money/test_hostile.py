"""Hostile text: long runs of anything a number is made of are read in linear time, without exception.

Each text is 100,000 characters long. A reader whose cost grows with the square of a run would need minutes for any of them;
how fast the linear one is, `benchmarks/` measures.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.money.scan import scan

LENGTH = 100_000


@pytest.mark.parametrize(
    ("unit", "numbers"),
    [
        ("1", 1), ("1,", 50_000), ("999,", 1), ("1.", 1), (",", 0), (" ", 0), ("\n", 0), ("(", 0), ("万", 0), ("点", 0), ("一", 0), ("百分之", 0), ("-", 0), ("$", 0), ("http://1 ", 11_111),
        ("1 ", 50_000), ("999 ", 25_000), ("1万", 50_000), ("1\n", 50_000), ("第1", 50_000), ("9,9\n", 50_000), ("一万", 0), ("1 , ", 25_000), ("¥1m", 33_333),
    ],
)  # fmt: skip
def test_a_long_run_is_read_to_its_end(unit, numbers):
    found = scan((unit * LENGTH)[:LENGTH])
    assert len(found) == pytest.approx(numbers, abs=1)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.text("1,. 万元点百分之一(（%-\n年", min_size=1, max_size=4), st.integers(200, 2_000))
def test_any_short_text_may_be_repeated(unit, times):
    found = scan(unit * times)
    assert all(0 <= one.start < one.end <= len(unit) * times for one in found)
