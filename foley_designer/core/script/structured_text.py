"""FilmScribe's structured text T (paper, section 3.1): what is seen, which events it calls for."""

from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document
from foley_designer.core.script.setting import Setting, Tone
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space


class StructuredText(Document):
    """T: descriptions of the shots, and the sound events that they call for."""

    SCHEMA: ClassVar[str] = "structured-text"

    summary: str = Field(max_length=2000)
    """What happens, in a few sentences."""
    shots: tuple[str, ...] = ()
    """One description a shot, in order."""
    space: Space
    outdoors: bool
    tone: Tone = Tone()
    settings: tuple[Setting, ...] = ()
    """Of a film of several scenes, in order; empty if all is one scene."""
    events: tuple[SoundEvent, ...] = ()
    open_points: tuple[str, ...] = ()
    """What the validator still objected to when agreement or the budget ended the loop."""
