from fractions import Fraction

import pytest

from foley_designer.core.clip import Clip
from foley_designer.core.note import NoteKind
from foley_designer.core.script.observation import Observation, Shot
from foley_designer.core.script.screenplay import Element, ElementKind, Screenplay, ScriptScene
from foley_designer.screenplay import matching_scene
from foley_designer.screenplay.heading import scene_from


def seen(brightness: float = 0.4) -> Observation:
    clip = Clip(
        name="a.mp4",
        sha256="0" * 64,
        width=64,
        height=36,
        rate=Fraction(25),
        duration_s=4.0,
        frame_count=100,
    )
    shot = Shot(index=0, start_s=0, end_s=4, brightness=brightness, saturation=0.3, motion=0.1)
    return Observation(clip=clip, field_of_view_deg=54, shots=(shot,))


def scene(heading: str, action: str, **times: float) -> ScriptScene:
    element = Element(kind=ElementKind.ACTION, text=action, line=1, **times)
    return scene_from(heading, 1).model_copy(update={"elements": (element,)})


@pytest.fixture
def film() -> Screenplay:
    return Screenplay(
        format="fountain",
        scenes=(
            scene("INT. KITCHEN - DAY", "Mara chops onions on a board. She cries."),
            scene("EXT. PATH - NIGHT", "Mara walks in boots. Gravel crunches."),
            scene("EXT. PATH - DAY", "Mara waits. A train passes."),
        ),
    )


@pytest.mark.parametrize(
    ("description", "heading"),
    [
        ("a cook chops onions on a wooden board", "INT. KITCHEN - DAY"),
        ("boots walking on gravel", "EXT. PATH - NIGHT"),
        ("trains passing", "EXT. PATH - DAY"),
    ],
)
def test_telling_words_find_the_scene(film, description, heading):
    found, (note,) = matching_scene(film, seen(), description)
    assert found is not None and found.heading == heading
    assert note.kind is NoteKind.DECISION and heading in note.text


def test_the_clips_name_counts(film):
    found, _ = matching_scene(film, seen(), None, "mara_onion_v2.mov")
    assert found is not None and found.place == "KITCHEN"


def test_light_breaks_the_tie_between_day_and_night(film):
    paths = Screenplay(format="fountain", scenes=film.scenes[1:])
    dark, _ = matching_scene(paths, seen(0.1), "Mara on the path")
    bright, _ = matching_scene(paths, seen(0.7), "Mara on the path")
    assert dark is not None and dark.time_of_day == "night"
    assert bright is not None and bright.time_of_day == "day"


@pytest.mark.parametrize("description", ["a submarine dives", "pilots board a train to Mars"])
def test_no_scene_is_better_than_a_wrong_one(film, description):
    found, (note,) = matching_scene(film, seen(), description, "x.mp4")
    assert found is None
    assert note.kind is NoteKind.ADVICE


def test_one_scene_is_taken_as_it_is(film):
    alone = Screenplay(format="fountain", scenes=film.scenes[:1])
    assert matching_scene(alone, seen(), "a submarine") == (film.scenes[0], ())
    assert matching_scene(Screenplay(format="prose"), seen()) == (None, ())


def test_timed_text_is_cut_to_the_clip():
    early = Element(kind=ElementKind.ACTION, text="A door.", line=1, start_s=1, end_s=2)
    late = Element(kind=ElementKind.ACTION, text="A bell.", line=2, start_s=9, end_s=10)
    script = Screenplay(format="vtt", scenes=(ScriptScene(elements=(early, late)),))
    found, (note,) = matching_scene(script, seen())
    assert found is not None and found.elements == (early,)
    assert "1 of 2" in note.text
