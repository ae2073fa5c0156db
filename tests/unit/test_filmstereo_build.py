import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile
from clap_folder import a_clap

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.core.work.pool import LocalPool
from foley_designer.datasets.item import Timed
from foley_designer.datasets.shards import MANIFEST, read_samples
from foley_designer.filmstereo.build import WORK, build
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.metrics.onset import locate_onset

FS = 48_000
TEXT = """
name: tiny
items: 8
seconds: [2.0, 2.5]
shard_items: 3
test_share: 0.5
spaces: [street, small_room, open_field]
subcategories: [door, chop, metal_impact, fire]
"""
CONFIG = DatasetConfig(
    name="tiny",
    items=8,
    seconds=(2.0, 2.5),
    shard_items=3,
    test_share=0.5,
    spaces=("street", "small_room", "open_field"),
    subcategories=("door", "chop", "metal_impact", "fire"),
)


class InProcess:
    """A pool of this process alone."""

    def run(self, work, tasks):
        for index, task in enumerate(tasks):
            yield index, work(task)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole")
    built = build(CONFIG, out, InProcess())
    return out, built


def _bytes(folder):
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()}


@pytest.mark.slow
def test_items_are_as_annotated(whole):
    out, built = whole
    assert built.made == 8
    samples = list(read_samples(out))
    assert len(samples) == 8
    assert {sample.item.split for sample in samples} == {"train", "test"}
    for item, audio in samples:
        assert audio.shape == (2, round(item.seconds * FS))
        assert len(item.trajectory.active) == round(item.seconds * 50)
        assert 2.0 <= item.seconds <= 2.5
        assert (item.timed is Timed.CUED) == is_impulsive(item.subcategory)
        assert item.verified.score >= item.verified.threshold
        for time_s in item.onsets_s:
            found = locate_onset(audio, FS, time_s)
            assert found and abs(found.time_s - time_s) < 0.02
            assert item.trajectory.active[int(time_s * 50)]
    assert not list((out / WORK / "items").rglob("*.flac"))


def test_a_set_that_is_there_is_left_alone(whole):
    out, _ = whole
    before = _bytes(out)
    assert build(CONFIG, out, InProcess()).made == 0
    assert _bytes(out) == before


def test_a_lost_shard_is_made_again_byte_for_byte(whole):
    out, _ = whole
    before = _bytes(out)
    lost = sorted(out.glob("train-*.tar"))[0]
    lost.write_bytes(b"damaged")
    assert build(CONFIG, out, InProcess()).made == 3
    assert _bytes(out) == before


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_to_the_same_bytes(tmp_path, whole):
    out, file = tmp_path / "out", tmp_path / "tiny.yaml"
    file.write_text(TEXT)
    command = [sys.executable, "-m", "foley_designer", "dataset", "build", str(file)]
    command += ["--out", str(out), "--workers", "2"]
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    made = 0
    deadline = time.monotonic() + 120
    while made < 2 and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
        made = _made(out / WORK / "ledger.sqlite")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert 2 <= made < 8
    assert not (out / MANIFEST).exists()
    subprocess.run(command, check=True, capture_output=True)
    assert _bytes(out) == _bytes(whole[0])


def _made(ledger):
    if not ledger.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT COUNT(*) FROM items").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
def test_a_grown_set_keeps_what_it_has(tmp_path):
    out = tmp_path / "out"
    assert build(CONFIG.model_copy(update={"items": 4}), out, InProcess()).made == 4
    assert build(CONFIG.model_copy(update={"items": 6}), out, InProcess()).made == 2
    fresh = tmp_path / "fresh"
    build(CONFIG.model_copy(update={"items": 6}), fresh, InProcess())
    assert _bytes(out) == _bytes(fresh)


