"""A soak of the assistant server over HTTP: design, listen, revise, undo and export in turn.

Prints the server's resident memory and open file handles after each round. Between the first
quarter of the rounds and the last, both without the rounds in which libraries are still being
loaded, memory (the quarter's median) may drift by 5 %, and no handle may be left.

    python -m benchmarks.safety.soak --minutes 60 [--load 0.3]

``--load`` rests between rounds, so that the soak takes about that share of one core.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import anyio
from mcp import Client

from benchmarks.yardstick.clip import render

WORDS = "a hammer strikes a steel anvil, rain on the roof"
WARM_ROUNDS = 3
"""Rounds in which libraries are still being loaded."""


def memory_mb(process: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def handles(process: int) -> int:
    """File handles that a process holds."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


async def ask(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """A tool's structured answer, or an error that ends the soak."""
    result = await client.call_tool(tool, arguments)
    if result.is_error:
        raise RuntimeError(f"{tool}: {result.content[0]}")
    return dict(result.structured_content or {})


async def done(client: Client, job: str) -> None:
    """Wait for a job."""
    while True:
        status = await ask(client, "foley_job_wait", job_id=job, max_s=30)
        if status["state"] != "running":
            if status["state"] != "done":
                raise RuntimeError(f"{job}: {status}")
            return


async def turn(address: str, number: int) -> None:
    """One round with a client of its own."""
    async with Client(address) as client:
        session = f"yard_{number % 4}"
        design = {"clip": "yard.mp4", "session": session, "description": WORDS, "replace": True}
        await done(client, (await ask(client, "foley_design", **design))["job_id"])
        await ask(client, "foley_listen", session=session)
        await ask(
            client, "foley_revise", session=session, request="everything 3 dB down", apply=True
        )
        await ask(client, "foley_undo", session=session)
        folder = {"folder": "again", "overwrite": True}
        await ask(client, "foley_export", session=session, kinds=["cues", "otio"], **folder)


def soak(minutes: float, load: float) -> int:
    """Run for so long; return 0 if memory stayed flat and no handle was left."""
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch, socket.socket() as probe:
        home = Path(scratch)
        (home / "clips").mkdir()
        clip = home / "clips" / "yard.mp4"
        render("hammer", clip, rate=Fraction(25), width=320, height=180, seconds=2.0)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        words = ["mcp", "--root", str(clip.parent), "--out-root", str(home / "out")]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
        server = subprocess.Popen(
            [sys.executable, "-m", "foley_designer", *words, "--http", "--port", str(port)],
            env=kept | {"FOLEY_DATA_DIR": str(home / "data"), "HOME": str(home)},
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            return _rounds(server.pid, f"http://127.0.0.1:{port}/mcp", minutes, load)
        finally:
            server.terminate()
            server.wait()


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _rounds(server: int, address: str, minutes: float, load: float) -> int:
    until, number = time.monotonic() + 60 * minutes, 0
    seen: list[tuple[float, int]] = []
    while time.monotonic() < until or number < WARM_ROUNDS + 4:
        begun = time.monotonic()
        anyio.run(turn, address, number)
        taken = time.monotonic() - begun
        number += 1
        seen.append((memory_mb(server), handles(server)))
        print(
            f"round {number}: {taken:.1f} s, {seen[-1][0]:.1f} MB, {seen[-1][1]} handles",
            flush=True,
        )
        time.sleep(max(0.0, min(taken * (1.0 / load - 1.0), until - time.monotonic())))
    return _verdict(seen[WARM_ROUNDS:], number)


def _verdict(seen: list[tuple[float, int]], rounds: int) -> int:
    quarter = max(1, len(seen) // 4)
    first, last = (
        (statistics.median(mb for mb, _ in part), max(held for _, held in part))
        for part in (seen[:quarter], seen[-quarter:])
    )
    drift = last[0] / first[0] - 1
    print(
        f"{rounds} rounds, memory {first[0]:.1f} MB in the first quarter, {last[0]:.1f} MB in "
        f"the last ({drift:+.1%}), handles {first[1]} and {last[1]}"
    )
    return int(abs(drift) > 0.05 or last[1] > first[1])


def main() -> None:
    """Soak and end with 1 if something grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--load", type=float, default=1.0, help="share of a core; 1 never rests")
    told = parser.parse_args()
    sys.exit(soak(told.minutes, told.load))


if __name__ == "__main__":
    main()
