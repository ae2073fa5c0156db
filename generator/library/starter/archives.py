"""Files inside packages and inside the archives of games: .deb, C4Group, OpenTTD's .cat.

Formats: deb(5); OpenClonk's ``C4Group.h`` (a gzip stream with two altered bytes, a scrambled
header of 204 bytes, entries of 316); OpenTTD's base sounds (pairs of offset and size, then for
each a name and a RIFF file).
"""

import io
import struct
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError

_AR_MAGIC = b"!<arch>\n"
_AR_HEADER = 60
_HEADER, _ENTRY = 204, 316
_SCRAMBLE = 237
_LARGEST = 1 << 30
"""Bytes of one archive that are unpacked at most."""
_DEEPEST = 8


def read_deb(path: Path, members: set[str]) -> dict[str, bytes]:
    """The wanted files of a Debian package, by their paths without a leading ``./``.

    Raises:
        FoleyError: ``sound_unreadable`` for a file that is no package.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(_AR_MAGIC)) != _AR_MAGIC:
                raise _broken(path.name, "it is no Debian package")
            while len(header := file.read(_AR_HEADER)) == _AR_HEADER:
                name, size = header[:16].decode("ascii").strip(), int(header[48:58])
                start = file.tell()
                if name.startswith("data.tar"):
                    return _untarred(io.BytesIO(file.read(size)), members)
                file.seek(start + size + size % 2)
    except (OSError, ValueError, tarfile.TarError, EOFError) as error:
        raise _broken(path.name, str(error)) from error
    raise _broken(path.name, "it holds no data")


def _untarred(data: io.BytesIO, members: set[str]) -> dict[str, bytes]:
    found = {}
    with tarfile.open(fileobj=data, mode="r:*") as tar:
        for member in tar:
            name = member.name.removeprefix("./")
            if name in members and member.isfile():
                body = tar.extractfile(member)
                found[name] = body.read() if body else b""
    return found


def read_group(data: bytes, name: str) -> dict[str, bytes]:
    """Every file of a packed C4Group, by its path within.

    Raises:
        FoleyError: ``sound_unreadable`` for bytes that are none.
    """
    try:
        plain = zlib.decompressobj(31).decompress(b"\x1f\x8b" + data[2:], _LARGEST)
        return dict(_entries(plain, "", _DEEPEST))
    except (zlib.error, struct.error, ValueError) as error:
        raise _broken(name, str(error)) from error


def _entries(data: bytes, folder: str, deeper: int) -> Iterator[tuple[str, bytes]]:
    """Files of one level and of those below."""
    if len(data) < _HEADER or deeper < 0:
        raise ValueError("a group is cut off or nested too deep")
    header = bytearray(byte ^ _SCRAMBLE for byte in data[:_HEADER])
    for at in range(0, _HEADER - 2, 3):
        header[at], header[at + 2] = header[at + 2], header[at]
    (count,) = struct.unpack_from("<i", header, 36)
    body = _HEADER + _ENTRY * count
    if not 0 <= count <= (len(data) - _HEADER) // _ENTRY:
        raise ValueError("a group says that it holds more than it can")
    for number in range(count):
        entry = data[_HEADER + _ENTRY * number :][:_ENTRY]
        name = entry[:260].split(b"\0")[0].decode("latin1")
        _, child, size, _, offset = struct.unpack_from("<5i", entry, 260)
        part = data[body + offset : body + offset + size]
        if child:
            yield from _entries(part, f"{folder}{name}/", deeper - 1)
        else:
            yield folder + name, part


def read_cat(data: bytes, name: str) -> dict[str, bytes]:
    """The WAV files of a ``.cat``, by their number.

    Raises:
        FoleyError: ``sound_unreadable`` for bytes that are none.
    """
    try:
        (first,) = struct.unpack_from("<I", data)
        found = {}
        for number in range((first & 0x7FFFFFFF) // 8):
            (offset,) = struct.unpack_from("<I", data, 8 * number)
            start = (offset & 0x7FFFFFFF) + 1
            start += data[start - 1]
            if data[start : start + 4] == b"RIFF":
                (size,) = struct.unpack_from("<I", data, start + 4)
                found[str(number)] = data[start : start + 8 + size]
    except (struct.error, IndexError) as error:
        raise _broken(name, str(error)) from error
    return found


def _broken(name: str, why: str) -> FoleyError:
    return FoleyError(
        ErrorCode.SOUND_UNREADABLE,
        f"{name} can't be unpacked: {' '.join(why.split())}.",
        "Fetch it again.",
    )
