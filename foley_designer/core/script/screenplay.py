"""The film script F: scenes of typed elements, each with its line in the source."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document, Part


class ElementKind(StrEnum):
    """What a paragraph of a screenplay is."""

    ACTION = "action"
    CHARACTER = "character"
    PARENTHETICAL = "parenthetical"
    DIALOGUE = "dialogue"
    TRANSITION = "transition"


class Element(Part):
    """One paragraph."""

    kind: ElementKind
    text: str
    line: int = Field(ge=1)
    """First line in the source file."""
    start_s: float | None = None
    """Start in the clip, where the source is timed (VTT, SRT)."""
    end_s: float | None = None


class ScriptScene(Part):
    """One scene: its heading, taken apart, and its elements."""

    heading: str = ""
    interior: bool | None = None
    """INT. is True, EXT. is False, anything else None."""
    place: str = ""
    time_of_day: str = ""
    line: int = Field(default=1, ge=1)
    elements: tuple[Element, ...] = ()

    @property
    def action(self) -> str:
        """The action lines, joined."""
        return "\n".join(e.text for e in self.elements if e.kind is ElementKind.ACTION)


class Screenplay(Document):
    """A parsed screenplay or description file."""

    SCHEMA: ClassVar[str] = "screenplay"

    title: str = ""
    format: str
    """``fountain``, ``fdx``, ``prose``, ``vtt`` or ``srt``."""
    scenes: tuple[ScriptScene, ...] = ()
