"""What fills a design's roles decides it: the same names with other contents are another design."""

from pathlib import Path
from typing import Any

import pytest

from foley_designer.core.settings import Settings
from foley_designer.generator.registry import Engines
from foley_designer.graph.contents import contents
from foley_designer.memory.knowledge_base import EMBEDDED
from foley_designer.prompts.store import BUILTIN


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """One engine whose version can be raised."""

    class Engine:
        version = "1"

    loaded: dict[str, Any] = {"synth": Engine()}
    monkeypatch.setattr("foley_designer.generator.registry.load_engines", lambda: Engines(loaded))
    return loaded


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {role for role in before.keys() | after if before.get(role) != after.get(role)}


def test_the_same_again_is_the_same(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, llm_model=None)
    assert contents(settings) == contents(settings)


def test_an_edited_card_is_seen(tmp_path: Path) -> None:
    card = tmp_path / "cards" / "door-slam.md"
    card.parent.mkdir()
    card.write_text((EMBEDDED / card.name).read_text())
    settings = Settings(data_dir=tmp_path, knowledge_dir=card.parent, llm_model=None)
    before = contents(settings)
    card.write_text(card.read_text() + "\nSlam it harder.\n")
    assert changed(before, contents(settings)) == {"cards"}


def test_an_edited_prompt_is_seen_where_a_model_reasons(tmp_path: Path) -> None:
    extra = tmp_path / "prompts" / "critic" / "review.extra.md"
    extra.parent.mkdir(parents=True)
    extra.write_text("Mind the feet.")
    settings = Settings(data_dir=tmp_path, prompts_dir=tmp_path / "prompts", llm_model="m")
    before = contents(settings)
    extra.write_text("Mind the doors.")
    assert changed(before, contents(settings)) == {"prompts"}
    assert (BUILTIN / "critic" / "review.md").is_file()


def test_another_version_of_an_engine_is_seen(tmp_path: Path, engines: dict[str, Any]) -> None:
    settings = Settings(data_dir=tmp_path, llm_model=None)
    before = contents(settings)
    engines["synth"].version = "2"
    assert changed(before, contents(settings)) == {"engines"}


def test_other_weights_under_the_same_path_are_seen(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"one")
    settings = Settings(data_dir=tmp_path, depth_weights=str(folder), llm_model=None)
    before = contents(settings)
    (folder / "model.safetensors").write_bytes(b"three")
    assert changed(before, contents(settings)) == {"seeing"}


def test_tools_elsewhere_have_contents_of_their_own(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, tools_url="http://127.0.0.1:9/mcp", llm_model=None)
    assert set(contents(settings)) == {"cards"}
