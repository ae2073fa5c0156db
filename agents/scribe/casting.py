"""Who makes each sound: tracks are assigned to calls all at once."""

import math

import numpy as np
from numpy.typing import NDArray

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
        MotionKind.FALLING: 0.4,
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
    """The tracks that make each call, best first; empty if none fits.

    Calls of one action compete for tracks and the assignment with the highest total fit wins
    (linear sum assignment), so that two of a kind are two. A call may take a track that another
    action has, as a man who walks and knocks, at a worse fit; a voice and the movement of cloth
    share a maker freely. A plural call then takes further free tracks that fit nearly as well; any
    call takes those that show its maker in other shots.

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
        actions = [calls[i].action for i in rivals]
        chosen = _assigned(fits, actions)
        taken_by = {action: set[int]() for action in group}
        for row, column in chosen.items():
            taken_by[actions[row]].add(column)
        for row, column in chosen.items():
            call, taken = calls[rivals[row]], taken_by[actions[row]]
            free = set(range(len(observation.tracks))) - taken
            least = _WORTH if call.makers > 1 else fits[row, column] / 2
            near = [t for t in sorted(free, key=lambda t: -fits[row, t]) if fits[row, t] > least]
            found = _further(call, observation.tracks[column], near, observation)
            makers[rivals[row]] = found
            taken |= {observation.tracks.index(track) for track in found}
    return tuple(makers)


def _assigned(fits: NDArray[np.float64], actions: list[Action]) -> dict[int, int]:
    """The track of each call that some track fits, by the highest total fit.

    Within an action no two calls share a track while others fit; a track that several actions
    want is worth less to all but the one that fits it best.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - heavy

    worth = fits.copy()
    chosen: dict[int, int] = {}
    for _ in sorted(set(actions)):
        chosen = {}
        for action in sorted(set(actions)):
            rows = [row for row, other in enumerate(actions) if other is action]
            free = np.where(fits[rows] >= _WORTH, worth[rows], 0.0)
            pairs = zip(*linear_sum_assignment(free, maximize=True), strict=True)
            found = {rows[row]: int(column) for row, column in pairs if free[row, column] > 0}
            for row in rows:  # more calls than makers: they share the best one
                best = int(worth[row].argmax())
                chosen |= {row: found[row]} if row in found else {}
                if row not in found and fits[row, best] >= _WORTH:
                    chosen[row] = best
        worth = fits.copy()
        for column in set(chosen.values()):
            wanting = [row for row, other in chosen.items() if other == column]
            first = actions[max(wanting, key=lambda row: float(fits[row, column]))]
            worth[[row for row, other in enumerate(actions) if other is not first], column] *= (
                _SHARED
            )
    return chosen


def _further(
    call: Call, first: Track, near: list[int], observation: Observation
) -> tuple[Track, ...]:
    """The first maker and further ones: several at once for many, else of other shots."""
    taken = [first]
    most = call.makers if call.makers > 1 else MAX_MAKERS
    for index in near:
        track = observation.tracks[index]
        beside = sum(track.start_s < t.end_s and track.end_s > t.start_s for t in taken)
        elsewhere = not beside and (
            call.action in SPLIT
            or all(_shots(track, observation).isdisjoint(_shots(t, observation)) for t in taken)
        )
        if len(taken) < MAX_MAKERS and (elsewhere or (_are_many(call) and beside < most)):
            taken.append(track)
    return tuple(taken)


def _are_many(call: Call) -> bool:
    """Whether the words speak of several makers at once."""
    return call.is_plural if call.action in SPLIT else call.makers > 1


def _shots(track: Track, observation: Observation) -> set[int]:
    """Indices of the shots that show a track."""
    return {
        shot.index
        for shot in observation.shots
        if track.start_s < shot.end_s and track.end_s >= shot.start_s
    }


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
