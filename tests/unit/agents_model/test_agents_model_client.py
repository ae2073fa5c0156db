"""One question to an endpoint that answers well, badly, late or not at all."""

from typing import Any

import pytest

from foley_designer.agents.llm.budget import GIVE_UP_AFTER
from foley_designer.agents.llm.client import TRIES
from foley_designer.agents.team import assemble
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge


@pytest.mark.parametrize("method", ["json_schema", "json_mode", "function_calling", "text"])
def test_every_structured_output_method_reaches_the_endpoint_and_back(
    endpoint: Any, knowledge: Knowledge, brief: Brief, method: str
) -> None:
    team = endpoint.team(knowledge, llm_method=method)
    text = team.scribe.propose(brief, None, ())
    assert [event.label for event in text.events] == ["boots on the path", "meadow"]
    assert team.drain_notes() == ()
    form = endpoint.requests[0].get("response_format", {}).get("type")
    assert form == {"json_schema": "json_schema", "json_mode": "json_object"}.get(method)
    assert bool(endpoint.requests[0].get("tools")) is (method == "function_calling")
    assert team.usage()["calls"] == 1
    assert team.usage()["prompt_tokens"] == 100


@pytest.mark.parametrize("manner", ["fenced", "thinking", "half_thinking"])
def test_an_answer_in_wrapping_is_read_without_a_repair(
    endpoint: Any, knowledge: Knowledge, brief: Brief, manner: str
) -> None:
    endpoint.behave(manner)
    team = endpoint.team(knowledge)
    text = team.scribe.propose(brief, None, ())
    assert text.events[0].label == "boots on the path"
    assert team.usage()["calls"] == 1


def test_times_are_snapped_to_moments_and_held_inside_the_clip(
    endpoint: Any, knowledge: Knowledge, brief: Brief
) -> None:
    told = endpoint.answers["ScribeReply"]
    steps = told["events"][0] | {"times": [0.52, 0.97, 1.5]}
    endpoint.answers["ScribeReply"] = told | {"events": [steps, told["events"][1]]}
    team = endpoint.team(knowledge)
    text = team.scribe.propose(brief, None, ())
    steps, bed = text.events
    (note,) = team.drain_notes()
    assert "3 of 3 told times were put on moments seen within 30 ms" in note.text
    assert [hit.time_s for hit in steps.hits] == [0.5, 1.0, 1.5]
    assert [hit.moment_id for hit in steps.hits] == ["m0", "m1", "m2"]
    assert (bed.spans[0].start_s, bed.spans[0].end_s) == (0.0, 3.0)
    assert steps.cards == ("footsteps-gravel",)


@pytest.mark.parametrize(
    ("manner", "told"),
    [
        ("truncated", "truncated"),
        ("empty", "nothing"),
        ("wrong_types", "wrong_shape: space: Input should be"),
        ("constants", "no_json"),
        (
            "unknown_names",
            "unknown_card: 'footsteps-cheese'; take ids from sounds. Near: footsteps-",
        ),
        ("failing", None),
        ("garbage", None),
    ],
)
def test_one_more_turn_repairs(
    endpoint: Any, knowledge: Knowledge, brief: Brief, manner: str, told: str | None
) -> None:
    endpoint.behave("well", first=manner)
    team = endpoint.team(knowledge)
    text = team.scribe.propose(brief, None, ())
    assert text.events[0].label == "boots on the path"
    assert team.usage()["calls"] == 2
    assert team.drain_notes() == ()
    turns = endpoint.requests[1]["messages"]
    assert told is None or told in turns[-1]["content"]
    assert len(turns) == (2 if told is None else 4)


@pytest.mark.parametrize(
    "manner",
    [
        "truncated",
        "empty",
        "null",
        "wrong_types",
        "constants",
        "prose",
        "braces",
        "failing",
        "garbage",
        "choiceless",
        "leaking",
    ],
)
def test_what_stays_bad_ends_in_the_rules_with_a_note(
    endpoint: Any, knowledge: Knowledge, brief: Brief, manner: str, ruled_text: StructuredText
) -> None:
    endpoint.behave(manner)
    team = endpoint.team(knowledge)
    assert team.scribe.propose(brief, None, ()) == ruled_text
    (note,) = team.drain_notes()
    assert note.kind is NoteKind.FALLBACK
    assert note.step == "scribe"
    assert "sk-secret" not in note.text
    assert len(endpoint.requests) == team.usage()["calls"] == TRIES


@pytest.mark.parametrize("manner", ["late", "trickling"])
@pytest.mark.slow
def test_a_late_answer_is_not_waited_for(
    endpoint: Any, knowledge: Knowledge, brief: Brief, manner: str, ruled_text: StructuredText
) -> None:
    endpoint.behave(manner)
    team = endpoint.team(knowledge, llm_timeout_s=0.2)
    assert team.scribe.propose(brief, None, ()) == ruled_text
    assert "timed out" in team.drain_notes()[0].text


def test_an_unreachable_endpoint_is_told(knowledge: Knowledge, brief: Brief) -> None:
    settings = Settings(llm_model="tiny", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    team = assemble(settings, knowledge)
    team.scribe.propose(brief, None, ())
    assert "can't be reached" in team.drain_notes()[0].text


def test_a_failing_model_is_given_up_and_the_run_goes_on(
    endpoint: Any, knowledge: Knowledge, brief: Brief
) -> None:
    endpoint.behave("failing")
    team = endpoint.team(knowledge)
    for _ in range(GIVE_UP_AFTER + 5):
        team.scribe.propose(brief, None, ())
    assert len(endpoint.requests) == GIVE_UP_AFTER * TRIES
    assert any("not asked any more" in note.text for note in team.drain_notes())


@pytest.mark.parametrize(
    ("limit", "word"),
    [({"max_model_calls": 2}, "2 calls"), ({"max_tokens": 150}, "150 tokens")],
)
def test_a_spent_budget_ends_in_the_rules(
    endpoint: Any,
    knowledge: Knowledge,
    brief: Brief,
    limit: dict[str, int],
    word: str,
    ruled_text: StructuredText,
) -> None:
    team = endpoint.team(knowledge, **limit)
    other = brief.model_copy(update={"description": "Boots on a path."})
    texts = [team.scribe.propose(one, None, ()) for one in (brief, brief, other)]
    assert texts[0] == texts[1], "what was asked before is not asked again"
    texts.append(team.scribe.propose(brief.model_copy(update={"description": "x"}), None, ()))
    assert len(endpoint.requests) == 2
    assert team.budget.spent
    assert texts[0].events[0].label == "boots on the path"
    assert texts[3].events == ruled_text.events
    assert word in team.drain_notes()[0].text
