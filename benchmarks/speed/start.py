"""What starting costs: CPU seconds until the first frame, and import time by package.

    python -m benchmarks.speed.start [CLIP]     # a drawn clip by default

``--help``, ``design`` until the first frame is asked for, and a whole ``revise`` of a finished
design are run in processes of their own, three times each; the least is printed. Bytecode is
kept, as an installation does.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

from benchmarks.yardstick.clip import render

FIRST_FRAME = """
import os, sys, time
from foley_designer.vision.video import decode

def stop(*arguments, **options):
    sys.stderr.write(f"CPU {time.process_time():.2f}\\n")
    sys.stderr.flush()
    os._exit(0)

decode.frames = stop
sys.argv[0] = "foley-designer"
from foley_designer.cli.main import main
main()
"""
BYTECODE = {"PYTHONDONTWRITEBYTECODE"}
WHOLE = """
import atexit, sys, time
atexit.register(lambda: sys.stderr.write(f"CPU {time.process_time():.2f}\\n"))
from foley_designer.cli.main import main
main()
"""


def run(code: str, *arguments: str, watched: bool = False) -> tuple[float, Counter[str]]:
    """CPU seconds of a process; if it is watched, milliseconds of import by top-level package."""
    options = ["-X", "importtime"] if watched else []
    command = [sys.executable, *options, "-c", code, *arguments]
    setting = {name: value for name, value in os.environ.items() if name not in BYTECODE}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=setting)
    spent = re.search(r"^CPU ([\d.]+)", done.stderr, re.MULTILINE)
    if spent is None:
        raise SystemExit(done.stderr[-2000:])
    packages: Counter[str] = Counter()
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", done.stderr):
        packages[name.split(".")[0]] += int(own) / 1000
    return float(spent[1]), packages


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "hammer.mp4"
        if not clip.exists():
            render("hammer", clip, rate=Fraction(25), width=480, height=270, seconds=1.0)
        done, changed = Path(folder) / "done", Path(folder) / "changed"
        run(WHOLE, "design", str(clip), "--out", str(done), "--describe", "A man hammers a nail.")
        runs = {
            "--help": (WHOLE, "--help"),
            "design to first frame": (FIRST_FRAME, "design", str(clip), "--out", f"{folder}/out"),
            "revise": (WHOLE, "revise", str(changed), "the hammer quieter", "--yes"),
        }
        for label, call in runs.items():
            spent = []
            for turn in range(4):
                shutil.rmtree(changed, ignore_errors=True)
                shutil.copytree(done, changed)
                seconds, packages = run(*call, watched=turn == 3)
                spent.append(seconds)
            heaviest = ", ".join(f"{name} {ms:.0f}" for name, ms in packages.most_common(12))
            print(f"{label}: {min(spent[:3]):.2f} CPU s; import ms: {heaviest}")


if __name__ == "__main__":
    main()
