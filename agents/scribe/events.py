"""Sound events from calls: when, who, how, and why."""

import math
import statistics
from typing import TYPE_CHECKING, NamedTuple

from foley_designer.agents.scribe.calls import Call
from foley_designer.agents.scribe.ordering import DRAFT
from foley_designer.agents.scribe.timing import guessed_hits, hits, narrated_hits, spans
from foley_designer.agents.scribe.wording import (
    FAR_M,
    description_of,
    distance_of,
    label_of,
    performance,
    side_of,
)
from foley_designer.core.script.observation import Moment, Observation, Track
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.model import Action
from foley_designer.core.space import Space
from foley_designer.vision.geometry.angles import pinhole_azimuth

if TYPE_CHECKING:
    from foley_designer.core.card import Card

_MOSTLY = 0.6
"""Share of an event's moments from which it follows one track."""
_ASIDE_DEG = 35.0
"""Where what is heard off screen is placed: just beside a picture of 54° width."""
_WHOLE = 0.85
"""Share of the frame's width and height that a box must usually have to be the whole frame."""
_VAGUE = 0.5
"""Confidence of an event that the picture does not show."""


class Draft(NamedTuple):
    """An event without its id, and what could not be settled about it."""

    event: SoundEvent
    open_point: str | None = None


class Timing(NamedTuple):
    """When an event sounds, and how that is known."""

    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]
    how: str
    is_guess: bool = False


def drafts(
    call: Call,
    moments: tuple[Moment, ...],
    makers: tuple[Track, ...],
    place: float,
    observation: Observation,
    space: Space,
) -> tuple[Draft, ...]:
    """The events of one call: one for each maker, or one where no maker was found.

    Args:
        call: what the words ask for.
        moments: those that its action shows and no rival made.
        makers: tracks that were cast for it.
        place: 0 the first words of the text, 1 the last.
        observation: what was seen.
        space: where it happens.
    """
    if len(makers) < 2:
        maker = makers[0] if makers else None
        return (_draft(call, moments, maker, place, observation, space),)
    others = {maker.id for maker in makers[1:]}
    found = []
    for maker in makers:
        first = maker is makers[0]
        own = tuple(
            m for m in moments if m.track_id == maker.id or (first and m.track_id not in others)
        )
        if own or not call.card.impulsive:
            found.append(_draft(call, own, maker, place, observation, space))
    return tuple(found) or (_draft(call, moments, makers[0], place, observation, space),)


def _draft(
    call: Call,
    moments: tuple[Moment, ...],
    maker: Track | None,
    place: float,
    observation: Observation,
    space: Space,
) -> Draft:
    timing = _timing(call, moments, maker, place, observation)
    card = call.card
    confidence = _confidence(call, timing, maker)
    label = label_of(call)
    event = SoundEvent(
        id=DRAFT,
        label=label,
        description=description_of(call),
        subcategory=card.subcategory,
        layer=_layer(call, card, seen=bool(moments or maker)),
        hits=timing.hits,
        spans=timing.spans,
        source=_source(call, moments, maker, place, observation),
        performance=performance(call, space),
        confidence=min(confidence, call.similarity or 1.0, call.passages[0].belief),
        cards=call.cards,
        reason=f"{call.passages[0].speaker} asks for it: “{call.words}”; "
        f"{_known(call)}{timing.how}."[:500],
    )
    point = f"{label}: {timing.how}, not by a clear sight of it." if timing.is_guess else None
    return Draft(event, point)


def _timing(
    call: Call,
    moments: tuple[Moment, ...],
    maker: Track | None,
    place: float,
    observation: Observation,
) -> Timing:
    if not call.card.impulsive:
        found = spans(call, maker, observation)
        how = f"it follows track {maker.id}" if maker else "it goes on throughout"
        return Timing((), found, how)
    if call.is_off_screen:
        return Timing(narrated_hits(call, place, observation), (), "it is heard off screen")
    if moments:
        found_hits = hits(call, moments)
        return Timing(found_hits, (), f"{len(found_hits)} moment(s) show it")
    if call.action is Action.FLASH or (call.action is Action.VOICE and maker is None):
        told = narrated_hits(call, place, observation)
        return Timing(told, (), "timed by its place in the text", is_guess=True)
    guessed = guessed_hits(call, observation)
    return Timing(guessed, (), "timed by the picture's activity", is_guess=True)


