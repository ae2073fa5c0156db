"""Which frames of an old cut a new cut shows: by what is seen alone.

Frames are compared by fingerprints that neither grading nor a burnt-in line changes much. Per shot
of the new cut, stretches of the old one that look like it are candidates, mirrored and reframed
ones too; a dynamic program over the frames then chooses runs of one offset, for a change of offset
is dear inside a shot, cheap at a cut, and dearest nowhere. What nothing explains is new. Black in
both cuts tells nothing: it belongs to the run that it lies in.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.film.recut.candidates import (
    CANDIDATES,
    Candidate,
    Index,
    candidates,
    likenesses,
)
from foley_designer.film.recut.views import Floats, View, is_black
from foley_designer.vision.skim import Fingerprints

SAME = 0.92
"""Likeness from which a frame is rather the same as another than not. Frames of three recuts have
0.994 and more with their own picture, reframed ones 0.947 (99 of 100); the most alike stretch of
ten minutes of other clips has 0.51, in other framings 0.71 (`benchmarks/scenes/fit_likeness.py`),
and other drawings of one layout have up to 0.85 and 0.9: midway between the last and the first.
Raising it calls more of a recut new, lowering it takes new picture of a known place for old."""
FRAMED, CLOSER = 0.9, 1.05
"""The same in another framing, and the zoom from which one is that. It crops and stretches the
fingerprints: whole shots of ten minutes have 0.907 and more with their own picture, another drawing
of one layout up to 0.877."""
SPREAD = 0.28
"""Likeness above that which counts as one frame for, and under it as one against."""
CHANGE, CHANGE_AT_CUT, UNEXPLAINED = 1.6, 0.25, 0.8
"""Prices, in such frames, of another offset inside a shot, at a cut, and of a stretch
that is new."""
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


def match(old: Fingerprints, new: Fingerprints, cuts: Sequence[int]) -> list[Match]:
    """The new cut as stretches of the old one and new ones, without gaps.

    Args:
        old: fingerprints of the old cut.
        new: those of the new one, at the same number of frames a second of action.
        cuts: frames at which the new cut's shots begin, 0 first.
    """
    shots = [(a, b) for a, b in pairwise([*cuts, len(new)]) if b > a]
    index = Index(old)
    found = candidates(index, new, shots)
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


def _explained(
    index: Index,
    new: Fingerprints,
    shot: tuple[int, int],
    states: Sequence[Candidate],
    before: Match | None,
) -> list[Match]:
    """A shot as runs of offsets, by dynamic programming over its frames; state 0 is new."""
    first, last = shot
    gains = np.zeros((last - first, len(states) + 1), np.float32)
    black = is_black(new[first:last])
    for number, one in enumerate(states, start=1):
        like = likenesses(index, new, first, last, one)
        line = FRAMED if abs(np.log(one.view.zoom)) > np.log(CLOSER) else SAME
        gains[:, number] = np.maximum((like - line) / SPREAD, -_WORST)
        gains[black & index.is_black(first + one.offset, last + one.offset), number] = 0.0
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


def _settled(index: Index, new: Fingerprints, runs: Sequence[Match]) -> list[Match]:
    """Runs at their best offset, some frames around."""
    plain = [run if run.is_new or run.zoom != 1 else _refined(index, new, run) for run in runs]
    return _joined(plain)


def _refined(index: Index, new: Fingerprints, run: Match) -> Match:
    """A run at the offset at which it is most alike; as it is if the picture stands still."""
    own = run.old - run.new
    like = {
        offset: float(
            likenesses(index, new, run.new, run.end, Candidate(offset, View(run.flipped))).mean()
        )
        for offset in range(own - _REFINE, own + _REFINE + 1)
    }
    best = max(like, key=lambda offset: like[offset])
    if like[best] - like[own] <= _TIE or run.new + best < 0:
        return run
    return run._replace(old=run.new + best, likeness=like[best])
