"""The transform below foley-mini's autoencoder: parametric stereo on a log-mel spectrogram.

A frame holds the power of mel bands and three numbers about the stereo image: time difference,
level difference and coherence, as parametric stereo coders send them (Breebaart et al., EURASIP
Journal on Applied Signal Processing 2005:9). Back again, white noise lends first phases and
fluctuation, phases are found by Griffin & Lim's method (IEEE Transactions on ASSP 32(2), 1984) with
Perraudin's momentum (WASPAA 2013), and the two channels are made of one signal.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

RATE = 48_000
FRAME = 512
"""Samples a frame: 93.75 frames a second."""
WINDOW = 1024
HOP = 256
"""Between spectra from which sound is rebuilt."""
BANDS = 80
FEATURES = BANDS + 3
LOWEST_HZ, HIGHEST_HZ = 30.0, 20_000.0
FLOOR_DB = -80.0
WIDEST_S = 0.0006
"""Time differences are looked for within this; a pair 17 cm apart reaches 0.50 ms."""
LEVEL_DB = 12.0
"""The level difference that reads 1."""
_MOMENTUM = 0.99
_AROUND = 9
"""Bands that a band is compared with, itself in their middle."""
_TONE_DB = 10.0
"""A band that stands out of its neighbours by this is a tone and holds its level; noise doesn't."""
_SPATIAL_WINDOW = 2048
_SPATIAL_SPAN = 3
_WHITENING = 0.5


class Spectral(NamedTuple):
    """What a frame says, parts of `FEATURES` channels, each about -1 to 1."""

    levels: Tensor
    """``[batch, BANDS, frames]``: band power in dB under the item's peak, -1 at `FLOOR_DB`, 1 at
    0 dB."""
    delay: Tensor
    """``[batch, frames]``: by which left leads, in `WIDEST_S`."""
    balance: Tensor
    """``[batch, frames]``: left over right, in `LEVEL_DB`."""
    coherence: Tensor
    """``[batch, frames]``: 1 for two copies, 0 for unrelated channels."""

    def joined(self) -> Tensor:
        """``[batch, FEATURES, frames]``."""
        rest = torch.stack([self.delay, self.balance, self.coherence], dim=1)
        return torch.cat([self.levels, rest], dim=1)

    @classmethod
    def parted(cls, features: Tensor) -> "Spectral":
        """From ``[batch, FEATURES, frames]``."""
        return cls(features[:, :BANDS], features[:, -3], features[:, -2], features[:, -1])


def analyse(audio: Tensor) -> Tensor:
    """Stereo ``[batch, 2, samples]`` to features ``[batch, FEATURES, samples // FRAME]``.

    An item's own level is lost: its peak becomes 1.
    """
    peak = audio.abs().amax(dim=(1, 2), keepdim=True).clamp_min(1e-6)
    audio = audio / peak
    frames = audio.shape[-1] // FRAME
    spectra = _stft(audio, WINDOW, FRAME)[..., :frames]
    power = spectra.abs().square().mean(dim=1)
    bands = torch.einsum("kf,bft->bkt", _bands(), power)
    decibels = 10.0 * torch.log10(bands.clamp_min(1e-12))
    levels = (1.0 - 2.0 * decibels / FLOOR_DB).clamp(-1.0, 1.0)
    return Spectral(levels, *_image(audio, frames)).joined()


def synthesise(features: Tensor, generator: torch.Generator, rounds: int = 4) -> Tensor:
    """Features ``[batch, FEATURES, frames]`` to stereo ``[batch, 2, frames · FRAME]``.

    Args:
        features: as `analyse` gives them.
        generator: draws the first phases.
        rounds: of phase reconstruction.
    """
    parts = Spectral.parted(features.clamp(-1.0, 1.0))
    samples = features.shape[-1] * FRAME
    magnitude, noisy = _magnitudes(parts.levels), _over_bins(_noisiness(parts.levels))
    common = _with_phases(magnitude, noisy, samples, generator, rounds)
    apart = 1.0 - parts.coherence.clamp(0.0, 1.0)
    left, right = _steered(common, parts)
    if float(apart.mean()) > 0.3:
        other = _with_phases(magnitude, noisy, samples, generator, rounds)
        share = _over_samples(apart, samples).clamp(0.0, 1.0)
        near, far = torch.sqrt(1.0 - 0.5 * share), torch.sqrt(0.5 * share)
        left, right = near * left + far * other, near * right - far * other
    return torch.stack([left, right], dim=1)


