"""Blows: where they go on screen, who rests, and what kicks."""

import numpy as np
import pytest

from foley_designer.core.script.observation import Moment, MomentKind
from foley_designer.vision.events.impacts import DOWN, blow_direction, impacts
from foley_designer.vision.events.spotting import _kicks
from foley_designer.vision.motion.motion_signal import MotionSignal

FRAME_S = 0.04
PERIOD_S = 0.6


def beating(way: float, rest: tuple[float, float] = (0.0, 0.0)) -> MotionSignal:
    """An arm that is swung one way and stopped within a frame, then lifted gently."""
    start = np.arange(0.0, 6.0, FRAME_S)
    phase = (start % PERIOD_S) / PERIOD_S
    speed = np.where(phase < 0.3, 2.0 * phase / 0.3, -0.9 * np.sin(np.pi * (phase - 0.3) / 0.7))
    speed = np.where((start >= rest[0]) & (start < rest[1]), 0.0, speed)
    velocity = np.column_stack([0.0 * speed, way * speed])
    return MotionSignal(start, start + FRAME_S, velocity, velocity, np.ones(len(start)))


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_a_blow_is_what_stops_at_once(way: float) -> None:
    series = beating(way)
    assert (blow_direction(series) == way * DOWN).all()
    sure = [one.time_s for one in impacts(series).contacts if one.confidence > 0.5]
    assert len(sure) >= 9
    phase = np.array(sure) % PERIOD_S / PERIOD_S
    assert np.abs(phase - 0.3).max() < 0.1, "a lift was taken for a blow"


def test_whoever_rests_strikes_nothing() -> None:
    found = impacts(beating(1.0, rest=(2.3, 4.2))).contacts
    assert sum(one.confidence > 0.5 for one in found) >= 5
    assert not [one for one in found if 2.6 < one.time_s < 4.0 and one.confidence > 0.4]


def test_a_shot_lies_between_the_kick_s_beginning_and_its_end() -> None:
    def moment(kind: MomentKind, time_s: float) -> Moment:
        return Moment(id="m1", time_s=time_s, kind=kind, confidence=0.8, strength=1.0, x=0.5, y=0.5)

    seen = [moment(MomentKind.APPEARANCE, one) for one in (0.9, 0.96, 3.0)]
    shots = _kicks([moment(MomentKind.IMPACT, one) for one in (1.1, 2.0)], seen)
    assert [round(one.time_s, 3) for one in shots] == [1.03, 2.0]
