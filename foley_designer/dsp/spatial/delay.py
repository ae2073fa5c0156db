"""Fractional delay: reading a signal between its samples, at positions that may move."""

from functools import cache
from itertools import accumulate
from operator import mul

import numpy as np
from numpy.typing import NDArray

MARGIN = 32
"""Samples of context that a caller's piece should carry on either side of what is read."""
_HALF_TAPS = 24
_NODES = range(-3, 5)


def read_between(
    samples: NDArray[np.float32], positions: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Values of a signal at fractional sample positions; zero outside it.

    Eight-point Lagrange interpolation (Laakso et al., *Splitting the Unit Delay*, IEEE Signal
    Processing Magazine 13(1), 1996) of the signal at twice its rate. At 48 kHz errors lie 100 dB
    under a tone up to 8 kHz, 79 dB at 12 kHz and 62 dB at 16 kHz: enough for correlations to find
    the delay even where only a sound's faint parts tell it.

    Args:
        samples: ``[n]``.
        positions: any shape, in samples of ``samples``; they may run at any speed.

    Returns:
        Values, shaped as ``positions``.
    """
    dense = np.pad(_at_twice_the_rate(samples), len(_NODES))
    place = np.clip(2.0 * positions + len(_NODES), 3, len(dense) - 5)
    index = np.floor(place).astype(np.intp)
    offset = (place - index).astype(np.float32)
    out = np.zeros(positions.shape, np.float32)
    for node, weight in zip(_NODES, _lagrange_weights(offset), strict=True):
        out += weight * dense[index + node]
    return out


def read_from(
    samples: NDArray[np.float32], starts: NDArray[np.float64], count: int
) -> NDArray[np.float32]:
    """``count`` values from each start on, a sample apart: `read_between` if nothing moves.

    The eight weights are then the same for all, so a delay that stays costs a fifth of one that
    moves.

    Args:
        samples: ``[n]``.
        starts: k of any shape, in samples of ``samples``.
        count: values to read.

    Returns:
        ``[k, count]``.
    """
    reach = 2 * count + len(_NODES)
    dense = np.pad(_at_twice_the_rate(samples), reach)
    place = np.clip(2.0 * starts.ravel() + reach, 3, len(dense) - 2 * count - 5)
    index = np.floor(place).astype(np.intp)
    weights = _lagrange_weights((place - index).astype(np.float32))
    out = np.zeros((starts.size, count), np.float32)
    for row, first in enumerate(index):
        for node, weight in zip(_NODES, weights, strict=True):
            begin = first + node
            out[row] += weight[row] * dense[begin : begin + 2 * count : 2]
    return out


@cache
def _sinc_kernel() -> NDArray[np.float32]:
    steps = np.arange(-_HALF_TAPS, _HALF_TAPS) + 0.5
    kernel: NDArray[np.float32] = np.sinc(steps) * np.kaiser(2 * _HALF_TAPS, 10.0)
    return kernel.astype(np.float32)


def _at_twice_the_rate(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples with a value between each two, by a windowed sinc: -100 dB up to 20.8 kHz."""
    kernel = _sinc_kernel()
    dense = np.empty(2 * len(samples), np.float32)
    dense[0::2] = samples
    between = np.convolve(np.pad(samples, (_HALF_TAPS - 1, _HALF_TAPS)), kernel, "valid")
    dense[1::2] = between
    return dense


def _lagrange_weights(x: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Weights of the samples at -3..4 for offsets ``x`` in [0, 1) from sample 0."""
    distances = [x - np.float32(node) for node in _NODES]
    one = np.ones_like(x)
    before = list(accumulate(distances[:-1], mul, initial=one))
    after = list(accumulate(distances[:0:-1], mul, initial=one))[::-1]
    scales = [
        np.float32(np.prod([node - other for other in _NODES if other != node])) for node in _NODES
    ]
    return [a * b / scale for a, b, scale in zip(before, after, scales, strict=True)]
