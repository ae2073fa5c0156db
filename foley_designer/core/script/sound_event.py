"""A sound event: what sounds, when, where from, and how it is performed."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.documents import Part
from foley_designer.core.mix.treatment import Treatment
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.sounds.model import SoundClass
from foley_designer.core.sounds.table import category_of, sound_of, ucs_id


class Hit(Part):
    """One instant at which an event sounds."""

    time_s: float = Field(ge=0)
    """When the sound begins: the first sample of the attack."""
    strength: float = Field(default=0.7, ge=0, le=1)
    """How hard, 0 barely to 1 as hard as this source can."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    moment_id: str | None = None
    """The moment of visible impact that this hit performs, if one."""
    gain_db: float = Field(default=0.0, ge=-40, le=24)
    """An editor's wish for this hit alone: a ride on the take, until the next hit."""
    azimuth_deg: float = Field(default=0.0, ge=-180, le=180)
    """Degrees that this hit lies off its source's place, positive to the left."""


class Span(Part):
    """A stretch of time in which an event sounds, [start_s, end_s)."""

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    intensity: float = Field(default=0.7, ge=0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end_s <= self.start_s:
            raise ValueError(f"span ends at {self.end_s} s, before its start {self.start_s} s")
        return self


class SourceKind(StrEnum):
    """Where an event's place comes from."""

    TRACK = "track"
    """It follows a track in the picture."""
    POINT = "point"
    """It stays at one place that is given."""
    AROUND = "around"
    """It has no place: ambience, rain, wind."""


class Source(Part):
    """Where an event sounds from."""

    kind: SourceKind
    track_id: str | None = None
    azimuth_deg: float = Field(default=0.0, ge=-180, le=180)
    """Degrees, 0 screen centre, positive to the left. For a track: an offset to its place."""
    distance_m: float | None = Field(default=None, gt=0, le=20_000)
    """Metres. None takes the track's distance, or 3 m."""
    distance_factor: float = Field(default=1.0, ge=0.02, le=50)
    """An editor's wish: how many times as far as that."""
    on_screen: bool = True

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind is SourceKind.TRACK and not self.track_id:
            raise ValueError("a source of kind track needs track_id")
        return self


class SoundEvent(Part):
    """One element e_i of the Foley script, with its layer l_i (paper, section 3.1)."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,47}$")
    label: str = Field(min_length=1, max_length=80)
    """Short noun phrase, such as ``boots on gravel``."""
    description: str = Field(min_length=1, max_length=500)
    """One sentence for retrieval and generation."""
    subcategory: Subcategory
    layer: Layer
    hits: tuple[Hit, ...] = ()
    spans: tuple[Span, ...] = ()
    source: Source
    performance: Performance = Performance()
    diegetic: bool = True
    gain_db: float = Field(default=0.0, ge=-40, le=24)
    """An editor's wish on top of the mixing plan."""
    reverb_db: float = Field(default=0.0, ge=-40, le=24)
    """An editor's wish on the level of its reverberation, on top of the mixing plan."""
    treatment: Treatment = Treatment()
    """What an editor has done to its sound by hand."""
    muted: bool = False
    """Kept in the script, and not heard."""
    soloed: bool = False
    """While any event is, the mix holds only those."""
    locked: bool = False
    """Whether operations on it are refused until it is unlocked."""
    take: int = Field(default=0, ge=0, le=999)
    """Which performance: another number plays from another seed."""
    engine: str | None = Field(default=None, max_length=60)
    """An editor's choice of sound engine; None takes the session's."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    cards: tuple[str, ...] = ()
    """Knowledge cards that shaped it."""
    reason: str = Field(default="", max_length=500)
    """Why it is there, in a sentence."""

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if not self.hits and not self.spans:
            raise ValueError(f"event {self.id} has neither hits nor spans")
        times = [hit.time_s for hit in self.hits]
        starts = [span.start_s for span in self.spans]
        if times != sorted(times) or starts != sorted(starts):
            raise ValueError(f"event {self.id}: hits and spans must be in time order")
        return self

    @property
    def category(self) -> Category:
        """The event's category."""
        return category_of(self.subcategory)

    @property
    def sound(self) -> SoundClass:
        """The row of the table of sounds that it is one of."""
        return sound_of(self.subcategory, self.performance.variant)

    @property
    def impulsive(self) -> bool:
        """Whether it is timed by hits: by those that it has, else by what it is."""
        if bool(self.hits) != bool(self.spans):
            return bool(self.hits)
        return self.sound.impulsive

    @property
    def ucs_id(self) -> str:
        """Universal Category System CatID."""
        play = self.performance
        return ucs_id(self.subcategory, play.variant, play.material, play.surface)

    @property
    def start_s(self) -> float:
        """First instant at which it sounds."""
        return min([hit.time_s for hit in self.hits] + [span.start_s for span in self.spans])

    @property
    def end_s(self) -> float:
        """Last instant at which it should sound; tails ring on."""
        return max([hit.time_s for hit in self.hits] + [span.end_s for span in self.spans])
