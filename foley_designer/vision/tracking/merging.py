"""Merging: tracklets that are parts or fragments of one source become one."""

from bisect import bisect_left, bisect_right

import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import OVERLAP, likeness
from foley_designer.vision.motion.regions import Region
from foley_designer.vision.tracking.tracklet import (
    MEMORY_S,
    Tracklet,
    centre_of,
    size_of,
    travels,
    usual_colours,
)

BESIDE = 0.35
"""Edge-to-edge distance, in sizes, within which parts of one source move."""
GROUP_S = 20.0
"""Tracklets that begin within this are merged first, so that long shots cost no more per second."""
LARGEST = 0.5
"""Size from which larger sources reach no farther."""
TOGETHER = 0.6
"""Share of their common time that parts of one source are beside each other."""
MOVED = 0.08
"""Frame widths that ends of one thing travel together."""
STIFF = 0.12
"""Standard deviation of the way between them, as a share of that."""
PAST = 1.0
"""Sizes of the larger that parts of one source at most move against each other."""
LEAVES = 1.0
"""Sizes of its own from which a source goes somewhere."""
UNSTEADY = 0.3
"""Share of the variance of the way between two that a steady change may leave unexplained."""
SAME_LOOKS, AS_FAST, LEVEL = 0.8, 0.3, 0.6
"""Likeness, difference of speeds and common share of heights of two sides of one thing."""
PARTED = 0.5
"""Share of the longer one's frames that both sides are seen in: a post is soon passed."""
GOES = 0.002
"""Frame widths a frame that such a thing goes at least."""
LOOKS = 12
"""Sightings from which the looks of a fragment's end are read."""
FOLLOWS = 1.3
"""Distance, in sizes, from where one fragment ended to where the next begins."""


def merge(tracklets: list[Tracklet]) -> list[Tracklet]:
    """One tracklet a source: parts that move side by side and fragments that follow each other.

    Args:
        tracklets: by falling energy, of one shot.

    Returns:
        Tracklets by falling energy; a frame that several parts share holds their union.
    """
    groups: dict[int, list[Tracklet]] = {}
    for tracklet in tracklets:
        groups.setdefault(int(tracklet.times_s[0] / GROUP_S), []).append(tracklet)
    merged = [one for group in groups.values() for one in _gathered(group)]
    if len(groups) > 1:
        merged = _gathered(merged)
    return sorted(merged, key=lambda one: (-one.energy, one.frames[0]))


def _gathered(tracklets: list[Tracklet]) -> list[Tracklet]:
    """Merge pairs, strongest first, until none are left that belong together."""
    merged = sorted(tracklets, key=lambda one: (-one.energy, one.frames[0]))
    found = True
    while found:
        found = False
        at = 0
        while at < len(merged):
            for other in merged[at + 1 :]:
                if _same_source(merged[at], other):
                    merged.remove(other)
                    merged[at] = united(merged[at], other)
                    found = True
                    break
            else:
                at += 1
    return merged


def _same_source(one: Tracklet, other: Tracklet) -> bool:
    early, late = (one, other) if one.times_s[0] <= other.times_s[0] else (other, one)
    if late.times_s[0] - early.times_s[-1] > MEMORY_S:
        return False
    first, second = _regions_within(early, late), _regions_within(late, early)
    common = sorted(first.keys() & second.keys())
    if len(common) >= 3:
        pairs = [(first[frame], second[frame]) for frame in common]
        if _common_fate(pairs):
            return True
        if _told_apart(pairs) or _go_by_themselves(one, other):
            return False
        longer = max(len(one.frames), len(other.frames))
        if len(common) <= PARTED * longer and _is_one_behind(pairs):
            return True
        smaller = min(one, other, key=lambda tracklet: tracklet.energy)
        return not travels(smaller) and not _parted(pairs) and _beside(pairs) >= TOGETHER
    return _follows(early, late) and not _changed(early, late)


def _regions_within(tracklet: Tracklet, other: Tracklet) -> dict[int, Region]:
    """A tracklet's regions by frame, from the other's first frame to its last."""
    low = bisect_left(tracklet.frames, other.frames[0])
    high = bisect_right(tracklet.frames, other.frames[-1])
    return dict(zip(tracklet.frames[low:high], tracklet.regions[low:high], strict=True))


def _follows(early: Tracklet, late: Tracklet) -> bool:
    """Whether one fragment begins about where the other was at that time."""
    before = max(0, bisect_left(early.times_s, late.times_s[0]) - 1)
    end, start = early.regions[before], late.regions[0]
    usual = early.regions[max(0, before - 100) : before + 100]
    size = max(float(np.median([size_of(region) for region in usual])), size_of(end), 0.04)
    distance = float(np.hypot(end.x - start.x, end.y - start.y))
    return min(distance, 2 * _edge_gap(end, start)) < FOLLOWS * size


def _changed(early: Tracklet, late: Tracklet) -> bool:
    """Whether the later fragment looks different than the early one did just before it."""
    before = max(1, bisect_left(early.times_s, late.times_s[0]))
    old = usual_colours(early.regions[max(0, before - LOOKS) : before])
    new = usual_colours(late.regions[:LOOKS])
    return old is not None and new is not None and likeness(old, new) < OVERLAP


def _common_fate(pairs: list[tuple[Region, Region]]) -> bool:
    """Whether both travel while the way between them stays: ends of one rigid thing, a car."""
    places = np.array([(centre_of(one), centre_of(other)) for one, other in pairs])
    travelled = float(np.ptp(places, axis=0).max(1).min())
    drift = float(np.hypot(*(places[:, 0] - places[:, 1]).std(0)))
    return len(pairs) >= 5 and travelled > MOVED and drift < STIFF * travelled


