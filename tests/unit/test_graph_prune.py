"""What goes on to the next level of the search, and when it ends: beam, threshold and depth."""

from pathlib import Path
from typing import Any

import pytest

from foley_designer.core.script.search_log import SearchNode
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.graph.benches import set_up
from foley_designer.graph.nodes.prune import prune

TOTALS = {"a": 0.80, "b": 0.70, "c": 0.60, "d": 0.50}
"""Four children of a root at 0.65."""


@pytest.fixture
def pruned(tmp_path: Path) -> Any:
    def of(level: int = 0, **settings: Any) -> Any:
        nodes = [node("root", None, 0.65)] + [node(k, "root", v) for k, v in TOTALS.items()]
        state = {
            "candidates": {one.id: one.model_dump(mode="json") for one in nodes},
            "frontier": ["root"],
            "level": level,
        }
        given = Settings(llm_model=None, data_dir=tmp_path / "data", **settings)
        return prune(state, set_up(Session(tmp_path / "out"), given, tmp_path / "clip.mp4"))

    return of


def node(name: str, parent: str | None, total: float) -> SearchNode:
    return SearchNode(
        id=name,
        parent=parent,
        depth=int(parent is not None),
        operator="root" if parent is None else "refine:x",
        script_hash=name * 8,
        align=total,
        layer=total,
        emotion=total,
        total=total,
    )


@pytest.mark.parametrize(
    ("beam", "kept"),
    [(1, ["a"]), (2, ["a", "b"]), (3, ["a", "b", "root"]), (8, ["a", "b", "root", "c", "d"])],
)
def test_the_best_of_the_beam_go_on_and_parents_among_them(
    beam: int, kept: list[str], pruned: Any
) -> None:
    update = pruned(beam=beam, threshold=0.9)
    assert update["frontier"] == kept
    assert set(update["candidates"]) == set(kept)
    assert update["ended_by"] == ""


@pytest.mark.parametrize(
    ("threshold", "why"), [(0.79, "threshold"), (0.8, "threshold"), (0.81, "")]
)
def test_it_ends_at_the_threshold(threshold: float, why: str, pruned: Any) -> None:
    assert pruned(threshold=threshold)["ended_by"] == why


@pytest.mark.parametrize(("depth", "why"), [(1, "depth"), (2, "")])
def test_it_ends_at_the_depth(depth: int, why: str, pruned: Any) -> None:
    assert pruned(depth=depth, threshold=0.9)["ended_by"] == why
