"""How many small mistakes the tests notice: mutants of four rooms, each run against its own tests.

    python -m benchmarks.house.mutants [ROOM…] [--count 60] [--seed 0]

A mutant is a room's function with one thing changed: a comparison, a sign, a number, ``and`` for
``or``, a condition turned round. Tests are collected once; each mutant is a fork in which the
function's code is exchanged, and which runs the tests that call that function until one fails.
Functions that no test of the room calls are listed apart. Mutants are drawn by the seed.
"""

import argparse
import ast
import importlib
import inspect
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).resolve().parents[2]
ROOMS = {
    "agents.scorer": ("agents/scorer", ["tests/unit/agents_script"]),
    "agents.reviser": (
        "agents/reviser",
        ["tests/unit/test_agents_reviser_rules.py", "tests/unit/test_agents_reviser_edits.py"],
    ),
    "core.revision": (
        "foley_designer/core/revision",
        [
            "tests/unit/test_revision_apply.py",
            "tests/unit/test_revision_rides.py",
            "tests/unit/test_revision_selector.py",
        ],
    ),
    "dsp.level": (
        "foley_designer/dsp/level",
        [
            "tests/unit/test_dsp_loudness.py",
            "tests/unit/test_dsp_master.py",
            "tests/unit/test_dsp_features.py",
            "tests/unit/test_revision_rides.py",
            "tests/unit/test_film_sound.py",
            "tests/unit/test_generator_level.py",
        ],
    ),
}
COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COUNTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
LONGEST_S = 60
"""A mutant that runs longer is noticed: it no longer ends."""


class Mutant(NamedTuple):
    """One change of one function."""

    file: Path
    function: str
    line: int
    change: str
    tree: ast.Module


def places(tree: ast.Module) -> Iterator[tuple[str, ast.AST, Any]]:
    """Everything that can be changed in a file's functions: function, node, and what changes it."""
    for function, owner in _functions(tree, ""):
        for statement in owner.body:
            for node in ast.walk(statement):
                for change in _changes(node):
                    yield function, node, change


def mutant(file: Path, number: int) -> Mutant:
    """The mutant at one of a file's places."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    function, node, change = list(places(tree))[number]
    change()
    told = " ".join(ast.unparse(node).split())[:60]
    ast.fix_missing_locations(tree)
    return Mutant(file, function, getattr(node, "lineno", 0), told, tree)


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _changes(node: ast.AST) -> Iterator[Any]:
    """Callables that change a node in place."""

    def put(name: str, value: Any) -> Any:
        return lambda: setattr(node, name, value)

    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        yield put("ops", [COMPARED[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        yield put("op", COUNTED[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield put("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.If | ast.IfExp):
        yield put("test", ast.UnaryOp(op=ast.Not(), operand=node.test))
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield put(
            "value", node.value + 1 if isinstance(node.value, int) else node.value * 1.5 + 0.1
        )


def code_named(code: CodeType, name: str) -> CodeType | None:
    """The code of a function, looked for in a module's."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found = inner if inner.co_qualname == name else code_named(inner, name)
            if found:
                return found
    return None


def module_of(file: Path) -> Any:
    """The imported module of a file of the repository."""
    parts = file.relative_to(HERE).with_suffix("").parts
    name = ".".join(parts if parts[0] == "foley_designer" else ("foley_designer", *parts))
    return importlib.import_module(name)


def function_named(module: Any, name: str) -> FunctionType | None:
    """The function itself, under properties and decorators."""
    found: Any = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part, None)
    found = getattr(found, "fget", None) or getattr(found, "func", None) or found
    found = getattr(found, "__func__", found)
    found = inspect.unwrap(found) if callable(found) else found
    return found if isinstance(found, FunctionType) else None


