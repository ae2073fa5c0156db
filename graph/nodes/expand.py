"""expand: k children of one node, by refinement or regeneration (Algorithm 1, lines 4-5)."""

from langgraph.types import Send

from foley_designer.agents.scenes.agents import SceneScorer, SceneWriter
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.search_log import SearchNode
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.graph.nodes.root import candidate
from foley_designer.graph.state import DesignState, ExpandState
from foley_designer.graph.workbench import Workbench


def expand(state: ExpandState, bench: Workbench) -> DesignState:
    """Generate and score one node's children."""
    brief = bench.get(Brief, state["brief"])
    text = bench.get(StructuredText, state["text"])
    parent = SearchNode.model_validate(state["node"])
    script = bench.get(FoleyScript, parent.script_hash)
    score = SceneScorer(bench.team.scorer).score(brief, text, script)
    proposals = SceneWriter(bench.team.writer).expand(
        brief, text, script, score, bench.settings.branching
    )
    SceneScorer(bench.team.scorer).read(brief, text, [one.script for one in proposals])
    children = [
        candidate(
            bench,
            brief,
            text,
            proposal.script,
            parent=parent,
            operator=proposal.operator,
            reason=proposal.reason,
            above=parent.parent if proposal.sibling else None,
        )
        for proposal in proposals
    ]
    return {"candidates": {child.id: child.model_dump(mode="json") for child in children}}


def grow(state: DesignState) -> list[Send] | str:
    """One branch a node of the frontier, or on to the choice once the search has ended."""
    if state["ended_by"]:
        return "choose"
    return [
        Send(
            "expand",
            ExpandState(
                session=state["session"],
                clip=state.get("clip", ""),
                brief=state["brief"],
                text=state["text"],
                node=state["candidates"][node_id],
            ),
        )
        for node_id in state["frontier"]
    ]
