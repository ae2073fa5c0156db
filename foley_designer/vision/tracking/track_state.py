"""Track states: what is remembered of one source while it is followed."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import Colours, coarse, colours_of
from foley_designer.vision.motion.regions import Mask, Moving, Region
from foley_designer.vision.tracking.blob_splitting import (
    Claim,
    Looks,
    Pixels,
    held,
    looks_of,
    recognise,
)
from foley_designer.vision.tracking.tracklet import STIFF, centre_of, expected, size_of
from foley_designer.vision.video.frame import Image

Floats = NDArray[np.float64]

RECENT_S = 1.5
"""Time from whose sightings a track's usual size and motion are read."""
KNOWN = 8
"""Sightings of its own that make a track known well enough to be told from others."""
GOES = 0.15
"""Sizes that a track must get on within the recent past to be taken for going somewhere."""
STAYS_S = 1.0
"""Time on the spot after which others' pixels do not move its place along."""
STEADY = 0.3
"""Share of its places' variance that a steady way may leave unexplained."""
WHOLE = 0.7
"""Share of its usual width and height that a track must show for its looks to be kept."""
AT_HOME = 0.8
"""Share of a region that must lie where a track has been moving to be taken for it again."""
STARTS_S = 0.2
"""What is seen at the side of a clip's first frames has not come in."""
EDGE = 0.02
"""How near to a side of the frame something comes in."""
TURN = 0.25
"""Sizes that turning round at a wall or a floor weighs, against going on."""
LEARNS = 0.1
"""Share of a track's colours that each new sighting of its own gives."""
UNLIKE = 0.5
"""Sizes that wholly other colours weigh."""
RESIZED = 0.15
"""Sizes that an area e times as large or small weighs."""


