"""cue: trajectories P = (d, θ, c) of every event (Eq. 2-3)."""

from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.trajectory import Cues
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.cues import TOOL, CuesInput


def cue(state: DesignState, bench: Workbench) -> DesignState:
    """Trace the script's events through the picture."""
    request = CuesInput(
        script=bench.get(FoleyScript, state["script"]),
        seen=bench.send(bench.get(Observation, state["observation"])),
        arrays=str(bench.session.arrays),
        angle_model=bench.settings.angle_model,
    )
    cues = bench.receive(Cues, bench.tools.call(TOOL, request).cues)
    return {"cues": bench.put(cues), "attempt": 0}
