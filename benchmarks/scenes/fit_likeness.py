#!/usr/bin/env python3
"""From which likeness on a frame is the same: fitted on the seen film of `recut_films.py` alone.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.scenes.fit_likeness [--folder FILMS]

Same: frames of three recuts at their true offsets, mirrored ones mirrored, reframed ones in the
framing that aiming finds. Other: for every shot the stretch of ten minutes of other clips
(`long_film.py`) that looks most like it, as it is and in other framings. Printed: the
likeness midway between the lowest hundredth of the same and the highest hundredth of the others,
plain and reframed; the usual likeness of others; and how much each side overlaps it. The figures
stand in `foley_designer/film/recut/matching.py` and `candidates.py`.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir

import numpy as np
from numpy.typing import NDArray

from benchmarks.scenes.long_film import LONG
from benchmarks.scenes.recut_films import (
    NEW,
    SMALL,
    Recut,
    Take,
    cut_from,
    recuts,
    takes_of,
    timeline,
    truth,
)
from benchmarks.scenes.recuts import prints_of, rendered
from foley_designer.film.recut.candidates import Candidate, Index, aimed, candidates, likenesses
from foley_designer.film.recut.views import PLAIN, View, described
from foley_designer.vision.skim import Fingerprints

Floats = NDArray[np.float32]
FLIPPED = View(flipped=True)
EDGE = 2
"""Frames at a shot's ends that are left out: a cut may fall between two."""


def shots_of(
    takes: Sequence[Take], frames: Sequence[tuple[str, int]]
) -> Iterator[tuple[Take, int, int]]:
    """Each take that shows film, with its first frame and the one after its last."""
    names = [name for name, _ in frames]
    for take in takes:
        if take.clip in ("black", "title") or take.name not in names:
            continue
        first = names.index(take.name)
        last = len(names) - names[::-1].index(take.name)
        if last - first > 4 * EDGE:
            yield take, first + EDGE, last - EDGE


def same(
    old: Index, new: Fingerprints, cut: Recut, true: Sequence[int]
) -> Iterator[tuple[bool, Floats]]:
    """Likeness of a recut's frames to what they show, and whether their framing is another."""
    for take, first, last in shots_of(cut.takes, timeline(cut.takes)):
        end = min(last, len(new))
        if true[first] < 0 or end <= first:
            continue
        one = Candidate(true[first] - first, View(flipped=take.flip))
        if take.reframe:
            one = aimed(old, new, (first, end), one._replace(view=View(zoom=1.15)))
        yield take.reframe, likenesses(old, new, first, end, one)


def others(
    seen: Fingerprints, takes: Sequence[Take], long: Fingerprints
) -> Iterator[tuple[bool, Floats]]:
    """Per shot the likeness to what looks most like it in other film, plain and reframed."""
    clips = {take.name: take.clip for take in takes_of(LONG)}
    frames = timeline(takes_of(LONG))[: len(long)]
    names = np.array([clips[name] for name, _ in frames])
    for take, first, last in shots_of(takes, timeline(takes)):
        rest = Index(np.ascontiguousarray(long[: len(names)][names != take.clip]))
        shot, own = (0, last - first), seen[first:last]
        yield False, np.maximum(*(most_alike(rest, own, view) for view in (PLAIN, FLIPPED)))
        framed = [
            one for one in candidates(rest, own, [shot])[0] if one.view not in (PLAIN, FLIPPED)
        ]
        if framed:
            yield True, np.max([likenesses(rest, own, *shot, one) for one in framed], axis=0)


def most_alike(rest: Index, own: Fingerprints, view: View) -> Floats:
    """Likeness of a shot's frames to the stretch of other film that is most like it."""
    like = described(own) @ rest.whole(view).T
    count = len(own)
    places = like.shape[1] - count + 1
    mean = np.sum([like[k, k : k + places] for k in range(count)], axis=0)
    at = int(mean.argmax()) + np.arange(count)
    return np.asarray(like[np.arange(count), at])


def told(name: str, yes: list[Floats], no: list[Floats]) -> None:
    """Print where two kinds of frames part."""
    is_same, is_other = np.concatenate(yes), np.concatenate(no)
    low, high = np.quantile(is_same, 0.01), np.quantile(is_other, 0.99)
    at = (low + high) / 2
    print(
        f"{name:9} {len(is_same)} same, {len(is_other)} others; lowest hundredth {low:.3f}, "
        f"highest {high:.3f}; midway {at:.3f}; others usually {np.median(is_other):.3f}; "
        f"same under it {np.mean(is_same < at):.2%}, others over it {np.mean(is_other > at):.2%}"
    )


def main() -> None:
    """Print both thresholds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=Path(gettempdir()) / "recut_films")
    folder = options.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    takes = takes_of(SMALL)
    film = rendered(takes, folder / "seen.mp4")
    prints = prints_of(film).prints
    index, frames = Index(prints), timeline(takes)
    yes: dict[bool, list[Floats]] = {False: [], True: []}
    no: dict[bool, list[Floats]] = {False: [], True: []}
    for cut in recuts(takes, NEW):
        path = folder / f"fit_{cut.name}.mp4"
        if not path.is_file():
            cut_from(film, takes, cut, path)
        true = truth(frames, timeline(cut.takes))
        for reframed, like in same(index, prints_of(path).prints, cut, true):
            yes[reframed].append(like)
    long = prints_of(rendered(takes_of(LONG), folder / "long.mp4")).prints
    for reframed, like in others(prints, takes, long):
        no[reframed].append(like)
    told("plain", yes[False], no[False])
    told("reframed", yes[True], no[True])


if __name__ == "__main__":
    main()
