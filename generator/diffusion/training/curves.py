"""Pictures of a run: the loss over steps, and spectrograms of samples."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foley_designer.core.files import replacing, write_text
from foley_designer.export.report.svg import line, picture, polyline, text

_WIDTH, _HEIGHT = 640.0, 260.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 60.0, 26.0, 12.0, 34.0
_SVG = "http://www.w3.org/2000/svg"
_STYLE = (
    "<style>text{font:12px sans-serif;fill:#444}line{stroke:#ddd}"
    "polyline{fill:none;stroke:#1f6f8b;stroke-width:1.5}.mean{stroke:#c4541d}</style>"
)


def draw_curve(log: Path, out: Path, title: str) -> None:
    """Draw a stage's loss from its log: each entry, and the running mean of ten.

    Args:
        log: JSON lines with ``step`` and ``loss``.
        out: SVG file.
        title: what stands above.
    """
    if not log.is_file():
        return
    entries = [json.loads(row) for row in log.read_text("utf-8").splitlines()]
    if len(entries) < 2:
        return
    steps = np.array([entry["step"] for entry in entries], np.float64)
    losses = np.array([entry["loss"] for entry in entries], np.float64)
    size = min(10, len(losses))
    means = np.convolve(losses, np.ones(size) / size, "valid")
    low, high = 0.95 * losses.min(), max(np.percentile(losses, 98), means.min() * 1.05)
    x = _LEFT + (steps - steps[0]) / np.ptp(steps) * (_WIDTH - _LEFT - _RIGHT)
    scale = (_HEIGHT - _TOP - _BOTTOM) / (high - low)

    def y(values: NDArray[np.float64]) -> NDArray[np.float64]:
        placed: NDArray[np.float64] = _TOP + (high - np.clip(values, low, high)) * scale
        return placed

    parts = [text(_LEFT, 16, f"{title}: loss, last mean {means[-1]:.4f}")]
    for value in np.linspace(low, high, 5):
        level = float(y(np.array([value]))[0])
        parts += [line(_LEFT, level, _WIDTH - _RIGHT, level, "grid")]
        parts += [text(_LEFT - 6, level + 4, f"{value:.3f}", "", "end")]
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        step = steps[0] + share * np.ptp(steps)
        at = _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
        parts.append(text(float(at), _HEIGHT - 10, f"{step:.0f}", "", anchor))
    parts.append(polyline(zip(x, y(losses), strict=True), "each"))
    parts.append(polyline(zip(x[size - 1 :], y(means), strict=True), "mean"))
    svg = str(picture(_WIDTH, _HEIGHT, parts, f"{title}: loss over steps"))
    alone = svg.replace("<svg", f'<svg xmlns="{_SVG}"', 1)
    write_text(out, alone.replace(">", ">" + _STYLE, 1))


def draw_spectrograms(rows: Sequence[Sequence[NDArray[np.float32]]], out: Path) -> None:
    """A sheet of level pictures, one row an item, columns side by side.

    Args:
        rows: of ``[bands, frames]`` with values -1 (silent) to 1 (loud), low bands first.
        out: PNG file.
    """
    sheet = [np.hstack([_framed(one) for one in row]) for row in rows]
    width = max(strip.shape[1] for strip in sheet)
    padded = [np.pad(strip, ((0, 0), (0, width - strip.shape[1]), (0, 0))) for strip in sheet]
    with replacing(out) as part:
        Image.fromarray(np.vstack(padded)).save(part, "PNG")


def _framed(levels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A dark-to-bright picture, low bands at the bottom, with a thin frame."""
    share = np.clip((levels[::-1] + 1.0) / 2.0, 0.0, 1.0)
    colours = np.array([[8, 8, 24], [70, 20, 110], [190, 55, 80], [250, 150, 30], [252, 250, 190]])
    place = share * (len(colours) - 1)
    below = np.minimum(place.astype(int), len(colours) - 2)
    part = (place - below)[..., None]
    image = colours[below] * (1.0 - part) + colours[below + 1] * part
    image = np.repeat(image, 2, axis=0)
    framed: NDArray[np.uint8] = np.pad(image, ((2, 2), (2, 2), (0, 0))).astype(np.uint8)
    return framed
