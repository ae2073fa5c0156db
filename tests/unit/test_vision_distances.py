"""Distances by a depth model, and without one: order, scale, statistic, failure."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.yardstick.clip import render
from foley_designer.core.script.observation import Box, MotionKind, Observation
from foley_designer.vision.geometry.depth import FARTHEST_M, NEAREST_M, GroundPlaneAndSize
from foley_designer.vision.geometry.distances import measure, value_in
from foley_designer.vision.observe import observe


class LeftIsNear:
    """A frame whose depth grows from its left edge, 2 m, to its right edge, 10 m."""

    uncertainty = 1.1

    def __init__(self, metric: bool) -> None:
        self.metric, self.name = metric, "left is near"

    def depth(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        metres = np.tile(np.linspace(2, 10, 80, dtype=np.float32), (45, 1))
        return metres if self.metric else 7.0 / metres


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Observation]:
    path = tmp_path_factory.mktemp("clip") / "walker.mp4"
    render("walker", path, rate=Fraction(25), width=320, height=180, seconds=3.0)
    return path, observe(path)


@pytest.mark.slow
def test_a_metric_model_is_taken_at_its_word(walk: tuple[Path, Observation]) -> None:
    path, seen = walk
    told = measure(path, seen, LeftIsNear(metric=True), "median", 24)
    for one in told.tracks[0].sightings[5:-5]:
        edges = (max(one.box.x - one.box.width / 2, 0), min(one.box.x + one.box.width / 2, 1))
        assert one.distance_m == pytest.approx(2 + 8 * sum(edges) / 2, rel=0.25)


@pytest.mark.slow
def test_a_relative_model_gives_the_order_and_the_ground_plane_the_scale(
    walk: tuple[Path, Observation],
) -> None:
    path, seen = walk
    exact = measure(path, seen, LeftIsNear(metric=True), "median", 24)
    told = measure(path, seen, LeftIsNear(metric=False), "median", 24)

    def logs(observation: Observation) -> NDArray[np.float64]:
        return np.log([one.distance_m for one in observation.tracks[0].sightings])

    shape = logs(told) - logs(exact)
    assert np.ptp(shape) < 0.1, "the same up to one factor"
    assert abs(float(np.median(logs(told) - logs(seen)))) < 0.4, "about as far as the plane says"


def test_mean_and_median_of_a_box_differ_where_the_background_shines_through() -> None:
    depth = np.full((10, 10), 3.0)
    depth[:, :4] = 50.0
    box = Box(x=0.5, y=0.5, width=1.4, height=0.4)
    assert value_in(depth, box, "median") == 3.0
    assert value_in(depth, box, "mean") == pytest.approx(0.4 * 50 + 0.6 * 3)
    assert value_in(depth, Box(x=2.0, y=-1.0, width=0.1, height=0.1), "median") == 3.0


def test_what_is_no_map_is_refused(walk: tuple[Path, Observation]) -> None:
    class Broken(LeftIsNear):
        def depth(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
            return np.full((3, 4), np.nan, np.float32)

    with pytest.raises(ValueError, match="no finite"):
        measure(*walk, Broken(metric=True), "median", 4)


@pytest.mark.parametrize("kind", [MotionKind.WALKING, MotionKind.PASSING])
def test_the_ground_plane_is_monotonic_and_without_leaps(kind: MotionKind) -> None:
    """Lower is nearer, larger is nearer; a small step of the box is a small step of distance."""
    plane = GroundPlaneAndSize()
    assert plane.UNCERTAINTY == 2.0

    def along(y: NDArray[np.float64], height: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array(
            [
                plane.distance(Box(x=0.5, y=a, width=0.05, height=b), kind, 16 / 9, 54)
                for a, b in zip(y, height, strict=True)
            ]
        )

    steady = np.full(200, 0.2)
    lower = along(np.linspace(0.2, 0.95, 200), steady)
    assert (np.diff(lower) <= 1e-9).all()
    larger = along(np.full(200, 0.5), np.linspace(0.02, 0.9, 200))
    assert (np.diff(larger) <= 1e-9).all()
    assert lower[0] > 1.5 * lower[-1]
    for path in (lower, larger):
        assert np.abs(np.diff(np.log(path))).max() < 0.2
        assert path.min() >= NEAREST_M
        assert path.max() <= FARTHEST_M
