"""Sound for the page in pieces of plain samples, so that a mixer of any length stays in time."""

from pathlib import Path

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.export.audio.wav import read_pieces, wav_info

PIECE_S = 4
"""Seconds of a piece."""
PIECE = PIECE_S * SAMPLE_RATE


def piece(sound: Path, number: int) -> bytes:
    """One piece of a stereo file: little-endian float32, all left samples, then all right ones.

    Empty behind the sound's end. Compressed sound would begin and end pieces with a decoder's
    padding; on one machine its size is no concern.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    if number * PIECE >= wav_info(sound).samples:
        return b""
    (samples,) = read_pieces(sound, [number * PIECE], PIECE)
    return np.ascontiguousarray(samples, dtype="<f4").tobytes()


LONGEST_S = 60
"""Of a take that is heard alone."""


def whole(sound: Path) -> bytes:
    """All of a short stereo file, as `piece` gives parts of one; raises as it."""
    (samples,) = read_pieces(sound, [0], LONGEST_S * SAMPLE_RATE)
    return np.ascontiguousarray(samples, dtype="<f4").tobytes()
