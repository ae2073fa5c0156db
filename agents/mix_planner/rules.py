"""Mixing planner by rules: measured features and Foley practice in, Π with reasons out."""

from typing import TYPE_CHECKING

from foley_designer.agents.mix_planner.levels import (
    Level,
    audible,
    card_of,
    dialogue_lufs,
    fader,
    is_bed,
    levels,
    loudness_of,
    silent_notes,
)
from foley_designer.agents.mix_planner.masking import hidden
from foley_designer.agents.mix_planner.repairs import repairs
from foley_designer.agents.reverb.rules import THROUGH, futz_of
from foley_designer.core.mix.features import OCTAVES_HZ, Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import (
    LoudnessTarget,
    MixPlan,
    Operation,
    SurroundRoad,
    TrackPlan,
)
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.space import ACOUSTICS, Space

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

RUMBLE_DB = -20.0
"""Level an octave under a sound's own range, re its loudest band, that counts as rumble."""
FAR_M = 20.0
"""Distance from which ground and leaves take treble off, beside the air that placing applies."""
UNEVEN_LU = 4.0
"""Loudest 3 s over the whole from which hits are evened out."""
SPIKY_DB = 20.0
"""True peak over loudness from which a continuous sound is held. Hits are not: a compressor that
lets their attack pass takes more off their body than off their peaks, and makes them spikier."""
_RT60_AGREES = 0.25
"""Relative difference of reverberation times that nobody hears in a film."""


class RulesMixPlanner:
    """Plans by the cards' levels and by what was measured."""

    def __init__(
        self,
        knowledge: "Knowledge",
        target: LoudnessTarget = LoudnessTarget.EBU_R128,
        surround: SurroundRoad = SurroundRoad.UPMIX,
        lfe_gain_db: float = -10.0,
    ) -> None:
        self.knowledge = knowledge
        self.target = target
        self.surround = surround
        self.lfe_gain_db = lfe_gain_db

    def plan(self, script: FoleyScript, diagnosis: Diagnosis) -> MixPlan:
        """Π with operations, faders and reasons; the specialists fill the parameters in."""
        tracks = [
            self.track(event, diagnosis.of(event.id), level, script.space)
            for event, level in zip(
                script.events, levels(script, diagnosis, self.knowledge), strict=True
            )
        ]
        return self.finish(script, diagnosis, tracks)

    def track(
        self, event: SoundEvent, features: TrackFeatures, level: Level, space: Space
    ) -> TrackPlan:
        """One track at its level, with the operations that its own features call for."""
        mending = repairs(event, features, space)
        asked = [
            (op, mending.get(op) or reason)
            for op, reason in (
                (Operation.REVERB, reverb_reason(event, features, space)),
                (Operation.EQ, eq_reason(event, features, self.knowledge)),
                (Operation.DYNAMICS, dynamics_reason(event, features)),
            )
        ]
        return TrackPlan(
            event_id=event.id,
            operations=tuple(operation for operation, reason in asked if reason),
            gain_db=fader(level.lu, event, features, self.target),
            reasons=(
                *self._level_reasons(event, features, level),
                *(f"{operation}: {reason}" for operation, reason in asked if reason),
            ),
        )

    def finish(self, script: FoleyScript, diagnosis: Diagnosis, tracks: list[TrackPlan]) -> MixPlan:
        """The plan, with what only shows between tracks: who hides whom, who dips for whom."""
        plan = MixPlan(
            space=script.space,
            tracks=tuple(audible(script, diagnosis, tracks)),
            notes=silent_notes(script, diagnosis),
            target=self.target,
            surround=self.surround,
            lfe_gain_db=self.lfe_gain_db,
        )
        beds = {event.id for event in script.events if is_bed(event)}
        asked: dict[str, dict[Operation, str]] = {}
        for pair in hidden(script, diagnosis, plan):
            why = f"hides {pair.share:.0%} of {pair.target}"
            asked.setdefault(pair.masker, {}).setdefault(Operation.EQ, why)
            if pair.masker in beds:
                asked[pair.masker].setdefault(Operation.DYNAMICS, why)
        return plan.model_copy(
            update={
                "tracks": tuple(_ask(track, asked.get(track.event_id, {})) for track in plan.tracks)
            }
        )

    def _level_reasons(
        self, event: SoundEvent, features: TrackFeatures, level: Level
    ) -> tuple[str, ...]:
        """Why the fader stands where it does."""
        nominal = dialogue_lufs(self.target)
        stand = f"{level.lu:+.1f} LU against dialogue at {nominal:.0f} LUFS"
        measured = loudness_of(features)
        told = f"measured {measured:.1f} LUFS" if measured is not None else "measured silent"
        wish = (f"editor's wish {event.gain_db:+.1f} dB",) if event.gain_db else ()
        return (f"level: {stand}, {told}", *level.reasons, *wish)


def reverb_reason(event: SoundEvent, features: TrackFeatures, space: Space) -> str:
    """Why the track needs the scene's space, empty where it doesn't."""
    if futz := futz_of(event):
        return f"heard through {THROUGH[futz]}"
    if not event.diegetic or event.source.kind is SourceKind.AROUND:
        return ""
    wanted = ACOUSTICS[space].rt60_s
    if features.rt60_s is not None and features.rt60_confidence >= 0.5:
        difference = features.rt60_s / wanted - 1
        if abs(difference) <= _RT60_AGREES or difference > 0:
            return ""
        return f"rings {features.rt60_s:.2f} s, the scene {wanted:.2f} s"
    return f"dry take, placed in the {space.value.replace('_', ' ')}"


def eq_reason(event: SoundEvent, features: TrackFeatures, knowledge: "Knowledge") -> str:
    """Why the track's own spectrum needs a filter, empty where it doesn't."""
    card = card_of(event, knowledge)
    if card and (rumble := rumble_db(features, card.low_hz)) > RUMBLE_DB:
        return f"rumble under {card.low_hz / 2:.0f} Hz at {rumble:.0f} dB re its loudest band"
    distance = features.distance_m or event.source.distance_m or 0.0
    if distance > FAR_M and event.source.kind is not SourceKind.AROUND:
        return f"{distance:.0f} m away"
    return ""


def dynamics_reason(event: SoundEvent, features: TrackFeatures) -> str:
    """Why the track's own level needs holding, empty where it doesn't."""
    loudness, loudest = features.integrated_lufs, features.short_term_max_lufs
    if loudness is None:
        return ""
    if not event.impulsive:
        over = features.true_peak_dbtp - loudness
        return f"peaks {over:.0f} dB over its loudness" if over > SPIKY_DB else ""
    out = 0.0 if loudest is None else loudest - loudness
    return f"its loudest hits stand {out:.0f} LU out" if out > UNEVEN_LU else ""


def rumble_db(features: TrackFeatures, low_hz: float) -> float:
    """The loudest band more than an octave under ``low_hz``, dB re the take's loudest one."""
    under = [
        level
        for centre, level in zip(OCTAVES_HZ, features.band_db, strict=False)
        if centre * 2**0.5 <= low_hz / 2
    ]
    return max(under, default=-120.0)


def _ask(track: TrackPlan, asked: dict[Operation, str]) -> TrackPlan:
    """The track with further operations and their reasons, in the order of `Operation`."""
    new = {op: why for op, why in asked.items() if op not in track.operations}
    wanted = {*track.operations, *new}
    return track.model_copy(
        update={
            "operations": tuple(op for op in Operation if op in wanted),
            "reasons": (*track.reasons, *(f"{op}: {why}" for op, why in new.items())),
        }
    )
