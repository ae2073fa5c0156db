"""approve: stop and let a person or an assistant see the script or the mix before going on."""

from typing import Any, Literal

from langgraph.types import Overwrite, interrupt

from foley_designer.agents.reviser.understanding import Situation, hint_for
from foley_designer.agents.scribe.passages import character_names
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision.apply import apply as edited_by
from foley_designer.core.revision.apply import operations_given
from foley_designer.core.revision.diff import describe_changes
from foley_designer.core.revision.operations import Operation
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.graph.nodes.revise_understand import chosen
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.memory import preferences


def approve_script(state: DesignState, bench: Workbench) -> DesignState:
    """Ask about the script where the run was told to.

    The answer is ``{"approve": true}``, ``{"script": {…}}`` with an edited Foley script,
    ``{"operations": […]}`` or ``{"asked": words}`` that edit it, as a revision's do.

    Raises:
        FoleyError: ``needs_review`` if the script was refused; ``revision_invalid`` if an
            operation is none, or can't be applied; ``revision_unclear`` for words.
    """
    if "script" not in state.get("approve", []):
        return {}
    script = bench.get(FoleyScript, state["script"])
    answer: Any = interrupt({"approve": "script", "script": script.model_dump(mode="json")})
    edited = _edited(answer, script, state, bench)
    if edited is None:
        _accept(answer, "script")
        return {}
    return {"script": bench.put(edited)}


def approve_mix(state: DesignState, bench: Workbench) -> Update:
    """Ask about the mix where the run was told to; answered as `approve_script` is.

    What is edited is mixed again and asked about again; sounds that stay keep their takes.
    """
    if "mix" not in state.get("approve", []):
        return {}
    answer: Any = interrupt({"approve": "mix", "mix": state["mix"]})
    script = bench.get(FoleyScript, state["script"])
    edited = _edited(answer, script, state, bench)
    if edited is None:
        _accept(answer, "mix")
        return {}
    diff = describe_changes(script, edited)
    lost = {*diff.rendered, *diff.removed}
    return {
        "script": bench.put(edited),
        "takes": Overwrite({k: take for k, take in state["takes"].items() if k not in lost}),
        "notes": Overwrite([n for n in state["notes"] if n.get("event_id") not in lost]),
        "mix": {},
    }


def after_mix_approval(state: DesignState) -> Literal["upmix", "cue"]:
    """Back to the cues where the script was edited."""
    return "upmix" if state["mix"] else "cue"


def _edited(
    answer: Any, script: FoleyScript, state: DesignState, bench: Workbench
) -> FoleyScript | None:
    """The script as an answer edits it; None if it only says yes or no."""
    if not isinstance(answer, dict):
        return None
    if isinstance(answer.get("script"), dict):
        return FoleyScript.model_validate(answer["script"])
    if answer.get("operations"):
        return edited_by(script, operations_given(answer["operations"]))
    if answer.get("asked"):
        return edited_by(script, _meant(str(answer["asked"]), script, state, bench))
    return None


def _meant(
    words: str, script: FoleyScript, state: DesignState, bench: Workbench
) -> tuple[Operation, ...]:
    """The operations that words ask for; of several readings the one that is chosen.

    Raises:
        FoleyError: ``revision_unclear`` if they ask for none; ``needs_review`` if no reading
            was chosen.
    """
    about = Situation(
        script=script,
        wishes=preferences.load(bench.settings.data_dir),
        names=character_names(bench.get(Brief, state["brief"]).texts),
        observation=bench.get(Observation, state["observation"]),
    )
    found = bench.team.reviser.understand(words, about)
    if found.options:
        return chosen(found).operations
    if not found.operations:
        unclear = found.unclear or "Nothing was done yet that could be undone or named."
        raise FoleyError(ErrorCode.REVISION_UNCLEAR, unclear, hint_for(script))
    return found.operations


def _accept(answer: Any, subject: str) -> None:
    if not (isinstance(answer, dict) and answer.get("approve") is True):
        raise FoleyError(
            ErrorCode.NEEDS_REVIEW,
            f"The {subject} was not approved.",
            'Answer {"approve": true}, or edit it by {"operations": […]} or {"asked": "…"}.',
        )
