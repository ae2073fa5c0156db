"""Corrections of a film's scenes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from foley_designer.core.errors import FoleyError
from foley_designer.core.script.scene import FilmScene, SceneMap, SettledBy
from foley_designer.core.script.scene_edits import SceneEdit, changed
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene

EDIT: TypeAdapter[SceneEdit] = TypeAdapter(SceneEdit)


def scene(number: int, start_s: float, end_s: float, *lines: int) -> FilmScene:
    elements = tuple(
        Element(kind=ElementKind.ACTION, text=f"Line {n}.", line=n, start_s=start_s, end_s=end_s)
        for n in lines
    )
    text = ScriptScene(elements=elements) if lines else None
    return FilmScene(
        id=f"s{number}", start_s=start_s, end_s=end_s, place=number, text=text, confidence=0.5
    )


def film() -> SceneMap:
    scenes = (scene(1, 0, 4, 3, 4), scene(2, 4, 9, 7), scene(3, 9, 12))
    return SceneMap(clip="a.mp4", clip_sha256="0" * 64, scenes=scenes)


def edited(*edits: dict[str, object]) -> SceneMap:
    return changed(film(), [EDIT.validate_python(one) for one in edits])


@given(st.floats(0.01, 8.99))
def test_scenes_stay_without_gaps_wherever_a_boundary_goes(start_s: float) -> None:
    now = edited({"kind": "boundary", "scene": "s2", "start_s": start_s})
    assert [one.start_s for one in now.scenes[1:]] == [one.end_s for one in now.scenes[:-1]]
    for one in now.scenes:
        for element in one.text.elements if one.text else ():
            if element.start_s is not None and element.end_s is not None:
                assert one.start_s <= element.start_s < element.end_s <= one.end_s
    assert now.scenes[0].settled_by is SettledBy.PERSON
    assert now.scenes[2] == film().scenes[2]


def test_a_line_tells_another_scene_or_none() -> None:
    now = edited({"kind": "text", "line": 4, "to": "s3"}, {"kind": "text", "line": 7, "to": ""})
    lines = [[e.line for e in (one.text.elements if one.text else ())] for one in now.scenes]
    assert lines == [[3], [], [4]]
    assert now.unplaced == ("Line 7.",)
    assert now.scenes[2].confidence == 1.0


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "boundary", "scene": "s1", "start_s": 1},
        {"kind": "boundary", "scene": "s2", "start_s": 9},
        {"kind": "boundary", "scene": "s9", "start_s": 1},
        {"kind": "text", "line": 5, "to": "s1"},
        {"kind": "text", "line": 3, "to": "s9"},
        {"kind": "place", "scene": "", "place": 1},
    ],
)
def test_what_there_is_not_is_refused(edit: dict[str, object]) -> None:
    with pytest.raises(FoleyError) as refused:
        edited(edit)
    assert refused.value.code.value == "option_invalid"
