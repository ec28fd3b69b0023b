"""Strategies of documents: budgets written out, in sentences of our own, in tables and in workbooks.

What is written is known figure by figure, so that a reader can be held to it: label, measure, year, digits, places, unit.
Prose varies in its sentences, its script, its units and the separators of its numbers; tables in their format, their marks
of level and their separators. Nothing here is copied from a document.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, get_args

from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import PERCENT, Unit
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.rules.selectors import quoted
from budgetaudit.testing.facts import Setting
from budgetaudit.testing.plan import Plan, plan_of

Form = Literal["prose", "csv", "tsv", "html", "md", "xlsx"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
_ENDINGS: Final[Mapping[Form, str]] = {"prose": "txt"}

_WAN: Final = Unit("money", "CNY", Fraction(10_000), text="万元")
_YUAN: Final = Unit("money", "CNY", Fraction(1), text="元")
_UNITS: Final = (
    _WAN,
    _YUAN,
    Unit("money", "CNY", Fraction(1000), text="千元"),
    Unit("money", "CNY", Fraction(10**8), text="亿元"),
)
# Totals and their parts, as departments report them.
_LISTS: Final[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "spending": (("支出合计", ("基本支出", "项目支出")), ("基本支出", ("人员经费", "公用经费"))),
    "income": (("收入合计", ("财政拨款收入", "事业收入", "其他收入")),),
    "three": (("三公经费", ("因公出国（境）费", "公务用车购置及运行维护费", "公务接待费")),),
    "wages": (("工资福利支出", ("基本工资", "津贴补贴", "奖金")),),
}
_TRADITIONAL: Final = str.maketrans(
    "业财拨国务车购运维护费经项员万较长减组资单总计与贴补为间对内类别款亿",
    "業財撥國務車購運維護費經項員萬較長減組資單總計與貼補為間對內類別款億",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a reader must find: which fact, and what is printed for it."""

    label: str
    measure: str
    period: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Written:
    """A written budget.

    Attributes:
        form: How it is written.
        content: The text, or the bytes of a workbook.
        budget: The figures, one line for each fact.
        figures: What must be read, in the order of the document; facts that are printed twice stand twice.
        sums: How many sums its figures make.
    """

    form: Form
    content: str | bytes
    budget: Budget
    figures: tuple[Figure, ...]
    sums: int

    @property
    def name(self) -> str:
        """A file name that tells its form."""
        return f"report.{_ENDINGS.get(self.form, self.form)}"

    def save(self, folder: Path) -> Path:
        """Write the file into a folder."""
        path = folder / self.name
        data = self.content if isinstance(self.content, bytes) else self.content.encode()
        path.write_bytes(data)
        return path

    def read(self) -> Budget:
        """What the readers of this library make of it."""
        from budgetaudit.read import read

        if self.form == "prose":
            return read(self.content)
        with TemporaryDirectory() as folder:
            return read(self.save(Path(folder)))


@st.composite
def documents(
    draw: st.DrawFn,
    *,
    forms: Sequence[Form] = FORMS,
    places: int | tuple[int, int] = 2,
    units: Sequence[Unit] = _UNITS,
    unrounded: bool = True,
    traditional: bool = True,
    largest: int = 10**5,
) -> Written:
    """Budgets of departments, written out; the simplest is one sentence with one sum of zeros.

    Args:
        draw: Given by Hypothesis.
        forms: How they are written: `prose`, `csv`, `tsv`, `html`, `md`, `xlsx` (needs the extra `excel`).
        places: Decimal places, or the fewest and the most; all figures of a document have the same. Without any, a figure
            of a table may look like a year.
        units: Units of money, one for a document.
        unrounded: Whether true values have digits that are not printed.
        traditional: Whether some are written in traditional characters.
        largest: The largest amount, in its unit, where no rule asks for more.
    """
    form = draw(st.sampled_from(forms))
    year = str(draw(st.integers(2018, 2024)))
    shown = places if isinstance(places, int) else draw(st.integers(*places))
    unit = draw(st.sampled_from(units))
    written_by = _Prose if form == "prose" else _Table
    chosen = draw(written_by.lists())
    changes = draw(st.booleans()) if form == "prose" else False
    plan = _plan(tuple(chosen), changes, year, unit, shown, unrounded, largest)
    budget = plan.printed(plan.drawn(lambda low, high: draw(st.integers(low, high))))
    lists = [split for name in chosen for split in _LISTS[name]]
    other_script = traditional and draw(st.booleans())
    separated = draw(st.booleans())
    writer = written_by(draw, budget, year, unit, separated=separated, traditional=other_script)
    content = writer.document(form, lists)
    return Written(form, content, budget, tuple(writer.figures), len(lists))


_PLANS: Final[dict[object, Plan]] = {}


