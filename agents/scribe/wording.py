"""How a sound is performed and called, from the words and its card."""

import re

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Call
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.script.sound_event import Performance
from foley_designer.core.sounds.model import Action
from foley_designer.core.space import Space

_TRAILING = re.compile(
    r"(?:\s+(?:in|on|at|of|to|with|through|across|along|over|the|a|an|his|her))+$"
)
"""Words that a phrase can't end with."""
_MANY_SURFACES = 3
"""A card that knows this many surfaces is not about one of them."""


def performance(call: Call, space: Space) -> Performance:
    """The card's performance with what the words say instead, on the ground of the space."""
    told = performance_of(call.card, call.scope)
    if surface_of(call.card, call.scope) is None:
        usual = usual_surface(call.card, space)
        if usual is not None:
            return told.model_copy(update={"surface": usual})
    return told


def usual_surface(card: Card, space: Space) -> str | None:
    """The usual ground of a space, where a card of steps leaves the ground open."""
    open_ground = card.sound.action is Action.STEPS and len(card.surfaces) >= _MANY_SURFACES
    if not open_ground:
        return None
    return next((s for s in lexicon.GROUNDS[space] if s in card.surfaces), None)


def performance_of(card: Card, scope: str) -> Performance:
    """A card's performance; words of ``scope`` override it."""
    changes: dict[str, str | float] = {}
    for row in reversed([lexicon.MANNERS[w] for w in lexicon.find(scope, lexicon.MANNERS)]):
        changes |= row
    surface = surface_of(card, scope)
    if surface is not None:
        changes["surface"] = surface
    material = lexicon.look_up(scope, lexicon.MATERIALS)
    if material is not None and card.sound.made_of:
        changes["material"] = material
    shoes = lexicon.look_up(scope, lexicon.SHOES)
    if shoes is not None and card.subcategory is Subcategory.HUMAN_STEPS:
        changes["variant"] = shoes
    return card.performance.model_copy(update=changes)


def surface_of(card: Card, scope: str) -> str | None:
    """The surface that the words name for this sound; one that the card knows goes first."""
    if not card.sound.surfaced:
        return None
    words = lexicon.find(scope, lexicon.SURFACES)
    named = [lexicon.SURFACES[word] for word in words]
    known = [surface for surface in named if surface in card.surfaces]
    return next(iter(known or named), None)


def label_of(call: Call) -> str:
    """A short phrase: the script's words, or the card's title where they say too little."""
    words = _TRAILING.sub("", call.words)
    if len(words.split()) < 2 or len(words) > 60:
        words = call.card.title
    surface = surface_of(call.card, call.scope)
    said = {surface, *(word for word, name in lexicon.SURFACES.items() if name == surface)}
    told = surface is None or not said.isdisjoint(lexicon.tokens(words))
    return (words if told else f"{words} on {surface}")[:80]


def description_of(call: Call) -> str:
    """The sentence that calls for it."""
    sentence = call.sentence[:499].strip(" ,")
    return f"{sentence[:1].upper()}{sentence[1:]}."


def side_of(call: Call) -> float:
    """Azimuth that the words ask for, degrees, positive to the left; 0 where they ask none."""
    return lexicon.look_up(call.scope, lexicon.SIDES) or 0.0


def distance_of(call: Call) -> float | None:
    """Distance that the words ask for, metres, or the card's for what is out of sight."""
    told = lexicon.look_up(call.scope, lexicon.DISTANCES)
    if told is None and not call.is_off_screen and call.action is not Action.FILL:
        return None
    return told or max(call.card.distance_m, 8.0 if call.is_off_screen else 0.1)


def slug(number: int, label: str) -> str:
    """A stable id, such as ``e01_boots_on_gravel``; at most 48 characters."""
    words = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    return f"e{number:02}_{words}"[:48].rstrip("_")
