"""The plan: compiled rules as one join-aggregate that any engine with ANSI SQL can run, and the two small tables it joins.

Every figure is joined with the terms it takes part in, and one row per relation and unit adds up what the verdict needs:
the gap, how far rounding reaches down and up, which terms were printed. All numbers are whole: figures in units of 10^-scale,
doubled where half units are added, and doubled again where intervals may be open, so that nothing is divided and no decimal
is rounded.

What stands in which row:

- `figures` (made by the engine's adapter): the axes of the unit, `item`, `amount`, `step` (0: nothing is hidden), `flaw`,
  and where facts may be printed more than once, by number, the `fact` that the item means and the item itself.
- `facts`: one row per fact; the prints of one fact are intersected.
- `sums`, `ratios`: one row per relation and unit. Which terms are there is a sum of powers of two: as many bits as rows
  means that no fact stood twice.
- the result: rule, unit, verdict and reason of every outcome, whether it is good or not; gap and bound as whole numbers of
  1/(per_unit · 10^scale).

The text is written for DuckDB; sqlglot says it in other dialects. What cannot be said this way is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from budgetaudit.check.compile import CompiledRelation, CompiledRules, CompiledTerm
from budgetaudit.check.plan_ratios import ratio_judged, ratio_sums, ratio_weighed
from budgetaudit.check.plan_sums import MASKS, judged, sums, weighed
from budgetaudit.check.plan_text import REASONS, Ends, Layout, Table, case, ends_of, flaw_reason, quoted_text, select
from budgetaudit.errors import BudgetAuditError
from budgetaudit.rules.rule import Convention, Scope

BITS: Final = 31  # terms per counter: a sum of their powers stays in 64 bits however many rows there are
LARGEST: Final = 10**38 - 1  # what DECIMAL(38,0) and 128-bit integers hold
TIE: Final = "tie-out"

_RATIOS: Final = frozenset({"share", "growth"})
_FIRST: Final = frozenset({"total", "ratio"})
_SECOND: Final = frozenset({"part", "numerator", "current"})
_Numbered = Sequence[tuple[int, CompiledRelation]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps (`name as (...)`) and the text that follows them, which read `figures`, `terms` and `relations`, the latter two, and `items`: which fact each text means."""

    steps: tuple[str, ...]
    text: str
    terms: Table
    relations: Table
    items: Table


def make_plan(rules: CompiledRules, texts: Sequence[Sequence[str]], layout: Layout) -> Plan:
    """Write the plan.

    Args:
        rules: Rules compiled with the items that are present.
        texts: For every item of the rules, by which texts the figures name it.
        layout: What is known of the figures.

    Raises:
        BudgetAuditError: Some rules cannot be said in SQL, named each with the reason; or a sum would not fit into 38 digits.
    """
    numbered = [(place, relation) for place, relation in enumerate(rules.relations) if not relation.unknown]
    reasons = {relation.rule.id: reason for _, relation in numbered if (reason := _refusal(relation, layout))}
    if layout.repeated and rules.tie.tolerance != "0":
        reasons[TIE] = "a tolerance between several prints of one fact"
    if reasons:
        listed = "; ".join(f"{rule} ({reason})" for rule, reason in reasons.items())
        raise BudgetAuditError(
            f"SQL cannot say {len(reasons)} of {len(rules.rules)} rules: {listed}",
            hint="leave them out with RuleSet.ignore, or use audit_columns or audit_stream",
        )
    for _, relation in numbered:
        _prove_that_it_fits(relation, layout)
    return _Writer(rules, numbered, facts_of(rules, texts), layout).plan()


