"""upmix: 5.1 after ITU-R BS.775 (section 3.3, Eq. 8)."""

from foley_designer.core.mix_plan import MixPlan
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.upmix import TOOL, UpmixInput, UpmixOutput


def upmix(state: DesignState, bench: Workbench) -> Update:
    """Make the 5.1 file from the stereo master."""
    plan = bench.get(MixPlan, state["plan"])
    surround: UpmixOutput = bench.tools.call(
        TOOL,
        UpmixInput(
            stereo=state["mix"]["file"],
            out=str(bench.session.root / "mix_5_1.wav"),
            road=plan.surround,
            lfe_gain_db=plan.lfe_gain_db,
        ),
    )
    return {"surround": surround.model_dump(mode="json")}
