"""DeSync: how far a sound is off its picture by what Synchformer hears and sees, in seconds.

V. Iashin et al., Synchformer, ICASSP 2024; the read-out is that of hkchengrex/av-benchmark, by
which video-to-audio work is compared: the likeliest of 21 offsets from -2 to 2 s in the first and
in the last 4.8 s, and the mean of their sizes. Less is better.
"""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foley_designer.metrics.embeddings.embedder import Wave

if TYPE_CHECKING:
    from foley_designer.metrics.embeddings.synchformer.frames import Frames
    from foley_designer.metrics.embeddings.synchformer.model import Synchformer

Array = NDArray[np.float64]


def desync(offsets: Sequence[Array]) -> float:
    """Mean size of the offsets, seconds; each clip counts alike.

    Args:
        offsets: of each clip, as `offsets_s` gives them.

    Raises:
        ValueError: no clip.
    """
    if not offsets:
        raise ValueError("no clip was judged")
    return float(np.mean([np.mean(np.abs(one)) for one in offsets]))


def offsets_s(model: "Synchformer", frames: "Frames", samples: Wave, sample_rate: int) -> Array:
    """By how much the sound comes before its picture, seconds, in each window of 4.8 s.

    Windows are the first, the last, and in clips of 9.6 s or more as many between, evenly, as
    leave no gap; in clips of 8 s they are the benchmark's two.

    Args:
        model: with weights.
        frames: RGB ``[n, side, side, 3]`` at 25 a second, as `frames.read_frames` gives.
        samples: ``[channels, n]``.
        sample_rate: samples a second.

    Raises:
        ValueError: less than a window of picture or sound.
    """
    shape = model.shape
    seen, heard = model.seen(frames), model.heard(samples, sample_rate)
    count = min(len(seen), len(heard))
    if count < shape.segments:
        raise ValueError(
            f"{shape.window_s:g} s of picture and sound are judged together; "
            f"got {len(frames)} frames and {samples.shape[-1] / sample_rate:.2f} s of sound"
        )
    windows = [slice(start, start + shape.segments) for start in starts(count, shape.segments)]
    logits = np.concatenate([model.judge(seen[None, one], heard[None, one]) for one in windows])
    found: Array = grid_s(shape.classes, shape.furthest_s)[logits.argmax(axis=1)]
    return found


def starts(count: int, length: int) -> list[int]:
    """Where windows begin: the first and the last at least, none apart from the next.

    Args:
        count: segments that there are, ``≥ length``.
        length: segments of a window.
    """
    windows = max(2, ceil(count / length))
    return [round(one * (count - length) / (windows - 1)) for one in range(windows)]


def grid_s(classes: int, furthest_s: float) -> Array:
    """The offset that each class stands for, seconds."""
    return np.linspace(-furthest_s, furthest_s, classes)
