"""Strips of moments in a session's keyframes, drawn once."""

from collections.abc import Sequence
from pathlib import Path

from foley_designer.core.documents import content_hash
from foley_designer.core.files import write_bytes
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.search_log import SearchLog
from foley_designer.core.script.spotting import Spotting, strip_name
from foley_designer.export.report.cue_sheet import DOUBTFUL
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.strips import TOOL, StripsInput

FOLDER = "strips"
AGAINST = "against"
AGAINST_PX = 1024
"""Pixels of the longer side of what is shown against a candidate: three frames a row."""
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
            clip=state["clip"], seen=bench.send(observation), moments=missing, folder=str(place)
        )
        bench.tools.call(TOOL, request)
    return {moment: f"{folder}/{wanted[moment]}" for moment in moments if moment in wanted}


def draw_against(
    state: DesignState, bench: Workbench, observation: Observation, log: SearchLog
) -> dict[str, str]:
    """Frames of what speaks against each candidate; names relative to the keyframes by node.

    What was drawn before is taken again.
    """
    nodes = [node for node in log.nodes if node.against_s]
    clip = Path(state["clip"])
    if not nodes or not clip.is_file():
        return {}
    seen = content_hash(observation.clip, *observation.tracks)
    drawn = {
        node.against_s: f"{AGAINST}/{content_hash(seen, list(node.against_s))[:12]}.jpg"
        for node in nodes
    }
    place = bench.session.keyframes
    missing = {times_s: name for times_s, name in drawn.items() if not (place / name).is_file()}
    if missing:
        _draw(missing, clip, observation, place)
    return {node.id: drawn[node.against_s] for node in nodes}


def _draw(
    missing: dict[tuple[float, ...], str], clip: Path, observation: Observation, place: Path
) -> None:
    """Write frames of these times under these names."""
    from foley_designer.vision.video.decode import FrameReader  # noqa: PLC0415 - loads PyAV
    from foley_designer.vision.video.sheets import look  # noqa: PLC0415 - loads OpenCV

    (place / AGAINST).mkdir(parents=True, exist_ok=True)
    size = (observation.clip.width, observation.clip.height)
    with FrameReader(clip, AGAINST_PX // 3, observation.clip.rate) as reader:
        for times_s, name in missing.items():
            sheet = look(reader, observation.tracks, times_s, size=size, side=AGAINST_PX)
            write_bytes(place / name, sheet.jpeg)


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
