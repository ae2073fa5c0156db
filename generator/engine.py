"""What an engine is: it performs one event, dry and in time."""

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.trajectory import Trajectory

Samples = NDArray[np.float32]
"""Audio, float32 ``[channels, samples]`` at 48 kHz, full scale ±1."""


class Dry(NamedTuple):
    """A performance before placement."""

    samples: Samples
    """``[1, n]`` for a source that has a place, ``[2, n]`` for one that is all around. Time 0 is
    the clip's start and n its length. As heard at 1 m; a hit of strength 1 peaks near -6 dBFS, a
    texture of intensity 1 has about -20 dBFS RMS."""
    credits: tuple[str, ...] = ()
    """Sources and licences of recordings used."""


class Engine(Protocol):
    """Performs events. Implementations hold no state that changes what they render."""

    @property
    def name(self) -> str:
        """By which users ask for it."""

    @property
    def version(self) -> str:
        """Part of every take's key; another one where the same event would sound otherwise."""

    def supports(self, event: SoundEvent) -> float:
        """How well this engine can perform the event, 0 not at all to 1 at its best."""

    def render(self, event: SoundEvent, sample_count: int, rng: np.random.Generator) -> Dry:
        """Perform the event: each hit's first sample at its time, each span over its stretch.

        Args:
            event: what to perform.
            sample_count: length of the result in samples at 48 kHz.
            rng: the only source of chance.
        """


@runtime_checkable
class PlacingEngine(Engine, Protocol):
    """An engine that also places what it performs, as a position-aware model does."""

    def render_placed(
        self, event: SoundEvent, trajectory: Trajectory, sample_count: int, rng: np.random.Generator
    ) -> Dry:
        """Perform the event where its trajectory says, as heard by the listener.

        Args:
            event: what to perform.
            trajectory: where from; frame k's values hold at k / rate.
            sample_count: length of the result in samples at 48 kHz.
            rng: the only source of chance.

        Returns:
            ``[2, sample_count]``, the way's loss of level included.
        """
