"""Order and ids of events."""

import re

from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import SoundEvent

_NUMBER = re.compile(r"e(\d+)_")
DRAFT = "draft"
"""Id of an event that has none yet."""


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
