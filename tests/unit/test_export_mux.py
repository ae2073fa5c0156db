from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import NoteKind
from foley_designer.export.audio.mux import Muxed, mux
from foley_designer.export.audio.packet_times import PacketTime, RawTime, packet_times
from foley_designer.export.audio.wav import read_wav, write_wav

RATE = Fraction(25)


def film(path: Path, codec: str = "libx264", times: list[int] | None = None, turn: int = 0) -> Path:
    """A small moving picture; ``times`` in 1/1000 s."""
    times = [40 * i for i in range(20)] if times is None else times
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        if turn:
            stream.set_display_rotation(turn)
        for i, time in enumerate(times):
            picture = np.full((48, 64, 3), 10 * i, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def about(path: Path, duration_s: float = 0.8) -> Clip:
    count = round(duration_s * RATE)
    return Clip(
        name=path.name, sha256="0", width=64, height=48, rate=RATE, duration_s=duration_s,
        frame_count=count,
    )  # fmt: skip


def add_foley(clip: Path, name: str = "out.mov", duration_s: float = 0.8) -> Muxed:
    folder = clip.parent
    info = about(clip, duration_s)
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (8, info.sample_count)).astype(np.float32)
    write_wav(folder / "stereo.wav", noise[:2])
    write_wav(folder / "surround.wav", noise[2:])
    return mux(
        clip, folder / "stereo.wav", folder / "surround.wav", folder / name, clip_info=info,
        timecode="01:00:00:00",
    )  # fmt: skip


def shown(path: Path) -> list[tuple[float, bytes]]:
    """Times, from the first one, and pixels of the frames that a player shows."""
    with av.open(str(path)) as container:
        frames = [(f.time, f.to_ndarray().tobytes()) for f in container.decode(video=0)]
    return [(round(time - frames[0][0], 4), pixels) for time, pixels in frames]


def starts(path: Path) -> list[float]:
    """First shown time of each stream."""
    with av.open(str(path)) as container:
        streams = [s for s in container.streams if s.type in ("video", "audio")]
        return [float((s.start_time or 0) * s.time_base) for s in streams]


def sound(path: Path, track: int) -> np.ndarray:
    with av.open(str(path)) as container:
        stream = container.streams.audio[track]
        blocks = [frame.to_ndarray().reshape(-1) for frame in container.decode(stream)]
        return np.concatenate(blocks).reshape(-1, stream.channels).T / 2**31


@pytest.mark.parametrize(
    ("name", "codec", "suffix"),
    [
        ("a.mp4", "libx264", ".mov"),
        ("a.mkv", "libx264", ".mov"),
        ("a.ts", "libx264", ".mov"),
        ("a.avi", "mpeg4", ".mov"),
        ("a.webm", "libvpx-vp9", ".mp4"),
        ("b.webm", "libvpx", ".mkv"),
        ("a.flv", "flv", ".avi"),
    ],
)
def test_picture_is_untouched_and_sound_exact(
    tmp_path: Path, name: str, codec: str, suffix: str
) -> None:
    clip = film(tmp_path / name, codec)
    muxed = add_foley(clip)
    assert muxed.path.suffix == suffix
    assert [note.kind for note in muxed.notes] == [NoteKind.FALLBACK] * (suffix != ".mov")
    assert shown(muxed.path) == shown(clip)
    assert starts(muxed.path) == [0, 0, 0]
    for track, file in enumerate(("stereo.wav", "surround.wav")):
        assert np.array_equal(sound(muxed.path, track), read_wav(tmp_path / file))
    with av.open(str(muxed.path)) as container:
        layouts = [stream.layout.name for stream in container.streams.audio]
    assert layouts == ["stereo", "5.1(side)"]


