"""The help texts are golden: a change is seen, and meant. FOLEY_UPDATE_GOLDEN=1 refreshes them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from foley_designer.cli.main import PROGRAM, app

GOLDEN = Path(__file__).parents[1] / "golden" / "cli"
PLAIN = {"COLUMNS": "100", "TERM": "dumb"}


def commands() -> list[tuple[str, ...]]:
    """Every command and group, as words."""
    found: list[tuple[str, ...]] = [()]
    waiting = [((), get_command(app))]
    while waiting:
        words, command = waiting.pop()
        for name, child in sorted(getattr(command, "commands", {}).items()):
            found.append((*words, name))
            waiting.append(((*words, name), child))
    return sorted(found)


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(
        app, [*words, "--help"], prog_name=PROGRAM, env=PLAIN, terminal_width=78
    )
    assert done.exit_code == 0, done.output
    file = GOLDEN / f"{'_'.join(words) or PROGRAM}.txt"
    if os.environ.get("FOLEY_UPDATE_GOLDEN"):
        file.write_text(done.stdout)
    assert done.stdout == file.read_text()


def test_the_command_itself_prints_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "foley_designer", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | PLAIN,
    )
    assert done.stdout == (GOLDEN / f"{PROGRAM}.txt").read_text()


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from typer.main import get_command; from foley_designer.cli.main import app; "
        "get_command(app); heavy = {'cv2', 'av', 'scipy', 'numpy', 'langgraph', 'chromadb', 'mcp',"
        " 'pydantic_settings', 'torch'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_clip_can_be_opened_before_scipy_signal_is_loaded() -> None:
    code = (
        "import sys; import foley_designer.graph.build, foley_designer.vision.observe; "
        "from foley_designer.generator.registry import load_engines; load_engines(); "
        "heavy = {'scipy.signal', 'scipy.stats', 'scipy.optimize', 'scipy.ndimage', 'chromadb',"
        " 'openai', 'mcp', 'torch'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
