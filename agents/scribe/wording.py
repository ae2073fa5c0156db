"""How a sound is performed and called, from the words and its card."""

import re

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Call
from foley_designer.agents.scribe.filling import FALLING, filling_of, without_contents
from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Performance
from foley_designer.core.sounds.model import Action
from foley_designer.core.space import Space

_TRAILING = re.compile(
    r"(?:\s+(?:in|on|at|of|to|with|through|across|along|over|the|a|an|his|her))+$"
)
"""Words that a phrase can't end with."""
_FLOOR = re.compile(
    r"(?<!knock )(?<!knocks )(?<!bang )(?<!bangs )(?<!tap )(?<!taps )(?<!pound )(?<!pounds )"
    r"(?<!hammer )(?<!hammers )(?<!beat )(?<!beats )(?<!drum )(?<!drums )(?<!rap )(?<!raps )"
    r"\b(?:on|onto|upon|against|across|over|down)\s+(?:to\s+)?(?:(?:a|an|the|his|her|its)\s+)?[\w\s-]{0,20}?"
    r"\b(?:floor|ground|table|desk|counter|shelf|bench|pavement|stairs|steps|tiles|slab|worktop)\b",
    re.IGNORECASE,
)
"""What a thing falls or is put on, and not what it is made of."""
_UNDER = re.compile(
    r"\b(?:on|onto|upon|over|across|along|through|in|into|against|down|up)\s+((?:[\w-]+\s*){1,4})",
    re.IGNORECASE,
)
"""What something happens on: an iron box that falls on stone steps meets stone."""
_WEIGHT = 0.2
"""How much larger what is full of goods counts when it comes down: more mass stays longer in
contact and strikes the floor harder, by what `mix_planner.levels` gives for size."""
FAR_M = 30.0
"""Distance from which what is off screen belongs to the background."""
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
    material = material_of(scope)
    if material is not None and card.sound.made_of:
        changes["material"] = material
    shoes = lexicon.look_up(scope, lexicon.SHOES)
    if shoes is not None and card.subcategory is Subcategory.HUMAN_STEPS:
        changes["variant"] = shoes
    return _with_filling(card.performance.model_copy(update=changes), card, scope)


def _with_filling(told: Performance, card: Card, scope: str) -> Performance:
    """The performance with how full the words say that the thing is."""
    if card.subcategory is Subcategory.FLOW:  # what pours is not what it pours into
        scope = scope.rpartition("into ")[2] if "into " in scope else ""
    filling = filling_of(scope)
    if filling is None:
        return told
    changes: dict[str, object] = {"fullness": filling.fullness, "contents": filling.contents}
    if FALLING.search(scope) and not filling.is_liquid:
        changes["size"] = min(told.size + _WEIGHT * filling.fullness, 1.0)
    return told.model_copy(update=changes)


def material_of(scope: str) -> str | None:
    """What the words say that the thing itself is made of; the floor under it does not count."""
    return lexicon.look_up(_FLOOR.sub(" ", without_contents(scope)), lexicon.MATERIALS)


def surface_of(card: Card, scope: str) -> str | None:
    """The surface that the words name for this sound; one that the card knows goes first."""
    if not card.sound.surfaced:
        return None
    told = without_contents(scope)
    under = " . ".join(_UNDER.findall(told))
    met, named = (
        [lexicon.SURFACES[word] for word in lexicon.find(part, lexicon.SURFACES)]
        for part in (under, told)
    )
    known = [surface for surface in (met or named) if surface in card.surfaces]
    return next(iter(known or met or named), None)


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
    """Azimuth that the words ask for, degrees, positive to the left; 0 if they ask none."""
    return lexicon.look_up(call.scope, lexicon.SIDES) or 0.0


def distance_of(call: Call) -> float | None:
    """Distance that the words ask for, metres, or the card's for what is out of sight."""
    told = lexicon.look_up(call.scope, lexicon.DISTANCES)
    if told is None and not call.is_off_screen and call.action is not Action.FILL:
        return None
    return told or max(call.card.distance_m, 8.0 if call.is_off_screen else 0.1)
