"""What is confirmed though it was approved before: deletions of several, and doubtful readings."""

from typing import Any

import pytest
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command

from foley_designer.core.errors import FoleyError
from foley_designer.graph.nodes.revise_apply import approve
from foley_designer.graph.state import ReviseState

CONFIG: Any = {"configurable": {"thread_id": "t"}}


def asked(diff: dict[str, Any], doubts: tuple[str, ...] = (), **more: Any) -> tuple[Any, Any]:
    """The graph stopped at the question, or gone through; and the question."""
    graph = StateGraph(ReviseState)
    graph.add_node("approve", lambda state: approve(state, None))  # type: ignore[arg-type]
    graph.add_edge(START, "approve")
    graph.add_edge("approve", END)
    run: Any = graph.compile(checkpointer=MemorySaver())
    state = {
        "approved": True,
        "diff": {"lines": ["a line"]} | diff,
        "operations": [],
        "understanding": {"doubts": doubts},
    }
    found = run.invoke(state | more, CONFIG)
    questions = [one.value for one in found.get("__interrupt__", ())]
    return run, questions[0] if questions else None


def test_what_was_approved_goes_on() -> None:
    assert asked({"removed": ["e01"]})[1] is None


@pytest.mark.parametrize(
    ("diff", "doubts", "why"),
    [
        ({"removed": ["e01", "e02"]}, (), "It deletes 2 sounds: e01, e02."),
        ({}, ("“das passt” asks for the opposite: adjust level e01.",), "asks for the opposite"),
        ({"removed": ["e01"]}, ("No word of “x” is known to ask for it: remove e01.",), "No word"),
    ],
)
def test_what_is_grave_is_confirmed_even_so(
    diff: dict[str, Any], doubts: tuple[str, ...], why: str
) -> None:
    run, question = asked(diff, doubts)
    assert why in question["confirm"]
    assert question["diff"]["lines"][0].startswith("! ")
    assert why in question["diff"]["lines"][0]
    with pytest.raises(FoleyError, match="not approved"):
        run.invoke(Command(resume={"approve": False}), CONFIG)


def test_who_confirms_goes_on() -> None:
    run, _ = asked({"removed": ["e01", "e02"]})
    assert "__interrupt__" not in run.invoke(Command(resume={"approve": True}), CONFIG)


def test_operations_of_a_hand_are_not_doubted() -> None:
    """The page and an assistant name what they delete: nobody read it out of words."""
    assert asked({"removed": ["e01", "e02"]}, asked_operations=[{"kind": "x"}])[1] is None
