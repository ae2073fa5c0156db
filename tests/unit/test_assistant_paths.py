"""Nothing is read outside the roots and nothing is written outside the output root."""

import os
from pathlib import Path

import pytest

from foley_designer.assistant.paths import Place, session_name
from foley_designer.core.errors import ErrorCode, FoleyError


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("clips", "out", "secret"):
        (tmp_path / name).mkdir()
    (tmp_path / "clips" / "a.mp4").write_bytes(b"clip")
    (tmp_path / "secret" / "key.mp4").write_bytes(b"key")
    (tmp_path / "clips" / "link.mp4").symlink_to(tmp_path / "secret" / "key.mp4")
    (tmp_path / "clips" / "folder").symlink_to(tmp_path / "secret")
    (tmp_path / "clips" / "zero.mp4").symlink_to("/dev/zero")
    (tmp_path / "clips" / "inner.mp4").symlink_to(tmp_path / "clips" / "a.mp4")
    (tmp_path / "clips_beside").mkdir()
    (tmp_path / "clips_beside" / "b.mp4").write_bytes(b"beside")
    (tmp_path / "out" / "away").symlink_to(tmp_path / "secret")
    return Place((tmp_path / "clips",), tmp_path / "out")


@pytest.mark.parametrize(
    "path",
    [
        "../secret/key.mp4",
        "{tmp}/secret/key.mp4",
        "{tmp}/clips_beside/b.mp4",
        "link.mp4",
        "folder/key.mp4",
        "zero.mp4",
        "/dev/zero",
        "/etc/passwd",
        "/proc/self/environ",
        "~/.ssh/id_rsa",
        "\\\\server\\share\\a.mp4",
        "//server/share/a.mp4",
        "file:///etc/passwd",
        "http://127.0.0.1/a.mp4",
        "concat:a.mp4",
        "a.mp4\x00.png",
    ],
)
def test_a_way_out_is_refused(place: Place, tmp_path: Path, path: str) -> None:
    with pytest.raises(FoleyError) as caught:
        place.file(path.format(tmp=tmp_path), ErrorCode.CLIP_NOT_FOUND)
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_a_refusal_does_not_tell_what_exists_outside(place: Place, tmp_path: Path) -> None:
    told = []
    for name in ("key.mp4", "nil.mp4"):
        with pytest.raises(FoleyError) as caught:
            place.file(f"{tmp_path}/secret/{name}", ErrorCode.CLIP_NOT_FOUND)
        told.append(str(caught.value).replace(name, "?"))
    assert told[0] == told[1]


@pytest.mark.parametrize("path", ["a.mp4", "./a.mp4", "inner.mp4", "{tmp}/clips/a.mp4"])
def test_a_clip_below_a_root_is_read(place: Place, tmp_path: Path, path: str) -> None:
    found = place.file(path.format(tmp=tmp_path), ErrorCode.CLIP_NOT_FOUND)
    assert found == (tmp_path / "clips" / "a.mp4").resolve()


@pytest.mark.parametrize("name", [".", "nil.mp4", "pipe"])
def test_only_regular_files_are_clips(place: Place, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "clips" / "pipe")
    with pytest.raises(FoleyError) as caught:
        place.file(name, ErrorCode.CLIP_NOT_FOUND)
    assert caught.value.code is ErrorCode.CLIP_NOT_FOUND


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../secret", "a/b", "a\\b", ".looks", "/etc", "away", "a" * 65, "a\n"]
)
def test_a_session_stays_in_the_output_root(place: Place, name: str) -> None:
    with pytest.raises(FoleyError) as caught:
        place.session(name)
    assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


def test_sessions_that_lead_out_are_not_listed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "secret" / "session.json").write_text("{}")
    (tmp_path / "out" / "mine").mkdir()
    (tmp_path / "out" / "mine" / "session.json").write_text("{}")
    assert place.names() == ("mine",)


@pytest.mark.parametrize("clip", ["a b.mp4", "été.mov", "..mp4", "-.mp4", "x" * 300 + ".mp4"])
def test_a_clip_gives_a_session_name(place: Place, clip: str) -> None:
    place.session(session_name(Path(clip)))


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("cafe\u0301.mov", "caf\u00e9.mov"),
        ("caf\u00e9.mov", "cafe\u0301.mov"),
        ("Screen 9.41.00\u202fAM.mov", "Screen 9.41.00 AM.mov"),
        ("Take 3.MOV", "take  3.mov"),
        ("re\u0301el/a\u0301.mov", "r\u00e9el/\u00e1.mov"),
    ],
)
def test_a_name_that_reads_the_same_is_found(
    place: Place, tmp_path: Path, stored: str, asked: str
) -> None:
    kept = tmp_path / "clips" / stored
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(b"clip")
    assert place.file(asked, ErrorCode.CLIP_NOT_FOUND) == kept.resolve()


def test_near_names_and_a_listing_help(place: Place, tmp_path: Path) -> None:
    (tmp_path / "clips" / "hammer_scene_4.mov").write_bytes(b"clip")
    with pytest.raises(FoleyError) as caught:
        place.file("hamer_scene4.mp4", ErrorCode.CLIP_NOT_FOUND)
    assert "hammer_scene_4.mov" in caught.value.hint
    with pytest.raises(FoleyError) as caught:
        place.file("zzz.bin", ErrorCode.CLIP_NOT_FOUND)
    assert "foley://clips" in caught.value.hint
    assert [clip.name for clip in place.clips()] == ["a.mp4", "hammer_scene_4.mov"]


def test_two_names_that_read_the_same_are_not_guessed(place: Place, tmp_path: Path) -> None:
    for name in ("Take.mov", "take.mov"):
        (tmp_path / "clips" / name).write_bytes(b"clip")
    with pytest.raises(FoleyError) as caught:
        place.file("TAKE.mov", ErrorCode.CLIP_NOT_FOUND)
    assert "Take.mov" in caught.value.hint


def test_images_in_sequence_are_allowed_by_their_pattern(place: Place, tmp_path: Path) -> None:
    (tmp_path / "clips" / "shot_0001.png").write_bytes(b"image")
    found = place.file("shot_%04d.png", ErrorCode.CLIP_NOT_FOUND)
    assert found.name == "shot_%04d.png"
    with pytest.raises(FoleyError):
        place.file("../secret/shot_%04d.png", ErrorCode.CLIP_NOT_FOUND)
