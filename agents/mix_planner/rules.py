"""Mixing planner by rules: measured features and Foley practice in, Π with reasons out."""

from typing import TYPE_CHECKING

from foley_designer.agents.mix_planner.levels import (
    Level,
    audible,
    dialogue_lufs,
    fader,
    is_bed,
    levels,
    loudness_of,
    silent_notes,
)
from foley_designer.agents.mix_planner.masking import hidden
from foley_designer.agents.mix_planner.repairs import repairs
from foley_designer.agents.specialists import by_rules
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import (
    LoudnessTarget,
    MixPlan,
    Operation,
    SurroundMethod,
    TrackPlan,
)
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge


class RulesMixPlanner:
    """Plans by the cards' levels and by what was measured."""

    def __init__(
        self,
        knowledge: "Knowledge",
        target: LoudnessTarget = LoudnessTarget.EBU_R128,
        surround: SurroundMethod = SurroundMethod.UPMIX,
        lfe_gain_db: float = -10.0,
    ) -> None:
        self.knowledge = knowledge
        self.specialists = by_rules(knowledge)
        self.target = target
        self.surround = surround
        self.lfe_gain_db = lfe_gain_db

    def plan(self, script: FoleyScript, diagnosis: Diagnosis) -> MixPlan:
        """Π with operations, faders and reasons; the specialists fill the parameters in."""
        tracks = [
            self.track(event, diagnosis.of(event.id), level, script.space_of(event))
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
            (one.operation, mending.get(one.operation) or one.reason(event, features, space))
            for one in self.specialists
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
