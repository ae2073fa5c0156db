"""An evaluation of a small folder: floors order as they must, odd files are named and scored."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from foley_designer.api.evaluation import score
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth, read_annotations
from foley_designer.evaluate.columns import Table
from foley_designer.evaluate.floors import placed_noise, shuffled
from foley_designer.evaluate.intervals import mean_cell, set_cell
from foley_designer.evaluate.scoring import Evaluation, evaluate
from foley_designer.evaluate.tables import markdown, plain
from foley_designer.evaluate.truth import Truth
from foley_designer.export.audio.wav import write_wav
from foley_designer.generator.placement import channel_gains, time_difference_s

SECONDS = 3.0
TRUTHS = (
    ("left", (0.3, 0.9, 1.35, 2.1), 25.0),
    ("right", (0.5, 0.8, 1.7, 2.4), -20.0),
    ("wide", (0.25, 1.1, 1.9), 28.0),
)


def hits(times: tuple[float, ...], azimuth: float, decay_s: float, seed: int) -> np.ndarray:
    """Placed bursts of noise, ``[2, n]``."""
    count = round(SECONDS * SAMPLE_RATE)
    envelope = np.zeros(count)
    for time in times:
        at = round(time * SAMPLE_RATE)
        rest = np.exp(-np.arange(count - at) / (decay_s * SAMPLE_RATE))
        envelope[at:] = np.maximum(envelope[at:], rest)
    noise = 0.2 * np.random.default_rng(seed).standard_normal(count) * envelope
    half = time_difference_s(azimuth) / 2.0 * SAMPLE_RATE
    grid = np.arange(count)
    gains = channel_gains(azimuth)
    placed = [
        gain * np.interp(grid + side * half, grid, noise)
        for gain, side in zip(gains, (1, -1), strict=True)
    ]
    return np.array(placed, np.float32)


def annotate(folder: Path) -> None:
    clips = [
        ClipTruth(
            name=name,
            duration_s=SECONDS,
            onsets_s=times,
            intervals_s=tuple((time, time + 0.15) for time in times),
            azimuth_deg=(azimuth,),
            group="aside" if name == "wide" else "near the middle",
        )
        for name, times, azimuth in TRUTHS
    ]
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text(Annotations(name="small", clips=tuple(clips)).to_json())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("evaluation")
    annotate(root)
    for seed, (name, times, azimuth) in enumerate(TRUTHS):
        write_wav(root / "reference" / f"{name}.wav", hits(times, azimuth, 0.04, seed))
        late = tuple(time + 0.015 for time in times)
        write_wav(root / "ours" / f"{name}.wav", hits(late, azimuth + 4.0, 0.03, seed + 9))
    odd = root / "odd"
    odd.mkdir()
    sound = hits(*TRUTHS[0][1:], 0.04, 0)
    soundfile.write(odd / "left.wav", sound[0, ::3], SAMPLE_RATE // 3)  # mono, 16 kHz
    soundfile.write(odd / "right.wav", sound[:, : SAMPLE_RATE * 2].T, SAMPLE_RATE)
    (odd / "wide.wav").write_bytes(b"RIFF of nothing")
    write_wav(root / "some" / "left.wav", sound)
    write_wav(root / "some" / "else.wav", sound)
    return root


@pytest.fixture(scope="module")
def found(folder: Path) -> Evaluation:
    return score(folder, embeddings={})


def figure(found: Evaluation, name: str, key: str) -> float:
    row = next(row for row in found.rows if row.name == name)
    value = row.cells[key].value
    assert value is not None, (name, key, row.cells[key])
    return value


@pytest.mark.parametrize(
    ("key", "up", "least", "worse"),
    [
        ("f1_50", True, 0.1, ("shuffled", "silence")),
        ("f1_50_beyond", True, 0.1, ("shuffled", "silence")),
        ("iou", True, 10.0, ("shuffled", "silence")),
        ("side", True, 30.0, ("mono",)),
        ("gcc_gated", False, 5.0, ("mono", "cueless")),
        ("itd_us", False, 30.0, ("mono",)),
        ("fsad", False, 0.0, ("silence",)),
        ("fsad_shrunk", False, 0.0, ("silence",)),
        ("fad_log-mel", False, 0.0, ("silence",)),
    ],
)
@pytest.mark.slow
def test_floors_lie_under_ours_and_the_original(
    found: Evaluation, key: str, up: bool, least: float, worse: tuple[str, ...]
) -> None:
    sign = 1.0 if up else -1.0
    for name in ("ours", "original"):
        for floor in worse:
            assert sign * figure(found, name, key) > sign * figure(found, floor, key) + least


def test_placed_noise_shows_what_time_and_place_alone_are_worth(found: Evaluation) -> None:
    assert figure(found, "noise", "iou") > figure(found, "ours", "iou")
    assert figure(found, "noise", "gcc_gated") < 2.0
    assert figure(found, "silence", "gcc") > 1000.0  # the papers' code reads zeros as +1.5 ms


def test_odd_files_are_named_and_scored_where_they_can_be(found: Evaluation) -> None:
    told = {each.clip: each.text for each in found.remarks if each.system == "odd"}
    said = [each.text for each in found.remarks if each.system == "odd"]
    assert any("16000 Hz" in text for text in said)
    assert any("mono" in text for text in said)
    assert any("1.00 s shorter" in text for text in said)
    assert "can't be read" in told["wide"]
    lacking = {each.clip: each.text for each in found.remarks if each.system == "some"}
    stray = {"else.wav": "no clip of this name; not scored"}
    assert lacking == {"right": "missing", "wide": "missing"} | stray
    row = next(row for row in found.rows if row.name == "odd")
    assert row.cells["f1_50"].clips == 2
    assert row.cells["f1_50"].value is not None


def test_every_cell_is_a_figure_or_says_what_it_needs(found: Evaluation, folder: Path) -> None:
    for table in (Table.QUALITY, Table.ALIGNMENT, Table.FILM):
        columns, rows = found.of(table)
        for row in rows:
            for column in columns:
                cell = row.cells[column.key]
                assert (cell.value is None) == bool(cell.needs)
    values = plain(found)
    assert json.loads((folder / "evaluation" / "results.json").read_text()) == values
    text = markdown(found)
    assert "vggish-10086976.pth" in text and "a folder without-cues/" in text
    page = (folder / "evaluation" / "index.html").read_text()
    assert page.count("<svg") > 8 and "whisker" in page


def test_each_kind_of_clip_stands_for_itself(found: Evaluation, folder: Path) -> None:
    assert list(found.groups) == ["near the middle", "aside"]
    by_name = {name: {row.name: row for row in rows} for name, rows in found.groups.items()}
    near, aside = (by_name[name]["ours"].cells["itd_us"] for name in found.groups)
    assert (near.clips, aside.clips) == (2, 1)
    assert near.value is not None and aside.value is not None
    together = (2 * near.value + aside.value) / 3
    assert together == pytest.approx(figure(found, "ours", "itd_us"))
    assert "### near the middle" in markdown(found)
    assert list(plain(found)["tables"]["2"]["groups"]) == list(found.groups)
    assert "aside" in (folder / "evaluation" / "index.html").read_text()


@pytest.mark.slow
def test_several_processes_find_the_same(found: Evaluation, folder: Path) -> None:
    again = evaluate(folder, embeddings={}, workers=2)
    assert again.values == found.values
    assert again.remarks == found.remarks


def test_what_is_wrong_with_annotations_is_said(tmp_path: Path) -> None:
    with pytest.raises(FoleyError, match=r"annotations\.json"):
        read_annotations(tmp_path)
    (tmp_path / FILE).write_text('{"schema": "foley-evaluation", "schema_version": 1}')
    with pytest.raises(FoleyError) as caught:
        evaluate(tmp_path)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    for name in ("../x", "a/b", ".hidden", ""):
        with pytest.raises(ValueError, match="name"):
            ClipTruth(name=name)


def test_intervals_hold_the_value_and_narrow_with_clips() -> None:
    few, many = (np.random.default_rng(1).normal(5.0, 1.0, n).tolist() for n in (8, 200))
    for cell in (mean_cell(few), mean_cell(many)):
        assert cell.low is not None and cell.high is not None and cell.value is not None
        assert cell.low < cell.value < cell.high
    width = [each.high - each.low for each in (mean_cell(few), mean_cell(many))]  # type: ignore[operator]
    assert width[1] < 0.5 * width[0]
    assert mean_cell([1.0]).low is None
    spread = set_cell(lambda drawn: float(np.mean(np.asarray(few)[drawn])), 8)
    assert spread.low is not None and spread.value is not None and spread.low < spread.value


def test_floors_are_what_they_say() -> None:
    name, times, azimuth = TRUTHS[0]
    clip = ClipTruth(name=name, azimuth_deg=(azimuth,))
    truth = Truth(clip, None, SECONDS, None, tuple((t, t + 0.1) for t in times), ())
    noise = placed_noise(truth, np.random.default_rng(0))
    assert noise is not None
    level = np.sqrt(np.mean(noise**2, axis=1))
    assert level[0] > level[1]  # positive azimuth is left
    assert np.abs(noise[:, : round(0.25 * SAMPLE_RATE)]).max() < 1e-3
    sound = hits(times, azimuth, 0.04, 0)
    turned = shuffled(sound, np.random.default_rng(0))
    assert turned.shape == sound.shape
    assert np.sum(turned**2) == pytest.approx(np.sum(sound**2), rel=0.05)


def test_a_course_from_side_to_side_is_followed_or_not() -> None:
    from foley_designer.evaluate.direction import compare, expected, image

    count = round(SECONDS * SAMPLE_RATE)
    noise = 0.1 * np.random.default_rng(5).standard_normal(count)
    swing = 0.5 + 0.4 * np.sin(2 * np.pi * np.arange(count) / count)
    moving = np.stack([noise * np.sqrt(swing), noise * np.sqrt(1 - swing)]).astype(np.float32)
    clip = ClipTruth(name="moving", duration_s=SECONDS)
    wanted = expected(Truth(clip, None, SECONDS, moving, None, ()))
    assert wanted is not None
    assert compare(image(moving), wanted)["follows"] == pytest.approx(1.0)
    assert compare(image(moving[::-1].copy()), wanted)["follows"] == pytest.approx(-1.0, abs=0.01)
    mono = np.repeat(moving.mean(axis=0)[None], 2, axis=0)
    assert compare(image(mono), wanted)["follows"] == 0.0