def _stft(audio: Tensor, window: int, hop: int) -> Tensor:
    """Complex spectra ``[..., bins, frames]``; frame k is centred on (k + ½)·hop."""
    flat = functional.pad(audio.flatten(0, -2), (window // 2 - hop // 2, window))
    hann = torch.hann_window(window, dtype=audio.dtype)
    spectra = torch.stft(flat, window, hop, window=hann, center=False, return_complex=True)
    return spectra.view(*audio.shape[:-1], *spectra.shape[-2:])


@lru_cache(maxsize=1)
def _bands() -> Tensor:
    """Mean power density of mel bands, ``[BANDS, bins]``; each row sums to 4 / window²."""
    bins = torch.fft.rfftfreq(WINDOW, 1.0 / RATE)
    edges = _from_mel(torch.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2))
    step = RATE / WINDOW
    low = torch.minimum(edges[:-2], edges[1:-1] - step)[:, None]
    high = torch.maximum(edges[2:], edges[1:-1] + step)[:, None]
    middle = edges[1:-1, None]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    weights = torch.minimum(rising, falling).clamp_min(0.0)
    return weights / weights.sum(dim=1, keepdim=True) / WINDOW


@lru_cache(maxsize=1)
def _between() -> tuple[Tensor, Tensor, Tensor]:
    """For each bin the bands below and above it, and the share of the one above."""
    bins = torch.fft.rfftfreq(WINDOW, 1.0 / RATE)
    spacing = (_mel(HIGHEST_HZ) - _mel(LOWEST_HZ)) / (BANDS + 1)
    place = (2595.0 * torch.log10(1.0 + bins / 700.0) - _mel(LOWEST_HZ)) / spacing - 1.0
    place = place.clamp(0.0, BANDS - 1.0)
    below = place.floor().long().clamp_max(BANDS - 2)
    return below, below + 1, place - below


def _mel(hertz: float) -> float:
    return 2595.0 * math.log10(1.0 + hertz / 700.0)


def _from_mel(mel: Tensor) -> Tensor:
    return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)


def _over_bins(bands: Tensor) -> Tensor:
    """Values of bands at frames to ``[batch, bins, frames · FRAME / HOP]``, linearly."""
    below, above, share = _between()
    smooth = torch.lerp(bands[:, below], bands[:, above], share[None, :, None])
    ratio = FRAME // HOP
    return functional.interpolate(smooth, scale_factor=ratio, mode="linear", align_corners=False)


def _magnitudes(levels: Tensor) -> Tensor:
    """Linear magnitudes ``[batch, bins, frames · FRAME / HOP]`` of spectra as `_stft` makes."""
    finer = _over_bins((1.0 - levels) * 0.5 * FLOOR_DB)
    silent = finer <= FLOOR_DB + 0.5
    magnitude = 10.0 ** (finer / 20.0) * math.sqrt(WINDOW)
    return torch.where(silent, torch.zeros_like(magnitude), magnitude)


def _noisiness(levels: Tensor) -> Tensor:
    """``[batch, BANDS, frames]``: 1 if a band lies level with its neighbours, 0 for a tone."""
    decibels = (1.0 - levels) * 0.5 * FLOOR_DB
    rest = _AROUND // 2
    padded = functional.pad(decibels.transpose(1, 2), (rest, rest), mode="replicate")
    around = functional.avg_pool1d(padded, _AROUND, 1).transpose(1, 2)
    return (1.0 - (decibels - around) / _TONE_DB).clamp(0.0, 1.0)


def _with_phases(
    magnitude: Tensor, noisy: Tensor, samples: int, generator: torch.Generator, rounds: int
) -> Tensor:
    """Sound ``[batch, samples]`` whose spectra come near to these magnitudes.

    White noise lends its first phases and, where the sound is noisy, the way in which it
    fluctuates: band levels are means, and phases found for means alone make noise buzz.
    """
    noise = torch.randn(magnitude.shape[0], samples, generator=generator)
    white = _stft(noise, WINDOW, HOP)[..., : magnitude.shape[-1]]
    size = white.abs().clamp_min(1e-9)
    magnitude = magnitude * (size / _hann().square().sum().sqrt()) ** noisy
    estimate = white / size
    before = torch.zeros_like(estimate)
    for _ in range(rounds):
        rebuilt = _stft(_istft(magnitude * estimate, samples), WINDOW, HOP)
        rebuilt = rebuilt[..., : magnitude.shape[-1]]
        estimate = rebuilt - (_MOMENTUM / (1.0 + _MOMENTUM)) * before
        estimate = estimate / estimate.abs().clamp_min(1e-9)
        before = rebuilt
    return _istft(magnitude * estimate, samples)


