"""Who makes each sound: tracks are assigned to calls all at once."""

import math

import numpy as np
from scipy.optimize import linear_sum_assignment

from foley_designer.agents.scribe.calls import SPLIT, Action, Call
from foley_designer.core.observation import Moment, MotionKind, Observation, Track

MAX_MAKERS = 4
"""Makers of a plural, such as ``cars``, that are told apart."""
_WORTH = 0.12
"""Fit from which a track is believed to make a sound."""

_FIT: dict[Action, dict[MotionKind, float]] = {
    Action.STRIKE: {
        MotionKind.STRIKING: 1.0,
        MotionKind.WORKING: 0.8,
        MotionKind.FALLING: 0.6,
        MotionKind.WALKING: 0.3,
        MotionKind.PASSING: 0.3,
        MotionKind.STILL: 0.2,
    },
    Action.STEPS: {
        MotionKind.WALKING: 1.0,
        MotionKind.PASSING: 0.6,
        MotionKind.WORKING: 0.4,
        MotionKind.STRIKING: 0.3,
        MotionKind.STILL: 0.1,
    },
    Action.VOICE: {
        MotionKind.WORKING: 0.8,
        MotionKind.STRIKING: 0.7,
        MotionKind.STILL: 0.6,
        MotionKind.WALKING: 0.6,
        MotionKind.PASSING: 0.4,
        MotionKind.FALLING: 0.4,
    },
    Action.BOUNCE: {
        MotionKind.FALLING: 1.0,
        MotionKind.STRIKING: 0.8,
        MotionKind.PASSING: 0.6,
        MotionKind.WORKING: 0.4,
        MotionKind.WALKING: 0.3,
    },
    Action.FLASH: {MotionKind.FLICKERING: 0.8, MotionKind.STILL: 0.2},
    Action.PASS: {
        MotionKind.PASSING: 1.0,
        MotionKind.WORKING: 0.5,
        MotionKind.STRIKING: 0.4,
        MotionKind.FALLING: 0.4,
        MotionKind.WALKING: 0.4,
        MotionKind.STILL: 0.3,
    },
    Action.MOVE: {
        MotionKind.WORKING: 1.0,
        MotionKind.FLICKERING: 0.8,
        MotionKind.STRIKING: 0.7,
        MotionKind.WALKING: 0.7,
        MotionKind.FALLING: 0.5,
        MotionKind.PASSING: 0.5,
        MotionKind.STILL: 0.4,
    },
    Action.FILL: {},
}


def cast(
    calls: tuple[Call, ...], moments: tuple[tuple[Moment, ...], ...], observation: Observation
) -> tuple[tuple[Track, ...], ...]:
    """The tracks that make each call, best first; empty where none fits.

    Calls of one action compete for tracks and the assignment with the highest total fit wins
    (linear sum assignment); calls of different actions may share a maker, as a dog that runs and
    barks. A plural call then takes further free tracks that fit nearly as well; a singular one
    takes those that are seen at other times, as in another shot.

    Args:
        calls: what the words ask for.
        moments: per call, the moments that its action shows.
        observation: what was seen.
    """
    makers: list[tuple[Track, ...]] = [()] * len(calls)
    for action in Action:
        rivals = [i for i, c in enumerate(calls) if c.action is action and not c.is_off_screen]
        if not rivals or not observation.tracks or not _FIT[action]:
            continue
        fits = np.array(
            [
                [_fit(calls[i], moments[i], t, observation) for t in observation.tracks]
                for i in rivals
            ]
        )
        rows, columns = linear_sum_assignment(fits, maximize=True)
        free = set(range(len(observation.tracks))) - set(columns.tolist())
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            best = fits[row, column]
            if best < _WORTH:
                continue
            near = [t for t in sorted(free, key=lambda t: -fits[row, t]) if fits[row, t] > best / 2]
            taken = _further(calls[rivals[row]], observation.tracks[column], near, observation)
            free -= {observation.tracks.index(track) for track in taken}
            makers[rivals[row]] = taken
    return tuple(makers)


def _further(
    call: Call, first: Track, near: list[int], observation: Observation
) -> tuple[Track, ...]:
    """The first maker and further ones: several at once for a plural, else one after another."""
    taken = [first]
    for index in near if call.action in SPLIT else ():
        track = observation.tracks[index]
        alone = all(track.start_s >= t.end_s or track.end_s <= t.start_s for t in taken)
        if len(taken) < MAX_MAKERS and (call.is_plural or alone):
            taken.append(track)
    return tuple(taken)


def _fit(call: Call, moments: tuple[Moment, ...], track: Track, observation: Observation) -> float:
    """How well a track explains a call, 0..1: its motion, its moments, its size, its name."""
    kind = _FIT[call.action].get(track.kind, 0.05)
    weight = sum(moment.confidence for moment in moments)
    own = sum(moment.confidence for moment in moments if moment.track_id == track.id)
    share = own / weight if weight else 0.5
    fit = (
        kind * (0.4 + 0.6 * share) * (0.5 + 0.5 * track.confidence) * _presence(track, observation)
    )
    named = track.label is not None and track.label.lower() in call.sentence.lower()
    return min(1.0, fit + 0.5 * named)


def _presence(track: Track, observation: Observation) -> float:
    """0.3 for a speck that flits by, 1 for what is large and there all the time."""
    seen = (track.end_s - track.start_s) / observation.clip.duration_s
    area = max(sighting.box.width * sighting.box.height for sighting in track.sightings)
    return 0.3 + 0.4 * math.sqrt(min(1.0, seen)) + 0.3 * math.sqrt(min(1.0, area / 0.1))