def _plan(
    chosen: tuple[str, ...], changes: bool, year: str, unit: Unit, places: int, unrounded: bool, largest: int
) -> Plan:
    """How to draw the figures of some lists so that the pack for such documents holds too."""
    key = (chosen, changes, year, unit, places, unrounded, largest)
    if key not in _PLANS:
        own: dict[str, str] = {}
        for name in chosen:
            for total, parts in _LISTS[name]:
                own[f"list/{total}"] = f"{total} = {' + '.join(map(quoted, parts))}"
        if changes:
            total = _LISTS[chosen[0]][0][0]
            own["list/growth"] = f"{total}[growth]% = {total}[change] / ({total} - {total}[change])"
        rules = RuleSet.from_equations(own) | RuleSet.load("cn")
        setting = Setting(unit, period=year)
        _PLANS[key] = plan_of(
            rules, setting, chosen=own.keys(), places=(places, places), hidden=unrounded, largest=largest
        )  # fmt: skip
    return _PLANS[key]


class _Writer:
    """What prose and tables share: the figures by fact, and how a number is written."""

    def __init__(
        self, draw: st.DrawFn, budget: Budget, year: str, unit: Unit, *, separated: bool, traditional: bool
    ) -> None:
        self.draw, self.year, self.unit = draw, year, unit
        self.figures: list[Figure] = []
        self._separated, self._traditional = separated, traditional
        self._lines: dict[tuple[str, str], BudgetLine] = {
            (line.identity.label, line.identity.measure): line for line in budget.lines
        }  # fmt: skip

    def amount(self, label: str, measure: str = "amount") -> Amount:
        """What is printed for a fact."""
        amount = self._lines[canonical_label(label), measure].amount
        assert amount is not None
        return amount

    def has(self, label: str, measure: str) -> bool:
        """Whether there is such a fact."""
        return (canonical_label(label), measure) in self._lines

    def digits(self, amount: Amount) -> str:
        """The number as written, with or without separators."""
        return f"{amount.value:,f}" if self._separated else f"{amount.value:f}"

    def wrote(self, label: str, measure: str, amount: Amount) -> None:
        """Remember what stands in the document."""
        identity = self._lines[canonical_label(label), measure].identity
        self.figures.append(Figure(identity.label, measure, self.year, amount))

    def script(self, text: str) -> str:
        """The text in the script of the document."""
        return text.translate(_TRADITIONAL) if self._traditional else text


class _Prose(_Writer):
    """Sentences: a total and its parts, and how the first total changed."""

    @staticmethod
    def lists() -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from([*_LISTS]), min_size=1, max_size=3, unique=True)

    def document(self, _: Form, lists: Sequence[tuple[str, tuple[str, ...]]]) -> str:
        """One paragraph for each list."""
        return "\n".join(self.script(self._paragraph(total, parts)) for total, parts in lists) + "\n"

    def _paragraph(self, total: str, parts: Sequence[str]) -> str:
        ways: Sequence[Callable[[str, Sequence[str]], str]] = (self._of_which, self._including, self._made_of)
        text = self.draw(st.sampled_from(ways))(total, parts)
        return text + self._change(total) if self.has(total, "change") else text

    def _of_which(self, total: str, parts: Sequence[str]) -> str:
        start = self.draw(st.sampled_from([f"{self.year}年度", f"{self.year}年，本单位", f"{self.year}年"]))
        between = self.draw(st.sampled_from(["，其中：", "。其中：", "，其中"]))
        comma = self.draw(st.sampled_from(["，", "；", "、"]))
        return f"{start}{self._figure(total)}{between}{comma.join(map(self._figure, parts))}。"

    def _including(self, total: str, parts: Sequence[str]) -> str:
        word = self.draw(st.sampled_from(["包括", "包括："]))
        return f"{self.year}年度{self._figure(total)}，{word}{'、'.join(map(self._figure, parts))}。"

    def _made_of(self, total: str, parts: Sequence[str]) -> str:
        *others, last = map(self._figure, (total, *parts))
        return f"{self.year}年{others[0]}，由{'、'.join(others[1:])}和{last}组成。"

    def _figure(self, label: str) -> str:
        amount = self.amount(label)
        self.wrote(label, "amount", amount)
        verb = "" if label.endswith("合计") else self.draw(st.sampled_from(["", "为"]))  # 合计为 is a verb
        return f"{label}{verb}{self.digits(amount)}{self.unit.text}"

    def _change(self, total: str) -> str:
        """How the total compares with the year before; nothing where it does not differ as printed."""
        change, growth = self.amount(total, "change"), self.amount(total, "growth")
        if not change.value or not growth.value:
            return ""
        rises = change.value > 0
        change, growth = (Amount(abs(one.value), one.places, one.unit) for one in (change, growth))
        self.wrote(total, "amount", self.amount(total))
        self.wrote(total, "change", change)
        self.wrote(total, "growth", growth)
        words = ("增加", "增长") if rises else ("减少", "下降")
        return (
            f"\n{self.year}年度{total}{self.digits(self.amount(total))}{self.unit.text}，"
            f"比上年{words[0]}{self.digits(change)}{self.unit.text}，{words[1]}{self.digits(growth)}%。"
        )


