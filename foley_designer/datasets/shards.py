"""Shards: WebDataset tar files of items, written byte for byte alike, read without torch.

The WebDataset layout (github.com/webdataset/webdataset): members of one item follow each other and
share the part of their name before the first dot: ``<key>.flac`` (or ``.wav``), ``<key>.json``.
``manifest.json`` beside the shards names each with its hash, its items and its split.
"""

import io
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from foley_designer.core.documents import Document, Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import file_hash, replacing
from foley_designer.datasets.item import Item

MANIFEST = "manifest.json"
AUDIO_SUFFIXES = ("flac", "wav")


class Shard(Part):
    """One tar file."""

    file: str
    """Relative to the manifest."""
    split: str
    sha256: str
    items: int = Field(ge=1)
    seconds: float = Field(gt=0)


class LeftOut(Part):
    """Something that could not be used, and why."""

    name: str
    reason: str


class Manifest(Document):
    """What a set holds. It names no time and no machine: equal contents, equal bytes."""

    SCHEMA: ClassVar[str] = "filmstereo-manifest"

    name: str
    config_hash: str
    sample_rate: int
    items: int
    hours: float
    shards: tuple[Shard, ...]
    verified_by: dict[str, int]
    """Items by the method that verified them."""
    licences: dict[str, int]
    """Items by licence."""
    credits: tuple[str, ...]
    """Everyone whose recordings are in it."""
    left_out: tuple[LeftOut, ...] = ()


class Sample(NamedTuple):
    """One item with its sound."""

    item: Item
    audio: NDArray[np.float32]
    """``[2, n]`` at ``item.sample_rate``."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a set.

    Raises:
        FoleyError: ``document_invalid`` if there is none, or it can't be read.
    """
    try:
        return Manifest.from_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"{folder} has no readable {MANIFEST}.",
            "`foley-designer dataset build CONFIG` makes a set.",
        ) from error


def read_samples(folder: Path, split: str | None = None) -> Iterator[Sample]:
    """Every item of a set in the order of its shards, decoded.

    Args:
        folder: where the manifest lies.
        split: such as ``train`` or ``test``; None reads all.

    Raises:
        FoleyError: as `read_manifest` and `read_shard` do.
    """
    for shard in read_manifest(folder).shards:
        if split is None or shard.split == split:
            yield from read_shard(folder / shard.file)


def read_shard(path: Path) -> Iterator[Sample]:
    """The items of one tar file, decoded one at a time.

    Raises:
        FoleyError: ``document_invalid`` for a tar file or an item that is damaged.
    """
    for item, encoded in _pairs(path):
        yield Sample(item, decode(encoded, path))


def read_items(folder: Path, split: str | None = None) -> Iterator[Item]:
    """As `read_samples`, without reading audio."""
    for shard in read_manifest(folder).shards:
        if split is None or shard.split == split:
            for _, data in read_members(folder / shard.file, only=".json"):
                yield Item.from_json(data)


def read_members(path: Path, only: str = "") -> Iterator[tuple[str, bytes]]:
    """Names and bytes of a tar file's members, of those whose names end in ``only``.

    Raises:
        FoleyError: ``document_invalid`` for a damaged file.
    """
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                file = tar.extractfile(member) if member.name.endswith(only) else None
                if file is not None:
                    yield member.name, file.read()
    except (tarfile.TarError, OSError) as error:
        raise _damaged(path, str(error)) from error


def write_shard(path: Path, members: Iterable[tuple[str, bytes]]) -> str:
    """Write a tar file atomically; returns its SHA-256 (hex). Names and bytes alone decide it.

    Raises:
        FoleyError: ``disk_full``, ``output_not_writable``.
    """
    with replacing(path) as temporary:
        with tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as tar:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return file_hash(temporary)


def encode(audio: NDArray[np.float32], sample_rate: int, suffix: str, bits: int) -> bytes:
    """A sound file's bytes.

    Args:
        audio: ``[channels, n]``, within ±1.
        sample_rate: samples a second.
        suffix: ``flac`` or ``wav``.
        bits: 16 or 24.
    """
    import soundfile  # noqa: PLC0415 - loads libsndfile

    out = io.BytesIO()
    soundfile.write(out, audio.T, sample_rate, f"PCM_{bits}", format=suffix.upper())
    return out.getvalue()


def decode(data: bytes, path: Path) -> NDArray[np.float32]:
    """Samples ``[channels, n]`` of a sound file's bytes; ``path`` names it where they are damaged.

    Raises:
        FoleyError: ``document_invalid``.
    """
    import soundfile  # noqa: PLC0415

    try:
        samples, _ = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise _damaged(path, str(error)) from error
    audio: NDArray[np.float32] = np.ascontiguousarray(samples.T)
    return audio


def _pairs(path: Path) -> Iterator[tuple[Item, bytes]]:
    """Annotation and encoded sound of every item of a tar file."""
    waiting: dict[str, dict[str, bytes]] = {}
    for name, data in read_members(path):
        key, _, suffix = name.partition(".")
        parts = waiting.setdefault(key, {})
        parts[suffix] = data
        sound = next((parts[each] for each in AUDIO_SUFFIXES if each in parts), None)
        if sound is not None and "json" in parts:
            yield Item.from_json(parts["json"]), sound
            del waiting[key]
    if waiting:
        raise _damaged(path, f"{next(iter(waiting))} lacks its sound or its annotation")


def _damaged(path: Path, reason: str) -> FoleyError:
    return FoleyError(
        ErrorCode.DOCUMENT_INVALID,
        f"The shard {path.name} can't be read: {reason}.",
        "Build the set again; whole shards are kept.",
    )
