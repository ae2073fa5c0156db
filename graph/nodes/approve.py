"""approve: stop and let a person or an assistant see the script or the mix before going on."""

from typing import Any

from langgraph.types import interrupt

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision.apply import apply as edited_by
from foley_designer.core.revision.apply import operations_given
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench


def approve_script(state: DesignState, bench: Workbench) -> DesignState:
    """Ask about the script where the run was told to.

    The answer is ``{"approve": true}``, ``{"script": {…}}`` with an edited Foley script, or
    ``{"operations": […]}`` that edit it, as a revision's do.

    Raises:
        FoleyError: ``needs_review`` if the script was refused; ``revision_invalid`` if an
            operation is none, or can't be applied.
    """
    if "script" not in state.get("approve", []):
        return {}
    script = bench.get(FoleyScript, state["script"])
    answer: Any = interrupt({"approve": "script", "script": script.model_dump(mode="json")})
    if isinstance(answer, dict) and isinstance(answer.get("script"), dict):
        edited = FoleyScript.model_validate(answer["script"])
        return {"script": bench.put(edited)}
    if isinstance(answer, dict) and answer.get("operations"):
        return {"script": bench.put(edited_by(script, operations_given(answer["operations"])))}
    _accept(answer, "script")
    return {}


def approve_mix(state: DesignState, bench: Workbench) -> DesignState:  # noqa: ARG001
    """Ask about the mix where the run was told to; raises as `approve_script` does."""
    if "mix" in state.get("approve", []):
        _accept(interrupt({"approve": "mix", "mix": state["mix"]}), "mix")
    return {}


def _accept(answer: Any, subject: str) -> None:
    if not (isinstance(answer, dict) and answer.get("approve") is True):
        raise FoleyError(
            ErrorCode.NEEDS_REVIEW,
            f"The {subject} was not approved.",
            'Answer {"approve": true}, or change the brief and design again.',
        )
