"""cue: trajectories P = (d, θ, c) of every event (Eq. 2-3)."""

from foley_designer.core.documents import Ref
from foley_designer.core.mix.treatment import Treatment
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Cues
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.cues import TOOL, CuesInput


def cue(state: DesignState, bench: Workbench) -> DesignState:
    """Trace the script's events through the picture; where none moved, they stay traced."""
    if (known := _still(state, bench)) is not None:
        return {"cues": known, "attempt": 0}
    request = CuesInput(
        script=bench.get(FoleyScript, state["script"]),
        seen=bench.send(bench.get(Observation, state["observation"])),
        arrays=str(bench.session.arrays),
        angle_model=bench.settings.angle_model,
    )
    cues = bench.receive(Cues, bench.tools.call(TOOL, request).cues)
    return {"cues": bench.put(cues), "attempt": 0}


def _still(state: DesignState, bench: Workbench) -> Ref[Cues] | None:
    """The cues of the revision that is changed, if only levels and treatments are; else None."""
    if not (base := state.get("base")) or "cues" not in state:
        return None
    before = bench.get(FoleyScript, bench.session.documents_of(base)["script"])
    after = bench.get(FoleyScript, state["script"])
    if [*map(_placed, before.events)] != [*map(_placed, after.events)]:
        return None
    return state["cues"]


def _placed(event: SoundEvent) -> SoundEvent:
    """An event without what says how loud and how treated it is, and nothing of where and when."""
    return event.model_copy(
        update={
            "hits": tuple(hit.model_copy(update={"gain_db": 0.0}) for hit in event.hits),
            "gain_db": 0.0,
            "reverb_db": 0.0,
            "treatment": Treatment(),
            "muted": False,
            "soloed": False,
            "locked": False,
        }
    )
