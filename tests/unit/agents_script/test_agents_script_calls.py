import pytest

from foley_designer.agents import lexicon
from foley_designer.agents.scribe.calls import Action, calls
from foley_designer.agents.scribe.passages import MAX_CHARACTERS, Passage, passages
from foley_designer.agents.scribe.setting import space_of, tone_of
from foley_designer.agents.scribe.wording import performance
from foley_designer.core.category import Subcategory
from foley_designer.core.script.brief import Brief
from foley_designer.core.script.observation import PlaceTrait
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.core.space import Space


@pytest.fixture
def called(knowledge):
    return lambda text: calls((Passage(lexicon.without_speech(text), "description"),), knowledge)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a hammer forges a spoon on an anvil", {Subcategory.METAL_IMPACT}),
        ("someone hits a wooden desk with a drumstick", {Subcategory.OBJECT_IMPACT}),
        ("a drumstick hits a metal rail", {Subcategory.METAL_IMPACT}),
        ("boots walking on a dirt path", {Subcategory.HUMAN_STEPS}),
        ("a small dog barks", {Subcategory.ANIMAL_VOICE}),
        ("a train passes by", {Subcategory.VEHICLE}),
        ("a rally car drives past on gravel", {Subcategory.VEHICLE}),
        ("a car drives along a dirt road", {Subcategory.VEHICLE}),
        ("a person walks through a room", {Subcategory.HUMAN_STEPS, Subcategory.AMBIENCE}),
    ],
)
def test_a_description_calls_for_its_sounds_once(called, text, kinds):
    found = called(text)
    assert {call.card.subcategory for call in found} == kinds
    assert len(found) == len(kinds)


def test_speech_and_negation_call_for_nothing(called):
    assert called('She whispers: "Listen, thunder!" There is no rain.') == ()


def test_words_belong_to_the_sound_that_they_stand_with(called):
    steps, door = called("Boots walk on gravel, then a heavy wooden door slams.")
    assert performance(steps, Space.STREET).surface == "gravel"
    assert performance(steps, Space.STREET).variant == "boots"
    assert performance(door, Space.STREET).material == "wood"
    assert door.is_once
    assert not steps.is_once


def test_a_surface_that_nobody_named_is_the_usual_one_of_the_space(called):
    (steps,) = called("a person walks")
    assert performance(steps, Space.OPEN_FIELD).surface == "dirt"
    assert performance(steps, Space.SMALL_ROOM).surface == "wood"


@pytest.mark.parametrize(
    ("text", "off_screen"),
    [
        ("In the distance, a dog barks.", True),
        ("A dog barks outside.", True),
        ("A dog barks.", False),
        ("A man walks outside.", False),
        ("Birds sing.", True),
    ],
)
def test_what_is_out_of_sight(called, text, off_screen):
    (call,) = called(text)
    assert call.is_off_screen is off_screen


def test_the_same_sound_told_twice_is_one_call_and_two_pairs_of_shoes_are_two(called):
    assert len(called("Boots walk on gravel. He walks on.")) == 1
    both = called("Heavy boots walk on gravel. High heels click on the stone.")
    assert [call.action for call in both] == [Action.STEPS, Action.STEPS]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Someone knocks three times at the door.", 3),
        ("A dog barks twice.", 2),
        ("Two gunshots.", 2),
        ("Two men walk.", None),
        ("A hammer hits two anvils.", None),
    ],
)
def test_counts_are_kept(called, text, times):
    (call,) = called(text)
    assert call.times == times


@pytest.mark.parametrize(
    ("text", "plural"),
    [
        ("a person walks", False),
        ("boots walking on gravel", False),
        ("two men walk", True),
        ("cars on a road", True),
        ("a car passes", False),
    ],
)
def test_several_makers_are_told_from_verbs_and_pairs_of_shoes(called, text, plural):
    (call,) = called(text)
    assert call.is_plural is plural


def test_a_wrapped_line_is_one_sentence(knowledge, walk, told):
    (call,) = calls(passages(told(walk, "boots walk\non gravel")), knowledge)
    assert "gravel" in call.scope


