"""The bed: the ambience that lies under the whole clip."""

from typing import TYPE_CHECKING

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.ordering import DRAFT
from foley_designer.agents.scribe.places import beds_of, is_elsewhere
from foley_designer.agents.scribe.setting import is_night
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import SoundEvent, Source, SourceKind, Span
from foley_designer.core.space import ACOUSTICS, Space

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

_NEARLY = 0.8


def is_bed(event: SoundEvent, duration_s: float) -> bool:
    """Whether an event is an ambience that lies under nearly the whole clip."""
    length = sum(span.end_s - span.start_s for span in event.spans)
    return event.subcategory is Subcategory.AMBIENCE and length >= _NEARLY * duration_s


def bed_event(brief: Brief, space: Space, knowledge: "Knowledge") -> SoundEvent:
    """The ambience of a space, from the clip's start to its end, without an id."""
    card = bed_of(brief, space, knowledge)
    place = "place" if space is Space.UNKNOWN else space.value.replace("_", " ")
    return SoundEvent(
        id=DRAFT,
        label=card.title if card else f"{place} ambience",
        description=f"Quiet ambience of the {place}, steady under the whole scene.",
        subcategory=Subcategory.AMBIENCE,
        layer=Layer.BACKGROUND,
        spans=(Span(start_s=0.0, end_s=brief.observation.clip.duration_s, intensity=0.5),),
        source=Source(kind=SourceKind.AROUND, on_screen=False),
        performance=card.performance if card else Performance(),
        confidence=0.8,
        cards=(card.id,) if card else (),
        reason=f"Every place has a sound of its own: the {place} of this scene.",
    )


def bed_of(brief: Brief, space: Space, knowledge: "Knowledge") -> Card | None:
    """The ambience card that fits best: its variant to the space, its triggers to the words."""
    cards = [card for card in knowledge.cards if card.subcategory is Subcategory.AMBIENCE]
    if not cards:
        return None
    told = {mention.card_id for mention in knowledge.match(_told(brief, space))}
    named = {mention.card_id for mention in knowledge.match(space.value.replace("_", " "))}
    interior = None if brief.scene is None else brief.scene.interior
    here = [card for card in cards if not is_elsewhere(card, interior)]
    return max(
        here or cards,
        key=lambda card: (card.id in told, card.id in named, _suits(card, space)),
    )


def _suits(card: Card, space: Space) -> float:
    """How well a card's variant fits a space; more where it is that variant by name."""
    variants = beds_of(space)
    variant = card.performance.variant
    if variant is None or variant not in variants:
        return 0.0
    return 3.0 - 0.5 * variants.index(variant) + 0.25 * (variant in lexicon.tokens(card.title))


def _told(brief: Brief, space: Space) -> str:
    """The words that say where and when."""
    scene = brief.scene
    told = [brief.description or ""]
    if scene:
        told.append(scene.place)
    if ACOUSTICS[space].outdoors and is_night(brief):
        told.append("night")
    return ". ".join(told)
