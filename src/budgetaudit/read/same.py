"""The same fact in the text and in a table: figures of sentences get the identity under which a table prints them.

A sentence calls a line by its path (一般公共服务支出（类）…行政运行（项）), by a shorter name, or by a name that holds the fund
(一般公共预算财政拨款支出); a table prints its code, and the fund is that of the table. Names decide, never amounts: where
exactly one line of the tables answers to a name in the same year, phase and scope, it is the same fact (law 8).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Code, Fund, Identity

_WHOLES: Final = frozenset({"支出总计", "本年支出合计", "财政拨款支出", "一般公共预算财政拨款支出"})
_OF_ONE_FUND: Final[Mapping[Fund | None, Fund]] = MappingProxyType(
    {"appropriation": "general", "general": "appropriation"}
)
_Place = tuple[str | None, str | None, str | None, Fund | None]  # entity, period, phase, fund


def with_identities_of_tables(text: Sequence[BudgetLine], tables: Sequence[BudgetLine]) -> list[BudgetLine]:
    """The lines of a text, those that a table prints too with the identity of the table.

    Args:
        text: Lines that sentences print.
        tables: Lines that tables print.
    """
    printed = _Printed(line.identity for line in tables if line.amount is not None and line.amount.value)
    found: list[BudgetLine] = []
    for line in text:
        same = None if line.identity in printed.facts else printed.same_as(line.identity)
        found.append(line if same is None else line.model_copy(update={"identity": same}))
    return found


def joined_documents(budgets: Iterable[Budget]) -> Budget:
    """One budget of several documents; what the text of one and a table of another print alike is one fact.

    Args:
        budgets: Of the documents, in order.
    """
    joined = Budget.joined(budgets)
    in_tables = [line for line in joined if line.source is not None and line.source.table is not None]
    if not in_tables:
        return joined
    of_text = [line for line in joined if line.source is not None and line.source.table is None]
    named = {line.id: line for line in with_identities_of_tables(of_text, in_tables)}
    return replace(joined, lines=tuple(named.get(line.id, line) for line in joined))


class _Printed:
    """The facts of the tables of a document, by what a sentence may call them."""

    def __init__(self, facts: Iterable[Identity]) -> None:
        self.facts = frozenset(facts)
        self._general = {_place(fact)[:3] for fact in self.facts if fact.fund == "general"}
        self._other_funds = {
            _place(fact)[:3] for fact in self.facts if fact.fund in {"government-fund", "state-capital"}
        }
        self._by_name: dict[tuple[_Place, str], list[Identity]] = {}
        self._names: dict[tuple[str | None, Code], set[str]] = {}
        for fact in self.facts:
            if fact.code is None or fact.table is not None:
                continue
            self._names.setdefault((fact.classification, fact.code), set()).add(fact.label)
            if not fact.within and fact.measure == "amount":
                self._by_name.setdefault((_place(fact), fact.label), []).append(fact)

    def same_as(self, said: Identity) -> Identity | None:
        """The fact of a table that a figure of a sentence reports; None if no table prints it, or several could."""
        if said.measure != "amount" or said.code is not None or said.table is not None:
            return None
        for label, fund in _others().get((said.label, said.fund), ()):
            fact = said.model_copy(update={"label": label, "fund": fund, "within": ()})
            if fact in self.facts:
                return fact
        found = self._called(said)
        above = said.within[-1] if said.within else ""
        if above and above not in _WHOLES:
            found = [fact for fact in found if self._stands_below(fact, above)]
        else:
            found = [fact for fact in found if fact.code is not None and len(fact.code) == 1]
        return found[0] if len(found) == 1 else None

    def _called(self, said: Identity) -> list[Identity]:
        """The facts of its name, year, phase and scope; where all appropriations are of the general budget, of either."""
        scopes: list[Fund | None] = [said.fund]
        if said.fund in _OF_ONE_FUND and self._is_one_fund(said):
            scopes.append(_OF_ONE_FUND[said.fund])
        for fund in scopes:
            place: _Place = said.entity, said.period, said.phase, fund
            found = [fact for name in _forms(said.label) for fact in self._by_name.get((place, name), ())]
            if found:
                return found
        return []

    def _is_one_fund(self, said: Identity) -> bool:
        """Whether the tables print spending of the general budget alone: no other fund has any."""
        place = said.entity, said.period, said.phase
        return place in self._general and place not in self._other_funds

    def _stands_below(self, fact: Identity, above: str) -> bool:
        """Whether a code stands below one that is called so; of a long name a sentence may hold the end alone."""
        code = fact.code or ()
        return any(
            name.endswith(form)
            for length in range(1, len(code))
            for name in self._names.get((fact.classification, code[:length]), ())
            for form in _forms(above)
        )


def _place(fact: Identity) -> _Place:
    return fact.entity, fact.period, fact.phase, fact.fund


def _forms(label: str) -> Iterator[str]:
    """A name with and without the word for spending at its end."""
    yield label
    yield label.removesuffix("支出") if label.endswith("支出") else f"{label}支出"


@lru_cache(maxsize=1)
def _others() -> Mapping[tuple[str, Fund | None], tuple[tuple[str, Fund | None], ...]]:
    """For label and fund of a sentence: label and fund under which tables print the same fact."""
    text = files("budgetaudit.model.data").joinpath("cn.tables.toml").read_text(encoding="utf-8")
    found: dict[tuple[str, Fund | None], list[tuple[str, Fund | None]]] = {}
    for row in tomllib.loads(text)["same"]:
        for label in row["text"]:
            found.setdefault((label, row.get("fund")), []).append((row["table"], row.get("table_fund")))
    return MappingProxyType({key: tuple(others) for key, others in found.items()})
