"""Merging: trails that are parts or fragments of one source become one."""

import numpy as np

from foley_designer.vision.linking import MEMORY_S, Trail, centre_of, size_of, travels
from foley_designer.vision.motion import Region

BESIDE = 0.35
"""Edge-to-edge distance, in sizes, within which parts of one source move."""
LARGEST = 0.5
"""Size from which larger sources reach no farther."""
TOGETHER = 0.6
"""Share of their common time that parts of one source are beside each other."""
MOVED = 0.08
"""Frame widths that ends of one thing travel together."""
STIFF = 0.12
"""Standard deviation of the way between them, as a share of that."""
FOLLOWS = 1.3
"""Distance, in sizes, from where one fragment ended to where the next begins."""


def merge(trails: list[Trail]) -> list[Trail]:
    """One trail a source: parts that move side by side and fragments that follow each other.

    Args:
        trails: by falling energy, of one shot.

    Returns:
        Trails by falling energy; a frame that several parts share holds their union.
    """
    merged = list(trails)
    found = True
    while found:
        found = False
        for i in range(len(merged)):
            for j in range(i + 1, len(merged)):
                if _same_source(merged[i], merged[j]):
                    merged[i] = united(merged[i], merged.pop(j))
                    found = True
                    break
            if found:
                break
    return sorted(merged, key=lambda one: (-one.energy, one.frames[0]))


def _same_source(one: Trail, other: Trail) -> bool:
    early, late = (one, other) if one.times_s[0] <= other.times_s[0] else (other, one)
    common = sorted(set(early.frames) & set(late.frames))
    if len(common) >= 3:
        if _common_fate(early, late, common):
            return True
        smaller = min(one, other, key=lambda trail: trail.energy)
        return not travels(smaller) and _beside(early, late, common) >= TOGETHER
    gap = late.times_s[0] - early.times_s[-1]
    if gap > MEMORY_S:
        return False
    before = min(range(len(early.times_s)), key=lambda k: abs(early.times_s[k] - late.times_s[0]))
    end, start = early.regions[before], late.regions[0]
    size = max(np.median([size_of(r) for r in early.regions]), size_of(end), 0.04)
    distance = np.hypot(end.x - start.x, end.y - start.y)
    return bool(
        min(distance, _edge_gap(end, start)) / size < FOLLOWS / 2 or distance / size < FOLLOWS
    )


def _common_fate(one: Trail, other: Trail, common: list[int]) -> bool:
    """Whether both travel while the way between them stays: ends of one rigid thing, a car."""
    first = dict(zip(one.frames, one.regions, strict=True))
    second = dict(zip(other.frames, other.regions, strict=True))
    places = np.array([(centre_of(first[k]), centre_of(second[k])) for k in common])
    travelled = float(np.ptp(places, axis=0).max(1).min())
    drift = float(np.hypot(*(places[:, 0] - places[:, 1]).std(0)))
    return len(common) >= 5 and travelled > MOVED and drift < STIFF * travelled


def _beside(one: Trail, other: Trail, common: list[int]) -> float:
    """Share of common frames in which the two touch or nearly do."""
    first = dict(zip(one.frames, one.regions, strict=True))
    second = dict(zip(other.frames, other.regions, strict=True))
    near = [
        _edge_gap(first[k], second[k])
        < BESIDE * min(max(size_of(first[k]), size_of(second[k])), LARGEST)
        for k in common
    ]
    return float(np.mean(near))


def _edge_gap(one: Region, other: Region) -> float:
    across = max(one.left - other.right, other.left - one.right, 0.0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0.0)
    return float(np.hypot(across, down))


def united(one: Trail, other: Trail) -> Trail:
    """Both trails as one; regions of the same frame become one region."""
    entries: dict[int, tuple[float, Region]] = {}
    for trail in (one, other):
        for frame, time_s, region in zip(trail.frames, trail.times_s, trail.regions, strict=True):
            known = entries.get(frame)
            entries[frame] = (time_s, _joined(known[1], region) if known else region)
    result = Trail()
    for frame in sorted(entries):
        result.add(frame, *entries[frame])
    return result


def _joined(one: Region, other: Region) -> Region:
    weights = np.array([one.flow.sum(), other.flow.sum()]) + 1e-9
    share = weights / weights.sum()

    def mean(first: float, second: float) -> float:
        return float(share @ np.array([first, second]))

    faster = max(one, other, key=lambda region: np.hypot(region.dx, region.dy))
    lower = one if one.bottom >= other.bottom else other
    return Region(
        left=min(one.left, other.left),
        top=min(one.top, other.top),
        right=max(one.right, other.right),
        bottom=max(one.bottom, other.bottom),
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
    )
