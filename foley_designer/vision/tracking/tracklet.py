"""Tracklets: one source through time, as the regions that show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import Colours
from foley_designer.vision.motion.regions import Region

TRAVELS = 2.5
"""Sizes that a thing moves as a whole, so that its place tells its velocity better than flow."""
PARABOLA = 0.6
"""Stray from such a parabola that equal noise makes, as a share of a second difference's."""
SMOOTH = 0.12
"""How much the place of such a thing jitters, against its size and step together."""


MEMORY_S = 1.2
"""A source that is not seen moving for longer is taken for a new one."""
GATE = 1.0
"""Farthest a source may be from where it was expected, in sizes of the two regions."""
STIFF = 2.0
"""Largest over smallest extent of an outline that stays: balls have 1.1 to 1.8 with their blur,
waves and whoever works 2.4 to 6.7 (80th over 20th percentile)."""
FADES_S = 0.33
"""Time within which the velocity of a source that is not seen fades."""


@dataclass(eq=False)
class Tracklet:
    """One source through one shot or several: which frames show it, and as which region."""

    frames: list[int] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    sway: list[tuple[float, float]] = field(default_factory=list)
    """How far the camera's shake had moved the frame, frame widths and heights."""
    cuts: list[int] = field(default_factory=list)
    """First frames of further shots that it is seen in."""

    @property
    def energy(self) -> float:
        """Motion summed over time: how much of the frame it moves."""
        return float(sum(region.flow.sum() for region in self.regions))

    def add(
        self, frame: int, time_s: float, region: Region, sway: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """Append a sighting."""
        self.sway.append(sway)
        self.frames.append(frame)
        self.times_s.append(time_s)
        self.regions.append(region)

    def go_on(self, other: "Tracklet", cut: int) -> None:
        """It is the other tracklet after a cut; ``cut`` is the first frame of that shot."""
        self.cuts.append(cut)
        self.frames += other.frames
        self.regions += other.regions
        self.times_s += other.times_s
        self.sway += other.sway


def expected(
    regions: Sequence[Region], times_s: Sequence[float], time_s: float
) -> tuple[float, float]:
    """Where the centre of a source should be: its velocity goes on and fades.

    Args:
        regions: its sightings so far, at least one.
        times_s: their times.
        time_s: after the last of them.

    Returns:
        x and y, frame widths and heights.
    """
    x, y = centre_of(regions[-1])
    if len(regions) < 3:
        return x, y
    old_x, old_y = centre_of(regions[-3])
    elapsed = max(times_s[-1] - times_s[-3], 1e-3)
    ahead = FADES_S * (1 - exp(-(time_s - times_s[-1]) / FADES_S)) / elapsed
    return x + (x - old_x) * ahead, y + (y - old_y) * ahead


def centre_of(region: Region) -> tuple[float, float]:
    """Middle of a region."""
    return (region.left + region.right) / 2, (region.top + region.bottom) / 2


def size_of(region: Region) -> float:
    """Mean of a region's width and height."""
    return 0.5 * (region.right - region.left + region.bottom - region.top)


def usual_colours(regions: Sequence[Region]) -> Colours | None:
    """Mean colours of regions, ``[64]``; None if fewer than half of them show silhouettes."""
    known = [region.colours for region in regions if region.colours is not None]
    if 2 * len(known) < max(len(regions), 1):
        return None
    return np.asarray(np.mean(known, axis=0, dtype=np.float64))


def travels(tracklet: Tracklet) -> bool:
    """Whether a source moves as one thing, smoothly, over more than its own size: a ball, a car."""
    if len(tracklet.regions) < 8:
        return False
    places = path_of(tracklet)
    size = float(np.median([size_of(region) for region in tracklet.regions]))
    step = float(np.median(np.abs(np.diff(places, axis=0)).max(1)))
    moves = bool(np.ptp(places, axis=0).max() > TRAVELS * size)
    clear = np.array([not region.is_shared for region in tracklet.regions])
    jitter = _jitter(places, np.array(tracklet.times_s), clear)
    return moves and jitter < SMOOTH * (size + step)


def path_of(tracklet: Tracklet) -> NDArray[np.float64]:
    """Places of a source, ``[sightings, 2]`` in frame widths and heights, without camera shake."""
    places = np.array([centre_of(region) for region in tracklet.regions])
    return np.asarray(places - np.array(tracklet.sway))


def _jitter(
    places: NDArray[np.float64], times_s: NDArray[np.float64], clear: NDArray[np.bool_]
) -> float:
    """How far places usually stray from the parabola through three others around them.

    A thing in free fall doesn't stray, however slowly or unevenly it is pictured. Places that are
    not clear count only where few are.
    """
    at = [times_s[k : len(times_s) - 3 + k] for k in range(4)]
    known = (0, 2, 3)
    parabola = np.zeros((len(at[0]), 2))
    for one in known:
        weight = np.ones(len(at[0]))
        for other in known:
            if other != one:
                weight *= (at[1] - at[other]) / (at[one] - at[other])
        parabola += weight[:, None] * places[one : len(places) - 3 + one]
    strays = np.abs(places[1:-2] - parabola).max(1)
    usable = clear[:-3] & clear[1:-2] & clear[2:-1] & clear[3:]
    return float(np.median(strays[usable] if usable.sum() >= 8 else strays)) / PARABOLA
