"""What is measured of a recording: level, spectrum, decay, activity.

Terms after Peeters, A large set of audio features for sound description (IRCAM, 2004).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.generator.engine import Samples
from foley_designer.generator.library.recording import Traits
from foley_designer.generator.placement import to_mono
from foley_designer.metrics.activity import frame_power

Array = NDArray[np.float64]

MEL_BANDS = 24
_LOW_HZ, _HIGH_HZ = 60.0, 14_000.0
_FRAME_S = 0.04
_FINE_S = 0.005
_GATE = 1e-4
"""Frames this far in power under the loudest are silence."""
_FLOOR_DB = -60.0
_FRAMES_AT_ONCE = 512


class _Spectra(NamedTuple):
    mel: Array
    """``[frames, MEL_BANDS]`` power."""
    mean: Array
    """``[bins]`` power over all frames."""
    flatness: Array
    """``[frames]``."""
    bins_hz: Array


def measure(
    samples: Samples, sample_rate: int, *, duration_s: float, channels: int, onset_count: int
) -> Traits:
    """Traits of a sound.

    Args:
        samples: ``[1 or 2, n]``, the stretch that is measured.
        sample_rate: of ``samples``.
        duration_s: of the whole file.
        channels: of the file.
        onset_count: onsets within the stretch.
    """
    mono = to_mono(samples)
    spectra = _spectra(mono[0], sample_rate)
    total = spectra.mel.sum(axis=1)
    active = total > _GATE * total.max(initial=0.0)
    fine = frame_power(mono, max(1, round(_FINE_S * sample_rate)))
    sounding = np.flatnonzero(fine > _GATE * fine.max(initial=0.0))
    length_s = samples.shape[1] / sample_rate
    mel = np.maximum(spectra.mel[active], 1e-30)
    mean = mel.mean(axis=0)
    level_db = np.maximum(_db(mel / mel.max()), _FLOOR_DB)
    return Traits(
        duration_s=duration_s,
        channels=channels,
        sample_rate=sample_rate,
        loudness_db=float(_db(fine[sounding].mean())),
        peak_db=float(2 * _db(np.abs(samples).max())),
        centroid_hz=float(spectra.bins_hz @ spectra.mean / spectra.mean.sum()),
        tonality=float(np.clip(1.0 - spectra.flatness[active].mean(), 0.0, 1.0)),
        decay_s=_decay_s(fine),
        activity=float(active.mean()),
        active_s=(float(sounding[0] * _FINE_S), min(float((sounding[-1] + 1) * _FINE_S), length_s)),
        onset_rate=onset_count / length_s,
        mel_db=_rounded(np.maximum(_db(mean / mean.sum()), _FLOOR_DB)),
        mel_spread_db=_rounded(level_db.std(axis=0)),
    )


def sound_vector(traits: Traits) -> NDArray[np.float32]:
    """Traits as one vector for comparing sounds, ``[2·MEL_BANDS + 5]``; level is left out."""
    shape = (
        np.log2(max(traits.centroid_hz, 20.0)),
        np.log2(traits.decay_s + 0.01),
        4.0 * traits.tonality,
        4.0 * traits.activity,
        np.log2(traits.onset_rate + 0.25),
    )
    bands = np.array([*traits.mel_db, *traits.mel_spread_db]) / 10.0
    vector: NDArray[np.float32] = np.r_[bands, shape].astype(np.float32)
    return vector


def _spectra(wave: NDArray[np.float32], sample_rate: int) -> _Spectra:
    size = 1 << max(6, round(np.log2(_FRAME_S * sample_rate)))
    padded = np.pad(wave, (0, max(0, size - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // 2]
    bins_hz = np.arange(size // 2 + 1) * (sample_rate / size)
    bands = _mel_bands(bins_hz)
    heard = (bins_hz >= _LOW_HZ) & (bins_hz <= _HIGH_HZ)
    window = np.hanning(size)
    mel, flatness = [], []
    mean = np.zeros(len(bins_hz))
    for start in range(0, len(frames), _FRAMES_AT_ONCE):
        block = frames[start : start + _FRAMES_AT_ONCE] * window
        power = np.abs(np.fft.rfft(block, axis=1)) ** 2
        mel.append(power @ bands)
        mean += power.sum(axis=0)
        inside = power[:, heard] + 1e-20
        flatness.append(np.exp(np.log(inside).mean(axis=1)) / inside.mean(axis=1))
    return _Spectra(np.concatenate(mel), mean + 1e-30, np.concatenate(flatness), bins_hz)


def _mel_bands(bins_hz: Array) -> Array:
    """Triangular bands ``[bins, MEL_BANDS]``, equally wide in mel (O'Shaughnessy, 1987)."""
    low, high = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in (_LOW_HZ, _HIGH_HZ))
    edges = 700.0 * (10.0 ** (np.linspace(low, high, MEL_BANDS + 2) / 2595.0) - 1.0)
    rising = (bins_hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins_hz[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling))


def _decay_s(fine: Array) -> float:
    loudest = int(np.argmax(fine))
    below = np.flatnonzero(fine[loudest:] < 0.01 * fine[loudest])
    return float((below[0] if len(below) else len(fine) - loudest) * _FINE_S)


def _db(power: Array | float) -> Array:
    return 10.0 * np.log10(np.maximum(power, 1e-30))


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), 2) for value in values)
