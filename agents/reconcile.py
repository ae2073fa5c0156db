"""Reconciliation: the specialists' proposals become one plan, once.

Where proposals touch each other, in this order:

1. The planner's O_i decides: parameters of an operation that a track doesn't ask for are left
   out; an operation that its specialist declined leaves O_i. Gain changes need no operation.
2. A device or wall that a sound comes through owns its spectrum: of the EQ only high-passes stay.
3. Carving and ducking relieve the same masking: together at most `MOST_RELIEF_DB`, and ducking
   gives way first, because a moving level is heard before a fixed dip is.
4. Gain changes of all specialists add up, within ±`MOST_GAIN_CHANGE_DB`; the fader gives back the
   headroom that declipping takes.
"""

from collections.abc import Iterable, Sequence

from foley_designer.agents.interfaces import SpecialistProposal, TrackProposal
from foley_designer.agents.mix_planner.levels import FADER_DB
from foley_designer.core.mix.mix_plan import MixPlan, Operation, TrackPlan
from foley_designer.core.mix.processing import Declip, EqBand, EqKind

MOST_RELIEF_DB = 6.0
MOST_GAIN_CHANGE_DB = 6.0


def reconcile(plan: MixPlan, proposals: Sequence[SpecialistProposal]) -> MixPlan:
    """The plan with the specialists' parameters and reasons; the order of proposals is no matter.

    Args:
        plan: the planner's Π.
        proposals: the last round's, at most one for each operation; unknown tracks are ignored.
    """
    order = list(Operation)
    ranked = sorted(proposals, key=lambda proposal: order.index(proposal.operation))
    return plan.model_copy(
        update={"tracks": tuple(_settle(track, ranked) for track in plan.tracks)}
    )


def _settle(track: TrackPlan, ranked: Sequence[SpecialistProposal]) -> TrackPlan:
    """One track with its parameters."""
    mine = {
        proposal.operation: wish
        for proposal in ranked
        for wish in proposal.tracks
        if wish.event_id == track.event_id
    }
    asked = {op: wish for op, wish in mine.items() if op in track.operations}
    room = asked.get(Operation.REVERB)
    spectrum = asked.get(Operation.EQ)
    level = asked.get(Operation.DYNAMICS)
    futz = room.futz if room else None
    eq = spectrum.eq if spectrum else ()
    reasons = [f"{op}: {wish.reason}" for op, wish in mine.items()]
    if futz and (kept := _high_passes(eq)) != eq:
        eq = kept
        reasons.append(f"settled: the {futz.value.replace('_', ' ')} shapes its spectrum")
    dynamics = level.dynamics if level else None
    relief = max((-band.gain_db for band in eq if band.kind is EqKind.PEAK), default=0.0)
    if dynamics and dynamics.duck_db + relief > MOST_RELIEF_DB:
        duck = round(max(MOST_RELIEF_DB - relief, 0.0), 1)
        dynamics = dynamics.model_copy(update={"duck_db": duck})
        reasons.append(f"settled: ducks {duck:.1f} dB only, it is carved as well")
    declip = level.declip if level else None
    filled = {
        Operation.REVERB: bool(room and (room.reverb or futz or room.dereverb)),
        Operation.EQ: bool(eq),
        Operation.DYNAMICS: dynamics is not None or declip is not None,
    }
    return track.model_copy(
        update={
            "operations": tuple(op for op in track.operations if filled[op]),
            "gain_db": _gain(track, mine.values(), declip),
            "declip": declip,
            "dereverb": room.dereverb if room else None,
            "eq": eq,
            "reverb": room.reverb if room else None,
            "futz": futz,
            "dynamics": dynamics,
            "reasons": (*track.reasons, *reasons),
        }
    )


def _high_passes(eq: Sequence[EqBand]) -> tuple[EqBand, ...]:
    """The high-passes among the bands."""
    return tuple(band for band in eq if band.kind is EqKind.HIGH_PASS)


def _gain(track: TrackPlan, wishes: Iterable[TrackProposal], declip: Declip | None) -> float:
    """The fader with all wished changes and declipping's headroom given back, inside its range."""
    wished = sum(wish.gain_change_db for wish in wishes)
    change = min(max(wished, -MOST_GAIN_CHANGE_DB), MOST_GAIN_CHANGE_DB)
    if declip:
        change += declip.headroom_db
    low, high = FADER_DB
    return round(min(max(track.gain_db + change, low), high), 2)
