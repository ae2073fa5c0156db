"""Chunks of a Broadcast WAV: ``bext`` (EBU Tech 3285 v2), iXML 2.10, cue points with labels."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.export.audio.wav import chunk

ORIGINATOR = "foley-designer"
_UNKNOWN = 0x7FFF
"""What Tech 3285 writes for a loudness that isn't known."""


class Marker(NamedTuple):
    """A cue point, or a region where it has a length."""

    sample: int
    label: str
    length: int = 0


def bext(
    description: str,
    reference: str,
    time_reference: int,
    loudness: MixLoudness | None,
    channels: int,
    date: str = "",
) -> bytes:
    """The ``bext`` chunk, version 2.

    Args:
        description: what the file holds, 256 characters at most.
        reference: unique name of the file; its last 32 characters are kept.
        time_reference: samples since midnight of the first sample.
        loudness: as measured, or None.
        channels: channel count.
        date: ``yyyy-mm-dd``; empty leaves the date of origin open, so that bytes repeat.
    """
    mode = {1: "mono", 2: "stereo"}.get(channels, "multi")
    history = f"A=PCM,F={SAMPLE_RATE},W=24,M={mode},T={ORIGINATOR}\r\n".encode("ascii")
    fields = (
        _fixed(description, 256),
        _fixed(ORIGINATOR, 32),
        _fixed(reference[-32:], 32),
        _fixed(date, 10),
        bytes(8),
        struct.pack("<QH", time_reference, 2),
        bytes(64),
        _loudness(loudness),
        bytes(180),
        history,
    )
    return chunk(b"bext", b"".join(fields))


class Header(NamedTuple):
    """What a delivered WAV file says of itself."""

    samples: int
    time_reference: int | None
    """Samples since midnight of the first sample; None without a ``bext`` chunk."""


def read_header(path: Path) -> Header:
    """Walk the chunks of a RIFF or BW64 file up to its samples.

    Raises:
        ValueError: it is no WAV file, or ends before its samples do.
    """
    frame, long_size, reference = 0, 0, None
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] not in (b"RIFF", b"BW64") or head[8:] != b"WAVE":
            raise ValueError(f"{path.name} is no WAV file")
        while len(about := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", about)
            if name == b"data":
                size = long_size if size == 0xFFFFFFFF else size
                if not frame or file.tell() + size > path.stat().st_size:
                    break
                return Header(size // frame, reference)
            body = file.read(size + size % 2)
            if name == b"fmt ":
                frame = int(struct.unpack_from("<H", body, 12)[0])
            elif name == b"ds64":
                long_size = int(struct.unpack_from("<Q", body, 8)[0])
            elif name == b"bext":
                reference = int(struct.unpack_from("<Q", body, 338)[0])
    raise ValueError(f"{path.name} ends before its samples do")


def _fixed(text: str, size: int) -> bytes:
    return text.encode("ascii", "replace")[:size].ljust(size, b"\0")


def _loudness(measured: MixLoudness | None) -> bytes:
    """Integrated, range, highest true peak, momentary and short-term, in hundredths."""
    values = (
        (None,) * 5
        if measured is None
        else (
            measured.integrated_lufs,
            measured.range_lu,
            measured.true_peak_dbtp,
            measured.momentary_max_lufs,
            measured.short_term_max_lufs,
        )
    )
    return struct.pack("<5h", *(_UNKNOWN if v is None else round(100 * v) for v in values))


def ixml(
    project: str,
    scene: str,
    rate: Fraction,
    drop_frame: bool,
    time_reference: int,
    track_names: Sequence[str],
    note: str = "",
) -> bytes:
    """The ``iXML`` chunk: project, scene, timecode and the names of the channels."""
    speed = f"{rate.numerator}/{rate.denominator}"
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{i}</CHANNEL_INDEX><INTERLEAVE_INDEX>{i}</INTERLEAVE_INDEX>"
        f"<NAME>{escape(name)}</NAME></TRACK>"
        for i, name in enumerate(track_names, start=1)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML><IXML_VERSION>2.10</IXML_VERSION>'
        f"<PROJECT>{escape(project)}</PROJECT><SCENE>{escape(scene)}</SCENE><TAKE>1</TAKE>"
        f"<NOTE>{escape(note)}</NOTE>"
        f"<SPEED><MASTER_SPEED>{speed}</MASTER_SPEED><CURRENT_SPEED>{speed}</CURRENT_SPEED>"
        f"<TIMECODE_RATE>{speed}</TIMECODE_RATE>"
        f"<TIMECODE_FLAG>{'DF' if drop_frame else 'NDF'}</TIMECODE_FLAG>"
        f"<FILE_SAMPLE_RATE>{SAMPLE_RATE}</FILE_SAMPLE_RATE>"
        "<AUDIO_BIT_DEPTH>24</AUDIO_BIT_DEPTH>"
        f"<DIGITIZER_SAMPLE_RATE>{SAMPLE_RATE}</DIGITIZER_SAMPLE_RATE>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{time_reference >> 32}"
        "</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{time_reference & 0xFFFFFFFF}"
        "</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        f"<TIMESTAMP_SAMPLE_RATE>{SAMPLE_RATE}</TIMESTAMP_SAMPLE_RATE></SPEED>"
        f"<TRACK_LIST><TRACK_COUNT>{len(track_names)}</TRACK_COUNT>{tracks}</TRACK_LIST>"
        "</BWFXML>\n"
    )
    return chunk(b"iXML", text.encode())


def markers(points: Sequence[Marker]) -> list[bytes]:
    """``cue `` and ``LIST``/``adtl`` chunks; nothing if there are no points."""
    if not points:
        return []
    cue = [struct.pack("<I", len(points))]
    labels = [b"adtl"]
    for number, point in enumerate(points, start=1):
        cue.append(struct.pack("<II4sIII", number, point.sample, b"data", 0, 0, point.sample))
        label = struct.pack("<I", number) + point.label.encode() + b"\0"
        labels.append(chunk(b"labl", label))
        if point.length:
            region = struct.pack("<II4sHHHH", number, point.length, b"rgn ", 0, 0, 0, 0)
            labels.append(chunk(b"ltxt", region))
    return [chunk(b"cue ", b"".join(cue)), chunk(b"LIST", b"".join(labels))]
