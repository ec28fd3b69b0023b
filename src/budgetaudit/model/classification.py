"""Labels and classification codes: when two printed names mean one line, and how codes nest.

Labels are compared in a canonical form: simplified characters, half width, without spaces, quotation marks and list
numbers, and with the aliases of `data/cn.labels.toml` resolved. Codes are tuples (`("301", "01")`), the parent is the tuple
without its last element: hierarchy is never a string prefix (law 9). A code's name depends on the year: 30311 was the
housing fund up to 2017.

Names whose meaning depends on the sentence (总计, 预算数) are not resolved here. Which codes a document prints is the
readers' business.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.model.line import Code, Identity
from budgetaudit.money.characters import folded

_DATA = "budgetaudit.model.data"
_QUOTES = str.maketrans("", "", "“”\"'‘’「」『』《》〈〉 \t\r\n\u3000\u00a0")
_BRACKETS = str.maketrans("（）〔〕［］【】", "()()()()")
_LIST_MARK = re.compile(
    r"^(?:其中[:,]?|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十0-9]{1,3}\)|[0-9]{1,2}[、.](?![0-9])|[①-⑳]|第[一二三四五六七八九十]+[,、])"
)
_EMPTY_TAIL = re.compile(r"(?:\((?:类|款|项)\)|[:,、])+$")


@lru_cache(maxsize=65536)
def canonical_label(label: str) -> str:
    """The one name of a line that may be printed in many ways; a label without known aliases keeps its own words.

    >>> canonical_label("（一）日常公用經費：")
    '公用经费'
    """
    plain = folded(label).translate(_QUOTES).translate(_BRACKETS)
    while (mark := _LIST_MARK.match(plain)) and mark.end() < len(plain):
        plain = plain[mark.end() :]
    plain = _EMPTY_TAIL.sub("", plain)
    return _aliases().get(plain, plain)


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, str]:
    table = tomllib.loads(files(_DATA).joinpath("cn.labels.toml").read_text(encoding="utf-8"))["aliases"]
    return MappingProxyType({alias: name for name, others in table.items() for alias in others})


@lru_cache(maxsize=1)
def known_labels() -> frozenset[str]:
    """Every canonical label that the tables name: alias targets and names of classification codes."""
    table = tomllib.loads(files(_DATA).joinpath("cn.labels.toml").read_text(encoding="utf-8"))["aliases"]
    named = {
        canonical_label(name.name)
        for kind in CLASSIFICATIONS
        if kind.startswith("cn.")
        for entry in load(kind).entries
        for name in entry.names
    }
    return frozenset(table) | named


@dataclass(frozen=True, slots=True)
class CodeName:
    """A name and the years in which it was valid; an open end is None."""

    name: str
    first: int | None = None
    last: int | None = None

    def valid_in(self, year: int | None) -> bool:
        """Whether the name was in use that year (any year if None)."""
        return year is None or ((self.first is None or self.first <= year) and (self.last is None or year <= self.last))


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code, its names over time (the newest last), whether it was seen in print, and its successors.

    `adds_up` is false where the codes below are no parts, such as assets and liabilities below one heading.
    """

    code: Code
    names: tuple[CodeName, ...]
    verified: bool = True
    now: tuple[Code, ...] = ()
    adds_up: bool = True


@dataclass(frozen=True)
class Classification:
    """A tree of codes, such as the economic classification of department spending.

    `widths` are the digits of each level where codes are printed without dots.
    """

    name: str
    title: str
    entries: tuple[CodeEntry, ...]
    widths: tuple[int, ...] = ()

    @cached_property
    def _by_code(self) -> Mapping[Code, CodeEntry]:
        return MappingProxyType({entry.code: entry for entry in self.entries})

    def has(self, code: Code) -> bool:
        """Whether there is such a code."""
        return code in self._by_code

    def entry(self, code: Code) -> CodeEntry:
        """The entry of a code.

        Raises:
            BudgetAuditError: The classification has no such code.
        """
        found = self._by_code.get(code)
        if found is None:
            known = [" ".join(entry.code) for entry in self.entries]
            raise BudgetAuditError(f"{self.name} has no code {' '.join(code)!r}; {nearest(' '.join(code), known)}")
        return found

    def name_of(self, code: Code, year: int | None = None) -> str:
        """The name of a code in a year; the newest one if no year is given or none is known for it."""
        names = self.entry(code).names
        valid = [name for name in names if year is not None and name.valid_in(year)]
        return (valid or list(names))[-1].name

    def children(self, code: Code) -> tuple[Code, ...]:
        """The codes one level below, in order."""
        return tuple(entry.code for entry in self.entries if parent(entry.code) == code)

    def codes_named(self, label: str, year: int | None = None) -> tuple[Code, ...]:
        """All codes that carry a name (in a year), compared in canonical form: a name need not be unique."""
        wanted = canonical_label(label)
        return tuple(
            entry.code
            for entry in self.entries
            if any(canonical_label(name.name) == wanted and name.valid_in(year) for name in entry.names)
        )


