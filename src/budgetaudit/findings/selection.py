"""Selections: which kinds and rules a caller asked for, and which of them to leave out.

A selector is a code (`SUM001`), the letters of a family (`SUM`), the name of a kind (`total-differs-from-parts`), the id
of a rule (`cn/basic-spending`, `text/split`, `tie-out`) or the beginning of one (`cn/`). It applies to whatever is judged:
rules, what the document states about itself, and remarks of readers.

A relation can lead to findings of more than one kind: a sum with an unreported part is `SUM003`. Selecting such a kind
judges the relations that can lead to it and reports only these findings; ignoring it leaves the relations judged and
counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from budgetaudit.check.outcome import Form
from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.findings.kinds import KINDS

# Kinds that findings of a relation may have beside the relation's own, by its form.
_OF_ANY: Final = ("RUL001", "RUL002", "FIG001", "RND001")
_OF_SUMS: Final = (*_OF_ANY, "SUM003", "SUM004", "CNV001")
_OF_RATIOS: Final = (*_OF_ANY, "RAT005")
_LED_TO: Final[dict[Form, tuple[str, ...]]] = {
    "sum": _OF_SUMS, "share": _OF_RATIOS, "growth": _OF_RATIOS, "growth-from-change": _OF_RATIOS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """What a caller asked for; the default is everything."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, select: Iterable[str] | str | None, ignore: Iterable[str] | str | None, rule_ids: Iterable[str]
    ) -> Selection:
        """The selection of these selectors, checked against the kinds and the rules there are.

        Raises:
            BudgetAuditError: A selector names no kind and no rule; the message names the nearest.
        """
        known = tuple(rule_ids)
        return cls(
            None if select is None else _checked(select, known), () if ignore is None else _checked(ignore, known)
        )

    def judges(self, rule: str, kind: str, form: Form | None = None) -> bool:
        """Whether a relation of that rule, kind and form is judged."""
        if _any(self.ignore, (rule, kind)):
            return False
        led_to = _LED_TO.get(form, _OF_ANY) if form is not None else ()
        return self.select is None or _any(self.select, (rule, kind, *led_to))

    def reports(self, rule: str, kind: str, *, root_kind: str | None = None) -> bool:
        """Whether a finding of that rule and kind is reported; `root_kind` is the kind of the relation it rests on."""
        if _any(self.ignore, (rule, kind)):
            return False
        names = (rule, kind) if root_kind is None else (rule, kind, root_kind)
        return self.select is None or _any(self.select, names)


EVERYTHING: Final = Selection()


def _checked(given: Iterable[str] | str, rule_ids: tuple[str, ...]) -> tuple[str, ...]:
    selectors = (given,) if isinstance(given, str) else tuple(given)
    return tuple(_known(selector, rule_ids) for selector in selectors)


def _known(selector: object, rule_ids: tuple[str, ...]) -> str:
    if not isinstance(selector, str) or not selector:
        raise BudgetAuditError(f"a selector is the code of a kind or the id of a rule, not {selector!r}")
    for kind in KINDS.values():
        if selector in (kind.name, *kind.aliases):
            return kind.code
    if not _any((selector,), (*KINDS, *rule_ids)):
        names = {kind.name for kind in KINDS.values()} | {kind.family for kind in KINDS.values()}
        raise BudgetAuditError(
            f"no kind and no rule is called {selector!r}; {nearest(selector, {*KINDS, *names, *rule_ids})}",
            hint="select and ignore take codes (SUM001), their beginnings (SUM) and ids of rules (cn/basic-spending)",
        )
    return selector


def _any(selectors: tuple[str, ...], names: Iterable[str]) -> bool:
    return any(_names(selector, name) for name in names for selector in selectors)


def _names(selector: str, name: str) -> bool:
    """In full, by the first letters of a code, or by the path of a rule's id."""
    if name in KINDS:
        return name.startswith(selector)
    return name == selector or name.startswith(f"{selector.rstrip('/')}/")
