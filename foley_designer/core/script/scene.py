"""Scenes of a film: stretches that play at one place, and the words that tell them."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Document, Part
from foley_designer.core.note import Note
from foley_designer.core.script.screenplay import ElementKind, ScriptScene


class SettledBy(StrEnum):
    """What decided which words tell a scene."""

    PICTURE = "picture"
    """What the shots show, beside the order of the text."""
    MODEL = "model"
    """What a model says that saw the shots, beside the order of the text."""
    ORDER = "order"
    """The order of the text alone: the shots show nothing that tells its scenes apart."""
    TIMES = "times"
    """Times that the text gives."""
    PERSON = "person"
    """A scenes file that was given."""


class FilmScene(Part):
    """One scene as the film shows it, [start_s, end_s)."""

    id: str = Field(pattern=r"^s[0-9]{1,4}$")
    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    place: int = Field(ge=0)
    """Scenes with one number play at one place and share its ambience; 0 is black or a title."""
    text: ScriptScene | None = None
    """The words that tell it; elements that belong to some of its shots carry their times."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    """How surely these words and not others tell it."""
    settled_by: SettledBy = SettledBy.PICTURE

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end_s <= self.start_s:
            raise ValueError(f"scene {self.id} ends at {self.end_s} s, not after its start")
        return self

    @property
    def has_film(self) -> bool:
        """Whether anything can sound in it: titles and black are silent."""
        return self.place > 0

    @property
    def has_words(self) -> bool:
        """Whether any words tell it."""
        return self.text is not None and bool(self.text.heading or self.text.elements)

    @property
    def title(self) -> str:
        """Its heading, else its first words, else its id."""
        if self.text is None:
            return self.id if self.has_film else "title or black"
        return self.text.heading or self.text.action.strip()[:60] or self.id


class SceneMap(Document):
    """All scenes of a film, without gaps, and what of the text found no shot."""

    SCHEMA: ClassVar[str] = "scene-map"

    clip: str
    """The clip's file name."""
    clip_sha256: str
    scenes: tuple[FilmScene, ...] = Field(min_length=1)
    unplaced: tuple[str, ...] = ()
    """Headings or lines of the text that no shot tells."""
    lines_left: int = Field(default=0, ge=0)
    """Lines of action in them."""
    notes: tuple[Note, ...] = ()

    @property
    def in_numbers(self) -> str:
        """How many lines found no picture, how much film no words tell; empty if all is told."""
        texts = [scene.text for scene in self.scenes if scene.text is not None]
        told = sum(e.kind is ElementKind.ACTION for text in texts for e in text.elements)
        left = max(self.lines_left, len(self.unplaced))
        silent = [scene for scene in self.scenes if scene.has_film and not scene.has_words]
        seconds = sum(scene.end_s - scene.start_s for scene in silent)
        parts = [f"{left} of {told + left} lines found no picture" if left else ""]
        parts.append(f"no words tell {len(silent)} scene(s), {seconds:.1f} s" if silent else "")
        return "; ".join(part for part in parts if part)

    @model_validator(mode="after")
    def _gapless(self) -> Self:
        ids = [scene.id for scene in self.scenes]
        if len(ids) != len(set(ids)):
            raise ValueError("scene ids must differ from each other")
        for one, other in zip(self.scenes, self.scenes[1:], strict=False):
            if abs(one.end_s - other.start_s) > 1e-3:
                raise ValueError(
                    f"scene {one.id} ends at {one.end_s} s, {other.id} starts at {other.start_s} s"
                )
        return self
