#!/usr/bin/env python3
"""Fit what the frames say of a place, and print how it does on clips that it was not fitted on.

usage: python -m benchmarks.seeing.fit_place PHOTOS MEDIA [--write]

PHOTOS has the folders ``indoor`` and ``outdoor``; MEDIA the folders ``film`` (five folds and their
``clips.json``) and ``clips``. Labels by eye: ``place_labels.yaml``. A logistic regression a trait,
ridge penalty; every fold of clips (and a fifth of the photographs) is scored by weights that were
fitted on the others. ``--write`` then fits on all and writes the package's weights.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from foley_designer.core.script.observation import PlaceTrait
from foley_designer.vision.place.features import features
from foley_designer.vision.place.reader import FARTHEST
from foley_designer.vision.video.decode import frames

TRAITS = (
    PlaceTrait.OUTDOORS, PlaceTrait.GREEN, PlaceTrait.WATER, PlaceTrait.SKY, PlaceTrait.SNOW,
    PlaceTrait.SAND,
)  # fmt: skip
WIDTH = 480
"""Pixels across, as when a clip is looked at."""
FRAMES = 10
"""Of each clip."""
PENALTY = 10.0
"""Of the squared weights, against the sum of the log losses; 3 to 30 do alike on the folds."""
CLIP_WEIGHT = 1.2
"""Of a clip's frame against a photograph."""
SURE = 0.75
"""Belief from which a trait counts as known."""
PLACES = Path(__file__).resolve().parents[2] / "foley_designer/vision/place/weights/place.json"


Numbers = NDArray[np.float64]


class Example(NamedTuple):
    """One frame or photograph."""

    name: str
    fold: int
    is_clip: bool
    numbers: Numbers
    truth: dict[PlaceTrait, bool]
    """Traits that are known."""


