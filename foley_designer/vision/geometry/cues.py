"""Cues: the trajectory P = (d, θ, c) of each event of a script (paper, Eq. 2-3)."""

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.clip import Clip
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import MotionKind, Observation, Sighting, Track
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.vision.geometry.angles import azimuth_model, pinhole_azimuth
from foley_designer.vision.tracking.sources import WHOLE

Floats = NDArray[np.float64]

HIT_TAIL_S = 0.06
"""A hit is active in its frame and for this long."""
LANDING_S = 0.07
"""How far from a hit in time a tool's end is looked for."""
SWINGS = 1.4
"""How much more than the other one a lever's free end wanders."""
SMOOTHING_S = 0.12
DEFAULT_DISTANCE_M = 3.0
MOVES_ON_S = 1.5
"""How long a source goes on at its last speed once it has left the frame."""
FEWEST, MOST = 4, 200
"""Values from which a drift is told, and of which it is read at most."""
EDGE = 0.06
"""A source whose box ends within this of a side edge has left, or enters, there."""

TRAVELLERS = (MotionKind.PASSING, MotionKind.WALKING)
"""Kinds that move on as a whole."""


def trace(script: FoleyScript, observation: Observation, angle_model: str = "pinhole") -> Cues:
    """The trajectory of every event, at the clip's nominal rate.

    Args:
        script: the events; their tracks must be among the observation's.
        observation: what was seen.
        angle_model: ``pinhole``, or ``paper`` for the literal Eq. 2.

    Raises:
        FoleyError: ``option_invalid`` for another angle model.
    """
    return Cues(
        trajectories=tuple(_trajectory(event, observation, angle_model) for event in script.events)
    )


def _trajectory(event: SoundEvent, observation: Observation, angle_model: str) -> Trajectory:
    clip, source = observation.clip, event.source
    count = clip.frame_count
    track = observation.track(source.track_id) if source.kind is SourceKind.TRACK else None
    extent, confidence = 0.0, event.confidence
    if track is not None:
        azimuth, distance, extent = _follow(track, event, observation, angle_model)
        azimuth = azimuth + source.azimuth_deg
        confidence *= track.confidence
    else:
        azimuth = np.full(count, source.azimuth_deg)
        distance = np.full(count, source.distance_m or DEFAULT_DISTANCE_M)
    if source.kind is SourceKind.AROUND:
        azimuth, extent = np.zeros(count), 360.0
    active = _active(event, clip)
    if source.distance_m is not None and track is not None:  # said of where it sounds
        heard = distance[active] if active.any() else distance
        distance = distance * (source.distance_m / float(np.median(heard)))
    distance = distance * source.distance_factor
    azimuth = azimuth + _asides(event, clip)
    return Trajectory(
        event_id=event.id,
        rate=clip.rate,
        azimuth_deg=tuple(np.clip(azimuth, -180, 180).tolist()),
        distance_m=tuple(distance.tolist()),
        active=tuple(active.tolist()),
        extent_deg=extent,
        confidence=min(1.0, confidence),
    )


def _asides(event: SoundEvent, clip: Clip) -> Floats:
    """Degrees a frame by which single hits lie off their source, each until the next hit."""
    asides = np.zeros(clip.frame_count)
    for hit in event.hits:
        asides[max(clip.frame_at(hit.time_s) - 1, 0) :] = hit.azimuth_deg
    return asides


def _active(event: SoundEvent, clip: Clip) -> NDArray[np.bool_]:
    """c_t: frames in which the event sounds."""
    active = np.zeros(clip.frame_count, np.bool_)
    for hit in event.hits:
        active[clip.frame_at(hit.time_s) : clip.frame_at(hit.time_s + HIT_TAIL_S) + 1] = True
    for span in event.spans:
        first = clip.frame_at(span.start_s)
        active[first : max(first, clip.frame_at(span.end_s - 1e-6)) + 1] = True
    return active


def _follow(
    track: Track, event: SoundEvent, observation: Observation, angle_model: str
) -> tuple[Floats, Floats, float]:
    """Azimuth and distance a frame, and the track's apparent width in degrees."""
    clip, view = observation.clip, observation.field_of_view_deg
    grid: Floats = np.arange(clip.frame_count, dtype=np.float64) * clip.frame_s
    to_azimuth = azimuth_model(angle_model, view, clip.width)
    times = np.array([one.time_s for one in track.sightings])
    width = float(np.median([one.box.width for one in track.sightings]))
    distance = np.interp(grid, times, [one.distance_m for one in track.sightings])
    struck = _struck(track, event, observation)
    x = _places(
        _placed(track), struck, grid, clip.frame_s, [one.start_s for one in observation.shots[1:]]
    )
    azimuth = np.array([to_azimuth(p, d) for p, d in zip(x, distance, strict=True)])
    return azimuth, _beyond(distance, x, view), _span_deg(width, view)


