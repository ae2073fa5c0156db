"""What words ask for: negations and mentions, verbs with their instruments, every row by name."""

import pytest

from benchmarks.words.words import called, is_right, names_of, sentences
from foley_designer.core.sounds.table import sounds
from foley_designer.memory.knowledge_base import Knowledge, load
from foley_designer.memory.reading.interpret import known_rows


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("polarity", 0.9),
        ("instruments", 0.9),
        ("paraphrases", 1.0),
        ("scripted", 0.9),
        ("staged-moods", 0.75),
        ("staged-acts", 0.85),
    ],
)
def test_sentences_are_read_right(name: str, share: float, knowledge: Knowledge) -> None:
    asked = list(sentences(name))
    wrong = [each.words for each in asked if not is_right(each, called(each.words, knowledge))]
    assert len(wrong) <= (1 - share) * len(asked), wrong


def test_every_row_and_variant_answers_to_its_own_name(knowledge: Knowledge) -> None:
    for row in sounds():
        found = called(row.name.replace("-", " "), knowledge)
        assert any(row.name in names_of(call) for call in found), row.name
        assert called(row.variant.replace("_", " "), knowledge), row.variant


@pytest.mark.parametrize(
    ("words", "row", "called_for"),
    [
        ("Marie goes to the window.", "footsteps", True),
        ("CLAIRE crosses slowly to the piano.", "footsteps", True),
        ("He makes for the door.", "footsteps", True),
        ("He never goes to the window.", "footsteps", False),
        ("She goes to work every day.", "footsteps", False),
        ("The lights go out.", "footsteps", False),
        ("Smoke enters the room.", "footsteps", False),
        ("She enters the code.", "footsteps", False),
        ("Shaken with sobs, she turns away.", "sobbing", True),
        ("She tries to open the door.", "door-handle", True),
        ("She does not try to open the door.", "door-handle", False),
        ("He waits at the closed door.", "door-close", False),
        ("He turns round as though a gun had been fired.", "pistol", False),
        ("The word falls like a gunshot.", "pistol", False),
        ("There is a sound like a gunshot.", "pistol", True),
    ],
)
def test_who_goes_somewhere_walks_and_what_is_compared_is_silent(
    words: str, row: str, called_for: bool, knowledge: Knowledge
) -> None:
    named = {name for call in called(words, knowledge) for name in names_of(call)}
    assert (row in named) is called_for


def test_things_fall_as_rows_of_the_table() -> None:
    assert known_rows() <= {row.name for row in sounds()}


def test_a_characters_name_is_no_sound(knowledge: Knowledge) -> None:
    assert knowledge.read("Bell waits.", ("Bell",)) == ()


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ("A dog lies on the floor and barks.", "dog"),
        ("A baby sits on the carpet, then cries.", "baby"),
        ("A cow stands in the grass and moos.", "cow"),
        ("A dog lies on the floor and never barks.", None),
        ("A dog watches the ball and a boy cries.", None),
        ("The engine idles at the lights.", "engine-idle"),
        ("A car skids to a halt.", "tyre-squeal"),
    ],
)
def test_joined_verbs_share_their_subject(
    words: str, row: str | None, knowledge: Knowledge
) -> None:
    named = {name for call in called(words, knowledge) for name in names_of(call)}
    voices = {"dog", "cow", "baby", "engine-idle", "tyre-squeal"}
    assert named & voices == ({row} if row else set())


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("A woman picks up the phone. It rings.", {"telephone"}),
        ("She opens the door and slams it behind her.", {"door-open", "door-slam"}),
        ("A man loads a rifle and fires it twice.", {"weapon-handling", "rifle"}),
        ("A girl picks up a glass and drops it.", {"glass-break"}),
        ("A man throws two plates and breaks them.", {"glass-break"}),
        ("He holds a gun but never fires it.", set()),
        ("A woman buys a bell. She likes it.", set()),
    ],
)
def test_a_pronoun_stands_for_the_thing_that_was_named(
    words: str, rows: set[str], knowledge: Knowledge
) -> None:
    named = {name for call in called(words, knowledge) for name in names_of(call)}
    assert rows <= named
    assert rows or not named


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ("A woman watches the rain.", "rain"),
        ("A man watches the sea.", "sea"),
        ("A man sees a dog.", None),
        ("A boy watches a horse.", None),
        ("A knight swings his sword through the air.", "whoosh"),
    ],
)
def test_what_is_watched_sounds_where_it_fills_the_place(
    words: str, row: str | None, knowledge: Knowledge
) -> None:
    named = {name for call in called(words, knowledge) for name in names_of(call)}
    assert row in named if row else not named


def test_what_is_denied_is_not_guessed_at(knowledge: Knowledge) -> None:
    assert called("Nobody plays the celesta.", knowledge) == ()


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("A teacher plays two congas.", None),
        ("Three church bells ring.", None),
        ("Two clocks tick on the wall.", None),
        ("She hits two cymbals.", None),
        ("Two dogs bark.", None),
        ("The dog gives two barks.", 2),
        ("Two gunshots ring out.", 2),
        ("He fires three shots.", 3),
        ("Two coughs behind the wall.", 2),
        ("Three knocks on the door.", 3),
    ],
)
def test_a_number_counts_what_happens_not_what_it_happens_to(
    words: str, times: int | None, knowledge: Knowledge
) -> None:
    assert [call.times for call in called(words, knowledge)] == [times]


@pytest.mark.parametrize(
    "words",
    [
        "In heavy boots the smith hammers at the anvil.",
        "The guard in boots leans on the gate.",
    ],
)
def test_shoes_are_heard_where_somebody_walks_in_them(words: str, knowledge: Knowledge) -> None:
    heard = {name for call in called(words, knowledge) for name in names_of(call)}
    assert "human_steps" not in heard
    heard = {name for call in called("Anna runs in boots.", knowledge) for name in names_of(call)}
    assert "boots" in heard


def test_what_a_card_excepts_is_not_guessed_at_by_likeness(knowledge: Knowledge) -> None:
    assert not called("He wipes the sweat off his brow.", knowledge)


@pytest.mark.parametrize(
    ("words", "heard", "silent"),
    [
        ("A long silence is followed by a cough.", "cough", ""),
        ("The train squeaks before it stops, then a door opens.", "squeak", ""),
        ("She opens the gate before a car horn blares.", "horn", ""),
        ("Just before the horn blares, she opens the gate.", "door", "horn"),
        ("The keys are jangled by the guard.", "keys", ""),
        ("Wine is poured into a glass.", "pour", ""),
        ("The wind is blowing and not letting up.", "wind", ""),
        ("Water rushes through the gutter.", "stream", "human_steps"),
        ("He runs a key along the comb.", "", "human_steps"),
        ("She runs the last mile on gravel.", "human_steps", ""),
        ("A boy throws three big stones into the lake.", "splash", "drop"),
        ("Snow falls into the river.", "", "splash"),
        ("Leaves are crushed under his feet.", "human_steps", "crush"),
        ("She knocks on the glass of the aquarium.", "glass-clink", "door-knock"),
        ("The music goes silent.", "", "*"),
    ],
)
def test_how_captions_and_scripts_put_it(
    words: str, heard: str, silent: str, knowledge: Knowledge
) -> None:
    named = {name for call in called(words, knowledge) for name in names_of(call)}
    assert not heard or heard in named
    assert silent not in named and not (silent == "*" and named)
