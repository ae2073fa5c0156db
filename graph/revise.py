"""Assembly of a revision: words, operations, leave, then the design's own way from the cues on."""

from collections.abc import Callable
from typing import Any

from langgraph.graph import END, START, StateGraph

from foley_designer.agents.specialists import NAMES
from foley_designer.graph.benches import Bench, bound, default_bench
from foley_designer.graph.nodes.check import check
from foley_designer.graph.nodes.cue import cue
from foley_designer.graph.nodes.deliver import deliver
from foley_designer.graph.nodes.diagnose import diagnose
from foley_designer.graph.nodes.mix import mix
from foley_designer.graph.nodes.plan import plan
from foley_designer.graph.nodes.revise_apply import after_approval, after_takes, apply, approve
from foley_designer.graph.nodes.revise_hear import hear
from foley_designer.graph.nodes.revise_recall import recall
from foley_designer.graph.nodes.revise_settle import settle
from foley_designer.graph.nodes.revise_understand import (
    after_understanding,
    ask,
    remember,
    step,
    understand,
)
from foley_designer.graph.nodes.sound import fan_out, sound
from foley_designer.graph.nodes.specialists import NODES, after_conference, confer
from foley_designer.graph.nodes.upmix import upmix
from foley_designer.graph.starting import ReviseInput
from foley_designer.graph.state import ReviseState, Update
from foley_designer.graph.workbench import Workbench

Node = Callable[[Any, Workbench], Update]


def build_revision_graph(
    bench: Bench = default_bench,
) -> StateGraph[ReviseState, None, ReviseInput, ReviseState]:
    """The way of a request, to be compiled with a checkpointer: it stops to ask."""
    graph = StateGraph(ReviseState, input_schema=ReviseInput)
    own: tuple[Node, ...] = (recall, understand, ask, remember, step, apply, approve, settle)
    shared: tuple[Node, ...] = (cue, sound, check, diagnose, plan, *NODES, confer)
    last: tuple[Node, ...] = (mix, hear, upmix, deliver)
    for node in (*own, *shared, *last):
        graph.add_node(node.__name__, bound(node, bench))

    graph.add_edge(START, "recall")
    graph.add_edge("recall", "understand")
    graph.add_conditional_edges(
        "understand", after_understanding, ["ask", "apply", "step", "remember", END]
    )
    graph.add_edge("ask", "apply")
    graph.add_edge("remember", END)
    graph.add_edge("apply", "approve")
    graph.add_conditional_edges("approve", after_approval, ["cue", "recall"])

    def takes(state: ReviseState) -> Any:
        return fan_out(state, bench(state)) or after_takes(state)

    graph.add_conditional_edges("cue", takes, ["sound", "diagnose", "settle"])
    graph.add_edge("sound", "check")
    graph.add_conditional_edges("check", takes, ["sound", "diagnose", "settle"])
    graph.add_edge("diagnose", "plan")
    for name in NAMES:
        graph.add_edge("plan", name)
    graph.add_edge([*NAMES], "confer")
    graph.add_conditional_edges("confer", _after_conference, [*NAMES, "settle"])
    graph.add_edge("settle", "mix")
    graph.add_edge("step", "mix")
    graph.add_edge("mix", "hear")
    graph.add_edge("mix", "upmix")
    graph.add_edge(["hear", "upmix"], "deliver")
    graph.add_edge("deliver", END)
    return graph


def _after_conference(state: ReviseState) -> list[str]:
    return ["settle"] if after_conference(state) == ["mix"] else after_conference(state)
