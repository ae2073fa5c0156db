"""What words say that a picture would show: traits, light, movement."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from foley_designer.agents import lexicon
from foley_designer.agents.aligner.naming import without_names
from foley_designer.core.script.observation import PlaceTrait
from foley_designer.core.script.screenplay import ElementKind, ScriptScene


def _words(rows: dict[str, float]) -> dict[str, float]:
    return {
        word.replace("_", " "): value for words, value in rows.items() for word in words.split()
    }


TRAITS: dict[PlaceTrait, dict[str, float]] = {
    PlaceTrait.SNOW: _words({
        "snow snowy snowfield blizzard snowstorm winter ski skis glacier snowmobile sledge": 1.0,
        "ice icy frozen frost mountain mountains peak peaks": 0.6,
    }),
    PlaceTrait.SAND: _words({
        "desert sand sands sandy dune dunes": 1.0,
        "beach shore savannah savanna steppe dust dusty arid ranch": 0.6,
        "dirt lion camel quarry": 0.4,
    }),
    PlaceTrait.GREEN: _words({
        "grass grassy meadow pasture lawn forest woods woodland jungle garden park": 1.0,
        "field glade orchard hedge hill hills clearing leaves bushes bush": 0.8,
        "tree trees branch path trail court yard farm pen sheep cow bull horse coop": 0.4,
    }),
    PlaceTrait.SKY: _words({
        "sky skies clouds cloud horizon airborne": 1.0,
        "flies flying fly wings soars soaring rooftop rooftops roofs tower aircraft plane": 0.6,
        "mountain mountains desert sea field hill": 0.3,
    }),
    PlaceTrait.WATER: _words({
        "underwater sea ocean lake divers diver dive diving whale dolphin": 1.0,
        "river stream brook shore pool water waves wave waterfall harbour harbor": 0.7,
        "boat ship beach rain": 0.4,
    }),
    PlaceTrait.FIRE: _words({
        "fire fires campfire bonfire flame flames blaze burning burns torch torches embers": 1.0,
        "fireworks firework explosion explodes lava": 0.8,
        "forge smithy candle candles lantern glowing hearth fireplace sunset": 0.4,
    }),
}  # fmt: skip
"""How surely a word is about what a picture shows, by trait."""
_NIGHT = _words({"night midnight moonlight moonlit nighttime": 1.0, "evening dusk dark": 0.6})
_DAY = _words({"day morning noon midday afternoon daylight sunlight sunny": 1.0, "dawn": 0.3})
_LIVELY = _words({
    "race races racing chase chases runs run running drives driving rushes fight fights": 1.0,
    "duel battle attack attacks roars gallops speeds bursts plays crowd flies swings": 0.7,
    "walks hammers hits trots dances waves jumps hops": 0.4,
})  # fmt: skip
_CALM = _words({
    "lies sits stands sleeps asleep rests waits still quiet silent calm calmly hang": 1.0,
    "watches looks listens slowly perch": 0.6,
})  # fmt: skip


_PEOPLE = _words({
    "man men woman women boy boys girl girls child children baby babies toddler person people": 1.0,
    "he she his her him hers himself herself they someone somebody everyone nobody": 1.0,
    "hand hands finger fingers face faces couple family friend friends stranger audience": 1.0,
    "crowd player players drummer rider driver guard guards soldier soldiers teacher worker": 1.0,
    "blacksmith smith cook dancer singer diver divers guest guests nurse doctor sailor hunter": 1.0,
})  # fmt: skip
INDOOR_LIGHT = 0.7
"""How much day and night tell of an interior's light: rooms are lit at night."""


class Telling(NamedTuple):
    """What one text says that a picture would show."""

    traits: dict[PlaceTrait, float]
    """0..1; traits that it names."""
    outdoors: float
    """1 exterior, -1 interior, 0 unsaid."""
    light: float
    """1 day, -1 night, 0 unsaid."""
    action: float
    """1 lively, -1 calm."""
    people: float
    """1 if it tells of people, else 0."""
    words: str
    """Place and action without names of people, which is held against what pictures are named."""
    length: int
    """Characters of action."""


def telling_of(scene: ScriptScene, names: Sequence[str] = ()) -> Telling:
    """What a scene says in its heading and its action.

    Args:
        scene: the text.
        names: of the script's characters.
    """
    action = lexicon.without_speech(scene.action)
    text = f"{scene.place}. {action}"
    traits = {
        trait: value for trait, words in TRAITS.items() if (value := _strength(text, words)) > 0
    }
    if max(traits.get(PlaceTrait.SNOW, 0.0), traits.get(PlaceTrait.SAND, 0.0)) >= 0.6:
        traits.pop(PlaceTrait.GREEN, None)  # a field of snow, trees in a desert
    return Telling(
        traits=traits,
        outdoors=_outdoors(scene, text, traits),
        light=_balance(f"{scene.time_of_day}. {text}", _DAY, _NIGHT)
        * (INDOOR_LIGHT if scene.interior else 1.0),
        action=_balance(action, _LIVELY, _CALM),
        people=_people(scene, action, names),
        words=without_names(text, names),
        length=max(1, len(action)),
    )


def _people(scene: ScriptScene, action: str, names: Sequence[str]) -> float:
    """Whether people are in it: somebody speaks, is named, or a word says so."""
    speaks = any(element.kind is ElementKind.CHARACTER for element in scene.elements)
    named = any(re.search(rf"\b{re.escape(name)}\b", action, re.IGNORECASE) for name in names)
    return float(speaks or named or _strength(action, _PEOPLE) > 0)


def _strength(text: str, words: dict[str, float]) -> float:
    return max((words[word] for word in lexicon.find(text, words)), default=0.0)


def _balance(text: str, more: dict[str, float], less: dict[str, float]) -> float:
    return _strength(text, more) - _strength(text, less)


def _outdoors(scene: ScriptScene, text: str, traits: dict[PlaceTrait, float]) -> float:
    """By the heading, else by the places that are named."""
    if scene.interior is not None:
        return -1.0 if scene.interior else 1.0
    space = lexicon.look_up(text, lexicon.SPACES)
    if space is not None:
        from foley_designer.core.space import ACOUSTICS  # noqa: PLC0415

        return 0.8 if ACOUSTICS[space].outdoors else -0.8
    open_air = {PlaceTrait.SNOW, PlaceTrait.SAND, PlaceTrait.GREEN, PlaceTrait.SKY} & traits.keys()
    return 0.5 if open_air else 0.0
