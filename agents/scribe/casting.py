"""Who makes each sound: tracks are assigned to calls all at once."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from foley_designer.agents.scribe.calls import SPLIT, Call
from foley_designer.core.script.observation import Moment, MotionKind, Observation, Track
from foley_designer.core.sounds.model import Action

MAX_MAKERS = 4
"""Makers of a plural, such as ``cars``, that are told apart."""
_WORTH = 0.12
"""Fit from which a track is believed to make a sound."""

_SHARED = 0.6
"""How well a track fits beside another action that it makes, against alone."""
_GROUPS: tuple[frozenset[Action], ...] = (
    frozenset({Action.STRIKE, Action.STEPS, Action.BOUNCE, Action.PASS}),
    frozenset({Action.VOICE}),
    frozenset({Action.FLASH}),
    frozenset({Action.MOVE}),
)
"""Actions that each take the whole of a maker compete for makers; the others among themselves."""

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
}


def cast(
    calls: tuple[Call, ...], moments: tuple[tuple[Moment, ...], ...], observation: Observation
) -> tuple[tuple[Track, ...], ...]:
    """The tracks that make each call, best first; empty where none fits.

    Calls compete for tracks and the assignment with the highest total fit wins (linear sum
    assignment). Where tracks are scarce a call may take one that another action has, as a man who
    walks and knocks; a voice and the movement of cloth share a maker freely. A plural call then
    takes further free tracks that fit nearly as well; a singular one takes those that are seen at
    other times, as in another shot.

    Args:
        calls: what the words ask for.
        moments: per call, the moments that its action shows.
        observation: what was seen.
    """
    makers: list[tuple[Track, ...]] = [()] * len(calls)
    for group in _GROUPS:
        rivals = [i for i, c in enumerate(calls) if c.action in group and not c.is_off_screen]
        if not rivals or not observation.tracks:
            continue
        fits = np.array(
            [
                [_fit(calls[i], moments[i], t, observation) for t in observation.tracks]
                for i in rivals
            ]
        )
        chosen = _assigned(fits, [calls[i].action for i in rivals])
        taken_by = {action: set[int]() for action in group}
        for row, column in chosen:
            taken_by[calls[rivals[row]].action].add(column)
        for row, column in chosen:
            best = fits[row, column]
            if best < _WORTH:
                continue
            call = calls[rivals[row]]
            taken = taken_by[call.action]
            free = set(range(len(observation.tracks))) - taken
            near = [t for t in sorted(free, key=lambda t: -fits[row, t]) if fits[row, t] > best / 2]
            makers[rivals[row]] = _further(call, observation.tracks[column], near, observation)
            taken |= {observation.tracks.index(track) for track in makers[rivals[row]]}
    return tuple(makers)


def _assigned(fits: NDArray[np.float64], actions: list[Action]) -> list[tuple[int, int]]:
    """Pairs of call and track with the highest total fit.

    Each action has a worse copy of every track, so that calls of different actions can share one.
    """
    kinds = sorted(set(actions))
    copies = np.zeros((len(actions), len(kinds) * fits.shape[1]))
    for row, action in enumerate(actions):
        at = kinds.index(action) * fits.shape[1]
        copies[row, at : at + fits.shape[1]] = _SHARED * fits[row]
    rows, columns = linear_sum_assignment(np.hstack([fits, copies]), maximize=True)
    return [
        (int(row), int(column) % fits.shape[1]) for row, column in zip(rows, columns, strict=True)
    ]


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
