"""The starter: archives are unpacked, licences kept to, credits carried on."""

import io
import struct
import tarfile
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from library_files import knocks, write

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.sounds.table import named
from foley_designer.generator.library.adding import add_folder
from foley_designer.generator.library.engine import embedded_cards
from foley_designer.generator.library.search import Library
from foley_designer.generator.library.starter import install as starting
from foley_designer.generator.library.starter.archives import read_cat, read_deb, read_group
from foley_designer.generator.library.starter.install import Item, allowed, install, items


def _deb(path: Path, files: dict[str, bytes]) -> Path:
    """A Debian package with these files."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:xz") as archive:
        for name, body in files.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    parts = {"debian-binary": b"2.0\n", "control.tar.xz": b"none", "data.tar.xz": tar.getvalue()}
    data = b"!<arch>\n"
    for name, body in parts.items():
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}`\n"
        data += header.encode() + body + b"\n" * (len(body) % 2)
    path.write_bytes(data)
    return path


def _group(files: dict[str, bytes], *, packed: bool = True) -> bytes:
    """A C4Group; a value that begins as one is a folder."""
    header = bytearray(204)
    struct.pack_into("<i", header, 36, len(files))
    for at in range(0, 202, 3):
        header[at], header[at + 2] = header[at + 2], header[at]
    entries, bodies = b"", b""
    for name, body in files.items():
        entry = name.encode().ljust(260, b"\0")
        child = int(name.endswith(".ocg"))
        entry += struct.pack("<5i", 0, child, len(body), 0, len(bodies))
        entries += entry.ljust(316, b"\0")
        bodies += body
    plain = bytes(byte ^ 237 for byte in header) + entries + bodies
    if not packed:
        return plain
    squeezed = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"\x1e\x8c" + (squeezed.compress(plain) + squeezed.flush())[2:]


def _cat(sounds: list[bytes]) -> bytes:
    """OpenTTD's sounds, each behind its name."""
    bodies = [b"\x05Noise\0RIFF" + struct.pack("<I", len(one)) + one for one in sounds]
    bodies = [b"\x06Noise\0" + body[7:] for body in bodies]
    offset, table = 8 * len(bodies), b""
    for body in bodies:
        table += struct.pack("<II", offset, len(body))
        offset += len(body)
    return table + b"".join(bodies)


def test_files_within_archives_within_packages_are_found(tmp_path: Path) -> None:
    inner = _group({"Bark.ogg": b"woof"}, packed=False)
    group = _group({"Rain.ogg": b"drops", "Dogs.ocg": inner})
    deb = _deb(tmp_path / "a.deb", {"usr/Sound.ocg": group, "usr/other": b"x"})
    found = read_deb(deb, {"usr/Sound.ocg"})
    assert list(found) == ["usr/Sound.ocg"]
    assert read_group(found["usr/Sound.ocg"], "a") == {
        "Rain.ogg": b"drops",
        "Dogs.ocg/Bark.ogg": b"woof",
    }
    sounds = read_cat(_cat([b"one", b"three"]), "a.cat")
    assert sounds["1"].startswith(b"RIFF")
    assert sounds["1"].endswith(b"three")


@pytest.mark.parametrize("body", [b"", b"!<arch>\n", b"!<arch>\n" + b"x" * 200, b"PK\3\4"])
def test_what_is_no_package_is_said(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.deb"
    path.write_bytes(body)
    with pytest.raises(FoleyError) as caught:
        read_deb(path, {"a"})
    assert caught.value.code is ErrorCode.SOUND_UNREADABLE
    for reader in (read_group, read_cat):
        with pytest.raises(FoleyError):
            reader(body[:3] + b"\x01\x02\x03", "a")


def test_the_table_keeps_to_its_licences_and_its_rows() -> None:
    assert len(items()) > 200
    assert {item.licence for item in items()} == {"CC0 1.0", "CC BY 3.0", "CC BY-SA 3.0"}
    assert not any("SA" in item.licence for item in allowed(share_alike=False))
    assert len({(item.words, item.file_name) for item in items()}) == len(items())
    for item in items():
        named(item.sound)


@pytest.mark.slow
def test_sounds_come_with_their_credits_and_others_stay_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knock = write(tmp_path / "k.wav", knocks([0.2], [0.5], hz=300.0)).read_bytes()
    good = Item(
        "minetest-data", "usr/k.wav", sha256(knock).hexdigest(), "a door knock", "door-knock",
        "Ann", "CC BY 3.0",
    )  # fmt: skip
    other = good._replace(member="usr/other.wav")
    alike = good._replace(member="usr/alike.wav", licence="CC BY-SA 3.0")
    monkeypatch.setattr(starting, "items", lambda: (good, other, alike))
    files = {"usr/k.wav": knock, "usr/other.wav": b"changed", "usr/alike.wav": knock}
    deb = _deb(tmp_path / "a.deb", files)
    done = install(tmp_path / "starter", [deb])
    assert (done.sounds, done.unmatched) == (1, ("usr/other.wav",))
    place = tmp_path / "library"
    add_folder(tmp_path / "starter", place, embedded_cards(place))
    (path,) = Library(place, embedded_cards(place)).paths
    (match,) = Library(place, embedded_cards(place)).by_meaning("somebody knocks at the door")
    assert match.recording.path == path
    assert match.recording.credit == "minetest_k.wav, Ann (minetest-data), CC BY 3.0"
    assert install(tmp_path / "starter", [deb], share_alike=True).sounds == 2


def test_without_a_client_the_files_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting.shutil, "which", lambda name: None)
    with pytest.raises(FoleyError) as caught:
        install(tmp_path / "starter")
    assert caught.value.code is ErrorCode.PART_MISSING
    assert "give the files" in str(
        caught.value.hint if hasattr(caught.value, "hint") else caught.value
    )
