"""The Tree of Thought as the graph runs it (Algorithm 1), by rules, on a scene with a tone."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from chat_endpoint import STEPS, answering
from PIL import Image

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.agents.interfaces import Score
from foley_designer.agents.scorer.rules import RulesScorer
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.search_log import SearchLog
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.graph.benches import set_up
from foley_designer.graph.build import build_search
from foley_designer.graph.nodes.scribe import scribe
from foley_designer.graph.strips import AGAINST_PX, draw_against
from foley_designer.graph.workbench import Workbench
from foley_designer.vision.observe import observe

DESCRIPTION = (
    "A furious smith hammers on a steel anvil. Rain drums on the roof. A dog barks outside. "
    "A man walks across the gravel and drops a bottle."
)
"""The picture shows the hammer alone, so that the first script has flaws of several kinds."""


@pytest.fixture(scope="module")
def brief(hammer: tuple[Path, YardstickTruth]) -> Brief:
    return Brief(observation=observe(hammer[0]), description=DESCRIPTION)


def searched(folder: Path, brief: Brief, **settings: Any) -> tuple[Workbench, SearchLog, str]:
    bench = set_up(
        Session(folder), Settings(**({"llm_model": None} | settings)), folder / "clip.mp4"
    )
    state: Any = {"session": str(folder), "brief": bench.put(brief)}
    state |= scribe(state, bench)
    done = build_search(lambda _: bench).compile().invoke(state)
    return bench, bench.get(SearchLog, done["search"]), done["script"]


@pytest.mark.slow
def test_the_search_keeps_the_best_and_stays_in_its_bounds(tmp_path: Path, brief: Brief) -> None:
    bounds = {"branching": 3, "beam": 2, "depth": 3, "threshold": 1.0}
    _, log, script = searched(tmp_path, brief, **bounds)
    (root,) = [node for node in log.nodes if node.parent is None]
    (chosen,) = [node for node in log.nodes if node.chosen]
    assert chosen.script_hash == script
    assert chosen.total == max(node.total for node in log.nodes)
    assert chosen.total > root.total
    assert max(node.depth for node in log.nodes) <= 3
    children = Counter(node.parent for node in log.nodes if node.parent)
    assert max(children.values()) <= 3
    kept = Counter(node.depth for node in log.nodes if node.kept)
    assert max(kept.values()) <= 2
    assert set(children) - {root.id} <= {node.id for node in log.nodes if node.kept}
    assert (log.ended_by == "threshold") is (chosen.total >= bounds["threshold"])
    assert {node.operator.split(":")[0] for node in log.nodes} == {"root", "refine", "regenerate"}
    assert all(node.reason for node in log.nodes)


def test_a_root_above_the_threshold_ends_it(tmp_path: Path, brief: Brief) -> None:
    bench, log, script = searched(tmp_path, brief, threshold=0.1)
    (node,) = log.nodes
    assert (log.ended_by, node.script_hash, node.chosen) == ("threshold", script, True)
    assert bench.get(FoleyScript, script).events


def test_a_script_is_kept_once_and_scored_once(
    tmp_path: Path, brief: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[str] = []
    plain = RulesScorer._score

    def counted(self: RulesScorer, brief: Brief, text: Any, script: FoleyScript) -> Score:
        scored.append(script.hash)
        return plain(self, brief, text, script)

    monkeypatch.setattr(RulesScorer, "_score", counted)
    _, log, _ = searched(tmp_path, brief, branching=8, beam=8, depth=4, threshold=1.0)
    kept = [node.script_hash for node in log.nodes if node.kept]
    assert len(kept) == len(set(kept))
    assert len(log.nodes) > len(kept)
    assert len(scored) == len(set(scored)) == len({node.script_hash for node in log.nodes})


@pytest.mark.parametrize("part", ["align", "layer", "emotion"])
def test_the_weights_decide_what_is_best(part: str, tmp_path: Path, brief: Brief) -> None:
    weights = tuple(float(name == part) for name in ("align", "layer", "emotion"))
    bounds = {"branching": 2, "beam": 1, "depth": 1, "threshold": 1.0}
    _, log, _ = searched(tmp_path, brief, weights=weights, **bounds)
    assert len(log.nodes) > 1
    assert [node.total for node in log.nodes] == [getattr(node, part) for node in log.nodes]
    assert max(log.nodes, key=lambda node: getattr(node, part)).total == max(
        node.total for node in log.nodes if node.chosen
    )


def test_what_speaks_against_a_candidate_is_drawn(
    tmp_path: Path, brief: Brief, hammer: tuple[Path, YardstickTruth]
) -> None:
    """Frames at the moments that are objected to; equal times are drawn once."""
    bench, log, _ = searched(tmp_path, brief, branching=3, beam=2, depth=1, threshold=1.0)
    against = [node for node in log.nodes if node.against_s]
    assert against
    end = brief.observation.clip.duration_s
    assert all(0 <= time_s < end for node in against for time_s in node.against_s)
    assert all(node.objections for node in against)
    state: Any = {"clip": str(hammer[0])}
    names = draw_against(state, bench, brief.observation, log)
    assert set(names) == {node.id for node in against}
    assert len(set(names.values())) == len({node.against_s for node in against})
    for name in names.values():
        with Image.open(bench.session.keyframes / name) as picture:
            assert picture.format == "JPEG"
            assert picture.width <= AGAINST_PX
    gone: Any = {"clip": str(tmp_path / "gone.mp4")}
    assert draw_against(gone, bench, brief.observation, log) == {}


@pytest.mark.slow
def test_a_model_says_when_it_is_seen(tmp_path: Path, brief: Brief) -> None:
    told = {"flaw": "missed_moment", "text": "A blow is silent.", "time_s": 1.25}
    outside = told | {"time_s": 1e6}
    with answering() as endpoint:
        endpoint.answers["ScoreReply"] = {
            "scripts": [
                {"script": 1, "align": 0.1, "layer": 1, "emotion": 1, "objections": [told, outside]}
            ]
        }
        endpoint.answers["ExpandReply"] = {"stands": True, "because": "it is all there"}
        bounds = {"branching": 1, "beam": 1, "depth": 1, "threshold": 1.0}
        _, log, _ = searched(tmp_path, brief, **bounds, **endpoint.settings)
    (node,) = log.nodes
    assert node.against_s == (1.25,)
    assert log.ended_by == "no_children"


def test_what_a_model_writes_anew_hangs_beside_the_node(tmp_path: Path, brief: Brief) -> None:
    """Regeneration of a child starts from T again, so it is the root's child: a sibling."""
    tone = {"valence": -0.6, "arousal": 0.9, "words": ["furious"]}
    new = STEPS | {"label": "a stumble", "times": [0.2], "track": None, "side": "left"}
    changes = [
        {"operator": "refine", "flaw": "masking", "reason": "a", "events": [new]},
        {"operator": "regenerate", "flaw": "wrong_emotion", "reason": "b", "events": []},
    ]
    with answering() as endpoint:
        endpoint.answers["ExpandReply"] = {"children": [changes[0], changes[1] | {"tone": tone}]}
        parts = ((1, 0.9), (2, 0.4), (3, 0.4))
        endpoint.answers["ScoreReply"] = {
            "scripts": [
                {"script": n, "align": p, "layer": p, "emotion": p, "objections": []}
                for n, p in parts
            ]
        }
        bounds = {"branching": 2, "beam": 2, "depth": 2, "threshold": 1.0}
        _, log, _ = searched(tmp_path, brief, **bounds, **endpoint.settings)
    (root,) = [node for node in log.nodes if node.parent is None]
    made = [node for node in log.nodes if node.depth == 2]
    anew = [node for node in made if node.operator.startswith("regenerate")]
    assert anew
    assert {node.parent for node in anew} == {root.id}
