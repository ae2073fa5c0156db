"""Clips as phones, recorders and old programs write them: small, and made while a test runs."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

HITS_S = (0.6, 1.2, 1.8)
"""When the drawn hammer strikes."""
WIDTH, HEIGHT = 160, 96


def hammer(time_s: float, x: float = 0.25, width: int = WIDTH, height: int = HEIGHT) -> Any:
    """A hammer over an anvil at a share of the width, RGB ``[height, width, 3]``."""
    image = np.full((height, width, 3), 110, np.uint8)
    image[int(height * 0.8) :] = 70
    middle, top = int(width * x), int(height * 0.72)
    image[top : int(height * 0.84), max(0, middle - width // 14) : middle + width // 14] = 40
    lift = 1.0
    if past := [hit for hit in HITS_S if hit <= time_s]:
        lift = min(lift, ((time_s - past[-1]) / 0.45) ** 0.7)
    coming = [hit for hit in HITS_S if hit > time_s]
    if coming and coming[0] - time_s < 0.18:
        lift = min(lift, 1 - (1 - (coming[0] - time_s) / 0.18) ** 2)
    at = int(top - height * 0.42 * lift)
    image[max(0, at - 10) : at, max(0, middle - 6) : middle + 6] = (200, 60, 40)
    return image


def write(
    path: Path,
    rate: Fraction | int = 25,
    *,
    seconds: float = 2.4,
    codec: str = "libx264",
    times: Sequence[float] | None = None,
    images: Callable[[float], NDArray[np.uint8]] = hammer,
    pixels: str = "yuv420p",
    form: str | None = None,
    options: dict[str, str] | None = None,
    coding: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
    shape: Fraction | None = None,
) -> Path:
    """Draw frames into a film; ``times`` gives each frame its own time."""
    rate = Fraction(rate)
    with av.open(str(path), "w", format=form, options=options or {}) as film:
        film.metadata.update(tags or {})
        picture(film, rate, images, seconds, codec, times, pixels, coding, shape)
    return path


def picture(
    film: Any,
    rate: Fraction,
    images: Callable[[float], NDArray[np.uint8]] = hammer,
    seconds: float = 2.4,
    codec: str = "libx264",
    times: Sequence[float] | None = None,
    pixels: str = "yuv420p",
    coding: dict[str, str] | None = None,
    shape: Fraction | None = None,
) -> None:
    """Add a picture to an open film and draw it."""
    stream = film.add_stream(codec, rate=rate, options=coding or {})
    first = images(0.0)
    stream.height, stream.width = first.shape[:2]
    stream.pix_fmt = pixels
    if shape is not None:
        stream.codec_context.sample_aspect_ratio = shape
    if times is not None:
        stream.codec_context.time_base = Fraction(1, 90_000)
    told = times if times is not None else [float(n / rate) for n in range(int(seconds * rate))]
    for time_s in told:
        frame = av.VideoFrame.from_ndarray(images(time_s), format="rgb24")
        if times is not None:
            frame.pts, frame.time_base = round(time_s * 90_000), Fraction(1, 90_000)
        film.mux(stream.encode(frame))
    film.mux(stream.encode())


def two_pictures(path: Path, sizes: Sequence[tuple[int, int]], seconds: float = 0.4) -> Path:
    """A film with a picture of each size, the hammer on all of them."""
    with av.open(str(path), "w") as film:
        streams = [film.add_stream("libx264", rate=25) for _ in sizes]
        for stream, (width, height) in zip(streams, sizes, strict=True):
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(round(25 * seconds)):
            for stream in streams:
                image = hammer(number / 25, width=stream.width, height=stream.height)
                film.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        for stream in streams:
            film.mux(stream.encode())
    return path


def phone(path: Path) -> Path:
    """A phone's variable rate: 30 a second that falls to 15 in low light, with jitter."""
    random = np.random.default_rng(1)
    times, time_s = [], 0.0
    while time_s < 3.0:
        times.append(time_s)
        time_s += (1 / 15 if 1 < time_s < 2 else 1 / 30) + random.choice([0, 0, 0.003, -0.003])
    return write(path, 30, times=times)


def turned(source: Path, target: Path, matrix: Sequence[int]) -> Path:
    """A QuickTime film with another display matrix ``[a, b, c, d]``."""
    one = (0x10000).to_bytes(4, "big")
    identity = one + bytes(12) + one + bytes(12) + (0x40000000).to_bytes(4, "big")
    data = source.read_bytes()
    at = data.index(identity, data.index(b"tkhd"))
    a, b, c, d = ((value * 0x10000).to_bytes(4, "big", signed=True) for value in matrix)
    told = a + b + bytes(4) + c + d + bytes(12)
    target.write_bytes(data[:at] + told + data[at + 32 :])
    return target


def sequence(folder: Path, name: str = "shot_%04d.png", first: int = 1, count: int = 60) -> Path:
    """Numbered images of the hammer, 24 a second; returns the pattern."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        Image.fromarray(hammer(number / 24)).save(folder / (name % (first + number)))
    return folder / name
