"""Do the items of a FilmStereo set agree with their annotation? Prints a table.

Run: python -m benchmarks.sound.filmstereo FOLDER [--each]

The time difference is what is left over after the annotated one (`metrics/itd.py`), for moving
sources the worst of three thirds; onsets are found in the whole sound, reverberation included, by
a detector that is not told where to look.
"""

import argparse
from pathlib import Path

import numpy as np

from foley_designer.datasets.item import Item
from foley_designer.datasets.shards import read_samples
from foley_designer.filmstereo.agreement import ITD_US, ONSET_S, Agreement, measure


def row(name: str, measured: list[tuple[Item, Agreement]]) -> str:
    """One line of the table."""
    itd = np.array([found.itd_us for _, found in measured if found.itd_us is not None])
    offsets = np.array([x for _, found in measured for x in found.onset_offsets_s])
    agree = np.mean([found.agrees for _, found in measured])
    heard = offsets[np.isfinite(offsets)]
    return (
        f"| {name} | {len(measured)} | {len(itd)} | {100 * np.mean(itd <= ITD_US):.1f} % | "
        f"{np.median(itd):.1f} | {itd.max():.0f} | {len(offsets)} | "
        f"{100 * np.mean(offsets <= ONSET_S):.1f} % | {1e3 * np.median(heard):.2f} | "
        f"{100 * agree:.1f} % |"
    )


def main() -> None:
    """Measure a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", action="store_true", help="print every item that disagrees")
    options = parser.parse_args()
    measured = []
    for sample in read_samples(options.folder):
        found = measure(sample.item, sample.audio)
        measured.append((sample.item, found))
        if options.each and not found.agrees:
            print(f"{sample.item.key} {sample.item.caption}: {found.told}")
    print(
        "| | items | placed | ITD ≤ 60 µs | median µs | worst µs | onsets | ≤ 20 ms | median ms "
        "| both agree |"
    )
    for origin in ("synthesis", "recording"):
        some = [each for each in measured if each[0].origin.kind == origin]
        if some:
            print(row(origin, some))
    print(row("all", measured))


if __name__ == "__main__":
    main()
