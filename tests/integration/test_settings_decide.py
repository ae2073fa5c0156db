"""A setting that is said to decide is read by a design, and a neutral one changes no byte."""

from pathlib import Path
from typing import Any

import pytest
from chat_endpoint import answering

from benchmarks.yardstick.clip import YardstickTruth
from foley_designer.api import Request, design, write
from foley_designer.core.choices import DECISIVE
from foley_designer.core.options import Neutral, mark
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings

pytestmark = pytest.mark.slow

WORDS = "a hammer strikes an anvil"
SMALL: dict[str, Any] = {"branching": 1, "beam": 1, "depth": 1}
ONLY_WITH_A_MODEL = frozenset(
    {"llm_method", "llm_temperature", "llm_tools", "llm_vision", "llm_picture_px", "agents"}
    | {"llm_hearing", "scribe_rounds"}
)
ONLY_WITH_WEIGHTS = frozenset({"localizer_weights", "depth_weights", "pose_weights"})
NEUTRAL: dict[str, Any] = {
    "max_model_calls": 7,
    "max_tokens": 7,
    "max_seconds": 7.0,
    "llm_timeout_s": 7.0,
    "llm_prices": (1.0, 2.0),
    "tools_share_folders": True,
}


class Read(Settings):
    """Settings that remember which of them were read."""

    def __getattribute__(self, name: str) -> Any:
        if name in Settings.model_fields:
            SEEN.add(name)
        return super().__getattribute__(name)


SEEN: set[str] = set()


def test_what_decides_is_read(hammer: tuple[Path, YardstickTruth], tmp_path: Path) -> None:
    SEEN.clear()
    request = Request(hammer[0], description=WORDS)
    settings = Read(data_dir=tmp_path / "data", llm_model=None, **SMALL)
    design(request, tmp_path / "rules", settings=settings)
    assert sorted(DECISIVE - SEEN - ONLY_WITH_A_MODEL - ONLY_WITH_WEIGHTS) == []
    with answering() as endpoint:
        endpoint.behave("well")
        own = {"data_dir": tmp_path / "data", "llm_vision": True}
        asked = Read(**(endpoint.settings | own), **SMALL)
        write(request, tmp_path / "model", settings=asked)
    assert sorted(DECISIVE - SEEN - ONLY_WITH_WEIGHTS) == []


def test_what_is_neutral_changes_nothing(
    hammer: tuple[Path, YardstickTruth], tmp_path: Path
) -> None:
    assert all(mark(Settings.model_fields[name], Neutral) for name in NEUTRAL)
    request = Request(hammer[0], description=WORDS)
    kept = []
    for folder, more in (("plain", {}), ("changed", NEUTRAL)):
        settings = Settings(data_dir=tmp_path / "data", llm_model=None, **SMALL, **more)
        write(request, tmp_path / folder, settings=settings)
        record = Session(tmp_path / folder).record()
        assert record
        kept.append((record.inputs, record.documents["script"]))
    assert kept[0] == kept[1]
