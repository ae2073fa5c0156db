"""A delivery is planned, written aside, opened again, and only then in its place."""

import csv
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import odd_clips
import pytest
from digests import digests
from sample_session import finished_session

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session
from foley_designer.core.timecode import from_timecode
from foley_designer.export import registry
from foley_designer.export.audio.bwf import file_start
from foley_designer.export.audio.bwf_chunks import read_header
from foley_designer.export.audio.wav import read_wav, wav_info
from foley_designer.export.bundle import Exported, export
from foley_designer.export.delivery import Delivery
from foley_designer.export.naming import LONGEST, LONGEST_BYTES, filled, plain_name
from foley_designer.export.references import Reference, check
from foley_designer.vision.video.decode import open_clip

DOCUMENTS = ["aaf", "otio", "edl", "fcpxml7", "ardour", "reaper", "cues", "session-text"]
ALL = [*DOCUMENTS, "bwf", "adm-ebu", "adm-atmos"]
LONG = (
    "Exterior night chase through the old harbour warehouse district scene 14 take 3 graded "
    "offline reference v007 for foley do not distribute"
)


@pytest.fixture(autouse=True)
def libraries() -> None:
    for name in ("aaf2", "opentimelineio"):
        pytest.importorskip(name)


def everything(folder: Path) -> dict[str, str]:
    return digests(folder, lambda _: True) if folder.exists() else {}


def refused(tmp_path: Path, kinds: list[str], **options: object) -> FoleyError:
    """The refusal of an export that must leave all as it was."""
    out = tmp_path / "out"
    before = everything(out)
    with pytest.raises(FoleyError) as caught:
        export(tmp_path / "session", kinds, out, **options)
    assert everything(out) == before
    return caught.value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate", "options"),
    [
        (Fraction(25), {}),
        (Fraction(30000, 1001), {"pops": True, "handles_s": 1.0}),
        (Fraction(24), {"layout": "split"}),
        (Fraction(240), {"stems": "mono", "start": "10:00:00:00", "title": LONG}),
    ],
)
def test_every_reference_of_every_document_finds_a_delivered_file(
    tmp_path: Path, rate: Fraction, options: dict
) -> None:
    finished_session(tmp_path / "session", rate, None)
    made = export(tmp_path / "session", ALL, tmp_path / "out", **options)
    assert all(made.checked[name] for name in ALL)
    assert made.checked["edl"] == made.checked["cues"] == 6
    assert made.checked["aaf"] == 2 * 6 + 1
    assert all(path.is_file() for path in made.paths)
    assert not list((tmp_path / "out").glob(".*"))
    assert sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file()) == sorted(
        made.paths
    )


