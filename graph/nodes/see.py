"""see: look at the clip (section 3.2.1)."""

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import Passage
from foley_designer.agents.scribe.timing import is_acting
from foley_designer.core.script.observation import Observation
from foley_designer.core.sounds.model import Action
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.see import TOOL, SeeInput


def see(state: DesignState, bench: Workbench) -> DesignState:
    """Observe the clip and keep what was seen."""
    observation: Observation = bench.tools.call(
        TOOL,
        SeeInput(
            clip=state["clip"],
            rate=bench.settings.frame_rate,
            field_of_view_deg=bench.settings.field_of_view_deg,
            keyframes_dir=str(bench.session.keyframes),
            people=_someone_acts(state, bench),
        ),
    )
    return {
        "observation": bench.put(observation),
        "notes": [note.model_dump(mode="json") for note in observation.notes],
    }


def _someone_acts(state: DesignState, bench: Workbench) -> bool:
    """Whether the words ask for blows or shots that are seen: hands are worth their time then."""
    words = state.get("description")
    if not words:
        return False
    told = calls((Passage(text=words, origin="description"),), bench.team.knowledge)
    return any(is_acting(call) and call.action is not Action.STEPS for call in told)
