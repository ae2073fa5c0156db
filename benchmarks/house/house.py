"""The house in numbers: folders, import depth, circles, functions, loose numbers, tests per code.

    python -m benchmarks.house.house            # a table by room
    python -m benchmarks.house.house --loose    # the files with most loose numbers

A loose number is a numeric literal inside a function, other than -1, 0, 1 and 2, that no name or
keyword explains: arguments passed by keyword, defaults, and literals that a constant or field is
declared with are not loose. Import depth is the longest chain of modules that import each other
when they load; imports inside functions and under ``TYPE_CHECKING`` do not count.
"""

import argparse
import ast
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("graph", "agents", "tools", "prompts", "generator", "memory")
PLAIN = {-1, 0, 1, 2}
Import = ast.Import | ast.ImportFrom


def sources(root: Path = ROOT) -> dict[str, Path]:
    """Dotted module name to file, for all that the wheel carries."""
    found = {}
    for top in ("foley_designer", *ROOMS):
        for file in sorted((root / top).rglob("*.py")):
            if any(part.is_symlink() for part in [file, *file.parents]):
                continue
            parts = list(file.relative_to(root).with_suffix("").parts)
            if parts[-1] == "__init__":
                parts.pop()
            if parts[0] != "foley_designer":
                parts.insert(0, "foley_designer")
            found[".".join(parts)] = file
    return found


def loaded(tree: ast.Module) -> Iterator[Import]:
    """Imports that run when the module loads."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            waiting += node.body + node.orelse
        elif isinstance(node, ast.Try):
            waiting += node.body


def anywhere(tree: ast.Module) -> Iterator[Import]:
    """All imports, also those inside functions; not those for types alone."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        typed = isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for part in ("orelse",) if typed else ("body", "orelse", "handlers", "finalbody"):
            inner = getattr(node, part, ())
            waiting += inner if isinstance(inner, list) else ()


@cache
def tree_of(file: Path) -> ast.Module:
    """A file's code."""
    return ast.parse(file.read_text(encoding="utf-8"))


def graph(
    modules: dict[str, Path], found: Callable[[ast.Module], Iterable[Import]] = loaded
) -> dict[str, set[str]]:
    """Module to the modules that it imports: when it loads, or anywhere."""
    arrows: dict[str, set[str]] = {}
    for name, file in modules.items():
        wanted: set[str] = set()
        for node in found(tree_of(file)):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif node.module:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    wanted.add(inner if inner in modules else node.module)
        arrows[name] = {one for one in wanted if one in modules and one != name}
    return arrows


def depth_and_circles(arrows: dict[str, set[str]]) -> tuple[list[str], list[str]]:
    """The longest chain of imports, and the modules at which a circle closes."""
    longest: dict[str, list[str]] = {}
    circles: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> list[str]:
        if name in path:
            circles.append(" -> ".join((*path[path.index(name) :], name)))
            return []
        if name not in longest:
            below = [visit(other, (*path, name)) for other in sorted(arrows[name])]
            longest[name] = [name, *max(below, key=len, default=[])]
        return longest[name]

    chains = [visit(name, ()) for name in sorted(arrows)]
    return max(chains, key=len), circles


def loose(tree: ast.AST) -> int:
    """How many numbers inside functions no name explains."""
    explained: set[int] = set()
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            explained |= {id(inner) for inner in ast.walk(node.value)}
        elif isinstance(node, ast.Subscript):
            explained |= {id(inner) for inner in ast.walk(node.slice)}
        elif isinstance(node, ast.arguments):
            for default in (*node.defaults, *node.kw_defaults):
                if default is not None:
                    explained |= {id(inner) for inner in ast.walk(default)}
    numbers = {
        id(inner)
        for function in functions
        for inner in ast.walk(function)
        if isinstance(inner, ast.Constant)
        and isinstance(inner.value, int | float)
        and not isinstance(inner.value, bool)
        and inner.value not in PLAIN
    }
    return len(numbers - explained)


def lengths(tree: ast.AST) -> Iterator[int]:
    """Lines of each function, those of functions within it apart."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef

    def span(node: ast.AST) -> int:
        return (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1

    def within(node: ast.AST) -> Iterator[ast.AST]:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, kinds):
                yield inner
            else:
                yield from within(inner)

    for node in ast.walk(tree):
        if isinstance(node, kinds):
            yield span(node) - sum(map(span, within(node)))


def code_lines(text: str) -> int:
    """Lines that are neither blank nor comment."""
    return sum(1 for line in text.split("\n") if line.strip() and not line.strip().startswith("#"))


def room_of(name: str) -> str:
    """The room that a module belongs to, with synthesis apart: physics names its numbers."""
    parts = name.split(".")
    if parts[1:3] == ["generator", "synth"]:
        return "generator.synth"
    return parts[1] if len(parts) > 1 else "foley_designer"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--loose", action="store_true", help="files with most loose numbers")
    options = parser.parse_args()
    modules = sources()
    texts = {name: file.read_text() for name, file in modules.items()}
    numbers = {name: loose(ast.parse(text)) for name, text in texts.items()}
    lines = {name: code_lines(text) for name, text in texts.items()}
    if options.loose:
        for name, count in Counter(numbers).most_common(40):
            print(f"{count:4d}  {100 * count / lines[name]:5.1f} per 100  {name}")
        return
    rooms: dict[str, list[str]] = defaultdict(list)
    for name in modules:
        rooms[room_of(name)].append(name)
    print(f"{'room':18s} {'files':>5s} {'lines':>6s} {'loose per 100':>14s}")
    for room, names in sorted(rooms.items(), key=lambda item: -sum(lines[n] for n in item[1])):
        total = sum(lines[name] for name in names)
        rate = 100 * sum(numbers[name] for name in names) / max(total, 1)
        print(f"{room:18s} {len(names):5d} {total:6d} {rate:14.1f}")
    outside = [name for name in modules if room_of(name) != "generator.synth"]
    code = sum(lines.values())
    tests = sum(code_lines(file.read_text()) for file in (ROOT / "tests").rglob("*.py"))
    functions = sorted(length for text in texts.values() for length in lengths(ast.parse(text)))
    folders = Counter(file.parent for file in modules.values() if file.name != "__init__.py")
    chain, circles = depth_and_circles(graph(modules))
    print(
        f"\nloose numbers per 100 lines, synthesis apart: "
        f"{100 * sum(numbers[n] for n in outside) / sum(lines[n] for n in outside):.1f}"
    )
    print(
        f"functions: median {statistics.median(functions):.0f}, p90 "
        f"{functions[int(0.9 * len(functions))]}, max {functions[-1]} lines"
    )
    print(f"tests / code: {tests / code:.2f}")
    largest = [f"{count} {folder.relative_to(ROOT)}" for folder, count in folders.most_common(6)]
    print("largest folders: " + ", ".join(largest))
    print(f"circles: {len(circles)}" + "".join(f"\n  {circle}" for circle in circles[:5]))
    _, circles = depth_and_circles(graph(modules, anywhere))
    print(f"circles, imports inside functions too: {len(circles)}")
    print(f"import depth {len(chain)}:\n  " + "\n  ".join(chain))


if __name__ == "__main__":
    main()
