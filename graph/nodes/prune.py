"""prune: keep the top b nodes, and decide whether the search goes on (Algorithm 1, lines 3-7)."""

from collections.abc import Sequence

from foley_designer.agents.script_writer.search import prune as best
from foley_designer.core.script.search_log import SearchNode
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench


def prune(state: DesignState, bench: Workbench) -> DesignState:
    """Keep the best of parents and children; a script that was seen before counts once.

    Parents stay in the running, so the best script so far is never lost.
    """
    settings = bench.settings
    nodes = [SearchNode.model_validate(node) for node in state["candidates"].values()]
    level = state["level"] + 1
    if not any(node.depth == level for node in nodes):
        return {"ended_by": "no_children"}
    given_up = {n.script_hash for n in nodes if n.depth < level and n.id not in state["frontier"]}
    pool = [
        node
        for node in nodes
        if node.id in state["frontier"]
        or (node.depth == level and node.script_hash not in given_up)
    ]
    kept = best(sorted(pool, key=lambda node: (node.depth, node.id)), settings.beam)
    frontier = [node.id for node in kept]
    return {
        "frontier": frontier,
        "level": level,
        "ended_by": _end(state, bench, kept, level),
        "candidates": {
            node.id: node.model_copy(update={"kept": True}).model_dump(mode="json") for node in kept
        },
    }


def begin(state: DesignState, bench: Workbench) -> DesignState:
    """The loop's first test: a root above the threshold needs no search."""
    root = SearchNode.model_validate(state["candidates"][state["frontier"][0]])
    return {"ended_by": _end(state, bench, [root], 0)}


def _end(state: DesignState, bench: Workbench, kept: Sequence[SearchNode], level: int) -> str:
    """Why the search ends now, or an empty string."""
    if kept[0].total >= bench.settings.threshold:
        return "threshold"
    if level >= bench.settings.depth:
        return "depth"
    if bench.team.budget.spent:
        return "budget"
    if level > 0 and {node.id for node in kept} == set(state["frontier"]):
        return "no_children"
    return ""
