"""Sound events that a model fills in, and how code turns them into the script's.

The model says what sounds, when, where, how hard and how it is played, and its word stays. Ids and
trajectories are made here; times are held inside the clip and put on a measured moment of the same
track where one lies within the told tolerance. What had to be changed is remarked (`Ground`).
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from foley_designer.agents.llm.ground import Ground, listed
from foley_designer.agents.llm.placing import (
    MOST_SNAP_S,
    PLACES,
    SNAP_S,
    at_point,
    inside,
    joined,
    snapped,
    with_way,
)
from foley_designer.agents.llm.reply import Problem, Reply
from foley_designer.agents.scorer.layers import are_twins
from foley_designer.agents.scribe.ordering import DRAFT, numbered
from foley_designer.core.card import Card
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span

MOST_EVENTS = 24
MOST_TIMES = 200
LONGEST_WAY = 3.0
"""Frame widths from the picture's edge at which a place off screen can be stated."""


class SpanReply(Reply):
    """A stretch of time, seconds."""

    start: float
    end: float
    intensity: float = Field(default=0.7, ge=0, le=1)


class HitReply(Reply):
    """One instant at which it sounds."""

    time_s: float
    strength: float | None = Field(default=None, ge=0, le=1)
    """1 the hardest it can be; each 0.1 less is 2.4 dB softer."""


class ToneReply(Reply):
    """The film's tone."""

    valence: float = Field(ge=-1, le=1)
    arousal: float = Field(ge=0, le=1)
    words: list[str] = Field(default=[], max_length=8)

    def tone(self) -> Tone:
        """As the script holds it."""
        return Tone(
            valence=self.valence,
            arousal=self.arousal,
            words=tuple(word.lower()[:40] for word in self.words if word),
        )


class EventReply(Reply):
    """One new sound event, or a changed one."""

    event: str | None = None
    """Id of the event that this one replaces; null for a new one."""
    card: str
    """Id of a card from ``sounds``."""
    label: str = Field(min_length=1)
    """Short noun phrase, such as ``boots on gravel``."""
    description: str = ""
    layer: Layer
    hits: list[HitReply] = Field(default=[], max_length=MOST_TIMES)
    """Single sounds, for cards under ``hits``."""
    times: list[float] = Field(default=[], max_length=MOST_TIMES)
    """Instead of ``hits``, if all are alike."""
    spans: list[SpanReply] = Field(default=[], max_length=MOST_TIMES)
    """For cards under ``spans``."""
    tolerance_s: float | None = Field(default=None, ge=0)
    """How far your times may be off."""
    track: str | None = None
    """Id of the track that makes it."""
    side: Literal["far_left", "left", "centre", "right", "far_right"] | None = None
    """Where it is heard without a track; the far ones are off screen."""
    x: float | None = Field(default=None, ge=-LONGEST_WAY, le=1 + LONGEST_WAY)
    """Or exactly: 0 the left edge, 1 the right edge."""
    to_x: float | None = Field(default=None, ge=-LONGEST_WAY, le=1 + LONGEST_WAY)
    """Where it ends, if it moves."""
    distance_m: float | None = Field(default=None, gt=0, le=20_000)
    on_screen: bool | None = None
    variant: str | None = None
    surface: str | None = None
    material: str | None = None
    mood: str | None = None
    force: float | None = Field(default=None, ge=0, le=1)
    """0 barely, 1 as hard as can be."""
    size: float | None = Field(default=None, ge=0, le=1)
    """0 a coin, 0.5 a chair, 1 a truck, within what the source can be."""
    speed: float | None = Field(default=None, ge=0, le=1)
    reason: str = ""


class Changes(Reply):
    """Events to add or replace, and ids of events to remove."""

    events: list[EventReply] = Field(max_length=MOST_EVENTS)
    remove: list[str] = Field(default=[], max_length=MOST_EVENTS)


