"""Design every clip of a folder and measure what comes out with programs that are not ours.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.seeing.real_clips [CLIP ...]

FOLDER/clips holds the films; FOLDER/score_onsets.py, where it is there, scores onsets. Prints a
line a clip: exit code, stems, how far the movie's picture and sound differ in frames, what ffmpeg's
ebur128 reads against what the session claims, the downmix null of 5.1 by ffmpeg's pan filter, the
LFE above 180 Hz re its passband, and onset F1 at 100 and 50 ms. Exits 1 if a limit is broken.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import yaml
from scipy.signal import welch

PAN = "pan=stereo|FL=FL+0.70710678118*FC+0.70710678118*SL|FR=FR+0.70710678118*FC+0.70710678118*SR"


class Row(NamedTuple):
    """What was measured on one clip."""

    stems: int
    picture_frames: float
    length_samples: int
    loudness_lu: float
    peak_dbtp: float
    null_db: float
    lfe_db: float
    onsets: str

    @property
    def is_good(self) -> bool:
        """Whether every limit holds."""
        return (
            abs(self.picture_frames) <= 1
            and abs(self.length_samples) <= 1
            and abs(self.loudness_lu) <= 0.2
            and self.peak_dbtp <= -1.0
            and self.null_db <= -80
            and self.lfe_db <= -60
        )


def run(*command: object) -> str:
    """Standard output and error of a program that must succeed."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def measure(out: Path, clip: Path, score: Path) -> Row:
    """Measure one finished session."""
    record = json.loads((out / "session.json").read_text())
    movie = next(out.glob("*_foley.*"))
    streams = json.loads(run("ffprobe", "-v", "error", "-show_streams", "-of", "json", movie))
    lengths = {
        stream["codec_type"]: float(stream["duration"])
        for stream in streams["streams"]
        if "duration" in stream
    }
    rate = eval_rate(record["clip"]["rate"])
    mix = out / "mix_stereo.wav"
    info = soundfile.info(mix)
    meter = run("ffmpeg", "-nostats", "-i", mix, "-af", "ebur128=peak=true", "-f", "null", "-")
    read = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", meter)[-1])
    peak = float(re.findall(r"Peak:\s+(-?[\d.]+|-inf) dBFS", meter)[-1])
    claimed = record["mix"]["stereo"]["integrated_lufs"]
    return Row(
        stems=len(record["stems"]),
        picture_frames=(lengths["video"] - lengths["audio"]) * rate,
        length_samples=info.frames - round(record["clip"]["duration_s"] * 48000),
        loudness_lu=read - claimed if claimed is not None else 0.0,
        peak_dbtp=peak,
        null_db=null_db(out, mix),
        lfe_db=lfe_db(out / "mix_5_1.wav"),
        onsets=onsets(score, clip, mix),
    )


def eval_rate(text: str) -> float:
    """Frames a second of ``"30000/1001"``."""
    numerator, denominator = text.split("/")
    return int(numerator) / int(denominator)


def null_db(out: Path, mix: Path) -> float:
    """Level of (Lo/Ro by ffmpeg - stereo) against the stereo."""
    with tempfile.TemporaryDirectory() as folder:
        down = Path(folder) / "down.wav"
        run(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            out / "mix_5_1.wav",
            "-af",
            PAN,
            "-c:a",
            "pcm_f32le",
            down,
        )
        mixed, stereo = soundfile.read(down)[0], soundfile.read(mix)[0]
    power = np.mean((mixed - stereo) ** 2) / max(np.mean(stereo**2), 1e-20)
    return float(10 * np.log10(power + 1e-20))


def lfe_db(path: Path) -> float:
    """Highest power density of the LFE from 180 Hz up, against its passband's highest."""
    lfe = soundfile.read(path)[0][:, 3]
    frequency, density = welch(lfe, 48000, nperseg=min(16384, len(lfe)))
    passband = density[(frequency > 20) & (frequency < 110)].max()
    return float(10 * np.log10(density[frequency >= 180].max() / max(passband, 1e-30) + 1e-30))


def onsets(score: Path, clip: Path, mix: Path) -> str:
    """F1 at 100 and 50 ms, where the scorer knows the clip."""
    done = subprocess.run(
        [sys.executable, str(score), clip.name, str(mix)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return "-"
    scores = json.loads(done.stdout)
    return f"{scores['f1_100ms']:.2f} {scores['f1_50ms']:.2f}"


def main() -> None:
    """Design and measure all clips, or those that are named."""
    media = Path(os.environ["FOLEY_MEDIA"])
    table = yaml.safe_load((Path(__file__).parent / "clips.yaml").read_text())
    names = sys.argv[1:] or list(table)
    failed = []
    print(
        "clip                      rc stems  A-V    len     LU   peak   null    LFE  F1 100/50 ms"
    )
    for name in names:
        clip = media / "clips" / f"{name}.mp4"
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            command = [sys.executable, "-m", "foley_designer", "design", str(clip)]
            command += ["--describe", table[name], "--out", str(out)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name:26}{done.returncode} {done.stderr.strip().splitlines()[-1]}")
                failed.append(name)
                continue
            row = measure(out, clip, media / "score_onsets.py")
        print(
            f"{name:26}0 {row.stems:5} {row.picture_frames:5.2f} {row.length_samples:5} "
            f"{row.loudness_lu:6.2f} {row.peak_dbtp:6.1f} {row.null_db:6.0f} {row.lfe_db:6.0f}  "
            f"{row.onsets}",
            flush=True,
        )
        if not row.is_good:
            failed.append(name)
    if failed:
        raise SystemExit(f"Limits broken by: {', '.join(failed)}")


if __name__ == "__main__":
    main()
