"""A folder for `foley-designer evaluate` from simulated film: contacts and places that are known.

usage: python -m benchmarks.seeing.evaluate_simulated FOLDER [--films N] [--seed S] [--jobs N]
       foley-designer evaluate FOLDER --run

Renders films of one source, of two of a kind and of two kinds (`simulate`), each through a lens
that is drawn between 25 and 90 degrees, which no design is told. The reference is noise when and
where the sources sound (`noise_reference`). Needs MuJoCo (the ``simulation`` extra).
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.seeing.noise_reference import Sounding, joined, reference
from benchmarks.seeing.simulate import make
from benchmarks.seeing.simulated_film import told
from foley_designer.core.files import write_text
from foley_designer.evaluate.annotations import FILE, Annotations, ClipTruth
from foley_designer.evaluate.truth import CLIPS, REFERENCE
from foley_designer.export.audio.wav import write_wav

GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "one source, any lens": (("strike",), ("ball",), ("walker",), ("drum",), ("drop",), ("car",)),
    "two of a kind, any lens": tuple(
        (kind, kind) for kind in ("strike", "ball", "walker", "drum", "drop", "car")
    ),
    "two kinds, any lens": (
        ("strike", "ball"),
        ("ball", "walker"),
        ("walker", "drum"),
        ("drum", "drop"),
        ("drop", "strike"),
        ("car", "walker"),
    ),
}
SEED = 700_000
"""Of the first film: away from those that weights are fitted on, which begin at 0."""


def clip_of(path: Path, group: str, references: Path) -> ClipTruth:
    """A film's truth in the evaluation's form, its reference written."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    seconds = float(truth["seconds"])
    sources = [_sounding(one) for one in truth["sources"] if one["action"] != "silent"]
    name = path.stem
    write_wav(references / f"{name}.wav", reference(sources, seconds, truth["seed"]))
    onsets = tuple(sorted(time for source in sources for time in source.onsets_s))
    return ClipTruth(
        name=name,
        describe=told(truth),
        duration_s=seconds,
        onsets_s=onsets or None,
        intervals_s=joined([each for one in sources for each in one.intervals(seconds)]),
        azimuth_deg=sources[0].azimuth_deg if len(sources) == 1 else None,
        group=group,
    )


def _sounding(source: dict[str, Any]) -> Sounding:
    spans = tuple((float(start), float(end)) for start, end in source["spans_s"])
    azimuth = np.clip(source["azimuth_deg"], -90.0, 90.0)
    return Sounding(tuple(source["onsets_s"]), spans, tuple(azimuth.tolist()))


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", type=int, default=6, help="of each group")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    clips, references = chosen.folder / CLIPS, chosen.folder / REFERENCE
    for each in (clips, references):
        each.mkdir(parents=True, exist_ok=True)
    wanted = [
        (group, kinds[film % len(kinds)])
        for group, kinds in GROUPS.items()
        for film in range(chosen.films)
    ]
    seeds = range(chosen.seed, chosen.seed + len(wanted))
    with ProcessPoolExecutor(chosen.jobs) as pool:
        names = list(pool.map(make, repeat(clips), seeds, [kinds for _, kinds in wanted]))
    found = [
        clip_of(clips / f"{name}.json", group, references)
        for name, (group, _) in zip(names, wanted, strict=True)
    ]
    annotations = Annotations(name="Simulated film", clips=tuple(found))
    write_text(chosen.folder / FILE, annotations.to_json())
    print(f"{len(found)} clips: foley-designer evaluate {chosen.folder} --run")


if __name__ == "__main__":
    main()
