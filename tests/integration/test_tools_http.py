"""A design whose every tool call crosses HTTP gives the same bytes as one in process."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from digests import digests
from toolserver import free_port, serving

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.core.errors import ExitCode

pytestmark = pytest.mark.slow

Run = Callable[..., CompletedProcess[str]]
SEEN = {"shots", "track", "depth", "inspect", "strips", "cues"}
USED = SEEN | {"generate", "measure", "process", "mix", "upmix"}
TRAVEL = {"put_file", "get_file", "list_files"}


OF_THIS_MACHINE = {"engines", "seeing"}
"""Contents that a design in process hashes, and that another machine keeps to itself."""


def files(out: Path) -> dict[str, str]:
    """Everything that is delivered, and the takes and keyframes."""
    found = digests(out, lambda path: not path.name.startswith(("checkpoints", "lock")))
    record = json.loads((out / "session.json").read_bytes())
    contents = record["inputs"]["contents"]
    record["inputs"]["contents"] = {
        name: digest for name, digest in contents.items() if name not in OF_THIS_MACHINE
    }
    return found | {"session.json": json.dumps(record, sort_keys=True)}


def designed(foley: Run, clip: Path, out: Path, **environment: str) -> dict[str, str]:
    words = "a hammer strikes a steel anvil"
    done = foley("design", clip, "--out", out, "--describe", words, **environment)
    assert done.returncode == 0, done.stderr
    return files(out)


@pytest.fixture(scope="module")
def clip(hammer: tuple[Path, YardstickTruth]) -> Path:
    return hammer[0]


@pytest.fixture(scope="module")
def in_process(hammered: Path) -> dict[str, str]:
    return files(hammered)


def wait_until_open(port: int, process: subprocess.Popen[str]) -> None:
    """Until something listens at the port."""
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    pytest.fail("the server ended")


@pytest.fixture
def command(clip: Path, tmp_path: Path) -> Iterator[str]:
    """The installed server, which shares the clip's folder and the session's."""
    port = free_port()
    arguments = ["tools", "--http", "--port", str(port)]
    arguments += ["--read", str(clip.parent), "--write", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "foley_designer", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"FOLEY_DATA_DIR": str(tmp_path / "data")},
    )
    assert process.stderr is not None
    while "Tools at" not in (line := process.stderr.readline()):
        assert line, "the server ended"
    wait_until_open(port, process)
    yield f"http://127.0.0.1:{port}/mcp"
    process.terminate()
    process.communicate(timeout=20)


def test_shared_folders_give_the_same_bytes(
    command: str, clip: Path, foley: Run, in_process: dict[str, str], tmp_path: Path
) -> None:
    environment = {"FOLEY_TOOLS_URL": command, "FOLEY_TOOLS_SHARE_FOLDERS": "1"}
    assert designed(foley, clip, tmp_path / "out", **environment) == in_process


def test_files_that_travel_give_the_same_bytes(
    clip: Path, foley: Run, in_process: dict[str, str], tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    with serving((), (workspace,)) as served:
        out = designed(foley, clip, tmp_path / "out", FOLEY_TOOLS_URL=served.url)
    assert out == in_process
    assert set(served.called) == USED | TRAVEL
    assert served.called.count("put_file") == 2, "the clip goes once, what the server made never"


def test_a_design_goes_on_when_the_server_is_back(
    clip: Path, foley: Run, in_process: dict[str, str], tmp_path: Path
) -> None:
    workspace, out = tmp_path / "workspace", tmp_path / "out"
    workspace.mkdir()
    with serving((), (workspace,), breaks_at="measure") as served:
        words = ("--describe", "a hammer strikes a steel anvil")
        done = foley("design", clip, "--out", out, *words, FOLEY_TOOLS_URL=served.url)
    assert done.returncode == ExitCode.PARTIAL
    assert "tool_failed" in done.stderr
    with serving((), (workspace,)) as served:
        assert designed(foley, clip, out, FOLEY_TOOLS_URL=served.url) == in_process
    assert "track" not in served.called
    assert "generate" not in served.called


def test_a_server_that_takes_no_files_says_so(clip: Path, foley: Run, tmp_path: Path) -> None:
    with serving((tmp_path,), ()) as served:
        done = foley("design", clip, "--out", tmp_path / "out", FOLEY_TOOLS_URL=served.url)
    assert done.returncode != 0
    assert "put_file" in done.stderr
