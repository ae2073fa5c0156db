"""The mel picture of a mix: one lane a track, so that a model that sees can compare them."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from foley_designer.core.files import replacing
from foley_designer.export.audio.wav import wav_info
from foley_designer.export.report.pictures import column_powers, palette, row_weights
from foley_designer.export.report.svg import time_step

MOST_LANES = 12
LOWEST_HZ, HIGHEST_HZ = 40.0, 16_000.0
RANGE_DB = 72.0
_WIDTH, _HEIGHT, _MARGIN, _GAP = 840, 64, 190, 8
_SHADES = 64
_TICKS_HZ = (200, 1000, 5000)
_INK, _PAPER = "#1d2129", "#ffffff"


class Lane(NamedTuple):
    """One track of the sheet."""

    name: str
    file: Path
    gain_db: float
    """Fader with which it is heard."""


def mel_of_hz(frequency_hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """O'Shaughnessy's mel scale: 2595 log10(1 + f / 700)."""
    return np.asarray(2595 * np.log10(1 + np.asarray(frequency_hz) / 700))


def mel_edges(count: int) -> NDArray[np.float64]:
    """Borders of ``count`` bands of equal width in mel, Hz, from high to low."""
    mels = np.linspace(mel_of_hz(HIGHEST_HZ), mel_of_hz(LOWEST_HZ), count + 1)
    return np.asarray(700 * (10 ** (mels / 2595) - 1))


def write_mel_sheet(path: Path, lanes: Sequence[Lane], duration_s: float) -> None:
    """Write a sheet as a PNG file.

    Raises:
        FoleyError: ``sound_unreadable``, or as `replacing` raises.
    """
    sheet = mel_sheet(lanes, duration_s)
    with replacing(path) as temporary:
        sheet.save(temporary, "PNG", optimize=True)


def mel_sheet(lanes: Sequence[Lane], duration_s: float) -> Image.Image:
    """The tracks under each other, in colours that span `RANGE_DB` below the loudest cell.

    All lanes share that reference, so a quiet track looks dark. More than `MOST_LANES` tracks
    leave the last ones out.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    shown = lanes[:MOST_LANES]
    levels = [_levels(lane) for lane in shown]
    top = max((float(level.max()) for level in levels), default=0.0)
    step = _HEIGHT + _GAP
    sheet = Image.new("RGB", (_MARGIN + _WIDTH + 10, step * len(shown) + 40), _PAPER)
    draw = ImageDraw.Draw(sheet)
    told = f"Mel spectrograms at their faders; colours span {RANGE_DB:.0f} dB below the loudest"
    draw.text((8, 4), told, _INK)
    for position, (lane, level) in enumerate(zip(shown, levels, strict=True)):
        y = 20 + position * step
        sheet.paste(_coloured(level - top), (_MARGIN, y))
        draw.text((8, y + 4), lane.name[:26], _INK)
        draw.text((8, y + 20), f"fader {lane.gain_db:+.1f} dB", _INK)
        _frequencies(draw, y)
    _times(draw, duration_s, 20 + step * len(shown))
    return sheet


def _levels(lane: Lane) -> NDArray[np.float64]:
    """Level of each mel band over time at the fader, dB, ``[bands, columns]``."""
    weights = row_weights(mel_edges(_HEIGHT), wav_info(lane.file).sample_rate)
    power = weights @ column_powers(lane.file, _WIDTH).T
    return np.asarray(10 * np.log10(np.maximum(power, 1e-14)) + lane.gain_db)


def _coloured(level_db: NDArray[np.float64]) -> Image.Image:
    shades = np.clip((level_db / RANGE_DB + 1) * (_SHADES - 1), 0, _SHADES - 1).astype(np.uint8)
    image = Image.fromarray(shades, "P")
    image.putpalette(palette(_SHADES).tobytes())
    return image.convert("RGB")


def _frequencies(draw: ImageDraw.ImageDraw, top: int) -> None:
    edges = mel_edges(_HEIGHT)
    for tick in _TICKS_HZ:
        y = top + int(np.searchsorted(-edges, -tick))
        draw.line([(_MARGIN - 5, y), (_MARGIN - 1, y)], _INK)
        draw.text((_MARGIN - 44, y - 6), f"{tick} Hz", _INK)


def _times(draw: ImageDraw.ImageDraw, duration_s: float, y: int) -> None:
    step = time_step(duration_s)
    for k in range(int(duration_s / step) + 1):
        x = _MARGIN + k * step / duration_s * _WIDTH
        draw.line([(x, y - _GAP), (x, y - _GAP + 4)], _INK)
        draw.text((x + 2, y - 4), f"{k * step:g} s", _INK)
