"""The clip: what its container says about picture and time."""

from fractions import Fraction
from typing import Any

from pydantic import Field, model_validator

from foley_designer.core.documents import Part
from foley_designer.core.timecode import FrameRate, frame_at, parse_rate, standard_rate

SAMPLE_RATE = 48_000
"""Samples per second through rendering, mix and delivery."""


class Clip(Part):
    """A film clip's picture. Its own sound is never read."""

    name: str
    """File name without folder."""
    sha256: str
    """Hash of the file's bytes."""
    width: int = Field(gt=0)
    """Display width in pixels, after rotation and pixel aspect."""
    height: int = Field(gt=0)
    """Display height in pixels."""
    rate: FrameRate
    """Nominal frame rate, at which cues are sampled; a standard one if the rate varies."""
    duration_s: float = Field(gt=0)
    """Duration of the picture in seconds."""
    frame_count: int = Field(gt=0)
    """Frames at the nominal rate that cover the duration."""
    variable_rate: bool = False
    """Whether frame times stray from the nominal rate by more than a quarter frame."""
    timecode_rate: FrameRate
    """Rate at which timecode counts: the frame rate if it is a standard one, else see
    `foley_designer.core.timecode.standard_rate`."""
    timecode: str | None = None
    """Start timecode the file carries, as written."""

    @model_validator(mode="before")
    @classmethod
    def _count_at_a_standard_rate(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("timecode_rate") is None and data.get("rate"):
            return {**data, "timecode_rate": standard_rate(parse_rate(data["rate"]))}
        return data

    @property
    def sample_count(self) -> int:
        """Length of every stem and mix in samples at 48 kHz."""
        return round(self.duration_s * SAMPLE_RATE)

    @property
    def frame_s(self) -> float:
        """One frame in seconds."""
        return float(Fraction(1) / self.rate)

    def frame_at(self, time_s: float) -> int:
        """Frame on screen at a time, held inside the clip."""
        return min(max(frame_at(time_s, self.rate), 0), self.frame_count - 1)