def test_equal_inputs_give_equal_bytes(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4")
    one, two = add_foley(clip, "one.mov"), add_foley(clip, "two.mov")
    assert one.path.read_bytes() == two.path.read_bytes()


def test_variable_rate_keeps_every_frame_time(tmp_path: Path) -> None:
    times = [0, 40, 90, 130, 170, 300, 340, 345, 500, 760]
    clip = film(tmp_path / "a.mkv", times=times)
    muxed = add_foley(clip)
    assert [time for time, _ in shown(muxed.path)] == [time / 1000 for time in times]


def test_late_start_becomes_zero(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mkv", times=[520 + 40 * i for i in range(20)])
    muxed = add_foley(clip)
    assert starts(muxed.path) == [0, 0, 0]
    assert shown(muxed.path) == shown(clip)


def test_rotation_stays(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", turn=90)
    with av.open(str(add_foley(clip).path)) as container:
        frame = next(container.decode(video=0))
    assert frame.rotation == 90


def test_timecode_track(tmp_path: Path) -> None:
    with av.open(str(add_foley(film(tmp_path / "a.mp4")).path)) as container:
        assert container.streams.video[0].metadata["timecode"] == "01:00:00:00"


def test_tells_when_sound_and_picture_differ_in_length(tmp_path: Path) -> None:
    notes = add_foley(film(tmp_path / "a.mp4"), duration_s=0.6).notes
    assert [note.kind for note in notes] == [NoteKind.OPEN_POINT]
    assert "+0.200" in notes[0].text


def test_unreadable_clip_leaves_nothing_behind(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"no film at all")
    with pytest.raises(FoleyError) as caught:
        add_foley(clip)
    assert caught.value.code is ErrorCode.CLIP_UNREADABLE
    assert not list(tmp_path.glob("out*"))
    assert not list(tmp_path.glob(".part*"))


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros((2, 4800), np.float32))
    with pytest.raises(FoleyError) as caught:
        add_foley(tmp_path / "a.wav")
    assert caught.value.code is ErrorCode.CLIP_WITHOUT_VIDEO


def test_missing_decoding_times_are_extrapolated_below_the_first() -> None:
    raw = [RawTime(0, None, 0), RawTime(4, None, 0), RawTime(1, 0, 0), RawTime(2, 1, 0)]
    times = packet_times(raw, Fraction(1, 25), RATE)
    assert times is not None
    assert [time.dts for time in times.times] == [-2, -1, 0, 1]
    assert all(time.dts <= time.pts for time in times.times)


def test_hidden_frames_lie_before_zero_and_after_the_last_are_left_out() -> None:
    raw = [RawTime(10 + i, 10 + i, 1, hidden=i < 2 or i > 4) for i in range(7)]
    times = packet_times(raw, Fraction(1, 25), RATE)
    assert times is not None
    assert [time.pts for time in times.times] == [-2, -1, 0, 1, 2]
    assert times.duration_s == pytest.approx(3 / 25)


def test_rounded_times_are_restored_but_real_ones_kept() -> None:
    film_rate = Fraction(24000, 1001)
    rounded = [RawTime(round(1000 * i / film_rate), None, 42) for i in (0, 3, 1, 2, 4)]
    times = packet_times(rounded, Fraction(1, 1000), film_rate)
    assert times is not None
    assert times.time_base == 1 / film_rate
    assert times.times[1] == PacketTime(3, 0, 1)
    assert [time.dts for time in times.times] == [-1, 0, 1, 2, 3]
    strays = [RawTime(time, time, 42) for time in (0, 42, 90, 125)]
    kept = packet_times(strays, Fraction(1, 1000), film_rate)
    assert kept is not None
    assert [time.pts for time in kept.times] == [0, 42, 90, 125]


def test_nothing_shown_is_nothing() -> None:
    assert packet_times([RawTime(0, 0, 1, hidden=True)], Fraction(1, 25), RATE) is None


def test_timecode_that_the_rate_lacks_is_left_out_with_a_note(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4")
    add_foley(clip)
    muxed = mux(
        clip, tmp_path / "stereo.wav", tmp_path / "surround.wav", tmp_path / "out.mov",
        clip_info=about(clip), timecode="01:00:00;00",
    )  # fmt: skip
    assert "no timecode track" in muxed.notes[0].text
    with av.open(str(muxed.path)) as container:
        assert "timecode" not in container.streams.video[0].metadata
