"""Shots: how they are joined, how large the subject stands, what the camera does."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import CameraMove, ShotSize, Transition
from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.video.dissolves import dissolves
from foley_designer.vision.video.frame_statistics import FrameStatistics

Floats = NDArray[np.float64]

CUT = 14.0
"""Mean change of the thumbnail, of 255, that a cut at least makes."""
STANDS_OUT = 3.0
"""Times the usual change around it that a cut makes."""
ALONE = 1.8
"""Times the largest change within three frames that a cut makes: movement lasts longer."""
STAYS = 0.5
"""Share of its change that is still there half a second later; a flash or a passer-by goes."""
DARK = 0.08
"""Brightness that even the brightest parts of black stay under."""
MIN_SHOT_S = 0.3
CLOSE_S = 0.1
"""A dissolve this near to a cut is movement beside it."""
FADE_S = 0.8
"""Half of the longest fade out and in: blends that are found in it are part of it."""
AGAIN_S = 3.0
"""Short black that is back within this time is light that comes and goes, such as fireworks."""
BLACK_S = 0.4
"""Black from this length on is a shot of its own, in which there is no film."""


class Stretch(NamedTuple):
    """Frames ``first`` to ``last`` (excluded) of one shot."""

    first: int
    last: int
    opens_with: Transition


def stretches(looks: list[FrameStatistics], times_s: Floats) -> list[Stretch]:
    """The clip's shots in frames."""
    thumbs = np.array([look.thumb for look in looks], np.uint8)
    glare = np.array([look.glare for look in looks])
    starts = {0: Transition.START}
    last_s = float(times_s[0])
    cuts = _cuts(thumbs.astype(np.int16), times_s)
    for index in cuts:
        if times_s[index] - last_s >= MIN_SHOT_S:
            starts[index] = Transition.CUT
            last_s = float(times_s[index])
    for one in dissolves(thumbs, times_s):
        around_s = times_s[one.first - 1] - CLOSE_S, times_s[one.last] + CLOSE_S
        if not any(around_s[0] <= times_s[k] <= around_s[1] for k in starts):
            starts[one.middle] = Transition.DISSOLVE
    for first, last in _fades(_black(glare), times_s):
        _fade(starts, first, last, times_s)
    order = sorted(starts)
    ends = [*order[1:], len(looks)]
    return [Stretch(a, b, starts[a]) for a, b in zip(order, ends, strict=True)]


def _fade(starts: dict[int, Transition], first: int, last: int, times_s: Floats) -> None:
    """Begin a shot after black, and one with it if it is long; blends around it are its fades."""
    for k in [k for k in starts if k]:
        near = times_s[first] - FADE_S < times_s[k] < times_s[last] + FADE_S
        close = abs(times_s[k] - times_s[last]) < MIN_SHOT_S
        if near and (starts[k] is Transition.DISSOLVE or close):
            del starts[k]
    starts[last] = Transition.FADE if first else Transition.START
    if first and times_s[last] - times_s[first] >= BLACK_S:
        starts[first] = Transition.FADE


def is_abrupt(looks: Sequence[FrameStatistics]) -> bool:
    """Whether two frames that follow each other differ as across a cut; movement may, too."""
    thumbs = [look.thumb.astype(np.int16) for look in looks]
    return any(_difference(one, other) > CUT for one, other in pairwise(thumbs))


def _difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """Mean absolute difference; a shift of all brightness alone counts half."""
    delta = (one - other).astype(np.float64)
    centred = delta - delta.mean((0, 1))
    return float(0.5 * (np.abs(delta).mean(axis=(0, 1)).sum() + np.abs(centred).mean((0, 1)).sum()))


def _cuts(thumbs: NDArray[np.int16], times_s: Floats) -> list[int]:
    change = np.array([0.0, *(_difference(a, b) for a, b in pairwise(thumbs))])
    found = []
    for index in np.nonzero(change > CUT)[0]:
        around = np.r_[change[max(1, index - 8) : index], change[index + 1 : index + 9]]
        beside = np.r_[change[max(1, index - 3) : index], change[index + 1 : index + 4]]
        usual = max(STANDS_OUT * float(np.median(around)), ALONE * float(beside.max()))
        if around.size == 0 or change[index] < usual:
            continue
        until = np.searchsorted(times_s, times_s[index] + 0.5)
        later = thumbs[index : max(until, index + 1)]
        if min(_difference(thumbs[index - 1], one) for one in later) >= STAYS * change[index]:
            found.append(int(index))
    return found


def _fades(black: list[tuple[int, int]], times_s: Floats) -> list[tuple[int, int]]:
    """Black stretches that are fades: a dark sky between fireworks comes back too soon for one."""
    short = [(a, b) for a, b in black if times_s[b] - times_s[a] < BLACK_S]
    return [
        one
        for one in black
        if one not in short
        or not any(one != o and abs(times_s[one[0]] - times_s[o[0]]) < AGAIN_S for o in short)
    ]


def _black(glare: Floats) -> list[tuple[int, int]]:
    """Black stretches that film follows: their first frame and the first frame after them."""
    dark = np.r_[False, glare < DARK, False].astype(np.int8)
    edges = np.diff(dark)
    pairs = zip(np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0], strict=True)
    return [(int(first), int(last)) for first, last in pairs if last < len(glare)]


def camera_move(motions: list[FrameMotion]) -> CameraMove:
    """What the camera does during the frames of one shot."""
    sure = [motion for motion in motions if motion.camera.agreement > 0.4 and motion.gap_s > 0]
    if len(sure) < 3:
        return CameraMove.STATIC
    gaps = np.array([motion.gap_s for motion in sure])
    shift = np.array([(motion.camera.dx, motion.camera.dy) for motion in sure]) / gaps[:, None]
    zoom = np.log([motion.camera.zoom for motion in sure]) / gaps
    drift = np.abs(np.median(shift, 0)).max()
    shake = float(np.median(np.abs(shift - np.median(shift, 0)).sum(1)))
    if abs(float(np.median(zoom))) > 0.02 and abs(float(np.median(zoom))) > 0.5 * drift:
        return CameraMove.ZOOM
    if drift > 0.02 and drift > 0.7 * shake:
        return CameraMove.PAN
    return CameraMove.HANDHELD if shake > 0.012 else CameraMove.STATIC


def shot_size(heights: list[float]) -> ShotSize:
    """Size of the shot from the heights, in frame heights, at which its main source was seen."""
    if not heights:
        return ShotSize.WIDE
    height = float(np.percentile(heights, 75))
    if height > 0.7:
        return ShotSize.CLOSE
    return ShotSize.MEDIUM if height > 0.35 else ShotSize.WIDE
