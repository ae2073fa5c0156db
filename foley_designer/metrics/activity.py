"""When a sound is active, by its energy."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GATE_DB = -40.0
"""Under the loudest moment; quieter than this counts as silent."""
_BLOCK_FRAMES = 1 << 14


def frame_power(samples: NDArray[np.float32], frame: int, *, differenced: bool = False) -> Array:
    """Mean power of consecutive frames, summed over channels.

    Args:
        samples: ``[channels, n]``.
        frame: samples a frame; the last one may be shorter.
        differenced: of the first difference, which weighs highs.

    Returns:
        ``[ceil(n / frame)]``.
    """
    count = samples.shape[1]
    powers = []
    for start in range(0, count, frame * _BLOCK_FRAMES):
        stop = min(start + frame * _BLOCK_FRAMES, count)
        if differenced:
            block = np.diff(samples[:, max(start - 1, 0) : stop].astype(np.float64), axis=1)
            block = np.pad(block, ((0, 0), (stop - start - block.shape[1], 0)))
        else:
            block = samples[:, start:stop].astype(np.float64)
        power = np.sum(block**2, axis=0)
        edges = np.arange(0, len(power), frame)
        powers.append(np.add.reduceat(power, edges) / np.diff(np.r_[edges, len(power)]))
    return np.concatenate(powers) if powers else np.zeros(0)


def active_frames(
    samples: NDArray[np.float32],
    frame_edges: NDArray[np.int_],
    *,
    hold: int = 0,
    gate_db: float = GATE_DB,
) -> NDArray[np.bool_]:
    """Which stretches between edges sound: power within ``gate_db`` of the loudest stretch.

    Args:
        samples: ``[channels, n]``.
        frame_edges: ``[frames + 1]`` ascending sample indices.
        hold: gaps of at most so many stretches count as sounding, as a gate's hold does.
        gate_db: dB, negative.
    """
    fine = 48
    cumulated = np.r_[0.0, np.cumsum(frame_power(samples, fine) * fine)]
    places = np.clip(frame_edges / fine, 0, len(cumulated) - 1)
    at_edges = np.interp(places, np.arange(len(cumulated)), cumulated)
    lengths = np.maximum(np.diff(frame_edges), 1)
    power = np.diff(at_edges) / lengths
    loudest = power.max(initial=0.0)
    active: NDArray[np.bool_] = power > max(loudest * 10.0 ** (gate_db / 10.0), 1e-12)
    sounding = np.flatnonzero(active)
    for before, after in pairwise(sounding):
        if after - before <= hold + 1:
            active[before:after] = True
    return active