def _is_one_behind(pairs: list[tuple[Region, Region]]) -> bool:
    """Whether both look alike and go as fast at the same height: a thing that a post parts."""
    looks = [usual_colours([pair[k] for pair in pairs]) for k in (0, 1)]
    if looks[0] is None or looks[1] is None or likeness(looks[0], looks[1]) < SAME_LOOKS:
        return False
    speeds = np.median([((a.dx, a.dy), (b.dx, b.dy)) for a, b in pairs], axis=0)
    faster = float(np.hypot(*speeds.T).max())
    level = [
        (min(a.bottom, b.bottom) - max(a.top, b.top))
        / (max(a.bottom, b.bottom) - min(a.top, b.top))
        for a, b in pairs
    ]
    together = float(np.hypot(*(speeds[0] - speeds[1]))) < AS_FAST * faster
    apart = [max(a.left, b.left) - min(a.right, b.right) for a, b in pairs]
    wide = [0.5 * (a.right - a.left + b.right - b.left) for a, b in pairs]
    narrow = float(np.median(apart)) < float(np.median(wide))
    return faster > GOES and together and narrow and float(np.median(level)) > LEVEL


def _told_apart(pairs: list[tuple[Region, Region]]) -> bool:
    """Whether two silhouettes were parted before they ran together, by what each looks like."""
    return sum(other.track in one.apart_from for one, other in pairs) >= 3


def _go_by_themselves(one: Tracklet, other: Tracklet) -> bool:
    """Whether each goes somewhere and they look different."""
    looks = usual_colours(one.regions), usual_colours(other.regions)
    if looks[0] is None or looks[1] is None or likeness(looks[0], looks[1]) >= OVERLAP:
        return False
    return _went(one) > LEAVES and _went(other) > LEAVES


def _went(tracklet: Tracklet) -> float:
    """How far a tracklet's ends lie apart, in its usual sizes."""
    tenth = max(1, len(tracklet.regions) // 10)
    first, last = (
        np.median([centre_of(region) for region in part], axis=0)
        for part in (tracklet.regions[:tenth], tracklet.regions[-tenth:])
    )
    size = float(np.median([size_of(region) for region in tracklet.regions]))
    return float(np.hypot(*(last - first))) / max(size, 1e-6)


def _parted(pairs: list[tuple[Region, Region]]) -> bool:
    """Whether one goes steadily past the other by more than the larger one's size: they are two.

    Only what following told apart where it ran together is looked at so: the limbs of a body also
    pass each other.
    """
    if not any(one.is_shared and other.is_shared for one, other in pairs):
        return False
    ways = np.array([np.subtract(centre_of(one), centre_of(other)) for one, other in pairs])
    size = max(float(np.median([size_of(pair[k]) for pair in pairs])) for k in (0, 1))
    at = np.linspace(0, 1, len(ways))
    slope, offset = np.polyfit(at, ways, 1)
    axis = int(np.argmax(np.abs(slope)))
    stray = float((ways[:, axis] - slope[axis] * at - offset[axis]).var())
    steady = stray < UNSTEADY * float(ways[:, axis].var())
    return steady and abs(float(slope[axis])) > PAST * size


def _beside(pairs: list[tuple[Region, Region]]) -> float:
    """Share of common frames in which the two touch or nearly do."""
    near = [
        _edge_gap(one, other) < BESIDE * min(max(size_of(one), size_of(other)), LARGEST)
        for one, other in pairs
    ]
    return float(np.mean(near))


def _edge_gap(one: Region, other: Region) -> float:
    across = max(one.left - other.right, other.left - one.right, 0.0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0.0)
    return float(np.hypot(across, down))


def united(one: Tracklet, other: Tracklet) -> Tracklet:
    """Both tracklets as one; regions of the same frame become one region."""
    entries: dict[int, tuple[float, Region, tuple[float, float]]] = {}
    for tracklet in (one, other):
        for frame, time_s, region, sway in zip(
            tracklet.frames, tracklet.times_s, tracklet.regions, tracklet.sway, strict=True
        ):
            known = entries.get(frame)
            entries[frame] = (time_s, joined(known[1], region) if known else region, sway)
    result = Tracklet()
    for frame in sorted(entries):
        result.add(frame, *entries[frame])
    return result


def joined(one: Region, other: Region) -> Region:
    """Two regions of one frame as one."""
    weights = np.array([one.flow.sum(), other.flow.sum()]) + 1e-9
    share = weights / weights.sum()

    def mean(first: float, second: float) -> float:
        return float(share @ np.array([first, second]))

    faster = max(one, other, key=lambda region: np.hypot(region.dx, region.dy))
    lower = one if one.bottom >= other.bottom else other
    return Region(
        track=faster.track,
        is_shared=one.is_shared or other.is_shared,
        apart_from=one.apart_from & other.apart_from,
        left=min(one.left, other.left),
        top=min(one.top, other.top),
        right=max(one.right, other.right),
        bottom=max(one.bottom, other.bottom),
        level=mean(one.level, other.level),
        x=mean(one.x, other.x),
        y=mean(one.y, other.y),
        tip_x=faster.tip_x,
        tip_y=faster.tip_y,
        dx=mean(one.dx, other.dx),
        dy=mean(one.dy, other.dy),
        area=one.area + other.area,
        flow=one.flow + other.flow,
        low_flow=lower.low_flow,
        change=one.change + other.change,
        colours=_mixed(one, other),
    )


def _mixed(one: Region, other: Region) -> NDArray[np.float16] | None:
    if one.colours is None or other.colours is None:
        return None
    mixed = one.area * one.colours.astype(np.float64) + other.area * other.colours
    return (mixed / (one.area + other.area)).astype(np.float16)
