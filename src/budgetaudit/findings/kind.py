"""What a kind is: a class of defect with a stable code, its sentences, and the marks by which tools find them.

The kinds themselves are rows of the table in `kinds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.finding import Severity


def N_(text: str) -> str:  # noqa: N802  (the name that extraction tools know)
    """Mark a sentence for translation; it is translated when it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with named fields; `other` is its plural by the number in the field `count`."""

    one: str
    other: str = ""
    count: str = ""


def NN_(one: str, other: str, count: str) -> Template:  # noqa: N802
    """Mark a sentence with a plural for translation; `count` names the field that decides."""
    return Template(one, other, count)


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of defect.

    Attributes:
        code: Stable code; the letters are its family.
        name: Slug that names what is there.
        summary: What it means, in one sentence.
        note: When it is no defect, or how far it can be trusted.
        worst: Severity of a clear case under a rule that must hold; nothing of this kind is more severe.
        templates: Sentence per case: `differs` for every gap; others are named in `message`.
        preview: On trial; may change or go without notice.
        aliases: Former codes, which still answer.
    """

    code: str
    name: str
    summary: str
    note: str
    worst: Severity
    templates: Mapping[str, Template] = field(hash=False)
    preview: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The letters of the code: `SUM` of `SUM001`."""
        return self.code.rstrip("0123456789")


def registry(kinds: Iterable[Kind]) -> Mapping[str, Kind]:
    """The kinds by code, checked and frozen.

    Raises:
        BudgetAuditError: A code, name or alias occurs twice; an alias therefore never leads to another alias.
    """
    table = tuple(kinds)
    claimed: set[str] = set()
    for kind in table:
        for word in (kind.code, kind.name, *kind.aliases):
            if word in claimed:
                raise BudgetAuditError(f"two kinds answer to {word!r}")
            claimed.add(word)
    return MappingProxyType({kind.code: kind for kind in table})
