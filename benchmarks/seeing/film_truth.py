"""Truth of real clips: which onsets a visible action makes, and F1 less chance against them."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

SHIFTS = 20
LEAST_SHIFT_S = 0.15
WIDE_S, NARROW_S = 0.1, 0.05
VOICED = frozenset({"dog_bark_pomeranian"})
FAR = frozenset({"fireworks"})
"""Clips of the older folder that hold no blow that is seen when it is heard."""


class Clip(NamedTuple):
    """A clip and its truth, in picture time."""

    name: str
    path: Path
    folder: str
    """``film`` or ``clips``."""
    fold: int
    kind: str
    describe: str
    duration_s: float
    onsets: np.ndarray
    neutral: np.ndarray
    is_scored: bool

    @property
    def is_impulsive(self) -> bool:
        """Whether separate hits are seen and heard."""
        return self.is_scored and self.kind == "impulsive"


def clips(media: Path) -> list[Clip]:
    """Those of ``film`` that have judged onsets, and those of ``clips`` that have primary ones."""
    found = []
    for one in json.loads((media / "film" / "clips.json").read_text()):
        lag = one.get("av_lag_s") or 0.0
        seen = one.get("onsets_visible") or []
        onsets = one.get("onsets_picture") or [time - lag for time in seen]
        neutral = [time - lag for time in one.get("onsets_neutral") or []] if seen else []
        if onsets:
            path = media / "film" / one["file"]
            found.append(
                _clip(
                    one["name"],
                    path,
                    one["fold"],
                    one["kind"],
                    one["describe"],
                    one["duration_s"],
                    onsets,
                    neutral,
                    one["score"],
                )
            )
    truth = json.loads((media / "onsets.json").read_text())
    names = sorted(name for name in truth if "onset" in truth[name]["use"])
    for index, name in enumerate(names):
        path, heard = media / "clips" / name, truth[name]["onsets"]
        kind = "voice" if path.stem in VOICED else "far" if path.stem in FAR else "impulsive"
        is_primary = [one["cls"] in ("primary", "boom") for one in heard]
        times = np.array([one["t"] for one in heard])
        found.append(
            _clip(
                path.stem,
                path,
                index % 5,
                kind,
                "",
                truth[name]["duration"],
                times[is_primary],
                times[np.logical_not(is_primary)],
                True,
            )
        )
    return found


def _clip(name, path, fold, kind, describe, duration_s, onsets, neutral, is_scored) -> Clip:
    def times(values: object) -> np.ndarray:
        return np.sort(np.maximum(np.asarray(values, float), 0.0))

    return Clip(
        name,
        path,
        path.parent.name,
        fold,
        kind,
        describe,
        duration_s,
        times(onsets),
        times(neutral),
        is_scored,
    )


def f1(clip: Clip, found: np.ndarray) -> tuple[float, float]:
    """F1 within ±100 and ±50 ms; what matches a neutral onset alone does not count."""
    if not len(found) or not len(clip.onsets):
        return 0.0, 0.0
    hits = _matched(clip.onsets, found, WIDE_S)
    idle = _matched(clip.neutral, found, WIDE_S) - hits
    kept = np.delete(found, sorted(idle))
    return tuple(
        2 * len(_matched(clip.onsets, kept, window)) / (len(clip.onsets) + len(kept))
        for window in (WIDE_S, NARROW_S)
    )  # type: ignore[return-value]


def less_chance(clip: Clip, found: np.ndarray) -> tuple[float, float, float, float]:
    """F1 ±100 ms, the same less chance, F1 ±50 ms, the same less chance.

    Chance: the same onsets shifted round the clip by `SHIFTS` random times.
    """
    found, rng = np.sort(np.asarray(found, float)), np.random.default_rng(0)
    wide, narrow = f1(clip, found)
    shifts = rng.uniform(LEAST_SHIFT_S, clip.duration_s - LEAST_SHIFT_S, SHIFTS)
    chance = np.mean([f1(clip, np.sort((found + one) % clip.duration_s)) for one in shifts], 0)
    return wide, wide - float(chance[0]), narrow, narrow - float(chance[1])


def _matched(truth: np.ndarray, found: np.ndarray, window_s: float) -> set[int]:
    """Indices of found times in a largest one-to-one matching; both in time order."""
    at, hits = 0, set()
    for index, time in enumerate(found):
        while at < len(truth) and truth[at] < time - window_s - 1e-9:
            at += 1
        if at < len(truth) and truth[at] <= time + window_s + 1e-9:
            hits.add(index)
            at += 1
    return hits
