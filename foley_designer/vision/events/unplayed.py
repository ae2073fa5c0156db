"""Moments that were seen and play nothing, and why: none is left out in silence."""

from typing import NamedTuple

from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Moment, Observation
from foley_designer.core.script.spotting_apply import SAME_S
from foley_designer.vision.events.spotting import CONFIDENT
from foley_designer.vision.tracking.candidates import candidates, nearest_s

NEAR_S = 0.2
"""A moment nearer than this to a hit that plays is taken for the same movement."""


class Unplayed(NamedTuple):
    """A moment without a hit."""

    moment: Moment
    reason: str


def unplayed(script: FoleyScript, observation: Observation) -> tuple[Unplayed, ...]:
    """Every moment above noise, one for each instant, at which no hit of the script plays.

    Args:
        script: what plays.
        observation: what was seen, all moments with their confidence.

    Returns:
        Moments in time order, each with the reason in a few words.
    """
    seen = {moment.id: moment for moment in observation.moments}
    players = {
        (seen[hit.moment_id].track_id, seen[hit.moment_id].kind): event.label
        for event in script.events
        for hit in event.hits
        if hit.moment_id in seen
    }
    played = {hit.moment_id for event in script.events for hit in event.hits}
    hits_s = sorted(hit.time_s for event in script.events for hit in event.hits)
    found = []
    for moment in candidates(observation, len(observation.moments)):
        apart_s = nearest_s(hits_s, moment.time_s)
        if moment.id not in played and apart_s > SAME_S:
            label = players.get((moment.track_id, moment.kind))
            found.append(Unplayed(moment, _reason(moment, apart_s, label)))
    return tuple(found)


def _reason(moment: Moment, apart_s: float, label: str | None) -> str:
    """Why it plays nothing; ``label`` is what moments like it play."""
    if apart_s < NEAR_S:
        return f"{1000 * apart_s:.0f} ms from a hit that plays"
    if moment.confidence < CONFIDENT:
        return "weak"
    return f"out of the rhythm of {label}" if label else "no sound of the script is made by it"
