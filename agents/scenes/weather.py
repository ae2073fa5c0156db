"""Weather through walls: what falls and blows outside a house is heard inside it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from foley_designer.agents.scenes.parts import Part
from foley_designer.core.category import Subcategory
from foley_designer.core.script.sound_event import SoundEvent, Span
from foley_designer.core.script.structured_text import StructuredText

WEATHER = frozenset({Subcategory.RAIN, Subcategory.WIND})
_FAINT = 0.6
"""Intensity of weather inside, of that outside."""


def through_walls(
    written: Sequence[tuple[Part, StructuredText]],
) -> list[tuple[Part, StructuredText]]:
    """The scenes with the weather of a neighbouring exterior of the same place, behind its walls.

    ``EXT. HUT`` beside ``INT. HUT`` is the same house in the same weather; where the inside names
    weather itself, its own words stand.
    """
    found = list(written)
    for one, other in pairwise(range(len(written))):
        for outside, inside in ((one, other), (other, one)):
            part, text = found[inside]
            if not _is_house(written[outside][0], part) or _weather(text.events):
                continue
            heard = tuple(_muffled(e, part.seconds) for e in _weather(written[outside][1].events))
            if heard:
                found[inside] = part, text.model_copy(update={"events": (*text.events, *heard)})
    return found


def _weather(events: Sequence[SoundEvent]) -> list[SoundEvent]:
    return [event for event in events if event.subcategory in WEATHER and event.spans]


def _is_house(outside: Part, inside: Part) -> bool:
    """Whether one scene plays before the house that the other one plays in."""
    out, here = outside.scene.text, inside.scene.text
    if out is None or here is None or out.interior is not False or here.interior is not True:
        return False
    words = (set(re.findall(r"\w{3,}", text.place.lower())) for text in (out, here))
    return bool(set.intersection(*words)) or here.time_of_day in ("continuous", "same")


def _muffled(event: SoundEvent, seconds: float) -> SoundEvent:
    strength = max(span.intensity for span in event.spans)
    label = f"{event.label} through the wall"[:80]
    return event.model_copy(
        update={
            "id": f"e90_{event.subcategory.value}_outside",
            "label": label,
            "description": f"{label}, muffled, from outside the house.",
            "spans": (Span(start_s=0.0, end_s=seconds, intensity=_FAINT * strength),),
            "reason": f"The scene outside the same house has it ({event.label}).",
        }
    )
