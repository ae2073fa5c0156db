"""``kill -9`` at random moments: the same command, given again, ends with the same bytes.

Each operation runs once undisturbed, for its bytes and its length; then again and again from the
same start, killed at a seeded moment of that length, and given once more to its end. A run that
ends before its moment says that the length is shorter, and another moment is drawn.

    python -m benchmarks.safety.kills --seed 0 --count 50 [--only design] [--folder SCRATCH]
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from digests import digests, visible  # noqa: E402
from drawn_film import drawn_film  # noqa: E402

from benchmarks.yardstick.clip import render  # noqa: E402

MOST_DRAWN = 3
"""Moments drawn for each kill, where the machine is faster than it was at first."""
WORDS = "a hammer strikes a steel anvil, rain on the roof, a clock ticks"
DATASET = "name: killed\nseed: 1\nitems: 6\nseconds: [2.0, 3.0]\nshard_items: 2\nverify: traits\n"


class Operation(NamedTuple):
    """One command on a copy of its starting folder."""

    name: str
    begin: Callable[[Path], None]
    """Fills an empty folder with what the command starts from."""
    command: tuple[str, ...]
    """Words after ``foley-designer``; relative paths lie in the folder."""
    result: str
    """Folder of which the bytes must agree."""
    environment: tuple[str, ...] = ()
    """Names of settings that are 1."""


def _design(folder: Path) -> None:
    render("hammer", folder / "a.mp4", rate=Fraction(25), width=320, height=180, seconds=1.0)


def _designed(folder: Path) -> None:
    _design(folder)
    done = _start(folder, ("design", "a.mp4", "--out", "s", "--describe", WORDS))
    assert done.wait() == 0


def _recordings(folder: Path) -> None:
    (folder / "sounds").mkdir()
    rng = np.random.default_rng(0)
    for number in range(24):
        burst = rng.standard_normal(24_000) * np.exp(-np.arange(24_000) / (900 + 200 * number))
        soundfile.write(folder / "sounds" / f"door slam {number:02}.wav", 0.2 * burst, 48_000)


def _dataset(folder: Path) -> None:
    (folder / "set.yaml").write_text(DATASET)


def _film(folder: Path) -> None:
    made = drawn_film(folder)
    made.reel.rename(folder / "a.mp4")


OPERATIONS = (
    Operation("design", _design, ("design", "a.mp4", "--out", "s", "--describe", WORDS), "s"),
    Operation("revise", _designed, ("revise", "s", "everything 3 dB down", "--yes"), "s"),
    Operation("export", _designed, ("export", "s", "--bwf", "--otio", "--out", "out"), "out"),
    Operation("library add", _recordings, ("library", "add", "sounds"), "data/library"),
    Operation(
        "film",
        _film,
        ("film", "a.mp4", "--script", "film.fountain", "--out", "f", "--workers", "2"),
        "f",
        ("FOLEY_BRANCHING", "FOLEY_DEPTH", "FOLEY_TAKES"),
    ),
    Operation("dataset build", _dataset, ("dataset", "build", "set.yaml", "--out", "set"), "set"),
)


def _start(
    folder: Path, words: tuple[str, ...], small: tuple[str, ...] = ()
) -> "subprocess.Popen[bytes]":
    own = {"FOLEY_DATA_DIR": str(folder / "data"), "HOME": str(folder)} | dict.fromkeys(small, "1")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "foley_designer", *words],
        cwd=folder,
        env=kept | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _bytes(folder: Path, operation: Operation) -> dict[str, str]:
    """Files of the result; of a database its rows, since the order of its pages is chance.

    Of a library the catalogue alone: the index beside it is never the same twice. Of a film all
    but its ledger, which tells CPU seconds.
    """
    place = folder / operation.result
    found = {
        name: _rows(place / name) if name.endswith(".sqlite") else digest
        for name, digest in digests(place, visible).items()
        if not name.startswith(".film/")
    }
    if operation.name != "library add":
        return found
    return {name: digest for name, digest in found.items() if name.startswith("catalogue")}


def _rows(database: Path) -> str:
    with closing(sqlite3.connect(database)) as opened:
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = {
            name: sorted(map(repr, opened.execute(f"SELECT * FROM '{name}'"))) for (name,) in names
        }
    assert any(tables.values())
    return hashlib.sha256(repr(sorted(tables.items())).encode()).hexdigest()


def tried(operation: Operation, count: int, rng: random.Random, scratch: Path) -> tuple[int, int]:
    """Times that it was killed before its end, and times that the bytes then differed.

    Args:
        operation: what is killed.
        count: kills that are wanted; `MOST_DRAWN` times as many moments are drawn at most.
        rng: draws the moments.
        scratch: a folder to work in.
    """
    start = scratch / f"{operation.name} start"
    start.mkdir(parents=True)
    operation.begin(start)
    place = scratch / "at work"  # paths are part of what is written, so every try has the same one

    def fresh() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(start, place)

    fresh()
    begun = time.monotonic()
    assert _start(place, operation.command, operation.environment).wait() == 0, operation.name
    length, wanted = time.monotonic() - begun, _bytes(place, operation)
    assert wanted
    killed = wrong = 0
    for _ in range(MOST_DRAWN * count):
        if killed == count:
            break
        fresh()
        process = _start(place, operation.command, operation.environment)
        begun = time.monotonic()
        try:
            process.wait(timeout=rng.uniform(0.1, 0.95) * length)
            length = min(length, time.monotonic() - begun)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        # A revision that was delivered before the kill would be asked for twice.
        if operation.name != "revise" or _bytes(place, operation) != wanted:
            code = _start(place, operation.command, operation.environment).wait()
            wrong += code != 0 or _bytes(place, operation) != wanted
    return killed, wrong


def main() -> None:
    """Kill and compare, and print a line an operation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=10, help="kills an operation")
    parser.add_argument("--only", default=None)
    told = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory(prefix="kills-") as scratch:
        for operation in OPERATIONS:
            if told.only in (None, operation.name):
                rng = random.Random(f"{told.seed} {operation.name}")
                killed, wrong = tried(operation, told.count, rng, Path(scratch))
                faults += wrong
                print(
                    f"{operation.name:<14} {killed} of {told.count} killed, {wrong} differ",
                    flush=True,
                )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
