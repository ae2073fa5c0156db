"""Clips as the world makes them: each is opened with the right value, or refused by name."""

import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import odd_clips
import pytest
from odd_clips import write

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.observation import Observation
from foley_designer.core.timecode import STANDARD_RATES, standard_rate
from foley_designer.vision.observe import observe
from foley_designer.vision.video.decode import FrameReader, OpenedClip, frames, open_clip
from foley_designer.vision.video.sequence import clip_hash
from foley_designer.vision.video.source import MAX_PIXELS

COUNT = 60
"""Frames of a clip of 2.4 s at 25 a second."""


def told(opened: OpenedClip) -> str:
    return " ".join(note.text for note in opened.notes)


def refused(path: Path, rate: Fraction | None = None) -> FoleyError:
    with pytest.raises(FoleyError) as caught:
        open_clip(path, rate)
    return caught.value


def times(path: Path, rate: Fraction | None = None) -> list[float]:
    return [frame.time_s for frame in frames(path, 80, rate)]


CONTAINERS: dict[str, Callable[[Path], Path]] = {
    "MPEG-TS whose clock wraps": lambda d: write(
        d / "wrap.ts", options={"output_ts_offset": "95442.5"}
    ),
    "MPEG-TS from hour ten": lambda d: write(d / "late.ts", options={"output_ts_offset": "36000"}),
    "raw H.264": lambda d: write(d / "raw.h264", form="h264"),
    "raw MJPEG": lambda d: write(d / "raw.mjpeg", form="mjpeg", codec="mjpeg", pixels="yuvj420p"),
    "raw MPEG-2": lambda d: write(d / "raw.m2v", form="mpeg2video", codec="mpeg2video"),
    "times below zero": lambda d: write(
        d / "neg.mkv", options={"output_ts_offset": "-3", "avoid_negative_ts": "disabled"}
    ),
    "AVI": lambda d: write(d / "old.avi", codec="mpeg4"),
    "Flash": lambda d: write(d / "web.flv", codec="flv1"),
    "MXF": lambda d: write(d / "x.mxf", codec="mpeg2video"),
    "fragments": lambda d: write(
        d / "frag.mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    ),
}


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=CONTAINERS)
def test_every_container_gives_each_frame_its_time(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    clip = open_clip(path).clip
    assert (clip.rate, clip.timecode_rate, clip.frame_count) == (25, 25, COUNT)
    assert clip.duration_s == pytest.approx(2.4, abs=2e-3)
    assert times(path) == pytest.approx(np.arange(COUNT) / 25, abs=2e-3)
    with FrameReader(path, 80) as reader:
        asked = (1.0, 0.5, 2.0, 0.1, 9.0)
        seen = [reader.at(time_s).time_s for time_s in asked]
    assert seen == pytest.approx([1.0, 0.48, 2.0, 0.08, 2.36], abs=2e-3)


def test_frames_without_times_are_counted_and_that_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "raw.h264", form="h264")
    assert "counted at 25" in told(open_clip(path))
    clip, notes, _ = open_clip(path, Fraction(30))
    assert (clip.rate, clip.duration_s, notes) == (30, COUNT / 30, ())
    assert times(path, Fraction(30)) == pytest.approx(np.arange(COUNT) / 30)


def test_equal_times_are_none(tmp_path: Path) -> None:
    base = write(tmp_path / "base.mkv", codec="mjpeg", pixels="yuvj420p")
    block = re.compile(rb"\x81..\x80\xff\xd8", re.DOTALL)  # track 1, time, key frame, JPEG
    data, count = block.subn(b"\x81\0\0\x80\xff\xd8", base.read_bytes())
    assert count == COUNT
    path = tmp_path / "equal.mkv"
    path.write_bytes(data)
    opened = open_clip(path)
    assert opened.clip.duration_s > 1.0
    assert "counted" in told(opened)
    assert len(times(path)) == COUNT


def test_a_phones_rate_varies_and_timecode_counts_at_a_standard_one(tmp_path: Path) -> None:
    path = odd_clips.phone(tmp_path / "phone.mp4")
    opened = open_clip(path)
    assert opened.clip.variable_rate
    assert opened.clip.rate == opened.clip.timecode_rate == 30
    assert "varies" in told(opened) and "counts at 30" in told(opened)
    asked = open_clip(path, Fraction(24000, 1001)).clip
    assert (asked.rate, asked.timecode_rate) == (30, Fraction(24000, 1001))
    assert asked.duration_s == opened.clip.duration_s


