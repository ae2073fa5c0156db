"""How long a design takes, step by step, and how much memory.

usage: python -m benchmarks.speed.design_speed CLIP [--describe TEXT] [--script FILE]

Prints each step's share of the wall-clock time and the memory peak until its end, the ratio to
the clip's length, and peak memory.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from foley_designer import api
from foley_designer.core.settings import Settings
from foley_designer.graph import build  # noqa: F401 - imports are not what is measured


def peak_mb() -> float:
    """Highest resident memory of this process so far, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    """Design one clip into a scratch folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--describe")
    parser.add_argument("--script", type=Path)
    options = parser.parse_args()
    spent: dict[str, float] = defaultdict(float)
    peaks: dict[str, float] = {}
    mark = [time.perf_counter(), "start"]

    def note(step: str, fraction: float, message: str = "") -> None:  # noqa: ARG001
        now = time.perf_counter()
        spent[str(mark[1])] += now - float(mark[0])
        peaks[str(mark[1])] = peak_mb()
        mark[:] = [now, step]

    request = api.Request(options.clip, options.script, options.describe)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        record = api.design(request, Path(folder) / "out", settings=Settings(), progress=note)
        total = time.perf_counter() - began
    spent[str(mark[1])] += time.perf_counter() - float(mark[0])
    peaks[str(mark[1])] = peak_mb()
    for step, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"{step:16} {seconds:7.2f} s  {seconds / total:6.1%}  {peaks[step]:5.0f} MB so far")
    assert record.clip is not None
    print(f"{'total':16} {total:7.2f} s  {total / record.clip.duration_s:.2f} × the clip's length")
    print(f"{len(record.stems)} stems, peak memory {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
