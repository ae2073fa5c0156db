#!/usr/bin/env python3
"""Out of doors or not, by what pictures are named: a number a class by word vectors, two fitted.

usage: FOLEY_MEDIA=FOLDER [FOLEY_FRESH=FOLDER] python -m benchmarks.seeing.fit_outdoors [--write]

A class's side is how much nearer its words are to things out of doors than to rooms, which needs no
picture. Slope and bias turn the mean side of a clip into log odds; they are fitted on the clips of
``film`` and of joined films, whose truth is the folder's and the headings'. Printed: how right
names, frames and both are on these, and on the fresh and unseen clips, whose headings were written
before and on which neither was fitted. ``--write`` keeps the weights in the package.
"""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import scipy
from numpy.typing import NDArray

from benchmarks.scenes.scene_films import FRESH, SCENES, UNSEEN, clip_file, media
from foley_designer.core.script.observation import PlaceTrait
from foley_designer.core.settings import Settings
from foley_designer.memory.embedding import StaticVectors
from foley_designer.vision.pictures.classes import classes
from foley_designer.vision.pictures.classifier import Classifier, Names, PictureLook
from foley_designer.vision.pictures.files import file_of
from foley_designer.vision.pictures.outdoors import side
from foley_designer.vision.place.features import features, without_bars
from foley_designer.vision.place.reader import model

SIDES = (
    "road vehicle, wild animal, landscape, mountain, shore",
    "furniture, household appliance, room, kitchen, musical instrument",
)
"""What is out of doors, and what is in rooms."""
LOOKS = 6
FRAMES = 0.5
"""Share of the frames' log odds: .3 to .7 are as good."""
Floats = NDArray[np.float64]


def sides() -> dict[str, float]:
    """By class how much more it is out of doors than in rooms."""
    vectors = StaticVectors()
    about, (out, room) = (
        np.array(vectors([c.words for c in classes()])),
        np.array(vectors([*SIDES])),
    )
    found = about @ (out - room)
    found = (found - found.mean()) / found.std()
    return {one.name: round(float(x), 2) for one, x in zip(classes(), found, strict=True)}


def truth() -> dict[str, bool]:
    """Clips that are fitted on, and whether they are out of doors."""
    told = json.loads((media() / "film" / "clips.json").read_text(encoding="utf-8"))
    found = {one["name"]: one["space"] == "outdoor" for one in told}
    return {name: heading.startswith("EXT") for name, (heading, _) in SCENES.items()} | found


def looked(name: str, classifier: Classifier) -> tuple[dict[str, float], float]:
    """What a clip is named, and the log odds of its frames."""
    with av.open(str(clip_file(name))) as container:
        images = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    chosen = [images[int(k)] for k in np.linspace(0, len(images) - 1, LOOKS + 2)[1:-1]]
    small = [cv2.resize(one, (480, 480 * one.shape[0] // one.shape[1])) for one in chosen]
    looks = [PictureLook(0.0, classifier.look(without_bars(one))) for one in small]
    fitted = model()
    odds = fitted.logits(np.stack([features(one) for one in small])).mean(0)
    return Names(looks).of(0, 1), float(odds[fitted.traits.index(PlaceTrait.OUTDOORS)])


def told(name: str, odds: Floats, outside: NDArray[np.bool_]) -> None:
    """Print how right log odds are."""
    sure = np.abs(odds) >= np.log(3)
    hit = (odds > 0) == outside
    auc = float((odds[outside][:, None] > odds[~outside]).mean())
    print(
        f"{name:24} {len(odds)} clips, AUC {auc:.3f}, right {hit.mean():.2f}, "
        f"sure {sure.mean():.2f}, right when sure {hit[sure].mean():.2f}"
    )


def sets() -> Iterator[tuple[str, dict[str, bool]]]:
    """What is looked at: fitted on, then held out."""
    yield "fitted on", truth()
    if "FOLEY_FRESH" in os.environ:
        yield "fresh and unseen", {n: h.startswith("EXT") for n, (h, _) in (FRESH | UNSEEN).items()}


def main() -> None:
    """Fit, print, and keep what was fitted if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    classifier, known = Classifier(file_of(Settings().data_dir)), sides()
    slope = bias = 0.0
    for name, clips in sets():
        seen = [looked(clip, classifier) for clip in clips]
        means = np.array([side(named, known) for named, _ in seen])
        frames = np.array([odds for _, odds in seen])
        outside = np.array([*clips.values()])
        if not slope:
            slope, bias = fitted(means, outside)
            print(f"slope {slope:.2f}, bias {bias:.2f}")
        told(f"{name}, names", slope * means + bias, outside)
        told(f"{name}, frames", frames, outside)
        told(f"{name}, both", slope * means + bias + FRAMES * frames, outside)
    if asked.write:
        path = Path(__file__).parents[2] / "foley_designer/vision/pictures/outdoors.json"
        numbers = {"slope": round(slope, 2), "bias": round(bias, 2), "frames": FRAMES}
        path.write_text(json.dumps(numbers | {"sides": [*known.values()]}) + "\n")


def fitted(means: Floats, outside: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and bias of a logistic regression."""

    def loss(weights: Floats) -> float:
        odds = weights[0] * means + weights[1]
        return float(np.logaddexp(0, np.where(outside, -odds, odds)).mean())

    found = scipy.optimize.minimize(loss, np.array([1.0, 0.0])).x
    return float(found[0]), float(found[1])


if __name__ == "__main__":
    main()
