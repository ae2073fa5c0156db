"""What to look for in a clip's frames: what its words name, else what usually sounds."""

from typing import TYPE_CHECKING

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import passages
from foley_designer.core.script.brief import Brief
from foley_designer.core.sounds.model import Action

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

USUAL = (
    "person",
    "hand",
    "dog",
    "cat",
    "horse",
    "bird",
    "car",
    "truck",
    "train",
    "motorcycle",
    "bicycle",
    "boat",
    "ball",
    "racket",
    "hammer",
    "knife",
    "drumstick",
    "door",
    "bottle",
    "glass",
    "keyboard",
    "fire",
)
"""Makers of sound that films often show."""
MOST_NAMES = 24
_LONGEST = 40


def names_to_find(brief: Brief, knowledge: "Knowledge") -> tuple[str, ...]:
    """Short names of the visible makers that the words speak of, and people.

    Without such words it is what usually sounds.
    """
    asked = [
        call.words.lower()[:_LONGEST]
        for call in calls(passages(brief), knowledge)
        if call.action is not Action.FILL and not call.is_off_screen
    ]
    if not asked:
        return USUAL
    return tuple(dict.fromkeys([*asked, "person"]))[:MOST_NAMES]
