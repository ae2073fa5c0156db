"""What the frames of a shot say of its place: a few traits with the belief in each.

Six traits are weighed by a fitted linear model (`weights/place.json`, its card beside it); four
are plain measures. Belief near a half is no answer: `Shot.shows` says None.
"""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from foley_designer.core.script.observation import PlaceTrait
from foley_designer.vision.place.features import features
from foley_designer.vision.video.frame import Frame, Image

Floats = NDArray[np.float64]

EVERY_S = 0.5
"""Seconds between the frames that are described; a place does not change within a shot."""
FARTHEST = 4.0
"""Standard deviations at which a feature is held: a frame that is unlike all known ones is not
surer than they are."""
BLACK = 16
"""Grey level of video black (ITU-R BT.709, 8 bits); noise in it stays within ``NOISE`` of it."""
NOISE = 12
DARK = 38
"""Grey level (0.15 of white) under which a pixel is dark."""
FLICKER = 8.0
"""Grey levels by which the red of flames changes from look to look; a painted red does not."""


class Model(NamedTuple):
    """A linear model of several traits."""

    traits: tuple[PlaceTrait, ...]
    mean: Floats
    """``[features]``"""
    scale: Floats
    """``[features]``"""
    weights: Floats
    """``[traits, features]``"""
    bias: Floats
    """``[traits]``"""

    def logits(self, described: Floats) -> Floats:
        """Log odds of each trait, ``[frames, traits]``, of ``[frames, features]``."""
        standard = np.clip((described - self.mean) / self.scale, -FARTHEST, FARTHEST)
        return np.asarray(standard @ self.weights.T + self.bias)


@cache
def model() -> Model:
    """The fitted model that the package carries."""
    path = files("foley_designer.vision.place") / "weights" / "place.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    return Model(
        tuple(PlaceTrait(name) for name in told["traits"]),
        *(np.array(told[name], np.float64) for name in ("mean", "scale", "weights", "bias")),
    )


class Described(NamedTuple):
    """One frame that was looked at."""

    time_s: float
    numbers: Floats
    """``[features]``"""
    is_black: bool
    dark: float
    """Share of the frame that is dark."""
    plain: float
    """Share of the frame that has its commonest colour, as behind titles."""
    flames: NDArray[np.uint8]
    """Red of the pixels that may be flames, 0 elsewhere, ``[36, 64]``."""


class PlaceReader:
    """Describes a frame every half second; says what any stretch of them shows."""

    def __init__(self) -> None:
        self._seen: list[Described] = []

    def offer(self, frame: Frame) -> None:
        """Take the next frame."""
        if not self._seen or frame.time_s - self._seen[-1].time_s >= EVERY_S:
            self._seen.append(_described(frame))

    def follow(self, later: "PlaceReader") -> None:
        """Add what was described of a later part."""
        self._seen += later._seen

    def traits(self, start_s: float, end_s: float) -> dict[PlaceTrait, float]:
        """Belief in each trait, 0..1, over the frames within a stretch; empty if none is.

        Args:
            start_s: of the stretch, seconds.
            end_s: of the stretch, seconds; excluded.
        """
        inside = [one for one in self._seen if start_s <= one.time_s < end_s]
        if not inside:
            return {}
        fitted = model()
        logits = fitted.logits(np.stack([one.numbers for one in inside])).mean(0)
        found = dict(zip(fitted.traits, (1 / (1 + np.exp(-logits))).tolist(), strict=True))
        found[PlaceTrait.BLACK] = float(np.mean([one.is_black for one in inside]))
        found[PlaceTrait.DARK] = float(np.mean([one.dark for one in inside]))
        found[PlaceTrait.PLAIN] = float(np.median([one.plain for one in inside]))
        found[PlaceTrait.FIRE] = _fire(inside)
        return {trait: round(float(belief), 3) for trait, belief in found.items()}


def _described(frame: Frame) -> Described:
    small = np.asarray(cv2.resize(frame.large, (64, 36), interpolation=cv2.INTER_AREA), np.uint8)
    grey = small.max(2)
    return Described(
        time_s=frame.time_s,
        numbers=features(frame.large),
        is_black=bool(np.percentile(grey, 99) <= BLACK + NOISE),
        dark=float((grey < DARK).mean()),
        plain=_plain(small),
        flames=np.where(_may_burn(small), small[..., 2], 0).astype(np.uint8),
    )


def _plain(small: Image) -> float:
    """Share of pixels near the commonest colour of 32³."""
    bins = (small.astype(np.int64) >> 3) @ np.array([1024, 32, 1])
    common = np.bincount(bins.ravel()).argmax()
    middle = np.array([common >> 10, common >> 5 & 31, common & 31]) * 8 + 4
    return float((np.abs(small.astype(np.int16) - middle).max(2) <= 8).mean())


def _may_burn(small: Image) -> NDArray[np.bool_]:
    """Pixels of a flame's colour.

    By Çelik and Demirel, "Fire detection in video sequences using a generic color model" (Fire
    Safety Journal 44, 2009): in YCbCr, Y ≥ Cb, Cr ≥ Cb, brighter and redder than the frame is in
    the mean, and |Cb − Cr| ≥ 40.
    """
    luma, red, blue = (
        plane.astype(np.int16) for plane in cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb))
    )
    brighter = (luma > luma.mean()) & (blue < blue.mean()) & (red > red.mean())
    return np.asarray((luma >= blue) & (red >= blue) & brighter & (red - blue >= 40))


def _fire(inside: list[Described]) -> float:
    """Share of the frame that has a flame's colour and flickers."""
    if len(inside) < 2:
        return 0.0
    stack = np.stack([one.flames for one in inside]).astype(np.int16)
    flickers = np.abs(np.diff(stack, axis=0)).mean(0) > FLICKER
    return float(((stack > 0).mean(0) * flickers).mean())
