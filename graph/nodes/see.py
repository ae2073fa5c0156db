"""see: look at the clip (section 3.2.1)."""

from foley_designer.core.script.observation import Observation
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.see import TOOL, SeeInput


def see(state: DesignState, bench: Workbench) -> Update:
    """Observe the clip and keep what was seen."""
    observation: Observation = bench.tools.call(
        TOOL,
        SeeInput(
            clip=state["clip"],
            rate=bench.settings.frame_rate,
            field_of_view_deg=bench.settings.field_of_view_deg,
            keyframes_dir=str(bench.session.keyframes),
        ),
    )
    return {
        "observation": bench.put(observation),
        "notes": [note.model_dump(mode="json") for note in observation.notes],
    }
