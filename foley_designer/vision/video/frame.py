"""A frame of a clip, as everything that looks at it takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

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
    enlarge: Callable[[], Image] | None = None
    """Reduces the decoded frame less; None if ``image`` is the largest that there is."""

    @cached_property
    def large(self) -> Image:
        """The frame at the larger width that was asked for, made when it is first asked for."""
        return self.enlarge() if self.enlarge else self.image
