"""Loudness: ITU-R BS.1770-5 with the measures of EBU Tech 3341 (v4) and 3342 (v3)."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.mix_loudness import MixLoudness
from foley_designer.dsp.blocks import blocks
from foley_designer.dsp.effects.filters import SectionFilter
from foley_designer.dsp.level.gains import Samples
from foley_designer.dsp.level.true_peak import TruePeakMeter

K_WEIGHTING = np.array(
    [
        (
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            1,
            -1.69065929318241,
            0.73248077421585,
        ),
        (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621),
    ]
)
"""Head and high-pass stage at 48 kHz (BS.1770-5, annex 1, tables 1 and 2)."""

Layout = Literal["mono", "stereo", "5.1"]
"""Channels of a file; 5.1 in the order L R C LFE Ls Rs."""

WEIGHTS: dict[Layout, tuple[float, ...]] = {
    "mono": (1.0,),
    "stereo": (1.0, 1.0),
    "5.1": (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
}
"""Channel weights G_i (BS.1770-5, annex 1, table 3); the LFE does not count."""

_STEP = SAMPLE_RATE // 10
"""All windows move by 100 ms, which is the 75 % overlap of the gating blocks."""
_MOMENTARY, _SHORT_TERM = 4, 30
"""Window lengths in steps: 400 ms and 3 s."""
_ABSOLUTE_GATE = -70.0


class LoudnessMeter:
    """Measures a signal that comes in blocks; its memory is 8 bytes for each 100 ms.

    Args:
        layout: channels and their order.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._weights = np.array(WEIGHTS[layout])[:, None]
        self._filter = SectionFilter(K_WEIGHTING, len(self._weights))
        self._true_peak = TruePeakMeter(len(self._weights))
        self._rest = np.zeros(0)
        self._steps: list[NDArray[np.float64]] = []

    def push(self, block: Samples) -> None:
        """Take the next ``[channels, m]`` samples.

        Raises:
            ValueError: the block has not as many channels as the layout.
        """
        if len(block) != len(self._weights):
            raise ValueError(f"{self._layout} has {len(self._weights)} channels, got {len(block)}")
        self._true_peak.push(block)
        weighted = self._filter(block)
        np.square(weighted, out=weighted)
        power = np.concatenate([self._rest, (self._weights * weighted).sum(axis=0)])
        whole = len(power) // _STEP * _STEP
        self._steps.append(power[:whole].reshape(-1, _STEP).mean(axis=1))
        self._rest = power[whole:]

    def result(self) -> MixLoudness:
        """What was measured; call once, at the signal's end."""
        steps = np.concatenate([*self._steps, np.zeros(0)])
        momentary, short = _windows(steps, _MOMENTARY), _windows(steps, _SHORT_TERM)
        integrated, reason = _integrated(momentary)
        return MixLoudness(
            integrated_lufs=integrated,
            momentary_max_lufs=_maximum(momentary),
            short_term_max_lufs=_maximum(short),
            range_lu=_loudness_range(short),
            true_peak_dbtp=self._true_peak.peak_db(),
            short_term_lufs=_per_second(steps),
            reason=reason,
        )


def measure(samples: Samples, layout: Layout) -> MixLoudness:
    """Loudness and true peak of ``samples`` ``[channels, n]`` at 48 kHz."""
    meter = LoudnessMeter(layout)
    for part in blocks(samples.shape[1]):
        meter.push(samples[:, part])
    return meter.result()


def lufs(power: float) -> float:
    """Loudness of a K-weighted, channel-weighted mean square > 0 (BS.1770-5, annex 1, eq. 2)."""
    return float(-0.691 + 10.0 * np.log10(power))


def _power(level_lufs: float) -> float:
    return float(10.0 ** ((level_lufs + 0.691) / 10.0))


def _windows(steps: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Mean power of every full window of ``length`` steps."""
    if len(steps) < length:
        return np.zeros(0)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(steps, length).mean(axis=1))


def _gated(windows: NDArray[np.float64], relative_lu: float) -> NDArray[np.float64]:
    """Windows above -70 LUFS and above the relative gate under the mean of those."""
    loud = windows[windows > _power(_ABSOLUTE_GATE)]
    if not len(loud):
        return loud
    return np.asarray(loud[loud > loud.mean() * 10.0 ** (relative_lu / 10.0)])


def _integrated(momentary: NDArray[np.float64]) -> tuple[float | None, str | None]:
    if not len(momentary):
        return None, "shorter than one gating block of 400 ms"
    gated = _gated(momentary, -10.0)
    if not len(gated):
        return None, f"nowhere above the absolute gate of {_ABSOLUTE_GATE:.0f} LUFS"
    return lufs(gated.mean()), None


def _loudness_range(short: NDArray[np.float64]) -> float | None:
    """LRA: spread from the 10th to the 95th percentile of gated short-term loudness (3342)."""
    gated = _gated(short, -20.0)
    if not len(gated):
        return None
    low, high = np.percentile(gated, (10, 95))
    return lufs(high) - lufs(low)


def _maximum(windows: NDArray[np.float64]) -> float | None:
    if not len(windows) or windows.max() <= _power(_ABSOLUTE_GATE):
        return None
    return lufs(windows.max())


def _per_second(steps: NDArray[np.float64]) -> tuple[float | None, ...]:
    ends = range(10, len(steps) + 1, 10)
    means = [float(steps[max(0, end - _SHORT_TERM) : end].mean()) for end in ends]
    return tuple(lufs(mean) if mean > _power(_ABSOLUTE_GATE) else None for mean in means)
