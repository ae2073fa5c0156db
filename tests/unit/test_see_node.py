"""Which words have bodies and hands followed."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from foley_designer.core.script.observation import Observation
from foley_designer.core.settings import Settings
from foley_designer.graph.nodes.see import see
from foley_designer.memory.knowledge_base import load
from foley_designer.tools.looking import ClipInput


def follows(description: str | None, script: Path | None) -> bool:
    asked: list[ClipInput] = []

    def call(tool: Any, request: ClipInput) -> Any:
        asked.append(request)
        return SimpleNamespace(clip=None, shots=(), seen="seen.npz")

    bench: Any = SimpleNamespace(
        team=SimpleNamespace(knowledge=load()),
        tools=SimpleNamespace(call=call),
        settings=Settings(),
        session=SimpleNamespace(keyframes=Path("keyframes"), arrays=Path("arrays")),
        receive=lambda kind, name: Observation.model_construct(notes=()),
        put=lambda document: "id",
    )
    state: Any = {"clip": "clip.mp4", "description": description}
    see(state | {"script_path": str(script) if script else None}, bench)
    assert len({one.people for one in asked}) == 1, "all tools share one look"
    return asked[0].people


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A smith hammers an iron bar.", True),
        ("A man fires a pistol at a target.", True),
        ("Fireworks burst over the town.", False),
        ("A woman walks down a corridor.", False),
        ("Rain falls on the street.", False),
    ],
)
def test_hands_are_followed_where_blows_or_shots_are_told(
    words: str, expected: bool, tmp_path: Path
) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text(f"INT. FORGE - DAY\n\n{words}\n")
    assert follows(words, None) is expected
    assert follows(None, script) is expected
    assert follows("Rain falls on the street.", script) is expected


def test_nobody_is_looked_for_without_words() -> None:
    assert not follows(None, None)
