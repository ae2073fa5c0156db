#!/usr/bin/env python3
"""Time seeing against real time, and see that its memory stays flat.

usage: python -m benchmarks.speed.seeing_speed [SECONDS ...] [--clip CLIP ...] [--people FOLDER]

Draws a yardstick clip at 360p, 720p and 1080p for each duration (default 10 and 60 seconds; try
600), or takes clips as they are, looks at each, and prints seconds, times real time, seconds of
processor and peak memory so far. Where others compute beside it, read the processor's: half of them
is the best that two cores can do. ``--people`` follows bodies and hands all through.
"""

import argparse
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

from benchmarks.yardstick.clip import render
from foley_designer.vision.observe import observe

SIZES = ((640, 360), (1280, 720), (1920, 1080))


def repeated(path: Path, times: int) -> Path:
    """The clip over and over, packets copied."""
    import av

    longer = path.with_name("long.mp4")
    with av.open(str(longer), "w") as target:
        stream, offset = None, 0
        for _ in range(times):
            with av.open(str(path)) as source:
                video = source.streams.video[0]
                stream = stream or target.add_stream_from_template(video)
                for packet in source.demux(video):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    packet.stream = stream
                    target.mux(packet)
                offset += round(Fraction(5) / video.time_base)
    return longer


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("durations", nargs="*", type=float, default=[10.0, 60.0])
    parser.add_argument("--clip", nargs="+", type=Path, default=[])
    parser.add_argument("--people", type=Path)
    options = parser.parse_args()
    print("clip                     film s   see s   × real time   CPU s   peak MB")
    for clip in options.clip:
        print(timed(clip, clip.stem, options.people), flush=True)
    if options.clip:
        return
    with tempfile.TemporaryDirectory() as folder:
        for width, height in SIZES:
            short = Path(folder) / "short.mp4"
            render("walker+hammer", short, width=width, height=height, seconds=5.0, seed=1)
            for seconds in options.durations:
                path = repeated(short, max(1, round(seconds / 5)))
                print(timed(path, f"{width}×{height}", options.people), flush=True)


def timed(path: Path, name: str, people: Path | None) -> str:
    """A row of the table."""
    started, computed = time.perf_counter(), time.process_time()
    seconds = observe(path, field_of_view_deg=54.0, people=people).clip.duration_s
    spent, computed = time.perf_counter() - started, time.process_time() - computed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speed = seconds / spent
    return f"{name:24} {seconds:6.1f} {spent:7.1f} {speed:10.1f} {computed:11.1f} {peak:9.0f}"


if __name__ == "__main__":
    main()
