from pathlib import Path

import numpy as np
import pytest

from foley_designer.api.sounds import Glide, _calls, _event, _remarks, sound
from foley_designer.core.category import Subcategory
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.settings import Settings
from foley_designer.dsp.level.loudness import measure
from foley_designer.dsp.level.master import LISTENING_LUFS, LISTENING_PEAK_DBTP
from foley_designer.export.audio.wav import read_wav
from foley_designer.memory.knowledge_base import load
from foley_designer.metrics.onset import locate_onset


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", engine="synth", takes=1)


def test_words_choose_sound_and_pace(tmp_path: Path, settings: Settings):
    out = tmp_path / "a.wav"
    walk = sound("boots walking on gravel", out, seconds=4.0, settings=settings)
    run = sound("heavy boots on wet gravel, running", out, seconds=4.0, settings=settings)
    assert run.event.subcategory is Subcategory.HUMAN_STEPS
    assert run.event.performance.surface == "gravel"
    assert len(run.event.hits) > len(walk.event.hits) > 3
    assert read_wav(out).shape == (2, 4 * 48_000)


def test_onsets_are_kept_and_the_place_glides(tmp_path: Path, settings: Settings):
    out = tmp_path / "a.wav"
    onsets = (0.5, 1.5)
    sound(
        "hammer on an anvil",
        out,
        seconds=2.0,
        onsets_s=onsets,
        azimuth_deg=Glide(-60.0, 60.0),
        settings=settings,
    )
    samples = read_wav(out)
    for onset_s in onsets:
        found = locate_onset(samples, 48_000, onset_s)
        assert found is not None
        assert found.time_s == pytest.approx(onset_s, abs=2e-3)
    left, right = np.sqrt(np.mean(samples[:, 24_000:40_000] ** 2, axis=1))
    assert right > left  # the first is on the right
    left, right = np.sqrt(np.mean(samples[:, 72_000:88_000] ** 2, axis=1))
    assert left > right


def test_how_often_is_said_or_lies_in_the_sound(tmp_path: Path, settings: Settings):
    def hits(text: str) -> int:
        return len(sound(text, tmp_path / "a.wav", settings=settings).event.hits)

    assert hits("a dog barks twice") == 2
    assert hits("a door slams") == 1


def test_what_is_all_around_fills_the_time(tmp_path: Path, settings: Settings):
    made = sound("steady rain", tmp_path / "a.wav", seconds=1.5, settings=settings)
    assert made.event.source.kind is SourceKind.AROUND
    assert [(span.start_s, span.end_s) for span in made.event.spans] == [(0.0, 1.5)]


@pytest.mark.parametrize(("text", "onsets_s"), [("a flurble", ()), ("door knock", (0.5, 9.0))])
def test_what_cant_be_done_is_said(
    text: str, onsets_s: tuple[float, ...], tmp_path: Path, settings: Settings
):
    with pytest.raises(FoleyError) as caught:
        sound(text, tmp_path / "a.wav", onsets_s=onsets_s, settings=settings)
    assert caught.value.code is ErrorCode.OPTION_INVALID
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize(
    ("text", "row", "hits"),
    [
        ("a huge explosion", "explosion", 1),
        ("a man is punched", "punch", 1),
        ("someone knocks", "door-knock", 3),
        ("three gunshots", "pistol", 3),
        ("a thunderclap close by", "thunderclap", 1),
        ("a dog barks once", "dog", 1),
    ],
)
def test_a_sound_happens_as_often_as_it_is_told(text: str, row: str, hits: int) -> None:
    found = _calls(text, load())
    event = _event(text, found[0], 5.0, ())
    assert (event.sound.name, len(event.hits)) == (row, hits)


@pytest.mark.slow
def test_what_is_guessed_and_what_is_not_made_is_told() -> None:
    guess = "laser pistol"
    told = [note.text for note in _remarks(guess, _calls(guess, load()), "e01")]
    assert any("nearest is" in text for text in told)
    two = "a phone rings while rain falls"
    told = [note.text for note in _remarks(two, _calls(two, load()), "e01")]
    assert any("not made" in text and "rain falls" in text for text in told)


@pytest.mark.parametrize("text", ["a thunderclap close by", "footsteps far away"])
def test_near_or_far_a_sound_is_delivered_to_be_heard(
    text: str, tmp_path: Path, settings: Settings
) -> None:
    out = tmp_path / "a.wav"
    sound(text, out, seconds=3.0, settings=settings)
    level = measure(read_wav(out), "stereo")
    assert level.integrated_lufs is not None
    over = (level.integrated_lufs - LISTENING_LUFS, level.true_peak_dbtp - LISTENING_PEAK_DBTP)
    assert max(over) == pytest.approx(0.0, abs=0.3)
