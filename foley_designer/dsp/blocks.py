"""Long signals in pieces, so that memory does not grow with a clip's length."""

from collections.abc import Iterator

BLOCK = 1 << 18
"""Samples a block: 5.5 s at 48 kHz, 2 MiB of float32 stereo."""


def blocks(sample_count: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices that cover ``[0, sample_count)`` in order, each of at most ``size`` samples."""
    for start in range(0, sample_count, size):
        yield slice(start, min(start + size, sample_count))
