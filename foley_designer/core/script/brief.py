"""The brief (V, F): what agents are given about one clip. All text in it is data."""

from typing import ClassVar

from foley_designer.core.documents import Document
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.screenplay import ScriptScene


class Brief(Document):
    """What was seen, the scene that fits, and what a person said about the clip."""

    SCHEMA: ClassVar[str] = "brief"

    observation: Observation
    scene: ScriptScene | None = None
    description: str | None = None
    """One or two sentences by a person, such as ``a hammer forges a spoon``."""
