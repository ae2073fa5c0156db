"""Fades: black that film fades or is cut into, and not the dark between two lights."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lumas = NDArray[np.uint8]

DARK = 0.08
"""Brightness that black stays under."""
BLACK_S = 0.4
"""Black from this length on is a shot of its own, in which there is no film."""
AGAIN_S = 3.0
"""Short black that is back within this time is light that comes and goes, such as fireworks."""
LONGEST_S = 0.8
"""Half of the longest fade out and in: blends that are found in it are part of it."""
ONE_FRAME = 0.9
"""Squared cosine of the frames of a fade to its lit end: one frame that is scaled down. Fades of
joined films lie above .91 but where much moves in them; sparks that go out reach .72."""
FILM = 20.0
"""Mean luma, of 255, of a frame that is film without doubt beside black with a few lights."""
CUT_LUMA = 14.0
"""Change of mean luma, of 255, between two frames with which black is cut to."""
_REACHED = 0.9
"""Share of its brightest frame that the lit end of a fade has."""


def fades(lumas: Lumas, glare: Floats, peak: Floats, times_s: Floats) -> list[tuple[int, int]]:
    """Black stretches that film follows: their first frame and the first frame after them.

    A frame is black without doubt if nothing in it is lit. With a few lights in it (a subtitle, a
    timecode that is burnt in, or sparks in a night sky) it counts where film ends on both sides:
    it fades there as one frame, or is cut.

    Args:
        lumas: ``[frames, 9, 16]``, luma of the thumbnails.
        glare: ``[frames]``, `FrameStatistics.glare`.
        peak: ``[frames]``, `FrameStatistics.peak`.
        times_s: ``[frames]``, presentation times.
    """
    gap_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1.0
    reach = max(2, round(LONGEST_S / gap_s))
    black = [
        (first, last)
        for first, last in _dark(glare)
        if bool((peak[first:last] < DARK).any())
        or (_ends(lumas, first - 1, -1, reach) and _ends(lumas, last, 1, reach))
    ]
    short = [(a, b) for a, b in black if times_s[b] - times_s[a] < BLACK_S]
    return [
        one
        for one in black
        if one not in short
        or not any(one != o and abs(times_s[one[0]] - times_s[o[0]]) < AGAIN_S for o in short)
    ]


def _ends(lumas: Lumas, edge: int, step: int, reach: int) -> bool:
    """Whether film ends at ``edge``, its frame next to black, when black lies against ``step``."""
    if edge < 0:
        return True
    own = lumas[edge::step][:reach].reshape(-1, lumas[0].size).astype(np.float64)
    level = own.mean(1)
    lit = int(np.argmax(level >= _REACHED * level.max()))
    if level[lit] < FILM:
        return False
    if level[0] - float(lumas[edge - step].mean()) >= CUT_LUMA:
        return True
    energy = np.square(own).sum(1)
    alike = np.square(own @ own[lit]) / np.maximum(energy * energy[lit], 1e-6)
    return bool(alike[: lit + 1].mean() >= ONE_FRAME)


def _dark(glare: Floats) -> list[tuple[int, int]]:
    """Dark stretches that something brighter follows."""
    dark = np.r_[False, glare < DARK, False].astype(np.int8)
    edges = np.diff(dark)
    pairs = zip(np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0], strict=True)
    return [(int(first), int(last)) for first, last in pairs if last < len(glare)]
