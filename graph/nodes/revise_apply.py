"""apply, approve: operations on the script, a diff of what they do, and leave to go on."""

from collections.abc import Sequence
from typing import Any

from langgraph.types import Overwrite, interrupt

from foley_designer.agents.reviser.understanding import Understanding
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision.apply import Problem, RevisionError
from foley_designer.core.revision.apply import apply as edited
from foley_designer.core.revision.diff import Diff, describe_changes
from foley_designer.core.revision.operations import Operation
from foley_designer.core.revision.sounding import FollowTrack
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.graph.state import ReviseState, Update
from foley_designer.graph.workbench import Workbench


def apply(state: ReviseState, bench: Workbench) -> Update:
    """Change the script and forget the takes that it no longer has.

    Raises:
        FoleyError: ``revision_invalid`` if an operation can't be applied or nothing changes.
    """
    understanding = Understanding.model_validate(state["understanding"])
    before = bench.get(FoleyScript, state["script"])
    refuse_unseen(understanding.operations, bench.get(Observation, state["observation"]))
    after = edited(before, understanding.operations)
    diff = describe_changes(before, after).model_copy(update={"notes": understanding.notes})
    if diff.is_empty:
        raise FoleyError(
            ErrorCode.REVISION_INVALID, "That changes nothing.", "The script is so already."
        )
    lost = {*diff.rendered, *diff.removed}
    return {
        "script": bench.put(after),
        "diff": diff.model_dump(mode="json"),
        "request": state.get("asked") or _told(understanding),
        "operations": [item.model_dump(mode="json") for item in understanding.operations],
        "kept": [event.id for event in before.events if event.id not in lost],
        "takes": Overwrite({k: take for k, take in state["takes"].items() if k not in lost}),
        "notes": Overwrite([n for n in state["notes"] if n.get("event_id") not in lost]),
    }


def refuse_unseen(operations: Sequence[Operation], seen: Observation) -> None:
    """Refuse to follow what was not seen to move.

    Raises:
        RevisionError: ``unknown_track``; the hint lists the tracks that there are.
    """
    known = {track.id: track.label for track in seen.tracks}
    for operation in operations:
        if isinstance(operation, FollowTrack) and operation.track_id not in known:
            there = ", ".join(f"{key} ({label})" if label else key for key, label in known.items())
            raise RevisionError(
                Problem.UNKNOWN_TRACK,
                f"Nothing was seen to move as {operation.track_id}.",
                f"There are {there}." if there else "Nothing was seen to move in this clip.",
            )


def approve(state: ReviseState, bench: Workbench) -> Update:  # noqa: ARG001
    """Show the diff and wait for ``{"approve": true}``, unless approved before.

    ``{"operations": [...]}`` or ``{"asked": words}`` asks for something else in its place, which is
    shown in its turn.

    Words that delete several sounds are asked about even so, and what a model read out of them that
    they do not surely say: a request may come from a file or a page, and what it would cost should
    be seen once.

    Raises:
        FoleyError: ``needs_review`` if it was refused; the session stays as it is.
    """
    grave = _grave(state)
    if state.get("approved") and not grave:
        return {}
    question = {"approve": "revision", "diff": state["diff"], "operations": state["operations"]}
    if grave:
        shown = {**state["diff"], "lines": [f"! {grave}", *state["diff"]["lines"]]}
        question |= {"confirm": grave, "diff": shown}
    answer: Any = interrupt(question)
    if isinstance(answer, dict) and (answer.get("operations") or answer.get("asked")):
        return {
            "asked": str(answer.get("asked", "")),
            "asked_operations": answer.get("operations", []),
            "diff": {},
        }
    if not (isinstance(answer, dict) and answer.get("approve") is True):
        hint = "Look at it first, then apply its operations." if grave else ""
        raise FoleyError(
            ErrorCode.NEEDS_REVIEW, f"The revision was not approved. {grave}".strip(), hint
        )
    return {}


def after_approval(state: ReviseState) -> str:
    """Back to where the session is, if something else was asked for."""
    return "cue" if state["diff"] else "recall"


def _grave(state: ReviseState) -> str:
    """What words would do that is asked about in any case; empty for nothing."""
    if state.get("asked_operations"):
        return ""
    removed = Diff.model_validate(state["diff"]).removed
    many = f"It deletes {len(removed)} sounds: {', '.join(removed)}." if len(removed) > 1 else ""
    doubts = Understanding.model_validate(state["understanding"]).doubts
    return " ".join(text for text in (many, *doubts) if text)


def after_takes(state: ReviseState) -> str:
    """Where it goes on once all takes are there: the planner is asked about what is new alone."""
    diff = Diff.model_validate(state["diff"])
    return "diagnose" if diff.planned or diff.new_space else "settle"


def _told(understanding: Understanding) -> str:
    """The reasons of operations that came without words."""
    kinds = [item.reason or item.kind.replace("_", " ") for item in understanding.operations]
    return "; ".join(dict.fromkeys(kinds))
