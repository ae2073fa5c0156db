"""mix: process every take by the plan, sum the stems, master."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import content_hash
from foley_designer.core.mix.mix_plan import MixPlan, TrackPlan
from foley_designer.core.mix.take import Take
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Layer, SoundEvent
from foley_designer.graph.nodes.diagnose import take_file
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench, report
from foley_designer.tools.mix import TOOL as MIX
from foley_designer.tools.mix import MixInput, MixOutput
from foley_designer.tools.process import TOOL as PROCESS
from foley_designer.tools.process import Fader, ProcessInput

LONG = 120 * SAMPLE_RATE
"""Clips above two minutes are processed one track at a time: memory before speed."""
PROCESSING_VERSION = 1
"""Raised when the same plan would give another stem."""


def mix(state: DesignState, bench: Workbench) -> Update:
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
            stems=tuple(stems[event.id] for event in script.events),
            sample_count=script.clip.sample_count,
            target=plan.target,
            offset_db=script.gain_db,
            out=str(bench.session.root / "mix_stereo.wav"),
        ),
    )
    return {
        "stems": {key: fader.model_dump(mode="json") for key, fader in stems.items()},
        "mix": mixed.model_dump(mode="json"),
        "mix_round": state["mix_round"] + 1,
    }


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
        ducks = track.dynamics is not None and track.dynamics.duck_db > 0
        under = foreground if ducks else ()
        take = Take.model_validate(state["takes"][track.event_id])
        rides = rides_of(script.event(track.event_id), script.clip.duration_s)
        file = _stem_file(bench, take, track, under, rides)
        if not file.exists():
            request = ProcessInput(
                take=take_file(bench, state, track.event_id),
                plan=track,
                stem=str(file),
                sample_count=script.clip.sample_count,
                foreground=under,
                rides=rides,
            )
            bench.tools.call(PROCESS, request)
        return Fader(file=str(file), gain_db=track.gain_db)

    done: dict[str, Fader] = {}
    workers = 1 if script.clip.sample_count > LONG else min(4, os.cpu_count() or 1)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for track, fader in zip(tracks, pool.map(stem, tracks), strict=True):
            done[track.event_id] = fader
            report("mix", len(done) / max(len(tracks), 1), track.event_id)
    return done


def rides_of(event: SoundEvent, end_s: float) -> tuple[tuple[float, float, float], ...]:
    """Each hit that has a gain of its own: from it to the next hit, and the gain in dB."""
    ends = [hit.time_s for hit in event.hits[1:]] + [end_s]
    return tuple(
        (hit.time_s, end, hit.gain_db)
        for hit, end in zip(event.hits, ends, strict=False)
        if hit.gain_db
    )


def _stem_file(
    bench: Workbench,
    take: Take,
    track: TrackPlan,
    under: tuple[Fader, ...],
    rides: tuple[tuple[float, float, float], ...],
) -> Path:
    """Where a stem lies: addressed by its take, its processing and what it ducks under."""
    made_by = track.model_dump(mode="json", exclude={"gain_db", "reasons"})
    ducked = [(Path(fader.file).name, fader.gain_db) for fader in under]
    key = content_hash(PROCESSING_VERSION, take.key, made_by, ducked, rides)
    return bench.session.hidden / "stems" / f"{key}.wav"
