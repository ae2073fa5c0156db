"""What is confirmed though it was approved before: deletions of several, and doubtful readings."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from sample_documents import observation
from sample_session import finished_session

from foley_designer.agents.reviser.rules import RulesReviser
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.graph.nodes.approve import after_mix_approval, approve_mix, approve_script
from foley_designer.graph.nodes.revise_apply import after_approval, approve
from foley_designer.graph.state import DesignState, ReviseState
from foley_designer.memory import knowledge_base

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


def stopped(tmp_path: Path, subject: str) -> tuple[Any, Session, FoleyScript]:
    """A run that stopped at the question about the script or the mix, over a finished session."""
    finished_session(tmp_path / "yard")
    session = Session(tmp_path / "yard")
    documents = session.finished().documents
    script = session.get(FoleyScript, documents["script"])
    seen = observation(tmp_path / "yard", script.clip)
    bench: Any = SimpleNamespace(
        get=session.get,
        put=session.put,
        settings=Settings(data_dir=tmp_path / "data"),
        team=SimpleNamespace(reviser=RulesReviser(knowledge_base.load())),
    )
    asking = {"script": approve_script, "mix": approve_mix}[subject]
    graph = StateGraph(DesignState)
    graph.add_node("approve", lambda state: asking(state, bench))
    graph.add_edge(START, "approve")
    graph.add_edge("approve", END)
    run: Any = graph.compile(checkpointer=MemorySaver())
    start = {
        "script": documents["script"],
        "brief": session.put(Brief(observation=seen)),
        "observation": session.put(seen),
        "approve": [subject],
        "mix": {"file": "mix.wav"},
        "takes": {event.id: {"attempt": 0} for event in script.events},
        "notes": [],
    }
    asked = run.invoke(start, CONFIG)
    assert asked["__interrupt__"][0].value["approve"] == subject
    return run, session, script


@pytest.mark.parametrize("subject", ["script", "mix"])
@pytest.mark.parametrize("by_words", [False, True])
def test_script_and_mix_may_be_edited(tmp_path: Path, subject: str, by_words: bool) -> None:
    run, session, script = stopped(tmp_path, subject)
    event = script.events[0]
    wanted = [{"kind": "adjust_level", "event_id": event.id, "change_db": -4}]
    words = {"asked": f"{event.label} 4 dB quieter"}
    done = run.invoke(Command(resume=words if by_words else {"operations": wanted}), CONFIG)
    edited = session.get(FoleyScript, done["script"])
    assert edited.event(event.id).gain_db == event.gain_db - 4
    if subject == "mix":
        assert after_mix_approval(done) == "cue", "it is mixed again, and asked about again"
        assert set(done["takes"]) == {one.id for one in script.events}, "a level needs no new take"


def test_what_sounds_otherwise_in_an_edited_mix_is_played_again(tmp_path: Path) -> None:
    run, _, script = stopped(tmp_path, "mix")
    key = script.events[0].id
    wanted = [{"kind": "retake", "event_id": key}]
    done = run.invoke(Command(resume={"operations": wanted}), CONFIG)
    assert key not in done["takes"]


def test_an_approved_mix_goes_on_and_a_refused_one_does_not(tmp_path: Path) -> None:
    run, _, _ = stopped(tmp_path, "mix")
    assert after_mix_approval(run.invoke(Command(resume={"approve": True}), CONFIG)) == "upmix"
    run, _, _ = stopped(tmp_path / "other", "mix")
    with pytest.raises(FoleyError, match="not approved"):
        run.invoke(Command(resume={"approve": False}), CONFIG)


def test_words_that_ask_for_nothing_change_nothing(tmp_path: Path) -> None:
    run, _, _ = stopped(tmp_path, "mix")
    with pytest.raises(FoleyError) as unclear:
        run.invoke(Command(resume={"asked": "undo"}), CONFIG)
    assert unclear.value.code is ErrorCode.REVISION_UNCLEAR
