"""Which frames of an old cut a new cut shows: by pictures alone.

Frames are compared by fingerprints that neither grading nor a burnt-in line changes much. Per shot
of the new cut, stretches of the old one that look like it are candidates, mirrored and reframed
ones too; a dynamic program over the frames then chooses runs of one offset, for a change of offset
is dear inside a shot, cheap at a cut, and dearest nowhere. What nothing explains is new.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.vision.skim import FINGERPRINT, Fingerprints

Floats = NDArray[np.float32]

ROWS = slice(2, 16)
"""Rows of a fingerprint that are compared: burnt-in timecode stands above and below."""
FLAT = 3.0
"""Standard deviation of luma under which a frame is black or plain and tells nothing."""
STEP = 4
"""Frames between two that are looked up in the whole old cut."""
CANDIDATES = 6
"""Offsets tried for a shot, and half as many of its neighbours'."""
SAME, SAME_REFRAMED = 0.9, 0.92
"""Likeness from which a frame is rather the same as another than not, as it is and in another
framing. Set by hand between what one film and one drawn clip gave: graded and reframed film lay
from 0.96 on (benchmarks/recuts.py), unrelated drawings of one layout reached 0.85, and 0.9 among so
many framings. Raising them calls more of a recut new, lowering them takes new picture for old."""
SPREAD = 0.28
"""Likeness above that which counts as one frame for, and under it as one against."""
REFRAMED = 0.86
"""Likeness under which a shot is also looked for closer and wider."""
CHANGE, CHANGE_AT_CUT, UNEXPLAINED = 1.6, 0.25, 0.8
"""Prices, in such frames, of another offset inside a shot, at a cut, and of a stretch
that is new."""
ZOOMS = (1.08, 1.15, 1.25)
_SHIFTS = (-0.7, 0.0, 0.7)
FRAMED_SAMPLES = 4
"""Frames of a shot that are looked up in each framing."""
FIRST_LOOK = 0.6
"""Likeness from which a frame's vote counts: framings are tried coarsely."""
LOOKED_AT = 16
"""Frames of a shot by which offsets are compared."""
_REFINE = 3
_WORST = 3.0
"""Gain that a frame which does not fit at all costs."""
_TIE = 4e-4
"""Likeness between two offsets that tells none of them from the other: the picture stands still."""


class Match(NamedTuple):
    """A stretch of the new cut and what it shows, in frames."""

    new: int
    end: int
    """Frame of the new cut after its last."""
    old: int
    """Frame of the old cut that its first one shows; -1 if it is new."""
    flipped: bool = False
    zoom: float = 1.0
    """How much closer than the old picture."""
    likeness: float = 0.0

    @property
    def is_new(self) -> bool:
        """Whether the old cut has nothing like it."""
        return self.old < 0

    @property
    def frames(self) -> int:
        """How long it is."""
        return self.end - self.new


class View(NamedTuple):
    """A way in which the new cut may show a frame of the old one."""

    flipped: bool = False
    zoom: float = 1.0
    """Above 1 the old picture is cropped, under 1 the new one."""
    x: float = 0.0
    y: float = 0.0
    """Where in the free room the crop lies, -1..1."""


PLAIN = View()


