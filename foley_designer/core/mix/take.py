"""A take: one rendered performance of one event, and what was measured on it."""

from enum import StrEnum

from pydantic import Field

from foley_designer.core.documents import Part


class Fault(StrEnum):
    """What can be wrong with a take."""

    SILENT = "silent"
    CLIPPED = "clipped"
    DC_OFFSET = "dc_offset"
    CLICK = "click"
    LATE = "late"
    MISSED_HITS = "missed_hits"
    EXTRA_SOUND = "extra_sound"
    MISPLACED = "misplaced"
    WRONG_LENGTH = "wrong_length"


class Check(Part):
    """Measurements of one take against its cues."""

    median_onset_offset_ms: float | None = None
    """Median of |measured - cued| onset; None if nothing impulsive was cued."""
    hit_recall: float | None = Field(default=None, ge=0, le=1)
    """Share of cued hits with a measured onset within 5 ms."""
    activity_iou: float = Field(ge=0, le=1)
    """Intersection over union of cued and measured activity."""
    azimuth_error_deg: float | None = Field(default=None, ge=0)
    """Mean |measured - cued| azimuth where the take sounds; None for diffuse sounds."""
    peak_dbfs: float
    rms_dbfs: float
    faults: tuple[Fault, ...] = ()
    score: float = Field(ge=0, le=1)
    """1 is flawless; the best of N takes is kept by this."""


class Take(Part):
    """One take on disk."""

    event_id: str
    key: str
    """Hash of everything that made it: event, trajectory, engine and version, seed, inputs."""
    file: str
    """Path of the stereo float32 WAV relative to the session folder."""
    engine: str
    engine_version: str
    seed: int
    check: Check
    credits: tuple[str, ...] = ()
    """Sources and licences of recordings that it was performed from."""
