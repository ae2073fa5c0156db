"""ffprobe, ffmpeg and MediaInfo read what the export writes."""

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sample_session import finished_session

from foley_designer.core.clip import Clip
from foley_designer.export.audio import wav
from foley_designer.export.audio.mux import mux
from foley_designer.export.audio.wav import read_wav, write_wav
from foley_designer.export.bundle import export

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("ffprobe") is None, reason="no ffmpeg"),
]


def run(*command: object) -> bytes:
    return subprocess.run([str(c) for c in command], check=True, capture_output=True).stdout


def probe(path: Path) -> dict:
    return json.loads(
        run("ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", path)
    )


def film(path: Path, *options: str, rate: str = "25", seconds: str = "2") -> Path:
    source = f"testsrc2=size=160x120:rate={rate}:duration={seconds}"
    tone = f"sine=frequency=440:duration={seconds}"
    run(
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", tone,
        "-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", *options, path,
    )  # fmt: skip
    return path


def frame_hashes(path: Path) -> list[str]:
    out = run("ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-fps_mode", "passthrough",
              "-f", "framemd5", "-")  # fmt: skip
    lines = [line for line in out.decode().splitlines() if not line.startswith("#")]
    return [line.split(",")[-1].strip() for line in lines]


def about(path: Path, rate: Fraction) -> Clip:
    frames = len(frame_hashes(path))
    return Clip(
        name=path.name, sha256="0", width=160, height=120, rate=rate,
        duration_s=float(frames / rate), frame_count=frames,
    )  # fmt: skip


def add_foley(clip: Path, rate: Fraction, timecode: str | None) -> tuple[Path, Clip]:
    info = about(clip, rate)
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (8, info.sample_count))
    write_wav(clip.parent / "s.wav", noise[:2].astype(np.float32))
    write_wav(clip.parent / "m.wav", noise[2:].astype(np.float32))
    muxed = mux(
        clip, clip.parent / "s.wav", clip.parent / "m.wav", clip.parent / "out.mov",
        clip_info=info, timecode=timecode,
    )  # fmt: skip
    assert not muxed.notes
    return muxed.path, info


@pytest.mark.parametrize(
    ("rate", "timecode"),
    [
        ("24000/1001", "01:00:00:00"),
        ("24", "01:00:00:00"),
        ("25", "10:00:00:00"),
        ("30000/1001", "01:00:00;00"),
        ("30", "01:00:00:00"),
        ("60", "01:00:00:00"),
    ],
)
def test_movie(tmp_path: Path, rate: str, timecode: str) -> None:
    clip = film(tmp_path / "a.mp4", rate=rate)
    path, info = add_foley(clip, Fraction(rate), timecode)
    streams = probe(path)["streams"]
    assert [s["codec_name"] for s in streams[:3]] == ["h264", "pcm_s24le", "pcm_s24le"]
    assert [s.get("channel_layout") for s in streams[1:3]] == ["stereo", "5.1(side)"]
    assert streams[0]["avg_frame_rate"] == str(Fraction(rate)) + ("/1" if "/" not in rate else "")
    assert streams[0]["tags"]["timecode"] == timecode
    assert streams[3]["codec_tag_string"] == "tmcd"
    assert all(float(s["start_time"]) == 0 for s in streams)
    for sound in streams[1:3]:
        assert abs(float(sound["duration"]) - float(streams[0]["duration"])) <= info.frame_s
    assert frame_hashes(path) == frame_hashes(clip)
    for track, name in enumerate(("s.wav", "m.wav")):
        raw = run("ffmpeg", "-v", "error", "-i", path, "-map", f"0:a:{track}", "-f", "s24le", "-")
        wav = run("ffmpeg", "-v", "error", "-i", tmp_path / name, "-f", "s24le", "-")
        assert raw == wav


