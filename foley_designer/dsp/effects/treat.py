"""An editor's treatment of a stem: played otherwise, coloured, held, dipped, faded, widened.

`played` comes before the plan's processing, `coloured` before the reverberation, `framed` last.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Dynamics
from foley_designer.core.mix.treatment import Compression, Fade, Treatment
from foley_designer.dsp.effects.dynamics import envelope, shape
from foley_designer.dsp.effects.eq import equalise
from foley_designer.dsp.level.gains import Samples, amplitude_db
from foley_designer.dsp.level.rides import Ride, ride

LEAD_S = 0.005
"""A grain begins this long before its hit, so that the attack is whole."""
SEAM_S = 0.030
"""Cross-fade where a loop meets itself."""
_DUCKING = {"threshold_db": 0.0, "ratio": 1.0, "attack_ms": 20.0, "release_ms": 250.0}
"""Within the usual 10-30 ms and 150-300 ms; the compressor stands open."""
DEEPEST_DB = 6.0
"""What one pass of `Dynamics` can dip; deeper dips are several passes."""


def played(
    take: Samples,
    treatment: Treatment,
    starts_s: Sequence[float],
    spans_s: Sequence[tuple[float, float]],
) -> Samples:
    """The take at another speed or pitch, its hits and spans where they were.

    Args:
        take: ``[2, n]``.
        treatment: its ``speed`` and ``pitch_st``.
        starts_s: times of the hits.
        spans_s: stretches that sound all along.

    Returns:
        ``[2, n]``.
    """
    result = take
    if treatment.speed != 1.0:
        result = _at_speed(result, treatment.speed, starts_s, spans_s)
    if treatment.pitch_st:
        result = _at_pitch(result, treatment.pitch_st)
    return result


def _at_pitch(samples: Samples, semitones: float) -> Samples:
    """Transposed by Rubber Band, which keeps time; ``[2, n]``."""
    from pedalboard import PitchShift  # noqa: PLC0415 - heavy

    shifted = PitchShift(semitones=semitones)(np.ascontiguousarray(samples), SAMPLE_RATE)
    result = np.zeros_like(samples)
    count = min(shifted.shape[1], samples.shape[1])
    result[:, :count] = shifted[:, :count]
    return result


def _at_speed(
    samples: Samples,
    speed: float,
    starts_s: Sequence[float],
    spans_s: Sequence[tuple[float, float]],
) -> Samples:
    """Every hit's grain, and what lies in every span, resampled where it stands."""
    count = samples.shape[1]
    result = np.zeros_like(samples)
    begins = [max(round((time - LEAD_S) * SAMPLE_RATE), 0) for time in starts_s]
    for first, last in pairwise([*begins, count]):
        grain = _resampled(samples[:, first:last], speed)
        size = min(grain.shape[1], count - first)
        result[:, first : first + size] += grain[:, :size]
    for start_s, end_s in spans_s:
        first, last = round(start_s * SAMPLE_RATE), min(round(end_s * SAMPLE_RATE), count)
        result[:, first:last] += _filled(_resampled(samples[:, first:last], speed), last - first)
    return result


def _resampled(samples: Samples, speed: float) -> Samples:
    ratio = Fraction(1.0 / speed).limit_denominator(64)
    if not samples.size:
        return samples
    slow = signal.resample_poly(samples, ratio.numerator, ratio.denominator, axis=1)
    return np.asarray(slow, np.float32)


def _filled(samples: Samples, count: int) -> Samples:
    """Cut to a length, or looped with a cross-fade until it has it; ``[2, count]``."""
    seam = min(round(SEAM_S * SAMPLE_RATE), samples.shape[1] // 2)
    result = samples
    while seam and result.shape[1] < count:
        fade = np.sin(0.5 * np.pi * (np.arange(seam) + 0.5) / seam).astype(np.float32)
        joint = result[:, -seam:] * fade[::-1] + samples[:, :seam] * fade
        result = np.concatenate([result[:, :-seam], joint, samples[:, seam:]], axis=1)
    return result[:, :count]


def coloured(
    samples: Samples, treatment: Treatment, keys: Sequence[NDArray[np.float32]] = ()
) -> Samples:
    """Rides, equaliser, compressor and dips by hand.

    Args:
        samples: ``[2, n]``.
        treatment: what is done.
        keys: absolute amplitude ``[n]`` of what each of its ``ducks`` makes room for.
    """
    result = samples
    if treatment.rides:
        result = ride(result, [Ride(r.start_s, r.end_s, r.gain_db) for r in treatment.rides])
    result = equalise(result, treatment.eq)
    if treatment.compress is not None:
        result = _held(result, treatment.compress)
    for duck, key in zip(treatment.ducks, keys, strict=True):
        left = duck.db
        while left > 0:
            depth = min(left, DEEPEST_DB)
            result = shape(result, Dynamics(duck_db=depth, **_DUCKING), key)
            left -= depth
    return result


def _held(samples: Samples, compression: Compression) -> Samples:
    """Compressed under its own peak, with as much energy as before."""
    peak_db = float(amplitude_db(envelope(samples)).max(initial=-60.0))
    threshold = min(max(peak_db - compression.below_peak_db, -60.0), 0.0)
    held = shape(
        samples,
        Dynamics(
            threshold_db=threshold,
            ratio=min(compression.ratio, 8.0),
            attack_ms=10.0,
            release_ms=150.0,
        ),
    )
    before, after = (float(np.square(s, dtype=np.float64).sum()) for s in (samples, held))
    return held if after <= 0 else np.asarray(held * np.float32(np.sqrt(before / after)))


def framed(samples: Samples, treatment: Treatment) -> Samples:
    """Width and fades; ``[2, n]``. Fades without a time run to the ends of the samples."""
    result = samples
    if treatment.width != 1.0:
        middle = 0.5 * (result[0] + result[1])
        side = np.float32(0.5 * treatment.width) * (result[0] - result[1])
        result = np.stack([middle + side, middle - side])
    for fade, rising in ((treatment.fade_in, True), (treatment.fade_out, False)):
        if fade is not None:
            result = result * _ramp(fade, result.shape[1], rising=rising)
    return result


def _ramp(fade: Fade, count: int, *, rising: bool) -> NDArray[np.float32]:
    """Gain ``[count]`` of a raised-cosine fade."""
    length = round(fade.length_s * SAMPLE_RATE)
    end = count if fade.at_s is None else round(fade.at_s * SAMPLE_RATE)
    if rising:
        place = np.arange(count) - (0 if fade.at_s is None else end)
    else:
        place = end - 1 - np.arange(count)
    return (0.5 - 0.5 * np.cos(np.pi * np.clip(place / max(length, 1), 0.0, 1.0))).astype(
        np.float32
    )
