"""settle: what was decided for tracks that nobody touched stays decided."""

from pathlib import Path

from foley_designer.agents.reverb.rules import place
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.mix.processing import Reverb
from foley_designer.core.revision.diff import Diff
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space
from foley_designer.graph.sounds import ducks, rides_of, treatment_of
from foley_designer.graph.state import ReviseState
from foley_designer.graph.workbench import Workbench


def settle(state: ReviseState, bench: Workbench) -> ReviseState:
    """Merge the plan of the base with a new one's tracks for events that need other decisions."""
    documents = bench.session.documents_of(state["base"])
    earlier = bench.get(MixPlan, documents["plan"])
    before = bench.get(FoleyScript, documents["script"])
    script = bench.get(FoleyScript, state["script"])
    plan = bench.get(MixPlan, state["plan"])
    diff = Diff.model_validate(state["diff"])
    tracks = tuple(
        plan.of(event.id)
        if event.id in diff.planned
        else _wished(
            earlier.of(event.id),
            before.event(event.id),
            event,
            plan.of(event.id) if diff.new_space else None,
        )
        for event in script.events
    )
    measured = bench.get(Diagnosis, state["diagnosis"])
    tracks = tuple(
        _in_its_room(track, before, script.event(track.event_id), script.space, measured)
        for track in tracks
    )
    settled = earlier.model_copy(update={"space": script.space, "tracks": tracks})
    return {
        "plan": bench.put(settled),
        "kept": [
            event.id
            for event in script.events
            if event.id in state["stems"]
            and _stays(event, state, before, script, earlier, settled, diff)
        ],
        "mix_round": 1,
    }


def _wished(
    track: TrackPlan, before: SoundEvent, after: SoundEvent, anew: TrackPlan | None
) -> TrackPlan:
    """A track as it was decided, with what the editor wished since; a new space rings anew."""
    gain = track.gain_db + after.gain_db - before.gain_db
    reverb = anew.reverb if anew else _wetter(track.reverb, after.reverb_db - before.reverb_db)
    return track.model_copy(
        update={
            "gain_db": round(min(max(gain, -60.0), 40.0), 2),
            "reverb": reverb,
            "operations": anew.operations if anew and anew.reverb else track.operations,
        }
    )


def _in_its_room(
    track: TrackPlan,
    before: FoleyScript,
    event: SoundEvent,
    space: Space,
    measured: Diagnosis,
) -> TrackPlan:
    """The track in the space that the editor wants for it alone, or back in the scene's."""
    earlier = next((one for one in before.events if one.id == event.id), None)
    own = event.treatment.space
    if own is (earlier.treatment.space if earlier else None) and not (own and earlier is None):
        return track
    placed = place(event, measured.of(event.id), own or space)
    return track.model_copy(update={"reverb": placed.reverb, "dereverb": placed.dereverb})


def _wetter(reverb: Reverb | None, change_db: float) -> Reverb | None:
    if reverb is None or not change_db:
        return reverb
    wet = min(max(reverb.wet_db + change_db, -60.0), 0.0)
    return reverb.model_copy(update={"wet_db": round(wet, 1)})


def _stays(
    event: SoundEvent,
    state: ReviseState,
    before: FoleyScript,
    after: FoleyScript,
    earlier: MixPlan,
    settled: MixPlan,
    diff: Diff,
) -> bool:
    """Whether the event's stem is still what its take and plan make.

    A background that dips under the foreground keeps its dips until the foreground sounds at
    other times: a fader move elsewhere must not touch it.
    """
    if event.id in diff.rendered or not Path(state["stems"][event.id]["file"]).is_file():
        return False
    faderless = {"gain_db": 0.0, "reasons": ()}
    was = earlier.of(event.id).model_copy(update=faderless)
    now = settled.of(event.id).model_copy(update=faderless)
    end_s = before.clip.duration_s
    rides = rides_of(before.event(event.id), end_s) == rides_of(event, end_s)
    hand = treatment_of(before.event(event.id), before) == treatment_of(event, after)
    keys = {key for duck in event.treatment.ducks for key in duck.by}
    return (
        was == now
        and rides
        and hand
        and not (ducks(now) and diff.retimed)
        and not (keys & {*diff.rendered, *diff.removed})
    )
