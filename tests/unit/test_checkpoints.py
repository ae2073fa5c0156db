"""Checkpoints are data: a session that was received runs nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.session.session import Session
from foley_designer.graph.checkpoints import StrictSerializer, checkpoints

CONFIG: Any = {"configurable": {"thread_id": "1", "checkpoint_ns": ""}}
CONSTRUCT, CALL, BUILD, REBUILD = 0, 3, 4, 5


def extension(code: int, *content: object) -> bytes:
    return ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(content)))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(tmp_path / "received")
    made.create()
    return made


def kept(session: Session, value: object) -> None:
    """Write a checkpoint as a run does."""
    with checkpoints(session) as saver:
        point: Any = {"v": 1, "id": "1", "ts": "", "channel_values": {"clip": value}}
        point |= {"channel_versions": {}, "versions_seen": {}}
        saver.put(CONFIG, point, {"source": "input", "step": 1, "parents": {}}, {})


def replaced(session: Session, kind: str, blob: bytes) -> None:
    """Exchange its bytes, as whoever sends a session can."""
    with closing(sqlite3.connect(session.checkpoints)) as database, database:
        database.execute("UPDATE checkpoints SET type = ?, checkpoint = ?", (kind, blob))


def read(session: Session) -> Any:
    with checkpoints(session) as saver:
        return saver.get_tuple(CONFIG)


def test_the_proof_of_concept_runs_nothing(session: Session, tmp_path: Path) -> None:
    trace = tmp_path / "it-ran"
    attack = extension(CONSTRUCT, "os", "system", f"touch {trace}")
    JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(("msgpack", attack))
    assert trace.exists(), "the attack works on the serializer as it comes"
    trace.unlink()
    kept(session, "a.mp4")
    replaced(session, "msgpack", attack)
    with pytest.raises(FoleyError, match="no design writes") as caught:
        read(session)
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    assert not trace.exists()


@pytest.mark.parametrize(
    ("code", "content"),
    [
        (CONSTRUCT, ("subprocess", "Popen", "true")),
        (1, ("builtins", "eval", ("1",))),
        (2, ("pathlib", "Path", {"x": 1})),
        (CALL, ("builtins", "str", "x", "upper")),
        (BUILD, ("os", "environ", {})),
        (REBUILD, ("foley_designer.core.clip", "Clip", {}, "model_validate_json")),
        (6, ("<f4", (1,), "C", b"0000")),
        (99, ("x", "y")),
        (CONSTRUCT, ()),
    ],
)
def test_no_other_type_is_built(code: int, content: tuple[object, ...]) -> None:
    with pytest.raises((ValueError, TypeError)):
        StrictSerializer().loads_typed(("msgpack", extension(code, *content)))


def test_an_attack_inside_an_allowed_type_is_seen() -> None:
    inner = ormsgpack.Ext(CONSTRUCT, ormsgpack.packb(("os", "system", "true")))
    outer = ormsgpack.Ext(CONSTRUCT, ormsgpack.packb(("builtins", "set", [inner])))
    with pytest.raises(ValueError):
        StrictSerializer().loads_typed(("msgpack", ormsgpack.packb(outer)))


@pytest.mark.parametrize(
    ("kind", "blob"),
    [("pickle", b"cos\nsystem\n(S'true'\ntR."), ("json", b"{}"), ("msgpack", b"\xc1"), ("", b"")],
)
def test_other_encodings_and_damage_are_refused(session: Session, kind: str, blob: bytes) -> None:
    kept(session, "a.mp4")
    replaced(session, kind, blob)
    with pytest.raises(FoleyError):
        read(session)


def test_values_have_the_shape_of_the_state(session: Session) -> None:
    kept(session, "a.mp4")
    found = read(session)
    assert found.checkpoint["channel_values"] == {"clip": "a.mp4"}
    kept(session, 5)
    with pytest.raises(FoleyError):
        read(session)


def test_a_file_that_is_no_database_is_put_aside(session: Session) -> None:
    session.checkpoints.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    assert read(session) is None
