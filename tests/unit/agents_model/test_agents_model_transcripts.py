"""Recorded answers, written by looking at the sheets: script, cues and takes hold what was said.

Questions and sheets of the drawn clips are golden files, to be read by a person: what a reader
finds there must suffice to answer. ``FOLEY_UPDATE_GOLDEN=1`` writes them anew.
"""

import base64
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from broken_answers import CASES, Breaking, Ends
from chat_endpoint import Answer, Endpoint, answering, right, title_of
from PIL import Image
from transcripts import Replayed, names, read, replay, replying, scribed, settings_of

from foley_designer.agents.llm.placing import SNAP_S
from foley_designer.agents.team import assemble
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.generator.synth.physics.engine import HIT_RANGE_DB, SynthEngine
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.geometry.cues import trace

GOLDEN = Path(__file__).parents[2] / "golden" / "clips"
RATE = 48_000
DRAWN = names(drawn=True)
PLAYED = ("variant", "surface", "material", "mood", "force", "size", "speed")
TRUE_WITHIN_S = 0.06
"""A frame and a half of what was drawn: as near as an editor works by eye."""

Design = Callable[[str], Replayed]


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Design:
    """What a transcript of a drawn clip designs, once for all tests."""
    known: dict[str, Replayed] = {}

    def of(name: str) -> Replayed:
        if name not in known:
            with answering() as endpoint:
                known[name] = replay(name, endpoint, tmp_path_factory.mktemp(name))
        return known[name]

    return of


def holds(made: Replayed) -> None:
    """Hold script and cues against what was said; nothing of the rules' is in them."""
    events = {event.label: event for event in made.script.events}
    assert len(events) == len(made.script.events)
    assert sorted(events) == sorted({told["label"] for told in made.told})
    cues = {one.event_id: one for one in trace(made.script, made.brief.observation).trajectories}
    for told in made.told:
        event = events[told["label"]]
        assert event.layer.value == told["layer"]
        assert event.cards[0] == told["card"]
        played = {name: getattr(event.performance, name) for name in PLAYED if name in told}
        assert played == {name: told[name] for name in PLAYED if name in told}
        timed(told, event, made.brief)
        placed(told, event, cues[event.id], made)
    notes = made.team.drain_notes()
    assert not [note for note in notes if note.kind is NoteKind.FALLBACK]


def timed(told: dict[str, Any], event: SoundEvent, brief: Brief) -> None:
    """Every hit is a told one, within its tolerance; every stretch is as told."""
    hits = [
        hit for hit in told.get("hits", []) if hit["time_s"] <= brief.observation.clip.duration_s
    ]
    slack = told.get("tolerance_s", SNAP_S) if event.source.on_screen else 0.0
    wanted = [hit["time_s"] for hit in hits]
    assert [hit.time_s for hit in event.hits] == pytest.approx(wanted, abs=slack + 1e-6)
    assert [hit.strength for hit in event.hits] == [hit["strength"] for hit in hits]
    held = [(one.start_s, one.end_s, one.intensity) for one in event.spans]
    for span in told.get("spans", []):
        whole = [one for one in held if one[0] <= span["start"] and span["end"] <= one[1]]
        assert [one[2] for one in whole] == [span["intensity"]]


def placed(told: dict[str, Any], event: SoundEvent, cue: Trajectory, made: Replayed) -> None:
    """It follows its track, or sounds at the told side and distance; else it is all around."""
    source, clip = event.source, made.script.clip
    assert source.track_id == told.get("track")
    assert source.on_screen is (
        told.get("on_screen", True) and source.kind is not SourceKind.AROUND
    )
    metres = told.get("distance_m")
    sounding = np.asarray(cue.active)
    if metres and source.kind is SourceKind.POINT:
        assert np.median(cue.distance_m) == pytest.approx(metres, rel=0.01)
    elif metres:
        assert np.median(np.asarray(cue.distance_m)[sounding]) == pytest.approx(metres, rel=0.01)
    left = {"far_left": True, "left": True, "right": False, "far_right": False}.get(
        told.get("side", ""), told["x"] < 0.5 if "x" in told else None
    )
    if left is not None:
        assert all(bool(one > 0) is left for one in np.asarray(cue.azimuth_deg)[sounding])
    elif source.kind is SourceKind.TRACK:
        track = made.brief.observation.track(source.track_id)
        assert track is not None
        for hit in event.hits:
            near = min(track.sightings, key=lambda one: abs(one.time_s - hit.time_s))
            if abs(near.box.x - 0.5) > near.box.width:
                heard = cue.azimuth_deg[clip.frame_at(hit.time_s)]
                assert bool(heard > 0) is (near.box.x < 0.5)
    elif told.get("side") == "centre":
        assert np.abs(np.asarray(cue.azimuth_deg)[sounding]).max() < 1
    else:
        assert source.kind is SourceKind.AROUND


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.slow
def test_what_is_answered_is_what_is_designed(name: str, design: Design) -> None:
    made = design(name)
    looks = len(made.transcript.get("looks", ()))
    assert made.team.usage()["calls"] == 3 + bool(looks)
    holds(made)


