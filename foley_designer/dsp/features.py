"""The diagnosis f_i of each take and who masks whom (paper, section 3.3), streamed from disk."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.features import OCTAVES_HZ, Diagnosis, TrackFeatures
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.work.pool import threads
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.level.gains import SILENCE_DB, Samples, db_to_gain, gain_to_db, power_db
from foley_designer.dsp.level.loudness import LoudnessMeter
from foley_designer.dsp.level.masking import FRAME, Excitation, Spectra, masking_matrix
from foley_designer.dsp.level.mixdown import read_blocks
from foley_designer.dsp.repair.decay import DecayMeter
from foley_designer.dsp.repair.declip import FLAT

_ROLLOFF = 0.85
_CLIPPED = 0.999
_CLIPPED_RUN = 3
"""Samples of a flat top at full scale; a loud wave in a float file goes past it and keeps its
shape."""


class _Analysed(NamedTuple):
    features: TrackFeatures
    excitation: Excitation


def features(samples: Samples, event_id: str, tags: Sequence[str] = ()) -> TrackFeatures:
    """Features of one take ``[2, n]`` in memory."""
    parts = (samples[:, part] for part in blocks(samples.shape[1]))
    return _analyse(parts, event_id, tags).features


def diagnose(
    takes: Sequence[tuple[SoundEvent, Path, float]],
    known: Mapping[str, TrackFeatures] | None = None,
) -> Diagnosis:
    """Features of all takes, and the masking matrix between them.

    Args:
        takes: each event with its stereo file and the gain in dB at which it goes into the mix.
            Masking is compared after that gain; features are of the file as it is.
        known: features by event of files that were measured before; only masking needs those.

    Raises:
        FoleyError: ``sound_unreadable``.
    """

    def analyse(take: tuple[SoundEvent, Path, float]) -> _Analysed:
        event, path, _ = take
        if known and event.id in known:
            return _Analysed(known[event.id], _excitation_of(path))
        analysed = _analyse(read_blocks(path), event.id, _tags(event))
        _PATTERNS.keep(path, analysed.excitation)
        return analysed

    with ThreadPoolExecutor(max_workers=threads(4)) as pool:
        analysed = {one.features.event_id: one for one in pool.map(analyse, takes)}
    patterns = {
        event.id: analysed[event.id].excitation * np.float32(db_to_gain(gain_db) ** 2)
        for event, _, gain_db in takes
    }
    return Diagnosis(
        faders_db={event.id: gain_db for event, _, gain_db in takes},
        tracks=tuple(one.features for one in analysed.values()),
        masking=masking_matrix(patterns),
    )


def _tags(event: SoundEvent) -> tuple[str, ...]:
    """What the script says that the take is, from general to particular."""
    play = event.performance
    words = (event.category.value, event.subcategory.value, play.variant, play.material)
    return tuple(dict.fromkeys(word for word in (*words, play.surface) if word))


def _analyse(parts: Iterable[Samples], event_id: str, tags: Sequence[str]) -> _Analysed:
    """One pass over a take, block by block."""
    meter, spectra, decay = LoudnessMeter("stereo"), Spectra(2), DecayMeter(2)
    wave = _Waveform()
    for part in parts:
        wave.push(part)
        decay.push(part)
        meter.push(part)
        spectra.push(part)
    excitation, spectrum = spectra.finish()
    loudness, reverberation = meter.result(), decay.result()
    frequencies = np.arange(FRAME // 2 + 1, dtype=np.float64) * (SAMPLE_RATE / FRAME)
    total = float(spectrum.sum())
    measured = TrackFeatures(
        event_id=event_id,
        tags=tuple(tags),
        centroid_hz=float((frequencies * spectrum).sum()) / total if total > 0 else 0.0,
        band_db=_octave_levels(frequencies, spectrum),
        rolloff_hz=_rolloff(frequencies, spectrum),
        flatness=_flatness(spectrum),
        rt60_s=reverberation.rt60_s,
        rt60_confidence=reverberation.confidence,
        integrated_lufs=loudness.integrated_lufs,
        short_term_max_lufs=loudness.short_term_max_lufs,
        true_peak_dbtp=SILENCE_DB if loudness.true_peak_dbtp is None else loudness.true_peak_dbtp,
        crest_db=wave.crest_db(),
        correlation=wave.correlation(),
        width=wave.width(),
        dc_offset=wave.dc_offset(),
        clipped_samples=wave.clipped,
    )
    return _Analysed(measured, excitation)


class _Patterns:
    """Excitations of files as they were last analysed: revisions compare the same ones again."""

    MOST_BYTES = 1 << 25

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int, int], Excitation] = {}
        self._lock = threading.Lock()

    def of(self, path: Path) -> Excitation | None:
        """The excitation of a file that has not changed since; None if none is kept."""
        return self._kept.get(self._name(path))

    def keep(self, path: Path, pattern: Excitation) -> None:
        """Keep one, and let the oldest go where it grows too much."""
        pattern.flags.writeable = False
        with self._lock:
            self._kept[self._name(path)] = pattern
            while sum(one.nbytes for one in self._kept.values()) > self.MOST_BYTES:
                del self._kept[next(iter(self._kept))]

    @staticmethod
    def _name(path: Path) -> tuple[str, int, int]:
        stat = path.stat()
        return str(path), stat.st_mtime_ns, stat.st_size


_PATTERNS = _Patterns()


def _excitation_of(path: Path) -> Excitation:
    """What masking needs of a take."""
    if (kept := _PATTERNS.of(path)) is not None:
        return kept
    spectra = Spectra(2)
    for part in read_blocks(path):
        spectra.push(part)
    pattern = spectra.finish()[0]
    _PATTERNS.keep(path, pattern)
    return pattern


def _rolloff(frequencies: NDArray[np.float64], spectrum: NDArray[np.float64]) -> float:
    """Frequency under which `_ROLLOFF` of the power lies; 0 for silence."""
    sums = np.cumsum(spectrum)
    if sums[-1] <= 0:
        return 0.0
    return float(frequencies[np.searchsorted(sums, _ROLLOFF * sums[-1])])


def _flatness(spectrum: NDArray[np.float64]) -> float:
    """Geometric over arithmetic mean of a power spectrum without its 0 Hz; 0 for silence."""
    power = spectrum[1:]
    mean = float(power.mean())
    if mean <= 0:
        return 0.0
    return min(float(np.exp(np.log(np.maximum(power, 1e-12 * mean)).mean()) / mean), 1.0)


def _octave_levels(
    frequencies: NDArray[np.float64], spectrum: NDArray[np.float64]
) -> tuple[float, ...]:
    """Power in each octave band, dB re the loudest one."""
    edges = np.sqrt(2.0)
    sums = [
        spectrum[(frequencies >= centre / edges) & (frequencies < centre * edges)].sum()
        for centre in OCTAVES_HZ
    ]
    levels = power_db(sums)
    return tuple(float(level) for level in levels - levels.max())


class _Waveform:
    """What is read off the wave itself."""

    def __init__(self) -> None:
        self._count = 0
        self._peak = 0.0
        self._sum = np.zeros(2)
        self._squares = np.zeros(2)
        self._product = 0.0
        self._tail = np.zeros((2, _CLIPPED_RUN - 1), np.float32)
        self.clipped = 0
        """Samples inside flat tops at full scale."""

    def push(self, block: Samples) -> None:
        self._count += block.shape[1]
        self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))
        self._sum += block.sum(axis=1, dtype=np.float64)
        wide = block.astype(np.float64)
        self._squares += np.square(wide).sum(axis=1)
        self._product += float((wide[0] * wide[1]).sum())
        joined = np.concatenate([self._tail, block], axis=1)
        self._tail = joined[:, 1 - _CLIPPED_RUN :]
        level = np.abs(joined)
        still = np.abs(np.diff(joined)) < FLAT
        self.clipped += int((still[:, 1:] & still[:, :-1] & (level[:, 2:] >= _CLIPPED)).sum())

    def crest_db(self) -> float:
        mean_square = self._squares.sum() / max(2 * self._count, 1)
        rms = float(np.sqrt(mean_square))
        return gain_to_db(self._peak) - gain_to_db(rms) if rms > 0 else 0.0

    def correlation(self) -> float:
        power = float(np.sqrt(self._squares.prod()))
        return float(np.clip(self._product / power, -1.0, 1.0)) if power > 0 else 0.0

    def width(self) -> float:
        power = float(self._squares.sum())
        side = 0.5 * (power - 2.0 * self._product)
        return float(np.clip(side / power, 0.0, 1.0)) if power > 0 else 0.0

    def dc_offset(self) -> float:
        means = self._sum / max(self._count, 1)
        return float(means[np.argmax(np.abs(means))])
