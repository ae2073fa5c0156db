"""Signals that every instrument is built from: noise, filters, envelopes, slow chance.

All arrays hold samples at 48 kHz along their last axis; internal arithmetic is float64.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.blocks import blocks

Wave = NDArray[np.float64]
"""Samples at 48 kHz, ``[n]`` or ``[channels, n]``."""

LN_1000 = float(np.log(1000.0))
"""A 60 dB decay in nepers."""


def count_of(seconds: float) -> int:
    """Samples in a stretch of time, at least one."""
    return max(1, round(seconds * SAMPLE_RATE))


def times(count: int) -> Wave:
    """Seconds of each sample."""
    return np.arange(count) / SAMPLE_RATE


def gain(decibels: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def noise(rng: np.random.Generator, *shape: int) -> Wave:
    """White Gaussian noise of unit variance."""
    return rng.standard_normal(shape)


@lru_cache(maxsize=512)
def _section(kind: str, low_hz: float, high_hz: float) -> Wave:
    """Second-order Butterworth section ``[1, 6]`` by the bilinear transform, corners prewarped.

    Written out, since a general design takes longer than filtering a hit with it.
    """
    low, high = (float(np.tan(np.pi * hz / SAMPLE_RATE)) for hz in (low_hz, high_hz))
    if kind == "band":
        middle, width, top = low * high, high - low, (high - low, 0.0, low - high)
    else:
        middle, width = low**2, np.sqrt(2.0) * low
        top = (middle, 2.0 * middle, middle) if kind == "low" else (1.0, -2.0, 1.0)
    whole = 1.0 + width + middle
    bottom = (whole, 2.0 * (middle - 1.0), 1.0 - width + middle)
    return np.array([[*top, *bottom]]) / whole


@lru_cache(maxsize=512)
def _pole(kind: str, hz: float) -> Wave:
    """First-order section ``[1, 6]``."""
    corner = float(np.tan(np.pi * hz / SAMPLE_RATE))
    top = (corner, corner) if kind == "low" else (1.0, -1.0)
    return np.array([[*top, 0.0, 1.0 + corner, corner - 1.0, 0.0]]) / (1.0 + corner)


def _held(hz: float) -> float:
    """A corner that a filter at 48 kHz can have, on a 0.1 Hz grid so that designs are shared."""
    return round(float(np.clip(hz, 5.0, 0.47 * SAMPLE_RATE)), 1)


def _one_corner(wave: Wave, kind: str, hz: float, order: int) -> Wave:
    hz = _held(hz)
    filtered: Wave = scipy.signal.sosfilt(
        _pole(kind, hz) if order == 1 else _section(kind, hz, hz), wave
    )
    return filtered


def highpass(wave: Wave, hz: float, order: Literal[1, 2] = 2) -> Wave:
    """Causal Butterworth high-pass."""
    return _one_corner(wave, "high", hz, order)


def lowpass(wave: Wave, hz: float, order: Literal[1, 2] = 2) -> Wave:
    """Causal Butterworth low-pass."""
    return _one_corner(wave, "low", hz, order)


def bandpass(wave: Wave, low_hz: float, high_hz: float) -> Wave:
    """Causal Butterworth band-pass; one pole on each side."""
    low = _held(low_hz)
    high = max(_held(high_hz), low * 1.02)
    filtered: Wave = scipy.signal.sosfilt(_section("band", low, high), wave)
    return filtered


def decay(count: int, t60_s: float) -> Wave:
    """Exponential envelope that falls 60 dB in ``t60_s``."""
    return np.exp(-LN_1000 * times(count) / t60_s)


def attack(count: int, seconds: float) -> Wave:
    """Envelope that rises as a quarter sine from just above zero and then holds at one."""
    rise = min(count_of(seconds), count)
    envelope = np.ones(count)
    envelope[:rise] = np.sin(0.5 * np.pi * np.arange(1, rise + 1) / rise)
    return envelope


def burst(count: int, attack_s: float, t60_s: float) -> Wave:
    """A quick rise and an exponential fall."""
    return attack(count, attack_s) * decay(count, t60_s)


def arch(count: int, peak: float = 0.4, power: float = 1.5) -> Wave:
    """A single swell from zero to zero with its top at a share ``peak`` of its length."""
    x = (np.arange(count) + 0.5) / count
    warped = np.where(x < peak, 0.5 * x / peak, 0.5 + 0.5 * (x - peak) / (1 - peak))
    return np.sin(np.pi * warped) ** power


def drift(rng: np.random.Generator, count: int, rate_hz: float, step: int = 1) -> Wave:
    """Smooth chance of unit variance with energy up to about ``rate_hz``.

    Args:
        rng: source of chance.
        count: values to make.
        rate_hz: how fast it wanders.
        step: samples between values, for control at a frame rate.
    """
    points = int(count * step * rate_hz * 2 / SAMPLE_RATE) + 4
    knots = rng.standard_normal(points)
    begin, smooth = rng.uniform(0.5, 1.5), np.empty(count)
    for piece in blocks(count):
        samples = np.arange(piece.start, piece.stop)
        place = samples * (step * rate_hz * 2 / SAMPLE_RATE) + begin
        index = np.minimum(place.astype(np.int64), points - 2)
        part = place - index
        blend = part * part * (3 - 2 * part)
        smooth[piece] = 1.16 * (knots[index] * (1 - blend) + knots[index + 1] * blend)
    return smooth


def fade_edges(wave: Wave, in_s: float, out_s: float) -> Wave:
    """Raised-cosine fades at both ends, shortened to fit."""
    count = wave.shape[-1]
    faded = wave.copy()
    for seconds, edge in ((in_s, slice(None)), (out_s, slice(None, None, -1))):
        length = min(count_of(seconds), count // 2)
        curve = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(length, 1))
        faded[..., edge][..., :length] *= curve
    return faded


def mix_at(target: Wave, wave: Wave, start: int, level: float = 1.0) -> None:
    """Add a wave into a longer one, cut where the target ends."""
    end = min(start + wave.shape[-1], target.shape[-1])
    if start < end:
        target[..., start:end] += level * wave[..., : end - start]


def rms(wave: Wave) -> float:
    """Root mean square over all samples."""
    return float(np.sqrt(np.mean(np.square(wave)))) if wave.size else 0.0


def unit_peak(wave: Wave) -> Wave:
    """The wave scaled to a peak of one; silence stays silence."""
    peak = float(np.abs(wave).max(initial=0.0))
    return wave / peak if peak > 0 else wave


def unit_rms(wave: Wave) -> Wave:
    """The wave scaled to an RMS of one; silence stays silence."""
    level = rms(wave)
    return wave / level if level > 0 else wave
