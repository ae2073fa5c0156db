"""Questions that do not wait for each other are asked at once, as many as the settings allow."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from chat_endpoint import Answer, Endpoint, right

from foley_designer.agents.scenes.agents import side_by_side
from foley_designer.agents.team import assemble
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.settings import Settings
from foley_designer.memory.knowledge_base import Knowledge


def counted(endpoint: Endpoint, together: int) -> Callable[[], int]:
    """The most questions that the endpoint has in hand; each waits for so many, ten seconds."""
    changed, now, most = threading.Condition(), [0], [0]

    def answer(request: dict[str, Any]) -> Answer:
        with changed:
            now[0] += 1
            most[0] = max(most[0], now[0])
            changed.notify_all()
            changed.wait_for(lambda: most[0] >= together, timeout=10)
        time.sleep(0.2)  # others would come in now
        with changed:
            now[0] -= 1
        return Answer(right(request))

    endpoint.answer = answer
    return lambda: most[0]


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.slow
def test_scenes_are_asked_about_side_by_side_and_within_bounds(
    at_once: int,
    endpoint: Endpoint,
    knowledge: Knowledge,
    brief: Brief,
) -> None:
    busiest = counted(endpoint, at_once)
    team = assemble(Settings(**endpoint.settings, llm_parallel=at_once), knowledge)
    briefs = [brief.model_copy(update={"description": f"Scene {n}."}) for n in range(5)]
    written = side_by_side(team.scribe, lambda one: team.scribe.propose(one, None, ()), briefs)
    assert len(written) == len(endpoint.requests) == 5
    assert busiest() == at_once
    asked = [request["messages"][1]["content"] for request in endpoint.requests]
    assert {f"Scene {n}." for n in range(5)} == {
        next(name for name in (f"Scene {n}." for n in range(5)) if name in text) for text in asked
    }


def test_rules_take_one_after_another(knowledge: Knowledge) -> None:
    names: list[str] = []
    team = assemble(Settings(llm_model=None), knowledge)
    side_by_side(team.scribe, lambda _: names.append(threading.current_thread().name), range(4))
    assert set(names) == {threading.current_thread().name}


@pytest.mark.slow
def test_who_waits_for_a_turn_is_not_late(
    endpoint: Endpoint, knowledge: Knowledge, brief: Brief
) -> None:
    """Twelve questions of a fifth of a second, one by one, each allowed two seconds."""
    busiest = counted(endpoint, 1)
    settings = Settings(**(endpoint.settings | {"llm_timeout_s": 2.0}), llm_parallel=1)
    team = assemble(settings, knowledge)
    briefs = [brief.model_copy(update={"description": f"Scene {n}."}) for n in range(12)]
    with_threads = type("Many", (), {"at_once": 12})()
    side_by_side(with_threads, lambda one: team.scribe.propose(one, None, ()), briefs)
    assert busiest() == 1
    assert not [note for note in team.drain_notes() if note.kind is NoteKind.FALLBACK]


def test_what_rules_answered_is_counted_by_what_was_asked(
    endpoint: Endpoint, knowledge: Knowledge, brief: Brief
) -> None:
    """The budget ends in the middle: what is settled stays, and the rest is the rules'."""
    team = assemble(Settings(**endpoint.settings, max_model_calls=3), knowledge)
    assert "may take up to 3 calls" in team.allowance()[0].text
    text = team.scribe.propose(brief, None, ())
    script = team.writer.root(brief, text)
    score = team.scorer.score(brief, text, script)
    kept = [team.writer.expand(brief, text, script, score, k) for k in (1, 2, 3)]
    assert any("stumble" in event.label for event in kept[0][0].script.events)
    told = {note.text for note in team.tally()}
    assert "The rules answered 2 of 3 expansions." in told
    assert any("took 3 of 3 calls" in text for text in told)
    assert "The model's budget of 3 calls is spent. The rules answer from here on." in {
        note.text for note in team.drain_notes()
    }
