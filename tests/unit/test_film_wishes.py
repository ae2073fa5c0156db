"""Wishes of a film: laid on the scene that a timecode shows, and what they say of characters."""

from fractions import Fraction

import pytest

from foley_designer.core.category import Subcategory
from foley_designer.core.clip import Clip
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.performance import Layer, Performance
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.core.script.sound_event import Hit, SoundEvent, Source, SourceKind, Span
from foley_designer.core.space import Space
from foley_designer.film.bible import Bible
from foley_designer.film.continuity import Written, apply, collect, said_of
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene, Film, Piece, Reel, Wish
from foley_designer.film.wishes import lay, listed, markers_of, moved, typed, wish_notes

RATE = Fraction(24000, 1001)
NAMES = ("Anna", "Ben")


def clip(name, frames, timecode=None):
    return Clip(
        name=name,
        sha256="0" * 64,
        width=64,
        height=36,
        rate=RATE,
        duration_s=float(frames / RATE),
        frame_count=frames,
        timecode=timecode,
    )


def scene(key, place, words, frames=240):
    text = ScriptScene(
        heading=place, elements=(Element(kind=ElementKind.ACTION, text=words, line=1),)
    )
    return DesignedScene(
        id=key, title=place, place=place, path="", clip=clip("r", 600), first=0, last=frames,
        text=text,
    )  # fmt: skip


@pytest.fixture
def film():
    """Two reels: black, then two scenes cut into each other; a third scene alone on reel two."""
    pieces = (
        Piece(scene="r1s1", first=0, last=100, at=24),
        Piece(scene="r1s2", first=0, last=240, at=124),
        Piece(scene="r1s1", first=100, last=200, at=364),
    )
    reels = (
        Reel(number=1, path="", clip=clip("one", 500), pieces=pieces),
        Reel(
            number=2,
            path="",
            clip=clip("two", 300),
            pieces=(Piece(scene="r2s1", first=0, last=240, at=0),),
        ),
    )
    scenes = (
        scene("r1s1", "HALL", "Anna walks."),
        scene("r1s2", "YARD", "Ben walks. He limps."),
        scene("r2s1", "ROAD", "Anna walks."),
    )
    return Film(title="Two reels", reels=reels, scenes=scenes)


def test_a_marker_lies_in_the_scene_that_its_reel_shows(film, tmp_path):
    edl = tmp_path / "both.edl"
    edl.write_text(
        "* LOC: 01:00:00:10 RED hum\n"  # in the black
        "* LOC: 01:00:02:00 RED door slam\n"
        "* LOC: 01:00:16:00 RED glass breaks\n"  # in the second part of the first scene
        "* LOC: 02:00:01:00 RED thunder\n"
        "* LOC: 07:00:01:00 RED nowhere\n"
    )
    laid = lay(film, [listed(edl)])
    assert [(one.scene, round(one.time_s * RATE), one.text) for one in laid.film.wishes] == [
        ("r1s1", 24, "door slam"),
        ("r1s1", 384 - 364 + 100, "glass breaks"),
        ("r2s1", 24, "thunder"),
    ]
    assert any("hum" in note.text for note in laid.notes)
    assert lay(laid.film, [listed(edl)]).film == laid.film
    assert [one.text for one in markers_of(laid.film, "r2s1")] == ["thunder"]


def test_words_may_be_typed_at_a_timecode(film):
    laid = lay(film, [typed("02:00:05:12", "a dog barks")])
    (wish,) = laid.film.wishes
    assert (wish.scene, round(wish.time_s * RATE), wish.text) == ("r2s1", 132, "a dog barks")


def test_wishes_keep_their_picture_when_scenes_are_found_anew(film):
    wishes = lay(film, [typed("01:00:16:00", "glass breaks")]).film.wishes
    later = film.model_copy(
        update={
            "scenes": (*film.scenes, scene("r1s9", "BARN", "")),
            "reels": (
                film.reels[0].model_copy(
                    update={"pieces": (Piece(scene="r1s9", first=0, last=150, at=350),)}
                ),
                film.reels[1],
            ),
        }
    )
    (wish,) = moved(wishes, film, later)
    assert (wish.scene, round(wish.time_s * RATE)) == ("r1s9", 384 - 350)


@pytest.mark.parametrize(
    ("words", "last", "told"),
    [
        ("Anna limps from here on", None, ("Anna", "gait", "limps")),
        ("She limps.", "Anna", ("Anna", "gait", "limps")),
        ("Ben no longer limps", None, ("Ben", "gait", "walks")),
        ("Ben wears sneakers", None, ("Ben", "shoes", "sneakers")),
        ("from here on Anna is in boots", None, ("Anna", "shoes", "boots")),
        ("She limps.", None, None),
        ("Anna walks in boots", None, None),
        ("the door limps", None, None),
    ],
)
def test_what_is_said_of_a_character_from_there_on(words, last, told):
    assert said_of(words, NAMES, last) == told