@pytest.mark.parametrize(
    ("rate", "counts_at"),
    [(12, 24), (15, 30), (Fraction(25, 2), 25), (240, 60), (1000, 50), (Fraction(1700, 71), None)],
)
def test_timecode_counts_at_a_rate_that_programs_have(
    rate: Fraction | int, counts_at: int | None
) -> None:
    found = standard_rate(Fraction(rate))
    assert found in STANDARD_RATES
    assert found == (counts_at or Fraction(24000, 1001))


@pytest.mark.parametrize("stated", [Fraction(2997, 100), Fraction(23976, 1000)])
def test_a_rate_that_was_rounded_is_the_one_that_was_meant(
    tmp_path: Path, stated: Fraction
) -> None:
    clip, notes, _ = open_clip(write(tmp_path / "a.mp4", stated, seconds=2.0))
    assert clip.rate == clip.timecode_rate == Fraction(round(stated) * 1000, 1001)
    assert notes == ()


def test_odd_rates_are_said(tmp_path: Path) -> None:
    fast = open_clip(write(tmp_path / "fast.mp4", 240, seconds=0.5))
    assert (fast.clip.rate, fast.clip.timecode_rate) == (240, 60)
    assert "240 a second" in told(fast) and "at 60" in told(fast)
    gif = open_clip(
        write(tmp_path / "a.gif", Fraction(25, 2), codec="gif", pixels="rgb8", seconds=1.2)
    )
    assert (gif.clip.rate, gif.clip.timecode_rate) == (Fraction(25, 2), 25)
    assert "animated GIF" in told(gif)


def test_a_preview_is_not_taken_for_the_picture(tmp_path: Path) -> None:
    size = (odd_clips.WIDTH, odd_clips.HEIGHT)
    path = odd_clips.two_pictures(tmp_path / "many.mkv", [(64, 48), size])
    opened = open_clip(path)
    assert (opened.clip.width, opened.clip.height) == size
    assert "64×48" in told(opened) and "largest" in told(opened)
    assert next(iter(frames(path, 160))).image.shape[1] == odd_clips.WIDTH


@pytest.mark.parametrize(
    ("matrix", "change", "mirrored"),
    [
        ((0, 1, -1, 0), lambda image: np.rot90(image, -1), False),
        ((0, -1, 1, 0), np.rot90, False),
        ((-1, 0, 0, -1), lambda image: image[::-1, ::-1], False),
        ((-1, 0, 0, 1), lambda image: image[:, ::-1], True),
        ((1, 0, 0, -1), lambda image: image[::-1], True),
        ((0, 1, 1, 0), lambda image: image.swapaxes(0, 1), True),
    ],
)
def test_frames_are_seen_as_their_viewer_sees_them(
    tmp_path: Path, matrix: tuple[int, ...], change: Callable, mirrored: bool
) -> None:
    base = write(tmp_path / "base.mp4", seconds=0.2)
    path = odd_clips.turned(base, tmp_path / "turned.mp4", matrix)
    plain = next(iter(frames(base, 1000))).image
    shown = next(iter(frames(path, 1000))).image
    assert np.array_equal(shown, change(plain))
    opened = open_clip(path)
    assert (opened.clip.height, opened.clip.width) == shown.shape[:2]
    assert ("mirrored" in told(opened)) is mirrored


def test_interlaced_frames_are_rebuilt_from_their_first_field(tmp_path: Path) -> None:
    def combed(time_s: float) -> np.ndarray:
        image = np.full((96, 160, 3), 30, np.uint8)
        for field in (0, 1):
            at = int(20 + 500 * (time_s + field / 50)) % 140
            image[field::2, at : at + 12] = 220
        return image

    path = write(
        tmp_path / "field.mkv",
        seconds=0.4,
        images=combed,
        coding={"flags": "+ildct+ilme", "x264-params": "tff=1:interlaced=1:qp=8"},
    )
    opened = open_clip(path)
    assert "interlaced" in told(opened)
    shown = list(frames(path, 160))
    assert len(shown) == 10
    for frame in shown[2:-2]:
        bright = (frame.image[..., 1] > 128).sum(axis=1)
        assert np.median(bright) == pytest.approx(12, abs=2), "both fields would show 24"


def test_tags_in_any_encoding_are_no_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "old.avi", codec="mpeg4", seconds=0.4, tags={"title": "Schmiede XX"})
    data = path.read_bytes()
    assert b"Schmiede XX" in data
    path.write_bytes(data.replace(b"Schmiede XX", "Schmiede äö".encode("latin-1")))
    assert open_clip(path).clip.frame_count == 10