def match(old: Fingerprints, new: Fingerprints, cuts: Sequence[int]) -> list[Match]:
    """The new cut as stretches of the old one and new ones, without gaps.

    Args:
        old: fingerprints of the old cut.
        new: those of the new one, at the same number of frames a second of action.
        cuts: frames at which the new cut's shots begin, 0 first.
    """
    shots = [(a, b) for a, b in pairwise([*cuts, len(new)]) if b > a]
    index = _Index(old)
    found = _candidates(index, new, shots)
    runs: list[Match] = []
    for number, shot in enumerate(shots):
        beside = [
            candidate
            for other in (number - 1, number + 1)
            if 0 <= other < len(shots)
            for candidate in found[other][: CANDIDATES // 2]
        ]
        states = list(dict.fromkeys([*found[number], *beside]))
        before = runs[-1] if runs else None
        runs += _explained(index, new, shot, states, before)
    return _settled(index, new, _joined(runs))


class _Index:
    """The old cut, to be looked up in; views of it are described when they are asked for."""

    def __init__(self, old: Fingerprints) -> None:
        self.old = old
        self._plain = described(old)

    def __len__(self) -> int:
        return len(self.old)

    def whole(self, view: View) -> Floats:
        """Descriptions of all frames as a view shows them."""
        if view.flipped or view.zoom > 1:
            return described(seen(self.old, view))
        return self._plain

    def at(self, frames: NDArray[np.int64], view: View) -> Floats:
        """Descriptions of some frames as a view shows them."""
        if view.flipped or view.zoom > 1:
            return described(seen(self.old[frames], view))
        return self._plain[frames]


def described(prints: Fingerprints) -> Floats:
    """Descriptions ``[frames, d]`` of unit length: layout and detail, without level and contrast.

    Black and plain frames are zero, and so are like nothing.
    """
    rows = np.asarray(prints[:, ROWS], np.float32)
    flat = rows.reshape(len(rows), -1).std(axis=1) < FLAT
    detail = rows - np.stack([cv2.GaussianBlur(row, (0, 0), 2.0) for row in rows])
    parts = []
    for part in (rows, detail):
        plain = part.reshape(len(rows), -1)
        plain = plain - plain.mean(axis=1, keepdims=True)
        norm = np.sqrt(np.square(plain).sum(axis=1, keepdims=True))
        parts.append(plain / np.maximum(norm, 1e-6))
    both = np.concatenate(parts, axis=1) / np.float32(np.sqrt(2.0))
    both[flat] = 0.0
    return np.asarray(both, np.float32)


def seen(prints: Fingerprints, view: View) -> Fingerprints:
    """Frames as a view shows them: mirrored, or the part of them that fills the frame."""
    out = prints[:, :, ::-1] if view.flipped else prints
    zoom = view.zoom if view.zoom > 1 else 1 / view.zoom
    if zoom == 1:
        return np.ascontiguousarray(out)
    width, height = FINGERPRINT
    room_x, room_y = width - width / zoom, height - height / zoom
    left, top = room_x * (1 + view.x) / 2, room_y * (1 + view.y) / 2
    matrix = np.array([[zoom, 0, -zoom * left], [0, zoom, -zoom * top]], np.float32)
    frames = (
        cv2.warpAffine(
            np.ascontiguousarray(one),
            matrix,
            FINGERPRINT,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for one in out
    )
    return np.stack(list(frames)).astype(np.uint8)


class _Candidate(NamedTuple):
    """An offset at which a shot may show the old cut."""

    offset: int
    """Old frame less new frame."""
    view: View


def _candidates(
    index: _Index, new: Fingerprints, shots: Sequence[tuple[int, int]]
) -> list[list[_Candidate]]:
    """Offsets of each shot, the likeliest first; other framings where no plain one explains it."""
    votes: list[dict[_Candidate, float]] = [{} for _ in shots]
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
    framed: list[dict[_Candidate, float]] = [{} for _ in hard]
    for view in _framings():
        _vote(index, new, [shots[number] for number in hard], view, framed, FRAMED_SAMPLES)
    for number, more in zip(hard, framed, strict=True):
        shot = shots[number]
        elected = _elected(index, new, shot, votes[number] | more)
        aimed = [_aimed(index, new, shot, one) for one in elected]
        aimed.sort(key=lambda one: -_likeness(index, new, shot, one))
        found[number] = list(dict.fromkeys(aimed))
    return found


def _framings() -> Iterator[View]:
    for flipped in (False, True):
        for zoom in (*ZOOMS, *(1 / zoom for zoom in ZOOMS)):
            for x in _SHIFTS:
                for y in _SHIFTS:
                    yield View(flipped, zoom, x, y)


def _vote(
    index: _Index,
    new: Fingerprints,
    shots: Sequence[tuple[int, int]],
    view: View,
    votes: list[dict[_Candidate, float]],
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
    whole = index.whole(view)
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
            for old in _peaks(row):
                if row[old] >= FIRST_LOOK:
                    one = _Candidate(int(old) - int(frame), view)
                    own[one] = own.get(one, 0.0) + float(row[old]) - FIRST_LOOK + 1e-3


def _elected(
    index: _Index, new: Fingerprints, shot: tuple[int, int], votes: dict[_Candidate, float]
) -> list[_Candidate]:
    """The offsets with most votes, of close ones the best; the likeliest first."""
    chosen: list[_Candidate] = []
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


def _aimed(index: _Index, new: Fingerprints, shot: tuple[int, int], one: _Candidate) -> _Candidate:
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
            others = [best._replace(view=v) for v in around if _is_framing(v)]
            others += [best._replace(offset=best.offset + step) for step in (-2, -1, 1, 2)]
            tried = {other: _likeness(index, new, shot, other) for other in others}
            top = max(tried, key=lambda other: tried[other])
            if tried[top] <= like:
                break
            best, like = top, tried[top]
    return best


def _is_framing(view: View) -> bool:
    return max(abs(view.x), abs(view.y)) <= 1 and 0.7 < view.zoom < 1.45


def _peaks(row: Floats, most: int = 3, apart: int = 6) -> list[int]:
    """The highest places of a row that lie apart."""
    left = row.copy()
    found = []
    for _ in range(most):
        at = int(left.argmax())
        found.append(at)
        left[max(0, at - apart) : at + apart + 1] = -1.0
    return found


def likenesses(index: _Index, new: Fingerprints, first: int, last: int, one: _Candidate) -> Floats:
    """Likeness of each frame of a stretch at an offset, ``[last - first]``; 0 outside the cut."""
    return _alike(index, new, np.arange(first, last, dtype=np.int64), one)


def _alike(index: _Index, new: Fingerprints, frames: NDArray[np.int64], one: _Candidate) -> Floats:
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


def _likeness(index: _Index, new: Fingerprints, shot: tuple[int, int], one: _Candidate) -> float:
    """Mean likeness of at most `LOOKED_AT` frames of a shot at an offset."""
    frames = np.unique(np.linspace(shot[0], shot[1] - 1, LOOKED_AT).round().astype(np.int64))
    return float(_alike(index, new, frames, one).mean())


def _explained(
    index: _Index,
    new: Fingerprints,
    shot: tuple[int, int],
    states: Sequence[_Candidate],
    before: Match | None,
) -> list[Match]:
    """A shot as runs of offsets, by dynamic programming over its frames; state 0 is new."""
    first, last = shot
    gains = np.zeros((last - first, len(states) + 1), np.float32)
    for number, one in enumerate(states, start=1):
        like = likenesses(index, new, first, last, one)
        same = SAME if one.view.zoom == 1 else SAME_REFRAMED
        gains[:, number] = np.maximum((like - same) / SPREAD, -_WORST)
    start = np.full(len(states) + 1, -CHANGE_AT_CUT, np.float32)
    start[0] -= UNEXPLAINED
    for number, one in enumerate(states, start=1):
        if before is not None and not before.is_new and before.old - before.new == one.offset:
            start[number] = 0.0
    path = _best_path(gains, start)
    found = []
    begin = 0
    for at in range(1, len(path) + 1):
        if at == len(path) or path[at] != path[begin]:
            state = int(path[begin])
            where = first + begin
            if state == 0:
                found.append(Match(where, first + at, -1))
            else:
                one = states[state - 1]
                mean = float(likenesses(index, new, where, first + at, one).mean())
                old = where + one.offset
                view = one.view
                found.append(Match(where, first + at, old, view.flipped, view.zoom, mean))
            begin = at
    return found


def _best_path(gains: Floats, start: Floats) -> NDArray[np.int64]:
    """States of the highest sum of gains, where each change of state has its price (Viterbi)."""
    score = start + gains[0]
    back = np.zeros(gains.shape, np.int64)
    states = np.arange(gains.shape[1])
    for at in range(1, len(gains)):
        best = int(score.argmax())
        change = score[best] - CHANGE - np.where(states == 0, UNEXPLAINED, 0.0)
        back[at] = np.where(change > score, best, states)
        score = np.maximum(score, change).astype(np.float32) + gains[at]
    path = np.zeros(len(gains), np.int64)
    path[-1] = int(score.argmax())
    for at in range(len(gains) - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path


def _joined(runs: Sequence[Match]) -> list[Match]:
    """Runs with those joined that go on at one offset."""
    found: list[Match] = []
    for run in runs:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, run):
            whole = last.frames + run.frames
            like = (last.likeness * last.frames + run.likeness * run.frames) / whole
            found[-1] = last._replace(end=run.end, likeness=like)
        else:
            found.append(run)
    return found


def _goes_on(last: Match, run: Match) -> bool:
    if last.is_new or run.is_new:
        return last.is_new and run.is_new
    same = last.old + last.frames == run.old and last.flipped == run.flipped
    return same and last.zoom == run.zoom


def _settled(index: _Index, new: Fingerprints, runs: Sequence[Match]) -> list[Match]:
    """Runs at their best offset, some frames around."""
    plain = [run if run.is_new or run.zoom != 1 else _refined(index, new, run) for run in runs]
    return _joined(plain)


def _refined(index: _Index, new: Fingerprints, run: Match) -> Match:
    """A run at the offset at which it is most alike; as it is where the picture stands still."""
    own = run.old - run.new
    like = {
        offset: float(
            likenesses(index, new, run.new, run.end, _Candidate(offset, View(run.flipped))).mean()
        )
        for offset in range(own - _REFINE, own + _REFINE + 1)
    }
    best = max(like, key=lambda offset: like[offset])
    if like[best] - like[own] <= _TIE or run.new + best < 0:
        return run
    return run._replace(old=run.new + best, likeness=like[best])
