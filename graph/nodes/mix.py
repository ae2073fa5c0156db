"""mix: process every take by the plan, sum the stems, master."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.documents import content_hash
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget, MixPlan, TrackPlan
from foley_designer.core.mix.take import Take
from foley_designer.core.mix.treatment import Fade, Treatment
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import Layer, SoundEvent
from foley_designer.graph.nodes.diagnose import take_file
from foley_designer.graph.state import DesignState, Update
from foley_designer.graph.workbench import Workbench, report
from foley_designer.tools.mix import TOOL as MIX
from foley_designer.tools.mix import MixInput, MixOutput
from foley_designer.tools.process import TOOL as PROCESS
from foley_designer.tools.process import Fader, Key, ProcessInput

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
        ducks = track.dynamics is not None and track.dynamics.duck_db > 0
        under = foreground if ducks else ()
        take = Take.model_validate(state["takes"][track.event_id])
        event = script.event(track.event_id)
        rides = rides_of(event, script.clip.duration_s)
        hand = by_hand(event, script, lambda key: take_file(bench, state, key))
        file = _stem_file(bench, take, track, under, rides, hand)
        if not file.exists():
            request = ProcessInput(
                take=take_file(bench, state, track.event_id),
                plan=track,
                stem=str(file),
                sample_count=script.clip.sample_count,
                foreground=under,
                rides=rides,
                **hand,
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
    hand: dict[str, Any],
) -> Path:
    """Where a stem lies: addressed by its take, its processing and what it ducks under."""
    made_by = track.model_dump(mode="json", exclude={"gain_db", "reasons"})
    ducked = [(Path(fader.file).name, fader.gain_db) for fader in under]
    key = content_hash(PROCESSING_VERSION, take.key, made_by, ducked, rides, *_made_by_hand(hand))
    return bench.session.hidden / "stems" / f"{key}.wav"


def by_hand(
    event: SoundEvent, script: FoleyScript, take_of: Callable[[str], str]
) -> dict[str, Any]:
    """What processing needs to know of an event's treatment; nothing where there is none."""
    treatment = treatment_of(event, script)
    if treatment == Treatment():
        return {}
    paced = treatment.speed != 1.0
    return {
        "treatment": treatment,
        "starts_s": tuple(hit.time_s for hit in event.hits) if paced else (),
        "spans_s": tuple((s.start_s, s.end_s) for s in event.spans) if paced else (),
        "keys": tuple(
            Key(takes=tuple(Fader(file=take_of(key)) for key in duck.by))
            for duck in treatment.ducks
        ),
    }


def treatment_of(event: SoundEvent, script: FoleyScript) -> Treatment:
    """The treatment as it sounds: fades at their times, dips under what there still is.

    Its own space is the plan's reverberation already.
    """
    hand, there = event.treatment, {one.id for one in script.events}
    begin = event.start_s
    end = event.end_s if event.spans else script.clip.duration_s
    ducks = [
        duck.model_copy(update={"by": tuple(key for key in duck.by if key in there)})
        for duck in hand.ducks
    ]
    return hand.model_copy(
        update={
            "space": None,
            "ducks": tuple(duck for duck in ducks if duck.by),
            "fade_in": _timed(hand.fade_in, begin),
            "fade_out": _timed(hand.fade_out, end),
        }
    )


def _timed(fade: Fade | None, at_s: float) -> Fade | None:
    return fade if fade is None or fade.at_s is not None else fade.model_copy(update={"at_s": at_s})


def _made_by_hand(hand: dict[str, Any]) -> tuple[Any, ...]:
    """What of a treatment makes another stem: takes by their content, which names them."""
    if not hand:
        return ()
    keys = [[Path(take.file).name for take in key.takes] for key in hand["keys"]]
    return (hand["treatment"], hand["starts_s"], hand["spans_s"], keys)
