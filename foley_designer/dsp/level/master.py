"""Mastering: the premaster brought to a named loudness with its true peak held."""

from typing import NamedTuple

import numpy as np

from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.core.mix.mix_plan import LOUDNESS, LoudnessTarget
from foley_designer.core.note import Note, NoteKind
from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level.gains import SILENCE_DB, Samples, db_to_gain
from foley_designer.dsp.level.loudness import measure

MAX_GAIN_DB = 36.0
"""Near silence is not blown up further than this."""
MAX_LIMITING_DB = 12.0
"""Impacts lose their snap beyond this; then the mix stays quieter than its target."""
TOLERANCE_LU = 0.1
LISTENING_LUFS, LISTENING_PEAK_DBTP = -23.0, -6.0
"""What a single sound is delivered at: a programme's loudness (EBU R 128), or the highest true
peak that leaves an editor headroom."""
_MARGIN_DB = 0.1
"""Kept under the peak limit for meters that interpolate otherwise."""
_ROUNDS = 6


class Mastered(NamedTuple):
    """A mastered mix and how it came about."""

    samples: Samples
    gain_db: float
    """Gain before the limiter."""
    limited_db: float
    """Deepest gain reduction of the limiter, ≥ 0."""
    loudness: MixLoudness
    note: Note | None
    """Why the target was not met, with numbers; None if it was."""


def at_listening_level(samples: Samples) -> Samples:
    """A stereo sound at `LISTENING_LUFS` or `LISTENING_PEAK_DBTP`, whichever is lower."""
    peak_dbtp = measure(samples, "stereo").true_peak_dbtp
    if peak_dbtp is None:
        return samples
    peaking = samples * np.float32(db_to_gain(LISTENING_PEAK_DBTP - peak_dbtp))
    loudness = measure(peaking, "stereo").integrated_lufs
    excess_db = 0.0 if loudness is None else max(loudness - LISTENING_LUFS, 0.0)
    return peaking * np.float32(db_to_gain(-excess_db))


def master(premaster: Samples, target: LoudnessTarget, offset_db: float = 0.0) -> Mastered:
    """Bring a stereo premaster to a target's integrated loudness, under its true peak limit.

    Where both can't be had, the peak wins: gain stops when the limiter would take more than
    `MAX_LIMITING_DB`, or at `MAX_GAIN_DB`. A target without a loudness gets gain only to bring
    peaks down to what the limiter can take.

    Args:
        premaster: ``[2, n]``.
        target: a key of `LOUDNESS`.
        offset_db: how far from the target's loudness it shall lie; without a loudness, a gain.
    """
    nominal, limit_dbtp = LOUDNESS[target]
    wanted = None if nominal is None else nominal + offset_db
    ceiling = limit_dbtp - _MARGIN_DB
    before = measure(premaster, "stereo")
    peak = SILENCE_DB if before.true_peak_dbtp is None else before.true_peak_dbtp
    most = min(MAX_GAIN_DB, ceiling + MAX_LIMITING_DB - peak)
    if wanted is None or before.integrated_lufs is None:
        gain_db = min(offset_db, most)
        mastered = _render(premaster, gain_db, ceiling)
        if wanted is None:
            return mastered
        return mastered._replace(
            note=_note(f"Loudness target not applied: the mix is {before.reason}.")
        )
    gain_db = min(wanted - before.integrated_lufs, most)
    mastered, slope = _render(premaster, gain_db, ceiling), 1.0
    for _ in range(_ROUNDS):
        reached = mastered.loudness.integrated_lufs
        if reached is None or wanted - reached <= TOLERANCE_LU / 2 or gain_db >= most:
            break
        # Limiting takes a part of each further dB: the last step tells which.
        gain_db = min(gain_db + (wanted - reached) / slope, most)
        step = gain_db - mastered.gain_db
        mastered = _render(premaster, gain_db, ceiling)
        now = mastered.loudness.integrated_lufs
        slope = slope if now is None else float(np.clip((now - reached) / step, 0.2, 1.0))
    return mastered._replace(note=_shortfall(mastered, wanted, limit_dbtp))


def _render(premaster: Samples, gain_db: float, ceiling_dbtp: float) -> Mastered:
    limited = limit(premaster * db_to_gain(gain_db), ceiling_dbtp)
    loudness = measure(limited.samples, "stereo")
    return Mastered(limited.samples, gain_db, limited.reduction_db, loudness, None)


def _shortfall(mastered: Mastered, wanted: float, limit_dbtp: float) -> Note | None:
    reached = mastered.loudness.integrated_lufs
    if reached is not None and abs(wanted - reached) <= TOLERANCE_LU:
        return None
    level = "below the gate" if reached is None else f"{reached:.1f} LUFS"
    if mastered.gain_db >= MAX_GAIN_DB:
        why = f"the mix is nearly silent and gain stops at {MAX_GAIN_DB:.0f} dB"
    else:
        why = (
            f"reaching it under {limit_dbtp:.1f} dBTP would take more than "
            f"{MAX_LIMITING_DB:.0f} dB off the peaks"
        )
    return _note(f"Mastered at {level}, not at {wanted:.1f} LUFS: {why}.")


def _note(text: str) -> Note:
    return Note(kind=NoteKind.OPEN_POINT, step="mix", text=text)