@pytest.mark.parametrize("name", DRAWN)
def test_what_was_read_off_the_sheets_is_what_was_drawn(name: str, design: Design) -> None:
    """Nobody knew when the drawn things would sound: the sheets alone said it."""
    made = design(name)
    assert made.truth is not None
    true = {source.label: source for source in made.truth.sources}
    actors = made.transcript["actors"]
    assert set(actors.values()) == set(true)
    for label, actor in actors.items():
        (event,) = [one for one in made.script.events if one.label == label]
        if event.hits:
            end = made.truth.times_s[-1] - TRUE_WITHIN_S  # what comes after may be seen or not
            drawn = [time_s for time_s in true[actor].onsets_s if time_s < end]
            found = [hit.time_s for hit in event.hits if hit.time_s < end]
            assert found == pytest.approx(drawn, abs=TRUE_WITHIN_S)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.slow
def test_a_recorded_answer_that_is_broken_ends_valid(
    name: str, design: Design, endpoint: Endpoint
) -> None:
    """Each clip's share of the ways in which an answer can be broken, its other answers good."""
    made = design(name)
    for broken, breaking, ends in CASES[DRAWN.index(name) :: len(DRAWN)]:
        good = json.dumps(scribed(made.transcript)[0])
        if breaking(good).body == Answer(good).body:
            continue  # this answer has nothing that could be broken so
        endpoint.answer = breaking_scribe(made, breaking)
        settings = settings_of(made.transcript, endpoint, llm_tools=False)
        team = assemble(settings, load())
        text = team.scribe.propose(made.brief, None, ())
        team.validator.review(made.brief, text)
        script = team.writer.root(made.brief, text)
        assert FoleyScript.from_json(script.to_json()) == script, broken
        assert script.events, broken
        length_s = made.brief.observation.clip.duration_s
        assert all(one.gain_db == 0 and one.end_s <= length_s for one in script.events), broken
        told = [note for note in team.drain_notes() if note.step == "scribe"]
        rules = any(note.kind is NoteKind.FALLBACK for note in told)
        counted = any(note.step == "scribe" for note in team.tally())
        assert rules is counted, broken
        assert ends is not Ends.READ or not rules, broken
        assert rules or ends is not Ends.RULES, broken
        if not told:  # what was read without a word is what was answered
            labels = {one.label for one in script.events}
            kept = [event["label"] in labels for event in made.told]
            assert sum(kept) >= len(kept) - 1, broken


def breaking_scribe(made: Replayed, breaking: Breaking) -> Callable[[dict[str, Any]], Answer]:
    """The transcript's answers, the scribe's broken."""
    plain = replying({**made.transcript, "looks": ()})

    def answer(request: dict[str, Any]) -> Answer:
        good = plain(request)
        if title_of(request) != "ScribeReply":
            return good
        return breaking(json.loads(good.body)["choices"][0]["message"]["content"])

    return answer


@pytest.mark.slow
@pytest.mark.parametrize("name", names(drawn=False))
def test_what_is_answered_of_a_real_clip_is_what_is_designed(
    name: str, endpoint: Endpoint, media: Path, tmp_path: Path
) -> None:
    holds(replay(name, endpoint, tmp_path, media))


