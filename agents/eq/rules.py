"""Equalisation by rules: rumble and DC out, distance in, room for what is hidden."""

import math
from typing import TYPE_CHECKING

from foley_designer.agents.interfaces import SpecialistProposal, TrackProposal
from foley_designer.agents.mix_planner.levels import card_of
from foley_designer.agents.mix_planner.masking import Masked, hidden, relief_db
from foley_designer.core.mix.features import OCTAVES_HZ, Diagnosis, TrackFeatures
from foley_designer.core.mix.mix_plan import MixPlan, Operation
from foley_designer.core.mix.processing import EqBand, EqKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.sound_event import SoundEvent, SourceKind
from foley_designer.core.space import Space
from foley_designer.dsp.repair.faults import DC_OFFSET

if TYPE_CHECKING:
    from foley_designer.memory.knowledge_base import Knowledge

RUMBLE_DB = -20.0
"""Level an octave under a sound's own range, re its loudest band, that counts as rumble."""
FAR_M = 20.0
"""Distance from which ground and leaves take treble off, beside the air that placing applies."""
CARVE_DB = (2.0, 4.0)
"""Least and most that is carved out of a masker."""
_CARVES = 2
_CARVE_Q = 0.7
_CARVE_RANGE_HZ = (100.0, 9000.0)
_DC_CUT_HZ = 25.0
_MOST_CUT_HZ = 120.0
_AIR_HZ = 5000.0
_MOST_AIR_DB = 3.0


class RulesEq:
    """Carves little, in the masker, where the hidden sound lives."""

    operation = Operation.EQ

    def __init__(self, knowledge: "Knowledge") -> None:
        self.knowledge = knowledge

    def reason(
        self,
        event: SoundEvent,
        features: TrackFeatures,
        space: Space,  # noqa: ARG002 - the same in every space
    ) -> str:
        """Why the track needs a filter for its own spectrum, empty if it doesn't."""
        card = card_of(event, self.knowledge)
        if card and (rumble := rumble_db(features, card.low_hz)) > RUMBLE_DB:
            return f"rumble under {card.low_hz / 2:.0f} Hz at {rumble:.0f} dB re its loudest band"
        distance = features.distance_m or event.source.distance_m or 0.0
        if distance > FAR_M and event.source.kind is not SourceKind.AROUND:
            return f"{distance:.0f} m away"
        return ""

    def propose(
        self,
        script: FoleyScript,
        diagnosis: Diagnosis,
        plan: MixPlan,
        peers: tuple[SpecialistProposal, ...],  # noqa: ARG002 - what it leaves, dynamics does
    ) -> SpecialistProposal:
        """Filters for every track that asks for them; what a carve can't relieve ducks."""
        pairs = hidden(script, diagnosis, plan)
        proposals = []
        for track in plan.tracks:
            if self.operation not in track.operations:
                continue
            event, features = script.event(track.event_id), diagnosis.of(track.event_id)
            own = self._own(event, features)
            room = [
                carve(features, diagnosis.of(pair.target), pair)
                for pair in pairs
                if pair.masker == event.id
            ][:_CARVES]
            if own or room:
                bands, reasons = zip(*own, *room, strict=True)
                proposals.append(
                    TrackProposal(event_id=event.id, eq=bands, reason="; ".join(reasons))
                )
        return SpecialistProposal(operation=self.operation, tracks=tuple(proposals))

    def _own(self, event: SoundEvent, features: TrackFeatures) -> list[tuple[EqBand, str]]:
        """Filters that the track needs for itself."""
        bands = []
        cut = _DC_CUT_HZ if abs(features.dc_offset) > DC_OFFSET else 0.0
        card = card_of(event, self.knowledge)
        if card and rumble_db(features, card.low_hz) > RUMBLE_DB:
            cut = max(cut, min(max(card.low_hz / 2, _DC_CUT_HZ), _MOST_CUT_HZ))
        if cut:
            band = EqBand(kind=EqKind.HIGH_PASS, frequency_hz=round(cut, 1))
            bands.append((band, f"nothing of it lives under {cut:.0f} Hz"))
        distance = features.distance_m or event.source.distance_m or 0.0
        if distance > FAR_M and event.source.kind is not SourceKind.AROUND:
            loss = min(1 + math.log2(distance / FAR_M), _MOST_AIR_DB)
            band = EqBand(kind=EqKind.HIGH_SHELF, frequency_hz=_AIR_HZ, gain_db=-round(loss, 1))
            bands.append((band, f"{distance:.0f} m away: ground and leaves"))
        return bands


def carve(masker: TrackFeatures, target: TrackFeatures, pair: Masked) -> tuple[EqBand, str]:
    """A dip in the masker at the octave where both are strongest.

    Args:
        masker: the track that is carved.
        target: the track that is hidden.
        pair: how much of it is hidden.
    """
    low, high = _CARVE_RANGE_HZ
    shared = [
        (theirs + ours, -centre)
        for centre, theirs, ours in zip(OCTAVES_HZ, masker.band_db, target.band_db, strict=False)
        if low <= centre <= high
    ]
    centre = -max(shared)[1]
    least, most = CARVE_DB
    depth = min(max(relief_db(pair.share), least), most)
    band = EqBand(kind=EqKind.PEAK, frequency_hz=centre, gain_db=-round(depth, 1), q=_CARVE_Q)
    return band, f"makes room at {centre:.0f} Hz for {pair.target}, {pair.share:.0%} hidden"


def rumble_db(features: TrackFeatures, low_hz: float) -> float:
    """The loudest band more than an octave under ``low_hz``, dB re the take's loudest one."""
    under = [
        level
        for centre, level in zip(OCTAVES_HZ, features.band_db, strict=False)
        if centre * 2**0.5 <= low_hz / 2
    ]
    return max(under, default=-120.0)
