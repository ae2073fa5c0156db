"""mix: process every take by the plan, sum the stems, master."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget, MixPlan, TrackPlan
from foley_designer.core.mix.take import Take
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer
from foley_designer.core.work.pool import threads
from foley_designer.graph.sounds import Recipe, by_hand, ducks, rides_of, stem_file, take_file
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench, report
from foley_designer.tools.mix import TOOL as MIX
from foley_designer.tools.mix import MixInput, MixOutput
from foley_designer.tools.process import Fader

LONG = 120 * SAMPLE_RATE
"""Clips above two minutes are processed one track at a time: memory before speed."""


def mix(state: DesignState, bench: Workbench) -> DesignState:
    """Foreground first, because backgrounds may duck under it; then sum and master."""
    script = bench.get(FoleyScript, state["script"])
    plan = bench.get(MixPlan, state["plan"])
    tracks = {track.event_id: track for track in plan.tracks}
    stems: dict[str, Fader] = {}
    for layer in (Layer.FOREGROUND, Layer.BACKGROUND):
        wanted = [tracks[event.id] for event in script.events if event.layer is layer]
        under = tuple(stems.values())
        stems |= _process(state, bench, script, wanted, under)
    mixed: MixOutput = bench.tools.call(
        MIX,
        MixInput(
            stems=tuple(stems[e.id] for e in script.events if e.id not in script.silenced),
            sample_count=script.clip.sample_count,
            target=plan.target,
            offset_db=offset_db(script, plan.target),
            out=str(bench.session.root / "mix_stereo.wav"),
        ),
    )
    return {
        "stems": {key: fader.model_dump(mode="json") for key, fader in stems.items()},
        "mix": mixed.model_dump(mode="json"),
        "mix_round": state["mix_round"] + 1,
    }


def offset_db(script: FoleyScript, target: LoudnessTarget) -> float:
    """How far from the delivery target the editor wants the mix, dB, within the mix's reach."""
    nominal = LOUDNESS[target][0]
    wished = script.loudness_lufs
    aside = 0.0 if wished is None or nominal is None else wished - nominal
    return min(max(script.gain_db + aside, -40.0), 12.0)


def _process(
    state: DesignState,
    bench: Workbench,
    script: FoleyScript,
    tracks: Sequence[TrackPlan],
    foreground: tuple[Fader, ...],
) -> dict[str, Fader]:
    """Stems of these tracks, made side by side; one that stands already is taken as it is."""

    def stem(track: TrackPlan) -> Fader:
        if track.event_id in state.get("kept", ()):
            return Fader(file=state["stems"][track.event_id]["file"], gain_db=track.gain_db)
        event = script.event(track.event_id)
        recipe = Recipe(
            event_id=event.id,
            take=Take.model_validate(state["takes"][event.id]),
            track=track,
            under=foreground if ducks(track) else (),
            rides=rides_of(event, script.clip.duration_s),
            hand=by_hand(event, script, lambda key: take_file(bench, state, key)),
            sample_count=script.clip.sample_count,
        )
        return Fader(file=stem_file(bench, state, recipe), gain_db=track.gain_db)

    done: dict[str, Fader] = {}
    workers = 1 if script.clip.sample_count > LONG else threads(4)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for track, fader in zip(tracks, pool.map(stem, tracks), strict=True):
            done[track.event_id] = fader
            report("mix", len(done) / max(len(tracks), 1), track.event_id)
    return done
