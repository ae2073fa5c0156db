"""A scene of 60 events rendered one after another and two at a time, as the graph does.

Usage: ``python -m benchmarks.speed.scene_speed [--events 60] [--seconds 10] [--rounds 1]``. The
graph performs events in the threads of LangGraph's executor; so does this. Prints wall-clock
seconds, the CPU seconds that the process used, and the ratio. On a machine that does other work
both runs are slowed alike, so read the ratio.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.sound.placement import Item, items
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.space import Space
from foley_designer.generator.takes import make_take


def render(scene: list[Item], seconds: float, workers: int) -> tuple[float, float]:
    """Wall-clock and CPU seconds for all takes of a scene."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        wall, cpu = time.perf_counter(), time.process_time()
        made = pool.map(
            lambda item: make_take(
                item.event,
                item.trajectory,
                Space.STREET,
                engine="synth",
                seed=3,
                takes=1,
                sample_count=round(seconds * SAMPLE_RATE),
                folder=Path(folder),
            ),
            scene,
        )
        count = len(list(made))
        assert count == len(scene)
        return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=1, help="in turns, against other work")
    options = parser.parse_args()
    scene = list(items(options.events, options.seconds, np.random.default_rng(0)))
    render(scene[:4], options.seconds, 2)
    took = {1: [], 2: []}
    for _ in range(options.rounds):
        for workers, all_took in took.items():
            all_took.append(render(scene, options.seconds, workers))
    walls = {}
    for workers, all_took in took.items():
        walls[workers] = sum(wall for wall, _ in all_took)
        print(
            f"{workers} at a time: {walls[workers]:.1f} s, {sum(c for _, c in all_took):.1f} s CPU"
        )
    print(f"ratio {walls[1] / walls[2]:.2f}")


if __name__ == "__main__":
    main()
