"""A reel's 5.1: upmixed in parts of some windows, side by side, and joined without a seam."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.work.pool import Here, Pool
from foley_designer.dsp.level.gains import Samples
from foley_designer.dsp.level.long_master import JOIN_S, Window, joined, upmixed, window_bounds
from foley_designer.export.audio.wav import SURROUND_5_1, read_pieces, wav_info, wav_writer
from foley_designer.film.looking import whole

WINDOWS = 3
"""Windows of a part: a minute."""


class PartTask(NamedTuple):
    """A part of a reel to be upmixed."""

    stereo: Path
    windows: tuple[Window, ...]
    lfe_gain_db: float
    ceiling_dbtp: float
    out: Path
    """Where its samples go, those left out that it shares with the part before it."""


class Part(NamedTuple):
    """A part that was upmixed."""

    head: Samples
    """Its first samples, before they are joined, ``[6, n]``; none of the first part."""
    tail: Samples
    """What follows its last sample, to be joined with the next part's head."""


def write_surround(
    path: Path, stereo: Path, lfe_gain_db: float, ceiling_dbtp: float, scratch: Path, pool: Pool
) -> None:
    """Write the 5.1 of a stereo file; the bytes are those of one process.

    Args:
        path: where it goes.
        stereo: the mix.
        lfe_gain_db: as `upmix` takes it.
        ceiling_dbtp: as `upmix` takes it.
        scratch: a folder for parts, which is taken away.
        pool: who upmixes.

    Raises:
        FoleyError: ``disk_full``, ``output_not_writable``; ``tool_failed`` for any other failure.
    """
    bounds = window_bounds(wav_info(stereo).samples)
    groups = [bounds[k : k + WINDOWS] for k in range(0, len(bounds), WINDOWS)]
    shutil.rmtree(scratch, ignore_errors=True)
    tasks = [
        PartTask(stereo, tuple(own), lfe_gain_db, ceiling_dbtp, scratch / f"{number}.wav")
        for number, own in enumerate(groups)
    ]
    made: dict[int, Part] = {}
    for number, result in (pool if len(tasks) > 1 else Here()).run(upmix_part, tasks):
        if isinstance(result, Exception):
            raise whole(result, path.parent.name)
        made[number] = result
    _write(path, tasks, [made[number] for number in range(len(tasks))])
    shutil.rmtree(scratch, ignore_errors=True)


def upmix_part(task: PartTask) -> Part:
    """Upmix some windows; raises as `wav_writer`."""
    shared = round(JOIN_S * SAMPLE_RATE) if task.windows[0].start else 0
    head = tail = np.zeros((6, 0), np.float32)
    with wav_writer(task.out, 6, mask=SURROUND_5_1) as writer:
        made = upmixed(_read(task), task.lfe_gain_db, task.ceiling_dbtp)
        for number, (block, follows) in enumerate(made):
            count = 0 if number else shared
            if not number:
                head = block[:, :count].copy()
            writer.write(block[:, count:])
            tail = follows.copy()
    return Part(head, tail)


def _read(task: PartTask) -> Iterator[tuple[Samples, slice]]:
    """The windows of a part with their context."""
    for one in task.windows:
        (samples,) = read_pieces(task.stereo, [one.first], one.last - one.first)
        yield np.ascontiguousarray(samples), one.inner


def _write(path: Path, tasks: Sequence[PartTask], parts: Sequence[Part]) -> None:
    with wav_writer(path, 6, mask=SURROUND_5_1) as writer:
        before: Samples | None = None
        for task, part in zip(tasks, parts, strict=True):
            if before is not None:
                writer.write(joined(before, part.head))
            writer.append(task.out)
            before = part.tail
