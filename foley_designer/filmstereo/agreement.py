"""Does an item's sound bear its annotation out? Direction and onsets, measured anew in the mix."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.sounds.table import is_impulsive
from foley_designer.datasets.item import Item, Motion
from foley_designer.generator.placement import time_difference_s
from foley_designer.metrics.itd import delay_residual_s
from foley_designer.metrics.onset import detect_onsets
from foley_designer.metrics.segments import segment

ITD_US = 60.0
ONSET_S = 0.02
ONSET_SHARE = 0.95
"""Of an item's onsets, that must be found."""
_EDGE_S = 0.05
"""A begin before this is the file's own."""
_PARTS = 3


class Agreement(NamedTuple):
    """Measured against annotated."""

    itd_us: float | None
    """Largest difference of the time difference, of thirds where it moves; None without place."""
    onset_offsets_s: tuple[float, ...]
    """From each onset to the nearest that is measured; infinite if none is."""

    @property
    def onset_share(self) -> float:
        """Share of onsets within 20 ms; 1 if none can be found."""
        hits = [offset <= ONSET_S for offset in self.onset_offsets_s]
        return sum(hits) / len(hits) if hits else 1.0

    @property
    def agrees(self) -> bool:
        """Whether direction and onsets both do."""
        return (self.itd_us is None or self.itd_us <= ITD_US) and self.onset_share >= ONSET_SHARE

    @property
    def told(self) -> str:
        """Both in words."""
        place = "no direction" if self.itd_us is None else f"ITD off by {self.itd_us:.0f} µs"
        return f"{place}, {100 * self.onset_share:.0f} % of onsets"


def measure(item: Item, stereo: NDArray[np.float32]) -> Agreement:
    """Measure an item's sound ``[2, n]`` at its sample rate.

    The onset detector hears the whole sound and is not told where to look. Of what has no attacks
    the begin alone counts: rooms fill later pauses.
    """
    return Agreement(_itd_us(item, stereo), _offsets(item, stereo))


def _itd_us(item: Item, stereo: NDArray[np.float32]) -> float | None:
    if not item.is_placed:
        return None
    expected = time_difference_s(item.trajectory.azimuth_deg, item.room.ear_spacing_m)
    spans: list[tuple[float, float] | None] = [None]
    if item.motion in (Motion.ACROSS, Motion.DIAGONAL):
        third = item.seconds / _PARTS
        spans = [(k * third, (k + 1) * third) for k in range(_PARTS)]
    rate = float(item.trajectory.rate)
    found = [delay_residual_s(stereo, item.sample_rate, expected, rate, span) for span in spans]
    heard = [abs(each) for each in found if each is not None]
    return 1e6 * max(heard) if heard else None


def _offsets(item: Item, stereo: NDArray[np.float32]) -> tuple[float, ...]:
    if is_impulsive(item.subcategory):
        measured = [onset.time_s for onset in detect_onsets(stereo, item.sample_rate)]
        told: tuple[float, ...] = item.onsets_s
    else:
        measured = [start for start, _ in segment(stereo, item.sample_rate).intervals_s]
        told = tuple(time for time in item.onsets_s[:1] if time > _EDGE_S)
    return tuple(min((abs(time - each) for each in measured), default=np.inf) for time in told)
