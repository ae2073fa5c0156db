"""What a screenplay says that is no sound: camera directions, places elsewhere, things not used."""

import pytest

from foley_designer.agents.scribe.calls import calls
from foley_designer.agents.scribe.grounding import grounded
from foley_designer.agents.scribe.passages import passages
from foley_designer.agents.scribe.unsaid.unnamed import FOREIGN, UNKNOWN
from foley_designer.core.note import NoteKind
from foley_designer.core.script.brief import Brief
from foley_designer.screenplay.camera import without_camera


@pytest.fixture
def heard(walk, scene, knowledge):
    """Ids of the cards that a scene calls for, those out of sight with a star."""

    def cards(heading, action):
        brief = Brief(observation=walk, scene=scene(heading, action))
        found = calls(passages(brief), knowledge)
        return {f"{call.card.id}{'*' if call.is_off_screen else ''}" for call in found}

    return cards


@pytest.mark.parametrize(
    "line",
    [
        "We RUSH IN on the judge.",
        "ANGLE ON the judge. HOLD ON him.",
        "We descend down the stairs.",
        "The camera races across the judge.",
        "PAN ACROSS the judge. WHIP PAN to the jury.",
    ],
)
def test_the_camera_makes_no_sound(heard, line):
    assert heard("INT. COURT - DAY", line) == set()


def test_what_the_audience_sees_and_hears_stays(heard):
    assert heard("INT. HOUSE - DAY", "We see a man walk on gravel.") == {"footsteps-gravel"}
    assert heard("INT. HOUSE - DAY", "We hear a dog bark.") == {"animal-dog*"}


def test_words_keep_their_places():
    text = "We push in as the door slams."
    assert len(without_camera(text)) == len(text)
    assert without_camera(text).index("the door") == text.index("the door")


def test_a_place_elsewhere_is_no_ambience(heard):
    assert heard("INT. KITCHEN - DAY", "He was the town's first doctor.") == set()
    assert heard("INT. KITCHEN - DAY", "She dreams of the city.") == set()
    assert heard("INT. KITCHEN - DAY", "Outside the window, the city.") == {"ambience-city*"}
    assert heard("EXT. ROAD - DAY", "They long for their bedroom.") == set()


def test_a_gun_that_is_not_fired_is_not_heard(heard):
    assert heard("EXT. YARD - DAY", "Many of the men have shotguns, one a rifle.") == set()
    assert "gunshot-rifle" in heard("EXT. YARD - DAY", "He fires the rifle.")


def test_action_of_a_screenplay_is_not_guessed_at(walk, scene, told, knowledge):
    line = "the landlord looks through his big keyring"
    assert grounded(passages(told(walk, line)), knowledge)
    written = Brief(observation=walk, scene=scene("INT. HALL - DAY", line))
    assert not grounded(passages(written), knowledge)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("Un homme marche sur le gravier et ouvre une porte", FOREIGN),
        ("Ein Mann geht über den Kies", FOREIGN),
        ("一个男人在碎石上行走", FOREIGN),
        ("complete silence", UNKNOWN),
        ("They look at each other and say nothing", UNKNOWN),
        ("???", UNKNOWN),
    ],
)
def test_words_that_are_not_understood_are_told_apart(scribe, writer, told, walk, words, note):
    brief = told(walk, words)
    script = writer.root(brief, scribe.propose(brief, None, ()))
    assert [(n.kind, n.text) for n in script.notes] == [(NoteKind.ADVICE, note)]


def test_a_smith_at_work_is_heard_beside_his_bellows(heard):
    assert "metal-hammer" in heard("INT. SMITHY - DAY", "The blacksmith works while a fire burns.")


def test_who_leaves_does_not_walk_on_leaves(scribe, told, walk):
    text = scribe.propose(told(walk, "The man walks off and leaves."), None, ())
    assert not text.outdoors
