"""understand, ask, remember, step: what a request means, and what to do where it is no edit."""

from typing import Any, Literal

from langgraph.types import interrupt

from foley_designer.agents.reviser.understanding import (
    Option,
    Situation,
    Turn,
    Understanding,
    hint_for,
)
from foley_designer.agents.scribe.passages import character_names
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.mix.rendition import Rendition
from foley_designer.core.revision.apply import operations_given
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.graph.nodes.revise_recall import state_of
from foley_designer.graph.state import ReviseState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.memory import preferences

REMEMBERED = 6
"""Requests that a follow-up can look back on."""


def understand(state: ReviseState, bench: Workbench) -> Update:
    """Turn the words into operations; those that were given as operations stand.

    Raises:
        FoleyError: ``revision_unclear`` if the words can't be understood; ``revision_invalid`` if
            what was given is no operation.
    """
    if asked := state.get("asked_operations"):
        return {"understanding": _plain(Understanding(operations=operations_given(asked)))}
    if command := state.get("command"):
        return {"understanding": _plain(Understanding(command=command))}
    about = situation(state, bench)
    understanding = bench.team.reviser.understand(state["asked"], about)
    if understanding.unclear:
        hint = hint_for(about.script)
        raise FoleyError(ErrorCode.REVISION_UNCLEAR, understanding.unclear, hint)
    return {"understanding": _plain(understanding)}


def situation(state: ReviseState, bench: Workbench) -> Situation:
    """What the request may be about: script, levels in the mix, picture, wishes, focus."""
    script = bench.get(FoleyScript, state["script"])
    diagnosis = bench.get(Diagnosis, state["diagnosis_after"])
    faders = {t.event_id: t.gain_db for t in bench.get(MixPlan, state["plan"]).tracks}
    levels = {
        track.event_id: track.integrated_lufs + faders.get(track.event_id, 0.0)
        for track in diagnosis.tracks
        if track.integrated_lufs is not None
    }
    return Situation(
        script=script,
        levels=levels,
        focus=tuple(state.get("focus", ())),
        said=said_before(bench, state["base"]),
        pending=state.get("pending", ""),
        wishes=preferences.load(bench.settings.data_dir),
        names=character_names(bench.get(Brief, state["brief"]).texts),
        observation=bench.get(Observation, state["observation"]),
    )


def said_before(bench: Workbench, revision: str) -> tuple[Turn, ...]:
    """The requests that led to a revision, the latest last."""
    session = bench.session
    parents = {line.id: line.parent for line in session.revisions()}
    found: list[Turn] = []
    while len(found) < REMEMBERED and (parent := parents.get(revision)):
        made = session.get(Rendition, session.documents_of(revision)["rendition"])
        before = session.get(FoleyScript, session.documents_of(str(parent))["script"])
        found.append(Turn(request=made.request, operations=made.operations, before=before))
        revision = str(parent)
    return tuple(reversed(found))


def after_understanding(
    state: ReviseState,
) -> Literal["ask", "apply", "step", "remember", "__end__"]:
    """Where a request of this kind goes."""
    understanding = Understanding.model_validate(state["understanding"])
    if state.get("looks_only") and (understanding.command or understanding.preference):
        return "__end__"
    if understanding.options:
        return "ask"
    if understanding.preference or understanding.command == "name":
        return "remember"
    return "step" if understanding.command else "apply"


def ask(state: ReviseState, bench: Workbench) -> Update:  # noqa: ARG001
    """Let the user choose a reading: ``{"choose": n}``, from 1; anything else is none of them.

    Raises:
        FoleyError: ``needs_review`` if none was chosen.
    """
    understanding = Understanding.model_validate(state["understanding"])
    option = chosen(understanding)
    settled = Understanding(
        operations=option.operations, notes=understanding.notes, doubts=option.doubts
    )
    return {"understanding": _plain(settled)}


def remember(state: ReviseState, bench: Workbench) -> Update:
    """Keep what was meant for good: what words mean, or a name for the current revision.

    Raises:
        FoleyError: ``revision_invalid`` for a name that is none.
    """
    understanding = Understanding.model_validate(state["understanding"])
    stated = understanding.preference
    if stated is None:
        bench.session.name(state["base"], understanding.name)
        return {}
    folder = bench.settings.data_dir
    wishes = preferences.load(folder).set(stated.key, stated.value, state["asked"], state["base"])
    preferences.save(wishes, folder)
    return {}


def step(state: ReviseState, bench: Workbench) -> Update:
    """Move to the revision before, to the one after or to any, from what the session keeps.

    Raises:
        FoleyError: ``revision_invalid`` if there is none.
    """
    understanding = Understanding.model_validate(state["understanding"])
    command = understanding.command
    log, current = bench.session.revisions(), state["base"]
    if command == "restore":
        wanted = state.get("wanted") or understanding.name or current
        found = [bench.session.revision(wanted)]
    elif command == "undo":
        found = [one.parent for one in log if one.id == current and one.parent]
    else:
        found = [one.id for one in log if one.parent == current]
    if not found:
        raise FoleyError(ErrorCode.REVISION_INVALID, f"There is nothing to {command}.")
    record = bench.session.finished()
    return {**state_of(bench, record, found[-1]), "restored": True}


def _plain(understanding: Understanding) -> Update:
    return understanding.model_dump(mode="json")


def chosen(understanding: Understanding) -> Option:
    """The reading that the user chooses of several, by its number from 1.

    Raises:
        FoleyError: ``needs_review`` if none was chosen.
    """
    texts = [option.text for option in understanding.options]
    answer: Any = interrupt({"ask": understanding.question, "options": texts})
    number = answer.get("choose") if isinstance(answer, dict) else None
    if not isinstance(number, int) or not 1 <= number <= len(texts):
        listed = "; ".join(f"{n}: {text}" for n, text in enumerate(texts, start=1))
        raise FoleyError(ErrorCode.NEEDS_REVIEW, understanding.question, f"Choose of {listed}.")
    return understanding.options[number - 1]
