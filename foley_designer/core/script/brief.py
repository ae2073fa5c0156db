"""The brief (V, F): what agents are given about one clip. All text in it is data."""

from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import FilmScene
from foley_designer.core.script.screenplay import ScriptScene


class Brief(Document):
    """What was seen, the scene that fits, and what a person said about the clip."""

    SCHEMA: ClassVar[str] = "brief"

    observation: Observation
    scene: ScriptScene | None = None
    description: str | None = None
    """One or two sentences by a person, such as ``a hammer forges a spoon``."""
    scenes: tuple[FilmScene, ...] = ()
    """Scenes of the film, where it has several; each has its own words then."""
    starts_s: float = Field(default=0.0, ge=0, exclude=True)
    """Where the observation starts in the clip's file: not at 0 in the brief of a single scene,
    which lives no longer than its agents' work."""

    @property
    def texts(self) -> tuple[ScriptScene, ...]:
        """The words of the screenplay: of the one scene, or of each."""
        told = (self.scene, *(scene.text for scene in self.scenes))
        return tuple(text for text in told if text is not None)
