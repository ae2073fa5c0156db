"""A blind listening test: written, taken in a real browser, and read back."""

import csv
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.yardstick.clip import render
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.dsp.level.loudness import measure
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth
from foley_designer.evaluate.listening.export import KEY, PAGE, SOUNDS, Options, write_test
from foley_designer.evaluate.listening.plan import ANCHOR, QUESTIONS, REFERENCE, Method
from foley_designer.evaluate.listening.results import COLUMNS, markdown, read_results
from foley_designer.export.audio.wav import write_wav

CHROMIUM = os.environ.get("FOLEY_CHROMIUM") or shutil.which("chromium")
CLIPS = ("ball", "hammer")
SECONDS = 1.5


def noise(gain: float, seed: int, channels: int = 2) -> np.ndarray:
    samples = np.random.default_rng(seed).standard_normal((channels, round(SECONDS * SAMPLE_RATE)))
    return (gain * samples).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("systems")
    (root / "clips").mkdir()
    for seed, name in enumerate(CLIPS):
        render(name, root / "clips" / f"{name}.mp4", width=160, height=90, seconds=SECONDS)
        write_wav(root / "ours" / f"{name}.wav", noise(0.1, seed))
        write_wav(root / "other" / f"{name}.wav", noise(0.01, seed + 5))
        write_wav(root / "reference" / f"{name}.wav", noise(0.05, seed + 9))
    clips = tuple(ClipTruth(name=name, duration_s=SECONDS) for name in CLIPS)
    (root / FILE).write_text(Annotations(name="A test", clips=clips).to_json())
    return root


@pytest.fixture(scope="module")
def pairs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pairs")
    assert write_test(folder, out) == ()
    return out


def test_a_test_is_blind_and_at_one_loudness(pairs: Path) -> None:
    page = (pairs / PAGE).read_text()
    for name in ("ours", "other", *CLIPS):
        assert name not in page.replace("another", "")
    key = json.loads((pairs / KEY).read_text())
    assert len(key["trials"]) == len(CLIPS) * len(QUESTIONS)
    assert {tuple(each["systems"]) for each in key["trials"]} == {
        ("ours", "other"),
        ("other", "ours"),
    }
    files = sorted((pairs / SOUNDS).iterdir())
    assert len(files) == 4
    levels = [measure(soundfile.read(each, dtype="float32")[0].T, "stereo") for each in files]
    found = [each.integrated_lufs for each in levels]
    assert max(found) - min(found) <= 0.2  # type: ignore[type-var, operator]


def test_mushra_hides_reference_and_anchor(folder: Path, tmp_path: Path) -> None:
    write_test(folder, tmp_path / "mushra", Options(Method.MUSHRA, count=3, seed=4))
    key = json.loads((tmp_path / "mushra" / KEY).read_text())
    assert len(key["trials"]) == 3
    assert {*key["trials"][0]["systems"]} == {"ours", "other", REFERENCE, ANCHOR}
    write_test(folder, tmp_path / "mushra")  # a test is written anew over a test
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("")
    with pytest.raises(FoleyError) as caught:
        write_test(folder, tmp_path / "mine")
    assert caught.value.code is ErrorCode.OPTION_INVALID


