"""Mutation testing of the kernel: one small change at a time, and the tests of its module have to notice.

    make mutants ARGS="interval verdict"

Each mutant runs in a forked process, in which the code of one function is exchanged; classes stay what they are, nothing is
imported again, and the first failing test ends it. A survivor that is not explained in `survivors.toml` fails the run, and so
does an explanation whose mutant is noticed by now.

mutmut 3 forks too, but tests a rewritten copy of the whole tree, which knows neither the pages nor the packs beside it;
this is one file and no dependency.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import os
import signal
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SURVIVORS: Final = Path(__file__).with_name("survivors.toml")
LONGEST: Final = 180  # seconds of a mutant that never ends

_CHECK: Final = (
    "tests/check/test_known_sums.py", "tests/check/test_prints.py", "tests/check/test_weighing.py", "tests/check/test_outcomes.py",
    "tests/check/test_conditions.py", "tests/testing/test_conformance.py", "tests/check/test_laws.py",
)  # fmt: skip
# The kernel, and the tests that answer for each of its modules, the quickest first.
KERNEL: Final = {
    "budgetaudit.money.interval": ("tests/money/test_interval.py", "tests/check/test_weighing.py", "tests/testing/test_conformance.py"),
    "budgetaudit.money.amount": ("tests/money/test_amount.py", "tests/money/test_parse_amount.py", "tests/check/test_prints.py", "tests/testing/test_conformance.py"),
    "budgetaudit.money.decimals": ("tests/show/test_json.py", "tests/money/test_show.py", "tests/testing/test_conformance.py"),
    "budgetaudit.check.verdict": _CHECK,
    "budgetaudit.check.quantity": _CHECK,
    "budgetaudit.check.tie": ("tests/check/test_tie_outs.py", *_CHECK),
    "budgetaudit.check.condition": ("tests/check/test_conditions.py", "tests/check/test_columns_and_rows.py", *_CHECK),
    "budgetaudit.check.evaluate": _CHECK,
    "budgetaudit.explain.likelihood": ("tests/explain/test_likelihood.py", "tests/testing/test_conformance.py"),
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


def noticed(function: FunctionType, code: CodeType, tests: Sequence[str]) -> bool:
    """Whether the tests fail where a function has this code, in a process of its own."""
    child = os.fork()
    if not child:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        failed = 1
        with contextlib.suppress(BaseException):
            function.__code__ = code
            failed = _tested(tests)
        os._exit(1 if failed else 0)
    until = time.monotonic() + LONGEST
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) != 0
        if time.monotonic() > until:  # a loop that never ends is noticed, too
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return True
        time.sleep(0.02)


def _tested(tests: Sequence[str]) -> int:
    import pytest

    return int(
        pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *(str(ROOT / test) for test in tests)])
    )


def explained() -> dict[str, str]:
    """The survivors that are known, and why each of them changes nothing that can be seen."""
    data = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")) if SURVIVORS.is_file() else {}
    return {entry["mutant"]: entry["why"] for entry in data.get("survivor", ())}


def main(chosen: Sequence[str]) -> int:
    """Run the mutants of the chosen modules, by default of all; 1 if a survivor is not explained or an explanation is old."""
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.chdir(ROOT)
    known, total, wrong = explained(), 0, 0
    for name, tests in KERNEL.items():
        if chosen and name.rpartition(".")[2] not in chosen:
            continue
        module = importlib.import_module(name)
        by_name = {function.__qualname__: function for function in _functions(module)}
        survivors = 0
        found = list(mutants_of(module))
        any_function = next(iter(by_name.values()))
        if noticed(any_function, any_function.__code__, tests):
            print(f"{name}: the tests fail without a mutant")
            return 1
        for mutant in found:
            is_noticed = noticed(by_name[mutant.function], mutant.code, tests)
            survivors += not is_noticed
            if is_noticed == (mutant.name in known):
                wrong += 1
                print(f"{'noticed by now' if is_noticed else 'SURVIVES'}: {mutant.name}", flush=True)
        total += len(found)
        print(f"{name}: {len(found)} mutants, {survivors} survive", flush=True)
    print(f"{total} mutants, {wrong} survivors without explanation or explanations without survivor")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