def _confidence(call: Call, timing: Timing, maker: Track | None) -> float:
    if call.action is Action.FILL:
        return 0.9
    if timing.hits:
        return sum(hit.confidence for hit in timing.hits) / len(timing.hits)
    return max(_VAGUE, maker.confidence) if maker else _VAGUE


def _layer(call: Call, card: "Card", *, seen: bool) -> Layer:
    """The card's layer; what is seen to sound lies in front, what is far off screen behind."""
    if call.is_off_screen or call.action is Action.FILL:
        distance = distance_of(call)
        far = distance is None or distance >= FAR_M or call.action is Action.FILL
        return Layer.BACKGROUND if far else card.layer
    return Layer.FOREGROUND if seen and card.impulsive else card.layer


def _source(
    call: Call,
    moments: tuple[Moment, ...],
    maker: Track | None,
    place: float,
    observation: Observation,
) -> Source:
    distance = distance_of(call)
    if call.action is Action.FILL or (call.goes_on and maker is None):
        return Source(kind=SourceKind.AROUND, on_screen=False)
    if call.card.sound.around and not call.is_off_screen:  # a sea is where its one wave is not
        return Source(kind=SourceKind.AROUND, on_screen=maker is not None)
    if call.is_off_screen:
        azimuth = side_of(call) or (_ASIDE_DEG if place < 0.5 else -_ASIDE_DEG)
        return Source(
            kind=SourceKind.POINT, azimuth_deg=azimuth, distance_m=distance, on_screen=False
        )
    if maker is not None and _mostly_of(maker, moments) and not _fills(maker, call):
        likely = distance or _likely_distance_m(maker, call.card.distance_m)
        return Source(kind=SourceKind.TRACK, track_id=maker.id, distance_m=likely)
    if moments:
        return source_at(moments, observation, distance or call.card.distance_m)
    distance = distance or call.card.distance_m
    return Source(kind=SourceKind.POINT, azimuth_deg=side_of(call), distance_m=distance)


def _likely_distance_m(maker: Track, typical_m: float) -> float:
    """Between what the picture suggests and what is typical: each errs by a factor.

    The track keeps how distance changes; this is its median.
    """
    seen_m = statistics.median(sighting.distance_m for sighting in maker.sightings)
    return max(0.1, round(math.sqrt(seen_m * typical_m), 1))


def _fills(maker: Track, call: Call) -> bool:
    """Whether all the frame moves: that is no place. What passes so is still somewhere."""
    if call.action is Action.PASS:
        return False
    boxes = [sighting.box for sighting in maker.sightings]
    return all(statistics.median(sides) >= _WHOLE for sides in (
        [box.width for box in boxes], [box.height for box in boxes]
    ))  # fmt: skip


def _mostly_of(maker: Track, moments: tuple[Moment, ...]) -> bool:
    """Whether most moments lie on the maker's track, and not on others of other shots."""
    own = sum(moment.track_id == maker.id for moment in moments)
    return own >= _MOSTLY * len(moments)


def source_at(
    moments: tuple[Moment, ...], observation: Observation, distance_m: float | None
) -> Source:
    """A point at the mean place of some moments."""
    weight = sum(moment.confidence for moment in moments) or 1.0
    x = sum(moment.x * moment.confidence for moment in moments) / weight
    azimuth = pinhole_azimuth(x, observation.field_of_view_deg)
    return Source(kind=SourceKind.POINT, azimuth_deg=azimuth, distance_m=distance_m)


def _known(call: Call) -> str:
    """How its sound is known where no word names it."""
    if call.similarity is None:
        return ""
    return f"“{call.card.title}” is the nearest in meaning ({call.similarity:.2f}); "