def apply_changes(
    events: Sequence[SoundEvent],
    changes: Changes,
    ground: Ground,
    open_ids: frozenset[str] | None = None,
    window: tuple[float, float] | None = None,
) -> tuple[SoundEvent, ...]:
    """The events after a model's changes, in cue-sheet order.

    Args:
        events: those that stand.
        changes: what the model answered.
        ground: cards and tracks that there are; what was changed of the answer is remarked there.
        open_ids: ids that may be changed or removed; others stay as they are. None opens all.
        window: the stretch of the clip that was asked about: what a changed event does outside of
            it stays. None is the whole clip.

    Raises:
        ReplyError: a first answer with unknown names, or an event without times.
        ValidationError: a converted event is not valid.
    """
    known = {event.id: event for event in events}
    for event_id in changes.remove:
        if event_id not in known:
            ground.doubt(Problem.UNKNOWN_EVENT, f"{event_id[:60]!r}. Known: {listed(known)}.")
            ground.remark(f"“{event_id[:60]}” was to be removed, and is no event.")
    closed = set() if open_ids is None else set(known) - open_ids
    removed = set(changes.remove) - closed
    result = [event for event in events if event.id not in removed]
    for reply in changes.events:
        base = known.get(reply.event or "")
        if reply.event and base is None:
            ground.doubt(Problem.UNKNOWN_EVENT, f"{reply.event[:60]!r}. Known: {listed(known)}.")
            ground.remark(f"“{reply.event[:60]}” was to be changed, and is taken as a new event.")
        if base is not None and (base.id in closed or base.id in removed):
            continue
        made = to_event(reply, base.id if base else DRAFT, base, ground)
        if made is None:
            continue
        if base is not None:
            made = _with_rest(made, base, window)
            result = [made if event.id == base.id else event for event in result]
        # models like to tell again what stands already
        elif not any(are_twins(event, made) for event in result):
            result.append(made)
    ground.settle()
    return numbered(tuple(result))


def _with_rest(
    made: SoundEvent, base: SoundEvent, window: tuple[float, float] | None
) -> SoundEvent:
    """A changed event with what the one before it does outside of a window."""
    if window is None or made.subcategory is not base.subcategory:
        return made
    start, end = window
    hits = {hit.time_s: hit for hit in base.hits if not start <= hit.time_s < end}
    hits |= {hit.time_s: hit for hit in made.hits}
    rest = [span for span in base.spans if span.end_s <= start or span.start_s >= end]
    last = max([span.end_s for span in (*rest, *made.spans)], default=0.0)
    return made.model_copy(
        update={
            "hits": tuple(hits[time_s] for time_s in sorted(hits)),
            "spans": joined([*rest, *made.spans], last),
        }
    )


def to_event(
    reply: EventReply, event_id: str, base: SoundEvent | None, ground: Ground
) -> SoundEvent | None:
    """One event; what a reply leaves out is the replaced event's, then the card's.

    Returns:
        None if its sound is not known or it has no time in the clip, which is asked again once.
    """
    card = ground.card(reply.card)
    if card is None:
        return None
    if base is not None and base.subcategory is not card.subcategory:
        base = base.model_copy(update={"hits": (), "spans": (), "performance": card.performance})
    track = ground.track(reply.track)
    source = _source(reply, track, card, base, ground)
    hits, spans = _timing(reply, source, card, ground)
    if not hits and not spans:
        if base is None or not (base.hits or base.spans):
            kind = "hits" if card.impulsive else "spans"
            end = ground.observation.clip.duration_s
            ground.doubt(Problem.NO_TIMES, f"{reply.label!r} needs {kind} in 0..{end:.2f} s.")
            ground.remark(f"“{reply.label[:60]}” has no time in the clip and was left out.")
            return None
        hits, spans = base.hits, base.spans
    elif reply.to_x is not None and source.kind is SourceKind.POINT:
        hits = _wandering(reply, hits, ground)
    return SoundEvent(
        id=event_id,
        label=reply.label[:80],
        description=(reply.description or reply.label)[:500],
        subcategory=card.subcategory,
        layer=reply.layer,
        hits=hits,
        spans=spans,
        source=source,
        performance=_performance(reply, card, base, ground),
        gain_db=base.gain_db if base else 0.0,
        confidence=base.confidence if base else 0.8,
        cards=tuple(dict.fromkeys([card.id, *(base.cards if base else ())])),
        reason=reply.reason[:500],
    )


def _timing(
    reply: EventReply, source: Source, card: Card, ground: Ground
) -> tuple[tuple[Hit, ...], tuple[Span, ...]]:
    """Hits for what strikes, spans for what goes on; the one told by the other where need be."""
    told = _told_hits(reply, ground)
    stretches = [
        Span(start_s=max(one.start, 0.0), end_s=one.end, intensity=one.intensity)
        for one in reply.spans
        if one.end > max(one.start, 0.0)
    ]
    if not card.impulsive:
        if told:
            ground.remark(f"“{reply.label[:60]}” goes on: its instants became stretches of 1 s.")
        stretches += [
            Span(start_s=hit.time_s, end_s=hit.time_s + 1.0, intensity=hit.strength) for hit in told
        ]
        return (), joined(stretches, ground.observation.clip.duration_s)
    if not told and stretches:
        told = _shown(reply, source, stretches, ground)
    if not source.on_screen or not told:
        return told, ()
    reach = SNAP_S if reply.tolerance_s is None else min(reply.tolerance_s, MOST_SNAP_S)
    hits = snapped(told, source.track_id, card.sound.action, reach, ground)
    moved = [abs(a.time_s - b.time_s) for a, b in zip(hits, told, strict=False) if a.moment_id]
    if moved and len(hits) == len(told) and max(moved) > 0.0005:
        ground.remark(
            f"“{reply.label[:60]}”: {len(moved)} of {len(told)} told times were put on moments "
            f"seen within {max(moved) * 1000:.0f} ms of them."
        )
    return hits, ()


