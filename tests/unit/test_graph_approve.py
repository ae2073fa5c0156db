"""What is confirmed though it was approved before: deletions of several, and doubtful readings."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from sample_session import finished_session

from foley_designer.core.errors import FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.graph.nodes.approve import approve_script
from foley_designer.graph.nodes.revise_apply import after_approval, approve
from foley_designer.graph.state import DesignState, ReviseState

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


@pytest.mark.parametrize(
    "answer", [{"operations": [{"kind": "mute", "event_id": "e01"}]}, {"asked": "the rain out"}]
)
def test_something_else_may_be_asked_for_instead(answer: dict[str, Any]) -> None:
    """It is taken up where the session is, and what it would do is shown in its turn."""
    run, _ = asked({"removed": ["e01", "e02"]}, asked="all of it out")
    found = run.invoke(Command(resume=answer), CONFIG)
    assert found["asked"] == answer.get("asked", "")
    assert found["asked_operations"] == answer.get("operations", [])
    assert after_approval(found) == "recall"
    assert after_approval({"diff": {"lines": ["a line"]}}) == "cue"


def test_a_script_may_be_edited_by_operations(tmp_path: Path) -> None:
    finished_session(tmp_path / "yard")
    session = Session(tmp_path / "yard")
    script = session.get(FoleyScript, session.finished().documents["script"])
    key = script.events[0].id
    bench: Any = SimpleNamespace(get=session.get, put=session.put)
    graph = StateGraph(DesignState)
    graph.add_node("approve", lambda state: approve_script(state, bench))
    graph.add_edge(START, "approve")
    graph.add_edge("approve", END)
    run: Any = graph.compile(checkpointer=MemorySaver())
    asked = run.invoke({"script": session.put(script), "approve": ["script"]}, CONFIG)
    assert asked["__interrupt__"][0].value["approve"] == "script"
    wanted = [{"kind": "adjust_level", "event_id": key, "change_db": -4}]
    done = run.invoke(Command(resume={"operations": wanted}), CONFIG)
    edited = session.get(FoleyScript, done["script"])
    assert edited.event(key).gain_db == script.event(key).gain_db - 4
