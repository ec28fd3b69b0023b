"""The plan for shares and growth: ratio · base against factor · figure, in whole numbers, on either side of a base of zero.

The relation factor · over = (ratio + shift) · base is weighed as section 6 of the verdict semantics has it: on the bases
above 0, and on those below, which are turned round. Each figure stands once, so the products of the ends are the ends
of the products; an end that only the base 0 would give is open.
"""

from __future__ import annotations

from budgetaudit.check.plan_sums import count, counters, once, shown
from budgetaudit.check.plan_text import Layout, case, flaw_reason, select

_SIDES = (("q", 1), ("o", 2), ("b", 3))


def ratio_sums(layout: Layout, chunks: int) -> list[str]:
    """The columns of one row per ratio and unit: ratio, figure and base, each with what rounding leaves open."""
    columns: list[str] = []
    for name, side in _SIDES:
        this = f"case when t.side = {side} then {{}} end"
        down = "t.spread * case when t.coef > 0 then f.dn else f.up end"
        up = "t.spread * case when t.coef > 0 then f.up else f.dn end"
        columns += [
            f"sum({this.format('t.coef * f.a')}) as {name}",
            f"sum({this.format(down)}) as {name}_down",
            f"sum({this.format(up)}) as {name}_up",
        ]
    return [*columns, *counters(layout, chunks)]


def ratio_weighed(sums_table: str, layout: Layout, chunks: int, *, scopes: str) -> str:
    """Rows of sums with their ends: everything doubled, the tolerance in those of the ratio."""
    masks = ("first", "second", "third")
    printed = [count("printed", mask, layout, chunks) for mask in masks]
    absent = " + ".join(
        f"r.n_{mask} - {count('printed', mask, layout, chunks)}" for mask in ("needed_first", "needed_second")
    )
    columns = [f"s.{axis}" for axis in layout.axes]
    columns += [
        "r.rule", "r.multiplier", "r.required", "r.factor", "r.shift", "r.absolute", "r.signed",
        "2 * coalesce(s.q, 0) as q", "2 * coalesce(s.o, 0) as o", "2 * coalesce(s.b, 0) as b",
        "2 * s.q - s.q_down as q_exact_low", "2 * s.q + s.q_up as q_exact_high",
        "2 * s.q - s.q_down - r.tolerance + r.shift as q_low", "2 * s.q + s.q_up + r.tolerance + r.shift as q_high",
        "2 * r.shift - (2 * s.q - s.q_down - r.tolerance + r.shift) as turned_high",
        "2 * r.shift - (2 * s.q + s.q_up + r.tolerance + r.shift) as turned_low",
        "2 * s.o - s.o_down as o_low", "2 * s.o + s.o_up as o_high", "2 * s.b - s.b_down as b_low", "2 * s.b + s.b_up as b_high",
        f"{absent} as absent",
        f"{' + '.join(printed)} - {' - '.join(count('known', mask, layout, chunks) for mask in masks)} as blank",
        "s.shown" if layout.blanks else "1 as shown",
        "s.flaw" if layout.has_flaws else "cast(null as int) as flaw",
    ]  # fmt: skip
    enough = f"{' and '.join(f'{one} > 0' for one in printed)} and {once(layout, chunks)}{shown(layout)}{scopes}"
    return select(columns, f"from {sums_table} as s join relations as r on s.relation = r.relation where {enough}")


def ratio_judged(weighed_table: str, layout: Layout) -> str:
    """The verdict of every weighed ratio."""
    unit = 2 * layout.one
    over = f"factor * {unit} * o"
    difference = f"({over} - shift * b)"
    turned = case(("b > 0 or absolute = 1", difference), otherwise=f"-{difference}")
    exact = f"q_exact_low * abs(b) <= {turned} and {turned} <= q_exact_high * abs(b)"
    above = _meets("q_low", "q_high", "b_low", "b_high", f"factor * {unit} * o_low", f"factor * {unit} * o_high")
    low, high = (
        case(("absolute = 1", one), otherwise=other)
        for one, other in (("turned_low", "q_low"), ("turned_high", "q_high"))
    )
    below = _meets(low, high, "(-b_high)", "(-b_low)", f"(-factor * {unit} * o_high)", f"(-factor * {unit} * o_low)")
    state = case(
        ("flaw is not null", flaw_reason("flaw % 8")),
        ("blank > 0 or (required = 1 and absent > 0)", "'missing-part'"),
        ("shown = 0", "'nothing-to-compare'"),
        ("b = 0", "'zero-base'"),
        ("b < 0 and signed = 0", "'negative-base'"),
    )
    inner = select(["*", f"{state} as reason"], f"from {weighed_table}")
    verdict = case(
        ("reason in ('zero-base', 'negative-base')", "'undefined'"), ("reason is not null", "'undecided'"),
        (exact, "'exact'"), (f"{above} or {below}", "'rounding'"), otherwise="'inconsistent'",
    )  # fmt: skip
    nothing = f"cast(null as {layout.big})"
    return select(
        ["rule", *layout.axes, f"{verdict} as verdict", "reason", f"{nothing} as gap", f"{nothing} as bound",
         f"{2 * layout.one} * multiplier as per_unit", "cast(absent + blank as int) as missing"],
        f"from ({inner}) as stated",
    )  # fmt: skip


def _meets(low: str, high: str, base_low: str, base_high: str, over_low: str, over_high: str) -> str:
    """Whether [low, high] · base meets [over_low, over_high] for some base in its interval and above 0."""
    least = f"greatest({base_low}, 0)"
    product_low = case((f"({low}) > 0", f"({low}) * {least}"), otherwise=f"({low}) * {base_high}")
    product_high = case((f"({high}) > 0", f"({high}) * {base_high}"), otherwise=f"({high}) * {least}")
    low_in = f"({base_low} > 0 or ({low}) <= 0)"
    high_in = f"({base_low} > 0 or ({high}) >= 0)"
    return (
        f"({base_high} > 0 and ({over_low} < {product_high} or ({over_low} = {product_high} and {high_in}))"
        f" and ({over_high} > {product_low} or ({over_high} = {product_low} and {low_in})))"
    )
