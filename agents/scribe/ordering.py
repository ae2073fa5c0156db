"""Order, layers and ids of events."""

import re

from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.sounds.model import Action

_NUMBER = re.compile(r"e(\d+)_")
DRAFT = "draft"
"""Id of an event that has none yet."""


def with_a_front(events: tuple[SoundEvent, ...]) -> tuple[SoundEvent, ...]:
    """The same, with what runs on screen in front if nothing else is.

    An idling engine or a fan lies behind what people do; a shot of nothing but the engine is about
    the engine.
    """
    if any(event.layer is Layer.FOREGROUND for event in events):
        return events
    return tuple(
        event.model_copy(update={"layer": Layer.FOREGROUND}) if _is_shown(event) else event
        for event in events
    )


def _is_shown(event: SoundEvent) -> bool:
    around = event.source.kind is SourceKind.AROUND or event.sound.action is Action.FILL
    return event.source.on_screen and not around


def numbered(events: tuple[SoundEvent, ...]) -> tuple[SoundEvent, ...]:
    """Events in cue-sheet order, drafts with ids; ids that stand are kept."""
    ordered = sorted(
        events, key=lambda e: (e.layer is not Layer.FOREGROUND, e.start_s, e.end_s, e.label)
    )
    numbers = (_NUMBER.match(event.id) for event in ordered)
    number = max((int(match[1]) for match in numbers if match), default=0)
    named = []
    for event in ordered:
        if event.id != DRAFT:
            named.append(event)
            continue
        number += 1
        named.append(event.model_copy(update={"id": slug(number, event.label)}))
    return tuple(named)


def slug(number: int, label: str) -> str:
    """A stable id, such as ``e01_boots_on_gravel``; at most 48 characters."""
    words = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    return f"e{number:02}_{words}"[:48].rstrip("_")
