"""Hostile and damaged inputs, drawn from a seed: every door must end in its closed set of ways.

Each input is a good file of one format, changed by a few seeded edits (bytes flipped, cut, doubled;
values of another type, size or depth; paths that lead out), and is then given to the code that
reads that format, under the command line's own ending. A fault is any exit code outside the closed
set, exit 1, more than one line on standard error, a file written outside the input's own folder, or
a limit of CPU time or memory that is reached.

    python -m benchmarks.safety.mutations --seed 0 --count 300 [--format session] [--keep FOLDER]
"""

import argparse
import contextlib
import io
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from benchmarks.safety.damage import edited  # noqa: E402
from benchmarks.safety.mutations_calls import call_corpora  # noqa: E402
from benchmarks.safety.mutations_corpora import file_corpora  # noqa: E402
from foley_designer.core.errors import ExitCode  # noqa: E402

CPU_S = 240
"""Of a whole run of 300 inputs."""
MEMORY = 8 << 30
"""Address space in bytes; libraries map about 3 GB of it before the first input."""


class Fault(NamedTuple):
    """An input that ended in another way."""

    number: int
    corpus: str
    what: str


def outcome(read: Callable[[], object]) -> tuple[int, str]:
    """Exit code and standard error of a command that does this."""
    from foley_designer.cli.ending import run

    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
            run(read)
    except SystemExit as ended:
        return int(ended.code or 0), told.getvalue()
    return 0, told.getvalue()


def problem(code: int, told: str) -> str:
    """What is wrong with an outcome; empty if nothing is."""
    if code == ExitCode.INTERNAL or code not in set(ExitCode):
        return f"exit {code}: {told.strip()[:300]}"
    lines = told.strip().splitlines()
    if len(lines) > 1 or (code and not lines):
        return f"{len(lines)} lines on standard error: {lines[:2]}"
    return ""


def campaign(
    count: int, seed: int, only: str | None = None, keep: Path | None = None
) -> tuple[list[Fault], Counter[tuple[str, int]]]:
    """Try ``count`` inputs over all formats; return the faults, and outcomes by format and code."""
    chosen = [one for one in (*file_corpora(), *call_corpora()) if only in (None, one.name)]
    faults: list[Fault] = []
    seen: Counter[tuple[str, int]] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutations-") as scratch:
        home = Path(scratch)
        good = {one.name: home / "good" / one.name for one in chosen}
        for one in chosen:
            good[one.name].mkdir(parents=True)
            one.make(good[one.name])
            code, told = outcome(lambda one=one: one.read(good[one.name]))
            assert code == 0, (one.name, code, told)
        for number in range(count):
            corpus = chosen[number % len(chosen)]
            rng = random.Random(f"{seed}.{number}")
            folder = home / "tried" / "input"
            shutil.rmtree(folder.parent, ignore_errors=True)
            shutil.copytree(good[corpus.name], folder, symlinks=True)
            target = rng.choice(corpus.targets(folder))
            (corpus.change or edited)(target, rng)
            code, told = outcome(lambda corpus=corpus, folder=folder: corpus.read(folder))
            seen[corpus.name, code] += 1
            wrong = problem(code, told)
            if [one.name for one in folder.parent.iterdir()] != ["input"]:
                wrong += " wrote outside"
            if wrong:
                faults.append(Fault(number, corpus.name, f"{target.name}: {wrong}"))
                if keep:
                    shutil.copytree(folder, keep / f"{seed}-{number}-{corpus.name}", symlinks=True)
    return faults, seen


def limited() -> None:
    """Hold this process to the ceilings, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Run a campaign and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--format", default=None)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--unlimited", action="store_true", help="for more than 300 inputs")
    told = parser.parse_args()
    if not told.unlimited:
        limited()
    os.environ["FOLEY_DATA_DIR"] = tempfile.mkdtemp(prefix="mutations-data-")
    faults, seen = campaign(told.count, told.seed, told.format, told.keep)
    for (name, code), times in sorted(seen.items()):
        print(f"{name:<12} exit {code}: {times}")
    for fault in faults:
        print(f"FAULT {fault.number} {fault.corpus}: {fault.what}")
    print(f"{told.count} inputs, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
