"""Our equaliser, compressor and limiter beside pedalboard's: difference, CPU time, true peak.

python -m benchmarks.mix.processors
"""

import time
from collections.abc import Callable

import numpy as np
from pedalboard import (
    Compressor,
    HighShelfFilter,
    Limiter,
    LowShelfFilter,
    PeakFilter,
    Pedalboard,
)

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.mix.processing import Dynamics, EqBand, EqKind
from foley_designer.dsp.effects.dynamics import shape
from foley_designer.dsp.effects.eq import equalise
from foley_designer.dsp.effects.limiter import limit
from foley_designer.dsp.level.true_peak import true_peak_db

CEILING_DBTP = -1.0


def cpu_s(function: Callable[[], object], rounds: int = 5) -> float:
    """CPU seconds of one call, after a first one that does not count."""
    function()
    start = time.process_time()
    for _ in range(rounds):
        function()
    return (time.process_time() - start) / rounds


def main() -> None:
    """Print one line a processor."""
    noise = np.random.default_rng(0).standard_normal((2, 10 * SAMPLE_RATE)).astype(np.float32) / 10
    bands = (
        EqBand(kind=EqKind.PEAK, frequency_hz=700, gain_db=-4, q=0.7),
        EqBand(kind=EqKind.LOW_SHELF, frequency_hz=120, gain_db=3, q=0.7),
        EqBand(kind=EqKind.HIGH_SHELF, frequency_hz=5000, gain_db=-3, q=0.7),
    )
    board = Pedalboard(
        [PeakFilter(700, -4, 0.7), LowShelfFilter(120, 3, 0.7), HighShelfFilter(5000, -3, 0.7)]
    )
    ours, theirs = equalise(noise, bands), board(noise, SAMPLE_RATE)
    null = 20 * np.log10(np.abs(ours - theirs).max() / np.abs(ours).max())
    ratio = cpu_s(lambda: equalise(noise, bands)) / cpu_s(lambda: board(noise, SAMPLE_RATE))
    print(f"equaliser, three bands: difference {null:.0f} dB, CPU ours / theirs {ratio:.2f}")
    plan, squeezer = Dynamics(ratio=2.0, attack_ms=15, release_ms=200), Compressor(-18, 2, 15, 200)
    ratio = cpu_s(lambda: shape(noise, plan)) / cpu_s(lambda: squeezer(noise, SAMPLE_RATE))
    print(f"compressor: CPU ours / theirs {ratio:.2f}")
    loud, holder = noise * 20, Limiter(CEILING_DBTP, 100)
    held = np.asarray(holder(loud, SAMPLE_RATE), np.float32)
    ratio = cpu_s(lambda: limit(loud, CEILING_DBTP)) / cpu_s(lambda: holder(loud, SAMPLE_RATE))
    own = true_peak_db(limit(loud, CEILING_DBTP).samples)
    print(
        f"limiter at {CEILING_DBTP} dBTP: ours {own:.2f}, theirs {true_peak_db(held):.2f} dBTP, "
        f"CPU ours / theirs {ratio:.1f}"
    )


if __name__ == "__main__":
    main()
