"""Evidence and the onset model, on drawn movement whose impacts are known."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.yardstick.clip import render
from foley_designer.vision.events.spotting import select
from foley_designer.vision.evidence import flow, light, limbs, tools
from foley_designer.vision.evidence.collector import Collected
from foley_designer.vision.evidence.onsets import (
    CHOSEN,
    RATE,
    against_nearby,
    chosen,
    grid_s,
    onsets,
    standing_out,
    summed,
)
from foley_designer.vision.evidence.tempo import with_tempo
from foley_designer.vision.evidence.window import Window, impact, paths
from foley_designer.vision.models.people import People, Person
from foley_designer.vision.observe import observe

FPS, FRAMES = 30.0, 90
STRIKES = (20, 45, 70)
"""Frames in which the drawn thing meets something."""


def speed(frame: int) -> float:
    """Downward for six frames up to a strike, back up for six after it, else still."""
    for strike in STRIKES:
        if strike - 6 < frame <= strike:
            return 1.0
        if strike < frame <= strike + 6:
            return -0.6
    return 0.0


def window(people: tuple[People, ...] = ()) -> Window:
    velocity = np.zeros((FRAMES, 45, 80, 2), np.float32)
    change, light_ = np.zeros((2, FRAMES, 45, 80), np.float32)
    for frame in range(FRAMES):
        velocity[frame, 15:25, 35:45, 1] = speed(frame)
        change[frame, 15:25, 35:45] = 40.0 * abs(speed(frame))
    for strike in STRIKES:
        light_[strike + 1, 20:23, 38:42] = 120.0
    return Window(np.arange(FRAMES) / FPS, velocity, change, light_, people, 16 / 9)


def peaks_near_strikes(curve: np.ndarray, shift: int = 0) -> bool:
    strongest = np.argsort(-curve)[: len(STRIKES)]
    return all(np.abs(strongest - strike - shift).min() <= 1 for strike in STRIKES)


def test_stopping_starting_and_turning_back_differ() -> None:
    down, still, up = np.array([[0.0, 1.0]]), np.zeros((1, 2)), np.array([[0.0, -1.0]])
    assert impact(still, down) == pytest.approx(0.0)
    assert impact(down, still) == pytest.approx(1.0)
    assert impact(down, up) == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("name", ["turns", "falls", "stops"])
def test_flow_speaks_where_a_thing_turns_back(name: str) -> None:
    assert peaks_near_strikes(flow.curves(window())[name])


def test_light_speaks_where_something_flashes() -> None:
    assert peaks_near_strikes(light.curves(window())["flashes"], shift=1)


def hand_at(y: float) -> np.ndarray:
    """A hand of .1 frame heights, pointing up, its wrist at a height."""
    points = np.tile([0.5, y, 1.0], (21, 1))
    points[9:, 1] -= 0.1
    return points


def people() -> tuple[People, ...]:
    heights = 0.3 + np.cumsum([speed(frame) / FPS for frame in range(FRAMES)])
    found = []
    for height in heights:
        body = np.tile([0.5, 0.5, 1.0], (33, 1))
        body[[11, 23], 0], body[[12, 24], 0] = 0.4, 0.6
        body[[15, 16, 19, 20], 1] = height
        found.append(People((Person(1, body),), (Person(2, hand_at(height)),)))
    return tuple(found)


def test_a_weak_beat_is_raised_and_what_does_not_repeat_stays() -> None:
    grid = grid_s(10.0)
    beats = np.exp(-0.5 * ((grid % 0.5 - 0.25) / 0.03) ** 2)
    weak = np.abs(grid - 5.25) < 0.25
    raised = with_tempo(np.where(weak, 0.2 * beats, beats), RATE, 2.0)
    at = round(5.25 * RATE)
    assert raised[at] > 0.6 * raised[at - round(0.5 * RATE)]
    alone = np.exp(-0.5 * ((grid - 5.0) / 0.03) ** 2)
    assert with_tempo(alone, RATE, 2.0) == pytest.approx(alone, abs=0.05)
    assert with_tempo(beats, RATE, 0.0) == pytest.approx(beats)


@pytest.mark.parametrize("name", [*limbs.BODY_POINTS, "hand"])
def test_limbs_speak_where_they_turn(name: str) -> None:
    curve = limbs.curves(window(people()))[name]
    assert peaks_near_strikes(curve)
    assert limbs.curves(window())[name].max(initial=0.0) == 0.0


def test_tools_speak_by_the_flow_at_a_hand() -> None:
    still = tuple(People((), (Person(2, hand_at(0.45)),)) for _ in range(FRAMES))
    assert peaks_near_strikes(tools.curves(window(still))["grip"])


def test_a_hand_seen_too_shortly_leads_nowhere() -> None:
    few = tuple(
        People((), (Person(2, hand_at(0.4)),) if frame < 4 else ()) for frame in range(FRAMES)
    )
    assert paths(window(few), "hands") == []


def test_curves_are_set_against_their_strongest_value_nearby() -> None:
    curve = np.zeros(600)
    curve[100], curve[500] = 10.0, 0.1
    relative = against_nearby(curve)
    assert relative[100] == pytest.approx(1.0, abs=1e-3)
    assert relative[500] == pytest.approx(1.0, abs=1e-3)


def test_peaks_stand_out_against_the_clearest() -> None:
    total = np.zeros(600)
    for at, height in ((100, 3.0), (200, 3.0), (300, 3.0), (400, 1.0)):
        total[at - 3 : at + 4] = height * np.array([0.2, 0.5, 0.9, 1.0, 0.9, 0.5, 0.2])
    peaks, clear = standing_out(total)
    assert list(peaks) == [100, 200, 300, 400]
    assert clear == pytest.approx([1, 1, 1, 1 / 3])


def test_onsets_lie_at_the_strikes_and_say_what_spoke_for_them() -> None:
    seen = window(people())
    curves = {}
    for detector in (flow.curves, light.curves, limbs.curves, tools.curves):
        curves |= detector(seen)
    collected = Collected(seen.time_s, curves, np.full((FRAMES, 2), 0.5))
    duration_s = FRAMES / FPS
    silent = {name: np.zeros(len(grid_s(duration_s))) for name in ("sources", "contacts")}
    found = [
        one
        for one in onsets(collected, silent, duration_s)
        if one.standing_out >= chosen().standing_out
    ]
    assert [one.time_s for one in found] == pytest.approx([s / FPS for s in STRIKES], abs=1.5 / FPS)
    assert all({"left_wrist", "turns"} <= set(one.evidence) for one in found)


def test_nothing_seen_is_no_onset() -> None:
    assert onsets(Collected(np.zeros(0), {}, np.zeros((0, 2))), {}, 2.0) == []


def test_what_was_chosen_has_a_card() -> None:
    assert (CHOSEN.parent / "README.md").exists()
    assert 0 < chosen().standing_out < 1


def test_a_curve_that_repeats_speaks_for_its_own_next_beat() -> None:
    grid = grid_s(10.0)
    one, other = (np.exp(-0.5 * ((grid % 1.0 - at) / 0.03) ** 2) for at in (0.25, 0.6))
    missed = {"hand": np.where(np.abs(grid - 5.25) < 0.2, 0.0, one), "tool": other}
    total, at = summed(missed, 2.0), round(5.25 * RATE)
    assert total[at] > 0.5 * total[at - round(RATE)]
    assert summed({}, 2.0).size == 0


@pytest.mark.slow
def test_a_drawn_hammer_is_heard_in_all_its_blows(tmp_path: Path) -> None:
    truth = render("hammer", tmp_path / "clip.mp4", seed=4, width=320, height=180, seconds=3.0)
    seen = select(observe(tmp_path / "clip.mp4"), "impact")
    assert [one.time_s for one in seen] == pytest.approx(truth.onsets_s, abs=0.04)
    assert all(one.evidence for one in seen)
