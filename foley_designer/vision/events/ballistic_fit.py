"""Ballistic fit: what falls and bounces follows parabolas of one gravity; it sounds where two meet.

Nothing but the places of a thing is needed, at whatever times it was seen: frames left out, a
post in front and a low frame rate leave the parabolas as they are.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.events.impacts import Contact
from foley_designer.vision.motion.motion import FrameMotion
from foley_designer.vision.motion.motion_signal import ground_path
from foley_designer.vision.tracking.tracklet import STIFF, Tracklet, centre_of

Floats = NDArray[np.float64]

WINDOW_S = 0.24
"""Time over which acceleration is read first."""
LEAST = 5
"""Sightings by which acceleration is read."""
GUESSES = (40, 55, 70, 85)
"""Percentiles of such accelerations, one of which is near gravity."""
BEST = 2
"""How many of them are looked at more closely."""
REFINED = 3
"""How often gravity is read again at most."""
TALL = 1.5
"""Heights of its own that such a thing moves up and down."""
SHORTEST_S = 0.1
"""Time under which a flight is but the blur of a bounce."""
LONGEST_S = 2.0
"""Longest flight from one bounce to the next."""
PART_S = 20.0
"""Longest path that is read at once."""
BLUR = 0.06
"""How exactly a place is known, as a share of the thing's height."""
PIXEL = 0.003
"""The same for small things, frame heights."""
PRICE = 16.0
"""What a further parabola must save in squared errors."""
HINT = 0.05
"""Weight of a place that was inferred from others' pixels."""
FREE = 2.5
"""Errors by which places may stray from flight."""
BENT = 4.0
"""Errors by which flight must bend between two bounces."""
FEWEST = 2
"""Bounces that show that something bounces."""
G = 9.80665
"""Standard gravity, m / s² (CGPM 1901)."""
LARGEST_M = 2.0
"""Size of what bounces at most. The largest balls, for exercise, have a metre, and film slowed down
by a third doubles what gravity says; who walks or drives seems to be a giant in free fall."""
LATE_S = 0.05
"""How far outside the time between two flights they may meet."""


class Path(NamedTuple):
    """Heights of one thing through time in one shot."""

    times_s: Floats
    y: Floats
    """Places, frame heights, down; camera movement removed."""
    weight: Floats
    """1 if the thing was seen by itself."""
    height: float
    """Its own height, frame heights."""

    @property
    def expected_error(self) -> float:
        """How exactly its places are known, frame heights."""
        return max(BLUR * self.height, PIXEL)


class Arc(NamedTuple):
    """One flight: y = offset + slope·t + g·t²/2."""

    start_s: float
    end_s: float
    offset: float
    slope: float

    def at(self, time_s: float, gravity: float) -> float:
        """Height at a time."""
        return self.offset + self.slope * time_s + 0.5 * gravity * time_s**2


class Bounce(NamedTuple):
    """Where one flight ends and the next begins."""

    time_s: float
    y: float
    lost: float
    """Speed downwards before less that after, frame heights a second."""
    rebound: float
    """The same, against the speed before."""


class Flights(NamedTuple):
    """Flights in time order, and their gravity in frame heights a second squared."""

    arcs: list[Arc]
    bounds: list[int]
    """Indices of the sightings that each begins with, and their count."""
    gravity: float
    error: float
    """Mean error of places, in the errors that are expected."""
    price: float
    """What they cost: squared errors, and a price each."""


def bounces(tracklet: Tracklet, motions: list[FrameMotion]) -> list[Contact]:
    """Instants at which a thing in flight bounces; none if it is not in flight.

    Args:
        tracklet: the thing.
        motions: one entry a frame of the clip.
    """
    if not _keeps_its_size(tracklet):
        return []
    places = ground_path(tracklet, motions)
    shift = [region.level - centre_of(region)[1] for region in tracklet.regions]
    paths = _paths(tracklet, places[:, 1] + shift)
    end_s = motions[-1].time_s
    found = [one for path in paths for one in _bounces(path) if one.time_s <= end_s]
    if len(found) < FEWEST:
        return []
    hardest = max(one.lost for one in found)
    way = float(np.hypot(*np.diff(places, axis=0).T).sum())
    unit = sum(region.change for region in tracklet.regions) / max(way, 1e-6)
    return [
        Contact(one.time_s, one.lost * unit, 0.65 + 0.3 * one.lost / hardest, predicted=False)
        for one in found
    ]