def _recordings(folder):
    """Knocks with noise and pauses; a file of two unlike events; one whose licence is not free."""
    rng = np.random.default_rng(0)
    noise = 0.001 * rng.standard_normal(2 * FS)
    t = np.arange(FS // 4) / FS
    knock = np.exp(-t / 0.03) * np.sin(2 * np.pi * 300 * t)
    whistle = 0.5 * np.sin(2 * np.pi * 3500 * np.arange(FS) / FS) * np.hanning(FS)
    folder.mkdir()
    knocks = noise.copy()
    for start in (0.3, 0.9):
        knocks[round(start * FS) : round(start * FS) + len(t)] += 0.5 * knock
    soundfile.write(folder / "wooden door knock.wav", knocks, FS)
    both = noise.copy()
    both[FS // 5 : FS // 5 + len(t)] += 0.5 * knock
    both[FS - 1000 : 2 * FS - 1000] += whistle
    soundfile.write(folder / "door knock 2.wav", both, FS)
    soundfile.write(folder / "door slam.wav", 1.1 * knocks, FS)
    (folder / "README.txt").write_text(
        "wooden door knock.wav by A, CC BY 4.0\ndoor knock 2.wav by B, CC0\n"
        "door slam.wav by C, CC BY-NC 4.0\n"
    )


@pytest.mark.slow
def test_recordings_are_cleaned_timed_and_credited(tmp_path):
    _recordings(tmp_path / "sounds")
    config = DatasetConfig.model_validate(
        {
            "items": 4,
            "seconds": [3, 3],
            "synthesis": False,
            "spaces": ["small_room"],
            "folders": [{"path": str(tmp_path / "sounds")}],
        }
    )
    manifest = build(config, tmp_path / "out", InProcess()).manifest
    reasons = {left.name: left.reason for left in manifest.left_out}
    assert "not admitted" in reasons["door slam.wav"]
    assert any("several events" in reason for reason in reasons.values())
    assert manifest.licences == {"CC BY 4.0": 2}
    assert manifest.verified_by == {"traits": 2}
    assert any("wooden door knock.wav" in credit for credit in manifest.credits)
    for item, audio in read_samples(tmp_path / "out"):
        assert item.timed is Timed.DETECTED
        assert len(item.onsets_s) >= 3  # two knocks, repeated to three seconds
        assert item.origin.licence == "CC BY 4.0"
        between = [audio[:, round((t - 0.1) * FS) : round((t - 0.03) * FS)] for t in item.onsets_s]
        loudest = np.abs(audio).max()
        assert max(np.abs(piece).max(initial=0.0) for piece in between) < 0.05 * loudest


@pytest.mark.slow
def test_what_can_not_be_built_is_said(tmp_path):
    with pytest.raises(FoleyError) as caught:
        build(CONFIG.model_copy(update={"verify": "clap"}), tmp_path / "a", InProcess())
    assert caught.value.code is ErrorCode.PART_MISSING
    with pytest.raises(FoleyError, match="Nothing can be collected"):
        build(
            DatasetConfig(
                synthesis=False, folders=({"path": str(tmp_path / "s"), "licence": "CC0"},)
            ),
            tmp_path / "b",
            InProcess(),
        ) if (tmp_path / "s").mkdir() or _text_only(tmp_path / "s") else None


def _text_only(folder):
    soundfile.write(folder / "xyzzy.wav", 0.1 * np.sin(np.arange(FS)), FS)
    return True


@pytest.mark.slow
def test_clap_verifies_where_its_weights_are(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    a_clap(tmp_path)
    one = CONFIG.model_copy(update={"items": 1, "clap_dir": tmp_path, "clap_threshold": -1.0})
    manifest = build(one, tmp_path / "fits", InProcess()).manifest
    assert manifest.verified_by == {"clap": 1}
    (sample,) = read_samples(tmp_path / "fits")
    assert -1.0 < sample.item.verified.score < 1.0
    strict = one.model_copy(update={"clap_threshold": 1.0})
    with pytest.raises(FoleyError, match="clap"):
        build(strict, tmp_path / "strict", InProcess())


@pytest.mark.slow
def test_processes_make_the_same_items(tmp_path, whole):
    small = CONFIG.model_copy(update={"items": 3})
    build(small, tmp_path / "pool", LocalPool(2))
    build(small, tmp_path / "here", InProcess())
    assert _bytes(tmp_path / "pool") == _bytes(tmp_path / "here")
    manifest = json.loads((tmp_path / "pool" / MANIFEST).read_text())
    assert manifest["schema"] == "filmstereo-manifest"
