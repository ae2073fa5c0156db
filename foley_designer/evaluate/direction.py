"""Where a sound comes from, window by window: time and level difference against a truth.

The truth is a recording in true stereo, or annotated directions as the time difference that a pair
17 cm apart would have. Windows are those of `metrics.gcc`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.evaluate.sounds import Samples
from foley_designer.evaluate.truth import Truth
from foley_designer.generator.placement import time_difference_s
from foley_designer.metrics.activity import frame_power
from foley_designer.metrics.fsad import CLIP_S, fsad_of_delays
from foley_designer.metrics.gcc import (
    FRAME,
    MAX_DELAY_S,
    RATE,
    WINDOW_S,
    Windows,
    bewo_score,
    clip_delay_s,
    itd_error_us,
    window_centres_s,
    windows_of,
)
from foley_designer.metrics.gcc import frame_delays as read_delays

Array = NDArray[np.float64]

FRAME_HOP = 64
"""Between frames: within a few microseconds of the papers' 1, and sixty times as fast."""
CLEAR_DB = 1.0
"""Level difference from which a side counts as clear: about what listeners just notice in the
middle (Yost & Dye, JASA 83(5), 1988)."""
CLEAR_S = 1.0 / RATE
"""Time difference from which a side counts as clear: the detector's step."""
LEAST_WINDOWS = 10
"""Windows, a second of sound, below which a course over time says nothing."""
_SILENT = 1e-12


class Image(NamedTuple):
    """A clip's stereo image, window by window."""

    gated: Windows
    ungated: Windows
    """As the papers' code reads it: frames of digital silence count, as +1.5 ms."""
    level_db: Array
    """``[windows]`` dB by which left is louder."""
    embedding: Array
    """Of `metrics.fsad`."""


class Expected(NamedTuple):
    """What an image is held to."""

    delay_s: Array
    """``[windows]`` seconds by which left should lead."""
    mean_s: float
    """The clip's mean delay over windows that should be heard."""
    level_db: Array | None
    """``[windows]``; None if annotated directions alone are known."""
    sounds: NDArray[np.bool_]
    """Windows in which the truth sounds: a room's tail between two hits comes from anywhere."""
    clear: NDArray[np.bool_]
    """Those of them in which it lies clearly to one side."""
    seen: Image | None = None
    """The image of the reference, where it is the truth."""


def image(samples: Samples) -> Image:
    """Read a clip's image.

    Args:
        samples: ``[2, n]`` at 48 kHz.
    """
    delays, powers = read_delays(samples, SAMPLE_RATE, frame_hop=FRAME_HOP)
    pooled = round(CLIP_S / WINDOW_S)
    silent = ((0, max(0, pooled - len(delays))), (0, 0))  # after the clip, as FSAD pads it
    ten_s = np.pad(delays, silent, constant_values=MAX_DELAY_S)[:pooled]
    return Image(
        windows_of(delays, powers),
        windows_of(delays, powers, skip_silence=False),
        _levels(samples, len(delays)),
        fsad_of_delays(ten_s, FRAME_HOP),
    )


def _levels(samples: Samples, count: int) -> Array:
    """Level difference in windows as long as the detector's frames, ``[count]`` dB."""
    hop = round(WINDOW_S * SAMPLE_RATE)
    reach = round(FRAME / RATE / WINDOW_S / 2.0)
    sums = []
    for channel in samples:
        power = np.pad(frame_power(channel[None], hop), (reach, reach + count))
        sums.append(np.convolve(power, np.ones(2 * reach + 1), "valid")[:count])
    left, right = sums
    return np.asarray(10.0 * np.log10((left + _SILENT) / (right + _SILENT)))


def expected(truth: Truth) -> Expected | None:
    """What the truth says of direction; None if it says nothing."""
    centres = window_centres_s(truth.duration_s)
    if truth.clip.azimuth_deg is not None:
        delays = time_difference_s(truth.azimuths(centres))
        sounds = np.zeros(len(centres), bool)
        for start, end in truth.intervals_s or ((0.0, truth.duration_s),):
            sounds |= (centres > start - WINDOW_S / 2) & (centres < end + WINDOW_S / 2)
        mean = float(delays[sounds].mean()) if sounds.any() else 0.0
        return Expected(delays, mean, None, sounds, sounds & (np.abs(delays) >= CLEAR_S))
    stereo = truth.stereo
    if stereo is None:
        return None
    seen = image(stereo)
    sounds = seen.gated.heard()
    clear = sounds & (np.abs(seen.level_db) >= CLEAR_DB)
    mean_s = clip_delay_s(seen.gated)
    return Expected(seen.gated.delays_s, mean_s, seen.level_db, sounds, clear, seen)


def compare(seen: Image, wanted: Expected) -> dict[str, float | None]:
    """The figures of one clip, by the keys of the columns."""
    count = min(len(wanted.delay_s), len(seen.level_db))
    heard = seen.gated.heard()[:count] & wanted.sounds[:count]
    clear = wanted.clear[:count] & heard
    level_error = None
    if wanted.level_db is not None and heard.any():
        level_error = float(np.abs(seen.level_db[:count] - wanted.level_db[:count])[heard].mean())
    gated = Windows(seen.gated.delays_s[:count][heard], seen.gated.levels_db[:count][heard])
    audible = bool(heard.any())
    return {
        "gcc": bewo_score([clip_delay_s(seen.ungated, None)], [wanted.mean_s]),
        "gcc_gated": bewo_score([clip_delay_s(gated, None)], [wanted.mean_s]) if audible else None,
        "itd_us": itd_error_us(gated, wanted.delay_s[:count][heard], None),
        "ild_db": level_error,
        "side": _agreement(seen, wanted, clear, count),
        "follows": _together(seen.level_db[:count][heard], wanted, heard, count),
    }


def _together(level: Array, wanted: Expected, heard: NDArray[np.bool_], count: int) -> float | None:
    """Correlation over time of level differences, where the truth's goes from side to side.

    0 for a sound that stays where it is; None if the truth itself stays.
    """
    if wanted.level_db is None or heard.sum() < LEAST_WINDOWS:
        return None
    truth = wanted.level_db[:count][heard]
    if truth.std() < CLEAR_DB:
        return None
    return float(np.corrcoef(level, truth)[0, 1]) if level.std() > 1e-6 else 0.0


def _agreement(seen: Image, wanted: Expected, clear: NDArray[np.bool_], count: int) -> float | None:
    """Share of clear windows on the right side, percent; one without a side counts half."""
    if not clear.any():
        return None
    truth = wanted.delay_s if wanted.level_db is None else wanted.level_db
    level = seen.level_db[:count][clear]
    side = np.where(np.abs(level) >= CLEAR_DB, np.sign(level), 0.0)
    if wanted.level_db is None:  # directions by time: a system may show them by time alone
        delay = seen.gated.delays_s[:count][clear]
        by_time = np.where(np.abs(delay) >= CLEAR_S / 2, np.sign(delay), 0.0)
        side = np.where(side == 0.0, by_time, side)
    agrees = 0.5 + 0.5 * side * np.sign(truth[:count][clear])
    return 100.0 * float(agrees.mean())
