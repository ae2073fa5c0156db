"""How commands end: signals, pipes, odd arguments and settings, each with one line and its code."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from forked import Forker

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.settings import Settings
from foley_designer.prompts.store import load
from foley_designer.tools.hosts import host_guard

CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}


def own(home: Path, **more: str) -> dict[str, str]:
    return CLEAN | {"HOME": str(home), "FOLEY_DATA_DIR": str(home / "data")} | more


def afresh(*arguments: str | bytes, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "foley_designer", *arguments],
        env=own(home, **more),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("foley-designer: ")
    return line


@pytest.mark.parametrize("command", [("doctor",), ("prompts", "list"), ("mcp",)], ids=" ".join)
@pytest.mark.slow
def test_a_wrong_setting_is_usage_at_every_door(
    command: tuple[str, ...], forker: Forker, tmp_path: Path
) -> None:
    done = forker.run(command, own(tmp_path, FOLEY_BEAM="many"))
    assert done.returncode == 2, done.stderr
    assert only_line(done).endswith("[config_invalid]")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOLEY_WEIGHTS", "[0, 0, 0]"),
        ("FOLEY_WEIGHTS", "[-1, 1, 1]"),
        ("FOLEY_WEIGHTS", "[" * 5000),
        ("FOLEY_WEIGHTS", "half"),
        ("FOLEY_MAX_SECONDS", "inf"),
        ("FOLEY_THRESHOLD", "nan"),
        ("FOLEY_SEED", "9" * 5000),
        ("FOLEY_AGENTS", '{"scorer": 5}'),
    ],
)
def test_a_wrong_setting_is_told(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(FoleyError) as caught:
        Settings()
    assert caught.value.code is ErrorCode.CONFIG_INVALID
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", ["beam = ", "beam = 'x'", "a = " + "[" * 9000, "\xff\xfe"])
def test_a_wrong_settings_file_is_told(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_bytes(text.encode("latin-1"))
    monkeypatch.setitem(Settings.model_config, "toml_file", tmp_path / "config.toml")
    with pytest.raises(FoleyError) as caught:
        Settings()
    assert caught.value.code is ErrorCode.CONFIG_INVALID


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLEY_PROMPTS_DIR", "")
    assert Settings().prompts_dir is None


def test_a_missing_prompts_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FoleyError, match="is no folder"):
        load(project=tmp_path / "none")


def test_arguments_that_are_no_text(tmp_path: Path) -> None:
    done = afresh("design", b"\xff\xfe.mp4", "--out", str(tmp_path), home=tmp_path)
    assert done.returncode == 2
    assert only_line(done).endswith("[option_invalid]")


@pytest.mark.parametrize("command", ["mcp", "tools"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
@pytest.mark.slow
def test_no_server_listens_wider_without_names(
    command: str, host: str, forker: Forker, tmp_path: Path
) -> None:
    done = forker.run([command, "--http", "--host", host], own(tmp_path))
    assert done.returncode == 2
    assert only_line(done).endswith("[option_invalid]")


def test_a_wider_host_needs_names() -> None:
    with pytest.raises(FoleyError, match="--host") as caught:
        host_guard("0.0.0.0", ())
    assert caught.value.exit_code == 2
    guard = host_guard("0.0.0.0", ["studio.lan", "10.0.0.5:8932"])
    assert guard.allowed_hosts == ["studio.lan", "studio.lan:*", "10.0.0.5:8932"]
    assert "127.0.0.1:*" in host_guard("127.0.0.1", ()).allowed_hosts


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_a_word_on_how_to_go_on(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    script = (
        "import time; from foley_designer.cli.ending import run; "
        "run(lambda: (print('up', flush=True), time.sleep(60)))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == code
    assert told == (
        "foley-designer: Interrupted; finished work is kept. The same command goes on.\n"
    )


@pytest.mark.slow
def test_a_reader_who_has_seen_enough_is_no_fault(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", "foley_designer", "prompts", "list"],
        stdout=write,
        stderr=subprocess.PIPE,
        env=CLEAN | {"HOME": str(tmp_path)},
        check=False,
    )
    os.close(write)
    assert process.returncode == 0, process.stderr
