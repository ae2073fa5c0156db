"""Yardstick clips and the real command line."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from forked import Forker
from reviewed import CHROMIUM, Page, opened, served

from benchmarks.yardstick.clip import YardstickTruth, render

Run = Callable[..., subprocess.CompletedProcess[str]]
WORDS = "a hammer strikes a steel anvil, rain on the roof, a dog barks, a clock ticks"


@pytest.fixture(scope="session")
def hammer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, YardstickTruth]:
    """Three seconds of a hammer."""
    path = tmp_path_factory.mktemp("clips") / "hammer.mp4"
    return path, render("hammer", path, rate=Fraction(25), width=480, height=270, seconds=3.0)


@pytest.fixture(scope="session")
def foley(forker: Forker, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the installed command with a data folder of its own."""
    home = tmp_path_factory.mktemp("home")

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
        own = {"HOME": str(home), "FOLEY_DATA_DIR": str(home / "data")}
        return forker.run([*map(str, arguments)], kept | own | environment)

    return run


@pytest.fixture(scope="session")
def hammered(
    hammer: tuple[Path, YardstickTruth], foley: Run, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished design of the hammer alone, to be read."""
    out = tmp_path_factory.mktemp("hammered") / "session"
    done = foley("design", hammer[0], "--out", out, "--describe", "a hammer strikes a steel anvil")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def designed(
    hammer: tuple[Path, YardstickTruth], foley: Run, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished design, to be copied by those who change it."""
    out = tmp_path_factory.mktemp("designed") / "session"
    done = foley("design", hammer[0], "--out", out, "--describe", WORDS)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def page(designed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home = tmp_path_factory.mktemp("review")
    folder = Path(shutil.copytree(designed, home / "session"))
    with served(folder, home) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser; its driver holds an event loop, so it ends with the module."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no chromium: apt-get install chromium, or set FOLEY_CHROMIUM")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any, page: Page) -> Iterator[Any]:
    """The page, opened; ends with a look at what it asked of whom."""
    yield from opened(chromium, page)
