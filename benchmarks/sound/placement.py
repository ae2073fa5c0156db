"""How well takes keep time and place: prints a table for random static and moving events.

Run: python -m benchmarks.sound.placement [--items 200] [--seconds 10]
"""

import argparse
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import SAMPLE_RATE
from foley_designer.core.script.performance import Layer
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.sounds.table import is_impulsive
from foley_designer.core.space import Space
from foley_designer.dsp.spatial.air import absorption_db_per_m
from foley_designer.export.audio.wav import read_wav
from foley_designer.generator.check import measure_timing
from foley_designer.generator.engine import Dry, Samples
from foley_designer.generator.motion import Delay
from foley_designer.generator.placement import (
    channel_gains,
    distance_gain,
    mono_loss_db,
    place,
    time_difference_s,
)
from foley_designer.generator.takes import make_take
from foley_designer.metrics.activity import frame_power
from foley_designer.metrics.gcc import (
    RATE,
    Windows,
    bewo_score,
    clip_delay_s,
    itd_error_us,
    mono_baseline,
    window_centres_s,
    window_delays,
)

FRAME_RATE = Fraction(24)
DIRECTIONS = (-45.0, -15.0, 0.0, 15.0, 45.0)
"""The paper's five frontal regions (section 4)."""
EVERY = tuple(Subcategory)
"""Weather and places too: heard from one window, they have a direction."""

Array = NDArray[np.float64]


class Item(NamedTuple):
    """One event and its cues."""

    event: SoundEvent
    trajectory: Trajectory
    moving: bool


class Row(NamedTuple):
    """What was measured on one take."""

    moving: bool
    itd_error_us: float
    delay_s: float
    reference_s: float
    level_error_db: float
    mono_loss_db: float
    iou: float | None
    offsets_s: Array


def items(count: int, seconds: float, rng: np.random.Generator) -> Iterator[Item]:
    """Static events in the five directions and events that cross between two of them."""
    frames = round(seconds * FRAME_RATE)
    for index in range(count):
        subcategory = EVERY[index % len(EVERY)]
        moving = index // len(EVERY) % 2 == 1
        start = DIRECTIONS[index % len(DIRECTIONS)]
        end = float(rng.choice([d for d in DIRECTIONS if d != start])) if moving else start
        near, far = np.sort(rng.uniform(1.0, 12.0, 2))
        glide = np.linspace(0.0, 1.0, frames)
        azimuth = start + (end - start) * (3 - 2 * glide) * glide**2
        distance = near + (far - near) * glide if moving else np.full(frames, near)
        event = _event(f"item_{index}", subcategory, seconds, rng)
        active = np.zeros(frames, bool)
        for hit in event.hits:
            first = int(hit.time_s * FRAME_RATE)
            active[first : int((hit.time_s + 0.06) * FRAME_RATE) + 1] = True
        for span in event.spans:
            active[int(span.start_s * FRAME_RATE) : int(span.end_s * FRAME_RATE) + 1] = True
        trajectory = Trajectory(
            event_id=event.id,
            rate=FRAME_RATE,
            azimuth_deg=tuple(azimuth.tolist()),
            distance_m=tuple(distance.tolist()),
            active=tuple(active.tolist()),
        )
        yield Item(event, trajectory, moving)


def _event(
    name: str, subcategory: Subcategory, seconds: float, rng: np.random.Generator
) -> SoundEvent:
    hits: tuple[Hit, ...] = ()
    spans: tuple[Span, ...] = ()
    if is_impulsive(subcategory):
        times = 0.3 + np.cumsum(rng.uniform(0.35, 1.4, 40))
        hits = tuple(
            Hit(time_s=float(time), strength=float(rng.uniform(0.4, 1.0)))
            for time in times[times < seconds - 0.5]
        )
    else:
        start, end = rng.uniform(0.2, 0.3 * seconds), rng.uniform(0.7, 0.95) * seconds
        spans = (Span(start_s=float(start), end_s=float(end)),)
    return SoundEvent(
        id=name,
        label=subcategory.value,
        description=subcategory.value,
        subcategory=subcategory,
        layer=Layer.FOREGROUND,
        hits=hits,
        spans=spans,
        source=Source(kind=SourceKind.POINT),
    )


def measure(item: Item, seconds: float, folder: Path) -> Row:
    """Render one item and measure its file."""
    count = round(seconds * SAMPLE_RATE)
    take, _ = make_take(
        item.event,
        item.trajectory,
        Space.STREET,
        seed=7,
        takes=2,
        sample_count=count,
        folder=folder,
    )
    path = folder / Path(take.file).name
    stereo = read_wav(path)
    path.unlink()
    windows = window_delays(stereo, SAMPLE_RATE)
    azimuth = np.interp(
        window_centres_s(seconds) * float(FRAME_RATE),
        np.arange(len(item.trajectory.azimuth_deg)),
        item.trajectory.azimuth_deg,
    )
    # The papers' reference is a recording read by the same detector, in whole samples.
    expected = np.round(time_difference_s(azimuth) * RATE) / RATE
    reference = Windows(expected, windows.levels_db)
    timing = measure_timing(stereo, item.event)
    error = itd_error_us(windows, time_difference_s(azimuth))
    return Row(
        moving=item.moving,
        itd_error_us=float("nan") if error is None else error,
        delay_s=clip_delay_s(windows),
        reference_s=clip_delay_s(reference),
        level_error_db=level_error_db(stereo, item.trajectory),
        mono_loss_db=mono_loss_db(stereo),
        iou=take.check.activity_iou,
        offsets_s=np.zeros(0) if timing is None else timing.offsets_s,
    )


