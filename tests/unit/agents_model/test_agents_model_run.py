"""All reasoning of one design, whatever the endpoint does: valid documents within the budget."""

from typing import Any

import pytest

from foley_designer.agents.reconcile import reconcile
from foley_designer.agents.roster import Team
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.memory.knowledge_base import Knowledge

MOST_CALLS = 24
GOOD = ("well", "fenced", "thinking", "half_thinking")
UNFIT = ("truncated", "empty", "wrong_types", "unknown_names", "prose")
BROKEN = ("failing", "garbage", "choiceless", "late")


def described(team: Team, brief: Brief) -> StructuredText:
    """FilmScribe: at most three rounds."""
    text, feedback = team.scribe.propose(brief, None, ()), ()
    for _ in range(2):
        feedback = team.validator.review(brief, text)
        if not feedback:
            break
        text = team.scribe.propose(brief, text, feedback)
    return text


def searched(team: Team, brief: Brief, text: StructuredText) -> FoleyScript:
    """Two levels of Algorithm 1 with a beam of one; the best so far is kept."""
    best = team.writer.root(brief, text)
    for _ in range(2):
        score = team.scorer.score(brief, text, best)
        children = team.writer.expand(brief, text, best, score, 2)
        scripts = [best, *(child.script for child in children)]
        best = max(scripts, key=lambda script: team.scorer.score(brief, text, script).total)
    return best


def mixed(team: Team, script: FoleyScript) -> MixPlan:
    """Plan, two rounds of specialists, reconciliation, critic."""
    diagnosis = Diagnosis(
        tracks=tuple(
            TrackFeatures(
                event_id=event.id,
                centroid_hz=900,
                band_db=(-30.0,) * 5 + (0.0,) * 5,
                integrated_lufs=-25,
                true_peak_dbtp=-3,
                crest_db=22,
                correlation=0,
            )
            for event in script.events
        )
    )
    plan = team.planner.plan(script, diagnosis)
    first = tuple(one.propose(script, diagnosis, plan, ()) for one in team.specialists)
    second = [one.propose(script, diagnosis, plan, first) for one in team.specialists]
    return team.critic.review(script, reconcile(plan, second), diagnosis, diagnosis)[0]


@pytest.mark.parametrize("manner", [*GOOD, *UNFIT, *BROKEN])
@pytest.mark.slow
def test_a_run_ends_validly_within_its_budget(
    endpoint: Any, knowledge: Knowledge, brief: Brief, manner: str
) -> None:
    endpoint.behave(manner)
    timeout = 0.2 if manner == "late" else 10
    team = endpoint.team(knowledge, max_model_calls=MOST_CALLS, llm_timeout_s=timeout)
    script = searched(team, brief, described(team, brief))
    plan = mixed(team, script)
    assert FoleyScript.from_json(script.to_json()) == script
    assert MixPlan.from_json(plan.to_json()) == plan
    assert {track.event_id for track in plan.tracks} == {event.id for event in script.events}
    assert 0 < len(endpoint.requests) <= MOST_CALLS
    notes = team.drain_notes()
    assert bool(notes) is (manner not in GOOD)
    assert all(note.kind is NoteKind.FALLBACK for note in notes if manner in BROKEN)
    if manner in GOOD:
        assert "boots on the path" in {event.label for event in script.events}
