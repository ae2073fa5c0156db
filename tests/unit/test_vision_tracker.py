"""Who is who, frame by frame: one who works on the spot, and one who passes it."""

import numpy as np
import pytest

from foley_designer.vision.motion.regions import Moving, Region, region_of
from foley_designer.vision.tracking.track_state import TrackState
from foley_designer.vision.tracking.tracker import Tracker

HIGH, WIDE = 180, 320
STEP_PX = 4
WORKS_AT = (184, 70, 34, 44)
"""Left, top, width and height of the one who works on the spot."""
PASSES = (92, 64, 32)
"""Top, width and height of the one who passes."""


def picture(index: int, post: tuple[int, int] | None) -> Moving:
    """Both as flat silhouettes; the one who works is in front, a post in front of both."""
    image = np.full((HIGH, WIDE, 3), 110, np.uint8)
    flow = np.zeros((HIGH, WIDE, 2), np.float32)
    body = np.zeros((HIGH, WIDE), np.bool_)
    top, wide, high = PASSES
    left = 4 + STEP_PX * index - wide
    if left + wide > 0:
        place = (slice(top, top + high), slice(max(left, 0), max(left + wide, 0)))
        image[place], flow[place], body[place] = (40, 40, 210), (STEP_PX, 0), True
    left, top, wide, high = WORKS_AT
    left += round(7 * np.sin(index))
    place = (slice(top, top + high), slice(left, left + wide))
    image[place], flow[place], body[place] = (190, 120, 40), (7 * np.cos(index), 0), True
    if post:
        hidden = slice(*post)
        image[:, hidden], flow[:, hidden], body[:, hidden] = 70, 0, False
    return Moving(image, body.copy(), flow, 30.0 * body.astype(np.float32), body)


def followed(post: tuple[int, int] | None) -> list[tuple[Region, ...]]:
    follower = Tracker()
    return [follower.follow(picture(k, post), k / 25) for k in range(95)]


def of(regions: tuple[Region, ...], track: int) -> list[Region]:
    return [region for region in regions if region.track == track]


def home(*, among: bool, cut: bool) -> float:
    """Where the right edge of a worker's place is taken to be, pixels, once pixels that were given
    to it have drifted away with one who passes."""
    worker = TrackState(1)
    for index in range(40):
        moving = picture(index, None)._replace(mask=picture(index, None).mask.copy())
        moving.mask[:, : WORKS_AT[0] - 10] = False
        worker.see(region_of(moving.mask, moving), moving.mask, moving, index / 25)
    if cut:
        worker.cut()
    last = worker.regions[-1]
    others = frozenset({2}) if among else frozenset()
    for index in range(40, 65):
        away = 0.012 * (index - 40)
        drifted = last._replace(left=last.left + away, right=last.right + away, apart_from=others)
        worker.note(drifted._replace(is_shared=True), index / 25)
    return worker.claim(picture(65, None), 65 / 25).box[2]


def test_who_works_on_the_spot_stays_there_while_others_pass() -> None:
    at_work = WORKS_AT[0] + WORKS_AT[2] + 10
    assert home(among=True, cut=False) < at_work
    assert home(among=False, cut=False) > at_work + 20, "parts of one thing may go"
    assert home(among=True, cut=True) > at_work + 20, "in a new shot nobody is known to stay"


@pytest.mark.parametrize("post", [None, (140, 172)])
def test_who_passes_is_known_again_beside_the_one_who_works(post: tuple[int, int] | None) -> None:
    """It comes out from behind the post into the other's region, its tail still to be seen."""
    pictures = followed(post)
    passer = next(one.track for one in pictures[25] if one.left < 0.4)
    right_of_post = 172 / WIDE
    missed = 0
    for index in range(48, 90):
        front = (4 + STEP_PX * index) / WIDE
        found = [one for one in of(pictures[index], passer) if one.right > right_of_post]
        near = [one for one in found if abs(one.right - min(front, 1.0)) < 0.05]
        missed += not near
    assert missed <= 5