def _keeps_its_size(tracklet: Tracklet) -> bool:
    """Whether its outline stays, as that of a thing in flight does.

    Edges that a shaking camera moves, waves and the limbs of someone who works come and go.
    """
    sizes = np.array([(one.right - one.left, one.bottom - one.top) for one in tracklet.regions])
    low, high = np.percentile(sizes, (20, 80), axis=0)
    return bool((high <= STIFF * low).all())


def _paths(tracklet: Tracklet, y: Floats) -> list[Path]:
    """Heights of a source, one path a shot; long ones in parts, so that time grows with length."""
    times = np.array(tracklet.times_s)
    weight = np.array([HINT if region.is_shared else 1.0 for region in tracklet.regions])
    heights = np.array([region.bottom - region.top for region in tracklet.regions])
    cuts = np.searchsorted(tracklet.frames, tracklet.cuts)
    seams = np.searchsorted(times, np.arange(times[0] + PART_S, times[-1], PART_S))
    bounds = [0, *sorted({*cuts.tolist(), *seams.tolist()}), len(times)]
    parts = [slice(first, end) for first, end in pairwise(bounds) if first < end]
    return [Path(times[p], y[p], weight[p], float(np.median(heights[p]))) for p in parts]


def _bounces(path: Path) -> list[Bounce]:
    """Bounces in one shot."""
    if len(path.times_s) < 2 * LEAST or np.ptp(path.y) < TALL * path.height:
        return []
    tried = sorted((_flights(path, one) for one in _gravities(path)), key=lambda one: one.price)
    refined = [_refined(path, one) for one in tried[:BEST]]
    flights = min(refined, key=lambda one: one.price, default=None)
    if flights is None or not _is_free(flights, path) or _size_m(flights, path) > LARGEST_M:
        return []
    arcs = [one for one in flights.arcs if one.end_s - one.start_s >= SHORTEST_S]
    met = [_met(one, other, flights.gravity) for one, other in pairwise(arcs)]
    found = [one for one in met if one is not None]
    landing = _landing(arcs[-1], found, flights.gravity) if found else None
    if (
        landing is not None
        and found[-1].time_s + SHORTEST_S < landing.time_s < path.times_s[-1] + LATE_S
    ):
        found.append(landing)
    return found


def _gravities(path: Path) -> list[float]:
    """Accelerations downwards that could be gravity."""
    times, read = path.times_s, []
    ends = np.maximum(
        np.searchsorted(times, times + WINDOW_S, "right"), np.arange(len(times)) + LEAST
    )
    for first, end in enumerate(ends.tolist()):
        if end <= len(times) and times[end - 1] - times[first] < 2 * WINDOW_S:
            part = slice(first, end)
            read.append(2 * np.polyfit(times[part] - times[first], path.y[part], 2)[0])
    guesses = np.percentile(read, GUESSES) if read else np.zeros(0)
    return [float(one) for one in guesses if one > 0]


def _refined(path: Path, flights: Flights) -> Flights:
    """The same flights or fewer, gravity being read again from them."""
    for _ in range(REFINED):
        again = _flights(path, _gravity_of(path, flights.bounds))
        if again.price >= flights.price:
            break
        flights = again
    return flights


def _gravity_of(path: Path, bounds: list[int]) -> float:
    """The one gravity that fits best to these flights, each with a height and speed of its own."""
    count, pieces = len(path.times_s), len(bounds) - 1
    design = np.zeros((count, 2 * pieces + 1))
    for piece, (first, end) in enumerate(pairwise(bounds)):
        design[first:end, 2 * piece] = 1.0
        design[first:end, 2 * piece + 1] = path.times_s[first:end] - path.times_s[first]
    design[:, -1] = 0.5 * path.times_s**2
    scale = np.sqrt(path.weight)
    found, *_ = np.linalg.lstsq(design * scale[:, None], path.y * scale)
    return max(float(found[-1]), 0.0)


