"""Bodies and hands: geometry of regions, files, and the real models where they are here."""

import zipfile

import numpy as np
import pytest

from foley_designer.core.settings import Settings
from foley_designer.vision.models import people_files
from foley_designer.vision.models.landmarks import (
    FILES,
    Roi,
    anchors,
    body_roi,
    crop,
    hand_roi,
    uncrop,
    upright,
)
from foley_designer.vision.models.standing import Standing
from foley_designer.vision.models.wheel import keep, read
from foley_designer.vision.video.decode import FrameReader
from foley_designer.vision.video.frame import Frame
from foley_designer.vision.video.shots import shot_size


def test_anchors_are_as_many_as_the_models_boxes():
    assert anchors(224, (8, 16, 32, 32, 32)).shape == (2254, 2)
    palm = anchors(192, (8, 16, 16, 16))
    assert palm.shape == (2016, 2)
    assert palm[0] == pytest.approx([0.5 / 24, 0.5 / 24])
    assert palm[2] == pytest.approx([1.5 / 24, 0.5 / 24])


def test_a_point_of_a_turned_crop_goes_back_to_its_pixel():
    image = np.zeros((120, 160, 3), np.uint8)
    image[70:75, 100:105] = 255
    roi = Roi(90.0, 60.0, 80.0, 0.7)
    part = crop(image, roi, 160)
    rows, columns = np.nonzero(part[..., 0] > 128)
    at = np.array([[columns.mean() + 0.5, rows.mean() + 0.5]]) / 160
    assert uncrop(at, roi)[0] == pytest.approx([102.0, 72.0], abs=1.0)


def test_upright_turns_the_way_up():
    assert upright(np.array([0.0, 0.0]), np.array([0.0, -1.0])) == pytest.approx(0.0)
    assert upright(np.array([0.0, 0.0]), np.array([1.0, 0.0])) == pytest.approx(np.pi / 2)


def test_a_body_is_looked_at_round_its_hips():
    roi = body_roi(np.array([[50.0, 80.0], [50.0, 40.0]]))
    assert roi == pytest.approx((50.0, 80.0, 100.0, 0.0))


def test_a_hand_is_looked_at_with_its_fingers_up():
    rng = np.random.default_rng(0)
    hand = rng.uniform((100, 40), (110, 50), (21, 2))
    hand[0] = [105.0, 70.0]
    upward = hand_roi(hand)
    assert abs(upward.turn) < 0.3
    sideways = hand_roi(np.stack([-hand[:, 1], hand[:, 0]], 1))  # turned a quarter clockwise
    assert sideways.turn - upward.turn == pytest.approx(np.pi / 2)
    assert sideways.side == pytest.approx(upward.side)


def test_files_are_taken_out_of_the_wheel_whatever_their_folder(tmp_path):
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in FILES:
            archive.writestr(f"mediapipe/modules/{name}", name)
        archive.writestr("mediapipe/other.tflite", "no")
    folder = people_files.folder_of(tmp_path)
    assert "models pull hands" in (people_files.missing(tmp_path) or "")
    keep(folder, read(wheel, FILES))
    assert sorted(one.name for one in folder.iterdir()) == sorted(FILES)
    assert "models pull hands" not in (people_files.missing(tmp_path) or "")


def test_nobody_is_seen_in_grey_and_names_stay_while_followed():
    if (why := people_files.missing(Settings().data_dir)) is not None:
        pytest.skip(why)
    from foley_designer.vision.models.people import PeopleTracker

    tracker = PeopleTracker(people_files.folder_of(Settings().data_dir))
    people = tracker.follow(np.full((360, 640, 3), 128, np.uint8))
    assert people.bodies == () == people.hands


def test_who_stands_in_a_shot_tells_its_size(media):
    folder = people_files.people_here(Settings().data_dir)
    if folder is None:
        pytest.skip("no models of bodies: foley-designer models pull hands")
    told = {}
    for name in ("tennis_court", "cough_woman", "sea_waves"):
        standing = Standing(folder)
        with FrameReader(media / "film" / f"{name}.mp4", 480) as reader:
            for time_s in (0.5, 2.5, 4.5):
                frame = Frame(0, time_s, reader.at(time_s).image)
                standing.offer(frame, is_cut=True)
                standing.offer(Frame(0, time_s + 0.3, frame.image), is_cut=False)
        told[name] = (shot_size(standing.height(0.0, 9.0), ()), standing.of(0.0, 9.0))
    assert [size for size, _ in told.values()] == ["wide", "close", "unknown"]
    assert told["tennis_court"][1] > 0.9
    assert told["sea_waves"][1] < 0.1
    assert Standing(folder).of(0.0, 9.0) is None
