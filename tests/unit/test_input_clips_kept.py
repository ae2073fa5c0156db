"""Clips that were never a problem and must not become one; and the same clips as movies."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import odd_clips
import pytest
from odd_clips import hammer, picture, write

from foley_designer.export.audio.mux import mux
from foley_designer.export.audio.wav import write_wav
from foley_designer.vision.video.decode import FrameReader, frames, open_clip

COUNT = 60
NTSC = Fraction(30000, 1001)


def cut(path: Path) -> Path:
    """A copy that begins between two key frames: an edit list hides half a second."""
    whole = write(path.with_name("whole.mkv"), coding={"g": "25", "bf": "0"})
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.pts is not None:
                packet.pts = packet.pts - 520
                packet.dts = packet.pts
                packet.stream = stream
                target.mux(packet)
    return path


KEPT: dict[str, tuple[Callable[[Path], Path], int]] = {
    "live Matroska": (lambda d: write(d / "a.mkv", options={"live": "1"}), COUNT),
    "WebM": (
        lambda d: write(d / "a.webm", codec="libvpx-vp9", coding={"cpu-used": "8"}),
        COUNT,
    ),
    "Windows Media": (lambda d: write(d / "a.wmv", codec="wmv2"), COUNT),
    "NUT": (lambda d: write(d / "a.nut", codec="ffv1"), COUNT),
    "APNG": (lambda d: write(d / "a.apng", codec="apng", pixels="rgb24", form="apng"), COUNT),
    "an edit list": (lambda d: cut(d / "a.mp4"), COUNT - 13),
    "ten bits": (
        lambda d: write(d / "a.mp4", pixels="yuv420p10le"),
        COUNT,
    ),
    "colours whole": (lambda d: write(d / "a.mp4", pixels="yuv444p"), COUNT),
    "alpha": (
        lambda d: write(d / "a.mov", codec="png", pixels="rgba"),
        COUNT,
    ),
}


@pytest.mark.parametrize(("make", "count"), KEPT.values(), ids=KEPT)
def test_what_was_right_stays_right(
    tmp_path: Path, make: Callable[[Path], Path], count: int
) -> None:
    path = make(tmp_path)
    clip = open_clip(path).clip
    assert (clip.rate, clip.timecode_rate, clip.frame_count) == (25, 25, count)
    assert clip.duration_s == pytest.approx(count / 25, abs=2e-3)
    shown = list(frames(path, 160))
    assert [frame.time_s for frame in shown] == pytest.approx(np.arange(count) / 25, abs=2e-3)
    drawn = hammer(1.0 + (COUNT - count) / 25)
    assert np.abs(shown[25].image.astype(int) - drawn).mean() < 6
    with FrameReader(path, 160) as reader:
        assert reader.at(1.0).time_s == pytest.approx(1.0, abs=2e-3)


def test_pixels_that_are_not_square_are_shown_so(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.mp4",
        seconds=0.4,
        images=lambda time_s: hammer(time_s, width=80),
        shape=Fraction(2),
    )
    clip = open_clip(path).clip
    assert (clip.width, clip.height) == (160, 96)
    assert next(iter(frames(path, 1000))).image.shape == (96, 160, 3)


def test_hours_of_sound_are_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as film:
        sound = film.add_stream("pcm_s16le", rate=8000, layout="mono")
        picture(film, Fraction(25))
        for start in (0, 5 * 3600 * 8000):
            block = av.AudioFrame.from_ndarray(
                np.zeros((1, 8000), np.int16), format="s16", layout="mono"
            )
            block.rate, block.pts, block.time_base = 8000, start, Fraction(1, 8000)
            film.mux(sound.encode(block))
        film.mux(sound.encode(None))
    with av.open(str(path)) as film:
        assert film.duration > 5 * 3600 * 1e6
    clip = open_clip(path).clip
    assert (clip.frame_count, clip.duration_s) == (COUNT, pytest.approx(2.4, abs=2e-3))


@pytest.mark.parametrize("start", ["01:00:00;00", "00:08:59;28", "23:59:59;29"])
def test_drop_frame_may_start_anywhere(tmp_path: Path, start: str) -> None:
    path = write(
        tmp_path / "dv.mov",
        NTSC,
        seconds=0.2,
        codec="dvvideo",
        pixels="yuv411p",
        images=lambda time_s: hammer(time_s, width=720, height=480),
        tags={"timecode": start},
    )
    clip = open_clip(path).clip
    assert (clip.rate, clip.timecode_rate, clip.timecode) == (NTSC, NTSC, start)


def test_the_default_picture_is_taken_where_one_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "many.mkv"
    with av.open(str(path), "w") as film:
        streams = [film.add_stream("libx264", rate=25) for _ in range(2)]
        for stream, width in zip(streams, (160, 128), strict=True):
            stream.width, stream.height, stream.pix_fmt = width, 96, "yuv420p"
        streams[0].disposition = av.stream.Disposition(0)
        streams[1].disposition = av.stream.Disposition.default
        for number in range(5):
            for stream in streams:
                image = hammer(number / 25, width=stream.width)
                film.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        for stream in streams:
            film.mux(stream.encode())
    opened = open_clip(path)
    assert opened.clip.width == 128
    assert "160×96" in " ".join(note.text for note in opened.notes)


def movie(clip_path: Path, rate: Fraction | None = None) -> Path:
    """The clip with silence as its Foley."""
    folder, clip = clip_path.parent, open_clip(clip_path, rate).clip
    for name, channels in (("stereo.wav", 2), ("surround.wav", 6)):
        write_wav(folder / name, np.zeros((channels, clip.sample_count), np.float32))
    return mux(
        clip_path,
        folder / "stereo.wav",
        folder / "surround.wav",
        folder / "out.mov",
        clip_info=clip,
    ).path


def pictures_of(path: Path) -> tuple[int, int, int]:
    """Width, height and number of the frames that a player shows."""
    with av.open(str(path)) as film:
        assert len(film.streams.video) == 1
        shown = list(film.decode(video=0))
        return shown[0].width, shown[0].height, len(shown)


MOVIES: dict[str, tuple[Callable[[Path], Path], Fraction | None, tuple[int, int, int]]] = {
    "a preview first": (
        lambda d: odd_clips.two_pictures(d / "many.mkv", [(64, 48), (160, 96)]),
        None,
        (160, 96, 10),
    ),
    "a Latin-1 tag": (lambda d: latin(d / "old.avi"), None, (160, 96, 10)),
    "a clock that wraps": (
        lambda d: write(d / "wrap.ts", options={"output_ts_offset": "95442.5"}),
        None,
        (160, 96, COUNT),
    ),
    "raw H.264": (lambda d: write(d / "raw.h264", form="h264"), None, (160, 96, COUNT)),
    "an animated GIF": (
        lambda d: write(d / "a.gif", codec="gif", pixels="rgb8", seconds=0.8),
        None,
        (160, 96, 20),
    ),
    "images": (
        lambda d: odd_clips.sequence(d / "seq", count=12),
        Fraction(24),
        (160, 96, 12),
    ),
}


def latin(path: Path) -> Path:
    """Tags in the encoding of an old camera."""
    write(path, codec="mpeg4", seconds=0.4, tags={"title": "Schmiede XX"})
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Schmiede XX", "Schmiede äö".encode("latin-1")))
    return path


@pytest.mark.parametrize(("make", "rate", "shown"), MOVIES.values(), ids=MOVIES)
def test_odd_clips_become_movies_of_the_same_picture(
    tmp_path: Path,
    make: Callable[[Path], Path],
    rate: Fraction | None,
    shown: tuple[int, int, int],
) -> None:
    assert pictures_of(movie(make(tmp_path), rate)) == shown
