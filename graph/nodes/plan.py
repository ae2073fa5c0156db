"""plan: the mixing planner decides O_i and the faders (section 3.3)."""

from foley_designer.agents.mix_planner.perspective import framed
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.graph.nodes.diagnose import measure_takes
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench


def plan(state: DesignState, bench: Workbench) -> DesignState:
    """Plan, then measure masking again at the planned faders for the specialists."""
    script = bench.get(FoleyScript, state["script"])
    measured = bench.get(Diagnosis, state["diagnosis"])
    seen = bench.get(Observation, state["observation"])
    plan = framed(bench.team.planner.plan(script, measured), script, seen)
    faders = {track.event_id: track.gain_db for track in plan.tracks}
    balanced = measure_takes(state, bench, faders, measured.tracks)
    return {
        "plan": bench.put(plan),
        "diagnosis": bench.put(balanced),
        "conference": 0,
        "mix_round": 0,
        "notes": [note.model_dump(mode="json") for note in plan.notes],
    }
