"""Mixdown: stems from disk, each at its fader, summed to the premaster."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.dsp.blocks import BLOCK
from foley_designer.dsp.level.gains import Samples, db_to_gain


def read_blocks(path: Path, sample_count: int | None = None) -> Iterator[Samples]:
    """A stereo 48 kHz file in blocks ``[2, m]``.

    Args:
        path: WAV file of any sample format.
        sample_count: length that the file must have; None takes any.

    Raises:
        FoleyError: ``sound_unreadable`` if it can't be read or has another format or length.
    """
    try:
        with soundfile.SoundFile(path) as file:
            found = (file.channels, file.samplerate)
            if found != (2, SAMPLE_RATE):
                raise _unreadable(path, f"{found[0]} channels at {found[1]} Hz, not 2 at 48000 Hz")
            if sample_count is not None and file.frames != sample_count:
                raise _unreadable(path, f"{file.frames} samples long, not {sample_count}")
            while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
                yield np.ascontiguousarray(block.T)
    except (OSError, soundfile.SoundFileError) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, why: str) -> FoleyError:
    return FoleyError(
        ErrorCode.SOUND_UNREADABLE,
        f"Can't use {path.name}: {why}.",
        "Remove it and run the same command again to make it anew.",
    )


def mixdown(files: Sequence[tuple[Path, float]], sample_count: int) -> Samples:
    """The premaster ``[2, sample_count]``: the sum of all files, each at its gain in dB.

    Files are read block by block and added in the order given, so equal inputs give equal bytes.

    Raises:
        FoleyError: ``sound_unreadable`` for a file of another format or length.
    """
    premaster = np.zeros((2, sample_count), np.float32)
    for path, gain_db in files:
        gain, start = np.float32(db_to_gain(gain_db)), 0
        for block in read_blocks(path, sample_count):
            premaster[:, start : start + block.shape[1]] += gain * block
            start += block.shape[1]
    return premaster
