"""Regions: where each stem sounds, as the clips that an editor finds on the tracks."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.export.audio.wav import read_blocks, wav_info
from foley_designer.export.delivery import Delivery, Track
from foley_designer.export.session.passage import Passage, passages

AUDIBLE = 1e-6
"""−120 dBFS: samples below it may be cut off."""


class Region(NamedTuple):
    """A stretch of a stem; stems begin with the picture, so source and place are the same."""

    track: Track
    passage: Passage
    start: int
    """First sample."""
    end: int
    """Sample after the last."""
    name: str

    def frames(self, delivery: Delivery) -> tuple[int, int]:
        """First frame and frame after the last, which hold the whole region."""
        step = SAMPLE_RATE / delivery.rate
        return int(self.start / step), -int(-self.end // step)


def regions(track: Track) -> list[Region]:
    """One region a passage, from where it begins until it has rung out or the next begins.

    Raises:
        FoleyError: ``sound_unreadable``.
    """
    parts = passages(track.event)
    total = wav_info(track.path).samples
    starts = [min(round(part.start_s * SAMPLE_RATE), total - 1) for part in parts]
    first, ends = _sounding(track, [*starts, total])
    starts[0] = min(starts[0], first)
    found = []
    for number, (part, start, end) in enumerate(zip(parts, starts, ends, strict=True), start=1):
        told = min(round(part.end_s * SAMPLE_RATE), total)
        name = track.event.label if len(parts) == 1 else f"{track.event.label} {number}"
        found.append(Region(track, part, start, max(end, told, start + 1), name))
    return found


def _sounding(track: Track, bounds: list[int]) -> tuple[int, list[int]]:
    """The first audible sample, and the sample after the last one before each next bound."""
    first, ends, at = bounds[-1], list(bounds[:-1]), 0
    for block in read_blocks(track.path):
        loud = np.flatnonzero(np.abs(block).max(axis=0) > AUDIBLE) + at
        at += block.shape[1]
        if not len(loud):
            continue
        first = min(first, int(loud[0]))
        for i, (start, stop) in enumerate(pairwise(bounds)):
            before = loud[: np.searchsorted(loud, stop)]
            if len(before) and before[-1] >= start:
                ends[i] = int(before[-1]) + 1
    return first, ends
