"""Revisions of a designed session: only what is touched changes, and undo gives every byte back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from chat_endpoint import answering
from digests import digests, visible

from foley_designer.api import revisions as api_revision
from foley_designer.api import versions
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.revision import operations as edit
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.settings import Settings
from foley_designer.core.space import Space

pytestmark = pytest.mark.slow

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def session(designed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(designed, tmp_path / "session"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def delivered(folder: Path) -> dict[str, str]:
    return digests(folder, lambda path: visible(path) and path.name != "revisions.jsonl")


def stems(folder: Path) -> dict[str, str]:
    record = SessionRecord.from_json((folder / "session.json").read_bytes())
    return {stem.event_id: stem.sha256 for stem in record.stems}


def struck(folder: Path) -> SoundEvent:
    script = FoleyScript.from_json((folder / "script.json").read_bytes())
    return next(event for event in script.foreground if len(event.hits) > 1)


@pytest.mark.parametrize(
    "operation",
    [
        lambda key: edit.AdjustPan(event_id=key, change_deg=20),
        lambda key: edit.AdjustLevel(event_id=key, change_db=-9, hits=(2,)),
        lambda key: edit.ChangePerformance(event_id=key, force=0.2),
        lambda key: edit.Retake(event_id=key),
    ],
    ids=["pan", "one hit", "performance", "retake"],
)
def test_one_stem_changes_and_undo_gives_every_byte_back(
    operation: Callable[[str], edit.Operation], session: Path, settings: Settings
) -> None:
    event, before, hashes = struck(session), delivered(session), stems(session)
    plan = json.loads((session / "plan.json").read_bytes())
    result = api_revision.revise(session, [operation(event.id)], approve=True, settings=settings)
    after, now = delivered(session), stems(session)
    assert {key for key in now if now[key] != hashes[key]} == {event.id}
    assert after["mix_stereo.wav"] != before["mix_stereo.wav"]
    assert [stem.event_id for stem in result.stems] == [event.id]
    others = json.loads((session / "plan.json").read_bytes())["tracks"]
    assert [t for t in others if t["event_id"] != event.id] == [
        track for track in plan["tracks"] if track["event_id"] != event.id
    ]
    api_revision.undo(session, settings=settings)
    assert delivered(session) == before
    api_revision.redo(session, settings=settings)
    assert delivered(session) == after


def test_a_fader_renders_nothing(session: Path, settings: Settings) -> None:
    event, hashes = struck(session), stems(session)
    takes = {path.name for path in (session / ".foley" / "takes").iterdir()}
    faders = Session(session).record()
    result = api_revision.revise(
        session,
        [edit.AdjustLevel(event_id=event.id, change_db=-6)],
        approve=True,
        settings=settings,
    )
    assert stems(session) == hashes
    assert {path.name for path in (session / ".foley" / "takes").iterdir()} == takes
    assert result.diff is not None
    assert not result.diff.rendered
    record = Session(session).record()
    assert record is not None
    assert faders is not None
    change = {
        new.event_id: new.gain_db - old.gain_db
        for old, new in zip(faders.stems, record.stems, strict=True)
        if new.gain_db != old.gain_db
    }
    assert change == {event.id: pytest.approx(-6.0)}


def test_an_added_event_and_a_new_space(session: Path, settings: Settings) -> None:
    before = stems(session)
    api_revision.revise(session, "add thunder at 1 s", approve=True, settings=settings)
    grown = stems(session)
    assert len(grown) == len(before) + 1
    assert {key: grown[key] for key in before} == before
    api_revision.revise(
        session, [edit.ChangeSpace(space=Space.CHURCH)], approve=True, settings=settings
    )
    plan = json.loads((session / "plan.json").read_text())
    spaces = {track["reverb"]["space"] for track in plan["tracks"] if track["reverb"]}
    assert spaces == {"church"}
    log = api_revision.history(session)
    assert [entry.is_current for entry in log] == [False, False, True]
    assert log[1].request == "add thunder at 1 s"
    assert log[1].operations[0].kind == "add_event"
    api_revision.go_to(session, log[0].id, settings=settings)
    assert stems(session) == before
    with pytest.raises(FoleyError) as unknown:
        api_revision.go_to(session, "0" * 16, settings=settings)
    assert unknown.value.code is ErrorCode.REVISION_INVALID


def test_a_refused_revision_leaves_everything(session: Path, settings: Settings) -> None:
    event, before = struck(session), delivered(session)
    seen = []
    with pytest.raises(FoleyError) as refused:
        api_revision.revise(
            session,
            [edit.RemoveEvent(event_id=event.id)],
            approve=lambda diff: bool(seen.append(diff)),
            settings=settings,
        )
    assert refused.value.code is ErrorCode.NEEDS_REVIEW
    assert seen[0].removed == (event.id,)
    assert delivered(session) == before


def test_a_proposal_is_done_only_on_its_base(session: Path, settings: Settings) -> None:
    before = delivered(session)
    proposal = api_revision.propose(session, "the dog 4 dB quieter", settings=settings)
    assert delivered(session) == before
    assert proposal.diff is not None
    assert len(proposal.operations) == 1
    log = (session / "revisions.jsonl").read_bytes()
    wish = api_revision.propose(session, "from now on quieter means 5 dB", settings=settings)
    assert wish.preference == "quieter_db = 5.0"
    assert not (settings.data_dir / "preferences.json").exists()
    assert api_revision.propose(session, "undo", settings=settings).command == "undo"
    assert (session / "revisions.jsonl").read_bytes() == log
    api_revision.revise(session, "everything 2 dB down", approve=True, settings=settings)
    with pytest.raises(FoleyError) as late:
        api_revision.revise(
            session, proposal.operations, approve=True, base=proposal.base, settings=settings
        )
    assert late.value.code is ErrorCode.REVISION_CONFLICT
    with Session(session).lock(), pytest.raises(FoleyError) as busy:
        api_revision.undo(session, settings=settings)
    assert busy.value.code is ErrorCode.SESSION_BUSY


def test_a_delivery_that_was_cut_short_is_mended_first(session: Path, settings: Settings) -> None:
    before = delivered(session)
    (session / "mix_stereo.wav").write_bytes(b"RIFF")
    (session / "script.json").unlink()
    api_revision.revise(session, "everything 2 dB down", approve=True, settings=settings)
    api_revision.undo(session, settings=settings)
    assert delivered(session) == before


def test_preferences_are_kept_and_used(session: Path, settings: Settings) -> None:
    said = api_revision.revise(
        session, "from now on quieter means 5 dB", approve=True, settings=settings
    )
    assert said.preference == "quieter_db = 5.0"
    result = api_revision.revise(session, "the dog quieter", approve=True, settings=settings)
    (operation,) = result.operations
    assert isinstance(operation, edit.AdjustLevel)
    assert operation.change_db == -5


def test_named_takes_and_two_compared(session: Path, settings: Settings, foley: Run) -> None:
    first = versions.version(session)
    said = api_revision.revise(session, 'call this "Dry run"', approve=True, settings=settings)
    assert said.preference == "take Dry run"
    api_revision.revise(session, "the dog 4 dB quieter", approve=True, settings=settings)
    before = delivered(session)
    compared = versions.compare(session, "dry RUN")
    assert [stem.event_id for stem in compared.stems] == list(compared.diff.mixed)
    assert compared.first.id == first.id
    heard = first.mix.read_bytes()
    shutil.rmtree(session / ".foley" / "mixes")
    again = versions.compare(session, "Dry run").first
    assert again.mix.read_bytes() == heard, "made from its stems, it is the same mix"
    assert again.loudness.integrated_lufs == pytest.approx(first.loudness.integrated_lufs, abs=0.01)
    assert delivered(session) == before
    told = foley("revisions", session, "--against", "Dry run")
    assert "-4.0 dB" in told.stdout, told.stderr
    assert str(again.mix) in told.stdout
    api_revision.revise(session, "back to take dry run", approve=True, settings=settings)
    assert versions.version(session).id == first.id
    assert "[Dry run]" in foley("revisions", session).stdout
    for wrong in ("../x", "a" * 41, first.id, ""):
        with pytest.raises(FoleyError):
            versions.name(session, wrong)
    with pytest.raises(FoleyError) as unknown:
        versions.version(session, "no such take")
    assert unknown.value.code is ErrorCode.REVISION_INVALID


def test_a_model_reads_what_the_rules_cannot(session: Path, settings: Settings) -> None:
    script = FoleyScript.from_json((session / "script.json").read_bytes())
    dog = next(event.id for event in script.events if "dog" in event.id)
    edits = [
        {
            "quote": "der Hund leiser",
            "do": {"kind": "adjust_level", "event_id": dog, "change_db": -2},
        }
    ]
    with answering() as endpoint:
        endpoint.answers["RevisionReply"] = {"edits": edits}
        model = Settings(data_dir=settings.data_dir, **endpoint.settings)
        done = api_revision.revise(
            session, "mir wäre der Hund leiser lieber", approve=True, settings=model
        )
    assert [operation.kind for operation in done.operations] == ["adjust_level"]
    assert done.diff is not None
    assert "-2.0 dB" in done.diff.lines[0]
    assert len(endpoint.requests) == 1, "the mix stays with the rules that it was designed with"
    with pytest.raises(FoleyError) as unheard:
        api_revision.revise(
            session, "mir wäre der Hund leiser lieber", approve=True, settings=model
        )
    assert unheard.value.code is ErrorCode.NEEDS_REVIEW, "what the rules read of it is asked back"


def test_the_command_line(session: Path, foley: Run) -> None:
    refused = foley("revise", session, "the dog quieter")
    assert refused.returncode == 5
    assert "-3.0 dB" in refused.stderr
    unclear = foley("revise", session, "make the sky bluer", "--yes")
    assert unclear.returncode == 5
    assert "revision_unclear" in unclear.stderr
    done = foley("revise", session, "the dog quieter", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["operations"][0]["change_db"] == -3
    assert foley("undo", session).returncode == 0
    log = foley("revisions", session).stdout.splitlines()
    assert [line[0] for line in log] == ["*", " "]
