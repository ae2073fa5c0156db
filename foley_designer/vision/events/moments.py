"""Moments: contacts, steps, beginnings and flashes of one shot, told in one form."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import Moment, MomentKind, MotionKind, Track
from foley_designer.vision.events.impacts import Contact, Gait
from foley_designer.vision.events.movement_onsets import Burst, beginnings, flashes
from foley_designer.vision.events.spotting import CONFIDENT, SECOND_READING
from foley_designer.vision.evidence.onsets import Onset
from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.motion.motion_signal import MotionSignal
from foley_designer.vision.tracking.tracklet import Tracklet
from foley_designer.vision.video.frame_statistics import FrameStatistics
from foley_designer.vision.video.shots import Stretch

APPROACH_S = 0.12
"""How long before a contact its approach is looked at."""


class Source(NamedTuple):
    """One source, and how it may be heard."""

    track: Track
    tracklet: Tracklet
    contacts: list[Contact]
    gait: Gait
    shots: frozenset[int]
    """Indices of the shots that it is seen in."""
    series: MotionSignal
    """How it moves."""


def strokes(sources: list[Source]) -> list[Moment]:
    """Contacts and steps of all sources, without ids; `numbered` finishes them.

    Every source is read twice, as something that strikes and as someone who walks. What it looks
    like decides which reading is believed; whoever knows the action can choose the other.
    """
    return [
        moment
        for source in sources
        for moment in _of_source(
            source, _weight(source, [one for one in sources if one.shots & source.shots])
        )
    ]


def bursts_of(
    motions: list[FrameMotion],
    looks: list[FrameStatistics],
    repeated: NDArray[np.bool_],
    stretch: Stretch,
    main: Source | None,
) -> list[Moment]:
    """Beginnings and flashes of one shot, without ids; ``main`` is its largest source."""
    found = []
    for burst in beginnings(motions, repeated, stretch.first, stretch.last):
        place = _place(main.tracklet, burst.time_s) if main else (0.5, 0.5)
        name = main.track.id if main else None
        found.append(_of_burst(burst, MomentKind.APPEARANCE, name, place))
    part = slice(stretch.first, stretch.last)
    glare = np.array([look.glare for look in looks[part]])
    times = np.array([motion.time_s for motion in motions[part]])
    for flash in flashes(glare, times):
        found.append(_of_burst(flash, MomentKind.FLASH, None, (0.5, 0.5)))
    return found


def impacts_of(onsets: Sequence[Onset], sources: Sequence[Source], least: float) -> list[Moment]:
    """The onset model's peaks, without ids; what stands out by ``least`` is just `CONFIDENT`."""
    return [
        Moment(
            id="new",
            time_s=one.time_s,
            kind=MomentKind.IMPACT,
            confidence=min(1.0, CONFIDENT * one.standing_out / least),
            strength=_share(one.strength),
            track_id=_maker(one, sources),
            x=one.place[0],
            y=one.place[1],
            evidence=one.evidence,
        )
        for one in onsets
    ]


def _maker(onset: Onset, sources: Sequence[Source]) -> str | None:
    """The smallest source that is there at that time, if one is."""
    there = []
    for source in sources:
        sightings = source.track.sightings
        near = min(sightings, key=lambda one: abs(one.time_s - onset.time_s))
        box = near.box
        inside = (
            abs(near.time_s - onset.time_s) <= APPROACH_S
            and abs(onset.place[0] - box.x) <= box.width / 2
            and abs(onset.place[1] - box.y) <= box.height / 2
        )
        if inside:
            there.append((box.width * box.height, source.track.id))
    return min(there)[1] if there else None


def numbered(moments: list[Moment]) -> tuple[Moment, ...]:
    """In time order, with ids, strengths relative to the clip's hardest of their kind."""
    hardest: dict[MomentKind, float] = {}
    for moment in moments:
        hardest[moment.kind] = max(hardest.get(moment.kind, 1e-9), moment.strength)
    ordered = sorted(moments, key=lambda one: (one.time_s, one.kind, one.track_id or ""))
    return tuple(
        moment.model_copy(
            update={"id": f"m{index + 1}", "strength": moment.strength / hardest[moment.kind]}
        )
        for index, moment in enumerate(ordered)
    )


def _weight(source: Source, sources: list[Source]) -> float:
    """How far a source's contacts count beside those of its shot's strongest and largest source.

    Half of the strength and of the movement counts in full; leaves in the wind do not. What falls
    and bounces by gravity is no leaf, however small.
    """
    if source.track.kind is MotionKind.FALLING:
        return 1.0

    def strongest(one: Source) -> float:
        return max((contact.strength for contact in one.contacts), default=0.0)

    hardest = max(strongest(one) for one in sources)
    largest = max(one.tracklet.energy for one in sources)
    share = min(strongest(source) / (hardest + 1e-12), source.tracklet.energy / (largest + 1e-12))
    return float(min(1.0, 1.5 * share**0.5))


def _of_source(source: Source, weight: float) -> list[Moment]:
    walks = source.track.kind is MotionKind.WALKING
    rolls = source.track.kind is MotionKind.PASSING
    belief = weight * (SECOND_READING if walks or rolls else 1.0)
    found = [_of_contact(one, MomentKind.CONTACT, source, belief) for one in source.contacts]
    belief = 1.0 if walks else SECOND_READING
    found += [_of_contact(one, MomentKind.STEP, source, belief) for one in source.gait.steps]
    return found


def _of_contact(contact: Contact, kind: MomentKind, source: Source, belief: float) -> Moment:
    x, y = _place(source.tracklet, contact.time_s)
    return Moment(
        id="new",
        time_s=contact.time_s,
        kind=kind,
        confidence=belief * contact.confidence,
        strength=_share(contact.strength),
        track_id=source.track.id,
        x=x,
        y=y,
        predicted=contact.predicted,
    )


def _of_burst(
    burst: Burst, kind: MomentKind, track_id: str | None, place: tuple[float, float]
) -> Moment:
    return Moment(
        id="new",
        time_s=burst.time_s,
        kind=kind,
        confidence=burst.confidence,
        strength=_share(burst.strength),
        track_id=track_id,
        x=place[0],
        y=place[1],
    )


def _share(strength: float) -> float:
    """Any strength ≥ 0 as a share, for `numbered` to relate to the hardest."""
    return min(1.0, strength / 1e4)


def _place(tracklet: Tracklet, time_s: float) -> tuple[float, float]:
    """Where the fastest part of a source is when it moves most, just before an instant."""
    first = int(np.searchsorted(tracklet.times_s, time_s - APPROACH_S))
    last = int(np.searchsorted(tracklet.times_s, time_s + 0.02, "right"))
    near = tracklet.regions[max(0, min(first, last - 1)) : max(last, 1)]
    region = max(near, key=lambda one: float(one.flow.sum()))
    return region.tip_x, region.tip_y
