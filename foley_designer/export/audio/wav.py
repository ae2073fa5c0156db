"""WAV files: WAVE_FORMAT_EXTENSIBLE with a channel mask, equal samples giving equal bytes.

Layout after Microsoft's "Multiple Channel Audio Data and WAVE Files" and EBU Tech 3285: chunks
in the order that the caller gives them, then ``fmt ``, ``data`` and closing chunks. Sizes are 32
bits; where the caller reserves room, a file above 4 GiB becomes BW64 (ITU-R BS.2088-1, clause 6).
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing

Samples = NDArray[np.float32]
"""Audio, float32 ``[channels, samples]``, full scale ±1."""

MONO = 0x4
STEREO = 0x3
SURROUND_5_1 = 0x60F
"""L R C LFE Ls Rs: the surrounds are the side pair, as MediaInfo and ffprobe name them."""

LARGEST = 2**32 - 1
"""Bytes that a RIFF size can count."""
BLOCK = 1 << 16
"""Samples a channel handled at once."""
_WHOLE = 1 << 22
"""Samples of a file that is read whole where pieces of it are wanted: 87 s."""
_FULL_SCALE = 2**23
_SUBFORMAT_TAIL = bytes.fromhex("000000001000800000aa00389b71")


class Encoding(Enum):
    """How samples are stored: format tag and bytes a sample."""

    PCM_24 = (1, 3)
    FLOAT_32 = (3, 4)


class WavInfo(NamedTuple):
    """What a sound file's header says."""

    channels: int
    samples: int
    sample_rate: int


def chunk(name: bytes, body: bytes) -> bytes:
    """A RIFF chunk: four-character name, size, body, padded to an even length."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _format_chunk(channels: int, mask: int, encoding: Encoding, extensible: bool) -> bytes:
    tag, width = encoding.value
    frame = channels * width
    head = struct.pack("<HIIHH", channels, SAMPLE_RATE, SAMPLE_RATE * frame, frame, 8 * width)
    if not extensible:
        return chunk(b"fmt ", struct.pack("<H", tag) + head)
    subformat = struct.pack("<H", tag) + _SUBFORMAT_TAIL
    body = struct.pack("<H", 0xFFFE) + head + struct.pack("<HHI", 22, 8 * width, mask) + subformat
    return chunk(b"fmt ", body)


class WavWriter:
    """Takes blocks of samples; made by `wav_writer`."""

    def __init__(
        self, file: BinaryIO, channels: int, encoding: Encoding, head: bytes, large: bool
    ) -> None:
        self.channels = channels
        self.samples = 0
        """Samples a channel written so far."""
        self.clipped = 0
        """Values beyond full scale, held at full scale."""
        self.closing: list[bytes] = []
        """Whole chunks that follow the samples."""
        self._file = file
        self._encoding = encoding
        self._large = large
        reserve = chunk(b"JUNK", bytes(28)) if large else b""
        self._file.write(b"RIFF\0\0\0\0WAVE" + reserve + head + b"data\0\0\0\0")
        self._data_start = self._file.tell()

    def write(self, samples: Samples) -> None:
        """Append ``[channels, n]``.

        Raises:
            FoleyError: ``clip_too_large`` if the file would pass 4 GiB.
            ValueError: wrong channel count, or a value that is not finite.
        """
        if samples.ndim != 2 or samples.shape[0] != self.channels:
            raise ValueError(f"got samples {samples.shape}, the file has {self.channels} channels")
        for start in range(0, samples.shape[1], BLOCK):
            self._write_block(samples[:, start : start + BLOCK])

    def append(self, other: Path) -> None:
        """Append the samples of a file of the same form that a `WavWriter` wrote, as they are.

        Raises:
            ValueError: it has other channels.
        """
        info = wav_info(other)
        if info.channels != self.channels:
            raise ValueError(f"got {info.channels} channels, the file has {self.channels}")
        size = info.samples * self.channels * self._encoding.value[1]
        with other.open("rb") as file:
            file.seek(self._data_start)
            while size > 0 and (data := file.read(min(size, 1 << 20))):
                self._file.write(data)
                size -= len(data)
        self.samples += info.samples

    def _write_block(self, block: Samples) -> None:
        if not np.isfinite(block).all():
            raise ValueError(f"samples after {self.samples} are not all finite")
        data = self._encode(block)
        if not self._large and self._file.tell() + len(data) > LARGEST - (1 << 20):
            raise FoleyError(
                ErrorCode.CLIP_TOO_LARGE,
                f"A WAV file of {self.channels} channels can't hold more than 4 GiB.",
                "Design the clip in shorter pieces.",
            )
        self._file.write(data)
        self.samples += block.shape[1]

    def _encode(self, block: Samples) -> bytes:
        if self._encoding is Encoding.PCM_24 and not block.any():
            return bytes(3 * block.size)  # most of a stem is silence
        if self._encoding is Encoding.FLOAT_32:
            return block.T.astype("<f4").tobytes()
        scaled = np.rint(block.T.astype(np.float64) * _FULL_SCALE)
        self.clipped += int(np.count_nonzero((scaled < -_FULL_SCALE) | (scaled > _FULL_SCALE)))
        held = np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype("<i4")
        return held.reshape(-1, 1).view(np.uint8)[:, :3].tobytes()

    def finish(self) -> None:
        """Write the closing chunks and fill in the sizes."""
        data_size = self._file.tell() - self._data_start
        self._file.write(b"\0" * (data_size % 2))
        self._file.writelines(self.closing)
        riff_size = self._file.tell() - 8
        if riff_size > LARGEST:
            self._file.seek(0)
            self._file.write(b"BW64\xff\xff\xff\xffWAVE")
            self._file.write(chunk(b"ds64", struct.pack("<QQQI", riff_size, data_size, 0, 0)))
            riff_size = data_size = 0xFFFFFFFF  # the sizes in ds64 count
        self._file.seek(4)
        self._file.write(struct.pack("<I", riff_size))
        self._file.seek(self._data_start - 4)
        self._file.write(struct.pack("<I", data_size))


@contextmanager
def wav_writer(
    path: Path,
    channels: int,
    *,
    mask: int | None = None,
    encoding: Encoding = Encoding.PCM_24,
    opening: Sequence[bytes] = (),
    extensible: bool = True,
    large: bool = False,
) -> Iterator[WavWriter]:
    """Write a 48 kHz WAV file block by block; it takes its place only when all went well.

    Args:
        path: where it goes.
        channels: channel count.
        mask: speakers of the channels; None takes mono, stereo or 5.1 by count, else 0 (none).
        encoding: 24-bit integers, rounded without dither, or 32-bit floats.
        opening: whole chunks before ``fmt ``, such as ``bext``.
        extensible: False writes the plain 16-byte format chunk that ADM files use.
        large: reserve room so that a file above 4 GiB becomes BW64.

    Raises:
        FoleyError: ``disk_full``, ``output_not_writable`` or ``clip_too_large``.
    """
    if mask is None:
        mask = {1: MONO, 2: STEREO, 6: SURROUND_5_1}.get(channels, 0)
    head = b"".join(opening) + _format_chunk(channels, mask, encoding, extensible)
    with replacing(path) as temporary, temporary.open("wb") as file:
        writer = WavWriter(file, channels, encoding, head, large)
        yield writer
        writer.finish()


def write_wav(
    path: Path,
    samples: Samples,
    *,
    mask: int | None = None,
    encoding: Encoding = Encoding.PCM_24,
) -> int:
    """Write ``[channels, n]`` at 48 kHz; arguments and errors as `wav_writer`.

    Returns:
        How many values were beyond full scale and held there; 0 for a sound mix.
    """
    with wav_writer(path, samples.shape[0], mask=mask, encoding=encoding) as writer:
        writer.write(samples)
    return writer.clipped


def wav_info(path: Path) -> WavInfo:
    """Channels, samples a channel and sample rate of a sound file.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    import soundfile  # noqa: PLC0415

    try:
        info = soundfile.info(str(path))
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error) from error
    return WavInfo(info.channels, info.frames, info.samplerate)


