"""Dissolves: stretches in which one frame turns into another one, cell by cell and evenly."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.joins.weighing import log_odds, speaks

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Thumbs = NDArray[np.integer]

WIDTHS_S = (0.2, 0.28, 0.4, 0.56, 0.8, 1.1, 1.6)
"""Lengths that are tried; each finds what lies between it and its neighbours."""
RESIDUE = 0.5
"""Share of the change that a blend of both ends may leave for a stretch to be looked at."""
UNEVEN = 0.4
"""How far a blend may lie off its even course, of 1, for it to be looked at."""
LEAST = 8.0
"""Change, of 255, weighed by how well a blend fits, from which a stretch is looked at; 7 of 669
dissolves between real clips lie under it (benchmarks/scenes/fit_joins.py)."""
SAME = 0.7
"""Correlation of the lit cells from which both ends are one frame in other light, as in a fade
into black. In joined films dissolves lie under .66, fades and turned lamps above .73."""
EVERYWHERE = 0.6
"""Least median over mean change of the cells of a dissolve; a title fades in over a few."""
LIT = 24
"""Luma, of 255, that black and the bars of a letterbox stay under."""
COARSE = (3, 4)
"""Rows and columns of the coarse frame, in which small movement blends evenly, too."""
_CHUNK = 4096
"""Frames that are compared at once; memory stays flat on long films."""
_PROBES = 6
"""Frames inside a stretch at which the blend is tried."""


class Dissolve(NamedTuple):
    """Frames ``first`` to ``last`` (excluded) show both shots."""

    first: int
    last: int

    @property
    def middle(self) -> int:
        """First frame of the new shot."""
        return (self.first + self.last + 1) // 2


class _Blend(NamedTuple):
    """How well stretches of one width blend their two ends; each ``[stretches]``."""

    size: Floats
    residue: Floats
    uneven: Floats


def dissolves(thumbs: Thumbs, times_s: Doubles) -> list[Dissolve]:
    """The clip's dissolves in order; of those that overlap the likeliest.

    Args:
        thumbs: ``[frames, 9, 16, 3]``, as `FrameStatistics.thumb`.
        times_s: ``[frames]``, presentation times.
    """
    found = candidates(thumbs, times_s)
    if not found:
        return []
    odds = log_odds("dissolve", dissolve_measures(thumbs, found))
    kept: list[Dissolve] = []
    sure = speaks(odds, "dissolve")
    for place in np.argsort(-odds, kind="stable"):
        one = found[place]
        if not sure[place]:
            break
        if all(one.last < other.first or one.first > other.last for other in kept):
            kept.append(one)
    return sorted(kept)


def candidates(thumbs: Thumbs, times_s: Doubles) -> list[Dissolve]:
    """Stretches that may be dissolves; of those that overlap one at most is one."""
    if len(times_s) < 8:
        return []
    gap_s = float(np.median(np.diff(times_s)))
    widths = sorted({max(4, round(width / gap_s)) for width in WIDTHS_S})
    flat = thumbs.reshape(len(thumbs), -1)
    found = [one for width in widths for one in _of_width(flat, width)]
    return [one for one in found if _is_another(flat[one.first - 1], flat[one.last])]


def dissolve_measures(thumbs: Thumbs, found: list[Dissolve]) -> dict[str, Doubles]:
    """What speaks for and against each candidate, ``[candidates]`` each."""
    rows = [_measured(thumbs, one) for one in found]
    return {name: np.array([row[name] for row in rows], np.float64) for name in rows[0]}


def _of_width(flat: Thumbs, width: int) -> list[Dissolve]:
    """The best stretches of one width among their neighbours."""
    found = []
    for begin in range(0, len(flat) - width - 1, _CHUNK):
        blend = _blends(flat[begin : begin + _CHUNK + width + 1].astype(np.float32), width)
        fit = np.clip(1 - blend.residue / RESIDUE, 0, 1) * np.clip(1 - blend.uneven / UNEVEN, 0, 1)
        score = blend.size * fit
        for place in np.nonzero(score >= LEAST)[0]:
            if score[place] >= score[max(0, place - 2) : place + 3].max():
                first = begin + int(place) + 1
                found.append(Dissolve(first, first + width))
    return found


def _blends(block: Floats, width: int) -> _Blend:
    """How each stretch of ``width`` frames blends its two ends."""
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
    return _Blend(size, residue, uneven)


def _measured(thumbs: Thumbs, one: Dissolve) -> dict[str, float]:
    """One candidate: its blend, finely and coarsely, and what lies around it."""
    before, after, width = one.first - 1, one.last, one.last - one.first
    earlier, later = max(0, before - width), min(len(thumbs) - 1, after + width)
    part = thumbs[earlier : later + 1].astype(np.float32)
    flat = part.reshape(len(part), -1)
    a, b = before - earlier, after - earlier
    fine = _blends(flat[a : b + 1], width)
    size = float(fine.size[0])
    coarse = _blends(_coarse(part[a : b + 1]), width)
    steps = np.array([_change(flat, k, k + 1) for k in range(a, b)])
    around = max(_change(flat, 0, a), _change(flat, b, len(flat) - 1), 1e-3)
    ends = flat[[a, b]].reshape(2, -1, 3)
    spread = flat.reshape(len(flat), -1, 3).var(1).sum(1)
    middle = spread[(a + 1 + b) // 2]
    return {
        "size": float(np.log1p(size)),
        "residue": float(fine.residue[0]),
        "coarse_residue": float(coarse.residue[0]),
        "uneven": float(fine.uneven[0]),
        "stands_out": float(np.log(size / around + 0.1)),
        "alike": _alike(ends, np.ones(ends.shape[1], np.bool_)),
        "contrast_dips": float(np.log((middle + 4) / ((spread[a] + spread[b]) / 2 + 4))),
        "jerky": float(np.log((steps.max() + 0.5) / (np.median(steps) + 0.5))),
        "local": _local(ends),
    }


def _coarse(part: Floats) -> Floats:
    """Frames in `COARSE` cells, ``[frames, cells × 3]``."""
    count, height, width, _ = part.shape
    rows, columns = COARSE
    cells = part.reshape(count, rows, height // rows, columns, width // columns, 3)
    return np.asarray(cells.mean((2, 4)).reshape(count, -1), np.float32)


def _local(ends: Floats) -> float:
    """How much more the mean cell changes than the median one: 0 if all change alike."""
    change = np.abs(ends[0] - ends[1]).sum(1)
    return float(np.log1p(change.mean()) - np.log1p(np.median(change)))


def _alike(ends: Floats, lit: NDArray[np.bool_]) -> float:
    """Correlation of the lit cells of two frames, ``[2, cells, 3]``."""
    centred = ends[:, lit] - ends[:, lit].mean(1, keepdims=True)
    spread = np.sqrt(np.square(centred).sum((1, 2)).prod())
    return float((centred[0] * centred[1]).sum() / max(float(spread), 1e-6))


def _is_another(one: Thumbs, other: Thumbs) -> bool:
    """Whether two frames show different things all over, and neither is black."""
    ends = np.stack([one, other]).reshape(2, -1, 3).astype(np.float32)
    lit = ends[..., 0].max(0) > LIT
    if lit.sum() < _PROBES or ends[..., 0].max(1).min() < 2 * LIT:
        return False
    change = np.abs(ends[0] - ends[1]).sum(1)[lit]
    is_all_over = float(np.median(change)) >= EVERYWHERE * float(change.mean())
    return is_all_over and _alike(ends, lit) < SAME


def _change(flat: Floats, one: int, other: int) -> float:
    """Mean change of the cells, summed over their three channels, of 255."""
    return float(np.abs(flat[one] - flat[other]).mean()) * 3
