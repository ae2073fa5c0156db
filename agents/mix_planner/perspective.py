"""Perspective: what a shot shows near is heard near, by the direct sound against the room's.

Within one event only, where its shots differ: how far it is as a whole, level and reverberation
follow already. Beds and what has no place stay as they are.
"""

import math
from itertools import groupby
from statistics import median

from foley_designer.core.mix.mix_plan import Framing, MixPlan, TrackPlan
from foley_designer.core.revision.apply_script import PERSPECTIVES
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation, Shot, Track
from foley_designer.core.script.sound_event import SoundEvent, SourceKind

OFF_SCREEN_DB = -2.0
"""Of the direct sound where a shot does not show its source; as what is off screen throughout
(`agents/mix_planner/levels.py`)."""
FARTHEST_DB = 6.0
"""Most that a track's distance in one shot changes its room by."""
_LEAST_DB = 0.5
"""What is changed by less is left alone."""


def framed(plan: MixPlan, script: FoleyScript, observation: Observation) -> MixPlan:
    """The plan with each track's framing.

    A wide shot is smaller and wetter, a close-up nearer and drier: by half of the free-field law,
    3 dB for each doubling of the distance, as levels have it. Where a track is followed its take is
    softer with distance already; the room then keeps half of that. A shot of unknown size changes
    nothing.
    """
    tracks = tuple(
        _framed(track, script.event(track.event_id), observation) for track in plan.tracks
    )
    return plan.model_copy(update={"tracks": tracks})


def _framed(plan: TrackPlan, event: SoundEvent, observation: Observation) -> TrackPlan:
    framing = framings(event, observation)
    if not framing:
        return plan
    told = ", ".join(_told(one) for one in framing[:6])
    reasons = (*plan.reasons, f"perspective: {told}")
    return plan.model_copy(update={"framing": framing, "reasons": reasons})


def framings(event: SoundEvent, observation: Observation) -> tuple[Framing, ...]:
    """Stretches of an event in which shots show it nearer, farther or not; none if all agree."""
    source = event.source
    if source.kind is SourceKind.AROUND or not source.on_screen or not event.diegetic:
        return ()
    shots = [shot for shot in observation.shots if shot.has_film and _sounds_in(event, shot)]
    track = observation.track(source.track_id)
    views = [(shot, _view(shot, track, shots)) for shot in shots]
    if len({view for _, view in views}) < 2:
        return ()
    found = []
    for (direct, room), group in groupby(views, key=lambda one: one[1]):
        members = [shot for shot, _ in group]
        if max(abs(direct), abs(room)) >= _LEAST_DB:
            start, end = members[0].start_s, members[-1].end_s
            found.append(Framing(start_s=start, end_s=end, direct_db=direct, room_db=room))
    return tuple(found)


def _sounds_in(event: SoundEvent, shot: Shot) -> bool:
    return any(shot.start_s <= hit.time_s < shot.end_s for hit in event.hits) or any(
        span.start_s < shot.end_s and span.end_s > shot.start_s for span in event.spans
    )


def _view(shot: Shot, track: Track | None, shots: list[Shot]) -> tuple[float, float]:
    """Gain of the direct sound and of the room in a shot, dB."""
    if track is None:
        factor, _ = PERSPECTIVES[shot.size]
        return round(-10 * math.log10(factor), 1), 0.0
    here = _distances(track, shot)
    if not here:
        return OFF_SCREEN_DB, 0.0
    usual = median(d for one in shots for d in _distances(track, one))
    kept = 10 * math.log10(median(here) / usual)
    return 0.0, round(min(max(kept, -FARTHEST_DB), FARTHEST_DB), 1)


def _distances(track: Track, shot: Shot) -> list[float]:
    return [one.distance_m for one in track.sightings if shot.start_s <= one.time_s < shot.end_s]


def _told(one: Framing) -> str:
    gains = [
        f"{name} {gain:+.1f} dB"
        for name, gain in (("direct", one.direct_db), ("room", one.room_db))
        if gain
    ]
    return f"{one.start_s:.1f} to {one.end_s:.1f} s {' and '.join(gains)}"
