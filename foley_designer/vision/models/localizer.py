"""Localizers: parts that find named things in frames. Other packages plug theirs in."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from foley_designer.core.script.observation import Box
from foley_designer.vision.video.frame import Image

GROUP = "foley_designer.localizers"
"""Entry point group; an entry is a localizer or a callable without arguments that makes one."""


class Detection(NamedTuple):
    """One thing found in one frame."""

    label: str
    """One of the names that were asked for."""
    box: Box
    """In shares of the frame's width and height."""
    score: float
    """Belief, 0..1."""


class Localizer(Protocol):
    """Finds named things in frames."""

    name: str
    """Name and version, for the session and the report."""

    def locate(
        self, images: Sequence[Image], names: Sequence[str]
    ) -> Sequence[Sequence[Detection]]:
        """What is found in each frame.

        Args:
            images: colour frames, BGR uint8 ``[height, width, 3]``.
            names: short names of things, such as ``hammer``; other labels are passed over.

        Returns:
            One sequence a frame, in the frames' order.
        """