def photographs(folder: Path, labels: dict[str, Any]) -> Iterator[Example]:
    """All photographs, folds by twenties because neighbours are alike."""
    unsure = labels.pop("indoor_unsure")
    for side in ("indoor", "outdoor"):
        paths = sorted(p for p in (folder / side).iterdir() if p.suffix.lower() in {".jpg", ".png"})
        for index, path in enumerate(paths):
            image = cv2.imread(str(path))
            if image.shape[1] > WIDTH:
                high = round(image.shape[0] * WIDTH / image.shape[1])
                image = cv2.resize(image, (WIDTH, high), interpolation=cv2.INTER_AREA)
            truth = {PlaceTrait.OUTDOORS: side == "outdoor"}
            for name, told in labels.items():
                doubtful = told.get("unsure", ()) if side == "outdoor" else unsure.get(name, ())
                if index not in doubtful:
                    truth[PlaceTrait(name)] = side == "outdoor" and index in told["seen"]
            yield Example(f"{side} {index}", index // 20 % 5, False, features(image), truth)


def clips(media: Path, labels: dict[str, Any]) -> Iterator[Example]:
    """Frames of all clips; those without a fold take one by their name."""
    told = json.loads((media / "film/clips.json").read_text(encoding="utf-8"))
    known = {one["name"]: one for one in told}
    paths = [media / "film" / one["file"] for one in told]
    paths += [p for p in sorted((media / "clips").iterdir()) if p.stem in labels]
    for path in paths:
        name, about = path.stem, labels.get(path.stem) or {}
        if about.get("skip"):
            continue
        space = about.get("space") or known[name]["space"]
        truth = {
            PlaceTrait(one): one in about.get("looks", ())
            for one in map(str, TRAITS[1:])
            if one not in about.get("unsure", ())
        }
        if space != "vehicle":
            truth[PlaceTrait.OUTDOORS] = space == "outdoor"
        fold = known[name]["fold"] if name in known else sum(map(ord, name)) % 5
        seen = list(frames(path, WIDTH))
        for at in np.linspace(0, len(seen) - 1, FRAMES).astype(int):
            yield Example(name, fold, True, features(seen[at].image), truth)


def fitted(x: Numbers, y: Numbers, weight: Numbers) -> Numbers:
    """Weights and bias of a logistic regression with a ridge penalty on the weights."""

    def loss(at: Numbers) -> tuple[float, Numbers]:
        score = x @ at[:-1] + at[-1]
        value = weight @ (np.logaddexp(0, score) - y * score) + PENALTY / 2 * at[:-1] @ at[:-1]
        error = weight * (1 / (1 + np.exp(-score)) - y)
        return float(value), np.r_[x.T @ error + PENALTY * at[:-1], error.sum()]

    return np.asarray(minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x)


def standard(examples: list[Example]) -> tuple[Numbers, Numbers]:
    """Mean and spread of each number."""
    numbers = np.stack([one.numbers for one in examples])
    return numbers.mean(0), numbers.std(0) + 1e-6


def fit(examples: list[Example], trait: PlaceTrait, mean: Numbers, scale: Numbers) -> Numbers:
    """Weights and bias from the examples for which the trait is known."""
    known = [one for one in examples if trait in one.truth]
    weight = np.array([CLIP_WEIGHT if one.is_clip else 1.0 for one in known])
    truth = np.array([float(one.truth[trait]) for one in known])
    return fitted(_standardised(known, mean, scale), truth, weight)


def _standardised(examples: list[Example], mean: Numbers, scale: Numbers) -> Numbers:
    numbers = np.stack([one.numbers for one in examples])
    return np.clip((numbers - mean) / scale, -FARTHEST, FARTHEST)


def score(examples: list[Example], trait: PlaceTrait) -> str:
    """How beliefs agree with the truth on clips of other folds."""
    found: list[tuple[bool, float]] = []
    for fold in range(5):
        others = [one for one in examples if one.fold != fold]
        mean, scale = standard(others)
        part = fit(others, trait, mean, scale)
        held = [one for one in examples if one.fold == fold and one.is_clip and trait in one.truth]
        for name in sorted({one.name for one in held}):
            own = [one for one in held if one.name == name]
            odds = float((_standardised(own, mean, scale) @ part[:-1]).mean() + part[-1])
            found.append((own[0].truth[trait], 1 / (1 + np.exp(-odds))))
    truth = np.array([is_so for is_so, _ in found])
    beliefs = np.array([one for _, one in found])
    sure = np.maximum(beliefs, 1 - beliefs) >= SURE
    right = (beliefs > 0.5) == truth
    pairs = beliefs[truth][:, None] - beliefs[~truth][None]
    area = float(np.mean((pairs > 0) + 0.5 * (pairs == 0))) if pairs.size else float("nan")
    always = max(truth.mean(), 1 - truth.mean())
    return (
        f"| {trait} | {len(truth)} | {int(truth.sum())} | {area:.2f} | {right.mean():.2f} "
        f"| {always:.2f} | {sure.mean():.2f} | {right[sure].mean():.2f} |"
    )


def main() -> None:
    """Print the table; write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("media", type=Path)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    labels = yaml.safe_load(Path(__file__).with_name("place_labels.yaml").read_text("utf-8"))
    examples = [
        *photographs(chosen.photos, labels["photos"]), *clips(chosen.media, labels["clips"])
    ]  # fmt: skip
    print("| trait | clips | of them so | AUC | right | always the same | sure | right when sure |")
    print("|---|---|---|---|---|---|---|---|")
    for trait in TRAITS:
        print(score(examples, trait), flush=True)
    if chosen.write:
        mean, scale = standard(examples)
        parts = [fit(examples, trait, mean, scale) for trait in TRAITS]
        told = {
            "traits": [str(trait) for trait in TRAITS],
            "mean": np.round(mean, 5).tolist(),
            "scale": np.round(scale, 5).tolist(),
            "weights": [np.round(part[:-1], 4).tolist() for part in parts],
            "bias": [round(float(part[-1]), 4) for part in parts],
        }
        PLACES.parent.mkdir(exist_ok=True)
        PLACES.write_text(json.dumps(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
