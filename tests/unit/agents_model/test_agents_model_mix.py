"""Planner, specialists and critic by a model: what they may change, and what not."""

from typing import Any

import pytest

from foley_designer.agents.mix_planner.levels import dialogue_lufs, loudness_of
from foley_designer.agents.reconcile import reconcile
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.memory.knowledge_base import Knowledge


@pytest.fixture
def script(endpoint: Any, knowledge: Knowledge, brief: Brief) -> FoleyScript:
    team = endpoint.team(knowledge)
    return team.writer.root(brief, team.scribe.propose(brief, None, ()))


@pytest.fixture
def diagnosis(script: FoleyScript) -> Diagnosis:
    loudness = dict(zip((event.id for event in script.events), (-30.0, -20.0), strict=True))
    steps, bed = loudness
    return Diagnosis(
        tracks=tuple(
            TrackFeatures(
                event_id=event_id,
                centroid_hz=1000,
                band_db=(-40, -30, -20, -10, 0, 0, -5, -10, -20, -30),
                integrated_lufs=lufs,
                true_peak_dbtp=-6,
                crest_db=20,
                correlation=0.5,
            )
            for event_id, lufs in loudness.items()
        ),
        masking={steps: {bed: 0.7}},
    )


def test_the_planner_computes_the_fader(
    endpoint: Any, knowledge: Knowledge, script: FoleyScript, diagnosis: Diagnosis
) -> None:
    steps, bed = script.events
    endpoint.answers["PlanReply"] = {
        "tracks": [
            {"event": steps.id, "level_lu": -8, "operations": ["dyn", "eq"], "reason": "sync"}
        ]
    }
    plan = endpoint.team(knowledge).planner.plan(script, diagnosis)
    nominal = dialogue_lufs(plan.target)
    measured = loudness_of(diagnosis.of(steps.id))
    assert plan.of(steps.id).gain_db == pytest.approx(nominal - 8 - measured)
    assert plan.of(steps.id).operations == (Operation.EQ, Operation.DYNAMICS)
    assert "the model left it out" in plan.of(bed.id).reasons[-1]


def test_specialists_and_critic_stay_inside_their_ranges(
    endpoint: Any, knowledge: Knowledge, script: FoleyScript, diagnosis: Diagnosis
) -> None:
    steps, bed = (event.id for event in script.events)
    every = ["reverb", "eq", "dyn"]
    endpoint.answers |= {
        "PlanReply": {
            "tracks": [
                {"event": name, "level_lu": -8, "operations": every, "reason": "all"}
                for name in (steps, bed)
            ]
        },
        "ReverbReply": {"tracks": [{"event": steps, "rt60_s": 0.2, "wet_db": -20, "reason": "a"}]},
        "EqReply": {
            "tracks": [
                {
                    "event": bed,
                    "bands": [{"kind": "peak", "frequency_hz": 1000, "gain_db": -40}],
                    "reason": "b",
                }
            ]
        },
        "DynamicsReply": {
            "tracks": [
                {
                    "event": bed,
                    "dynamics": {"ratio": 1, "threshold_db": 0, "duck_db": 3},
                    "gain_change_db": 1,
                    "reason": "c",
                }
            ]
        },
        "CritiqueReply": {"tracks": [{"event": steps, "gain_change_db": 2, "reason": "d"}]},
    }
    team = endpoint.team(knowledge)
    plan = team.planner.plan(script, diagnosis)
    proposals = [one.propose(script, diagnosis, plan, ()) for one in team.specialists]
    (note,) = team.drain_notes()
    assert note.step == "eq"
    assert "gain_db -40 is out of range and was held at -6" in note.text
    mixed = reconcile(plan, proposals)
    assert mixed == MixPlan.model_validate(mixed.model_dump())
    assert mixed.of(steps).reverb.wet_db == -20
    assert mixed.of(bed).dynamics.duck_db == 0, "it is carved as well"
    assert all(abs(band.gain_db) <= 6 for band in mixed.of(bed).eq)
    kept, _ = team.critic.review(script, mixed, diagnosis, diagnosis)
    assert kept.of(steps).gain_db == pytest.approx(mixed.of(steps).gain_db + 2)
