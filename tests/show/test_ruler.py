"""The gap ruler: both intervals and the gap, at a scale where they can be seen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.check.outcome import Outcome
from budgetaudit.findings.report import Report
from budgetaudit.money.interval import Interval
from budgetaudit.show.svg import HEIGHT, WIDTH, gap_ruler

SVG = "{http://www.w3.org/2000/svg}"
GREEN, RED, BLUE, AMBER = "#16a34a", "#dc2626", "#3b82f6", "#d97706"


def drawn(outcome: Outcome, **options: object) -> ET.Element:
    return ET.fromstring(gap_ruler(outcome, **options))


def one(element: ET.Element, tag: str, **wanted: str) -> ET.Element:
    (found,) = [
        child for child in element.iter(SVG + tag) if all(child.get(name) == value for name, value in wanted.items())
    ]
    return found


def span(element: ET.Element, colour: str) -> tuple[float, float]:
    bar = one(element, "rect", fill=colour)
    left = float(bar.get("x", ""))
    return left, left + float(bar.get("width", ""))


def judged(total: str, *parts: str, **options: str) -> Outcome:
    names = [f"p{number}" for number in range(len(parts))]
    rule = f"total = {' + '.join(names)}"
    (outcome,) = ba.audit({"total": total} | dict(zip(names, parts, strict=True)), rules=[rule], **options).outcomes
    return outcome


def test_the_ruler_of_the_seed_shows_both_intervals_where_they_meet_and_the_gap() -> None:
    svg = drawn(judged("677.41", "167.09", "348.28", "16.48", "145.54"), places=2)
    printed, computed, meeting = span(svg, BLUE), span(svg, AMBER), span(svg, GREEN)
    assert (computed[1] - computed[0]) / (printed[1] - printed[0]) == pytest.approx(4, rel=0.02)
    assert meeting == pytest.approx((printed[0], computed[1]), abs=0.2)
    dots = {circle.get("fill"): float(circle.get("cx", "")) for circle in svg.iter(f"{SVG}circle")}
    assert dots[BLUE] == pytest.approx(sum(printed) / 2, abs=0.2)
    assert dots[AMBER] == pytest.approx(sum(computed) / 2, abs=0.2)
    words = [text.text for text in svg.iter(f"{SVG}text")]
    assert {"printed total", "677.41", "sum of parts", "677.39", "gap 0.02"} <= set(words)
    assert one(svg, "title").text == "printed total 677.41, sum of parts 677.39, gap 0.02"


def test_a_gap_beyond_rounding_is_red_between_the_intervals() -> None:
    svg = drawn(judged("10.00", "4.00", "5.00"))
    printed, computed, between = span(svg, BLUE), span(svg, AMBER), span(svg, RED)
    assert computed[1] <= between[0] + 2
    assert between[1] <= printed[0] + 2
    assert "gap 1" in [text.text for text in svg.iter(f"{SVG}text") if text.get("fill") == RED]


def test_closed_ends_have_caps_and_open_ends_have_none() -> None:
    closed = drawn(judged("677.41", "167.09", "348.28", "16.48", "145.54"))
    cut = drawn(judged("677.41", "167.09", "348.28", "16.48", "145.54", rounding="truncate"))

    def caps(svg: ET.Element, colour: str) -> int:
        return sum(path.get("stroke") == colour for path in svg.iter(f"{SVG}path"))

    assert [caps(closed, colour) for colour in (BLUE, AMBER)] == [2, 2]
    assert [caps(cut, colour) for colour in (BLUE, AMBER)] == [1, 1]


def test_numbers_keep_the_places_of_the_print() -> None:
    words = [text.text for text in drawn(judged("9.50", "4.00", "5.00"), places=2).iter(f"{SVG}text")]
    assert {"9.50", "9.00", "gap 0.50"} <= set(words)


def test_long_numbers_are_squeezed_into_their_place() -> None:
    svg = drawn(judged("123456789012345.67", "123456789012345.00"), places=2)
    squeezed = {text.text: text.get("textLength") for text in svg.iter(f"{SVG}text") if text.get("textLength")}
    assert squeezed == {"123,456,789,012,345.67": "102", "123,456,789,012,345.00": "102"}


@pytest.mark.parametrize(
    "gone",
    [{"gap": Fraction(0)}, {"gap": None}, {"computed": None}, {"target_interval": None}, {"verdict": "undecided"}],
)
def test_no_gap_no_ruler(gone: dict[str, object]) -> None:
    assert gap_ruler(replace(judged("10.00", "4.00", "5.00"), **gone)) == ""


def test_an_unbounded_interval_has_no_ruler() -> None:
    outcome = judged("10.00", "4.00", "5.00")
    assert gap_ruler(replace(outcome, computed_interval=Interval(None, Fraction(1), False, True))) == ""


@given(
    st.integers(-(10**18), 10**18), st.lists(st.integers(-(10**18), 10**18), min_size=1, max_size=4), st.integers(0, 6)
)
def test_every_ruler_is_inside_its_frame_and_its_ticks_apart(total: int, parts: list[int], places: int) -> None:
    def printed(units: int) -> str:
        sign, digits = "-" if units < 0 else "", str(abs(units)).rjust(places + 1, "0")
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"

    outcome = judged(printed(total), *map(printed, parts))
    drawing = gap_ruler(outcome, places=places)
    if not outcome.gap or outcome.verdict == "exact":
        assert drawing == ""
        return
    svg = ET.fromstring(drawing)
    for circle in svg.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx", "")) <= WIDTH
        assert 0 <= float(circle.get("cy", "")) <= HEIGHT
    for bar in svg.iter(f"{SVG}rect"):
        assert float(bar.get("width", "")) > 0
        assert float(bar.get("x", "")) + float(bar.get("width", "")) <= WIDTH
    ticks = [(float(tick.get("x", "")), tick.text or "") for tick in svg.iter(f"{SVG}text") if tick.get("fill-opacity")]
    assert len(ticks) <= 12
    for (first, before), (second, after) in itertools.pairwise(ticks):
        assert second - first >= 5 * max(len(before), len(after))


def test_rulers_speak_the_language(county: Report, snapshot: Callable[[str, str], None]) -> None:
    (outcome,) = [outcome for outcome in county.outcomes if outcome.relation.rule == "mine/economic"]
    for locale, words in (("zh_Hans", "列示合计 677.41、组成之和 677.39、相差0.02"), ("zh_Hant", "列示合計 677.41")):
        title = re.search("<title>(.*)</title>", gap_ruler(outcome, places=2, locale=locale))
        assert title is not None
        assert title[1].startswith(words)
    snapshot("ruler.svg", gap_ruler(outcome, places=2))
