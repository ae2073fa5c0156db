"""The diagnosis f_i = [f_sem, f_spec, f_rev, f_loud] of each take (paper, section 3.3)."""

from typing import ClassVar

from pydantic import Field

from foley_designer.core.documents import Document, Part

OCTAVES_HZ = (31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
"""Centres of the octave bands of f_spec (IEC 61260-1)."""


class TrackFeatures(Part):
    """What was measured on one take."""

    event_id: str
    tags: tuple[str, ...] = ()
    """f_sem: what it is, by the script."""
    heard: tuple[str, ...] = ()
    """f_sem: what it is heard as, by `Diagnosis.listener`, surest first."""
    centroid_hz: float = Field(ge=0)
    band_db: tuple[float, ...]
    """f_spec: mean level in the bands of `OCTAVES_HZ`, dB re the loudest."""
    rolloff_hz: float = Field(default=0.0, ge=0)
    """f_spec: frequency under which 85 % of the power lies."""
    flatness: float = Field(default=0.0, ge=0, le=1)
    """f_spec: geometric over arithmetic mean of the power spectrum; 0 a tone, 1 white noise."""
    rt60_s: float | None = None
    """f_rev: reverberation time by decay fit; None if nothing decays freely."""
    rt60_confidence: float = Field(default=0.0, ge=0, le=1)
    integrated_lufs: float | None = None
    """f_loud: ITU-R BS.1770 gated; None under 400 ms of sound."""
    short_term_max_lufs: float | None = None
    true_peak_dbtp: float
    crest_db: float
    correlation: float = Field(ge=-1, le=1)
    """Between left and right."""
    width: float = Field(default=0.0, ge=0, le=1)
    """Share of the power that is in the difference of left and right: 0 mono, 0.5 unrelated."""
    dc_offset: float = 0.0
    clipped_samples: int = 0
    distance_m: float | None = Field(default=None, gt=0)
    """Mean distance while it sounds, from its cues; None if cues were not at hand."""


class Diagnosis(Document):
    """Features of all takes and who masks whom."""

    SCHEMA: ClassVar[str] = "diagnosis"

    tracks: tuple[TrackFeatures, ...]
    masking: dict[str, dict[str, float]] = {}
    """``masking[target][masker]``: share of the target's energy under the masker, 0..1."""
    listener: str = ""
    """What heard the takes: a tagger's name, or ``measures`` if those were put into words."""
    faders_db: dict[str, float] = {}
    """Faders under which masking was compared, 0 if not named; features are without them."""

    def of(self, event_id: str) -> TrackFeatures:
        """Features of one event's take.

        Raises:
            KeyError: there are none.
        """
        for track in self.tracks:
            if track.event_id == event_id:
                return track
        raise KeyError(event_id)
