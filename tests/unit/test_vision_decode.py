from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from benchmarks.yardstick.clip import render
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.vision.video.decode import frames, probe


def refusal(path: Path) -> ErrorCode:
    with pytest.raises(FoleyError) as caught:
        probe(path)
    return caught.value.code


@pytest.mark.parametrize("rate", [Fraction(15), Fraction(24000, 1001), Fraction(30000, 1001)])
def test_probe_names_the_exact_rate(tmp_path: Path, rate: Fraction) -> None:
    path = tmp_path / "clip.mp4"
    truth = render("ball", path, rate=rate, width=160, height=90, seconds=2.0)
    clip = probe(path)
    assert clip.rate == rate
    assert clip.frame_count == len(truth.times_s)
    assert clip.duration_s == pytest.approx(len(truth.times_s) / rate, abs=1e-3)
    assert not clip.variable_rate
    assert (clip.width, clip.height) == (160, 90)


def test_frames_of_a_variable_rate_keep_their_own_times(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    truth = render("ball", path, width=160, height=90, seconds=2.0, variable_rate=True)
    assert probe(path).variable_rate
    assert [f.time_s for f in frames(path, 80)] == pytest.approx(truth.times_s, abs=1e-4)


def test_frames_are_reduced_and_never_enlarged(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    render("ball", path, width=160, height=90, seconds=0.2)
    assert next(iter(frames(path, 80))).image.shape == (45, 80, 3)
    assert next(iter(frames(path, 1000))).image.shape == (90, 160, 3)


def test_time_starts_at_the_first_picture(tmp_path: Path) -> None:
    path = tmp_path / "late.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for index in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 20 * index, np.uint8))
            frame.pts = 500 + index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    seen = list(frames(path, 64))
    assert [frame.time_s for frame in seen] == pytest.approx(np.arange(10) / 25, abs=1e-6)
    assert probe(path).duration_s == pytest.approx(0.4, abs=1e-3)


def test_a_rotated_clip_is_shown_upright(tmp_path: Path) -> None:
    plain, turned = tmp_path / "plain.mp4", tmp_path / "turned.mp4"
    render("ball", plain, width=160, height=90, seconds=0.2)
    data = plain.read_bytes()
    one = (0x10000).to_bytes(4, "big")
    identity = one + bytes(12) + one + bytes(12) + (0x40000000).to_bytes(4, "big")
    quarter = bytes(4) + one + bytes(4) + (0xFFFF0000).to_bytes(4, "big") + bytes(16)
    track = data.index(b"tkhd")
    at = data.index(identity, track)
    turned.write_bytes(data[:at] + quarter + data[at + 32 :])
    clip = probe(turned)
    assert (clip.width, clip.height) == (90, 160)
    upright, flat = next(iter(frames(turned, 90))).image, next(iter(frames(plain, 160))).image
    assert upright.shape == (160, 90, 3)
    best = [np.abs(np.rot90(flat, k).astype(int) - upright).mean() for k in (1, 3)]
    assert best[1] < 3 < best[0]


def test_bad_inputs_are_told_apart(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.mp4") is ErrorCode.CLIP_NOT_FOUND
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert refusal(empty) is ErrorCode.CLIP_EMPTY
    text = tmp_path / "note.txt"
    text.write_text("INT. ROOM - DAY\n" * 50)
    assert refusal(text) is ErrorCode.CLIP_UNREADABLE
    whole = tmp_path / "whole.mp4"
    render("ball", whole, width=160, height=90, seconds=0.5)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert refusal(cut) is ErrorCode.CLIP_UNREADABLE
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{whole}\n#EXT-X-ENDLIST\n")
    assert refusal(playlist) is ErrorCode.CLIP_UNREADABLE


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert refusal(path) is ErrorCode.CLIP_WITHOUT_VIDEO


def test_damaged_pictures_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    render("ball", path, width=160, height=90, seconds=1.0)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 2000
    data[start : start + 300] = b"\xff" * 300
    path.write_bytes(data)
    assert 5 <= len(list(frames(path, 80))) <= 25
