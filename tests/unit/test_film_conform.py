"""Conform: pictures are found again in a recut, scenes follow them, lists are exact."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import opentimelineio as otio
import pytest
from drawn_film import SIZE, drawn_film
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scenes.recut_films import Take, render, timeline, truth
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import silent
from foley_designer.core.settings import Settings
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import Film, Piece, Reel
from foley_designer.film.planning import plan
from foley_designer.film.recut.change_lists import read_list, sides
from foley_designer.film.recut.changes import State, _sides, state_of
from foley_designer.film.recut.conform import Conformed, conform, heal, new_of_old, placed
from foley_designer.film.recut.matching import Match, match
from foley_designer.vision.skim import skim


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return drawn_film(tmp_path_factory.mktemp("film"))


@pytest.fixture(scope="module")
def recut(film):
    """Scenes changed over, a shot mirrored, one trimmed, one new, one graded and reframed."""
    title, bar, closer, path, steps = film.takes
    car = Take("car", str(film.reel.parent / "car.mp4"), 0.5, 30, 2)
    takes = (
        title,
        replace(path, flip=True),
        replace(steps, head=7, tail=5),
        car,
        replace(bar, grade=True, reframe=True),
        closer,
    )
    file = film.reel.parent / "recut.mp4"
    render(takes, file, size=SIZE, rate=Fraction(24000, 1001))
    return file, truth(film.timeline, timeline(takes))


def starts(seen):
    frame_s = seen.clip.frame_s
    return [round(shot.start_s / frame_s) for shot in seen.shots]


def shown(matches, count):
    found = np.full(count, -1)
    for run in matches:
        if not run.is_new:
            found[run.new : run.end] = np.arange(run.old, run.old + run.frames)
    return found


@pytest.mark.slow
def test_a_recut_is_mapped_by_its_pictures_to_a_frame(film, recut):
    file, true = recut
    old, new = skim(film.reel), skim(file)
    found = shown(match(old.fingerprints, new.fingerprints, starts(new.observation)), len(true))
    true = np.array(true)
    kept = true >= 12  # behind the title, which stands still
    assert (np.abs(found - true)[kept] <= 1).mean() > 0.97
    assert (found[true < 0] < 0).all()


@pytest.mark.slow
def test_scenes_follow_their_pictures_and_only_the_new_one_is_new(film, recut, tmp_path):
    folder = FilmFolder(tmp_path)
    with folder.lock():
        before = plan(folder, [film.reel], film.script, "", Settings(), silent)
        done = conform(folder, before, 1, recut[0], Settings(), silent)
        folder.commit(done.film)
        pieces = done.film.reels[0].pieces
        assert [scene.id for scene in done.film.scenes[len(before.scenes) :]] == ["r1v2s1"]
        new = next(piece for piece in pieces if piece.scene == "r1v2s1")
        assert abs(new.frames - 30) <= 1
        walk, forge = before.scenes[-1].id, before.scenes[0].id
        order = [piece.scene for piece in pieces if piece.frames > 15]
        assert (order[0], order[-1]) == (walk, forge)
        assert next(piece for piece in pieces if piece.scene == walk).flipped
        assert folder.undo() == before
        with pytest.raises(FoleyError) as caught:
            plan(folder, [recut[0]], film.script, "", Settings(), silent)
        assert caught.value.code is ErrorCode.SESSION_MISMATCH


EDL = """TITLE: new
FCM: NON-DROP FRAME
001  OLD  V  C  01:00:03:00 01:00:05:00 01:00:00:00 01:00:02:00
* A COMMENT
002  BL   V  C  00:00:00:00 00:00:00:10 01:00:02:00 01:00:02:10
003  VFX9 V  C  05:00:00:00 05:00:01:00 01:00:02:10 01:00:03:10
004  OLD  V  D 012 01:00:00:12 01:00:01:00 01:00:03:10 01:00:03:22
"""


def test_lists_are_read_to_the_frame(film, tmp_path):
    folder = FilmFolder(tmp_path)
    with folder.lock():
        reel = plan(folder, [film.reel], film.script, "", Settings(), silent).reels[0]
    cuts = sides(reel, None)
    edl = tmp_path / "change.edl"
    edl.write_text(EDL)
    told = [(one.new, one.end, one.old) for one in read_list(edl, cuts)]
    assert told == [(0, 48, 72), (58, 82, -1), (82, 94, 12)]
    timeline_ = otio.schema.Timeline("new")
    track = otio.schema.Track(kind=otio.schema.TrackKind.Video)
    track.append(otio.schema.Gap(duration=otio.opentime.RationalTime(10, 24)))
    start = otio.opentime.RationalTime(cuts.old_origin + 30, 24)
    used = otio.opentime.TimeRange(start, otio.opentime.RationalTime(20, 24))
    track.append(otio.schema.Clip("old", source_range=used))
    timeline_.tracks.append(track)
    file = tmp_path / "change.otio"
    file.write_text(timeline_.to_json_string())
    assert [(one.new, one.end, one.old) for one in read_list(file, cuts)] == [(10, 30, 30)]
    xml = tmp_path / "change.fcpxml"
    xml.write_text(
        '<fcpxml version="1.10"><library><event><project><sequence tcStart="3600s"><spine>'
        '<asset-clip offset="3600s" start="3602s" duration="48/24s"/><gap duration="1s"/>'
        "</spine></sequence></project></event></library></fcpxml>"
    )
    assert [(one.new, one.end, one.old) for one in read_list(xml, cuts)] == [(0, 48, 48)]
    edl.write_text("no list")
    with pytest.raises(FoleyError) as caught:
        read_list(edl, cuts)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


def test_a_new_picture_of_the_old_length_keeps_its_sound_and_blends_heal():
    runs = [Match(0, 10, 0), Match(10, 30, -1), Match(30, 40, 30), Match(40, 43, -1)]
    runs.append(Match(43, 60, 80))
    found, replaced = heal(runs)
    assert [(one.new, one.end, one.old) for one in found] == [
        (0, 10, 0),
        (10, 30, 10),
        (30, 43, 30),
        (43, 60, 80),
    ]
    assert [(one.new, one.end) for one in replaced] == [(10, 30)]


def test_states_of_events():
    old = np.arange(10, 20)
    none = np.zeros(10, bool)
    assert state_of(old, old, none) == (State.KEPT, 0, 0)
    assert state_of(old + 5, old, none) == (State.MOVED, 5, 0)
    assert state_of(np.where(old < 15, -1, old), old, none) == (State.TRIMMED, 0, 5)
    assert state_of(np.where(old < 15, old, old + 9), old, none)[0] is State.SPLIT
    assert state_of(old, old, ~none)[0] is State.REPLACED
    assert state_of(np.full(10, -1), old, none)[0] is State.REMOVED


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30), st.booleans()), max_size=8),
)
def test_pieces_show_what_the_map_says(stretches):
    """Every frame of a conformed reel plays the scene's frame that the old reel played there."""
    pieces = (
        Piece(scene="r1s1", first=0, last=40, at=5),
        Piece(scene="r1s2", first=3, last=43, at=50),
    )
    at, matches = 0, []
    for old, frames, flipped in stretches:
        matches.append(Match(at, at + frames, old, flipped))
        at += frames
    heard = {p.at + k: (p.scene, p.first + k) for p in pieces for k in range(p.frames)}
    found = {
        p.at + k: (p.scene, p.first + k) for p in placed(pieces, matches) for k in range(p.frames)
    }
    expected = {
        run.new + k: heard[run.old + k]
        for run in matches
        for k in range(run.frames)
        if run.old + k in heard
    }
    assert found == expected
    where = new_of_old(matches, 100)
    for frame in np.flatnonzero(where >= 0):
        assert any(r.new + frame - r.old == where[frame] for r in matches)


def test_a_folder_from_elsewhere_leads_nowhere_and_a_broken_history_is_told(film, tmp_path):
    folder = FilmFolder(tmp_path / "film")
    with folder.lock():
        plan(folder, [film.reel], None, "", Settings(), silent)
    folder.history_file.write_text('["../../x"]')
    with pytest.raises(FoleyError) as caught:
        folder.undo()
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    for kept in folder.hidden.glob("prints-*.npy"):
        kept.write_bytes(b"x")
    assert folder.fingerprints(folder.made().reels[0].clip.sha256) is None
    (folder.root / "reels").symlink_to(tmp_path)
    with pytest.raises(FoleyError) as caught, folder.lock():
        pass
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_the_new_cuts_timecode_counts_at_its_own_rate(film):
    old = Reel(number=1, path="", clip=skim(film.reel, None, silent).observation.clip)
    slower = old.clip.model_copy(update={"rate": old.clip.rate / 2})
    new = old.model_copy(update={"clip": slower})
    done = Conformed(Film(title="", reels=(new,)), old, (), (), (0,), (0,))
    sides = _sides(done)
    assert sides[0].at(50) == "01:00:02:02"
    assert sides[1].at(50) == "01:00:04:05"  # 12 pictures a second, in timecode of 24