def _placed(track: Track) -> Track:
    """The track without sightings that fill the frame, unless it has no others."""
    told = tuple(one for one in track.sightings if min(one.box.width, one.box.height) < WHOLE)
    return track.model_copy(update={"sightings": told}) if told else track


def _beyond(distance: Floats, x: Floats, view: float) -> Floats:
    """Distances where a source that left by the side goes on along a straight line."""
    bearing, edge = (
        np.radians([pinhole_azimuth(place, view) for place in places])
        for places in (x, np.clip(x, 0, 1))
    )
    return np.asarray(distance * np.cos(edge) / np.maximum(np.cos(bearing), 0.05))


def _span_deg(width: float, view: float) -> float:
    half = np.tan(np.radians(view / 2))
    return 2 * float(np.degrees(np.arctan(width * half)))


def _struck(track: Track, event: SoundEvent, observation: Observation) -> Floats:
    """Times and horizontal places of the blows of a tool, ``[blows, 2]``; none of what else is."""
    ids = {hit.moment_id for hit in event.hits}
    struck = [one for one in observation.moments if one.id in ids]
    struck = struck or [one for one in observation.moments if one.track_id == track.id]
    if track.kind is not MotionKind.STRIKING or not event.hits:
        struck = []
    return np.array([(one.time_s, one.x) for one in struck]).reshape(-1, 2)


def _places(
    track: Track, struck: Floats, grid: Floats, frame_s: float, cuts_s: list[float]
) -> Floats:
    """Horizontal place a frame; at a cut the source is where the new shot shows it.

    A shot that does not show it leaves it where it is taken to have gone.
    """
    bounds = np.array([-np.inf, *(cut - frame_s / 2 for cut in cuts_s), np.inf])
    seen = np.searchsorted(bounds, [one.time_s for one in track.sightings], "right") - 1
    pieces = sorted(set(seen.tolist()))
    places = np.empty_like(grid)
    for at, shot in enumerate(pieces):
        part = [one for one, place in zip(track.sightings, seen, strict=True) if place == shot]
        first = bounds[shot] if at else -np.inf
        last = bounds[pieces[at + 1]] if at + 1 < len(pieces) else np.inf
        inside = (grid >= first) & (grid < last)
        blows = struck[(struck[:, 0] >= first) & (struck[:, 0] < last)]
        places[inside] = (
            _blow_places(part, blows, grid[inside])
            if len(blows)
            else _places_in_shot(part, track.kind, grid[inside], frame_s)
        )
    return places


def _blow_places(sightings: Sequence[Sighting], blows: Floats, grid: Floats) -> Floats:
    """Where a tool hits while its arm sweeps: its free end as it lands, else its moments."""
    ends = _free_end(sightings, blows[:, 0])
    found = blows if ends is None else ends
    return _drifting(found[:, 0], found[:, 1], grid)


def _free_end(sightings: Sequence[Sighting], hits_s: Floats) -> Floats | None:
    """Times of hits, and how far the side of the source that swings reaches before each.

    One end of a lever hardly moves, but for the camera's slow way, so the other end's edge wanders
    much more. None if neither does.
    """
    times = np.array([one.time_s for one in sightings])
    boxes = [one.box for one in sightings]
    left = np.array([box.x - box.width / 2 for box in boxes])
    right = np.array([box.x + box.width / 2 for box in boxes])
    wander = [edge - _drifting(times, edge, times) for edge in (left, right)]
    spreads = [float(np.ptp(np.percentile(edge, (20, 80)))) for edge in wander]
    if max(spreads) <= SWINGS * min(spreads):
        return None
    edge = left if spreads[0] > spreads[1] else right
    near = [(times > hit - LANDING_S) & (times < hit + LANDING_S) for hit in hits_s]
    found = [
        (hit, np.median(edge[mask])) for hit, mask in zip(hits_s, near, strict=True) if mask.any()
    ]
    return np.array(found) if found else None