def test_a_wish_and_a_pronoun_reach_the_bible(film):
    wishes = (Wish(scene="r2s1", time_s=1.0, text="Anna limps from here on"),)
    air = SoundEvent(
        id="e1_air",
        label="air",
        description="Air.",
        subcategory=Subcategory.AMBIENCE,
        layer=Layer.BACKGROUND,
        spans=(Span(start_s=0.0, end_s=2.0),),
        source=Source(kind=SourceKind.AROUND),
    )
    written = [
        Written(one, FoleyScript(clip=one.clip, space=Space.HALL, events=(air,)))
        for one in film.scenes
    ]
    bible = collect(written, NAMES, None, wishes)
    order = {one.id: place for place, one in enumerate(film.scenes)}
    assert [bible.characters["anna"].at(one, order).gait for one in order] == [
        "walks",
        "walks",
        "limps",
    ]
    assert [bible.characters["ben"].at(one, order).gait for one in order] == [
        "walks",
        "limps",
        "limps",
    ]


def steps(label, **play):
    return SoundEvent(
        id="e1_steps",
        label=label,
        description=label,
        subcategory=Subcategory.HUMAN_STEPS,
        layer=Layer.FOREGROUND,
        hits=(Hit(time_s=1.0),),
        source=Source(kind=SourceKind.POINT),
        performance=Performance(variant="boots", **play),
    )


def test_walkers_of_one_shoe_are_two_by_their_weights(film):
    walks = (steps("Anna walks"), steps("Ben walks"), steps("Anna walks"))
    written = [
        Written(one, FoleyScript(clip=one.clip, space=Space.HALL, events=(event,)))
        for one, event in zip(film.scenes, walks, strict=True)
    ]
    bible = collect(written, NAMES, None)
    anna, ben = bible.characters["anna"], bible.characters["ben"]
    assert anna.weight != ben.weight
    assert "weight" in anna.guessed and "weight" in ben.guessed
    order = {one.id: place for place, one in enumerate(film.scenes)}
    sizes = [apply(one, bible, NAMES, order).events[0].performance.size for one in written]
    assert sizes == [anna.weight, ben.weight, anna.weight]


def test_words_that_tell_a_weight_overrule_the_guess(film):
    walks = (steps("Anna walks"), steps("Ben walks", size=0.9), steps("Anna walks"))
    written = [
        Written(one, FoleyScript(clip=one.clip, space=Space.HALL, events=(event,)))
        for one, event in zip(film.scenes, walks, strict=True)
    ]
    ben = collect(written, NAMES, None).characters["ben"]
    assert (ben.weight, "weight" in ben.guessed) == (0.9, False)


def bed(start_s, end_s, kind=Subcategory.WIND):
    return SoundEvent(
        id="e2_wind",
        label="wind",
        description="Wind.",
        subcategory=kind,
        layer=Layer.BACKGROUND,
        spans=(Span(start_s=start_s, end_s=end_s),),
        source=Source(kind=SourceKind.AROUND),
    )


@pytest.mark.parametrize(
    ("start_s", "end_s", "held"),
    [
        (5.3, 7.7, (0.0, 25.0)),  # of one shot: through the cuts on both sides
        (5.3, 25.0, (0.0, 25.0)),
        (2.0, 7.7, (2.0, 25.0)),  # begins inside a shot: it rises there
        (2.0, 3.0, (2.0, 3.0)),
        (0.0, 25.0, (0.0, 25.0)),
    ],
)
def test_a_bed_goes_on_through_the_cuts_of_its_scene(film, start_s, end_s, held):
    one = film.scenes[0]
    clip = one.clip.model_copy(update={"duration_s": 25.0})
    script = FoleyScript(clip=clip, space=Space.FOREST, events=(bed(start_s, end_s),))
    order = {scene.id: place for place, scene in enumerate(film.scenes)}
    found = apply(Written(one, script), Bible(), NAMES, order, cuts=(5.28, 7.72))
    (span,) = found.events[0].spans
    assert (span.start_s, span.end_s) == held


def test_what_a_scene_waits_for_is_told(film, tmp_path):
    folder = FilmFolder(tmp_path)
    laid = lay(film, [typed("02:00:05:12", "a dog barks")]).film
    (note,) = wish_notes(folder, laid, ())
    assert "waits for its scene: a dog barks (ROAD, 5.51 s)" in note.text
