"""Where a scene plays, and in which tone."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.space import Space


class Tone(Part):
    """Film tone: what the emotion score and the performance follow."""

    valence: float = Field(default=0.0, ge=-1, le=1)
    """-1 dark or sad, +1 bright or glad."""
    arousal: float = Field(default=0.4, ge=0, le=1)
    """0 calm, 1 violent or hectic."""
    words: tuple[str, ...] = ()
    """Tone words found or chosen, such as ``tense``."""


class Setting(Part):
    """Where one scene of a film plays, and how: [start_s, end_s)."""

    scene: str
    """Id of the scene, such as ``s2``."""
    title: str
    """Its heading or first words."""
    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    place: int = Field(ge=0)
    """Scenes with one number play at one place."""
    space: Space
    tone: Tone = Tone()
