"""When and where a stated sound is: the teller's times and sides, held to what was measured."""

from collections.abc import Iterable, Sequence

from foley_designer.agents.llm.ground import Ground
from foley_designer.core.script.observation import Moment, MomentKind
from foley_designer.core.script.sound_event import Hit, Source, SourceKind, Span
from foley_designer.core.sounds.model import Action
from foley_designer.vision.geometry.angles import pinhole_azimuth

SNAP_S = 0.12
"""How far a stated time may lie from the moment that it means, where the teller says nothing of it:
half a step between the frames of a contact sheet."""
MOST_SNAP_S = 0.5
"""A tolerance counts up to this: beyond, the next blow would be nearer."""
FAIR = 0.4
"""Confidence from which a moment is more than noise, as for the rules (`scribe.timing.SURE`)."""
SHORTEST_SPAN_S = 0.1
FITTING = {
    Action.STRIKE: (MomentKind.CONTACT, MomentKind.IMPACT),
    Action.BOUNCE: (MomentKind.CONTACT, MomentKind.IMPACT),
    Action.MOVE: (MomentKind.CONTACT, MomentKind.IMPACT),
    Action.PASS: (MomentKind.CONTACT, MomentKind.IMPACT),
    Action.STEPS: (MomentKind.STEP, MomentKind.CONTACT),
    Action.VOICE: (MomentKind.APPEARANCE,),
    Action.FLASH: (MomentKind.FLASH, MomentKind.APPEARANCE),
    Action.FILL: (),
}
"""Kinds of moments that an action can be seen at."""
PLACES = {"far_left": -0.6, "left": 0.12, "centre": 0.5, "right": 0.88, "far_right": 1.6}
"""Place of a named side, frame widths from the left edge; the far ones lie off screen."""


def snapped(
    told: Sequence[Hit], track_id: str | None, action: Action, reach_s: float, ground: Ground
) -> tuple[Hit, ...]:
    """Told hits, each at the moment it means where one of its track is within reach.

    A moment counts if it is of the same track, of a kind that the action shows, and more than
    noise. Each is meant once, by the nearest time. Strengths stay as stated.
    """
    kinds = FITTING[action]
    pairs = sorted(
        (abs(moment.time_s - hit.time_s), place, moment.id, moment)
        for place, hit in enumerate(told)
        for moment in ground.observation.moments
        if moment.track_id == track_id
        and moment.kind in kinds
        and moment.confidence >= FAIR
        and abs(moment.time_s - hit.time_s) <= reach_s
    )
    meant: dict[int, Moment] = {}
    for _, place, _, moment in pairs:
        if place not in meant and moment not in meant.values():
            meant[place] = moment
    hits: dict[float, Hit] = {}
    for place, hit in enumerate(told):
        moment_of = meant.get(place)
        update = {"time_s": moment_of.time_s, "moment_id": moment_of.id} if moment_of else {}
        moved = hit.model_copy(update=update)
        hits.setdefault(moved.time_s, moved)
    return tuple(hits[time_s] for time_s in sorted(hits))


def inside(time_s: float, ground: Ground) -> float | None:
    """A stated time held inside the clip; None if it lies well outside."""
    end = ground.observation.clip.duration_s
    if not -SNAP_S <= time_s <= end + SNAP_S:
        return None
    return min(max(time_s, 0.0), end)


def joined(stretches: Iterable[Span], end_s: float) -> tuple[Span, ...]:
    """Spans inside the clip, in order; those that touch are one, as strong as the stronger."""
    joined_: list[Span] = []
    for span in sorted(stretches, key=lambda one: one.start_s):
        start, stop = max(span.start_s, 0.0), min(span.end_s, end_s)
        if stop - start < SHORTEST_SPAN_S:
            continue
        if joined_ and start <= joined_[-1].end_s:
            last = joined_[-1]
            update = {
                "end_s": max(stop, last.end_s),
                "intensity": max(last.intensity, span.intensity),
            }
            joined_[-1] = last.model_copy(update=update)
        else:
            joined_.append(span.model_copy(update={"start_s": start, "end_s": stop}))
    return tuple(joined_)


def azimuth_of(x: float, ground: Ground) -> float:
    """Degrees, positive to the left, of a place in frame widths from the left edge."""
    return pinhole_azimuth(x, ground.observation.field_of_view_deg)


def with_way(hits: Sequence[Hit], start_x: float, end_x: float, ground: Ground) -> tuple[Hit, ...]:
    """Hits that wander from one place to another, evenly in time."""
    first, last = hits[0].time_s, hits[-1].time_s
    base = azimuth_of(start_x, ground)
    moved = []
    for hit in hits:
        share = (hit.time_s - first) / (last - first) if last > first else 0.0
        aside = azimuth_of(start_x + share * (end_x - start_x), ground) - base
        moved.append(hit.model_copy(update={"azimuth_deg": aside}))
    return tuple(moved)


def at_point(x: float, distance_m: float, *, on_screen: bool, ground: Ground) -> Source:
    """A source that stays at a place."""
    return Source(
        kind=SourceKind.POINT,
        azimuth_deg=azimuth_of(x, ground),
        distance_m=distance_m,
        on_screen=on_screen and 0.0 <= x <= 1.0,
    )
