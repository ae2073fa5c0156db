"""Do real stereo recordings say where the picture's actor is? Theirs and our sides against motion.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.stereo_sides [EVALUATION]

For each clip of ``film`` in true stereo: how wide and how steady its image is, and, over windows of
0.1 s that sound, whether the louder side is the one where the picture moves: the centroid of the
absolute difference of successive frames over columns, less each frame's median. Nothing of our
seeing takes part. With EVALUATION, a folder of `evaluate_film` after ``--run``, the same for our
own mixes.
"""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.evaluate.direction import CLEAR_DB, image
from foley_designer.evaluate.sounds import clip_sound, find, is_true_stereo, read_sound
from foley_designer.metrics.gcc import WINDOW_S
from foley_designer.vision.video.decode import frames

WIDTH = 160
"""Pixels: what moves is far larger than one of 160 columns."""
ASIDE = 0.1
"""Of the half width from which what moves counts as on a side: about 3 degrees."""
DRAWS = 2000
Array = np.ndarray


class Sides(NamedTuple):
    """One sound against the picture."""

    agreement: float | None
    """Share of windows, both clearly on a side, in which it is the same."""
    together: float | None
    """Correlation over time of level difference and place; None if either stands still."""


def motion_place(path: Path, windows: int) -> Array:
    """Where the picture moves, ``[windows]``: 1 at the left edge, −1 at the right; nan if still."""
    weights, moments = np.zeros(windows), np.zeros(windows)
    before = None
    for frame in frames(path, WIDTH):
        grey = frame.image.astype(np.float64).mean(axis=2)
        if before is not None and before.shape == grey.shape:
            moved = np.abs(grey - before)
            columns = np.maximum(moved - np.median(moved), 0.0).sum(axis=0)
            place = np.linspace(1.0, -1.0, len(columns))
            at = min(int(frame.time_s / WINDOW_S), windows - 1)
            weights[at] += columns.sum()
            moments[at] += columns @ place
        before = grey
    return np.where(weights > 0, moments / np.maximum(weights, 1e-9), np.nan)


def sides(level_db: Array, heard: Array, place: Array) -> Sides:
    """A sound's level difference against where the picture moves."""
    known = heard & np.isfinite(place)
    clear = known & (np.abs(level_db) >= CLEAR_DB) & (np.abs(place) >= ASIDE)
    agreement = None
    if clear.sum() >= 5:
        agreement = float((np.sign(level_db[clear]) == np.sign(place[clear])).mean())
    together = None
    if known.sum() >= 20 and level_db[known].std() > 0.25 and place[known].std() > ASIDE / 2:
        together = float(np.corrcoef(level_db[known], place[known])[0, 1])
    return Sides(agreement, together)


def interval(values: list[float]) -> str:
    """A mean over clips with its 95 % bootstrap interval."""
    if len(values) < 2:
        return "–"
    drawn = np.random.default_rng(0).choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{np.mean(values):.2f} [{low:.2f}, {high:.2f}], {len(values)} clips"


def _row(media: Path, name: str, evaluation: Path | None) -> dict[str, float | None] | None:
    given = clip_sound(media / f"{name}.mp4").samples
    if given is None or not is_true_stereo(given):
        return None
    seen = image(given)
    place = motion_place(media / f"{name}.mp4", len(seen.level_db))
    heard = seen.gated.heard()
    own = sides(seen.level_db, heard, place)
    row: dict[str, float | None] = {
        "level_db": float(seen.level_db[heard].mean()),
        "over_time_db": float(seen.level_db[heard].std()),
        "delay_us": float(1e6 * np.median(np.abs(seen.gated.delays_s[heard]))),
        "place": float(np.nanmean(place[heard])),
        "agreement": own.agreement,
        "together": own.together,
    }
    path = find(evaluation / "ours", name) if evaluation else None
    ours = read_sound(path, given.shape[1] / 48_000).samples if path else None
    if ours is not None:
        made = image(ours)
        count = min(len(made.level_db), len(place))
        found = sides(made.level_db[:count], made.gated.heard()[:count], place[:count])
        row |= {"ours_agreement": found.agreement, "ours_together": found.together}
    return row


def _told(rows: Mapping[str, Mapping[str, float | None]]) -> None:
    keys = list(dict.fromkeys(key for row in rows.values() for key in row))
    print("| clip | " + " | ".join(keys) + " |\n" + "|---" * (len(keys) + 1) + "|")
    for name, row in rows.items():
        cells = ["–" if (one := row.get(key)) is None else f"{one:.2f}" for key in keys]
        print(f"| {name} | " + " | ".join(cells) + " |")
    for key in keys:
        if key.endswith(("agreement", "together")):
            print(
                key, interval([one for row in rows.values() if (one := row.get(key)) is not None])
            )
    level, place = (np.array([row[key] for row in rows.values()]) for key in ("level_db", "place"))
    print(f"mean level against mean place over clips: r = {np.corrcoef(level, place)[0, 1]:.2f}")


def main() -> None:
    """Print a row a clip, and the means."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("evaluation", type=Path, nargs="?")
    options = parser.parse_args()
    media = Path(os.environ["FOLEY_MEDIA"]) / "film"
    names = [one["name"] for one in json.loads((media / "clips.json").read_text())]
    found = {name: _row(media, name, options.evaluation) for name in names}
    _told({name: row for name, row in found.items() if row is not None})


if __name__ == "__main__":
    main()
