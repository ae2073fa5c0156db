"""Cues P = (d, θ, c) of one event (paper, Eq. 2-3), at the clip's nominal frame rate."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Document, Part
from foley_designer.core.timecode import FrameRate


class Trajectory(Part):
    """Where one event is, frame by frame. All tuples have one value a frame of the clip."""

    event_id: str
    rate: FrameRate
    azimuth_deg: tuple[float, ...] = Field(min_length=1)
    """Degrees, 0 screen centre, positive to the left; the paper's θ is 90 minus this."""
    distance_m: tuple[float, ...]
    """Metres from the listener, > 0."""
    active: tuple[bool, ...]
    """The paper's c_t: whether the event sounds in this frame."""
    extent_deg: float = Field(default=0.0, ge=0, le=360)
    """Apparent width of the source; 360 for a sound that is all around."""
    confidence: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _equal_lengths(self) -> Self:
        if not len(self.azimuth_deg) == len(self.distance_m) == len(self.active):
            raise ValueError(f"trajectory of {self.event_id}: lengths differ")
        if min(self.distance_m) <= 0:
            raise ValueError(f"trajectory of {self.event_id}: distance must be positive")
        return self


class Cues(Document):
    """The trajectories of all events of a script."""

    SCHEMA: ClassVar[str] = "cues"

    trajectories: tuple[Trajectory, ...]

    def of(self, event_id: str) -> Trajectory:
        """The trajectory of one event.

        Raises:
            KeyError: there is none.
        """
        for trajectory in self.trajectories:
            if trajectory.event_id == event_id:
                return trajectory
        raise KeyError(event_id)
