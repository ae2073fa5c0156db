"""Pose models: parts that see the joints of people. Other packages plug theirs in."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import Box
from foley_designer.vision.video.frame import Image

GROUP = "foley_designer.pose_models"
"""Entry point group; an entry is a pose model or a callable without arguments that makes one."""


class PoseModel(Protocol):
    """Sees the joints of people whose boxes are known."""

    name: str
    """Name and version, for the session and the report."""
    joints: tuple[str, ...]
    """What it sees, in COCO's names such as ``left_ankle``; heels where it knows them."""

    def pose(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        """The joints of each person.

        Args:
            image: colour frame, BGR uint8 ``[height, width, 3]``.
            boxes: people, in shares of the frame.

        Returns:
            ``[boxes, joints, 3]``: place across and down in shares of the frame, belief 0..1.
        """
