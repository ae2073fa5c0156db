"""Spans performed from recordings: stretches of them, cross-faded so that no loop is heard."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.sound_event import Span
from foley_designer.generator.engine import Samples
from foley_designer.generator.library.playing.hits import LOWEST_HZ, SPEED_RANGE
from foley_designer.generator.library.reader import read_stretch, resampled, restored
from foley_designer.generator.library.recording import Recording
from foley_designer.generator.placement import to_mono
from foley_designer.generator.synth.physics.engine import (
    TEXTURE_PEAK,
    TEXTURE_RANGE_DB,
    TEXTURE_RMS_DB,
)
from foley_designer.generator.synth.physics.signals import (
    Wave,
    count_of,
    fade_edges,
    gain,
    highpass,
    mix_at,
    rms,
)

_CROSSFADE_S = 1.0
_LONGEST_PIECE_S = 60.0
_PART = 0.6
"""Share of a recording that one piece takes if several are needed, so that they differ."""
_SPARE_S = 0.01
_EDGE_S = 0.04
_WIDTH_RAD = np.radians(25.0)
"""Two stretches of a mono recording make a stereo one: each in both channels, at this angle."""


def play_span(
    out: Samples, span: Span, cast: Sequence[Recording], rng: np.random.Generator
) -> set[str]:
    """Add a span to ``[channels, n]``; returns the credits of what was used."""
    start = min(round(span.start_s * SAMPLE_RATE), out.shape[1])
    count = min(round(span.end_s * SAMPLE_RATE), out.shape[1]) - start
    if count <= 0:
        return set()
    whole = np.zeros((out.shape[0], count))
    overlap = count_of(min(_CROSSFADE_S, _PART * min(map(_usable_s, cast)) / 3.0))
    used: set[str] = set()
    offset, number, last_start_s = 0, 0, -1.0
    while offset < count:
        recording = cast[number if number < len(cast) else int(rng.integers(len(cast)))]
        piece, last_start_s = _piece(recording, count - offset, out.shape[0], last_start_s, rng)
        last = offset + piece.shape[1] >= count
        mix_at(whole, _crossfaded(piece, overlap, offset > 0, not last), offset)
        used.add(recording.credit)
        number += 1
        offset += piece.shape[1] if last else piece.shape[1] - overlap
    level = gain(TEXTURE_RMS_DB - TEXTURE_RANGE_DB * (1.0 - span.intensity)) / max(rms(whole), 1e-9)
    level = min(level, TEXTURE_PEAK / max(float(np.abs(whole).max()), 1e-9))
    edge_s = min(_EDGE_S, 0.2 * count / SAMPLE_RATE)
    out[:, start : start + count] += fade_edges(whole * level, edge_s, edge_s).astype(np.float32)
    return used


def _usable_s(recording: Recording) -> float:
    first_s, last_s = recording.traits.active_s
    return min(last_s - first_s, _LONGEST_PIECE_S)


def _piece(
    recording: Recording,
    needed: int,
    channels: int,
    last_start_s: float,
    rng: np.random.Generator,
) -> tuple[Wave, float]:
    """A stretch of a recording at an even level, ``[channels, ≤ needed]``, and where it begins.

    Two stretches of a mono recording make one for a sound that is all around.
    """
    speed = 1.0 + float(rng.uniform(-SPEED_RANGE, SPEED_RANGE))
    first_s, last_s = recording.traits.active_s
    needed_s = needed / SAMPLE_RATE * speed + _SPARE_S
    usable_s = _usable_s(recording)
    widened = channels == 2 and recording.traits.channels == 1
    at_once = needed_s < usable_s and not widened
    length_s = min(needed_s, usable_s if at_once else _PART * usable_s)
    latest_s = last_s - length_s
    starts = rng.uniform(first_s, max(latest_s, first_s), 4)
    begin_s = float(starts[np.argmax(np.abs(starts - last_start_s))])
    wave = _read(recording, begin_s, length_s, speed, channels)
    if widened:
        other_s = float(starts[np.argmax(np.abs(starts - begin_s))])
        wave = _widened(wave, _read(recording, other_s, length_s, speed, channels))
    if not wave.shape[1]:
        raise FoleyError(ErrorCode.SOUND_UNREADABLE, f"{recording.path} ends too soon.")
    return wave[:, :needed] * gain(-recording.traits.loudness_db), begin_s


def _read(
    recording: Recording, begin_s: float, length_s: float, speed: float, channels: int
) -> Wave:
    samples, sample_rate = read_stretch(Path(recording.path), begin_s, begin_s + length_s)
    if channels == 1:
        samples = to_mono(samples)
    return highpass(resampled(restored(samples), sample_rate, speed).astype(np.float64), LOWEST_HZ)


def _widened(first: Wave, second: Wave) -> Wave:
    """Two mono stretches as a stereo one that folds down to mono without loss."""
    count = min(first.shape[1], second.shape[1])
    near, far = np.cos(_WIDTH_RAD), np.sin(_WIDTH_RAD)
    mixed = np.array([[near, far], [far, near]]) @ np.stack([first[0, :count], second[0, :count]])
    return np.asarray(mixed)


def _crossfaded(piece: Wave, overlap: int, fade_in: bool, fade_out: bool) -> Wave:
    """Equal-power fades where a piece meets its neighbours."""
    curve = np.sin(0.5 * np.pi * (np.arange(overlap) + 0.5) / overlap)
    faded = piece.copy()
    if fade_in:
        faded[:, :overlap] *= curve
    if fade_out:
        faded[:, faded.shape[1] - overlap :] *= curve[::-1]
    return faded
