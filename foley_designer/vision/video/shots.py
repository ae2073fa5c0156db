"""Shots: how they are joined, how large the subject stands, what the camera does."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import CameraMove, ShotSize, Transition
from foley_designer.vision.joins.cuts import ABRUPT, cuts, difference
from foley_designer.vision.joins.dissolves import dissolves
from foley_designer.vision.joins.fades import BLACK_S, LONGEST_S, fades
from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.video.frame_statistics import FrameStatistics

Floats = NDArray[np.float64]

MIN_SHOT_S = 0.3
CLOSE_S = 0.1
"""A dissolve this near to a cut is movement beside it."""


class Stretch(NamedTuple):
    """Frames ``first`` to ``last`` (excluded) of one shot."""

    first: int
    last: int
    opens_with: Transition


def stretches(looks: list[FrameStatistics], times_s: Floats) -> list[Stretch]:
    """The clip's shots in frames."""
    thumbs = np.array([look.thumb for look in looks], np.uint8)
    glare, peak = np.array([[look.glare, look.peak] for look in looks]).T
    starts = {0: Transition.START}
    last_s = float(times_s[0])
    for index in cuts(thumbs, times_s):
        if times_s[index] - last_s >= MIN_SHOT_S:
            starts[index] = Transition.CUT
            last_s = float(times_s[index])
    for one in dissolves(thumbs, times_s):
        around_s = times_s[one.first - 1] - CLOSE_S, times_s[one.last] + CLOSE_S
        if not any(around_s[0] <= times_s[k] <= around_s[1] for k in starts):
            starts[one.middle] = Transition.DISSOLVE
    for first, last in fades(thumbs[..., 0], glare, peak, times_s):
        _fade(starts, first, last, times_s)
    order = sorted(starts)
    ends = [*order[1:], len(looks)]
    return [Stretch(a, b, starts[a]) for a, b in zip(order, ends, strict=True)]


def _fade(starts: dict[int, Transition], first: int, last: int, times_s: Floats) -> None:
    """Begin a shot after black, and one with it if it is long; blends around it are its fades."""
    for k in [k for k in starts if k]:
        near = times_s[first] - LONGEST_S < times_s[k] < times_s[last] + LONGEST_S
        close = abs(times_s[k] - times_s[last]) < MIN_SHOT_S
        if near and (starts[k] is Transition.DISSOLVE or close):
            del starts[k]
    starts[last] = Transition.FADE if first else Transition.START
    if first and times_s[last] - times_s[first] >= BLACK_S:
        starts[first] = Transition.FADE


FULL, CLOSE_UP = 1.0, 2.6
"""Heights of a body, in frame heights, up to which the whole figure is seen, and from which head
and chest fill the frame (full shot, close-up: Bordwell and Thompson, Film Art, chapter 5)."""
CUT_OFF = 0.95
"""Height from which the frame may cut a walker, so that nothing follows from it."""


def is_abrupt(looks: Sequence[FrameStatistics]) -> bool:
    """Whether two frames that follow each other differ as across a cut; movement may, too."""
    thumbs = [look.thumb.astype(np.int16) for look in looks]
    return any(difference(one, other) > ABRUPT for one, other in pairwise(thumbs))


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


def shot_size(person: float | None, walkers: Sequence[float]) -> ShotSize:
    """Size of a shot, by how high people stand in it; unknown where none are seen.

    Args:
        person: height of whoever is seen, whole, in frame heights; None if nobody is.
        walkers: heights at which a source that walks was seen, in frame heights.
    """
    if person is None and walkers:
        height = float(np.percentile(walkers, 75))
        person = height if height < CUT_OFF else None
    if person is None:
        return ShotSize.UNKNOWN
    if person > CLOSE_UP:
        return ShotSize.CLOSE
    return ShotSize.MEDIUM if person > FULL else ShotSize.WIDE
