"""Spectral masking between tracks on an ERB scale.

Excitation patterns come from rounded-exponential filters of 40 auditory bands (Patterson et al.,
JASA 72(6), 1982; bandwidths of Glasberg & Moore, Hearing Research 47, 1990). A target counts as
masked where it lies more than 5 dB under the masker in the same band and moment.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.fft import rfft

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.level.gains import Samples

BAND_COUNT = 40
FRAME, HOP = 4096, 2048
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 16000.0
_MARGIN = 10.0 ** (-5.0 / 10.0)
"""Target to masker power under which a band of the target is not heard."""

_SILENCE = 1e-8
"""Frames so far under a track's loudest one can't change its masked share: spared, they save most
of the work on long clips."""

Excitation = NDArray[np.float32]
"""Power ``[BAND_COUNT, frames]``, one frame each `HOP` samples."""


def _erb_number(frequency_hz: float) -> float:
    return float(21.4 * np.log10(4.37e-3 * frequency_hz + 1.0))


def band_centres_hz() -> NDArray[np.float64]:
    """Centres of the bands ``[BAND_COUNT]``, evenly spaced in ERB number."""
    numbers = np.linspace(_erb_number(_LOWEST_HZ), _erb_number(_HIGHEST_HZ), BAND_COUNT)
    return np.asarray((10.0 ** (numbers / 21.4) - 1.0) / 4.37e-3)


@cache
def _filters() -> sparse.csr_array:
    """Weights ``[BAND_COUNT, FRAME // 2 + 1]`` of roex(p) filters, each summing to 1.

    They are sparse, because beyond 80 dB under its peak a filter passes nothing that counts.
    """
    centres = band_centres_hz()[:, None]
    slope = 4.0 * centres / (24.7 * (4.37e-3 * centres + 1.0))
    offset = np.abs(np.fft.rfftfreq(FRAME, 1.0 / SAMPLE_RATE) - centres) / centres
    weights = (1.0 + slope * offset) * np.exp(-slope * offset)
    weights[weights < 1e-8] = 0.0
    return sparse.csr_array((weights / weights.sum(axis=1, keepdims=True)).astype(np.float32))


class Spectra:
    """Frames of a signal that comes in blocks, as excitation and as mean power spectrum.

    Args:
        channels: channels of the signal; their powers add.
    """

    def __init__(self, channels: int) -> None:
        self._filters = _filters()
        self._window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
        self._rest = np.zeros((channels, HOP), np.float32)
        self._excitation = [np.zeros((BAND_COUNT, 0), np.float32)]
        self._power = np.zeros(FRAME // 2 + 1)
        self._frames = 0

    def push(self, block: Samples) -> None:
        """Take the next ``[channels, m]`` samples."""
        joined = np.concatenate([self._rest, block], axis=1)
        frames = max(0, (joined.shape[1] - FRAME) // HOP + 1)
        self._rest = joined[:, frames * HOP :].copy()
        if not frames:
            return
        views = np.lib.stride_tricks.sliding_window_view(joined, FRAME, axis=1)[:, ::HOP]
        spectrum = rfft(views[:, :frames] * self._window)
        power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
        self._power += power.sum(axis=0, dtype=np.float64)
        self._frames += frames
        self._excitation.append(self._filters @ power.T)

    def finish(self) -> tuple[Excitation, NDArray[np.float64]]:
        """Excitation, and the mean power spectrum ``[FRAME // 2 + 1]``; call once, at the end."""
        self.push(np.zeros((len(self._rest), FRAME), np.float32))
        return np.concatenate(self._excitation, axis=1), self._power / max(self._frames, 1)


def excitation(samples: Samples) -> Excitation:
    """Excitation pattern of ``[channels, n]``."""
    spectra = Spectra(len(samples))
    for part in blocks(samples.shape[1]):
        spectra.push(samples[:, part])
    return spectra.finish()[0]


def masked_share(target: Excitation, masker: Excitation) -> float:
    """Share of the target's excitation that the masker covers, 0..1; 0 for a silent target.

    Raises:
        ValueError: the patterns differ in length.
    """
    if target.shape != masker.shape:
        raise ValueError(f"excitations differ in shape: {target.shape} and {masker.shape}")
    total = float(target.sum(dtype=np.float64))
    if total <= 0.0:
        return 0.0
    masked = np.where(target < _MARGIN * masker, target, 0.0)
    return min(float(masked.sum(dtype=np.float64)) / total, 1.0)


def masking_matrix(excitations: Mapping[str, Excitation]) -> dict[str, dict[str, float]]:
    """``matrix[target][masker]``: `masked_share` of each by each other."""
    matrix = {}
    for target, pattern in excitations.items():
        sounding = np.flatnonzero(
            pattern.max(axis=0, initial=0.0) > _SILENCE * pattern.max(initial=0.0)
        )
        heard = pattern[:, sounding]
        matrix[target] = {
            masker: masked_share(heard, other[:, sounding])
            for masker, other in excitations.items()
            if masker != target
        }
    return matrix
