"""What is measured of a sound of a pair; each measure moves by `LEAST` before it counts as moved.

Logarithms of base 2 are in octaves, so that a difference means the same anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.evaluate.sounds import Samples
from foley_designer.metrics.activity import frame_power
from foley_designer.metrics.onset import detect_onsets, locate_onset

Array = NDArray[np.float64]

LEAST = {
    "level": 1.0,
    "centroid": 0.1,
    "pitch": 0.05,
    "decay": 0.2,
    "count": 1.0,
    "first": 0.02,
    "tail": 1.0,
    "gaps": 0.1,
}
"""About what listeners just notice: 1 dB, a twelfth to a tenth of an octave for colour, a semitone
less for pitch, a seventh more decay (octaves), 20 ms, 1 dB of reverberation, a tenth of the time
in gaps."""
UNITS = {
    "level": "dB",
    "centroid": "octaves",
    "pitch": "octaves",
    "decay": "octaves",
    "count": "onsets",
    "first": "s",
    "tail": "dB",
    "gaps": "of the time",
}
_FRAME_S = 0.005
_LOUD_S = 0.4
"""Length over which level is read, the momentary window of EBU Tech 3341."""
_DECAY_DB = 20.0
_TAIL_AFTER_S = 0.12
"""After the last loud frame, from where on only what lingers is left."""
_PITCH_HZ = (60.0, 12_000.0)
_ONSET_RISE_DB = 9.0
_ONSET_UNDER_DB = 24.0
_HIT_WITHIN_S, _HIT_RISE_DB = 0.03, 6.0
"""A told hit is there if the level rises by this, this near to it."""
_GAP_S, _GAP_DB = 0.1, 30.0
_APART_S = 0.12
"""Of several onsets this near, such as heel and toe, the first counts."""


@dataclass(frozen=True)
class Heard:
    """One sound's measures."""

    level: float
    """Loudest 0.4 s, dBFS."""
    centroid: float
    """Octaves over 1 Hz, of the power-weighted mean frequency."""
    pitch: float
    """Octaves over 1 Hz, of the strongest partial after the loudest attack."""
    decay: float
    """Octaves over 1 s, of the time from the loudest frame to 20 dB under it."""
    count: float
    first: float
    """Seconds."""
    tail: float
    """Energy that lingers after the last loud frame re all, dB."""
    gaps: float
    """Share of its time that lies more than 30 dB under its loudest tenth of a second."""


def hear(samples: Samples) -> Heard | None:
    """Measures of a sound ``[2, n]`` at 48 kHz; None for silence."""
    size = round(_FRAME_S * SAMPLE_RATE)
    power = frame_power(samples, size)
    if power.max(initial=0.0) < 1e-12:
        return None
    loudest = int(np.argmax(power))
    onsets = _onsets(samples, power)
    window = round(_LOUD_S / _FRAME_S)
    momentary = np.convolve(power, np.ones(window) / window, "same")
    return Heard(
        float(10.0 * np.log10(momentary.max())),
        _centroid(samples),
        _pitch(samples, loudest * size),
        float(np.log2(_decay(power, loudest))),
        float(len(onsets)),
        onsets[0] if onsets else loudest * _FRAME_S,
        _tail(power),
        _gaps(power),
    )


def missed(samples: Samples, onsets_s: Sequence[float]) -> int:
    """How many of the hits that were told have no attack of their own."""
    power = frame_power(samples, round(_FRAME_S * SAMPLE_RATE)) + 1e-12
    near = round(_HIT_WITHIN_S / _FRAME_S)
    rise = 10.0 ** (_HIT_RISE_DB / 10.0)
    found = 0
    for onset_s in onsets_s:
        at = round(onset_s / _FRAME_S)
        before = power[max(at - 2 * near, 0) : max(at - 1, 1)]
        found += bool(power[max(at - 1, 0) : at + near].max() >= rise * np.median(before))
    return len(onsets_s) - found


def _onsets(samples: Samples, power: Array) -> list[float]:
    least = power.max() * 10.0 ** (-_ONSET_UNDER_DB / 10.0)
    found: list[float] = []
    for onset in detect_onsets(samples, SAMPLE_RATE):
        at = int(onset.time_s / _FRAME_S)
        if onset.rise_db < _ONSET_RISE_DB or power[at : at + 8].max(initial=0.0) < least:
            continue
        if not found or onset.time_s - found[-1] >= _APART_S:
            found.append(onset.time_s)
    if found:
        return found
    begin = locate_onset(samples, SAMPLE_RATE, 0.0)
    return [begin.time_s] if begin else []


def _spectrum(samples: Samples) -> tuple[Array, Array]:
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64), axis=1)) ** 2
    hz = np.fft.rfftfreq(samples.shape[1], 1.0 / SAMPLE_RATE)
    return np.asarray(hz, np.float64), np.asarray(spectrum.sum(axis=0), np.float64)


def _centroid(samples: Samples) -> float:
    hz, power = _spectrum(samples)
    return float(np.log2(max(float((hz * power).sum() / power.sum()), 1.0)))


def _pitch(samples: Samples, loudest: int) -> float:
    part = samples[:, loudest : loudest + round(0.25 * SAMPLE_RATE)]
    hz, power = _spectrum(part * np.hanning(2 * part.shape[1])[part.shape[1] :].astype(np.float32))
    inside = (hz >= _PITCH_HZ[0]) & (hz <= _PITCH_HZ[1])
    return float(np.log2(hz[inside][int(np.argmax(power[inside]))]))


def _decay(power: Array, loudest: int) -> float:
    """Seconds from the loudest frame until the level stays 20 dB under it for 20 ms."""
    under = power[loudest:] < power[loudest] * 10.0 ** (-_DECAY_DB / 10.0)
    run = np.convolve(under, np.ones(4), "valid") >= 4
    frames = int(np.argmax(run)) if run.any() else len(under)
    return max(frames, 1) * _FRAME_S


def _tail(power: Array) -> float:
    loud = np.flatnonzero(power > power.max() * 10.0 ** (-12.0 / 10.0))
    after = int(loud[-1]) + round(_TAIL_AFTER_S / _FRAME_S)
    return float(10.0 * np.log10((power[after:].sum() + 1e-15) / (power.sum() + 1e-15)))


def _gaps(power: Array) -> float:
    """Share of tenths of a second that are as good as silent beside the loudest."""
    size = round(_GAP_S / _FRAME_S)
    frames = power[: power.size // size * size].reshape(-1, size).mean(axis=1)
    under = frames < frames.max() * 10.0 ** (-_GAP_DB / 10.0)
    return float(under.mean())