def _flights(path: Path, gravity: float) -> Flights:
    """Fewest parabolas that explain a path: straight lines, once gravity's fall is taken out."""
    times, weight = path.times_s, path.weight
    expected = path.expected_error
    straight = path.y - 0.5 * gravity * times**2
    bounds = _bounds(times, straight, weight / expected**2)
    arcs, errors = [], np.zeros(len(times))
    for first, end in pairwise(bounds):
        part = slice(first, end)
        slope, offset = np.polyfit(times[part], straight[part], 1, w=np.sqrt(weight[part]))
        errors[part] = (straight[part] - offset - slope * times[part]) / expected
        arcs.append(Arc(float(times[first]), float(times[end - 1]), float(offset), float(slope)))
    squares = float((errors**2 * weight).sum())
    return Flights(
        arcs, bounds, gravity, float(np.sqrt(squares / weight.sum())), squares + PRICE * len(arcs)
    )


def _bounds(times: Floats, values: Floats, weight: Floats) -> list[int]:
    """First indices of the straight pieces that a path falls into, and its length (DP)."""
    count = len(times)
    sums = np.cumsum(
        np.vstack([np.zeros(6), np.stack([
            weight, weight * times, weight * times**2,
            weight * values, weight * times * values, weight * values**2,
        ], 1)]), 0,
    )  # fmt: skip
    best, came = np.zeros(count + 1), np.zeros(count + 1, np.int64)
    for end in range(1, count + 1):
        low = int(np.searchsorted(times, times[end - 1] - LONGEST_S))
        firsts = np.arange(min(low, max(end - 2, 0)), max(end - 1, 1))
        total = best[firsts] + _squares(sums[end] - sums[firsts]) + PRICE
        at = int(np.argmin(total))
        best[end], came[end] = total[at], firsts[at]
    bounds = [count]
    while bounds[-1] > 0:
        bounds.append(int(came[bounds[-1]]))
    return bounds[::-1]


def _squares(sums: Floats) -> Floats:
    """Squared errors of the best line through weighted points, from their sums ``[pieces, 6]``."""
    w, t, tt, y, ty, yy = sums.T
    spread = np.maximum(tt - t * t / w, 1e-12)
    return np.asarray(np.maximum(yy - y * y / w - (ty - t * y / w) ** 2 / spread, 0.0))


def _is_free(flights: Flights, path: Path) -> bool:
    """Whether flight explains a path, and bends it so far that nothing else would."""
    longest = max(arc.end_s - arc.start_s for arc in flights.arcs)
    bend = flights.gravity * longest**2 / 8
    return flights.error < FREE and bend > BENT * path.expected_error


def _size_m(flights: Flights, path: Path) -> float:
    """Height of the thing itself, if what bends its path is gravity."""
    return path.height * G / max(flights.gravity, 1e-9)


def _met(one: Arc, other: Arc, gravity: float) -> Bounce | None:
    """When two flights meet, and how much speed downwards is lost there."""
    lost = one.slope - other.slope
    if lost <= 0:
        return None
    time_s = (other.offset - one.offset) / lost
    if not one.end_s - LATE_S <= time_s <= other.start_s + LATE_S:
        return None
    fall = one.slope + gravity * time_s
    return Bounce(time_s, one.at(time_s, gravity), lost, lost / fall) if fall > 0 else None


def _landing(arc: Arc, earlier: list[Bounce], gravity: float) -> Bounce | None:
    """When the last flight, of which a cut or a post hides the end, reaches the floor."""
    floor = float(np.median([one.y for one in earlier]))
    under = arc.slope**2 - 2 * gravity * (arc.offset - floor)
    if under <= 0:
        return None
    fall, rebound = np.sqrt(under), float(np.median([one.rebound for one in earlier]))
    return Bounce(float((fall - arc.slope) / gravity), floor, float(fall * rebound), rebound)
