"""A knowledge card: how one sound is performed, as data that retrieval, rules and prompts share."""

from pydantic import Field

from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Part
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.sounds.model import SoundClass
from foley_designer.core.sounds.table import sound_of


class Card(Part):
    """One file of ``memory/knowledge`` or of a user's folder: front matter and a body."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")
    title: str = Field(min_length=3, max_length=80)
    subcategory: Subcategory
    layer: Layer
    triggers: tuple[str, ...] = Field(min_length=1)
    """Words and phrases, lower case, singular or stem, that call this sound up in a script."""
    performance: Performance = Performance()
    """Defaults that the words of a script override."""
    surfaces: tuple[str, ...] = ()
    """Surfaces or materials that change it."""
    level_lu: float = Field(default=-8.0, ge=-30, le=6)
    """Typical loudness against dialogue, LU."""
    distance_m: float = Field(default=3.0, gt=0)
    """Typical distance where the picture says nothing."""
    low_hz: float = Field(default=80, ge=20)
    """Lower edge of where its energy lives."""
    high_hz: float = Field(default=8000, le=20000)
    """Upper edge of where its energy lives."""
    moods: tuple[str, ...] = ()
    """Tones that it serves."""
    follows: tuple[str, ...] = ()
    """Ids of cards that usually come with it, such as cloth with footsteps."""
    sources: tuple[str, ...] = ()
    """Where the knowledge comes from."""
    body: str = Field(min_length=40)
    """How it is performed, layers, perspective, mistakes: Markdown."""

    @property
    def sound(self) -> SoundClass:
        """The row of what it performs."""
        return sound_of(self.subcategory, self.performance.variant)

    @property
    def impulsive(self) -> bool:
        """Whether it is timed by hits."""
        return self.sound.impulsive
