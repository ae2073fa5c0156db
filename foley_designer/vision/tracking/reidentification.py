"""Re-identification: who comes out from behind something, or is there after a cut, with hindsight.

While frames are followed one by one, the first sliver of a thing that comes out says little about
whose it is. Once it has been seen whole, its colours, its size and its way say more; after a cut
its place does.
"""

from bisect import bisect_right
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from foley_designer.vision.motion.colours import Colours, likeness
from foley_designer.vision.tracking.tracklet import Tracklet, centre_of, size_of, usual_colours

Floats = NDArray[np.float64]
Prices = dict[tuple[int, int], float]
"""By numbers of pieces: of the one that ends and of the one that begins."""

UNSEEN_S = 0.15
"""A source that is not seen for longer is told again."""
HIDDEN_S = 2.0
"""Longest time out of sight."""
NEAR_S = 1.5
"""How long before a cut a source may be seen last, and after it first."""
LOOK_S = 1.0
"""Time before and after from which a source's looks and way are read."""
FEWEST = 5
"""Sightings that tell a way."""
WHOLE = 0.7
"""Share of its usual area at which a source is seen whole."""
ALIKE = 0.55
"""Likeness of colours that the same source at least has."""
GATE = 1.2
"""Largest difference of the same source."""
AS_BEFORE = 0.25
"""How much less differs what was taken for one source before."""


class End(NamedTuple):
    """One end of a fragment."""

    time_s: float
    colours: Colours
    size: float
    place: Floats
    """Mean place, x and y."""
    mean_s: float
    """Mean time of these sightings."""
    speed: float
    """Frame widths a second, to the right."""
    top: float
    bottom: float

    def x_at(self, time_s: float) -> float:
        """Where it is at a time, if it goes on as it does."""
        return float(self.place[0]) + self.speed * (time_s - self.mean_s)


class Scene(NamedTuple):
    """One shot's tracklets."""

    first: int
    """First frame."""
    start_s: float
    tracklets: list[Tracklet]
    """By falling energy."""


def connect(scenes: list[Scene]) -> list[Tracklet]:
    """The tracklets of all shots, those of one source joined across cuts.

    Those whose silhouettes are not known stay apart. In the order of their first shots, by falling
    energy within one.
    """
    found: list[Tracklet] = []
    last: list[Tracklet] = []
    for scene in scenes:
        going = _across(last, scene)
        last = []
        for index, tracklet in enumerate(scene.tracklets):
            old = going.get(index)
            if old is None:
                found.append(tracklet)
            else:
                old.go_on(tracklet, scene.first)
            last.append(old or tracklet)
    return found


def _across(before: list[Tracklet], scene: Scene) -> dict[int, Tracklet]:
    """Who goes on as which of a shot's tracklets."""
    ends = [
        _end(one, last=True) if scene.start_s - one.times_s[-1] <= NEAR_S else None
        for one in before
    ]
    starts = [
        _end(one, last=False) if one.times_s[0] - scene.start_s <= NEAR_S else None
        for one in scene.tracklets
    ]
    prices: Prices = {}
    for (row, end), (column, start) in product(enumerate(ends), enumerate(starts)):
        price = _unlike(end, start)
        if end is not None and start is not None:
            price += float(np.hypot(*(start.place - end.place)))
        if price <= GATE:
            prices[row, column] = price
    follows = _assigned(prices, max(len(ends), len(starts)))
    return {column: before[row] for row, column in follows.items()}


def rejoined(tracklets: list[Tracklet]) -> list[Tracklet]:
    """Tracklets of one shot; those parted where a source was hidden are joined by the least change.

    Tracklets whose silhouettes are not known stay as they are.
    """
    pieces: list[Tracklet] = []
    before: set[tuple[int, int]] = set()
    for tracklet in tracklets:
        parts = _pieces(tracklet)
        before |= set(pairwise(range(len(pieces), len(pieces) + len(parts))))
        pieces += parts
    follows = _assigned(_prices(pieces, before), len(pieces))
    firsts = set(range(len(pieces))) - set(follows.values())
    found = []
    for first in sorted(firsts):
        chain = [first]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        found.append(_chained([pieces[index] for index in chain]))
    return sorted(found, key=lambda one: (-one.energy, one.frames[0]))


def _pieces(tracklet: Tracklet) -> list[Tracklet]:
    """A tracklet cut where it was not seen."""
    gaps = np.nonzero(np.diff(tracklet.times_s) > UNSEEN_S)[0] + 1
    bounds = [0, *gaps.tolist(), len(tracklet.frames)]
    return [_part(tracklet, first, end) for first, end in pairwise(bounds)]


