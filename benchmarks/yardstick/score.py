"""Scores of cues against what a yardstick clip truly shows."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.yardstick.clip import YardstickSource, YardstickTruth
from foley_designer.core.script.trajectory import Trajectory

APART = 1.15
"""Ratio of two true distances from which their order counts."""
BARELY_S = 1e-3
"""Slack of times that lie a whole frame off."""


class Seen(NamedTuple):
    """What was found of one source."""

    onsets_s: tuple[float, ...]
    trajectory: Trajectory


class SourceScore(NamedTuple):
    """How one source was seen."""

    label: str
    true: int
    found: int
    matched: int
    """Onsets found within one frame of a true one, each matched once."""
    azimuth_error_deg: float
    """Mean absolute error over the frames in which the source is on screen."""
    is_right_track: bool
    """Whether its azimuth follows it rather than another source."""

    @property
    def f1(self) -> float:
        """Onset F1 within one frame; 1 if nothing sounds and nothing was found."""
        total = self.true + self.found
        return 2 * self.matched / total if total else 1.0


class ClipScore(NamedTuple):
    """How one clip was seen."""

    sources: tuple[SourceScore, ...]
    ordered: tuple[bool, ...]
    """For each pair of sources that are clearly apart in depth: whether the nearer one is found
    to be nearer over most of the time that both are on screen."""


def score(truth: YardstickTruth, found: Mapping[str, Seen]) -> ClipScore:
    """Compare cues with the truth.

    Args:
        truth: of the clip.
        found: by the source's label; a source that is missing was not seen.
    """
    return ClipScore(
        tuple(_source_score(source, truth, found.get(source.label)) for source in truth.sources),
        tuple(_orders(truth, found)),
    )


def matches(true_s: tuple[float, ...], found_s: tuple[float, ...], tolerance_s: float) -> int:
    """Largest number of pairs within a tolerance, each time in one pair at most."""
    near = np.abs(np.subtract.outer(true_s, found_s)) <= tolerance_s
    rows, columns = linear_sum_assignment(~near)
    return int(near[rows, columns].sum())


def _source_score(source: YardstickSource, truth: YardstickTruth, seen: Seen | None) -> SourceScore:
    true = len(source.onsets_s)
    if seen is None:
        return SourceScore(source.label, true, 0, 0, float("nan"), False)
    tolerance = float(1 / truth.rate) + BARELY_S
    azimuth = _at(truth.times_s, seen.trajectory, seen.trajectory.azimuth_deg)
    errors = [_error(other, source, azimuth) for other in truth.sources]
    return SourceScore(
        label=source.label,
        true=true,
        found=len(seen.onsets_s),
        matched=matches(source.onsets_s, seen.onsets_s, tolerance),
        azimuth_error_deg=_error(source, source, azimuth),
        is_right_track=truth.sources[int(np.argmin(errors))] is source,
    )


def _at(
    times_s: tuple[float, ...], trajectory: Trajectory, values: tuple[float, ...]
) -> NDArray[np.float64]:
    """A trajectory's values at other times than its own."""
    grid = np.arange(len(values)) / float(trajectory.rate)
    return np.asarray(np.interp(times_s, grid, values))


def _on_screen(source: YardstickSource) -> NDArray[np.bool_]:
    return np.abs(np.asarray(source.x) - 0.5) <= 0.5


def _error(other: YardstickSource, source: YardstickSource, azimuth: NDArray[np.float64]) -> float:
    """Mean distance of azimuths from another source's while a source is on screen, degrees."""
    shown = _on_screen(source)
    return float(np.abs(azimuth - np.asarray(other.azimuth_deg))[shown].mean())


def _orders(truth: YardstickTruth, found: Mapping[str, Seen]) -> list[bool]:
    result = []
    for one, other in combinations(truth.sources, 2):
        true = np.asarray(one.distance_m) / np.asarray(other.distance_m)
        counts = _on_screen(one) & _on_screen(other)
        counts &= np.maximum(true, 1 / true) >= APART
        if not counts.any():
            continue
        if one.label not in found or other.label not in found:
            result.append(False)
            continue
        paths = [found[source.label].trajectory for source in (one, other)]
        near, far = (_at(truth.times_s, path, path.distance_m) for path in paths)
        result.append(bool(np.mean(((near < far) == (true < 1))[counts]) > 0.5))
    return result
