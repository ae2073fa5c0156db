"""Dissolves: stretches in which one frame turns into another one, cell by cell and evenly."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WIDTHS_S = (0.2, 0.28, 0.4, 0.56, 0.8, 1.1, 1.6)
"""Lengths that are tried; each finds what lies between it and its neighbours."""
RESIDUE = 0.12
"""Most of the change, as a share, that a blend of both ends may leave: movement leaves more."""
UNEVEN = 0.2
"""How far the blend may lie off its even course, of 1."""
STANDS_OUT = 1.4
"""Times the change just before and after, over as many frames, that a full dissolve makes."""
LEAST = 15.0
"""Change of the thumbnail, of 255, weighed by how well the blend fits and how far it stands out,
that a dissolve at least makes. Fitted on the joined films that are looked at
(benchmarks/scenes/scenes_film.py): most true ones reach 28 and more, camera moves 14 and less."""
SAME = 0.7
"""Correlation of the lit cells from which both ends are one frame in other light, as in a fade
into black. Over the same films dissolves lie under .66, fades and turned lamps above .73."""
EVERYWHERE = 0.6
"""Least median over mean change of the cells of a dissolve; a title fades in over a few."""
LIT = 24
"""Luma, of 255, that black and the bars of a letterbox stay under."""
_CHUNK = 4096
"""Frames that are compared at once; memory stays flat on long films."""
_PROBES = 6
"""Frames inside a stretch at which the blend is tried."""


class Dissolve(NamedTuple):
    """Frames ``first`` to ``last`` (excluded) show both shots."""

    first: int
    last: int
    score: float

    @property
    def middle(self) -> int:
        """First frame of the new shot."""
        return (self.first + self.last + 1) // 2


def dissolves(thumbs: NDArray[np.integer], times_s: NDArray[np.float64]) -> list[Dissolve]:
    """The clip's dissolves in order; those that overlap are one.

    Args:
        thumbs: ``[frames, 9, 16, 3]``, as `Look.thumb`.
        times_s: ``[frames]``, presentation times.
    """
    if len(times_s) < 8:
        return []
    gap_s = float(np.median(np.diff(times_s)))
    widths = sorted({max(4, round(width / gap_s)) for width in WIDTHS_S})
    flat = thumbs.reshape(len(thumbs), -1)
    found = [one for width in widths for one in _of_width(flat, width)]
    kept: list[Dissolve] = []
    for one in sorted(found, key=lambda d: (-d.score, d.first)):
        if all(one.last < other.first or one.first > other.last for other in kept):
            kept.append(one)
    return sorted(kept)


def _of_width(flat: NDArray[np.integer], width: int) -> list[Dissolve]:
    """All stretches of one width that fit well enough."""
    found = []
    for begin in range(0, len(flat) - width - 1, _CHUNK):
        block = flat[begin : begin + _CHUNK + width + 1].astype(np.float32)
        scores = _scores(block, width)
        for place in np.nonzero(scores >= LEAST)[0]:
            first = begin + int(place) + 1
            score = float(scores[place]) * _standing_out(flat, first, width)
            if score >= LEAST and _is_another(flat[first - 1], flat[first + width]):
                found.append(Dissolve(first, first + width, score))
    return found


def _standing_out(flat: NDArray[np.integer], first: int, width: int) -> float:
    """1 where a stretch changes more than what lies around it, towards 0 where it changes less."""
    before, after = first - 1, first + width
    earlier, later = max(0, before - width), min(len(flat) - 1, after + width)
    around = max(_change(flat, earlier, before), _change(flat, after, later), 1e-3)
    return min(1.0, _change(flat, before, after) / around / STANDS_OUT)


def _is_another(one: NDArray[np.integer], other: NDArray[np.integer]) -> bool:
    """Whether two frames show different things, and neither is black."""
    cells = np.stack([one, other]).reshape(2, -1, 3).astype(np.float32)
    lit = cells[..., 0].max(0) > LIT
    if lit.sum() < _PROBES or cells[..., 0].max(1).min() < 2 * LIT:
        return False
    change = np.abs(cells[0] - cells[1]).sum(1)[lit]
    centred = cells[:, lit] - cells[:, lit].mean(1, keepdims=True)
    spread = np.sqrt(np.square(centred).sum((1, 2)).prod())
    alike = float((centred[0] * centred[1]).sum() / max(float(spread), 1e-6))
    return alike < SAME and float(np.median(change)) >= EVERYWHERE * float(change.mean())


def _change(flat: NDArray[np.integer], one: int, other: int) -> float:
    return float(np.abs(flat[one].astype(np.float32) - flat[other]).mean())


def _scores(block: Floats, width: int) -> Floats:
    """How well each stretch of ``width`` frames blends its two ends: change times fit."""
    before, after = block[: -width - 1], block[width + 1 :]
    change = after - before
    energy = np.maximum(np.einsum("ij,ij->i", change, change), 1.0)
    residue, uneven = np.zeros_like(energy), np.zeros_like(energy)
    probes = np.unique(np.linspace(0, width - 1, min(width, _PROBES)).round().astype(int))
    for k in probes:
        part = block[1 + k : len(block) - width + k] - before
        share = np.einsum("ij,ij->i", part, change) / energy
        left = np.einsum("ij,ij->i", part, part) / energy - share**2
        residue += left / len(probes)
        uneven = np.maximum(uneven, np.abs(share - (k + 1) / (width + 1)))
    size = np.abs(change).reshape(len(change), -1, 3).mean(1).sum(1)
    fit = np.clip(1 - residue / RESIDUE, 0, 1) * np.clip(1 - uneven / UNEVEN, 0, 1)
    return np.asarray(size * fit, np.float32)
