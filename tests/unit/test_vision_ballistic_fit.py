"""What flies is read by its parabolas."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from drawn_tracklet import drawn_region, drawn_tracklet, still_motions
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.yardstick.clip import render
from foley_designer.core.script.observation import MotionKind
from foley_designer.vision.events.ballistic_fit import bounces
from foley_designer.vision.events.spotting import select
from foley_designer.vision.observe import observe
from foley_designer.vision.tracking.tracklet import Tracklet

Floats = NDArray[np.float64]

GRAVITY = 4.3
"""Frame heights a second squared, as of a thing some four metres away."""
FLOOR = 0.85


def bouncing(times_s: Floats, high: float, rebound: float) -> tuple[Floats, list[float]]:
    """Heights of a thing that falls and bounces, and when it does."""
    hits = [float(np.sqrt(2 * high / GRAVITY))]
    speeds = [rebound * GRAVITY * hits[0]]
    while hits[-1] < times_s[-1]:
        hits.append(hits[-1] + 2 * speeds[-1] / GRAVITY)
        speeds.append(speeds[-1] * rebound)
    fallen = FLOOR - high + 0.5 * GRAVITY * times_s**2
    after = np.searchsorted(hits, times_s) - 1
    since = times_s - np.array(hits)[after]
    risen = FLOOR - np.array(speeds)[after] * since + 0.5 * GRAVITY * since**2
    return np.where(after < 0, fallen, risen), hits[:-1]


def flying(times_s: Floats, y: Floats, frames: list[int]) -> Tracklet:
    regions = [drawn_region(0.3 + 0.002 * frame, float(y[frame])) for frame in frames]
    return drawn_tracklet(frames, times_s, regions)


@given(
    rate=st.sampled_from([15, 23.976, 25, 30, 60]),
    high=st.floats(0.45, 0.65),
    rebound=st.floats(0.8, 0.9),
    seed=st.integers(0, 1000),
)
@pytest.mark.slow
def test_bounces_are_told_between_pictures(
    rate: float, high: float, rebound: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    times = np.arange(0, 2.6, 1 / rate)
    times[1:] += rng.uniform(0, 0.3 / rate, len(times) - 1)  # frames come at uneven times
    y, hits = bouncing(times, high, rebound)
    frames = [k for k in range(len(times)) if k < 3 or rng.uniform() > 0.1]  # some never come
    tracklet = flying(times, y + rng.normal(0, 0.001, len(times)), frames)
    found = np.array([one.time_s for one in bounces(tracklet, still_motions(times))])
    clear = [hit for hit in hits if hit < times[-1] - 0.25]
    assert len(clear) >= 2
    for hit in clear:
        assert np.abs(found - hit).min() < 0.02
    assert (found < times[-1] - 0.02).sum() <= len(hits)


def test_a_bounce_that_a_cut_hides_is_told_by_the_fall() -> None:
    times = np.arange(0, 2.5, 0.04)
    y, hits = bouncing(times, 0.55, 0.85)
    last = hits[2]
    frames = [k for k in range(len(times)) if times[k] < last - 0.01]
    found = [one.time_s for one in bounces(flying(times, y, frames), still_motions(times))]
    assert found == pytest.approx(hits[:3], abs=0.02)


@pytest.mark.parametrize("name", ["straight", "swinging", "noisy", "short"])
def test_what_does_not_fly_has_no_bounces(name: str) -> None:
    times = np.arange(0, 4, 0.04)
    rng = np.random.default_rng(1)
    y = {
        "straight": 0.3 + 0.1 * times,
        "swinging": 0.5 + 0.05 * np.sin(2 * np.pi * times / 0.6),
        "noisy": 0.5 + rng.normal(0, 0.15, len(times)),
        "short": bouncing(times, 0.5, 0.8)[0],
    }[name]
    frames = list(range(8 if name == "short" else len(times)))
    assert not bounces(flying(times, y, frames), still_motions(times))


@pytest.mark.parametrize(("swells", "is_flight"), [(1.0, True), (4.0, False)])
def test_what_swells_and_shrinks_is_no_thing_in_flight(swells: float, *, is_flight: bool) -> None:
    times = np.arange(75) / 25
    thing = flying(times, bouncing(times, 0.55, 0.85)[0], list(range(75)))
    for index, one in enumerate(thing.regions):
        half = 0.5 * (one.right - one.left) * (swells if index % 2 else 1.0)
        thing.regions[index] = one._replace(left=one.x - half, right=one.x + half)
    assert bool(bounces(thing, still_motions(times))) is is_flight


def test_no_giant_bounces() -> None:
    times = np.arange(0, 8, 0.04)
    frames = list(range(len(times)))
    ball, giant = (bouncing(times / slower, 0.55, 0.85)[0] for slower in (1.5, 4.0))
    assert bounces(flying(times, ball, frames), still_motions(times))
    assert not bounces(flying(times, giant, frames), still_motions(times))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "rate", "variable"), [("ball", 60, False), ("walker+ball", 25, True)]
)
def test_a_drawn_ball_bounces_when_it_does(
    kind: str, rate: int, variable: bool, tmp_path: Path
) -> None:
    path = tmp_path / "ball.mp4"
    truth = render(
        kind, path, rate=Fraction(rate), width=480, height=270, seed=1, variable_rate=variable
    )
    ball = next(one for one in truth.sources if one.label == "ball")
    seen = observe(path)
    found = [one.time_s for one in select(seen, "bounce")]
    assert found == pytest.approx(ball.onsets_s, abs=0.02)
    assert sum(track.kind is MotionKind.FALLING for track in seen.tracks) == 1
