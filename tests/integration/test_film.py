"""A drawn film: scenes become sessions, reels become predubs, and only what changed is made."""

import json
from dataclasses import replace

import numpy as np
import pytest
from drawn_film import SIZE, drawn_film

from benchmarks.scenes.recut_films import Take, render, timeline
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.settings import Settings
from foley_designer.core.timecode import from_timecode, to_timecode
from foley_designer.core.work.pool import Here
from foley_designer.dsp.level.gains import db_to_gain
from foley_designer.dsp.level.long_master import limited
from foley_designer.export.audio.wav import read_wav
from foley_designer.export.bundle import export
from foley_designer.film.bible import read_bible
from foley_designer.film.folder import FilmFolder
from foley_designer.film.making import (
    Work,
    conform_film,
    make_film,
    status,
    undo_cut,
    wanted,
    wish,
)
from foley_designer.film.recut.changes import State
from foley_designer.film.wishes import listed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    folder = tmp_path_factory.mktemp("film")
    return drawn_film(folder)


@pytest.fixture(scope="module")
def work():
    return Work(Settings(branching=1, depth=1, takes=1), Here())


@pytest.fixture(scope="module")
def made(film, work, tmp_path_factory):
    root = tmp_path_factory.mktemp("made") / "film"
    return root, make_film(root, [film.reel], film.script, work)


def test_each_scene_is_a_session_and_the_reel_is_one_too(made):
    root, told = made
    folder = FilmFolder(root)
    assert told.failed == {}
    assert [scene.title for scene in told.film.shown] == [
        "INT. WORKSHOP - DAY",
        "EXT. FOREST - DAY",
    ]
    assert {one.state for one in status(folder, Settings())} == {"done"}
    record = folder.reel(told.film.reels[0]).whole()
    tracks = [stem.event_id for stem in record.stems]
    assert "feet_bella" in tracks
    assert "ambience_ext_forest" in tracks
    assert "ambience_int_workshop" in tracks


def test_predubs_sum_to_the_mix(made):
    root, told = made
    session = FilmFolder(root).reel(told.film.reels[0])
    record = session.whole()
    total = sum(
        np.float32(db_to_gain(stem.gain_db)) * read_wav(session.root / stem.file)
        for stem in record.stems
    )
    mastered = np.concatenate(list(limited([total], record.mix.master_gain_db, -1.1)), axis=1)
    mix = read_wav(session.root / "mix_stereo.wav")
    assert mix.shape == (2, record.clip.sample_count)
    assert np.abs(mix - mastered).max() < 4 / 2**23 * db_to_gain(record.mix.master_gain_db) + 1e-6


def test_a_second_run_makes_nothing_and_a_line_of_the_bible_one_scene(made, film, work):
    root, _ = made
    folder = FilmFolder(root)
    again = make_film(root, [film.reel], film.script, work)
    assert (again.scenes, again.reels) == (0, ())
    bible = read_bible(folder.bible_file)
    assert bible.characters["bella"].shoes == "boots"
    before = {
        scene.id: folder.scene(scene.id).record_file.read_bytes() for scene in again.film.shown
    }
    text = folder.bible_file.read_text()
    folder.bible_file.write_text(text.replace("gait: walks", "gait: limps"))
    changed = make_film(root, [film.reel], film.script, work)
    after = {
        scene.id: folder.scene(scene.id).record_file.read_bytes() for scene in changed.film.shown
    }
    assert (changed.scenes, changed.reels) == (1, ("reel1",))
    assert [key for key in after if after[key] != before[key]] == [changed.film.shown[1].id]


