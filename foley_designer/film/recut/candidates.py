"""Candidates: offsets at which a shot of a new cut may show the old one, elected by its frames."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.film.recut.views import (
    PLAIN,
    Floats,
    View,
    described,
    framings,
    is_black,
    is_framing,
    seen,
)
from foley_designer.vision.skim import Fingerprints

STEP = 4
"""Frames between two that are looked up in the whole old cut."""
CANDIDATES = 6
"""Offsets tried for a shot, and half as many of its neighbours'."""
REFRAMED = 0.86
"""Likeness under which a shot is also looked for closer and wider."""
FRAMED_SAMPLES = 4
"""Frames of a shot that are looked up in each framing."""
FRAMED_STEP = 3
"""Frames of the old cut between two in which they are: aiming finds the frame."""
PEAKS, APART = 3, 6
"""Places of the old cut for which a frame votes, and frames by which they differ at least."""
FIRST_LOOK = 0.6
"""Likeness from which a frame's vote counts: framings are tried coarsely."""
TAKEN = 3
"""Offsets that are taken from a second look."""
LOOKED_AT = 16
"""Frames of a shot by which offsets are compared."""


class Index:
    """The old cut, to be looked up in; views of it are described when they are asked for."""

    def __init__(self, old: Fingerprints) -> None:
        self.old = old
        self._plain = described(old)
        self._black = is_black(old)

    def __len__(self) -> int:
        return len(self.old)

    def whole(self, view: View, every: int = 1) -> Floats:
        """Descriptions of all frames, or of one in some, as a view shows them."""
        if view.flipped or view.zoom > 1:
            return described(seen(self.old[::every], view))
        return self._plain[::every]

    def is_black(self, first: int, last: int) -> NDArray[np.bool_]:
        """Which frames of a stretch are black, ``[last - first]``; none outside the cut."""
        found = np.zeros(last - first, bool)
        start, stop = max(first, 0), min(last, len(self))
        if stop > start:
            found[start - first : stop - first] = self._black[start:stop]
        return found

    def at(self, frames: NDArray[np.int64], view: View) -> Floats:
        """Descriptions of some frames as a view shows them."""
        if view.flipped or view.zoom > 1:
            return described(seen(self.old[frames], view))
        return self._plain[frames]


class Candidate(NamedTuple):
    """An offset at which a shot may show the old cut."""

    offset: int
    """Old frame less new frame."""
    view: View


def candidates(
    index: Index, new: Fingerprints, shots: Sequence[tuple[int, int]]
) -> list[list[Candidate]]:
    """Offsets of each shot, the likeliest first; other framings where no plain one explains it."""
    votes: list[dict[Candidate, float]] = [{} for _ in shots]
    for view in (PLAIN, View(flipped=True)):
        _vote(index, new, shots, view, votes, 0)
    found = [_elected(index, new, *each) for each in zip(shots, votes, strict=True)]
    hard = [
        number
        for number, shot in enumerate(shots)
        if not found[number] or _likeness(index, new, shot, found[number][0]) < REFRAMED
    ]
    if not hard:
        return found
    framed: list[dict[Candidate, float]] = [{} for _ in hard]
    for view in framings():
        _vote(index, new, [shots[number] for number in hard], view, framed, FRAMED_SAMPLES)
    for number, more in zip(hard, framed, strict=True):
        shot = shots[number]
        elected = _elected(index, new, shot, votes[number] | more)
        best = [aimed(index, new, shot, one) for one in elected]
        best.sort(key=lambda one: -_likeness(index, new, shot, one))
        found[number] = list(dict.fromkeys(best))
    _looked_up_again(index, new, {number: shots[number] for number in hard}, found)
    return found


def _looked_up_again(
    index: Index,
    new: Fingerprints,
    shots: Mapping[int, tuple[int, int]],
    found: list[list[Candidate]],
) -> None:
    """Look shots up once more in the framing that each was aimed at, and add what is found.

    Framings are tried coarsely, in which all moments of a still place are one. A cut is reframed
    in few ways, so shots that share one are looked up together.
    """
    together: dict[View, list[int]] = {}
    for number in shots:
        if found[number] and found[number][0].view.zoom != 1:
            own = found[number][0].view
            view = View(own.flipped, round(own.zoom, 2), round(own.x, 1), round(own.y, 1))
            together.setdefault(view, []).append(number)
    for view, numbers in together.items():
        votes: list[dict[Candidate, float]] = [{} for _ in numbers]
        _vote(index, new, [shots[number] for number in numbers], view, votes, 0)
        for number, cast in zip(numbers, votes, strict=True):
            shot = shots[number]
            elected = _elected(index, new, shot, cast)[:TAKEN]
            more = [aimed(index, new, shot, one) for one in elected]
            every = dict.fromkeys([*more, *found[number]])
            found[number] = sorted(every, key=lambda one: -_likeness(index, new, shot, one))


