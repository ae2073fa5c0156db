"""How a source moves is told from its path, its shape and its flow."""

import numpy as np
import pytest
from drawn_tracklet import drawn_region, drawn_tracklet

from foley_designer.core.script.observation import MotionKind
from foley_designer.vision.events.impacts import Contact, Impacts
from foley_designer.vision.observe import MAX_SOURCES, strongest
from foley_designer.vision.tracking.sources import kind_of

STILL = Impacts([], sure=False, in_flight=False)
WIDE = 16 / 9


def trail(across: float, down: float):
    times = np.arange(50) / 25
    regions = [drawn_region(0.2 + across * k / 49, 0.2 + down * k / 49) for k in range(50)]
    return drawn_tracklet(list(range(50)), times, regions)


@pytest.mark.parametrize(
    ("across", "down"), [(0.6, 0.0), (0.0, 0.6), (0.4, 0.3)], ids=["level", "down", "slanting"]
)
def test_what_crosses_the_frame_passes_whichever_way(across: float, down: float) -> None:
    assert kind_of(trail(across, down), STILL, WIDE) in (MotionKind.PASSING, MotionKind.WALKING)


def test_what_goes_down_the_frame_is_no_upright_walker() -> None:
    assert kind_of(trail(0.0, 0.6), STILL, WIDE) is MotionKind.PASSING


@pytest.mark.parametrize(("back", "kind"), [(0, MotionKind.PASSING), (2, MotionKind.WORKING)])
def test_a_train_that_fills_the_frame_passes(back: int, kind: MotionKind) -> None:
    regions = [
        drawn_region(0.5, 0.5)._replace(
            left=0.0, right=0.98, dx=-0.02 if back and k % back else 0.02, dy=0.0
        )
        for k in range(50)
    ]
    train = drawn_tracklet(list(range(50)), np.arange(50) / 25, regions)
    assert kind_of(train, STILL, WIDE) is kind


@pytest.mark.parametrize(("top", "kind"), [(0.0, MotionKind.WORKING), (0.6, MotionKind.STRIKING)])
def test_what_fills_the_frame_is_no_single_thing_that_strikes(top: float, kind: MotionKind) -> None:
    beats = Impacts([Contact(0.5 * k, 1.0, 0.9, predicted=False) for k in range(4)], sure=True)
    regions = [
        drawn_region(0.5, 0.5)._replace(left=0.0, right=1.0, top=top, bottom=1.0, dx=0.0)
        for _ in range(50)
    ]
    assert (
        kind_of(drawn_tracklet(list(range(50)), np.arange(50) / 25, regions), beats, WIDE) is kind
    )


@pytest.mark.parametrize(
    ("grows", "wide", "kind"),
    [
        (2.0, 0.2, MotionKind.WALKING),
        (1.1, 0.2, MotionKind.WORKING),
        (2.0, 0.6, MotionKind.WORKING),
    ],
    ids=["comes nearer", "stays", "is no upright thing"],
)
def test_who_walks_towards_the_camera_grows(grows: float, wide: float, kind: MotionKind) -> None:
    heights = 0.3 * grows ** np.linspace(0, 1, 50)
    regions = [
        drawn_region(0.5, 0.5)._replace(
            left=0.5 - wide * high, right=0.5 + wide * high,
            top=0.5 - high / 2, bottom=0.5 + high / 2, dx=0.0,
        )
        for high in heights
    ]  # fmt: skip
    assert kind_of(drawn_tracklet(list(range(50)), np.arange(50) / 25, regions), STILL, 1.0) is kind


def test_in_a_long_shot_all_who_come_and_go_are_followed() -> None:
    def visitor(at_s: float):
        return drawn_tracklet(
            list(range(20)), at_s + np.arange(20) / 25, trail(0.5, 0.0).regions[:20]
        )

    one_by_one = [visitor(30.0 * k) for k in range(40)]
    assert strongest(one_by_one) == one_by_one
    assert len(strongest([visitor(0.1 * k) for k in range(10)])) == MAX_SOURCES
