"""critique: measure the processed stems, keep the better plan, perhaps ask for one more round."""

from typing import Literal

from foley_designer.core.features import Diagnosis
from foley_designer.core.foley_script import FoleyScript
from foley_designer.core.mix_plan import MixPlan
from foley_designer.core.trajectory import Cues
from foley_designer.graph.nodes.diagnose import mean_distance_m
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.measure import TOOL, Measured, MeasureInput

ROUNDS = 2
"""Mixes at most: the first, and one more where the critic asks."""


def critique(state: DesignState, bench: Workbench) -> Update:
    """Compare before and after; the critic's plan is the one that the next mix follows."""
    script = bench.get(FoleyScript, state["script"])
    plan = bench.get(MixPlan, state["plan"])
    cues = bench.get(Cues, state["cues"])
    tracks = tuple(
        Measured(
            event=event,
            distance_m=mean_distance_m(cues.of(event.id)),
            **state["stems"][event.id],
        )
        for event in script.events
    )
    after: Diagnosis = bench.tools.call(TOOL, MeasureInput(tracks=tracks))
    update: Update = {"diagnosis_after": bench.put(after)}
    if state["mix_round"] < ROUNDS:
        before = bench.get(Diagnosis, state["diagnosis"])
        kept, _ = bench.team.critic.review(script, plan, before, after)
        update["plan"] = bench.put(kept)
        if kept != plan:
            update["mix"] = {}
    return update


def after_critique(state: DesignState) -> Literal["mix", "approve_mix"]:
    """Mix again where the critic changed the plan."""
    return "approve_mix" if state["mix"] else "mix"
