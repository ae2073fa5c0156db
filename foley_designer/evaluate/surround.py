"""Sounds of six channels, kept as they are."""

from pathlib import Path

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.evaluate.sounds import Given, read_sound

CHANNELS = 6
"""L R C LFE Ls Rs."""


def read_surround(path: Path, duration_s: float | None = None) -> Given:
    """A 5.1 file of 48 kHz as it is, cut or padded to its clip; any other file as stereo."""
    import soundfile  # noqa: PLC0415

    try:
        info = soundfile.info(str(path))
        if info.channels != CHANNELS or info.samplerate != SAMPLE_RATE:
            return read_sound(path, duration_s)
        read = soundfile.read(str(path), dtype="float32", always_2d=True)[0]
    except (soundfile.LibsndfileError, OSError) as error:
        return Given(None, (f"can't be read: {' '.join(str(error).split())}",))
    samples = np.asarray(read, np.float32).T
    if duration_s is None:
        return Given(samples)
    wanted = round(duration_s * SAMPLE_RATE)
    padded = np.pad(samples[:, :wanted], ((0, 0), (0, max(0, wanted - samples.shape[1]))))
    return Given(padded)
