"""The path of an item's source, frame by frame, and when it is active."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.timecode import frame_at
from foley_designer.filmstereo.plan import Placing
from foley_designer.vision.geometry.cues import HIT_TAIL_S


def trajectory_of(key: str, placing: Placing, event: SoundEvent, rate: Fraction) -> Trajectory:
    """Azimuth and distance from where it sets off to where it arrives, eased at both ends.

    Args:
        key: the item's, which takes the place of an event's id.
        placing: both ends, and when it sets off and arrives.
        event: when it sounds.
        rate: frames a second.
    """
    frames = max(1, round(placing.seconds * float(rate)))
    start, end = placing.move_s
    times = np.arange(frames) / float(rate)
    way = np.clip((times - start) / max(end - start, 1e-6), 0.0, 1.0)
    eased = way * way * (3.0 - 2.0 * way)
    azimuth, distance = (
        first + (last - first) * eased for first, last in (placing.azimuth_deg, placing.distance_m)
    )
    return Trajectory(
        event_id=key,
        rate=rate,
        azimuth_deg=tuple(np.round(azimuth, 3).tolist()),
        distance_m=tuple(np.round(distance, 4).tolist()),
        active=tuple(active_frames(event, frames, rate).tolist()),
        extent_deg=360.0 if placing.around else 0.0,
    )


def active_frames(event: SoundEvent, frames: int, rate: Fraction) -> NDArray[np.bool_]:
    """Frames in which an event sounds, as the cues of a design have it."""
    active = np.zeros(frames, np.bool_)
    for hit in event.hits:
        active[frame_at(hit.time_s, rate) : frame_at(hit.time_s + HIT_TAIL_S, rate) + 1] = True
    for span in event.spans:
        first = frame_at(span.start_s, rate)
        active[first : max(first, frame_at(span.end_s - 1e-6, rate)) + 1] = True
    return active
