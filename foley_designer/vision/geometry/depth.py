"""Depth without weights: how far a source is, by the ground plane and usual sizes.

Where a depth model is at hand, `foley_designer.vision.geometry.distances` takes its word instead.
"""

import numpy as np
import scipy

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Box, MotionKind

NEAREST_M, FARTHEST_M = 0.4, 150.0


TYPICAL_SIZE_M = {
    MotionKind.WALKING: 1.6,
    MotionKind.PASSING: 2.5,
    MotionKind.STRIKING: 0.5,
    MotionKind.FALLING: 0.3,
    MotionKind.WORKING: 0.7,
    MotionKind.FLICKERING: 1.0,
    MotionKind.STILL: 1.0,
}
"""What moves so is usually about this large."""


class GroundPlaneAndSize:
    """Ground plane and size: things lower in the frame and larger ones are nearer.

    It assumes eyes at 1.5 m that look level with the horizon at a third of the height. Expect a
    factor of two either way; along one track its order can be trusted more than its value.
    """

    name = "ground-plane 1"
    UNCERTAINTY = 2.0
    """Factor by which the truth usually lies above or below."""
    EYE_M, HORIZON = 1.5, 0.33
    NEAR_HORIZON = 0.06
    """Feet nearer to the horizon than this, or above it, are taken for that far."""
    CUT = 0.1
    """Within this of the lower edge a foot may be cut: it is believed less and less that the
    ground puts the source farther than its size does."""

    def distance(
        self,
        box: Box,
        kind: MotionKind,
        aspect: float,
        field_of_view_deg: float,
    ) -> float:
        """Metres: for what stands the geometric mean of both rules, else size alone.

        It falls as the foot goes down and as the box grows, without a leap.


        Args:
            box: where the source is.
            kind: how it moves.
            aspect: frame width over height.
            field_of_view_deg: horizontal field of view.
        """
        focal = 0.5 / np.tan(np.radians(field_of_view_deg / 2))
        extent = max(box.height / aspect, box.width, 1e-3)
        log_size = float(np.log(focal * TYPICAL_SIZE_M[kind] / extent))
        if kind not in (MotionKind.WALKING, MotionKind.PASSING):
            return float(np.clip(np.exp(log_size), NEAREST_M, FARTHEST_M))
        foot = min(box.y + box.height / 2, 1.0)
        below = max(foot - self.HORIZON, self.NEAR_HORIZON) / aspect
        farther = float(np.log(focal * self.EYE_M / below)) - log_size
        share = 0.5 * min(1.0, (1.0 - foot) / self.CUT) if farther > 0 else 0.5
        return float(np.clip(np.exp(log_size + share * farther), NEAREST_M, FARTHEST_M))


def smooth(distances_m: list[float]) -> list[float]:
    """Distances along a track without the jitter of its boxes: smoothed in the logarithm."""
    logs = np.log(np.array(distances_m))
    if logs.size >= 5:
        logs = scipy.ndimage.gaussian_filter1d(
            scipy.ndimage.median_filter(logs, 9, mode="nearest"), 3.0, mode="nearest"
        )
    return [float(value) for value in np.exp(logs)]


def distance_note(name: str, uncertainty: float) -> Note:
    """What is said of where distances come from, and how sure they are."""
    either = "two" if uncertainty == 2.0 else f"{uncertainty:g}"
    text = f"Distances are estimates by {name}; expect a factor of {either} either way."
    return Note(kind=NoteKind.PART, step="see", text=text)
