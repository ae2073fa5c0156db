"""What lanes show of a sound: its outline and its spectrogram, made once and kept.

Stems and kept mixes have names that stand for their bytes, so drawings are kept under these names.
"""

import base64
from pathlib import Path

import numpy as np

from foley_designer.core.files import replacing, write_bytes
from foley_designer.export.audio.wav import read_blocks, wav_info
from foley_designer.export.report.pictures import PICTURE_VERSION, spectrogram

COLUMNS_PER_S = 400
MOST_COLUMNS = 60_000
SPECTROGRAM_PER_S = 80
MOST_SPECTROGRAM = 8_000
HEIGHT = 72
VERSION = 1
"""Raised when the same sound would be drawn otherwise."""


def outline(sound: Path, folder: Path) -> bytes:
    """Lowest and highest sample of each column, against the sound's own peak, ±127.

    Returns:
        Signed bytes, two a column: low, high. Columns divide the sound evenly.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    kept = folder / f"{sound.stem}-outline-{VERSION}.bin"
    if kept.is_file():
        return kept.read_bytes()
    info = wav_info(sound)
    columns = max(1, min(MOST_COLUMNS, info.samples * COLUMNS_PER_S // info.sample_rate))
    size = -(-max(info.samples, 1) // columns)
    pairs = [(block.min(), block.max()) for block in read_blocks(sound, size)]
    edges = np.array(pairs or [(0.0, 0.0)])
    peak = max(float(np.abs(edges).max()), 1e-9)
    data = np.rint(edges / peak * 127).astype(np.int8).tobytes()
    write_bytes(kept, data)
    return data


def spectrum(sound: Path, folder: Path) -> Path:
    """A PNG of the sound's spectrogram, low frequencies at the bottom; raises as `outline`."""
    kept = folder / f"{sound.stem}-spectrum-{PICTURE_VERSION}-{VERSION}.png"
    if not kept.is_file():
        info = wav_info(sound)
        wanted = info.samples * SPECTROGRAM_PER_S // info.sample_rate
        uri = spectrogram(sound, max(200, min(MOST_SPECTROGRAM, wanted)), HEIGHT)
        with replacing(kept) as temporary:
            temporary.write_bytes(base64.b64decode(uri.partition(",")[2]))
    return kept
