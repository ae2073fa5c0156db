"""Long clips are shown in windows; each is told what was written before, and one may fail alone."""

import json
from typing import Any

import pytest
from chat_endpoint import ANSWERS, STEPS, Answer, Endpoint

from foley_designer.agents.interfaces import Flaw, Objection
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.memory.knowledge_base import Knowledge

FIRST = STEPS | {"times": [1.0, 2.0]}
BED = ANSWERS["ScribeReply"]["events"][1]


@pytest.fixture(scope="module")
def long_brief(brief: Brief) -> Brief:
    """Fifty seconds: three windows."""
    seen = brief.observation
    clip = seen.clip.model_copy(update={"duration_s": 50.0, "frame_count": 1250})
    shots = (seen.shots[0].model_copy(update={"end_s": 50.0}),)
    last = seen.tracks[0].sightings[-1]
    sightings = [
        last.model_copy(update={"time_s": last.time_s + k / 25}) for k in range(1, 25 * 47)
    ]
    track = seen.tracks[0].model_copy(update={"sightings": (*seen.tracks[0].sightings, *sightings)})
    update = {"clip": clip, "shots": shots, "tracks": (track,), "activity": (0.05,) * 1250}
    return brief.model_copy(update={"observation": seen.model_copy(update=update)})


def scribing(endpoint: Endpoint, *windows: dict[str, Any] | None) -> None:
    """Answer window by window; None is out of order."""

    def answer(request: dict[str, Any]) -> Answer:
        system = request["messages"][0]["content"]
        starts = ("from 0.00", "from 24.00", "from 48.00")
        number = next(n for n, start in enumerate(starts) if start in system)
        told = windows[number]
        if told is None:
            return Answer(None, status=500, body=b"out of order")
        return Answer(json.dumps(ANSWERS["ScribeReply"] | told))

    endpoint.answer = answer


def test_windows_add_to_what_was_written_before(
    endpoint: Endpoint, knowledge: Knowledge, long_brief: Brief
) -> None:
    goes_on = FIRST | {"event": "e01_boots_on_the_path", "times": [25.0, 26.0]}
    scribing(
        endpoint,
        {"summary": "A man comes.", "shots": ["a"], "events": [FIRST, BED]},
        {"summary": "He goes on.", "shots": ["b"], "events": [goes_on]},
        {"summary": "He is gone.", "shots": ["c"], "events": []},
    )
    team = endpoint.team(knowledge)
    text = team.scribe.propose(long_brief, None, ())
    assert text.summary == "A man comes. He goes on. He is gone."
    assert text.shots == ("a", "b", "c")
    steps, bed = text.events
    assert [hit.time_s for hit in steps.hits] == [1.0, 2.0, 25.0, 26.0]
    assert bed.spans[-1].end_s == 50.0
    assert len(endpoint.requests) == 3
    second = endpoint.requests[1]["messages"][1]["content"]
    assert "A man comes." in second
    assert "e01_boots_on_the_path" in second
    assert '"m1"' not in second, "moments of the window alone"
    assert not team.drain_notes()


def test_a_window_that_fails_is_filled_by_the_rules_and_the_rest_stays(
    endpoint: Endpoint, knowledge: Knowledge, long_brief: Brief
) -> None:
    scribing(
        endpoint,
        {"summary": "A man comes.", "events": [FIRST, BED]},
        None,
        {"summary": "He is gone.", "events": []},
    )
    team = endpoint.team(knowledge)
    text = team.scribe.propose(long_brief, None, ())
    assert text.summary == "A man comes. He is gone."
    steps = next(event for event in text.events if event.label == "boots on the path")
    assert [hit.time_s for hit in steps.hits if hit.time_s < 24] == [1.0, 2.0]
    (note,) = (one for one in team.drain_notes() if one.kind is NoteKind.FALLBACK)
    assert "The rules answered from 24 to 48 s instead" in note.text


def test_later_rounds_go_through_what_is_objected_to_alone(
    endpoint: Endpoint, knowledge: Knowledge, long_brief: Brief
) -> None:
    late = FIRST | {"label": "late boots", "times": [30.0]}
    scribing(
        endpoint,
        {"summary": "A.", "events": [FIRST, BED]},
        {"summary": "B.", "events": [late]},
        {"summary": "C.", "events": []},
    )
    team = endpoint.team(knowledge)
    text = team.scribe.propose(long_brief, None, ())
    event = next(one for one in text.events if one.label == "late boots")
    asked = len(endpoint.requests)
    changed = late | {"event": event.id, "layer": "background", "times": []}
    scribing(endpoint, None, {"summary": "B.", "events": [changed]}, None)
    about = Objection(flaw=Flaw.WRONG_LAYER, text="It is far off.", event_id=event.id)
    second = team.scribe.propose(long_brief, text, (about,))
    after = next(one for one in second.events if one.id == event.id)
    assert after.layer.value == "background"
    assert after.hits == event.hits
    assert len(endpoint.requests) == asked + 1
