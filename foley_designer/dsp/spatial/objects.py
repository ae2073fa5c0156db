"""5.1 from stems: each event panned on its own trajectory, the rest spread around.

A placed stem is taken apart: its ambience joins the bed, its direct sound becomes one object. The
bed, with all sounds that have no place, is upmixed. Directions are truer than in an upmix of the
whole stereo mix, but the downmix is only near it: Lo/Ro level follows azimuth by +2.3 dB at ±15°
to -3 dB from ±110° on.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level.gains import Samples, db_to_gain
from foley_designer.dsp.level.mixdown import read_blocks
from foley_designer.dsp.spatial.ambience import decompose
from foley_designer.dsp.spatial.panning import mdap
from foley_designer.dsp.spatial.upmix import (
    CENTRE,
    LEFT,
    LEFT_SURROUND,
    LFE,
    RIGHT,
    RIGHT_SURROUND,
    downmix,
    low_frequency_effects,
    upmix,
)

_MAINS = (LEFT, RIGHT, CENTRE, LEFT_SURROUND, RIGHT_SURROUND)
"""Rows of the panner's gains in a 5.1 file."""
_ALL_AROUND_DEG = 180.0
"""Extent from which a sound has no place."""
_NEAR_EAR_DEG = 5.0
"""Azimuth from which the nearer channel alone is the object: the sum of both would comb."""


_PIECE_S, _AROUND_S = 30.0, 1.0
"""Length of the pieces that one stem is worked out in, and what is looked at around each."""


class ObjectStem(NamedTuple):
    """A stem and where its event is."""

    path: Path
    gain_db: float
    """Fader and master gain."""
    trajectory: Trajectory


def objects(
    stems: Sequence[ObjectStem],
    sample_count: int,
    lfe_gain_db: float,
    ceiling_dbtp: float = -2.0,
) -> Samples:
    """Pan every event that has a place and upmix the rest.

    Args:
        stems: stereo files of ``sample_count`` samples, in the order in which they are summed.
        sample_count: length of the result.
        lfe_gain_db: level of the LFE against the downmix below 120 Hz.
        ceiling_dbtp: highest true peak; one gain for all channels holds it.

    Returns:
        ``[6, sample_count]``, L R C LFE Ls Rs.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    surround = np.zeros((6, sample_count), np.float32)
    bed = np.zeros((2, sample_count), np.float32)
    for stem in stems:
        _add(_read(stem, sample_count), stem.trajectory, surround, bed)
    _finish(surround, bed, lfe_gain_db, ceiling_dbtp)
    return limit(surround, ceiling_dbtp).samples


def object_blocks(
    stem: ObjectStem, sample_count: int, lfe_gain_db: float, ceiling_dbtp: float
) -> Iterator[Samples]:
    """One stem in 5.1 as `objects` makes it, in pieces ``[6, m]``, so that memory stays small.

    Each piece is worked out with a second of what lies around it, longer than anything here rings.
    """
    frame = Fraction(SAMPLE_RATE) / stem.trajectory.rate
    whole = frame.denominator  # so many frames have a whole number of samples
    piece = int(_PIECE_S * SAMPLE_RATE / frame / whole + 1) * whole
    lead = int(_AROUND_S * SAMPLE_RATE / frame / whole + 1) * whole
    samples = _read(stem, sample_count)
    for frames in blocks(-(-sample_count * frame.denominator // frame.numerator), piece):
        first = max(frames.start - lead, 0)
        begin, start = int(first * frame), int(frames.start * frame)
        stop = min(int(frames.stop * frame), sample_count)
        end = min(stop + int(lead * frame), sample_count)
        part = samples[:, begin:end].copy()
        surround = np.zeros((6, end - begin), np.float32)
        bed = np.zeros_like(part)
        _add(part, stem.trajectory, surround, bed, first)
        _finish(surround, bed, lfe_gain_db, ceiling_dbtp)
        yield limit(surround, ceiling_dbtp).samples[:, start - begin : stop - begin]


def _read(stem: ObjectStem, sample_count: int) -> Samples:
    samples = np.empty((2, sample_count), np.float32)
    start, gain = 0, np.float32(db_to_gain(stem.gain_db))
    for block in read_blocks(stem.path, sample_count):
        samples[:, start : start + block.shape[1]] = gain * block
        start += block.shape[1]
    return samples


def _add(
    samples: Samples, path: Trajectory, surround: Samples, bed: Samples, first_frame: int = 0
) -> None:
    """Add a stem to the bed, or where it has a place its direct sound to the mains."""
    if path.extent_deg >= _ALL_AROUND_DEG:
        bed += samples
    else:
        _place(samples, path, surround, bed, first_frame)


def _finish(surround: Samples, bed: Samples, lfe_gain_db: float, ceiling_dbtp: float) -> None:
    """Add the bed, upmixed, and the LFE of all."""
    spread = upmix(bed, lfe_gain_db, ceiling_dbtp)
    for row in _MAINS:
        surround[row] += spread[row]
    del spread
    surround[LFE] = low_frequency_effects(downmix(surround), lfe_gain_db, ceiling_dbtp)


def _place(
    samples: Samples, trajectory: Trajectory, surround: Samples, bed: Samples, first_frame: int
) -> None:
    """Add a stem's direct sound to the mains and its ambience to the bed."""
    count = samples.shape[1]
    ambience = np.zeros_like(samples)
    decompose(samples, np.zeros(count, np.float32), ambience)
    bed += ambience
    samples -= ambience
    azimuth = np.unwrap(np.array(trajectory.azimuth_deg), period=360.0)
    frame_gains = mdap(azimuth, trajectory.extent_deg)
    ears = _ears(azimuth)
    frame_samples = float(SAMPLE_RATE / trajectory.rate)
    for part in blocks(count):
        at = first_frame + np.arange(part.start, part.stop) / frame_samples
        near = _between(at, ears)
        sound = (near.T * samples[:, part]).sum(axis=0)
        surround[list(_MAINS), part] += _between(at, frame_gains).T * sound


def _ears(azimuth_deg: NDArray[np.float64]) -> NDArray[np.float32]:
    """Weights ``[k, 2]`` of left and right channel in the object: the nearer one, both in front."""
    folded = (azimuth_deg + 180.0) % 360.0 - 180.0
    side = np.clip(folded / _NEAR_EAR_DEG, -1.0, 1.0)
    angle = (1.0 - side) * np.pi / 4.0
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def _between(at: NDArray[np.float64], frames: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows ``[m, c]`` between the values of frames ``[k, c]`` at fractional frame numbers."""
    numbers = np.arange(len(frames))
    columns = [np.interp(at, numbers, column) for column in frames.T]
    return np.stack(columns, axis=1).astype(np.float32)
