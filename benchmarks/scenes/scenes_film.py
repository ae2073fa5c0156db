#!/usr/bin/env python3
"""Scenes of a film: joins that are found, and shots that are given the words that tell them.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.scenes.scenes_film
       [--half seen|held|fresh|again|unseen] [--folder FILMS]

Joins films and two reels of a set from real clips (see scene_films.py), looks for joins, and
spreads four scripts over each film: in order, with scenes moved, with one scene too many, with one
too few. Prints F1 of joins by kind, and the share of shots that get the right words, beside what
they get if no classifier names pictures, beside the words in reversed order, and beside chance: the
same number of stretches over the film at random; and what the alignment of ten minutes costs. Then
how often shots are right by the confidence that their scenes say, with the classifier and without.
With PySceneDetect on the path its detectors are measured on the same joins.
"""

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from benchmarks.scenes.scene_films import (
    HALVES,
    OWN_CUTS,
    RATE,
    Film,
    Join,
    films,
    reels,
    script_of,
    scripts,
)
from foley_designer.agents.aligner.rules import RulesAligner
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.screenplay import Screenplay
from foley_designer.core.settings import Settings
from foley_designer.vision.models.people_files import people_here
from foley_designer.vision.pictures.files import pictures_here
from foley_designer.vision.skim import skim

TOLERANCE = 5
"""Frames beside a join, and beside the half of a dissolve, within which it counts as found."""
TRIALS = 200
SURENESS = (0.0, 0.55, 0.7, 0.85, 0.95, 1.01)
"""Bounds between which shots are counted together as said alike surely."""


def seen(film: Film, *, named: bool = True) -> Observation:
    """What is seen of shots, places and people; sources and moments are not needed here."""
    folder = Settings().data_dir
    pictures = pictures_here(folder) if named else None
    return skim(film.file, people=people_here(folder), pictures=pictures).observation


