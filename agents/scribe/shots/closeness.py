"""Closeness: cloth and breath of who is seen in a close-up, where other shots are wider."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foley_designer.agents.scribe.events import Draft
from foley_designer.agents.scribe.ordering import DRAFT
from foley_designer.core.script.observation import Observation, Shot, ShotSize
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, Source, SourceKind, Span

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

LEAST_S = 1.5
"""A close-up that is shorter is over before a breath."""
BROUGHT = ("clothes rustle", "breathing")
"""What a close-up brings, in words that name a card."""
INTENSITY = 0.3
"""It lies under what the story tells."""


def close_up_drafts(
    observation: Observation, events: Sequence[SoundEvent], knowledge: "Knowledge"
) -> tuple[Draft, ...]:
    """Cloth and breath under the close-ups of a scene of several shots.

    Only shots in which somebody is surely seen have a size that is a close-up's. A kind of sound
    that the scene has already is not doubled.
    """
    film = [shot for shot in observation.shots if shot.has_film]
    close = [
        one for one in film if one.size is ShotSize.CLOSE and one.end_s - one.start_s >= LEAST_S
    ]
    if not close or len(close) == len(film):
        return ()
    there = {event.sound.name for event in events}
    made = (_draft(words, close, knowledge) for words in BROUGHT)
    return tuple(
        draft for draft in made if draft is not None and draft.event.sound.name not in there
    )


def _draft(words: str, shots: Sequence[Shot], knowledge: "Knowledge") -> Draft | None:
    card = next((knowledge.get(mention.card_id) for mention in knowledge.match(words)), None)
    if card is None:
        return None
    spans = tuple(
        Span(start_s=shot.start_s, end_s=shot.end_s, intensity=INTENSITY) for shot in shots
    )
    return Draft(
        SoundEvent(
            id=DRAFT,
            label=words,
            description=f"Soft {words} of who is seen close.",
            subcategory=card.subcategory,
            layer=Layer.BACKGROUND,
            spans=spans,
            source=Source(kind=SourceKind.POINT, distance_m=card.distance_m),
            performance=card.performance,
            confidence=0.5,
            cards=(card.id,),
            reason=f"{len(spans)} close-up(s) bring {words}.",
        )
    )
