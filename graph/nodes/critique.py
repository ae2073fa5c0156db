"""critique: measure the mix again, perhaps ask for one more round, and keep the better one."""

from typing import Literal

from foley_designer.agents.critic.verdict import Mixed, faults
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.note import NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.trajectory import Cues
from foley_designer.graph.nodes.diagnose import mean_distance_m, measured
from foley_designer.graph.state import DesignState, FirstMix
from foley_designer.graph.workbench import Workbench, note
from foley_designer.tools.measure import Measured

ROUNDS = 2
"""Mixes that are compared at most: the first, and one more where the critic asks."""


def critique(state: DesignState, bench: Workbench) -> DesignState:
    """Ask the critic about the first mix, and the measures about the second.

    Going back to the first costs a sum alone, because its stems are kept.
    """
    script = bench.get(FoleyScript, state["script"])
    after = _measure(state, bench, script)
    update: DesignState = {"diagnosis_after": bench.put(after), "first_mix": {}}
    if state["mix_round"] < ROUNDS:
        plan = bench.get(MixPlan, state["plan"])
        before = bench.get(Diagnosis, state["diagnosis"])
        wanted, _ = bench.team.critic.review(script, plan, before, after)
        if wanted != plan:
            first: FirstMix = {"plan": state["plan"], "diagnosis": update["diagnosis_after"]}
            update |= {"plan": bench.put(wanted), "mix": {}, "first_mix": first}
    elif state.get("first_mix"):
        update |= _better(state, bench, script, after)
    return update


def after_critique(state: DesignState) -> Literal["mix", "approve_mix"]:
    """Mix again where the plan is another than the one that was mixed."""
    return "approve_mix" if state["mix"] else "mix"


def _measure(state: DesignState, bench: Workbench, script: FoleyScript) -> Diagnosis:
    """The stems as the mix's faders sum them."""
    cues = bench.get(Cues, state["cues"])
    tracks = tuple(
        Measured(
            event=event,
            distance_m=mean_distance_m(cues.of(event.id)),
            **state["stems"][event.id],
        )
        for event in script.events
    )
    return measured(bench, script, tracks, _measured_before(state, bench))


def _measured_before(state: DesignState, bench: Workbench) -> tuple[TrackFeatures, ...]:
    """Features of stems that a revision left as they were."""
    kept = state.get("kept", ())
    if not kept:
        return ()
    before = bench.get(Diagnosis, state["diagnosis_after"])
    return tuple(track for track in before.tracks if track.event_id in kept)


def _better(
    state: DesignState, bench: Workbench, script: FoleyScript, after: Diagnosis
) -> DesignState:
    """Nothing if the second mix is as good as the first, else the way back."""
    earlier = state["first_mix"]
    plan = bench.get(MixPlan, earlier["plan"])
    first = Mixed(plan, bench.get(Diagnosis, earlier["diagnosis"]))
    second = Mixed(bench.get(MixPlan, state["plan"]), after)
    meant = Mixed(plan.on_takes(), bench.get(Diagnosis, state["diagnosis"]))
    was, now = faults(script, first, meant), faults(script, second, meant)
    if now.as_good_as(was):
        return {}
    text = (
        f"The first mix is kept: in the second, backgrounds hid {now.masked:.0%} of the foreground "
        f"instead of {was.masked:.0%}, and {now.disorder:.0%} of the loudness order was reversed "
        f"instead of {was.disorder:.0%}."
    )
    return {
        "plan": earlier["plan"],
        "mix": {},
        "notes": [note("critique", text, NoteKind.DECISION)],
    }
