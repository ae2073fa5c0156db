"""s_emotion: is the script played in the tone of the scene?"""

import math

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.agents.lexicon import MOODS, TONES, Feeling, mood_for
from foley_designer.agents.scorer.part import Part
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.setting import Tone
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.structured_text import StructuredText

_UNPLAYED = Feeling(0.05, 0.4)
"""What an event without a mood conveys: nothing in particular."""
_FAR = 0.15
"""Distance from the tone at which a mood contradicts it."""
_CONTRARY = 0.45
"""Distance at which nothing of the tone is left."""
_CALM = 0.4
"""Arousal at which sounds are played as their cards say."""


def emotion(script: FoleyScript, text: StructuredText) -> Part:
    """How near moods and forces of the foreground lie to the tone."""
    tone = text.tone
    asked = mood_for(tone.valence, tone.arousal)
    shares = []
    objections = []
    for event in script.foreground or script.events:
        distance = 0.0 if _plays(event, asked) else _distance(tone, feeling_of(event))
        effort = 1.0 - abs(event.performance.force - force_for(event, text))
        shares.append(max(0.0, 1.0 - distance / _CONTRARY) * (0.6 + 0.4 * effort))
        if distance > _FAR:
            played = event.performance.mood or "without a mood"
            said = f"{event.id} is played {played}; the scene is {asked}."
            objections.append(Objection(flaw=Flaw.WRONG_EMOTION, text=said, event_id=event.id))
    return (sum(shares) / len(shares) + min(shares)) / 2, objections


def _plays(event: SoundEvent, mood: str) -> bool:
    return (event.performance.mood or "neutral") == mood


def feeling_of(event: SoundEvent) -> Feeling:
    """What the event's mood conveys."""
    mood = event.performance.mood or ""
    return MOODS.get(mood) or TONES.get(mood) or _UNPLAYED


def force_for(event: SoundEvent, text: StructuredText) -> float:
    """The force that the tone asks of an event: T's, raised by arousal, 0..1.

    An event that T does not have and that was voiced already is played as the tone asks.
    """
    told = next((e.performance.force for e in text.events if e.id == event.id), None)
    if told is None and event.performance.mood is not None:
        return event.performance.force
    base = event.performance.force if told is None else told
    return max(0.05, min(1.0, base + 0.5 * (text.tone.arousal - _CALM)))


def _distance(tone: Tone, feeling: Feeling) -> float:
    return math.hypot((tone.valence - feeling.valence) / 2, tone.arousal - feeling.arousal)
