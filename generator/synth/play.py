"""What an instrument is told: the performance in words that it knows and numbers."""

from typing import NamedTuple

from foley_designer.core.liquids import LIQUIDS
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.generator.synth.words import Words, resolve, tokens


class Play(NamedTuple):
    """A performance, resolved."""

    variant: str
    surface: str
    material: str
    force: float = 0.6
    size: float = 0.5
    speed: float = 0.5
    wetness: float = 0.0
    fullness: float = 0.0
    liquid: bool = True
    """Whether what fills it is a liquid, which loads its wall rather than damping it."""


class _Mood(NamedTuple):
    """What a mood changes: force, speed."""

    force: float
    speed: float


_MOODS: dict[str, _Mood] = {
    "gentle": _Mood(-0.2, -0.15),
    "calm": _Mood(-0.15, -0.15),
    "tender": _Mood(-0.2, -0.15),
    "sad": _Mood(-0.1, -0.2),
    "eerie": _Mood(-0.1, -0.2),
    "sneaky": _Mood(-0.3, -0.25),
    "tense": _Mood(0.1, -0.1),
    "comic": _Mood(0.1, 0.2),
    "playful": _Mood(0.0, 0.15),
    "urgent": _Mood(0.15, 0.25),
    "angry": _Mood(0.3, 0.15),
    "violent": _Mood(0.35, 0.2),
    "epic": _Mood(0.25, 0.0),
}


def known_moods() -> tuple[str, ...]:
    """Moods that change a performance."""
    return tuple(_MOODS)


def resolve_play(event: SoundEvent, words: Words) -> Play:
    """The event's performance in an instrument's own words.

    A field's own word decides; then the other fields; then the event's label.
    """
    told = event.performance

    def pick(own: str | None, known: tuple[str, ...]) -> str:
        return resolve((own, told.variant, told.surface, told.material, event.label), known)

    moods = [_MOODS[word] for word in tokens(told.mood or "") if word in _MOODS][:1]
    mood = moods[0] if moods else _Mood(0.0, 0.0)
    return Play(
        variant=pick(told.variant, words.variants),
        surface=pick(told.surface, words.surfaces),
        material=pick(told.material, words.materials),
        force=min(max(told.force + mood.force, 0.0), 1.0),
        size=told.size,
        speed=min(max(told.speed + mood.speed, 0.0), 1.0),
        wetness=max(told.wetness, 0.5 * _sounds_wet(told.surface, told.variant)),
        fullness=told.fullness,
        liquid=told.contents in LIQUIDS,
    )


def _sounds_wet(*texts: str | None) -> bool:
    """Whether a field says so in a word."""
    return any(
        word in ("wet", "soaked", "damp", "rainy") for text in texts for word in tokens(text or "")
    )
