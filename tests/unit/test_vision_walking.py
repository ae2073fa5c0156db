"""Heel strikes: exact on a drawn walker whose joints are told, and through a real model's class."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from better_eyes import looked_closer
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.yardstick.actors import Walker
from benchmarks.yardstick.clip import render
from benchmarks.yardstick.score import matches
from benchmarks.yardstick.stage import View
from foley_designer.core.note import NoteKind
from foley_designer.core.script.observation import Box, MomentKind, MotionKind, Observation
from foley_designer.vision.events.heel_strikes import Gait, heel_strikes
from foley_designer.vision.events.walking import with_heel_strikes
from foley_designer.vision.observe import observe
from foley_designer.vision.video.frame import Image

WIDTH, HEIGHT = 320, 180
JOINTS = ("nose", "left_hip", "right_hip", "left_ankle", "right_ankle")


class ToldJoints:
    """A pose model that is told the walker's own joints, some of them a little off."""

    name = "told 1"
    joints = JOINTS

    def __init__(self, seed: int, jitter: float = 0.0) -> None:
        self.walker = Walker(np.random.default_rng(seed))
        self.view = View(WIDTH, HEIGHT, 54.0)
        self.rng, self.jitter = np.random.default_rng(9), jitter
        self.times: list[float] = []

    def pose(self, image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        time_s = self.times.pop(0)
        margin = (self.view.canvas_size[0] - WIDTH) / 2
        hip = self.walker._hip(time_s)
        places = [hip.x, hip.x, hip.x]
        places += [self.walker._foot(foot, time_s)[0] for foot in (0, 1)]
        found = np.full((len(boxes), len(JOINTS), 3), 0.9, np.float32)
        for row, x in enumerate(places):
            across = (self.view.project(hip._replace(x=x))[0] - margin) / WIDTH
            found[:, row, 0] = across + self.rng.normal(0, self.jitter)
        return found


@pytest.mark.parametrize("rate", [25, 15])
@pytest.mark.parametrize("jitter", [0.0, 0.002])
@pytest.mark.slow
def test_strikes_of_a_drawn_walker_are_exact(
    tmp_path: Path, rate: int, jitter: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.mp4"
    truth = render("walker", path, rate=Fraction(rate), width=WIDTH, height=HEIGHT, seed=3)
    seen = observe(path)
    model = ToldJoints(3, jitter)
    shown = model.pose

    def pose(image: Image, boxes: Sequence[Box]) -> NDArray[np.float32]:
        model.times.append(times.pop(0))
        return shown(image, boxes)

    (walker,) = (track for track in seen.tracks if track.kind is MotionKind.WALKING)
    times = [t for t in truth.times_s if walker.start_s - 1e-6 <= t <= walker.end_s + 1e-6]
    monkeypatch.setattr(model, "pose", pose)
    told = with_heel_strikes(path, seen, model, 400)
    found = tuple(one.time_s for one in told.moments if one.kind is MomentKind.STEP)
    due = tuple(t for t in truth.onsets_s if walker.start_s + 0.1 < t < 4.8)
    assert matches(due, found, 1 / rate + 1e-3) == len(due)
    assert len(found) <= len(due) + 1, "at most the strike at the very end of the clip"
    assert told.parts["steps"] == "told 1"
    kept = [one for one in seen.moments if one.kind is not MomentKind.STEP]
    assert [one for one in told.moments if one.kind is not MomentKind.STEP] == kept


@given(st.floats(0.45, 0.7), st.floats(0.0, 0.3), st.sampled_from([-1.0, 1.0]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_strikes_lie_where_the_foot_is_farthest_ahead(
    period_s: float, first_s: float, way: float, follows: bool
) -> None:
    times = np.arange(0.0, 5.0, 1 / 25)
    swing = [0.1 * np.cos(np.pi * ((times - first_s) / period_s + k)) for k in (0, 1)]
    hip = np.full_like(times, 0.5) if follows else 0.5 + way * 0.08 * times
    feet = hip[:, None] + way * np.stack([np.sign(one) * np.abs(one) for one in swing], 1)
    if follows:  # skewed: the swing forward is quicker than the way back under the body
        phase = np.pi * (times - first_s) / period_s
        feet = hip[:, None] + way * np.stack(
            [0.1 * np.cos(phase + np.pi * k + 0.5 * np.sin(phase + np.pi * k)) for k in (0, 1)], 1
        )
    found = heel_strikes(Gait(times, feet, hip, np.ones_like(times)))
    due = np.arange(first_s, 4.9, period_s)
    due = due[due > 0.1]
    assert matches(tuple(due), tuple(one.time_s for one in found), 0.03) >= len(due)
    assert heel_strikes(Gait(times, feet, hip, np.full_like(times, 0.1))) == []


@pytest.mark.slow
def test_a_model_without_feet_or_with_nonsense_is_told_and_the_steps_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.mp4"
    render("walker", path, width=WIDTH, height=HEIGHT, seed=3)
    seen = observe(path)

    class NoFeet(ToldJoints):
        joints = ("nose",)

    for answer in (NoFeet(3), None):
        model = answer or ToldJoints(3)
        if answer is None:
            monkeypatch.setattr(model, "pose", lambda *_: np.full((1, 5, 3), np.nan))
        with pytest.raises(ValueError, match=r"ankles|finite"):
            with_heel_strikes(path, seen, model, 400)


@pytest.fixture(scope="module")
def vitpose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from transformers import (
        VitPoseBackboneConfig,
        VitPoseConfig,
        VitPoseForPoseEstimation,
        VitPoseImageProcessorPil,
    )

    torch.manual_seed(0)
    names = dict(enumerate(("Nose", "L_Hip", "left_hip", "right_hip", "left_ankle", "right_ankle")))
    config = VitPoseConfig(
        backbone_config=VitPoseBackboneConfig(
            image_size=[64, 48], patch_size=[16, 16], hidden_size=16, num_hidden_layers=1,
            num_attention_heads=2, mlp_ratio=2, out_features=["stage1"],
        ),
        id2label=names,
        label2id={name: key for key, name in names.items()},
        use_simple_decoder=True,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("vitpose")
    VitPoseForPoseEstimation(config).save_pretrained(folder)
    VitPoseImageProcessorPil(size={"height": 64, "width": 48}).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Observation]:
    path = tmp_path_factory.mktemp("clip") / "walk.mp4"
    render("walker", path, width=WIDTH, height=HEIGHT, seconds=3.0, seed=3)
    return path, observe(path)


@pytest.mark.slow
def test_a_small_random_vitpose_sees_joints_inside_the_picture(
    vitpose: Path, walk: tuple[Path, Observation]
) -> None:
    from foley_designer.vision.models.pose import load_pose

    model = load_pose(str(vitpose))
    assert model is not None
    assert model.joints == ("nose", "l_hip", "left_hip", "right_hip", "left_ankle", "right_ankle")
    image = np.random.default_rng(1).integers(0, 255, (90, 160, 3)).astype(np.uint8)
    boxes = [Box(x=0.3, y=0.5, width=0.2, height=0.8), Box(x=0.7, y=0.5, width=0.2, height=0.8)]
    found = model.pose(image, boxes)
    assert found.shape == (2, 6, 3)
    assert (found[..., 2] >= 0).all()
    for row, box in enumerate(boxes):
        assert (np.abs(found[row, :, 1] - box.y) < box.height).all()
    assert np.array_equal(found, model.pose(image, boxes))

    path, seen = walk
    told = looked_closer(path, seen, depth_model="none", pose_weights=str(vitpose))
    assert not [note for note in told.notes if note.kind is NoteKind.FALLBACK]


@pytest.mark.slow
def test_pose_weights_that_are_not_here_are_told(walk: tuple[Path, Observation]) -> None:
    path, seen = walk
    told = looked_closer(path, seen, depth_model="none", pose_weights=str(path.parent / "no"))
    (note,) = (one for one in told.notes if one.kind is NoteKind.FALLBACK)
    assert "No weights at" in note.text
    assert told.moments == seen.moments
