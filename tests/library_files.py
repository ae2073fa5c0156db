"""Small sound folders for tests of the library."""

import struct
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 48_000


def knocks(
    times_s: list[float], levels: list[float], *, rate: int = RATE, seconds: float = 2.0, hz: float
) -> NDArray[np.float32]:
    """Decaying partials, other ones each time, over a faint noise floor, ``[n]``."""
    rng = np.random.default_rng(round(hz))
    wave = 1e-4 * rng.standard_normal(round(seconds * rate))
    for time_s, level in zip(times_s, levels, strict=True):
        start = round(time_s * rate)
        t = np.arange(len(wave) - start) / rate
        partials = hz * rng.uniform([0.8, 2.2, 4.0], [1.2, 3.0, 6.0])
        ring = np.sin(2 * np.pi * partials[:, None] * t).mean(axis=0) * 2.0
        wave[start:] += level * ring * np.exp(-t / 0.03)
    return wave.astype(np.float32)


def write(path: Path, wave: NDArray[np.float32], rate: int = RATE, **options: str) -> Path:
    """Write ``[n]`` or ``[n, channels]``, folders included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, wave, rate, **options)
    return path


def with_chunks(path: Path, *chunks: tuple[bytes, bytes]) -> None:
    """Put RIFF chunks behind the samples of a WAV file."""
    data = path.read_bytes()
    for name, body in chunks:
        data += name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])


def a_library(root: Path) -> Path:
    """Two door knocks and one rain; returns the folder."""
    for number, hz in enumerate((180.0, 260.0)):
        times, levels = [0.2, 0.7, 1.2, 1.6], [0.1, 0.5, 0.25, 0.8]
        write(root / "Door knock" / f"{number}.wav", knocks(times, levels, hz=hz))
    rng = np.random.default_rng(3)
    rain = 0.05 * rng.standard_normal(4 * RATE).astype(np.float32)
    write(root / "Rain" / "1.flac", rain)
    return root