class TrackState:
    """The recent past of one source.

    Args:
        number: its name among tracks.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.times: deque[float] = deque()
        self.regions: deque[Region] = deque()
        self.sightings = 0
        self._since_s: float | None = None  # since when it moves on the spot
        self.enters = False
        """Whether it has come in by a side of the frame."""
        self.last_s = 0.0
        """When it was seen or recognised last."""
        self._looks: Looks | None = None
        self.colours: Colours | None = None
        """How often it has each colour; None until a silhouette of its own was seen."""
        self._part: Mask | None = None
        self._image: Image | None = None
        self._found: Pixels | None = None
        self._shapes: deque[tuple[int, ...]] = deque(maxlen=3 * KNOWN)
        self._is_stiff = False
        self._zone = np.zeros(4)
        self._goes = False
        self._velocity = (0.0, 0.0)
        self.looks_like: NDArray[np.float32] | None = None
        """Square roots of the shares of its 64 colours; None as long as they are not known."""
        self.usual_area = 0.0
        """Share of the frame that it usually moves."""

    @property
    def is_known(self) -> bool:
        """Whether it was seen often enough by itself."""
        return self.sightings >= KNOWN

    def see(self, region: Region, part: Mask, moving: Moving, time_s: float) -> None:
        """It is this region of its own; what was and is in motion shows what it looked like."""
        if not self.sightings:
            self.enters = time_s > STARTS_S and (region.left < EDGE or region.right > 1 - EDGE)
        self.sightings += 1
        if self._part is not None and self._image is not None:
            self._remember(looks_of(self._image, self._part & part))
        if moving.body is not None:
            seen = colours_of(moving.image[part])
            old = self.colours
            self.colours = seen if old is None else (1 - LEARNS) * old + LEARNS * seen
            self.looks_like = np.sqrt(coarse(self.colours), dtype=np.float32)
        self.note(region, time_s)
        self._part, self._image, self._found = part, moving.image, None

    def _remember(self, looks: Looks | None) -> None:
        """Keep how it looks, and how steady its outline has been."""
        if looks is None:
            return
        self._shapes.append(looks.mask.shape)
        ordered = np.sort(np.array(self._shapes, np.float64), axis=0)
        low, usual, high = (_at_share(ordered, share) for share in (0.2, 0.5, 0.8))
        self._is_stiff = len(self._shapes) >= KNOWN and bool((high <= STIFF * low).all())
        if min(looks.mask.shape / usual) >= WHOLE:
            self._looks = looks

    def note(self, region: Region, time_s: float) -> None:
        """It is this part of a region that others share."""
        while self.times and time_s - self.times[0] > RECENT_S:
            self.times.popleft()
            self.regions.popleft()
        self.last_s = time_s
        self.times.append(time_s)
        self.regions.append(region)
        self.usual_area = median(one.area for one in self.regions)
        self._part = None
        if not (region.apart_from and self._stays):
            self._look_back()

    def cut(self) -> None:
        """The film is cut: where it was says little about where it is."""
        self._since_s = None

    @property
    def _stays(self) -> bool:
        """Whether it has been moving on the spot for long."""
        return self._since_s is not None and self.last_s - self._since_s >= STAYS_S

    def covers(self, other: "TrackState") -> bool:
        """Whether its last region lies over the centre of another's last one."""
        region, (x, y) = self.regions[-1], centre_of(other.regions[-1])
        return region.left <= x <= region.right and region.top <= y <= region.bottom

    def expected(self, time_s: float) -> tuple[float, float]:
        """Where its centre should be, in frame widths and heights."""
        if not self._goes:
            return expected(self.regions, self.times, time_s)
        (x, y), waited = centre_of(self.regions[-1]), time_s - self.times[-1]
        return x + self._velocity[0] * waited, y + self._velocity[1] * waited

    def is_at_home_in(self, region: Region) -> bool:
        """Whether a region lies where a track that moves on the spot has been moving."""
        left, top, right, bottom = self._zone
        wide = min(region.right, right) - max(region.left, left)
        high = min(region.bottom, bottom) - max(region.top, top)
        whole = (region.right - region.left) * (region.bottom - region.top)
        return not self._goes and max(wide, 0.0) * max(high, 0.0) >= AT_HOME * whole

    def may_reach(self, part: Mask, time_s: float) -> bool:
        """Whether one that goes somewhere could by now be where a region is."""
        if not self._goes:
            return False
        high, wide = part.shape
        x, y = self.expected(time_s)
        across, down = np.percentile(
            [(r.right - r.left, r.bottom - r.top) for r in self.regions], 80, axis=0
        )
        box = (x - across, y - down, x + across, y + down)
        return held(part, tuple(np.array(box) * (wide, high, wide, high))) > 0

    def step_px(self, moving: Moving) -> Floats | None:
        """Its usual displacement between two frames, pixels; None if it works on the spot."""
        if not self._goes:
            return None
        steps = np.median([(r.dx, r.dy) for r in self.regions], axis=0)
        return np.asarray(steps * moving.mask.shape[1])

    def claim(self, moving: Moving, time_s: float) -> Claim:
        """Where it should be among others, and how it should move."""
        high, wide = moving.mask.shape
        frame = np.array([wide, high], np.float64)
        extents = np.array([(r.right - r.left, r.bottom - r.top) for r in self.regions]) * frame
        centre = np.array(self.expected(time_s)) * frame
        seen = self._recognised(moving.image, centre, extents)
        if seen is not None:
            self.last_s = time_s
            return seen
        step = self.step_px(moving)
        if step is None:
            left, top, right, bottom = (self._zone * np.tile(frame, 2)).tolist()
            box = (left, top, right, bottom)
            return Claim(box, None, is_recognised=False, colours=self.colours)
        half = np.median(extents, axis=0) / 2
        box = (*(centre - half).tolist(), *(centre + half).tolist())
        return Claim(box, step, is_recognised=False, colours=self.colours)

    def _recognised(self, image: Image, centre: Floats, extents: Floats) -> Claim | None:
        if self._looks is None or not self._is_stiff:
            return None
        high, wide = image.shape[:2]
        if self._found is not None:
            old = np.array(self._found)
            at = (old[:2] + old[2:]) / 2
        else:
            at = centre
        places = np.array([centre_of(region) for region in self.regions])[-4:] * (wide, high)
        stride = max((float(np.hypot(*(b - a))) for a, b in pairwise(places)), default=0.0)
        reach = 3.0 + 1.5 * stride + 0.25 * float(extents.mean())
        found = recognise(image, self._looks, at, reach)
        if found is None:
            return None
        before = self._found or found
        self._found = found
        box = (
            min(before[0], found[0]),
            min(before[1], found[1]),
            max(before[2], found[2]),
            max(before[3], found[3]),
        )
        return Claim(box, None, is_recognised=True, colours=self.colours)

    def _look_back(self) -> None:
        """Find where it has been, and whether it gets on steadily or moves on the spot."""
        edges = np.array([(r.left, r.top, r.right, r.bottom) for r in self.regions])
        ordered = np.sort(edges, axis=0)
        self._zone = np.r_[_at_share(ordered[:, :2], 0.1), _at_share(ordered[:, 2:], 0.9)]
        self._goes = False
        if len(self.times) < KNOWN:
            return
        places = (edges[:, :2] + edges[:, 2:]) / 2
        times = np.array(self.times) - self.times[0]
        slope, stray = _line(times, places)
        gone = np.abs(slope) * times[-1]
        axis = int(np.argmax(gone))
        size = 0.5 * float(np.median((edges[:, 2:] - edges[:, :2]).sum(1)))
        steady = stray[axis] < STEADY * places[:, axis].var() + 1e-12
        self._velocity = (float(slope[0]), float(slope[1]))
        self._goes = bool(gone[axis] > GOES * size and steady)
        if self._goes:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = self.times[-1]


