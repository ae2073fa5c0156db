"""When a sound is active, by its energy."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GATE_DB = -40.0
"""Under the loudest moment; quieter than this counts as silent."""
_BLOCK = 1 << 20


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
    step = frame * max(1, _BLOCK // frame)
    powers = [np.zeros(0)]
    for start in range(0, count, step):
        block = samples[:, start : start + step]
        if differenced:
            first = samples[:, max(start - 1, 0)][:, None]
            block = np.diff(block, axis=1, prepend=first)
        rest = block.shape[1] % frame
        whole = block[:, : block.shape[1] - rest].reshape(len(block), -1, frame)
        powers.append(np.einsum("cfk,cfk->f", whole, whole).astype(np.float64) / frame)
        if rest:
            tail = block[:, -rest:]
            powers.append(np.array([float(np.sum(tail * tail)) / rest]))
    return np.concatenate(powers)


def active_frames(
    power: Array, edges: Array, *, hold: int = 0, gate_db: float = GATE_DB
) -> NDArray[np.bool_]:
    """Which stretches sound: mean power within ``gate_db`` of the loudest stretch.

    Args:
        power: ``[n]`` of short frames, as `frame_power` gives.
        edges: ``[stretches + 1]`` ascending, in short frames.
        hold: gaps of at most so many stretches count as sounding, as a gate's hold does.
        gate_db: dB, negative.
    """
    cumulated = np.r_[0.0, np.cumsum(power)]
    at_edges = np.interp(edges, np.arange(len(cumulated)), cumulated)
    means = np.diff(at_edges) / np.maximum(np.diff(edges), 1e-9)
    floor = max(means.max(initial=0.0) * 10.0 ** (gate_db / 10.0), 1e-12)
    active: NDArray[np.bool_] = means > floor
    for before, after in pairwise(np.flatnonzero(active)):
        if after - before <= hold + 1:
            active[before:after] = True
    return active
