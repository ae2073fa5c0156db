"""upmix: 5.1 after ITU-R BS.775 (section 3.3, Eq. 8)."""

from foley_designer.core.mix.mix_plan import LOUDNESS, MixPlan, SurroundMethod
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.trajectory import Cues
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.upmix import TOOL, PlacedStem, UpmixInput, UpmixOutput


def upmix(state: DesignState, bench: Workbench) -> DesignState:
    """Make the 5.1 file by the plan's road."""
    plan = bench.get(MixPlan, state["plan"])
    surround: UpmixOutput = bench.tools.call(
        TOOL,
        UpmixInput(
            stereo=state["mix"]["file"],
            out=str(bench.session.root / "mix_5_1.wav"),
            road=plan.surround,
            lfe_gain_db=plan.lfe_gain_db,
            ceiling_dbtp=LOUDNESS[plan.target][1],
            stems=_placed(state, bench) if plan.surround is SurroundMethod.OBJECTS else (),
        ),
    )
    return {"surround": surround.model_dump(mode="json")}


def _placed(state: DesignState, bench: Workbench) -> tuple[PlacedStem, ...]:
    """Every stem with its trajectory, at the level that it has in the master."""
    script = bench.get(FoleyScript, state["script"])
    cues = bench.get(Cues, state["cues"])
    master_db = state["mix"]["master_gain_db"]
    return tuple(
        PlacedStem(
            file=state["stems"][event.id]["file"],
            gain_db=state["stems"][event.id]["gain_db"] + master_db,
            trajectory=cues.of(event.id),
        )
        for event in script.events
        if event.id not in script.silenced
    )
