"""The house stays as it is built: shallow imports, no circle, folders that can be overlooked."""

from collections import Counter

from benchmarks.house.house import anywhere, depth_and_circles, graph, sources

DEEPEST = 17
"""Modules in the longest chain of imports (ADR 30)."""
FULLEST = 18
"""Modules in a folder, save catalogues of one kind a file."""
CATALOGUES = {"foley_designer.graph.nodes", "foley_designer.tools"}


def test_imports_are_shallow_and_go_round_nowhere() -> None:
    modules = sources()
    chain, circles = depth_and_circles(graph(modules))
    assert not circles
    assert len(chain) <= DEEPEST, " -> ".join(chain)
    _, hidden = depth_and_circles(graph(modules, anywhere))
    assert not hidden, "imports inside functions go round"


def test_folders_can_be_overlooked() -> None:
    modules = (name for name, file in sources().items() if file.name != "__init__.py")
    folders = Counter(name.rpartition(".")[0] for name in modules)
    assert {
        name: count for name, count in folders.items() if count > FULLEST and name not in CATALOGUES
    } == {}
