"""Sources go on across cuts, and only the same ones."""

from pathlib import Path

import numpy as np
import pytest
from drawn_tracklet import drawn_region, drawn_tracklet, painted
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.yardstick.clip import render
from benchmarks.yardstick.score import matches
from foley_designer.core.script.observation import Track
from foley_designer.vision.events.spotting import select
from foley_designer.vision.motion.colours import are_distinct, coarse, colours_of, likeness
from foley_designer.vision.observe import observe
from foley_designer.vision.tracking.reidentification import Scene, connect
from foley_designer.vision.tracking.tracklet import Tracklet, travels


def tracklet(first: int, x: float, colours: np.ndarray | None, count: int = 20) -> Tracklet:
    frames = list(range(first, first + count))
    regions = [drawn_region(x, height=0.2, colours=colours) for _ in frames]
    return drawn_tracklet(frames, np.arange(first + count) / 25, regions)


@pytest.mark.slow
def test_a_walker_and_a_ball_go_on_across_cuts(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    truth = render("walker+ball", path, width=480, height=270, seed=1, cuts_s=(1.7, 3.4))
    seen = observe(path)
    assert len(seen.shots) == 3
    assert len(seen.tracks) == 2

    def strays(track: Track, x: tuple[float, ...]) -> float:
        at = [one.time_s for one in track.sightings]
        return float(
            np.abs(np.interp(at, truth.times_s, x) - [s.box.x for s in track.sightings]).mean()
        )

    for source, action in zip(truth.sources, ("steps", "bounce"), strict=True):
        best = min(seen.tracks, key=lambda track: strays(track, source.x))
        assert best.start_s < 0.5
        assert best.end_s > 4.5
        assert strays(best, source.x) < 0.03
        found = tuple(m.time_s for m in select(seen, action) if m.track_id == best.id)
        matched = matches(source.onsets_s, found, 0.041)
        assert 2 * matched / (len(found) + len(source.onsets_s)) >= 0.9


def test_looks_decide_who_goes_on() -> None:
    red, blue = painted(20, 20, 220), painted(220, 20, 20)
    before = [tracklet(0, 0.3, red), tracklet(0, 0.7, blue)]
    after = [tracklet(30, 0.35, blue), tracklet(30, 0.65, red)]
    first, second = connect([Scene(0, 0.0, before), Scene(30, 1.2, after)])
    assert (first.cuts, second.cuts) == ([30], [30])
    assert first.regions[-1].colours is red
    assert second.regions[-1].colours is blue


def test_strangers_and_what_shows_no_silhouette_stay_apart() -> None:
    red, green = painted(20, 20, 220), painted(20, 220, 20)
    for old, new in ((red, green), (red, None), (None, None)):
        scenes = [Scene(0, 0.0, [tracklet(0, 0.5, old)]), Scene(30, 1.2, [tracklet(30, 0.5, new)])]
        assert len(connect(scenes)) == 2
    gone = [Scene(0, 0.0, [tracklet(0, 0.5, red)]), Scene(100, 4.0, [tracklet(100, 0.5, red)])]
    assert len(connect(gone)) == 2, "whoever left long before a cut is not taken for who comes"


pixels = st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=60)


@given(pixels, pixels)
def test_likeness_is_a_share(one: list[tuple[int, ...]], other: list[tuple[int, ...]]) -> None:
    a, b = (colours_of(np.array(each, np.uint8)) for each in (one, other))
    assert likeness(a, a) == pytest.approx(1, abs=1e-3)
    assert likeness(a, b) == pytest.approx(likeness(b, a), abs=1e-6)
    assert -1e-6 <= likeness(a, b) <= 1 + 1e-3
    assert coarse(a).sum() == pytest.approx(1, abs=0.02)
    assert not are_distinct([a, a])
    assert not are_distinct([a, None])


def test_free_fall_pictured_at_uneven_times_is_a_flight_and_trembling_is_none() -> None:
    rng = np.random.default_rng(2)
    times = np.cumsum(rng.uniform(0.03, 0.09, 24))
    heights = {
        True: 0.1 + 0.6 * ((times % 0.7) / 0.7 - 0.5) ** 2 * 4,
        False: 0.4 + 0.25 * rng.choice([-1, 1], 24),
    }
    for expected, places in heights.items():
        found = Tracklet()
        for frame, (time, y) in enumerate(zip(times, places, strict=True)):
            region = tracklet(0, 0.5, None, 1).regions[0]
            found.add(frame, float(time), region._replace(top=y - 0.03, bottom=y + 0.03))
        assert travels(found) is expected
