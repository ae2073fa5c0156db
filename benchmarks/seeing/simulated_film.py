#!/usr/bin/env python3
"""Seeing against simulated film: contacts, places and tracks that are known exactly.

usage: python -m benchmarks.seeing.simulated_film FOLDER [--only TEXT ...] [--each] [--jobs N]

FOLDER is what ``simulate.py`` wrote. Each film is seen with its lens given, the rules write its
script from a sentence a source, and the events are assigned to the true sources so that most onsets
match. Prints onset F1 within one frame, mean azimuth error while a source is on screen, and how
often an event follows its own source rather than another; beside F1 what the same onsets shifted
round the film by a random time would score.
"""

import argparse
import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.yardstick.score import matches
from foley_designer.agents.team import assemble
from foley_designer.core.script.brief import Brief
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.geometry.cues import trace
from foley_designer.vision.observe import observe

SENTENCES = {
    "strike": ("A hammer strikes a block.", "Two hammers strike blocks."),
    "drum": ("Hands beat a drum.", "Two drummers beat drums."),
    "keys": ("Fingers type on a keyboard.", "Two people type on keyboards."),
    "ball": ("A rubber ball bounces on the floor.", "Two rubber balls bounce on the floor."),
    "drop": ("A wooden box falls to the floor.", "Two wooden boxes fall to the floor."),
    "roll": ("A ball rolls over the floor.", "Two balls roll over the floor."),
    "scrape": ("A box is dragged over a table.", "Two boxes are dragged over tables."),
    "walker": ("A man in boots walks.", "A man in boots walks. A woman in heels walks."),
    "door": ("A door slams shut.", "Two doors slam shut."),
    "car": ("A car drives past on a road.", "Two cars drive past on a road."),
}
"""What is told of one source of a kind, and of several."""
SHIFTS = 20


class Result(NamedTuple):
    """One true source."""

    film: str
    label: str
    sources: int
    alike: bool
    """Whether another one is of its kind."""
    true: int
    found: int
    matched: int
    by_chance: float
    azimuth_error_deg: float
    is_right_track: bool


def told(truth: dict[str, Any]) -> str:
    """The sentences of a film."""
    counts = Counter(one["label"] for one in truth["sources"] if one["action"] != "silent")
    return " ".join(SENTENCES[label][count > 1] for label, count in counts.items())


def examine(path: Path) -> list[Result]:
    """Look at one film and compare."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    view = float(np.median(truth["field_of_view_deg"]))
    seen = observe(path.with_suffix(".mp4"), field_of_view_deg=view)
    team = assemble(Settings(), load())
    brief = Brief(observation=seen, description=told(truth))
    script = team.writer.root(brief, team.scribe.propose(brief, None, ()))
    cues = trace(script, seen)
    events = [one for one in script.events if one.layer.value == "foreground"]
    sources = [one for one in truth["sources"] if one["action"] != "silent"]
    tolerance = float(1 / Fraction(truth["rate"])) + 1e-3
    hits = [tuple(hit.time_s for hit in event.hits) for event in events]
    errors = np.array(
        [[error(cues.of(event.id), one, truth) for event in events] for one in sources]
    ).reshape(len(sources), len(events))
    matched = np.array(
        [[matches(tuple(one["onsets_s"]), own, tolerance) for own in hits] for one in sources]
    ).reshape(errors.shape)
    pairs = dict(zip(*linear_sum_assignment(0.01 * np.nan_to_num(errors, nan=90.0) - matched)))  # noqa: B905
    rng = np.random.default_rng(0)
    kinds = Counter(one["label"] for one in sources)
    results = []
    for row, one in enumerate(sources):
        at = pairs.get(row)
        own = hits[at] if at is not None else ()
        shifted = [
            tuple(np.mod(np.array(own) + rng.uniform(0, truth["seconds"]), truth["seconds"]))
            for _ in range(SHIFTS)
        ]
        chance = np.mean([matches(tuple(one["onsets_s"]), each, tolerance) for each in shifted])
        others = errors[:, at] if at is not None else np.full(len(sources), np.nan)
        results.append(
            Result(
                path.stem, one["label"], len(sources), kinds[one["label"]] > 1,
                len(one["onsets_s"]), len(own), int(matched[row, at]) if at is not None else 0,
                float(chance), float(others[row]),
                at is not None and bool(np.nanargmin(np.nan_to_num(others, nan=999.0)) == row),
            )
        )  # fmt: skip
    return results


def error(path: Any, source: dict[str, Any], truth: dict[str, Any]) -> float:
    """Mean distance in degrees while a source is on screen."""
    times = np.arange(len(source["x"])) / float(Fraction(truth["rate"]))
    grid = np.arange(len(path.azimuth_deg)) / float(path.rate)
    shown = np.abs(np.array(source["x"]) - 0.5) <= 0.5
    if not shown.any():
        return float("nan")
    found = np.interp(times, grid, path.azimuth_deg)
    return float(np.abs(found - np.array(source["azimuth_deg"]))[shown].mean())


def row(name: str, results: list[Result]) -> str:
    """Means of one group."""
    sounding = [one for one in results if one.true]
    total = sum(one.true + one.found for one in sounding) or 1
    f1 = 2 * sum(one.matched for one in sounding) / total
    chance = 2 * sum(one.by_chance for one in sounding) / total
    azimuth = np.nanmean([one.azimuth_error_deg for one in results])
    right = np.mean([one.is_right_track for one in results])
    return f"| {name} | {len(results)} | {f1:.3f} | {chance:.3f} | {azimuth:.1f} | {right:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=[""], help="texts in the films' names")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    paths = [
        path
        for path in sorted(chosen.folder.glob("*.json"))
        if any(text in path.stem for text in chosen.only)
    ]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        results = [one for found in pool.map(examine, paths) for one in found]
    for one in results if chosen.each else ():
        print(
            f"{one.film:28} {one.label:7} true {one.true:2} found {one.found:2} matched "
            f"{one.matched:2} {one.azimuth_error_deg:5.1f}° right track {one.is_right_track}"
        )
    print("| | sources | onset F1 ±1 frame | by chance | azimuth error ° | right track |")
    print("|---|---|---|---|---|---|")
    groups = {
        "one source": [one for one in results if one.sources == 1],
        "several of one kind": [one for one in results if one.alike],
        "several, others": [one for one in results if one.sources > 1 and not one.alike],
    }
    groups |= {label: [one for one in results if one.label == label] for label in SENTENCES}
    for name, group in (groups | {"all": results}).items():
        if group:
            print(row(name, group))


if __name__ == "__main__":
    main()