CLASSIFICATIONS = ("cn.economic", "cn.economic-government", "cn.function", "gfsm2014", "cofog")


@lru_cache(maxsize=8)
def load(name: str) -> Classification:
    """A classification of the package by name.

    Raises:
        BudgetAuditError: There is none of that name.
    """
    if name not in CLASSIFICATIONS:
        raise BudgetAuditError(f"no classification is called {name!r}; {nearest(name, CLASSIFICATIONS)}")
    data = json.loads(files(_DATA).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Classification(
        name,
        data["title"],
        tuple(
            CodeEntry(
                tuple(entry["code"]),
                tuple(CodeName(given["name"], given.get("from"), given.get("to")) for given in entry["names"]),
                entry.get("verified", True),
                tuple(tuple(code) for code in entry.get("now", ())),
                entry.get("adds_up", True),
            )
            for entry in data["codes"]
        ),
        tuple(data.get("widths", ())),
    )


def adds_up(identity: Identity) -> bool:
    """Whether the codes below a fact are its parts, as far as the package knows its classification."""
    name, code = identity.classification, identity.code
    if name not in CLASSIFICATIONS or code is None:
        return True
    known = load(name)
    return not known.has(code) or known.entry(code).adds_up


def classified_as(identity: Identity) -> tuple[str, ...]:
    """The classifications a fact belongs to: the one it says, or, where it says none, those whose codes it begins with.

    A name that the package has no data for fits only facts that say so.
    """
    if identity.classification is not None:
        return (identity.classification,)
    return () if identity.code is None else _beginning(identity.code[0])


@lru_cache(maxsize=4096)
def _beginning(level: str) -> tuple[str, ...]:
    return tuple(name for name in CLASSIFICATIONS if load(name).has((level,)))


def parent(code: Code) -> Code | None:
    """The code one level up; None at the top.

    >>> parent(("201", "03", "01"))
    ('201', '03')
    """
    return code[:-1] if len(code) > 1 else None


def cut_code(text: str, classification: str | None = None) -> Code:
    """The levels of a written code: by the digits of its classification, by dots, or 3 / 5 / 7 digits where it has neither.

    >>> cut_code("1112", "gfsm2014"), cut_code("01.1", "cofog"), cut_code("2010301"), cut_code("7.2.1")
    (('1', '1', '1', '2'), ('01', '1'), ('201', '03', '01'), ('7', '2', '1'))
    """
    plain = folded(text).strip()
    if "." in plain:
        return tuple(level for level in plain.split(".") if level)
    widths = load(classification).widths if classification in CLASSIFICATIONS else ()
    if widths and plain.isdecimal():
        ends = [*accumulate(widths)]
        if len(plain) in ends:
            return tuple(plain[end - width : end] for width, end in zip(widths, ends, strict=True) if end <= len(plain))
    return parse_code(plain) or (plain,)


_PRINTED_CODE = re.compile(r"([0-9]{3})[ |.\-]?([0-9]{2})?[ |.\-]?([0-9]{2})?(?![0-9])")


def parse_code(text: str) -> Code | None:
    """The code at the start of a printed cell, glued to its name or not: 2010301, 201 03 01, 301|01, 2070308群众体育.

    >>> parse_code("2070308群众体育")
    ('207', '03', '08')
    """
    found = _PRINTED_CODE.match(folded(text).strip())
    return tuple(level for level in found.groups() if level is not None) if found else None
