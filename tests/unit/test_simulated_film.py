"""Simulated film: what is drawn is what its truth says."""

import numpy as np
import pytest

pytest.importorskip("mujoco")

from benchmarks.simulated.actors import Swing
from benchmarks.simulated.camera import View
from benchmarks.simulated.film import Renderer, draw, truth


def test_a_swing_is_down_at_its_contacts_and_nowhere_else():
    times = (0.5, 1.1, 1.3)
    swing = Swing(times, 1.0, 0.4, True)
    assert [swing(time) for time in times] == pytest.approx([0, 0, 0], abs=1e-9)
    between = np.linspace(0.55, 1.05, 50)
    assert min(swing(float(time)) for time in between) > 0.01
    assert swing.speed(1) > swing.speed(2) > 0


def test_what_lies_to_the_left_of_a_camera_has_a_positive_azimuth():
    level = np.array([np.sqrt(0.5), np.sqrt(0.5), 0, 0])  # looks along +y
    x, y, azimuth, distance = View(np.zeros(3), level, 90.0).seen(np.array([-2.0, 2.0, 0.0]))
    assert (x, y, azimuth) == pytest.approx((0.0, 0.5, 45.0))
    assert distance == pytest.approx(np.sqrt(8))


def test_dropped_things_sound_after_they_are_let_go_and_only_on_the_ground():
    film = draw(("drop",), 3)
    source = truth(film)["sources"][0]
    released = min(thing[5] for thing in film.actors[0].things.values())
    assert source["onsets_s"]
    assert min(source["onsets_s"]) > released + 0.2  # a fall of 0.7 m takes 0.38 s


def test_two_of_a_kind_are_two_sources_with_their_own_steps():
    sources = truth(draw(("walker", "walker"), 5))["sources"][:2]
    assert [one["label"] for one in sources] == ["walker", "walker"]
    assert sources[0]["onsets_s"] != sources[1]["onsets_s"]


def test_the_ball_is_drawn_where_its_truth_says():
    film = draw(("ball",), 13, size=(160, 90))
    renderer = Renderer(film)
    try:
        picture = renderer._instant(0.0).astype(int)
        film.actors[0].at[2] -= 50  # the ball, and what casts its shadow, out of sight
        film.actors[0].origin = film.actors[0].at
        without = renderer._instant(0.0).astype(int)
    finally:
        renderer.close()
    rows, columns = np.nonzero(np.abs(picture - without).sum(2) > 60)
    source = truth(draw(("ball",), 13, size=(160, 90)))["sources"][0]
    near = np.hypot(columns / 160 - source["x"][0], (rows / 90 - source["y"][0]) * 9 / 16)
    assert near.min() < 0.02