def test_two_stems_of_one_name_are_refused(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    error = refused(tmp_path, ["bwf"], naming="{reel}")
    assert error.code is ErrorCode.OPTION_INVALID
    assert "names two stems" in error.message and "{number}" in error.message
    assert "names two stems" in refused(tmp_path, ["edl"], naming="{layer}").message


def test_the_surround_mix_never_overwrites_the_stereo_one(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    made = export(tmp_path / "session", ["bwf"], tmp_path / "out", title=LONG * 2)
    mixes = [
        path for path in made.paths if path.parent == tmp_path / "out" and path.suffix == ".wav"
    ]
    assert sorted(wav_info(path).channels for path in mixes) == [2, 6]
    assert {path.stem[-6:] for path in mixes} == {"stereo", "FX_5_1"}


@pytest.mark.parametrize(
    "template",
    [
        "{number:999999999}",
        "{event.__class__}",
        "{event[0]}",
        "{number!r}",
        "{nosuch}",
        "{label:5}",
        "{}",
        "{0}",
        "{{number}}",
        "{number",
        "...",
    ],
)
@pytest.mark.slow
def test_naming_is_a_grammar_of_fields_alone(tmp_path: Path, template: str) -> None:
    finished_session(tmp_path / "session")
    error = refused(tmp_path, ["bwf"], naming=template)
    assert error.code is ErrorCode.OPTION_INVALID
    assert len(str(error)) < 400


def test_fields_are_text_and_never_templates() -> None:
    fields = {"number": 7, "label": "{number:999999999} {0}"}
    assert filled("{number:03}_{number}_{label}", fields) == "007_7__number:999999999_ _0_"


def test_cut_names_keep_their_ends() -> None:
    for name in ("x" * 300 + "_5_1", "7_" + "漢" * 300 + "_stereo", "e\u0301" * 200 + ".L"):
        cut = plain_name(name)
        assert len(cut) <= LONGEST and len(cut.encode()) <= LONGEST_BYTES
        assert cut[-3:] == name[-3:] or cut.endswith("é.L")
        assert cut[0] == plain_name(name[:2])[0]
    assert plain_name("con") == "_con" and plain_name("aux.wav") == "_aux.wav"
    assert plain_name("../a/b") == "a_b"


def test_pops_that_have_no_room_are_refused(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    error = refused(tmp_path, ["bwf", "edl"], start="00:00:00:00", pops=True)
    assert error.code is ErrorCode.OPTION_INVALID
    assert "2-pop" in error.message


def test_handles_that_have_no_room_are_said(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    made = export(tmp_path / "session", ["bwf"], tmp_path / "out", start="00:00:00:10", handles_s=2)
    assert "0.40 s instead of 2.00 s" in (tmp_path / "out" / "notes.txt").read_text()
    assert {read_header(p).time_reference for p in made.paths if p.suffix == ".wav"} == {0}


@pytest.mark.parametrize(("kind", "module"), [("otio", "opentimelineio"), ("aaf", "aaf2")])
def test_a_missing_part_leaves_nothing_half(
    tmp_path: Path, kind: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    finished_session(tmp_path / "session")
    monkeypatch.setitem(sys.modules, module, None)
    assert refused(tmp_path, ["bwf", kind]).code is ErrorCode.PART_MISSING
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_failure_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_session(tmp_path / "session")
    export(tmp_path / "session", ["cues"], tmp_path / "out")

    def fail(*_: object) -> None:
        raise FoleyError(ErrorCode.DISK_FULL, "No space left.")

    broken = SimpleNamespace(
        name="broken", needs_stems=False, plan=lambda _: ["x"], write=fail, references=lambda *_: ()
    )
    entry = SimpleNamespace(name="broken", load=lambda: lambda: broken)
    monkeypatch.setattr(registry, "entry_points", lambda **_: (entry,))
    error = refused(tmp_path, ["bwf", "cues", "broken"], title="After")
    assert error.code is ErrorCode.DISK_FULL


@pytest.mark.slow
def test_a_document_that_points_nowhere_is_never_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_session(tmp_path / "session")
    monkeypatch.setattr(Delivery, "stem_file", lambda *_: "stems/nowhere.wav")
    for kind in ("edl", "otio", "fcpxml7"):
        error = refused(tmp_path, [kind])
        assert error.code is ErrorCode.TOOL_FAILED
        assert "nowhere.wav" in error.message


@pytest.mark.slow
def test_what_takes_no_place_is_put_back(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    out = tmp_path / "out"
    export(tmp_path / "session", ["bwf"], out)
    (out / "credits.txt").unlink()
    (out / "credits.txt").mkdir()
    (out / "credits.txt" / "keep").write_text("mine")
    before = everything(out)
    with pytest.raises(FoleyError) as caught:
        export(tmp_path / "session", ["bwf", "edl"], out)
    assert caught.value.code is ErrorCode.OUTPUT_NOT_WRITABLE
    assert everything(out) == before


def test_the_sessions_own_files_are_no_place_for_a_delivery(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    before = everything(tmp_path / "session")
    for inside in ("", "stems", ".foley/x"):
        with pytest.raises(FoleyError) as caught:
            export(tmp_path / "session", ["bwf"], tmp_path / "session" / inside)
        assert caught.value.code is ErrorCode.OPTION_INVALID
    assert everything(tmp_path / "session") == before


def test_a_link_out_of_the_session_is_not_followed(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "session" / "exports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FoleyError) as caught:
        export(tmp_path / "session", ["edl"], tmp_path / "session" / "exports")
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED
    assert not list((tmp_path / "elsewhere").iterdir())


def test_addresses_hold_whatever_the_way_to_the_folder(tmp_path: Path) -> None:
    import opentimelineio

    finished_session(tmp_path / "session")
    out = tmp_path / "a b" / ".." / "a b#%" / "out"
    (tmp_path / "a b").mkdir()
    made = export(tmp_path / "session", ["otio", "fcpxml7"], out)
    timeline = opentimelineio.adapters.read_from_file(
        str(next(path for path in made.paths if path.suffix == ".otio"))
    )
    urls = [c.media_reference.target_url for t in timeline.audio_tracks() for c in t.find_clips()]
    assert all(url.startswith("stems/") and ".." not in url for url in urls)
    assert "Timelines name no picture" in made.notes[0].text
    xml = next(path for path in made.paths if path.suffix == ".xml").read_text()
    assert "/../" not in xml and "a%20b%23%25/out/stems/" in xml


def test_edit_lists_and_cue_sheets_name_the_delivered_stems(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    made = export(tmp_path / "session", ["edl", "cues"], tmp_path / "out", naming="F{number:03}")
    stems = {path.name for path in made.paths if path.parent.name == "stems"}
    assert stems == {f"F00{number}.wav" for number in range(1, 6)}
    for path in made.paths:
        if path.suffix == ".edl":
            sources = [line for line in path.read_text().splitlines() if "SOURCE FILE" in line]
            assert set(sources) == {f"* SOURCE FILE: {path.stem}.wav"}
    table = next(path for path in made.paths if path.suffix == ".csv")
    files = {row["File"] for row in csv.DictReader(table.open(newline=""))}
    assert files == {f"stems/{name}" for name in stems}
    alone = export(tmp_path / "session", ["cues"], tmp_path / "alone")
    assert not [path for path in alone.paths if path.suffix == ".wav"]
    table = next(path for path in alone.paths if path.suffix == ".csv")
    assert {row["File"] for row in csv.DictReader(table.open(newline=""))} == {""}


@pytest.mark.slow
def test_an_odd_rate_is_delivered_at_a_standard_one(tmp_path: Path) -> None:
    finished_session(tmp_path / "session", Fraction(240), "01:00:00:00")
    made = export(tmp_path / "session", ["bwf", "edl", "ardour"], tmp_path / "out")
    delivery = Delivery.of(tmp_path / "session")
    assert (delivery.rate, delivery.origin) == (60, 3600 * 60)
    assert {read_header(p).time_reference for p in made.paths if p.parent.name == "stems"} == {
        3600 * 48_000
    }
    edl = next(path for path in made.paths if path.suffix == ".edl").read_text()
    assert all(int(word[-2:]) < 60 for word in edl.split() if word.startswith("01:"))
    session = next(path for path in made.paths if path.suffix == ".ardour").read_text()
    assert "timecode_60" in session


def test_timecode_without_drop_frame_is_counted_so_on_the_cue_sheet(tmp_path: Path) -> None:
    finished_session(tmp_path / "session", Fraction(30000, 1001), "01:00:00:00")
    made = export(tmp_path / "session", ["cues", "bwf"], tmp_path / "out")
    table = next(path for path in made.paths if path.suffix == ".csv")
    first = next(csv.DictReader(table.open(newline="")))["TC in"]
    assert first.startswith("01:00:00:") and from_timecode(first, Fraction(30000, 1001))
    assert file_start(Delivery.of(tmp_path / "session")) == round(108_000 * 48_000 * 1001 / 30_000)


def test_a_movie_is_delivered_with_both_mixes(tmp_path: Path) -> None:
    material = finished_session(tmp_path / "session")
    clip = odd_clips.write(tmp_path / "yard.mp4", seconds=8.0)
    session = Session(tmp_path / "session")
    record = session.record()
    session.save(
        record.model_copy(
            update={"inputs": record.inputs.model_copy(update={"clip_path": str(clip)})}
        )
    )
    made: Exported = export(tmp_path / "session", ["mov", "otio"], tmp_path / "out")
    assert made.checked["mov"] == 2
    movie = next(path for path in made.paths if path.suffix == ".mov")
    assert open_clip(movie).clip.timecode == material.script.clip.timecode
    assert made.checked["otio"] == 6 + 1, "stems, and the picture"


@pytest.mark.parametrize(
    "change",
    [
        {"media": Path("/nowhere.wav")},
        {"end": 10**9},
        {"start": -5},
        {"length": 7},
        {"timestamp": 48_000},
    ],
)
@pytest.mark.slow
def test_a_wrong_reference_is_found(tmp_path: Path, change: dict) -> None:
    finished_session(tmp_path / "session")
    made = export(tmp_path / "session", ["bwf"], tmp_path / "out")
    stem = next(path for path in made.paths if path.parent.name == "stems")
    good = Reference(
        "a.edl", stem, 0, wav_info(stem).samples, None, read_header(stem).time_reference
    )
    check(good)
    with pytest.raises(FoleyError) as caught:
        check(good._replace(**change))
    assert caught.value.code is ErrorCode.TOOL_FAILED


def test_a_format_of_another_package_is_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lines:
        name = "lines"
        help = "Labels, a line a sound."
        needs_stems = True

        def plan(self, delivery: Delivery) -> list[str]:
            return ["lines.txt"]

        def write(self, delivery: Delivery, place: registry.Place) -> tuple:
            text = "\n".join(delivery.stem_file(track) for track in delivery.tracks)
            (place.folder / "lines.txt").write_text(text)
            return ()

        def references(self, delivery: Delivery, place: registry.Place) -> list[Reference]:
            lines = (place.folder / "lines.txt").read_text().splitlines()
            return [Reference("lines.txt", place.folder / line) for line in lines]

    entry = SimpleNamespace(name="lines", load=lambda: Lines)
    monkeypatch.setattr(registry, "entry_points", lambda **_: (entry,))
    finished_session(tmp_path / "session")
    made = export(tmp_path / "session", ["lines"], tmp_path / "out")
    assert made.checked["lines"] == 5
    with pytest.raises(FoleyError) as caught:
        export(tmp_path / "session", ["nosuch"], tmp_path / "out")
    assert caught.value.code is ErrorCode.OPTION_INVALID
    assert "lines" in caught.value.hint


def test_built_in_formats_load_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from foley_designer.export.registry import built_in; built_in(); "
        "print(sorted({'numpy', 'av', 'opentimelineio', 'aaf2', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_stems_of_a_split_delivery_lie_beside_those_that_timelines_name(tmp_path: Path) -> None:
    finished_session(tmp_path / "session")
    made = export(tmp_path / "session", ["bwf", "otio"], tmp_path / "out", layout="split")
    names = {path.name for path in made.paths if path.parent.name == "stems"}
    whole = {name for name in names if name.count(".") == 1}
    assert len(whole) == 5 and len(names) == 15
    one = next(path for path in made.paths if path.name in whole)
    left = one.with_name(f"{one.stem}.L.wav")
    assert (read_wav(one)[0] == read_wav(left)[0]).all()
