#!/usr/bin/env python3
"""Fit what speaks for a cut and a dissolve on joins of real clips.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.scenes.fit_joins [--kept FOLDER] [--write]

Clips are decoded once at 64 × 36 pixels (kept in FOLDER) and joined there at random by cuts,
dissolves of 4 to 24 frames, fades, black and titles, with pans and flashes: blending and shrinking
a frame commute. Prints, for each half of the clips, what the model that was fitted on the other
half finds; with --write fits on all and writes the weights.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.scenes import scene_films
from benchmarks.scenes.scene_films import OWN_CUTS, RATE, SCENES, Join
from foley_designer.vision.joins.cuts import cut_measures
from foley_designer.vision.joins.dissolves import Dissolve, candidates, dissolve_measures
from foley_designer.vision.joins.weighing import WEIGHTS
from foley_designer.vision.video.decode import FrameReader

SIZE = (64, 36)
FILMS = 24
"""Films of each half of the clips."""
SCENES_EACH = 12
KINDS = ("dissolve", "dissolve", "dissolve", "fade", "cut", "black", "title")
NEAR_FADE = 18
"""Frames beside a fade in which dissolves are not judged: fades stand for them there."""
PANNED, FLASHED = 0.3, 0.33
"""Shares of the takes with a camera that pans, and with a flash."""
Image = NDArray[np.uint8]
Measures = dict[str, NDArray[np.float64]]


class Rows(NamedTuple):
    """Candidates of one kind of join, and which are joins."""

    measures: Measures
    is_join: NDArray[np.bool_]
    lost: int
    """Joins that no candidate shows."""


def clip_frames(name: str, kept: Path) -> Image:
    """Small frames of a clip at 25 a second, wide and closer: ``[frames, 2, 36, 64, 3]``."""
    file = kept / f"{name}.npy"
    if file.exists():
        return np.asarray(np.load(file, mmap_mode="r"))
    times = 0.2 + np.arange(int((scene_films.length_s(name) - 0.4) * RATE)) / RATE
    with FrameReader(scene_films.clip_file(name), scene_films.SIZE[0]) as reader:
        frames = [
            [
                _small(scene_films.fitted(reader.at(float(t)).image, closer))
                for closer in (False, True)
            ]
            for t in times
        ]
    np.save(file, np.array(frames, np.uint8))
    return np.array(frames, np.uint8)


def _small(image: Image) -> Image:
    return np.asarray(cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def small_film(
    names: Sequence[str], rng: np.random.Generator, kept: Path
) -> tuple[list[Image], list[Join]]:
    """Frames of a film of these clips, and its joins."""
    film: list[Image] = []
    joins: list[Join] = []
    for name in names:
        for k, take in enumerate(_takes(clip_frames(name, kept), rng)):
            kind = "same" if k else str(rng.choice(KINDS))
            _join(film, joins, take, kind if film else "start", rng)
    return film, joins


def _takes(frames: Image, rng: np.random.Generator) -> list[list[Image]]:
    count = int(rng.integers(1, 4)) if len(frames) > 110 else 1
    each = len(frames) // count
    found = []
    for k in range(count):
        length = int(min(each, 4 * RATE) * rng.uniform(0.7, 1))
        take = list(frames[k * each : k * each + length, k % 2])
        moved = _panned(take, rng) if rng.random() < PANNED else take
        found.append(_flashed(moved, rng) if rng.random() < FLASHED else moved)
    return found


def _panned(take: list[Image], rng: np.random.Generator) -> list[Image]:
    """The take as a camera sees it that pans over it, slowly or fast, and comes to rest."""
    share, frames = rng.uniform(0.4, 0.7), int(rng.integers(8, 80))
    width, height = round(SIZE[0] * share), round(SIZE[1] * share)
    begin = int(rng.integers(max(1, len(take) - frames)))
    way = np.clip((np.arange(len(take)) - begin) / frames, 0, 1)
    way = 1 - way if rng.random() < 0.5 else way
    x, y = (SIZE[0] - width) * way, (SIZE[1] - height) * rng.random()
    centres = [(float(left + width / 2), float(y + height / 2)) for left in x]
    views = [
        cv2.getRectSubPix(frame, (width, height), centre)
        for frame, centre in zip(take, centres, strict=True)
    ]
    return [np.asarray(cv2.resize(view, SIZE), np.uint8) for view in views]


def _flashed(take: list[Image], rng: np.random.Generator) -> list[Image]:
    """A take with light for one to four frames, that goes at once or slowly."""
    middle, lit = len(take) // 2, take.copy()
    gains = rng.uniform(0.4, 1) * np.linspace(1, rng.uniform(0, 1), int(rng.integers(1, 5)))
    for i, gain in enumerate(gains):
        white = np.full_like(take[middle + i], 255)
        mixed = cv2.addWeighted(take[middle + i], 1 - gain, white, gain, 0)
        lit[middle + i] = np.asarray(mixed, np.uint8)
    return lit


def _join(
    film: list[Image], joins: list[Join], take: list[Image], kind: str, rng: np.random.Generator
) -> None:
    """Put a take behind the film."""
    if kind == "title":
        joins.append(Join(len(film), "cut", 1))
        film += [_small(scene_films.title("CHAPTER", 1)[0])] * int(rng.integers(30, 60))
    if kind == "dissolve":
        length = min(int(rng.integers(4, 25)), len(take) - 8, len(film) - 8)
        for i in range(length):
            share = (i + 1) / (length + 1)
            mixed = cv2.addWeighted(film[i - length], 1 - share, take[i], share, 0)
            film[i - length] = np.asarray(mixed, np.uint8)
        joins.append(Join(len(film) - length // 2, kind, length))
        take = take[length:]
    elif kind in ("fade", "black"):
        half = int(rng.integers(4, 11))
        for i in range(half):
            film[i - half] = (film[i - half] * (1 - (i + 1) / half)).astype(np.uint8)
        if kind == "black":
            joins.append(Join(len(film), "fade", 2 * half))
            film += [np.zeros_like(take[0])] * int(rng.integers(11, 40))
        joins.append(Join(len(film), "fade", 2 * half))
        take = [(f * min(1.0, i / half)).astype(np.uint8) for i, f in enumerate(take)]
    elif kind != "start":
        joins.append(Join(len(film), "same" if kind == "same" else "cut", 1))
    film += take


def thumbs_of(film: Sequence[Image]) -> NDArray[np.uint8]:
    """Thumbnails as `frame_statistics.look_of` makes them."""
    small = [cv2.resize(frame, (16, 9), interpolation=cv2.INTER_AREA) for frame in film]
    return np.array([cv2.cvtColor(frame, cv2.COLOR_BGR2YCrCb) for frame in small], np.uint8)


def cut_rows(thumbs: NDArray[np.uint8], joins: Sequence[Join]) -> Rows:
    """Gaps beside no other join, and which are cuts."""
    times = np.arange(len(thumbs)) / RATE
    frames, measures = cut_measures(thumbs, times)
    true = np.array([j.frame for j in joins if j.kind in ("cut", "same")])
    other = [j for j in joins if j.kind not in ("cut", "same")]
    is_cut = np.isin(frames, true)
    clear = [all(abs(f - j.frame) > j.length // 2 + 3 for j in other) for f in frames]
    use = is_cut | np.array(clear, np.bool_)
    lost = int((~np.isin(true, frames)).sum())
    return Rows({name: row[use] for name, row in measures.items()}, is_cut[use], lost)


def dissolve_rows(thumbs: NDArray[np.uint8], joins: Sequence[Join]) -> Rows:
    """Stretches over no cut and beside no fade, and which are dissolves."""
    true = [j for j in joins if j.kind == "dissolve"]
    found: list[Dissolve] = []
    best: dict[int, int] = {}
    off: dict[int, int] = {}
    beside: set[int] = set()
    for one in candidates(thumbs, np.arange(len(thumbs)) / RATE):
        over_cut = any(
            one.first - 4 <= j.frame <= one.last + 3 for j in joins if j.kind in ("cut", "same")
        )
        by_fade = any(
            one.first - NEAR_FADE <= j.frame <= one.last + NEAR_FADE
            for j in joins
            if j.kind == "fade"
        )
        if over_cut or by_fade:
            continue
        for t, join in enumerate(true):
            first, last = join.frame - join.length // 2, join.frame + join.length // 2
            if one.last < first - 2 or one.first > last + 2:
                continue
            beside.add(len(found))
            away = abs(one.first - first) + abs(one.last - last)
            if away < min(off.get(t, np.inf), join.length + 5):
                best[t], off[t] = len(found), away
        found.append(one)
    kept = [k for k in range(len(found)) if k not in beside or k in best.values()]
    measures = dissolve_measures(thumbs, [found[k] for k in kept]) if kept else {}
    is_one = np.array([k in best.values() for k in kept], np.bool_)
    return Rows(measures, is_one, len(true) - len(best))


def rows_of(names: Sequence[str], seed: int, kept: Path) -> dict[str, Rows]:
    """Candidates of both kinds in `FILMS` films of these clips."""
    rng = np.random.default_rng(seed)
    parts: dict[str, list[Rows]] = {"cut": [], "dissolve": []}
    read: dict[str, Callable[..., Rows]] = {"cut": cut_rows, "dissolve": dissolve_rows}
    for _ in range(FILMS):
        film, joins = small_film([str(n) for n in rng.permutation(names)[:SCENES_EACH]], rng, kept)
        thumbs = thumbs_of(film)
        for kind, rows in parts.items():
            found = read[kind](thumbs, joins)
            if found.is_join.size:
                rows.append(found)
    return {kind: _together(rows) for kind, rows in parts.items()}


def _together(parts: Sequence[Rows]) -> Rows:
    names = parts[0].measures
    return Rows(
        {name: np.concatenate([p.measures[name] for p in parts]) for name in names},
        np.concatenate([p.is_join for p in parts]),
        sum(p.lost for p in parts),
    )


def fit(rows: Rows) -> dict[str, float]:
    """Log odds a unit of each measure, and ``bias``."""
    table = np.stack(list(rows.measures.values()), 1)
    mean, spread = table.mean(0), table.std(0)
    model = LogisticRegression(max_iter=1000).fit((table - mean) / spread, rows.is_join)
    each = model.coef_[0] / spread
    found = dict(zip(rows.measures, each, strict=True))
    return {
        "bias": float(model.intercept_[0] - each @ mean),
        **{k: float(v) for k, v in found.items()},
    }


def score(rows: Rows, weights: dict[str, float]) -> str:
    """What the weights find."""
    odds = weights["bias"] + sum(weights[name] * row for name, row in rows.measures.items())
    hits = int((rows.is_join & (odds > 0)).sum())
    wrong = int((~rows.is_join & (odds > 0)).sum())
    whole = int(rows.is_join.sum()) + rows.lost
    f1 = 2 * hits / (hits + wrong + whole)
    return f"{hits} of {whole} found, {wrong} where none is, F1 {f1:.3f}"


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kept", type=Path, default=Path(gettempdir()) / "joined_clips")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    asked.kept.mkdir(parents=True, exist_ok=True)
    names = sorted(set(SCENES) - set(OWN_CUTS))
    halves = [rows_of(names[k::2], 20 + k, asked.kept) for k in range(2)]
    whole: dict[str, dict[str, float]] = {}
    for kind in ("cut", "dissolve"):
        for k in range(2):
            print(f"{kind:9} half {k + 1}: {score(halves[k][kind], fit(halves[1 - k][kind]))}")
        whole[kind] = fit(_together([half[kind] for half in halves]))
    if asked.write:
        rounded = {kind: {n: round(w, 4) for n, w in each.items()} for kind, each in whole.items()}
        WEIGHTS.write_text(json.dumps(rounded, indent=2) + "\n")


if __name__ == "__main__":
    main()
