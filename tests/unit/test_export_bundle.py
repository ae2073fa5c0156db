import hashlib
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sample_session import finished_session

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.marker import Markers, save
from foley_designer.core.session.session import Session
from foley_designer.export.audio.adm import Profile, write_adm
from foley_designer.export.audio.wav import read_wav, wav_info
from foley_designer.export.bundle import export
from foley_designer.export.delivery import Delivery
from foley_designer.export.session import aaf, otio
from foley_designer.export.session.aaf import write_aaf
from foley_designer.export.session.ardour import write_ardour
from foley_designer.export.session.edl import write_edls
from foley_designer.export.session.reaper import write_reaper
from foley_designer.export.session.regions import AUDIBLE, regions
from foley_designer.export.session.session_stem import sides
from foley_designer.screenplay.turnover import session_text
from foley_designer.screenplay.turnover.reader import Picture, on_picture

LIGHT = ["bwf", "adm-ebu", "adm-atmos", "edl", "ardour", "reaper", "cues", "session-text"]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_same_session_gives_same_bytes(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    paths = export(tmp_path / "session", LIGHT, tmp_path / "one").paths
    export(tmp_path / "session", LIGHT, tmp_path / "two")
    assert all(path.is_file() for path in paths)
    assert len(paths) == len(set(paths))
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_credits_name_recordings_and_their_stems(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    (path,) = export(tmp_path / "session", [], tmp_path / "out").paths
    assert path.name == "credits.txt"
    assert "01_FEETHmn_e1_steps: “Gravel walk” by A. Recordist, CC BY 4.0" in path.read_text()


def test_cue_page_escapes_and_counts(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    paths = export(tmp_path / "session", ["cues"], tmp_path / "out", title="<Yard>").paths
    html = next(path for path in paths if path.suffix == ".html").read_text()
    assert "&lt;Yard&gt;" in html
    assert html.count('class="box"') == 6


def test_regions_hold_every_audible_sample(tmp_path: Path) -> None:
    finished_session(tmp_path)
    for track in Delivery.of(tmp_path).tracks:
        samples = read_wav(track.path)
        found = regions(track)
        for region in found:
            assert region.start < region.end <= samples.shape[1]
            samples[:, region.start : region.end] = 0
        assert abs(samples).max() <= AUDIBLE
        assert [r.passage.start_s * 48000 for r in found] == pytest.approx([r.start for r in found])


def test_reaper_items_sit_where_events_are(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    path, *_ = export(tmp_path / "session", ["reaper"], tmp_path / "out").paths
    text = path.read_text()
    assert text.count("<") == len(re.findall(r"^\s*>$", text, re.M))
    positions = [float(x) for x in re.findall(r"POSITION ([\d.]+)", text)]
    assert positions == pytest.approx([0.4, 4.2, 6.8, 0.2, 6.2, 0.0])
    assert "PROJOFFS 3600.0" in text
    for file in re.findall(r'FILE "(.+)"', text):
        assert (path.parent / file).is_file()


def test_mono_tracks_follow_the_path_of_their_event(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    path, *_ = export(tmp_path / "session", ["reaper"], tmp_path / "out", stems="mono").paths
    text = path.read_text()
    assert text.count("<") == len(re.findall(r"^\s*>$", text, re.M))
    tracks = dict(
        zip(["steps", "hammer", "door", "jacket", "room"], text.split("<TRACK")[1:], strict=True)
    )
    heads = {name: re.search(r"VOLPAN (\S+) (\S+) (\S+)", track) for name, track in tracks.items()}
    pans = {name: float(head[2]) for name, head in heads.items()}
    envelopes = {
        name: [(float(at), float(to)) for at, to in re.findall(r"PT (\S+) (\S+) 0", track)]
        for name, track in tracks.items()
    }
    assert {name for name, points in envelopes.items() if points} == {"steps", "jacket"}
    steps = envelopes["steps"]
    assert (steps[0], pans["steps"]) == ((0, 1), -1)  # on the left: envelopes count the other way
    assert steps[-1][1] == pytest.approx(-0.65, abs=0.01)
    assert pans["room"] == 0
    assert [head[3] for head in heads.values()] == [*["0.70710678"] * 4, "-1"]
    stereo = read_wav(Delivery.of(tmp_path / "session").tracks[0].path)
    mono = read_wav(path.parent / re.search(r'FILE "(.+)"', tracks["steps"])[1])
    assert mono.shape == (1, stereo.shape[1])
    stem_gain = 10 ** (Delivery.of(tmp_path / "session").tracks[0].stem.gain_db / 20)
    kept = float(heads["steps"][1]) ** 2 * (mono.astype(float) ** 2).sum()
    assert kept == pytest.approx(stem_gain**2 * (stereo.astype(float) ** 2).sum(), rel=1e-3)


def test_what_is_muted_in_the_mix_is_muted_in_the_sessions(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    whole = Delivery.of(tmp_path / "session")
    first, *others = whole.script.events
    events = (first.model_copy(update={"muted": True}), *others)
    muted = replace(whole, script=whole.script.model_copy(update={"events": events}))
    text = write_reaper(muted, tmp_path / "reaper").read_text()
    assert re.findall(r"MUTESOLO (\d)", text) == ["1", *["0"] * len(others)]
    routes = ET.parse(write_ardour(muted, tmp_path / "ardour")).getroot().find("Routes")
    assert routes is not None
    silent = [one.get("name") for one in routes if one.find("MuteMaster[@muted='1']") is not None]
    assert silent == [muted.tracks[0].name]
    lanes = otio.timeline(muted, None).audio_tracks()
    assert [lane.enabled for lane in lanes] == [False, *[True] * len(others)]
    otio.write_fcp7(muted, tmp_path / "muted.xml", tmp_path)
    tracks = ET.parse(tmp_path / "muted.xml").getroot().findall(".//audio/track")
    assert [one.findtext("enabled") for one in tracks] == ["FALSE", *[None] * len(others)]
    lists = [path.read_text() for path in write_edls(muted, tmp_path / "edl")]
    assert ["* MUTED IN THE MIX" in text for text in lists] == [True, *[False] * len(others)]
    adm = write_adm(muted, tmp_path / "adm.wav", Profile.EBU)
    full = write_adm(whole, tmp_path / "full.wav", Profile.EBU)
    channels = [wav_info(one.path).channels for one in (full, adm)]
    assert channels[0] - channels[1] == 1


@pytest.mark.slow
def test_what_is_muted_is_muted_clip_by_clip_in_an_aaf(tmp_path: Path) -> None:
    aaf2 = pytest.importorskip("aaf2")
    finished_session(tmp_path / "session")
    whole = Delivery.of(tmp_path / "session")
    first, *others = whole.script.events
    events = (first.model_copy(update={"muted": True}), *others)
    muted = replace(whole, script=whole.script.model_copy(update={"events": events}))
    path = write_aaf(muted, tmp_path / "muted.aaf")
    with aaf2.open(str(path)) as file:
        (composition,) = file.content.toplevel()
        lanes = [slot for slot in composition.slots if slot.segment.media_kind == "Sound"]
        kinds = [{type(part).__name__ for part in slot.segment.components} for slot in lanes]
        assert kinds[0] <= {"Selector", "Filler"}
        assert "Selector" in kinds[1]
        assert not any("Selector" in kind for kind in kinds[2:])
        choice = next(p for p in lanes[0].segment.components if type(p).__name__ == "Selector")
        assert type(choice["Selected"].value).__name__ == "Filler"
        (clip,) = choice["Alternates"].value
        assert clip.length == choice.length
        assert lanes[0].segment.length == sum(p.length for p in lanes[0].segment.components)


@pytest.mark.parametrize(
    ("azimuth", "side"),
    [(0, 0), (30, 1), (-30, -1), (75, 1), (-170, -0.3774), (170, 0.3774), (179.999, 0)],
)
def test_a_pan_is_the_side_that_a_path_is_on(azimuth: float, side: float) -> None:
    assert sides(np.array([azimuth, azimuth + 360.0])) == pytest.approx([side, side], abs=1e-3)


@pytest.mark.parametrize("module", [otio.write_otio, otio.write_fcp7, aaf.write_aaf])
def test_missing_part_names_the_line_that_installs_it(
    tmp_path: Path, module: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    monkeypatch.setitem(sys.modules, "aaf2", None)
    finished_session(tmp_path / "session")
    kind = {"write_otio": "otio", "write_fcp7": "fcpxml7", "write_aaf": "aaf"}[module.__name__]
    with pytest.raises(FoleyError) as caught:
        export(tmp_path / "session", [kind], tmp_path / "out")
    assert caught.value.code is ErrorCode.PART_MISSING
    assert "pip install" in caught.value.hint


def test_drop_frame_reaches_the_edit_list(tmp_path: Path) -> None:
    finished_session(tmp_path / "session", Fraction(30000, 1001), None)
    paths = export(tmp_path / "session", ["edl"], tmp_path / "out").paths
    text = paths[0].read_text()
    assert "FCM: DROP FRAME" in text
    assert "01:00:00;11" in text


def test_adm_makes_room_for_peaks_and_tells(tmp_path: Path) -> None:
    material = finished_session(tmp_path / "session")
    loud = material.record.mix.model_copy(update={"master_gain_db": 30.0})
    session = Session(tmp_path / "session")
    session.save(session.record().model_copy(update={"mix": loud}))
    paths = export(tmp_path / "session", ["adm-ebu"], tmp_path / "out").paths
    assert "dB below the mix" in paths[-1].read_text()
    levels = abs(read_wav(paths[0]))
    assert levels.max() > 0.9
    assert (levels > 1 - 2**-22).sum() <= 2


def test_movie_needs_its_clip(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    with pytest.raises(FoleyError) as caught:
        export(tmp_path / "session", ["mov"], tmp_path / "out")
    assert caught.value.code is ErrorCode.CLIP_NOT_FOUND


@pytest.mark.parametrize(
    ("rate", "start", "told"),
    [
        (Fraction(24000, 1001), "02:00:00:00", "23.976 Frame"),
        (Fraction(24), "01:00:00:00", "24 Frame"),
        (Fraction(25), "10:00:00:00", "25 Frame"),
        (Fraction(30000, 1001), "01:00:00;00", "29.97 Drop Frame"),
    ],
)
@pytest.mark.slow
def test_session_text_is_read_back_to_the_frame(tmp_path: Path, rate, start, told) -> None:
    finished_session(tmp_path / "session", rate, start)
    markers = Markers().put(2.0, "door slam", None).put(3.5, "ask the director", None)
    save(Session(tmp_path / "session"), markers)
    out = tmp_path / "out"
    (path, *_) = [
        one
        for one in export(tmp_path / "session", ["session-text"], out).paths
        if "txt" in one.name and "session" in one.name
    ]
    text = path.read_text()
    assert f"TIMECODE FORMAT:\t{told}\n" in text
    found = session_text.parse(text)
    delivery = Delivery.of(tmp_path / "session")
    wanted = [
        (track.name, *(delivery.origin + frame for frame in region.frames(delivery)))
        for track in delivery.tracks
        for region in regions(track)
    ]
    clips = [
        (clip.track.removesuffix(" (Stereo)"), clip.start, clip.end)
        for clip in found.clips
        if clip.channel == 1
    ]
    assert clips == wanted
    timed, notes = on_picture(
        path.name,
        session_text.remarks(text),
        Picture(delivery.first_frame, delivery.rate, delivery.clip.duration_s),
    )
    assert not notes
    assert [(one.text, one.time_s) for one in timed if one.text in ("door slam",)] == [
        ("door slam", pytest.approx(2.0, abs=1 / float(rate)))
    ]