class Runs:
    """A pytest plug-in that runs the collected tests once a mutant instead of once."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.survived: list[Mutant] = []
        self.uncalled: list[Mutant] = []
        self.noticed = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run mutants in place of tests; true says that the tests were run."""
        calls = self._calls(session)
        for one in self.mutants:
            function = function_named(module_of(one.file), one.function)
            code = code_named(compile(one.tree, str(one.file), "exec"), one.function)
            if function is None or code is None:
                continue
            wanted = calls.get((str(one.file), one.function), [])
            if not wanted:
                self.uncalled.append(one)
            elif _forked(lambda f=function, c=code, w=wanted: _passes(session, w, f, c)):
                self.survived.append(one)
            else:
                self.noticed += 1
        return True

    def _calls(self, session: pytest.Session) -> dict[tuple[str, str], list[int]]:
        """Function to the numbers of the tests that call it, the quickest first."""
        files = {str(one.file) for one in self.mutants}
        reading, writing = os.pipe()
        if not (child := os.fork()):
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                for number, item in enumerate(session.items):
                    seen: set[tuple[str, str]] = set()
                    began = time.monotonic()
                    sys.setprofile(_watch(files, seen))
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                    sys.setprofile(None)
                    took = time.monotonic() - began
                    out.writelines(f"{number}\t{took}\t{f}\t{n}\n" for f, n in sorted(seen))
            os._exit(0)
        os.close(writing)
        found: dict[tuple[str, str], list[tuple[float, int]]] = {}
        with os.fdopen(reading) as told:
            for line in told:
                number, took, file, name = line.rstrip("\n").split("\t")
                found.setdefault((file, name), []).append((float(took), int(number)))
        os.waitpid(child, 0)
        return {key: [number for _, number in sorted(tests)] for key, tests in found.items()}


def _watch(files: set[str], seen: set[tuple[str, str]]) -> Any:
    known: dict[str, str] = {}

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        file = known.get(code.co_filename)
        if file is None:
            file = known[code.co_filename] = str(Path(code.co_filename).resolve())
        if file in files:
            seen.add((file, code.co_qualname.split(".<locals>")[0]))

    return watch


def _passes(
    session: pytest.Session, numbers: list[int], function: FunctionType, code: CodeType
) -> bool:
    function.__code__ = code
    for number in numbers:
        item = session.items[number]
        reports = _protocol(item)
        if any(report.failed for report in reports):
            return False
    return True


def _protocol(item: pytest.Item) -> list[pytest.TestReport]:
    from _pytest.runner import runtestprotocol

    return runtestprotocol(item, nextitem=None, log=False)


def _forked(passes: Any) -> bool:
    """Whether all tests pass in a process of its own; a long one counts as failing."""
    if not (child := os.fork()):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            os._exit(0 if passes() else 1)
        except BaseException:  # noqa: BLE001 - whatever it is, the test failed
            os._exit(1)
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return False


def main() -> None:
    """Print the share that is noticed, and what is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    os.chdir(HERE)
    for room in asked.rooms:
        folder, tests = ROOMS[room]
        files = sorted((HERE / folder).rglob("*.py"))
        everything = [
            (file, number)
            for file in files
            for number, _ in enumerate(places(ast.parse(file.read_text(encoding="utf-8"))))
        ]
        chosen = random.Random(asked.seed).sample(everything, min(asked.count, len(everything)))
        drawn = [mutant(*one) for one in chosen]
        runs = Runs(drawn)
        pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:timeout", *tests], plugins=[runs])
        tried = runs.noticed + len(runs.survived)
        print(f"\n{room}: {runs.noticed} of {tried} noticed, {len(runs.uncalled)} in uncalled code")
        for kind, listed in (("survived", runs.survived), ("uncalled", runs.uncalled)):
            for one in sorted(listed, key=lambda m: (str(m.file), m.line)):
                place = f"{one.file.relative_to(HERE)}:{one.line}"
                print(f"  {kind}  {place}  {one.function}: {one.change}")


if __name__ == "__main__":
    main()
