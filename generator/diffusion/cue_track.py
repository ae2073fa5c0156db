"""Cues on the position grid: what a backbone is told about where and when."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.sound_event import Hit
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.generator.diffusion.sequence import SequenceConfig

Floats = NDArray[np.float32]

CHANNELS = 4
"""Azimuth, distance, activity, onsets."""
FARTHEST_M = 64.0
"""The distance that reads 1; 1 m reads 0."""


class CueTrack(NamedTuple):
    """One event's cues, one value a position frame."""

    azimuth_deg: Floats
    """``[n]`` degrees, 0 screen centre, positive to the left (the paper's θ is 90 minus this)."""
    distance_m: Floats
    """``[n]`` metres."""
    active: Floats
    """``[n]`` share of the frame in which the event sounds; the paper's c_t between 0 and 1."""
    onset: Floats
    """``[n]`` strength of the hit that falls into the frame, 0 for none."""

    @classmethod
    def from_trajectory(
        cls, trajectory: Trajectory, hits: Sequence[Hit], config: SequenceConfig, steps: int
    ) -> Self:
        """Resample a film's cues to the position grid; silence after their end.

        Place is interpolated between frames; activity is the covered share of a position frame.

        Args:
            trajectory: one value a frame of the film.
            hits: times and strengths.
            config: the backbone's rates.
            steps: latent steps.
        """
        azimuth = np.unwrap(np.asarray(trajectory.azimuth_deg, np.float64), period=360.0)
        active = np.r_[0.0, np.cumsum(np.asarray(trajectory.active, np.float64))]
        count = config.position_frames(steps)
        edges = np.arange(count + 1) * float(trajectory.rate / config.position_rate)
        middles = 0.5 * (edges[1:] + edges[:-1])
        frames = np.arange(len(azimuth))
        covered = np.interp(edges, np.arange(len(active)), active)
        onset = np.zeros(count, np.float32)
        for hit in hits:
            at = int(hit.time_s * float(config.position_rate))
            if at < count:
                onset[at] = max(onset[at], hit.strength)
        return cls(
            np.interp(middles, frames, azimuth).astype(np.float32),
            np.interp(middles, frames, trajectory.distance_m).astype(np.float32),
            (np.diff(covered) / np.diff(edges)).astype(np.float32),
            onset,
        )

    def array(self) -> Floats:
        """``[CHANNELS, n]``: azimuth / 90°, distance on a logarithmic scale, activity, onsets.

        Equations 3 and 4 leave the scale open; raw degrees and metres would turn the Fourier
        features' phase by many cycles a degree.
        """
        distance = np.log2(np.maximum(self.distance_m, 0.25)) / np.log2(FARTHEST_M)
        parts = (self.azimuth_deg / 90.0, distance, self.active, self.onset)
        return np.stack(parts).astype(np.float32)
