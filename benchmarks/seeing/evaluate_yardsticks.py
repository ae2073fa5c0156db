"""A folder for `foley-designer evaluate` from drawn clips: nothing is fetched, all truth is exact.

usage: python -m benchmarks.seeing.evaluate_yardsticks FOLDER [--seconds 4] [--seeds 1]
       foley-designer evaluate FOLDER --run

Draws three clips a kind and seed: one source through the usual lens, one through a lens of 25 to
90 degrees, and two of a kind. The reference is noise at the drawn onsets, or while a source passes,
placed by the drawn directions (`noise_reference`).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.seeing.noise_reference import Sounding, joined, reference
from benchmarks.yardstick.clip import YardstickTruth, render
from foley_designer.core.files import write_text
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth
from foley_designer.evaluate.truth import CLIPS, REFERENCE
from foley_designer.export.audio.wav import write_wav


class Kind(NamedTuple):
    """One actor, the sentences for one and for two, and what it should be heard as."""

    actor: str
    describe: str
    describe_two: str
    heard_as: tuple[str, ...]


KINDS = (
    Kind(
        "walker",
        "A man in boots walks on concrete.",
        "Two men in boots walk on concrete.",
        ("Walk, footsteps", "Run"),
    ),
    Kind(
        "hammer",
        "A hammer strikes a steel anvil.",
        "Two hammers strike steel anvils.",
        ("Hammer", "Clang", "Ding"),
    ),
    Kind(
        "ball",
        "A rubber ball bounces on a wooden floor.",
        "Two rubber balls bounce on a wooden floor.",
        ("Bouncing", "Basketball bounce"),
    ),
    Kind(
        "car",
        "A car drives past on a road.",
        "Two cars drive past on a road.",
        ("Car", "Car passing by", "Vehicle"),
    ),
)
ONE, LENS, TWO = "one source", "one source, any lens", "two of a kind"
USUAL_DEG, LENSES_DEG = 54.0, (25.0, 90.0)
DEPTHS = (0.85, 1.3)
"""Times its usual distance that each of two is away."""


def make(
    folder: Path,
    seconds: float,
    seeds: int,
    kinds: Sequence[Kind] = KINDS,
    groups: Sequence[str] = (ONE, LENS, TWO),
) -> Annotations:
    """Draw the clips, write their references and annotations."""
    (folder / CLIPS).mkdir(parents=True, exist_ok=True)
    (folder / REFERENCE).mkdir(exist_ok=True)
    clips = [
        _clip(folder, kind, group, seconds, seed)
        for seed in range(1, seeds + 1)
        for group in groups
        for kind in kinds
    ]
    annotations = Annotations(name="Drawn yardsticks", clips=tuple(clips))
    write_text(folder / FILE, annotations.to_json())
    return annotations


def _clip(folder: Path, kind: Kind, group: str, seconds: float, seed: int) -> ClipTruth:
    name = f"{kind.actor}_{seed}" + {LENS: "_lens", TWO: "_two"}.get(group, "")
    lens = float(np.random.default_rng([seed, len(kind.actor)]).uniform(*LENSES_DEG))
    truth = render(
        f"{kind.actor}+{kind.actor}" if group == TWO else kind.actor,
        folder / CLIPS / f"{name}.mp4",
        width=480,
        height=270,
        seconds=seconds,
        seed=seed,
        field_of_view_deg=lens if group == LENS else USUAL_DEG,
        depth_factors=DEPTHS if group == TWO else (),
    )
    sources = _soundings(truth, seconds)
    write_wav(folder / REFERENCE / f"{name}.wav", reference(sources, seconds, seed))
    onsets = tuple(sorted(time for source in sources for time in source.onsets_s))
    return ClipTruth(
        name=name,
        describe=kind.describe_two if group == TWO else kind.describe,
        duration_s=seconds,
        onsets_s=onsets or None,
        intervals_s=joined([each for one in sources for each in one.intervals(seconds)]),
        azimuth_deg=sources[0].azimuth_deg if len(sources) == 1 else None,
        group=group,
        heard_as=kind.heard_as,
    )


def _soundings(truth: YardstickTruth, seconds: float) -> list[Sounding]:
    found = []
    for source in truth.sources:
        onsets = tuple(time for time in source.onsets_s if time < seconds - 0.02)
        spans = () if onsets else ((0.0, seconds),)
        found.append(Sounding(onsets, spans, source.azimuth_deg))
    return found


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    found = make(options.folder, options.seconds, options.seeds)
    print(f"{len(found.clips)} clips: foley-designer evaluate {options.folder} --run")


if __name__ == "__main__":
    main()