def _part(tracklet: Tracklet, first: int, end: int) -> Tracklet:
    part = slice(first, end)
    return Tracklet(
        tracklet.frames[part], tracklet.regions[part], tracklet.times_s[part], tracklet.sway[part]
    )


def _chained(parts: list[Tracklet]) -> Tracklet:
    whole = Tracklet()
    for part in parts:
        whole.frames += part.frames
        whole.regions += part.regions
        whole.times_s += part.times_s
        whole.sway += part.sway
    return whole


def _end(tracklet: Tracklet, last: bool) -> End | None:
    """What a fragment is like where it ends or begins; None if that is not known."""
    times = np.array(tracklet.times_s)
    near = times >= times[-1] - LOOK_S if last else times <= times[0] + LOOK_S
    areas = np.array([region.area for region in tracklet.regions])
    shared = np.array([region.is_shared for region in tracklet.regions])
    usual = near & ~shared if (near & ~shared).sum() >= FEWEST else near
    clear = np.nonzero(usual & (areas >= WHOLE * np.percentile(areas[usual], 80)))[0]
    regions = [tracklet.regions[index] for index in clear]
    colours = usual_colours(regions)
    if len(clear) < FEWEST or colours is None:
        return None
    places = np.array([centre_of(region) for region in regions])
    speed = float(np.polyfit(times[clear], places[:, 0], 1)[0])
    near_regions = [region for region, one in zip(tracklet.regions, near, strict=True) if one]
    return End(
        time_s=float(times[-1] if last else times[0]),
        colours=colours,
        size=float(np.median([size_of(region) for region in regions])),
        place=places.mean(0),
        mean_s=float(times[clear].mean()),
        speed=speed,
        top=min(region.top for region in near_regions),
        bottom=max(region.bottom for region in near_regions),
    )


def _unlike(end: End | None, start: End | None) -> float:
    """How differently two ends look, 0 for the same; infinite where they can't be one."""
    if end is None or start is None:
        return float("inf")
    alike = likeness(end.colours, start.colours)
    if alike < ALIKE:
        return float("inf")
    return 2 * (1 - alike) + 0.5 * abs(float(np.log(start.size / end.size)))


def _difference(end: End | None, start: End | None) -> float:
    """How differently two ends of one shot look and go."""
    if end is None or start is None or min(end.bottom, start.bottom) < max(end.top, start.top):
        return float("inf")
    middle = 0.5 * (end.time_s + start.time_s)
    apart = abs(end.x_at(middle) - start.x_at(middle)) / max(end.size, start.size, 0.04)
    return _unlike(end, start) + apart


def _prices(pieces: list[Tracklet], before: set[tuple[int, int]]) -> Prices:
    """What it costs that one piece is followed by another, where that is within the gate.

    Args:
        pieces: all of them.
        before: pairs that were taken for one source.
    """
    ends = [_end(piece, last=True) for piece in pieces]
    starts = [_end(piece, last=False) for piece in pieces]
    order = sorted(range(len(pieces)), key=lambda index: pieces[index].times_s[0])
    begin_s = [pieces[index].times_s[0] for index in order]
    prices: Prices = {}
    for row, piece in enumerate(pieces):
        low = bisect_right(begin_s, piece.times_s[-1])
        high = bisect_right(begin_s, piece.times_s[-1] + HIDDEN_S)
        for column in order[low:high]:
            price = _difference(ends[row], starts[column])
            if (row, column) in before:
                price = _kept(price, ends[row], starts[column])
            if price <= GATE:
                prices[row, column] = price
    return prices


def _kept(price: float, end: End | None, start: End | None) -> float:
    """Price of what was taken for one source before; it stays so if nothing is known."""
    return GATE - AS_BEFORE if end is None or start is None else price - AS_BEFORE


def _assigned(prices: Prices, count: int) -> dict[int, int]:
    """Which piece follows which, at the least total price; each by itself costs the gate.

    Pieces that no price joins are told apart first, so that long shots take no longer per second.
    """
    if not prices:
        return {}
    rows, columns = (np.array(side) for side in zip(*prices, strict=True))
    links = scipy.sparse.coo_array(
        (np.ones(len(rows)), (rows, columns + count)), shape=(2 * count, 2 * count)
    )
    _, groups = scipy.sparse.csgraph.connected_components(links, directed=False)
    follows = {}
    for group in np.unique(groups[rows]):
        inside = groups[rows] == group
        some, others = np.unique(rows[inside]), np.unique(columns[inside])
        cost = [[prices.get((one, two), GATE) for two in others.tolist()] for one in some.tolist()]
        for row, column in zip(*scipy.optimize.linear_sum_assignment(np.array(cost)), strict=True):
            if (int(some[row]), int(others[column])) in prices:
                follows[int(some[row])] = int(others[column])
    return follows
