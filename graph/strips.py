"""Strips of moments in a session's keyframes, drawn once."""

from collections.abc import Sequence

from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.spotting import Spotting, strip_name
from foley_designer.export.report.cue_sheet import DOUBTFUL
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.strips import TOOL, StripsInput

FOLDER = "strips"
MOST_DOUBTFUL = 6
"""Doubtful hits that the report shows."""


def draw_strips(
    state: DesignState, bench: Workbench, observation: Observation, moments: Sequence[str]
) -> dict[str, str]:
    """Strips of these moments; names relative to the keyframes' folder by moment.

    What was drawn before is taken again.
    """
    folder = f"{FOLDER}/{observation.clip.sha256[:8]}"
    place = bench.session.keyframes / folder
    wanted = {one.id: strip_name(one) for one in observation.moments if one.id in moments}
    missing = tuple(one for one, name in wanted.items() if not (place / name).is_file())
    if missing:
        request = StripsInput(
            clip=state["clip"], observation=observation, moments=missing, folder=str(place)
        )
        bench.tools.call(TOOL, request)
    return {moment: f"{folder}/{wanted[moment]}" for moment in moments if moment in wanted}


def doubtful_moments(script: FoleyScript, spotting: Spotting | None) -> tuple[str, ...]:
    """Moments of the most doubtful hits that nobody has judged."""
    judged = {spot.moment_id for spot in spotting.said} if spotting else set()
    doubts = {
        hit.moment_id: min(event.confidence, hit.confidence)
        for event in script.events
        for hit in event.hits
        if hit.moment_id and hit.moment_id not in judged
    }
    worst = sorted((doubt, name) for name, doubt in doubts.items() if doubt < DOUBTFUL)
    return tuple(name for _, name in worst[:MOST_DOUBTFUL])
