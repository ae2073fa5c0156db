"""Floors: sounds made by formula, with which a metric shows what it can't tell from sound design.

No model, no picture. A figure that doesn't lie clearly above its floors says nothing.
"""

from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.evaluate.sounds import Samples
from foley_designer.evaluate.truth import Truth
from foley_designer.generator.placement import channel_gains, time_difference_s

NOISE_DBFS = -26.0
"""Level of the noise, RMS; about that of a mix at -23 LUFS."""
FADE_S = 0.005
LEAST_TURN, MOST_TURN = 0.25, 0.75
"""Parts of the clip by which `shuffled` turns."""
DITHER_DBFS = -96.0
"""Under the gated noise: digital silence reads as a delay of 1.5 ms."""


class Floor(NamedTuple):
    """One row that needs no sound design."""

    name: str
    what: str


FLOORS = (
    Floor("silence", "zeros"),
    Floor("mono", "the mean of both channels of {base}, in the centre"),
    Floor("noise", "white noise, gated by the true intervals and placed by the true directions"),
    Floor("shuffled", "{base}, turned round its clip by a random quarter to three quarters"),
    Floor("cueless", "{base}, shuffled and in the centre: the same sounds without when and where"),
)
CUELESS = FLOORS[-1].name
CEILING = Floor("original", "the reference, as recorded")


def make(name: str, base: Samples | None, truth: Truth, seed: int) -> Samples | None:
    """One floor's sound for a clip, ``[2, n]``; None if what it is made from is missing.

    Args:
        name: of one of `FLOORS`, or `CEILING`'s.
        base: the sound that ``mono`` and ``shuffled`` are made from.
        truth: of the clip.
        seed: of noise and turn.
    """
    rng = np.random.default_rng(seed)
    if name == CEILING.name:
        return truth.reference
    if name == "silence":
        return np.zeros((2, truth.sample_count), np.float32)
    if name == "noise":
        return placed_noise(truth, rng)
    if base is None:
        return None
    sound = base if name == "mono" else shuffled(base, rng)
    return sound if name == "shuffled" else centred(sound)


def centred(samples: Samples) -> Samples:
    """The mean of both channels, in both."""
    return np.repeat(samples.mean(axis=0, dtype=np.float32)[None], 2, axis=0)


def shuffled(samples: Samples, rng: np.random.Generator) -> Samples:
    """A sound turned round in time: same events, same gaps, other instants."""
    count = samples.shape[1]
    turned = np.roll(samples, int(count * rng.uniform(LEAST_TURN, MOST_TURN)), axis=1)
    fade = min(round(FADE_S * SAMPLE_RATE), count // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    turned[:, :fade] *= ramp
    turned[:, count - fade :] *= ramp[::-1]
    return turned


def placed_noise(truth: Truth, rng: np.random.Generator) -> Samples | None:
    """White noise where the truth says sound, from where it says: no more than the cues' formula.

    None if no interval is known.
    """
    if truth.intervals_s is None:
        return None
    count = truth.sample_count
    times = np.arange(count) / SAMPLE_RATE
    gate = np.zeros(count)
    for start, end in truth.intervals_s:
        inside = slice(max(0, round(start * SAMPLE_RATE)), round(end * SAMPLE_RATE))
        gate[inside] = 1.0
    source = rng.standard_normal(count + 2)
    azimuth = truth.azimuths(times)
    half = time_difference_s(azimuth) / 2.0 * SAMPLE_RATE
    gains = channel_gains(azimuth)
    at = np.arange(count) + 1.0
    placed = np.stack(
        [
            gain * np.interp(at + side * half, np.arange(count + 2), source)
            for gain, side in zip(gains, (1.0, -1.0), strict=True)
        ]
    )
    dither = db_to_gain(DITHER_DBFS) * rng.standard_normal(count)
    placed = db_to_gain(NOISE_DBFS) * placed * gate + dither
    return placed.astype(np.float32)
