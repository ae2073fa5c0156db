"""Placement against an independent renderer: two microphones in pyroomacoustics' rooms.

usage: python -m benchmarks.sound.two_microphones [--seconds 1.5]

The same noise burst is placed by us and rendered by pyroomacoustics with a pair 17 cm apart, free
field and in a room of 6 by 4.5 by 2.6 m, at nine directions and three distances. One detector
(`metrics.itd`, steps of 2.6 µs) reads by how much each differs from the direction's formula. Prints
how far the independent render is from it, and ours from that render, beside centred mono.
"""

import argparse
from fractions import Fraction
from itertools import product

import numpy as np
import pyroomacoustics as pra

from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.generator.engine import Dry
from foley_designer.generator.placement import SPACING_M, Profile, place, time_difference_s
from foley_designer.metrics.itd import delay_residual_s

AZIMUTHS = (-60.0, -45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0, 60.0)
DISTANCES_M = (1.0, 1.5, 1.9)
SIZE = (6.0, 4.5, 2.6)
ABSORPTION = 0.45
LISTENER = (2.2, 2.1, 1.4)


def rendered(samples: np.ndarray, azimuth: float, distance: float, order: int) -> np.ndarray:
    """Two microphones, left first, facing along x; left is towards positive y."""
    walls = pra.Material(ABSORPTION)
    room = pra.ShoeBox(SIZE, fs=SAMPLE_RATE, max_order=order, materials=walls)
    angle = np.radians(azimuth)
    listener = np.array(LISTENER)
    room.add_source(listener + distance * np.array([np.cos(angle), np.sin(angle), 0.0]), samples)
    offset = np.array([0.0, SPACING_M / 2, 0.0])
    room.add_microphone_array(np.stack([listener + offset, listener - offset], axis=1))
    room.simulate()
    return np.asarray(room.mic_array.signals[:, : len(samples)], np.float32)


def placed(samples: np.ndarray, azimuth: float, distance: float) -> np.ndarray:
    """The same by our placement."""
    count = max(2, round(50 * len(samples) / SAMPLE_RATE))
    trajectory = Trajectory(
        event_id="e01_noise",
        rate=Fraction(50),
        azimuth_deg=(azimuth,) * count,
        distance_m=(distance,) * count,
        active=(True,) * count,
    )
    dry = Dry(samples[None].astype(np.float32))
    return place(dry, trajectory, Space.SMALL_ROOM, profile=Profile.PAIR)


def main() -> None:
    """Render, place, read and compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.5)
    seconds = parser.parse_args().seconds
    count = round(seconds * SAMPLE_RATE)
    noise = 0.1 * np.random.default_rng(1).standard_normal(count)
    print("| rendered | places | formula off it, median µs | ours off it, median | worst | mono |")
    print("|---|---|---|---|---|---|")
    for name, order in (("free field", 0), ("room of 70 m³", 6)):
        off, gaps, mono = [], [], []
        for azimuth, distance in product(AZIMUTHS, DISTANCES_M):
            formula = float(time_difference_s(azimuth))
            theirs = residual_us(rendered(noise, azimuth, distance, order), formula)
            ours = residual_us(placed(noise, azimuth, distance), formula)
            off.append(abs(theirs))
            gaps.append(abs(ours - theirs))
            mono.append(abs(theirs + 1e6 * formula))
        row = f"{np.median(off):.1f} | {np.median(gaps):.1f} | {max(gaps):.1f}"
        print(f"| {name} | {len(gaps)} | {row} | {np.mean(mono):.0f} |")


def residual_us(stereo: np.ndarray, formula_s: float) -> float:
    """Measured minus the formula's time difference, µs."""
    found = delay_residual_s(stereo, SAMPLE_RATE, [formula_s, formula_s], 1.0)
    assert found is not None
    return 1e6 * found


if __name__ == "__main__":
    main()
