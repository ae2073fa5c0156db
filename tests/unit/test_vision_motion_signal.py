"""How a source moves through time, and how clearly its feet are seen."""

import numpy as np
import pytest
from drawn_tracklet import drawn_region, drawn_tracklet, still_motions

from foley_designer.vision.motion.motion_signal import series_of

COUNT = 100
TIMES = np.arange(COUNT) / 25


def walker(hidden: range, drift: float = 0.0) -> list[float]:
    """How clearly feet of one who goes across are seen in each interval; something stands before
    its lowest third for a while, and it comes nearer by some frame heights altogether."""
    regions = []
    for index in range(COUNT):
        bottom = 0.8 + drift * index / COUNT
        region = drawn_region(0.2 + 0.005 * index, bottom - 0.3, size=0.15, height=0.6)
        regions.append(region._replace(bottom=0.65) if index in hidden else region)
    tracklet = drawn_tracklet(list(range(COUNT)), TIMES, regions)
    series = series_of(still_motions(TIMES), tracklet, np.zeros(COUNT, np.bool_), 0, COUNT)
    return [float(one) for one in series.clear]


@pytest.mark.parametrize("drift", [0.0, 0.15])
def test_feet_that_something_stands_before_are_not_seen(drift: float) -> None:
    clear = walker(range(60, 80), drift)
    assert max(clear[62:77]) < 0.3
    assert min(clear[:55]) == 1.0
    assert min(clear[85:]) == 1.0


def test_the_way_over_the_ground_tells_where_a_source_heads() -> None:
    regions = [drawn_region(0.8 - 0.005 * index) for index in range(COUNT)]
    tracklet = drawn_tracklet(list(range(COUNT)), TIMES, regions)
    series = series_of(still_motions(TIMES), tracklet, np.zeros(COUNT, np.bool_), 0, COUNT)
    assert series.heading == pytest.approx(-0.005 * (COUNT - 1) / 0.1, rel=0.01)
    still = drawn_tracklet(list(range(COUNT)), TIMES, [drawn_region(0.5)] * COUNT)
    series = series_of(still_motions(TIMES), still, np.zeros(COUNT, np.bool_), 0, COUNT)
    assert series.heading == 0.0
