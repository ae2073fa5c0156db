"""A folder for `foley-designer evaluate` from drawn clips: nothing is fetched, all truth is exact.

usage: python -m benchmarks.seeing.evaluate_yardsticks FOLDER [--seconds 4] [--seeds 1]
       foley-designer evaluate FOLDER --run

Draws a clip a kind and seed, with one source each. Its reference is no recording: decaying noise
at the drawn onsets, or noise while a source passes, placed by the drawn directions with delay and
level. It is a ceiling for time and place, and none for how things sound.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.yardstick.clip import YardstickSource, render
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.files import write_text
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth
from foley_designer.evaluate.truth import CLIPS, REFERENCE
from foley_designer.export.audio.wav import write_wav
from foley_designer.generator.placement import channel_gains, time_difference_s


class Kind(NamedTuple):
    """One actor, its sentence, and what it should be heard as."""

    actor: str
    describe: str
    heard_as: tuple[str, ...]


KINDS = (
    Kind("walker", "A man in boots walks on concrete.", ("Walk, footsteps", "Run")),
    Kind("hammer", "A hammer strikes a steel anvil.", ("Hammer", "Clang", "Ding")),
    Kind("ball", "A rubber ball bounces on a wooden floor.", ("Bouncing", "Basketball bounce")),
    Kind("car", "A car drives past on a road.", ("Car", "Car passing by", "Vehicle")),
)
HIT_S = 0.12
LEVEL = 0.1


def make(folder: Path, seconds: float, seeds: int, kinds: Sequence[Kind] = KINDS) -> Annotations:
    """Draw the clips, write their references and annotations."""
    clips = []
    (folder / CLIPS).mkdir(parents=True, exist_ok=True)
    for seed in range(1, seeds + 1):
        for kind in kinds:
            name = f"{kind.actor}_{seed}"
            truth = render(
                kind.actor,
                folder / CLIPS / f"{name}.mp4",
                width=480,
                height=270,
                seconds=seconds,
                seed=seed,
            )
            clips.append(_clip(folder, name, kind, truth.sources[0], seconds, seed))
    annotations = Annotations(name="Drawn yardsticks", clips=tuple(clips))
    write_text(folder / FILE, annotations.to_json())
    return annotations


def _clip(
    folder: Path, name: str, kind: Kind, source: YardstickSource, seconds: float, seed: int
) -> ClipTruth:
    count = round(seconds * SAMPLE_RATE)
    onsets = tuple(time for time in source.onsets_s if time < seconds - 0.02)
    spans = tuple((time, min(time + HIT_S, seconds)) for time in onsets) or ((0.0, seconds),)
    envelope = np.full(count, 0.0 if onsets else 1.0)
    for start, _ in spans if onsets else ():
        at = round(start * SAMPLE_RATE)
        decay = np.exp(-np.arange(count - at) / (0.02 * SAMPLE_RATE))
        envelope[at:] = np.maximum(envelope[at:], decay)
    azimuth = np.interp(
        np.arange(count) / SAMPLE_RATE,
        np.linspace(0.0, seconds, len(source.azimuth_deg)),
        source.azimuth_deg,
    )
    noise = np.random.default_rng(seed).standard_normal(count) * envelope * LEVEL
    half = time_difference_s(azimuth) / 2.0 * SAMPLE_RATE
    times = np.arange(count)
    placed = [
        gain * np.interp(times + side * half, times, noise)
        for gain, side in zip(channel_gains(azimuth), (1.0, -1.0), strict=True)
    ]
    (folder / REFERENCE).mkdir(exist_ok=True)
    write_wav(folder / REFERENCE / f"{name}.wav", np.array(placed, np.float32))
    return ClipTruth(
        name=name,
        describe=kind.describe,
        duration_s=seconds,
        onsets_s=onsets or None,
        intervals_s=_apart(spans),
        azimuth_deg=source.azimuth_deg,
        heard_as=kind.heard_as,
    )


def _apart(spans: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Intervals that don't overlap."""
    found: list[tuple[float, float]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


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
