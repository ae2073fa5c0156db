"""Three hundred damaged and hostile inputs over all formats, from one seed, without a fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(900)
def test_no_input_ends_outside_the_closed_set() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.safety.mutations", "--seed", "0", "--count", "300"],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))},
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )
    assert done.stdout.strip().endswith("300 inputs, 0 faults"), done.stdout[-3000:] + done.stderr
    assert done.returncode == 0
