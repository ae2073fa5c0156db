"""scribe: FilmScribe's generator (Eq. 1)."""

from foley_designer.agents.interfaces import Objection
from foley_designer.agents.scenes.agents import SceneScribe
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench


def scribe(state: DesignState, bench: Workbench) -> DesignState:
    """Propose T, or mend what the validator objected to."""
    previous = bench.get(StructuredText, state["text"]) if "text" in state else None
    feedback = tuple(Objection.model_validate(item) for item in state.get("objections", []))
    text = SceneScribe(bench.team.scribe).propose(
        bench.get(Brief, state["brief"]), previous, feedback
    )
    update: DesignState = {
        "text": bench.put(text),
        "scribe_round": state.get("scribe_round", 0) + 1,
    }
    if previous is None:
        update["notes"] = [one.model_dump(mode="json") for one in bench.team.allowance()]
    return update
