#!/usr/bin/env python3
"""Simulated film with exact truth, for fitting and for figures.

usage: python -m benchmarks.seeing.simulate
       FOLDER [--count N] [--seed S] [--kinds KIND ...] [--jobs N]

Writes ``NAME.mp4`` and ``NAME.json`` a film. A kind is one actor or several joined by ``+``
(``walker+walker``); without kinds they are drawn: three of five films have one source, the others
two or three, half of these of one kind. Needs MuJoCo (the ``simulation`` extra) and, without a
GPU, the system library OSMesa (Debian: ``libosmesa6``).
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np

from benchmarks.simulated.film import ACTORS, draw, truth, write


def drawn_kinds(seed: int) -> tuple[str, ...]:
    """Which actors the film of a seed has."""
    rng = np.random.default_rng([seed, 7])
    labels = list(ACTORS)
    count = int(rng.choice([1, 2, 3], p=[0.6, 0.28, 0.12]))
    first = labels[seed % len(labels)]
    if rng.random() < 0.5:
        return (first,) * count
    return (first, *(str(one) for one in rng.choice(labels, count - 1)))


def make(folder: Path, seed: int, kinds: tuple[str, ...]) -> str:
    """Write one film and its truth; a film that is there is kept."""
    name = f"{seed:05d}-{'+'.join(kinds)}"
    if not (folder / f"{name}.json").exists():
        film = draw(kinds, seed)
        write(film, folder / f"{name}.mp4")
        text = json.dumps({"name": name, **truth(film)})
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return name


def main() -> None:
    """Write films."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="of the first film")
    parser.add_argument("--kinds", nargs="+", help="used in turn")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    seeds = range(chosen.seed, chosen.seed + chosen.count)
    kinds = [tuple(one.split("+")) for one in chosen.kinds or ()]
    drawn = [kinds[k % len(kinds)] if kinds else drawn_kinds(s) for k, s in enumerate(seeds)]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for name in pool.map(make, repeat(chosen.folder), seeds, drawn):
            print(name, flush=True)


if __name__ == "__main__":
    main()