def test_a_clip_that_is_a_link_out_of_the_folder_is_not_handed_on(
    folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "systems"
    shutil.copytree(folder, root)
    (tmp_path / "letter.txt").write_text("private")
    (root / "clips" / "ball.mp4").unlink()
    (root / "clips" / "ball.mp4").symlink_to(tmp_path / "letter.txt")
    with pytest.raises(FoleyError) as caught:
        write_test(root, tmp_path / "out")
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_surround_stays_surround(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "systems"
    shutil.copytree(folder, root)
    for name in CLIPS:
        write_wav(root / "ours" / f"{name}.wav", noise(0.02, 3, channels=6), mask=0x60F)
    write_test(root, tmp_path / "out", Options(surround=True))
    read = [
        soundfile.read(each, dtype="float32")[0].T for each in (tmp_path / "out/sounds").iterdir()
    ]
    assert sorted(len(each) for each in read) == [2, 2, 6, 6]
    levels = [measure(each, "5.1" if len(each) == 6 else "stereo") for each in read]
    found = [each.integrated_lufs for each in levels]
    assert max(found) - min(found) <= 0.2  # type: ignore[type-var, operator]


def test_results_are_read_with_intervals_and_faults_are_said(pairs: Path, tmp_path: Path) -> None:
    key = json.loads((pairs / KEY).read_text())
    for listener in ("ann", "ben", "cy"):
        lines = [",".join(COLUMNS)]
        for each in key["trials"]:
            for place, system in enumerate(each["systems"], 1):
                likes = system == "ours" or (listener == "cy" and each["clip"] == "ball")
                score = 0.5 if listener == "cy" and each["clip"] == "ball" else int(likes)
                lines.append(f"{listener},{each['trial']},{each['question']},{place},{score}")
        (tmp_path / f"{listener}.csv").write_text("\n".join(lines) + "\n")
    results = read_results(pairs, sorted(tmp_path.glob("*.csv")))
    overall = {each.system: each.score for each in results.heard if each.question == "all"}
    assert results.listeners == 3
    assert overall["ours"].value == pytest.approx(100 * (1 + 1 + 0.75) / 3)
    assert overall["other"].value == pytest.approx(100 * 0.25 / 3)
    low = overall["ours"].low
    assert low is not None and 70 < low < 92
    assert "| ours |" in markdown(results)
    (tmp_path / "ann.csv").write_text(",".join(COLUMNS) + "\nann,99,time,1,1\n")
    with pytest.raises(FoleyError, match="line 2") as caught:
        read_results(pairs, [tmp_path / "ann.csv"])
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


def test_who_misses_the_hidden_reference_is_left_out(folder: Path, tmp_path: Path) -> None:
    write_test(folder, tmp_path / "test", Options(Method.MUSHRA, questions=("time",)))
    key = json.loads((tmp_path / "test" / KEY).read_text())
    for listener, reference in (("keen", 97), ("deaf", 40)):
        lines = [",".join(COLUMNS)]
        for each in key["trials"]:
            lines += [
                f"{listener},{each['trial']},time,{place},{reference if name == REFERENCE else 30}"
                for place, name in enumerate(each["systems"], 1)
            ]
        (tmp_path / f"{listener}.csv").write_text("\n".join(lines) + "\n")
    results = read_results(tmp_path / "test", sorted(tmp_path.glob("*.csv")))
    assert results.left_out == ("deaf",)
    rated = {each.system: each.score.value for each in results.heard if each.question == "time"}
    assert rated == {"ours": 30, "other": 30, REFERENCE: 97, ANCHOR: 30}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
@pytest.mark.slow
def test_ten_trials_in_a_browser_by_keyboard(pairs: Path, tmp_path: Path) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(accept_downloads=True)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((pairs / PAGE).as_uri())
        page.fill("#listener", "listener, one")
        page.keyboard.press("Enter")
        page.wait_for_selector("#trial:not([hidden])")
        for number in range(10):
            assert page.inner_text("#at") == f"{number + 1} of 10"
            page.keyboard.press("Enter")  # nothing was heard yet: it stays
            assert page.inner_text("#at") == f"{number + 1} of 10"
            page.keyboard.press("1")
            page.keyboard.press("2")
            page.keyboard.press("ban"[number % 3])
            page.keyboard.press("Enter")
        with page.expect_download() as saved:
            page.click("#save")
        target = tmp_path / saved.value.suggested_filename
        saved.value.save_as(target)
        browser.close()
    assert not faults
    rows = list(csv.DictReader(target.open()))
    assert target.name == "listening-listener_ one.csv"
    assert len(rows) == 20 and {row["listener"] for row in rows} == {"listener_ one"}
    by_trial = {row["trial"]: 0.0 for row in rows}
    for row in rows:
        by_trial[row["trial"]] += float(row["score"])
    assert len(by_trial) == 10 and set(by_trial.values()) == {1.0}
    chosen = {"b": (0.0, 1.0), "a": (1.0, 0.0), "n": (0.5, 0.5)}
    trials = list(by_trial)
    for number, wanted in enumerate(chosen["ban"[number % 3]] for number in range(10)):
        shown = rows[2 * number : 2 * number + 2]  # in the order of A and B on the page
        assert tuple(float(row["score"]) for row in shown) == wanted
        assert {row["place"] for row in shown} == {"1", "2"}
    assert len({rows[at]["place"] for at in range(0, 20, 2)}) == 2  # A is not always the same one
    key = json.loads((pairs / KEY).read_text())["trials"]
    assert [row["question"] for row in rows[::2]] == [
        next(each["question"] for each in key if str(each["trial"]) == trial) for trial in trials
    ]
    results = read_results(pairs, [target])
    assert {each.system for each in results.heard} == {"ours", "other"}
