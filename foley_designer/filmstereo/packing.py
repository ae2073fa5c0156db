"""Items on disk on their way into shards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.documents import content_hash
from foley_designer.core.files import file_hash, write_bytes, write_text
from foley_designer.core.work.ledger import Row
from foley_designer.datasets.item import Item
from foley_designer.datasets.shards import (
    MANIFEST,
    LeftOut,
    Manifest,
    Shard,
    read_items,
    read_members,
    write_shard,
)
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.filmstereo.ledger import BuildLedger, Packed
from foley_designer.filmstereo.making import Made
from foley_designer.filmstereo.plan import Task


class Group(NamedTuple):
    """What one shard is to hold."""

    file: str
    split: str
    members: tuple[str, ...]


class Store:
    """The items of a build: as files until they are packed, then in shards.

    Args:
        out: folder of the set.
        work: folder of the build within it.
        ledger: says what is there.
        suffix: of the sound files.
    """

    def __init__(self, out: Path, work: Path, ledger: BuildLedger, suffix: str) -> None:
        self._out = out
        self._items = work / "items"
        self._ledger = ledger
        self._suffix = suffix
        self._whole = {
            packed.file: packed
            for packed in ledger.shards()
            if (out / packed.file).is_file() and file_hash(out / packed.file) == packed.sha256
        }

    def missing(self, tasks: Sequence[Task]) -> list[Task]:
        """Tasks whose items are neither made nor given up."""
        known = self._ledger.items()
        packed = {key for shard in self._whole.values() for key in shard.members}

        def is_there(key: str) -> bool:
            row = known.get(key)
            if row is None:
                return False
            return bool(row.reason) or key in packed or all(f.is_file() for f in self._files(key))

        return [task for task in tasks if not is_there(task.key)]

    def keep(self, made: Made) -> None:
        """Write an item's files, then its row."""
        if made.reason:
            self._ledger.put(Row(made.key, "", 0.0, made.reason))
            return
        annotation = made.annotation.encode()
        sound_file, annotation_file = self._files(made.key)
        write_bytes(sound_file, made.audio)
        write_bytes(annotation_file, annotation)
        digest = sha256(annotation + made.audio).hexdigest()
        seconds = Item.from_json(annotation).seconds
        self._ledger.put(Row(made.key, digest, seconds, ""))

    def pack(self, groups: Sequence[Group]) -> Iterator[Packed]:
        """Write every shard that is not whole; each item's files go when it is packed."""
        wanted = {group.file: group for group in groups}
        stale = [
            packed
            for packed in self._ledger.shards()
            if packed.file not in self._whole
            or packed.file not in wanted
            or wanted[packed.file].members != packed.members
        ]
        for packed in stale:
            if packed.file in self._whole:
                self._unpack(packed)
        self._ledger.drop_shards(packed.file for packed in stale)
        for group in groups:
            whole = self._whole.get(group.file)
            if whole is None:
                whole = Packed(group.file, group.members, self._write(group))
                self._ledger.put_shard(whole)
            for key in group.members:
                for file in self._files(key):
                    file.unlink(missing_ok=True)
            yield whole

    def _write(self, group: Group) -> str:
        files = (file for key in group.members for file in self._files(key))
        return write_shard(
            self._out / group.file, ((file.name, file.read_bytes()) for file in files)
        )

    def _unpack(self, packed: Packed) -> None:
        """Give a shard's items back as files, so that they can be packed otherwise."""
        for name, data in read_members(self._out / packed.file):
            write_bytes(self._items / name[:2] / name, data)
        del self._whole[packed.file]
        (self._out / packed.file).unlink()

    def _files(self, key: str) -> tuple[Path, Path]:
        folder = self._items / key[:2]
        return folder / f"{key}.{self._suffix}", folder / f"{key}.json"


def groups_of(tasks: Sequence[Task], rows: dict[str, Row], shard_items: int) -> list[Group]:
    """Shards in order: each split's items in the order of the plan."""
    groups = []
    for split in sorted({task.split for task in tasks}):
        keys = [task.key for task in tasks if task.split == split and not rows[task.key].reason]
        for number, start in enumerate(range(0, len(keys), shard_items)):
            members = tuple(keys[start : start + shard_items])
            groups.append(Group(f"{split}-{number:06}.tar", split, members))
    return groups


def write_manifest(
    out: Path,
    config: DatasetConfig,
    tasks: Sequence[Task],
    packed: Sequence[Packed],
    ledger: BuildLedger,
    left_out: Sequence[LeftOut],
) -> Manifest:
    """Write ``manifest.json`` from what is in the shards; it names no time and no folder."""
    rows = ledger.items()
    shards = tuple(
        Shard(
            file=each.file,
            split=each.file.rsplit("-", 1)[0],
            sha256=each.sha256,
            items=len(each.members),
            seconds=round(sum(rows[key].seconds for key in each.members), 3),
        )
        for each in packed
    )
    given_up = [
        LeftOut(name=f"item {task.index}, {task.source.name}", reason=rows[task.key].reason)
        for task in tasks
        if rows[task.key].reason
    ]
    draft = Manifest(
        name=config.name,
        config_hash=content_hash(_without_places(config)),
        sample_rate=config.sample_rate,
        items=sum(shard.items for shard in shards),
        hours=round(sum(shard.seconds for shard in shards) / 3600.0, 4),
        shards=shards,
        verified_by={},
        licences={},
        credits=(),
        left_out=(*left_out, *given_up),
    )
    write_text(out / MANIFEST, draft.to_json())
    methods: Counter[str] = Counter()
    licences: Counter[str] = Counter()
    credits = set()
    for item in read_items(out):
        methods[item.verified.method] += 1
        licences[item.origin.licence] += 1
        credits.add(item.origin.credit)
    manifest = draft.model_copy(
        update={
            "verified_by": dict(sorted(methods.items())),
            "licences": dict(sorted(licences.items())),
            "credits": tuple(sorted(credits)),
        }
    )
    write_text(out / MANIFEST, manifest.to_json())
    return manifest


def _without_places(config: DatasetConfig) -> DatasetConfig:
    """The configuration wherever its folders lie."""
    folders = tuple(each.model_copy(update={"path": Path()}) for each in config.folders)
    return config.model_copy(update={"folders": folders, "clap_dir": None})