def test_two_frames_and_one(tmp_path: Path) -> None:
    for count in (1, 2):
        path = write(tmp_path / f"{count}.mp4", seconds=count / 25)
        clip, notes, _ = open_clip(path)
        assert (clip.frame_count, notes) == (count, ())
        seen: Observation = observe(path)
        assert len(seen.shots) == 1


@pytest.mark.parametrize("times", [[0, 0.04, 7200.0], [0, 0.001, 0.002, 0.003], [5.0]])
@pytest.mark.slow
def test_whatever_opens_is_looked_at(tmp_path: Path, times: list[float]) -> None:
    path = write(tmp_path / "odd.mp4", times=times)
    seen: Observation = observe(path)
    assert seen.shots[0].start_s == 0
    assert seen.shots[-1].end_s == pytest.approx(seen.clip.duration_s)


def test_frames_hours_apart_are_said(tmp_path: Path) -> None:
    path = write(tmp_path / "hours.mp4", times=[0, 0.04, 7200.0])
    opened = open_clip(path)
    assert opened.clip.duration_s == pytest.approx(7200.04)
    assert opened.clip.rate == 25
    assert "stands for 7,200 s" in told(opened)


def test_what_no_one_plays_is_refused(tmp_path: Path) -> None:
    fast = write(tmp_path / "fast.mp4", times=[n / 2000 for n in range(40)])
    assert refused(fast).code is ErrorCode.CLIP_UNREADABLE
    assert "2,000 frames a second" in str(refused(fast))
    thin = write(
        tmp_path / "thin.mov",
        seconds=0.1,
        codec="png",
        pixels="rgb24",
        images=lambda _: np.zeros((8000, 2, 3), np.uint8),
    )
    assert "2×8000" in str(refused(thin))


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = write(tmp_path / "base.mp4", seconds=0.2)
    monkeypatch.setattr("foley_designer.vision.video.source.MAX_PIXELS", 160 * 96 - 1)
    monkeypatch.setattr(
        "foley_designer.vision.video.source.Source.decoded", lambda _: pytest.fail("decoded")
    )
    assert refused(base).code is ErrorCode.CLIP_TOO_LARGE
    assert MAX_PIXELS < 2**31 / 3, "a frame fits into memory"


def test_damaged_packets_never_reach_the_user(tmp_path: Path) -> None:
    base = write(tmp_path / "base.mp4", seconds=1.0)
    random = np.random.default_rng(0)
    whole = base.read_bytes()
    for number in range(12):
        data = bytearray(whole)
        start = int(random.integers(40, len(data) - 400))
        data[start : start + 300] = random.bytes(300)
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(data)
        try:
            open_clip(path)
            list(frames(path, 80))
        except FoleyError as error:
            assert error.code.startswith("clip_")


def test_images_in_sequence_are_a_clip(tmp_path: Path) -> None:
    rate = Fraction(24)
    pattern = odd_clips.sequence(tmp_path / "100%_done", first=86, count=36)
    opened = open_clip(pattern, rate)
    assert (opened.clip.rate, opened.clip.frame_count, opened.notes) == (24, 36, ())
    assert opened.clip.sha256 == clip_hash(pattern)
    assert times(pattern, rate) == pytest.approx(np.arange(36) / 24)
    with FrameReader(pattern, 80, rate) as reader:
        assert reader.at(1.0).time_s == pytest.approx(1.0)
        assert reader.at(0.25).time_s == pytest.approx(0.25)
    assert "--rate" in refused(pattern).hint
    (pattern.parent / "shot_0090.png").unlink()
    assert "no image 90" in str(refused(pattern, rate))
    nothing = refused(tmp_path / "shot_%04d.png", rate)
    assert nothing.code is ErrorCode.CLIP_NOT_FOUND


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    base = write(tmp_path / "base.mp4", seconds=0.2)
    name = os.fsencode(tmp_path) + b"/caf\xe9.mp4"
    try:
        base.rename(os.fsdecode(name))
    except OSError:
        pytest.skip("this file system takes no such name")
    error = refused(Path(os.fsdecode(name)))
    assert error.code is ErrorCode.CLIP_UNREADABLE
    assert str(error).encode()


def test_a_timecode_that_the_rate_has_not_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "tc.mov", 30, seconds=0.4, tags={"timecode": "01:00:00:29"})
    good = open_clip(path)
    assert (good.clip.timecode, good.notes) == ("01:00:00:29", ())
    bad = open_clip(path, Fraction(25))
    assert bad.clip.timecode == "01:00:00:29"
    assert "isn't used" in told(bad)
