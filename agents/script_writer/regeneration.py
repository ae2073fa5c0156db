"""Regeneration: siblings under revised constraints for fundamental flaws (paper, section 3.1)."""

from foley_designer.agents.interfaces import Flaw
from foley_designer.agents.lexicon import MOODS, mood_for
from foley_designer.agents.scorer.emotion import force_for
from foley_designer.agents.script_writer.context import Change, Context
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.sounds.model import Action

_SURE = 0.5
"""Confidence that an event needs in a rebuilt script."""


def tone(context: Context) -> Change | None:
    """Voice every foreground performance anew in the tone of the scene."""
    if not context.has(Flaw.WRONG_EMOTION):
        return None
    feeling = context.text.tone
    mood = mood_for(feeling.valence, feeling.arousal)
    speed = 0.3 * (feeling.arousal - MOODS["neutral"].arousal)
    told = {event.id: event.performance.speed for event in context.text.events}
    events = tuple(
        event.model_copy(
            update={
                "performance": event.performance.model_copy(
                    update={
                        "mood": mood,
                        "force": force_for(event, context.text),
                        "speed": _held(told.get(event.id, event.performance.speed) + speed),
                    }
                )
            }
        )
        if event.layer is Layer.FOREGROUND and event.performance.mood != mood
        else event
        for event in context.script.events
    )
    if events == context.script.events:
        return None
    return Change(events, f"Played all events {mood}, as the scene's tone asks.")


def structure(context: Context) -> Change | None:
    """Rebuild from T with the constraint that every event is sure, and beds stay."""
    if not context.has(Flaw.INCOHERENT):
        return None
    sure = tuple(event for event in context.text.events if _is_sure(event))
    if not sure or {e.id for e in sure} == {e.id for e in context.script.events}:
        return None
    return Change(sure, f"Rebuilt from what is sure: {len(sure)} event(s).")


def _is_sure(event: SoundEvent) -> bool:
    return event.confidence >= _SURE or event.sound.action is Action.FILL


def _held(value: float) -> float:
    return max(0.0, min(1.0, value))
