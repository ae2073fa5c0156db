"""Linking: moving regions of single pictures become trails of one source each."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from foley_designer.vision.motion import FrameMotion, Region

MEMORY_S = 1.2
"""A source that is not seen moving for longer is taken for a new one."""
GATE = 1.0
"""Farthest a source may be from where it was expected, in sizes of the two regions."""
TRAVELS = 2.5
"""Sizes that a thing moves as a whole, so that its place tells its velocity better than flow."""
SMOOTH = 0.12
"""How much the place of such a thing jitters, against its size and step together."""
MIN_SEEN_S = 0.12
"""A trail seen for less is noise, unless nothing else was seen."""


@dataclass(eq=False)
class Trail:
    """One source through one shot: which frames show it, and as which region."""

    frames: list[int] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)

    @property
    def energy(self) -> float:
        """Motion summed over time: how much of the picture it moves."""
        return float(sum(region.flow.sum() for region in self.regions))

    def add(self, frame: int, time_s: float, region: Region) -> None:
        """Append a sighting."""
        self.frames.append(frame)
        self.times_s.append(time_s)
        self.regions.append(region)

    def expected(self, time_s: float) -> tuple[float, float]:
        """Where its centre should be: its velocity goes on and fades within a third of a second."""
        last = self.regions[-1]
        x, y = centre_of(last)
        if len(self.regions) < 3:
            return x, y
        back = self.regions[-3]
        elapsed = max(self.times_s[-1] - self.times_s[-3], 1e-3)
        ahead = 0.33 * (1 - np.exp(-(time_s - self.times_s[-1]) / 0.33))
        old_x, old_y = centre_of(back)
        return x + (x - old_x) / elapsed * ahead, y + (y - old_y) / elapsed * ahead


def link(motions: list[FrameMotion], first: int, last: int) -> list[Trail]:
    """Trails in frames ``first`` to ``last`` (excluded), by global assignment frame by frame.

    Args:
        motions: one entry a frame of the clip.
        first: first frame of a shot; its own motion, against the shot before, is passed over.
        last: frame after the shot's last.

    Returns:
        Trails by falling energy.
    """
    alive: list[Trail] = []
    ended: list[Trail] = []
    for index in range(first + 1, last):
        motion = motions[index]
        old = [one for one in alive if motion.time_s - one.times_s[-1] > MEMORY_S]
        ended += old
        alive = [one for one in alive if one not in old]
        _extend(alive, index, motion)
    trails = ended + alive
    lasting = [one for one in trails if one.times_s[-1] - one.times_s[0] >= MIN_SEEN_S]
    return sorted(lasting or trails, key=lambda one: (-one.energy, one.frames[0]))


def _extend(alive: list[Trail], index: int, motion: FrameMotion) -> None:
    """Give each region of one frame to the trail that expects it, or to a new one."""
    regions = list(motion.regions)
    taken: set[int] = set()
    if alive and regions:
        cost = np.array(
            [[_distance(one, part, motion.time_s) for part in regions] for one in alive]
        )
        for row, column in zip(*linear_sum_assignment(np.minimum(cost, 10 * GATE)), strict=True):
            if cost[row, column] <= GATE:
                alive[row].add(index, motion.time_s, regions[column])
                taken.add(int(column))
    for column, region in enumerate(regions):
        if column not in taken:
            trail = Trail()
            trail.add(index, motion.time_s, region)
            alive.append(trail)


def centre_of(region: Region) -> tuple[float, float]:
    """Middle of a region."""
    return (region.left + region.right) / 2, (region.top + region.bottom) / 2


def size_of(region: Region) -> float:
    """Mean of a region's width and height."""
    return 0.5 * (region.right - region.left + region.bottom - region.top)


def travels(trail: Trail) -> bool:
    """Whether a source moves as one thing, smoothly, over more than its own size: a ball, a car."""
    if len(trail.regions) < 8:
        return False
    places = np.array([centre_of(region) for region in trail.regions])
    size = float(np.median([size_of(region) for region in trail.regions]))
    step = float(np.median(np.abs(np.diff(places, axis=0)).max(1)))
    jitter = float(np.median(np.abs(np.diff(places, 2, axis=0)).max(1)))
    moves = bool(np.ptp(places, axis=0).max() > TRAVELS * size)
    return moves and jitter < SMOOTH * (size + step)


def _distance(trail: Trail, region: Region, time_s: float) -> float:
    """Distance between expected and found centre, in mean sizes; overlap makes it smaller."""
    last = trail.regions[-1]
    x, y = trail.expected(time_s)
    found_x, found_y = centre_of(region)
    size = max(0.5 * (size_of(last) + size_of(region)), 0.04)
    waited = min(time_s - trail.times_s[-1], MEMORY_S)
    return float(np.hypot(found_x - x, found_y - y) / size) / (1 + 0.5 * waited)