def _told_hits(reply: EventReply, ground: Ground) -> tuple[Hit, ...]:
    """The stated instants inside the clip, each once, with the stated strengths."""
    told = [*reply.hits, *(HitReply(time_s=time_s) for time_s in reply.times)]
    found: dict[float, Hit] = {}
    outside = 0
    for one in told:
        time_s = inside(one.time_s, ground)
        if time_s is None:
            outside += 1
            continue
        hit = Hit(time_s=time_s, confidence=0.9)
        if one.strength is not None:
            hit = hit.model_copy(update={"strength": one.strength})
        found.setdefault(time_s, hit)
    if outside:
        ground.remark(f"“{reply.label[:60]}”: {outside} told times lie outside of the clip.")
    return tuple(found[time_s] for time_s in sorted(found))


def _shown(
    reply: EventReply, source: Source, stretches: Iterable[Span], ground: Ground
) -> tuple[Hit, ...]:
    """The measured moments of a stated stretch, if no instants are stated; its start if none."""
    spans = list(stretches)
    shown = [
        Hit(time_s=one.time_s, strength=max(0.1, one.strength), confidence=one.confidence)
        for one in ground.observation.moments
        if any(span.start_s <= one.time_s < span.end_s for span in spans)
        and one.track_id == source.track_id
        and source.on_screen
    ]
    what = f"{len(shown)} moments seen in it" if shown else "its beginning"
    ground.remark(f"“{reply.label[:60]}” sounds at instants: a told stretch became {what}.")
    return tuple(shown) or tuple(
        Hit(time_s=time_s, strength=span.intensity, confidence=0.5)
        for span in spans
        if (time_s := inside(span.start_s, ground)) is not None
    )


def _wandering(reply: EventReply, hits: tuple[Hit, ...], ground: Ground) -> tuple[Hit, ...]:
    """Hits on their way; what goes on stays at its first place, which is said."""
    start = _place(reply)
    if start is None or reply.to_x is None:
        return hits
    if not hits:
        ground.remark(f"“{reply.label[:60]}” moves without a track: it stays where it begins.")
        return hits
    return with_way(hits, start, reply.to_x, ground)


def _place(reply: EventReply) -> float | None:
    """The stated place, frame widths from the left edge."""
    if reply.x is not None:
        return reply.x
    return PLACES[reply.side] if reply.side else None


def _source(
    reply: EventReply, track: str | None, card: Card, base: SoundEvent | None, ground: Ground
) -> Source:
    """Where it sounds from: its track, the told place, the replaced event's, else the usual."""
    place, told = _place(reply), reply.on_screen
    stands = base.source if base is not None else None
    if track is not None:
        visible = True if told is None else told
        return Source(
            kind=SourceKind.TRACK,
            track_id=track,
            distance_m=reply.distance_m,
            on_screen=visible,
        )
    if place is None and stands is not None:
        changed: dict[str, object] = {} if told is None else {"on_screen": told}
        changed |= {} if reply.distance_m is None else {"distance_m": reply.distance_m}
        return stands.model_copy(update=changed)
    if place is None and reply.distance_m is None and _surrounds(reply, card):
        return Source(kind=SourceKind.AROUND, on_screen=False)
    return at_point(
        0.5 if place is None else place,
        reply.distance_m or card.distance_m,
        on_screen=True if told is None else told,
        ground=ground,
    )


def _surrounds(reply: EventReply, card: Card) -> bool:
    """Whether it is a bed without a place."""
    return reply.layer is Layer.BACKGROUND and not card.impulsive


def _performance(
    reply: EventReply, card: Card, base: SoundEvent | None, ground: Ground
) -> Performance:
    """How it is played: the reply's words over the replaced event's, over the card's."""
    told: dict[str, object] = {
        name: ground.word(name, value, card)
        for name in ("variant", "surface", "material", "mood")
        if (value := getattr(reply, name))
    }
    for name in ("force", "size", "speed"):
        if (number := getattr(reply, name)) is not None:
            told[name] = number
    return (base.performance if base else card.performance).model_copy(update=told)
