"""Pictures inside the report: spectrograms, keyframes, the goniometer. NumPy and Pillow alone."""

import base64
import io
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.export.audio.wav import read_pieces, wav_info

LOWEST_HZ = 40.0
HIGHEST_HZ = 20_000.0
RANGE_DB = 72.0
_FFT = 1024
_COLUMNS = 128
"""Columns that are transformed at once."""
_LOOKS = 4
"""Transforms at most in one column, so that long stems stay quick."""
_GLANCE, _GLANCES = 8192, 256
"""Samples in a piece and pieces of a mix, evenly spread, that the goniometer counts."""
_RAMP = np.array(
    [[10, 12, 22], [38, 28, 78], [104, 38, 110], [178, 54, 92], [232, 104, 62], [250, 214, 140]],
    np.float64,
)
"""Colours from silence to loud."""

PICTURE_VERSION = 1
"""Raised when the same sound would be drawn otherwise."""

Picture = NDArray[np.uint8]


def data_uri(image: Image.Image, *, photograph: bool = False) -> str:
    """An image inside a page: JPEG for photographs, else PNG."""
    data = io.BytesIO()
    if photograph:
        image.convert("RGB").save(data, "JPEG", quality=74, optimize=True)
    else:
        image.save(data, "PNG", optimize=True)
    kind = "jpeg" if photograph else "png"
    return f"data:image/{kind};base64,{base64.b64encode(data.getvalue()).decode()}"


def keyframe(path: Path, width: int) -> str | None:
    """A keyframe as a data URI, ``width`` pixels wide at most; None if it can't be read."""
    try:
        return _thumbnail(path, width, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=256)
def _thumbnail(path: Path, width: int, changed_ns: int) -> str:  # noqa: ARG001 - part of the key
    """A keyframe that was not written anew since it was drawn last."""
    with Image.open(path) as image:
        image.thumbnail((width, 2 * width))
        return data_uri(image, photograph=True)


def spectrogram(path: Path, width: int, height: int) -> str:
    """A stem's level over time and logarithmic frequency as a data URI.

    Columns divide the stem's length evenly; rows run from `HIGHEST_HZ` down to `LOWEST_HZ`;
    colours span `RANGE_DB` below the stem's own maximum.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    power = column_powers(path, width)
    rows = row_weights(np.geomspace(HIGHEST_HZ, LOWEST_HZ, height + 1)) @ power.T
    top = float(rows.max())
    if top <= 0:
        shades = np.zeros((height, width), np.uint8)
    else:
        level = 10 * np.log10(np.maximum(rows / top, 1e-12))
        shades = np.clip((level / RANGE_DB + 1) * 47, 0, 47).astype(np.uint8)
    image = Image.fromarray(shades, "P")
    image.putpalette(palette(48).tobytes())
    return data_uri(image)


def column_powers(path: Path, width: int) -> NDArray[np.float64]:
    """Mean power spectrum of each column, ``[width, bins]``; only some of a long file is read."""
    total = wav_info(path).samples
    looks = int(min(max(total // width // _FFT, 1), _LOOKS))
    centres = (np.arange(width) + 0.5) * total / width
    starts = np.maximum(centres - looks * _FFT / 2, 0).astype(int)
    window = np.hanning(_FFT)
    power = np.zeros((width, _FFT // 2 + 1))
    pieces = read_pieces(path, starts, looks * _FFT)
    for first in range(0, width, _COLUMNS):
        some = list(islice(pieces, _COLUMNS))
        taken = np.zeros((len(some), looks * _FFT))
        for row, samples in zip(taken, some, strict=True):
            row[: samples.shape[1]] = samples.mean(0)
        spectra = np.fft.rfft(taken.reshape(len(some), looks, _FFT) * window, axis=2)
        power[first : first + len(some)] = np.mean(np.abs(spectra) ** 2, axis=1)
    return power


def row_weights(edges: NDArray[np.float64], rate: int = SAMPLE_RATE) -> NDArray[np.float64]:
    """Averages of neighbouring bins for each row, ``[rows, bins]``; 0 above what there can be.

    Args:
        edges: borders of the rows, Hz, from high to low.
        rate: samples a second of the sound.
    """
    bins = np.arange(_FFT // 2 + 1) * rate / _FFT
    centres = np.sqrt(edges[:-1] * edges[1:])
    reach = np.maximum((edges[:-1] - edges[1:]) / 2, rate / _FFT)
    weights = np.maximum(0, 1 - np.abs(bins[None, :] - centres[:, None]) / reach[:, None])
    return np.asarray(weights / np.maximum(weights.sum(1, keepdims=True), 1e-12))


def palette(count: int) -> Picture:
    """Colours from silence to loud, ``[count, 3]``."""
    places = np.linspace(0, len(_RAMP) - 1, count)
    channels = [np.interp(places, range(len(_RAMP)), _RAMP[:, c]) for c in range(3)]
    return np.stack(channels, 1).round().astype(np.uint8)


def goniometer(path: Path, size: int = 220) -> str:
    """How often left and right meet where: up is in phase, across is out of phase; a data URI.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    counts = np.zeros((size, size))
    total = wav_info(path).samples
    starts = np.linspace(0, total, min(_GLANCES, -(-total // _GLANCE)), endpoint=False)
    for block in read_pieces(path, starts.astype(int), _GLANCE):
        left, right = block[0].astype(np.float64), block[1].astype(np.float64)
        loud = np.maximum(np.abs(left), np.abs(right)) > 1e-4
        # The ear's scale, so that quiet passages show too.
        mid, side = (left + right)[loud] / 2, (left - right)[loud] / 2
        radius = np.hypot(mid, side)
        scale = np.where(radius > 0, radius ** (1 / 3) / np.maximum(radius, 1e-12), 0)
        row, column = (
            np.clip(((1 - part * scale) * (size / 2)).astype(int), 0, size - 1)
            for part in (mid, side)
        )
        counts += np.bincount(row * size + column, minlength=size * size).reshape(size, size)
    reach = np.abs(np.argwhere(counts) - (size - 1) / 2).max(initial=8)
    edge = max(0, int(size / 2 - reach - 2))
    shades = np.log1p(counts[edge : size - edge, edge : size - edge])
    image = Image.fromarray((47 * shades / max(shades.max(), 1)).astype(np.uint8), "P")
    image.putpalette(palette(48).tobytes())
    return data_uri(image)
