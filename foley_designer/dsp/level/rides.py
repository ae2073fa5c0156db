"""Rides: a fader moved for single hits, as an editor draws it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.level.gains import Samples, db_to_gain

LEAD_S = 0.010
"""A ride begins this long before its hit, so that the attack is whole."""
FADE_S = 0.008
"""Length of its raised-cosine ramps."""


class Ride(NamedTuple):
    """A gain over [start_s, end_s)."""

    start_s: float
    end_s: float
    gain_db: float


def ride(samples: Samples, rides: Sequence[Ride]) -> Samples:
    """Samples ``[channels, n]`` with each stretch at its gain, ramped at both ends."""
    count = samples.shape[1]
    gain = np.ones(count, np.float32)
    fade = round(FADE_S * SAMPLE_RATE)
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)
    for start_s, end_s, gain_db in rides:
        first = round((start_s - LEAD_S) * SAMPLE_RATE)
        last = max(round((end_s - LEAD_S) * SAMPLE_RATE), first + fade)
        shape = np.concatenate([ramp, np.ones(last - first - fade), ramp[::-1]])
        begin, end = max(first, 0), min(first + len(shape), count)
        if begin < end:
            depth = shape[begin - first : end - first]
            gain[begin:end] *= (1.0 + (db_to_gain(gain_db) - 1.0) * depth).astype(np.float32)
    result: Samples = samples * gain
    return result
