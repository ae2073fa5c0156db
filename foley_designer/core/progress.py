"""Progress: long work reports through one small callable."""

from typing import Protocol


class Progress(Protocol):
    """Called with the step, the share done in 0..1, and a short message."""

    def __call__(self, step: str, fraction: float, message: str = "") -> None:
        """Report."""


def silent(step: str, fraction: float, message: str = "") -> None:
    """Report nothing."""
