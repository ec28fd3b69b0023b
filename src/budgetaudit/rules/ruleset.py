"""Rule sets: frozen collections of rules, and the choice among them.

A rule set is built once and never changes; selecting, ignoring and joining give new ones. A selection that matches
nothing is an error with the nearest name, because a rule that silently never runs is the worst kind of pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from budgetaudit.errors import RuleError, nearest
from budgetaudit.model.budget import Budget
from budgetaudit.rules.equation import Equation, Linear, Name, Quotient
from budgetaudit.rules.pack import load_pack, packs_here
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention, Rule, Strength

if TYPE_CHECKING:
    from budgetaudit.rules.lint import Lint

_KINDS: Final = {"sum": "SUM001", "order": "ORD001", "share": "RAT001", "growth": "RAT002", "rollup": "SUM001"}
_RATES: Final = frozenset({"执行率", "预算调整率"})


class PackVersion(NamedTuple):
    """Which pack, and which edition of it: what a report must name to be repeatable."""

    name: str
    version: str


@dataclass(frozen=True)
class RuleSet:
    """Rules with unique ids, and the packs they came from.

    Raises:
        RuleError: Two rules share an id.
    """

    rules: tuple[Rule, ...] = ()
    packs: tuple[PackVersion, ...] = ()

    def __post_init__(self) -> None:
        ids = Counter(rule.id for rule in self.rules)
        if twice := sorted(rule_id for rule_id, times in ids.items() if times > 1):
            raise RuleError(f"rule ids must be unique in a set; given twice: {', '.join(twice[:5])}")

    @classmethod
    def load(cls, *names_or_paths: str | Path) -> RuleSet:
        """The rules of packs by name (`cn`) or path (`mine.toml`).

        Raises:
            RuleError: A pack does not exist or is not well formed.
        """
        packs = [load_pack(name) for name in names_or_paths]
        rules = tuple(rule for pack in packs for rule in pack.rules)
        return cls(rules, tuple(PackVersion(pack.name, pack.version) for pack in packs))

    @classmethod
    def from_equations(
        cls, equations: Iterable[str] | Mapping[str, str], *, convention: Convention | None = None
    ) -> RuleSet:
        """Rules of strength `balance` (sums) or `logic` from equations as text, ids `equation/1`, ... or as given.

        Raises:
            RuleError: An equation is not well formed; the message names its id and the column.
        """
        if isinstance(equations, Mapping):
            named: Iterable[tuple[str, object]] = cast("Mapping[str, object]", equations).items()
        else:
            texts = (equations,) if isinstance(equations, str) else equations
            named = ((f"equation/{number}", text) for number, text in enumerate(texts, 1))
        return cls(tuple(_rule_of(rule_id, text, convention) for rule_id, text in named))

    @classmethod
    def fitting(cls, budget: Budget) -> RuleSet:
        """The packs that fit a budget, those of one country after another; no pack if none does.

        `cn` fits what reports yuan or carries labels that the package knows as Chinese; `cn.final` and `cn.budget` fit its
        tables and codes, of final accounts and of budgets; `cn.performance` fits scores. A pack named like a
        classification fits figures that say they belong to it. The others are asked for by name.
        """
        here = set(packs_here())
        classified = {line.identity.classification for line in budget} & here
        return cls.load(*(name for name in (*_chinese(budget), *sorted(filter(None, classified)))))

    def select(self, *selectors: str) -> RuleSet:
        """Only the rules whose id, kind, or beginning of either is named: `SUM`, `RAT002`, `cn/`, `cn/basic-spending`.

        Raises:
            RuleError: A selector matches no rule.
        """
        chosen = {rule.id for selector in selectors for rule in self._matching(selector)}
        return RuleSet(tuple(rule for rule in self.rules if rule.id in chosen), self.packs)

    def ignore(self, *selectors: str) -> RuleSet:
        """All rules but the named ones.

        Raises:
            RuleError: A selector matches no rule.
        """
        dropped = {rule.id for selector in selectors for rule in self._matching(selector)}
        return RuleSet(tuple(rule for rule in self.rules if rule.id not in dropped), self.packs)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id.

        Raises:
            RuleError: There is none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise RuleError(f"no rule is called {rule_id!r}; {nearest(rule_id, [rule.id for rule in self.rules])}")

    def lint(self) -> Lint:
        """What follows from these rules alone: contradictions, rules that others imply, conditions that never hold.

        Quotients and roll-ups are not examined, and named in the result.
        """
        from budgetaudit.rules.lint import lint

        return lint(self.rules)

    def __or__(self, other: RuleSet) -> RuleSet:
        return RuleSet(self.rules + other.rules, self.packs + other.packs)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def __repr__(self) -> str:
        packs = ", ".join(f"{name} {version}" for name, version in self.packs) or "no pack"
        return f"RuleSet({len(self.rules)} rules; {packs})"

    def _matching(self, selector: str) -> list[Rule]:
        found = [rule for rule in self.rules if selector and selects(selector, rule.id, rule.kind)]
        if not found:
            known = {rule.id for rule in self.rules} | {rule.kind for rule in self.rules}
            raise RuleError(f"no rule matches {selector!r}; {nearest(selector, known)}")
        return found


def selects(selector: str, rule_id: str, kind: str) -> bool:
    """Whether a selector names a rule or kind: in full, or by the letters of a kind family or the path of an id."""
    return selector in {rule_id, kind} or kind.startswith(selector) or rule_id.startswith(f"{selector.rstrip('/')}/")


def _chinese(budget: Budget) -> Iterator[str]:
    """The packs for Chinese budgets that a budget calls for."""
    from budgetaudit.model.classification import known_labels

    known = known_labels()
    yuan = any(line.amount is not None and line.amount.unit.currency == "CNY" for line in budget)
    if not yuan and not any(line.identity.label in known for line in budget):
        return
    yield "cn"
    tables = {line.source.table for line in budget if line.source is not None} - {None}
    families = {table.split(".")[1] for table in tables if table is not None and table.startswith("cn.")}
    if not families and any(line.identity.code is not None for line in budget):
        planned = all(line.identity.phase == "budget" for line in budget if line.identity.code is not None)
        families = {"budget" if planned else "final"}
    yield from (f"cn.{family}" for family in ("final", "budget") if family in families)
    if any(line.identity.measure in {"score", "weight"} or line.identity.label in _RATES for line in budget):
        yield "cn.performance"


def _rule_of(rule_id: str, text: object, convention: Convention | None) -> Rule:
    if not isinstance(text, str):
        raise RuleError(f"rule {rule_id}: an equation is text, not {type(text).__name__}")
    try:
        equation = parse_equation(text)
    except RuleError as error:
        raise RuleError(f"rule {rule_id}: {error.message}") from error
    strength: Strength = "balance" if equation.form in {"sum", "rollup"} else "logic"
    return Rule(
        rule_id, _kind_of(equation), strength, equation, label={"en": text}, convention=convention or Convention()
    )


def _kind_of(equation: Equation) -> str:
    right = equation.right
    if equation.form == "sum" and isinstance(right, Linear):
        single = len(equation.left.terms) == 1 == len(right.terms) and not right.constant
        if not (single and equation.left.terms[0][0] == right.terms[0][0] == 1):
            return "SUM001"
        return "TIE003" if any(_is_shifted(name) for name in equation.names()) else "TIE002"
    if equation.form == "share" and isinstance(right, Quotient) and not equation.percent:
        return "RAT006"
    return _KINDS[equation.form]


def _is_shifted(name: Name) -> bool:
    """Whether a name is of another year than the rule's own, such as `opening[year+1]`."""
    return any(axis == "period" and value[0] in "+-" and int(value) for axis, value in name.selectors)
