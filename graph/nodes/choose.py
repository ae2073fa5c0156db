"""choose: S* is the best of all candidates (Algorithm 1, line 9)."""

from foley_designer.agents.travel import delayed
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.search_log import SearchLog, SearchNode
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench


def choose(state: DesignState, bench: Workbench) -> DesignState:
    """Pick S* and keep the whole search graph for the report."""
    nodes = [SearchNode.model_validate(node) for node in state["candidates"].values()]
    nodes.sort(key=lambda node: (node.depth, node.parent or "", node.id))
    best = max(nodes, key=lambda node: (node.total, -node.depth))
    marked = tuple(
        node.model_copy(update={"chosen": True, "kept": True}) if node is best else node
        for node in nodes
    )
    log = SearchLog(nodes=marked, ended_by=state["ended_by"])
    script = best.script_hash
    if bench.settings.travel_delay:
        observation = bench.get(Brief, state["brief"]).observation
        script = bench.put(delayed(bench.get(FoleyScript, script), observation))
    return {"search": bench.put(log), "script": script}
