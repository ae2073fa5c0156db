"""Corrections of a film's scenes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from foley_designer.assistant.tools.scenes import shown
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


def test_sentences_of_one_line_are_told_apart_by_their_beginning() -> None:
    told = [
        Element(kind=ElementKind.ACTION, text=words, line=1) for words in ("He runs.", "He sits.")
    ]
    scenes = (
        FilmScene(
            id="s1", start_s=0, end_s=4, place=1, text=ScriptScene(elements=tuple(told), line=1)
        ),
        FilmScene(id="s2", start_s=4, end_s=8, place=2),
    )
    prose = SceneMap(clip="a.mp4", clip_sha256="0" * 64, scenes=scenes)
    assert [words for _, words in shown(prose)[0]["lines"]] == ["He runs.", "He sits."]
    with pytest.raises(FoleyError, match=r"which is meant of line 1: 'He runs.'; 'He sits.'"):
        changed(prose, [EDIT.validate_python({"kind": "text", "line": 1, "to": "s2"})])
    edit = {"kind": "text", "line": 1, "text": "He sits", "to": "s2"}
    now = changed(prose, [EDIT.validate_python(edit)])
    assert [one.text.action for one in now.scenes if one.text] == ["He runs.", "He sits."]


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


def test_what_is_left_is_said_in_numbers() -> None:
    assert film().in_numbers == "no words tell 1 scene(s), 3.0 s"
    left = edited({"kind": "text", "line": 7, "to": ""})
    assert left.in_numbers == ("1 of 3 lines found no picture; no words tell 2 scene(s), 8.0 s")
    told = edited({"kind": "text", "line": 4, "to": "s3"})
    assert told.in_numbers == ""
