"""Units: what a printed number counts, and in which steps of it.

A unit is a kind (money, a count, percent, ...), for money a currency and a scale (万元 is ten thousand yuan), for counts
the counter word. Units compare by meaning, not by spelling: 万元, 萬元 and 10,000 CNY are one unit; `text` keeps the
spelling for display. Which characters spell which unit is in `unit_names`; this module only says what units mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, Literal

UnitKind = Literal["money", "count", "percent", "points", "multiple", "number"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts.

    Attributes:
        kind: `money`, `count` (people, vehicles, items), `percent`, `points` (percentage points), `multiple` (倍),
            or `number` where nothing is known.
        currency: ISO 4217 code for money, None if not known.
        scale: How many of the base unit one stands for: 10000 for 万元. Always positive.
        counter: The counter word of a count, simplified: 辆, 人次.
        text: The unit as printed; not part of its identity.
    """

    kind: UnitKind = "number"
    currency: str | None = None
    scale: Fraction = Fraction(1)
    counter: str | None = None
    text: str = field(default="", compare=False)

    def measures_like(self, other: Unit) -> bool:
        """Whether amounts in the two units can be compared or added once their scales are applied.

        An unknown currency or counter agrees with any; percent never agrees with percentage points. People are people,
        whichever of their counter words is used (7名，其中在职5人).
        """
        return (
            self.kind == other.kind
            and (self.currency is None or other.currency is None or self.currency == other.currency)
            and (None in {self.counter, other.counter} or _counted(self.counter) == _counted(other.counter))
        )

    def spelled(self, text: str) -> Unit:
        """The same unit with another spelling."""
        return replace(self, text=text)

    def __str__(self) -> str:
        return self.text or self.currency or self.counter or self.kind


def _counted(counter: str | None) -> str | None:
    return "人" if counter == "名" else counter


NUMBER: Final = Unit()
PERCENT: Final = Unit("percent", text="%")
POINTS: Final = Unit("points", text="个百分点")
MULTIPLE: Final = Unit("multiple", text="倍")
