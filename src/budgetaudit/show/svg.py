"""The gap ruler: one picture of why a gap is, or is not, a matter of rounding.

At true scale 0.02 of 677.41 is invisible, so the ruler is zoomed to the two intervals: above, the true values behind the
printed figure; below, the true values behind what the figures give. Where they overlap (green) both prints can be
honest; where they do not, the stretch between them (red) is what rounding cannot reach. The bracket in the middle is the
gap.

Plain SVG, no script, no font of its own; colours are chosen to read on light and dark notebooks alike, words and lines
take the colour of the surrounding text. Exact rationals become pixels only in the last step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.money.interval import Interval
from budgetaudit.money.show import show_number
from budgetaudit.show.language import say
from budgetaudit.show.messages import joined
from budgetaudit.show.words import RATIO_RULER, RULER_WORDS

WIDTH: Final = 460
HEIGHT: Final = 118
_LEFT, _RIGHT = 118, 446
_PRINTED_Y, _COMPUTED_Y, _AXIS_Y = 24, 70, 94
_THICK = 10
_DIGIT_WIDTH = 7
_BLUE, _AMBER, _RED, _GREEN = "#3b82f6", "#d97706", "#dc2626", "#16a34a"


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to pixels: `low` stands at the left end of the plot, `high` at the right."""

    low: Fraction
    high: Fraction

    def x(self, value: Fraction) -> float:
        return round(_LEFT + float((value - self.low) / (self.high - self.low)) * (_RIGHT - _LEFT), 1)


def gap_ruler(outcome: Outcome, *, places: int = 0, locale: str = "en") -> str:
    """The ruler of one outcome as an SVG element; empty where there is no gap to show.

    Args:
        outcome: An outcome that rounding explains or contradicts, with both intervals bounded and a gap.
        places: Decimal places of the printed figure.
        locale: Language of its words and numbers.
    """
    printed, computed = outcome.target_interval, outcome.computed_interval
    if outcome.verdict not in {"rounding", "inconsistent"}:  # what a part not reported leaves open is no gap
        return ""
    if not outcome.gap or outcome.computed is None or printed is None or computed is None:
        return ""
    ends = [printed.lo, printed.hi, computed.lo, computed.hi]
    bounded = [end for end in ends if end is not None]
    if len(bounded) < len(ends):
        return ""
    reported = outcome.computed + outcome.gap
    values = [*bounded, reported, outcome.computed]
    margin = (max(values) - min(values)) / 10
    scale = _Scale(min(values) - margin, max(values) + margin)
    words = [say(name, locale) for name in RULER_WORDS.get(outcome.relation.form, RATIO_RULER)]
    first = show_number(reported, places=places, locale=locale)
    second = show_number(outcome.computed, places=places, beside=reported, locale=locale)
    gap = say("gap {gap}", locale, gap=show_number(abs(outcome.gap), places=places, locale=locale))
    drawing = [
        _meeting(printed, computed, scale),
        _axis(scale, locale),
        _lane(_PRINTED_Y, (words[0], first), printed, reported, _BLUE, scale),
        _lane(_COMPUTED_Y, (words[1], second), computed, outcome.computed, _AMBER, scale),
        _bracket(outcome.computed, reported, gap, _RED if outcome.verdict == "inconsistent" else "currentColor", scale),
    ]
    title = escape(joined([f"{words[0]} {first}", f"{words[1]} {second}", gap], locale))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" style="max-width:100%;height:auto;font-variant-numeric:tabular-nums" font-size="11"'
        f' fill="currentColor"><title>{title}</title>{"".join(drawing)}</svg>'
    )


def _lane(y: int, words: tuple[str, str], interval: Interval, value: Fraction, colour: str, scale: _Scale) -> str:
    """One interval as a bar with its printed or computed value as a dot; a closed end has a cap, an open one has none."""
    name, number = words
    assert interval.lo is not None
    assert interval.hi is not None
    left, right = scale.x(interval.lo), scale.x(interval.hi)
    bar_left, width = (left, round(right - left, 1)) if right - left >= 3 else (round((left + right) / 2 - 1.5, 1), 3)
    caps = "".join(
        f'<path d="M{x} {y - _THICK / 2 - 2}v{_THICK + 4}" stroke="{colour}" stroke-width="1.5"/>'
        for x, closed in ((left, interval.lo_in), (right, interval.hi_in))
        if closed and right - left >= 3
    )
    return (
        f'<text x="{_LEFT - 12}" y="{y - 2}" text-anchor="end">{escape(name)}</text>'
        f'<text x="{_LEFT - 12}" y="{y + 11}" text-anchor="end" font-weight="600"{_squeezed(number)}>{escape(number)}</text>'
        f'<rect x="{bar_left}" y="{y - _THICK / 2}" width="{width}" height="{_THICK}" fill="{colour}" fill-opacity=".3"/>'
        f'{caps}<circle cx="{scale.x(value)}" cy="{y}" r="4" fill="{colour}"/>'
    )


