"""Sounds as a model is sent them: small WAV files of 16 bits."""

import io
import wave

import numpy as np
from scipy.signal import resample_poly

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.export.audio.wav import Samples

HEARD_HZ = 24_000
"""At which a model is sent sounds: it hears no more, and 20 s of stereo stay under 2 MB."""


def small_wav(samples: Samples) -> bytes:
    """A WAV file at `HEARD_HZ`, 16 bits.

    Args:
        samples: ``[channels, n]`` at 48 kHz; beyond full scale they are clipped.
    """
    lower = resample_poly(samples, 1, SAMPLE_RATE // HEARD_HZ, axis=1)
    whole = (np.clip(lower, -1.0, 1.0) * 32_767).round().astype("<i2")
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(len(whole))
        file.setsampwidth(2)
        file.setframerate(HEARD_HZ)
        file.writeframes(whole.T.tobytes())
    return data.getvalue()
