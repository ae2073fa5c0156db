"""What an instrument is: one source, set up once an event and played hit by hit or in stretches."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.generator.synth.physics.signals import Wave
from foley_designer.generator.synth.play import Play
from foley_designer.generator.synth.words import Words


@dataclass(frozen=True)
class Stroke:
    """One hit to play."""

    strength: float
    """0 to 1."""
    index: int = 0
    """Which hit of the event: even and odd alternate left and right."""
    gap_s: float = 2.0
    """Seconds until the next hit, which a player's body prepares for."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of time to fill."""

    count: int
    """Samples."""
    intensity: float
    """0 to 1."""
    channels: int = 1
    """2 for a sound that is all around."""


class Instrument(ABC):
    """One particular source. Construction draws what stays the same through an event.

    Levels inside an instrument are relative: the engine sets peak and RMS.
    """

    words: ClassVar[Words] = Words()

    def __init__(self, play: Play, rng: np.random.Generator) -> None:
        self.play = play
        self.prepare(rng)

    def prepare(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Draw what stays the same through the event. Nothing, unless a source says so."""

    @abstractmethod
    def hit(self, stroke: Stroke, rng: np.random.Generator) -> Wave:
        """One hit, ``[n]``, whose first sample is the attack."""


class Sustained(Instrument):
    """A source that goes on sounding."""

    @abstractmethod
    def span(self, stretch: Stretch, rng: np.random.Generator) -> Wave:
        """A stretch, ``[channels, count]``; the engine cross-fades long ones from several."""


class Rhythmic(Instrument):
    """A source whose stretches are hits in its own time."""

    @property
    def interval_s(self) -> float:
        """Typical time between hits: faster with speed."""
        return float(0.9 * 0.25**self.play.speed)

    @property
    def unevenness(self) -> float:
        """Spread of the intervals, relative."""
        return 0.06

    def rhythm(self, stretch: Stretch, rng: np.random.Generator) -> list[tuple[int, Stroke]]:
        """First samples and strokes of the hits that fill a stretch, the first at its start."""
        strokes: list[tuple[int, Stroke]] = []
        at = 0.0
        while at < stretch.count:
            gap_s = self.interval_s * float(np.exp(rng.normal(0.0, self.unevenness)))
            strength = float(np.clip(stretch.intensity * rng.normal(1.0, 0.08), 0.02, 1.0))
            strokes.append((round(at), Stroke(strength, len(strokes), gap_s)))
            at += gap_s * SAMPLE_RATE
        return strokes


def around(wave: Wave, rng: np.random.Generator, channels: int) -> Wave:
    """A single sound somewhere around: level and up to 1.2 ms between two spaced microphones."""
    if channels == 1:
        return wave[None]
    angle = rng.uniform(0.0, 0.5 * np.pi)
    late = int(rng.integers(8, 58))
    out = np.zeros((2, wave.size + late))
    near = int(rng.integers(2))
    out[near, : wave.size] = wave * np.cos(0.5 * angle)
    out[1 - near, late:] = wave * np.sin(0.5 * angle)
    return out


def spread_hit(wave: Wave, rng: np.random.Generator, channels: int) -> Wave:
    """A hit for a source that is all around: one attack, tails that part after 30 ms."""
    if channels == 1:
        return wave[None]
    count = wave.size
    tail = wave.copy()
    head = min(1440, count)
    tail[:head] *= np.linspace(0.0, 1.0, head) ** 2
    out = np.empty((channels, count))
    for channel in range(channels):
        delays = rng.integers(0, 2400, 12)
        mixed = np.zeros(count)
        for delay in delays:
            sign = rng.choice([-1.0, 1.0])
            mixed[delay:] += sign * tail[: max(count - delay, 0)] / np.sqrt(delays.size)
        out[channel] = (wave - 0.6 * tail) + 0.8 * mixed
    return out
