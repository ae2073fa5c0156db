import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.errors import FoleyError
from foley_designer.core.script.observation import Box, MotionKind
from foley_designer.vision.events.beat_tracking import STEP_S, find_rhythm
from foley_designer.vision.events.impacts import DOWN, impact_curve, impacts, steps
from foley_designer.vision.geometry.depth import GroundPlaneAndSize, smooth
from foley_designer.vision.motion.motion_signal import MotionSignal


def swings(times: list[float], end_s: float, rate: float = 25.0) -> MotionSignal:
    """A tool that falls for 0.2 s before each time, stops there, and is raised slowly after."""
    ends = np.arange(1, round(end_s * rate) + 1) / rate
    velocity = np.zeros((len(ends), 2))
    for time in times:
        velocity[(ends > time - 0.2) & (ends <= time + 0.5 / rate), 1] = 10.0
        velocity[(ends > time + 0.1) & (ends <= time + 0.3), 1] = -4.0
    return MotionSignal(ends - 1 / rate, ends, velocity, velocity, np.ones(len(ends)))


def test_contact_is_the_end_of_a_fall_and_not_the_end_of_a_rise() -> None:
    series = swings([1.0], 2.0)
    grid = np.arange(0.0, 2.0, STEP_S)
    curve = impact_curve(series, series.velocity, grid, DOWN, floor=0.5)
    assert grid[curve.argmax()] == pytest.approx(1.0, abs=0.03)
    rise_ends = curve[(grid > 1.2) & (grid < 1.5)].max()
    assert rise_ends < 0.4 * curve.max()
    assert curve[grid < 0.6].max() == 0, "starting from rest is no contact"


def test_rhythm_fills_a_beat_that_is_hidden() -> None:
    times = [0.5 + 0.6 * k for k in range(9)]
    hidden = times[4]
    series = swings([time for time in times if time != hidden], 6.0)
    found = impacts(series).contacts
    nearest = min(found, key=lambda one: abs(one.time_s - hidden))
    assert nearest.time_s == pytest.approx(hidden, abs=0.06)
    assert nearest.predicted
    sure = [one.time_s for one in found if not one.predicted and one.confidence > 0.5]
    assert sure == pytest.approx([time for time in times if time != hidden], abs=0.04)


def test_blows_among_which_feet_are_hidden_do_not_pull_steps() -> None:
    steps_s = np.array([0.5 + 0.55 * k for k in range(10)])
    series = swings([*steps_s[:6], 3.92, 4.58, 5.2], 6.0)

    def strays(clear: float) -> float:
        seen = np.where(series.end_s > 3.4, clear, 1.0)
        found = [one.time_s for one in steps(series._replace(clear=seen)).steps]
        assert len(found) >= 6
        return max(float(np.abs(steps_s - one).min()) for one in found)

    assert strays(0.15) < 0.04
    assert strays(1.0) > 0.06, "the blows were no trap"


@pytest.mark.parametrize(("end_s", "told"), [(4.72, True), (4.6, False), (5.0, True)])
def test_a_blow_that_the_last_picture_cuts_off_is_told(end_s: float, told: bool) -> None:
    times = [0.5 + 0.6 * k for k in range(8)]
    found = impacts(swings(times, end_s)).contacts
    last = [one for one in found if one.confidence > 0.4 and abs(one.time_s - times[-1]) < 0.041]
    assert bool(last) is told


def test_steps_among_others_are_no_steadier_than_steps_alone() -> None:
    """How clearly feet are seen must not raise how steady their gait is."""
    series = swings([0.5 + 0.55 * k for k in range(10)], 6.0)
    alone, among = (steps(series._replace(clear=np.full(150, how))) for how in (1.0, 0.15))
    assert among.clarity == pytest.approx(alone.clarity, rel=0.05)


@pytest.mark.parametrize("heading", [3.0, -3.0])
def test_who_goes_across_lands_ahead_however_long_the_swing(heading: float) -> None:
    """Feet of one who walks by swing for most of the time, and something falls meanwhile."""
    ends = np.arange(1, 151) / 25
    landings = np.array([0.6 + 0.56 * k for k in range(10)])
    since = (ends[:, None] - landings) % 0.56
    swinging = since.min(1) > 0.12
    across = np.where(swinging, np.sign(heading) * 10.0, 0.0)
    falling = (since.min(1) > 0.2) & (since.min(1) < 0.32)
    velocity = np.stack([across, np.where(falling, 8.0, 0.0)], 1)
    series = MotionSignal(ends - 0.04, ends, velocity, velocity, np.ones(150), heading)
    found = [one.time_s for one in steps(series).steps if one.confidence > 0.6]
    assert len(found) >= 9
    assert max(float(np.abs(landings - one).min()) for one in found) < 0.06


def test_contacts_without_rhythm_keep_their_own_times() -> None:
    times = [0.5, 0.95, 2.2, 3.0, 4.6]
    found = [one.time_s for one in impacts(swings(times, 5.5)).contacts if one.confidence > 0.5]
    assert found == pytest.approx(times, abs=0.04)


@given(st.floats(0.3, 1.2), st.floats(0.1, 0.3))
@pytest.mark.slow
def test_rhythm_finds_period_and_phase(period_s: float, start_s: float) -> None:
    beats = np.arange(start_s, 8.0, period_s)
    curve = np.zeros(round(8.0 / STEP_S))
    curve[np.minimum(np.round(beats / STEP_S).astype(int), curve.size - 1)] = 1.0
    rhythm = find_rhythm(curve)
    assert rhythm is not None
    inner = rhythm.beats[1:-1] * STEP_S
    errors = np.abs(inner[:, None] - beats[None, :]).min(1)
    assert errors.max() <= 0.02


def test_flat_curves_have_no_rhythm() -> None:
    assert find_rhythm(np.zeros(500)) is None
    assert find_rhythm(np.ones(5)) is None


def test_depth_falls_with_size_and_with_lowness() -> None:
    model = GroundPlaneAndSize()

    def distance(height: float, foot: float, kind: MotionKind = MotionKind.WALKING) -> float:
        box = Box(x=0.5, y=foot - height / 2, width=height / 3, height=height)
        return model.distance(box, kind, 16 / 9, 54.0)

    by_size = [distance(height, 0.8) for height in (0.1, 0.2, 0.4, 0.7)]
    by_foot = [distance(0.3, foot) for foot in (0.45, 0.6, 0.75, 0.9)]
    assert by_size == sorted(by_size, reverse=True)
    assert by_foot == sorted(by_foot, reverse=True)
    assert distance(0.001, 0.4, MotionKind.PASSING) <= 150


def test_smoothing_keeps_a_steady_approach_monotonic() -> None:
    rng = np.random.default_rng(3)
    rough = np.geomspace(20, 4, 80) * np.exp(rng.normal(0, 0.05, 80))
    smoothed = np.array(smooth(rough.tolist()))
    assert (
        np.abs(np.diff(np.log(smoothed), 2)).max() < 0.3 * np.abs(np.diff(np.log(rough), 2)).max()
    )
    assert np.all(np.diff(smoothed[::8]) < 0)


def test_an_unknown_action_is_refused() -> None:
    from foley_designer.vision.events.spotting import select

    with pytest.raises(FoleyError):
        select(None, "sing")  # type: ignore[arg-type]