@pytest.mark.parametrize("name", DRAWN)
def test_strengths_are_heard_in_the_relation_that_was_given(name: str, design: Design) -> None:
    script = design(name).script
    for event in script.events:
        if len({hit.strength for hit in event.hits}) < 2:
            continue
        length = round(script.clip.duration_s * RATE)
        take = SynthEngine().render(event, length, np.random.default_rng(0)).samples
        starts = [round(hit.time_s * RATE) for hit in event.hits]
        ends = [*(max(start - RATE // 50, 0) for start in starts[1:]), length]
        peaks = [
            20 * np.log10(np.abs(take[:, start : min(end, start + RATE // 5)]).max())
            for start, end in zip(starts, ends, strict=True)
        ]
        given = [HIT_RANGE_DB * (hit.strength - event.hits[0].strength) for hit in event.hits]
        assert [peak - peaks[0] for peak in peaks] == pytest.approx(given, abs=1.0), event.label


@pytest.mark.parametrize("name", DRAWN)
def test_what_a_reader_is_shown_is_as_recorded(name: str, design: Design) -> None:
    """Question and sheets, as the endpoint received them."""
    system, user = design(name).requests[0]["messages"][:2]
    words, *shown = user["content"]
    urls = [part["image_url"]["url"] for part in shown if part["type"] == "image_url"]
    sheets = [base64.b64decode(url.partition(",")[2]) for url in urls]
    asked = f"[system]\n{system['content']}\n\n[user]\n{words['text']}\n"
    if os.environ.get("FOLEY_UPDATE_GOLDEN"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / f"{name}.txt").write_text(asked)
        for number, sheet in enumerate(sheets, start=1):
            (GOLDEN / f"{name}_{number}.jpg").write_bytes(sheet)
    recorded = (GOLDEN / f"{name}.txt").read_text()
    assert unmeasured(asked) == unmeasured(recorded), "FOLEY_UPDATE_GOLDEN=1, then read it"
    assert len(sheets) == len(list(GOLDEN.glob(f"{name}_*.jpg")))
    for number, sheet in enumerate(sheets, start=1):
        now, then = (pixels(one) for one in (sheet, (GOLDEN / f"{name}_{number}.jpg").read_bytes()))
        assert now.shape == then.shape
        others = np.abs(now - then) > 40  # boxes may lie a little otherwise: a few in a hundred
        assert others.mean() < 0.06, "other pictures, or other times"
    letters = len(asked)
    assert letters < 4 * 6_500, "a question stays short"


def unmeasured(asked: str) -> str:
    """A question without what was measured and what sounds there are, which grow by themselves."""
    found = r'(<data name="(?:seen|sounds|practice)">).*?(</data>)'
    plain, count = re.subn(found, r"\1 … \2", asked, flags=re.DOTALL)
    assert count == 3
    return plain


def pixels(jpeg: bytes) -> Any:
    with Image.open(io.BytesIO(jpeg)) as picture:
        return np.asarray(picture.convert("L"), np.float32)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem.partition("_")[0] for path in GOLDEN.iterdir()} == set(DRAWN)


def test_a_model_may_look_closer_before_it_answers(
    endpoint: Endpoint, design: Design, tmp_path: Path
) -> None:
    """It asks for a strip, once wrongly, and is shown it; then it answers."""
    transcript = read("bounce")
    made = design("bounce")
    clip = next(tmp_path.parent.glob("bounce*/clip.mp4"))
    endpoint.answers |= transcript["answers"]
    wrong = ("look", json.dumps({"from_s": 0.6, "to_s": 0.4}))
    good = ("look", json.dumps({"from_s": 0.4, "to_s": 0.6, "fps": 25, "region": [0, 0.5, 1, 0.5]}))

    def answer(request: dict[str, Any]) -> Answer:
        looked = any(message["role"] == "tool" for message in request["messages"])
        return Answer(right(request)) if looked else Answer(None, calls=[wrong, good])

    endpoint.answer = answer
    team = assemble(settings_of(transcript, endpoint, llm_tools=True), load(), clip=clip)
    team.scribe.propose(made.brief, None, ())
    last = endpoint.requests[-1]["messages"]
    told = [message["content"] for message in last if message["role"] == "tool"]
    assert "from_s comes before to_s" in told[0]
    assert "The picture shows 0.400, 0.440, 0.480, 0.520, 0.560, 0.600 s." in told[1]
    assert [part["type"] for part in last[-1]["content"]] == ["text", "text", "image_url"]
    assert str(clip.parent) not in json.dumps(last)
    assert "The model looked with look before it answered." in {
        note.text for note in team.drain_notes()
    }