def test_sounding_verbs_belong_to_their_subject(called):
    (keys,) = called("His keys rattle.")
    assert keys.card.subcategory is Subcategory.HANDLING


def test_off_screen_in_script_shorthand_is_understood(knowledge, walk):
    element = Element(kind=ElementKind.ACTION, text="A dog barks (O.S.)", line=4)
    brief = Brief(observation=walk, scene=ScriptScene(elements=(element,)))
    (call,) = calls(passages(brief), knowledge)
    assert call.is_off_screen


def test_a_whole_novel_is_read_in_bounds(walk, told):
    found = passages(told(walk, "Rain. " * 10_000))
    assert sum(len(passage.text) for passage in found) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("heading", "text", "space"),
    [
        ("INT. CHURCH - DAY", "Boots walk in the snow outside.", Space.CHURCH),
        ("EXT. STREET - NIGHT", "He looks at the kitchen window.", Space.STREET),
        ("INT. - DAY", "Somebody waits.", Space.LIVING_ROOM),
        ("EXT. - DAY", "Somebody waits.", Space.OPEN_FIELD),
    ],
)
def test_the_heading_sets_the_space(walk, scene, heading, text, space):
    assert space_of(Brief(observation=walk, scene=scene(heading, text)), ()) is space


def test_an_indoor_hall_is_a_hall(walk, told):
    brief = told(walk, "a tennis player practises serves in an indoor hall")
    assert space_of(brief, ()) is Space.HALL


def test_tone_follows_words_and_light(walk, told, observe):
    fear = tone_of(told(walk, "A terrified man flees."))
    joy = tone_of(told(walk, "Children dance, happy."))
    assert fear.valence < -0.3 < 0.3 < joy.valence
    assert fear.arousal > 0.7
    assert "terrified" in fear.words
    dark, light = (tone_of(told(observe(brightness=b), "x")) for b in (0.05, 0.9))
    assert dark.valence < light.valence


def seen_as(observation, **beliefs):
    """The observation whose shots show traits of a place."""
    traits = {PlaceTrait(name): belief for name, belief in beliefs.items()}
    shots = tuple(shot.model_copy(update={"place": traits}) for shot in observation.shots)
    return observation.model_copy(update={"shots": shots})


@pytest.mark.parametrize(
    ("words", "traits", "space"),
    [
        ("a man walks", {}, Space.UNKNOWN),
        ("a man walks", {"outdoors": 0.6}, Space.UNKNOWN),
        ("a man walks", {"outdoors": 0.9}, Space.OPEN_FIELD),
        ("a man walks", {"outdoors": 0.5, "sky": 0.9}, Space.OPEN_FIELD),
        ("a man walks", {"outdoors": 0.9, "green": 0.9, "sky": 0.1}, Space.FOREST),
        ("a man walks", {"outdoors": 0.1}, Space.LIVING_ROOM),
        ("a man walks past a house in the street", {"outdoors": 0.9}, Space.STREET),
        ("a man walks in a kitchen", {"outdoors": 0.9}, Space.KITCHEN),
    ],
)
def test_frames_say_where_it_plays_if_words_do_not(walk, told, words, traits, space):
    assert space_of(told(seen_as(walk, **traits), words), ()) is space


def test_a_place_that_nobody_names_is_dry_and_said_to_be(scribe, walk, told):
    text = scribe.propose(told(walk, "boots walking"), None, ())
    assert text.space is Space.UNKNOWN
    assert any("kept dry" in point for point in text.open_points)


@pytest.mark.parametrize(
    ("text", "times", "makers"),
    [
        ("Two hammers strike blocks.", None, 2),
        ("Two men hammer on an anvil.", None, 2),
        ("Two dogs bark.", None, 2),
        ("Two rubber balls bounce.", None, 2),
        ("A ball bounces three times.", 3, 1),
        ("Three knocks at the door.", 3, 1),
        ("Two pistol shots.", 2, 1),
        ("He hits two nails with a hammer.", None, 1),
    ],
)
def test_a_number_counts_makers_or_sounds(called, text, times, makers):
    (call,) = called(text)
    assert (call.times, call.makers) == (times, makers)
