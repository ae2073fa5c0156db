"""Who comes out from behind something is determined by looks and way, not by the first sliver."""

from pathlib import Path

import numpy as np
import pytest
from drawn_tracklet import drawn_region, drawn_tracklet, painted
from numpy.typing import NDArray

from benchmarks.yardstick.clip import render
from benchmarks.yardstick.score import matches
from foley_designer.core.script.observation import MotionKind
from foley_designer.vision.events.spotting import select
from foley_designer.vision.observe import observe
from foley_designer.vision.tracking.reidentification import rejoined
from foley_designer.vision.tracking.tracklet import Tracklet

TIMES = np.arange(100) / 25
RED, BLUE = painted(30, 30, 220), painted(220, 60, 30)


def going(frames: list[int], speed: float, colours: NDArray[np.float16] | None) -> Tracklet:
    """A thing that goes to the right from the left edge."""
    regions = [drawn_region(0.1 + speed * TIMES[k], height=0.3, colours=colours) for k in frames]
    return drawn_tracklet(frames, TIMES, regions)


def swapped(
    colours: tuple[NDArray[np.float16] | None, NDArray[np.float16] | None],
) -> list[Tracklet]:
    """Two that go behind a post; each was taken for the other where it came out."""
    ends = [
        going(list(range(40)), speed, one) for speed, one in zip((0.2, 0.21), colours, strict=True)
    ]
    starts = [
        going(list(range(60, 100)), speed, one)
        for speed, one in zip((0.2, 0.21), colours, strict=True)
    ]
    tracklets = []
    for end, start in zip(ends, starts[::-1], strict=True):
        tracklets.append(
            drawn_tracklet(end.frames + start.frames, TIMES, end.regions + start.regions)
        )
    return tracklets


def looks(tracklet: Tracklet) -> set[int]:
    return {int(np.argmax(one.colours)) for one in tracklet.regions if one.colours is not None}


def test_two_that_were_mistaken_behind_a_post_are_told_by_their_colours() -> None:
    mistaken = swapped((RED, BLUE))
    assert all(len(looks(tracklet)) == 2 for tracklet in mistaken)
    found = rejoined(mistaken)
    assert [len(tracklet.frames) for tracklet in found] == [80, 80]
    assert all(len(looks(tracklet)) == 1 for tracklet in found)
    assert all(tracklet.frames == sorted(tracklet.frames) for tracklet in found)


def test_those_whose_silhouettes_are_not_known_stay_as_they_were() -> None:
    before = swapped((None, None))
    after = rejoined(before)
    assert sorted(id(r) for t in after for r in t.regions) == sorted(
        id(r) for t in before for r in t.regions
    )
    assert {tuple(id(r) for r in t.regions) for t in after} == {
        tuple(id(r) for r in t.regions) for t in before
    }


def test_one_that_comes_out_is_not_another_that_went_elsewhere() -> None:
    gone = going(list(range(40)), 0.2, RED)
    other = drawn_tracklet(
        list(range(60, 100)), TIMES, [drawn_region(0.9, height=0.3, colours=BLUE)] * 40
    )
    assert len(rejoined([gone, other])) == 2


@pytest.mark.slow
def test_a_walker_behind_a_post_beside_a_hammer_is_one_who_walks_on(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    truth = render("walker+hammer", path, width=480, height=270, seed=1, occlusion=True)
    seen = observe(path)
    walkers = [one for one in seen.tracks if one.kind is MotionKind.WALKING]
    assert len(walkers) == 1
    assert walkers[0].end_s > 4.8
    steps = tuple(one.time_s for one in select(seen, "steps"))
    matched = matches(truth.sources[0].onsets_s, steps, 0.041)
    assert 2 * matched / (len(steps) + len(truth.sources[0].onsets_s)) >= 0.95
