"""The Atmos master dialect of ADM and its ``dbmd`` chunk, by the rules MediaInfo checks."""

import math
import struct
from collections.abc import Sequence

from foley_designer.export.audio.adm_xml import (
    AdmObject,
    Block,
    block_times,
    chna,
    clock,
    refs,
    stream_and_track,
    tag,
    track_uids,
    wrap,
)

MOST_OBJECTS = 118
ROOM_M = 10.0
"""A source this far or farther stands at the wall of the cartesian room."""
_PACK = "AP_00011001"
_BED = (
    ("RoomCentricLeft", "RC_L", -1, 1, 0),
    ("RoomCentricRight", "RC_R", 1, 1, 0),
    ("RoomCentricCenter", "RC_C", 0, 1, 0),
    ("RoomCentricLFE", "RC_LFE", -1, 1, -1),
    ("RoomCentricLeftSurround", "RC_Ls", -1, -0.36397, 0),
    ("RoomCentricRightSurround", "RC_Rs", 1, -0.36397, 0),
)
_GLIDE_S = 0.005208


def atmos_adm(duration_s: float, objects: Sequence[AdmObject]) -> tuple[bytes, bytes]:
    """XML and ``chna`` body: a 5.1 bed in channels 1 to 6, then one object a channel."""
    ids = [f"{0x1001 + i:04x}" for i in range(len(objects))]
    whole = {"start": clock(0), "duration": clock(duration_s)}
    numbers = ["AO_1001", *(f"AO_{0x100B + i:04x}" for i in range(len(objects)))]
    parts = [
        tag(
            "audioProgramme",
            refs("audioContent", ["ACO_1001"]),
            audioProgrammeID="APR_1001",
            audioProgrammeName="Atmos_Master",
            start=clock(0),
            end=clock(duration_s),
        ),
        tag(
            "audioContent",
            refs("audioObject", numbers) + tag("dialogue", "2", mixedContentKind="0"),
            audioContentID="ACO_1001",
            audioContentName="Atmos_Master_Content",
        ),
        tag(
            "audioObject",
            refs("audioPackFormat", [_PACK])
            + refs("audioTrackUID", [f"ATU_{i:08x}" for i in range(1, 7)]),
            audioObjectID="AO_1001",
            audioObjectName="Atmos_Bed_1",
            **whole,
        ),
        *_bed_formats(),
    ]
    for i, (one, item) in enumerate(zip(ids, objects, strict=True)):
        parts.append(
            tag(
                "audioObject",
                refs("audioPackFormat", [f"AP_0003{one}"])
                + refs("audioTrackUID", [f"ATU_{i + 7:08x}"]),
                audioObjectID=numbers[i + 1],
                audioObjectName=item.name,
                **whole,
            )
        )
        parts += _object_formats(one, item)
    channels = [(f"AT_0001{0x1001 + i:04x}_01", _PACK) for i in range(6)]
    channels += [(f"AT_0003{one}_01", f"AP_0003{one}") for one in ids]
    return wrap(parts + track_uids(channels)), chna(channels)


def _bed_formats() -> list[str]:
    kind = {"typeLabel": "0001", "typeDefinition": "DirectSpeakers"}
    parts = [
        tag(
            "audioPackFormat",
            refs("audioChannelFormat", [f"AC_0001{0x1001 + i:04x}" for i in range(6)]),
            audioPackFormatID=_PACK,
            audioPackFormatName="Atmos_Bed_1",
            **kind,
        )
    ]
    for i, (name, label, *place) in enumerate(_BED):
        one = f"0001{0x1001 + i:04x}"
        block = tag(
            "audioBlockFormat",
            tag("speakerLabel", label) + _cartesian(*place),
            audioBlockFormatID=f"AB_{one}_00000001",
        )
        about = {"audioChannelFormatID": f"AC_{one}", "audioChannelFormatName": name}
        parts.append(tag("audioChannelFormat", block, **about, **kind))
        parts += stream_and_track(one, name, _PACK)
    return parts


