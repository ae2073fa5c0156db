"""ADM metadata (ITU-R BS.2076-2) in two dialects: the EBU's and the Atmos master's.

The EBU dialect's bed refers to the common definitions (BS.2094) and its objects are polar. The
Atmos dialect defines its own bed, has cartesian objects with an interpolation of 5.2 ms, and
more rules that ``adm_atmos`` follows.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

BED = ("L", "R", "C", "LFE", "Ls", "Rs")
BED_PACK = "AP_00010003"
"""5.1 (BS.2094-2, table 1)."""


class Block(NamedTuple):
    """Where an object is during one stretch; it moves there from where it was before."""

    start_s: float
    end_s: float
    azimuth_deg: float
    distance_m: float
    width_deg: float = 0.0


class AdmObject(NamedTuple):
    """One moving object."""

    name: str
    blocks: Sequence[Block]


def clock(time_s: float) -> str:
    """A time as ``hh:mm:ss.zzzzz``."""
    ticks = round(time_s * 100_000)
    seconds, rest = divmod(ticks, 100_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:05}"


def chna(channels: Sequence[tuple[str, str]]) -> bytes:
    """The body of the ``chna`` chunk (BS.2088-1, clause 8): track format and pack of each."""
    rows = [
        struct.pack("<H12s14s11sx", i, f"ATU_{i:08x}".encode(), track.encode(), pack.encode())
        for i, (track, pack) in enumerate(channels, start=1)
    ]
    return struct.pack("<HH", len(rows), len(rows)) + b"".join(rows)


def wrap(parts: Sequence[str]) -> bytes:
    """The document around the elements."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ebuCoreMain xmlns="urn:ebu:metadata-schema:ebuCore_2016"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="urn:ebu:metadata-schema:ebuCore_2016 ebucore.xsd" xml:lang="en">'
        "<coreMetadata><format><audioFormatExtended>"
    )
    tail = "</audioFormatExtended></format></coreMetadata></ebuCoreMain>\n"
    return "\n".join([head, *parts, tail]).encode()


def tag(name: str, inner: str = "", **attributes: str) -> str:
    """An element; ``inner`` is markup already."""
    words = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{words}>{inner}</{name}>"


def refs(kind: str, ids: Sequence[str]) -> str:
    """References to other elements."""
    name = f"{kind}Ref" if kind.endswith("UID") else f"{kind}IDRef"
    return "".join(tag(name, one) for one in ids)


def ebu_adm(title: str, duration_s: float, objects: Sequence[AdmObject]) -> tuple[bytes, bytes]:
    """XML and ``chna`` body: a 5.1 bed in channels 1 to 6, then one object a channel."""
    end = clock(duration_s)
    ids = [f"{0x1001 + i:04x}" for i in range(len(objects))]
    whole = {"start": clock(0), "duration": end}
    content = refs("audioObject", [f"AO_{0x1001 + i:04x}" for i in range(len(objects) + 1)])
    bed_tracks = refs("audioTrackUID", [f"ATU_{i:08x}" for i in range(1, 7)])
    parts = [
        tag(
            "audioProgramme",
            refs("audioContent", ["ACO_1001"]),
            audioProgrammeID="APR_1001",
            audioProgrammeName=title,
            start=clock(0),
            end=end,
        ),
        tag(
            "audioContent",
            content,
            audioContentID="ACO_1001",
            audioContentName="Foley",
        ),
        tag(
            "audioObject",
            refs("audioPackFormat", [BED_PACK]) + bed_tracks,
            audioObjectID="AO_1001",
            audioObjectName="Bed 5.1",
            **whole,
        ),
    ]
    for i, (one, item) in enumerate(zip(ids, objects, strict=True)):
        parts.append(
            tag(
                "audioObject",
                refs("audioPackFormat", [f"AP_0003{one}"])
                + refs("audioTrackUID", [f"ATU_{i + 7:08x}"]),
                audioObjectID=f"AO_{0x1002 + i:04x}",
                audioObjectName=item.name,
                **whole,
            )
        )
        parts += _object_formats(
            one, item, [_polar(one, k, b) for k, b in enumerate(item.blocks, 1)]
        )
    channels = [(f"AT_0001000{i}_01", BED_PACK) for i in range(1, 7)]
    channels += [(f"AT_0003{one}_01", f"AP_0003{one}") for one in ids]
    parts += track_uids(channels)
    return wrap(parts), chna(channels)


def _object_formats(one: str, item: AdmObject, blocks: Sequence[str]) -> list[str]:
    """Pack, channel, stream and track format of one object."""
    kind = {"typeLabel": "0003", "typeDefinition": "Objects"}
    return [
        tag(
            "audioPackFormat",
            refs("audioChannelFormat", [f"AC_0003{one}"]),
            audioPackFormatID=f"AP_0003{one}",
            audioPackFormatName=item.name,
            **kind,
        ),
        tag(
            "audioChannelFormat",
            "\n".join(blocks),
            audioChannelFormatID=f"AC_0003{one}",
            audioChannelFormatName=item.name,
            **kind,
        ),
        *stream_and_track(f"0003{one}", item.name, None),
    ]


def stream_and_track(one: str, name: str, pack: str | None) -> list[str]:
    """The PCM stream and track format between a channel and its track."""
    pcm = {"formatLabel": "0001", "formatDefinition": "PCM"}
    inner = refs("audioChannelFormat", [f"AC_{one}"])
    inner += refs("audioPackFormat", [pack]) if pack else ""
    inner += refs("audioTrackFormat", [f"AT_{one}_01"])
    return [
        tag(
            "audioStreamFormat",
            inner,
            audioStreamFormatID=f"AS_{one}",
            audioStreamFormatName=f"PCM_{name}",
            **pcm,
        ),
        tag(
            "audioTrackFormat",
            refs("audioStreamFormat", [f"AS_{one}"]),
            audioTrackFormatID=f"AT_{one}_01",
            audioTrackFormatName=f"PCM_{name}",
            **pcm,
        ),
    ]


def track_uids(channels: Sequence[tuple[str, str]]) -> list[str]:
    """One UID a channel, in file order."""
    return [
        tag(
            "audioTrackUID",
            refs("audioTrackFormat", [track]) + refs("audioPackFormat", [pack]),
            UID=f"ATU_{i:08x}",
            sampleRate="48000",
            bitDepth="24",
        )
        for i, (track, pack) in enumerate(channels, start=1)
    ]


def block_times(block: Block) -> dict[str, str]:
    """``rtime`` and ``duration``, such that each block begins where the one before ends."""
    start, end = round(block.start_s, 5), round(block.end_s, 5)
    return {"rtime": clock(start), "duration": clock(end - start)}


def _polar(one: str, number: int, block: Block) -> str:
    """A block in polar coordinates: azimuth positive to the left, on the loudspeakers' circle."""
    width = tag("width", f"{block.width_deg:.2f}") if block.width_deg else ""
    return tag(
        "audioBlockFormat",
        tag("position", f"{block.azimuth_deg:.4f}", coordinate="azimuth")
        + tag("position", "0.0", coordinate="elevation")
        + tag("position", "1.0", coordinate="distance")
        + width,
        audioBlockFormatID=f"AB_0003{one}_{number:08x}",
        **block_times(block),
    )
