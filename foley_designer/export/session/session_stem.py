"""Stems as a mixing program's tracks hold them: placed stereo as it is, or mono with its pan.

A stereo stem has its place already, by time and level of its channels, and is not panned again. A
mono one is for a mixer who pans anew: the track's pan follows the event's path. Sounds from all
around have no pan and stay stereo.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import copy
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.export.audio.wav import Samples, read_blocks, wav_writer
from foley_designer.export.delivery import StemFormat, Track
from foley_designer.export.report.polyline import knots

BASE_DEG = 30.0
"""Azimuth of the left loudspeaker; the right one's is its negative (ITU-R BS.775)."""
TOLERANCE = 0.005
"""How far a pan's straight lines stray from the path, of 1 from the middle to a loudspeaker."""
_ALL_AROUND_DEG = 180.0
"""Extent from which a sound has no place."""


class PanPoint(NamedTuple):
    """Where a track stands from a moment on; between two points it moves evenly."""

    sample: int
    side: float
    """1 the left loudspeaker, 0 the middle, -1 the right one: at equal power, the gains are
    sin and cos of (1 + side)·π/4."""


class SessionStem(NamedTuple):
    """A stem beside a session document."""

    channels: int
    gain_db: float
    """The track's fader: the stem's, and what a mono stem needs to keep its energy."""
    pan: tuple[PanPoint, ...]
    """Empty if nothing is panned; one point where it stands still."""


def session_stem(track: Track, target: Path, stems: StemFormat) -> SessionStem:
    """Put a track's stem at ``target``; of the formats, only mono differs from the stereo stem.

    Raises:
        FoleyError: ``sound_unreadable``, or as `replacing` raises.
    """
    if stems is not StemFormat.MONO or track.trajectory.extent_deg >= _ALL_AROUND_DEG:
        copy(track.path, target)
        return SessionStem(2, track.stem.gain_db, ())
    both = alone = 0.0
    with wav_writer(target, 1) as writer:
        for stereo in read_blocks(track.path):
            mono = _mono(stereo)
            writer.write(mono)
            both += float(np.square(stereo, dtype=np.float64).sum())
            alone += float(np.square(mono, dtype=np.float64).sum())
    # Alike channels give 3 dB, one alone 6; beyond that the middle cancels and stays as it is.
    gain = min((both / alone) ** 0.5, 2.0) if alone > 0 else 1.0
    gain_db = track.stem.gain_db + 20 * float(np.log10(gain))
    return SessionStem(1, gain_db, pan_points(track.trajectory))


def mono_blocks(path: Path) -> Iterator[Samples]:
    """The middle of a stem, ``[1, n]``; raises as `read_wav`."""
    return (_mono(block) for block in read_blocks(path))


def _mono(block: Samples) -> Samples:
    return np.asarray(block.mean(axis=0, keepdims=True, dtype=np.float32))


def pan_points(path: Trajectory) -> tuple[PanPoint, ...]:
    """A path as a pan between the front loudspeakers; what is beyond them is heard from one."""
    side = sides(np.array(path.azimuth_deg))
    found = knots([side], [TOLERANCE])
    if np.ptp(side) <= TOLERANCE:
        found = found[:1]
    step = SAMPLE_RATE / path.rate
    return tuple(PanPoint(round(frame * step), round(float(side[frame]), 5)) for frame in found)


def sides(azimuth_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pan of each azimuth by the tangent law; what is behind goes to its side in front."""
    folded = (azimuth_deg + 180.0) % 360.0 - 180.0
    front = np.where(np.abs(folded) > 90, np.sign(folded) * 180 - folded, folded)
    angle = np.deg2rad(np.clip(front, -BASE_DEG, BASE_DEG))
    base = np.deg2rad(BASE_DEG)
    return np.asarray(4 / np.pi * np.arctan2(np.sin(base + angle), np.sin(base - angle)) - 1)