def test_clip_cut_by_edit_list_shows_the_same_frames(tmp_path: Path) -> None:
    film(tmp_path / "whole.mp4", seconds="4")
    run("ffmpeg", "-v", "error", "-ss", "1.32", "-i", tmp_path / "whole.mp4", "-t", "2",
        "-c", "copy", tmp_path / "cut.mp4")  # fmt: skip
    path, _ = add_foley(tmp_path / "cut.mp4", Fraction(25), None)
    cut, made = frame_hashes(tmp_path / "cut.mp4"), frame_hashes(path)
    assert made == cut
    assert abs(len(cut) - 50) <= 2


def test_broadcast_wav(tmp_path: Path) -> None:
    finished_session(tmp_path / "session", Fraction(24000, 1001), None)
    paths = export(tmp_path / "session", ["bwf"], tmp_path / "out").paths
    for path in [p for p in paths if p.suffix == ".wav"]:
        found = probe(path)
        stream = found["streams"][0]
        assert (stream["sample_rate"], stream["codec_name"]) == ("48000", "pcm_s24le")
        assert found["format"]["tags"]["time_reference"] == "172972800"
        assert found["format"]["tags"]["encoded_by"] == "foley-designer"
        if path.name.endswith("5_1.wav"):
            assert stream["channel_layout"] == "5.1(side)"


def test_surround_stems_and_discrete_files(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    whole = export(tmp_path / "session", ["bwf"], tmp_path / "whole", stems="5.1").paths
    for path in whole[:5]:
        assert probe(path)["streams"][0]["channel_layout"] == "5.1(side)"
    split = export(
        tmp_path / "session", ["bwf"], tmp_path / "split", layout="split", title="Yard"
    ).paths
    surround = [p for p in split if "_6ch_48k_24b_25." in p.name]
    layouts = {path.name.split(".")[1]: probe(path)["streams"][0] for path in surround}
    assert list(layouts) == ["L", "R", "C", "LFE", "Ls", "Rs"]
    assert {stream["channels"] for stream in layouts.values()} == {1}
    assert layouts["Ls"]["channel_layout"] == "1 channels (SL)"


@pytest.mark.skipif(shutil.which("mediainfo") is None, reason="no mediainfo")
def test_mediainfo_reads_layout_and_loudness(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    paths = export(tmp_path / "session", ["bwf"], tmp_path / "out").paths
    mix = next(p for p in paths if p.name.endswith("5_1.wav"))
    media = json.loads(run("mediainfo", "--Output=JSON", mix))["media"]["track"]
    general, audio = media[0], media[1]
    assert audio["ChannelLayout"] == "L R C LFE Ls Rs"
    assert audio["BitDepth"] == "24"
    loudness = {**general, **general.get("extra", {}), **audio, **audio.get("extra", {})}
    integrated = loudness["LoudnessValue"]
    assert float(integrated) == pytest.approx(-23.4)


def test_file_beyond_four_gibibytes_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_session(tmp_path / "session")
    monkeypatch.setattr(wav, "LARGEST", 100_000)
    path = export(tmp_path / "session", ["adm-ebu"], tmp_path / "out").paths[0]
    assert path.read_bytes()[:4] == b"BW64"
    stream = probe(path)["streams"][0]
    assert (stream["channels"], float(stream["duration"])) == (10, 8.0)


def test_downmix_of_what_is_written_is_what_ffmpeg_computes(tmp_path: Path) -> None:
    finished_session(tmp_path)
    mix = tmp_path / "mix_5_1.wav"
    half = 0.5**0.5
    pan = f"pan=stereo|c0=c0+{half}*c2+{half}*c4|c1=c1+{half}*c2+{half}*c5"
    raw = run("ffmpeg", "-v", "error", "-i", mix, "-af", f"aformat=flt,{pan}", "-f", "f32le", "-")
    theirs = np.frombuffer(raw, "<f4").reshape(-1, 2).T
    five = read_wav(mix)
    ours = five[:2] + np.float32(0.5**0.5) * (five[2] + five[4:])
    assert np.abs(theirs - ours).max() < 1e-6
