"""Stems as they were measured in the mix, to say what a revision did to them."""

from dataclasses import dataclass

from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan


@dataclass(frozen=True)
class Heard:
    """One stem as it lies in the mix."""

    loudness_lufs: float | None
    """At its fader, before mastering; None if it is too short to be measured."""
    true_peak_dbtp: float
    """Before its fader."""
    centroid_hz: float


@dataclass(frozen=True)
class StemChange:
    """A touched stem, measured before and after; None if it wasn't or isn't there."""

    event_id: str
    before: Heard | None
    after: Heard | None


def heard(diagnosis: Diagnosis, plan: MixPlan) -> dict[str, Heard]:
    """Event to its stem's measurements, as it lies in the mix."""
    faders = {track.event_id: track.gain_db for track in plan.tracks}
    return {
        track.event_id: Heard(
            loudness_lufs=None
            if track.integrated_lufs is None
            else round(track.integrated_lufs + faders[track.event_id], 2),
            true_peak_dbtp=round(track.true_peak_dbtp, 2),
            centroid_hz=round(track.centroid_hz, 1),
        )
        for track in diagnosis.tracks
    }
