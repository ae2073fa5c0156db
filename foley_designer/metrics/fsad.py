"""Fréchet Stereo Audio Distance: how alike two sets of clips are in their stereo images.

After PeiwenSun2000/Both-Ears-Wide-Open: the delays of each window's 513 frames pooled to 256, the
windows averaged in groups of 5, so a 10 s clip gives 20 × 256 numbers; the Fréchet distance times
1000. Below about 5,120 clips the covariances are rank-deficient: compare only sets of equal size.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from foley_designer.metrics.frechet import frechet_distance, shrunk_frechet_distance
from foley_designer.metrics.gcc import FRAMES, frame_delays

POOLED = 256
GROUP = 5
CLIP_S = 10.0


def fsad_embedding(
    stereo: NDArray[np.float32], sample_rate: int, *, frame_hop: int = 1
) -> NDArray[np.float64]:
    """The embedding ``[5120]`` of a clip, milliseconds.

    Args:
        stereo: ``[2, n]``; cut or padded with silence to 10 s.
        sample_rate: samples a second.
        frame_hop: as in `frame_delays`; above 1, delays are repeated to 513 frames.
    """
    length = round(CLIP_S * sample_rate)
    clip = np.pad(stereo[:, :length], ((0, 0), (0, max(0, length - stereo.shape[1]))))
    delays, _ = frame_delays(clip, sample_rate, frame_hop=frame_hop)
    return fsad_of_delays(delays, frame_hop)


def fsad_of_delays(delays: NDArray[np.float64], frame_hop: int) -> NDArray[np.float64]:
    """As `fsad_embedding`, of the delays ``[100, frames]`` that `frame_delays` gave for 10 s."""
    frames = 1e3 * np.repeat(delays, frame_hop, axis=1)[:, :FRAMES]
    pooled = adaptive_mean(frames, POOLED)
    result: NDArray[np.float64] = pooled.reshape(-1, GROUP, POOLED).mean(axis=1).ravel()
    return result


def adaptive_mean(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Average ``[rows, n]`` to ``[rows, size]``; cell i covers ⌊i·n/size⌋ to ⌈(i+1)·n/size⌉."""
    count = values.shape[1]
    edges = np.arange(size + 1) * count
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    starts, stops = edges[:-1] // size, -(-edges[1:] // size)
    result: NDArray[np.float64] = (sums[:, stops] - sums[:, starts]) / (stops - starts)
    return result


def fsad(first: Sequence[NDArray[np.float64]], second: Sequence[NDArray[np.float64]]) -> float:
    """1000 times the Fréchet distance between two sets of `fsad_embedding`."""
    return 1000.0 * frechet_distance(np.stack(first), np.stack(second))


def fsad_shrunk(
    first: Sequence[NDArray[np.float64]], second: Sequence[NDArray[np.float64]]
) -> float:
    """As `fsad`, its covariances shrunk: for sets that are smaller than 5,120 clips."""
    return 1000.0 * shrunk_frechet_distance(np.stack(first), np.stack(second))
