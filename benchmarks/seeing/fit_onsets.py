"""Choose how the onset model reads its sum on real film, and say how it does on clips left out.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.fit_onsets CACHE [--people FOLDER] [--write]

FOLDER holds ``film/clips.json`` and ``onsets.json`` with the clips (their READMEs describe them).
The evidence of each clip is kept in CACHE, so that a second run takes seconds. Each fold's figures
come from a peak height and a weight of tempo that were chosen on the other folds alone. ``--write``
chooses on all folds and replaces what comes with the program.
"""

import argparse
import json
import os
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.seeing.film_truth import Clip, clips, less_chance
from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.passages import told
from foley_designer.core.category import Subcategory
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.events.spotting import shot_s
from foley_designer.vision.evidence.limbs import BODY_POINTS
from foley_designer.vision.evidence.onsets import (
    CHOSEN,
    RATE,
    Reading,
    settled,
    standing_out,
    summed,
)
from foley_designer.vision.evidence.tools import DISCS
from foley_designer.vision.evidence.window import Curves
from foley_designer.vision.observe import evidence

HEIGHTS = tuple(round(0.3 + 0.05 * step, 2) for step in range(9))
TEMPI = (0.0, 1.0, 2.0)
"""Weights of a repetition that are tried; with 2 each neighbour counts like the instant itself."""
DENSE = 3.0
"""Onsets a second from which playing is dense."""
BEGINS = "begins"
LIMB_CURVES = frozenset({*BODY_POINTS, *DISCS, "hand"})


class Sample(NamedTuple):
    """One clip's curves and truth."""

    clip: Clip
    curves: Curves
    begins_s: tuple[float, ...]
    """Where movements begin."""


def looked_at(clip: Clip, cache: Path, people: Path | None) -> Sample:
    """A clip's evidence, from the cache if it is there."""
    kept = cache / f"{clip.name}{'' if people else '-alone'}.npz"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        curves, begins = evidence(clip.path, people)
        np.savez(kept, **{BEGINS: np.array(begins)}, **curves)
        print(f"{clip.name}: looked at", flush=True)
    read = dict(np.load(kept))
    return Sample(clip, read, tuple(read.pop(BEGINS).tolist()))


def found(curves: Curves, reading: Reading) -> np.ndarray:
    """Times of impacts."""
    peaks, clear = standing_out(summed(curves, reading.tempo))
    plain = summed(curves, 0.0)
    kept = peaks[clear >= reading.standing_out]
    return np.asarray([settled(int(peak), plain) / RATE for peak in kept])


def alone(curves: Curves) -> Curves:
    """The same without bodies and hands."""
    return {name: one for name, one in curves.items() if name not in LIMB_CURVES}


def worth(reading: Reading, samples: list[Sample]) -> float:
    """Mean F1 less chance, with the curves of limbs and without: there is one reading for both."""
    rows = [
        less_chance(one.clip, found(form(one.curves), reading))[1::2]
        for one in samples
        for form in (dict, alone)
    ]
    return float(np.mean(rows))


def best(samples: list[Sample]) -> Reading:
    """The reading that does best on some clips."""
    return max(
        (Reading(tempo, height) for tempo, height in product(TEMPI, HEIGHTS)),
        key=partial(worth, samples=samples),
    )


def timed(sample: Sample, times: np.ndarray) -> np.ndarray:
    """Times of impacts if the clip's sentence says that they are shots, else as they are."""
    asked = calls(told(sample.clip.describe, ()), load())
    shots = any(call.card.subcategory is Subcategory.GUNSHOT for call in asked)
    return np.array([shot_s(one, sample.begins_s) for one in times]) if shots else times


def folds_of(samples: list[Sample]) -> list[int]:
    """All folds that the samples are of."""
    return sorted({sample.clip.fold for sample in samples})


def main() -> None:
    """Fit, print figures by fold and by clip, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cache", type=Path)
    parser.add_argument("--people", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    known = [clip for clip in clips(Path(os.environ["FOLEY_MEDIA"])) if clip.is_impulsive]
    struck = [looked_at(clip, options.cache, options.people) for clip in known]
    by_fold = {
        fold: best([one for one in struck if one.clip.fold != fold]) for fold in folds_of(struck)
    }
    for label, form in (("all", dict), ("no limbs", alone)):
        print(f"{label}: F1 ±100 ms, less chance, F1 ±50 ms, less chance; fold left out")
        rows: dict[str, list[np.ndarray]] = {}
        for sample in struck:
            reading = by_fold[sample.clip.fold]
            times = found(form(sample.curves), reading)
            row = np.array(less_chance(sample.clip, times))
            named = np.array(less_chance(sample.clip, timed(sample, times)))
            rows.setdefault(f"{sample.clip.folder}, class told", []).append(named)
            is_dense = len(sample.clip.onsets) > DENSE * sample.clip.duration_s
            for name in (sample.clip.folder, *["dense"] * is_dense):
                rows.setdefault(name, []).append(row)
            said = f"{sample.clip.fold} {reading.tempo:.0f} {reading.standing_out:.2f}"
            print(f"  {said} {sample.clip.name:24}{row.round(2)}")
        for name, one in rows.items():
            print(f"  {name}: {len(one)} clips {np.mean(one, 0).round(3)}")
    if options.write:
        document = {"card": "README.md beside this file", **best(struck)._asdict()}
        CHOSEN.write_text(json.dumps(document, indent=1) + "\n")
        print(CHOSEN.read_text())


if __name__ == "__main__":
    main()
