"""Recordings made ready: one event, denoised, levelled, looped to length."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.repair.denoise import denoise
from foley_designer.generator.engine import Samples
from foley_designer.generator.library.descriptors import measure
from foley_designer.generator.library.reader import read_stretch, resampled
from foley_designer.generator.placement import to_mono
from foley_designer.generator.synth.physics.engine import HIT_PEAK_DB, TEXTURE_PEAK, TEXTURE_RMS_DB
from foley_designer.metrics.segments import Segments, segment

LONGEST_S = 60.0
"""What is used of a long recording."""
UNLIKE_DB = 10.0
"""Spectra of two segments that lie so far apart, RMS over mel bands, are of two events. Of joined
recordings of two ESC-10 classes this finds 35 of 40, and leaves out 18 of 100 single ones."""
_LEAST_SEGMENT_S = 0.06
_LEAST_SHARE = 0.01
"""Segments with less power than this share of the strongest one's count for nothing."""
_EDGE_S = 0.02
_FADE_S = 0.05
_SHORTEST_S = 0.05


class Cleaned(NamedTuple):
    """A recording ready to be performed."""

    samples: Samples
    """``[1, n]`` at 48 kHz, as heard at 1 m."""
    segments: Segments


def clean(path: Path, *, impulsive: bool, denoise_db: float) -> Cleaned:
    """Read, fold to mono, denoise, trim and level a recording.

    Args:
        path: the file.
        impulsive: whether its level is determined by its peaks, or by its mean.
        denoise_db: how far the noise of its pauses is turned down.

    Raises:
        FoleyError: ``sound_unreadable``.
        ValueError: nothing sounds in it.
    """
    samples, sample_rate = read_stretch(path, 0.0, LONGEST_S)
    mono = denoise(resampled(to_mono(samples), sample_rate), denoise_db)
    found = segment(mono, SAMPLE_RATE)
    if not found.intervals_s:
        raise ValueError("nothing stands out of its noise")
    first = max(0, round((found.intervals_s[0][0] - _EDGE_S) * SAMPLE_RATE))
    last = round((found.intervals_s[-1][1] + _EDGE_S) * SAMPLE_RATE)
    trimmed = mono[:, first:last].copy()
    if trimmed.shape[1] < _SHORTEST_S * SAMPLE_RATE:
        raise ValueError("it is too short")
    ramp = np.linspace(0.0, 1.0, round(0.25 * _EDGE_S * SAMPLE_RATE), dtype=np.float32)
    trimmed[:, : len(ramp)] *= ramp
    trimmed[:, -len(ramp) :] *= ramp[::-1]
    levelled = _levelled(trimmed, impulsive)
    return Cleaned(levelled, segment(levelled, SAMPLE_RATE))


def event_distance_db(cleaned: Cleaned) -> float:
    """How far apart the two most unlike segments of a recording are, dB RMS over mel bands.

    0 for one segment. Above `UNLIKE_DB` it holds several events, such as a door and steps.
    """
    pieces = [
        cleaned.samples[:, round(start * SAMPLE_RATE) : round(stop * SAMPLE_RATE)]
        for start, stop in cleaned.segments.intervals_s
        if stop - start >= _LEAST_SEGMENT_S
    ]
    powers = [float(np.mean(np.square(piece))) for piece in pieces]
    spectra = []
    for piece, power in zip(pieces, powers, strict=True):
        if power >= _LEAST_SHARE * max(powers):
            seconds = piece.shape[1] / SAMPLE_RATE
            traits = measure(piece, SAMPLE_RATE, duration_s=seconds, channels=1, onset_count=0)
            spectra.append(np.maximum(traits.mel_db, -40.0))
    if len(spectra) < 2:
        return 0.0
    stack = np.array(spectra)
    apart = np.sqrt(np.mean(np.square(stack[:, None] - stack[None]), axis=2))
    return float(apart.max())


def looped(cleaned: Cleaned, seconds: float, rng: np.random.Generator) -> Samples:
    """A stretch of a recording, or its repetitions, ``[1, n]`` of a length.

    A longer recording is entered before one of its events. A shorter one is repeated: with a pause
    of its own length of silence between events, by cross-fades of equal power where it never
    pauses.
    """
    count = round(seconds * SAMPLE_RATE)
    samples = cleaned.samples
    if samples.shape[1] >= count:
        starts = [start for start, _ in cleaned.segments.intervals_s]
        late = (samples.shape[1] - count) / SAMPLE_RATE
        fitting = [start for start in starts if start <= late] or [0.0]
        first = max(0, round((fitting[rng.integers(len(fitting))] - _EDGE_S) * SAMPLE_RATE))
        piece = samples[:, first : first + count]
        return _faded(np.pad(piece, ((0, 0), (0, count - piece.shape[1]))))
    out = np.zeros((1, count), np.float32)
    pauses = _pauses(cleaned)
    fade = min(round(_FADE_S * SAMPLE_RATE), samples.shape[1] // 4)
    position = 0
    while position < count:
        _lay(out, samples, position, fade if not pauses else 0)
        gap = rng.uniform(0.7, 1.3) * pauses[rng.integers(len(pauses))] if pauses else 0.0
        position += samples.shape[1] + (round(gap * SAMPLE_RATE) if pauses else -fade)
        if pauses and position + samples.shape[1] > count:
            break
    return _faded(out)


def _pauses(cleaned: Cleaned) -> list[float]:
    """Silences between the events, seconds; for a single event that rings out, half its length.

    Empty for what sounds without a pause from end to end.
    """
    intervals = cleaned.segments.intervals_s
    gaps = [after[0] - before[1] for before, after in pairwise(intervals)]
    if gaps:
        return gaps
    seconds = cleaned.samples.shape[1] / SAMPLE_RATE
    attack = cleaned.segments.onsets_s[:1]
    return [max(0.3, 0.5 * seconds)] if attack and attack[0] < 4 * _EDGE_S else []


def _lay(out: Samples, samples: Samples, position: int, fade: int) -> None:
    """Add a repetition, with equal-power fades of ``fade`` samples at both ends."""
    piece = samples.copy()
    if fade:
        ramp = np.sin(0.5 * np.pi * (np.arange(fade) + 0.5) / fade).astype(np.float32)
        piece[:, :fade] *= ramp
        piece[:, -fade:] *= ramp[::-1]
    room = min(piece.shape[1], out.shape[1] - position)
    out[:, position : position + room] += piece[:, :room]


def _faded(samples: Samples) -> Samples:
    """The end faded out over 12 ms, so that a cut sound does not click."""
    out = samples.copy()
    ramp = np.linspace(1.0, 0.0, round(0.012 * SAMPLE_RATE), dtype=np.float32)
    out[:, -len(ramp) :] *= ramp
    return out


def _levelled(samples: Samples, impulsive: bool) -> Samples:
    peak = float(np.abs(samples).max())
    gain = float(db_to_gain(HIT_PEAK_DB)) / max(peak, 1e-9)
    if not impulsive:
        rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
        gain = min(float(db_to_gain(TEXTURE_RMS_DB)) / max(rms, 1e-9), TEXTURE_PEAK / peak)
    return samples * np.float32(gain)