def distances(tracks: Sequence[TrackState], regions: Sequence[Region], time_s: float) -> Floats:
    """How far each region is from being each track, ``[tracks, regions]``.

    Distance between expected and found centre in mean sizes, less after a long wait; and how much
    another thing a silhouette looks like, by its colours and its area.
    """
    lasts = [one.regions[-1] for one in tracks]
    found = np.array([centre_of(one) for one in regions])
    places, old = (
        np.array(at)[:, None]
        for at in ([one.expected(time_s) for one in tracks], [centre_of(one) for one in lasts])
    )
    sizes = np.add.outer([size_of(one) for one in lasts], [size_of(one) for one in regions])
    size = np.maximum(0.5 * sizes, 0.04)
    ahead, turned = (np.hypot(*np.moveaxis(found - at, 2, 0)) / size for at in (places, old))
    waited = np.array([time_s - one.times[-1] for one in tracks])
    near = np.minimum(ahead, turned + TURN) / (1 + 0.5 * waited)[:, None]
    return np.asarray(near + _strangeness(tracks, regions))


def _strangeness(tracks: Sequence[TrackState], regions: Sequence[Region]) -> Floats:
    none = np.zeros(64, np.float32)
    looks = np.array([none if one.looks_like is None else one.looks_like for one in tracks])
    colours = np.array([none if one.colours is None else one.colours for one in regions])
    areas = np.subtract.outer(
        np.log([one.usual_area for one in tracks]), np.log([one.area for one in regions])
    )
    known = np.logical_and.outer(
        [one.looks_like is not None for one in tracks],
        [one.colours is not None for one in regions],
    )
    alike = looks @ np.sqrt(colours, dtype=np.float32).T
    return np.asarray(known * (UNLIKE * (1 - alike) + RESIZED * np.abs(areas)))


def _at_share(ordered: Floats, share: float) -> Floats:
    """Quantile of each column of ordered rows."""
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return np.asarray(ordered[low] + (at - low) * (ordered[high] - ordered[low]))


def _line(times: Floats, places: Floats) -> tuple[Floats, Floats]:
    """Slope of each column's least-squares line over time, and the variance that it leaves."""
    when, where = times - times.mean(), places - places.mean(0)
    slope = when @ where / max(float(when @ when), 1e-12)
    return np.asarray(slope), np.asarray((where - when[:, None] * slope).var(0))
