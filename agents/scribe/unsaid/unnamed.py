"""Honest Foley for what is seen and not named: steps, contacts, movement."""

from collections.abc import Collection
from statistics import median
from typing import TYPE_CHECKING

from foley_designer.agents.scribe.events import Draft, source_at
from foley_designer.agents.scribe.ordering import DRAFT
from foley_designer.agents.scribe.timing import (
    SURE,
    active_spans,
    hit_of,
    moving_spans,
    passage_span,
)
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.script.observation import (
    Moment,
    MomentKind,
    MotionKind,
    Observation,
    PlaceTrait,
    Track,
)
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.vision.events.spotting import select

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

ADVICE = (
    "Nothing names what happens, so this is movement Foley: say with --describe or --script what "
    "is seen (such as “boots walk on gravel”) and it will be performed as that."
)
BLIND = (
    "Nor are pictures named here: after “foley-designer models pull pictures” (17 MB) a clip that "
    "nobody describes is taken for what it looks like."
)
UNKNOWN = (
    "No word of the script or description names a sound that the knowledge cards know, so this is "
    "movement Foley: use plain words for what is seen, or add a card for it."
)
FOREIGN = (
    "The words about this clip do not read as English, so this is movement Foley: the rules read "
    "English alone. Say it in English, or name a language model (FOLEY_LLM_MODEL)."
)
_GUESSED = (
    "vehicle: something goes past out of doors and nothing names it, so it is taken for a vehicle. "
    "Say what it is to hear that."
)
_MAX_MOVERS = 3
_STEPS = 3
"""Steps from which a walker is heard walking."""
_CONTACT = 0.55
"""Confidence from which an unnamed contact is heard."""


def unnamed_drafts(observation: Observation, knowledge: "Knowledge") -> tuple[Draft, ...]:
    """Events for what walks, passes, touches, and for the largest movements that were seen."""
    found = _walkers(observation, knowledge)
    walking = {event.source.track_id for event in found}
    passing = _passing(observation, knowledge)
    found += passing
    contacts = tuple(
        moment
        for moment in observation.moments
        if moment.kind is MomentKind.CONTACT
        and moment.confidence >= _CONTACT
        and moment.track_id not in walking
    )
    if contacts and not walking:
        contacts = select(observation, "impact")
    if contacts:
        found.append(contact_event(contacts, observation, knowledge))
    drafts = tuple(Draft(event, _GUESSED if event in passing else None) for event in found)
    taken = {event.source.track_id for event in passing}
    return drafts + movement_drafts(observation, knowledge, taken)


def walker_drafts(
    observation: Observation, knowledge: "Knowledge", others: Collection[Draft]
) -> tuple[Draft, ...]:
    """The steps of those who surely walk and make no other sound."""
    taken = {draft.event.source.track_id for draft in others}
    walkers = _walkers(observation, knowledge)
    return tuple(Draft(one, None) for one in walkers if one.source.track_id not in taken)


def _walkers(observation: Observation, knowledge: "Knowledge") -> list[SoundEvent]:
    events = []
    for track in observation.tracks:
        steps = tuple(
            moment
            for moment in observation.moments
            if moment.kind is MomentKind.STEP
            and moment.track_id == track.id
            and (moment.confidence >= SURE or moment.predicted)
        )
        if track.kind is not MotionKind.WALKING or len(steps) < _STEPS:
            continue
        card = card_for(knowledge, "footsteps walk", Subcategory.HUMAN_STEPS)
        events.append(
            _event(
                card,
                label="footsteps",
                description="Footsteps of a figure that walks in the picture.",
                subcategory=Subcategory.HUMAN_STEPS,
                source=Source(kind=SourceKind.TRACK, track_id=track.id),
                hits=tuple(hit_of(step) for step in steps),
                reason=f"Track {track.id} walks: {len(steps)} steps were seen.",
            )
        )
    return events


def _passing(observation: Observation, knowledge: "Knowledge") -> list[SoundEvent]:
    """A vehicle for each thing that goes past out of doors and is no upright figure."""
    events = []
    for track in observation.tracks:
        shots = [one for one in observation.shots if one.start_s < track.end_s]
        shot = next((one for one in reversed(shots) if track.start_s >= one.start_s), None)
        inside = shot is not None and shot.shows(PlaceTrait.OUTDOORS) is False
        if track.kind is not MotionKind.PASSING or inside or not _is_wide(track, observation):
            continue
        card = card_for(knowledge, "car drives past", Subcategory.VEHICLE)
        events.append(
            _event(
                card,
                label="vehicle",
                description="A vehicle that goes past.",
                subcategory=Subcategory.VEHICLE,
                source=Source(kind=SourceKind.TRACK, track_id=track.id),
                spans=(passage_span(track, observation),),
                reason=f"Track {track.id} goes past.",
            )
        )
    return events[:_MAX_MOVERS]


