"""Recorded answers, written by looking at the sheets: script, cues and takes hold what was said."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from chat_endpoint import Answer, Endpoint, right

from benchmarks.yardstick.clip import render
from foley_designer.agents.roster import Team
from foley_designer.agents.team import assemble
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SourceKind
from foley_designer.core.settings import Settings
from foley_designer.generator.synth.physics.engine import HIT_RANGE_DB, SynthEngine
from foley_designer.memory.knowledge_base import load
from foley_designer.vision.geometry.cues import trace
from foley_designer.vision.observe import observe

FOLDER = Path(__file__).parents[2] / "data" / "transcripts"
RATE = 48_000
DRAWN = ("ball", "hammer", "walker")


class Told(NamedTuple):
    """A script that was designed with recorded answers, and what it must hold."""

    brief: Brief
    script: FoleyScript
    expect: dict[str, dict[str, Any]]
    team: Team
    requests: list[dict[str, Any]]


def design(name: str, endpoint: Endpoint, folder: Path, media: Path | None = None) -> Told:
    """Scribe, validator and search with the transcript of a name behind a real endpoint."""
    transcript = json.loads((FOLDER / f"{name}.json").read_text())
    clip = folder / f"{name}.mp4"
    if kind := transcript["clip"].get("drawn"):
        render(kind, clip, rate=Fraction(25), width=320, height=180, seconds=3.0)
    else:
        assert media is not None
        clip = media / "clips" / transcript["clip"]["media"]
    brief = Brief(observation=observe(clip), description=transcript.get("description"))
    endpoint.answers |= transcript["answers"]
    settings = Settings(**endpoint.settings, llm_vision=True)
    team = assemble(settings, load(), clip=clip)
    text = team.scribe.propose(brief, None, ())
    assert team.validator.review(brief, text) == ()
    script = team.writer.root(brief, text)
    assert team.scorer.score(brief, text, script).total > settings.threshold
    return Told(brief, script, transcript["expect"], team, endpoint.requests)


def holds(told: Told) -> None:
    """Hold script and cues against what was said; nothing of the rules' is in them."""
    assert {event.label for event in told.script.events} == set(told.expect)
    cues = {one.event_id: one for one in trace(told.script, told.brief.observation).trajectories}
    for event in told.script.events:
        meant, path = told.expect[event.label], cues[event.id]
        times = [hit.time_s for hit in event.hits]
        assert times == pytest.approx(meant.get("times_s", []), abs=meant.get("within_s", 0))
        assert [hit.strength for hit in event.hits] == meant.get("strengths", [])
        assert (event.source.kind is SourceKind.AROUND) is meant.get("around", False)
        heard = [path.azimuth_deg[told.script.clip.frame_at(time_s)] for time_s in times]
        heard = heard or [event.source.azimuth_deg]
        if side := meant.get("side"):
            assert all((degrees > 0) is (side == "left") for degrees in heard)
        if metres := meant.get("distance_m"):
            assert float(np.median(path.distance_m)) == pytest.approx(metres, rel=0.05)
    notes = told.team.drain_notes()
    assert not [note for note in notes if note.kind is NoteKind.FALLBACK]


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_answered_is_what_is_designed(
    name: str, endpoint: Endpoint, tmp_path: Path
) -> None:
    told = design(name, endpoint, tmp_path)
    holds(told)
    assert told.team.usage()["calls"] == 3
    first = told.requests[0]["messages"][1]["content"]
    assert [part["type"] for part in first] == ["text", "text", "image_url"]
    assert told.team.usage()["pictures"] == 3, "scribe, validator and scorer see the sheet"
    questions = [one["messages"] for one in told.requests]
    letters = sum(len(system["content"] + user["content"][0]["text"]) for system, user in questions)
    assert letters < 4 * 10_000, "ten thousand tokens at most for three questions"


def test_what_is_answered_of_a_real_clip_is_what_is_designed(
    endpoint: Endpoint, media: Path, tmp_path: Path
) -> None:
    told = design("tennis", endpoint, tmp_path, media)
    holds(told)


def test_strengths_are_heard_in_the_relation_that_was_given(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    (event,) = design("ball", endpoint, tmp_path).script.foreground
    take = SynthEngine().render(event, 3 * RATE, np.random.default_rng(0)).samples
    peaks = []
    for hit in event.hits:
        start = round(hit.time_s * RATE)
        peaks.append(20 * np.log10(np.abs(take[:, start : start + RATE // 5]).max()))
    given = [HIT_RANGE_DB * (hit.strength - event.hits[0].strength) for hit in event.hits]
    assert [peak - peaks[0] for peak in peaks] == pytest.approx(given, abs=1.0)


def test_a_model_may_look_closer_before_it_answers(endpoint: Endpoint, tmp_path: Path) -> None:
    """It asks for a strip, once wrongly, and is shown it; then it answers."""
    clip = tmp_path / "ball.mp4"
    render("ball", clip, rate=Fraction(25), width=320, height=180, seconds=1.0)
    transcript = json.loads((FOLDER / "ball.json").read_text())
    endpoint.answers |= transcript["answers"]
    wrong = ("look", json.dumps({"from_s": 0.6, "to_s": 0.4}))
    good = ("look", json.dumps({"from_s": 0.4, "to_s": 0.6, "fps": 25, "region": [0, 0.5, 1, 0.5]}))

    def answer(request: dict[str, Any]) -> Answer:
        looked = any(message["role"] == "tool" for message in request["messages"])
        return Answer(right(request)) if looked else Answer(None, calls=[wrong, good])

    endpoint.answer = answer
    settings = Settings(**endpoint.settings, llm_vision=True, llm_tools=True)
    team = assemble(settings, load(), clip=clip)
    team.scribe.propose(Brief(observation=observe(clip)), None, ())
    last = endpoint.requests[-1]["messages"]
    told = [message["content"] for message in last if message["role"] == "tool"]
    assert "from_s comes before to_s" in told[0]
    assert "The picture shows 0.400, 0.440, 0.480, 0.520, 0.560, 0.600 s." in told[1]
    assert [part["type"] for part in last[-1]["content"]] == ["text", "text", "image_url"]
    assert str(tmp_path) not in json.dumps(last)
    assert "The model looked with look before it answered." in {
        note.text for note in team.drain_notes()
    }
