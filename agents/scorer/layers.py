"""s_layer: are foreground and background apart, and does each event have room?"""

import math
from itertools import combinations
from typing import TYPE_CHECKING

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.scorer.part import Part, together
from foley_designer.agents.scribe.wording import FAR_M
from foley_designer.core.card import Card
from foley_designer.core.category import Category
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.sounds.model import Action
from foley_designer.core.sounds.table import category_of

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

MASKED = 0.6
"""Share of an event's band and time from which a continuous sound hides it."""
ROOM_DB = 3.0
"""Levels this far apart leave the stronger one audible."""


def layering(script: FoleyScript, knowledge: "Knowledge") -> Part:
    """A bed is there, layers are right, nothing doubles or hides another, followers support."""
    parts = (
        (0.25, _bed(script)),
        (0.2, _right(script)),
        (0.15, _doubled(script)),
        (0.2, _masked(script, knowledge)),
        (0.2, _supported(script, knowledge)),
    )
    return together(parts)


def _bed(script: FoleyScript) -> Part:
    if any(e.sound.action is Action.FILL and e.layer is Layer.BACKGROUND for e in script.events):
        return 1.0, []
    return 0.0, [Objection(flaw=Flaw.NO_BACKGROUND, text="No bed lies in the background.")]


def right_layer(event: SoundEvent) -> Layer:
    """Where an event belongs: beds and what is far off screen behind, what is shown in front."""
    if event.sound.action is Action.FILL or event.source.kind is SourceKind.AROUND:
        return Layer.BACKGROUND
    distance = event.source.distance_m or 3.0
    if not event.source.on_screen:
        return Layer.BACKGROUND if distance >= FAR_M else event.layer
    return Layer.FOREGROUND if event.impulsive else event.layer


def _right(script: FoleyScript) -> Part:
    wrong = [event for event in script.events if event.layer is not right_layer(event)]
    objections = [
        Objection(
            flaw=Flaw.WRONG_LAYER,
            text=f"{event.id} lies in the {event.layer.value}; it belongs in the "
            f"{right_layer(event).value}.",
            event_id=event.id,
        )
        for event in wrong
    ]
    return 1.0 - len(wrong) / len(script.events), objections


def _doubled(script: FoleyScript) -> Part:
    twins = [pair for pair in combinations(script.events, 2) if are_twins(*pair)]
    objections = [
        Objection(
            flaw=Flaw.OVERLAPPING_LAYERS,
            text=f"{second.id} doubles {first.id}: same sound, same source, same time.",
            event_id=second.id,
        )
        for first, second in twins
    ]
    return 1.0 - len({second.id for _, second in twins}) / len(script.events), objections


def are_twins(first: SoundEvent, second: SoundEvent) -> bool:
    """Whether two events are the same sound of the same source at the same time."""
    same = (
        first.subcategory is second.subcategory
        and first.source == second.source
        and first.performance.variant == second.performance.variant
    )
    return same and shared_time(first, second) > MASKED


def shared_time(first: SoundEvent, second: SoundEvent) -> float:
    """Share of the second event's time in which the first one sounds, 0..1."""
    if second.hits:
        inside = [hit for hit in second.hits if _sounds_at(first, hit.time_s)]
        return len(inside) / len(second.hits)
    length = sum(span.end_s - span.start_s for span in second.spans)
    common = sum(
        max(0.0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s))
        for a in first.spans
        for b in second.spans
    )
    return common / length


def _sounds_at(event: SoundEvent, time_s: float) -> bool:
    near = any(abs(hit.time_s - time_s) < 0.05 for hit in event.hits)
    return near or any(span.start_s <= time_s < span.end_s for span in event.spans)


def masks(masker: SoundEvent, event: SoundEvent, knowledge: "Knowledge") -> bool:
    """Whether a continuous sound hides a foreground one: band, time and level together."""
    cover, card = card_of(masker, knowledge), card_of(event, knowledge)
    if cover is None or card is None or not masker.spans or event.layer is not Layer.FOREGROUND:
        return False
    if masker.subcategory is event.subcategory or not _gives_way(masker):
        return False
    level = cover.level_lu + masker.gain_db - (6.0 if masker.layer is Layer.BACKGROUND else 0.0)
    quiet = card.level_lu + event.gain_db - level < ROOM_DB
    return quiet and shared_band(cover, card) > MASKED and shared_time(masker, event) > MASKED


def _gives_way(masker: SoundEvent) -> bool:
    """Whether a sound is the lesser one: a bed, or a layer that accompanies."""
    accompanies = category_of(masker.subcategory) is Category.MOVEMENT
    return masker.layer is Layer.BACKGROUND or accompanies


def shared_band(cover: Card, card: Card) -> float:
    """Share of a card's octaves that another card covers, 0..1."""
    low, high = max(cover.low_hz, card.low_hz), min(cover.high_hz, card.high_hz)
    width = math.log2(card.high_hz / card.low_hz) if card.high_hz > card.low_hz else 0.0
    return max(0.0, math.log2(high / low)) / width if width and high > 0 else 0.0


def _masked(script: FoleyScript, knowledge: "Knowledge") -> Part:
    pairs = [
        (masker, event)
        for masker in script.events
        for event in script.events
        if masker.id != event.id and masks(masker, event, knowledge)
    ]
    objections = [
        Objection(
            flaw=Flaw.MASKING,
            text=f"{masker.id} hides {event.id}: same band and time, and no quieter.",
            event_id=masker.id,
        )
        for masker, event in pairs
    ]
    hidden = {event.id for _, event in pairs}
    front = [event for event in script.events if event.layer is Layer.FOREGROUND]
    return (1.0 - len(hidden) / len(front) if front else 1.0), objections


def _supported(script: FoleyScript, knowledge: "Knowledge") -> Part:
    """Share of sounds on screen that have the movement which usually comes with them."""
    wanting = [event for event in script.events if companions(event, knowledge)]
    alone = [event for event in wanting if lacks_company(event, script, knowledge)]
    return (1.0 - len(alone) / len(wanting) if wanting else 1.0), []


def companions(event: SoundEvent, knowledge: "Knowledge") -> tuple[Card, ...]:
    """Movement that usually comes with a sound on screen, such as cloth, by its card."""
    card = card_of(event, knowledge)
    if card is None or not event.source.on_screen:
        return ()
    known = {other.id: other for other in knowledge.cards}
    cards = [known[card_id] for card_id in card.follows if card_id in known]
    return tuple(o for o in cards if category_of(o.subcategory) is Category.MOVEMENT)


def lacks_company(event: SoundEvent, script: FoleyScript, knowledge: "Knowledge") -> bool:
    """Whether movement usually comes with an event, and the script has none."""
    moving = (category_of(other.subcategory) is Category.MOVEMENT for other in script.events)
    return bool(companions(event, knowledge)) and not any(moving)


def card_of(event: SoundEvent, knowledge: "Knowledge") -> Card | None:
    """The event's first card that is known."""
    known = {card.id: card for card in knowledge.cards}
    return next((known[card_id] for card_id in event.cards if card_id in known), None)
