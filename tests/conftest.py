"""Where local clips are, for tests that use them."""

import os
from pathlib import Path

import pytest
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
