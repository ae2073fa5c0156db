"""Tracker: the moving regions of each frame are given to tracks, all at once.

Where tracks run together in one region, each keeps its own pixels: those where it is recognised
or should be, and that move as it does.
"""

from itertools import combinations, product

import numpy as np
import scipy

from foley_designer.vision.motion.colours import OVERLAP, are_distinct, colour_bins, likeness
from foley_designer.vision.motion.regions import (
    Mask,
    Moving,
    Region,
    components,
    is_large,
    region_of,
)
from foley_designer.vision.tracking.blob_splitting import RARE, Claim, carve, held
from foley_designer.vision.tracking.track_state import TrackState, distances
from foley_designer.vision.tracking.tracklet import GATE, MEMORY_S

LEFT_OUT = 3.0
"""Price of a track that gets no region: one that is hidden must not push others from theirs."""
HIDDEN_S = 0.6
"""How long a track that shows nowhere else is looked for within others' regions."""
WITHIN = 0.3
"""Share of its usual pixels that a region must hold where a track should be within it."""

REST = 0.35
"""Share of its usual area under which a track's own region is only what sticks out of another."""
APART_S = 0.25
"""Time for which two silhouettes must be seen apart to be two sources."""
ENTERS_S = 0.15
"""The same where one of two that look different has come in by the frame's edge."""
CERTAIN_S = 1.0
"""The same to be two whatever they look like."""
PARTED_S = 0.6
"""The same for moving parts: those of one body join and part again at every turn."""
FOREIGN = 4.0
"""Times likelier that a pixel's colour must be another's than the owner's to be the other's."""
SHOWS = 0.1
"""Share of its usual pixels that must show so."""

Share = tuple[TrackState, Mask]


class Apartness:
    """Which tracks have been seen as two for long enough to be two."""

    def __init__(self) -> None:
        self._apart_s: dict[tuple[int, int], float] = {}
        self._known: set[tuple[int, int]] = set()
        self._last_s = 0.0

    def note(
        self, alone: dict[int, TrackState], others: list[TrackState], time_s: float, least_s: float
    ) -> None:
        """These have regions of their own in the frame of this time, and others are not seen.

        Time counts from the last time that one's region covered where the other had been.
        """
        for pair in combinations(sorted(alone), 2):
            self._apart_s[pair] = self._apart_s.get(pair, 0.0) + time_s - self._last_s
            enough = self._apart_s[pair] >= least_s
            if not enough and self._apart_s[pair] >= ENTERS_S:
                one, other = (alone[number] for number in pair)
                enough = one.enters != other.enters and are_distinct([one.colours, other.colours])
            if enough:
                self._known.add(pair)
        for one, other in product(alone.values(), others):
            if one.covers(other):
                self._apart_s.pop(_pair(one, other), None)
        self._last_s = time_s

    def knows_well(self, one: TrackState, other: TrackState) -> bool:
        """Whether two have been seen apart for so long that their looks need not say it."""
        return self._apart_s.get(_pair(one, other), 0.0) >= CERTAIN_S

    def knows(self, one: TrackState, other: TrackState) -> bool:
        """Whether two tracks are two sources."""
        return _pair(one, other) in self._known


def _pair(one: TrackState, other: TrackState) -> tuple[int, int]:
    return min(one.number, other.number), max(one.number, other.number)


