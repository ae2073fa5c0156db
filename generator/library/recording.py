"""A recording of the user's library: what is known of one file."""

from pydantic import Field

from foley_designer.core.category import Subcategory
from foley_designer.core.documents import Part

FILE_NAME = "catalogue-2.sqlite"
"""Of the catalogue; the number rises when what is kept of a recording changes."""
UNKNOWN_LICENCE = "licence unknown, ask the owner"


class Kind(Part):
    """What a recording is of, in the words that events are written in."""

    subcategory: Subcategory
    variant: str | None = None
    """The variant of the knowledge card that its words call up; None leaves it open."""


class Slice(Part):
    """One sound within a recording: from its onset until it has rung out or another begins."""

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    peak_db: float
    """Highest sample, dBFS."""
    rise_db: float
    """Power just after the onset over power just before: how clearly it stands out."""
    fall_db: float
    """How far it has died away when it ends."""


class Traits(Part):
    """What is measured of a recording, over its first two minutes."""

    duration_s: float = Field(gt=0)
    """Of the whole file."""
    channels: int = Field(gt=0)
    sample_rate: int = Field(gt=0)
    loudness_db: float
    """RMS of the frames within 40 dB of the loudest, dBFS."""
    peak_db: float
    centroid_hz: float = Field(ge=0)
    """Mean frequency, weighted by power."""
    tonality: float = Field(ge=0, le=1)
    """1 minus the mean spectral flatness: 0 white noise, 1 a pure tone."""
    decay_s: float = Field(ge=0)
    """From the loudest moment until 20 dB less."""
    activity: float = Field(ge=0, le=1)
    """Share of frames within 40 dB of the loudest."""
    active_s: tuple[float, float]
    """First and last instant of those frames."""
    onset_rate: float = Field(ge=0)
    """Onsets a second."""
    mel_db: tuple[float, ...]
    """Mean power of each mel band against their sum."""
    mel_spread_db: tuple[float, ...]
    """Standard deviation of each mel band's level over time."""


class Recording(Part):
    """One file of the library."""

    path: str
    """Absolute."""
    root: str
    """The folder that the user added."""
    size: int = Field(ge=0)
    mtime_ns: int
    sha256: str
    """Hash of the file's bytes."""
    text: str
    """What it is found by: words of its name, its folders and its descriptions."""
    kinds: tuple[Kind, ...] = ()
    """Empty if its words call up no card and its name has no UCS CatID."""
    cards: tuple[str, ...] = ()
    """Knowledge cards that its words call up."""
    credit: str
    """Name, maker where known, and licence, as it goes into the cue sheet."""
    notes: tuple[str, ...] = ()
    """What an editor should know, such as a rate that leaves no highs."""
    traits: Traits
    slices: tuple[Slice, ...] = ()
