"""Words that no card knows: the card that is near in meaning, or none."""

import pytest

from foley_designer.agents.scribe.grounding import NEAR, grounded
from foley_designer.agents.scribe.passages import Passage
from foley_designer.agents.scribe.unsaid.unnamed import UNKNOWN
from foley_designer.core.category import Subcategory

KEYS = "the landlord looks through his big keyring"


def test_a_near_card_is_cited_and_said_to_be_a_guess(scribe, told, walk):
    text = scribe.propose(told(walk, KEYS), None, ())
    event = text.events[0]
    assert event.subcategory is Subcategory.HANDLING
    assert event.cards == ("handling-keys",)
    assert "nearest in meaning" in event.reason
    assert event.confidence < 0.7
    (point,) = text.open_points
    assert KEYS in point
    assert scribe.propose(told(walk, KEYS), None, ()).hash == text.hash


def test_a_known_word_leaves_nothing_to_guess(scribe, told, walk):
    text = scribe.propose(told(walk, f"Boots walk on gravel. {KEYS}"), None, ())
    assert "handling-keys" not in {card for event in text.events for card in event.cards}


@pytest.mark.parametrize(
    "words", ["He says nothing.", "She thinks about her mother.", "lorem ipsum", "—!?"]
)
def test_what_nothing_is_near_to_stays_movement(scribe, told, walk, words):
    text = scribe.propose(told(walk, words), None, ())
    assert text.open_points == (UNKNOWN,)
    assert "footsteps" in {card for event in text.events for card in event.cards}


def test_a_long_text_grounds_each_card_once(scribe):
    passage = Passage(f"{KEYS}. " * 50, "description")
    (call,) = grounded((passage,), scribe.knowledge)
    assert call.similarity is not None
    assert call.similarity >= NEAR
