"""How near synthesis is to recordings of the same thing: distances in four views, and a classifier.

Usage: ``FOLEY_MEDIA=… FOLEY_GAME_SOUNDS=… python -m benchmarks.sound.realism [--clips 20]``. See
``sound_classes.py`` for the recordings and ``sound_features.py`` for the views and their packages.

A distance between two classes is the mean over pairs of 1 - cosine of their vectors, once the mean
of all recordings is taken off (``log-mel`` and ``onset/decay``: Euclidean). For each class:
synthesis to its recordings (``own``), recordings among one another (``real``), and the nearest
recordings of another class (``other``). Synthesis holds where own < other. The classifier is the
nearest centroid of recordings alone; recordings are tried leaving each out.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.sound.sound_classes import Array, Kind, played, recorded, sets
from benchmarks.sound.sound_features import View, views

COSINE = ("aiSFX", "YAMNet")


class Vectors(NamedTuple):
    """All vectors of one set in one view, by class."""

    real: dict[str, Array]
    synth: dict[str, Array]


def measure(view: View, sounds: list[tuple[Array, int]]) -> Array:
    """``[clips, numbers]``."""
    return np.stack([view(samples, rate) for samples, rate in sounds])


def centred(vectors: Vectors, *, cosine: bool) -> Vectors:
    """Both relative to the mean of all recordings; of unit length where angles are compared."""
    mean = np.concatenate(list(vectors.real.values())).mean(axis=0)

    def moved(some: Array) -> Array:
        off = some - mean
        return off / np.linalg.norm(off, axis=1, keepdims=True) if cosine else off

    return Vectors(*({name: moved(v) for name, v in part.items()} for part in vectors))


def apart(one: Array, other: Array, *, cosine: bool) -> Array:
    """Distance of every pair."""
    if cosine:
        return 1.0 - one @ other.T
    return np.linalg.norm(one[:, None] - other[None], axis=2)


def table(vectors: Vectors, *, cosine: bool) -> int:
    """Print one row a class; how many hold."""
    held = 0
    for name, synth in vectors.synth.items():
        real = vectors.real[name]
        own = apart(synth, real, cosine=cosine).mean()
        among = apart(real, real, cosine=cosine).sum() / (len(real) * (len(real) - 1))
        others = {k: apart(real, v, cosine=cosine).mean() for k, v in vectors.real.items()}
        del others[name]
        nearest = min(others, key=lambda key: others[key])
        held += own < others[nearest]
        mark = "" if own < others[nearest] else "  <-"
        print(
            f"  {name:16} own {own:6.3f}  real {among:6.3f}  other {others[nearest]:6.3f} "
            f"({nearest}){mark}"
        )
    return held


def named(vectors: Vectors, *, cosine: bool) -> tuple[float, float]:
    """Shares of synthesised and of recorded clips whose nearest centroid is their class."""
    names = list(vectors.real)
    centres = np.stack([vectors.real[name].mean(axis=0) for name in names])
    if cosine:
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    right: dict[str, list[bool]] = {"synth": [], "real": []}
    for index, name in enumerate(names):
        heard = apart(vectors.synth[name], centres, cosine=cosine).argmin(axis=1)
        right["synth"] += list(heard == index)
        wrong = [names[other] for other in heard if other != index]
        told = ", ".join(f"{w} {wrong.count(w)}" for w in sorted(set(wrong)))
        print(f"  {name:16} {np.count_nonzero(heard == index):3}/{len(heard)}  {told}")
        right["real"] += _left_out(vectors.real[name], centres, index, cosine=cosine)
    return float(np.mean(right["synth"])), float(np.mean(right["real"]))


def _left_out(real: Array, centres: Array, index: int, *, cosine: bool) -> list[bool]:
    found = []
    for one in range(len(real)):
        own = np.delete(real, one, axis=0).mean(axis=0)
        own = own / np.linalg.norm(own) if cosine else own
        tried = centres.copy()
        tried[index] = own
        found.append(bool(apart(real[one : one + 1], tried, cosine=cosine).argmin() == index))
    return found


def save(folder: Path, name: str, sounds: list[tuple[Array, int]]) -> None:
    """Keep clips to listen to."""
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    for index, (samples, rate) in enumerate(sounds):
        soundfile.write(folder / f"{name.replace(' ', '_')}_{index:02}.wav", samples, rate)


def gather(
    kinds: dict[str, Kind], folder: Path, count: int, seed: int, keep: Path | None
) -> tuple[dict[str, list[tuple[Array, int]]], dict[str, list[tuple[Array, int]]]]:
    """Recordings and synthesis of every class."""
    real = {name: recorded(kind, folder) for name, kind in kinds.items()}
    synth = {name: list(played(kind, count, seed)) for name, kind in kinds.items()}
    if keep is not None:
        for name, sounds in synth.items():
            save(keep, name, sounds)
    return real, synth


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--clips", type=int, default=20, help="synthesised clips a class")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the synthesised clips")
    options = parser.parse_args()
    found = views()
    for title, kinds, folder in sets():
        real, synth = gather(kinds, folder, options.clips, options.seed, options.keep)
        for name, view in found.items():
            cosine = name in COSINE
            vectors = Vectors(*({k: measure(view, s) for k, s in p.items()} for p in (real, synth)))
            vectors = centred(vectors, cosine=cosine)
            print(f"\n{title}, {name}: distances")
            held = table(vectors, cosine=cosine)
            print(f"  nearer than any other class: {held} of {len(kinds)}")
            print(f"{title}, {name}: synthesis named by the nearest centroid of recordings")
            ours, theirs = named(vectors, cosine=cosine)
            print(f"  synthesis {100 * ours:.0f} %, recordings left out {100 * theirs:.0f} %")


if __name__ == "__main__":
    main()
