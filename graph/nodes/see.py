"""see: look at the clip (section 3.2.1)."""

from pathlib import Path

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import told
from foley_designer.agents.scribe.timing import needs_limbs
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.observation import Observation
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.screenplay import open_script
from foley_designer.tools.looking import ArraysInput, ClipInput
from foley_designer.tools.shots import TOOL as SHOTS
from foley_designer.tools.track import TOOL as TRACK


def see(state: DesignState, bench: Workbench) -> DesignState:
    """Observe the clip and keep what was seen.

    Raises:
        FoleyError: ``clip_*``; ``clip_not_found`` also if none was named.
    """
    if not state.get("clip"):
        raise FoleyError(
            ErrorCode.CLIP_NOT_FOUND,
            "A design needs a clip.",
            'Start it with {"session": folder, "clip": path}.',
        )
    asked = ClipInput(
        clip=state["clip"],
        rate=bench.settings.frame_rate,
        field_of_view_deg=bench.settings.field_of_view_deg,
        people=_someone_acts(state, bench),
        keyframes_dir=str(bench.session.keyframes),
    )
    shots = bench.tools.call(SHOTS, asked)
    tracks = bench.tools.call(TRACK, ArraysInput(**dict(asked), arrays=str(bench.session.arrays)))
    observation = bench.receive(Observation, tracks.seen or "").model_copy(
        update={"clip": shots.clip, "shots": shots.shots}
    )
    return {
        "observation": bench.put(observation),
        "notes": [note.model_dump(mode="json") for note in observation.notes],
    }


def _someone_acts(state: DesignState, bench: Workbench) -> bool:
    """Whether the words ask for blows or shots that are seen: hands are worth their time then.

    Which scene of a screenplay plays is not known yet, so any scene's words count.
    """
    knowledge = bench.team.knowledge
    texts = [told(state.get("description"), ())]
    if path := state.get("script_path"):
        texts += [told(None, (scene,)) for scene in open_script(Path(path)).screenplay.scenes]
    return any(needs_limbs(call) for text in texts for call in calls(text, knowledge))
