"""Descriptions inside Broadcast WAV files: ``bext`` (EBU Tech 3285 v2) and iXML 2.10."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_LARGEST = 1 << 20
"""Bytes of a description that are read; longer ones are no description."""
_UNSET = 0xFFFFFFFF
"""A size that stands in ``ds64`` instead (ITU-R BS.2088-1, clause 6)."""
_DESCRIPTIVE = frozenset(
    {"description", "fxname", "category", "subcategory", "keywords", "note", "usercategory"}
)
_MAKERS = frozenset({"designer", "manufacturer", "creatorid", "artist"})
_RIGHTS = frozenset({"copyright", "license", "licence", "rightsowner"})


class Broadcast(NamedTuple):
    """What the chunks say; empty if there are none."""

    descriptions: tuple[str, ...] = ()
    maker: str = ""
    rights: str = ""


def read_broadcast(path: Path) -> Broadcast:
    """Descriptions, maker and rights of a WAV file; broken chunks say nothing."""
    bodies = {}
    with path.open("rb") as file:
        for name, size in _chunks(file):
            if name in (b"bext", b"iXML") and size <= _LARGEST:
                bodies[name] = file.read(size)
    description, originator = _bext(bodies.get(b"bext", b""))
    fields = list(_ixml(bodies.get(b"iXML", b"")))

    def first(names: frozenset[str]) -> str:
        return next((text for name, text in fields if name in names), "")

    descriptions = [description, *(text for name, text in fields if name in _DESCRIPTIVE)]
    return Broadcast(
        tuple(dict.fromkeys(text for text in descriptions if text)),
        first(_MAKERS) or originator,
        first(_RIGHTS),
    )


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Name and size of each chunk, the file standing at its body."""
    head = file.read(12)
    if head[:4] not in (b"RIFF", b"RF64", b"BW64") or head[8:] != b"WAVE":
        return
    data_size = 0
    while len(header := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", header)
        body = file.tell()
        if name == b"ds64":
            data_size = int.from_bytes(file.read(16)[8:], "little")
        elif name == b"data" and size == _UNSET:
            size = data_size
        file.seek(body)
        yield name, size
        file.seek(body + size + size % 2)


def _bext(body: bytes) -> tuple[str, str]:
    """Description (256 bytes) and originator (32 bytes)."""
    return _text(body[:256]), _text(body[256:288])


def _text(field: bytes) -> str:
    return " ".join(field.split(b"\0")[0].decode("utf-8", "replace").split())


def _ixml(body: bytes) -> Iterator[tuple[str, str]]:
    """Lower-case names and texts of all elements that hold text alone."""
    from defusedxml import ElementTree  # noqa: PLC0415
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415

    try:
        root = ElementTree.fromstring(body.strip(b"\0 \r\n\t"))
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        return
    for element in root.iter():
        if not len(element) and element.text and element.text.strip():
            yield element.tag.lower().replace("_", ""), " ".join(element.text.split())
