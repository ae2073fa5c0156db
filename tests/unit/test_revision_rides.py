"""Rides: single hits at a gain of their own."""

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.dsp.level.rides import FADE_S, LEAD_S, Ride, ride


def test_a_ride_changes_its_stretch_alone() -> None:
    samples = np.ones((2, 2 * SAMPLE_RATE), np.float32)
    ridden = ride(samples, [Ride(0.5, 1.0, -6.0)])
    fade = FADE_S
    before, after = round((0.5 - LEAD_S) * SAMPLE_RATE), round((1.0 - LEAD_S + fade) * SAMPLE_RATE)
    assert np.array_equal(ridden[:, :before], samples[:, :before])
    assert np.array_equal(ridden[:, after:], samples[:, after:])
    inner = ridden[:, round(0.5 * SAMPLE_RATE) : round(0.98 * SAMPLE_RATE)]
    assert np.allclose(20 * np.log10(inner), -6.0, atol=1e-3)
    assert np.abs(np.diff(ridden[0])).max() < 0.01


def test_rides_at_the_ends_and_of_no_gain() -> None:
    samples = np.ones((2, SAMPLE_RATE), np.float32)
    ridden = ride(samples, [Ride(0.0, 0.3, 6.0), Ride(0.9, 1.0, 0.0)])
    assert ridden[0, 0] > 1.5
    assert np.array_equal(ridden[:, SAMPLE_RATE // 2 :], samples[:, SAMPLE_RATE // 2 :])
