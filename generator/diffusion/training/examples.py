"""Training examples: sounds encoded once, kept beside the run, read as random excerpts."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from scipy.signal import resample_poly
from torch import Tensor

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import replacing
from foley_designer.core.progress import Progress
from foley_designer.core.script.sound_event import Hit
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.datasets.item import Item
from foley_designer.datasets.shards import MANIFEST, Sample, read_manifest, read_shard
from foley_designer.generator.diffusion.cue_track import CueTrack
from foley_designer.generator.diffusion.sequence import SequenceConfig

STEP = "encode"
Encode = Callable[[Tensor], Tensor]
"""Audio ``[1, 2, samples]`` to ``[1, channels, frames]``."""


class Example(NamedTuple):
    """One encoded sound."""

    values: Tensor
    """``[channels, frames]``: latents, or spectral features in stage 1."""
    cues: Tensor
    """``[4, position frames]``."""
    caption: str


class Batch(NamedTuple):
    """Excerpts of equal length."""

    values: Tensor
    """``[batch, channels, frames]``."""
    cues: Tensor
    """``[batch, 4, position frames]``."""
    captions: tuple[str, ...]


def encoded(
    shards: Sequence[Path],
    folder: Path,
    sequence: SequenceConfig,
    encode: Encode,
    progress: Progress,
) -> list[Example]:
    """Encode shards that aren't yet, one file a shard, and read all.

    Args:
        shards: tar files.
        folder: where encoded shards are kept.
        sequence: the backbone's rates.
        encode: autoencoder or transform.
        progress: told after each shard.
    """
    examples: list[Example] = []
    for number, shard in enumerate(shards, 1):
        file = folder / f"{shard.parent.name}-{shard.stem}.safetensors"
        if not file.is_file():
            _keep(file, [_example(sample, sequence, encode) for sample in read_shard(shard)])
        examples += _read(file)
        progress(STEP, number / len(shards), shard.name)
    return examples


def shard_files(folders: Sequence[str], split: str) -> list[Path]:
    """The shards of one split of some FilmStereo sets, in order.

    Raises:
        FoleyError: ``config_invalid`` if there is none, ``document_invalid`` if a folder
            holds no set.
    """
    files = [
        Path(folder) / shard.file
        for folder in folders
        for shard in read_manifest(Path(folder)).shards
        if shard.split == split
    ]
    if not files:
        raise FoleyError(
            ErrorCode.CONFIG_INVALID,
            f"No shards of split {split} in {', '.join(folders)}.",
            f"Build them: foley-designer dataset build CONFIG; each set has a {MANIFEST}.",
        )
    return files


def to_rate(sample: Sample, rate: int) -> Tensor:
    """A sample's sound ``[1, 2, samples]`` at another sample rate."""
    audio = sample.audio
    if sample.item.sample_rate != rate:
        audio = resample_poly(audio, rate, sample.item.sample_rate, axis=1).astype(np.float32)
    stereo = audio if audio.shape[0] == 2 else np.repeat(audio[:1], 2, axis=0)
    return torch.from_numpy(np.ascontiguousarray(stereo))[None]


def cue_track(item: Item, config: SequenceConfig, steps: int) -> CueTrack:
    """An item's cues on the position grid; if nothing impulsive sounds, no onsets."""
    onsets = item.onsets_s if is_impulsive(item.subcategory) else ()
    hits = [Hit(time_s=time_s) for time_s in onsets]
    return CueTrack.from_trajectory(item.trajectory, hits, config, steps)


def _example(sample: Sample, sequence: SequenceConfig, encode: Encode) -> Example:
    audio = to_rate(sample, sequence.sample_rate)
    steps = max(1, audio.shape[-1] // sequence.hop)
    audio = audio[..., : steps * sequence.hop]
    cues = torch.from_numpy(cue_track(sample.item, sequence, steps).array())
    return Example(encode(audio)[0].half().cpu(), cues, sample.item.sound)


def _keep(file: Path, examples: Sequence[Example]) -> None:
    tensors = {}
    for index, example in enumerate(examples):
        tensors[f"{index:05d}.values"] = example.values.contiguous()
        tensors[f"{index:05d}.cues"] = example.cues.contiguous()
    captions = json.dumps([example.caption for example in examples])
    with replacing(file) as part:
        save_file(tensors, part, {"captions": captions})


def _read(file: Path) -> list[Example]:
    with safe_open(file, "pt") as kept:
        captions = json.loads(kept.metadata()["captions"])
        return [
            Example(
                kept.get_tensor(f"{index:05d}.values"),
                kept.get_tensor(f"{index:05d}.cues"),
                caption,
            )
            for index, caption in enumerate(captions)
        ]


def excerpt_batch(
    examples: Sequence[Example], count: int, frames: int, rng: np.random.Generator
) -> Batch:
    """Random excerpts of random examples; shorter ones are repeated to length.

    Args:
        examples: to draw from.
        count: rows.
        frames: length in frames of the examples' values.
        rng: the only source of chance.
    """
    rows = [examples[int(index)] for index in rng.integers(len(examples), size=count)]
    values, cues = [], []
    for row in rows:
        ratio = row.cues.shape[1] / row.values.shape[1]
        start = int(rng.integers(max(0, row.values.shape[1] - frames) + 1))
        at = torch.arange(start, start + frames) % row.values.shape[1]
        first = round(start * ratio)
        cue_at = torch.arange(first, first + round(frames * ratio)) % row.cues.shape[1]
        values.append(row.values[:, at].float())
        cues.append(row.cues[:, cue_at])
    return Batch(torch.stack(values), torch.stack(cues), tuple(row.caption for row in rows))
