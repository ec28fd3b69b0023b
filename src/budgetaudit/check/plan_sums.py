"""The plan for sums and inequalities: from facts to added rows, and from these to verdicts.

Everything of a relation stands on one side: Σ coefficient · figure is the gap of a sum, and what an inequality wants at or
below zero. The first side is the total, or the side that must be the smaller; the second one is what it is compared with.
"""

from __future__ import annotations

from typing import Final

from budgetaudit.check.plan_text import Ends, Layout, case, flaw_reason, select

MASKS: Final = ("first", "second", "needed_first", "needed_second", "negative", "subtracts")


def counters(layout: Layout, chunks: int) -> list[str]:
    """Which terms are printed and which have an amount, as sums of powers of two; the first flaw; the rows."""
    columns = [f"sum(t.bit_{chunk}) as printed_{chunk}" for chunk in range(chunks)]
    if layout.blanks:
        columns += [
            f"sum(case when f.a is null then 0 else t.bit_{chunk} end) as known_{chunk}" for chunk in range(chunks)
        ]
        columns.append("max(case when f.blank = 1 then 0 else 1 end) as shown")
    if layout.has_flaws:
        columns.append("min(case when f.flaw > 0 then t.place * 8 + f.flaw end) as flaw")
    return [*columns, "count(*) as n_rows"]


def count(what: str, mask: str, layout: Layout, chunks: int) -> str:
    """How many terms of a kind are printed, or known, in a row of sums."""
    name = "printed" if not layout.blanks else what
    bits = (f"bit_count(cast(s.{name}_{chunk} as bigint) & r.{mask}_{chunk})" for chunk in range(chunks))
    return f"({' + '.join(bits)})"


def once(layout: Layout, chunks: int) -> str:
    """A test that fails the whole query where a fact stands in two rows that were said to be one."""
    if layout.repeated:
        return "true"
    bits = " + ".join(f"bit_count(cast(s.printed_{chunk} as bigint))" for chunk in range(chunks))
    return f"case when {bits} = s.n_rows then true else error('a fact stands in several rows') end"


def shown(layout: Layout) -> str:
    """A test that leaves out rows of blanks only: they are no check of a pack's rule."""
    return " and (r.from_pack = 0 or s.shown = 1)" if layout.blanks else ""


def sums(ends: Ends, layout: Layout, chunks: int, *, signs: bool, zeros: bool) -> list[str]:
    """The columns of one row per relation and unit."""
    columns = [
        "sum(t.coef * f.a) as g",
        "sum(t.spread * case when t.coef > 0 then f.dn else f.up end) as down",
        "sum(t.spread * case when t.coef > 0 then f.up else f.dn end) as up",
        "sum(t.target * f.dn) as below",
        "sum(t.target * f.up) as above",
        *counters(layout, chunks),
    ]
    if not ends.closed:
        for low, high, name in (("open_below", "open_above", "open_down"), ("open_above", "open_below", "open_up")):
            opened = f"case when t.coef > 0 then f.{low} else f.{high} end"
            columns.append(f"max(case when t.spread > 0 and f.a is not null then {opened} else 0 end) as {name}")
        columns += [
            f"max(case when t.target > 0 then f.{end} else 0 end) as target_{end}"
            for end in ("open_below", "open_above")
        ]
    if signs:
        columns.append("min(case when t.second = 1 then f.a end) as least")
    if zeros:
        columns.append("max(case when t.target > 0 then f.blank else 0 end) as blank_total")
    return columns


def weighed(sums_table: str, ends: Ends, layout: Layout, chunks: int, *, signs: bool, zeros: bool, scopes: str) -> str:
    """Rows of sums with what their verdict follows from, each thing worked out once."""

    def counted(what: str, mask: str) -> str:
        return count(what, mask, layout, chunks)

    gap = f"({2 * ends.fold} * coalesce(s.g, 0) - {ends.fold} * r.constant)"
    tolerance = f"{ends.fold} * r.tolerance"
    columns = [
        "r.rule", "r.is_sum", "r.strict", "r.required", "r.open", "r.bare", "r.right_first", "r.from_pack",
        f"{2 * ends.fold * layout.one} * r.multiplier as per_unit",
        f"{gap} as gap", f"coalesce(s.down, 0) + {tolerance} as down", f"coalesce(s.up, 0) + {tolerance} as up", "s.below", "s.above",
        f"{counted('known', 'first')} as known_first", f"{counted('known', 'second')} as known_second",
        f"r.n_needed_first - {counted('printed', 'needed_first')} as absent_first",
        f"r.n_needed_second - {counted('printed', 'needed_second')} as absent_second",
        f"{counted('printed', 'first')} - {counted('known', 'first')} as blank_first",
        f"{counted('printed', 'second')} - {counted('known', 'second')} as blank_second",
        "s.flaw" if layout.has_flaws else "cast(null as int) as flaw",
    ]  # fmt: skip
    if signs:
        columns += [
            f"case when {counted('known', 'negative')} = 0 and coalesce(s.least, 0) >= 0 then 1 else 0 end as all_positive",
            f"{counted('printed', 'negative')} - {counted('known', 'negative')} as blank_negative",
            f"r.n_subtracts - {counted('printed', 'subtracts')} as absent_subtracts",
        ]
    if zeros:
        columns += ["s.blank_total", "s.shown"]
    if not ends.closed:
        columns += ["s.open_down", "s.open_up", "s.target_open_below", "s.target_open_above"]
    enough = (
        f"{counted('printed', 'first')} >= r.least_first and {counted('printed', 'second')} >= r.least_second"
        f" and {once(layout, chunks)}{shown(layout)}{scopes}"
    )
    columns = [f"s.{axis}" for axis in layout.axes] + columns
    return select(columns, f"from {sums_table} as s join relations as r on s.relation = r.relation where {enough}")


