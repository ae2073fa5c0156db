"""Sound events that a model fills in, and how code turns them into the script's.

The model names cards, tracks and times. Ids, hits, trajectories and levels are made here: times
are held inside the clip and snapped to moments of visible impact, unknown names are refused.
"""

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import Field

from foley_designer.agents.llm.reply import Problem, Reply, refuse
from foley_designer.agents.scorer.layers import are_twins
from foley_designer.agents.scribe.rules import numbered
from foley_designer.agents.scribe.timing import hit_of
from foley_designer.core.card import Card
from foley_designer.core.script.observation import Moment, Observation
from foley_designer.core.script.sound_event import (
    Hit,
    Layer,
    Performance,
    SoundEvent,
    Source,
    SourceKind,
    Span,
)
from foley_designer.core.script.structured_text import Tone

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

SNAP_S = 0.12
"""How far a told time may lie from the moment that it means."""
SHORTEST_SPAN_S = 0.1
DRAFT = "draft"
"""Id of an event until it is numbered."""
MOST_EVENTS = 24
MOST_TIMES = 200

_SIDES = {"left": 0.4, "centre": 0.0, "right": -0.4}
"""Azimuth of a named side, in horizontal fields of view, positive to the left."""


class SpanReply(Reply):
    """A stretch of time, seconds."""

    start: float
    end: float


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
    times: list[float] = Field(default=[], max_length=MOST_TIMES)
    """Seconds of the single hits, for cards timed by times."""
    spans: list[SpanReply] = Field(default=[], max_length=MOST_TIMES)
    """For cards timed by spans."""
    track: str | None = None
    """Id of the track that makes it."""
    side: Literal["left", "centre", "right"] = "centre"
    """Where it is heard without a track."""
    on_screen: bool = True
    variant: str | None = None
    surface: str | None = None
    material: str | None = None
    mood: str | None = None
    force: float | None = Field(default=None, ge=0, le=1)
    """0 barely, 1 as hard as can be."""
    reason: str = ""


class Changes(Reply):
    """Events to add or replace, and ids of events to remove."""

    events: list[EventReply] = Field(max_length=MOST_EVENTS)
    remove: list[str] = Field(default=[], max_length=MOST_EVENTS)


class Ground(NamedTuple):
    """What a model's names must refer to."""

    observation: Observation
    knowledge: "Knowledge"


def apply_changes(
    events: Sequence[SoundEvent],
    changes: Changes,
    ground: Ground,
    open_ids: frozenset[str] | None = None,
) -> tuple[SoundEvent, ...]:
    """The events after a model's changes, in cue-sheet order.

    Args:
        events: those that stand.
        changes: what the model answered.
        ground: cards and tracks that there are.
        open_ids: ids that may be changed or removed; others stay as they are. None opens all.

    Raises:
        ReplyError: an unknown card, track or event, or an event without times.
        ValidationError: a converted event is not valid.
    """
    known = {event.id: event for event in events}
    named = [*changes.remove, *(reply.event for reply in changes.events if reply.event)]
    for event_id in named:
        if event_id not in known:
            raise refuse(Problem.UNKNOWN_EVENT, f"{event_id!r}. Known: {_listed(known)}.")
    closed = set() if open_ids is None else set(known) - open_ids
    removed = set(changes.remove) - closed
    replaced = {reply.event: reply for reply in changes.events if reply.event}
    result = []
    for event in events:
        if event.id in replaced and event.id not in closed:
            result.append(to_event(replaced[event.id], event.id, event, ground))
        elif event.id not in removed:
            result.append(event)
    for reply in changes.events:
        if reply.event is None:
            new = to_event(reply, DRAFT, None, ground)
            # models like to tell again what stands already
            if not any(are_twins(event, new) for event in result):
                result.append(new)
    return numbered(tuple(result))


def to_event(
    reply: EventReply, event_id: str, base: SoundEvent | None, ground: Ground
) -> SoundEvent:
    """One event; what a reply leaves out is the replaced event's, then the card's."""
    card = known_card(reply.card, ground.knowledge)
    known = [track.id for track in ground.observation.tracks]
    if reply.track is not None and reply.track not in known:
        raise refuse(Problem.UNKNOWN_TRACK, f"{reply.track!r}. Known: {_listed(known)}, or null.")
    if base is not None and base.subcategory is not card.subcategory:
        base = base.model_copy(update={"hits": (), "spans": (), "performance": card.performance})
    hits, spans = _timing(reply, card, ground.observation)
    if not hits and not spans:
        if base is None or not (base.hits or base.spans):
            kind = "times" if card.impulsive else "spans"
            end = ground.observation.clip.duration_s
            raise refuse(Problem.NO_TIMES, f"{reply.label!r} needs {kind} in 0..{end:.2f} s.")
        hits, spans = base.hits, base.spans
    return SoundEvent(
        id=event_id,
        label=reply.label[:80],
        description=(reply.description or reply.label)[:500],
        subcategory=card.subcategory,
        layer=reply.layer,
        hits=hits,
        spans=spans,
        source=_source(reply, card, ground.observation),
        performance=_performance(reply, base.performance if base else card.performance),
        gain_db=base.gain_db if base else 0.0,
        confidence=base.confidence if base else 0.8,
        cards=tuple(dict.fromkeys([card.id, *(base.cards if base else ())])),
        reason=reply.reason[:500],
    )


