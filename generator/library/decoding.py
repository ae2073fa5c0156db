"""Compressed sound that libsndfile does not know, decoded by FFmpeg's libraries: M4A, WMA, AC-3."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.generator.engine import Samples

SUFFIXES = frozenset(
    {".m4a", ".m4b", ".aac", ".mp4", ".mov", ".mka", ".mkv", ".webm"}
    | {".wma", ".ac3", ".eac3", ".amr", ".ape", ".tta", ".wv", ".dsf"}
)
"""Names of files that only this reads."""


class Stream(NamedTuple):
    """What is known of the first sound in a file."""

    channels: int
    sample_rate: int
    frames: int
    format: str
    tags: dict[str, str]


def read_stream(path: Path) -> Stream:
    """The stream's figures; its frames by the container's word, which may be off by a packet.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    with _opened(path) as (container, stream):
        rate = int(stream.rate)
        length_s = float(stream.duration * stream.time_base) if stream.duration else 0.0
        length_s = length_s or float(container.duration or 0) / 1e6
        tags = {name.lower(): value.strip() for name, value in container.metadata.items()}
        name = f"{container.format.name.split(',')[0]}/{stream.codec_context.name}"
        return Stream(stream.channels, rate, round(length_s * rate), name, tags)


def decode(path: Path, start_s: float, end_s: float) -> tuple[Samples, int]:
    """A stretch of the first sound, ``[channels, n]``, and its sample rate.

    The file is decoded from its beginning, since seeking in compressed sound is not exact.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    with _opened(path) as (container, stream):
        from av import AudioResampler  # noqa: PLC0415 - loads FFmpeg

        rate = int(stream.rate)
        planar = AudioResampler(format="fltp", rate=rate)
        first, last, done = round(start_s * rate), round(end_s * rate), 0
        blocks = [np.zeros((stream.channels, 0), np.float32)]
        for frame in container.decode(stream):
            for part in planar.resample(frame):
                samples = part.to_ndarray()
                blocks.append(samples[:, max(first - done, 0) : max(last - done, 0)])
                done += samples.shape[1]
            if done >= last:
                break
        return np.concatenate(blocks, axis=1), rate


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    import av  # noqa: PLC0415 - loads FFmpeg

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise FoleyError(ErrorCode.SOUND_UNREADABLE, f"{path.name} holds no sound.")
            yield container, container.streams.audio[0]
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise FoleyError(
            ErrorCode.SOUND_UNREADABLE, f"Can't read the sound {path.name}: {reason}"
        ) from error