def level_error_db(stereo: Samples, trajectory: Trajectory) -> float:
    """Mean error of the level difference over windows of 50 ms within 40 dB of the loudest."""
    size = SAMPLE_RATE // 20
    left, right = (frame_power(channel[None], size) for channel in stereo)
    loud = left + right > 1e-4 * (left + right).max()
    place_at = (np.flatnonzero(loud) + 0.5) * size / SAMPLE_RATE * float(trajectory.rate)
    azimuth = np.interp(place_at, np.arange(len(trajectory.azimuth_deg)), trajectory.azimuth_deg)
    wanted = np.divide(*channel_gains(azimuth))
    errors = 10 * np.log10(left[loud] / right[loud]) - 20 * np.log10(wanted)
    return float(np.mean(np.abs(errors)))


def doppler_snr_db(speed: float = 15.0, nearest: float = 4.0, tone_hz: float = 1000.0) -> float:
    """A tone that passes by, against the closed form at the retarded time; 25 frames a second."""
    seconds, rate, start = 4.0, 25, -30.0
    frames = np.arange(round(seconds * rate)) / rate
    trajectory = Trajectory(
        event_id="tone",
        rate=Fraction(rate),
        azimuth_deg=tuple(np.degrees(np.arctan2(-(start + speed * frames), nearest)).tolist()),
        distance_m=tuple(np.hypot(start + speed * frames, nearest).tolist()),
        active=(True,) * len(frames),
    )
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * tone_hz * times).astype(np.float32)[None]
    placed = place(Dry(tone), trajectory, Space.OPEN_FIELD, delay=Delay.PHYSICAL)
    delay = np.zeros_like(times)
    for _ in range(40):
        delay = np.hypot(start + speed * (times - delay), nearest) / 343.0
    left = times - delay
    azimuth = np.degrees(np.arctan2(-(start + speed * left), nearest))
    distance = np.hypot(start + speed * left, nearest)
    air = 10 ** (-absorption_db_per_m(tone_hz) * (distance - 1) / 20)
    exact = [
        gain * distance_gain(distance) * air * np.sin(2 * np.pi * tone_hz * (left + sign * half))
        for gain, sign, half in zip(
            channel_gains(azimuth), (1, -1), [time_difference_s(azimuth) / 2] * 2, strict=True
        )
    ]
    inner = slice(SAMPLE_RATE // 2, -SAMPLE_RATE // 2)
    truth = np.stack(exact)[:, inner]
    noise = placed[:, inner] - truth
    return float(10 * np.log10(np.sum(truth**2) / np.sum(noise**2)))


def report(rows: list[Row]) -> None:
    """Print the table."""
    print(f"{'':10} {'items':>5} {'GCC':>7} {'mono':>7} {'ITD µs':>7} {'level':>8} {'mono sum':>9}")
    for name, some in (
        ("static", [row for row in rows if not row.moving]),
        ("moving", [row for row in rows if row.moving]),
        ("all", rows),
    ):
        if not some:
            continue
        measured, reference = ([row[i] for row in some] for i in (2, 3))
        print(
            f"{name:10} {len(some):5} {bewo_score(measured, reference):7.2f} "
            f"{mono_baseline(reference):7.2f} {np.nanmean([r.itd_error_us for r in some]):7.1f} "
            f"{np.mean([r.level_error_db for r in some]):8.2f} "
            f"{max(r.mono_loss_db for r in some):9.2f}"
        )
    offsets = np.concatenate([row.offsets_s for row in rows])
    near = np.abs(np.nan_to_num(offsets, nan=1.0))
    print(
        f"onsets: {len(offsets)}, median {1e3 * np.median(near):.2f} ms, "
        f"within 5 ms {100 * np.mean(near <= 0.005):.1f} %"
    )
    print(f"activity IoU: mean {np.mean([row.iou for row in rows]):.3f}")
    print(f"Doppler SNR: {doppler_snr_db():.1f} dB")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--each", action="store_true", help="print every item")
    options = parser.parse_args()
    rows = []
    with TemporaryDirectory() as folder:
        for item in items(options.items, options.seconds, np.random.default_rng(0)):
            row = measure(item, options.seconds, Path(folder))
            rows.append(row)
            if options.each:
                print(
                    f"{item.event.subcategory:14} moving {row.moving:d} "
                    f"itd {row.itd_error_us:6.1f} µs, clip {1e6 * row.delay_s:6.0f} of "
                    f"{1e6 * row.reference_s:6.0f}, level {row.level_error_db:5.2f}, "
                    f"mono {row.mono_loss_db:5.2f}, iou {row.iou:.2f}, "
                    f"hits {np.count_nonzero(np.abs(row.offsets_s) <= 0.005)}/{len(row.offsets_s)}"
                )
    report(rows)


if __name__ == "__main__":
    main()
