#!/usr/bin/env python3
"""Recuts of a film: shots and events that are found again, against the truth of the generator.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.scenes.recuts [--film seen|held|long|fresh]
           [--folder FILMS] [--only moved|trimmed|looks]

Joins a film of clips (see recut_films.py), renders three recuts of it (shots moved; trimmed by 1 to
50 frames, removed, new and mirrored; graded, reframed and at 23.976), and compares each with the
film by pictures alone. A shot is right if nine of ten of its frames are, to a frame; a new one if
nothing of it is taken for old. The floor maps every frame to the one of the same number.

Of the long film (`long_film.py`) recuts are cut out of the film itself (*fresh* are three others of
it: other shots move, others are trimmed, the other scenes look different); each is also conformed,
with an event twice a second in every scene and one scene in three revised by hand: told is how many
events that are still shown lie within a frame of their picture, and how many hand-made sessions
differ afterwards.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.scenes.long_film import LONG, LONG_NEW
from benchmarks.scenes.recut_films import (
    HELD,
    HELD_NEW,
    NEW,
    RATE,
    SMALL,
    Recut,
    Take,
    cut_from,
    fountain,
    recuts,
    render,
    takes_of,
    timeline,
    truth,
)
from foley_designer.core.files import file_hash
from foley_designer.core.progress import silent
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.film.folder import FilmFolder
from foley_designer.film.looking import look
from foley_designer.film.model import Film
from foley_designer.film.planning import plan
from foley_designer.film.recut.conform import conform, starts
from foley_designer.film.recut.matching import Match, match
from foley_designer.vision.skim import Fingerprints, skim

FILMS = {
    "seen": (SMALL, NEW, 7),
    "held": (HELD, HELD_NEW, 11),
    "long": (LONG, LONG_NEW, 13),
    "fresh": (LONG, LONG_NEW, 29),
}
OF_ITSELF = ("long", "fresh")
"""Films whose recuts are cut out of them."""
Timeline = Sequence[tuple[str, int]]
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
    if file.is_file():
        return file
    making = file.with_name(f"making_{file.name}")
    film = file.stem.partition("_")[0]
    if cut is not None and film in OF_ITSELF:
        cut_from(file.with_name(f"{film}.mp4"), takes, cut, making)
    else:
        render(cut.takes if cut else takes, making, rate=cut.rate if cut else RATE)
    making.rename(file)
    return file


class Synced(NamedTuple):
    """Events after a conform."""

    shown: int
    """Events whose frame the new cut still shows."""
    near: int
    """Those that lie within a frame of it."""
    gone: int
    """Events whose frame is gone."""
    false: int
    """Those that play nevertheless."""


def synced(before: Film, after: Film, old: Timeline, new: Timeline) -> Synced:
    """Where an event twice a second of every scene lies after a conform, against the truth."""
    where: dict[tuple[str, int], list[int]] = {}
    for index, frame in enumerate(new):
        where.setdefault(frame, []).append(index)
    shown = near = gone = false = 0
    for piece in before.reels[0].pieces:
        for k in range(piece.first + 6, piece.last, 12):
            true = where.get(old[piece.at + k - piece.first], [])
            heard = [
                one.at + k - one.first
                for one in after.reels[0].pieces
                if one.scene == piece.scene and one.first <= k < one.last
            ]
            if true:
                shown += 1
                near += any(abs(a - b) <= 1 for a in heard for b in true)
            else:
                gone += 1
                false += bool(heard)
    return Synced(shown, near, gone, false)


def conformed(folder: Path, reel: Path, script: Path, path: Path) -> tuple[Film, Film, int, float]:
    """A film planned and conformed: before, after, hand-made sessions that differ, CPU seconds."""
    settings = Settings()
    home = FilmFolder(folder)
    with home.lock():
        film = plan(home, [reel], script, "", settings, silent)
        for number, scene in enumerate(film.shown):
            hand_made(home.scene(scene.id), number % 3 == 0)
        before = digests(folder / "scenes")
        look(home, path, settings, silent)
        began = process_time()
        done = conform(home, film, 1, path, settings, silent)
        spent = process_time() - began
    after = digests(folder / "scenes")
    return film, done.film, sum(after.get(one) != told for one, told in before.items()), spent


def digests(folder: Path) -> dict[str, str]:
    """Hash of each file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): file_hash(path) for path in files}


def hand_made(session: Session, revised: bool) -> None:
    """A session with a line in its log, and one by hand."""
    session.create()
    for reason in ("design", "the door 2 dB down")[: 1 + revised]:
        session.commit({}, reason)
    session.path("script.json").write_text(f"{session.root.name} {revised}")


def main() -> None:
    """Print one row a recut."""
    options = argparse.ArgumentParser()
    options.add_argument("--film", choices=FILMS, default="seen")
    options.add_argument("--folder", type=Path, default=Path(gettempdir()) / "recut_films")
    options.add_argument("--only", choices=("moved", "trimmed", "looks"), default=None)
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    scenes, new, seed = FILMS[chosen.film]
    takes = takes_of(scenes)
    reel = rendered(takes, chosen.folder / f"{chosen.film}.mp4")
    old = prints_of(reel)
    print(f"{chosen.film}: {len(takes)} takes, {len(old.prints)} frames", flush=True)
    for cut in recuts(takes, new, seed, other=chosen.film == "fresh"):
        if chosen.only in (None, cut.name):
            one_recut(chosen.folder, chosen.film, takes, old, cut)


def one_recut(folder: Path, film: str, takes: Sequence[Take], old: "Looked", cut: Recut) -> None:
    """Print what was found of a recut."""
    path = rendered(takes, folder / f"{film}_{cut.name}.mp4", cut)
    seen = prints_of(path)
    began = process_time()
    found = match(old.prints, seen.prints, seen.starts[:-1])
    spent = process_time() - began
    new = timeline(cut.takes)
    mapped = shown(found, max(len(new), len(seen.prints)))[: len(new)]
    good, shots, frames = score(takes, cut, mapped)
    floor, _, floor_frames = score(takes, cut, np.arange(len(new)))
    print(
        f"{cut.name:8} shots {good}/{shots}  frames {frames:.3f}  "
        f"(same number: {floor}/{shots}, {floor_frames:.3f})  {spent:.1f} CPU s",
        flush=True,
    )
    if film not in OF_ITSELF:
        return
    script = folder / f"{film}.fountain"
    script.write_text(fountain(LONG))
    home = folder / f"conformed_{film}_{cut.name}"
    before, after, differ, spent = conformed(home, folder / f"{film}.mp4", script, path)
    told = synced(before, after, timeline(takes), new)
    fresh = after.scenes[len(before.scenes) :]
    print(
        f"{'':8} events within a frame {told.near}/{told.shown}, gone and still heard "
        f"{told.false}/{told.gone}; hand-made sessions that differ {differ}; new scenes "
        f"{len(fresh)}, {sum(one.seconds for one in fresh):.1f} s; conform {spent:.1f} CPU s",
        flush=True,
    )


class Looked(NamedTuple):
    """Fingerprints of a reel and where its shots begin."""

    prints: Fingerprints
    starts: list[int]


def prints_of(path: Path) -> Looked:
    """What skimming sees of a reel; kept beside it."""
    kept = path.with_suffix(".skim.npz")
    if not kept.is_file():
        seen = skim(path)
        np.savez(kept, prints=seen.fingerprints, starts=starts(seen.observation))
    with np.load(kept) as held:
        return Looked(held["prints"], held["starts"].tolist())


if __name__ == "__main__":
    main()
