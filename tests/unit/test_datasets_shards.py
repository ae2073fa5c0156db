import tarfile

import numpy as np
import pytest
from filmstereo_items import an_item

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.datasets.shards import (
    MANIFEST,
    Manifest,
    Shard,
    encode,
    read_items,
    read_samples,
    write_shard,
)


def a_set(folder, count=3, suffix="flac"):
    rng = np.random.default_rng(0)
    sounds = 0.5 * rng.uniform(-1, 1, (count, 2, 48_000)).astype(np.float32)
    items = [an_item(f"{index:016x}") for index in range(count)]
    members = [
        member
        for item, sound in zip(items, sounds, strict=True)
        for member in (
            (f"{item.key}.{suffix}", encode(sound, 48_000, suffix, 16)),
            (f"{item.key}.json", item.to_json().encode()),
        )
    ]
    digest = write_shard(folder / "train-000000.tar", members)
    shard = Shard(file="train-000000.tar", split="train", sha256=digest, items=count, seconds=count)
    manifest = Manifest(
        name="tiny",
        config_hash="0",
        sample_rate=48_000,
        items=count,
        hours=count / 3600,
        shards=(shard,),
        verified_by={"traits": count},
        licences={"own": count},
        credits=(),
    )
    (folder / MANIFEST).write_text(manifest.to_json())
    return items, sounds, digest


@pytest.mark.parametrize("suffix", ["flac", "wav"])
def test_a_set_is_read_as_it_was_written(tmp_path, suffix):
    items, sounds, _ = a_set(tmp_path, suffix=suffix)
    read = list(read_samples(tmp_path, "train"))
    assert [sample.item for sample in read] == items == list(read_items(tmp_path))
    for sample, sound in zip(read, sounds, strict=True):
        assert np.abs(sample.audio - sound).max() < 2**-15
    assert list(read_samples(tmp_path, "test")) == []


def test_equal_contents_give_equal_bytes(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert a_set(tmp_path / "a")[2] == a_set(tmp_path / "b")[2]


def test_webdataset_names_members_of_an_item_alike_and_one_after_another(tmp_path):
    a_set(tmp_path, 2)
    with tarfile.open(tmp_path / "train-000000.tar") as tar:
        names = tar.getnames()
    assert names == [f"{i:016x}.{suffix}" for i in range(2) for suffix in ("flac", "json")]


def test_what_is_damaged_is_named(tmp_path):
    with pytest.raises(FoleyError, match="no readable manifest"):
        list(read_samples(tmp_path))
    a_set(tmp_path)
    shard = tmp_path / "train-000000.tar"
    shard.write_bytes(shard.read_bytes()[:5000])
    with pytest.raises(FoleyError, match="train-000000") as caught:
        list(read_samples(tmp_path))
    assert caught.value.code is ErrorCode.DOCUMENT_INVALID


def test_items_are_checked_where_they_are_made():
    with pytest.raises(ValueError, match="outside its"):
        an_item(onsets_s=(0.2, 1.4))
    with pytest.raises(ValueError, match="time order"):
        an_item(onsets_s=(0.7, 0.2))
