"""Seeing, end to end on yardstick clips: real frames, real detector, exact truth."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from benchmarks.yardstick.clip import YardstickTruth, render
from foley_designer.core.script.observation import CameraMove, MotionKind, Observation, Transition
from foley_designer.vision.events.spotting import select
from foley_designer.vision.observe import observe


def look(tmp_path: Path, kind: str, **options: object) -> tuple[YardstickTruth, Observation]:
    path = tmp_path / "clip.mp4"
    options = {"width": 320, "height": 180, "seconds": 4.0} | options
    truth = render(kind, path, **options)
    return truth, observe(path, field_of_view_deg=54.0)


def f1(reference: tuple[float, ...], found: list[float], tolerance_s: float) -> float:
    near = np.abs(np.subtract.outer(reference, found)) <= tolerance_s
    rows, columns = linear_sum_assignment(~near)
    return 2 * float(near[rows, columns].sum()) / (len(reference) + len(found))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "action", "seed"),
    [("hammer", "strike", 1), ("hammer", "strike", 4), ("walker", "steps", 1),
     ("walker", "steps", 3), ("ball", "bounce", 1), ("ball", "bounce", 5)],
)  # fmt: skip
def test_onsets_within_one_frame(tmp_path: Path, kind: str, action: str, seed: int) -> None:
    truth, seen = look(tmp_path, kind, seed=seed, width=480, height=270)
    found = [moment.time_s for moment in select(seen, action)]
    assert f1(truth.onsets_s, found, 1 / 25) >= 0.97


@pytest.mark.slow
def test_flashes_are_seen_and_are_no_cuts(tmp_path: Path) -> None:
    truth, seen = look(tmp_path, "flash", seed=2, seconds=2.5)
    found = [moment.time_s for moment in select(seen, "flash")]
    assert f1(truth.onsets_s, found, 1 / 25) == 1
    assert len(seen.shots) == 1


@pytest.mark.slow
def test_a_passing_car_hits_nothing(tmp_path: Path) -> None:
    _, seen = look(tmp_path, "car", seed=1)
    assert seen.tracks[0].kind is MotionKind.PASSING
    assert not [m for m in select(seen, "any") if m.kind.value in ("contact", "step")]


@pytest.mark.slow
def test_cuts_and_cameras(tmp_path: Path) -> None:
    _, seen = look(tmp_path, "hammer", cuts_s=(1.4, 2.6))
    assert [shot.start_s for shot in seen.shots] == pytest.approx([0, 1.4, 2.6], abs=0.05)
    assert [shot.opens_with for shot in seen.shots][1:] == [Transition.CUT, Transition.CUT]
    for camera, move in (("static", CameraMove.STATIC), ("pan", CameraMove.PAN)):
        _, seen = look(tmp_path, "ball", camera=camera, seconds=2.0)
        assert seen.shots[0].camera is move


@pytest.mark.slow
def test_an_occluded_walker_stays_one_track(tmp_path: Path) -> None:
    _, seen = look(tmp_path, "walker", seed=1, occlusion=True, seconds=5.0)
    walkers = [track for track in seen.tracks if track.kind is MotionKind.WALKING]
    assert len(walkers) == 1
    assert walkers[0].end_s - walkers[0].start_s > 4.5


def test_nothing_moves_is_said(tmp_path: Path) -> None:
    _, seen = look(tmp_path, "car", seconds=0.6)
    assert seen.tracks == ()
    assert any("Nothing" in note.text for note in seen.notes)


def test_the_same_clip_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    render("hammer", path, width=160, height=90, seconds=1.0)
    one, other = (
        observe(path, field_of_view_deg=54.0, keyframes_dir=tmp_path / name) for name in "ab"
    )
    assert one.to_json() == other.to_json()
    names = one.shots[0].keyframes
    assert names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_clip_of_one_frame_is_looked_at(tmp_path: Path) -> None:
    _, seen = look(tmp_path, "ball", seconds=0.04)
    assert seen.clip.frame_count == 1
    assert len(seen.shots) == len(seen.activity) == 1


@pytest.mark.slow
def test_odd_rates(tmp_path: Path) -> None:
    for options in ({"rate": Fraction(60)}, {"rate": Fraction(15)}, {"variable_rate": True}):
        truth, seen = look(tmp_path, "hammer", seed=1, **options)
        found = [moment.time_s for moment in select(seen, "strike")]
        assert f1(truth.onsets_s, found, 0.067) >= 0.97, options
