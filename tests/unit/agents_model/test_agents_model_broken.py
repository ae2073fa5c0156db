"""Good answers with one thing broken in each: what is read, what is mended, what the rules answer.

Every case is answered so throughout a run of scribe, validator, writer and scorer. What comes out
is valid, and the notes say how much of it is the model's: ``READ`` costs nothing and says nothing,
``CHANGED`` leaves a note of what was changed, ``RULES`` a note and a count of what rules answered.
A slip that comes once alone is repaired in one turn.
"""

from collections.abc import Callable
from typing import Any

import pytest
from broken_answers import CASES, CHANGED, RULES, Breaking, Ends
from chat_endpoint import STEPS, Answer, Endpoint, right

from foley_designer.agents.roster import Team
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.memory.knowledge_base import Knowledge


def run(team: Team, brief: Brief) -> tuple[StructuredText, FoleyScript, tuple[Note, ...]]:
    """T, and the best of a root and its children."""
    told = team.scribe.propose(brief, None, ())
    if objections := team.validator.review(brief, told):
        told = team.scribe.propose(brief, told, objections)
    script = team.writer.root(brief, told)
    score = team.scorer.score(brief, told, script)
    children = team.writer.expand(brief, told, script, score, 2)
    scripts = [script, *(child.script for child in children)]
    best = max(scripts, key=lambda one: team.scorer.score(brief, told, one).total)
    return told, best, team.drain_notes()


def breaking_of(breaking: Breaking, times: int) -> Callable[[dict[str, Any]], Answer]:
    """Answers in which the scribe's first ones are broken."""
    left = [times]

    def answer(request: dict[str, Any]) -> Answer:
        good = right(request)
        if '"space"' not in good or not left[0]:
            return Answer(good)
        left[0] -= 1
        return breaking(good)

    return answer


@pytest.fixture
def clean(endpoint: Endpoint) -> Endpoint:
    """An endpoint whose other answers agree with everything."""
    endpoint.answers["ReviewReply"] = {"objections": [], "answers": []}
    endpoint.answers["ExpandReply"] = {"stands": True, "because": "it is all there"}
    return endpoint


@pytest.mark.parametrize(("name", "breaking", "ends"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.slow
def test_what_is_broken_ends_valid_with_notes_that_count(
    name: str, breaking: Breaking, ends: Ends, clean: Endpoint, knowledge: Knowledge, brief: Brief
) -> None:
    clean.answer = breaking_of(breaking, 9)
    team = clean.team(knowledge)
    told, script, notes = run(team, brief)
    assert FoleyScript.from_json(script.to_json()) == script
    assert StructuredText.from_json(told.to_json()) == told
    assert {card for one in script.events for card in one.cards} <= {c.id for c in knowledge.cards}
    assert all(one.gain_db == 0 and one.end_s <= 3.0 for one in script.events)
    assert script.events, "never an empty script"
    assert "sk-secret" not in "".join(note.text for note in notes)
    of_scribe = [note for note in notes if note.step == "scribe"]
    fallbacks = [note for note in of_scribe if note.kind is NoteKind.FALLBACK]
    counted = [note for note in team.tally() if note.step == "scribe"]
    assert bool(fallbacks) is bool(counted) is (ends is Ends.RULES)
    if ends is Ends.READ:
        assert not of_scribe
        assert team.usage()["calls"] == 4
    if ends is Ends.CHANGED:
        assert of_scribe
    if ends is Ends.RULES:
        assert "answered 1 of 1 proposals" in counted[0].text


@pytest.mark.parametrize("name", [*CHANGED, *RULES])
@pytest.mark.slow
def test_a_slip_that_comes_once_is_repaired_in_one_turn(
    name: str, clean: Endpoint, knowledge: Knowledge, brief: Brief
) -> None:
    clean.answer = breaking_of((CHANGED | RULES)[name], 1)
    team = clean.team(knowledge)
    told, _, notes = run(team, brief)
    assert any(one.label == STEPS["label"] for one in told.events)
    assert not [note for note in notes if note.kind is NoteKind.FALLBACK]
    assert not team.tally()[:-1]
    assert team.usage()["calls"] <= 5


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("ReviewReply", {"objections": [{"flaw": "masking", "text": "x", "event": "e99"}]}),
        ("ReviewReply", {"answers": 3}),
        ("ReviewReply", {"answers": [{"question": 1, "event": "e99"}]}),
        ("ScoreReply", {"scripts": []}),
        ("ScoreReply", {"scripts": [{"script": 7, "align": 1, "layer": 1, "emotion": 1}]}),
        ("ScoreReply", {"align": 0.5}),
        ("ExpandReply", {"children": [{"operator": "refine"}]}),
        ("ExpandReply", {"stands": False, "children": []}),
        ("ExpandReply", ["stands"]),
    ],
)
def test_other_agents_that_answer_badly_cost_their_step_alone(
    title: str, answer: Any, clean: Endpoint, knowledge: Knowledge, brief: Brief
) -> None:
    clean.answers[title] = answer
    team = clean.team(knowledge)
    told, script, _ = run(team, brief)
    assert FoleyScript.from_json(script.to_json()) == script
    assert any(one.label == STEPS["label"] for one in told.events)
    assert len(team.tally()) == 2, "one agent's count, and what was taken"
