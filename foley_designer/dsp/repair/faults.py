"""What is wrong with a mix: a diagnosis held against what each track should measure.

Faults explain each other. A track that is too loud hides others, one that is too quiet is hidden:
only the cause is named, with the level to blame. Masking is named where levels are as they should
be and two sounds still share time and band.
"""

from collections.abc import Mapping
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from foley_designer.core.mix.features import Diagnosis, TrackFeatures

DC_OFFSET = 1e-3
"""Mean sample value, re full scale, that no filtered sound has."""
LEVEL_LU = 6.0
"""Distance from its place in the balance at which a track counts as too loud or too quiet."""
MASKED_SHARE = 0.3
"""Share of a foreground track's energy under another track from which it counts as masked."""
_RT60_RATIO, _RT60_MORE_S = 1.5, 0.4
"""A reverberation is too long beyond both; the second covers a sound's own decay."""
_RT60_CONFIDENCE = 0.4
CLIPPED_SAMPLES = 3
"""Samples in flat tops at full scale from which a take counts as clipped."""


class MixFaultKind(StrEnum):
    """What can be wrong."""

    TOO_LOUD = "too_loud"
    TOO_QUIET = "too_quiet"
    TOO_REVERBERANT = "too_reverberant"
    MASKED = "masked"
    DC_OFFSET = "dc_offset"
    CLIPPED = "clipped"


class MixFault(NamedTuple):
    """One fault of one track."""

    kind: MixFaultKind
    event_id: str
    measured: float
    """In the kind's unit: LU off its place, seconds, share, sample value, samples."""
    by: str | None = None
    """The track that masks it."""


class Expectation(NamedTuple):
    """What one track should measure."""

    loudness_lufs: float
    """Its place in the balance; only differences between tracks count."""
    rt60_s: float | None
    """Of the scene's space; None for a source that rings by itself or is all around."""
    foreground: bool


def find_faults(diagnosis: Diagnosis, expected: Mapping[str, Expectation]) -> tuple[MixFault, ...]:
    """Name the faults of a mix, in the order of its tracks.

    Args:
        diagnosis: features of all tracks, and masking under ``faders_db``.
        expected: an expectation for every track of the diagnosis.
    """
    levels = _level_faults(diagnosis, expected)
    faults: list[MixFault] = []
    for track in diagnosis.tracks:
        faults += own_faults(track, expected[track.event_id].rt60_s)
        if track.event_id in levels:
            faults.append(levels[track.event_id])
    blamed = set(levels)
    return (*faults, *_masking_faults(diagnosis, expected, blamed))


def own_faults(track: TrackFeatures, rt60_s: float | None) -> list[MixFault]:
    """Faults that show in a track alone; ``rt60_s`` as in `Expectation`."""
    faults = []
    if abs(track.dc_offset) > DC_OFFSET:
        faults.append(MixFault(MixFaultKind.DC_OFFSET, track.event_id, track.dc_offset))
    if track.clipped_samples >= CLIPPED_SAMPLES:
        clipped = float(track.clipped_samples)
        faults.append(MixFault(MixFaultKind.CLIPPED, track.event_id, clipped))
    if rt60_s is None or track.rt60_s is None or track.rt60_confidence < _RT60_CONFIDENCE:
        return faults
    if track.rt60_s > longest_rt60(rt60_s):
        faults.append(MixFault(MixFaultKind.TOO_REVERBERANT, track.event_id, track.rt60_s))
    return faults


def longest_rt60(rt60_s: float) -> float:
    """Reverberation time in s up to which a sound passes for one of a space with ``rt60_s``."""
    return max(_RT60_RATIO * rt60_s, rt60_s + _RT60_MORE_S)


def _level_faults(diagnosis: Diagnosis, expected: Mapping[str, Expectation]) -> dict[str, MixFault]:
    """Tracks off their place, against the median of all: a mix may be loud as a whole."""
    off = {
        track.event_id: track.integrated_lufs
        + diagnosis.faders_db.get(track.event_id, 0.0)
        - expected[track.event_id].loudness_lufs
        for track in diagnosis.tracks
        if track.integrated_lufs is not None
    }
    middle = median(off.values()) if off else 0.0
    faults = {}
    for event_id, level in off.items():
        if abs(level - middle) > LEVEL_LU:
            loud = level > middle
            kind = MixFaultKind.TOO_LOUD if loud else MixFaultKind.TOO_QUIET
            faults[event_id] = MixFault(kind, event_id, level - middle)
    return faults


def _masking_faults(
    diagnosis: Diagnosis, expected: Mapping[str, Expectation], blamed: set[str]
) -> list[MixFault]:
    """Foreground tracks under others whose levels are not to blame, each by its worst masker."""
    faults = []
    for target, maskers in diagnosis.masking.items():
        if target in blamed or not expected[target].foreground:
            continue
        free = {masker: share for masker, share in maskers.items() if masker not in blamed}
        worst = max(free, key=lambda masker: (free[masker], masker), default=None)
        if worst is not None and free[worst] >= MASKED_SHARE:
            faults.append(MixFault(MixFaultKind.MASKED, target, free[worst], worst))
    return faults