def _istft(spectra: Tensor, samples: int) -> Tensor:
    """The sound whose spectra come nearest to these, ``[batch, samples]``."""
    frames = torch.fft.irfft(spectra, WINDOW, dim=1).transpose(1, 2) * _hann()
    count, overlap = frames.shape[1], WINDOW // HOP
    pieces = frames.reshape(frames.shape[0], count, overlap, HOP)
    added = frames.new_zeros(frames.shape[0], count + overlap - 1, HOP)
    weight = frames.new_zeros(count + overlap - 1, HOP)
    squares = _hann().square().view(overlap, HOP)
    for shift in range(overlap):
        added[:, shift : shift + count] += pieces[:, :, shift]
        weight[shift : shift + count] += squares[shift]
    start = WINDOW // 2 - HOP // 2
    out = (added / weight.clamp_min(1e-3)).flatten(1)[:, start : start + samples]
    return functional.pad(out, (0, samples - out.shape[-1]))


@lru_cache(maxsize=1)
def _hann() -> Tensor:
    return torch.hann_window(WINDOW)


def _image(audio: Tensor, frames: int) -> tuple[Tensor, Tensor, Tensor]:
    """Delay, balance and coherence ``[batch, frames]`` of longer windows around each frame."""
    spectra = _stft(audio, _SPATIAL_WINDOW, FRAME)[..., :frames]
    left, right = spectra[:, 0], spectra[:, 1]
    size = 2 * _SPATIAL_SPAN + 1
    powers = [_smoothed(one.abs().square().sum(dim=1), size) for one in (left, right)]
    cross = left * right.conj()
    plain = torch.fft.irfft(cross, _SPATIAL_WINDOW, dim=1)
    white = torch.fft.irfft(cross / cross.abs().clamp_min(1e-9) ** _WHITENING, dim=1)
    most = round(WIDEST_S * RATE)
    loud = (powers[0] + powers[1]).clamp_min(1e-9)
    lags = torch.cat([white[:, -most:], white[:, : most + 1]], dim=1)
    lag = _peak(_smoothed(lags.flatten(0, 1), size).view_as(lags))
    lag = torch.where(loud > loud.amax(dim=1, keepdim=True) * 1e-7, lag, torch.zeros_like(lag))
    same = torch.cat([plain[:, -most:], plain[:, : most + 1]], dim=1).amax(dim=1)
    scale = _SPATIAL_WINDOW / 2 / torch.sqrt(powers[0] * powers[1]).clamp_min(1e-9)
    coherence = (_smoothed(same, size) * scale).clamp(0.0, 1.0)
    balance = 10.0 * torch.log10((powers[0] + 1e-9) / (powers[1] + 1e-9)) / LEVEL_DB
    return -lag / most, balance.clamp(-1.0, 1.0), coherence


def _smoothed(values: Tensor, size: int) -> Tensor:
    """Moving sum along the last dimension of ``[rows, frames]``."""
    return functional.avg_pool1d(values[:, None], size, 1, size // 2)[:, 0]


def _peak(lags: Tensor) -> Tensor:
    """Place of the highest value along dimension 1, relative to its middle, between samples."""
    most = lags.shape[1] // 2
    top = lags.argmax(dim=1).clamp(1, 2 * most - 1)
    before, at, after = (lags.gather(1, (top + step)[:, None])[:, 0] for step in (-1, 0, 1))
    bend = before - 2.0 * at + after
    shift = 0.5 * (before - after) / torch.where(bend < 0, bend, torch.full_like(bend, -torch.inf))
    return top + shift.clamp(-0.5, 0.5) - most


def _steered(sound: Tensor, parts: Spectral) -> tuple[Tensor, Tensor]:
    """Left and right ``[batch, samples]`` of one sound, delayed and weighted over time."""
    samples = sound.shape[-1]
    half = _over_samples(parts.delay, samples) * (0.5 * WIDEST_S * RATE)
    ratio = 10.0 ** (_over_samples(parts.balance, samples) * (LEVEL_DB / 20.0))
    scale = math.sqrt(2.0) / torch.sqrt(1.0 + ratio.square())
    return _read(sound, half) * ratio * scale, _read(sound, -half) * scale


def _over_samples(values: Tensor, samples: int) -> Tensor:
    """Frames ``[batch, frames]`` to samples, linearly."""
    return functional.interpolate(values[:, None], size=samples, mode="linear")[:, 0]


def _read(sound: Tensor, ahead: Tensor) -> Tensor:
    """``sound`` read ``ahead`` of each sample, by windowed sinc of 16 taps."""
    taps = 16
    place = torch.arange(sound.shape[-1]) + ahead
    whole = place.floor()
    part = place - whole
    padded = functional.pad(sound, (taps + 32, taps + 32))
    out = torch.zeros_like(sound)
    for tap in range(-taps // 2 + 1, taps // 2 + 1):
        distance = part - tap
        weight = torch.sinc(distance) * torch.cos(math.pi * distance / (taps + 2)).square()
        index = (whole + tap).long() + taps + 32
        out = out + weight * padded.gather(-1, index.clamp(0, padded.shape[-1] - 1))
    return out