class _Table(_Writer):
    """A table of spending, as accounts print it: a title, a unit, a row for each line."""

    @staticmethod
    def lists() -> st.SearchStrategy[list[str]]:
        return st.just(["spending"])

    def document(self, form: Form, lists: Sequence[tuple[str, tuple[str, ...]]]) -> str | bytes:
        """The table in one of the formats."""
        title = self.script(f"{self.year}年度部门支出决算表")
        unit = self.script(f"单位：{self.unit.text}")
        head = [self.script("项目"), self.script("决算数")]
        rows = [(self.script(name), amount) for name, amount in self._rows(form, dict(lists))]
        match form:
            case "html":
                return self._html(title, unit, head, rows)
            case "md":
                return self._markdown(title, unit, head, rows)
            case "xlsx":
                return _workbook(title, unit, head, rows, separated=self._separated)
            case _:
                return self._delimited(title, unit, head, rows, "\t" if form == "tsv" else ",")

    def _rows(self, form: Form, lists: Mapping[str, Sequence[str]]) -> list[tuple[str, Amount]]:
        """Totals before their parts; parts carry list marks, or are set in where the format keeps blanks."""
        set_in = form in {"html", "xlsx"} and self.draw(st.booleans())
        counted = [iter("一二三四五"), iter("一二三四五")]

        def mark(depth: int) -> str:
            if set_in or not depth:
                return "　　" * depth
            number = next(counted[depth - 1])
            return f"{number}、" if depth == 1 else f"（{number}）"

        rows: list[tuple[str, Amount]] = []

        def put(label: str, depth: int) -> None:
            amount = self.amount(label)
            self.wrote(label, "amount", amount)
            rows.append((mark(depth) + label, amount))
            for part in lists.get(label, ()):
                put(part, depth + 1)

        put(next(iter(lists)), 0)
        return rows

    def _delimited(
        self, title: str, unit: str, head: Sequence[str], rows: Sequence[tuple[str, Amount]], comma: str
    ) -> str:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=comma, lineterminator="\n")
        writer.writerows([[title, ""], [unit, ""], head])
        writer.writerows([name, self.digits(amount)] for name, amount in rows)
        return text.getvalue()

    def _html(self, title: str, unit: str, head: Sequence[str], rows: Sequence[tuple[str, Amount]]) -> str:
        cells = "".join(
            f"<tr><td>{escape(name)}</td><td>{self.digits(amount)}</td></tr>\n" for name, amount in rows
        )  # fmt: skip
        titles = "".join(f"<th>{name}</th>" for name in head)
        return (
            f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>\n'
            f"<body><h2>{title}</h2>\n<p>{unit}</p>\n<table>\n<tr>{titles}</tr>\n{cells}</table></body></html>\n"
        )

    def _markdown(self, title: str, unit: str, head: Sequence[str], rows: Sequence[tuple[str, Amount]]) -> str:
        body = "".join(f"| {name} | {self.digits(amount)} |\n" for name, amount in rows)
        return f"## {title}\n\n{unit}\n\n| {' | '.join(head)} |\n| --- | --- |\n{body}"


def _workbook(
    title: str, unit: str, head: Sequence[str], rows: Sequence[tuple[str, Amount]], *, separated: bool
) -> bytes:
    try:
        openpyxl = import_module("openpyxl")
    except ImportError:
        raise BudgetAuditError("workbooks need openpyxl", hint="pip install 'budgetaudit[excel]'") from None
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append([unit])
    sheet.append(list(head))
    for number, (name, amount) in enumerate(rows, 4):
        sheet.append([name, amount.value])
        sheet.cell(number, 2).number_format = ("#,##0" if separated else "0") + "." * (amount.places > 0) + "0" * max(
            amount.places, 0
        )  # fmt: skip
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def same_figures(written: Written, read: Budget) -> bool:
    """Whether a reader found exactly what was written: every fact with its digits, places and unit, and nothing else."""
    found = [
        _seen(line.identity.label, line.identity.measure, line.identity.period, line.amount) for line in read.lines
    ]
    wanted = [_seen(one.label, one.measure, one.period, one.amount) for one in written.figures]
    return sorted(found, key=repr) == sorted(wanted, key=repr) and not read.unplaced


def _seen(label: str, measure: str, period: str | None, amount: Amount | None) -> tuple[object, ...]:
    if amount is None:
        return label, measure, period
    unit = PERCENT if amount.unit.kind == "percent" else amount.unit
    return label, measure, period, amount.value, amount.places, unit.kind, unit.currency, unit.scale
