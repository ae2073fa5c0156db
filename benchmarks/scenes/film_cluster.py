#!/usr/bin/env python3
"""A film on a Ray cluster of two nodes: the bytes of one machine's, also when a worker is killed.

usage: python -m benchmarks.scenes.film_cluster [--port 6399]

Needs the extra ``cluster``. Starts two nodes on this machine, each with one core, makes the drawn
film of the tests in processes of its own, on the cluster, and on the cluster with a worker killed
while it works; compares all that a user sees; ends the nodes.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from digests import digests, visible  # noqa: E402
from drawn_film import drawn_film  # noqa: E402

QUICK = {"FOLEY_BRANCHING": "1", "FOLEY_DEPTH": "1", "FOLEY_TAKES": "1"}


def node(*words: str) -> "subprocess.Popen[bytes]":
    """A node of the cluster, in a process group of its own."""
    size = ("--num-cpus", "1", "--disable-usage-stats", "--object-store-memory", "100000000")
    command = [str(Path(sys.executable).with_name("ray")), "start", *words, *size, "--block"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    time.sleep(8.0)
    assert process.poll() is None, "a node did not start"
    return process


def begun(folder: Path, *more: str) -> "subprocess.Popen[bytes]":
    """The film's command, begun in a folder."""
    words = ("film", "reel.mp4", "--script", "film.fountain", "--out", "f", *more)
    command = [sys.executable, "-m", "foley_designer", *words]
    return subprocess.Popen(command, cwd=folder, env=os.environ | QUICK)


def told(folder: Path) -> dict[str, str]:
    """What a user sees of the film; the ledger tells CPU seconds."""
    found = digests(folder / "f", visible)
    return {name: digest for name, digest in found.items() if not name.startswith(".film/")}


def killed_one(within_s: float) -> bool:
    """Kill a worker of Ray that works on a scene; whether one was found in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                name = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if name.startswith("ray::") and ("make_scene" in name or "work" in name):
                time.sleep(3.0)
                os.kill(int(folder.name), signal.SIGKILL)
                return True
        time.sleep(0.2)
    return False


def main() -> None:
    """Make the film three times, and say whether it is the same."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=6399)
    port = options.parse_args().port
    address = f"127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="cluster-") as scratch:
        start, place = Path(scratch) / "start", Path(scratch) / "at work"
        start.mkdir()
        drawn_film(start)

        def made(*more: str, kill: bool = False) -> dict[str, str]:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(start, place)
            process = begun(place, *more)
            if kill:
                print("a worker was killed" if killed_one(120.0) else "no worker was found")
            assert process.wait() == 0
            return told(place)

        here = made("--workers", "1")
        nodes = []
        try:
            nodes.append(node("--head", "--port", str(port), "--include-dashboard", "false"))
            nodes.append(node("--address", address))
            there = made("--cluster", address)
            print(f"two nodes: {sum(there.get(k) != v for k, v in here.items())} files differ")
            again = made("--cluster", address, kill=True)
            print(f"a worker killed: {sum(again.get(k) != v for k, v in here.items())} differ")
        finally:
            for one in nodes:
                os.killpg(one.pid, signal.SIGTERM)


if __name__ == "__main__":
    main()
