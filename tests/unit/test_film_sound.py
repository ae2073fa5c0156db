"""A reel's sound: fades, sums, mastering in windows, names, the bible's file."""

from fractions import Fraction

import numpy as np
import pytest

from foley_designer.core.clip import SAMPLE_RATE, Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_plan import LoudnessTarget
from foley_designer.core.space import Space
from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level import long_master
from foley_designer.dsp.level.master import master
from foley_designer.dsp.spatial.upmix import downmix
from foley_designer.export.audio.wav import read_blocks, write_wav
from foley_designer.film import surround
from foley_designer.film.bible import Bible, Change, Character, Place, read_bible, write_bible
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.film.predubs import mixed, placement, runs
from foley_designer.film.surround import write_surround
from foley_designer.screenplay.fountain import parse
from foley_designer.screenplay.names import characters, who

RATE = Fraction(24)


def clip(frames):
    return Clip(
        name="reel.mp4",
        sha256="0" * 64,
        width=192,
        height=108,
        rate=RATE,
        duration_s=float(frames / RATE),
        frame_count=frames,
    )


def scene(name, first, last):
    return DesignedScene(
        id=name, title=name, place=name, path="reel.mp4", clip=clip(480), first=first, last=last
    )


def noise(path, seconds, seed):
    samples = 0.1 * np.random.default_rng(seed).standard_normal((2, round(seconds * SAMPLE_RATE)))
    write_wav(path, samples.astype(np.float32))
    return path, 0.0, samples.shape[1]


def test_ambience_keeps_its_level_over_the_cut_between_two_places(tmp_path):
    one = noise(tmp_path / "a.wav", 4.0, 1)
    other = noise(tmp_path / "b.wav", 4.0, 2)
    places = [
        placement(Piece(scene="r1s1", first=0, last=72, at=0), scene("r1s1", 0, 72), 24, one,
                  ambience=True),
        placement(Piece(scene="r1s2", first=0, last=72, at=72), scene("r1s2", 72, 144), 24, other,
                  ambience=True),
    ]  # fmt: skip
    sound = np.concatenate(list(mixed(places, 6 * SAMPLE_RATE)), axis=1)
    levels = [
        10 * np.log10(np.square(sound[:, start : start + 4800]).mean())
        for start in range(SAMPLE_RATE, 5 * SAMPLE_RATE, 4800)
    ]
    assert max(levels) - min(levels) < 1.5


def test_a_sound_rings_over_its_scene_s_end_and_is_faded_at_a_cut_inside(tmp_path):
    stem = noise(tmp_path / "a.wav", 4.0, 1)
    whole = scene("r1s1", 0, 72)
    to_end = placement(Piece(scene="r1s1", first=0, last=72, at=0), whole, 24, stem, ambience=False)
    inside = placement(Piece(scene="r1s1", first=0, last=36, at=0), whole, 24, stem, ambience=False)
    assert to_end.fade_out == SAMPLE_RATE
    assert inside.fade_out == round(0.04 * SAMPLE_RATE)


