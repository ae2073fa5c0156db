"""Critic by rules: loudness order kept through processing, hidden sounds brought out, harm undone.

``before`` is the diagnosis of the takes that the plan was made from, ``after`` that of the stems
that it led to; both are compared under the plan's faders.
"""

from foley_designer.agents.mix_planner.levels import FADER_DB, loudness_of
from foley_designer.agents.mix_planner.masking import Masked, hidden, relief_db, under_faders
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan, Operation, TrackPlan
from foley_designer.core.mix.processing import EqKind
from foley_designer.core.script.foley_script import FoleyScript

DRIFT_LU = 0.5
"""Change of a stem's loudness by its processing from which its fader follows."""
MOST_DRIFT_DB = 9.0
"""As much as restored peaks may rise."""
HARM = 0.1
"""Rise of a masked share from which the processing is taken back."""
MOST_STEP_DB = 2.0
"""How far a background that still hides a foreground track comes down in one more round."""


class RulesCritic:
    """Keeps the better of processed and unprocessed, track by track."""

    def review(
        self, script: FoleyScript, plan: MixPlan, before: Diagnosis, after: Diagnosis
    ) -> tuple[MixPlan, bool]:
        """The plan to keep, and whether one more round may better it."""
        was = {
            (pair.target, pair.masker): pair.share for pair in under_faders(before, plan.on_takes())
        }
        now = hidden(script, after, plan)
        harmed = {
            pair.masker
            for pair in now
            if pair.share > was.get((pair.target, pair.masker), 1.0) + HARM
        }
        buried = {pair.masker: pair for pair in reversed(now) if pair.masker not in harmed}
        tracks = [
            _judge(track, before, after, track.event_id in harmed, buried.get(track.event_id))
            for track in plan.tracks
        ]
        return plan.model_copy(update={"tracks": tuple(tracks)}), bool(harmed or buried)


def _judge(
    track: TrackPlan, before: Diagnosis, after: Diagnosis, harmed: bool, hides: Masked | None
) -> TrackPlan:
    """One track: taken back to its take, or its fader corrected."""
    if harmed:
        return track.model_copy(
            update={
                "operations": tuple(
                    op
                    for op in track.operations
                    if op is Operation.REVERB or (op is Operation.DYNAMICS and track.declip)
                ),
                "eq": (),
                "dynamics": None,
                "reasons": (*track.reasons, "critic: EQ and dynamics hid more, taken back"),
            }
        )
    change, reasons = (0.0, []) if _gives_way(track) else _drift(track, before, after)
    if hides:
        step = min(relief_db(hides.share), MOST_STEP_DB)
        change -= step
        reasons.append(f"critic: -{step:.1f} dB, still hides {hides.share:.0%} of {hides.target}")
    return moved(track, change, *reasons)


def _gives_way(track: TrackPlan) -> bool:
    """Whether it is carved or ducked for another sound: then what it loses is meant."""
    ducks = track.dynamics is not None and track.dynamics.duck_db > 0
    return ducks or any(band.kind is EqKind.PEAK and band.gain_db < 0 for band in track.eq)


def moved(track: TrackPlan, change_db: float, *reasons: str) -> TrackPlan:
    """The track with its fader moved inside its range, and why."""
    low, high = FADER_DB
    gain = round(min(max(track.gain_db + change_db, low), high), 2)
    return track.model_copy(update={"gain_db": gain, "reasons": (*track.reasons, *reasons)})


def _drift(track: TrackPlan, before: Diagnosis, after: Diagnosis) -> tuple[float, list[str]]:
    """What the fader must give back so that the planned balance holds, dB, and why."""
    was, now = _loudness(track, before), _loudness(track, after)
    if was is None or now is None:
        return 0.0, []
    now += track.declip.headroom_db if track.declip else 0.0
    if abs(now - was) < DRIFT_LU:
        return 0.0, []
    change = min(max(was - now, -MOST_DRIFT_DB), MOST_DRIFT_DB)
    return change, [f"critic: {change:+.1f} dB, processing moved its loudness {now - was:+.1f} LU"]


def _loudness(track: TrackPlan, diagnosis: Diagnosis) -> float | None:
    """What the meter reads; where peaks were restored, what a fader is set by, peaks included."""
    features = diagnosis.of(track.event_id)
    return loudness_of(features) if track.declip else features.integrated_lufs
