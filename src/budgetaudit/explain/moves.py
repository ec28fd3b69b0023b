"""Several figures that one act spoiled together: exchanged, rotated, moved by a row, shifted from one to another.

None of these figures explains its relations alone. Each needs a value that is printed elsewhere, or a change that is the
opposite of what another one needs. The search starts at a relation that does not hold and follows these needs; what it
proposes is one change of all figures, weighed like any other.

Source: Scholtus (2016), A generalized Fellegi-Holt paradigm: acts that touch several figures, each with a weight of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.consequence import POSSIBLE
from budgetaudit.explain.priors import FLAT, chance
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval

_MOST_FACTS: Final = 40
_MOST_DONORS: Final = 6
_LONGEST_ROTATION: Final = 5
_NEIGHBOURS: Final = 24  # figures with which one may be exchanged
_SHIFTS: Final = (1, -1, 2, -2)
_MOST_ROWS: Final = 80
_LEFT_UNITS: Final = 3
_LEAST_MOVE: Final = 10  # units of the last place: two gaps of a unit are rounding, and no amount that was moved

Changes = dict[Fact, Fraction]


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """What may have been done to several figures at once, each act once."""
    seen: set[tuple[str, frozenset[Fact]]] = set()
    for code, changes, ways, evidence in _acts(outcome, situation):
        key = code, frozenset(changes)
        if key in seen:
            continue
        seen.add(key)
        wanted = [edit for fact, value in changes.items() for edit in situation.printing(fact, value)]
        edits = tuple(
            sorted((edit for edit in wanted if _differs(edit, situation)), key=lambda edit: situation.place(edit[0]))
        )
        if not edits:
            continue
        lines = tuple(line_id for line_id, _ in edits)
        likely = chance(code, ways=ways) * (FLAT if code == "opposite-pair" else 1)
        yield Hypothesis(code, lines, likely, edits, evidence=evidence)


def _differs(edit: tuple[str, Amount], situation: Situation) -> bool:
    printed = situation.line(edit[0]).amount
    return printed is None or printed.value != edit[1].value


_Act = tuple[str, Changes, int, tuple[tuple[str, str], ...]]


def _acts(outcome: Outcome, situation: Situation) -> Iterator[_Act]:
    facts = [fact for fact in situation.facts(outcome.relation)[:_MOST_FACTS] if _value(fact, situation) is not None]
    for changes in _exchanged_inside(outcome, situation):
        yield "interchanged-pair", changes, len(facts), ()
    for fact in facts:
        for cycle in _cycles(fact, outcome, situation):
            code = "interchanged-pair" if len(cycle) == 2 else "figures-rotated"
            values = [_value(cycle[(place + 1) % len(cycle)], situation) or Fraction(0) for place in range(len(cycle))]
            yield code, dict(zip(cycle, values, strict=True)), len(facts) * _NEIGHBOURS, ()
        for changes, by in _shifted(fact, outcome, situation):
            kept = sorted(changes.values()) == sorted(_value(row, situation) or Fraction(0) for row in changes)
            code = "row-shift" if not kept else "interchanged-pair" if len(changes) == 2 else "figures-rotated"
            yield code, changes, 2 * len(_SHIFTS), (("by", str(by)),)
        for changes, partners in _opposite(fact, outcome, situation):
            yield "opposite-pair", changes, len(facts) * partners, ()
    for changes, by in _total_in_the_last_row(outcome, situation):
        yield "row-shift", changes, 2 * len(_SHIFTS), (("by", str(by)),)
    for changes, by in _cell_lost_at_an_end(outcome, situation):
        yield "row-shift", changes, 2 * len(_SHIFTS) * _NEIGHBOURS, (("by", str(by)),)
    for changes in _series(outcome, situation):
        yield "cumulative-value", changes, 1, ()


def _value(fact: Fact, situation: Situation) -> Fraction | None:
    """What a fact is printed with, in base units, if all its prints agree."""
    amounts = {line.amount for line in situation.telling(fact)}
    (amount,) = amounts if len(amounts) == 1 else (None,)
    return amount.exact_value if isinstance(amount, Amount) else None


def _kind(fact: Fact, situation: Situation) -> str | None:
    amount = situation.prints(fact)[0].amount
    return None if amount is None else amount.unit.kind


def _exchanged_inside(outcome: Outcome, situation: Situation) -> Iterator[Changes]:
    """Two figures of one relation that play different parts in it: this year and last year, a part and the total."""
    roles: dict[Fact, tuple[str, Fraction]] = {}
    for term in outcome.relation.terms:
        roles.setdefault(situation.fact(term.line), (term.role, term.weight))
    leading = [fact for fact, (role, _) in roles.items() if role in {"total", "current", "numerator"}]
    for one in leading[:2]:
        for other in list(roles)[:_MOST_FACTS]:
            first, second = _value(one, situation), _value(other, situation)
            alike = _kind(one, situation) == _kind(other, situation)
            if other != one and alike and first is not None and second is not None and first != second:
                yield {one: second, other: first}


def _cycles(start: Fact, outcome: Outcome, situation: Situation) -> Iterator[list[Fact]]:
    """Figures each of which needs the value that is printed for the next, the last the one of the first."""
    paths = [[start]]
    for _ in range(_LONGEST_ROTATION - 1):
        longer: list[list[Fact]] = []
        for path in paths:
            because = outcome if path[-1] == start else _failing(path[-1], situation)
            for donor in () if because is None else _donors(path[-1], because, situation):
                if donor in path:
                    continue
                closing = _failing(donor, situation)
                wanted = None if closing is None else situation.wanted(closing, donor)
                first = _value(start, situation)
                if (
                    wanted is not None
                    and first is not None
                    and _near(wanted, start, situation).overlaps(Interval.point(first))
                ):
                    yield [*path, donor]
                elif closing is None:
                    yield [*path, donor]  # nothing contradicts the last figure, which takes what the first one had
                longer.append([*path, donor])
        paths = longer[: _MOST_DONORS * 2]


def _failing(fact: Fact, situation: Situation, *, but: Relation | None = None) -> Outcome | None:
    """A relation of a fact, another than `but`, that does not hold and bounds it."""
    for outcome in situation.about(fact)[:_MOST_FACTS]:
        if (
            outcome.relation is not but
            and outcome.verdict == "inconsistent"
            and situation.wanted(outcome, fact) is not None
        ):
            return outcome
    return None


def _near(wanted: Interval, fact: Fact, situation: Situation) -> Interval:
    """Values whose print may stand for one of these: half a unit of the last place more on either side."""
    amount = situation.prints(fact)[0].amount
    half = Fraction(0) if amount is None else amount.step * amount.unit.scale / 2
    return wanted + Interval(-half, half)


def _donors(fact: Fact, outcome: Outcome, situation: Situation) -> Sequence[Fact]:
    """The facts printed with a value that this one needs; none where there are so many that it is chance."""
    wanted = situation.wanted(outcome, fact)
    first = situation.prints(fact)[0]
    if wanted is None or first.amount is None:
        return ()
    near = _near(wanted, fact, situation)
    assert near.lo is not None
    assert near.hi is not None
    low, high = sorted((abs(near.lo), abs(near.hi)))
    if near.lo * near.hi <= 0:
        return ()
    found = [
        situation.fact(line.id)
        for line in situation.worth(low, high, beside=first)
        if line.amount is not None
        and line.amount.exact_value * near.lo > 0
        and line.amount.unit.kind == first.amount.unit.kind
    ]
    found = [donor for donor in dict.fromkeys(found) if donor != fact and _value(donor, situation) is not None]
    return found if len(found) <= _MOST_DONORS else ()


def _columns(fact: Fact, situation: Situation) -> Iterator[tuple[Relation, list[Term]]]:
    """The sums of which a fact is a part, with their parts in order."""
    for outcome in situation.about(fact):
        parts = [term for term in outcome.relation.terms if term.role == "part" and term.weight == 1]
        inside = any(situation.fact(term.line) == fact for term in parts)
        if outcome.relation.form == "sum" and inside and 3 <= len(parts) <= _MOST_ROWS:
            yield outcome.relation, parts


def _shifted(fact: Fact, outcome: Outcome, situation: Situation) -> Iterator[tuple[Changes, int]]:
    """A stretch of a column whose figures stand some rows away from where their rows need them."""
    for relation, parts in _columns(fact, situation):
        if relation is outcome.relation:
            continue  # the column itself misses: begin at its rows
        column = [situation.fact(term.line) for term in parts]
        values = [_value(row, situation) for row in column]
        place = column.index(fact)
        for by in _SHIFTS:
            stretch = _stretch(place, by, column, values, relation, situation)
            changes = _moved(stretch, by, column, values, relation, situation)
            confirmed = sum(1 for row in stretch if _failing(column[row], situation, but=relation) is not None)
            if len(changes) > 1 and confirmed > 1:
                yield changes, -by


def _fits(
    row: int,
    by: int,
    column: Sequence[Fact],
    values: Sequence[Fraction | None],
    relation: Relation,
    situation: Situation,
) -> bool:
    """Whether a row can take the figure that stands `by` rows away, and does not already hold."""
    if not (0 <= row < len(column) and 0 <= row + by < len(column)):
        return False
    moved, own = values[row + by], values[row]
    if moved is None or own is None:
        return False
    for outcome in situation.about(column[row])[:_MOST_FACTS]:
        if outcome.relation is relation or outcome.relation.form in {"order", "tie", "count"}:
            continue
        need = situation.needed(outcome, column[row])
        if need is not None and not _near(need, column[row], situation).overlaps(Interval.point(moved)):
            return False
    return True


def _stretch(
    place: int,
    by: int,
    column: Sequence[Fact],
    values: Sequence[Fraction | None],
    relation: Relation,
    situation: Situation,
) -> range:
    if not _fits(place, by, column, values, relation, situation):
        return range(0)
    first = last = place
    while _fits(first - 1, by, column, values, relation, situation) and values[first - 1] != values[first - 1 + by]:
        first -= 1
    while _fits(last + 1, by, column, values, relation, situation) and values[last + 1] != values[last + 1 + by]:
        last += 1
    return range(first, last + 1)


def _moved(
    stretch: range,
    by: int,
    column: Sequence[Fact],
    values: Sequence[Fraction | None],
    relation: Relation,
    situation: Situation,
) -> Changes:
    """The stretch moved back, and at its end the figures that fell off: what their own rows or the sum need."""
    if not stretch:
        return {}
    changes = {column[row]: values[row + by] or Fraction(0) for row in stretch}
    edge = range(stretch[-1] + 1, stretch[-1] + 1 + by) if by > 0 else range(stretch[0] + by, stretch[0])
    unknown: list[int] = []
    for row in (row for row in edge if 0 <= row < len(column)):
        failing = _failing(column[row], situation, but=relation)
        wanted = None if failing is None else situation.wanted(failing, column[row])
        if wanted is not None and wanted.lo is not None and wanted.hi is not None:
            changes[column[row]] = (wanted.lo + wanted.hi) / 2
        else:
            unknown.append(row)
    last = unknown[0] if len(unknown) == 1 else edge[0] if len(edge) == 1 and not unknown else None
    if last is not None and 0 <= last < len(column):
        rest = _rest(relation, column[last], changes, situation)
        if rest is not None:
            changes[column[last]] = rest
    _take_what_fell_off(changes, [row for row in edge if 0 <= row < len(column)], stretch, column, values, situation)
    return changes


def _take_what_fell_off(
    changes: Changes,
    edge: Sequence[int],
    stretch: range,
    column: Sequence[Fact],
    values: Sequence[Fraction | None],
    situation: Situation,
) -> None:
    """A figure at the end that is, up to rounding, one that no other row has taken is that one: then nothing was lost."""
    left = [values[row] for row in (*stretch, *edge)]
    for fact in (column[row] for row in stretch):
        if changes[fact] in left:
            left.remove(changes[fact])
    for row in edge:
        wanted = changes.get(column[row])
        near = _LEFT_UNITS * _unit(column[row], situation)
        fitting = [value for value in left if value is not None and wanted is not None and abs(value - wanted) <= near]
        if len(fitting) == 1:
            changes[column[row]] = fitting[0]


def _rest(relation: Relation, fact: Fact, changes: Mapping[Fact, Fraction], situation: Situation) -> Fraction | None:
    """What a sum leaves for one of its parts."""
    totals = [term for term in relation.terms if term.role == "total"]
    if len(totals) != 1 or relation.constant is not None:
        return None
    rest = _value(situation.fact(totals[0].line), situation)
    for term in relation.terms:
        other = situation.fact(term.line)
        if term.role == "part" and other != fact:
            value = changes.get(other, _value(other, situation))
            if rest is None or value is None:
                return None
            rest -= term.weight * value
    return rest


def _total_in_the_last_row(outcome: Outcome, situation: Situation) -> Iterator[tuple[Changes, int]]:
    """A column in which everything moved up from some row on, so that the total below slid into the last row."""
    relation = outcome.relation
    parts = [term for term in relation.terms if term.role == "part" and term.weight == 1]
    totals = [term for term in relation.terms if term.role == "total"]
    if relation.form != "sum" or len(totals) != 1 or not 3 <= len(parts) <= _MOST_ROWS:
        return
    column = [situation.fact(term.line) for term in parts]
    values = [_value(row, situation) for row in column]
    total = _value(situation.fact(totals[0].line), situation)
    if total is None or None in values or values[-1] != total:
        return
    limits = [
        row for row, fact in enumerate(column)
        if any(one.verdict == "inconsistent" and one is not outcome for one in situation.about(fact))
    ]  # fmt: skip
    first = min(limits, default=len(column) - 1)
    empty = max((row for row in range(first) if values[row] == 0), default=max(first - 1, 0))
    changes: Changes = {column[row]: values[row - 1] or Fraction(0) for row in range(empty + 1, len(column))}
    changes[column[empty]] = Fraction(0)
    if changes:
        yield changes, -1


def _cell_lost_at_an_end(outcome: Outcome, situation: Situation) -> Iterator[tuple[Changes, int]]:
    """A column that begins or ends with a zero, as if it had moved by a row and lost the figure at its other end."""
    relation = outcome.relation
    parts = [term for term in relation.terms if term.role == "part" and term.weight == 1]
    column = [situation.fact(term.line) for term in parts]
    values = [_value(row, situation) for row in column]
    if relation.form != "sum" or not 3 <= len(parts) <= _MOST_ROWS or None in values:
        return
    for by in (1, -1):
        empty, lost = (0, len(column) - 1) if by > 0 else (len(column) - 1, 0)
        if values[empty] != 0:
            continue
        changes = {
            fact: values[row + by] or Fraction(0) for row, fact in enumerate(column) if 0 <= row + by < len(column)
        }
        rest = _rest(relation, column[lost], changes, situation)
        if rest is not None:
            yield {**changes, column[lost]: rest}, by


def _opposite(fact: Fact, outcome: Outcome, situation: Situation) -> Iterator[tuple[Changes, int]]:
    """An amount that stands in one part of a sum and belongs into another, so that the total does not notice.

    Where nothing speaks against the other part, it may as well be one of many.
    """
    wanted, printed = situation.wanted(outcome, fact), _value(fact, situation)
    if wanted is None or printed is None or wanted.lo is None or wanted.hi is None:
        return
    for other in situation.about(fact)[:_MOST_FACTS]:
        if other is outcome or other.relation.form != "sum" or other.verdict not in POSSIBLE:
            continue
        weights = {situation.fact(term.line): term.weight for term in other.relation.terms if term.role == "part"}
        if fact not in weights:
            continue
        for partner, weight in list(weights.items())[:_MOST_ROWS]:
            now = _value(partner, situation)
            if partner == fact or now is None or weight == 0:
                continue
            given = (Interval.point(printed) - wanted).scaled(weights[fact] / weight) + Interval.point(now)
            failing = _failing(partner, situation)
            need = given if failing is None else situation.wanted(failing, partner)
            both = None if need is None else _near(need, partner, situation).intersection(given)
            if both is not None and both.lo is not None and both.hi is not None:
                value = _as_printed(partner, (both.lo + both.hi) / 2, situation)
                mine = printed - (value - now) * weight / weights[fact]
                moved = abs(value - now) >= _LEAST_MOVE * _unit(partner, situation)
                keeps_signs = value * now >= 0 and mine * printed >= 0
                if moved and (failing is not None or keeps_signs):
                    yield {fact: mine, partner: value}, 1 if failing is not None else _NEIGHBOURS


def _as_printed(fact: Fact, value: Fraction, situation: Situation) -> Fraction:
    (_, amount), *_ = situation.printing(fact, value)
    return amount.exact_value


def _unit(fact: Fact, situation: Situation) -> Fraction:
    """The last place of a figure, in base units."""
    amount = situation.prints(fact)[0].amount
    return Fraction(0) if amount is None else Fraction(10) ** -amount.places * amount.unit.scale


def _series(outcome: Outcome, situation: Situation) -> Iterator[Changes]:
    """All parts of a series counted from its beginning: each less the one before it."""
    facts = situation.facts(outcome.relation)
    relations = {id(one.relation): one.relation for fact in facts for one in situation.about(fact)[:_MOST_FACTS]}
    for relation in relations.values():
        parts = [term for term in relation.terms if term.role == "part"]
        totals = [term for term in relation.terms if term.role == "total"]
        if (
            relation.form != "sum"
            or len(totals) != 1
            or not 3 <= len(parts) <= 12
            or any(term.weight != 1 for term in parts)
        ):
            continue
        series = [situation.fact(term.line) for term in parts]
        values = [_value(fact, situation) for fact in series]
        total = _value(situation.fact(totals[0].line), situation)
        step = situation.line(totals[0].line).amount
        if None in values or total is None or step is None or len(set(series)) < len(series):
            continue
        if abs((values[-1] or Fraction(0)) - total) > len(parts) * step.step * step.unit.scale:
            continue
        yield {
            fact: (values[place] or Fraction(0)) - (values[place - 1] or Fraction(0))
            for place, fact in enumerate(series)
            if place
        }