def facts_of(rules: CompiledRules, texts: Sequence[Sequence[str]]) -> dict[str, int]:
    """By item text: the number of what it means. Items that mean the same in every relation are one fact.

    Raises:
        BudgetAuditError: Two items mean the same in one relation and different things in another.
    """
    uses: dict[int, set[tuple[int, int]]] = {place: set() for place in range(len(texts))}
    for number, relation in enumerate(rules.relations):
        for place, term in enumerate(relation.terms):
            for item in term.items:
                uses[item].add((number, place))
    meaning: dict[frozenset[tuple[int, int]], int] = {}
    found: dict[str, int] = {}
    for item, terms in uses.items():
        fact = meaning.setdefault(frozenset(terms), item) if terms else item
        found.update(dict.fromkeys(texts[item], fact))
    for relation in rules.relations:
        for term in relation.terms:
            if len({found[text] for item in term.items for text in texts[item]}) > 1:
                names = ", ".join(repr(texts[item][0]) for item in term.items[:5])
                raise BudgetAuditError(
                    f"rule {relation.rule.id}: {term.label!r} can be {names}, which mean different things to other rules",
                    hint="name the figures of these rules by code, or use audit_columns",
                )
    return found


def _refusal(relation: CompiledRelation, layout: Layout) -> str | None:
    """Why a relation cannot be part of the plan."""
    convention = relation.convention
    if relation.when is not None or relation.unless:
        return "it applies under a condition"
    if relation.form not in {"sum", "order", *_RATIOS}:
        return "growth from a printed change has no base to multiply with"
    if convention.rounding == "nudged" or convention.totals_from == "adjusted":
        return "figures that were nudged until the column adds"
    if any(term.at.free != relation.free for term in relation.terms):
        return "one of its figures belongs to several units"
    if any(rank != term.ranks[0] for term in relation.terms for rank in term.ranks):
        return "one name stands for figures within different others"
    if relation.form in _RATIOS and not ends_of(convention).closed:
        return "a ratio of figures whose ends are open"
    if any(value.denominator != 1 for value in (_constant(relation, layout), _tolerance(relation, layout))):
        return f"a number with more than {layout.scale} places"
    return None


def _constant(relation: CompiledRelation, layout: Layout) -> Fraction:
    """What the doubled gap has to lose."""
    constant: Fraction = 2 * (relation.constant or Fraction(0)) * relation.multiplier * layout.one
    return -constant if relation.written in {">", ">="} else constant


def _tolerance(relation: CompiledRelation, layout: Layout) -> Fraction:
    multiplier = 1 if relation.form in _RATIOS else relation.multiplier
    tolerance = Fraction(relation.convention.tolerance)
    return tolerance * 2 * multiplier * layout.one


def largest_sum(relation: CompiledRelation, layout: Layout) -> int:
    """What no number of a relation can exceed, however it is added up."""
    weight = sum(abs(term.coefficient) for term in relation.terms)
    figures = 4 * weight * (layout.largest + 2 * layout.widest)
    whole = figures + 2 * int(abs(_constant(relation, layout)) + _tolerance(relation, layout))
    if relation.form in _RATIOS:  # a product of the figures with 100 units, or with a ratio
        return 4 * (whole + 400 * layout.one) * max(whole, 200 * layout.one)
    return whole


def _prove_that_it_fits(relation: CompiledRelation, layout: Layout) -> None:
    """Refuse a relation of which some sum or product could leave 38 digits."""
    if largest_sum(relation, layout) > LARGEST:
        raise BudgetAuditError(
            f"rule {relation.rule.id}: figures of up to {layout.largest} in units of 10^-{layout.scale} can leave 38 digits",
            hint="use audit_columns or audit_stream, which have no such limit",
        )


def _asks_for_signs(inside: _Numbered) -> bool:
    """Whether a verdict may depend on figures being amounts from 0 on."""
    return any(relation.from_pack or relation.convention.missing == "open" for _, relation in inside)


def _way_of_reading(convention: Convention) -> Convention:
    """What of a convention decides which values a print can stand for."""
    return Convention(
        rounding=convention.rounding, ties=convention.ties, blank=convention.blank, exact_below=convention.exact_below
    )