class Tracker:
    """Gives regions to tracks, frame by frame; holds the recent past alone."""

    def __init__(self) -> None:
        self._tracks: list[TrackState] = []
        self._count = 0
        self._apart = Apartness()

    def follow(self, moving: Moving, time_s: float) -> tuple[Region, ...]:
        """The regions of the next frame, each with its track."""
        self._tracks = [one for one in self._tracks if time_s - one.last_s <= MEMORY_S]
        parts = components(moving)
        regions = [region_of(part, moving) for part in parts]
        owners = self._owners(regions, time_s)
        alone: dict[int, TrackState] = {}
        found: list[Region] = []
        for part, region, owner in zip(parts, regions, owners, strict=True):
            shares = self._shares(part, moving, time_s, owner, owners, regions)
            if len(shares) < 2 and owner is not None:
                shares = self._newcomers(part, moving, time_s, owner)
            if len(shares) < 2:
                track = owner or self._new()
                track.see(region, part, moving, time_s)
                alone[track.number] = track
                found.append(region._replace(track=track.number))
            for track, mask in shares if len(shares) >= 2 else ():
                others = self._others(track, shares, moving)
                own = region_of(mask, moving, track.number, is_shared=True, apart_from=others)
                if track is owner or track not in owners:  # else its own region tells its way
                    track.note(own, time_s)
                found.append(own)
        unseen = [one for one in self._tracks if one.times[-1] < time_s]
        least_s = PARTED_S if moving.body is None else APART_S
        self._apart.note(alone, unseen, time_s, least_s)
        return tuple(found)

    def _newcomers(
        self, part: Mask, moving: Moving, time_s: float, owner: TrackState
    ) -> list[Share]:
        """A region's owner and a known track that came out from behind something right into it.

        Such a one is known by colours that the owner has not, also where another part of it still
        shows elsewhere.
        """
        if moving.body is None or owner.colours is None:
            return []
        for other in self._tracks:
            if other is owner or other.colours is None:
                continue
            if likeness(owner.colours, other.colours) >= OVERLAP:
                continue
            if not other.may_reach(part, time_s):
                continue
            foreign = part & moving.body
            bins = colour_bins(moving.image[foreign])
            foreign[foreign] = other.colours[bins] + RARE > FOREIGN * (owner.colours[bins] + RARE)
            if np.count_nonzero(foreign) < SHOWS * other.usual_area * part.size:
                continue
            rows, columns = (np.percentile(one, (2, 98)) for one in np.nonzero(foreign))
            box = (columns[0], rows[0], columns[1], rows[1])
            claim = Claim(box, other.step_px(moving), is_recognised=False, colours=other.colours)
            masks = carve(part, moving, [owner.claim(moving, time_s), claim])
            if all(is_large(int(np.count_nonzero(mask)), moving.mask) for mask in masks):
                return list(zip((owner, other), masks, strict=True))
        return []

    def cut(self) -> None:
        """The film is cut here."""
        for track in self._tracks:
            track.cut()

    def _others(self, track: TrackState, shares: list[Share], moving: Moving) -> frozenset[int]:
        """Those that a track runs together with and that surely are not it."""
        return frozenset(
            other.number
            for other, _ in shares
            if other is not track
            and (
                are_distinct([track.colours, other.colours])
                or (moving.body is not None and self._apart.knows_well(track, other))
            )
        )

    def _new(self) -> TrackState:
        self._count += 1
        self._tracks.append(TrackState(self._count))
        return self._tracks[-1]

    def _owners(self, regions: list[Region], time_s: float) -> list[TrackState | None]:
        """The track that expects each region, by the least total distance."""
        owners: list[TrackState | None] = [None] * len(regions)
        if not self._tracks or not regions:
            return owners
        cost = distances(self._tracks, regions, time_s)
        rows, columns = scipy.optimize.linear_sum_assignment(np.minimum(cost, LEFT_OUT))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if cost[row, column] <= GATE:
                owners[column] = self._tracks[row]
        for column, region in enumerate(regions):
            if owners[column] is None:
                owners[column] = self._at_home(region, owners)
        return owners

    def _at_home(self, region: Region, owners: list[TrackState | None]) -> TrackState | None:
        """The known track whose place a region lies in, if it is seen nowhere else."""
        free = [one for one in self._tracks if one not in owners and one.is_known]
        return next((one for one in free if one.is_at_home_in(region)), None)

    def _shares(
        self,
        part: Mask,
        moving: Moving,
        time_s: float,
        owner: TrackState | None,
        owners: list[TrackState | None],
        regions: list[Region],
    ) -> list[Share]:
        """Each known track's pixels in a region, where several are in it."""
        lost = [
            one
            for one in self._tracks
            if one is not owner
            and time_s - one.last_s <= HIDDEN_S
            and (one not in owners or regions[owners.index(one)].area < REST * one.usual_area)
            and (owner is None or self._apart.knows(one, owner))
        ]
        if not lost:
            return []
        claims = [(one, one.claim(moving, time_s)) for one in ([owner] if owner else []) + lost]
        inside = [
            (one, claim)
            for one, claim in claims
            if one is owner
            or held(part, claim.box)
            >= (1 if claim.is_recognised else WITHIN * one.usual_area * part.size)
        ]
        if len(inside) < 2 or not self._apart.knows(inside[0][0], inside[1][0]):
            return []
        masks = carve(part, moving, [claim for _, claim in inside])
        return [
            (one, mask)
            for (one, _), mask in zip(inside, masks, strict=True)
            if is_large(int(np.count_nonzero(mask)), moving.mask)
        ]
