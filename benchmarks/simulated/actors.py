"""What acts in simulated film: each actor knows its bodies, its motion and its contacts."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from benchmarks.simulated.shapes import (
    Contact,
    Pose,
    Random,
    Vector,
)

Span = tuple[float, float]


class Actor(ABC):
    """One source.

    Args:
        name: unique in the scene; begins the names of its bodies.
        at: the place on the ground around which it acts, metres.
        seconds: length of the film.
        rng: the only source of chance.
    """

    label: ClassVar[str]
    action: ClassVar[str]
    """``impact``, ``steps``, ``continuous`` or ``pass``; ``silent`` for what makes no sound."""
    extent: ClassVar[tuple[float, float]]
    """Width and height that it needs, metres."""

    def __init__(self, name: str, at: Vector, seconds: float, rng: Random):
        self.name, self.at, self.seconds = name, at, seconds
        self.contacts: tuple[Contact, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.build(rng)

    @abstractmethod
    def build(self, rng: Random) -> None:
        """Draw sizes, looks and times."""

    @abstractmethod
    def bodies(self) -> str:
        """MJCF of its bodies."""

    @abstractmethod
    def poses(self, time_s: float) -> Iterator[Pose]:
        """Where its moved bodies are at an instant."""

    @abstractmethod
    def place(self, time_s: float) -> Vector:
        """The acting point: the tip, foot or ball that makes the sound, metres."""


def beats(rng: Random, seconds: float, fastest: float, slowest: float) -> tuple[float, ...]:
    """Times of strokes: a tempo with human unevenness, sometimes with pauses or free times."""
    rate = float(np.exp(rng.uniform(np.log(slowest), np.log(fastest))))
    uneven = rng.choice([0.01, 0.03, 0.1, 0.3])
    now, found = rng.uniform(0.2, 0.5 + 1 / rate), []
    while now < seconds - 0.1:
        found.append(now)
        pause = rng.uniform(0.6, 1.5) if rng.random() < 0.06 else 0.0
        now += max((1 + uneven * rng.normal()) / rate, 0.6 / fastest) + pause
    return tuple(found)


class Swing:
    """A height that falls to 0 at each of some times, fastest there, and rises between them.

    Args:
        at: contact times, seconds.
        reach: greatest height, in the user's unit.
        seconds_up: time that a full stroke takes; shorter gaps make lower strokes.
        waits_high: whether long pauses are spent raised.
    """

    def __init__(self, at: tuple[float, ...], reach: float, seconds_up: float, waits_high: bool):
        self._at, self._reach, self._up, self._high = at, reach, seconds_up, waits_high

    def _height(self, gap: float) -> float:
        return self._reach * min(1.0, (gap / self._up) ** 1.3)

    def speed(self, index: int) -> float:
        """Units a second with which a contact is approached."""
        gap = self._at[index] - self._at[index - 1] if index else self._up
        return 2 * self._height(gap) / min(0.4 * gap, 0.45 * self._up)

    def __call__(self, time_s: float) -> float:
        """The height at an instant."""
        index = int(np.searchsorted(self._at, time_s, "right"))
        before = self._at[index - 1] if index else -self._up
        after = self._at[index] if index < len(self._at) else np.inf
        gap = after - before
        top = self._height(min(gap, 10 * self._up))
        fall = min(0.4 * gap, 0.45 * self._up)
        rise = min(0.6 * gap, 0.8 * self._up)
        if time_s > after - fall:
            return float(top * (1 - ((time_s - after + fall) / fall) ** 2))
        done = (time_s - before) / rise
        if not self._high and np.isinf(after):
            return float(top * 0.3 * (1 - np.exp(-3 * done)))
        return float(top * np.sin(min(done, 1) * np.pi / 2) ** 1.5)
