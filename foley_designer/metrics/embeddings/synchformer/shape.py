"""Sizes of Synchformer, each of which follows from these few."""

from typing import NamedTuple

RATE = 16_000
"""Samples a second that the sound is heard at."""
FPS = 25
"""Frames a second that the film is seen at."""


class Shape(NamedTuple):
    """Sizes of the model; the default is the public one's."""

    width: int = 768
    depth: int = 12
    heads: int = 12
    """Of both towers."""
    side: int = 224
    """Of the square that is seen, pixels."""
    patch: int = 16
    """Side of a patch of the picture and of the spectrogram."""
    frames: int = 16
    """Of a segment."""
    thickness: int = 2
    """Frames of a patch."""
    bands: int = 128
    columns: int = 66
    """Of a segment's spectrogram, its padding with them."""
    stride: int = 10
    """Between patches of the spectrogram."""
    segments: int = 14
    """That are judged together."""
    join_depth: int = 3
    join_heads: int = 8
    classes: int = 21
    furthest_s: float = 2.0
    """Offset of the last class; that of the first is its opposite."""

    @property
    def moments(self) -> int:
        """Vectors that a segment is seen as."""
        return self.frames // self.thickness

    @property
    def places(self) -> int:
        """Patches of a picture."""
        return (self.side // self.patch) ** 2

    @property
    def rows(self) -> int:
        """Patches of a spectrogram from low to high."""
        return (self.bands - self.patch) // self.stride + 1

    @property
    def steps(self) -> int:
        """Vectors that a segment is heard as."""
        return (self.columns - self.patch) // self.stride + 1

    @property
    def tokens(self) -> int:
        """What is judged together: all vectors of both, and one before each."""
        return self.segments * (self.moments + self.steps) + 2

    @property
    def samples(self) -> int:
        """Samples of a segment."""
        return self.frames * RATE // FPS

    @property
    def window_s(self) -> float:
        """Seconds that are judged together; segments overlap by half."""
        return self.frames * (self.segments + 1) / (2 * FPS)
