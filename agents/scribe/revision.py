"""Answers to the validator's objections: only what was objected to is opened again."""

from collections import Counter
from typing import TYPE_CHECKING

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.scribe.stillness import (
    empty_stretches,
    groundless_times,
    unseen_times,
)
from foley_designer.agents.scribe.timing import hit_of
from foley_designer.agents.scribe.unsaid.unnamed import (
    contact_event,
    movement_event,
    track_or_place,
)
from foley_designer.core.category import Category
from foley_designer.core.script.observation import Moment, Observation, Track
from foley_designer.core.script.sound_event import SoundEvent, Source, SourceKind, Span

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_BEFORE_S = 0.15
_AFTER_S = 0.35
"""How long a movement is heard around a moment."""


def repaired(
    events: tuple[SoundEvent, ...],
    objections: tuple[Objection, ...],
    observation: Observation,
) -> tuple[SoundEvent, ...]:
    """The events with times and sources put right; an event left without any time is dropped."""
    flaws: dict[str, set[Flaw]] = {}
    for objection in objections:
        if objection.event_id:
            flaws.setdefault(objection.event_id, set()).add(objection.flaw)
    kept = []
    for event in events:
        changed: SoundEvent | None = event
        for flaw in sorted(flaws.get(event.id, ())):
            changed = _repair(changed, flaw, observation) if changed else None
        if changed is not None:
            kept.append(changed)
    return tuple(kept)


def _repair(event: SoundEvent, flaw: Flaw, observation: Observation) -> SoundEvent | None:
    if flaw is Flaw.UNKNOWN_TRACK:
        distance = event.source.distance_m
        source = Source(kind=SourceKind.POINT, distance_m=distance)
        return event.model_copy(update={"source": source})
    if flaw is Flaw.OUTSIDE_SHOT:
        return _inside(_where_seen(event, observation), observation.clip.duration_s)
    if flaw is Flaw.EMPTY_STRETCH:
        return _grounded(event, observation)
    return event


def _where_seen(event: SoundEvent, observation: Observation) -> SoundEvent:
    """The event without hits in shots that don't show its track; off the track if none is left."""
    unseen = unseen_times(event, observation)
    hits = tuple(hit for hit in event.hits if hit.time_s not in unseen)
    if hits or event.spans:
        return event.model_copy(update={"hits": hits})
    source = Source(kind=SourceKind.POINT, distance_m=event.source.distance_m)
    return event.model_copy(update={"source": source})


def _inside(event: SoundEvent, end_s: float) -> SoundEvent | None:
    """The event without what lies after the clip's end."""
    hits = tuple(hit for hit in event.hits if hit.time_s < end_s)
    spans = tuple(
        span.model_copy(update={"end_s": min(span.end_s, end_s)})
        for span in event.spans
        if span.start_s < end_s
    )
    return event.model_copy(update={"hits": hits, "spans": spans}) if hits or spans else None


def _grounded(event: SoundEvent, observation: Observation) -> SoundEvent | None:
    """The event without hits in empty stretches."""
    groundless = groundless_times(event, empty_stretches(observation))
    hits = tuple(hit for hit in event.hits if hit.time_s not in groundless)
    return event.model_copy(update={"hits": hits}) if hits or event.spans else None


def with_missed(
    events: tuple[SoundEvent, ...],
    objections: tuple[Objection, ...],
    observation: Observation,
    knowledge: "Knowledge",
    *,
    named: bool,
) -> tuple[SoundEvent, ...]:
    """The events with the moments that the validator missed.

    A moment that an event should have had becomes its hit. Another one becomes movement around
    it if the words name other sounds, and a plain contact where they name none.
    """
    known = {moment.id: moment for moment in observation.moments}
    homeless: list[Moment] = []
    for objection in objections:
        if objection.flaw is not Flaw.MISSED_MOMENT:
            continue
        moments = [known[moment_id] for moment_id in objection.moment_ids if moment_id in known]
        if objection.event_id is None:
            homeless += moments
        else:
            events = tuple(
                _with_hits(event, moments, observation.clip.duration_s)
                if event.id == objection.event_id
                else event
                for event in events
            )
    if not homeless:
        return events
    if not named:
        return (*events, contact_event(tuple(homeless), observation, knowledge))
    return _with_movement(events, homeless, observation, knowledge)


def _with_hits(event: SoundEvent, moments: list[Moment], end_s: float) -> SoundEvent:
    if not event.impulsive:
        return _covering(event, moments, end_s)
    taken = {hit.moment_id for hit in event.hits}
    new = [hit_of(moment) for moment in moments if moment.id not in taken]
    hits = tuple(sorted([*event.hits, *new], key=lambda hit: hit.time_s))
    return event.model_copy(update={"hits": hits})


def _with_movement(
    events: tuple[SoundEvent, ...],
    moments: list[Moment],
    observation: Observation,
    knowledge: "Knowledge",
) -> tuple[SoundEvent, ...]:
    """Movement along the track that most moments lie on, and one more event for all the rest."""
    end_s = observation.clip.duration_s
    busiest = Counter(moment.track_id for moment in moments).most_common(1)[0][0]
    groups = [
        (observation.track(busiest), [m for m in moments if m.track_id == busiest]),
        (None, [m for m in moments if m.track_id != busiest]),
    ]
    found = list(events)
    for track, group in groups:
        if not group:
            continue
        source = track_or_place(track, tuple(group), observation)
        place = next((i for i, event in enumerate(found) if _moves(event, track)), None)
        if place is not None:
            found[place] = _covering(found[place], group, end_s)
            continue
        spans = _joined([_around(moment, end_s) for moment in group])
        reason = f"{len(group)} visible movement(s) that no named sound explains."
        found.append(movement_event(source, spans, knowledge, reason))
    return tuple(found)


def _moves(event: SoundEvent, track: Track | None) -> bool:
    """Whether an event is the movement along a track, or of the picture if there is none."""
    track_id = track.id if track else None
    return event.category is Category.MOVEMENT and event.source.track_id == track_id


def _covering(event: SoundEvent, moments: list[Moment], end_s: float) -> SoundEvent:
    spans = _joined([*event.spans, *(_around(moment, end_s) for moment in moments)])
    return event.model_copy(update={"spans": spans})


def _around(moment: Moment, end_s: float) -> Span:
    start = max(0.0, moment.time_s - _BEFORE_S)
    stop = min(end_s, moment.time_s + _AFTER_S)
    return Span(start_s=min(start, stop - 0.05), end_s=stop, intensity=0.3 + 0.6 * moment.strength)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Spans in time order; those that overlap become one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start_s, item.end_s)):
        if found and span.start_s <= found[-1].end_s:
            last = found[-1]
            found[-1] = Span(
                start_s=last.start_s,
                end_s=max(last.end_s, span.end_s),
                intensity=max(last.intensity, span.intensity),
            )
        else:
            found.append(span)
    return tuple(found)