def known_card(card_id: str, knowledge: "Knowledge") -> Card:
    """The card that a reply names."""
    try:
        return knowledge.get(card_id)
    except KeyError:
        ids = [card.id for card in knowledge.cards]
        near = difflib.get_close_matches(card_id, ids, n=3, cutoff=0.3)
        hint = f" Near: {', '.join(near)}." if near else ""
        raise refuse(
            Problem.UNKNOWN_CARD, f"{card_id[:60]!r}; take ids from sounds.{hint}"
        ) from None


def _timing(
    reply: EventReply, card: Card, observation: Observation
) -> tuple[tuple[Hit, ...], tuple[Span, ...]]:
    """Hits for what strikes, spans for what goes on; the one told by the other where need be."""
    end = observation.clip.duration_s
    stretches = [(span.start, span.end) for span in reply.spans]
    if card.impulsive:
        if reply.times:
            return _snapped(reply, observation), ()
        shown = [
            moment
            for moment in observation.moments
            if any(start <= moment.time_s < stop for start, stop in stretches)
            and (reply.track is None or moment.track_id == reply.track)
        ]
        return tuple(hit_of(moment) for moment in shown), ()
    stretches += [(time_s, time_s + 1.0) for time_s in reply.times]
    return (), _joined(stretches, end)


def _snapped(reply: EventReply, observation: Observation) -> tuple[Hit, ...]:
    """A hit for each told time, at the moment it means where there is one near."""
    end = observation.clip.duration_s
    inside = sorted({time_s for time_s in reply.times if -SNAP_S <= time_s <= end + SNAP_S})
    found: dict[float, Hit] = {}
    free = list(observation.moments)
    for time_s in inside:
        moment = _nearest(time_s, free, reply.track)
        if moment is not None:
            free.remove(moment)
        held = min(max(time_s, 0.0), end)
        hit = hit_of(moment) if moment else Hit(time_s=held, strength=0.6, confidence=0.5)
        found.setdefault(hit.time_s, hit)
    return tuple(found[time_s] for time_s in sorted(found))


def _nearest(time_s: float, moments: Sequence[Moment], track_id: str | None) -> Moment | None:
    """The moment that a told time means: near it, of its own track before others'."""
    near = [moment for moment in moments if abs(moment.time_s - time_s) <= SNAP_S]
    return min(
        near,
        key=lambda m: (m.track_id != track_id, abs(m.time_s - time_s), m.id),
        default=None,
    )


def _joined(stretches: Iterable[tuple[float, float]], end_s: float) -> tuple[Span, ...]:
    """Spans inside the clip, in order, those that touch made one."""
    held = sorted((max(start, 0.0), min(stop, end_s)) for start, stop in stretches)
    joined: list[tuple[float, float]] = []
    for start, stop in held:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif stop - start >= SHORTEST_SPAN_S:
            joined.append((start, stop))
    return tuple(Span(start_s=start, end_s=stop) for start, stop in joined)


def _source(reply: EventReply, card: Card, observation: Observation) -> Source:
    """Where it sounds from: its track, all around for a bed, else a side."""
    if reply.track is not None:
        return Source(kind=SourceKind.TRACK, track_id=reply.track, on_screen=reply.on_screen)
    if reply.layer is Layer.BACKGROUND and not card.impulsive:
        return Source(kind=SourceKind.AROUND, on_screen=False)
    azimuth = _SIDES[reply.side] * observation.field_of_view_deg
    return Source(
        kind=SourceKind.POINT,
        azimuth_deg=azimuth,
        distance_m=card.distance_m,
        on_screen=reply.on_screen,
    )


def _performance(reply: EventReply, base: Performance) -> Performance:
    """How it is played: the reply's words over the card's."""
    told = {
        name: value.lower()[:40]
        for name in ("variant", "surface", "material", "mood")
        if (value := getattr(reply, name))
    }
    force = {} if reply.force is None else {"force": reply.force}
    return base.model_copy(update={**told, **force})


def _listed(ids: Iterable[str]) -> str:
    """Known ids, or ``none``."""
    return ", ".join(sorted(ids)[:30]) or "none"
