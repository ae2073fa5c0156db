"""Dynamics by rules: cut peaks restored, uneven takes held, beds ducked, lost sounds raised."""

from collections.abc import Sequence

from foley_designer.agents.interfaces import SpecialistProposal, TrackProposal
from foley_designer.agents.mix_planner.levels import is_bed
from foley_designer.agents.mix_planner.masking import Masked, hidden, relief_db
from foley_designer.agents.mix_planner.repairs import repairs
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.mix.processing import Declip, Dynamics
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.space import Space

UNEVEN_LU = 4.0
"""Loudest 3 s over the whole from which hits are evened out."""
SPIKY_DB = 20.0
"""True peak over loudness from which a continuous sound is held. Hits are not: a compressor that
lets their attack pass takes more off their body than off their peaks, and makes them spikier."""
DUCK_DB = (1.0, 4.0)
"""Least and most that a background dips."""
LOST = 0.6
"""Masked share from which a foreground track is also raised."""
_RAISE_DB = 2.0
_HELD_DB = 10.0
"""How far under its peak an uneven take begins to be held."""


class RulesDynamics:
    """Holds what is uneven, ducks what hides, raises what is lost."""

    operation = Operation.DYNAMICS

    def reason(
        self,
        event: SoundEvent,
        features: TrackFeatures,
        space: Space,  # noqa: ARG002 - the same in every space
    ) -> str:
        """Why the track needs its level held, empty if it doesn't."""
        return uneven(event, features)

    def propose(
        self,
        script: FoleyScript,
        diagnosis: Diagnosis,
        plan: MixPlan,
        peers: tuple[SpecialistProposal, ...],
    ) -> SpecialistProposal:
        """Parameters for every track that asks; one that a peer carves already dips less."""
        carved = {
            track.event_id: max((-band.gain_db for band in track.eq), default=0.0)
            for peer in peers
            for track in peer.tracks
        }
        pairs = hidden(script, diagnosis, plan)
        proposals = []
        for track in plan.tracks:
            event, features = script.event(track.event_id), diagnosis.of(track.event_id)
            asked = self.operation in track.operations
            dynamics: Dynamics | None = None
            declip: Declip | None = None
            reasons: list[str] = []
            if asked:
                declip, torn = restore(event, features, script.space_of(event))
                dip = duck(event, pairs, carved.get(event.id, 0.0))
                dynamics, reasons = hold(event, features, dip)
                reasons = torn + reasons
            raised = _lost(event, pairs)
            if raised:
                reasons.append(f"{raised.share:.0%} hidden by {raised.masker}: raised")
            if dynamics or declip or raised:
                proposals.append(
                    TrackProposal(
                        event_id=event.id,
                        declip=declip,
                        dynamics=dynamics,
                        gain_change_db=_RAISE_DB if raised else 0.0,
                        reason="; ".join(reasons),
                    )
                )
        return SpecialistProposal(operation=self.operation, tracks=tuple(proposals))


def restore(
    event: SoundEvent, features: TrackFeatures, space: Space
) -> tuple[Declip | None, list[str]]:
    """Declipping for a take that was cut at full scale, and why; None if none was."""
    told = repairs(event, features, space).get(Operation.DYNAMICS)
    return (Declip(), [f"{told}: restored"]) if told else (None, [])


def duck(event: SoundEvent, pairs: Sequence[Masked], carved_db: float) -> float:
    """How far a background dips under the foreground that it hides, dB; 0 for anything else.

    A moving level is heard before a fixed dip is, so it only adds what carving leaves to be done.
    """
    share = max((pair.share for pair in pairs if pair.masker == event.id), default=0.0)
    least, most = DUCK_DB
    left = relief_db(share) - carved_db
    return round(min(left, most), 1) if is_bed(event) and left >= least else 0.0


def uneven(event: SoundEvent, features: TrackFeatures) -> str:
    """Why the track's own level needs holding, empty if it doesn't."""
    loudness, loudest = features.integrated_lufs, features.short_term_max_lufs
    if loudness is None:
        return ""
    if not event.impulsive:
        over = features.true_peak_dbtp - loudness
        return f"peaks {over:.0f} dB over its loudness" if over > SPIKY_DB else ""
    out = 0.0 if loudest is None else loudest - loudness
    return f"its loudest hits stand {out:.0f} LU out" if out > UNEVEN_LU else ""


def hold(
    event: SoundEvent, features: TrackFeatures, duck_db: float
) -> tuple[Dynamics | None, list[str]]:
    """A compressor for an uneven take, neutral where it only dips; None if neither is due."""
    hits = event.impulsive
    why = uneven(event, features)
    reasons = [f"dips {duck_db:.1f} dB under the foreground"] if duck_db else []
    if not why:
        if not duck_db:
            return None, []
        neutral = Dynamics(threshold_db=0, ratio=1, attack_ms=25, release_ms=250, duck_db=duck_db)
        return neutral, reasons
    threshold = features.true_peak_dbtp - _HELD_DB
    dynamics = Dynamics(
        threshold_db=round(min(max(threshold, -60.0), 0.0), 1),
        ratio=2.0,
        # A hit's first milliseconds are what is heard in sync: they pass before the gain falls.
        attack_ms=20 if hits else 15,
        release_ms=150 if hits else 300,
        duck_db=duck_db,
    )
    return dynamics, [f"{why}: held at {dynamics.ratio:.0f}:1, attacks kept", *reasons]


def _lost(event: SoundEvent, pairs: Sequence[Masked]) -> Masked | None:
    """The worst masker of an event that is mostly hidden."""
    return next((pair for pair in pairs if pair.target == event.id and pair.share >= LOST), None)