def _object_formats(one: str, item: AdmObject) -> list[str]:
    kind = {"typeLabel": "0003", "typeDefinition": "Objects"}
    blocks = [_block(one, number, block) for number, block in enumerate(item.blocks, start=1)]
    about = {"audioChannelFormatID": f"AC_0003{one}", "audioChannelFormatName": item.name}
    return [
        tag(
            "audioPackFormat",
            refs("audioChannelFormat", [f"AC_0003{one}"]),
            audioPackFormatID=f"AP_0003{one}",
            audioPackFormatName=item.name,
            **kind,
        ),
        tag("audioChannelFormat", "\n".join(blocks), **about, **kind),
        *stream_and_track(f"0003{one}", item.name, f"AP_0003{one}"),
    ]


def _block(one: str, number: int, block: Block) -> str:
    glide = _GLIDE_S if number > 1 else 0.0
    return tag(
        "audioBlockFormat",
        _cartesian(*room_place(block.azimuth_deg, block.distance_m))
        + tag("jumpPosition", "1", interpolationLength=f"{glide:.6f}"),
        audioBlockFormatID=f"AB_0003{one}_{number:08x}",
        **block_times(block),
    )


def _cartesian(x: float, y: float, z: float) -> str:
    axes = "".join(
        tag("position", f"{value:.10f}", coordinate=axis)
        for axis, value in zip("XYZ", (x, y, z), strict=True)
    )
    return tag("cartesian", "1") + axes


def room_place(azimuth_deg: float, distance_m: float) -> tuple[float, float, float]:
    """Direction and distance as a place in the cartesian room, X right, Y front, -1..1.

    The screen loudspeakers at ±30° stand in the room's front corners and the surrounds at ±110°
    on its side walls, so angles between them are mapped piece by piece onto the walls, and the
    nearer a source is, the closer it is to the middle of the room.
    """
    side = abs(azimuth_deg)
    if side <= 30:
        x, y = math.tan(math.radians(side)) / math.tan(math.radians(30)), 1.0
    elif side <= 110:
        x, y = 1.0, 1 - (side - 30) / 80 * 1.36397
    elif side <= 150:
        x, y = 1.0, -0.36397 - (side - 110) / 40 * 0.63603
    else:
        x, y = (180 - side) / 30, -1.0
    reach = min(max(distance_m / ROOM_M, 0.25), 1.0) if y < 1 else 1.0
    return -math.copysign(x * reach, azimuth_deg), y * reach, 0.0


def dbmd(channels: int) -> bytes:
    """The body of the ``dbmd`` chunk: version, three segments with checksums, an end mark.

    Layout as Dolby's public parser reads it: programme (7), Atmos (9) and its supplement (10).
    """
    programme = bytearray(96)
    programme[1], programme[5], programme[8], programme[9] = 0x47, 0x60, 0x24, 0x24
    programme[14] = programme[15] = 2
    atmos = bytearray(248)
    atmos[0:14] = b"foley-designer"
    atmos[32:46] = b"foley-designer"
    atmos[96:99] = bytes((0, 1, 0))
    atmos[103], atmos[106], atmos[111] = 3, 1, 0x12
    trims = bytes((1, *bytes(14))) * 9
    supplement = struct.pack("<IHx", 0xF8726FBD, channels) + trims + bytes(channels)
    supplement += bytes([0x84]) * channels
    segments = ((7, bytes(programme)), (9, bytes(atmos)), (10, supplement))
    return bytes((6, 0, 0, 1)) + b"".join(_segment(*one) for one in segments) + b"\0"


def _segment(number: int, payload: bytes) -> bytes:
    check = -(len(payload) + sum(payload)) & 0xFF
    return bytes([number]) + struct.pack("<H", len(payload)) + payload + bytes([check])