def _vote(
    index: Index,
    new: Fingerprints,
    shots: Sequence[tuple[int, int]],
    view: View,
    votes: list[dict[Candidate, float]],
    samples: int,
) -> None:
    """Add the offsets that the shots' frames vote for in a view, weighed by likeness.

    Args:
        index: the old cut.
        new: the new one.
        shots: of the new one.
        view: in which the old one is seen.
        votes: of each shot, added to.
        samples: frames of each shot that vote; 0 takes one in `STEP`.
    """
    every = FRAMED_STEP if samples else 1
    whole = index.whole(view, every)
    for (first, last), own in zip(shots, votes, strict=True):
        chosen = np.arange(first, last, STEP)
        if samples:
            inner = np.linspace(first, last - 1, samples + 2)[1:-1]
            chosen = np.unique(inner.round().astype(int))
        mine = new[chosen]
        if view.zoom < 1:
            mine = seen(mine, view._replace(flipped=False))
        like = described(mine) @ whole.T
        for row, frame in zip(like, chosen, strict=True):
            for old in _peaks(row, APART // every):
                if row[old] >= FIRST_LOOK:
                    one = Candidate(old * every - int(frame), view)
                    own[one] = own.get(one, 0.0) + float(row[old]) - FIRST_LOOK + 1e-3


def _elected(
    index: Index, new: Fingerprints, shot: tuple[int, int], votes: dict[Candidate, float]
) -> list[Candidate]:
    """The offsets with most votes, of close ones the best; the likeliest first."""
    chosen: list[Candidate] = []
    for one in sorted(votes, key=lambda c: -votes[c]):
        near = (
            abs(one.offset - other.offset) <= 1 and one.view.flipped == other.view.flipped
            for other in chosen
        )
        if not any(near):
            chosen.append(one)
        if len(chosen) >= CANDIDATES:
            break
    chosen.sort(key=lambda one: -_likeness(index, new, shot, one))
    return chosen


def aimed(index: Index, new: Fingerprints, shot: tuple[int, int], one: Candidate) -> Candidate:
    """A candidate with the framing and the offset around its own that are most alike."""
    best, like = one, _likeness(index, new, shot, one)
    for zoom_step, shift in ((0.04, 0.4), (0.02, 0.2), (0.01, 0.1)):
        for _ in range(3):
            view = best.view
            around = [
                *(view._replace(zoom=view.zoom * (1 + sign * zoom_step)) for sign in (-1, 1)),
                *(view._replace(x=view.x + sign * shift) for sign in (-1, 1)),
                *(view._replace(y=view.y + sign * shift) for sign in (-1, 1)),
            ]
            others = [best._replace(view=v) for v in around if is_framing(v)]
            others += [best._replace(offset=best.offset + step) for step in (-2, -1, 1, 2)]
            tried = {other: _likeness(index, new, shot, other) for other in others}
            top = max(tried, key=lambda other: tried[other])
            if tried[top] <= like:
                break
            best, like = top, tried[top]
    return best


def _peaks(row: Floats, apart: int) -> list[int]:
    """The highest places of a row that lie apart."""
    left = row.copy()
    found = []
    for _ in range(PEAKS):
        at = int(left.argmax())
        found.append(at)
        left[max(0, at - apart) : at + apart + 1] = -1.0
    return found


def likenesses(index: Index, new: Fingerprints, first: int, last: int, one: Candidate) -> Floats:
    """Likeness of each frame of a stretch at an offset, ``[last - first]``; 0 outside the cut."""
    return _alike(index, new, np.arange(first, last, dtype=np.int64), one)


def _alike(index: Index, new: Fingerprints, frames: NDArray[np.int64], one: Candidate) -> Floats:
    """Likeness of some frames at an offset."""
    theirs = frames + one.offset
    inside = (theirs >= 0) & (theirs < len(index))
    like = np.zeros(len(frames), np.float32)
    if inside.any():
        mine = np.asarray(new[frames[inside]])
        if one.view.zoom < 1:
            mine = seen(mine, one.view._replace(flipped=False))
        like[inside] = (described(mine) * index.at(theirs[inside], one.view)).sum(axis=1)
    return like


def _likeness(index: Index, new: Fingerprints, shot: tuple[int, int], one: Candidate) -> float:
    """Mean likeness of at most `LOOKED_AT` frames of a shot at an offset."""
    frames = np.unique(np.linspace(shot[0], shot[1] - 1, LOOKED_AT).round().astype(np.int64))
    return float(_alike(index, new, frames, one).mean())
