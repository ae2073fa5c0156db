"""Edits of a film's scenes: a boundary, a line of text, a place. Pure: a map goes in and out."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from foley_designer.core.documents import Part, describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.scene import FilmScene, SceneMap, SettledBy
from foley_designer.core.script.screenplay import Element, ScriptScene


class MoveBoundary(Part):
    """Let a scene begin at another time; the one before it ends there."""

    kind: Literal["boundary"]
    scene: str
    start_s: float = Field(gt=0)


class MoveText(Part):
    """Let a line of the text tell another scene, or, where ``to`` is empty, none."""

    kind: Literal["text"]
    line: int = Field(ge=1)
    """First line of the paragraph in its source."""
    text: str = ""
    """How the words begin, where several sentences stand on one line, as in prose."""
    to: str


class SetPlace(Part):
    """Let a scene play at a place by number; 0 is black or a title, and silent."""

    kind: Literal["place"]
    scene: str
    place: int = Field(ge=0, le=999)


SceneEdit = Annotated[MoveBoundary | MoveText | SetPlace, Field(discriminator="kind")]


def changed(scenes: SceneMap, edits: Sequence[SceneEdit]) -> SceneMap:
    """The map with all edits done in order; none is done if one can't be.

    Raises:
        FoleyError: ``option_invalid`` for a scene, a line or a time that there is not.
    """
    for edit in edits:
        try:
            if isinstance(edit, MoveBoundary):
                scenes = _bounded(scenes, edit)
            elif isinstance(edit, MoveText):
                scenes = _told(scenes, edit)
            else:
                one = _scene(scenes, edit.scene)
                scenes = _with(scenes, one.model_copy(update={"place": edit.place}))
        except ValidationError as error:
            raise _invalid(describe(error, "scenes")) from error
    return SceneMap.model_validate(scenes.model_dump())


def _bounded(scenes: SceneMap, edit: MoveBoundary) -> SceneMap:
    place = scenes.scenes.index(_scene(scenes, edit.scene))
    if not place:
        raise _invalid("The first scene begins with the film.")
    before, now = scenes.scenes[place - 1], scenes.scenes[place]
    if not before.start_s < edit.start_s < now.end_s:
        raise _invalid(
            f"{edit.scene} can begin between {before.start_s:g} and {now.end_s:g} s, "
            f"not at {edit.start_s:g} s."
        )
    scenes = _with(scenes, _within(before, before.start_s, edit.start_s))
    return _with(scenes, _within(now, edit.start_s, now.end_s))


def _within(scene: FilmScene, start_s: float, end_s: float) -> FilmScene:
    """A scene with other ends; times of its lines beyond them are given up."""
    text = scene.text
    if text is not None:
        text = text.model_copy(
            update={"elements": tuple(_clipped(one, start_s, end_s) for one in text.elements)}
        )
    return _settled(scene, start_s=start_s, end_s=end_s, text=text)


def _clipped(element: Element, start_s: float, end_s: float) -> Element:
    if element.start_s is None or element.end_s is None:
        return element
    begin, end = max(element.start_s, start_s), min(element.end_s, end_s)
    times = (begin, end) if begin < end else (None, None)
    return element.model_copy(update={"start_s": times[0], "end_s": times[1]})


def _told(scenes: SceneMap, edit: MoveText) -> SceneMap:
    scene, element = _sentence(scenes, edit)
    assert scene.text is not None
    left = tuple(one for one in scene.text.elements if one is not element)
    scenes = _with(scenes, _settled(scene, text=scene.text.model_copy(update={"elements": left})))
    if not edit.to:
        count = max(scenes.lines_left, len(scenes.unplaced)) + 1
        unplaced = (*scenes.unplaced, element.text[:200])
        return scenes.model_copy(update={"unplaced": unplaced, "lines_left": count})
    to = _scene(scenes, edit.to)
    text = to.text or ScriptScene(line=element.line)
    moved = element.model_copy(update={"start_s": None, "end_s": None})
    elements = tuple(sorted((*text.elements, moved), key=lambda one: one.line))
    return _with(scenes, _settled(to, text=text.model_copy(update={"elements": elements})))


def _sentence(scenes: SceneMap, edit: MoveText) -> tuple[FilmScene, Element]:
    """The words that an edit means, and the scene that they tell."""
    every = [(s, e) for s in scenes.scenes for e in (s.text.elements if s.text else ())]
    found = [one for one in every if one[1].line == edit.line]
    if not found:
        lines = ", ".join(str(line) for line in dict.fromkeys(e.line for _, e in every))
        raise _invalid(f"No scene has line {edit.line}; there are {lines}.")
    meant = [one for one in found if one[1].text.startswith(edit.text)]
    if len(meant) != 1:
        several = "; ".join(repr(element.text[:40]) for _, element in found[:8])
        raise _invalid(
            f"Say by its beginning, as text, which is meant of line {edit.line}: {several}."
        )
    return meant[0]


def _settled(scene: FilmScene, **fields: object) -> FilmScene:
    """A person's word stands."""
    settled = {"settled_by": SettledBy.PERSON, "confidence": 1.0}
    return scene.model_copy(update={**settled, **fields})


def _with(scenes: SceneMap, scene: FilmScene) -> SceneMap:
    kept = tuple(scene if one.id == scene.id else one for one in scenes.scenes)
    return scenes.model_copy(update={"scenes": kept})


def _scene(scenes: SceneMap, key: str) -> FilmScene:
    for scene in scenes.scenes:
        if scene.id == key:
            return scene
    raise _invalid(
        f"There is no scene {key!r}; there are {', '.join(s.id for s in scenes.scenes)}."
    )


def _invalid(message: str) -> FoleyError:
    return FoleyError(ErrorCode.OPTION_INVALID, message)
