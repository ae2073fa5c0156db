"""A frame of a clip, as everything that looks at it takes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""A colour frame, BGR ``[height, width, 3]``."""


@dataclass(frozen=True)
class Frame:
    """One frame of a clip."""

    index: int
    """Position in presentation order."""
    time_s: float
    """Presentation time in seconds from the first frame's."""
    image: Image