def test_a_mirrored_piece_changes_sides(tmp_path):
    left = np.zeros((2, SAMPLE_RATE), np.float32)
    left[0] = 0.5
    write_wav(tmp_path / "left.wav", left)
    piece = Piece(scene="r1s1", first=0, last=12, at=0, flipped=True)
    stem = (tmp_path / "left.wav", 0.0, SAMPLE_RATE)
    one = placement(piece, scene("r1s1", 0, 24), 24, stem, ambience=False)
    (block,) = mixed([one], SAMPLE_RATE // 4)
    assert not block[0].any()
    assert block[1].max() == pytest.approx(0.5, abs=1e-4)


def test_pieces_that_go_on_are_one_run():
    pieces = (
        Piece(scene="r1s1", first=0, last=10, at=5),
        Piece(scene="r1s1", first=10, last=20, at=15),
        Piece(scene="r1s1", first=24, last=30, at=25),
    )
    assert [(one.first, one.last) for one in runs(pieces)] == [(0, 20), (24, 30)]


def blocks_of(samples, size=50_000):
    return [samples[:, k : k + size] for k in range(0, samples.shape[1], size)]


def test_windows_master_as_the_whole_does(monkeypatch):
    monkeypatch.setattr(long_master, "WINDOW_S", 2.0)
    rng = np.random.default_rng(4)
    samples = (0.02 * rng.standard_normal((2, 5 * SAMPLE_RATE))).astype(np.float32)
    samples[:, SAMPLE_RATE :: SAMPLE_RATE // 2] = 0.7
    blocks = blocks_of(samples)
    found = long_master.find_master(lambda: blocks, LoudnessTarget.EBU_R128)
    whole = master(samples, LoudnessTarget.EBU_R128)
    assert found.loudness.integrated_lufs == pytest.approx(whole.loudness.integrated_lufs, abs=0.1)
    made = np.concatenate(list(long_master.limited(blocks, 20.0, -1.1)), axis=1)
    expected = limit(samples * np.float32(10.0), -1.1).samples
    assert made.shape == samples.shape
    assert np.abs(made - expected).max() < 1e-2  # 0.1 dB: a window may need another step


def test_windows_upmix_without_a_seam(monkeypatch):
    monkeypatch.setattr(long_master, "WINDOW_S", 1.5)
    rng = np.random.default_rng(5)
    samples = (0.05 * rng.standard_normal((2, 4 * SAMPLE_RATE))).astype(np.float32)
    windows = long_master.windows(blocks_of(samples))
    parts = [part for part, _ in long_master.upmixed(windows, -10.0, -1.0)]
    surround = np.concatenate(parts, axis=1)
    assert surround.shape == (6, samples.shape[1])
    assert np.abs(downmix(surround) - samples).max() < 1e-5


def test_parts_of_the_upmix_are_joined_as_one_process_joins_windows(tmp_path, monkeypatch):
    monkeypatch.setattr(long_master, "WINDOW_S", 1.5)
    rng = np.random.default_rng(6)
    samples = (0.05 * rng.standard_normal((2, 10 * SAMPLE_RATE))).astype(np.float32)
    write_wav(tmp_path / "stereo.wav", samples)
    windows = long_master.windows(read_blocks(tmp_path / "stereo.wav"))
    whole = [part for part, _ in long_master.upmixed(windows, -10.0, -1.0)]
    write_wav(tmp_path / "whole.wav", np.concatenate(whole, axis=1))
    scratch = tmp_path / "parts"
    write_surround(
        tmp_path / "parts.wav", tmp_path / "stereo.wav", -10.0, -1.0, scratch, Backwards()
    )
    assert len(long_master.window_bounds(samples.shape[1])) > 2 * surround.WINDOWS
    assert (tmp_path / "parts.wav").read_bytes() == (tmp_path / "whole.wav").read_bytes()
    assert not scratch.exists()


class Backwards:
    """A pool whose last task is done first."""

    def run(self, work, tasks):
        yield from ((number, work(tasks[number])) for number in reversed(range(len(tasks))))


SCRIPT = """INT. HUT - NIGHT

A door creaks. MARA, in boots, steps in. The wolf growls.

JON (O.S.)
Who is it?

EXT. FOREST - DAY

Mara limps after Jon. Leaves rustle.
"""


def test_names_are_cues_newcomers_and_words_that_come_back():
    assert characters(parse(SCRIPT).scenes) == ("Mara", "Jon")


def test_a_sound_is_whose_name_stands_before_it():
    sentence = "Mara limps after Jon, and Jon whistles."
    assert who(("Mara", "Jon"), "limps after", sentence) == "Mara"
    assert who(("Mara", "Jon"), "whistles", sentence) == "Jon"
    assert who(("Mara", "Jon"), "steps", "Someone walks.") is None


def test_the_bible_reads_back_and_refuses_what_it_does_not_know(tmp_path):
    file = tmp_path / "bible.yaml"
    change = Change(scene="r1s2", gait="limps")
    anna = Character(name="Anna", shoes="boots", guessed=("weight",), changes=(change,))
    bible = Bible(
        characters={"anna": anna}, places={"hut": Place(title="HUT", space=Space.SMALL_ROOM)}
    )
    write_bible(file, bible)
    assert read_bible(file) == bible
    order = {"r1s1": 0, "r1s2": 1, "r1s3": 2}
    assert [anna.at(one, order).gait for one in order] == ["walks", "limps", "limps"]
    file.write_text(file.read_text().replace("boots", "flippers"))
    with pytest.raises(FoleyError, match="flippers") as caught:
        read_bible(file)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


def test_a_film_s_pieces_must_not_overlap():
    pieces = (
        Piece(scene="r1s1", first=0, last=10, at=0),
        Piece(scene="r1s1", first=0, last=10, at=5),
    )
    with pytest.raises(ValueError, match="overlap"):
        Film(
            title="x",
            reels=(Reel(number=1, path="r", clip=clip(48), pieces=pieces),),
            scenes=(scene("r1s1", 0, 24),),
        )