def test_markers_are_done_where_they_stand_and_twice_changes_nothing(made, film, work, tmp_path):
    root, _ = made
    folder = FilmFolder(root)
    reel = folder.made().reels[0]
    forge, walk = reel.pieces
    rate = reel.clip.timecode_rate

    def at(frame):
        return to_timecode(from_timecode(reel.start, rate) + frame, rate)

    edl = tmp_path / "spotting.edl"
    edl.write_text(
        f"* LOC: {at(forge.at + 20)} RED glass breaks\n"
        f"* LOC: {at(walk.at + 2)} RED Bella shuffles from here on\n"
        f"* LOC: {at(walk.at + 30)} RED VFX: remove the wire\n"
    )
    told = wish(root, [listed(edl)], work)
    texts = [note.text for note in told.notes]
    assert any("Marker glass breaks" in text and "+ glass breaks" in text for text in texts)
    assert any("Bella shuffles from here on: in the bible" in text for text in texts)
    assert any("left to you: VFX: remove the wire" in text for text in texts)
    assert told.scenes == 1  # she walks in one of the two
    change = read_bible(folder.bible_file).characters["bella"].changes[-1]
    assert (change.scene, change.gait) == (walk.scene, "shuffles")
    session = folder.scene(forge.scene)
    script = session.get(FoleyScript, session.finished().documents["script"])
    glass = next(event for event in script.events if event.label == "glass breaks")
    assert [hit.time_s for hit in glass.hits] == [pytest.approx(20 / float(rate), abs=1e-3)]
    again = wish(root, [listed(edl)], work)
    assert (again.scenes, again.reels) == (0, ())
    assert {one.state for one in status(folder, Settings())} == {"done"}
    folder.bible_file.write_text(
        folder.bible_file.read_text().replace("space: workshop", "space: small_room")
    )
    make_film(root, [film.reel], film.script, work)
    script = session.get(FoleyScript, session.finished().documents["script"])
    assert "glass breaks" in [event.label for event in script.events]


def test_exporters_take_the_reel(made, tmp_path):
    root, told = made
    session = FilmFolder(root).reel(told.film.reels[0])
    done = export(session.root, ["otio", "edl", "cues"], tmp_path)
    assert done.checked["otio"] > 2
    rows = session.path("cue_sheet.csv").read_text()
    assert "Bella:" in rows
    first = told.film.reels[0].pieces[0].at
    assert f"01:00:00:{first:02}" in rows
    assert "EXT. FOREST - DAY" in session.path("film_report.html").read_text()


def test_scenes_are_named_by_number_id_or_words(made):
    _, told = made
    ids = [scene.id for scene in told.film.shown]
    assert wanted(told.film, ["scene 2", "workshop", ids[1]]) == (ids[1], ids[0])


def test_documents_are_what_the_folder_says(made):
    root, told = made
    plain = json.loads((root / "film.json").read_text())
    assert plain["schema"] == "film"
    assert len(plain["reels"][0]["pieces"]) == len(told.film.shown)


def test_a_recut_keeps_what_hands_made_and_designs_the_new_shot_alone(
    made, film, work, tmp_path_factory
):
    root, _ = made
    folder = FilmFolder(root)
    film_now = folder.made()
    title, bar, closer, path, steps = film.takes
    car = Take("car", str(film.reel.parent / "car.mp4"), 0.5, 30, 2)
    recut = tmp_path_factory.mktemp("recut") / "recut.mp4"
    takes = (title, path, steps, car, bar, replace(closer, tail=9))
    render(takes, recut, size=SIZE)
    records = {
        scene.id: folder.scene(scene.id).record_file.read_bytes() for scene in film_now.shown
    }
    done = conform_film(root, recut, work)
    assert done.made.failed == {}
    for scene_id, record in records.items():
        assert folder.scene(scene_id).record_file.read_bytes() == record
    new = [scene for scene in done.made.film.shown if scene.id not in records]
    assert [scene.id for scene in new] == ["r1v2s1"]
    assert done.made.scenes == 2  # written and performed
    old, now = film.timeline, timeline(takes)
    steps_of = [row for row in done.rows if row.what == "event" and "walks" in row.name]
    shift = now.index(("path", 0)) - old.index(("path", 0))
    assert [row.moved_frames for row in steps_of] == [pytest.approx(shift, abs=1)] * len(steps_of)
    assert {row.state for row in done.rows if row.name.startswith("shot")} >= {
        State.MOVED,
        State.TRIMMED,
    }
    session = folder.reel(done.made.film.reels[0])
    assert session.whole().clip.frame_count == len(now)
    assert {path.name for path in done.paths} == {"changes.html", "changes.csv", "changes.otio"}
    back = undo_cut(root, work)
    assert back.film == film_now
    assert back.scenes == 0
    assert session.whole().clip.frame_count == len(old)