def _drifting(times_s: Floats, values: Floats, grid_s: Floats) -> Floats:
    """What stays, or drifts steadily: a robust line (Theil-Sen), from a few values up.

    A drift is believed only if its confidence interval (Sen 1968, 95 %) leaves out standing still.
    """
    still = np.full(len(grid_s), float(np.median(values)))
    if len(values) < FEWEST:
        return still
    some = np.unique(np.linspace(0, len(values) - 1, MOST).astype(int))
    slope, offset, low, high = scipy.stats.theilslopes(values[some], times_s[some])
    return np.asarray(offset + slope * grid_s) if low * high > 0 else still


def _places_in_shot(
    sightings: Sequence[Sighting], kind: MotionKind, grid: Floats, frame_s: float
) -> Floats:
    """Places in one shot: interpolated, smoothed, going on plausibly outside the frame."""
    times = np.array([one.time_s for one in sightings])
    x = _centres(sightings, kind)
    places = np.interp(grid, times, x)
    if _stays(sightings, kind):
        return np.full(len(grid), float(np.median(x)))
    inside = (grid >= times[0]) & (grid <= times[-1])
    if inside.sum() >= 5:
        places[inside] = scipy.ndimage.gaussian_filter1d(
            places[inside], SMOOTHING_S / frame_s, mode="nearest"
        )
    for end, side in ((0, -1), (-1, 1)):
        speed = _leaving_speed(sightings, kind, x, end)
        beyond = grid < times[0] if side < 0 else grid > times[-1]
        elapsed = np.minimum(np.abs(grid[beyond] - times[end]), MOVES_ON_S)
        places[beyond] = x[end] + side * speed * elapsed
    return np.asarray(places)


def _stays(sightings: Sequence[Sighting], kind: MotionKind) -> bool:
    """Whether what moves stays where it is: it never gets as far as it is wide.

    An arm that works sweeps its box to and fro; what it does sounds at one place.
    """
    if kind in TRAVELLERS or kind is MotionKind.FALLING:
        return False
    x = np.array([one.box.x for one in sightings])
    width = float(np.median([one.box.width for one in sightings]))
    return float(np.ptp(np.percentile(x, (5, 95)))) < width


def _centres(sightings: Sequence[Sighting], kind: MotionKind) -> Floats:
    """Centres of the whole source, though the frame's edge or a flat flank hides a part of it.

    Where a box is narrower than usual one of its edges is believed, with the usual width: the one
    that lets the source move most steadily.
    """
    boxes = [one.box for one in sightings]
    x, width = np.array([box.x for box in boxes]), np.array([box.width for box in boxes])
    usual = float(np.percentile(width, 85))
    short = width < 0.9 * usual
    if usual > 0.6 or kind not in TRAVELLERS:
        return x
    left, right = x - width / 2, x + width / 2
    candidates = np.where(short, np.stack([left + usual / 2, right - usual / 2, x]), x)
    seconds = np.diff([one.time_s for one in sightings])
    speeds = np.median(np.stack([np.diff(left), np.diff(right)]) / seconds, axis=0)
    expected = scipy.ndimage.median_filter(speeds, 9, mode="nearest") * seconds
    return _steadiest(candidates, expected)


def _steadiest(candidates: Floats, expected: Floats) -> Floats:
    """The path through ``[choices, times]`` whose steps stray least from the expected ones."""
    choices, count = candidates.shape
    cost, came = np.zeros(choices), np.zeros((count, choices), np.int64)
    for at in range(1, count):
        steps = candidates[:, at][None, :] - candidates[:, at - 1][:, None]
        total = cost[:, None] + np.abs(steps - expected[at - 1])
        came[at] = total.argmin(0)
        cost = total.min(0)
    path = [int(cost.argmin())]
    for at in range(count - 1, 0, -1):
        path.append(int(came[at, path[-1]]))
    return np.asarray(candidates[path[::-1], np.arange(count)])


def _leaving_speed(sightings: Sequence[Sighting], kind: MotionKind, x: Floats, end: int) -> float:
    """Frame widths a second at which a source enters (end 0) or leaves (-1) by a side edge."""
    box = sightings[end].box
    at_edge = box.x - box.width / 2 < EDGE or box.x + box.width / 2 > 1 - EDGE
    if not at_edge or kind not in TRAVELLERS:
        return 0.0
    near = [
        index
        for index, one in enumerate(sightings)
        if abs(one.time_s - sightings[end].time_s) <= 0.6
    ]
    if len(near) < 3:
        return 0.0
    times = [sightings[index].time_s for index in near]
    return float(np.polyfit(times, x[near], 1)[0])
