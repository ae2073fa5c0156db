"""The main job on yardstick clips: what comes out, measured from the delivered files."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from digests import digests, visible

from benchmarks.yardstick.clip import YardstickTruth, render
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.dsp.level.master import master
from foley_designer.dsp.level.mixdown import mixdown
from foley_designer.dsp.spatial.upmix import downmix
from foley_designer.export.audio.wav import read_wav
from foley_designer.metrics.onset import locate_onset

pytestmark = pytest.mark.slow

Run = Callable[..., CompletedProcess[str]]

DESCRIPTIONS = {
    "walker": "a man in boots walks on concrete",
    "hammer": "a hammer strikes a steel anvil",
    "ball": "a rubber ball bounces on a wooden floor",
    "car": "a car drives past on a road",
}


def decibels(part: np.ndarray, whole: np.ndarray) -> float:
    return 10 * float(np.log10(np.mean(part**2) / np.mean(whole**2) + 1e-30))


def measured_azimuth(
    samples: np.ndarray, frame_s: float, frames: int
) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth of each frame by the delay between the channels of a 17 cm pair, and its energy."""
    azimuth, energy = np.zeros(frames), np.zeros(frames)
    size = round(frame_s * SAMPLE_RATE)
    lags = np.arange(-24, 25)
    for index in range(frames):
        left, right = samples[:, index * size : (index + 1) * size].astype(np.float64)
        energy[index] = float(left @ left + right @ right)
        if not energy[index]:
            continue
        full = np.correlate(right, left, "full")
        near = full[len(left) - 1 + lags]
        peak = int(np.clip(np.argmax(near), 1, len(near) - 2))
        before, at, after = near[peak - 1 : peak + 2]
        bend = before - 2 * at + after
        shift = 0.5 * (before - after) / bend if bend else 0.0
        delay_s = (lags[peak] + shift) / SAMPLE_RATE
        azimuth[index] = np.degrees(np.arcsin(np.clip(delay_s * 343.0 / 0.17, -1, 1)))
    return azimuth, energy


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value at half of the weight: a frame in which a low tail dies away tells no delay."""
    order = np.argsort(values)
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(values[order][half])


def design(foley: Run, clip: Path, out: Path, *more: object) -> SessionRecord:
    done = foley("design", clip, "--out", out, *more)
    assert done.returncode == 0, done.stderr
    return SessionRecord.from_json((out / "session.json").read_bytes())


def delivered(out: Path) -> dict[str, str]:
    return digests(out, visible)


@pytest.fixture
def session(hammered: Path) -> Path:
    return hammered


def test_everything_named_is_there(session: Path) -> None:
    names = set(delivered(session))
    assert {"session.json", "script.json", "plan.json", "cue_sheet.csv", "report.html"} <= names
    assert {"mix_stereo.wav", "mix_5_1.wav", "hammer_foley.mov"} <= names
    record = SessionRecord.from_json((session / "session.json").read_bytes())
    assert {stem.file for stem in record.stems} == {n for n in names if n.startswith("stems/")}
    script = FoleyScript.from_json((session / "script.json").read_bytes())
    for position, (stem, event) in enumerate(zip(record.stems, script.events, strict=True), 1):
        assert stem.file.startswith(f"stems/{position:02}_{event.ucs_id}_")


def test_stems_sum_to_the_mix(session: Path) -> None:
    record = SessionRecord.from_json((session / "session.json").read_bytes())
    assert record.mix is not None
    total = sum(
        read_wav(session / stem.file).astype(np.float64) * 10 ** (stem.gain_db / 20)
        for stem in record.stems
    )
    files = [(session / stem.file, stem.gain_db) for stem in record.stems]
    premaster = mixdown(files, record.clip.sample_count)  # type: ignore[union-attr]
    assert decibels(total - premaster, premaster) < -90
    mix = read_wav(session / "mix_stereo.wav")
    assert mix.shape == premaster.shape
    assert decibels(master(premaster, record.mix.target).samples - mix, mix) < -90


def test_downmix_of_5_1_is_the_stereo(session: Path) -> None:
    stereo, surround = read_wav(session / "mix_stereo.wav"), read_wav(session / "mix_5_1.wav")
    assert decibels(downmix(surround) - stereo, stereo) <= -80


def test_peak_is_below_the_target(session: Path) -> None:
    record = SessionRecord.from_json((session / "session.json").read_bytes())
    assert record.mix is not None
    limit = LOUDNESS[LoudnessTarget.EBU_R128][1]
    assert record.mix.stereo.true_peak_dbtp is not None
    assert record.mix.stereo.true_peak_dbtp <= limit + 0.05


@pytest.mark.parametrize("kind", ["walker", "hammer", "ball", "car"])
def test_stems_hit_the_frame_and_the_place(kind: str, foley: Run, tmp_path: Path) -> None:
    truth = render(kind, tmp_path / "clip.mp4", rate=Fraction(25), seconds=5.0)
    out = tmp_path / "out"
    record = design(foley, tmp_path / "clip.mp4", out, "--describe", DESCRIPTIONS[kind])
    script = FoleyScript.from_json((out / "script.json").read_bytes())
    (source,) = truth.sources
    event = next(
        e
        for e in script.foreground
        if e.source.kind is SourceKind.TRACK and bool(e.hits) == bool(source.onsets_s)
    )
    stem = next(stem for stem in record.stems if stem.event_id == event.id)
    samples = read_wav(out / stem.file)
    frame = float(1 / truth.rate)
    assert len(event.hits) == len(source.onsets_s)
    for onset_s in source.onsets_s:
        heard = locate_onset(samples, SAMPLE_RATE, onset_s, before_s=0.1, after_s=0.1)
        assert heard is not None
        assert abs(heard.time_s - onset_s) <= frame
    azimuth, weight = measured_azimuth(samples, frame, len(source.azimuth_deg))
    weight *= np.abs(np.asarray(source.x) - 0.5) <= 0.5
    wrong = np.abs(azimuth - np.asarray(source.azimuth_deg))
    assert weighted_median(wrong, weight) <= 2.5


def test_same_seed_same_bytes_other_seed_other_takes(
    session: Path, hammer: tuple[Path, YardstickTruth], foley: Run, tmp_path: Path
) -> None:
    design(foley, hammer[0], tmp_path / "a", "--describe", DESCRIPTIONS["hammer"])
    again, first = delivered(tmp_path / "a"), delivered(session)
    assert {n: b for n, b in again.items() if n.endswith((".wav", ".mov", ".json", ".csv"))} == {
        n: b for n, b in first.items() if n.endswith((".wav", ".mov", ".json", ".csv"))
    }
    design(foley, hammer[0], tmp_path / "b", "--describe", DESCRIPTIONS["hammer"], "--seed", 1)
    other = delivered(tmp_path / "b")
    stems = [name for name in first if name.startswith("stems/")]
    assert stems
    assert all(other[name] != first[name] for name in stems)


def test_a_run_that_is_killed_at_every_step_ends_with_the_same_bytes(
    session: Path, hammer: tuple[Path, YardstickTruth], foley: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["design", hammer[0], "--out", out, "--describe", DESCRIPTIONS["hammer"]]
    for step in ("Look at", "Write the", "Perform", "Mix and", "Deliver"):
        process = subprocess.Popen(
            [sys.executable, "-m", "foley_designer", *map(str, arguments)],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"FOLEY_DATA_DIR": str(tmp_path / "data")},
        )
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(step):
                process.send_signal(signal.SIGKILL)
                break
        process.communicate()
        assert process.returncode == -signal.SIGKILL, step
    assert foley(*arguments).returncode == 0
    assert delivered(out) == delivered(session)


def test_cues_are_plain_data(hammer: tuple[Path, YardstickTruth], foley: Run) -> None:
    clip, truth = hammer
    done = foley("cues", clip, "--describe", DESCRIPTIONS["hammer"], "--json")
    assert done.returncode == 0, done.stderr
    table = json.loads(done.stdout)
    source = next(s for s in table["sources"] if s["onsets_s"])
    assert len(source["onsets_s"]) == len(truth.onsets_s)
    frames = table["clip"]["frame_count"]
    assert {len(source[k]) for k in ("azimuth_deg", "distance_m", "active")} == {frames}
