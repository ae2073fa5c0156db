"""Refinement: targeted adjustments for correctable flaws (paper, section 3.1).

An operator returns the changed events and says why, or None if it has nothing to do.
"""

from foley_designer.agents import lexicon
from foley_designer.agents.interfaces import Flaw
from foley_designer.agents.scorer.alignment import is_vague
from foley_designer.agents.scorer.layers import are_twins, card_of, right_layer
from foley_designer.agents.scribe.ordering import numbered
from foley_designer.agents.script_writer.context import Change, Context
from foley_designer.core.script.performance import Performance
from foley_designer.core.script.sound_event import SoundEvent

_DUCK_DB = 4.0
_LOWEST_DB = -12.0


def missing_surface(context: Context) -> Change | None:
    """Name the surface: from the scene's words, else from what the card and the place suggest."""
    bare = context.flawed(Flaw.MISSING_SURFACE)
    changed = {}
    for event in context.script.events:
        if event.id in bare:
            surface = _likely_surface(event, context)
            changed[event.id] = _performed(event, surface=surface)
    return _change(context, changed, "Named the surface of")


def _likely_surface(event: SoundEvent, context: Context) -> str:
    card = card_of(event, context.knowledge)
    known = card.surfaces if card else ()
    scene = context.brief.scene
    told = f"{context.brief.description or ''} {scene.place if scene else ''}"
    words = [lexicon.SURFACES[word] for word in lexicon.find(told, lexicon.SURFACES)]
    usual = lexicon.GROUNDS[context.text.space]
    candidates = [*words, *(ground for ground in usual if ground in known), *known, *usual, "wood"]
    return candidates[0]


def ambiguous_description(context: Context) -> Change | None:
    """Say how it sounds: the thing, its surface, the effort, the place."""
    changed = {
        event.id: event.model_copy(update={"description": _telling(event, context)})
        for event in context.script.events
        if is_vague(event)
    }
    return _change(context, changed, "Said how it sounds for")


def _telling(event: SoundEvent, context: Context) -> str:
    play = event.performance
    card = card_of(event, context.knowledge)
    effort = "light" if play.force < 0.35 else "hard" if play.force > 0.7 else "firm"
    parts = [card.title.lower() if card else event.label.lower(), effort]
    if play.surface:
        parts.append(f"on {play.surface}")
    if play.material:
        parts.append(f"of {play.material}")
    place = context.text.space.value.replace("_", " ")
    said = event.description.rstrip(". ")
    return f"{said}: {', '.join(parts)}, in a {place}."[:500]


def overlapping_layers(context: Context) -> Change | None:
    """Drop the event that doubles another one."""
    kept: list[SoundEvent] = []
    for event in context.script.events:
        if not any(are_twins(other, event) for other in kept):
            kept.append(event)
    dropped = [event.id for event in context.script.events if event not in kept]
    if not dropped:
        return None
    return Change(tuple(kept), f"Dropped what doubles another event: {', '.join(dropped)}.")


def masking(context: Context) -> Change | None:
    """Turn down what hides a foreground event."""
    changed = {}
    for event in context.script.events:
        if event.id in context.flawed(Flaw.MASKING) and event.gain_db > _LOWEST_DB:
            gain = max(_LOWEST_DB, event.gain_db - _DUCK_DB)
            changed[event.id] = event.model_copy(update={"gain_db": gain})
    return _change(context, changed, "Made room by turning down")


def wrong_layer(context: Context) -> Change | None:
    """Put events into the layer where they belong."""
    changed = {
        event.id: event.model_copy(update={"layer": right_layer(event)})
        for event in context.script.events
        if event.layer is not right_layer(event)
    }
    return _change(context, changed, "Changed the layer of")


def diegetic_separation(context: Context) -> Change | None:
    """Mark what only a character hears, or nobody in the scene, as non-diegetic."""
    changed = {
        event.id: event.model_copy(update={"diegetic": False})
        for event in context.script.events
        if event.diegetic and lexicon.find(event.description, lexicon.INNER)
    }
    return _change(context, changed, "Told apart from the scene's own sounds:")


def _performed(event: SoundEvent, **changes: object) -> SoundEvent:
    play: Performance = event.performance.model_copy(update=changes)
    return event.model_copy(update={"performance": play})


def _change(context: Context, changed: dict[str, SoundEvent], what: str) -> Change | None:
    if not changed:
        return None
    events = tuple(changed.get(event.id, event) for event in context.script.events)
    return Change(numbered(events), f"{what} {', '.join(changed)}.")
