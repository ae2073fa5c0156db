"""Sources that run together in the frame stay apart in what is seen."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.yardstick.clip import YardstickSource, render
from benchmarks.yardstick.score import matches
from foley_designer.core.script.observation import Observation, Track
from foley_designer.vision.events.spotting import select
from foley_designer.vision.motion.regions import Moving
from foley_designer.vision.observe import observe
from foley_designer.vision.tracking.blob_splitting import Claim, carve, looks_of, recognise


def strays(track: Track, source: YardstickSource, times_s: tuple[float, ...]) -> float:
    """Mean distance of a track from a source, frame widths."""
    at = [one.time_s for one in track.sightings]
    x = np.interp(at, times_s, source.x)
    return float(np.abs(x - [one.box.x for one in track.sightings]).mean())


def f1(seen: Observation, action: str, source: YardstickSource) -> float:
    found = tuple(moment.time_s for moment in select(seen, action))
    matched = matches(source.onsets_s, found, 0.041)
    return 2 * matched / (len(found) + len(source.onsets_s))


@pytest.mark.slow
def test_a_walker_and_a_ball_that_pass_each_other_stay_two(tmp_path: Path) -> None:
    truth = render("walker+ball", tmp_path / "c.mp4", width=480, height=270, seed=1)
    seen = observe(tmp_path / "c.mp4")
    walker, ball = truth.sources
    for source, action in ((walker, "steps"), (ball, "bounce")):
        best = min(seen.tracks, key=lambda track: strays(track, source, truth.times_s))
        assert strays(best, source, truth.times_s) < 0.03
        assert best.end_s - best.start_s > 4.5
        assert f1(seen, action, source) >= 0.9


@pytest.mark.slow
def test_a_hammer_and_a_ball_are_told_apart(tmp_path: Path) -> None:
    truth = render("hammer+ball", tmp_path / "c.mp4", width=480, height=270, seed=1)
    seen = observe(tmp_path / "c.mp4")
    hammer, ball = truth.sources
    assert f1(seen, "strike", hammer) >= 0.97
    assert f1(seen, "bounce", ball) >= 0.97


def test_pixels_go_to_whoever_moves_as_they_do() -> None:
    flow = np.zeros((20, 40, 2), np.float32)
    flow[:10, :, 0] = 3.0
    flow[10:, :, 1] = -2.0
    whole = np.ones((20, 40), np.bool_)
    moving = Moving(np.zeros((20, 40, 3), np.uint8), whole, flow, np.ones((20, 40), np.float32))
    claims = [
        Claim((0.0, 0.0, 40.0, 20.0), np.array([3.0, 0.0]), is_recognised=False),
        Claim((0.0, 0.0, 40.0, 20.0), np.array([0.0, -2.0]), is_recognised=False),
    ]
    along, up = carve(whole, moving, claims)
    assert along[:10].all()
    assert up[10:].all()
    assert not (along & up).any()


def test_a_thing_is_recognised_where_it_has_gone_and_nowhere_without_it() -> None:
    rng = np.random.default_rng(4)
    ground = rng.integers(80, 120, (80, 120, 3)).astype(np.uint8)
    inside = np.zeros((80, 120), np.bool_)
    inside[30:42, 40:52] = True
    before, after = ground.copy(), ground.copy()
    before[30:42, 40:52] = (30, 90, 220)
    after[37:49, 46:58] = (30, 90, 220)
    looks = looks_of(before, inside)
    assert looks is not None
    assert recognise(after, looks, np.array([46.0, 36.0]), 12.0) == (46.0, 37.0, 58.0, 49.0)
    assert recognise(ground, looks, np.array([46.0, 36.0]), 12.0) is None
    assert looks_of(before, np.zeros_like(inside)) is None