def _squeezed(text: str) -> str:
    """An attribute that makes a long number fit beside the plot."""
    room = _LEFT - 16
    return f' textLength="{room}" lengthAdjust="spacingAndGlyphs"' if _DIGIT_WIDTH * len(text) > room else ""


def _bracket(computed: Fraction, reported: Fraction, label: str, colour: str, scale: _Scale) -> str:
    """The gap, from what the figures give to what is printed, with its size beside it."""
    start, end = scale.x(computed), scale.x(reported)
    middle = (_PRINTED_Y + _COMPUTED_Y) // 2
    left, right = min(start, end), max(start, end)
    room_right = _RIGHT - right > 8 * len(label)
    x, anchor = (right + 8, "start") if room_right else (left - 8, "end")
    return (
        f'<g stroke="{colour}" fill="none" stroke-width="1.3">'
        f'<path d="M{start} {_COMPUTED_Y - 6}V{middle}H{end}V{_PRINTED_Y + 6}"/></g>'
        f'<text x="{x}" y="{middle + 4}" text-anchor="{anchor}" fill="{colour}" font-weight="600">{escape(label)}</text>'
    )


def _meeting(printed: Interval, computed: Interval, scale: _Scale) -> str:
    """The values both intervals allow, shaded; where there is none, the stretch between them, hatched."""
    assert printed.lo is not None
    assert printed.hi is not None
    assert computed.lo is not None
    assert computed.hi is not None
    top, height = _PRINTED_Y - 14, _AXIS_Y - _PRINTED_Y + 14
    low, high = max(printed.lo, computed.lo), min(printed.hi, computed.hi)
    left, right = sorted((scale.x(low), scale.x(high)))
    width = round(max(right - left, 1), 1)
    colour, opacity = (_GREEN, ".22") if printed.overlaps(computed) else (_RED, ".10")
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{colour}" fill-opacity="{opacity}"/>'


def _axis(scale: _Scale, locale: str) -> str:
    """A line with round values, as many as fit side by side."""
    widest = max(len(show_number(int(end), locale=locale)) for end in (scale.low, scale.high))
    step, places = _tick_step(scale.high - scale.low, digits=widest)
    first = -(-scale.low // step)
    last = scale.high // step
    ticks = "".join(
        f'<path d="M{scale.x(step * n)} {_AXIS_Y}v4" stroke="currentColor" stroke-opacity=".6"/>'
        f'<text x="{scale.x(step * n)}" y="{_AXIS_Y + 16}" text-anchor="middle" fill-opacity=".75">'
        f"{escape(show_number(step * n, places=places, locale=locale))}</text>"
        for n in range(first, last + 1)
    )
    return f'<path d="M{_LEFT} {_AXIS_Y}H{_RIGHT}" stroke="currentColor" stroke-opacity=".4"/>{ticks}'


def _tick_step(span: Fraction, *, digits: int) -> tuple[Fraction, int]:
    """The smallest step of 1, 2 or 5 times a power of ten whose labels fit side by side, and the places they need.

    `digits` is how long a label is before its decimals.
    """
    exponent = _magnitude(span) - 3
    while True:
        places = max(0, -exponent)
        label = _DIGIT_WIDTH * (digits + places + 3)
        for digit in (1, 2, 5):
            step = digit * Fraction(10) ** exponent
            if span / step * label <= _RIGHT - _LEFT:
                return step, places
        exponent += 1


def _magnitude(value: Fraction) -> int:
    """The exponent of the power of ten at or just below a positive value."""
    exponent = 0
    while value >= 10 ** (exponent + 1):
        exponent += 1
    while value < Fraction(10) ** exponent:
        exponent -= 1
    return exponent
