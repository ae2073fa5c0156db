"""The store: by content, verified on read; what was changed in it is refused or made again."""

import os
from pathlib import Path

import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import copy, write_text
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.session.session import Session
from foley_designer.core.session.store import Shelf
from foley_designer.core.space import Space

PLAN = MixPlan(space=Space.HALL, tracks=(TrackPlan(event_id="a", gain_db=-3),))
KEY = "ab" * 32


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(tmp_path / "s")
    made.create()
    return made


def test_a_changed_document_is_refused_and_putting_it_heals(session: Session) -> None:
    digest = session.put(PLAN)
    file = session.hidden / "objects" / f"{digest}.json"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"-3.0", b"-9.0"))
    with pytest.raises(FoleyError, match="was changed") as caught:
        session.get(MixPlan, digest)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    assert session.put(PLAN) == digest
    assert file.read_bytes() == whole
    assert session.get(MixPlan, digest) == PLAN


@pytest.mark.parametrize("name", ["../session", "/etc/passwd", "", "AB" * 32, "ab\0" * 8])
def test_a_name_that_is_no_hash_opens_nothing(session: Session, name: str) -> None:
    for read in (
        lambda: session.get(MixPlan, name),
        lambda: session.store.sound(Shelf.STEMS, name),
        lambda: session.store.place(Shelf.TAKES, name),
    ):
        with pytest.raises(FoleyError) as caught:
            read()
        assert caught.value.code is ErrorCode.DOCUMENT_INVALID


def test_a_sound_counts_only_with_the_bytes_that_were_kept(session: Session) -> None:
    store = session.store
    place = store.place(Shelf.STEMS, KEY)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"RIFF whole")
    assert store.sound(Shelf.STEMS, KEY) is None, "no sidecar yet"
    store.keep(Shelf.STEMS, KEY)
    assert store.sound(Shelf.STEMS, KEY) == place
    place.write_bytes(b"RIFF other")
    assert store.sound(Shelf.STEMS, KEY) is None
    place.write_bytes(b"RIFF whole")
    for sidecar in (b"", b"{}", b"[" * 9999, b'{"sha256": 1}', b"\xff\xfe"):
        place.with_suffix(".json").write_bytes(sidecar)
        assert store.sound(Shelf.STEMS, KEY) is None


def test_a_copy_is_another_file(tmp_path: Path) -> None:
    source, target = tmp_path / "kept.wav", tmp_path / "delivered.wav"
    source.write_bytes(b"kept" * 5000)
    copy(source, target)
    assert target.read_bytes() == source.read_bytes()
    with target.open("r+b") as file:
        file.write(b"edit")
    assert source.read_bytes() == b"kept" * 5000
    assert source.stat().st_nlink == 1


@pytest.mark.skipif(os.name == "nt", reason="no umask")
@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o002, 0o664), (0o022, 0o644)])
def test_permissions_follow_the_umask(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_text(tmp_path / "a.json", "{}")
    finally:
        os.umask(before)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("inner", ["stems", ".foley/keyframes", "exports", ".foley/lock", "a/b/c"])
def test_a_link_that_leads_out_is_refused(session: Session, inner: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = session.root / inner
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_dir():
        link.rmdir()
    link.symlink_to(elsewhere)
    for step in (session.create, session.record):
        with pytest.raises(FoleyError, match="leads out") as caught:
            step()
        assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED
    assert not list(elsewhere.iterdir())


def test_a_session_behind_a_link_and_links_within_are_fine(
    session: Session, tmp_path: Path
) -> None:
    (session.root / "latest").symlink_to(session.root / "stems")
    (tmp_path / "link").symlink_to(session.root)
    Session(tmp_path / "link").create()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_pipe_in_a_session_is_refused_instead_of_waited_for(session: Session) -> None:
    os.mkfifo(session.record_file)
    with pytest.raises(FoleyError, match="neither file nor folder"):
        session.record()


@pytest.mark.parametrize(
    "line",
    [
        b"5",
        b"{}",
        b"[" * 5000,
        b"\xff",
        b'{"id": 1, "parent": null, "documents": {}, "reason": ""}',
    ],
)
def test_a_log_of_another_shape_is_refused_with_its_line(session: Session, line: bytes) -> None:
    session.commit({"script": KEY}, "design")
    session.revisions_file.write_bytes(session.revisions_file.read_bytes() + line + b"\n")
    with pytest.raises(FoleyError, match="line 2") as caught:
        session.revisions()
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


@pytest.mark.parametrize("version", ["0", "-1", "true", "1.0", '"1"', "null", "9" * 40])
def test_schema_versions_that_never_were(session: Session, version: str) -> None:
    session.record_file.write_text(f'{{"schema": "session", "schema_version": {version}}}')
    with pytest.raises(FoleyError) as caught:
        session.record()
    assert caught.value.code in (ErrorCode.DOCUMENT_INVALID, ErrorCode.DOCUMENT_TOO_NEW)


def test_what_was_verified_once_is_the_same_object_until_a_byte_differs(session: Session) -> None:
    digest = session.put(PLAN)
    other = Session(session.root)
    assert other.get(MixPlan, digest) is other.get(MixPlan, digest)
    file = session.hidden / "objects" / f"{digest}.json"
    file.write_bytes(file.read_bytes().replace(b"-3.0", b"-9.0"))
    with pytest.raises(FoleyError, match="was changed"):
        other.get(MixPlan, digest)
