#!/usr/bin/env python3
"""A film of ten minutes, made in pieces: CPU seconds, memory, what each step took.

usage: FOLEY_MEDIA=FOLDER python -m benchmarks.scenes.film_scale OUT [--film long|seen]
           [--workers N] [--cluster ADDRESS] [--name NAME] [--report]

Joins the film of `long_film.py` (or the short one of `recut_films.py`) where it is not there yet
and designs it into OUT/NAME with the command line. The run may be killed and given again: it goes
on, and what was used so far is kept, a second's resolution apart. Prints CPU seconds by second of
film, memory at most (proportional set size of all processes together), and CPU seconds by step.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.scenes.long_film import LONG
from benchmarks.scenes.recut_films import SMALL, fountain, render, takes_of, timeline

FILMS = {"long": LONG, "seen": SMALL}
TICKS = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [below for one in task.read_text().split() for below in children(int(one))]
        except OSError:
            continue
    return found


def used(pids: list[int]) -> tuple[float, float]:
    """CPU seconds, those of ended children included, and memory in GB of some processes."""
    seconds = memory = 0.0
    for pid in pids:
        try:
            cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        seconds += sum(int(cell) for cell in cells[11:15]) / TICKS
        pss = next(line for line in rolled.splitlines() if line.startswith("Pss:"))
        memory += int(pss.split()[1]) / 1e6
    return seconds, memory


def watched(command: list[str], told: Path) -> int:
    """Run a command; keep what it uses in a file, a second at a time."""
    began = time.monotonic()
    process = subprocess.Popen(command)
    most = cpu = 0.0
    while process.poll() is None:
        now, memory = used(children(process.pid))
        cpu, most = max(cpu, now), max(most, memory)
        wall = time.monotonic() - began
        told.write_text(json.dumps({"cpu_s": cpu, "gb": most, "wall_s": wall, "ended": False}))
        time.sleep(1.0)
    wall = time.monotonic() - began
    ended = process.returncode == 0
    told.write_text(json.dumps({"cpu_s": cpu, "gb": most, "wall_s": wall, "ended": ended}))
    return process.returncode


def prepared(out: Path, name: str) -> tuple[Path, Path, float]:
    """The film's picture and script, made where they are not there, and its length in seconds."""
    takes = takes_of(FILMS[name])
    reel, script = out / f"{name}.mp4", out / f"{name}.fountain"
    out.mkdir(parents=True, exist_ok=True)
    if not reel.is_file():
        render(takes, out / f"making_{name}.mp4")
        (out / f"making_{name}.mp4").rename(reel)
    script.write_text(fountain(FILMS[name]))
    return reel, script, len(timeline(takes)) / 24


def report(folder: Path, name: str, seconds: float) -> None:
    """Print what all pieces of a run used."""
    pieces = [json.loads(path.read_text()) for path in sorted(folder.glob(f"{name}.piece*.json"))]
    cpu = sum(piece["cpu_s"] for piece in pieces)
    wall = sum(piece["wall_s"] for piece in pieces)
    most = max((piece["gb"] for piece in pieces), default=0.0)
    state = "done" if pieces and pieces[-1]["ended"] else "not done yet"
    print(
        f"{name}: {state}, {len(pieces)} piece(s); {cpu:.0f} CPU s for {seconds:.0f} s of film, "
        f"{cpu / seconds:.2f} a second; {wall:.0f} s on the wall; {most:.2f} GB at most"
    )


def main() -> None:
    """Make the film, or a piece more of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--film", choices=FILMS, default="long")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--cluster", default=None)
    options.add_argument("--name", default=None)
    options.add_argument("--report", action="store_true", help="print what was used, run nothing")
    told = options.parse_args()
    reel, script, seconds = prepared(told.out, told.film)
    name = told.name or f"{told.film}-{told.workers}"
    if not told.report:
        number = len(list(told.out.glob(f"{name}.piece*.json")))
        command = [sys.executable, "-m", "foley_designer", "film", str(reel)]
        command += ["--script", str(script), "--out", str(told.out / name)]
        command += ["--workers", str(told.workers)]
        command += ["--cluster", told.cluster] if told.cluster else []
        watched(command, told.out / f"{name}.piece{number:02}.json")
    report(told.out, name, seconds)


if __name__ == "__main__":
    main()
