"""Phrases: pieces of sentences that several kinds share, as templates like theirs.

What a figure is called where its label alone does not tell it from another in the same sentence, how large a gap is, and
what is said of a relation that an unusable figure leaves unchecked. `message` decides which are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from budgetaudit.findings.kind import N_, Template

# What is said of a relation that cannot be judged because of the figure that the finding above it is about.
NOT_CHECKED: Final = Template(N_("{target} was not checked by rule {rule}, because this figure cannot be used"))

# How a change or a ratio is called that has no name but that of the figure it is about.
MEASURES: Final[Mapping[str, Template]] = MappingProxyType(
    {
        "change": Template(N_("the change of {label}")),
        "growth": Template(N_("the growth of {label}")),
        "share": Template(N_("the share of {label}")),
        "rate": Template(N_("the completion rate of {label}")),
    }
)

# How figures of one label are told apart: by their period, or else by their phase.
OF_PERIOD: Final = Template(N_("{label} ({period})"))
PHASES: Final[Mapping[str, Template]] = MappingProxyType(
    {
        "budget": Template(N_("{label} (budget)")),
        "adjusted": Template(N_("{label} (adjusted budget)")),
        "actual": Template(N_("{label} (actual)")),
    }
)

GAP_NOTES: Final[Mapping[str, Template]] = MappingProxyType(
    {
        "gap": Template(N_("gap {gap}")),
        "bound": Template(N_("gap {gap}, rounding reaches {bound}")),
        "seldom": Template(N_("gap {gap}, rounding reaches {bound}, once in {sums} such sums")),
        "often": Template(N_("gap {gap}, rounding reaches {bound}, in {often} of {sums} such sums")),
        "limit": Template(N_("gap {gap}, exactly as far as rounding reaches")),
    }
)
