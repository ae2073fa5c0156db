"""Where local clips are, and the command line, for tests that use them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked import Forker
from hypothesis import settings

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")


@pytest.fixture(scope="session")
def media() -> Path:
    """Folder with real clips and sounds; the test skips where there is none."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "media"
    folder = Path(os.environ.get("FOLEY_MEDIA", beside))
    if not (folder / "clips").is_dir():
        pytest.skip("no local clips: set FOLEY_MEDIA")
    return folder


@pytest.fixture(scope="session")
def forker() -> Iterator[Forker]:
    """Runs commands in processes that begin with the program imported."""
    one = Forker()
    yield one
    one.close()
