"""Depth without weights: how far a source is, by the ground plane and usual sizes.

Where a depth model is at hand, `foley_designer.vision.distances` takes its word instead.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter

from foley_designer.core.note import Note, NoteKind
from foley_designer.core.observation import Box, MotionKind

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

    def distance(
        self,
        box: Box,
        kind: MotionKind,
        aspect: float,
        field_of_view_deg: float,
    ) -> float:
        """Metres: the mean of both rules, size alone where the box's foot can't be trusted.

        Args:
            box: where the source is.
            kind: how it moves.
            aspect: frame width over height.
            field_of_view_deg: horizontal field of view.
        """
        focal = 0.5 / np.tan(np.radians(field_of_view_deg / 2))
        extent = max(box.height / aspect, box.width, 1e-3)
        by_size = focal * TYPICAL_SIZE_M[kind] / extent
        foot = box.y + box.height / 2
        stands = kind in (MotionKind.WALKING, MotionKind.PASSING)
        if stands and self.HORIZON + 0.03 < foot < 0.97:
            by_ground = focal * self.EYE_M / ((foot - self.HORIZON) / aspect)
            by_size = float(np.sqrt(by_size * by_ground))
        return float(np.clip(by_size, NEAREST_M, FARTHEST_M))


def smooth(distances_m: list[float]) -> list[float]:
    """Distances along a track without the jitter of its boxes: smoothed in the logarithm."""
    logs = np.log(np.array(distances_m))
    if logs.size >= 5:
        logs = gaussian_filter1d(median_filter(logs, 9, mode="nearest"), 3.0, mode="nearest")
    return [float(value) for value in np.exp(logs)]


def distance_note(name: str, uncertainty: float) -> Note:
    """What is said of where distances come from, and how sure they are."""
    either = "two" if uncertainty == 2.0 else f"{uncertainty:g}"
    text = f"Distances are estimates by {name}; expect a factor of {either} either way."
    return Note(kind=NoteKind.PART, step="see", text=text)
