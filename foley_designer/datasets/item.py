"""One item of a FilmStereo set: a stereo sound, and everything that is known of it."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.category import Category, Subcategory
from foley_designer.core.documents import Document, Part
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.sounds.table import category_of
from foley_designer.core.space import Space

Interval = tuple[float, float]
"""Start and end, seconds."""


class Motion(StrEnum):
    """How a source goes."""

    STATIC = "static"
    ACROSS = "across"
    """From one region to another at one distance."""
    ALONG = "along"
    """Nearer or farther within one region."""
    DIAGONAL = "diagonal"
    """Both."""


class Size(StrEnum):
    """How large the thing that sounds is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Zone(StrEnum):
    """Depth zones of the paper, section 4."""

    NEAR = "near"
    """Up to 2 m."""
    MID = "mid"
    """2 to 5 m."""
    FAR = "far"
    """Beyond 5 m."""


class Timed(StrEnum):
    """Where onsets and intervals come from."""

    CUED = "cued"
    """A performance that was given its times."""
    DETECTED = "detected"
    """A recording, by onset detection with an adaptive threshold."""


class Origin(Part):
    """What an item was made from, and what may be done with it."""

    kind: str
    """``synthesis`` or ``recording``."""
    name: str
    """Of the card and its words, or of the file; items of one name never lie in two splits."""
    credit: str
    """Maker and licence in a line."""
    licence: str
    """Such as ``CC BY 3.0``; ``own`` for synthesis."""
    sha256: str | None = None
    """Of the recording's bytes."""


class Room(Part):
    """Where it was simulated."""

    space: Space
    rt60_s: float = Field(gt=0)
    wet_db: float
    """Energy of the reverberation relative to the direct sound."""
    ear_spacing_m: float = Field(gt=0, lt=0.5)


class Verified(Part):
    """How it was verified that sound and words agree."""

    method: str
    """``clap``, or the name of what stood in for it."""
    score: float
    threshold: float


class Item(Document):
    """Annotation of one item; times are seconds of its audio file."""

    SCHEMA: ClassVar[str] = "filmstereo-item"

    key: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Hash (hex) of what it was made from: also the stem of its files in a shard."""
    split: str = Field(pattern=r"^[a-z]+$")
    caption: str = Field(min_length=3)
    """What sounds, where, how it moves, in which space."""
    captioned_by: str = "grammar"
    """``grammar`` or ``model``."""
    sound: str = Field(min_length=3)
    """What sounds, without its place."""
    subcategory: Subcategory
    size: Size
    sample_rate: int = Field(gt=0)
    seconds: float = Field(gt=0)
    onsets_s: tuple[float, ...]
    """First samples of attacks, ascending; the begin of each interval for what has none."""
    intervals_s: tuple[Interval, ...]
    """When it sounds, tails included; ascending, apart."""
    timed: Timed
    trajectory: Trajectory
    """Azimuth, distance and activity frame by frame, `rate` frames a second; a hit is active in
    its frame and for 60 ms, as the cues of a design are. ``extent_deg`` is 360 for a sound that
    is all around."""
    motion: Motion
    regions_deg: tuple[float, float]
    """Centres of the regions that it starts and ends in: 0, ±15 or ±45, positive to the left."""
    zones: tuple[Zone, Zone]
    """Depth zones that it starts and ends in."""
    room: Room
    origin: Origin
    verified: Verified
    peak_dbfs: float

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        times = [*self.onsets_s, *(edge for pair in self.intervals_s for edge in pair)]
        if any(time < 0 or time > self.seconds for time in times):
            raise ValueError(f"item {self.key}: a time lies outside its {self.seconds} s")
        if list(self.onsets_s) != sorted(self.onsets_s):
            raise ValueError(f"item {self.key}: onsets are not in time order")
        return self

    @property
    def category(self) -> Category:
        """The subcategory's category."""
        return category_of(self.subcategory)

    @property
    def is_placed(self) -> bool:
        """Whether it has a direction; rain, wind and ambience may have none."""
        return self.trajectory.extent_deg < 360
