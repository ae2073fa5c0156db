"""Every operation on how a sound lies in the mix is heard, and undone byte for byte."""

import shutil
from pathlib import Path

import pytest
from digests import digests, visible

from foley_designer.api import revisions
from foley_designer.core.mix.processing import Futz
from foley_designer.core.revision import operations as edit
from foley_designer.core.revision import sounding
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space

pytestmark = pytest.mark.slow


def delivered(folder: Path) -> dict[str, str]:
    return digests(folder, lambda path: visible(path) and path.name != "revisions.jsonl")


def asked(hit: str, going_on: str) -> list[edit.Operation]:
    return [
        sounding.Equalise(event_id=hit, shape="low_shelf", frequency_hz=120, gain_db=6),
        sounding.Filter(event_id=going_on, cut="low", frequency_hz=400),
        sounding.DuckUnder(event_id=going_on, by=(hit,), db=8),
        sounding.Compress(event_id=hit, amount=0.5),
        sounding.FadeEvent(event_id=going_on, edge="out", length_s=1.0),
        sounding.SetWidth(event_id=going_on, width=0.0),
        sounding.ShiftPitch(event_id=hit, change_st=-3),
        sounding.ChangeSpeed(event_id=hit, factor=0.5),
        sounding.ChangeSpeed(event_id=going_on, factor=1.5),
        sounding.SetRoom(event_id=hit, space=Space.CHURCH),
        sounding.HearThrough(event_id=going_on, device=Futz.NEXT_ROOM),
        sounding.MuteEvent(event_id=going_on),
        sounding.SoloEvent(event_id=hit),
        sounding.ChooseTake(event_id=hit, take=3),
        sounding.CopyEvent(event_id=hit, hits=(1,), to_s=2.9),
        sounding.TrimEvent(event_id=going_on, from_s=0.5, to_s=2.0),
        edit.AdjustLevel(event_id=going_on, change_db=-12, from_s=1.0, to_s=2.0),
        edit.TargetLoudness(lufs=-27),
    ]


@pytest.fixture(scope="module")
def session(designed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(designed, tmp_path_factory.mktemp("by_hand") / "session"))


@pytest.mark.parametrize("number", range(18), ids=[one.kind for one in asked("a", "b")])
def test_it_sounds_and_is_undone(number: int, session: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    script = FoleyScript.from_json((session / "script.json").read_bytes())
    hit = next(event.id for event in script.foreground if len(event.hits) > 1)
    going_on = next(event.id for event in script.events if event.spans)
    before = delivered(session)
    operation = asked(hit, going_on)[number]
    revisions.revise(session, [operation], approve=True, settings=settings)
    after = delivered(session)
    assert after["mix_stereo.wav"] != before["mix_stereo.wav"]
    revisions.undo(session, settings=settings)
    assert delivered(session) == before
