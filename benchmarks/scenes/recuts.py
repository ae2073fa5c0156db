#!/usr/bin/env python3
"""Recuts of a film: shots and events that are found again, against the truth of the generator.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.scenes.recuts [--film seen|held] [--folder FILMS]

Joins a film of clips (see recut_films.py), renders three recuts of it (shots moved; trimmed by 1 to
50 frames, removed, new and mirrored; graded, reframed and at 23.976), and compares each with the
film by pictures alone. A shot is right if nine of ten of its frames are, to a frame; a new one if
nothing of it is taken for old. The floor maps every frame to the one of the same number.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir
from time import process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.scenes.recut_films import (
    HELD,
    HELD_NEW,
    NEW,
    RATE,
    SMALL,
    Recut,
    Take,
    recuts,
    render,
    takes_of,
    timeline,
    truth,
)
from foley_designer.film.recut.conform import starts
from foley_designer.film.recut.matching import Match, match
from foley_designer.vision.skim import Fingerprints, skim

FILMS = {"seen": (SMALL, NEW, 7), "held": (HELD, HELD_NEW, 11)}
RIGHT = 0.9
"""Share of a shot's frames that must be mapped within one frame."""


def shown(matches: Sequence[Match], count: int) -> NDArray[np.int64]:
    """Per frame of the new cut the old frame that it is taken for, -1 for none."""
    found = np.full(count, -1, np.int64)
    for run in matches:
        if not run.is_new:
            found[run.new : run.end] = np.arange(run.old, run.old + run.frames)
    return found


def right(found: NDArray[np.int64], true: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each frame is mapped within one frame, or known as new."""
    return np.where(true < 0, found < 0, (np.abs(found - true) <= 1) & (found >= 0))


def score(takes: Sequence[Take], cut: Recut, found: NDArray[np.int64]) -> tuple[int, int, float]:
    """Shots that are right, shots with film, and the share of their frames within a frame."""
    new = timeline(cut.takes)
    fine = right(found, np.array(truth(timeline(takes), new)))
    names = np.array([name for name, _ in new])
    still = {take.name for take in cut.takes if take.clip in ("black", "title")}
    shots = [names == take.name for take in cut.takes if take.name not in still]
    good = sum(bool(fine[shot].mean() >= RIGHT) for shot in shots)
    return good, len(shots), float(fine[np.any(shots, axis=0)].mean())


def rendered(takes: Sequence[Take], file: Path, cut: Recut | None = None) -> Path:
    """The film or a recut of it, rendered where it is not there yet."""
    if not file.is_file():
        render(cut.takes if cut else takes, file, rate=cut.rate if cut else RATE)
    return file


def main() -> None:
    """Print one row a recut."""
    options = argparse.ArgumentParser()
    options.add_argument("--film", choices=FILMS, default="seen")
    options.add_argument("--folder", type=Path, default=Path(gettempdir()) / "recut_films")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    scenes, new, seed = FILMS[chosen.film]
    takes = takes_of(scenes)
    old: Fingerprints = skim(rendered(takes, chosen.folder / f"{chosen.film}.mp4")).fingerprints
    print(f"{chosen.film}: {len(takes)} takes, {len(old)} frames")
    for cut in recuts(takes, new, seed):
        seen = skim(rendered(takes, chosen.folder / f"{chosen.film}_{cut.name}.mp4", cut))
        began = process_time()
        found = match(old, seen.fingerprints, starts(seen.observation)[:-1])
        spent = process_time() - began
        count = len(timeline(cut.takes))
        mapped = shown(found, max(count, len(seen.fingerprints)))[:count]
        good, shots, frames = score(takes, cut, mapped)
        floor, _, floor_frames = score(takes, cut, np.arange(count))
        print(
            f"{cut.name:8} shots {good}/{shots}  frames {frames:.3f}  "
            f"(same number: {floor}/{shots}, {floor_frames:.3f})  {spent:.1f} CPU s"
        )


if __name__ == "__main__":
    main()