def judged(weighed_table: str, ends: Ends, layout: Layout, *, signs: bool, zeros: bool) -> str:
    """The verdict of every weighed row."""

    def below(value: str, limit: str, opened: str, *, strict: bool = False) -> str:
        """Value <= limit, or < where an end is open (or the relation is strict)."""
        tests = [f"{opened} = 0"] * (not ends.closed) + ["strict = 0"] * strict
        if not tests:
            return f"{value} <= {limit}"
        return f"({value} < {limit} or ({' and '.join([f'{value} = {limit}', *tests])}))"

    met = f"{below('gap', 'down', 'open_down')} and {below('-gap', 'up', 'open_up')}"
    exact = f"{below('gap', 'below', 'target_open_below')} and {below('-gap', 'above', 'target_open_above')}"
    holds = "(gap < 0 or (gap = 0 and strict = 0))"
    met_order = below("gap", "down", "open_down", strict=True)
    lacks_first, lacks_second = "(absent_first + blank_first)", "(absent_second + blank_second)"
    certain_sum = certain_order = all_positive = "false"
    if signs:
        all_positive = "all_positive = 1"
        adds = "from_pack = 1 and absent_subtracts = 0 and blank_negative = 0"
        certain_sum = f"{adds} and {all_positive} and gap < 0 and not ({met})"
        certain_order = (
            f"{adds} and (({lacks_second} = 0 and not {holds} and not {met_order}) or ({lacks_first} = 0 and {holds}))"
        )
    lacks_right = case(("right_first = 1", "blank_first"), otherwise="blank_second")
    lacks_order = f"(required = 1 and {lacks_first} + {lacks_second} > 0) or (required = 0 and {lacks_right} > 0)"
    lacks_sum = f"required = 1 and {lacks_second} > 0"
    open_list = f"open = 1 and {lacks_second} > 0"
    state = case(
        ("flaw is not null", "'flaw'"),
        (f"is_sum = 1 and {lacks_sum} and known_first > 0 and ({certain_sum})", "'sum'"),
        (f"is_sum = 1 and {lacks_sum}", "'missing-part'"),
        ("is_sum = 1 and known_first = 0", "'missing-total'"),
        (f"is_sum = 1 and {open_list} and (known_second = 0 or not ({all_positive}))", "'nothing-to-compare'"),
        (f"is_sum = 1 and {open_list}", "'open'"),
        ("is_sum = 1 and known_second = 0 and bare = 0", "'nothing-to-compare'"),
        ("is_sum = 1 and shown = 0" if zeros else "false", "'nothing-to-compare'"),
        ("is_sum = 1 and blank_total = 1 and gap <> 0" if zeros else "false", "'missing-total'"),
        ("is_sum = 1", "'sum'"),
        (f"({lacks_order}) and not ({certain_order})", "'missing-part'"),
        ("known_first + known_second = 0" + " or shown = 0" * zeros, "'nothing-to-compare'"),
        otherwise="'order'",
    )
    as_sum = case((exact, "'exact'"), (met, "'rounding'"), otherwise="'inconsistent'")
    as_order = case((holds, "'exact'"), (met_order, "'rounding'"), otherwise="'inconsistent'")
    as_open = case(  # the parts that are named may not exceed the total: the sum seen from the other side
        ("-gap <= 0", "'exact'"), (below("-gap", "up", "open_up"), "'rounding'"), otherwise="'inconsistent'"
    )
    inner = select(["*", f"{state} as state"], f"from {weighed_table}")
    compared = "state in ('sum', 'order', 'open')"
    verdict = case(
        ("state = 'sum'", as_sum), ("state = 'order'", as_order), ("state = 'open'", as_open), otherwise="'undecided'"
    )
    reason = case((compared, "null"), ("state = 'flaw'", flaw_reason("flaw % 8")), otherwise="state")
    gap = case(
        ("state = 'sum'", "gap"), ("state = 'order'", "greatest(gap, 0)"), ("state = 'open'", "greatest(-gap, 0)")
    )
    bound = case(("state = 'order' or (state = 'sum' and gap >= 0)", "down"), (compared, "up"))
    lacking = f"{lacks_first} + {lacks_second}"
    return select(
        ["rule", *layout.axes, f"{verdict} as verdict", f"{reason} as reason", f"{gap} as gap", f"{bound} as bound",
         "per_unit", f"cast({lacking} as int) as missing"],
        f"from ({inner}) as stated",
    )  # fmt: skip
