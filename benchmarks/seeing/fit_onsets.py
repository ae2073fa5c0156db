"""Fit the onset model's weights on real film, and say how they do on clips left out.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.fit_onsets CACHE [--people FOLDER] [--write]

FOLDER holds ``film/clips.json`` and ``onsets.json`` with the clips (their READMEs describe them).
The evidence of each clip is kept in CACHE, so that a second run takes seconds. Each fold's figures
come from weights that were fitted on the other folds alone, and from a peak height and a weight of
tempo chosen on these by leaving one of them out in turn. ``--write`` fits on all folds and
replaces the weights.
"""

import argparse
import json
import os
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from benchmarks.seeing.film_truth import Clip, clips, less_chance
from foley_designer.vision.evidence.onsets import RATE, WEIGHTS, Weights, standing_out, summed
from foley_designer.vision.observe import evidence

PRIOR = 1.0
"""Weight of a curve of which nothing is known: each is believed alike."""
STIFFNESS = 10.0
"""Price of a squared difference from the prior, in seconds of film."""
NEAR_S = 0.03
"""How far from a true onset a value still belongs to it (1 / e^½ of a bell)."""
NEUTRAL_S = 0.08
HEIGHTS = np.arange(0.3, 0.71, 0.05)
TEMPI = (0.0, 1.0, 2.0)
"""Weights of a repetition that are tried; with 2 each neighbour counts like the instant itself."""
DENSE = 3.0
"""Onsets a second from which playing is dense."""
LIMB_CURVES = ("wrist", "finger", "hand", "grip", "tool")


class Sample(NamedTuple):
    """One clip's curves and truth."""

    clip: Clip
    curves: dict[str, np.ndarray]


def load(clip: Clip, cache: Path, people: Path | None) -> Sample:
    """A clip's evidence, from the cache if it is there."""
    kept = cache / f"{clip.name}{'' if people else '-alone'}.npz"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **evidence(clip.path, people)[1])
        print(f"{clip.name}: looked at", flush=True)
    return Sample(clip, dict(np.load(kept)))


def fit(samples: list[Sample], names: list[str]) -> dict[str, float]:
    """Weights ≥ 0 by logistic regression with a base of its own for each clip.

    The base takes up how dense a clip is, so that the weights learn only what tells one instant
    of a clip from another; all clips count alike. Ridge towards `PRIOR`.
    """
    blocks = []
    for sample in samples:
        x = np.stack([sample.curves[name] for name in names], 1)
        times = np.arange(len(x)) / RATE
        near = np.abs(times[:, None] - sample.clip.onsets).min(1, initial=np.inf)
        neutral = np.abs(times[:, None] - sample.clip.neutral).min(1, initial=np.inf)
        counts = (neutral > NEUTRAL_S) | (near < 2 * NEAR_S)
        blocks.append((x[counts], (near[counts] < NEAR_S).astype(float)))
    count = len(names)

    def price(values: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bases = values[:count], values[count:]
        total = STIFFNESS * ((weights - PRIOR) ** 2).sum()
        slope = np.r_[2 * STIFFNESS * (weights - PRIOR), np.zeros(len(bases))]
        for index, (x, y) in enumerate(blocks):
            score = x @ weights + bases[index]
            share = RATE / len(y)
            total += share * float((np.logaddexp(0, score) - y * score).sum())
            error = share * (1 / (1 + np.exp(-np.clip(score, -30, 30))) - y)
            slope[:count] += x.T @ error
            slope[count + index] = error.sum()
        return total, slope

    start = np.r_[np.full(count, PRIOR), np.full(len(blocks), -3.0)]
    bounds = [(0, None)] * count + [(None, None)] * len(blocks)
    found = minimize(price, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(one), 3) for name, one in zip(names, found.x, strict=False)}


def found(sample: Sample, weights: Weights) -> np.ndarray:
    """Times of impacts."""
    peaks, clear = standing_out(summed(sample.curves, weights.curves, weights.tempo))
    return np.asarray(peaks[clear >= weights.standing_out] / RATE)


def fitted(samples: list[Sample]) -> Weights:
    """Weights of the curves, and the decoder whose F1 less chance is highest.

    The decoder is judged on each fold with weights that were fitted without that fold, with the
    curves of limbs and without them: the program has one decoder for both.
    """
    names = sorted(samples[0].curves)
    scores = dict.fromkeys(product(TEMPI, HEIGHTS), 0.0)
    for fold in folds_of(samples):
        curves = fit([one for one in samples if one.clip.fold != fold], names)
        for tempo, height in scores:
            weights = Weights(curves, tempo, float(height))
            scores[tempo, height] += sum(
                sum(less_chance(one.clip, found(one, form))[1::2])
                for one in samples
                if one.clip.fold == fold
                for form in (weights, alone(weights))
            )
    tempo, height = max(scores, key=lambda one: scores[one])
    return Weights(fit(samples, names), tempo, round(float(height), 2))


def alone(weights: Weights) -> Weights:
    """The same without bodies and hands."""
    kept = {name: one for name, one in weights.curves.items() if name not in LIMB_CURVES}
    return weights._replace(curves=kept)


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
    struck = [load(clip, options.cache, options.people) for clip in known]
    by_fold = {
        fold: fitted([one for one in struck if one.clip.fold != fold]) for fold in folds_of(struck)
    }
    for label, form in (("all", Weights._replace), ("no limbs", alone)):
        print(f"{label}: F1 ±100 ms, less chance, F1 ±50 ms, less chance; fold left out")
        rows: dict[str, list[np.ndarray]] = {}
        for sample in struck:
            weights = form(by_fold[sample.clip.fold])
            row = np.array(less_chance(sample.clip, found(sample, weights)))
            is_dense = len(sample.clip.onsets) > DENSE * sample.clip.duration_s
            for name in (sample.clip.folder, *["dense"] * is_dense):
                rows.setdefault(name, []).append(row)
            chosen = f"{sample.clip.fold} {weights.tempo:.0f} {weights.standing_out:.2f}"
            print(f"  {chosen} {sample.clip.name:24}{row.round(2)}")
        for name, one in rows.items():
            print(f"  {name}: {len(one)} clips {np.mean(one, 0).round(3)}")
    if options.write:
        weights = fitted(struck)
        document = {
            "card": "README.md beside this file",
            "curves": dict(sorted(weights.curves.items(), key=lambda item: -item[1])),
            "tempo": weights.tempo,
            "standing_out": weights.standing_out,
        }
        WEIGHTS.write_text(json.dumps(document, indent=1) + "\n")
        print(WEIGHTS.read_text())


if __name__ == "__main__":
    main()
