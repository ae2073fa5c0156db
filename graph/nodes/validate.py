"""validate: FilmScribe's validator (Eq. 1), and whether the loop ends."""

from typing import Literal

from foley_designer.agents.scenes.agents import SceneValidator
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench, note


def validate(state: DesignState, bench: Workbench) -> DesignState:
    """Review T. When the budget is spent or nothing new came, keep the open points and go on."""
    text = bench.get(StructuredText, state["text"])
    objections = SceneValidator(bench.team.validator).review(bench.get(Brief, state["brief"]), text)
    dumped = [objection.model_dump(mode="json") for objection in objections]
    stuck = dumped == state.get("objections")
    if objections and (stuck or state["scribe_round"] >= bench.settings.scribe_rounds):
        open_points = tuple(objection.text for objection in objections)
        kept = text.model_copy(
            update={"open_points": tuple(dict.fromkeys(text.open_points + open_points))}
        )
        notes = [note("scribe", point, NoteKind.OPEN_POINT) for point in open_points]
        return {"text": bench.put(kept), "objections": [], "notes": notes}
    return {"objections": dumped}


def after_validation(state: DesignState) -> Literal["scribe", "write"]:
    """Back to the scribe while objections stand."""
    return "scribe" if state["objections"] else "write"
