"""Mutation testing of the kernel: one small change at a time, and the tests of its module have to notice.

    make mutants ARGS="interval verdict"

pytest collects the tests once and runs them once as they are, which tells the time each of them takes.
Each mutant is then a fork of that process, in which the code of one function is exchanged; nothing is imported or
collected again, the quickest tests come first, and the first failing test ends it. A survivor that
is not explained in `survivors.toml` fails the run, and so does an explanation whose mutant is noticed by now.

mutmut 3 forks too, but tests a rewritten copy of the whole tree, which knows neither the pages nor the packs beside it;
this is one file and no dependency.
"""

from __future__ import annotations

import ast
import copy
import importlib
import json
import os
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Final

import pytest
from _pytest.runner import runtestprotocol

ROOT: Final = Path(__file__).resolve().parents[2]
SURVIVORS: Final = Path(__file__).with_name("survivors.toml")
SLOWER: Final = 3  # times the seconds that its tests take unchanged, and as many seconds more: a mutant that never ends

_CHECK: Final = (
    "tests/check/test_known_sums.py", "tests/check/test_prints.py", "tests/check/test_weighing.py", "tests/check/test_outcomes.py",
    "tests/check/test_conditions.py", "tests/check/test_tie_outs.py", "tests/check/test_columns_and_rows.py",
)  # fmt: skip
# The modules whose mutants have all been run, and the tests that answer for each; the files of src are its own examples.
KERNEL: Final = {
    "budgetaudit.money.amount": ("src/budgetaudit/money/amount.py", "tests/money/test_amount.py", "tests/money/test_parse_amount.py", "tests/check/test_prints.py"),
    "budgetaudit.money.decimals": ("src/budgetaudit/money/decimals.py", "tests/show/test_json.py", "tests/money/test_show.py"),
    "budgetaudit.check.quantity": ("tests/check/test_quantities.py", *_CHECK),
    "budgetaudit.check.tie": _CHECK,
    "budgetaudit.check.condition": _CHECK,
}  # fmt: skip
# Modules whose survivors nobody has gone through to the end: they run where they are named, and may fail.
UNFINISHED: Final = {
    "budgetaudit.money.interval": ("src/budgetaudit/money/interval.py", "tests/money/test_interval.py", "tests/check/test_weighing.py"),
    "budgetaudit.check.verdict": _CHECK,
    "budgetaudit.check.evaluate": _CHECK,
    "budgetaudit.explain.likelihood": ("src/budgetaudit/explain/likelihood.py", "tests/explain/test_likelihood.py"),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, what it makes of the code, and the exchanged code."""

    module: str
    function: str
    change: str
    code: CodeType

    @property
    def name(self) -> str:
        """How the list of survivors calls it."""
        return f"{self.module}:{self.function}: {self.change}"


# --- Changes ----------------------------------------------------------------------------------------------------------

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
_NAMED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}


def changed(node: ast.AST) -> ast.AST | None:
    """What a node becomes in a mutant; None where nothing is tried."""
    other = copy.deepcopy(node)
    match other:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARED:
            other.ops = [_COMPARED[type(operator)]()]
        case ast.BinOp(op=operator) if type(operator) in _COMPUTED:
            other.op = _COMPUTED[type(operator)]()
        case ast.BoolOp(op=ast.And()):
            other.op = ast.Or()
        case ast.BoolOp(op=ast.Or()):
            other.op = ast.And()
        case ast.UnaryOp(op=ast.Not(), operand=operand) | ast.UnaryOp(op=ast.USub(), operand=operand):
            other = operand
        case ast.Constant(value=bool(value)):
            other.value = not value
        case ast.Constant(value=int(value)):
            other.value = value + 1
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMED:
            other.id = _NAMED[name]
        case _:
            return None
    return other


def mutants_of(module: ModuleType) -> Iterator[Mutant]:
    """Every mutant of the functions of a module, in the order of its lines."""
    path = Path(str(module.__file__))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: dict[str, int] = {}
    for function in _functions(module):
        node = _node(tree, function)
        if node is None:
            continue
        for inner in list(_body(node)):
            other = changed(inner)
            if other is None:
                continue
            text = f"{ast.unparse(inner)} -> {ast.unparse(other)}"
            key = f"{function.__qualname__}: {text}"
            seen[key] = seen.get(key, 0) + 1
            code = _compiled(tree, inner, other, function, str(path))
            if code is not None:
                again = f" ({seen[key]})" if seen[key] > 1 else ""
                yield Mutant(module.__name__, function.__qualname__, text + again, code)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """Functions and methods that a module defines itself, without decorators."""
    for value in vars(module).values():
        members = [value, *vars(value).values()] if isinstance(value, type) else [value]
        for member in members:
            inner = getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", None)
            plain = inner or getattr(member, "__wrapped__", None) or member
            if (
                isinstance(plain, FunctionType)
                and plain.__module__ == module.__name__
                and plain.__code__.co_firstlineno > 1
            ):
                yield plain


def _node(tree: ast.AST, function: FunctionType) -> ast.FunctionDef | None:
    name, line = function.__name__, function.__code__.co_firstlineno
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == line:
                return node
    return None


def _body(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of the statements; annotations, defaults, messages and nested names of types are left alone."""
    for statement in function.body:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            for node in ast.walk(statement):
                if not isinstance(node, ast.Raise | ast.JoinedStr):
                    yield node


def _compiled(tree: ast.AST, inner: ast.AST, other: ast.AST, function: FunctionType, path: str) -> CodeType | None:
    """The code of the function with one node exchanged; None if it cannot stand in for the function."""

    class Exchange(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return ast.copy_location(other, node) if node is inner else self.generic_visit(node)

    kept = {id(node): node for node in ast.walk(tree)}  # NodeTransformer works in place: exchange and exchange back
    assert id(inner) in kept
    whole = copy.deepcopy(tree, {id(inner): inner})
    code = compile(ast.fix_missing_locations(Exchange().visit(whole)), path, "exec", dont_inherit=True)
    found = _code_at(code, function.__name__, function.__code__.co_firstlineno)
    return found if found is not None and found.co_freevars == function.__code__.co_freevars else None


def _code_at(code: CodeType, name: str, line: int) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_name == name and constant.co_firstlineno == line:
                return constant
            if (found := _code_at(constant, name, line)) is not None:
                return found
    return None


# --- Runs -------------------------------------------------------------------------------------------------------------


def in_a_fork(work: Callable[[int], int], *, seconds: float = 0) -> tuple[int, bytes]:
    """The exit status of work in a process of its own, and what it wrote to the pipe it is given; not 0 if it takes longer."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reading)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            signal.setitimer(
                signal.ITIMER_PROF, seconds
            )  # processor time; 0 sets no end, and the signal ends the process
            status = work(writing)
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


def first_failing(items: Sequence[pytest.Item]) -> pytest.Item | None:
    """The first test that fails; the others are not run."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return item
    return None


@dataclass
class Mutation:
    """The plugin that runs the mutants of some modules in place of the collected tests."""

    names: Sequence[str]
    wrong: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every mutant and say which survive."""
        status, told = in_a_fork(lambda pipe: self._as_they_are(session.items, pipe))
        if status:
            print(f"the tests fail without a mutant: {told.decode()}")
            self.wrong += 1
            return True
        self.seconds = json.loads(told)
        known, total = explained(), 0
        for name in self.names:
            total += self._mutated(importlib.import_module(name), session.items, known)
        print(f"{total} mutants, {self.wrong} survivors without explanation or explanations without survivor")
        return True

    def _as_they_are(self, items: Sequence[pytest.Item], pipe: int) -> int:
        """Run every test unchanged; write the time of each to the pipe."""
        told: dict[str, float] = {}
        for item, following in zip(items, [*items[1:], None], strict=True):
            before = time.process_time()
            reports = runtestprotocol(item, nextitem=following, log=False)
            if any(report.failed for report in reports):
                os.write(pipe, item.nodeid.encode())
                return 1
            told[item.nodeid] = time.process_time() - before
        with os.fdopen(pipe, "wb") as writing:
            writing.write(json.dumps(told).encode())
        return 0

    def _mutated(self, module: ModuleType, items: Sequence[pytest.Item], known: dict[str, str]) -> int:
        """Run the mutants of one module; how many there are."""
        answering = {ROOT / test for test in (KERNEL | UNFINISHED)[module.__name__]}
        of_module = sorted(
            (item for item in items if item.path in answering), key=lambda item: self.seconds[item.nodeid]
        )
        by_name = {function.__qualname__: function for function in _functions(module)}
        usual = sum(self.seconds[item.nodeid] for item in of_module)
        if in_a_fork(lambda _: first_failing(of_module) is not None)[0]:
            print(f"{module.__name__}: the tests fail in this order without a mutant")
            self.wrong += 1
            return 0
        total = survivors = 0
        for mutant in mutants_of(module):
            function = by_name[mutant.function]
            asked = list(of_module)

            def work(
                pipe: int, function: FunctionType = function, mutant: Mutant = mutant, asked: list[pytest.Item] = asked
            ) -> int:
                function.__code__ = mutant.code
                failing = first_failing(asked)
                os.write(pipe, failing.nodeid.encode() if failing else b"")
                return failing is not None

            status, told = in_a_fork(work, seconds=SLOWER + SLOWER * usual)
            total += 1
            survivors += not status
            if bool(status) == (mutant.name in known):
                self.wrong += 1
                print(f"{f'noticed by now by {told.decode()}' if status else 'SURVIVES'}: {mutant.name}", flush=True)
            # What noticed the last one is likely to notice the next.
            of_module.sort(key=lambda item: item.nodeid != told.decode())
        print(f"{module.__name__}: {total} mutants, {survivors} survive", flush=True)
        return total


def explained() -> dict[str, str]:
    """The survivors that are known, and why each of them changes nothing that can be seen."""
    data = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")) if SURVIVORS.is_file() else {}
    return {entry["mutant"]: entry["why"] for entry in data.get("survivor", ())}


def main(chosen: Sequence[str]) -> int:
    """Run the mutants of the chosen modules, by default of those in KERNEL; 1 if a survivor is not explained or an explanation is old."""
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.chdir(ROOT)
    answers = KERNEL | UNFINISHED
    names = [name for name in answers if name.rpartition(".")[2] in chosen or (not chosen and name in KERNEL)]
    if not names:
        print(f"no such module; there are {', '.join(name.rpartition('.')[2] for name in answers)}")
        return 1
    mutation = Mutation(names)
    tests = dict.fromkeys(test for name in names for test in answers[name])
    options = ["-q", "-q", "--capture=no", "-p", "no:cacheprovider", "-p", "no:xdist"]
    ended = pytest.main([*options, *(str(ROOT / test) for test in tests)], plugins=[mutation])
    return 1 if mutation.wrong or ended not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
