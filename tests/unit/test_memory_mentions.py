import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foley_designer.core.card import Card
from foley_designer.core.category import Subcategory
from foley_designer.core.script.performance import Layer
from foley_designer.memory.knowledge_base import Knowledge
from foley_designer.memory.mentions import TriggerIndex


def card(card_id: str, *triggers: str) -> Card:
    return Card(
        id=card_id,
        title=card_id,
        subcategory=Subcategory.OBJECT_IMPACT,
        layer=Layer.FOREGROUND,
        triggers=triggers,
        body="How it is performed, in a sentence that is long enough.",
    )


CARDS = (
    card("own", "knock"),
    card("steps", "walk", "step", "not walking stick"),
    card("gravel", "walk ... gravel"),
    card("open", "open door"),
    card("slam", "door slam"),
    card("train", "a train"),
    card("rain", "rain", "heavy rain"),
    card("thunder", "thunder"),
    card("slap", "hit her"),
    card("other", "knock"),
)
INDEX = TriggerIndex(CARDS)
KNOWLEDGE = Knowledge(CARDS)


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.card_id, mention.words) for mention in INDEX.match(text)]


def test_mentions_come_in_text_order_with_their_place() -> None:
    text = "Thunder. He walked on, then the DOORS slammed."
    mentions = INDEX.match(text)
    assert [mention.card_id for mention in mentions] == ["thunder", "steps", "slam"]
    assert all(text[mention.start : mention.end] == mention.words for mention in mentions)


def test_determiners_may_stand_in_a_phrase() -> None:
    assert found("She opens his door.") == [("open", "opens his door")]
    assert found("She opens the wooden door.") == []


def test_a_gap_lets_up_to_four_words_in() -> None:
    assert found("He walks slowly along the cold wet gravel.") == [
        ("gravel", "walks slowly along the cold wet gravel")
    ]
    assert found("He walks very slowly along the cold wet gravel.") == [("steps", "walks")]
    assert found("He walks. The gravel is wet.") == [("steps", "walks")]


def test_the_longest_trigger_wins_and_mentions_do_not_overlap() -> None:
    assert found("heavy rain") == [("rain", "heavy rain")]
    mentions = INDEX.match("She opens the door, door slams, walks on gravel in heavy rain")
    assert all(left.end <= right.start for left, right in itertools.pairwise(mentions))


def test_the_earlier_card_wins_a_shared_trigger() -> None:
    assert found("He knocks.") == [("own", "knocks")]


def test_an_article_makes_a_noun() -> None:
    assert found("Two trains pass.") == [("train", "trains")]
    assert found("He is training.") == []


def test_a_pronoun_at_the_end_is_meant() -> None:
    assert found("He hits her.") == [("slap", "hits her")]
    assert found("He hits the wall.") == []


def test_exceptions_are_silent() -> None:
    assert found("He takes his walking stick and walks.") == [("steps", "walks")]


@pytest.mark.parametrize(
    "text",
    [
        "No rain.",
        "There is no heavy rain",
        "without thunder",
        "It isn't raining.",
        "It isn’t raining.",
        "no wind or rain",
        "He never walks",
        "without the sound of thunder",
    ],
)
def test_negated_mentions_are_left_out(text: str) -> None:
    assert KNOWLEDGE.match(text) == ()


@pytest.mark.parametrize(
    "text",
    ["No cars, rain falls.", "Nothing moves; rain.", "no sound but rain", "No dog and rain"],
)
def test_negation_ends_with_its_clause(text: str) -> None:
    assert [mention.card_id for mention in KNOWLEDGE.match(text)] == ["rain"]


@given(st.text(alphabet="walkinge door.,…’'é\n\t-—", max_size=80))
def test_any_text_can_be_matched(text: str) -> None:
    mentions = INDEX.match(text)
    assert all(text[mention.start : mention.end] == mention.words for mention in mentions)
    assert mentions == INDEX.match(text)