def matched(film: Film, found: Iterable[int]) -> tuple[list[Join], int]:
    """Joins that were found, and how many finds are none; each find counts once."""
    left, hit = set(found), []
    for join in film.joins:
        near = [f for f in left if abs(f - join.frame) <= join.length // 2 + TOLERANCE]
        if near:
            left.remove(min(near, key=lambda f: abs(f - join.frame)))
            hit.append(join)
    own = [
        shot.first + (OWN_CUTS[shot.clip] - shot.from_s) * RATE
        for shot in film.shots
        if shot.clip in OWN_CUTS
    ]
    return hit, sum(all(abs(find - one) > TOLERANCE for one in own) for find in left)


def joins_row(name: str, reel: list[Film], find: Callable[[Film], list[int]]) -> str:
    """One detector on all joins."""
    hits, wrong = [], 0
    for film in reel:
        hit, extra = matched(film, find(film))
        hits += hit
        wrong += extra
    every = [join for film in reel for join in film.joins]
    kinds = " ".join(
        f"{kind} {sum(j.kind == kind for j in hits)}/{sum(j.kind == kind for j in every)}"
        for kind in ("cut", "same", "dissolve", "fade")
    )
    f1 = 2 * len(hits) / (len(hits) + wrong + len(every))
    return f"{name:18} F1 {f1:.3f}  {kinds}  found where none is: {wrong}"


def truth_of(film: Film, shots: Iterable[Shot], told: tuple[str, ...]) -> list[int | None]:
    """Per found shot the number of the text that describes it; None for titles, -1 for no text."""
    found: list[int | None] = []
    for shot in shots:
        middle = (shot.start_s + shot.end_s) / 2 * RATE
        true = next((one for one in film.shots if one.first <= middle < one.last), film.shots[-1])
        if true.scene < 0 or not shot.has_film:
            found.append(None)
        else:
            found.append(told.index(true.clip) if true.clip in told else -1)
    return found


def given(observation: Observation, script: Screenplay) -> tuple[list[int], list[float]]:
    """Per shot the number of the text that the aligner gives it, -1 for none; and how surely."""
    scene_map = RulesAligner().align(observation, script, None)
    numbers = {scene.line: k for k, scene in enumerate(script.scenes)}
    found, sure = [], []
    for shot in observation.shots:
        middle = (shot.start_s + shot.end_s) / 2
        scenes = scene_map.scenes if scene_map else ()
        scene = next((s for s in scenes if s.start_s <= middle < s.end_s), None)
        found.append(numbers[scene.text.line] if scene and scene.text else -1)
        sure.append(scene.confidence if scene else 0.0)
    return found, sure


def right(found: list[int], truth: list[int | None]) -> tuple[int, int]:
    """Shots with film that got the right text, and all of them."""
    pairs = [(a, b) for a, b in zip(found, truth, strict=True) if b is not None]
    return sum(a == b for a, b in pairs), len(pairs)


def by_chance(truth: list[int | None], texts: int, rng: np.random.Generator) -> float:
    """Share of shots that stretches of random length in order get right."""
    count = sum(one is not None for one in truth)
    shares = []
    for _ in range(TRIALS):
        cuts = np.sort(rng.integers(0, count + 1, texts - 1))
        guess = np.searchsorted(cuts, np.arange(count), "right")
        shares.append(np.mean(guess == [one for one in truth if one is not None]))
    return float(np.mean(shares))


def ten_minutes(film: Film, observation: Observation) -> float:
    """CPU seconds that the alignment of a ten-minute film takes: this one, over and over."""
    long_s = observation.clip.duration_s
    times = round(600 / long_s)
    shots = tuple(
        shot.model_copy(
            update={"start_s": shot.start_s + k * long_s, "end_s": shot.end_s + k * long_s}
        )
        for k in range(times)
        for shot in observation.shots
    )
    clip = observation.clip.model_copy(update={"duration_s": times * long_s})
    long = observation.model_copy(update={"shots": shots, "clip": clip})
    begun = time.process_time()
    RulesAligner().align(long, script_of(film.clips), None)
    return time.process_time() - begun


def sureness(said: list[tuple[float, bool]]) -> str:
    """How many shots are right among those that are said alike surely."""
    rows = []
    for low, high in pairwise(SURENESS):
        here = [(sure, hit) for sure, hit in said if low <= sure < high]
        if here:
            mean, share = np.mean(here, axis=0)
            rows.append(f"{mean:.2f} said, {share:.2f} right ({len(here)})")
    return "; ".join(reversed(rows))


def with_detectors() -> dict[str, Callable[[Film], list[int]]]:
    """PySceneDetect's detectors, if it is there."""
    try:
        import scenedetect
        from scenedetect import detectors
    except ImportError:
        return {}

    def finder(detector: str) -> Callable[[Film], list[int]]:
        def find(film: Film) -> list[int]:
            manager = scenedetect.SceneManager()
            manager.add_detector(getattr(detectors, detector)(min_scene_len=8))
            manager.detect_scenes(scenedetect.open_video(str(film.file)))
            return [start.frame_num for start, _ in manager.get_scene_list()][1:]

        return find

    names = ("ContentDetector", "AdaptiveDetector", "HistogramDetector", "HashDetector")
    return {name: finder(name) for name in names}


def main() -> None:
    """Measure one half."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--half", choices=HALVES, default="seen")
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "scene_films")
    asked = parser.parse_args()
    half = HALVES.index(asked.half)
    asked.folder.mkdir(parents=True, exist_ok=True)
    told = list(films(half, asked.folder))
    reel = [*told, *reels(half, asked.folder)]
    looked = {film.name: seen(film) for film in reel}

    def ours(film: Film) -> list[int]:
        return [round(shot.start_s * RATE) for shot in looked[film.name].shots[1:]]

    for name, find in {"ours": ours, **with_detectors()}.items():
        print(joins_row(name, reel, find))
    counts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0])
    said: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    rng = np.random.default_rng(0)
    for film in told:
        observation, unnamed = looked[film.name], seen(film, named=False)
        for way, clips in scripts(film, half).items():
            truth = truth_of(film, observation.shots, clips)
            script = script_of(clips)
            reverse = script.model_copy(update={"scenes": script.scenes[::-1]})
            backwards, _ = given(observation, reverse)
            rows = {}
            for name, one in (("aligned", observation), ("unnamed", unnamed)):
                found, sure = given(one, script)
                rows[name] = right(found, truth)
                pairs = zip(found, sure, truth, strict=True)
                said[name] += [(s, f == true) for f, s, true in pairs if true is not None]
            rows |= {
                "reversed": right([len(clips) - 1 - k if k >= 0 else k for k in backwards], truth),
            }
            number = rows["aligned"][1]
            rows["chance"] = (by_chance(truth, len(clips), rng) * number, number)
            for name, (hit, whole) in rows.items():
                counts[way, name][0] += hit
                counts[way, name][1] += whole
    longest = max(told, key=lambda film: len(film.clips))
    cost = ten_minutes(longest, looked[longest.name])
    print(f"aligning ten minutes of {len(longest.clips)} scenes: {cost:.1f} CPU s")
    for way in dict.fromkeys(way for way, _ in counts):
        shares = {name: hit / whole for (w, name), (hit, whole) in counts.items() if w == way}
        whole = int(counts[way, "aligned"][1])
        spread = 1.96 * math.sqrt(shares["aligned"] * (1 - shares["aligned"]) / whole)
        row = "  ".join(f"{name} {share:.3f}" for name, share in shares.items())
        print(f"{way:10} {whole} shots: {row}  (95 %: ±{spread:.3f})")
    for name, one in said.items():
        print(f"confidence, {name}: {sureness(one)}")


if __name__ == "__main__":
    main()
