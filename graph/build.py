"""Assembly of the state machine: nodes and edges alone."""

import functools
from typing import Any

from langgraph.graph import END, START, StateGraph

from foley_designer.agents.specialists import NAMES
from foley_designer.graph.benches import Bench, bound, default_bench
from foley_designer.graph.nodes.approve import after_mix_approval, approve_mix, approve_script
from foley_designer.graph.nodes.check import check
from foley_designer.graph.nodes.choose import choose
from foley_designer.graph.nodes.critique import after_critique, critique
from foley_designer.graph.nodes.cue import cue
from foley_designer.graph.nodes.deliver import deliver
from foley_designer.graph.nodes.diagnose import diagnose
from foley_designer.graph.nodes.expand import expand, grow
from foley_designer.graph.nodes.inspect import inspect
from foley_designer.graph.nodes.mix import mix
from foley_designer.graph.nodes.plan import plan
from foley_designer.graph.nodes.prune import begin, prune
from foley_designer.graph.nodes.read import read
from foley_designer.graph.nodes.root import root
from foley_designer.graph.nodes.scribe import scribe
from foley_designer.graph.nodes.see import see
from foley_designer.graph.nodes.sound import fan_out, sound
from foley_designer.graph.nodes.specialists import NODES, after_conference, confer
from foley_designer.graph.nodes.upmix import upmix
from foley_designer.graph.nodes.validate import after_validation, validate
from foley_designer.graph.starting import DesignInput
from foley_designer.graph.state import DesignState

RECURSION_LIMIT = 100
"""Steps a run may take; the longest path with every loop at its bound takes under 60."""


def build_graph(
    bench: Bench = default_bench,
) -> StateGraph[DesignState, None, DesignInput, DesignState]:
    """The way of a clip, to be compiled alone or as a subgraph of another graph."""
    graph = StateGraph(DesignState, input_schema=DesignInput)
    for node in (see, read, inspect, scribe, validate, cue, sound, check, diagnose, plan):
        graph.add_node(node.__name__, bound(node, bench))
    for specialist in NODES:
        graph.add_node(specialist.__name__, bound(specialist, bench))
    for node in (confer, mix, critique, upmix, deliver):
        graph.add_node(node.__name__, bound(node, bench))
    graph.add_node("approve_script", bound(approve_script, bench))
    graph.add_node("approve_mix", bound(approve_mix, bench))
    graph.add_node("write", build_search(bench).compile())

    graph.add_edge(START, "see")
    graph.add_edge("see", "read")
    graph.add_edge("read", "inspect")
    graph.add_edge("inspect", "scribe")
    graph.add_edge("scribe", "validate")
    graph.add_conditional_edges("validate", after_validation, ["scribe", "write"])
    graph.add_edge("write", "approve_script")
    graph.add_edge("approve_script", "cue")

    takes = functools.partial(_fan_out, bench=bench)
    graph.add_conditional_edges("cue", takes, ["sound", "diagnose"])
    graph.add_edge("sound", "check")
    graph.add_conditional_edges("check", takes, ["sound", "diagnose"])

    graph.add_edge("diagnose", "plan")
    for name in NAMES:
        graph.add_edge("plan", name)
    graph.add_edge([*NAMES], "confer")
    graph.add_conditional_edges("confer", after_conference, [*NAMES, "mix"])
    graph.add_edge("mix", "critique")
    graph.add_conditional_edges("critique", after_critique, ["mix", "approve_mix"])
    graph.add_conditional_edges("approve_mix", after_mix_approval, ["upmix", "cue"])
    graph.add_edge("upmix", "deliver")
    graph.add_edge("deliver", END)
    return graph


def build_search(bench: Bench = default_bench) -> StateGraph[DesignState]:
    """The Tree of Thought (Algorithm 1): expand in parallel, score, prune, loop."""
    graph = StateGraph(DesignState)
    for node in (root, begin, expand, prune, choose):
        graph.add_node(node.__name__, bound(node, bench))
    graph.add_edge(START, "root")
    graph.add_edge("root", "begin")
    graph.add_conditional_edges("begin", grow, ["expand", "choose"])
    graph.add_edge("expand", "prune")
    graph.add_conditional_edges("prune", grow, ["expand", "choose"])
    graph.add_edge("choose", END)
    return graph


def _fan_out(state: DesignState, bench: Bench) -> Any:
    return fan_out(state, bench(state)) or "diagnose"
