#!/usr/bin/env python3
"""Time seeing against real time, and see that its memory stays flat.

usage: python -m benchmarks.speed.seeing_speed [SECONDS ...]

Draws a yardstick clip at 360p, 720p and 1080p for each duration (default 10 and 60 seconds; try
600), looks at it, and prints seconds, times real time and peak memory so far.
"""

import resource
import sys
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
    durations = [float(value) for value in sys.argv[1:]] or [10.0, 60.0]
    print("size        clip s   see s   × real time   peak MB")
    with tempfile.TemporaryDirectory() as folder:
        for width, height in SIZES:
            short = Path(folder) / "short.mp4"
            render("walker+hammer", short, width=width, height=height, seconds=5.0, seed=1)
            for seconds in durations:
                path = repeated(short, max(1, round(seconds / 5)))
                started = time.perf_counter()
                observe(path, field_of_view_deg=54.0)
                spent = time.perf_counter() - started
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                size = f"{width}×{height}"
                print(f"{size:11} {seconds:6.0f} {spent:7.1f} {seconds / spent:10.1f} {peak:12.0f}")


if __name__ == "__main__":
    main()