def _is_wide(track: Track, observation: Observation) -> bool:
    """Whether a track is usually at least as wide as high."""
    aspect = observation.clip.width / observation.clip.height
    boxes = [sighting.box for sighting in track.sightings]
    return median(box.width * aspect for box in boxes) >= median(box.height for box in boxes)


def contact_event(
    moments: tuple[Moment, ...], observation: Observation, knowledge: "Knowledge"
) -> SoundEvent:
    """A plain impact at moments of visible contact that nothing names."""
    card = card_for(knowledge, "thud impact", Subcategory.OBJECT_IMPACT)
    ids = {moment.track_id for moment in moments}
    track = observation.track(next(iter(ids))) if len(ids) == 1 else None
    return _event(
        card,
        label="contacts",
        description="Plain impacts where something in the picture hits or lands.",
        subcategory=Subcategory.OBJECT_IMPACT,
        source=track_or_place(track, moments, observation),
        hits=tuple(hit_of(moment) for moment in moments),
        reason=f"{len(moments)} contact(s) were seen that nothing names.",
    )


def track_or_place(
    track: Track | None, moments: tuple[Moment, ...], observation: Observation
) -> Source:
    """The track, or the mean place of the moments where there is none."""
    if track is not None:
        return Source(kind=SourceKind.TRACK, track_id=track.id)
    return source_at(moments, observation, None)


def movement_event(
    source: Source, spans: tuple[Span, ...], knowledge: "Knowledge", reason: str
) -> SoundEvent:
    """Cloth and handling of a source that moves."""
    card = card_for(knowledge, "cloth clothes rustle", Subcategory.CLOTH)
    return _event(
        card,
        label="movement",
        description="Cloth and handling of a moving figure, close and light.",
        subcategory=Subcategory.CLOTH,
        source=source,
        spans=spans,
        reason=reason,
    )


def movement_drafts(
    observation: Observation, knowledge: "Knowledge", taken: Collection[str | None] = ()
) -> tuple[Draft, ...]:
    """Movement of the busiest tracks, or of the whole picture if none was tracked.

    Args:
        observation: what was seen.
        knowledge: the cards.
        taken: tracks that sound already.
    """
    free = [track for track in observation.tracks if track.id not in taken]
    if taken and not free:
        return ()
    moving = [(track, moving_spans(track, observation)) for track in free]
    busiest = sorted(
        ((track, spans) for track, spans in moving if spans),
        key=lambda item: (-sum(s.end_s - s.start_s for s in item[1]), item[0].id),
    )
    if busiest:
        return tuple(
            Draft(
                movement_event(
                    Source(kind=SourceKind.TRACK, track_id=track.id),
                    spans,
                    knowledge,
                    f"Track {track.id} moves.",
                )
            )
            for track, spans in busiest[:_MAX_MOVERS]
        )
    spans = active_spans(observation)
    if not spans:
        return ()
    source = Source(kind=SourceKind.POINT)
    return (Draft(movement_event(source, spans, knowledge, "The picture moves.")),)


def card_for(knowledge: "Knowledge", words: str, subcategory: Subcategory) -> Card | None:
    """The card of a subcategory that the words call up, else the subcategory's first."""
    named = (knowledge.get(mention.card_id) for mention in knowledge.match(words))
    same = next((card for card in named if card.subcategory is subcategory), None)
    return same or next((c for c in knowledge.cards if c.subcategory is subcategory), None)


def _event(
    card: Card | None,
    *,
    label: str,
    description: str,
    subcategory: Subcategory,
    source: Source,
    reason: str,
    hits: tuple[Hit, ...] = (),
    spans: tuple[Span, ...] = (),
) -> SoundEvent:
    """A foreground event that is unsure, since nothing names it."""
    return SoundEvent(
        id=DRAFT,
        label=label,
        description=description,
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=hits,
        spans=spans,
        source=source,
        performance=card.performance if card else Performance(),
        confidence=0.5,
        cards=(card.id,) if card else (),
        reason=reason,
    )