class _Writer:
    """Writes the plan of one set of relations."""

    def __init__(self, rules: CompiledRules, numbered: _Numbered, facts: dict[str, int], layout: Layout) -> None:
        self._rules, self._numbered, self._facts_by_text, self._layout = rules, numbered, facts, layout
        self._chunks = max((-(-len(relation.terms) // BITS) for _, relation in numbered), default=1)

    def plan(self) -> Plan:
        steps: list[str] = []
        results: list[str] = []
        readings = dict.fromkeys(_way_of_reading(relation.convention) for _, relation in self._numbered)
        if self._layout.repeated:
            readings = {_way_of_reading(self._rules.tie): None} | readings
        for number, reading in enumerate(readings):
            ends = ends_of(reading)
            steps.append(f"facts_{number} as ({self._facts(reading, ends)})")
            inside = [one for one in self._numbered if _way_of_reading(one[1].convention) == reading]
            linear = [one for one in inside if one[1].form not in _RATIOS]
            ratios = [one for one in inside if one[1].form in _RATIOS]
            if linear:
                asked = {"signs": _asks_for_signs(linear), "zeros": self._layout.blanks and reading.blank == "zero"}
                columns = sums(ends, self._layout, self._chunks, **asked)
                rows = weighed(f"sums_{number}", ends, self._layout, self._chunks, **asked, scopes=self._scopes(linear))
                steps += [f"sums_{number} as ({self._added(number, linear, columns)})", f"weighed_{number} as ({rows})"]
                results.append(judged(f"weighed_{number}", ends, self._layout, **asked))
            if ratios:
                columns = ratio_sums(self._layout, self._chunks)
                rows = ratio_weighed(f"ratios_{number}", self._layout, self._chunks, scopes=self._scopes(ratios))
                steps += [
                    f"ratios_{number} as ({self._added(number, ratios, columns)})",
                    f"weighed_ratios_{number} as ({rows})",
                ]
                results.append(ratio_judged(f"weighed_ratios_{number}", self._layout))
            if self._layout.repeated and number == 0:
                results.append(self._ties(ends))
        results += self._failed()
        return Plan(tuple(steps), " union all ".join(results), self._terms(), self._relations(), self._items())

    def _facts(self, reading: Convention, ends: Ends) -> str:
        """One row per fact with what rounding leaves open below and above it, in halves of 10^-scale times `fold`."""
        axes = self._layout.listed()
        fold = 2 * ends.fold
        hidden = self._hidden(reading)
        named = [*self._layout.axes, "fact", "number"] if self._layout.repeated else [*self._layout.axes, "item"]
        prints = f"from ({select([*named, 'amount', f'{hidden} as step', 'flaw'], 'from figures')}) as prints"
        nothing = "0" if reading.blank == "zero" else "null"
        if not self._layout.repeated:
            known = f"case when amount is null then {nothing} else {{}} end" if self._layout.blanks else "{}"
            columns = [
                "item as fact", f"{known.format('amount')} as a", f"{known.format(ends.of(ends.below))} as dn",
                f"{known.format(ends.of(ends.above))} as up", "flaw",
            ]  # fmt: skip
            if not ends.closed:
                columns += [f"{ends.of(ends.open_below)} as open_below", f"{ends.of(ends.open_above)} as open_above"]
            if self._layout.blanks:
                columns.append("case when amount is null then 1 else 0 end as blank")
            return select([*self._layout.axes, *columns], prints)
        lo = f"{fold} * amount - {ends.of(ends.below)} + {ends.of(ends.open_below)}"
        hi = f"{fold} * amount + {ends.of(ends.above)} - {ends.of(ends.open_above)}"
        inner = select(
            [*self._layout.axes, "fact", "number", "amount", "step", "flaw", f"{lo} as lo", f"{hi} as hi"],
            prints,
        )
        clash = "max(lo) > min(hi)"
        if ends.closed:  # two prints of one step contradict each other even where they touch
            clash += " or coalesce(max(case when step > 0 then lo end) >= min(case when step > 0 then hi end), false)"
        some_blank = "count(amount) > 0 and count(amount) < count(*)"
        if reading.blank == "zero":
            some_blank += " and max(abs(amount)) > 0"
        conflict = REASONS["conflicting-figures"]
        grouped = select(
            [*self._layout.axes, "fact", "count(amount) as prints", "min_by(amount, case when amount is not null then step end) as a", "max(lo) as lo",
             "min(hi) as hi", f"{case((some_blank, '1'), otherwise='0')} as some_blank",
             "min(case when flaw > 0 then flaw end) as unfit", f"{case((clash, '1'), otherwise='0')} as clash"],
            f"from ({inner}) as ends group by {axes}fact having min(number) = max(number)",
        )  # fmt: skip
        known = f"case when prints = 0 then {nothing} else {{}} end"
        odd_low, odd_high = ("0", "0") if ends.closed else ("abs(lo % 2)", "abs(hi % 2)")
        flaw = case(
            ("prints = 0", "0"), ("some_blank = 1", str(conflict)), ("unfit is not null", "unfit"), ("clash = 1", str(conflict)),
            otherwise="0",
        )  # fmt: skip
        return select(
            [*self._layout.axes, "fact", f"{known.format('a')} as a", f"{known.format(f'{fold} * a - lo + {odd_low}')} as dn",
             f"{known.format(f'hi + {odd_high} - {fold} * a')} as up", f"{odd_low} as open_below", f"{odd_high} as open_above",
             f"{flaw} as flaw", "prints", "unfit", "clash", "case when prints = 0 then 1 else 0 end as blank"],
            f"from ({grouped}) as facts",
        )  # fmt: skip

    def _hidden(self, reading: Convention) -> str:
        """The step of a print; 0 where nothing is hidden: of counts, and of money in small units where a pack says so."""
        unit = self._layout.unit
        if unit.kind == "count":
            return "0 * step"
        if reading.exact_below is None or unit.kind != "money":
            return "step"
        least = int(Fraction(reading.exact_below) / unit.scale * self._layout.one)
        return f"case when step <= {least} then 0 else step end"

    def _added(self, number: int, inside: _Numbered, columns: Sequence[str]) -> str:
        """Facts joined with their terms and added up by relation and unit."""
        axes = {axis: f"f.{axis}" for axis in self._layout.axes}
        terms = [term for _, relation in inside for term in relation.terms]
        tests: list[str] = []
        if "period" in axes and any(term.at.shift for term in terms):
            year = "try_cast(f.period as bigint)"
            axes["period"] = f"case when t.shift = 0 then f.period else cast({year} - t.shift as varchar) end"
            tests.append(f"(t.shift = 0 or {year} is not null)")
        for axis in ("period", "phase", "fund"):
            if axis in axes and any(getattr(term.at, axis) for term in terms):
                tests.append(f"(t.at_{axis} is null or t.at_{axis} = f.{axis})")
                axes[axis] = f"case when t.at_{axis} is null then {axes[axis]} end"
        listed = ", ".join(str(place) for place, _ in inside)
        if len(inside) < len(self._numbered):
            tests.append(f"t.relation in ({listed})")
        where = f" where {' and '.join(tests)}" if tests else ""
        group = ", ".join(["t.relation", *axes.values()])
        own = [f"{text} as {axis}" for axis, text in axes.items()]
        return select(
            ["t.relation", *own, *columns],
            f"from facts_{number} as f join terms as t on f.fact = t.fact{where} group by {group}",
        )

    def _scopes(self, inside: _Numbered) -> str:
        """To which units rules do not apply; a figure of unknown phase, fund or year is not excluded."""
        places: dict[Scope, list[str]] = {}
        for place, relation in inside:
            places.setdefault(relation.rule.scope, []).append(str(place))
        tests = [(", ".join(listed), " and ".join(self._scope(scope))) for scope, listed in places.items()]
        return "".join(f" and (r.relation not in ({listed}) or ({test}))" for listed, test in tests if test)

    def _scope(self, scope: Scope) -> Iterator[str]:
        for axis, allowed in (("phase", scope.phases), ("fund", scope.funds)):
            if allowed and axis in self._layout.axes:
                yield f"(s.{axis} is null or s.{axis} in ({', '.join(map(quoted_text, allowed))}))"
        for end, sign in zip(scope.years, (">=", "<="), strict=True):
            if end is not None and "period" in self._layout.axes:
                yield f"(try_cast(s.period as bigint) is null or try_cast(s.period as bigint) {sign} {end})"

    def _ties(self, ends: Ends) -> str:
        """Facts that are printed more than once: the finest print, rounded, gives every other one, or rounding explains it."""
        inside = "dn >= 0 and up >= 0"
        if not ends.closed:
            inside = "(dn > 0 or (dn = 0 and open_below = 0)) and (up > 0 or (up = 0 and open_above = 0))"
        verdict = case(
            ("unfit is not null", "'undecided'"),
            ("clash = 1", "'inconsistent'"),
            (inside, "'exact'"),
            otherwise="'rounding'",
        )
        return self._bare(TIE, self._layout.listed(), verdict, flaw_reason("unfit"), "from facts_0 where prints > 1")

    def _failed(self) -> list[str]:
        """Rules typed in that name what no item is called."""
        rules = dict.fromkeys(relation.rule.id for relation in self._rules.relations if relation.unknown)
        nowhere = self._layout.no_place()
        found = [self._bare(rule, nowhere, "'failed'", "'name-not-found'", "") for rule in rules]
        return found or (
            [] if self._numbered or self._layout.repeated else [self._bare("", nowhere, "''", "''", "where false")]
        )

    def _bare(self, rule: str, axes: str, verdict: str, reason: str, rest: str) -> str:
        """Outcomes without a gap."""
        null = f"cast(null as {self._layout.big})"
        return (
            f"select {quoted_text(rule)} as rule, {axes}{verdict} as verdict, {reason} as reason,"
            f" {null} as gap, {null} as bound, {self._layout.one} as per_unit, 0 as missing {rest}"
        )

    def _items(self) -> Table:
        columns = (("item", "VARCHAR"), ("fact", "INT"), ("number", "INT"))
        return Table(
            columns, tuple((item, fact, number) for number, (item, fact) in enumerate(self._facts_by_text.items()))
        )

    def _terms(self) -> Table:
        """One row per term and item: what it is multiplied with, and which part it plays."""
        big, whole = self._layout.number, "INT"
        key = whole if self._layout.repeated else "VARCHAR"
        columns = [
            ("relation", whole), ("fact", key), ("coef", big), ("spread", big), ("target", big), ("second", whole),
            ("side", whole), ("place", whole), ("shift", whole), ("at_period", "VARCHAR"), ("at_phase", "VARCHAR"),
            ("at_fund", "VARCHAR"), *((f"bit_{chunk}", "BIGINT") for chunk in range(self._chunks)),
        ]  # fmt: skip
        texts: dict[int, list[str]] = {}
        for text, fact in self._facts_by_text.items():
            texts.setdefault(fact, []).append(text)
        rows = [
            (number, key, *row)
            for number, relation in self._numbered
            for place, term in enumerate(relation.terms)
            for key in self._keys(term, texts)
            for row in [self._term(relation, place, term)]
        ]
        return Table(tuple(columns), tuple(rows))

    def _keys(self, term: CompiledTerm, texts: dict[int, list[str]]) -> list[str] | list[int]:
        facts = dict.fromkeys(fact for fact in texts if fact in term.items)
        return list(facts) if self._layout.repeated else [text for fact in facts for text in texts[fact]]

    def _term(self, relation: CompiledRelation, place: int, term: CompiledTerm) -> tuple[object, ...]:
        pointed = relation.form == "sum" and relation.convention.totals_from != "unrounded" and term.role == "part"
        target = term.coefficient if term.role == "total" else 0
        order = (
            place if term.role not in _FIRST else len(relation.terms)
        )  # a flaw of an input goes before one of the target
        side = 1 if term.role in _FIRST else 2 if term.role in _SECOND else 3
        bits = [
            1 << (place - chunk * BITS) if chunk * BITS <= place < (chunk + 1) * BITS else 0
            for chunk in range(self._chunks)
        ]
        return (
            term.coefficient, 0 if pointed else abs(term.coefficient), target, int(not _is_first(relation, term)), side,
            order, term.at.shift, term.at.period, term.at.phase, term.at.fund, *bits,
        )  # fmt: skip

    def _relations(self) -> Table:
        """One row per relation: what its rows of sums are held against."""
        big, whole = self._layout.number, "INT"
        masks = [(f"{mask}_{chunk}", "BIGINT") for mask in (*MASKS, "third") for chunk in range(self._chunks)]
        columns = [
            ("relation", whole), ("rule", "VARCHAR"), ("is_sum", whole), ("strict", whole), ("required", whole), ("open", whole),
            ("bare", whole), ("right_first", whole), ("from_pack", whole), ("n_subtracts", whole), ("multiplier", big),
            ("constant", big), ("tolerance", big), ("factor", big), ("shift", big), ("absolute", whole), ("signed", whole),
            ("least_first", whole), ("least_second", whole), ("n_needed_first", whole), ("n_needed_second", whole), *masks,
        ]  # fmt: skip
        return Table(tuple(columns), tuple(self._relation(number, relation) for number, relation in self._numbered))

    def _relation(self, number: int, relation: CompiledRelation) -> tuple[object, ...]:
        convention, terms, is_sum = relation.convention, relation.terms, relation.form == "sum"
        first = [_is_first(relation, term) for term in terms]
        needed = [not term.optional for term in terms]
        kinds = {
            "first": first,
            "second": [not one for one in first],
            "needed_first": [one and need for one, need in zip(first, needed, strict=True)],
            "needed_second": [not one and need for one, need in zip(first, needed, strict=True)],
            "negative": [term.weight < 0 and term.role != "total" for term in terms],
            "subtracts": [need and not term.adds for term, need in zip(terms, needed, strict=True)],
            "third": [False] * len(terms),
        }
        if relation.form in _RATIOS:
            kinds["second"] = [term.role in _SECOND for term in terms]
            kinds["third"] = [term.role not in _SECOND | _FIRST for term in terms]
        least = relation.rule.least_parts if is_sum and not relation.bare else int(not is_sum and any(kinds["second"]))
        growth = relation.form == "growth"
        shift = int(relation.factor) * 2 * self._layout.one if growth else 0
        masks = [self._mask(kinds[mask], chunk) for mask in (*MASKS, "third") for chunk in range(self._chunks)]
        return (
            number, relation.rule.id, int(is_sum), int(relation.op == "<"), int(convention.missing == "required"),
            int(convention.missing == "open"), int(relation.bare), int(relation.written in {">", ">="}), int(relation.from_pack),
            sum(kinds["subtracts"]), relation.multiplier,
            int(_constant(relation, self._layout)), int(_tolerance(relation, self._layout)), int(relation.factor), shift,
            int(growth and convention.negative_base == "absolute"), int(not growth or convention.negative_base != "undefined"),
            int(any(first)), least, sum(kinds["needed_first"]), sum(kinds["needed_second"]), *masks,
        )  # fmt: skip

    def _mask(self, chosen: Sequence[bool], chunk: int) -> int:
        return sum(
            1 << (place - chunk * BITS)
            for place, one in enumerate(chosen)
            if one and chunk * BITS <= place < (chunk + 1) * BITS
        )


def _is_first(relation: CompiledRelation, term: CompiledTerm) -> bool:
    """Whether a term is the total, or on the side that has to be the smaller one."""
    if relation.form == "order":
        return (term.role == "left") != (relation.written in {">", ">="})
    return term.role in _FIRST
