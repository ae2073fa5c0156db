"""How fast the synthesis engine renders: a table of every subcategory against real time.

Usage: ``python -m benchmarks.speed.synth_speed [--seconds 10]``. Impulsive subcategories play two
hits a second (thunder and explosions one in 2.5 s), the others one span; sources that are all
around render in stereo. Times are CPU seconds of one process, the slowest variant of each
subcategory.
"""

import argparse
import time

import numpy as np

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.generator.synth.physics.engine import SynthEngine

RARE = frozenset({Subcategory.THUNDER, Subcategory.EXPLOSION})
AROUND = frozenset({Subcategory.RAIN, Subcategory.WIND, Subcategory.AMBIENCE})


def event(subcategory: Subcategory, variant: str, seconds: float) -> SoundEvent:
    """An event that keeps its instrument busy for the whole stretch."""
    gap_s = 2.5 if subcategory in RARE else 0.5
    hits = tuple(Hit(time_s=gap_s * i) for i in range(int(seconds / gap_s)))
    impulsive = is_impulsive(subcategory)
    kind = SourceKind.AROUND if subcategory in AROUND else SourceKind.POINT
    return SoundEvent(
        id="bench",
        label="bench",
        description="A sound to measure.",
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=hits if impulsive else (),
        spans=() if impulsive else (Span(start_s=0.0, end_s=seconds),),
        source=Source(kind=kind),
        performance=Performance(variant=variant),
    )


def measure(subcategory: Subcategory, variant: str, seconds: float) -> float:
    """CPU seconds for one take."""
    engine = SynthEngine()
    began = time.process_time()
    engine.render(
        event(subcategory, variant, seconds), round(seconds * SAMPLE_RATE), np.random.default_rng(0)
    )
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds: float = parser.parse_args().seconds
    print(f"{'subcategory':15} {'slowest variant':16} {'CPU s':>7} {'× real time':>12}")
    for subcategory, words in SynthEngine().vocabulary().items():
        spent, variant = max((measure(subcategory, v, seconds), v) for v in words["variant"])
        print(f"{subcategory:15} {variant:16} {spent:7.3f} {spent / seconds:12.4f}")


if __name__ == "__main__":
    main()
