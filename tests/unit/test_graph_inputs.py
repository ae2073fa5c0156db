"""The served graphs say what they are started with, and what is missing is told as ours."""

from pathlib import Path
from typing import Any

import pytest

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.graph.app import graph, revision


@pytest.mark.parametrize(
    ("served", "needs", "known"),
    [
        (graph, {"session", "clip"}, {"description", "script_path", "approve"}),
        (revision, {"session"}, {"asked", "command", "approved"}),
    ],
)
def test_input_schemas_are_shown(served: Any, needs: set[str], known: set[str]) -> None:
    schema = served.compile().get_input_jsonschema()
    assert set(schema["required"]) == needs
    assert known < set(schema["properties"])


@pytest.mark.parametrize("served", [graph, revision])
def test_an_empty_input_is_told(served: Any) -> None:
    with pytest.raises(FoleyError, match="needs a session's folder") as caught:
        served.compile().invoke({})
    assert caught.value.code is ErrorCode.OPTION_INVALID


@pytest.mark.parametrize(("clip", "says"), [(None, "needs a clip"), ("none.mp4", "no clip at")])
def test_a_missing_clip_is_told(clip: str | None, says: str, tmp_path: Path) -> None:
    start = {"session": str(tmp_path / "s")} | ({"clip": str(tmp_path / clip)} if clip else {})
    with pytest.raises(FoleyError, match=says) as caught:
        graph.compile().invoke(start)
    assert caught.value.code is ErrorCode.CLIP_NOT_FOUND