def read_wav(path: Path) -> Samples:
    """All samples of a sound file, float32 ``[channels, n]``, full scale ±1.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    import soundfile  # noqa: PLC0415

    try:
        samples, _ = soundfile.read(str(path), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error) from error
    return np.ascontiguousarray(samples.T)


def read_blocks(path: Path, size: int = BLOCK) -> Iterator[Samples]:
    """The samples of a sound file in blocks ``[channels, ≤ size]``; raises as `read_wav`."""
    import soundfile  # noqa: PLC0415

    try:
        with soundfile.SoundFile(str(path)) as file:
            much = size * max(1, BLOCK // size)  # small blocks are cut from larger ones
            while len(read := file.read(much, dtype="float32", always_2d=True)):
                for start in range(0, len(read), size):
                    yield np.ascontiguousarray(read[start : start + size].T)
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error) from error


def read_pieces(path: Path, starts: Iterable[int], size: int) -> Iterator[Samples]:
    """``[channels, ≤ size]`` from each of ``starts``; raises as `read_wav`."""
    import soundfile  # noqa: PLC0415

    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.frames <= _WHOLE:
                whole = np.asarray(file.read(dtype="float32", always_2d=True), np.float32)
                yield from (whole[int(start) : int(start) + size].T for start in starts)
                return
            for start in starts:
                file.seek(int(start))
                yield np.asarray(file.read(size, dtype="float32", always_2d=True), np.float32).T
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> FoleyError:
    return FoleyError(ErrorCode.SOUND_UNREADABLE, f"Can't read the sound {path.name}: {error}")
