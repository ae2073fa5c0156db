"""Nothing is lost: what is changed in a session is noticed, put back byte for byte, and told."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import ormsgpack
import pytest
from digests import digests, visible

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.api import Request, design, revisions
from foley_designer.cli.summary import summary
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision import operations as edit
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord, Stage
from foley_designer.core.settings import Settings
from foley_designer.export.bundle import export

pytestmark = pytest.mark.slow

WORDS = "a hammer strikes a steel anvil, rain on the roof, a dog barks, a clock ticks"
Again = Callable[[], SessionRecord]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def session(designed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(designed, tmp_path / "session"))


@pytest.fixture
def again(session: Path, hammer: tuple[Path, YardstickTruth], settings: Settings) -> Again:
    """Gives the command that made the session once more."""
    request = Request(clip=hammer[0], description=WORDS)
    return lambda: design(request, session, settings=settings)


def delivered(folder: Path) -> dict[str, str]:
    return digests(folder, visible)


def scribble(path: Path) -> None:
    """Change a file in place, as a sound editor saves."""
    with path.open("r+b") as file:
        file.seek(1000)
        file.write(b"\x55" * 2000)


def a_stem(folder: Path) -> Path:
    return sorted((folder / "stems").iterdir())[1]


def put_back(record: SessionRecord) -> str:
    return " ".join(note.text for note in record.notes if "put back" in note.text)


def damage_stems(folder: Path) -> None:
    for wav in (folder / ".foley" / "stems").glob("*.wav"):
        scribble(wav)


def damage_takes_and_stems(folder: Path) -> None:
    damage_stems(folder)
    for wav in (folder / ".foley" / "takes").glob("*.wav"):
        scribble(wav)


def lose_sidecars(folder: Path) -> None:
    for sidecar in (folder / ".foley" / "stems").glob("*.json"):
        sidecar.unlink()


def damage_documents(folder: Path) -> None:
    for document in (folder / ".foley" / "objects").glob("*.json"):
        document.write_bytes(document.read_bytes().replace(b"0", b"1"))


DAMAGE: list[Callable[[Path], None]] = [
    lambda _: None,
    damage_stems,
    damage_takes_and_stems,
    lose_sidecars,
    damage_documents,
    lambda folder: shutil.rmtree(folder / ".foley"),
]
NAMES = ["nothing", "stems", "takes and stems", "sidecars", "documents", "the whole store"]


@pytest.mark.parametrize("damage", DAMAGE, ids=NAMES)
def test_a_stem_edited_in_place_comes_back_and_is_told(
    damage: Callable[[Path], None], session: Path, again: Again
) -> None:
    before, stem = delivered(session), a_stem(session)
    scribble(stem)
    damage(session)
    assert delivered(session) != before
    record = again()
    assert delivered(session) == before
    if damage not in DAMAGE[-2:]:
        assert stem.name in put_back(record)
        assert stem.name in summary(session, record), "the command says it"
    assert not put_back(again()), "a second time there is nothing to tell"


def test_the_store_is_no_part_of_what_is_delivered(session: Path) -> None:
    kept = {p.stat().st_ino for p in (session / ".foley").rglob("*.wav")}
    assert kept
    assert not kept & {path.stat().st_ino for path in (session / "stems").iterdir()}


def test_undo_restores_every_byte_after_damage(session: Path, settings: Settings) -> None:
    before = delivered(session)
    script = FoleyScript.from_json((session / "script.json").read_bytes())
    events = [event.id for event in script.foreground]
    revisions.revise(
        session,
        [edit.AdjustPan(event_id=events[0], change_deg=20)],
        approve=True,
        settings=settings,
    )
    revised = delivered(session)
    scribble(a_stem(session))
    damage_takes_and_stems(session)
    revisions.undo(session, settings=settings)
    log = "revisions.jsonl"
    assert {k: v for k, v in delivered(session).items() if k != log} == {
        k: v for k, v in before.items() if k != log
    }
    damage_stems(session)
    revisions.redo(session, settings=settings)
    assert delivered(session) == revised


def test_a_revised_session_is_put_back_at_its_revision(
    session: Path, again: Again, settings: Settings
) -> None:
    revisions.revise(session, "everything 2 dB down", approve=True, settings=settings)
    revised = delivered(session)
    scribble(a_stem(session))
    (session / "mix_5_1.wav").unlink()
    assert "mix_5_1.wav" in put_back(again())
    assert delivered(session) == revised


def test_no_export_of_a_mixture(session: Path, settings: Settings, tmp_path: Path) -> None:
    """As a killed revision leaves it: some files are the new revision's already."""
    before = delivered(session)
    other = Path(shutil.copytree(session, tmp_path / "other"))
    revisions.revise(other, "everything 6 dB down", approve=True, settings=settings)
    for name in ("mix_stereo.wav", "script.json"):
        shutil.copy(other / name, session / name)
    with pytest.raises(FoleyError, match=r"mix_stereo\.wav") as caught:
        export(session, ["bwf"], tmp_path / "out")
    assert caught.value.code is ErrorCode.SESSION_DAMAGED
    assert not (tmp_path / "out").exists()
    assert set(revisions.made_whole(session, settings=settings)) == {
        "mix_stereo.wav",
        "script.json",
    }
    assert delivered(session) == before
    assert export(session, ["bwf"], tmp_path / "out")


def test_a_received_session_runs_nothing(session: Path, again: Again, tmp_path: Path) -> None:
    """The command that goes on in a session reads its checkpoints."""
    trace = tmp_path / "it-ran"
    attack = ormsgpack.packb(ormsgpack.Ext(0, ormsgpack.packb(("os", "system", f"touch {trace}"))))
    record = SessionRecord.from_json((session / "session.json").read_bytes())
    Session(session).save(record.model_copy(update={"stage": Stage.SCRIPTED}))
    with closing(sqlite3.connect(session / ".foley" / "checkpoints.sqlite")) as database, database:
        database.execute("UPDATE checkpoints SET checkpoint = ?", (attack,))
        database.execute("UPDATE writes SET type = 'msgpack', value = ?", (attack,))
    before = delivered(session)
    with pytest.raises(FoleyError, match=r"checkpoints\.sqlite") as caught:
        again()
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID
    assert not trace.exists()
    assert delivered(session) == before


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links")
def test_a_link_in_a_session_is_not_followed(
    session: Path, again: Again, settings: Settings, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (session / "exports").symlink_to(outside)
    for act in (
        again,
        lambda: export(session, ["bwf"], session / "exports"),
        lambda: revisions.undo(session, settings=settings),
        lambda: revisions.history(session),
    ):
        with pytest.raises(FoleyError, match="leads out") as caught:
            act()
        assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED
    assert not list(outside.iterdir())
