from pathlib import Path

import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.session.session import Session
from foley_designer.core.space import Space

PLAN = MixPlan(space=Space.HALL, tracks=(TrackPlan(event_id="a", gain_db=-3),))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(tmp_path / "s")
    made.create()
    return made


def test_documents_come_back_by_hash(session: Session) -> None:
    digest = session.put(PLAN)
    assert session.put(PLAN) == digest
    assert session.get(MixPlan, digest) == PLAN
    with pytest.raises(FoleyError) as caught:
        session.get(MixPlan, "0" * 64)
    assert caught.value.code is ErrorCode.SESSION_NOT_FOUND


def test_a_second_process_is_told(session: Session) -> None:
    with (
        session.lock(),
        pytest.raises(FoleyError) as caught,
        Session(session.root).lock(),
    ):
        pass
    assert caught.value.code is ErrorCode.SESSION_BUSY


def test_what_a_killed_writer_left_goes(session: Session) -> None:
    left = session.root / ".part-abc.wav", session.stems / ".part-def.wav"
    kept = session.root / "mix_stereo.wav"
    for path in (*left, kept):
        path.write_bytes(b"RIFF")
    with session.lock():
        assert [path.exists() for path in (*left, kept)] == [False, False, True]


def test_revisions_append_and_name_their_parent(session: Session) -> None:
    first = session.commit({"script": "a" * 64}, "design")
    assert session.commit({"script": "a" * 64}, "design") == first
    second = session.commit({"script": "b" * 64}, "quieter")
    log = session.revisions()
    assert [entry.id for entry in log] == [first, second]
    assert log[1].parent == first


def test_paths_stay_inside(session: Session) -> None:
    with pytest.raises(FoleyError):
        session.path("../outside.wav")
