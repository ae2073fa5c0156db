"""Depth models: parts that see how far each pixel is. Other packages plug theirs in."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.video.frame import Image

GROUP = "foley_designer.depth_models"
"""Entry point group; an entry is a depth model or a callable without arguments that makes one."""


class DepthModel(Protocol):
    """Sees depth in a frame."""

    name: str
    """Name and version, for the session and the report."""
    metric: bool
    """True if `depth` gives metres; False if it gives relative inverse depth."""
    uncertainty: float
    """Factor by which the truth usually lies above or below, at least 1."""

    def depth(self, image: Image) -> NDArray[np.float32]:
        """The frame's depth map, of any size with the frame's proportions.

        Args:
            image: colour frame, BGR uint8 ``[height, width, 3]``.

        Returns:
            ``[rows, columns]``: metres from the camera where `metric`, else a disparity on any
            scale that is larger where things are nearer.
        """
