"""Bad inputs: one clear line, a documented exit code, and what exists stays untouched."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import numpy as np
import pytest
import soundfile
from digests import digests, visible
from filelock import FileLock

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.core.errors import ErrorCode, ExitCode

pytestmark = pytest.mark.slow

Made = dict[str, str]
Run = Callable[..., CompletedProcess[str]]


class Case(NamedTuple):
    """One bad input: how it is made, and how it must end."""

    name: str
    make: Callable[[Path, Path], tuple[list[str], Made]]
    """From a scratch folder and a good clip: arguments, and environment."""
    code: ErrorCode | None
    exit_code: ExitCode


def write(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def sound_only(path: Path) -> str:
    soundfile.write(path, np.zeros(4800, np.float32), 48000)
    return str(path)


def scripted(name: str, data: bytes) -> Callable[[Path, Path], tuple[list[str], Made]]:
    return lambda d, clip: ([str(clip), "--script", write(d / name, data)], {})


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;">]><FinalDraft>&b;</FinalDraft>'
)

CASES = [
    Case("no such clip", lambda d, _: ([str(d / "no.mp4")], {}), ErrorCode.CLIP_NOT_FOUND, 4),
    Case("a folder", lambda d, _: ([str(d)], {}), ErrorCode.CLIP_NOT_FOUND, 4),
    Case("empty", lambda d, _: ([write(d / "a.mp4", b"")], {}), ErrorCode.CLIP_EMPTY, 4),
    Case(
        "text",
        lambda d, _: ([write(d / "a.mp4", b"EXT. NIGHT " * 99)], {}),
        ErrorCode.CLIP_UNREADABLE,
        4,
    ),
    Case(
        "header alone",
        lambda d, clip: ([write(d / "a.mp4", clip.read_bytes()[:600])], {}),
        ErrorCode.CLIP_UNREADABLE,
        4,
    ),
    Case(
        "sound alone",
        lambda d, _: ([sound_only(d / "a.wav")], {}),
        ErrorCode.CLIP_WITHOUT_VIDEO,
        4,
    ),
    Case(
        "no such script",
        lambda d, clip: ([str(clip), "--script", str(d / "no.fountain")], {}),
        ErrorCode.SCRIPT_NOT_FOUND,
        4,
    ),
    Case(
        "binary script",
        scripted("a.fountain", struct.pack("<512I", *range(7, 7 + 512)) * 4),
        ErrorCode.SCRIPT_UNREADABLE,
        4,
    ),
    Case("XML bomb", scripted("a.fdx", BOMB), ErrorCode.SCRIPT_UNREADABLE, 4),
    Case("broken FDX", scripted("a.fdx", b"<FinalDraft><Con"), ErrorCode.SCRIPT_UNREADABLE, 4),
    Case(
        "huge script",
        scripted("a.txt", b"He walks.\n\n" * 1_000_000),
        ErrorCode.SCRIPT_TOO_LARGE,
        4,
    ),
    Case("negative seed", lambda _, clip: ([str(clip), "--seed", "-1"], {}), None, 2),
    Case(
        "unknown target",
        lambda _, clip: ([str(clip), "--target", "loud"], {}),
        ErrorCode.CONFIG_INVALID,
        2,
    ),
    Case(
        "unknown engine",
        lambda _, clip: ([str(clip), "--engine", "moog"], {}),
        ErrorCode.PART_MISSING,
        3,
    ),
    Case(
        "out is a file",
        lambda d, clip: ([str(clip), "--out", write(d / "out", b"keep")], {}),
        ErrorCode.OUTPUT_NOT_WRITABLE,
        7,
    ),
    Case(
        "out under a file",
        lambda d, clip: ([str(clip), "--out", write(d / "f", b"keep") + "/x"], {}),
        ErrorCode.OUTPUT_NOT_WRITABLE,
        7,
    ),
    Case(
        "broken session",
        lambda d, clip: ([str(clip), "--out", _session(d, b"{half")], {}),
        ErrorCode.DOCUMENT_INVALID,
        4,
    ),
    Case(
        "session of a newer program",
        lambda d, clip: (
            [str(clip), "--out", _session(d, b'{"schema": "session", "schema_version": 99}')],
            {},
        ),
        ErrorCode.DOCUMENT_TOO_NEW,
        4,
    ),
    Case(
        "bad card",
        lambda d, clip: (
            [str(clip)],
            {"FOLEY_KNOWLEDGE_DIR": str(Path(write(d / "c" / "a.md", b"no front matter")).parent)},
        ),
        ErrorCode.CARD_INVALID,
        4,
    ),
    Case(
        "bad prompt",
        lambda d, clip: (
            [str(clip)],
            {
                "FOLEY_LLM_MODEL": "m",
                "FOLEY_PROMPTS_DIR": str(Path(write(d / "p" / "a.md", b"{{")).parent),
            },
        ),
        ErrorCode.PROMPT_INVALID,
        4,
    ),
    Case(
        "bad number in the environment",
        lambda _, clip: ([str(clip)], {"FOLEY_BEAM": "many"}),
        ErrorCode.CONFIG_INVALID,
        2,
    ),
    Case(
        "tool server away",
        lambda _, clip: ([str(clip)], {"FOLEY_TOOLS_URL": "http://127.0.0.1:9/mcp"}),
        ErrorCode.TOOL_FAILED,
        6,
    ),
]


def _session(folder: Path, record: bytes) -> str:
    return str(Path(write(folder / "out" / "session.json", record)).parent)


def files(folder: Path) -> dict[str, str]:
    return digests(folder, visible)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_line_and_a_documented_exit_code(
    case: Case, tmp_path: Path, hammer: tuple[Path, YardstickTruth], foley: Run
) -> None:
    arguments, environment = case.make(tmp_path, hammer[0])
    if "--out" not in arguments:
        arguments += ["--out", str(tmp_path / "out")]
    before = files(tmp_path)
    done = foley("design", *arguments, **environment)
    assert done.returncode == case.exit_code, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
    if case.code is not None:
        assert last.startswith("foley-designer: ")
        assert last.endswith(f"[{case.code}]")
    after = files(tmp_path)
    assert {name: after.get(name) for name in before} == before


def test_another_design_in_the_folder_is_kept(
    tmp_path: Path, hammer: tuple[Path, YardstickTruth], foley: Run
) -> None:
    out = tmp_path / "out"
    first = foley("design", hammer[0], "--out", out)
    assert first.returncode == 0
    assert "--describe" in first.stdout, "what naming the action would bring"
    before = files(out)
    other = foley("design", hammer[0], "--out", out, "--seed", 7)
    assert other.returncode == ExitCode.BAD_INPUT
    assert "--replace" in other.stderr
    assert files(out) == before
    with FileLock(out / ".foley" / "lock"):
        busy = foley("design", hammer[0], "--out", out)
    assert busy.returncode == ExitCode.SYSTEM
    assert ErrorCode.SESSION_BUSY in busy.stderr
    again = foley("design", hammer[0], "--out", out, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["stage"] == "done"
    assert files(out) == before
