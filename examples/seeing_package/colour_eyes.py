"""A localizer that finds things by the colour in their name, and a depth model of a plain floor.

Install it beside FoleyDesigner and it serves: `pip install examples/seeing_package`.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import Box
from foley_designer.vision.models.localizer import Detection

Image = NDArray[np.uint8]

HUES = {"red": 0, "orange": 12, "yellow": 28, "green": 60, "blue": 115, "purple": 145}
"""Hues as OpenCV counts them, 0 to 179."""
NEAR_HUE = 8
LEAST_SHARE = 0.0005
"""Share of the picture that a thing must have."""


class ColourLocalizer:
    """Finds the largest patch of the colour that a name begins with: ``orange ball``."""

    name = "colour-eyes 1.0"

    def locate(
        self, images: Sequence[Image], names: Sequence[str]
    ) -> Sequence[Sequence[Detection]]:
        """One detection at most for each name in each picture."""
        return [[found for name in names if (found := self._find(image, name))] for image in images]

    def _find(self, image: Image, name: str) -> Detection | None:
        hue = HUES.get(name.lower().split()[0])
        if hue is None:
            return None
        colours = cv2.cvtColor(image, cv2.COLOR_BGR2HSV).astype(int)
        apart = np.abs((colours[..., 0] - hue + 90) % 180 - 90)
        mask = (apart <= NEAR_HUE) & (colours[..., 1] > 130) & (colours[..., 2] > 90)
        count, _, patches, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
        if count < 2:
            return None
        left, top, width, height, area = patches[1 + int(np.argmax(patches[1:, 4]))]
        rows, columns = mask.shape
        if area < LEAST_SHARE * mask.size:
            return None
        box = Box(
            x=(left + width / 2) / columns,
            y=(top + height / 2) / rows,
            width=width / columns,
            height=height / rows,
        )
        return Detection(name, box, float(area / (width * height)))


class FloorDepth:
    """What stands lower in the picture is nearer. It gives order alone, so it is not metric."""

    name = "floor-eyes 1.0"
    metric = False
    uncertainty = 2.0

    def depth(self, image: Image) -> NDArray[np.float32]:
        """A disparity that grows from the horizon, a third down, to the lower edge."""
        rows, columns = image.shape[:2]
        below = np.clip(np.linspace(-1 / 3, 2 / 3, rows, dtype=np.float32), 0.02, None)
        return np.tile(below[:, None], (1, columns))
